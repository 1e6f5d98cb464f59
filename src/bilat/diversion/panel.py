# SPDX-License-Identifier: Apache-2.0
"""The complete panels of an event study: exporter, importer, product, period, value, absent trade as zero.

Leg one: the sales of origins and of other suppliers to the hubs and to control destinations. Leg two: the sales
of the hubs and of control suppliers to the target and to control markets. Both hold the flagged products and
control products, so that the effects of exporters, importers and products in a period can be told from a jump of
one pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilat.diversion.legs import WORLD, Legs, literals
from bilat.formats.trade.files import Trade

Pair = tuple[str, str]

#: Rows of a panel beyond which fewer control countries are taken.
MOST_ROWS = 400_000
#: Control products for each flagged pair (those of the hub nearest in size), and over all pairs.
NEAR, CONTROLS = 12, 24
#: Control countries: at most, at least.
MOST_COUNTRIES, LEAST_COUNTRIES = 25, 8
#: Suppliers beside the origins that tell a hub's own growth, and markets beside the target, at most.
OTHER_SUPPLIERS, OTHER_MARKETS = 12, 12


@dataclass(frozen=True)
class Panel:
    """``frame``: exporter, importer, product, period, value, own (1: an origin). ``since``: the first period
    after the break."""

    frame: Any
    since: str


def control_products(legs: Legs, pairs: Sequence[Pair], suspect: frozenset[Pair]) -> list[str]:
    """Products that the flagged hubs bought before and that are not suspect there, nearest in size."""
    d, size = legs.inward, len(legs.products)
    flagged = {p for _, p in pairs}
    chosen: list[str] = []
    for hub, product in pairs:
        if hub not in legs.hubs:
            continue
        here = d["hub"] == legs.hubs.index(hub)
        level = np.zeros(size)
        level[d["product"][here]] = d["before"][here]
        barred = flagged | {k for h, k in suspect if h == hub}
        fit = [n for n in np.flatnonzero(level > 0).tolist() if legs.products[n] not in barred]
        own = level[legs.products.index(product)] if product in legs.products else 0.0
        fit.sort(key=lambda n: (abs(np.log(level[n]) - np.log(max(own, 1.0))), legs.products[n]))
        chosen += [legs.products[n] for n in fit[:NEAR]]
    # First those near to several pairs, then in the order of the pairs.
    counts = {k: chosen.count(k) for k in chosen}
    return sorted(counts, key=lambda k: (-counts[k], chosen.index(k)))[:CONTROLS]


def panels(trade: Trade, legs: Legs, pairs: Sequence[Pair], suspect: frozenset[Pair]) -> tuple[Panel, Panel]:
    """(leg one, leg two) of some flagged pairs; leg two is empty where the file holds no sales of hubs.

    ``suspect`` are pairs that may be routes themselves: they are no controls.
    """
    products = list(dict.fromkeys([p for _, p in pairs] + control_products(legs, pairs, suspect)))
    rows = _read(trade, legs, products)
    target, hubs = legs.question.target, {h for h, _ in pairs}
    window = [*legs.span.pre, *legs.span.post]
    since, flagged = legs.span.post[0], set(pairs)
    routes = suspect | flagged
    inward = rows[(rows["importer"] != target) & (rows["importer"] != WORLD)]
    inward = inward[(inward["own"] == 1) | (inward["exporter"] != target)]
    origins = set(inward.loc[inward["own"] == 1, "exporter"])
    inward = _few(inward, "exporter", origins, window, since, most=OTHER_SUPPLIERS)
    inward = inward[~inward["exporter"].isin(hubs)]
    inward = _few(inward, "importer", hubs, window, since)
    pair = list(zip(inward["importer"], inward["product"], strict=True))
    own = (inward["own"] == 1).tolist()
    inward = inward[
        [not mine or p in flagged or p not in routes for p, mine in zip(pair, own, strict=True)]
    ]  # fmt: skip
    out = rows[(rows["own"] == 0) & (rows["exporter"] != target) & (rows["importer"] != WORLD)]
    out = out[~out["importer"].isin(hubs)]
    suppliers = out[out["importer"] == target]
    if not len(suppliers):
        return Panel(_complete(inward, window), since), Panel(out.iloc[:0], since)
    out = _few(out, "importer", {target}, window, since, most=OTHER_MARKETS)
    out = _few(out, "exporter", hubs, window, since)
    pair = list(zip(out["exporter"], out["product"], strict=True))
    there = (out["importer"] == target).tolist()
    out = out[
        [not at or p in flagged or p not in routes for p, at in zip(pair, there, strict=True)]
    ]  # fmt: skip
    return Panel(_complete(inward, window), since), Panel(_complete(out, window), since)


def _read(trade: Trade, legs: Legs, products: Sequence[str]) -> Any:
    """One narrow scan of the file; codes as the HS revision joined them."""
    wanted = set(products)
    spliced = trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
    held = trade.engine.table("SELECT DISTINCT product FROM inflow").column("product").to_pylist()
    codes = [p for p in held if trade.product(p) in wanted]
    codes += [s["later"] for s in spliced if trade.product(s["earlier"]) in wanted]
    earlier = {trade.product(s["later"]): trade.product(s["earlier"]) for s in spliced}
    found = trade.engine.table(
        "SELECT t.exporter, t.importer, t.product, t.period, p.own, SUM(t.value) AS value FROM trade t "
        "JOIN parties p ON p.code = t.exporter JOIN parties d ON d.code = t.importer AND d.own = 0 "
        f"WHERE t.product IN ({literals(sorted(set(codes)))}) "
        "GROUP BY t.exporter, t.importer, t.product, t.period, p.own"
    ).to_pandas()
    for column, told in (
        ("exporter", trade.country),
        ("importer", trade.country),
        ("product", trade.product),
    ):
        found[column] = found[column].map({c: told(c) for c in found[column].unique()})
    found["period"] = found["period"].map({c: trade.period(c) for c in found["period"].unique()})
    found["product"] = found["product"].map(lambda p: earlier.get(p, p))
    found = found[found["period"].isin({*legs.span.pre, *legs.span.post})]
    keys = ["exporter", "importer", "product", "period", "own"]
    return found.groupby(keys, as_index=False)["value"].sum()


def _few(
    rows: Any, column: str, kept: set[str], window: Sequence[str], since: str, most: int = MOST_COUNTRIES
) -> Any:  # fmt: skip
    """The rows of ``kept`` and of the countries with the most trade before the break, within the bound."""
    lanes = rows[["exporter", "importer", "product"]].drop_duplicates()
    by = max(1.0, len(lanes) / max(1, lanes[column].nunique())) * len(window)
    most = int(np.clip(MOST_ROWS / by, LEAST_COUNTRIES, most))
    before = rows[rows["period"] < since].groupby(column)["value"].sum()
    order = sorted(before.index, key=lambda c: (-before[c], c))
    return rows[rows[column].isin({*kept, *[c for c in order if c not in kept][:most]})]


def _complete(rows: Any, window: Sequence[str]) -> Any:
    import pandas as pd

    keys = ["exporter", "importer", "product", "own"]
    lanes = rows[keys].drop_duplicates()
    full = lanes.merge(pd.DataFrame({"period": list(window)}), how="cross")
    return full.merge(rows[[*keys, "period", "value"]], how="left").fillna({"value": 0.0})
