# SPDX-License-Identifier: Apache-2.0
"""How surely a pair's purchases surged: leg one alone, against the same pairs about a break made up
within the baseline.

A surge is not a route. The null is clean: no pair of the made-up break carries one.
"""

from __future__ import annotations

import numpy as np

from bilat.diversion import controls as ctl
from bilat.diversion import noise
from bilat.diversion.estimate import Estimate
from bilat.diversion.legs import Array

#: Pairs of a hub from which on it has a share of surges of its own.
OWN = 150
#: Pairs of either break below which no share is read.
LEAST = 50
#: The most that purchases alone make a surge likely.
MOST = 0.995
#: Months before the made-up break below which seasons would be compared with one another.
LEAST_MONTHS = 12
#: The share of the usual, in standard deviations, to which few pairs of a product or hub are drawn.
_SHRINK = 5.0


def surges(e: Estimate) -> Array:
    """Return P(surge) of every pair; NaN where the past is too short for a made-up break.

    Local false discovery rate (Efron et al. 2001, JASA 96): 1 - pi0 f0 / f, the ratio of densities
    read by isotonic regression of "real or made up" on how many usual scales a pair lies above its
    counterfactual.
    """
    pairs = e.pairs
    span = e.legs.span
    found = np.full(len(pairs.hub), np.nan)
    early = len(span.pre) - len(span.then)
    if not span.then or not len(found):
        return found
    if span.monthly and early < LEAST_MONTHS:
        return found
    real, made_up, hub = _scaled(e)
    for mine, theirs in _groups(pairs.hub, hub):
        if mine.sum() >= LEAST and theirs.sum() >= LEAST:
            found[mine] = two_groups(real[mine], made_up[theirs])
        elif mine.any() and len(made_up) >= LEAST:
            found[mine] = two_groups(real, made_up)[mine]
    return found


def _scaled(e: Estimate) -> tuple[Array, Array, Array]:
    """Return how many usual scales pairs lie above their counterfactual.

    Of all pairs about the real break, of those that traded about the made-up one, and the hub of
    each of the latter.
    """
    legs = e.legs
    leg = legs.inward
    offset = legs.span.offset * len(legs.span.then)
    before = leg["then_before"][e.pairs.one]
    after = leg["then_after"][e.pairs.one]
    traded = np.flatnonzero(before + after > 0)
    before = before[traded]
    product = leg["product"][e.pairs.one][traded]
    hub = leg["hub"][e.pairs.one][traded]
    growth = ctl.growth(before, after[traded], offset)
    growth = _beyond_median(growth, product, len(legs.products))
    growth = _beyond_median(growth, hub, len(legs.hubs))
    first = e.fitted.windows[0].first
    even = np.ones(len(traded))
    sizes = np.concatenate([before, first.before * offset / first.offset])
    scale = noise.fitted_scale(before, offset, growth, even, sizes)
    made_up = growth / scale[: len(traded)]
    real = (first.y - first.law.location) / scale[len(traded) :]
    return real, made_up, hub


def _beyond_median(growth: Array, key: Array, size: int) -> Array:
    """Return growth beyond the median of its product or hub, which is drawn to nought."""
    middle, total = ctl.grouped_median(key, growth, np.ones(len(growth)), size)
    return np.asarray(growth - ctl.shrunk(middle, total, 0.0, _SHRINK)[key])


def _groups(hub: Array, hub_then: Array) -> list[tuple[Array, Array]]:
    """Return the pairs of each hub that has many of either break, then those of all others."""
    many = [
        name
        for name in np.unique(hub)
        if (hub == name).sum() >= OWN and (hub_then == name).sum() >= OWN
    ]
    groups = [(hub == name, hub_then == name) for name in many]
    groups.append((~np.isin(hub, many), ~np.isin(hub_then, many)))
    return groups


def two_groups(real: Array, null: Array) -> Array:
    """Return 1 - pi0 f0 / f of each of ``real``, rising with it.

    ``pi0`` is read where surges are few, below the middle of the null.
    """
    both = np.concatenate([real, null])
    order = np.argsort(both, kind="stable")
    weight = np.repeat([1 / len(real), 1 / len(null)], [len(real), len(null)])
    is_real = np.repeat([1.0, 0.0], [len(real), len(null)])
    share = np.empty(len(both))
    share[order] = rising_fit(is_real[order], weight[order])
    below = (real <= np.median(null)).mean() / 0.5
    pi0 = float(np.clip(below, 0.02, 1.0))
    odds = np.clip(share[: len(real)], 1e-6, 1 - 1e-6)
    return np.asarray(np.clip(1 - pi0 * (1 - odds) / odds, 0.0, MOST))


def rising_fit(values: Array, weights: Array) -> Array:
    """Return the nearest sequence that never falls (weighted least squares, pooled adjacent
    violators).

    Equal to ``scipy.optimize.isotonic_regression``, whose import costs a seventh of a default
    answer.
    """
    starts = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    lengths = np.diff(starts, append=len(values))
    runs = np.add.reduceat(weights, starts)
    means: list[float] = []
    sizes: list[float] = []
    counts: list[int] = []
    for mean, size, count in zip(
        values[starts].tolist(),
        runs.tolist(),
        lengths.tolist(),
        strict=True,
    ):
        while means and means[-1] >= mean:
            earlier = sizes.pop()
            both = earlier + size
            mean = (means.pop() * earlier + mean * size) / both
            size = both
            count += counts.pop()
        means.append(mean)
        sizes.append(size)
        counts.append(count)
    return np.repeat(means, counts)
