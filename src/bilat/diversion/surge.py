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

#: Pairs of a hub from which on it has a share of surges of its own, and pairs of either break below
#: which none is read.
OWN = 150
LEAST = 50
MOST = 0.995


def surges(e: Estimate) -> Array:
    """P(surge) of every pair; NaN where the past is too short for a made-up break.

    Local false discovery rate (Efron et al. 2001, JASA 96): 1 - pi0 f0 / f, the ratio of densities
    read by isotonic regression of "real or made up" on how many usual scales a pair lies above its
    counterfactual.
    """
    legs = e.legs
    pairs = e.pairs
    span = e.legs.span
    out = np.full(len(pairs.hub), np.nan)
    early = len(span.pre) - len(span.then)
    if not span.then or not len(out) or (span.monthly and early < 12):
        return out  # a break made up across seasons is no null
    d = {k: legs.inward[k][pairs.one] for k in ("hub", "product", "then_before", "then_after")}
    c = span.offset * len(span.then)
    then = np.flatnonzero(d["then_before"] + d["then_after"] > 0)
    y = ctl.growth(d["then_before"][then], d["then_after"][then], c)
    for key, size in (("product", len(legs.products)), ("hub", len(legs.hubs))):
        middle, total = ctl.grouped_median(d[key][then], y, np.ones(len(then)), size)
        y = y - ctl.shrunk(middle, total, 0.0, 5.0)[d[key][then]]
    first = e.fitted.windows[0].first
    plain = np.ones(len(then))
    sizes = np.concatenate([d["then_before"][then], first.before * c / first.offset])
    scale = noise.fitted_scale(d["then_before"][then], c, y, plain, sizes)
    null = y / scale[: len(then)]
    real = (first.y - first.law.location) / scale[len(then) :]
    hub = d["hub"][then]
    many = [
        h for h in np.unique(pairs.hub) if (pairs.hub == h).sum() >= OWN and (hub == h).sum() >= OWN
    ]
    groups = [(pairs.hub == h, hub == h) for h in many]
    groups.append((~np.isin(pairs.hub, many), ~np.isin(hub, many)))
    for mine, theirs in groups:
        if mine.sum() >= LEAST and theirs.sum() >= LEAST:
            out[mine] = two_groups(real[mine], null[theirs])
        elif mine.any() and len(null) >= LEAST:
            out[mine] = two_groups(real, null)[mine]
    return out


def two_groups(real: Array, null: Array) -> Array:
    """1 - pi0 f0 / f of each of ``real``, rising with it; ``pi0`` is read where surges are few,
    below the middle of the null."""
    both = np.concatenate([real, null])
    order = np.argsort(both, kind="stable")
    weight = np.concatenate([np.full(len(real), 1 / len(real)), np.full(len(null), 1 / len(null))])
    label = np.concatenate([np.ones(len(real)), np.zeros(len(null))])
    share = np.empty(len(both))
    from scipy.optimize import isotonic_regression

    share[order] = isotonic_regression(label[order], weights=weight[order]).x
    pi0 = float(np.clip((real <= np.median(null)).mean() / 0.5, 0.02, 1.0))
    c = np.clip(share[: len(real)], 1e-6, 1 - 1e-6)
    return np.asarray(np.clip(1 - pi0 * (1 - c) / c, 0.0, MOST))
