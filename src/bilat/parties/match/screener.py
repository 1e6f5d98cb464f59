# SPDX-License-Identifier: Apache-2.0
"""The screener: listed parties, each once, indexed by name, number and address; queries in, rows out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from bilat.errors import DataError, UsageError
from bilat.formats.parties.identifiers import STRONG, is_imo
from bilat.parties.lists.joined import joined
from bilat.parties.lists.listed import ListEntry
from bilat.parties.lists.records import NAMELESS, record_of, tie
from bilat.parties.match.addresses import AddressHit, AddressIndex
from bilat.parties.match.background import MANY_FIRMS, MANY_PEOPLE, firms, people
from bilat.parties.match.chance import BANDS, BESIDE, CANDIDATES, SCORE, chance, top
from bilat.parties.match.evidence import Weighed, weigh
from bilat.parties.match.index import PERSON, UNKNOWN, NameIndex, Party
from bilat.parties.match.matching import BATCH, Matcher, NameQuery, Pairs
from bilat.parties.match.parameters import parameter
from bilat.parties.match.readings import Reading
from bilat.parties.match.scores import TERMS, weights
from bilat.parties.match.states import state_of
from bilat.parties.names.apart import taken_apart
from bilat.parties.names.forms import listed_forms
from bilat.parties.run.queries import Query, bare_numbers, numbers_of
from bilat.parties.run.quiet import no_collection

#: Of the names asked, the share that is expected to be listed; probabilities are at this rate.
BASE_RATE = 0.01
#: A bare number of unknown kind may stand in a list under any of these labels.
_UNTOLD = ("passport", "registration", "tax", "national", "other")
#: Chance beforehand that a party found by its number alone is the one asked for, as a share of the base rate.
_UNNAMED = 1e-3
#: The greatest probability of a party whose full date of birth is another one: the upper end of ``possible``.
_CONTRADICTED = dict(BANDS)["likely"] - 1e-3


#: Log-odds below which the nearest listed name is taken for another's, which spares the dear part of the comparison.
FAR = -7.0
_Entry = tuple[float, int, int]  # score, party, pair


@dataclass
class Candidate:
    """A listed party that may be the one asked for."""

    party: int  # number in the screener
    odds: float  # of being the one, before what is known beside the name
    score: float | None  # log-odds of the names' agreement; None: found by number or address
    pair: int = -1  # best pair, -1 for none
    numbers: list[str] = field(default_factory=list)
    place: AddressHit | None = None
    weighed: list[Weighed] = field(default_factory=list)
    probability: float | None = None
    as_listed: bool = False  # the query is a name of the party as a list writes it
    elsewhere: str = ""  # a number of the query that is another listed party's, and whose
    pool: int = 0  # candidates that one name speaks of share its chance: 0 the name, 1 a number, from 2 on other pieces
    own_listed: float | None = None  # of the likeliest party of another piece: that the piece is listed

    @property
    def most(self) -> float:
        """The greatest probability that it may have: no more than possible where the birth is another person's."""
        contradicted = not self.numbers and any(w.contradicts for w in self.weighed)
        return _CONTRADICTED if contradicted else 1.0


@dataclass(frozen=True, slots=True)
class _Named:
    """Parties that one name of the field may be: its chance of being listed, and who shares it."""

    listed: float  # log-odds at even prior odds
    kind: int
    entries: list[_Entry]
    whole: bool  # the best pair agrees in every word


@dataclass
class Found:
    """What was found of one query: its chance of being listed, and the candidates, the likeliest first."""

    query: Query
    listed: float
    candidates: list[Candidate]

    @property
    def several(self) -> bool:
        """Whether the query names two parties: one by its name, another by its number or by another piece."""
        return any(c.elsewhere or c.pool for c in self.candidates)


