# SPDX-License-Identifier: Apache-2.0
"""Alerts of a screening: one a query and party, with agreement, other bearers, band, dated effects
and sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz.distance import OSA

from bilat.parties.decide.decisions import LONGEST_QUERY, Decided, pair_key
from bilat.parties.decide.known import Said, judged, told_beside
from bilat.parties.lists.effects import in_order
from bilat.parties.match.bearers import Bearers, bearers
from bilat.parties.match.chance import AGREEMENTS, BANDS, DEFAULT_BAND, PERSON_NAME, band_of
from bilat.parties.match.evidence import states
from bilat.parties.match.index import ORGANISATION, PERSON, UNKNOWN
from bilat.parties.match.matching import BATCH, Pairs
from bilat.parties.match.pairing import NAMES, SHORT, words_beside
from bilat.parties.match.screener import BASE_RATE, Candidate, Found, Screener
from bilat.parties.match.spelling import contracted
from bilat.parties.names.script import has_han
from bilat.parties.names.tagging import is_common
from bilat.parties.run.consignments import describe_consignments
from bilat.parties.run.flags import flags_of
from bilat.parties.run.queries import Query

#: Aliases that a row shows.
MOST_ALIASES = 12
#: The column that rows have besides where they are marked.
MARKED = "marking"
#: The band of a name of which every row was cleared earlier.
CLEARED = "cleared"
#: Least probability of a row below which names far from all listed ones are looked at too.
ALL_BELOW = 0.02
#: Least probability of another spelling of a typed name that is offered ("did you mean"), and of one within it.
MEANT = 0.0003
WITHIN = 0.1
#: Letters of the longest word in capitals that is taken for an acronym.
LONGEST_ACRONYM = 4
_MATCH, _LIKELY = (dict(BANDS)[band] for band in ("match", "likely"))


#: An alert, a listed party that a query may name, as it is written: cells by :data:`COLUMNS`.
Row = dict[str, Any]


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


#: What a row has, in order (docs/parties.md says what each is).
COLUMNS = (
    "query_id", "column", "role", "query", "consignment", "asked", "rank", "agreement",
    "bearers", "bearers_count", "bearers_says", "group", "band", "listed", "probability",
    "effect", "effects", "party", "schema", "name", "name_matched", "matched_by", "name_agrees",
    "list", "programme", "listed_on", "countries", "born", "aliases", "joined", "link",
    "identifiers", "flags", "listings", "source", "snapshot", "locator",
)  # fmt: skip
#: Columns whose cells are lists or tables.
NESTED = (
    "asked",
    "effects",
    "identifiers",
    "flags",
    "listings",
    "countries",
    "born",
    "aliases",
    "joined",
)


@dataclass
class QueryRows:
    """What comes out of one query."""

    band: str = "none"  # of its surest row; cleared: there were rows, and all are folded away
    rows: list[Row] = field(default_factory=list)
    folded: list[dict[str, str]] = field(default_factory=list)  # cleared earlier, with the reason
    sentence: str = ""  # what was found of the whole consignment, party by party


def workbook_line(query: Query, answer: QueryRows) -> Row:
    """Return a name of the file with its cells, rows and what was folded, as the workbook takes it."""
    return {
        "row": query.row,
        "column": query.column,
        "query": query.asked,
        "consignment": answer.sentence,
        "cells": query.cells or (query.name,),
        "rows": answer.rows,
        "folded": answer.folded,
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
        rows = [
            {**row, "query_id": q.id, "column": q.column, "asked": row["asked"] | q.beside()}
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
            row = self._row(f, rank, c)
            if self.cut.marking:
                row[MARKED] = self.cut.marking
            decided = self.cut.decisions.get(pair_key(f.query.asked, row["party"]))
            if decided is not None:
                said = Said(f.query, self.screener.record(c.party), c.numbers, c.place is not None)
                verdict = judged(decided, said)
                if verdict.folds(four_eyes=self.cut.four_eyes):
                    out.folded.append(
                        {
                            **{k: row[k] for k in ("query", "party", "name", "agreement")},
                            "says": verdict.flag["says"],
                            "eyes": "one" if len(verdict.eyes) == 1 else "two",
                        }
                    )
                    continue
                row["flags"] = [*row["flags"], verdict.flag]
            out.rows.append(row)
        bands = {row["band"] for row in out.rows} or ({CLEARED} if out.folded else set())
        out.band = next((band for band in (*dict(BANDS), CLEARED) if band in bands), "none")
        return out

    def _changes(self, c: Candidate) -> list[dict[str, str]]:
        """What has changed of a party's entries."""
        ids = self.screener.record(c.party)["ids"] if self.cut.changed else ()
        return (
            [self.cut.changed[i] for i in ids if i in self.cut.changed] if self.cut.changed else []
        )

    def _typed(self, f: Found) -> list[Candidate]:
        """Of a typed name: who bears it, exactly first. Where anybody does, no other spelling is
        offered and no name within it, but for one that is as good as certain; else those that may
        be meant.
        """
        whole = [c for c in f.candidates if c.agreement in AGREEMENTS[1:3] and self._whole(f, c)]
        exact = [
            c
            for c in f.candidates
            if c.numbers
            or c in whole
            or (not whole and c.agreement in AGREEMENTS[1:3] and c.own >= WITHIN)
        ]
        loose = [
            c
            for c in f.candidates
            if c.agreement in AGREEMENTS[3:] and c not in exact and c.own >= MEANT
        ]
        if whole or exact:
            named = {c.piece for c in exact}
            loose = [
                c
                for c in loose
                if not c.translated and (c.own >= _MATCH or not (whole or c.piece in named))
            ]
        kept = exact + [c for c in loose if self._meant(c)]
        kept.sort(
            key=lambda c: (
                _PLACE[c.agreement] if c in exact else len(_PLACE),
                -(c.probability or 0.0),
            )
        )
        return kept[: max(self.cut.top, sum(c.agreement == "number" for c in kept))]

    def _whole(self, f: Found, c: Candidate) -> bool:
        """Whether the whole field was compared."""
        return self.pairs.reading[c.pair].sole

    def _meant(self, c: Candidate) -> bool:
        """Whether a name that agrees loosely may be the one that is meant: it is likely whatever
        differs, it is one in whole translation or in abbreviations, it stands whole within the
        field, or it differs by slips.
        """
        if c.own >= (_MATCH if c.agreement == "part" else _LIKELY):
            return True
        reading = self.pairs.reading[c.pair].form
        index = self.screener.index
        form = int(self.pairs.form[c.pair])
        text = self.pairs.reading[c.pair].text
        if " " not in text and text.isupper() and len(text) <= LONGEST_ACRONYM:
            return False  # an acronym is right or it is another one
        words = reading.tokens
        listed = index.words_of_form(form)
        person = self.pairs.kind[c.pair] == PERSON_NAME
        near, meant, left = words_beside(index, reading, form, person)
        if c.translated:
            return c.own >= WITHIN and c.agreement == "near" and not left
        several = " " in text and len(words) > 1
        if several and not person and abbreviates(reading.plain, index.plain[form]):
            return True
        if c.agreement == "part":
            bare = not left and not near and not has_han(self.pairs.reading[c.pair].text)
            return c.own >= WITHIN and bare
        if person and near and not left and all(len(words[n]) == 1 for n in near):
            return True  # initials that are those of the listed person
        if meant or any(
            len(w) < SHORT for w in {*words} ^ {*listed}
        ):  # other initials are another name
            return False
        if c.own >= WITHIN or any(bearers(words, kind).count for kind in (ORGANISATION, PERSON)):
            return c.own >= WITHIN  # a name that somebody has is no slip in another
        written = reading.written or words
        theirs = index.plain[form].split()
        meant_words = [_nearest(written[n], theirs) for n in near]
        # A slip in a word that many names have points to no one of them.
        return bool(near) and all(
            len(words[n]) > SHORT
            and OSA.distance(written[n], word) <= max(1, len(words[n]) // 4)
            and not is_common(word)
            for n, word in zip(near, meant_words, strict=True)
        )

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
            or (_undisputed(c) >= least and _PLACE[c.agreement] <= best[c.piece])
        ]
        shown = shown[: max(self.cut.top, sum(bool(c.numbers) for c in shown))]
        placed = [c for c in f.candidates if c.place is not None and c not in shown]
        return shown + sorted(placed, key=lambda c: (-c.place.agreement, c.party))[: self.cut.top]  # type: ignore[union-attr]

    def _sure(self, f: Found, c: Candidate) -> bool:
        """Whether the field is, whole, a listed name as the list writes it, or, but for legal form
        and script, one that hardly anybody else has; and nothing beside it speaks against that.
        """
        if not c.names_whole or c.disputed:
            return False
        if c.whole:
            return True
        asked = self.pairs.reading[c.pair].form.tokens
        form = int(self.pairs.form[c.pair])
        if self.pairs.cost[c.pair] and len(asked) != len(self.screener.index.words_of_form(form)):
            return False  # a town in the field is not its bank
        other_class, form_same, order = self.pairs.features[c.pair, _BARE]
        other = self._bearers(f, c)
        own_form = form_same or not self.pairs.reading[c.pair].form.legal
        few = other is not None and (
            other.who != "many" or other.count <= self.screener.group(self.pairs, c.pair)
        )
        return bool(own_form and few and order and not other_class)

    def _band(self, c: Candidate) -> str:
        """The band of a row, by the chance that the name is listed as this party's. The exact name
        or number of a listed party is never called unlikely, unless something beside it speaks
        against it.
        """
        band = (
            DEFAULT_BAND if c.agreement == "address" else band_of(max(c.own, c.probability or 0.0))
        )
        sure = (c.agreement == "number" or c.names_whole) and not c.disputed
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
        if kind in (ORGANISATION, UNKNOWN) and not reading.form.legal and reading.party_class == -1:
            kind = UNKNOWN  # a list may not say who is a person
        return bearers(words, kind, states(f.query)) if words else None

    def _row(self, f: Found, rank: int, c: Candidate) -> Row:
        screener = self.screener
        record = screener.record(c.party)
        matched = (
            screener.index.names[int(self.pairs.form[c.pair])] if c.pair >= 0 else record["name"]
        )
        later = {text for text, *_, late in (*record["names"], *record["addresses"]) if late}
        place = screener.addresses.text[c.place.address] if c.place is not None else ""
        listings = record["listings"]
        name = f.query.asked
        other = self._bearers(f, c)
        dated = dated_effects(record["effects"], listings)
        return {
            "query_id": f.query.id,
            "column": f.query.column,
            "role": f.query.role,
            "query": name if len(name) <= LONGEST_QUERY else name[:LONGEST_QUERY] + "…",
            "consignment": "",
            "asked": told_beside(f.query),
            "rank": rank,
            "agreement": c.agreement,
            "bearers": other.who if other else "",
            "bearers_count": other.count if other else 0,
            "bearers_says": other.says() if other else "",
            "group": self.screener.group(self.pairs, c.pair)
            if c.agreement in ("exact", "short")
            else 1,
            "band": self._band(c),
            "listed": round(f.listed, 6),
            "probability": None if c.probability is None else round(c.probability, 6),
            "effect": "; ".join(record["effects"]),
            "effects": dated,
            "party": record["id"],
            "schema": record["schema"],
            "name": record["name"],
            "name_matched": matched,
            "matched_by": self._matched_by(f, c),
            "name_agrees": c.pair >= 0 and c.score > 0,
            "list": "; ".join(dict.fromkeys(x["list"] for x in listings)),
            "programme": "; ".join(
                dict.fromkeys(x["programme"] for x in listings if x["programme"])
            ),
            "listed_on": since(dated[0]) if dated else "",
            "countries": record["countries"],
            "born": record["born"],
            "aliases": [t for t, *_ in record["names"] if t not in (record["name"], matched)][
                :MOST_ALIASES
            ],
            "joined": record["joined"],
            "link": next((x["link"] for x in listings if x["link"]), ""),
            "identifiers": c.numbers,
            "flags": self._changes(c)
            + flags_of(
                record,
                c,
                place=place,
                later=matched in later or place in later,
                borne=other.says() if other and other.who == "many" else "",
            ),
            "listings": listings,
            "source": record["source"],
            "snapshot": record["snapshot"],
            "locator": record["locator"],
        }

    def _matched_by(self, f: Found, c: Candidate) -> str:
        if c.numbers:
            return "number"
        if c.pair < 0:
            return "address"
        said = (
            "name" if self._whole(f, c) else f"part of the field: {self.pairs.reading[c.pair].text}"
        )
        said += ", in translation" if c.translated else ""
        also = [w.what for w in c.weighed if w.factor > 1] + (["address"] if c.place else [])
        return ", ".join([said, *also])


