# SPDX-License-Identifier: Apache-2.0
"""The window as a document: chances by year, one chart of the three plans, and what would narrow
it.
"""

from __future__ import annotations

import math

from bilat.contingency.window.answer import JULY, ReadinessWindow
from bilat.document import (
    Block,
    Column,
    Document,
    Next,
    Point,
    Question,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.wording import day
from bilat.planning.blocks import share
from bilat.planning.lineage import model_source
from bilat.regeneration.recovery.records import month_index, month_text

#: Months between two points of a course in the chart.
EVERY = 6
#: Days of a year of closure, the scale of China's oil in the chart.
YEAR = 365.25
#: What would be observed of each number, and when it is due.
OBSERVED = {
    "new_plateau": (
        "how many new tanks Russia makes a month",
        "dated photographs of new hulls by serial number; The Military Balance, each February",
    ),
    "active": (
        "how many tanks Russia has when the war ends",
        "a count of active tanks: The Military Balance, each February",
    ),
    "wear": ("how many tanks wear out", "tanks written off without combat; nobody publishes it"),
    "gone": (
        "how much of the American part would leave",
        "the American offer at NATO's next conference on forces, capability by capability",
    ),
    "fighters.gone": ("how many American fighters would leave", "the same conference"),
    "drones.gone": ("how many American drones would leave", "the same conference"),
    "lead": (
        "how long orders take in Europe",
        "deliveries of what was ordered in 2024 and 2025, as they come",
    ),
    "line_share": ("how much industry can take orders for", "orders of the lines, once a year"),
    "refuelling.us_part": ("how many American tankers Europe needs", "NATO's targets"),
    "rationing": ("how much Chinese refiners can cut", "monthly runs in a closure that lasts"),
    "usable_stock": ("how much of China's store can be drawn", "tank bottoms and line fill"),
    "stock_drawn": ("how much China has drawn", "customs, output and runs, each month"),
}


def document(a: ReadinessWindow, question: Question) -> Document:
    """Return the answer for every surface."""
    blocks: tuple[Block, ...] = (
        Section("Risk year by year", (_years(a),)),
        Section("The three plans in one chart", (_chart(a), Say(_reading(a), "note"))),
        Section("What would reduce the uncertainty", (_observations(a),)),
        Next("See the window if Europe must replace 80%", question.but(enough=0.8)),
        Next("With nothing from China", question.but(china="none")),
    )
    return Document(
        "window",
        f"When Russia is back and Europe is not ready, as of {day(a.as_of.date)}",
        _summary(a),
        blocks,
        a,
        question,
        as_of=a.as_of,
    )


def _summary(a: ReadinessWindow) -> tuple[str, ...]:
    top = a.likeliest
    first = next((y for y in a.years if y.open >= 0.5), None)
    lines = [
        f"The window is most likely to be open in {top.year}: {top.open:.0%}. It is open when "
        "Russia "
        "has its tanks of February 2022 back and Europe has not yet replaced "
        f"{a.enough:.0%} of what America takes away.",
        f"From {first.year} on it is more likely open than not."
        if first
        else "In no year is it more likely open than not.",
        f"With its sea lanes shut, China's oil lasts {a.oil.about()} days. The chance that the "
        "window is "
        f"open and China has oil for {a.months} months is {top.open_with_oil:.0%} in {top.year}.",
    ]
    if a.decides:
        name = a.decides[0].name
        what, when = OBSERVED.get(name, (name.replace("_", " "), ""))
        lines.append(
            f"One observation would tell us most about {a.decided}: {what} "
            f"({a.decides[0].share:.0%} of the uncertainty). It would come from {when}."
        )
    lines += [f"Left out because it is not public: {x}." for x in a.missing]
    lines.append(
        f"These chances are our own and have not been tested. They weigh {len(a.courses)} "
        "publishers "
        "equally and draw the three plans separately."
    )
    return tuple(lines)


def _years(a: ReadinessWindow) -> Table:
    rows = tuple(
        (y.year, y.back, share(y.replaced), y.lacking, y.open, y.open_with_oil) for y in a.years
    )
    heads = (
        Column("July of", "d", True),
        Column("chance that Russia is back", ".0%", True),
        Column("US forces replaced", number=True),
        Column("chance that Europe lacks them", ".0%", True),
        Column("chance that the window is open", ".0%", True),
        Column("open, and China has oil", ".0%", True),
    )
    return Table(heads, rows, listing=True)


def _chart(a: ReadinessWindow) -> Series:
    """Return the three plans by month, a line for each belief."""
    start = month_index(a.ceasefire)
    points = []
    for c in a.courses:
        name = c.belief.who.split(",")[0].split(" (")[0]
        points += [
            Point(month_text(start + m), float(c.share[m]), kind="modelled", group=name)
            for m in range(0, len(c.share), EVERY)
        ]
    for y in a.years:
        at = f"{y.year}-{JULY:02d}"
        q = y.replaced
        points.append(Point(at, q.median, q.low, q.high, "modelled", "replaced in Europe"))
        if math.isfinite(a.oil.median) and not a.missing:
            lasts = min(a.oil.median / YEAR, 2.0)
            points.append(Point(at, lasts, kind="modelled", group="China's oil, years of closure"))
    return Series(
        "Russia's tanks by publisher, what Europe replaces, and China's oil",
        "share",
        tuple(points),
        subtitle="tanks as a share of February 2022; replaced as a share of what leaves; oil in "
        "years of a closure",
        focus=("replaced in Europe", "China's oil, years of closure"),
        source=model_source(a.used),
    )


def _reading(a: ReadinessWindow) -> str:
    return (
        f"We assume a ceasefire in {a.ceasefire}. Tanks stand for Russia's ground forces, and "
        "Europe "
        "spends $10bn a year. China's stocks stay at today's level, because nobody publishes how "
        "they will be filled."
    )


def _observations(a: ReadinessWindow) -> Table:
    rows = tuple(
        (
            OBSERVED.get(d.name, (d.name.replace("_", " "), ""))[0],
            d.share,
            OBSERVED.get(d.name, ("", ""))[1],
        )
        for d in a.decides
    )
    heads = (
        Column("if we knew"),
        Column("uncertainty removed", ".0%", True),
        Column("what would tell us, and when"),
    )
    return Table(
        heads, rows, title=f"Share of the uncertainty about {a.decided} that each would take away"
    )
