# SPDX-License-Identifier: Apache-2.0
"""The answer on the backfill of Europe as a document."""

from __future__ import annotations

from bilat.contingency.backfill.answer import BUDGETS, Backfill
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
from bilat.planning.blocks import between, numbers_table, share
from bilat.planning.lineage import shown

#: Months of a crisis that are printed.
MONTHS = (1, 2, 4, 7, 12)
#: Billions a year from which on money counts as without limit.
MUCH = 1000
#: What holds the replacement back, by what is taken away.
BACK = {
    "without lead times": "Time to build holds it back: if everything came at once",
    "without limits of lines": "Production lines hold it back: if they had no limits",
}
#: What others published of the whole, beside which the plan's money stands.
IISS = (
    "IISS (May 2025) puts the one-off price of replacing American weapons in Europe at 226 to 344 billion dollars, "
    "whatever the crisis."
)


def others() -> Table:
    """Estimates by others, as a sheet of the book."""
    return Table((Column("what others say"),), ((IISS,),), title="backfill, others")


def document(a: Backfill, question: Question) -> Document:
    """The answer for every surface."""
    blocks: tuple[Block, ...] = (
        Section("What leaves, and what the orders replace", _effects(a)),
        Section("What to order", _orders(a)),
        Section("What decides", _decides(a)),
        Section("More or less money", (_front(a), Say(IISS, "note"))),
        Section("Numbers", (numbers_table(a.inputs.numbers),), detail=True),
        Section("Rows", (shown(a.rows),), detail=True),
        Next("Without the used airliners", question.but(param=("a330_used.per_year=0",))),
        Next("If tanking counts twice", question.but(weight=("refuelling=2",))),
    )
    return Document(
        "backfill",
        f"Europe without American forces in a Pacific crisis, as of {a.as_of}",
        _summary(a),
        blocks,
        a,
        question,
        as_of=a.as_of,
    )


def _summary(a: Backfill) -> tuple[str, ...]:
    n = a.inputs.numbers
    limits = a.limits
    money = (
        "without a limit of money" if a.order.budget > MUCH else f"for ${a.order.budget:g}bn a year"
    )
    least = [e.effect for e in sorted(a.effects, key=lambda e: e.covered.median)[:3]]
    early = [o.label for o in a.orders if o.early and o.best >= 0.9]
    held_up = max(BACK, key=lambda x: limits[x])
    return (
        f"{money[0].upper()}{money[1:]} from {n('first_year'):.0f} on, Europe can replace {a.covered.about('.0%')} of "
        "the American forces that a crisis in the Pacific takes away "
        f"from {n('crisis_from'):.0f} to {n('crisis_to'):.0f}.",
        *(
            (f"Any amount of money would bring {a.ceiling.about('.0%')}.",)
            if a.order.budget <= MUCH
            else ()
        ),
        f"{BACK[held_up]}, it could be {limits[held_up]:.0%}.",
        f"Least can be done about {', '.join(least[:-1])} and {least[-1]}.",
        "Right to order first, whatever else is true: " + ", ".join(early) + "."
        if early
        else "No option is right to order first whatever else is true.",
        *_unspent(a),
    )


def _unspent(a: Backfill) -> tuple[str, ...]:
    """What becomes of the money that is not spent."""
    last = a.problem.years + round(a.inputs.numbers("first_year")) - 1
    offered = float(a.problem.budget.sum())
    if a.order.budget > MUCH or a.spent > 0.95 * offered:
        return ()
    return (
        f"Of ${offered:,.0f}bn offered to {last} it can use about ${float(f'{a.spent:.2g}'):,.0f}bn: what is ordered "
        "later comes too late or is not short.",
    )


def _effects(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (
            e.effect,
            between(e.leaves, ",.0f" if e.leaves.median >= 10 else ",.1f"),
            share(e.covered),
            e.most.median,
        )
        for e in sorted(a.effects, key=lambda e: e.covered.median)
    )
    shown = [m for m in MONTHS if m <= len(a.effects[0].by_month)]
    months: tuple[tuple[Cell, ...], ...] = tuple(
        (e.effect, *(e.by_month[m - 1] for m in shown)) for e in a.effects
    )
    return (
        Table(
            (
                Column("effect"),
                Column("leaves", number=True),
                Column("replaced", number=True),
                Column("at any budget", ".0%", True),
            ),
            rows,
            listing=True,
        ),
        Table(
            (Column("effect"), *(Column(f"month {m}", ".0%", True) for m in shown)),
            months,
            title=f"Share of the American part that is there, by month of a crisis from July {a.crisis}",
        ),
        Say(
            "Each effect counts alike and each month counts alike. What leaves is assumed where no release names it; "
            "European Command cut its offer for a crisis on 3 June 2026, and the number of tankers is not public.",
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
            f"The plan costs {a.spent:,.0f} billion dollars. The last column: in what share of draws of all numbers "
            "it is right to order it in the first three years; what is named at the top is right in nine of ten.",
            "note",
        ),
        *(
            [
                Say(
                    f"In time for the last months of a crisis of {last} alone: {', '.join(late)}.",
                    "note",
                )
            ]
            if late
            else []
        ),
    )


def _decides(a: Backfill) -> tuple[Block, ...]:
    rows = tuple((d.name, d.signed, d.error) for d in a.drives)
    heads = (
        Column("numbers moved together"),
        Column("points", "+.1f", True),
        Column("standard error", ".2f", True),
    )
    return (
        Table(
            heads,
            rows,
            title="Points of the share replaced, from the lower to the upper half of their ranges",
        ),
    )


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