class _Records(Sequence[Any]):
    """Records one after another in one piece of memory, cut out as they are asked for."""

    def __init__(self, raw: memoryview, ends: np.ndarray) -> None:
        self.raw = raw
        self.ends = ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, n: Any) -> memoryview:
        if not 0 <= n < len(self.ends):
            raise IndexError(n)
        return self.raw[int(self.ends[n - 1]) if n else 0 : int(self.ends[n])]


class Screener:
    """Listed parties, ready to be asked; one process asks at a time.

    Parameters
    ----------
    held
        the entries of the lists.
    base_rate
        share of the names asked that is expected to be listed.
    """

    def __init__(self, listings: Sequence[ListEntry], base_rate: float = BASE_RATE) -> None:
        with no_collection():
            self._make(listings)
        listed_forms.cache_clear()
        self._ready(base_rate)

    def _make(self, listings: Sequence[ListEntry]) -> None:
        parties = joined(listings)
        records = [record_of(p) for p in parties]
        tie(records)
        self.blobs: Sequence[Any] = [
            json.dumps(r, ensure_ascii=False, separators=(",", ":")).encode() for r in records
        ]
        self.index = NameIndex(
            (
                Party(str(n), r["schema"], tuple(name for name, kind, _ in r["names"] if kind != NAMELESS))
                for n, r in enumerate(records)
            ),
        )
        numbers: dict[str, list[int]] = {}
        texts, owners = [], []
        for n, r in enumerate(records):
            for i in r["identifiers"]:
                numbers.setdefault(i, []).append(n)
            for text, _ in r["addresses"]:
                texts.append(text)
                owners.append(n)
        self.numbers = numbers
        self.addresses = AddressIndex(texts, owners)
        digest = hashlib.sha256()
        for text in sorted({f"{h.source} {h.snapshot}" for h in listings}):
            digest.update(text.encode())
        self.data_version = digest.hexdigest()

    def _ready(self, base_rate: float) -> None:
        if not 0 < base_rate < 1:
            raise UsageError(f"base rate {base_rate}: must lie between 0 and 1")
        self.base_rate = base_rate
        self.matcher = Matcher(self.index)
        self.record = lru_cache(maxsize=20_000)(self._record)

    def _record(self, party: int) -> dict[str, Any]:
        return json.loads(bytes(self.blobs[party]))

    def __len__(self) -> int:
        return len(self.blobs)

    def by_id(self, party: str) -> dict[str, Any]:
        """The record of a listed party, by any of its publishers' ids.

        Raises
        ------
        DataError
            for an id that no list used has.
        """
        mark = json.dumps(party, ensure_ascii=False).encode()
        for n, blob in enumerate(self.blobs):
            if mark in bytes(blob) and party in self.record(n)["ids"]:
                return self.record(n)
        raise DataError(f"party {party!r} is on none of the lists used; write the id as the row has it")

    def __getstate__(self) -> dict[str, Any]:
        kept = self.kept()
        return {"kept": kept, "base_rate": self.base_rate}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ = Screener.from_kept(state["kept"], state["base_rate"]).__dict__

    def kept(self) -> dict[str, Any]:
        """Everything that an index file must keep."""
        out = {f"names/{k}": v for k, v in self.index.kept().items()}
        out |= {f"addresses/{k}": v for k, v in self.addresses.kept().items()}
        sizes = np.asarray([len(b) for b in self.blobs], dtype=np.int64)
        out["records"] = np.frombuffer(b"".join(self.blobs), dtype=np.uint8)
        out["record_ends"] = np.cumsum(sizes)
        out["numbers"] = list(self.numbers)
        out["number_of"] = np.asarray([p for v in self.numbers.values() for p in v], dtype=np.int64)
        out["number_ends"] = np.cumsum([len(v) for v in self.numbers.values()], dtype=np.int64)
        out["data_version"] = [self.data_version]
        return out

    @classmethod
    def from_kept(cls, stored: dict[str, Any], base_rate: float = BASE_RATE) -> Screener:
        """The screener out of what an index file kept."""
        new = cls.__new__(cls)

        def of(room: str) -> dict[str, Any]:
            return {k.partition("/")[2]: v for k, v in stored.items() if k.startswith(room + "/")}

        new.index = NameIndex.from_kept(of("names"))
        new.addresses = AddressIndex.from_kept(of("addresses"))
        new.blobs = _Records(memoryview(stored["records"]), stored["record_ends"])
        ends = stored["number_ends"].tolist()
        owners = stored["number_of"].tolist()
        new.numbers = {
            key: owners[a:b] for key, a, b in zip(stored["numbers"], [0, *ends][:-1], ends, strict=True)
        }
        new.data_version = stored["data_version"][0]
        new._ready(base_rate)
        return new

    # -- asking ----------------------------------------------------------------------------------

    def find(self, queries: Sequence[Query], *, every: bool = True) -> tuple[list[Found], Pairs]:
        """What is found of each query, in order, and the pairs that the candidates speak of.

        Unless ``every``, names that are far from all listed ones (:data:`FAR`) have no candidates by their name.
        """
        queries = [enriched(q, self.numbers) for q in queries]
        pairs = self.matcher.pairs([NameQuery(q.name, q.schema) for q in queries], every=every)
        named: list[list[_Entry]] = [[] for _ in queries]
        best = pairs.best_per_party()
        if len(best):
            of = pairs.query[best]
            place = np.arange(len(best)) - np.searchsorted(of, of)
            kept = place < CANDIDATES
            if not every:
                nearest = np.full(len(queries), -np.inf)
                np.maximum.at(nearest, of, pairs.log_odds[best])
                kept &= nearest[of] >= FAR
            keep = best[kept]
            for q, score, party, at in zip(
                pairs.query[keep].tolist(),
                pairs.log_odds[keep].tolist(),
                pairs.party[keep].tolist(),
                keep.tolist(),
                strict=True,
            ):
                named[q].append((score, party, at))
        names = self._names(queries, named, pairs)
        placed = self.addresses.look_up([q.address for q in queries])
        out = []
        same = pairs.as_listed(self.index) if len(pairs.query) else set()
        for n, query in enumerate(queries):
            out.append(self._found(query, names[n], placed[n]))
            for c in out[n].candidates:
                c.as_listed = c.as_listed or (n, c.party) in same
        return out, pairs

    def _names(self, queries: Sequence[Query], named: list[list[_Entry]], pairs: Pairs) -> list[list[_Named]]:
        """The names that each query holds: the field's best one, and other pieces of it that are likely listed too, or
        are, whole, a listed name beside one that is likely listed.
        """
        asked = [(n, entries) for n, entries in enumerate(named) if entries]
        asked += [(n, other) for n, entries in enumerate(named) for other in _other_pieces(entries, pairs)]
        out: list[list[_Named]] = [[] for _ in queries]
        if not asked:
            return out
        lowest = SCORE[0] - 4
        best = np.asarray([entries[0][0] for _, entries in asked])
        second = np.asarray([entries[1][0] if len(entries) > 1 else lowest for _, entries in asked])
        at = np.asarray([entries[0][2] for _, entries in asked])
        states = [state_of(queries[n].country or queries[n].nationality) or "" for n, _ in asked]
        of = top(self.index, pairs, at, best, second, states)
        listed = chance().listed(of)
        for n in np.flatnonzero(listed > 0).tolist():
            form = pairs.reading[int(at[n])].form
            if not form.legal:  # whatever a list says of its kind: some say nothing
                listed[n] = min(listed[n], self._namesakes(form.tokens))
        even = np.log((1 - self.base_rate) / self.base_rate)
        whole = of.features[:, BESIDE.index("identical")] > 0
        for (n, entries), kind, value, same in zip(
            asked, of.of.tolist(), listed.tolist(), whole.tolist(), strict=True
        ):
            beside = same and not _of_many(pairs.reading[entries[0][2]])  # a town is no second name
            if not out[n] or value >= even or (beside and (out[n][0].listed >= even or out[n][0].whole)):
                out[n].append(_Named(value, kind, entries, same))
        for names in out:
            if len(names) > 1:
                beside = {e for other in names[1:] for e in other.entries}
                names[0] = replace(names[0], entries=[e for e in names[0].entries if e not in beside])
        return out

    def _namesakes(self, words: Sequence[str]) -> float:
        """The greatest log-odds, at even prior odds, that a name of many people is the listed one's: how often one of
        the listed people bears it against how often anybody does.
        """
        count = people().bearers(words)
        persons = int(np.isin(self.index.party_class, (PERSON, UNKNOWN)).sum())
        everybody = sum(z.people for z in people().zones.values())
        return float(np.log(everybody / (count * persons))) if count >= MANY_PEOPLE and persons else np.inf

    def _found(self, query: Query, names: list[_Named], placed: list[AddressHit]) -> Found:
        prior = self.base_rate / (1 - self.base_rate)
        candidates: dict[int, Candidate] = {}
        rest: dict[int, float] = {
            0: 0.0,
            1: 0.0,
        }  # odds of a listed party that is none of the candidates, per pool
        for n, of in enumerate(names):
            pool = n + 1 if n else 0
            odds = prior * float(np.exp(min(of.listed, 40.0)))
            shares = chance().shares(of.kind, np.asarray([s for s, *_ in of.entries]))
            rest[pool] = odds * max(1 - float(shares.sum()), 0.0)
            for (score, party, at), share in zip(of.entries, shares.tolist(), strict=True):
                candidates[party] = Candidate(party, odds * share, score, at, pool=pool)
        for party, numbers in self._numbered(query).items():
            strong = any(x.split(":", 1)[0] in STRONG for x in numbers)
            least = prior if strong else prior * _UNNAMED
            c = candidates.setdefault(party, Candidate(party, least, None))
            c.numbers = numbers
            c.odds = max(c.odds, least) * parameter("number_strong" if strong else "number_weak")
        for hit in reversed(placed):
            party = self.addresses.owner[hit.address]
            c = candidates.setdefault(party, Candidate(party, 0.0, None))
            c.place = hit
            if c.score is not None and c.score > 0:
                c.odds *= parameter("address_hit")
        for party in self._named_apart(candidates):
            candidates[party].pool = 1
        apart = any(c.pool == 1 for c in candidates.values())
        if query.born or query.country or query.nationality or query.place or query.identifiers:
            for c in candidates.values():
                c.weighed = weigh(query, self.record(c.party))
                for w in c.weighed:
                    if not (w.what == "number" and (c.numbers or apart)):
                        c.odds *= w.factor
        totals = {pool: 1 + more for pool, more in rest.items()}
        for c in candidates.values():
            totals[c.pool] += c.odds
        for c in candidates.values():
            by_address = c.place is not None and c.score is None and not c.numbers
            c.probability = None if by_address else min(c.odds / totals[c.pool], c.most)
        ranked = sorted(
            candidates.values(),
            key=lambda c: (-(c.probability if c.probability is not None else -1.0), c.party),
        )
        for n, of in enumerate(names if len(names) > 1 else ()):
            pool = n + 1 if n else 0
            first = next((c for c in ranked if c.pool == pool), None)
            if first is not None:
                first.own_listed = min(1 - 1 / totals[pool], first.most)
                first.as_listed = bool(n) and of.whole
        listed = 1 - 1 / float(np.prod(list(totals.values())))
        return Found(query, min(listed, ranked[0].most) if ranked else listed, ranked)

    def _named_apart(self, candidates: dict[int, Candidate]) -> frozenset[int]:
        """Parties whose number stands in the query while its name is another listed party's: two parties are named.

        Each of the two is then judged by what speaks of it, and neither takes the other's chance.
        """
        agrees = [c for c in candidates.values() if c.score is not None and c.score > 0 and not c.numbers]
        other = [
            c for c in candidates.values()
            if any(x.split(":", 1)[0] in STRONG for x in c.numbers) and (c.score is None or c.score <= 0)
        ]  # fmt: skip
        if not agrees or not other:
            return frozenset()
        for c in agrees:
            c.elsewhere = "; ".join(
                f"{x} of {self.record(o.party)['name']}" for o in other for x in o.numbers
            )
        return frozenset(c.party for c in other)

    def _numbered(self, query: Query) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for i in query.identifiers:
            kinds = [i.kind]
            if i.kind not in STRONG and len(i.value) >= 7:
                kinds += [k for k in _UNTOLD if k != i.kind] + (["imo"] if is_imo(i.value) else [])
            for kind in kinds:
                for p in self.numbers.get(f"{kind}:{i.value}", ()):
                    found.setdefault(p, []).append(f"{kind}:{i.value}")
        return found

    def each(self, pairs: Pairs, at: Sequence[int]) -> np.ndarray:
        """The chance that a name is listed if each of these pairs alone speaks for it."""
        rows = np.asarray(at, dtype=np.int64)
        score = pairs.log_odds[rows]
        value = chance().listed(top(self.index, pairs, rows, score, score))
        value += np.log(self.base_rate / (1 - self.base_rate))
        return 1 / (1 + np.exp(-value))

    @staticmethod
    def terms(pairs: Pairs, at: Sequence[int]) -> Iterator[dict[str, float]]:
        """What each pair's score is made of, for several pairs."""
        if not at:
            return
        rows = np.asarray(at, dtype=np.int64)
        table = weights().terms(pairs.features[rows], pairs.person[rows]).round(3).tolist()
        for values, cost in zip(table, pairs.cost[rows].tolist(), strict=True):
            terms = {k: v for k, v in zip(TERMS, values, strict=True) if v}
            if cost:
                terms["piece"] = round(-cost, 3)
            yield terms

    def tops_of(self, queries: Sequence[Query]) -> np.ndarray:
        """The chance of each query to be listed, for a threshold by alerts and for the share of a file."""
        batches = (queries[n : n + BATCH] for n in range(0, len(queries), BATCH))
        return np.asarray([f.listed for batch in batches for f in self.find(batch)[0]])


