# SPDX-License-Identifier: Apache-2.0
"""The answer on the backfill of Europe as a document."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bilat.contingency.backfill.answer import BUDGETS, Backfill
from bilat.contingency.backfill.inputs import ENOUGH, NO_FIGURE, BackfillInputs, rows_behind
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
from bilat.document.blocks import Cell
from bilat.document.wording import capital, day, few, joined, per_cent
from bilat.planning.blocks import (
    RANGES,
    assumed_line,
    chance,
    drivers_table,
    numbers_table,
    ranged_quantiles,
    ranged_share,
    written_figure,
    yours_line,
)
from bilat.planning.figures import Figures
from bilat.planning.lineage import first_inputs, model_source
from bilat.regeneration.recovery.peace import ForceInYear
from bilat.units import share as share_unit
from bilat.when import AsOf

#: Months of a crisis that are printed.
MONTHS = (1, 2, 4, 7, 12)
#: Billions a year from which on money counts as without limit.
MUCH = 1000
#: What holds the replacement back, by what is taken away.
BACK = {
    "without lead times": "Building time is the main limit: if every order arrived at once",
    "without limits of lines": "Production capacity is the main limit: without limits",
}
#: Steps in which the share of runs is printed that put an order first: these runs are few.
STEP_OF_BEST = 0.1
#: What stands for a figure that nobody had published.
NOT_KNOWN = "not known"
#: What others published of what is needed and made, by capability: keys of their figures.
QUANTITIES = {
    "persons": ("66", "80", "62", "N222"),
    "brigades": ("81", "159", "163", "60"),
    "tanks": ("75", "N207"),
    "infantry fighting vehicles": ("73", "N208"),
    "artillery pieces": ("N209",),
    "attack helicopters": ("77",),
    "fighters": ("69", "N119"),
    "destroyers": ("71",),
    "air and missile defence": ("79", "N131", "162"),
    "deep strike": ("N211", "N121", "N122", "N123"),
    "munitions": ("N210", "N124", "N126", "N249"),
    "command and control": ("N113", "N114"),
    "electronic warfare": (),
    "rail and roads": ("N132", "N167"),
    "all targets of NATO": ("N217", "N204"),
    "money": ("68", "67", "N212"),
}


def quantities(known: Figures) -> Table:
    """Return what others published by capability, each figure with who said it and since when it
    was public.
    """
    rows: list[tuple[Cell, ...]] = []
    for capability, keys in QUANTITIES.items():
        public = [known.rows[k] for k in keys if k in known.rows]
        if not public:
            rows.append((capability, NOT_KNOWN, "", "", "nobody had published a figure", ""))
        for r in public:
            rows.append(
                (
                    capability,
                    written_figure(r.figure),
                    per_cent(r.unit),
                    r.item,
                    r.originator,
                    r.known_on.isoformat(),
                )
            )
    heads = ("capability", "figure", "unit", "what it counts", "publisher", "public by")
    return Table(tuple(Column(h) for h in heads), tuple(rows), title="backfill, others")


def document(
    backfill: Backfill, question: Question, against: Sequence[ForceInYear] = ()
) -> Document:
    """Return the answer for every surface."""
    blocks: tuple[Block, ...] = (
        *([Section("Compared with Russia", _against(backfill, against))] if against else []),
        Section("What America takes away, and what orders replace", _effects(backfill)),
        Section("What to order", _orders(backfill)),
        Section("Orders by year", (_by_year(backfill),)),
        Section("What others say is needed and produced, by capability", _quantities(backfill)),
        Section("What decides", _decides(backfill)),
        Section("More or less money", (_front(backfill),)),
        *_left_out(backfill.inputs),
        Section("Numbers", (numbers_table(backfill.inputs.numbers),), detail=True),
        Section("Rows", (first_inputs(backfill.rows),), detail=True),
        Next("Without used airliners", question.but(param=("a330_used.price=5",))),
        Next("If refuelling counts double", question.but(weight=("refuelling=2",))),
    )
    return Document(
        "backfill",
        f"Europe without American forces in a Pacific crisis, as of {day(backfill.as_of.date)}",
        _summary(backfill, against),
        blocks,
        backfill,
        question,
        as_of=backfill.as_of,
    )


def not_known(tables: BackfillInputs, question: Question, as_of: AsOf) -> Document:
    """Return the answer for a date on which too few figures were public."""
    have = [e.label for e in tables.public]
    half = math.ceil(ENOUGH * (len(tables.effects) + len(tables.unknown)))
    lines = (
        f"Not known as of {day(as_of.date)}: {tables.too_few}.",
        f"A plan needs, for at least {few(half)} of them, how many America would take away and "
        "what a replacement costs.",
        *([f"Both were public for {joined([x.lower() for x in have])}."] if have else []),
    )
    blocks: tuple[Block, ...] = (
        Section("What was missing", (_missing(tables),)),
        Section("Figures published by then", (_published(tables.known),)),
        Section("Numbers", (numbers_table(tables.numbers),), detail=True),
        Section("Rows", (first_inputs(rows_behind(tables)),), detail=True),
    )
    title = f"Europe without American forces in a Pacific crisis, as of {day(as_of.date)}"
    return Document("backfill", title, lines, blocks, tables, question, as_of=as_of)


def _missing(tables: BackfillInputs) -> Table:
    """Return which figures nobody had published, with the capabilities that lacked them."""
    assumed = [(e.label, NO_FIGURE) for e in tables.effects if e not in tables.public]
    lacking: dict[str, list[str]] = {}
    for label, why in (*tables.unknown, *assumed):
        lacking.setdefault(why, []).append(label)
    rows = tuple((capital(why), "; ".join(labels)) for why, labels in lacking.items())
    return Table((Column("what was missing"), Column("for these capabilities")), rows)


def _summary(a: Backfill, against: Sequence[ForceInYear]) -> tuple[str, ...]:
    n = a.inputs.numbers
    limits = a.limits
    money = (
        "with unlimited money" if a.order.budget > MUCH else f"with ${a.order.budget:g}bn a year"
    )
    # where the plan replaces nothing of several, money without limit tells them apart
    ordered = sorted(a.effects, key=lambda e: (round(e.covered.median, 2), e.most.median))
    least = [e.label[0].lower() + e.label[1:] for e in ordered[:3]]
    early = [o.plural for o in a.orders if o.early and chance(o.best, STEP_OF_BEST) >= 0.9]
    held_up = max(BACK, key=lambda x: limits[x])
    return (
        f"{money[0].upper()}{money[1:]} from {n('first_year'):.0f} on, Europe can replace "
        f"{a.covered.about('.0%')} of "
        "the American forces that a Pacific crisis would take away.",
        _mean_of_years(a),
        *(
            (f"With unlimited money, that average would be {a.ceiling.about('.0%')}.",)
            if a.order.budget <= MUCH
            else ()
        ),
        f"{BACK[held_up]}, the average could be {limits[held_up]:.0%}.",
        *_met(a, against),
        f"The hardest gaps to fill are {', '.join(least[:-1])} and {least[-1]}.",
        f"In nine of ten model runs, it is best to order these first: {joined(early)}."
        if early
        else "Nothing is best ordered first in as many as nine of ten model runs.",
        *_unspent(a),
        *_without_figures(a.inputs),
        *yours_line(n),
        RANGES,
        assumed_line(n, a.decides),
    )


def _mean_of_years(backfill: Backfill) -> str:
    """Return the sentence that tells the headline from the share of a single year."""
    (first, soon), (last, late) = backfill.by_crisis[0], backfill.by_crisis[-1]
    return (
        f"This is the average for crises beginning between {first} and {last}: "
        f"{soon.median:.0%} would be replaced in {first} and {late.median:.0%} in {last}."
    )


def _without_figures(tables: BackfillInputs) -> list[str]:
    """Return the sentence on capabilities that the plan leaves out."""
    if not tables.unknown:
        return []
    names = ", ".join(label.lower() for label, _ in tables.unknown)
    return [f"Left out, because no figures exist: {names}."]


def _met(backfill: Backfill, against: Sequence[ForceInYear]) -> tuple[str, ...]:
    """Return what is replaced in the first year in which Russia's tanks are likelier back than
    not.
    """
    by = dict(backfill.by_crisis)
    back = next((t for t in against if chance(t.back) > 0.5 and t.year in by), None)
    if back is None:
        return (
            ("Russia is not likely to have its tanks back by then, if the war ends next month.",)
            if against
            else ()
        )
    return (
        "If the war ends next month, Russia is more likely than not to have its tanks back by July "
        f"{back.year}. Europe would then have replaced {by[back.year].about('.0%')}.",
    )


def _against(backfill: Backfill, against: Sequence[ForceInYear]) -> tuple[Block, ...]:
    by = dict(backfill.by_crisis)
    rows = tuple(
        (t.year, ranged_share(t.share), chance(t.back), ranged_share(by[t.year]))
        for t in against
        if t.year in by
    )
    heads = (
        Column("July of", "d", True),
        Column("Russian tanks, % of February 2022", ".0%", True),
        Column("chance that Russia has recovered", ".0%", True),
        Column("US forces replaced", ".0%", True),
    )
    points = [
        Point(str(t.year), t.share.median, t.share.low, t.share.high, "modelled", "Russia's tanks")
        for t in against
        if t.year in by
    ]
    points += [
        Point(str(y), q.median, q.low, q.high, "modelled", "replaced in Europe")
        for y, q in backfill.by_crisis
    ]
    chart = Series(
        "Russia's tanks and what Europe has replaced, by year of the crisis",
        share_unit(scale=""),
        tuple(points),
        subtitle="Russia's tanks as a share of their number in February 2022; replacements as a "
        "share of the forces that leave Europe; median and 80% range of the model runs",
        source=model_source(backfill.rows),
    )
    note = Say(
        "Russia's tanks are shown as a share of their number in February 2022. They come from "
        "the plan for recovery, with a ceasefire next month and Chinese components. Tanks "
        "stand for Russia's ground forces, because no other class can be counted.",
        "note",
    )
    return (Table(heads, rows), chart, note)


def _unspent(a: Backfill) -> tuple[str, ...]:
    """Return what becomes of the money that is not spent."""
    last = a.problem.years + round(a.inputs.numbers("first_year")) - 1
    offered = float(a.problem.budget.sum())
    if a.order.budget > MUCH or a.spent > 0.95 * offered:
        return ()
    return (
        f"Of the ${offered:,.0f}bn available to {last}, Europe can use about "
        f"${float(f'{a.spent:.2g}'):,.0f}bn: later orders would arrive too late or fill no gap.",
    )


def _effects(backfill: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (
            f"{e.label}, {e.unit}",
            ranged_quantiles(e.leaves, ",.0f" if e.leaves.median >= 10 else ",.1f"),
            ranged_share(e.covered),
            e.most.median,
        )
        for e in sorted(backfill.effects, key=lambda e: e.covered.median)
    )
    printed = [m for m in MONTHS if m <= len(backfill.effects[0].by_month)]
    months: tuple[tuple[Cell, ...], ...] = tuple(
        (e.label, *(e.by_month[m - 1] for m in printed)) for e in backfill.effects
    )
    return (
        Table(
            (
                Column("capability"),
                Column("US units that would leave", ",.1f", True),
                Column("replaced", ".0%", True),
                Column("replaced with unlimited money", ".0%", True),
            ),
            rows,
            listing=True,
        ),
        Table(
            (Column("capability"), *(Column(f"month {m}", ".0%", True) for m in printed)),
            months,
            title="Share of American forces still there or replaced, by month of a crisis from "
            f"July {backfill.crisis}",
        ),
        Say(
            "Every capability and every month has the same weight. If a cut has been published "
            "for a capability, the plan uses it; if not, the range of all published cuts.",
            "note",
        ),
    )


def _orders(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (o.label, o.early, o.all, o.billions, o.in_use, chance(o.best, STEP_OF_BEST))
        for o in a.orders
        if o.all or o.best >= 0.1
    )
    heads = (
        Column("option"),
        Column("ordered in the first three years", number=True),
        Column("total ordered", number=True),
        Column("cost, $bn", ",.1f", True),
        Column("in use from", "d", True),
        Column("runs in which ordering early is right", ".0%", True),
    )
    last = round(a.inputs.numbers("crisis_to"))
    late = [o.label for o in a.orders if o.in_use and o.in_use > last]
    return (
        Table(heads, rows, listing=True),
        Say(
            f"The plan costs ${a.spent:,.0f}bn. Ordering early, in the last column, means in the "
            "first three years.",
            "note",
        ),
        *(
            [
                Say(
                    f"These arrive only in the last months of a crisis in {last}: {', '.join(late)}.",
                    "note",
                )
            ]
            if late
            else []
        ),
    )


def _ordered(number: int, label: str) -> str:
    """Return so many of an option: ``2 × A400M``, ``400 tanks`` for four orders of 100 tanks."""
    lot, _, things = label.partition(" ")
    return f"{number * int(lot):,} {things}" if lot.isdigit() else f"{number} × {label}"


def _by_year(backfill: Backfill) -> Table:
    total = 0.0
    rows: list[tuple[Cell, ...]] = []
    for year, orders, cash in backfill.by_year:
        total += cash
        said = ", ".join(_ordered(n, label) for label, n in orders) or "nothing"
        rows.append((year, said, cash, total))
    heads = (
        Column("year", "d", True),
        Column("orders"),
        Column("$bn", ",.1f", True),
        Column("total so far, $bn", ",.0f", True),
    )
    return Table(heads, tuple(rows))


def _published(known: Figures) -> Block:
    """Return what others published by capability, or that nobody had."""
    table = quantities(known)
    if not any(row[1] != NOT_KNOWN for row in table.rows):
        names = ", ".join(QUANTITIES)
        return Say(f"Not known: nobody had published a figure of {names}.")
    return Table(table.columns, table.rows)


def _quantities(backfill: Backfill) -> tuple[Block, ...]:
    table = _published(backfill.inputs.known)
    note = (
        "The share in this plan leaves out what cannot be ordered by the unit, such as "
        "people, command and rail."
    )
    return (table, Say(note, "note"))


def _decides(backfill: Backfill) -> tuple[Block, ...]:
    groups = drivers_table(
        backfill.drives, backfill.inputs.numbers, "the share replaced: groups of numbers"
    )
    single = drivers_table(
        backfill.decides[:6], backfill.inputs.numbers, "the share replaced: single numbers"
    )
    return (groups, single)


def _front(backfill: Backfill) -> Series:
    points = tuple(
        Point(f"${b:g}bn", round(c, 4) + 0.0, kind="modelled", group="") for b, c in backfill.front
    )
    return Series(
        "Share of the departing forces that Europe replaces, by yearly budget",
        share_unit(scale=""),
        points,
        foot=f"{len(BUDGETS)} budgets",
        source=model_source(backfill.rows),
    )


def _left_out(tables: BackfillInputs) -> tuple[Block, ...]:
    lines = []
    if tables.unknown:
        lines += [f"{label}: {why}." for label, why in tables.unknown]
    if tables.unpriced:
        lines.append(f"No price is public, so the plan cannot order: {', '.join(tables.unpriced)}.")
    return (Section("Left out", tuple(Say(x) for x in lines)),) if lines else ()
