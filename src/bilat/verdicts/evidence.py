# SPDX-License-Identifier: Apache-2.0
"""What speaks for a claim and against it: readings of indicators, and documents, as of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from bilat.document.wording import in_house_style
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts.clauses import may_lead, render
from bilat.verdicts.judgement import Evidence
from bilat.verdicts.ledger import Cited, Claim, Half, Indicator
from bilat.verdicts.makers import aside, originator
from bilat.verdicts.outcome import SIDES, Last, Outcome, Speaks
from bilat.verdicts.pairs import THESE
from bilat.verdicts.periods import end_of
from bilat.verdicts.rules import run
from bilat.verdicts.sentences import clause
from bilat.verdicts.subjects import names_for
from bilat.when import PAPER_DATE, AsOf, Period

#: What a piece weighs by the reliability of who says it; an indicator rests on a whole record.
WEIGHT = {"A": 3.0, "B": 2.0, "C": 1.0}
#: The month of the paper is of its time.
PAPER_MONTH = dt.date(2023, 3, 31)

#: A row of the table of documents.
Paper: TypeAlias = dict[str, Any]
_KEPT: WeakKeyDictionary[Holdings, dict[AsOf, dict[str, Paper]]] = WeakKeyDictionary()


def documents(as_of: AsOf, holdings: Holdings) -> dict[str, Paper]:
    """Every document that was public on a date, by id."""
    kept = _KEPT.setdefault(holdings, {})
    if as_of not in kept:
        found = read_table("documents", "period, document", as_of, holdings)
        kept[as_of] = {r["document"]: _as_printed(r) for r in found}
    return kept[as_of]


def read_table(table: str, order: str, as_of: AsOf, holdings: Holdings) -> list[Paper]:
    """Return every row of a table as of a date, in the order of some columns."""
    holdings.need([table])
    every = f"SELECT * FROM {table} ORDER BY {order}"
    cursor = holdings.connect(as_of, every).connection.cursor()
    try:
        return cursor.sql(every).to_arrow_table().to_pylist()
    finally:
        cursor.close()


def _as_printed(paper: Paper) -> Paper:
    """Return a document whose texts have amounts as the house writes them."""
    texts = {name: paper[name] for name in ("what", "headline") if paper[name]}
    return {**paper, **{name: in_house_style(text) for name, text in texts.items()}}


def gather(claim: Claim, half: Half, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Evidence]:
    """The evidence of one half of a claim, in the ledger's order.

    When written: the record as it was public on the paper's date, or on an earlier one asked: the answer is that which
    is given as of that day. Since: what is public on the date asked.
    """
    if half == "when_written":
        as_of = min(as_of, AsOf(PAPER_DATE))
    readings = [
        _reading(t, half, dyad, as_of, holdings) for t in claim.tests if t.half in ("both", half)
    ]
    cited = []
    if {dyad.a, dyad.b} == {THESE.a, THESE.b}:
        public = documents(as_of, holdings)
        counted = [
            c
            for c in claim.documents
            if c.half in ("both", half) and c.id in public and _may_speak(c, public[c.id], half)
        ]
        beside = {c.id for c in counted}
        cited = [
            replace(e, leads=e.leads and _is_printable(c, beside, public))
            for c in counted
            for e in [document_evidence(c, public[c.id])]
        ]
    first = {c.id for c in claim.documents if c.first}
    found = [e for e in readings if e is not None] + cited
    return sorted(found, key=lambda e: e.id not in first)


def _is_printable(cited: Cited, beside: Set[str], public: Mapping[str, Paper]) -> bool:
    """Return whether a clause may be printed beside the other documents of its half.

    Not next to a document that disputes it, and not before all that it tells of was public.
    """
    return beside.isdisjoint(cited.disputed_by) and public.keys() >= set(cited.prints)


def _reading(
    test: Indicator, half: Half, dyad: Dyad, as_of: AsOf, holdings: Holdings
) -> Evidence | None:
    """An indicator read as of a date."""
    o = run(test, dyad, as_of, holdings)
    if o.value is None or o.measurement is None:
        return None
    m = o.measurement
    last = last_of(
        o, test.named(dyad.a, dyad.b).group, PAPER_MONTH if half == "when_written" else as_of.date
    )
    behind = o.sources
    grades = [s["grade"] for s in behind]
    side = _side(test, o)
    names = names_for(test, dyad)
    template = test.against if side == "against" and test.against else test.say
    return Evidence(
        kind="indicator",
        id=test.measure,
        part=test.part,
        side=side,
        weight=3.0,
        says=clause(names.said(template), o, last, aside(test, behind)),
        leads=bool(template),
        why=names.said(test.what),
        publishers=tuple(s["producer"] for s in behind),
        originators=tuple(dict.fromkeys(originator(s["producer"], s["title"]) for s in behind)),
        grade=max(grades, default=""),
        reaches=o.record_to,
        content_to=o.data_to,
        known_on=None,
        later=o.revised,
        standing=test.standing,
        supposed=side == "in part" and {p.kind for p in o.used} == {"modelled"},
        value=o.value,
        low=o.low,
        high=o.high,
        unit=names.unit(o.unit),
        period=o.period,
        last=last,
        params=dict(m.params),
        outcome=o,
    )


def _side(test: Indicator, o: Outcome) -> Speaks:
    """Return the side of an indicator.

    A model that assumes what the claim says speaks in part at most. If its interval decides and
    reaches the threshold of *in part*, it does not speak against the claim either.
    """
    if not test.assumes or test.decide != "interval" or o.verdict != "not supported":
        return "in part" if test.assumes and o.verdict == "supported" else SIDES[o.verdict]
    is_upward = test.direction == "up"
    end = None if o.band is None else o.band.high if is_upward else o.band.low
    if end is None or test.partly is None:
        return SIDES[o.verdict]
    is_open = end >= test.partly if is_upward else end <= test.partly
    return "in part" if is_open else SIDES[o.verdict]


def last_of(outcome: Outcome, group: str, until: dt.date) -> Last | None:
    """The last two whole periods of the indicator's own record up to a day."""
    m = outcome.measurement
    if m is None:
        return None
    mine = [
        p for p in m.points if p.value is not None and not p.open and group in ("", "*", p.group)
    ]
    if not mine:
        return None
    length = len(max(mine, key=lambda p: p.period).period)
    sums: dict[str, float] = {}
    for p in mine:
        end = end_of(p.period)
        if len(p.period) == length and end is not None and end <= until:
            sums[p.period] = sums.get(p.period, 0.0) + (p.value or 0.0)
    if len(sums) < 2:
        return None
    before, last = sorted(sums)[-2:]
    return Last(last, sums[last], before, sums[before])


