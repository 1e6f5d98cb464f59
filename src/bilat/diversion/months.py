# SPDX-License-Identifier: Apache-2.0
"""Details of the pairs that an answer shows: their legs period by period, which origins sold the
goods, and what both sides report of the hubs' purchases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from bilat.diversion.answer import Months, Silence
from bilat.diversion.legs import Legs
from bilat.diversion.levels import ends
from bilat.diversion.queries import literals, sql
from bilat.diversion.unit_steps import PURCHASES, SALES
from bilat.engine import DuckDB
from bilat.formats.trade.files import Trade
from bilat.statistics import break_date

#: The most origins named for a route, largest first.
NAMED = 5
#: A hub is named if more than this part of what is declared for it is missing from its records,
#: beyond what was missing before the break.
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
    """Register the table ``flagged``: the pairs of hub and product to read in detail.

    Returns
    -------
    str
        the file's codes of the products as SQL literals: a scan skips data by literals, and not by
        a join.
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
    """Return the origins of the goods of each pair in ``flagged`` since the break, each with its
    share, largest first.

    Parameters
    ----------
    terms
        ``products``, ``first`` and ``last`` period as the file writes them.
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
    """Return the gaps that say something, largest first: hubs that fell silent, and goods that the
    origins declared for one of ``hubs`` and that it never recorded."""
    found = list(legs.silences)
    if trade.both_sides:
        # If a hub's records change their unit, the two sides cannot be compared.
        in_units = {silence.hub for silence in found if silence.kind in (PURCHASES, SALES)}
        compared = set(hubs) & set(legs.hubs)
        found += _never_arrived(legs, compared - in_units)
    return tuple(sorted(found, key=_by_size))


def _by_size(silence: Silence) -> tuple[float, str]:
    """Return the sort key of a silence: the largest first, ties by hub."""
    return (-max(silence.before, silence.after), silence.hub)


def _never_arrived(legs: Legs, hubs: set[str]) -> list[Silence]:
    """Return what the origins declared for a hub and its records lack since the break.

    Periods in which the hub published no purchases at all are left out on both sides.
    """
    books = legs.both_books
    found: list[Silence] = []
    if books is None:
        return found
    for hub in sorted(hubs & legs.booked_periods.keys()):
        mine = books["hub"] == legs.hubs.index(hub)
        sides = _BothSides(
            sent_before=float(books["sent_before"][mine].sum()),
            came_before=float(books["came_before"][mine].sum()),
            sent=float(books["sent"][mine].sum()),
            came=float(books["came"][mine].sum()),
        )
        if sides.lack_goods():
            found.append(_missing(hub, sides, *legs.booked_periods[hub]))
    return found


class _BothSides(NamedTuple):
    """What the origins declared for a hub and what the hub recorded, before and after the break, in
    the currency of the trade."""

    sent_before: float
    came_before: float
    sent: float
    came: float

    def lack_goods(self) -> bool:
        """Return whether the hub's records lack more of what was declared than before the break."""
        if min(self.sent_before, self.came_before, self.sent) <= 0:
            return False
        usual = self.sent_before / self.came_before
        return self.sent - self.came * usual > MISSING * self.sent


def _missing(hub: str, sides: _BothSides, first: str, last: str) -> Silence:
    """Return what a hub's records lack from ``first`` to ``last``, the periods compared."""
    return Silence(
        kind="never arrives",
        hub=hub,
        since=None,
        first=first,
        last=last,
        before=sides.sent_before - sides.came_before,
        after=sides.sent - sides.came,
    )
