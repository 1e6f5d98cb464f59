# SPDX-License-Identifier: Apache-2.0
"""The screener: listed parties, each once, indexed by name, number and address; queries in, rows out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import Any, TypeVar

import numpy as np

from bilat.errors import DataError, command
from bilat.formats.parties.identifiers import STRONG, is_imo
from bilat.parties.lists.entries import ListEntry
from bilat.parties.lists.record_store import RecordStore
from bilat.parties.match.addresses import AddressHit, AddressIndex
from bilat.parties.match.background import MANY_FIRMS, MANY_PEOPLE, firms, people
from bilat.parties.match.bodies import is_body_of_any_state, states_in_name
from bilat.parties.match.chance import AGREEMENTS, BANDS, CANDIDATES, DEFAULT_BAND, PERSON_NAME
from bilat.parties.match.enrichment import enrich
from bilat.parties.match.evidence import (
    STATE,
    STATE_OF_NAME,
    Weighed,
    has_place,
    is_row_of,
    state_of_name,
    weigh,
)
from bilat.parties.match.exceptions import (
    ANOTHER_NUMBER,
    BODY_OF_ANOTHER_PLACE,
    BRANCH_OF_ANOTHER_PLACE,
    GENERIC_LEFT,
    OTHER_HAN_WORDS,
    OTHER_LETTERS,
    PLACE_AND_TRADE,
    ExceptionLog,
    ScoredPair,
    content_words,
)
from bilat.parties.match.index import PERSON, UNKNOWN, NameIndex, Party, party_class
from bilat.parties.match.initials import bodies_by_initials, is_acronym_alone
from bilat.parties.match.matcher import BATCH, FAR, Matcher, NameQuery, Pairs, no_collection
from bilat.parties.match.own_letters import OwnLetters
from bilat.parties.match.packed_texts import PackedTexts
from bilat.parties.match.pair_features import NAMES, NEAR_NAME, SHORT_NAME
from bilat.parties.match.parameters import parameter
from bilat.parties.match.prefilter import reach
from bilat.parties.match.readings import Reading
from bilat.parties.match.word_pairs import SHORT
from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.forms import listed_forms
from bilat.parties.names.legal import only_form
from bilat.parties.names.script import clean, is_latin
from bilat.parties.names.states import state_of
from bilat.parties.names.tokens import is_empty, words_of
from bilat.parties.queries.headers import MAY_BE_SHIP
from bilat.parties.queries.query import Query, bare_numbers

#: What an index file keeps under a name.
Value = TypeVar("Value")
#: Of the names asked, the share that is expected to be listed; probabilities are at this rate.
BASE_RATE = 0.01
#: A bare number of unknown kind may stand in a list under any of these labels.
_UNTOLD = ("passport", "registration", "tax", "national", "other")
#: Chance beforehand that a party found by its number alone is the one asked for, as a share of the base rate.
_UNNAMED = 1e-3
#: How names agree of which one has all words of the other.
_WHOLE = frozenset({"exact", "short"})
#: Where a place was cut off a name although it may be a word of it, and the greatest probability of
#: a party by the rest of the name: the upper ends of ``possible`` and of ``likely``.
BEFORE, BEHIND = "before", "behind"
#: The same before the acronym of a party that lists tie to no other (`Emirates NBD` is not the bank
#: NBD of Russia): the upper end of ``unlikely``.
BEFORE_ACRONYM = "before an acronym"
_CUT_OFF = {
    BEFORE_ACRONYM: dict(BANDS)["possible"] - 1e-3,
    BEFORE: dict(BANDS)["likely"] - 1e-3,
    BEHIND: dict(BANDS)["match"] - 1e-3,
}
#: The greatest probability of a party that something contradicts, by its greatest band.
_CONTRADICTED = {
    "possible": dict(BANDS)["likely"] - 1e-3,
    "unlikely": dict(BANDS)["possible"] - 1e-3,
}
#: That of a party of which a rule decided how the names agree.
_MOST_OF_RULES = {
    ANOTHER_NUMBER: _CONTRADICTED["unlikely"],
    BODY_OF_ANOTHER_PLACE: _CONTRADICTED["unlikely"],
    BRANCH_OF_ANOTHER_PLACE: _CONTRADICTED["possible"],
    OTHER_HAN_WORDS: _CONTRADICTED["possible"],
    PLACE_AND_TRADE: _CONTRADICTED["possible"],
}


#: The greatest chance of a party by the initials of its name: the upper end of ``unlikely``.
_BY_INITIALS = dict(BANDS)["possible"] - 1e-3
#: What tells two of one name apart: where it contradicts, it lowers a row and never hides it.
_TELL = frozenset({"number", "birth"})
#: How often somebody who means a party calls it by its own name, and what a name that the list
#: itself doubts, or says is a former one, counts beside an alias: both assumed.
_BY_OWN_NAME = 0.5
_DOUBTED = 0.25

_TRANSLATED = [NAMES.index(name) for name in ("meant", "edits")]
_OTHER_FORM = NAMES.index("legal_other")
#: How far below the log-odds that are needed a name that is compared may seem to stay
#: (:mod:`bilat.parties.match.prefilter`): of 796 alerts on misspelled listed names 8 are lost (7 at 7, 17 at 4.5).
MARGIN = 6.0
#: Parties that the rules look at, as a multiple of those that may be left: some rules drop many.
MOST_RULED = 3


@dataclass
class Candidate:
    """A listed party that may be the one asked for."""

    party: int  # number in the screener
    agreement: str  # number, exact, short, near, part; address where no name and no number agrees
    pair: int = -1  # best pair of names, -1 for none
    score: float = (
        -np.inf
    )  # log-odds, at even odds beforehand, that it is the one, by the names alone
    whole: bool = False  # the query is, whole and letter by letter, a name of the party
    translated: bool = False  # it agrees in meaning alone: ``Melli`` and ``Nacional``
    piece: str = (
        ""  # candidates of one piece of the field share its chance; '': found by number or address
    )
    rule: str = ""  # the exception that decided how the names agree
    within_person: bool = False  # it is some of the words of a person's name, such as the family's
    of_any_state: bool = False  # many states have a body of this name, and nothing says which one
    cut_off: str = ""  # where a place was cut off that may be a word of the name
    but_for_a_place: str = ""  # how it agrees but for such a place behind it: exact or short
    initials_of: int = -1  # the form of the name whose initials are asked; -1 for none
    numbers: list[str] = field(default_factory=list)
    place: AddressHit | None = None
    weighed: list[Weighed] = field(default_factory=list)
    elsewhere: str = ""  # a number of the query that is another listed party's, and whose
    own: float = (
        0.0  # chance that the name, with what is known beside it, is listed, by this party alone
    )
    but_for_details: float = 0.0  # the same but for a number or a date of birth
    probability: float | None = None  # that it is the one; None: found by its address alone

    def __post_init__(self) -> None:
        """Call names that agree but for a place that may be a word of the one a part of it."""
        if self.cut_off and self.agreement in _WHOLE:
            self.but_for_a_place = self.agreement if self.cut_off == BEHIND else ""
            self.agreement = "part"

    @property
    def names_whole(self) -> bool:
        """Whether the names are the same, or but for a word such as bank or group."""
        return self.agreement == "exact" or (
            self.agreement == "short" and self.rule == GENERIC_LEFT
        )

    @property
    def disputed(self) -> bool:
        """Whether a number, a birth or a state speaks against it."""
        return any(w.factor < 1 for w in self.weighed)

    @property
    def is_another_states(self) -> bool:
        """Whether the name says what kind of body one is, and of another state."""
        states = (STATE, STATE_OF_NAME)
        return any(w.what in states and w.contradicts for w in self.weighed)


@dataclass
class Found:
    """What was found of one query: its chance of being listed, and the candidates, the likeliest first."""

    query: Query
    candidates: list[Candidate]

    @property
    def listed(self) -> float:
        """The chance that the name is listed at all."""
        return max((max(c.own, c.probability or 0.0) for c in self.candidates), default=0.0)


class Screener:
    """Listed parties, ready to be asked; one process asks at a time."""

    base_rate = BASE_RATE  # share of the names asked that is expected to be listed
    #: What a sample was too far for, and the queries of it that are too far for as much and more.
    far: tuple[float, frozenset[Query]] = (math.inf, frozenset())
    #: The rules that correct how names agree, and how often each decided.
    exceptions = ExceptionLog()

    def __init__(self, listings: Sequence[ListEntry]) -> None:
        with no_collection():
            self._make(listings)
        listed_forms.cache_clear()
        self._ready()

    def _make(self, listings: Sequence[ListEntry]) -> None:
        from bilat.parties.lists.entity_resolution import resolve_parties
        from bilat.parties.lists.records import record_of, tie

        parties = resolve_parties(listings)
        records = [record_of(p) for p in parties]
        tie(records, parties)
        self.records = RecordStore.of(records)
        self.index = NameIndex(
            Party(str(n), r["schema"], _names(r["names"])) for n, r in enumerate(records)
        )
        numbers: dict[str, list[int]] = {}
        texts = []
        owners = []
        for n, r in enumerate(records):
            for i in r["identifiers"]:
                numbers.setdefault(i, []).append(n)
            for text, _ in r["addresses"]:
                texts.append(text)
                owners.append(n)
        self.numbers = numbers
        self.addresses = AddressIndex(PackedTexts.of(texts), owners)
        digest = hashlib.sha256()
        for text in sorted({f"{h.source} {h.snapshot}" for h in listings}):
            digest.update(text.encode())
        self.data_version = digest.hexdigest()

    def _ready(self, own_letters: OwnLetters | None = None) -> None:
        self.matcher = Matcher(self.index, own_letters=own_letters)
        self.record = lru_cache(maxsize=2_000)(self.records.__getitem__)
        self.own_names = lru_cache(maxsize=2_000)(self._own_names)

    def __len__(self) -> int:
        return len(self.records)

    def numbered(self, *kinds: str) -> int:
        """Listed parties with a number; of these kinds, where any is named."""
        wanted = tuple(f"{k}:" for k in kinds) or ("",)
        return len(
            {p for number, of in self.numbers.items() if number.startswith(wanted) for p in of}
        )

    def by_id(self, party: str) -> dict[str, Any]:
        """The record of a listed party, by any of its publishers' ids.

        Raises
        ------
        DataError
            for an id that no list used has.
        """
        for n in self.records.having(party):
            if party in self.record(n)["ids"]:
                return self.record(n)
        # Canada's ids have the line breaks of its names; a form or a shell gives them on one line.
        line = _on_one_line(party)
        for record in self.records:
            if line in map(_on_one_line, record["ids"]):
                return record
        raise DataError(
            f"party {party!r} is not on any list that we check. Give the id, as ofac-17013: "
            f"{command('search', repr(party))} finds it by a name"
        )

    def __getstate__(self) -> dict[str, Any]:
        return self.kept()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(vars(Screener.from_kept(state)))

    def kept(self) -> dict[str, Any]:
        """Everything that an index file must keep."""
        out = {f"names/{k}": v for k, v in self.index.kept().items()}
        own_letters = self.matcher.space.own_letters
        out |= {f"letters/{k}": v for k, v in own_letters.kept().items()}
        out["addresses"], out["addresses_read"] = self.addresses.text, self.addresses.read
        out["address_of"] = np.asarray(self.addresses.owner, dtype=np.int64)
        out |= self.records.kept()
        out["numbers"] = list(self.numbers)
        out["number_of"] = np.asarray([p for v in self.numbers.values() for p in v], dtype=np.int64)
        out["number_ends"] = np.cumsum([len(v) for v in self.numbers.values()], dtype=np.int64)
        out["data_version"] = [self.data_version]
        return out

    @classmethod
    def from_kept(cls, stored: dict[str, Any]) -> Screener:
        """The screener out of what an index file kept."""
        new = cls.__new__(cls)
        new.index = NameIndex.from_kept(_under("names", stored))
        own_letters = OwnLetters.from_kept(new.index, _under("letters", stored))
        new.addresses = AddressIndex(
            stored["addresses"], stored["address_of"].tolist(), stored["addresses_read"]
        )
        new.records = RecordStore.from_kept(stored)
        ends = stored["number_ends"].tolist()
        owners = stored["number_of"].tolist()
        new.numbers = {
            key: owners[a:b]
            for key, a, b in zip(stored["numbers"], [0, *ends][:-1], ends, strict=True)
        }
        new.data_version = stored["data_version"][0]
        new._ready(own_letters)
        return new

    # -- asking ----------------------------------------------------------------------------------

    def find(
        self, queries: Sequence[Query], *, every: bool = False, least: float = 1e-9
    ) -> tuple[list[Found], Pairs]:
        """What is found of each query, in order, and the pairs that the candidates speak of.

        Unless ``every``, names that are far from all listed ones (:data:`FAR`) have no candidates by their name; nor
        have those that nothing but their chance can show, where it is below ``least``.
        """
        rows = queries
        queries = [enrich(q, self.numbers) for q in rows]
        asked = [
            NameQuery(q.name, q.schema, state_of(q.country or q.nationality) or "") for q in queries
        ]
        alone = np.asarray(
            [not every and q == Query("", q.name, 0, q.schema, place=q.place) for q in queries],
            dtype=bool,
        )
        placed = np.asarray([bool(q.place) for q in queries])
        lower = self._needed(least) - np.where(placed, math.log(parameter("place_same")), 0)
        needed = np.where(alone, lower, -np.inf)
        pairs = self.matcher.pairs(asked, every=every, least=None if every else needed)
        named = self._named(rows, pairs, -np.inf if every else FAR, needed)
        return [
            self._found(q, of, self.addresses.look_up(q.address), pairs)
            for q, of in zip(queries, named, strict=True)
        ], pairs

    def by_initials(self, acronym: str) -> list[Candidate]:
        """Return the bodies for whose names an acronym may stand, all as likely."""
        found = bodies_by_initials(self.index, acronym) if is_acronym_alone(acronym) else {}
        chance = _BY_INITIALS / max(len(found), 1)
        return [
            Candidate(party, "near", initials_of=form, own=_BY_INITIALS, probability=chance)
            for party, form in found.items()
        ]

    def near(self, queries: Sequence[Query], least: float) -> list[int]:
        """Which queries have to be compared, where only a chance of ``least`` and more counts: those whose name may
        come near a listed one or cannot be judged so, and those whose number or place is listed.
        """
        needed = self._needed(least) - MARGIN
        found = []
        asked = [n for n, q in enumerate(queries) if needed < self.far[0] or q not in self.far[1]]
        for at in range(0, len(asked), BATCH):
            some = [queries[n] for n in asked[at : at + BATCH]]
            names = [q.name for q in some]
            persons = [party_class(q.schema) == PERSON for q in some]
            found += reach(self.matcher, names, persons, needed).tolist()
        return [
            n for n, x in zip(asked, found, strict=True) if x >= needed or self._beside(queries[n])
        ]

    def _needed(self, least: float) -> float:
        """The log-odds, at even odds beforehand, of a chance."""
        least = min(max(least, 1e-9), 1 - 1e-9)
        return math.log(least / (1 - least) * (1 - self.base_rate) / self.base_rate)

    def _beside(self, query: Query) -> bool:
        """Whether a listed party has a number or the place of a query, whatever its name."""
        if bare := bare_numbers(query.name):
            query = replace(query, identifiers=(*query.identifiers, *bare))
        return bool(self._numbered(query) or self.addresses.look_up(query.address))

    def _named(
        self, queries: Sequence[Query], pairs: Pairs, least: float, needed: np.ndarray
    ) -> list[dict[int, Candidate]]:
        """Of each query the parties whose names are nearest, each judged by its own best pair of names; of none that
        agrees neither exactly nor as much as is ``needed``.
        """
        out: list[dict[int, Candidate]] = [{} for _ in queries]
        shown = np.zeros(len(queries), dtype=bool)
        exact = (pairs.agreement < NEAR_NAME) | (
            pairs.features[:, NAMES.index("identical_written")] > 0
        )
        shown[pairs.query[exact | (pairs.log_odds >= needed[pairs.query])]] = True
        best = pairs.best_per_party()
        best = best[shown[pairs.query[best]]]
        of = pairs.query[best]
        nearest = np.searchsorted(of, of)
        place = np.arange(len(best)) - nearest
        stateless = np.asarray([pairs.reading[n].stateless for n in best.tolist()], dtype=bool)
        ruled = (place < MOST_RULED * CANDIDATES) | stateless
        best = best[ruled & (pairs.log_odds[best] >= least)]
        of = pairs.query[best].tolist()
        score = pairs.log_odds[best].tolist()
        whole = pairs.whole(best)
        # Of a party's names the one that agrees most exactly is the answer, be another spelling of it nearer.
        at = pairs.surest(best).tolist()
        pieces = _pieces(of, [pairs.reading[n].text for n in best.tolist()])
        for n, (q, pair) in enumerate(zip(of, at, strict=True)):
            if len(out[q]) == CANDIDATES:
                continue
            reading = pairs.reading[pair]
            party = int(pairs.party[pair])
            if reading.stateless and self._is_another_states(queries[q].name, party):
                continue
            if (
                not reading.form.legal and score[n] > 0
            ):  # whatever a list says of its kind: some say nothing
                score[n] = min(score[n], self._namesakes(self.asked_words(pairs, pair)))
            if cut_off := self._cut_off(queries[q], reading, party):
                score[n] -= reading.sole * parameter("part_piece")
                whole[n] = False
                reading = replace(reading, sole=False, cut_off=cut_off)
                pairs.reading[pair] = reading
            scored = self._scored(pairs, pair, score[n], whole=bool(whole[n]))
            agreement, rule = self.exceptions.apply(scored)
            if not agreement:
                continue
            if rule == OTHER_LETTERS and (
                longer := self._within_longer_name(pairs, q, party, score[n])
            ):
                pair, scored = longer
                agreement, rule = "short", ""
                reading = pairs.reading[pair]
            bare = not reading.cost and not pairs.features[pair, _OTHER_FORM]
            if agreement in ("exact", "short") and scored.one_word and bare:
                # As likely as who has the name is listed, of those who are known to: 133 of 134 called Huawei.
                known = 1 + firms().bearers(reading.form.tokens)
                score[n] += max(float(np.log(max(self.group(pairs, pair), 1) / known)), 0.0)
            out[q][party] = Candidate(
                party,
                agreement,
                pair,
                score[n],
                bool(whole[n]),
                scored.translated and not whole[n],
                pieces[n][1],
                rule=rule,
                within_person=scored.person and agreement == "short",
                cut_off=self._where_cut(reading, party),
            )
        return out

    def _within_longer_name(
        self, pairs: Pairs, query: int, party: int, score: float
    ) -> tuple[int, ScoredPair] | None:
        """Return the pair of a query, spelled otherwise than a name of a party, with a longer name
        of it that has its words as they are asked.
        """
        longer = self._longer_name(pairs, query, party)
        if longer < 0:
            return None
        scored = self._scored(pairs, longer, score, whole=False)
        return (longer, scored) if self.exceptions.apply(scored)[0] == "short" else None

    def _cut_off(self, row: Query, reading: Reading, party: int) -> str:
        """Return the places that were cut off a name and may be words of it (``Emirates NBD``): no
        mark parts them, and neither the listing nor, for those behind the name, the row has them.
        """
        if not reading.before and not reading.behind:
            return ""
        record = self.record(party)
        before = "" if has_place(record, reading.before, of_name=True) else reading.before
        linked = is_empty(reading.behind.partition(" ")[0].lower())
        said = has_place(record, reading.behind, of_name=linked) or is_row_of(row, reading.behind)
        return " ".join(filter(None, (before, "" if said else reading.behind)))

    def _where_cut(self, reading: Reading, party: int) -> str:
        """Return on which side of a name a place was cut off that may be a word of it, and of what
        name; '' for none.
        """
        if not reading.cut_off:
            return ""
        if reading.cut_off == reading.behind:
            return BEHIND
        alone = not self.record(party)["tied_count"]
        return BEFORE_ACRONYM if alone and reading.is_acronym else BEFORE

    def _is_another_states(self, name: str, party: int) -> bool:
        """Return whether a name says of which state a body is, and a party is of another one."""
        return any(w.contradicts for w in state_of_name(name, self.record(party)))

    def _scored(self, pairs: Pairs, pair: int, score: float, *, whole: bool) -> ScoredPair:
        """Return a pair as the rules that correct its agreement see it."""
        form = int(pairs.form[pair])
        meant, edits = pairs.features[pair, _TRANSLATED]
        return ScoredPair(
            index=self.index,
            reading=pairs.reading[pair],
            form=form,
            party=int(pairs.party[pair]),
            person=pairs.kind[pair] == PERSON_NAME,
            whole=whole,
            score=score,
            agreement="exact" if whole else AGREEMENTS[1 + pairs.agreement[pair]],
            of_many=self._of_many(pairs, pair),
            translated=bool(meant > 0 and edits == 0),
        )

    def _longer_name(self, pairs: Pairs, query: int, party: int) -> int:
        """Return the best pair of a query with a longer name of a party that has its words as they
        are written; -1 for none.
        """
        mine = (pairs.query == query) & (pairs.party == party) & (pairs.cost == 0)
        longer = [
            n
            for n in np.flatnonzero(mine & (pairs.agreement == SHORT_NAME)).tolist()
            if self._has_words(int(pairs.form[n]), pairs.reading[n].form.plain)
        ]
        return max(longer, key=lambda n: float(pairs.log_odds[n]), default=-1)

    def _has_words(self, form: int, plain: str) -> bool:
        """Return whether a listed name has the words of another one, letter by letter."""
        return {*content_words(plain)} <= {*self.index.plain[form].split()}

    def group(self, pairs: Pairs, pair: int) -> int:
        """Listed parties that have all words of the query which the candidate's name has, initials as it has."""
        index = self.index
        form = int(pairs.form[pair])
        listed = {*index.words_of_form(form)}
        written = index.written_words(form)
        words = [w for w in self.asked_words(pairs, pair) if w in listed]
        if not words:
            return 0
        forms = reduce(np.intersect1d, (index.by_token[index.vocabulary[w]].indices for w in words))
        short = {written[w] for w in words if len(w) <= SHORT and w in written}
        return len(
            {int(index.form_party[f]) for f in forms.tolist() if short <= {*index.plain[f].split()}}
        )

    def asked_words(self, pairs: Pairs, pair: int) -> tuple[str, ...]:
        """The words of the query; of one without vowels, those of the listed name, by which it is read."""
        words = pairs.reading[pair].form.tokens
        listed = self.index.words_of_form(int(pairs.form[pair]))
        return listed if any(map(unvowelled, words)) and all(map(str.isascii, listed)) else words

    def _of_many(self, pairs: Pairs, pair: int) -> bool:
        """Whether what stands in brackets of a listed name is a word of many firms' names."""
        words = pairs.reading[pair].form.tokens
        return bool(self.index.part[int(pairs.form[pair])]) and firms().bearers(words) >= MANY_FIRMS

    def _namesakes(self, words: Sequence[str]) -> float:
        """The greatest log-odds, at even prior odds, that a name of many people is the listed one's: how often one of
        the listed people bears it against how often anybody does.
        """
        if (count := people().bearers(words)) < MANY_PEOPLE:
            return np.inf
        persons = int(np.isin(self.index.party_class, (PERSON, UNKNOWN)).sum())
        everybody = sum(z.people for z in people().zones.values())
        return float(np.log(everybody / (count * persons))) if persons else np.inf

    def _listed_name(self, pairs: Pairs, c: Candidate) -> str:
        """Return the listed name that agrees; '' where no name does."""
        return self.index.names[int(pairs.form[c.pair])] if c.pair >= 0 else ""

    def _found(
        self, query: Query, found: dict[int, Candidate], placed: list[AddressHit], pairs: Pairs
    ) -> Found:
        numbered = self._numbered(query)
        agrees = [c for c in found.values() if c.score > 0 and c.party not in numbered]
        for party, numbers in numbered.items():
            c = found.setdefault(party, Candidate(party, "number"))
            c.agreement = "number"
            c.numbers = numbers
            if (
                agrees and c.score <= 0 and _strong(numbers)
            ):  # two parties are named: each by what speaks of it
                c.piece = ""
                for other in agrees:
                    other.elsewhere = "; ".join(
                        f"{x} of {self.record(party)['name']}" for x in numbers
                    )
        for hit in reversed(placed):
            party = self.addresses.owner[hit.address]
            found.setdefault(party, Candidate(party, "address")).place = hit
        self._weigh_candidates(query, found, pairs)
        surest: dict[str, float] = {}
        for piece in dict.fromkeys(c.piece for c in found.values()):
            of = [c for c in found.values() if c.piece == piece]
            self._divide(of, pairs)
            surest[piece] = max(c.own for c in of)
        order = sorted(
            found.values(), key=lambda c: (-surest[c.piece], -(c.probability or -1.0), c.party)
        )
        return Found(query, order)

    def _weigh_candidates(self, query: Query, found: dict[int, Candidate], pairs: Pairs) -> None:
        """Weigh what is known beside the name, for each candidate."""
        known = query.born or query.country or query.nationality or query.place
        if known or query.identifiers or states_in_name(query.name):
            elsewhere = any(c.elsewhere for c in found.values())
            for c in found.values():
                c.weighed = [
                    w
                    for w in weigh(query, self.record(c.party), self._listed_name(pairs, c))
                    if not (w.what == "number" and (c.numbers or elsewhere))
                ]
                if c.agreement in _WHOLE and c.is_another_states:
                    c.agreement = "part"  # the state belongs to the name
        if not (query.country or query.nationality) and is_body_of_any_state(query.name):
            for c in found.values():
                c.of_any_state = not self.record(c.party)["countries"]
        self._without_state(found.values(), pairs)

    def _without_state(self, found: Iterable[Candidate], pairs: Pairs) -> None:
        """Call names that agree but for the state in the query parts of it, unless the party is
        that state's.
        """
        for c in found:
            if c.pair < 0 or not pairs.reading[c.pair].stateless:
                continue
            if not any(w.what == STATE_OF_NAME and w.factor > 1 for w in c.weighed):
                c.agreement = "part" if c.agreement in _WHOLE else c.agreement
                c.of_any_state = True

    def _divide(self, of: list[Candidate], pairs: Pairs) -> None:
        """The chance of one piece of a field, that of its surest candidate, divided among all by their odds."""
        prior = self.base_rate / (1 - self.base_rate)
        odds = []
        for c in of:
            mine = prior * float(np.exp(min(c.score, 40.0)))
            factor = float(np.prod([w.factor for w in c.weighed]))
            factor *= parameter("address_hit") if c.place is not None and c.score > 0 else 1.0
            if c.numbers:
                strong = _strong(c.numbers)
                mine = max(mine, prior if strong else prior * _UNNAMED)
                factor *= parameter("number_strong" if strong else "number_weak")
            c.own = min(mine * factor / (1 + mine * factor), _most(c, c.weighed))
            against = [w for w in c.weighed if w.what in _TELL and w.factor < 1]
            mine *= factor / float(np.prod([w.factor for w in against]))
            rest = [w for w in c.weighed if w not in against]
            c.but_for_details = min(mine / (1 + mine), _most(c, rest))
            odds.append(c.own / max(1 - c.own, 1e-12))
        # A family name alone is as much each bearer's, however long the rest of their names is.
        kin = max((x for c, x in zip(of, odds, strict=True) if c.within_person), default=0.0)
        odds = [kin if c.within_person else x for c, x in zip(of, odds, strict=True)]
        share = [x * weight for x, weight in zip(odds, self._prominence(of, pairs), strict=True)]
        surest = max(c.own for c in of)
        total = max(sum(share), 1e-300)
        for c, mine in zip(of, share, strict=True):
            c.probability = None if c.agreement == "address" else min(surest * mine / total, c.own)

    def _prominence(self, of: Sequence[Candidate], pairs: Pairs) -> list[float]:
        """Return how often each candidate is asked for by the name that agrees.

        A party is asked for as often as lists name it, and the head of a group as often as it has
        members tied to it; by its own name half of the time, and else by any of its other names.
        Where one party bears a name as its own, neither lists nor the size of a group speak for
        another party that has it among its aliases.
        """
        agreeing = {
            _run_together(self._listed_name(pairs, c)) for c in of if c.agreement == "exact"
        }
        share_of_name = [self._share_of_name(c, pairs, agreeing) for c in of]
        has_owner = any(
            share == _BY_OWN_NAME and c.agreement in _WHOLE
            for c, share in zip(of, share_of_name, strict=True)
        )
        weights = []
        for c, share in zip(of, share_of_name, strict=True):
            record = self.record(c.party)
            lists = len({x["list"] for x in record["listings"]} or "-")
            borrows = has_owner and share < _BY_OWN_NAME
            weights.append(share if borrows else share * lists * (1 + record["tied_count"]))
        return weights

    def _share_of_name(self, c: Candidate, pairs: Pairs, agreeing: Set[str]) -> float:
        """Return how often somebody who means a party calls it by the name that agrees.

        A party that has one of the ``agreeing`` names as its own is called so: lists write one name
        in several spellings and scripts. One whose own name only differs in its letters from such a
        name (Bank Rossiya from `Банк России`) is called so by mistake, unless the name is in Latin
        letters: a name of another script is spelt in them in several ways.
        """
        if c.pair < 0:
            return _BY_OWN_NAME
        if c.agreement == "short" and not agreeing and self._is_in_own_name(c, pairs):
            return _BY_OWN_NAME
        listed = _run_together(self._listed_name(pairs, c))
        own = self.own_names(c.party)
        written_alike = not is_latin(pairs.reading[c.pair].text)
        by_mistake = c.rule == OTHER_LETTERS and bool(agreeing) and written_alike
        if not by_mistake and (listed in own or any(name in agreeing for name in own)):
            return _BY_OWN_NAME
        names = self.record(c.party)["names"]
        kinds = [kind for text, kind, _ in names if _run_together(text) == listed]
        doubted = by_mistake or (bool(kinds) and all(k in ("weak", "former") for k in kinds))
        others = max(len(names) - len(own), 1)
        return (1 - _BY_OWN_NAME) / (1 + others) * (_DOUBTED if doubted else 1.0)

    def _own_names(self, party: int) -> frozenset[str]:
        """Return the names that lists give a party first, without legal forms and run together."""
        names = self.record(party)["names"]
        return frozenset(_run_together(text) for text, kind, _ in names if kind == "primary")

    def every_name(self, party: int) -> frozenset[str]:
        """Return all names of a party, without legal forms and run together."""
        return frozenset(_run_together(text) for text, *_ in self.record(party)["names"])

    def _is_in_own_name(self, c: Candidate, pairs: Pairs) -> bool:
        """Return whether a name that has all words of the query is a party's own."""
        person = bool(pairs.kind[c.pair] == PERSON_NAME)
        asked = {*pairs.reading[c.pair].form.tokens}
        own = (text for text, kind, _ in self.record(c.party)["names"] if kind == "primary")
        return any(asked <= {*form.tokens} for text in own for form in listed_forms(text, person))

    def _numbered(self, query: Query) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for i in query.identifiers:
            kinds = [i.kind]
            if i.kind not in STRONG and len(i.value) >= 7:
                kinds += [k for k in _UNTOLD if k != i.kind]
                kinds += ["imo"] if is_imo(i.value) and query.role in MAY_BE_SHIP else []
            for kind in kinds:
                for p in self.numbers.get(f"{kind}:{i.value}", ()):
                    found.setdefault(p, []).append(f"{kind}:{i.value}")
        return found

    def tops_of(self, queries: Sequence[Query]) -> np.ndarray:
        """The chance of each query to be listed, for the share of a file."""
        least = dict(BANDS)[DEFAULT_BAND]
        out = np.zeros(len(queries))
        near = self.near(queries, least)
        self.far = self._needed(least) - MARGIN, frozenset(queries) - {queries[n] for n in near}
        for at in range(0, len(near), BATCH):
            these = near[at : at + BATCH]
            out[these] = [f.listed for f in self.find([queries[n] for n in these])[0]]
        return out


