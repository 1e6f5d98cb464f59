# SPDX-License-Identifier: Apache-2.0
"""The answer on the backfill of Europe as a document."""

from __future__ import annotations

from bilat.contingency.backfill.answer import BUDGETS, Backfill
from bilat.document import Block, Column, Document, Next, Point, Question, Rows, Say, Section, Series, Table
from bilat.document.blocks import Cell
from bilat.planning.blocks import between, numbers_table, share

#: Months of a crisis that are printed.
MONTHS = (1, 2, 4, 7, 12)
MOST_ROWS = 60
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
        Section("Option by option: what sooner or more would bring", (_levers(a),), detail=True),
        Section("Numbers", (numbers_table(a.inputs.numbers),), detail=True),
        Section("Rows", (_rows(a),), detail=True),
        Next("Without the used airliners", question.but(param=("a330_used.per_year=0",))),
        Next("If tanking counts twice", question.but(weight=("refuelling=2",))),
    )
    return Document(
        "backfill", f"Europe without American forces in a Pacific crisis, as of {a.as_of}", _summary(a), blocks, a,
        question, as_of=a.as_of,
    )  # fmt: skip


def _summary(a: Backfill) -> tuple[str, ...]:
    n = a.inputs.numbers
    years = f"{n('crisis_from'):.0f} to {n('crisis_to'):.0f}"
    money = "without a limit of money" if a.order.budget > 1000 else f"with ${a.order.budget:g}bn a year"
    worst = sorted(a.effects, key=lambda e: e.covered.median)[:3]
    early = [o.label for o in a.orders if o.early and o.drawn >= 0.9]
    limits = a.limits
    return (
        f"Ordered from {n('first_year'):.0f} on {money}, Europe replaces {share(a.plan_covered)} of what a crisis in "
        f"the Pacific would take from it, the crisis coming in any year from {years}: by one plan made beforehand. "
        f"With every number known when it orders it would be {share(a.covered)}.",
        f"Money without limit would bring {share(a.ceiling)}: without lead times it could be "
        f"{limits['without lead times']:.0%}, without the limits of production lines "
        f"{limits['without limits of lines']:.0%}.",
        "Least replaced: " + "; ".join(f"{e.effect} {e.covered.median:.0%}" for e in worst) + ".",
        "In the first three years order, in at least nine draws of ten: " + ", ".join(early) + "."
        if early
        else "No option is ordered early in nine draws of ten.",
    )


def _effects(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (e.effect, between(e.leaves, ",.3g"), share(e.covered), e.most)
        for e in sorted(a.effects, key=lambda e: e.covered.median)
    )
    shown = [m for m in MONTHS if m <= len(a.effects[0].by_month)]
    months: tuple[tuple[Cell, ...], ...] = tuple(
        (e.effect, *(e.by_month[m - 1] for m in shown)) for e in a.effects
    )
    return (
        Table(
            (Column("effect"), Column("leaves", number=True), Column("replaced", number=True),
             Column("at any budget", "%", True)),
            rows, listing=True,
        ),
        Table(
            (Column("effect"), *(Column(f"month {m}", "%", True) for m in shown)), months,
            title=f"Share of the American part that is there, by month of a crisis from July {a.crisis}",
        ),
        Say(
            "Each effect counts alike and each month counts alike. Replaced: with every number known, over the draws; "
            "at any budget: at the middle of every range. What leaves is assumed where no release names it; "
            "European Command cut its offer for a crisis on 3 June 2026, and the number of tankers is not public.",
            "note",
        ),
    )  # fmt: skip


def _orders(a: Backfill) -> tuple[Block, ...]:
    rows = tuple(
        (o.label, o.early, o.all, o.billions, o.in_use, o.drawn) for o in a.orders if o.all or o.drawn >= 0.1
    )
    heads = (
        Column("option"), Column("first 3 years", number=True), Column("all", number=True),
        Column("$bn", ",.1f", True), Column("in use", "d", True), Column("draws, early", "%", True),
    )  # fmt: skip
    return (
        Table(heads, rows, listing=True),
        Say(
            f"One plan at the middle of every range, {a.plan.gap:.1%} from the best possible at most; over the "
            f"draws it covers {share(a.plan_covered)} and costs {a.spent:,.0f} billion dollars.",
            "note",
        ),
    )


def _decides(a: Backfill) -> tuple[Block, ...]:
    rows = tuple((d.name, d.signed, d.effect, d.error) for d in a.drives)
    heads = (
        Column("numbers moved together"), Column("points", "+.1f", True), Column("size", ".1f", True),
        Column("standard error", ".2f", True),
    )  # fmt: skip
    return (Table(heads, rows, title="Points of coverage for half of the range (Morris)"),)


def _front(a: Backfill) -> Series:
    points = tuple(Point(f"{b:g}", round(c, 4) + 0.0, kind="modelled", group="covered") for b, c in a.front)
    return Series(
        "Share replaced by budget, billion dollars a year", "share", points, foot=f"{len(BUDGETS)} budgets"
    )


def _levers(a: Backfill) -> Table:
    rows = tuple((x.label, x.sooner, x.more, x.forbidden) for x in a.levers)
    heads = (
        Column("option"), Column("a year sooner", "+.1f", True), Column("one more a year", "+.1f", True),
        Column("lost without it", ".1f", True),
    )  # fmt: skip
    return Table(heads, rows, title="Points of coverage")


def _rows(a: Backfill) -> Rows:
    columns = ("number", "what", "figure", "unit", "originator", "url", "locator", "known_on")
    found = [{"number": t.quantity.name, **r} for t in a.traced for r in t.rows]
    return Rows(columns, tuple(tuple(r.get(c) for c in columns) for r in found[:MOST_ROWS]), len(found))
