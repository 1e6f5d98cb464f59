# SPDX-License-Identifier: Apache-2.0
"""Alerts of a screening: one a query and party, with agreement, other bearers, band, dated effects
and sources.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bilat.parties.decisions.log import LONGEST_QUERY, Decided, pair_key
from bilat.parties.decisions.reach import DecisionEffect, RowFacts, effect_of_decisions, known_facts
from bilat.parties.lists.effects import in_order, publisher
from bilat.parties.match.agreement import TRANSLATED, Agreement, words_agreeing
from bilat.parties.match.bearers import Bearers, bearers
from bilat.parties.match.chance import AGREEMENTS, BANDS, DEFAULT_BAND, PERSON_NAME, band_of
from bilat.parties.match.evidence import states
from bilat.parties.match.exceptions import places_in_brackets
from bilat.parties.match.index import ORGANISATION, PERSON, UNKNOWN
from bilat.parties.match.matcher import BATCH, Pairs
from bilat.parties.match.pair_features import NAMES
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert, Row, since
from bilat.parties.screening.consignments import describe_consignments
from bilat.parties.screening.faults import reservations
from bilat.parties.screening.flags import flags_of
from bilat.parties.screening.loose_matches import (
    WITHIN,
    LooseMatch,
    is_meant,
    is_named_within,
    loose_match,
)
from bilat.parties.screening.screener import BASE_RATE, Candidate, Found, Screener

#: Aliases that a row shows.
MOST_ALIASES = 12
#: The band of a name of which every row was cleared earlier.
CLEARED = "cleared"
#: Least probability of a row below which names far from all listed ones are looked at too.
ALL_BELOW = 0.02
#: Least probability of another spelling of a typed name that is offered ("did you mean").
MEANT = 0.001
_MATCH, _LIKELY = (dict(BANDS)[band] for band in ("match", "likely"))
#: Chances below this are alike.
_LEAST = 1e-6


@dataclass(frozen=True)
class Cut:
    """Which rows come out, and what stands in them.

    ``least`` is the least chance of a row of a file: that the name is listed, by this party alone.
    Parties whose exact name it is, or whose number or address, come always. ``typed``: names that a
    person types, which are answered by agreement and without a cut.
    """

    top: int = 5
    least: float = dict(BANDS)[DEFAULT_BAND]
    typed: bool = False
    base_rate: float = BASE_RATE
    decisions: Mapping[tuple[str, str], Decided] = field(default_factory=dict)
    four_eyes: bool = False
    #: Of these parties alone, with the flag that says what changed.
    changed: Mapping[str, dict[str, str]] | None = None
    marking: str = ""  # how far the rows may be passed on
    day: dt.date | None = None  # on which ownership rules are in force; None: today


@dataclass
class QueryRows:
    """What comes out of one query."""

    band: str = "none"  # of its surest row; cleared: there were rows, and all are folded away
    rows: list[Alert] = field(default_factory=list)
    folded: list[dict[str, str]] = field(default_factory=list)  # cleared earlier, with the reason
    sentence: str = ""  # what was found of the whole consignment, party by party


def workbook_line(query: Query, answer: QueryRows) -> Row:
    """Return a name of the file with its cells, rows and what was folded, as the workbook takes it."""
    return {
        "row": query.row,
        "reference": query.reference,
        "column": query.column,
        "query": query.asked,
        "consignment": answer.sentence,
        "cells": query.cells or (query.name,),
        "role": query.role,
        "says": query.of_party(),
        "beside": query.of_nobody(),
        "rows": [alert.cells() for alert in answer.rows],
        "folded": answer.folded,
        "reservations": reservations(query),
        "band": answer.band,
    }


def rows_of(screener: Screener, queries: Sequence[Query], cut: Cut) -> list[QueryRows]:
    """What comes out of each query, in order, the first row the surest. The same query is asked
    once.
    """
    screener.base_rate = cut.base_rate  # whoever asked before may have asked at another
    every = cut.typed or cut.least < ALL_BELOW
    first: dict[Query, int] = {}
    again = [first.setdefault(q, n) for n, q in enumerate(queries)]
    once = [*first.values()]
    near = (
        once if every else [once[n] for n in screener.near([queries[n] for n in once], cut.least)]
    )
    of: dict[int, QueryRows] = {}
    for at in range(0, len(near), BATCH):
        these = near[at : at + BATCH]
        found, pairs = screener.find([queries[n] for n in these], every=every, least=cut.least)
        answered = _Rows(screener, pairs, cut)
        of |= {n: answered.of(f) for n, f in zip(these, found, strict=True)}
    answers = []
    for n, q in zip(again, queries, strict=True):
        answer = of.get(n, QueryRows())
        beside = q.beside()
        rows = [
            replace(row, query_id=q.id, row=q.row, column=q.column, asked=row.asked | beside)
            for row in answer.rows
        ]
        answers.append(replace(answer, rows=rows))
    describe_consignments(queries, answers, cut.day or dt.date.today())
    return answers


@dataclass
class _Rows:
    """The rows of one batch."""

    screener: Screener
    pairs: Pairs
    cut: Cut

    def of(self, f: Found) -> QueryRows:
        """What comes out of one query."""
        shown = self._typed(f) if self.cut.typed else self._of_file(f)
        if self.cut.changed is not None:
            shown = [c for c in shown if self._changes(c)]
        out = QueryRows()
        for rank, c in enumerate(shown, 1):
            row = self._alert(f, rank, c, self._namesakes(c, shown))
            decided = self.cut.decisions.get(pair_key(f.query.asked, row.party))
            verdict = self._verdict(f, c, decided) if decided is not None else None
            if verdict is None:
                out.rows.append(row)
            elif verdict.folds(four_eyes=self.cut.four_eyes):
                out.folded.append(_folded(row, verdict))
            else:
                out.rows.append(replace(row, flags=[*row.flags, verdict.flag]))
        bands = {row.band for row in out.rows} or ({CLEARED} if out.folded else set())
        out.band = next((band for band in (*dict(BANDS), CLEARED) if band in bands), "none")
        return out

    def _verdict(self, f: Found, c: Candidate, decided: Decided) -> DecisionEffect:
        """Return what an earlier decision does to an alert."""
        record = self.screener.record(c.party)
        return effect_of_decisions(
            decided, RowFacts(f.query, record, c.numbers, c.place is not None)
        )

    def _changes(self, c: Candidate) -> list[dict[str, str]]:
        """What has changed of a party's entries."""
        ids = self.screener.record(c.party)["ids"] if self.cut.changed else ()
        return (
            [self.cut.changed[i] for i in ids if i in self.cut.changed] if self.cut.changed else []
        )

    def _typed(self, f: Found) -> list[Candidate]:
        """Of a typed name: who bears it, the likeliest first, and of those of comparable chance who
        bears it exactly. Where anybody does, no other spelling is offered and no name within it,
        but for one that is as good as certain; else those that may be meant.
        """
        bearers = [c for c in f.candidates if c.agreement in AGREEMENTS[1:3]]
        whole = [c for c in bearers if self._whole(f, c) and self._is_named(c)]
        named = whole or [c for c in bearers if c.own >= WITHIN]
        exact = [c for c in f.candidates if c.numbers or c in named]
        loose = [
            c
            for c in f.candidates
            if c.agreement in AGREEMENTS[3:] and c not in exact and c.own >= MEANT
        ]
        if exact:
            loose = _as_good_as_certain(loose, whole, exact)
        kept = exact + [c for c in loose if self._meant(c)]
        kept += self._under_own_names(f, kept)
        kept += self._by_initials(f, kept)
        numbered = [c for c in kept if c.agreement == "number"]
        rest = _likeliest_first(
            [c for c in kept if c not in numbered],
            lambda c: _PLACE[c.agreement] if c in exact else len(_PLACE),
        )
        numbered.sort(key=lambda c: -(c.probability or 0.0))
        return [*numbered, *rest][: max(self.cut.top, len(numbered))]

    def _by_initials(self, f: Found, shown: Sequence[Candidate]) -> list[Candidate]:
        """Return the bodies of which the typed name is the initials, unless it is likely the name
        of somebody who is shown. They join what was found.
        """
        if any(c.numbers or c.agreement == "exact" or c.own >= _LIKELY for c in shown):
            return []
        bodies = self.screener.by_initials(f.query.name)
        f.candidates += bodies
        return bodies

    def _under_own_names(self, f: Found, shown: Sequence[Candidate]) -> list[Candidate]:
        """Return firms that are listed under the own name of one that is shown: one party under two
        spellings, of which the query has the other one.
        """
        firms = [c for c in shown if c.agreement == "exact" and not self._is_person(c)]
        names = {name for c in firms for name in self.screener.own_names(c.party)}
        return [
            c
            for c in f.candidates
            if c.agreement == "near"
            and c not in shown
            and not self._is_person(c)
            and not names.isdisjoint(self.screener.own_names(c.party))
        ]

    def _is_person(self, c: Candidate) -> bool:
        return int(self.screener.index.party_class[c.party]) == PERSON

    def _whole(self, f: Found, c: Candidate) -> bool:
        """Whether the whole field was compared."""
        return self.pairs.reading[c.pair].sole

    def _is_named(self, c: Candidate) -> bool:
        """Whether a name that agrees exactly, or is some words of a longer one, names a party."""
        if c.agreement != "short" or c.names_whole:
            return True
        return is_named_within(self._loose_match(c))

    def _meant(self, c: Candidate) -> bool:
        """Whether a name that agrees loosely may be the one that is meant."""
        return is_meant(self._loose_match(c))

    def _loose_match(self, c: Candidate) -> LooseMatch:
        form = int(self.pairs.form[c.pair])
        person = bool(self.pairs.kind[c.pair] == PERSON_NAME)
        reading = self.pairs.reading[c.pair]
        return loose_match(self.screener.index, reading, form, c, person=person)

    def _of_file(self, f: Found) -> list[Candidate]:
        """Of a line of a file: whose chance reaches the cut, of one piece those alone that agree as
        well as its best; exact names that few others have, and whoever is found by number or
        address.
        """
        best = {c.piece: _PLACE[c.agreement] for c in reversed(f.candidates)}
        least = self.cut.least
        shown = [
            c
            for c in f.candidates
            if c.numbers
            or self._sure(f, c)
            or (c.probability or 0.0) >= least
            or (c.but_for_details >= least and _PLACE[c.agreement] <= best[c.piece])
        ]
        pieces = dict.fromkeys(c.piece for c in shown)  # the surest first
        of_pieces = [[c for c in shown if c.piece == piece] for piece in pieces]
        shown = [c for of in of_pieces for c in _likeliest_first(of, lambda c: _PLACE[c.agreement])]
        shown = shown[: max(self.cut.top, sum(bool(c.numbers) for c in shown))]
        placed = [c for c in f.candidates if c.place is not None and c not in shown]
        return shown + sorted(placed, key=lambda c: (-c.place.agreement, c.party))[: self.cut.top]  # type: ignore[union-attr]

    def _sure(self, f: Found, c: Candidate) -> bool:
        """Whether the field is, whole, a listed name as the list writes it; or, in any script and
        order of its words, one that hardly anybody else has, with no legal form but the
        listed one's; and nothing beside it speaks against that.
        """
        if not (c.names_whole or c.but_for_a_place == "exact") or c.disputed:
            return False
        if c.whole:
            return True
        asked = self.pairs.reading[c.pair].form.tokens
        form = int(self.pairs.form[c.pair])
        if self.pairs.cost[c.pair] and len(asked) != len(self.screener.index.words_of_form(form)):
            return False  # a town in the field is not its bank
        if self.pairs.reading[c.pair].form.legal and not self.pairs.features[c.pair, _FORM_SAME]:
            return False
        other = self._bearers(f, c)
        return other is not None and (
            other.who != "many" or other.count <= self.screener.group(self.pairs, c.pair)
        )

    def _band(self, c: Candidate) -> str:
        """The band of a row, by the chance that the name is listed as this party's. The exact name
        or number of a listed party is never called unlikely, unless something beside it speaks
        against it.
        """
        band = (
            DEFAULT_BAND if c.agreement == "address" else band_of(max(c.own, c.probability or 0.0))
        )
        named = c.agreement == "number" or c.names_whole or c.but_for_a_place == "exact"
        sure = named and not c.disputed
        return DEFAULT_BAND if band == "unlikely" and sure else band

    def _bearers(self, f: Found, c: Candidate) -> Bearers | None:
        if c.pair < 0 or c.agreement not in AGREEMENTS[1:]:
            return None
        index = self.screener.index
        reading = self.pairs.reading[c.pair]
        words = self.screener.asked_words(self.pairs, c.pair)
        kind = int(index.party_class[c.party])
        if c.agreement == "part":
            listed = index.words_of_form(int(self.pairs.form[c.pair]))
            words = tuple(w for w in words if w in listed)
        if kind in (ORGANISATION, UNKNOWN) and not reading.form.legal and reading.party_class < 0:
            kind = UNKNOWN  # a list may not say who is a person
        return bearers(words, kind, states(f.query)) if words else None

    def _agreement(self, f: Found, c: Candidate) -> Agreement:
        """Return how the names, numbers or addresses agree."""
        place = self.screener.addresses.text[c.place.address] if c.place is not None else ""
        numbers = tuple(c.numbers)
        if c.initials_of >= 0:
            name = self.screener.index.names[c.initials_of]
            return Agreement(c.agreement, name, "initials", by_initials=True, by_name=True)
        if c.pair < 0:
            name = self.screener.record(c.party)["name"]
            basis = "number" if numbers else "address"
            return Agreement(c.agreement, name, basis, numbers=numbers, place=place)
        form = int(self.pairs.form[c.pair])
        reading = self.pairs.reading[c.pair]
        person = bool(self.pairs.kind[c.pair] == PERSON_NAME)
        index = self.screener.index
        words, asked_left, listed_left = words_agreeing(index, reading, form, person=person)
        return Agreement(
            kind=c.agreement,
            listed_name=index.names[form],
            basis=self._basis(f, c),
            words=words,
            asked_left=asked_left,
            listed_left=listed_left,
            translated=c.translated,
            rule=c.rule,
            numbers=numbers,
            place=place,
            by_name=c.score > 0,
        )

    def _basis(self, f: Found, c: Candidate) -> str:
        """Return by what the party was found, in words."""
        if c.numbers:
            return "number"
        whole = self._whole(f, c)
        said = "name" if whole else f"part of the field: {self.pairs.reading[c.pair].text}"
        said += f", {TRANSLATED}" if c.translated else ""
        also = [w.what for w in c.weighed if w.factor > 1] + (["address"] if c.place else [])
        return ", ".join([said, *also])

    def _namesakes(self, c: Candidate, shown: Sequence[Candidate]) -> tuple[str, ...]:
        """Return other parties that have the exact name of a candidate among their names, though
        neither has the other's own name: two parties, and not one under two spellings.
        """
        if c.agreement != "exact":
            return ()
        own_places = self._places_in_name(c)
        others = [
            d
            for d in shown
            if d.agreement == "exact"
            and d.party != c.party
            and self._places_in_name(d) == own_places
        ]
        names = [
            self.screener.record(d.party)["name"] for d in others if self._is_another_party(c, d)
        ]
        return tuple(dict.fromkeys(names))

    def _places_in_name(self, c: Candidate) -> set[str]:
        """Return the places in brackets of the listed name that agrees: the firm of one town
        (`Huawei Device (Shenzhen)`) has another name than that of another.
        """
        return places_in_brackets(self.screener.index.names[int(self.pairs.form[c.pair])])

    def _is_another_party(self, one: Candidate, other: Candidate) -> bool:
        pairs = ((one, other), (other, one))
        return all(
            self.screener.own_names(a.party).isdisjoint(self.screener.every_name(b.party))
            for a, b in pairs
        )

    def _alert(self, f: Found, rank: int, c: Candidate, namesakes: Sequence[str]) -> Alert:
        record = self.screener.record(c.party)
        agreement = self._agreement(f, c)
        listings = record["listings"]
        other = self._bearers(f, c)
        dated = dated_effects(record["effects"], listings)
        own = (record["name"], agreement.listed_name)
        aliases = [text for text, *_ in record["names"] if text not in own]
        named = c.agreement in ("exact", "short")
        return Alert(
            query_id=f.query.id,
            query=_shortened(f.query.asked),
            agreement=agreement,
            rank=rank,
            band=self._band(c),
            listed=round(f.listed, 6),
            probability=None if c.probability is None else round(c.probability, 6),
            party=record["id"],
            schema=record["schema"],
            name=record["name"],
            column=f.query.column,
            role=f.query.role,
            asked=known_facts(f.query),
            bearers=other.who if other else "",
            bearers_count=other.count if other else 0,
            bearers_says=other.says() if other else "",
            group=self.screener.group(self.pairs, c.pair) if named else 1,
            effect="; ".join(record["effects"]),
            effects=dated,
            lists=_once_each(x["list"] for x in listings),
            programme=_once_each(x["programme"] for x in listings),
            listed_on=since(dated[0]) if dated else "",
            countries=record["countries"],
            born=record["born"],
            aliases=aliases[:MOST_ALIASES],
            joined=record["joined"],
            link=next((x["link"] for x in listings if x["link"]), ""),
            flags=self._flags(c, agreement, other, "; ".join(namesakes)),
            listings=listings,
            source=record["source"],
            snapshot=record["snapshot"],
            locator=record["locator"],
            marking=self.cut.marking,
            namesakes=tuple(namesakes),
        )

    def _flags(
        self, c: Candidate, agreement: Agreement, other: Bearers | None, namesakes: str
    ) -> list[dict[str, str]]:
        """Return what else is to be known of an alert."""
        record = self.screener.record(c.party)
        texts = (*record["names"], *record["addresses"])
        later = {text for text, *_, is_later in texts if is_later}
        borne = other.says() if other and other.who == "many" else ""
        is_later = agreement.listed_name in later or agreement.place in later
        flags = flags_of(record, c, agreement, later=is_later, borne=borne, namesakes=namesakes)
        return [*self._changes(c), *flags]


