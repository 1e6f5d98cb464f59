# SPDX-License-Identifier: Apache-2.0
"""What is read again: the legs of the flagged pairs period by period, and both sides' reports of leg one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Months, Silence
from bilat.diversion.legs import Legs
from bilat.diversion.pairs import Screened
from bilat.diversion.queries import codes_of, distinct, literals, sql
from bilat.formats.trade.files import Trade
from bilat.statistics import break_date


def flag(trade: Trade, pairs: list[tuple[str, str]]) -> None:
    """Register ``flagged``: the pairs in the file's own codes."""
    probe = trade.engine.table("SELECT importer, product FROM trade LIMIT 1")
    hubs = {trade.country(c): c for c in distinct(trade, "importer")}
    hubs |= {trade.country(c): c for c in distinct(trade, "exporter")}
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


def monthly(trade: Trade, legs: Legs, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Months]:
    """The legs of each pair, period by period, and when leg one broke."""
    if not pairs:
        return {}
    flag(trade, pairs)
    rows = trade.engine.table(sql("series").template).to_pylist()
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
        out[hub, product] = Months(periods, inward, outward if hub in legs.books else None,
                                   direct if legs.direct_held else None,
                                   break_date(periods, inward, c))  # fmt: skip
    return out


#: Origins named for a route, largest first.
NAMED = 5


def suppliers(
    trade: Trade, found: Screened, products: set[str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """(hub, product) -> the origins of the goods since the break with their shares, largest first; the pairs must be
    registered as ``flagged`` (see :func:`flag`)."""
    if not products:
        return {}
    span = found.legs.span
    stamp = {trade.period(p): p for p in distinct(trade, "period", "totals")}
    rows = trade.engine.table(
        sql("origins").substitute(
            products=literals(codes_of(trade, products)),
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


#: Part of what is declared for a hub that must go missing beyond the usual before it is named.
MISSING = 0.2


def silences(trade: Trade, legs: Legs, hubs: Sequence[str]) -> tuple[Silence, ...]:
    """The zeros that speak, largest first: those of the legs, and goods declared for ``hubs`` that never arrive."""
    out, d = list(legs.silences), legs.inward
    read = {*legs.hubs} - {s.hub for s in out if s.kind.startswith("unit")}  # both books in one unit
    rows = np.flatnonzero(np.isin(d["hub"], [legs.hubs.index(h) for h in hubs if h in read]))
    if len(rows) and trade.both_sides:
        flag(trade, [(legs.hubs[d["hub"][r]], legs.products[d["product"][r]]) for r in rows.tolist()])
        # As the legs count them: the EU as one reporter stands for its members.
        own = trade.engine.table("SELECT code FROM parties WHERE own = 1").column("code").to_pylist()
        for r in trade.engine.table(sql("mirror").substitute(origins=literals(sorted(own)))).to_pylist():
            sent_before, came_before, sent, came = (
                float(r[c] or 0) for c in ("origin_before", "hub_before", "origin_after", "hub_after")
            )
            lost = sent - came * (sent_before / came_before if came_before > 0 else 1.0)
            if min(sent_before, came_before, sent) > 0 and lost > MISSING * sent:
                hub, (first, *_, last) = trade.country(r["hub"]), legs.span.post + legs.span.post[-1:]
                out.append(
                    Silence("never arrives", hub, None, first, last, sent_before - came_before, sent - came)
                )
    return tuple(sorted(out, key=lambda s: (-max(s.before, s.after), s.hub)))