def _other_pieces(entries: list[_Entry], pairs: Pairs) -> list[list[_Entry]]:
    """Candidates found by another piece of the field than the best one, piece by piece: none of the two is part of the
    other (``VTB Bank; Sberbank``).
    """
    if not entries:
        return []
    read = [pairs.reading[at] for *_, at in entries]
    pieces: dict[str, list[_Entry]] = {}
    taken = [read[0]]
    for entry, reading in zip(entries, read, strict=True):
        key = reading.text.casefold()
        if key not in pieces:
            if any(_one_piece(reading, other) for other in taken):
                continue
            taken.append(reading)
        pieces.setdefault(key, []).append(entry)
    return list(pieces.values())


def _of_many(reading: Reading) -> bool:
    """Whether a reading is a single word that many registered firms bear."""
    words = reading.form.tokens
    return len(words) == 1 and firms().bearers(words) >= MANY_FIRMS


def _one_piece(a: Reading, b: Reading) -> bool:
    """Whether two readings are of one piece of the field, or one is of a part of the other's."""
    one, two = a.text.casefold(), b.text.casefold()
    return one in two or two in one


def enriched(query: Query, listed: Container[str] = ()) -> Query:
    """The query with what its name field carries: numbers, birth, address. A word alone may be a BIC by its letters
    (``SBERBANK``): it is one where it is ``listed`` as one.
    """
    apart = taken_apart(query.name)
    bare = [i for i in bare_numbers(query.name) if i.kind != "swift" or f"swift:{i.value}" in listed]
    numbers = (*query.identifiers, *bare, *numbers_of(apart.numbers))
    if not (numbers or apart.born or apart.address):
        return query
    return replace(
        query,
        identifiers=tuple(dict.fromkeys(numbers)),
        born=query.born or apart.born,
        address=query.address or apart.address,
    )
