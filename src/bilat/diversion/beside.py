# SPDX-License-Identifier: Apache-2.0
"""Which origins the goods of a route came from."""

from __future__ import annotations

from bilat.diversion.pairs import Screened
from bilat.diversion.queries import distinct, literals, sql
from bilat.formats.trade.files import Trade

#: Origins named for a route, largest first.
NAMED = 5


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