def _may_speak(cited: Cited, row: Paper, half: Half) -> bool:
    """Whether a document belongs to a half, by when it speaks of.

    When written: what ends by the month of the paper. Since: what ends after the paper, what stands
    until ended, and what is cited for both halves. Of the last the weighing drops what is too old,
    and says of a part without newer evidence how old what we have is.
    """
    end = Period(row["period"]).end
    if half == "when_written":
        return end <= PAPER_MONTH
    return cited.half == "both" or cited.standing or end > PAPER_DATE


def document_evidence(cited: Cited, row: Paper) -> Evidence:
    """Return a document as evidence, on the side and part that an entry of the ledger gives it."""
    earliest = row["public_from"]
    latest = row["public_to"]
    return Evidence(
        kind="document",
        id=cited.id,
        part=cited.part,
        side=cited.speaks,
        weight=WEIGHT.get(row["grade"][0], 0.0) if cited.speaks != "neither" else 0.0,
        says=render(cited.say, row) if cited.say else row["what"],
        leads=may_lead(cited.say, row),
        why=cited.why,
        publishers=(row["publisher"],),
        originators=(row["originator"],),
        chain=row["chain"] or "",
        limit=row["limit"] or "",
        grade=row["grade"],
        reaches=Period(row["period"]).end,
        content_to=Period(row["period"]).end,
        known_on=row["known_on"],
        public=f"{earliest}" if earliest == latest else f"{earliest} to {latest}",
        public_from=earliest,
        standing=cited.standing,
        value=row["figure"],
        low=row["low"],
        high=row["high"],
        unit=row["unit"] or "",
        period=row["period"],
        url=row["url"],
    )
