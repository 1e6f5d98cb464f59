# SPDX-License-Identifier: Apache-2.0
"""What hubs sell on to the targets, each against its own past: leg two by itself is evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Onward, UnionSales
from bilat.diversion.false_discoveries import FLAG_Q, benjamini_hochberg
from bilat.diversion.hub_purchases import LEAST_SIZE
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.levels import growth_of
from bilat.diversion.queries import literals, sql
from bilat.formats.trade.files import Trade
from bilat.places.coalitions import coalitions, is_country

#: Part of a hub's sales to the targets below which the origins' supply cannot be what it sold.
SUPPLIED = 0.1
#: Months of a hub's past that a test needs; of yearly reports, years.
LEAST_MONTHS = 12
LEAST_YEARS = 2
#: Times the year before that a rise must reach to be called a leap.
LEAP = 1.5
#: Times the usual size of sales against purchases from which on a unit is doubted, and hubs to tell
#: the usual from.
ODD_SIZE = 15.0
ENOUGH_HUBS = 4
#: Suppliers named.
NAMED = 3


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
    before, after = (_sums(legs, asked, side) for side in ("before", "after"))
    tests = _tests(trade, legs, hubs)
    supplied = _from_origins(legs, asked)
    supply_held = bool((legs.inward["after"] > 0).any())
    foreign = [h for h in hubs if supply_held and supplied[h] < SUPPLIED * after[h]]
    suppliers = _suppliers(trade, legs, asked, foreign)
    found = {}
    for hub in hubs:
        times, q_value = tests.get(hub, (None, None))
        rose = after[hub] > LEAP * before[hub]
        found[hub] = Onward(
            actual=after[hub],
            before=before[hub],
            times=times,
            q_value=q_value,
            leapt=rose and q_value is not None and q_value <= FLAG_Q,
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


def _tests(trade: Trade, legs: Legs, hubs: list[str]) -> dict[str, tuple[float, float]]:
    """Hub -> (times the year before in a usual period, false discovery rate), where its past is
    long enough."""
    span = legs.span
    periods = (*span.pre, *span.post)
    place = {p: n for n, p in enumerate(periods)}
    row = {h: n for n, h in enumerate(hubs)}
    series = np.zeros((len(hubs), len(periods)))
    for r in trade.engine.table(sql("sales").template).to_pylist():
        if r["hub"] in row and r["period"] in place:
            series[row[r["hub"]], place[r["period"]]] += float(r["value"])
    for hub, n in row.items():
        series[n, [place[p] for p in span.missing(hub, "exporter") if p in place]] = np.nan
    past = (~np.isnan(series[:, : len(span.pre)])).sum(axis=1)
    least = LEAST_MONTHS if span.monthly else LEAST_YEARS
    large = np.nansum(series, axis=1) > LEAST_SIZE * span.offset
    tested = np.flatnonzero((past >= least) & large)
    if not len(tested):
        return {}
    season = 12 if span.monthly else 1
    grown = growth_of(series[tested], len(span.pre), len(periods), season, span.offset)
    rates = benjamini_hochberg(grown.p)
    return {
        hubs[n]: (float(grown.times[k]), float(rates[k])) for k, n in enumerate(tested.tolist())
    }


def _suppliers(
    trade: Trade, legs: Legs, asked: Array, hubs: list[str]
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Hub -> the largest suppliers since the break of what it sold the targets, with their
    shares."""
    if not hubs:
        return {}
    leg = legs.outward
    sold = (leg["after"] > 0) & asked[leg["product"]]
    pairs = [
        (legs.hubs[h], legs.products[k])
        for h, k in zip(leg["hub"][sold].tolist(), leg["product"][sold].tolist(), strict=True)
        if legs.hubs[h] in hubs
    ]
    names, products = (pa.array([pair[n] for pair in pairs], pa.string()) for n in (0, 1))
    trade.engine.register("sold_on", pa.table({"hub": names, "product": products}))
    first, last = (literals([legs.totals.stamps[legs.span.post[n]]]) for n in (0, -1))
    found: dict[str, dict[str, float]] = {}
    for r in trade.engine.table(sql("supply").substitute(first=first, last=last)).to_pylist():
        if is_country(r["supplier"]) and r["value"]:
            found.setdefault(r["hub"], {})[r["supplier"]] = float(r["value"])
    return {hub: _shares(of) for hub, of in found.items()}


def _shares(values: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
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


def odd_sizes(legs: Legs) -> dict[str, float]:
    """Hub -> how many times larger its sales are than other hubs' against their purchases, where
    that is so throughout and by far: figures in thousands, or in another currency, show as this
    and as nothing else."""
    bought = {"before": np.zeros(len(legs.hubs)), "after": np.zeros(len(legs.hubs))}
    sold = {"before": np.zeros(len(legs.hubs)), "after": np.zeros(len(legs.hubs))}
    for side in bought:
        leg = legs.inward
        bought[side] += np.bincount(leg["hub"], leg[side] + leg[f"rest_{side}"], len(legs.hubs))
        for out in (legs.outward, legs.sold):
            sold[side] += np.bincount(out["hub"], out[side], len(legs.hubs))
    rows = [n for n, h in enumerate(legs.hubs) if h in legs.books and h != WORLD]
    both = [n for n in rows if all(bought[s][n] > 0 and sold[s][n] > 0 for s in bought)]
    if len(both) < ENOUGH_HUBS:
        return {}
    logs = np.array([np.log(sold[s][both] / bought[s][both]) for s in ("before", "after")])
    apart = logs - np.median(logs, axis=1)[:, None]
    spread = np.maximum(1.4826 * np.median(np.abs(apart), axis=1), np.log(2))[:, None]
    odd = (np.abs(apart) > np.log(ODD_SIZE)) & (np.abs(apart) > 4 * spread)
    same = np.sign(apart[0]) == np.sign(apart[1])
    found = np.flatnonzero(odd.all(axis=0) & same)
    return {legs.hubs[both[k]]: float(np.exp(apart[:, k].mean())) for k in found.tolist()}
