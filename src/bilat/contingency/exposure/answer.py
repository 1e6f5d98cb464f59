# SPDX-License-Identifier: Apache-2.0
"""Exposure worked out: what China's exporters would risk for what they gain in Russia."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bilat.contingency.exposure.inputs import Coalition, Sales, coalition, read_sales
from bilat.contingency.exposure.loss import break_even, deflected, spread
from bilat.contingency.exposure.newest_share import NewestShare, newest_share
from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Ask, default_holdings
from bilat.planning import Assumptions, Quantiles, load, with_user
from bilat.planning.draws import RUNS
from bilat.planning.figures import Figures, figures
from bilat.when import AsOf

PACKAGE = "bilat.contingency.exposure"
#: Coalitions shown beside the one asked for.
STANDARD = ("USA", "EU27", "G7", "COALITION", "WIDE")
#: What the public record cannot say, printed with every answer.
GAPS = (
    "China's exports by market in any whole year after 2021",
    "China's exports by market and HS6, except for 18 codes",
    "whether the firms that sell to Russia are those that sell to the coalition",
    "profit margins by market",
    "the tariff equivalent and the scope of a secondary sanction",
    "which other suppliers the coalition has",
)


@dataclass(frozen=True)
class Market:
    """A market in the coalition: USD, share of China's exports, and the share of it that equals
    the gain.
    """

    code: str
    sales: float
    share: float
    break_even: float


@dataclass(frozen=True)
class Product:
    """A chapter sold to Russia: USD in the base year and the newest, and its part of the gain."""

    chapter: str
    base: float
    newest: float
    gain: float
    share_of_gain: float


@dataclass(frozen=True)
class Exposure:
    """The answer. USD throughout; shares are fractions. ``fell`` is true where sales to Russia did
    not grow.
    """

    coalition: Coalition
    as_of: AsOf
    seed: int
    draws: int
    sales: Sales
    parameters: Assumptions
    base: str
    newest: str
    gain: float
    gain_source: str  #: the source of the gain: both of its years
    to_coalition: float
    share: float
    break_even: float
    fell: bool
    standard: list[tuple[str, float, float]]
    markets: list[Market]
    products: list[Product]
    products_year: str  #: newest year of chapters: BACI ends before customs do
    codes_year: str  #: newest year of single goods by state
    spread: dict[float, Quantiles]
    deflected: float
    published: Figures = field(metadata={"plain": False})  #: figures of others that were public
    newest_share: NewestShare | None  #: none before customs' table by market was public


def exposure(
    coalition_text: str = "G7",
    *,
    as_of: AsOf | None = None,
    params: Iterable[str] = (),
    draws: int = RUNS,
    seed: int = 1,
    holdings: Holdings | None = None,
) -> Exposure:
    """What China's exporters stand to lose to a coalition's secondary sanctions, against the gain
    in Russia.

    Parameters
    ----------
    coalition_text
        G7 (with the EU), EU27, COALITION, WIDE, or ISO codes joined by commas.
    params
        ``name=value`` texts that replace parameters of the TOML table.

    Raises
    ------
    UsageError
        for an unknown coalition or parameter, or a number out of range.
    DataError
        if the rows were not public on the as-of date.
    """
    chosen = coalition(coalition_text)
    when = as_of or AsOf()
    folder = holdings or default_holdings()
    p = with_user(load(PACKAGE, figures(folder, when)), params)
    sales = read_sales(Ask(Dyad("RUS", "CHN"), when, {}, folder), stand_in=True)
    return _worked_out(chosen, sales, p, (figures(folder, when), when), draws, seed)


def _worked_out(
    chosen: Coalition,
    sales: Sales,
    assumptions: Assumptions,
    known: tuple[Figures, AsOf],
    draws: int,
    seed: int,
) -> Exposure:
    base = f"{assumptions('base_year'):.0f}"
    source, newest = sales.newest(base)
    totals = sales.russia_total[source]
    gain = totals[newest] - totals[base]
    counted = max(gain, 0.0)
    to_coalition = _sold(sales, chosen)
    ratio = assumptions("margin_ratio")
    return Exposure(
        coalition=chosen,
        as_of=known[1],
        published=known[0],
        newest_share=newest_share(known[0], (*map(coalition, STANDARD), chosen)),
        seed=seed,
        draws=draws,
        sales=sales,
        parameters=assumptions,
        base=base,
        newest=newest,
        gain=gain,
        gain_source=source,
        to_coalition=to_coalition,
        share=to_coalition / sales.total,
        break_even=break_even(counted, to_coalition, ratio),
        fell=gain <= 0,
        standard=[
            (n, s, break_even(counted, s, ratio))
            for n, s in ((n, _sold(sales, coalition(n))) for n in STANDARD)
        ],
        markets=_markets(sales, chosen, counted, ratio),
        products=_products(sales, base, newest),
        products_year=_products_year(sales, newest),
        codes_year=max(sales.codes, default=""),
        spread=spread(to_coalition, counted, assumptions, sales.evidence, draws, seed),
        deflected=deflected(sales.evidence),
    )


def _sold(sales: Sales, chosen: Coalition) -> float:
    return sum(sales.markets.get(m, 0.0) for m in chosen.members)


def _markets(sales: Sales, chosen: Coalition, gain: float, ratio: float) -> list[Market]:
    members = [(m, sales.markets[m]) for m in chosen.members if sales.markets.get(m, 0.0) > 0]
    members.sort(key=lambda f: -f[1])
    return [Market(m, v, v / sales.total, break_even(gain, v, ratio)) for m, v in members]


def _products_year(sales: Sales, newest: str) -> str:
    """Return the year of the gain if its chapters are stored, else their newest year."""
    return newest if newest in sales.russia else max(sales.russia, default="")


def _products(sales: Sales, base: str, newest: str) -> list[Product]:
    """Chapters by their part of the gain, over the years that BACI has; empty before it had two."""
    years = sorted(sales.russia)
    if base not in sales.russia or years[-1] == base:
        return []
    a = sales.russia[base]
    b = sales.russia[_products_year(sales, newest)]
    whole = sum(b.values()) - sum(a.values())
    out = [
        Product(
            c,
            a.get(c, 0.0),
            b.get(c, 0.0),
            b.get(c, 0.0) - a.get(c, 0.0),
            (b.get(c, 0.0) - a.get(c, 0.0)) / whole if whole else 0.0,
        )
        for c in sorted({*a, *b})
    ]
    return sorted(out, key=lambda q: -q.gain)


def largest_goods(a: Exposure) -> dict[str, tuple[str, float]]:
    """State -> (code, USD) of the good it buys most of from China, among the codes that are
    held.
    """
    found: dict[str, tuple[str, float]] = {}
    for code, markets in a.sales.codes.get(a.codes_year, {}).items():
        for state, sold in markets.items():
            if state not in found or sold > found[state][1]:
                found[state] = (code, sold)
    return found
