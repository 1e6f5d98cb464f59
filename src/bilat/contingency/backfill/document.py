# SPDX-License-Identifier: Apache-2.0
"""The answer on the backfill of Europe as a document."""

from __future__ import annotations

from collections.abc import Sequence

from bilat.contingency.backfill.answer import BUDGETS, Backfill
from bilat.contingency.backfill.inputs import NO_FIGURE, BackfillInputs, rows_behind
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
from bilat.planning.blocks import assumed_line, between, drivers_table, numbers_table, share
from bilat.planning.figures import Figures
from bilat.planning.lineage import shown
from bilat.regeneration.recovery.threat import Threat
from bilat.when import AsOf

#: Months of a crisis that are printed.
MONTHS = (1, 2, 4, 7, 12)
#: Billions a year from which on money counts as without limit.
MUCH = 1000
#: What holds the replacement back, by what is taken away.
BACK = {
    "without lead times": "Time to build holds it back: if everything came at once",
    "without limits of lines": "Production lines hold it back: if they had no limits",
}
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
            rows.append((capability, "not known", "", "", "no figure was public", ""))
        for r in public:
            rows.append(
                (capability, r.figure, r.unit, r.item, r.originator, r.known_on.isoformat())
            )
    heads = ("capability", "figure", "unit", "of", "whose", "public by")
    return Table(tuple(Column(h) for h in heads), tuple(rows), title="backfill, others")


def document(a: Backfill, question: Question, against: Sequence[Threat] = ()) -> Document:
    """Return the answer for every surface."""
    blocks: tuple[Block, ...] = (
        *([Section("Against Russia", _against(a, against))] if against else []),
        Section("What leaves, and what the orders replace", _effects(a)),
        Section("What to order", _orders(a)),
        Section("Orders by year", (_by_year(a),)),
        Section("By capability: what others say is needed, and what is made", _quantities(a)),
        Section("What decides", _decides(a)),
        Section("More or less money", (_front(a),)),
        *_left_out(a.inputs),
        Section("Numbers", (numbers_table(a.inputs.numbers),), detail=True),
        Section("Rows", (shown(a.rows),), detail=True),
        Next("Without the used airliners", question.but(param=("a330_used.price=5",))),
        Next("If tanking counts twice", question.but(weight=("refuelling=2",))),
    )
    return Document(
        "backfill",
        f"Europe without American forces in a Pacific crisis, as of {a.as_of}",
        _summary(a, against),
        blocks,
        a,
        question,
        as_of=a.as_of,
    )


def not_known(tables: BackfillInputs, question: Question, as_of: AsOf) -> Document:
    """Return the answer for a date on which too few figures were public."""
    have = [e.label for e in tables.public]
    every = len(tables.effects) + len(tables.unknown)
    lines = (
        f"Not known as of {as_of}: of {every} capabilities only {len(have)} had a published "
        "figure of what "
        "America would take away.",
        f"Public were figures of {', '.join(x.lower() for x in have)}."
        if have
        else "None was public.",
        f"Nothing is worked out of so little; half of the {every} must be public.",
    )
    assumed = [e.label for e in tables.effects if e not in tables.public]
    rows = (*tables.unknown, *((label, NO_FIGURE) for label in assumed))
    missing = Table((Column("capability"), Column("what is missing")), rows)
    blocks: tuple[Block, ...] = (
        Section("What had no public figure", (missing,)),
        Section("What had been published by then", (quantities(tables.known),)),
        Section("Numbers", (numbers_table(tables.numbers),), detail=True),
        Section("Rows", (shown(rows_behind(tables)),), detail=True),
    )
    title = f"Europe without American forces in a Pacific crisis, as of {as_of}"
    return Document("backfill", title, lines, blocks, tables, question, as_of=as_of)


def _summary(a: Backfill, against: Sequence[Threat]) -> tuple[str, ...]:
    n = a.inputs.numbers
    limits = a.limits
    money = (
        "without a limit of money" if a.order.budget > MUCH else f"for ${a.order.budget:g}bn a year"
    )
    ordered = sorted(a.effects, key=lambda e: e.covered.median)
    least = [e.label[0].lower() + e.label[1:] for e in ordered[:3]]
    early = [o.label for o in a.orders if o.early and o.best >= 0.9]
    held_up = max(BACK, key=lambda x: limits[x])
    return (
        f"{money[0].upper()}{money[1:]} from {n('first_year'):.0f} on, Europe can replace "
        f"{a.covered.about('.0%')} of "
        "the American forces that a crisis in the Pacific takes away "
        f"from {n('crisis_from'):.0f} to {n('crisis_to'):.0f}.",
        *(
            (f"Any amount of money would bring {a.ceiling.about('.0%')}.",)
            if a.order.budget <= MUCH
            else ()
        ),
        f"{BACK[held_up]}, it could be {limits[held_up]:.0%}.",
        *_met(a, against),
        f"Least can be done about {', '.join(least[:-1])} and {least[-1]}.",
        f"Right to order first in nine of ten draws: {', '.join(early)}."
        if early
        else "No option is right to order first in nine of ten draws.",
        *_unspent(a),
        *(
            [f"Left out, for want of figures: {', '.join(x.lower() for x, _ in a.inputs.unknown)}."]
            if a.inputs.unknown
            else []
        ),
        assumed_line(n, a.decides),
    )


