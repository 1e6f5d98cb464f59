# SPDX-License-Identifier: Apache-2.0
"""Exposure in the terminal, within 80 columns."""

from __future__ import annotations

from bilat.contingency.exposure import GAPS, Exposure
from bilat.goods.descriptions import chapter_names, description
from bilat.places.countries import country_name
from bilat.terminal.blockade import columns, wrapped

BILLION = 1e9


def show_exposure(answer: Exposure, *, explain: bool = False) -> None:
    """The answer: headline, coalitions, markets, products, the range by scope, what decides it, gaps."""
    _headline(answer)
    _coalitions(answer)
    _products(answer)
    _losses(answer)
    print("\nNot in the public record")
    for gap in GAPS:
        wrapped(f"- {gap}", "  ")
    if explain:
        _explain(answer)


def usd(value: float) -> str:
    """Billions of dollars with one digit; millions below a tenth of a billion."""
    if abs(value) >= 1e8:
        return f"{value / BILLION:,.1f} bn"
    return f"{value / 1e6:,.0f} m" if abs(value) >= 5e5 else "0 m"


def percent(share: float) -> str:
    """A share as per cent: two digits where small."""
    return f"{100 * share:.1f}%" if share < 0.995 else f"{100 * share:,.0f}%"


def between(low: float, high: float) -> str:
    """Two amounts in billions of dollars, with a digit after the point where they are small."""
    digits = 1 if high < 1e11 else 0
    return f"{low / BILLION:.{digits}f}-{high / BILLION:.{digits}f}"


def _headline(a: Exposure) -> None:
    members = len(a.coalition.members)
    of = f" ({members} states)" if members > 1 else ""
    print(f"China's exporters against {a.coalition.name}{of}, as of {a.as_of}")
    if a.coalition.name == "G7":
        print("G7 stands for the seven and the EU, which sanctions with them.")
    change = "fell by" if a.fell else "grew by"
    wrapped(
        f"Sales to Russia {change} {usd(abs(a.gain))} USD from {a.base} to {a.newest}, "
        f"to {usd(a.to_russia)} ({a.gain_source}). "
        f"Sales to the coalition were {usd(a.to_coalition)} in {a.sales.market_year}, "
        f"{percent(a.share)} of all (all goods)."
    )
    wrapped(
        f"Break-even: losing {percent(a.break_even)} of those sales would undo the gain; "
        f"{percent(a.break_even_all)} would undo all sales to Russia. No elasticity is in this."
    )


def _coalitions(a: Exposure) -> None:
    print(f"\nBy coalition ({a.sales.market_year})")
    columns(["coalition", "sales", "break-even"], ([n, usd(s), percent(b)] for n, s, b in a.standard))
    print("\nLargest markets in it")
    columns(
        ["market", "sales", "of exports", "break-even"],
        (
            [country_name(m.code), usd(m.sales), percent(m.share), percent(m.break_even)]
            for m in a.markets[:8]
        ),
    )
    wrapped(f"Concentration of China's exports over markets (HHI): {a.concentration:.3f}.")


def _products(a: Exposure) -> None:
    if a.products:
        print(f"\nWhat Russia bought more of, {a.base} to {a.newest}")
        columns(
            ["chapter", a.base, "newest", "gain", "of gain"],
            (
                [
                    f"{q.chapter} {chapter_names().get(q.chapter, '')}", usd(q.base), usd(q.newest), usd(q.gain),
                    f"{100 * q.share_of_gain:.0f}%",
                ]
                for q in a.products[:8]
            ),
        )  # fmt: skip
    else:
        wrapped(f"By product: no year after {a.base} was public by {a.as_of}.")
    if a.codes:
        print(f"\nProduct and market together, the codes held, {a.codes_year}")
        columns(
            ["code", "to coalition", "largest", "gain in Russia", "break-even"],
            (
                [
                    f"{c.code} {description(c.code) or ''}",
                    usd(c.coalition),
                    c.largest_market,
                    usd(c.gain),
                    percent(c.break_even),
                ]
                for c in a.codes[:8]
            ),
        )


def _losses(a: Exposure) -> None:
    print(f"\nLoss by scope, bn USD: {percent(a.deflected)} sold elsewhere, to nothing sold elsewhere")
    chosen = a.parameters("scope")
    scopes = sorted({x.scope for x in a.losses})
    by = {(x.cut, x.scope): x for x in a.losses}
    rows = [[c.name, *(between(by[c.name, s].low, by[c.name, s].high) for s in scopes)] for c in a.cuts]
    columns(["cut of the goods touched", *(f"{100 * s:g}%" for s in scopes)], rows)
    for s, (low, middle, high) in a.spread.items():
        mark = " (the scope set)" if s == chosen else ""
        print(f"  scope {100 * s:g}%: loss over gain {low:.2g}, {middle:.2g}, {high:.2g} (5, 50, 95%){mark}")
    if a.swing:
        wrapped(
            "What decides it, low to high of each input: "
            + ", ".join(f"{n} x{v:.1f}" for n, v in a.swing)
            + f". {percent(a.deflected)} deflected is the published figure for Iran's exporters, not China's."
        )
    wrapped(
        "The scope, the added cost, the price cut and the margin have no source: they are yours to set "
        "(--param scope=0.2). Elasticities are of tariffs; a ban or a bank's refusal is not a tariff."
    )


def _explain(a: Exposure) -> None:
    print("\nParameters (assumed first)")
    for q in a.parameters.plain():
        mark = "ASSUMED " if q["assumed"] else ""
        wrapped(
            f"{q['name']} = {q['value']:g} {q['unit']} ({q['low']:g} to {q['high']:g}); {mark}{q['source']}",
            "  ",
        )
    print("\nCuts")
    for c in a.cuts:
        wrapped(f"{c.name}: {percent(c.share)}; {c.source}", "  ")
    print("\nRows (of the first 40 inputs)")
    for u in a.sales.used[:40]:
        wrapped(
            f"{u['input']} = {u['value']:.4g} {u['unit']} ({u['period']}): {u['source']}, {u['locator']}, "
            f"known {u['known_on']}",
            "  ",
        )
