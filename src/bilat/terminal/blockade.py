# SPDX-License-Identifier: Apache-2.0
"""The blockade in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from bilat.contingency.blockade import Blockade, explained
from bilat.contingency.blockade.monthly import TIERS

WIDTH = 80


def days_text(days: float) -> str:
    """Whole days, below ten with one digit; ``no end`` where nothing is short or beyond ten years."""
    if days > 3653:
        return "no end"
    return f"{days:.0f}" if days >= 10 else f"{days:.1f}"


def wrapped(text: str, indent: str = "") -> None:
    """Print a paragraph within the width."""
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False))


def columns(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table within the width: the first column to the left and cut to fit, the others to the right."""
    body = [list(map(str, r)) for r in rows]
    wide = [max(len(h), *(len(r[i]) for r in body)) if body else len(h) for i, h in enumerate(headings)]
    wide[0] = min(wide[0], WIDTH - sum(wide[1:]) - 2 * (len(headings) - 1))
    for row in [list(headings), *body]:
        first = row[0] if len(row[0]) <= wide[0] else row[0][: wide[0] - 1] + "…"
        rest = (cell.rjust(w) for cell, w in zip(row[1:], wide[1:], strict=True))
        print("  ".join([first.ljust(wide[0]), *rest]).rstrip())


def show_blockade(answer: Blockade, *, explain: bool = False) -> None:
    """The answer: headline, closures, months, Russian lines, gas, published figures, the test of 2026."""
    _headline(answer)
    _closures(answer)
    _months(answer)
    _russia(answer)
    _gas(answer)
    _published(answer)
    _backtest(answer)
    if explain:
        _explain(answer)


def _headline(a: Blockade) -> None:
    case, stock = a.case, a.stock
    print(f"China with {a.closed} closed for {a.months} months, as of {a.as_of}")
    lost = 1 - case.imports / a.inputs.imports
    wrapped(
        f"Crude imports fall from {a.inputs.imports:.2f} to {case.imports:.2f} million barrels a day "
        f"({100 * lost:.0f}% lost). Refineries lack {case.short:.2f}; the {stock:,.0f} million barrels that can be "
        f"drawn last {days_text(case.days(stock))}{'' if case.days(stock) > 3653 else ' days'}."
    )
    low, middle, high = a.spread.days
    share = a.spread.covered
    wrapped(
        f"Over {a.draws:,} draws: {days_text(low)}, {days_text(middle)}, {days_text(high)} days "
        f"(5, 50, 95%); no shortage in {100 * share:.0f}% of them."
        + (
            " Mostly set by " + ", ".join(n for n, _ in a.spread.drivers[:3]) + "."
            if a.spread.drivers
            else ""
        )
        + (f" {a.case_beside_draws}" if a.case_beside_draws else "")
    )
    unmeasured = sum(1 for q in a.parameters.values() if q.assumed)
    wrapped(
        f"{unmeasured} of {len(a.parameters)} parameters are assumed: nobody measured them (--explain lists them)."
        + (f" {len(a.later)} rest on pages published after {a.as_of}." if a.later else "")
    )


def _closures(a: Blockade) -> None:
    print("\nClosures (million barrels a day; days on the stock that can be drawn)")
    cases = [a.case, *(c for c in a.standard if c.closed != a.case.closed)]
    names = {frozenset[str](): "nothing"}
    columns(
        ["closed", "imports", "lost", "lift used", "lacking", "days"],
        (
            [
                names.get(c.closed, ", ".join(sorted(c.closed))), f"{c.imports:.2f}",
                f"{100 * (1 - c.imports / a.inputs.imports):.0f}%", f"{100 * c.used / c.fleet:.0f}%",
                f"{c.short:.2f}", days_text(c.days(a.stock)),
            ]
            for c in cases
        ),
    )  # fmt: skip


def _months(a: Blockade) -> None:
    print(f"\nDemand unmet over {a.months} months, by tier (linear programme, which foresees the end)")
    columns(
        ["tier", "mean mb/d", "worst month"],
        ([t, f"{a.monthly.mean(t):.2f}", f"{max(a.monthly.unmet[t]):.2f}"] for t in TIERS),
    )
    wrapped(
        f"One barrel a day more is worth {a.monthly.worth[0]:.1f} (a barrel for store: 1, for transport: "
        f"{a.parameters('value_transport'):.0f}). Stock at the end: {a.monthly.stock[-1]:,.0f} million barrels."
    )