def _likeliest_first(
    candidates: Sequence[Candidate], place: Callable[[Candidate], int]
) -> list[Candidate]:
    """Return candidates with the likeliest first.

    Chances of one order of magnitude, counted from the likeliest, are comparable: among them
    ``place`` decides, by how the names agree, and not which party has more entries or firms about
    it.
    """
    likeliest = max((c.probability or 0.0 for c in candidates), default=0.0)

    def key(c: Candidate) -> tuple[int, int, float]:
        chance = max(c.probability or 0.0, _LEAST)
        orders = int(math.log10(max(likeliest, chance) / chance))
        return orders, place(c), -chance

    return sorted(candidates, key=key)


def _as_good_as_certain(
    loose: Sequence[Candidate], whole: Sequence[Candidate], exact: Sequence[Candidate]
) -> list[Candidate]:
    """Return other spellings that are shown beside exact ones: those of another piece, or sure."""
    named = {c.piece for c in exact}
    return [
        c
        for c in loose
        if not c.translated and (c.own >= _MATCH or not (whole or c.piece in named))
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUERY else text[:LONGEST_QUERY] + "…"


def _once_each(texts: Iterable[str]) -> str:
    """Return texts, each once and none blank, joined by ``; ``."""
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _folded(row: Alert, verdict: DecisionEffect) -> dict[str, str]:
    """Return what is said of an alert that was cleared earlier."""
    return {
        "query": row.query,
        "party": row.party,
        "name": row.name,
        "agreement": row.agreement.kind,
        "says": verdict.flag["says"],
        "eyes": "one" if len(verdict.eyes) == 1 else "two",
    }


def dated_effects(
    effects: Sequence[str], listings: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return what each publisher does to a party, the gravest effects first, the longest first.

    An effect stands once for each publisher that has it: what one state blocks another may block
    as well, and neither speaks for the other. Beside it stand that publisher's list and programme
    that have it longest, and that listing's own date: ``since`` where the list states it, ``by``
    where the first edition held that has the entry is all that is known.
    """
    out = []
    for effect in in_order(effects):
        longest: dict[str, Mapping[str, str]] = {}
        for listing in sorted((x for x in listings if x["effect"] == effect), key=_since_when):
            longest.setdefault(publisher(listing["list"]), listing)
        out += [_dated(listing) for listing in longest.values()]
    return out


def _since_when(listing: Mapping[str, str]) -> tuple[str, str]:
    return listing["listed_on"] or listing["listed_by"] or "9999", listing["list"]


def _dated(listing: Mapping[str, str]) -> dict[str, str]:
    """Return the effect of one listing with its date."""
    return {
        "effect": listing["effect"],
        "list": listing["list"],
        "programme": listing["programme"],
        "since": listing["listed_on"],
        "by": "" if listing["listed_on"] else listing["listed_by"],
        "link": listing["link"],
    }


_PLACE = {how: n for n, how in enumerate((*AGREEMENTS, "address"))}
_FORM_SAME = NAMES.index("legal_same")
