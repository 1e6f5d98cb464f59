# SPDX-License-Identifier: Apache-2.0
"""The blockade in the terminal, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bilat.contingency.blockade import Blockade, explained
from bilat.contingency.blockade.monthly import TIERS
from bilat.contingency.blockade.routes import SPOKEN
from bilat.contingency.blockade.words import TEN_YEARS, days_text, lasting, spread_text

WIDTH = 80


def short_name(closed: frozenset[str]) -> str:
    """A closure for the first column of a table; the three straits together are ``3 straits``."""
    three = {"malacca", "lombok", "sunda"}
    names = {**SPOKEN, "australia": "Australia way", "pacific": "America way"}
    some = [n for k, n in names.items() if k in closed and not (k in three and three < closed)]
    return ", ".join((["3 straits"] if three < closed else []) + some) or "nothing"


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
    wrapped(
        f"China with {a.spoken} closed for {a.months} month{'s' if a.months != 1 else ''}, as of {a.as_of}"
    )
    wrapped(f"{imports_text(a)} {stock_text(a)}")
    wrapped(spread_text(a))
    unmeasured = sum(1 for q in a.parameters.values() if q.assumed)
    wrapped(
        f"{unmeasured} of {len(a.parameters)} parameters are assumed: nobody measured them (--explain lists them)."
        + (f" {len(a.later)} rest on pages published after {a.as_of}." if a.later else "")
    )


def imports_text(a: Blockade) -> str:
    """What becomes of imports, in a sentence."""
    was, now = a.inputs.imports, a.case.imports
    if f"{was:.2f}" == f"{now:.2f}":
        return f"Crude imports stay at {was:.2f} million barrels a day."
    return f"Crude imports fall from {was:.2f} to {now:.2f} million barrels a day ({100 * (1 - now / was):.0f}% lost)."


def stock_text(a: Blockade) -> str:
    """What refineries lack and how long stocks last, in a sentence."""
    if a.case.short <= 1e-12:
        return f"Refineries lack nothing: none of the {a.stock:,.0f} million barrels that can be drawn is needed."
    days = a.case.days(a.stock)
    return f"Refineries lack {a.case.short:.2f}; the {a.stock:,.0f} million barrels that can be drawn " + (
        "do not run out within ten years." if days > TEN_YEARS else f"last {lasting(days)}."
    )


def _closures(a: Blockade) -> None:
    print("\nClosures (million barrels a day; days on the stock that can be drawn)")
    cases = [a.case, *(c for c in a.standard if c.closed != a.case.closed)]
    columns(
        ["closed", "imports", "lost", "lift used", "lacking", "days"],
        (
            [
                short_name(c.closed), f"{c.imports:.2f}",
                f"{100 * (1 - c.imports / a.inputs.imports):.0f}%", f"{100 * c.used / c.fleet:.0f}%",
                f"{c.short:.2f}", days_text(c.days(a.stock)),
            ]
            for c in cases
        ),
    )  # fmt: skip
    wrapped("3 straits: Malacca, Lombok and Sunda.")


def _months(a: Blockade) -> None:
    print(f"\nDemand unmet over {a.months} months, by tier (linear programme, which foresees the end)")
    columns(
        ["tier", "mean mb/d", "worst month"],
        ([t, f"{a.monthly.mean(t):.2f}", f"{max(a.monthly.unmet[t]):.2f}"] for t in TIERS),
    )
    wrapped(
        f"One barrel a day more is worth {a.monthly.worth[0]:.1f} (a barrel left in store: 1, for transport: "
        f"{a.parameters('value_transport'):.0f}). {in_store(a)}"
    )


def in_store(a: Blockade) -> str:
    """What becomes of the stock over the months, and what it did before the closure."""
    rate = a.monthly.into_store
    way = "goes into store" if rate >= 0 else "comes out"
    return (
        f"Stock that can be drawn: {a.monthly.start:,.0f} million barrels at the start, {a.monthly.stock[-1]:,.0f} at "
        f"the end ({abs(rate):.2f} a day {way}). Before the closure {a.inputs.build:.2f} a day was left over for "
        f"store: {a.inputs.build_of}."
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
        f"Of {g.imports:.0f} imported, {g.lost:.0f} stop if no ship finds a detour ({lasting(g.days)}), "
        f"{g.lost_rerouted:.0f} if every ship does ({lasting(g.days_rerouted)})."
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
        ours = lasting(f.ours) if f.unit == "days" else f"{f.ours:.1f} {f.unit}"
        wrapped(f"the model's own: {ours}, {f.ours_is}.", "    ")


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
        f"The fall of imports, {sum(t.fall.values()):.2f}, split: "
        + "; ".join(f"{name} ({v:+.2f}: {t.fall_of[name]})" for name, v in t.fall.items())
        + ". Figures of different years: none is a cause that anybody counted. With refineries held the rule draws "
        f"{t.stock_draw['refineries held at their intake']:.0f} million barrels in the quarter; "
        f"{t.stock_draw['observed']:.0f} were drawn: demand and stock policy are not in it."
    )
    wrapped("Every number of the rule was public before; the rule was written afterwards. Months of 2026 are "
            "quoted from a public collection, the pages themselves were not opened.")  # fmt: skip


def range_text(parameter: Mapping[str, Any]) -> str:
    """`` (0 to 0.2)`` after a parameter's unit; nothing where it has one value."""
    low, high = parameter["low"], parameter["high"]
    return f" ({low:g} to {high:g})" if low < high else ""


def _explain(a: Blockade) -> None:
    print("\nHow it comes about")
    for line in explained(a):
        wrapped(line, "  ")
    print("\nParameters (assumed first)")
    for q in a.parameters.plain():
        mark = "ASSUMED " if q["assumed"] else ""
        wrapped(
            f"{q['name']} = {q['value']:g} {q['unit']}{range_text(q)}; {mark}{q['source']}",
            "  ",
        )
    print("\nRows")
    for u in a.inputs.used:
        wrapped(f"{u['input']} = {u['value']:.4g} {u['unit']} ({u['period']}): {u['source']} graded "
                f"{u['grade']}, {u['locator']}, known {u['known_on']}", "  ")  # fmt: skip
