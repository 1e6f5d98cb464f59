# SPDX-License-Identifier: Apache-2.0
"""Purchases by hub and cell of goods, period by period, and how far their growth lies beyond their
own past.

A cell is the goods of one heading (four digits) that share kind, tier and day of listing. Growth of
a period is the log ratio to the same season of the year before the break; the null is the same
ratio in every earlier period that has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow.compute import index_in
from scipy.special import stdtr

from bilat.diversion.candidates import new_codes
from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter
from bilat.diversion.queries import sql
from bilat.formats.trade.files import Trade

#: Months before the break from which on the season of the year before is the base; with fewer it is
#: their mean.
SEASONAL = 18
#: Periods of an earlier level that are not compared with anything yet, where the base is a mean.
LEAD = 6
#: Part of its level since it began below which a flow has stopped, and for how many periods at
#: least.
STOPPED = 0.25
LEAST_AFTER = 3
#: Characters of a period that is a year.
YEAR = 4
#: Rows of a block from which on what they have in common is taken off.
LEAST_IN_COMMON = 10
#: Rows, and periods of half a past, from which on halves of the past are compared.
LEAST_TO_COMPARE = 40
LEAST_HALF = 4


@dataclass(frozen=True)
class Cells:
    """One row a (hub, cell, period) that traded; ``heading``, ``listed`` (day or blank),
    ``tier`` and ``lost`` by cell; ``periods`` of the whole span, the first ``breaks`` of them
    before the break."""

    hubs: list[str]
    periods: tuple[str, ...]
    breaks: int
    hub: Array
    cell: Array
    period: Array
    value: Array
    heading: Array
    tier: Array
    listed: Array
    lost_asked: Array  #: goods asked for whose direct trade fell
    lost: Array  #: goods whose direct trade fell, asked for or not
    calm: Array  #: goods whose direct trade did not fall, and that were traded before
    goods: Array  #: number of goods of each cell
    missing: Array  #: (hubs, periods): the hub does not report there

    @property
    def season(self) -> int:
        return 12 if len(self.periods[0]) == 7 else 1

    def series(self, among: Array) -> Array:
        """(hubs, periods): sums over the cells that are True in ``among``; NaN where the hub
        does not report."""
        hubs = len(self.hubs)
        periods = len(self.periods)
        keep = among[self.cell]
        at = self.hub[keep] * periods + self.period[keep]
        sums = np.bincount(at, weights=self.value[keep], minlength=hubs * periods)
        out = sums.reshape(hubs, periods)
        return np.where(self.missing, np.nan, out)

    def by(self, keys: Array, number: int, among: Array, weights: Array) -> Array:
        """(hubs, ``number``): sums of value times ``weights`` (hubs, periods) by the key of each
        cell."""
        keep = among[self.cell]
        hub = self.hub[keep]
        period = self.period[keep]
        value = self.value[keep] * weights[hub, period]
        key = keys[self.cell[keep]]
        at = hub * number + key
        sums = np.bincount(at, weights=value, minlength=len(self.hubs) * number)
        return sums.reshape(-1, number)


def read_cells(
    trade: Trade,
    legs: Legs,
    lost: Array,
    listed: Sequence[str],
    tiers: Sequence[str],
    asked: Array,
) -> Cells:
    """The cells of all goods of ``legs``; ``lost``, ``listed`` (day), ``tiers`` and ``asked``
    are by product. Codes that began after the break have no usual: they are neither lost nor
    calm."""
    headings = [product[:4] for product in legs.products]
    by_good = (lost.tolist(), asked.tolist(), new_codes(legs).tolist())
    kinds = list(zip(headings, listed, tiers, *by_good, strict=True))
    known = sorted(set(kinds))
    places = {kind: place for place, kind in enumerate(known)}
    cell = [places[kind] for kind in kinds]
    trade.engine.register("cells", pa.table({"product": legs.products, "cell": cell}))
    table = trade.engine.table(sql("levels").template)
    periods = (*legs.span.pre, *legs.span.post)
    hubs = sorted(table["hub"].unique().to_pylist())
    missing = np.zeros((len(hubs), len(periods)), dtype=bool)
    for row, hub in enumerate(hubs):
        lacking = list(legs.span.missing(hub, "importer"))
        missing[row] = np.isin(periods, lacking)
    columns = [np.array(column) for column in zip(*known, strict=True)]
    heading, day, tier, fell, mine, began = columns
    return Cells(
        hubs=hubs,
        periods=periods,
        breaks=len(legs.span.pre),
        hub=index_in(table["hub"], pa.array(hubs)).to_numpy(),
        cell=table["cell"].to_numpy(),
        period=index_in(table["period"], pa.array(periods)).to_numpy(),
        value=np.nan_to_num(table["value"].to_numpy().astype(float)),
        heading=heading,
        tier=tier,
        listed=day,
        lost_asked=fell & mine & ~began,
        lost=fell & ~began,
        calm=~fell & ~began,
        goods=np.bincount(cell, minlength=len(known)),
        missing=missing,
    )


def base_weights(at: int, end: int, season: int, missing: Array) -> tuple[Array, Array]:
    """(before, after), each (hubs, periods): the weights that sum the periods from ``at`` to
    before ``end``, and their base in the year before ``at``: the same season, or the mean of its
    periods where the past is too short. A period that the hub did not report, or whose base it
    did not, counts on neither side; the rest is scaled up to the last period that it reported:
    what came after it stopped is not known."""
    before = np.zeros(missing.shape)
    after = np.zeros(missing.shape)
    for period in range(at, end):
        base = bases(at, period, season, at >= season)
        reported = ~missing[:, base]
        there = ~missing[:, period] & reported.any(axis=1)
        after[:, period] += there
        share = reported / np.maximum(reported.sum(axis=1, keepdims=True), 1)
        before[:, base] += share * there[:, None]
    held = after.sum(axis=1)
    number = np.arange(missing.shape[1]) + 1
    last = np.where(after > 0, number, at).max(axis=1)
    whole = np.maximum(last - at, 0)
    scale = (whole / np.maximum(held, 1))[:, None]
    return before * scale, after * scale


def bases(at: int, t: int, season: int, seasonal: bool) -> Array:
    """The periods before ``at`` that the period ``t`` is compared with."""
    if seasonal:
        return np.array([at - season + (t - at) % season])
    return np.arange(max(0, at - season), at)


@dataclass(frozen=True)
class Growth:
    """Log growth by hub: ``rise`` of the window beyond the mean of earlier years, in ``swings``
    (the usual standard deviation of a period), its one-sided p-value, and growth of each period
    from ``first`` on."""

    times: Array
    rise: Array
    usual: Array  #: mean of earlier growth
    swing: Array
    p: Array
    series: Array
    first: int

    @property
    def swings(self) -> Array:
        return self.rise / self.swing

    def begins(self, row: int, at: int, periods: Sequence[str]) -> str | None:
        """The period in which a row steps up; see :func:`begins`."""
        return begins(self.series[row], at - self.first, periods[self.first :])


def growth_of(
    series: Array, at: int, end: int, season: int, offset: float, block: Array | None = None
) -> Growth:
    """How far the growth of each series (rows, periods) from ``at`` to before ``end`` lies beyond
    its past.

    The swing is the standard deviation of earlier growth, drawn to that of all rows of its size.
    How much of it the mean of a window keeps is read from the halves of the past over all rows;
    with fewer than forty rows it is taken to keep all, as if its periods erred alike. What ten rows
    and more of one ``block`` have in common is taken off.
    """
    first, null, post = _growth_by_period(series, at, end, season, offset)
    blocks = np.zeros(len(series), dtype=np.int64) if block is None else block
    for name in np.unique(blocks):
        rows = np.flatnonzero(blocks == name)
        if len(rows) >= LEAST_IN_COMMON:
            null[rows] -= _median(null[rows])
            post[rows] -= _median(post[rows])
    periods = (~np.isnan(null)).sum(axis=1)
    middle = np.where(periods > 0, _mean(null), 0.0)
    rise = np.nan_to_num(_mean(post) - middle)
    squares = np.nansum((null - middle[:, None]) ** 2, axis=1)
    own = np.maximum(periods - 1, 0)
    prior = parameter("swing_prior")
    usual = _usual(squares, own, np.nansum(series[:, :at], axis=1))
    variance = (squares + prior * usual) / (own + prior)
    # Each further year adds an error of its own.
    years = np.mean([1 + (period - at) // season for period in range(at, end)])
    swing = np.sqrt(variance * years)
    # Neighbouring months are not independent.
    part = 0.5 if season > 1 else 1.0
    kept = _kept_by_the_mean(null, variance)
    error = swing * np.sqrt(kept + 1 / np.maximum(part * periods, 1))
    freedom = np.maximum(part * (own + prior), 2)
    return Growth(
        times=np.exp(_mean(post)),
        rise=rise,
        usual=middle,
        swing=swing,
        p=stdtr(freedom, -rise / error),
        series=np.column_stack([null, post]),
        first=first,
    )


def _growth_by_period(
    series: Array, at: int, end: int, season: int, offset: float
) -> tuple[int, Array, Array]:
    """Return the first period that has growth, log growth before ``at``, and since.

    Earlier periods are compared with the year before each of them, those since with the year before
    ``at``.
    """
    seasonal = season == 1 or at >= SEASONAL
    first = season if seasonal else min(LEAD, max(1, at - 1))
    logs = np.log(series + offset)

    def against(period: int, start: int) -> Array:
        base = series[:, bases(start, period, season, seasonal)]
        growth = logs[:, period] - np.log(_mean(base) + offset)
        return np.where(np.isnan(base).all(axis=1), np.nan, growth)

    earlier = [against(period, period) for period in range(first, at)]
    null = np.column_stack(earlier) if earlier else np.full((len(series), 1), np.nan)
    post = np.column_stack([against(period, at) for period in range(at, end)])
    return first, null, post


def _kept_by_the_mean(null: Array, variance: Array) -> float:
    """Return how much of a period's variance the mean of a window keeps: 1 where all periods of a
    window err alike."""
    half = null.shape[1] // 2
    if len(null) < LEAST_TO_COMPARE or half < LEAST_HALF:
        return 1.0
    early = _mean(null[:, :half])
    late = _mean(null[:, half:])
    apart = (early - late) ** 2 / 2
    kept = apart.sum() / max(variance.sum(), 1e-12)
    return float(np.clip(kept, 1 / half, 1.0))


def _mean(values: Array) -> Array:
    there = ~np.isnan(values)
    sums = np.where(there, values, 0.0).sum(axis=1)
    return np.asarray(sums / np.maximum(there.sum(axis=1), 1))


def _median(values: Array) -> Array:
    """Return the median of each column, 0 where it has no value."""
    middle = np.zeros(values.shape[1])
    for place, column in enumerate(values.T):
        known = column[~np.isnan(column)]
        if len(known):
            middle[place] = np.median(known)
    return np.nan_to_num(middle)


def _usual(squares: Array, own: Array, size: Array) -> Array:
    """The variance usual for a hub of its size: a line through ln variance on ln size with
    twenty hubs, else one mean."""
    held = (own > 0) & (squares > 0) & (size > 0)
    if not held.any():
        return np.full(len(own), parameter("swing") ** 2)
    if held.sum() < 20:
        return np.full(len(own), float(squares[held].sum() / own[held].sum()))
    logs = np.log(size[held])
    variances = squares[held] / own[held]
    slope, level = np.polyfit(logs, np.log(variances), 1)
    # The mean of ln(chi-square / n) lies below 0: what is fitted are variances.
    fitted = np.exp(level + slope * logs)
    shift = float(np.log(np.mean(variances / fitted)))
    line = level + shift + slope * np.log(np.maximum(size, 1.0))
    return np.asarray(np.exp(np.clip(line, -6.0, 3.0)))


def begins(growth: Array, breaks: int, periods: Sequence[str]) -> str | None:
    """The period in which a growth series steps up; None under five periods. Least squares of
    two levels, each period from two before the break on tried."""
    held = ~np.isnan(growth)
    y = growth[held]
    names = [p for p, h in zip(periods, held, strict=True) if h]
    start = int(held[:breaks].sum())
    if len(y) < 5 or start < 2 or np.ptp(y) <= 0:
        return None
    return names[_step(y, range(max(1, start - 2), len(y)))]


def ends(values: Sequence[float | None], periods: Sequence[str]) -> str | None:
    """The last period of a flow that has stopped; None where it goes on. ``values``: since it
    began. Of two levels by least squares the second must be below :data:`STOPPED` of the first
    and hold for :data:`LEAST_AFTER` months, or for a year where figures are yearly."""
    known = [(p, v) for p, v in zip(periods, values, strict=True) if v is not None]
    least = LEAST_AFTER if len(periods) and len(periods[0]) > YEAR else 1
    if len(known) < 2 * least:
        return None
    y = np.array([v for _, v in known])
    step = _step(y, range(least, len(y) - least + 1))
    stopped = y[step:].mean() < STOPPED * y[:step].mean()
    return known[step - 1][0] if stopped else None


def _step(values: Array, places: range) -> int:
    """Return the place at which two levels, one before it and one from it on, fit best."""

    def squares(part: Array) -> float:
        return float(((part - part.mean()) ** 2).sum())

    return min(places, key=lambda place: squares(values[:place]) + squares(values[place:]))
