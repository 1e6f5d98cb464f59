# SPDX-License-Identifier: Apache-2.0
"""What is read again for the flagged pairs: the legs period by period, both sides' reports of leg one, and
who supplies the target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.diversion.legs import WORLD, Legs, literals, sql
from bilat.diversion.parameters import parameter
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import splices
from bilat.statistics import break_date


@dataclass(frozen=True)
class Series:
    """Values by period of one flag: ``inward`` (origins to hub), ``outward`` (hub to target), ``direct``."""

    periods: tuple[str, ...]
    inward: tuple[float, ...]
    outward: tuple[float, ...] | None
    direct: tuple[float, ...] | None
    break_at: str | None

    def plain(self, hub: str, product: str) -> dict[str, Any]:
        return {
            "hub": hub, "product": product, "periods": list(self.periods), "in": list(self.inward),
            "out": None if self.outward is None else list(self.outward),
            "direct": None if self.direct is None else list(self.direct), "break": self.break_at,
        }  # fmt: skip


def flag(trade: Trade, pairs: list[tuple[str, str]]) -> None:
    """Register ``flagged``: the pairs in the file's own codes."""
    probe = trade.engine.table("SELECT importer, product FROM trade LIMIT 1")
    hubs = {trade.country(c): c for c in _distinct(trade, "importer")}
    hubs |= {trade.country(c): c for c in _distinct(trade, "exporter")}
    number = pa.types.is_integer(probe.schema.field("product").type)
    table = pa.table(
        {
            "hub": pa.array([hubs[h] for h, _ in pairs], probe.schema.field("importer").type),
            "product": pa.array(
                [int(p) if number else p for _, p in pairs], pa.int64() if number else pa.string()
            ),
        }
    )
    trade.engine.register("flagged", table)


def _distinct(trade: Trade, column: str) -> list[Any]:
    return trade.engine.table(f"SELECT DISTINCT {column} FROM totals").column(column).to_pylist()


def monthly(trade: Trade, legs: Legs, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Series]:
    """The legs of each pair, period by period, and when leg one broke."""
    if not pairs:
        return {}
    flag(trade, pairs)
    targets = [c for c in _distinct(trade, "importer") if trade.country(c) in legs.question.targets]
    rows = trade.engine.table(sql("series").substitute(target=literals(sorted(targets)))).to_pylist()
    periods = (*legs.span.pre, *legs.span.post)
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for r in rows:
        who = legs.question.target if r["leg"] == "direct" else trade.country(r["hub"])
        key = (r["leg"], who, trade.product(r["product"]))
        found.setdefault(key, {})[trade.period(r["period"])] = float(r["value"])
    c = legs.span.offset
    out = {}
    for hub, product in pairs:
        inward, outward, direct = (
            tuple(found.get((leg, who, product), {}).get(p, 0.0) for p in periods)
            for leg, who in (("in", hub), ("out", hub), ("direct", legs.question.target))
        )
        out[hub, product] = Series(periods, inward, outward if hub in legs.books else None,
                                   direct if legs.direct_held else None,
                                   break_date(periods, inward, c))  # fmt: skip
    return out


def hub_breaks(trade: Trade, legs: Legs, products: frozenset[str] | None = None) -> dict[str, str | None]:
    """When the origins' sales of the basket to each destination, and to the target, changed level."""
    listed = trade.engine.table("SELECT DISTINCT product FROM inflow").column("product").to_pylist()
    later = [p for p in listed if products is None or _earlier(trade, p) in products]
    rows = trade.engine.table(
        f"SELECT importer, period, SUM(value) AS value FROM inflow WHERE product IN ({literals(later)}) "
        "GROUP BY importer, period"
    ).to_pylist()
    periods = (*legs.span.pre, *legs.span.post)
    totals: dict[str, dict[str, float]] = {}
    for r in rows:
        totals.setdefault(trade.country(r["importer"]), {})[trade.period(r["period"])] = float(r["value"])
    return {
        hub: break_date(periods, [v.get(p, 0.0) for p in periods], parameter("offset"))
        for hub, v in sorted(totals.items())
    }


def _earlier(trade: Trade, product: Any) -> str:
    code = trade.product(product)
    return splices().get(code, code)


def mirror_change(trade: Trade, legs: Legs, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Change of the mirror gap ln(hub's imports) - ln(origins' exports) against the pair's own earlier years.

    Only for pairs of which both sides' reports are held, before and after.
    """
    if not pairs or not trade.both_sides:
        return {}
    flag(trade, pairs)
    # As the legs count them: the EU as one reporter stands for its members.
    own = trade.engine.table("SELECT code FROM parties WHERE own = 1").column("code").to_pylist()
    rows = trade.engine.table(
        sql("mirror").substitute(
            origins=literals(sorted(own)), **legs.cohorts("COALESCE(s.earlier, r.product)")
        )
    ).to_pylist()
    out = {}
    for r in rows:
        values = [float(r[c] or 0) for c in ("origin_before", "hub_before", "origin_after", "hub_after")]
        if min(values) > 0:
            out[trade.country(r["hub"]), trade.product(r["product"])] = float(
                np.log(values[3] / values[2]) - np.log(values[1] / values[0])
            )
    return out


def china_and_concentration(
    trade: Trade, legs: Legs, products: Iterable[str], country: str = "CHN"
) -> list[dict[str, Any]]:
    """Per product: ``country``'s share of what the target buys, and the Herfindahl index of suppliers.

    Shares are of the value in the file before and since the break; the index runs from 0 to 1. Of goods that go
    to ``country`` itself the share is None.
    """
    wanted = set(products)
    if not wanted:
        return []
    targets = [c for c in _distinct(trade, "importer") if trade.country(c) in legs.question.targets]
    stamp = {
        trade.period(p): p
        for p in trade.engine.table("SELECT DISTINCT period FROM totals").column("period").to_pylist()
    }
    window = [stamp[p] for p in (*legs.span.pre, *legs.span.post)]
    # In the file's own codes, so that only these products are read.
    spliced = trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
    listed = [
        p
        for table in ("inflow", "outflow")
        for p in trade.engine.table(f"SELECT DISTINCT product FROM {table}").column("product").to_pylist()
        if trade.product(p) in wanted
    ]
    listed += [s["later"] for s in spliced if trade.product(s["earlier"]) in wanted]
    rows = trade.engine.table(
        sql("suppliers").substitute(
            target=literals(sorted(targets)), since=literals([stamp[legs.span.post[0]]]), first=literals([min(window)]),
            last=literals([max(window)]), products=literals(sorted(set(listed))),
        )
    )  # fmt: skip
    by: dict[str, dict[str, list[float]]] = {}
    for r in rows.to_pylist():
        who, product = trade.country(r["exporter"]), trade.product(r["product"])
        if who != WORLD and product in wanted:
            at = by.setdefault(product, {}).setdefault(who, [0.0, 0.0])
            at[0] += float(r["before"] or 0)
            at[1] += float(r["after"] or 0)
    out = []
    for product, suppliers in sorted(by.items()):
        entry: dict[str, Any] = {"product": product}
        for n, when in enumerate(("before", "after")):
            total = sum(v[n] for v in suppliers.values())
            shares = [v[n] / total for v in suppliers.values()] if total > 0 else []
            share = suppliers.get(country, [0.0, 0.0])[n] / total if total > 0 else None
            entry[f"share_{when}"] = (
                None if share is None or country == legs.question.target else round(share, 4)
            )
            entry[f"concentration_{when}"] = round(sum(s * s for s in shares), 4) if shares else None
            entry[f"value_{when}"] = round(total)
        out.append(entry)
    return out
