# SPDX-License-Identifier: Apache-2.0
"""What is read again of the pairs that are shown: their legs period by period, which origins sold
the goods, and what both sides report of leg one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

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


class _LegSeries:
    """The legs of the ``flagged`` pairs, period by period."""

    def __init__(self, trade: Trade, legs: Legs) -> None:
        self.legs = legs
        self.periods = (*legs.span.pre, *legs.span.post)
        self._values: dict[tuple[str, str, str], dict[str, float]] = {}
        rows = trade.engine.table(sql("series").template).to_pylist()
        for row in rows:
            key = (row["leg"], row["hub"], row["product"])
            by_period = self._values.setdefault(key, {})
            by_period[row["period"]] = float(row["value"])

    def months(self, hub: str, product: str) -> Months:
        """Return the legs of a pair with the period in which purchases rose, and the last one of
        what went on."""
        inward = self._series("in", hub, product)
        outward = None
        if hub in self.legs.books:
            outward = self._series("out", hub, product)
        direct = None
        if self.legs.direct_held:
            direct = self._series("direct", hub, product)
        went_on = inward if outward is None else outward
        post = self.legs.span.post
        return Months(
            periods=self.periods,
            inward=inward,
            outward=outward,
            direct=direct,
            break_at=self._began(inward),
            ended_at=ends(went_on[-len(post) :], post),
        )

    def _series(self, leg: str, hub: str, product: str) -> tuple[float, ...]:
        by_period = self._values.get((leg, hub, product), {})
        return tuple(by_period.get(period, 0.0) for period in self.periods)

    def _began(self, inward: tuple[float, ...]) -> str | None:
        """Return the period in which purchases rose, where that is not before the break."""
        span = self.legs.span
        began = break_date(self.periods, inward, span.offset)
        if began is None or began < span.post[0]:
            return None
        return began


def flag(engine: DuckDB, pairs: Sequence[tuple[str, str]]) -> str:
    """Register ``flagged``: the pairs of hub and product that are read again.

    Returns
    -------
    str
        the file's codes of the products, as SQL has them: a scan is narrowed by what is written
        out, not by a join.
    """
    hubs = [hub for hub, _ in pairs]
    products = [product for _, product in pairs]
    table = pa.table(
        {
            "hub": pa.array(hubs, pa.string()),
            "product": pa.array(products, pa.string()),
        }
    )
    engine.register("flagged", table)
    codes = (
        "SELECT DISTINCT g.code FROM goods g JOIN flagged f ON f.product = g.name ORDER BY g.code"
    )
    return literals(engine.table(codes).column("code").to_pylist())


def monthly(
    trade: Trade, legs: Legs, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Months]:
    """Return the legs of each pair, period by period, and when leg one broke."""
    flag(trade.engine, pairs)
    series = _LegSeries(trade, legs)
    return {(hub, product): series.months(hub, product) for hub, product in pairs}


def suppliers(
    trade: Trade, terms: dict[str, str]
) -> dict[tuple[str, str], tuple[tuple[str, float], ...]]:
    """The origins of the goods of each ``flagged`` pair since the break with their shares,
    largest first.

    Parameters
    ----------
    terms
        the ``products``, and the ``first`` and ``last`` period, as the file has them.
    """
    by_pair: dict[tuple[str, str], list[tuple[str, float]]] = {}
    rows = trade.engine.table(sql("origins").substitute(terms)).to_pylist()
    for row in rows:
        pair = (row["hub"], row["product"])
        sold = float(row["value"] or 0)
        by_pair.setdefault(pair, []).append((row["origin"], sold))
    found = {}
    for pair, values in by_pair.items():
        total = sum(value for _, value in values)
        if total <= 0:
            continue
        largest = sorted(values, key=_by_value)[:NAMED]
        found[pair] = tuple((origin, round(value / total, 4)) for origin, value in largest)
    return found


def _by_value(sold: tuple[str, float]) -> tuple[float, str]:
    """Return the sort key of an origin and its value: the largest first, ties by name."""
    origin, value = sold
    return (-value, origin)


def silences(trade: Trade, legs: Legs, hubs: Sequence[str]) -> tuple[Silence, ...]:
    """Return the zeros that speak, largest first.

    These are the silences of the legs, and goods declared for some of ``hubs`` that never arrive.
    """
    found = list(legs.silences)
    if trade.both_sides:
        # Of books in another unit the two sides cannot be compared.
        in_units = {silence.hub for silence in found if silence.kind in (PURCHASES, SALES)}
        compared = set(hubs) & set(legs.hubs)
        found += _never_arrived(trade, legs, compared - in_units)
    return tuple(sorted(found, key=_by_size))


def _by_size(silence: Silence) -> tuple[float, str]:
    """Return the sort key of a silence: the largest first, ties by hub."""
    return (-max(silence.before, silence.after), silence.hub)


def _never_arrived(trade: Trade, legs: Legs, hubs: Collection[str]) -> list[Silence]:
    """Return goods that the origins declare for a hub and that its books lack since the break."""
    leg = legs.inward
    numbers = [legs.hubs.index(hub) for hub in hubs]
    rows = np.flatnonzero(np.isin(leg["hub"], numbers))
    if not len(rows):
        return []
    pairs = [
        (legs.hubs[hub], legs.products[product])
        for hub, product in zip(leg["hub"][rows], leg["product"][rows], strict=True)
    ]
    flag(trade.engine, pairs)
    found = []
    for row in trade.engine.table(sql("mirror").template).to_pylist():
        sides = _BothSides(
            sent_before=float(row["origin_before"] or 0),
            came_before=float(row["hub_before"] or 0),
            sent=float(row["origin_after"] or 0),
            came=float(row["hub_after"] or 0),
        )
        if sides.lack_goods():
            found.append(_missing(row["hub"], sides, legs.span.post))
    return found


class _BothSides(NamedTuple):
    """What the origins declare for a hub and what came by the hub's own books, before and after
    the break, USD."""

    sent_before: float
    came_before: float
    sent: float
    came: float

    def lack_goods(self) -> bool:
        """Whether the hub's books lack more of what was declared than they usually do."""
        if min(self.sent_before, self.came_before, self.sent) <= 0:
            return False
        usual = self.sent_before / self.came_before
        return self.sent - self.came * usual > MISSING * self.sent


def _missing(hub: str, sides: _BothSides, post: Sequence[str]) -> Silence:
    """Return what a hub's books lack in the periods since the break."""
    return Silence(
        kind="never arrives",
        hub=hub,
        since=None,
        first=post[0],
        last=post[-1],
        before=sides.sent_before - sides.came_before,
        after=sides.sent - sides.came,
    )
