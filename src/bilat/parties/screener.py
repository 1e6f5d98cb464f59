# SPDX-License-Identifier: Apache-2.0
"""The screener: listed parties indexed by name, number and address; batches of queries in, rows out."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.formats.parties.identifiers import STRONG
from bilat.parties.addresses import AddressIndex
from bilat.parties.decisions import Decision, pair_key
from bilat.parties.index import NameIndex, Party
from bilat.parties.listed import Held
from bilat.parties.matching import Matcher, NameQuery, Pairs
from bilat.parties.queries import Query
from bilat.parties.scores import TERMS, probability, weights
from bilat.places import country_or_none

#: Of the names asked, the share that is expected to be listed; probabilities are at this rate.
BASE_RATE = 0.01
#: Names are cut off in the rows after so many characters (compared are the first 400).
LONGEST_SHOWN = 500
#: Parties founded after this day are flagged.
INVASION = "2022-02-24"
COLUMNS = (
    "query_id",
    "query",
    "rank",
    "party",
    "name_matched",
    "list",
    "programme",
    "listed_on",
    "probability",
    "log_odds",
    "features",
    "identifiers",
    "flags",
    "source",
    "snapshot",
    "locator",
)


@cache
def flag_rules() -> dict[str, dict[str, str]]:
    """What each flag says and on which rule it rests (``rules.toml``)."""
    return tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text("utf-8"))["flags"]


@dataclass(frozen=True)
class Threshold:
    """Which rows come out: those of at least this probability. ``alerts`` instead: so many queries in a
    thousand.
    """

    probability: float | None = None
    alerts: float | None = None

    @staticmethod
    def of(text: str | float | None) -> Threshold:
        """From ``0.5`` (probability) or ``5/1000`` (alerts per thousand queries).

        Raises
        ------
        UsageError
            for anything else.
        """
        if text is None:
            return Threshold()
        try:
            if isinstance(text, str) and "/" in text:
                count, _, of = text.partition("/")
                share = float(count) / float(of)
                if 0 < share < 1:
                    return Threshold(alerts=share * 1000)
            elif 0 <= float(text) <= 1:
                return Threshold(probability=float(text))
        except (ValueError, ZeroDivisionError):
            pass
        raise UsageError(
            f"threshold {text!r}: write a probability (0.5) or alerts per thousand queries (5/1000)"
        )


@dataclass
class Screener:
    """Listed parties, ready to be asked. Cheap to copy to other processes; one process asks at a time.

    Parameters
    ----------
    held
        the listed parties.
    base_rate
        share of the names asked that is expected to be listed.
    high_priority
        HS6 codes of the common high priority list, for the flag.
    """

    held: list[Held]
    base_rate: float = BASE_RATE
    high_priority: frozenset[str] = frozenset()
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.base_rate < 1:
            raise UsageError(f"base rate {self.base_rate}: must lie between 0 and 1")
        self.index = NameIndex(
            Party(str(n), h.party.schema, tuple(x.text for x in h.party.names))
            for n, h in enumerate(self.held)
        )
        self.matcher = Matcher(self.index)
        self.by_number: dict[tuple[str, str], list[int]] = {}
        texts, owners = [], []
        for n, h in enumerate(self.held):
            for i in h.party.identifiers:
                self.by_number.setdefault((i.kind, i.value), []).append(n)
            for a in h.party.addresses:
                texts.append(a.text)
                owners.append(n)
        self.addresses = AddressIndex(texts, owners)
        digest = hashlib.sha256()
        for text in sorted({f"{h.source} {h.snapshot}" for h in self.held}):
            digest.update(text.encode())
        self.data_version = digest.hexdigest()

    def rows(self, queries: Sequence[Query], top: int, least: float | None = None) -> list[dict[str, Any]]:
        """Rows of the best ``top`` parties per query, in the order of the queries, best first.

        ``least`` is the least log-odds (at even prior odds) of a row; rows found by number or address always
        come.
        """
        pairs = self.matcher.pairs([NameQuery(q.name, q.schema) for q in queries])
        # Of each query the best few; three times as many as asked, for parties that stand on several lists.
        by_query: list[list[tuple[float, int, int]]] = [[] for _ in queries]  # (log-odds, party, pair)
        best = pairs.best_per_party()
        if len(best):
            of = pairs.query[best]
            place = np.arange(len(best)) - np.searchsorted(of, of)
            keep = best[place < 3 * top]
            if least is not None:
                keep = keep[pairs.log_odds[keep] >= least]
            for q, lo, p, n in zip(
                pairs.query[keep].tolist(),
                pairs.log_odds[keep].tolist(),
                pairs.party[keep].tolist(),
                keep.tolist(),
                strict=True,
            ):
                by_query[q].append((lo, p, n))
        numbered = [self._numbered(q) for q in queries]
        placed = self.addresses.look_up([q.address for q in queries])
        places_of = [{self.addresses.owner[h.address]: h for h in reversed(found)} for found in placed]
        shared = _shared(queries)
        pair_at = self._pairs_of(pairs, numbered, best) if any(numbered) else {}
        picked: list[tuple[int, int, int, float, int]] = []  # query, rank, party, log-odds, pair
        for n in range(len(queries)):
            chosen = {p: (lo, at) for lo, p, at in by_query[n]}
            for p in numbered[n]:
                if p not in chosen:
                    at = pair_at.get((n, p))
                    chosen[p] = (float(pairs.log_odds[at]), at) if at is not None else (-np.inf, -1)
            places = places_of[n]
            for p in places:
                chosen.setdefault(p, (-np.inf, -1))
            ranked = sorted(
                chosen.items(),
                key=lambda item: (
                    item[0] not in numbered[n],
                    -item[1][0],
                    self.held[item[0]].party.id,
                    item[0],
                ),
            )
            # A party that stands in two of the lists asked comes once, by its better row.
            once: dict[str, tuple[int, tuple[float, int]]] = {}
            for p, scored in ranked:
                once.setdefault(self.held[p].party.id, (p, scored))
            best_of = list(once.values())[: max(top, len(numbered[n]))]
            picked += [(n, rank, p, lo, at) for rank, (p, (lo, at)) in enumerate(best_of, 1)]
        at_all = np.asarray([at for *_, at in picked if at >= 0], dtype=np.int64)
        terms: Iterator[list[float]] = iter(())
        if len(at_all):
            terms = iter(weights().terms(pairs.features[at_all], pairs.person[at_all]).round(3).tolist())
        out: list[dict[str, Any]] = []
        for n, rank, p, lo, at in picked:
            features = {k: v for k, v in zip(TERMS, next(terms), strict=True) if v} if at >= 0 else {}
            matched = self.index.names[int(pairs.form[at])] if at >= 0 else None
            hit = places_of[n].get(p)
            out.append(self._row(queries[n], rank, p, lo, matched, features, numbered[n], hit, shared))
        return out

    def _numbered(self, query: Query) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for i in query.identifiers:
            for p in self.by_number.get((i.kind, i.value), ()):
                found.setdefault(p, []).append(f"{i.kind}:{i.value}")
            if i.kind not in STRONG:
                # A bare number of unknown kind may stand in a list under another label.
                for kind in ("passport", "registration", "tax", "national", "other"):
                    if kind != i.kind and len(i.value) >= 7:
                        for p in self.by_number.get((kind, i.value), ()):
                            found.setdefault(p, []).append(f"{kind}:{i.value}")
        return found

    def _pairs_of(
        self, pairs: Pairs, numbered: list[dict[int, list[str]]], best: np.ndarray
    ) -> dict[tuple[int, int], int]:
        wanted = {(n, p) for n, found in enumerate(numbered) for p in found}
        return {
            key: at for at in best.tolist() if (key := (int(pairs.query[at]), int(pairs.party[at]))) in wanted
        }

    def _row(
        self,
        query: Query,
        rank: int,
        p: int,
        log_odds: float,
        matched: str | None,
        features: dict[str, float],
        numbered: dict[int, list[str]],
        place: Any,
        shared: set[str],
    ) -> dict[str, Any]:
        held = self.held[p]
        party = held.party
        named = matched is not None
        flags = self._flags(query, held, place, shared, p in numbered, named and log_odds > 0)
        decision = self.decisions.get(pair_key(query.name, party.id)) if self.decisions else None
        if decision is not None:
            flags.append(
                {
                    "flag": "decided",
                    "says": f"{decision.who} decided {decision.verdict} on {decision.when[:10]}: "
                    f"{decision.reason}",
                    "rule": "earlier decision"
                    + ("" if decision.snapshot == held.snapshot else ", on another edition"),
                    "url": "",
                    "verdict": decision.verdict,
                }
            )
        chance = float(probability(np.asarray(log_odds), self.base_rate)) if named else None
        return {
            "query_id": query.id,
            "query": query.name if len(query.name) <= LONGEST_SHOWN else query.name[:LONGEST_SHOWN] + "…",
            "rank": rank,
            "party": party.id,
            "name_matched": matched if matched is not None else party.name,
            "list": "; ".join(dict.fromkeys(e.list for e in party.listings)),
            "programme": "; ".join(dict.fromkeys(e.programme for e in party.listings if e.programme)),
            "listed_on": min((e.listed_on for e in party.listings if e.listed_on), default=""),
            "probability": None if chance is None else round(chance, 6),
            "log_odds": round(log_odds, 4) if named else None,
            "features": features,
            "identifiers": numbered.get(p, []),
            "flags": flags,
            "source": held.source,
            "snapshot": held.snapshot,
            "locator": party.locator,
        }

    def _flags(
        self, query: Query, held: Held, place: Any, shared: set[str], numbered: bool, names_agree: bool
    ) -> list[dict[str, str]]:
        found: list[tuple[str, str]] = []
        party = held.party
        if numbered:
            found.append(("identifier", ""))
        elif names_agree and query.identifiers:
            theirs = {i.kind: i.value for i in party.identifiers if i.kind in STRONG}
            other = [i for i in query.identifiers if i.kind in theirs and theirs[i.kind] != i.value]
            if other:
                found.append(
                    (
                        "identifier_conflict",
                        f"{other[0].kind} {other[0].value}, listed {theirs[other[0].kind]}",
                    )
                )
        if place is not None:
            kind = "listed_address" if _address_only(party) else "address_of_listed"
            found.append((kind, f"{self.addresses.text[place.address]} (agreement {place.agreement:.2f})"))
        if query.address and _address_key(query.address) in shared:
            found.append(("shared_address", query.address[:80]))
        if query.hs6 and query.hs6.replace(".", "")[:6] in self.high_priority:
            found.append(("high_priority_goods", query.hs6))
        founded = query.incorporated or party.incorporated
        if founded[:10] > INVASION and len(founded) >= 10 and founded[:4].isdigit():
            found.append(("founded_after_invasion", founded[:10]))
        if query.country and names_agree:
            asked = country_or_none(query.country)
            theirs_c = {
                country_or_none(c) for c in (*party.countries, *(a.country for a in party.addresses)) if c
            }
            if asked and theirs_c - {None} and asked not in theirs_c:
                found.append(
                    ("country_differs", f"{asked}, listed {', '.join(sorted(c for c in theirs_c if c))}")
                )
        rules = flag_rules()
        return [
            {
                "flag": name,
                "says": rules[name]["says"] + (f": {detail}" if detail else ""),
                "rule": rules[name]["rule"],
                "url": rules[name]["url"],
            }
            for name, detail in found
        ]

    def top_log_odds(self, queries: Sequence[Query]) -> np.ndarray:
        """Best log-odds per query (minus infinity where nothing resembles it), for a threshold by alerts."""
        pairs = self.matcher.pairs([NameQuery(q.name, q.schema) for q in queries])
        out = np.full(len(queries), -np.inf)
        if len(pairs.query):
            np.maximum.at(out, pairs.query, pairs.log_odds)
        return out


def _address_only(party: Any) -> bool:
    """An entry of the Entity List that names an address and no party."""
    name = party.name.strip().lower()
    return name.startswith("address ") or any(
        a.text and a.text.lower().startswith(name) for a in party.addresses
    )


def _address_key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _shared(queries: Iterable[Query]) -> set[str]:
    """Addresses under which at least three different names stand in the batch."""
    names: dict[str, set[str]] = {}
    for q in queries:
        key = _address_key(q.address)
        if len(key) > 12:
            names.setdefault(key, set()).add(q.name.casefold().strip())
    return {key for key, found in names.items() if len(found) >= 3}