def _on_one_line(text: str) -> str:
    """Return a text with a space for each line break and run of spaces."""
    return " ".join(text.split())


def _under(part: str, stored: Mapping[str, Value]) -> dict[str, Value]:
    """Return what an index file keeps of one of its parts."""
    head = f"{part}/"
    return {name.removeprefix(head): v for name, v in stored.items() if name.startswith(head)}


def _most(c: Candidate, weighed: Sequence[Weighed]) -> float:
    """The greatest chance of a candidate, by what contradicts it; a number of its own outweighs that."""
    if c.numbers:
        return 1.0
    by_rule = _MOST_OF_RULES.get(c.rule, 1.0)
    of_state = _CONTRADICTED["possible"] if c.of_any_state else 1.0
    against = min((_CONTRADICTED[w.at_most] for w in weighed if w.at_most), default=1.0)
    return min(by_rule, of_state, against, _CUT_OFF.get(c.cut_off, 1.0))


def _names(written: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The names by which a record is found: a legal form alone (``Акционерное общество``) is none beside others."""
    from bilat.parties.lists.records import NAMELESS

    names = tuple(name for name, kind, _ in written if kind != NAMELESS)
    return tuple(n for n in names if not only_form(n)) or names


@lru_cache(maxsize=1 << 14)
def _run_together(name: str) -> str:
    """Return the words of a name without its legal form, run together."""
    return "".join(content_words(" ".join(words_of(clean(name)))))


def _pieces(of: Sequence[int], texts: Sequence[str]) -> list[tuple[int, str]]:
    """(query, piece of its field) of each text; one that is part of another, or has one as its part, is that piece."""
    known: dict[int, list[str]] = {}
    out = []
    for query, text in zip(of, map(str.casefold, texts), strict=True):
        mine = known.setdefault(query, [])
        piece = next((x for x in mine if text in x or x in text), text)
        if piece is text:
            mine.append(text)
        out.append((query, piece))
    return out


def _strong(numbers: Sequence[str]) -> bool:
    """Whether a number with check digits is among those found."""
    return any(x.split(":", 1)[0] in STRONG for x in numbers)