def _met(a: Backfill, against: Sequence[Threat]) -> tuple[str, ...]:
    """Return what is replaced in the first year in which Russia's tanks are likelier back than
    not.
    """
    by = dict(a.by_crisis)
    back = next((t for t in against if t.back >= 0.5 and t.year in by), None)
    if back is None:
        return (
            ("Russia's tanks are not likely back by then, if the war ends now.",) if against else ()
        )
    return (
        f"In {back.year}, when Russia's tanks are likelier back than not, Europe would have "
        "replaced "
        f"{by[back.year].about('.0%')}.",
    )


def _against(a: Backfill, against: Sequence[Threat]) -> tuple[Block, ...]:
    by = dict(a.by_crisis)
    rows = tuple(
        (t.year, share(t.share), t.back, share(by[t.year])) for t in against if t.year in by
    )
    heads = (
        Column("crisis of", "d", True),
        Column("tanks, of 2022", number=True),
        Column("back", ".0%", True),
        Column("replaced", number=True),
    )
    points = [
        Point(str(t.year), t.share.median, t.share.low, t.share.high, "modelled", "Russia's tanks")
        for t in against
        if t.year in by
    ]
    points += [
        Point(str(y), q.median, q.low, q.high, "modelled", "replaced in Europe")
        for y, q in a.by_crisis
    ]
    chart = Series(
        "Russia's tanks against what Europe replaces, by year of the crisis",
        "share",
        tuple(points),
        subtitle="median, 10% to 90% of the draws",
    )
    note = Say(
        "Russia's tanks as a share of those of February 2022, and the chance that they are back, "
        "as of the plan for "
        "recovery, with a ceasefire in the month after this date and China's components; "
        "tanks stand for Russia's ground forces, of which no other class can be counted.",
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
        f"Of ${offered:,.0f}bn offered to {last} it can use about "
        f"${float(f'{a.spent:.2g}'):,.0f}bn: what is ordered "
        "later comes too late or is not short.",
    )


def _effects(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (
            f"{e.label}, {e.unit}",
            between(e.leaves, ",.0f" if e.leaves.median >= 10 else ",.1f"),
            share(e.covered),
            e.most.median,
        )
        for e in sorted(a.effects, key=lambda e: e.covered.median)
    )
    printed = [m for m in MONTHS if m <= len(a.effects[0].by_month)]
    months: tuple[tuple[Cell, ...], ...] = tuple(
        (e.label, *(e.by_month[m - 1] for m in printed)) for e in a.effects
    )
    return (
        Table(
            (
                Column("capability"),
                Column("leaves", number=True),
                Column("replaced", number=True),
                Column("at any budget", ".0%", True),
            ),
            rows,
            listing=True,
        ),
        Table(
            (Column("capability"), *(Column(f"month {m}", ".0%", True) for m in printed)),
            months,
            title=f"Share of the American part that is there, by month of a crisis from July {a.crisis}",
        ),
        Say(
            "Each capability counts alike and each month counts alike. What leaves is a "
            "published cut where there is "
            "one, else the range of all published cuts.",
            "note",
        ),
    )


def _orders(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (o.label, o.early, o.all, o.billions, o.in_use, o.best)
        for o in a.orders
        if o.all or o.best >= 0.1
    )
    heads = (
        Column("option"),
        Column("first 3 years", number=True),
        Column("all", number=True),
        Column("$bn", ",.1f", True),
        Column("in use", "d", True),
        Column("best early", ".0%", True),
    )
    last = round(a.inputs.numbers("crisis_to"))
    late = [o.label for o in a.orders if o.in_use and o.in_use > last]
    return (
        Table(heads, rows, listing=True),
        Say(
            f"The plan costs {a.spent:,.0f} billion dollars. The last column: in what share of "
            "draws of all numbers "
            "it is right to order it in the first three years; what is named at the top is right "
            "in nine of ten.",
            "note",
        ),
        *(
            [
                Say(
                    f"In time only for the last months of a crisis of {last}: {', '.join(late)}.",
                    "note",
                )
            ]
            if late
            else []
        ),
    )


def _by_year(a: Backfill) -> Table:
    total = 0.0
    rows: list[tuple[Cell, ...]] = []
    for year, orders, cash in a.by_year:
        total += cash
        said = ", ".join(f"{n} {label}" for label, n in orders) or "nothing"
        rows.append((year, said, cash, total))
    heads = (
        Column("year", "d", True),
        Column("orders"),
        Column("$bn", ",.1f", True),
        Column("in all, $bn", ",.0f", True),
    )
    return Table(heads, tuple(rows))


def _quantities(a: Backfill) -> tuple[Block, ...]:
    table = quantities(a.inputs.known)
    note = "Capabilities without a unit that can be ordered here (persons, command, rail) are not in the plan's share."
    return (Table(table.columns, table.rows), Say(note, "note"))


def _decides(a: Backfill) -> tuple[Block, ...]:
    groups = drivers_table(
        a.drives, a.inputs.numbers, "the share replaced, groups moved as a whole"
    )
    single = drivers_table(a.decides[:6], a.inputs.numbers, "it among single numbers")
    return (groups, single)


def _front(a: Backfill) -> Series:
    points = tuple(
        Point(f"{b:g}", round(c, 4) + 0.0, kind="modelled", group="covered") for b, c in a.front
    )
    return Series(
        "Share replaced by budget, billion dollars a year",
        "share",
        points,
        foot=f"{len(BUDGETS)} budgets",
    )


def _left_out(tables: BackfillInputs) -> tuple[Block, ...]:
    lines = []
    if tables.unknown:
        lines += [f"{label}: {why}." for label, why in tables.unknown]
    if tables.unpriced:
        lines.append(f"No price was public, so it is not offered: {', '.join(tables.unpriced)}.")
    return (Section("Left out", tuple(Say(x) for x in lines)),) if lines else ()
