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
        size = (len(self.hubs), len(self.periods))
        keep = among[self.cell]
        at = self.hub[keep] * size[1] + self.period[keep]
        out = np.bincount(at, weights=self.value[keep], minlength=size[0] * size[1]).reshape(size)
        return np.where(self.missing, np.nan, out)

    def by(self, keys: Array, number: int, among: Array, weights: Array) -> Array:
        """(hubs, ``number``): sums of value times ``weights`` (hubs, periods) by the key of each
        cell."""
        keep = among[self.cell]
        hub = self.hub[keep]
        period = self.period[keep]
        value = self.value[keep] * weights[hub, period]
        at = hub * number + keys[self.cell[keep]]
        return np.bincount(at, weights=value, minlength=len(self.hubs) * number).reshape(-1, number)


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
    new = new_codes(legs)
    kinds = [
        (p[:4], listed[n], tiers[n], bool(lost[n]), bool(asked[n]), bool(new[n]))
        for n, p in enumerate(legs.products)
    ]
    known = sorted(set(kinds))
    place = {k: n for n, k in enumerate(known)}
    cell = [place[k] for k in kinds]
    trade.engine.register("cells", pa.table({"product": legs.products, "cell": cell}))
    table = trade.engine.table(sql("levels").template)
    periods = (*legs.span.pre, *legs.span.post)
    hubs = sorted(table["hub"].unique().to_pylist())
    hub, period = (
        index_in(table[c], pa.array(names)).to_numpy()
        for c, names in (("hub", hubs), ("period", periods))
    )
    missing = np.zeros((len(hubs), len(periods)), dtype=bool)
    for n, name in enumerate(hubs):
        missing[n] = np.isin(periods, list(legs.span.missing(name, "importer")))
    heading, day, tier, fell, mine, began = (
        np.array(column) for column in zip(*known, strict=True)
    )
    return Cells(
        hubs=hubs,
        periods=periods,
        breaks=len(legs.span.pre),
        hub=hub,
        cell=table["cell"].to_numpy(),
        period=period,
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
    for t in range(at, end):
        base = bases(at, t, season, at >= season)
        there = ~missing[:, t] & ~missing[:, base].all(axis=1)
        after[:, t] += there
        share = ~missing[:, base] / np.maximum((~missing[:, base]).sum(axis=1, keepdims=True), 1)
        before[:, base] += share * there[:, None]
    held = after.sum(axis=1)
    last = np.where(after > 0, np.arange(missing.shape[1]) + 1, at).max(axis=1)
    scale = (np.maximum(last - at, 0) / np.maximum(held, 1))[:, None]
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
    seasonal = season == 1 or at >= SEASONAL
    first = season if seasonal else min(LEAD, max(1, at - 1))
    logs = np.log(series + offset)

    def against(t: int, at: int) -> Array:
        base = series[:, bases(at, t, season, seasonal)]
        return np.where(
            np.isnan(base).all(axis=1), np.nan, logs[:, t] - np.log(_mean(base) + offset)
        )

    earlier = [against(t, t) for t in range(first, at)]
    null = np.column_stack(earlier) if earlier else np.full((len(series), 1), np.nan)
    post = np.column_stack([against(t, at) for t in range(at, end)])
    blocks = np.zeros(len(series), dtype=np.int64) if block is None else block
    for b in np.unique(blocks):
        rows = np.flatnonzero(blocks == b)
        if len(rows) >= 10:
            null[rows] -= _median(null[rows])
            post[rows] -= _median(post[rows])
    n = (~np.isnan(null)).sum(axis=1)
    middle = np.where(n > 0, _mean(null), 0.0)
    squares = np.nansum((null - middle[:, None]) ** 2, axis=1)
    own = np.maximum(n - 1, 0)
    weight = parameter("swing_prior")
    usual = _usual(squares, own, np.nansum(series[:, :at], axis=1))
    variance = (squares + weight * usual) / (own + weight)
    ahead = np.mean([1 + (t - at) // season for t in range(at, end)])
    swing = np.sqrt(variance * ahead)
    rise = np.nan_to_num(_mean(post) - middle)
    half = null.shape[1] // 2
    kept = 1.0
    if len(series) >= 40 and half >= 4:
        apart = (_mean(null[:, :half]) - _mean(null[:, half:])) ** 2 / 2
        kept = float(np.clip(apart.sum() / max(variance.sum(), 1e-12), 1 / half, 1.0))
    part = 0.5 if season > 1 else 1.0  # neighbouring months are not independent
    t = rise / (swing * np.sqrt(kept + 1 / np.maximum(part * n, 1)))
    p = stdtr(np.maximum(part * (own + weight), 2), -t)
    return Growth(np.exp(_mean(post)), rise, middle, swing, p, np.column_stack([null, post]), first)


def _mean(values: Array) -> Array:
    there = ~np.isnan(values)
    return np.asarray(np.where(there, values, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1))


def _median(values: Array) -> Array:
    return np.nan_to_num(
        np.array([np.median(c[~np.isnan(c)]) if (~np.isnan(c)).any() else 0.0 for c in values.T])
    )


def _usual(squares: Array, own: Array, size: Array) -> Array:
    """The variance usual for a hub of its size: a line through ln variance on ln size with
    twenty hubs, else one mean."""
    held = (own > 0) & (squares > 0) & (size > 0)
    if not held.any():
        return np.full(len(own), parameter("swing") ** 2)
    if held.sum() < 20:
        return np.full(len(own), float(squares[held].sum() / own[held].sum()))
    x = np.log(size[held])
    y = np.log(squares[held] / own[held])
    slope, level = np.polyfit(x, y, 1)
    # The mean of ln(chi-square / n) lies below 0: what is fitted are variances.
    shift = float(np.log(np.mean(squares[held] / own[held] / np.exp(level + slope * x))))
    return np.asarray(
        np.exp(np.clip(level + shift + slope * np.log(np.maximum(size, 1.0)), -6.0, 3.0))
    )


def begins(growth: Array, breaks: int, periods: Sequence[str]) -> str | None:
    """The period in which a growth series steps up; None under five periods. Least squares of
    two levels, each period from two before the break on tried."""
    held = ~np.isnan(growth)
    y = growth[held]
    names = [p for p, h in zip(periods, held, strict=True) if h]
    start = int(held[:breaks].sum())
    if len(y) < 5 or start < 2 or np.ptp(y) <= 0:
        return None
    steps = range(max(1, start - 2), len(y))
    rss = [((y[:k] - y[:k].mean()) ** 2).sum() + ((y[k:] - y[k:].mean()) ** 2).sum() for k in steps]
    return names[steps[int(np.argmin(rss))]]


def ends(values: Sequence[float | None], periods: Sequence[str]) -> str | None:
    """The last period of a flow that has stopped; None where it goes on. ``values``: since it
    began. Of two levels by least squares the second must be below :data:`STOPPED` of the first
    and hold for :data:`LEAST_AFTER` periods."""
    known = [(p, v) for p, v in zip(periods, values, strict=True) if v is not None]
    if len(known) < 2 * LEAST_AFTER:
        return None
    y = np.array([v for _, v in known])
    steps = range(LEAST_AFTER, len(y) - LEAST_AFTER + 1)
    rss = [((y[:k] - y[:k].mean()) ** 2).sum() + ((y[k:] - y[k:].mean()) ** 2).sum() for k in steps]
    step = steps[int(np.argmin(rss))]
    return known[step - 1][0] if y[step:].mean() < STOPPED * y[:step].mean() else None
