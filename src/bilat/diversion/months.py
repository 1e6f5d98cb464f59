# SPDX-License-Identifier: Apache-2.0
"""What is read again: the legs of the flagged pairs period by period, and both sides' reports of
leg one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Months, Silence
from bilat.diversion.legs import Legs
from bilat.diversion.levels import ends
from bilat.diversion.queries import literals, sql
from bilat.engine import DuckDB
from bilat.formats.trade.files import Trade
from bilat.statistics import break_date

#: Origins named for a route, largest first.
NAMED = 5


def flag(engine: DuckDB, pairs: Sequence[tuple[str, str]]) -> str:
    """Register ``flagged``: the pairs of hub and product that are read again; the file's codes
    of the products, as SQL has them (a scan is narrowed by what is written out, not by a join)."""
    hubs, products = (pa.array([p[n] for p in pairs], pa.string()) for n in (0, 1))
    engine.register("flagged", pa.table({"hub": hubs, "product": products}))
    codes = (
        "SELECT DISTINCT g.code FROM goods g JOIN flagged f ON f.product = g.name ORDER BY g.code"
    )
    return literals(engine.table(codes).column("code").to_pylist())


def monthly(
    trade: Trade, legs: Legs, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Months]:
    """The legs of each pair, period by period, and when leg one broke."""
    flag(trade.engine, pairs)
    periods = (*legs.span.pre, *legs.span.post)
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for r in trade.engine.table(sql("series").template).to_pylist():
        found.setdefault((r["leg"], r["hub"], r["product"]), {})[r["period"]] = float(r["value"])
    out = {}
    for pair in pairs:
        inward, outward, direct = (
            tuple(found.get((leg, *pair), {}).get(p, 0.0) for p in periods)
            for leg in ("in", "out", "direct")
        )
        stored = pair[0] in legs.books
        post = legs.span.post
        went_on = (outward if stored else inward)[-len(post) :]
        began = break_date(periods, inward, legs.span.offset)
        out[pair] = Months(
            periods,
            inward,
            outward if stored else None,
            direct if legs.direct_held else None,
            began if began is not None and began >= post[0] else None,
            ends(went_on, post),
        )
    return out


def suppliers(
    trade: Trade, terms: dict[str, str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """The origins of the goods of each ``flagged`` pair since the break with their shares,
    largest first; ``terms``: the ``products``, and the ``first`` and ``last`` period, as the
    file has them."""
    out: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for r in trade.engine.table(sql("origins").substitute(terms)).to_pylist():
        out.setdefault((r["hub"], r["product"]), []).append((r["origin"], float(r["value"] or 0)))
    return {
        key: tuple(
            (who, round(v / total, 4))
            for who, v in sorted(shares, key=lambda s: (-s[1], s[0]))[:NAMED]
        )
        for key, shares in out.items()
        if (total := sum(v for _, v in shares)) > 0
    }


#: Part of what is declared for a hub that must go missing beyond the usual before it is named.
MISSING = 0.2


def silences(trade: Trade, legs: Legs, hubs: Sequence[str]) -> tuple[Silence, ...]:
    """The zeros that speak, largest first: those of the legs, and goods declared for ``hubs``
    that never arrive."""
    out = list(legs.silences)
    d = legs.inward
    read = {*legs.hubs} - {
        s.hub for s in out if s.kind.startswith("unit")
    }  # both books in one unit
    rows = np.flatnonzero(np.isin(d["hub"], [legs.hubs.index(h) for h in hubs if h in read]))
    if len(rows) and trade.both_sides:
        flag(
            trade.engine,
            [(legs.hubs[d["hub"][r]], legs.products[d["product"][r]]) for r in rows.tolist()],
        )
        for r in trade.engine.table(sql("mirror").template).to_pylist():
            sent_before, came_before, sent, came = (
                float(r[c] or 0)
                for c in ("origin_before", "hub_before", "origin_after", "hub_after")
            )
            lost = sent - came * (sent_before / came_before if came_before > 0 else 1.0)
            if min(sent_before, came_before, sent) > 0 and lost > MISSING * sent:
                post = legs.span.post
                amounts = (sent_before - came_before, sent - came)
                out.append(Silence("never arrives", r["hub"], None, post[0], post[-1], *amounts))
    return tuple(sorted(out, key=lambda s: (-max(s.before, s.after), s.hub)))
