# SPDX-License-Identifier: Apache-2.0
"""What is read again: the legs of the flagged pairs period by period, and both sides' reports of
leg one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from bilat.diversion.answer import Months, Silence
from bilat.diversion.legs import Legs
from bilat.diversion.levels import ends
from bilat.diversion.queries import literals, sql
from bilat.diversion.unit_steps import PURCHASES, SALES
from bilat.engine import DuckDB
from bilat.formats.trade.files import Trade
from bilat.statistics import break_date

#: Origins named for a route, largest first.
NAMED = 5
#: Part of what is declared for a hub that must go missing beyond the usual before it is named.
MISSING = 0.2


def flag(engine: DuckDB, pairs: Sequence[tuple[str, str]]) -> str:
    """Register ``flagged``: the pairs of hub and product that are read again; the file's codes
    of the products, as SQL has them (a scan is narrowed by what is written out, not by a join)."""
    hubs = pa.array([hub for hub, _ in pairs], pa.string())
    products = pa.array([product for _, product in pairs], pa.string())
    engine.register("flagged", pa.table({"hub": hubs, "product": products}))
    codes = (
        "SELECT DISTINCT g.code FROM goods g JOIN flagged f ON f.product = g.name ORDER BY g.code"
    )
    return literals(engine.table(codes).column("code").to_pylist())


def monthly(
    trade: Trade, legs: Legs, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Months]:
    """Return the legs of each pair, period by period, and when leg one broke."""
    flag(trade.engine, pairs)
    periods = (*legs.span.pre, *legs.span.post)
    post = legs.span.post
    values: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in trade.engine.table(sql("series").template).to_pylist():
        key = (row["leg"], row["hub"], row["product"])
        values.setdefault(key, {})[row["period"]] = float(row["value"])

    def series(leg: str, pair: tuple[str, str]) -> tuple[float, ...]:
        by_period = values.get((leg, *pair), {})
        return tuple(by_period.get(period, 0.0) for period in periods)

    found = {}
    for pair in pairs:
        inward = series("in", pair)
        outward = series("out", pair) if pair[0] in legs.books else None
        direct = series("direct", pair) if legs.direct_held else None
        went_on = inward if outward is None else outward
        began = break_date(periods, inward, legs.span.offset)
        if began is not None and began < post[0]:
            began = None
        ended = ends(went_on[-len(post) :], post)
        found[pair] = Months(periods, inward, outward, direct, began, ended)
    return found


def suppliers(
    trade: Trade, terms: dict[str, str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """The origins of the goods of each ``flagged`` pair since the break with their shares,
    largest first; ``terms``: the ``products``, and the ``first`` and ``last`` period, as the
    file has them."""
    by_pair: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in trade.engine.table(sql("origins").substitute(terms)).to_pylist():
        pair = (row["hub"], row["product"])
        by_pair.setdefault(pair, []).append((row["origin"], float(row["value"] or 0)))
    found = {}
    for pair, values in by_pair.items():
        total = sum(value for _, value in values)
        if total > 0:
            largest = sorted(values, key=lambda item: (-item[1], item[0]))[:NAMED]
            found[pair] = tuple((who, round(value / total, 4)) for who, value in largest)
    return found


def silences(trade: Trade, legs: Legs, hubs: Sequence[str]) -> tuple[Silence, ...]:
    """Return the zeros that speak, largest first: those of the legs, and goods declared for some
    ``hubs`` that never arrive."""
    found = list(legs.silences)
    in_units = {silence.hub for silence in found if silence.kind in (PURCHASES, SALES)}
    if trade.both_sides:  # of books in another unit the two sides cannot be compared
        compared = set(hubs) & set(legs.hubs) - in_units
        found += _never_arrived(trade, legs, compared)
    return tuple(sorted(found, key=lambda s: (-max(s.before, s.after), s.hub)))


def _never_arrived(trade: Trade, legs: Legs, hubs: Collection[str]) -> list[Silence]:
    """Return goods that the origins declare for a hub and that its books lack since the break."""
    leg = legs.inward
    rows = np.flatnonzero(np.isin(leg["hub"], [legs.hubs.index(hub) for hub in hubs]))
    if not len(rows):
        return []
    pairs = [(legs.hubs[leg["hub"][r]], legs.products[leg["product"][r]]) for r in rows.tolist()]
    flag(trade.engine, pairs)
    post = legs.span.post
    found = []
    for row in trade.engine.table(sql("mirror").template).to_pylist():
        sent_before = float(row["origin_before"] or 0)
        came_before = float(row["hub_before"] or 0)
        sent = float(row["origin_after"] or 0)
        came = float(row["hub_after"] or 0)
        usual = sent_before / came_before if came_before > 0 else 1.0
        lost = sent - came * usual
        if min(sent_before, came_before, sent) > 0 and lost > MISSING * sent:
            apart = (sent_before - came_before, sent - came)
            found.append(Silence("never arrives", row["hub"], None, post[0], post[-1], *apart))
    return found
