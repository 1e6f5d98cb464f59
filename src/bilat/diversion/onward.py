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
    """A hub's sales against its own past."""

    times: float  #: the year before, in a usual period
    q_value: float  #: false discovery rate


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
    tests = _tests(trade, legs, [hub for hub in hubs if hub in legs.books])
    supplied = _from_origins(legs, asked)
    supply_held = bool((legs.inward["after"] > 0).any())
    foreign = [h for h in hubs if supply_held and supplied[h] < SUPPLIED * after[h]]
    suppliers = _suppliers(trade, legs, asked, foreign)
    found = {}
    for hub in hubs:
        test = tests.get(hub)
        rose = after[hub] > LEAP * before[hub]
        found[hub] = Onward(
            actual=after[hub],
            before=before[hub],
            times=test.times if test else None,
            q_value=test.q_value if test else None,
            leapt=rose and test is not None and test.q_value <= FLAG_Q,
            from_origins=supplied[hub] / after[hub] if supply_held else None,
            suppliers=suppliers.get(hub, ()),
            has_past=hub in legs.books,
        )
    return found


def register_asked(trade: Trade, legs: Legs, asked: Array) -> None:
    """Register ``asked``: the products that the question is about."""
    wanted = np.flatnonzero(asked).tolist()
    products = [legs.products[n] for n in wanted]
    column = pa.array(products, pa.string())
    trade.engine.register("asked", pa.table({"product": column}))


def _sellers(legs: Legs, asked: Array) -> list[str]:
    ask = legs.question
    barred = {WORLD, *ask.origins, *ask.targets}
    sold = _sums(legs, asked, "after")
    sellers = {hub for hub, value in sold.items() if value > 0}
    known = (sellers & (legs.books | legs.without_past)) - barred
    return sorted(filter(is_country, known))


def _sums(legs: Legs, asked: Array, side: str) -> dict[str, float]:
    """Hub -> what it sold the targets of the goods asked for, over the whole window."""
    leg = legs.outward
    keep = asked[leg["product"]]
    hub = leg["hub"][keep]
    value = leg[side][keep]
    return _by_hub(legs, hub, value)


def _by_hub(legs: Legs, hub: Array, value: Array) -> dict[str, float]:
    """Hub -> the sum of its values."""
    sums = np.bincount(hub, value, len(legs.hubs))
    return dict(zip(legs.hubs, sums.tolist(), strict=True))


def _from_origins(legs: Legs, asked: Array) -> dict[str, float]:
    """Hub -> what the origins sold it since the break of the goods that it sold the targets."""
    sold = legs.outward
    bought = legs.inward
    is_sold = (sold["after"] > 0) & asked[sold["product"]]
    keys = _pairs(legs, sold)[is_sold]
    there = np.isin(_pairs(legs, bought), keys)
    hub = bought["hub"][there]
    value = bought["after"][there]
    return _by_hub(legs, hub, value)


def _pairs(legs: Legs, leg: Mapping[str, Array]) -> Array:
    """Return a number for the hub and the product of each row of a leg."""
    size = len(legs.products)
    return np.asarray(leg["hub"] * size + leg["product"])


def _tests(trade: Trade, legs: Legs, hubs: list[str]) -> dict[str, _Test]:
    """Return the tests of hubs whose past is long enough and whose sales are large enough."""
    span = legs.span
    series = _monthly_sales(trade, legs, hubs)
    start = len(span.pre)
    end = series.shape[1]
    reported = ~np.isnan(series[:, :start])
    is_long = reported.sum(axis=1) >= (LEAST_MONTHS if span.monthly else LEAST_YEARS)
    is_large = np.nansum(series, axis=1) > LEAST_SIZE * span.offset
    tested = np.flatnonzero(is_long & is_large)
    if not len(tested):
        return {}
    season = 12 if span.monthly else 1
    grown = growth_of(series[tested], start, end, season, span.offset)
    rates = benjamini_hochberg(grown.p)
    found = {}
    for place, row in enumerate(tested.tolist()):
        times = float(grown.times[place])
        rate = float(rates[place])
        found[hubs[row]] = _Test(times, rate)
    return found


def _monthly_sales(trade: Trade, legs: Legs, hubs: list[str]) -> Array:
    """Return sales to the targets by hub and period; NaN where the hub does not report."""
    span = legs.span
    columns = {period: n for n, period in enumerate((*span.pre, *span.post))}
    rows = {hub: n for n, hub in enumerate(hubs)}
    series = np.zeros((len(rows), len(columns)))
    sales = trade.engine.table(sql("sales").template)
    for sale in sales.to_pylist():
        row = rows.get(sale["hub"])
        column = columns.get(sale["period"])
        if row is not None and column is not None:
            series[row, column] += float(sale["value"])
    for hub, row in rows.items():
        missing = columns.keys() & span.missing(hub, "exporter")
        series[row, [columns[period] for period in missing]] = np.nan
    return series


def _suppliers(trade: Trade, legs: Legs, asked: Array, hubs: list[str]) -> dict[str, _Shares]:
    """Return the largest suppliers since the break of what each hub sold the targets."""
    if not hubs:
        return {}
    _register_sold(trade, legs, asked, hubs)
    stamps = legs.totals.stamps
    terms = {
        "first": literals([stamps[legs.span.post[0]]]),
        "last": literals([stamps[legs.span.post[-1]]]),
    }
    supply = trade.engine.table(sql("supply").substitute(terms))
    found: dict[str, dict[str, float]] = {}
    for row in supply.to_pylist():
        supplier = row["supplier"]
        if is_country(supplier) and row["value"]:
            of_hub = found.setdefault(row["hub"], {})
            of_hub[supplier] = float(row["value"])
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
    largest = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:NAMED]
    return tuple((who, round(value / total, 4)) for who, value in largest)


def union_sales(
    trade: Trade, legs: Legs, lost: Array, hubs: Collection[str]
) -> tuple[UnionSales, ...]:
    """(hub, member of the targets' customs union) -> what the hub sold it of the ``lost`` goods,
    a period before the break and since, where that at least doubled; the union is one customs
    territory."""
    targets = set(legs.question.targets)
    members = coalitions()["EAEU"] - targets
    if not targets & coalitions()["EAEU"]:
        return ()
    register_asked(trade, legs, lost)
    terms = {
        "members": literals(sorted(members)),
        "before": literals(legs.span.pre),
        "after": literals(legs.span.post),
        "periods_before": len(legs.span.pre),
        "periods_after": len(legs.span.post),
    }
    rows = trade.engine.table(sql("union").substitute(terms))
    found = []
    for row in rows.to_pylist():
        before = float(row["before"])
        after = float(row["after"])
        if row["hub"] in hubs and after > max(2 * before, legs.span.offset):
            found.append(UnionSales(row["hub"], row["member"], before, after))
    return tuple(found)
