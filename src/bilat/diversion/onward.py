# SPDX-License-Identifier: Apache-2.0
"""What hubs sell on to the targets, each against its own past: leg two by itself is evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Onward
from bilat.diversion.false_discoveries import FLAG_Q, benjamini_hochberg
from bilat.diversion.hub_purchases import LEAST_SIZE
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.levels import growth_of
from bilat.diversion.queries import literals, sql
from bilat.diversion.trade_records import UnionSales
from bilat.formats.trade.files import Trade
from bilat.places.coalitions import coalitions, is_country

#: Part of a hub's sales to the targets below which the origins' supply cannot be what it sold.
SUPPLIED = 0.1
#: Months of a hub's past that a test needs; of yearly reports, years.
LEAST_MONTHS = 12
LEAST_YEARS = 2
#: Times the year before that a rise must reach to be called a leap.
LEAP = 1.5
#: Suppliers named.
NAMED = 3

#: Suppliers with their shares, largest first.
_Shares: TypeAlias = tuple[tuple[str, float], ...]


class _Test(NamedTuple):
    """A hub's sales against its own past; None if that is too short for a test.

    Attributes
    ----------
    times
        how many times the year before, in a usual period.
    q_value
        the false discovery rate.
    """

    times: float | None
    q_value: float | None

    @property
    def is_beyond_past(self) -> bool:
        """Whether the rise is beyond the hub's own past."""
        return self.q_value is not None and self.q_value <= FLAG_Q


#: A hub whose sales are not tested.
NOT_TESTED = _Test(None, None)


def onward_sales(trade: Trade, legs: Legs, asked: Array) -> dict[str, Onward]:
    """Sales to the targets of every hub whose sales are stored and that sold since the break.

    Parameters
    ----------
    asked
        by product of ``legs``: whether the question is about it.
    """
    register_asked(trade, legs, asked)
    hubs = _sellers(legs, asked)
    if not hubs:
        return {}
    before = _sums(legs, asked, "before")
    after = _sums(legs, asked, "after")
    with_past = [hub for hub in hubs if hub in legs.books]
    tests = _tests(trade, legs, with_past)
    parts = _parts_from_origins(legs, asked, after)
    foreign = [hub for hub in hubs if parts.get(hub, SUPPLIED) < SUPPLIED]
    suppliers = _suppliers(trade, legs, asked, foreign)
    found = {}
    for hub in hubs:
        test = tests.get(hub, NOT_TESTED)
        rose = after[hub] > LEAP * before[hub]
        found[hub] = Onward(
            actual=after[hub],
            before=before[hub],
            times=test.times,
            q_value=test.q_value,
            leapt=rose and test.is_beyond_past,
            from_origins=parts.get(hub),
            suppliers=suppliers.get(hub, ()),
            has_past=hub in legs.books,
        )
    return found


def register_asked(trade: Trade, legs: Legs, asked: Array) -> None:
    """Register ``asked``: the products that the question is about.

    Parameters
    ----------
    asked
        by product of ``legs``: whether the question is about it.
    """
    wanted = np.flatnonzero(asked).tolist()
    products = [legs.products[n] for n in wanted]
    column = pa.array(products, pa.string())
    trade.engine.register("asked", pa.table({"product": column}))


def _sellers(legs: Legs, asked: Array) -> list[str]:
    """Return the hubs with stored sales to the targets since the break, in order of their codes."""
    ask = legs.question
    barred = {WORLD, *ask.origins, *ask.targets}
    stored = legs.books | legs.without_past
    sold = _sums(legs, asked, "after")
    found = []
    for hub in sorted(stored - barred):
        has_sold = sold.get(hub, 0.0) > 0
        if has_sold and is_country(hub):
            found.append(hub)
    return found


def _sums(legs: Legs, asked: Array, side: str) -> dict[str, float]:
    """Hub -> what it sold the targets of the goods asked for, over the whole window."""
    leg = legs.outward
    product = leg["product"]
    keep = asked[product]
    hub = leg["hub"][keep]
    value = leg[side][keep]
    return _by_hub(legs, hub, value)


def _by_hub(legs: Legs, hub: Array, value: Array) -> dict[str, float]:
    """Hub -> the sum of its values."""
    sums = np.bincount(hub, value, len(legs.hubs))
    return dict(zip(legs.hubs, sums.tolist(), strict=True))


def _parts_from_origins(
    legs: Legs, asked: Array, sold_since: Mapping[str, float]
) -> dict[str, float]:
    """Return what the origins sold each hub since the break of the goods that it sold the targets.

    It is per dollar of ``sold_since``, the hub's sales to the targets. Nothing is returned if no
    sale of the origins to a hub is stored.
    """
    sold = legs.outward
    bought = legs.inward
    has_supply = bool((bought["after"] > 0).any())
    if not has_supply:
        return {}
    is_asked = asked[sold["product"]]
    is_sold = is_asked & (sold["after"] > 0)
    keys = _pairs(legs, sold)[is_sold]
    there = np.isin(_pairs(legs, bought), keys)
    hub = bought["hub"][there]
    value = bought["after"][there]
    supplied = _by_hub(legs, hub, value)
    found = {}
    for name, amount in sold_since.items():
        if amount > 0:
            found[name] = supplied[name] / amount
    return found


