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
    tests = _tests(trade, legs, hubs)
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
        )
    return found


def register_asked(trade: Trade, legs: Legs, asked: Array) -> None:
    """Register ``asked``: the products that the question is about."""
    products = [p for p, wanted in zip(legs.products, asked, strict=True) if wanted]
    trade.engine.register("asked", pa.table({"product": pa.array(products, pa.string())}))


def _sellers(legs: Legs, asked: Array) -> list[str]:
    barred = {*legs.question.origins, *legs.question.targets, WORLD}
    sold = _sums(legs, asked, "after")
    return [
        hub
        for hub in sorted(sold)
        if sold[hub] > 0 and hub in legs.books and hub not in barred and is_country(hub)
    ]


def _sums(legs: Legs, asked: Array, side: str) -> dict[str, float]:
    """Hub -> what it sold the targets of the goods asked for, over the whole window."""
    leg = legs.outward
    keep = asked[leg["product"]]
    sums = np.bincount(leg["hub"][keep], leg[side][keep], len(legs.hubs))
    return dict(zip(legs.hubs, sums.tolist(), strict=True))


def _from_origins(legs: Legs, asked: Array) -> dict[str, float]:
    """Hub -> what the origins sold it since the break of the goods that it sold the targets."""
    sold = legs.outward
    size = len(legs.products)
    keys = (sold["hub"] * size + sold["product"])[(sold["after"] > 0) & asked[sold["product"]]]
    bought = legs.inward
    there = np.isin(bought["hub"] * size + bought["product"], keys)
    sums = np.bincount(bought["hub"][there], bought["after"][there], len(legs.hubs))
    return dict(zip(legs.hubs, sums.tolist(), strict=True))


def _tests(trade: Trade, legs: Legs, hubs: list[str]) -> dict[str, _Test]:
    """Return the tests of hubs whose past is long enough and whose sales are large enough."""
    span = legs.span
    series = _monthly_sales(trade, legs, hubs)
    past = (~np.isnan(series[:, : len(span.pre)])).sum(axis=1)
    least = LEAST_MONTHS if span.monthly else LEAST_YEARS
    large = np.nansum(series, axis=1) > LEAST_SIZE * span.offset
    tested = np.flatnonzero((past >= least) & large)
    if not len(tested):
        return {}
    season = 12 if span.monthly else 1
    grown = growth_of(series[tested], len(span.pre), series.shape[1], season, span.offset)
    rates = benjamini_hochberg(grown.p)
    return {
        hubs[row]: _Test(times=float(grown.times[place]), q_value=float(rates[place]))
        for place, row in enumerate(tested.tolist())
    }


def _monthly_sales(trade: Trade, legs: Legs, hubs: list[str]) -> Array:
    """Return sales to the targets by hub and period; NaN where the hub does not report."""
    span = legs.span
    columns = {period: n for n, period in enumerate((*span.pre, *span.post))}
    rows = {hub: n for n, hub in enumerate(hubs)}
    series = np.zeros((len(rows), len(columns)))
    for sale in trade.engine.table(sql("sales").template).to_pylist():
        if sale["hub"] in rows and sale["period"] in columns:
            series[rows[sale["hub"]], columns[sale["period"]]] += float(sale["value"])
    for hub, row in rows.items():
        missing = [columns[period] for period in span.missing(hub, "exporter") if period in columns]
        series[row, missing] = np.nan
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
    found: dict[str, dict[str, float]] = {}
    for row in trade.engine.table(sql("supply").substitute(terms)).to_pylist():
        if is_country(row["supplier"]) and row["value"]:
            found.setdefault(row["hub"], {})[row["supplier"]] = float(row["value"])
    return {hub: _largest(supplied) for hub, supplied in found.items()}


def _register_sold(trade: Trade, legs: Legs, asked: Array, hubs: list[str]) -> None:
    """Register ``sold_on``: each hub with each product that it sold the targets since the break."""
    leg = legs.outward
    wanted = np.isin(leg["hub"], [legs.hubs.index(hub) for hub in hubs])
    sold = (leg["after"] > 0) & asked[leg["product"]] & wanted
    names = [legs.hubs[n] for n in leg["hub"][sold].tolist()]
    products = [legs.products[n] for n in leg["product"][sold].tolist()]
    columns = {"hub": pa.array(names, pa.string()), "product": pa.array(products, pa.string())}
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
    rows = trade.engine.table(sql("union").substitute(terms)).to_pylist()
    return tuple(
        UnionSales(r["hub"], r["member"], float(r["before"]), float(r["after"]))
        for r in rows
        if r["hub"] in hubs and r["after"] > max(2 * r["before"], legs.span.offset)
    )
