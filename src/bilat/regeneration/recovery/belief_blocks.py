# SPDX-License-Identifier: Apache-2.0
"""What each publisher's figure leads to, as blocks and lines of the answer."""

from __future__ import annotations

import math

from bilat.document import Block, Column, Point, Say, Section, Series, Table
from bilat.document.wording import day
from bilat.planning.blocks import chance
from bilat.planning.lineage import model_source
from bilat.regeneration.recovery.answer import Recovery
from bilat.regeneration.recovery.beliefs import Beliefs, Believed
from bilat.regeneration.recovery.notation import ranged_months, vehicles, years
from bilat.regeneration.recovery.peace import HORIZON


def publisher_of(believed: Believed) -> str:
    """Return the publisher of a belief, without its office."""
    return believed.belief.who.split(",")[0].split(" (")[0]


def when_back(believed: Believed) -> str:
    """Return how long Russia needs by a belief, in words."""
    return (
        "not within ten years"
        if math.isinf(believed.months.median)
        else years(believed.months).partition(" (")[0]
    )


def next_count_line(b: Beliefs) -> str:
    """Return whether the next count of active tanks tells the publishers apart."""
    if not b.told_apart:
        return (
            "No count of all of them in the war is published that could tell." if b.answers else ""
        )
    told = (
        f"will show who is right in {len(b.separable)} of {len(b.told_apart)} pairs of publishers"
        if b.separable
        else "will not settle it by itself"
    )
    return f"The next count, in The Military Balance of {b.due:%B %Y}, {told}."


def belief_blocks(a: Recovery) -> tuple[Block, ...]:
    """Return the months until Russia recovers by each publisher's figure, as table and chart."""
    b = a.beliefs
    if b is None:
        return ()
    if not b.answers:
        missing = f"no publisher's figure of new {vehicles(a)} was public by {day(a.as_of.date)}"
        return (Section("By publisher", (Say(f"Not known: {missing}."),)),)
    rows = tuple(
        (
            publisher_of(x),
            x.new_a_year,
            ranged_months(x.months),
            chance(x.never),
        )
        for x in b.answers
    )
    said = tuple(
        (x.belief.who, x.belief.says, x.active.median, "; ".join(x.pages)) for x in b.answers
    )
    chart = Series(
        f"Months from the ceasefire until Russia has its {vehicles(a)} back, by publisher",
        "months",
        tuple(
            Point(
                b.count_at,
                _finite(q.median),
                _finite(q.low) if math.isfinite(q.low) else float(HORIZON),
                _finite(q.high),
                "modelled",
                publisher_of(x),
                "" if math.isfinite(q.high) else f"the range reaches beyond {HORIZON} months",
                endless=math.isinf(q.high),
            )
            for x in b.answers
            for q in [x.months]
        ),
        "interval",
        "median and 80% range of the model runs",
        source=model_source(a.lineage),
    )
    return (
        Section(
            "The same model with each publisher's figures",
            (
                Table(
                    (
                        Column("publisher"),
                        Column(f"new {vehicles(a)} a year", ",.0f", True),
                        Column("months until Russia recovers", ",.0f", True),
                        Column("chance that it does not recover in ten years", ".0%", True),
                    ),
                    rows,
                    listing=True,
                ),
                chart,
                Table(
                    (
                        Column("who"),
                        Column("what it says"),
                        Column(f"active {b.count_at}", ",.0f", True),
                        Column("from"),
                    ),
                    said,
                    title="What each publisher says",
                    detail=True,
                ),
                Say(_remarks(a.klass.name, b), "note"),
            ),
        ),
    )


#: What decides between publishers of a class.
_DECIDES = {
    "tank": "The number of new tanks matters most. Figures on storage or wear also change the "
    "stock at the ceasefire.",
    "ifv_apc": "A figure for the BMP-3 only describes a force that gets no other new vehicles.",
}


def _remarks(klass: str, heard: Beliefs) -> str:
    """Return what decides between publishers, and what must be known of those that were public."""
    remarks = [x.belief.remark for x in heard.answers if x.belief.remark]
    return " ".join((_DECIDES[klass], *remarks))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
