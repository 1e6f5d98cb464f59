# SPDX-License-Identifier: Apache-2.0
"""What stands beside a route so that it can be judged: two placebos (the hub's other markets, a break made up within
the baseline) and which origins the goods came from."""

from __future__ import annotations

import numpy as np

from bilat.diversion.legs import literals, sql
from bilat.diversion.months import distinct
from bilat.diversion.pairs import Screened
from bilat.formats.trade.files import Trade

#: Origins named for a route, largest first.
NAMED = 5


def placebo(found: Screened, n: int) -> tuple[tuple[str, float, float], ...]:
    """(what, before, after) where no route can be: the hub's sales of this product to the placebo markets, and both
    legs about a break made up within the baseline."""
    legs, hub, product = found.legs, int(found.hub[n]), int(found.product[n])
    o, d = legs.outward, legs.inward
    mine = (o["hub"] == hub) & (o["product"] == product)
    out: list[tuple[str, float, float]] = []
    markets = [m for m in legs.decoys if m != legs.hubs[hub]]
    if found.two[n] and markets:
        lanes = np.flatnonzero(mine & (o["target"] > 0))
        out.append(
            (f"sales to {', '.join(sorted(markets))}", o["before"][lanes].sum(), o["after"][lanes].sum())
        )
    span = legs.span_of(legs.products[product])
    if span.then:
        at, here = found.row_in[n], np.flatnonzero(mine & (o["target"] == 0))
        named = f"a break made up in {span.then[0]}"
        out.append((f"{named}: purchases", d["then_before"][at], d["then_after"][at]))
        if found.two[n]:
            out.append(
                (f"{named}: sales to the target", o["then_before"][here].sum(), o["then_after"][here].sum())
            )
    return tuple((what, round(float(before)), round(float(after))) for what, before, after in out)


def suppliers(
    trade: Trade, found: Screened, products: set[str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """(hub, product) -> the origins of the goods since the break with their shares, largest first; the pairs must be
    registered as ``flagged`` (see ``months.flag``)."""
    if not products:
        return {}
    span = found.legs.span
    stamp = {trade.period(p): p for p in distinct(trade, "period", "totals")}
    codes = [p for p in distinct(trade, "product", "inflow") if trade.product(p) in products]
    codes += [
        s["later"]
        for s in trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
        if trade.product(s["earlier"]) in products
    ]
    rows = trade.engine.table(
        sql("origins").substitute(
            products=literals(sorted(set(codes), key=str)),
            first=literals([stamp[span.post[0]]]),
            last=literals([stamp[span.post[-1]]]),
        )
    ).to_pylist()
    out: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for r in rows:
        key = trade.country(r["hub"]), trade.product(r["product"])
        out.setdefault(key, []).append((trade.country(r["exporter"]), float(r["value"] or 0)))
    return {
        key: tuple(
            (who, round(v / total, 4)) for who, v in sorted(shares, key=lambda s: (-s[1], s[0]))[:NAMED]
        )
        for key, shares in out.items()
        if (total := sum(v for _, v in shares)) > 0
    }