def _pairs(legs: Legs, leg: Mapping[str, Array]) -> Array:
    """Return a number for the hub and the product of each row of a leg."""
    size = len(legs.products)
    return np.asarray(leg["hub"] * size + leg["product"])


def _tests(trade: Trade, legs: Legs, hubs: list[str]) -> dict[str, _Test]:
    """Return the tests of hubs whose past is long enough and whose sales are large enough."""
    span = legs.span
    least = LEAST_MONTHS if span.monthly else LEAST_YEARS
    season = 12 if span.monthly else 1
    start = len(span.pre)
    series = _monthly_sales(trade, legs, hubs)
    past = series[:, :start]
    reported = np.isfinite(past).sum(axis=1)
    sums = np.nansum(series, axis=1)
    is_long = reported >= least
    is_large = sums > LEAST_SIZE * span.offset
    tested = np.flatnonzero(is_long & is_large)
    if not len(tested):
        return {}
    grown = growth_of(
        series[tested],
        start,
        series.shape[1],
        season,
        span.offset,
    )
    rates = benjamini_hochberg(grown.p)
    found = {}
    for place, row in enumerate(tested.tolist()):
        hub = hubs[row]
        found[hub] = _Test(
            times=float(grown.times[place]),
            q_value=float(rates[place]),
        )
    return found


def _monthly_sales(trade: Trade, legs: Legs, hubs: list[str]) -> Array:
    """Return sales to the targets by hub and period; NaN where the hub does not report."""
    span = legs.span
    periods = (*span.pre, *span.post)
    columns = {period: n for n, period in enumerate(periods)}
    rows = {hub: n for n, hub in enumerate(hubs)}
    shape = (len(rows), len(columns))
    series = np.zeros(shape)
    sales = trade.engine.table(sql("sales").template)
    for sale in sales.to_pylist():
        row = rows.get(sale["hub"])
        column = columns.get(sale["period"])
        if row is not None and column is not None:
            series[row, column] += float(sale["value"])
    for hub, row in rows.items():
        missing = columns.keys() & span.missing(hub, "exporter")
        for period in missing:
            column = columns[period]
            series[row, column] = np.nan
    return series


def _suppliers(trade: Trade, legs: Legs, asked: Array, hubs: list[str]) -> dict[str, _Shares]:
    """Return the largest suppliers since the break of what each hub sold the targets."""
    if not hubs:
        return {}
    _register_sold(trade, legs, asked, hubs)
    stamps = legs.totals.stamps
    since = legs.span.post
    first = stamps[since[0]]
    last = stamps[since[-1]]
    terms = {
        "first": literals([first]),
        "last": literals([last]),
    }
    supply = trade.engine.table(sql("supply").substitute(terms))
    found: dict[str, dict[str, float]] = {}
    for row in supply.to_pylist():
        hub = row["hub"]
        supplier = row["supplier"]
        value = row["value"]
        if value and is_country(supplier):
            of_hub = found.setdefault(hub, {})
            of_hub[supplier] = float(value)
    return {hub: _largest(supplied) for hub, supplied in found.items()}


def _register_sold(trade: Trade, legs: Legs, asked: Array, hubs: list[str]) -> None:
    """Register ``sold_on``: each hub with each product that it sold the targets since the break."""
    leg = legs.outward
    numbers = [legs.hubs.index(hub) for hub in hubs]
    is_wanted = np.isin(leg["hub"], numbers)
    is_asked = asked[leg["product"]]
    sold = is_wanted & is_asked & (leg["after"] > 0)
    names = [legs.hubs[n] for n in leg["hub"][sold].tolist()]
    products = [legs.products[n] for n in leg["product"][sold].tolist()]
    columns = {
        "hub": pa.array(names, pa.string()),
        "product": pa.array(products, pa.string()),
    }
    trade.engine.register("sold_on", pa.table(columns))


def _largest(values: Mapping[str, float]) -> _Shares:
    """Return the largest of some values with their shares of the sum."""
    total = sum(values.values())
    names = sorted(values)
    names.sort(key=lambda name: -values[name])
    shares = []
    for name in names[:NAMED]:
        share = round(values[name] / total, 4)
        shares.append((name, share))
    return tuple(shares)


def union_sales(
    trade: Trade, legs: Legs, lost: Array, hubs: Collection[str]
) -> tuple[UnionSales, ...]:
    """Return sales by hubs to other members of the targets' customs union that at least doubled.

    The union is one customs territory, so goods may reach a target through another member.

    Parameters
    ----------
    lost
        by product of ``legs``: whether the targets lost it.
    hubs
        the hubs to look at.

    Returns
    -------
    tuple of UnionSales
        by hub and member, what was sold a period before the break and since.
    """
    union = coalitions()["EAEU"]
    targets = set(legs.question.targets)
    if not targets & union:
        return ()
    register_asked(trade, legs, lost)
    members = sorted(union - targets)
    pre = legs.span.pre
    post = legs.span.post
    terms = {
        "members": literals(members),
        "before": literals(pre),
        "after": literals(post),
        "periods_before": len(pre),
        "periods_after": len(post),
    }
    rows = trade.engine.table(sql("union").substitute(terms))
    found = []
    for row in rows.to_pylist():
        hub = row["hub"]
        before = float(row["before"])
        after = float(row["after"])
        least = max(2 * before, legs.span.offset)
        if hub in hubs and after > least:
            sales = UnionSales(hub, row["member"], before, after)
            found.append(sales)
    return tuple(found)