def _russia(a: Blockade) -> None:
    print("\nRussian oil overland")
    columns(
        ["lines", "mb/d", "lacking", "days", f"unmet in {a.months} mo, mb", "saved, mb"],
        (
            [
                r.state,
                f"{r.overland:.2f}",
                f"{r.short:.2f}",
                days_text(r.days),
                f"{r.unmet:,.0f}",
                f"{r.saved:,.0f}",
            ]
            for r in a.relief
        ),
    )
    wrapped("Days gained are most where the need is least; barrels saved are nothing until stocks are gone.")


def _gas(a: Blockade) -> None:
    g = a.gas
    print(
        f"\nGas (bcm a year; {a.parameters('gas_storage'):.0f} bcm in store, no winter, no limit on the rate)"
    )
    wrapped(
        f"Of {g.imports:.0f} imported, {g.lost:.0f} stop if no ship finds a detour ({days_text(g.days)} days), "
        f"{g.lost_rerouted:.0f} if every ship does ({days_text(g.days_rerouted)})."
    )
    columns(
        ["Russian pipes, no detour", "bcm/a", "days"], ([n, f"{r:.0f}", days_text(d)] for n, r, d in g.lines)
    )


def _published(a: Blockade) -> None:
    print("\nPublished figures, and what reproduces each")
    for f in a.published:
        wrapped(
            f"{f.id} {f.figure}: {f.published:g} {f.unit}; here {f.reproduced:.1f} with {f.assumption}.", "  "
        )
        ours = days_text(f.ours) if f.unit == "days" else f"{f.ours:.1f}"
        wrapped(f"the model's own: {ours} {f.unit}, {f.ours_is}.", "    ")


def _backtest(a: Blockade) -> None:
    t = a.backtest
    print("\nTest: the closure of Hormuz in 2026 (customs, million barrels a day)")
    if t is None:
        wrapped(f"not shown: {a.why_no_backtest}")
        return
    months = list(t.observed)
    columns(
        ["", *(m[5:] for m in months), "2Q", "error"],
        [
            ["observed", *(f"{t.observed[m]:.2f}" for m in months), f"{t.quarter:.2f}", ""],
            *(
                [r.name, *(f"{r.months[m]:.2f}" for m in months), f"{r.quarter:.2f}", f"{r.error:+.2f}"]
                for r in t.rules
            ),
        ],
    )
    low, middle, high = t.band
    fixed, naive = t.rules[0], t.rules[1]
    wrapped(
        f"Draws of the first rule: {low:.2f}, {middle:.2f}, {high:.2f} (5, 50, 95%). By month it misses by "
        f"{fixed.mae:.2f} on average (naive {naive.mae:.2f}): the level is right partly because months cancel."
    )
    wrapped(
        "Imports fell because "
        + ", ".join(f"{name} ({v:+.2f})" for name, v in t.fall.items())
        + f". With refineries held the rule draws {t.stock_draw['refineries held at their intake']:.0f} million "
        f"barrels in the quarter; {t.stock_draw['observed']:.0f} were drawn: demand and stock policy are not in it."
    )
    wrapped("Every number of the rule was public before; the rule was written afterwards. Months of 2026 are "
            "quoted from a public collection, the pages themselves were not opened.")  # fmt: skip


def _explain(a: Blockade) -> None:
    print("\nHow it comes about")
    for line in explained(a):
        wrapped(line, "  ")
    print("\nParameters (assumed first)")
    for q in a.parameters.plain():
        mark = "ASSUMED " if q["assumed"] else ""
        wrapped(
            f"{q['name']} = {q['value']:g} {q['unit']} ({q['low']:g} to {q['high']:g}); {mark}{q['source']}",
            "  ",
        )
    print("\nRows")
    for u in a.inputs.used:
        wrapped(f"{u['input']} = {u['value']:.4g} {u['unit']} ({u['period']}): {u['source']}, {u['locator']}, "
                f"known {u['known_on']}", "  ")  # fmt: skip