def dated_effects(
    effects: Sequence[str], listings: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Each effect, the gravest first, with the list and programme that has it longest, and that
    listing's own date: ``since`` where the list states it, ``by`` where the first edition held that
    has the entry is all that is known.
    """
    out = []
    for effect in in_order(effects):
        of = [x for x in listings if x["effect"] == effect]
        if of:
            first = min(of, key=lambda x: (x["listed_on"] or x["listed_by"] or "9999", x["list"]))
            out.append(
                {
                    "effect": effect,
                    "list": first["list"],
                    "programme": first["programme"],
                    "since": first["listed_on"],
                    "by": "" if first["listed_on"] else first["listed_by"],
                    "link": first["link"],
                }
            )
    return out


def since(effect: Mapping[str, str]) -> str:
    """The date of one effect as it is written: ``2022-04-06``, ``by 2023-03-15``, or nothing."""
    return effect["since"] or (f"by {effect['by']}" if effect["by"] else "")


def effect_line(effect: Mapping[str, str]) -> str:
    """One effect with its own date and list: ``blocked since 2022-04-06 (OFAC SDN, RUSSIA-
    EO14024)``.
    """
    day = f"since {effect['since']}" if effect["since"] else since(effect) or "date not stated"
    return f"{effect['effect']} {day} ({', '.join(filter(None, (effect['list'], effect['programme'])))})"


def flat(row: Row) -> Row:
    """A row whose nested cells are texts, joined by ``; ``."""

    def line(x: Mapping[str, str]) -> str:
        edition = x["edition"] and f"edition {x['edition']}"
        says = ", ".join(filter(None, (x["effect"], listed_since(x), edition, x["party"])))
        return f"{' '.join(filter(None, (x['list'], x['programme'])))} ({says})"

    return {
        **row,
        **{c: "; ".join(map(str, row[c])) for c in NESTED[2:]},
        "asked": "; ".join(f"{k} {v}" for k, v in row["asked"].items()),
        "effects": "; ".join(map(effect_line, row["effects"])),
        "flags": "; ".join(f"{f['flag']}: {f['says']} [{f['rule']}]" for f in row["flags"]),
        "listings": "; ".join(map(line, row["listings"])),
    }


def listed_since(listing: Mapping[str, str]) -> str:
    """The date of one listing, as :func:`since`."""
    return since({"since": listing["listed_on"], "by": listing["listed_by"]})


def abbreviates(asked: str, listed: str) -> bool:
    """Whether each plain word asked is, in order, a listed one, its beginning or its letters but
    for vowels.
    """

    def cut(word: str, whole: str) -> bool:
        letters = iter(whole)
        begun = whole.startswith(word) or (word[0] == whole[0] and contracted(word, whole))
        return begun and all(c in letters for c in word)

    words = iter(listed.split())
    return all(any(cut(word, w) for w in words) for word in asked.split())


def _nearest(word: str, others: Sequence[str]) -> str:
    """Return the word that another one is the fewest slips from."""
    return min(others, key=lambda other: int(OSA.distance(word, other)))


_PLACE = {how: n for n, how in enumerate((*AGREEMENTS, "address"))}
_BARE = [NAMES.index(x) for x in ("class_other", "legal_same", "order")]


def _undisputed(c: Candidate) -> float:
    """A candidate's chance but for a number that contradicts it: such a number lowers a row and
    never hides it.
    """
    disputed = [w.factor for w in c.weighed if w.what == "number"]
    odds = c.own / max(1 - c.own, 1e-12) / (disputed[0] if disputed else 1.0)
    return odds / (1 + odds)
