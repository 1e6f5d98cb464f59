# SPDX-License-Identifier: Apache-2.0
"""Calibration on the file itself: what pairs without a route would score where routes lie.

The residuals of both legs of a calm pair, and its covariates, are put onto a fallen pair and scored by the same code:
the joint null of this very target, surges included. The real scores are then set against those: the probability may
only be lowered, logit p = a + b s with a <= 0 and b <= 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from bilat.diversion.amount import Side
from bilat.diversion.estimate import Estimate, LegWindow, combined, logit, terms
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter
from bilat.diversion.prior_odds import expit

#: Pairs of either kind below which nothing is calibrated.
LEAST_CALM, LEAST_FALLEN = 150, 50
#: Transplanted pairs at most, and copies of each fallen pair.
MOST, COPIES = 30_000, 4
#: How far the usual rate of first sales may be off.
UNSURE = 0.15
INTERCEPTS, SLOPES = np.linspace(-6.0, 0.0, 25), np.linspace(0.3, 1.0, 15)


@dataclass(frozen=True)
class Calibrated:
    """``p`` per pair, at most the cap; ``done``: whether the file could calibrate the pair; ``told``: how."""

    p: Array
    done: Array
    told: str


def calibrate(e: Estimate) -> Calibrated:
    """The final probability of every pair."""
    f, pairs = e.fitted, e.pairs
    fallen = f.fallen[pairs.product]
    raw = logit(f.p)
    slope = parameter("uncalibrated_slope")
    out = np.minimum(slope * raw, raw)
    done = np.zeros(len(raw), dtype=bool)
    words = []
    first = (e.new_in | (e.new_out & pairs.held)).astype(int)
    for name, group in (
        ("pairs of two legs", pairs.held),
        ("pairs of one leg", ~pairs.held & ~pairs.cleared),
    ):
        donors, hosts = np.flatnonzero(group & ~fallen), np.flatnonzero(group & fallen)
        if not group.any():
            continue
        if len(donors) < LEAST_CALM or len(hosts) < LEAST_FALLEN:
            words.append(
                f"{name}: not calibrated ({len(donors)} in goods whose direct trade did not fall, {len(hosts)} in "
                f"goods whose did; {LEAST_CALM} and {LEAST_FALLEN} are needed)"
            )
            continue
        null, kind = _transplanted(e, donors, hosts)
        for new in (0, 1):
            rows = np.flatnonzero(group & (first == new))
            mine, theirs = raw[rows[fallen[rows]]], null[kind == new]
            if len(mine) < LEAST_FALLEN or len(theirs) < LEAST_CALM:
                mine, theirs = raw[hosts], null
            a, b = fit(mine, theirs)
            out[rows] = np.minimum(a + b * raw[rows], raw[rows])
        done |= group
        words.append(
            f"{name}: calibrated on {len(null):,} transplanted residuals of {len(donors):,} calm pairs"
        )
    cap = np.where(done, parameter("cap"), parameter("cap_uncalibrated"))
    rows, by_itself = e.first_sales()
    before = float(expit(out[rows]).sum())
    routes = excess(len(rows), by_itself, before)
    if routes > before:
        out[rows] = shifted(out[rows], routes)
    return Calibrated(np.minimum(expit(out), cap), done, "; ".join(words))


def excess(seen: int, usual: float, before: float) -> float:
    """Mean number of routes among ``seen`` first sales where ``usual`` begin by themselves, give or take :data:`UNSURE`;
    ``before`` of them are expected beforehand (exponential)."""
    variance = seen + (UNSURE * usual) ** 2
    middle = seen - usual - variance / max(before, 0.5)
    z = middle / max(variance**0.5, 1e-9)
    return float(middle + variance**0.5 * np.exp(stats.norm.logpdf(z) - stats.norm.logcdf(z)))


def shifted(score: Array, total: float) -> Array:
    """``score`` (log odds) moved alike until its probabilities sum to ``total``."""
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(score + middle).sum() < total else (low, middle)
    return score + low


def _transplanted(e: Estimate, donors: Array, hosts: Array) -> tuple[Array, Array]:
    """(scores, 1 for a first sale) of fallen pairs that carry the residuals of calm ones."""
    f, pairs = e.fitted, e.pairs
    random = np.random.default_rng(20220224)
    pattern = e.new_in.astype(int) + 2 * (e.new_out & pairs.held)
    copies = max(1, min(COPIES, MOST // len(hosts)))
    host, donor = [], []
    for kind in range(4):
        here, there = hosts[pattern[hosts] == kind], donors[pattern[donors] == kind]
        if len(here) and len(there) >= 10:
            host.append(np.repeat(here, copies))
            donor.append(random.choice(there, len(host[-1])))
    if not host:
        return np.zeros(0), np.zeros(0, dtype=int)
    to, of = np.concatenate(host), np.concatenate(donor)
    windows = tuple(
        LegWindow(
            _carry(w.first, to, of), None if w.second is None else _carry(w.second, to, of), w.usual[to], w.basis
        ) for w in f.windows
    )  # fmt: skip
    held = pairs.held[to]
    factor, _ = combined(windows, f.prior, held, f.slab_one)
    x = terms(e.new_in[to], e.new_out[to], f.fall[pairs.product[to]], f.fallen[pairs.product[to]],
              pairs.producer[of], pairs.exclusive[of], held)  # fmt: skip
    score = f.odds.of(x, pairs.hub[to]) + np.log(np.maximum(factor, 1e-300))
    return score, (pattern[to] > 0).astype(int)


def _carry(side: Side, to: Array, of: Array) -> Side:
    """The leg of pairs ``to`` with the standardised residuals of pairs ``of``."""
    law, z = side.law.take(to), side.surprise()[of]
    before = side.before[to]
    y = np.clip(law.location + law.scale * z, -30.0, 30.0)
    after = np.maximum((before + side.offset) * np.exp(y) - side.offset, 0.0)
    return replace(side, before=before, after=np.maximum(after, 1.0), law=law)


def fit(real: Array, null: Array) -> tuple[float, float]:
    """(a, b) under which the real scores are likeliest against the null ones.

    If p = expit(a + b s) is the probability of a route, the density of real scores over null ones is
    (1 - mean p) / (1 - p); a real score is told from a null one at those odds.
    """
    best, chosen = -np.inf, (0.0, 1.0)
    both = np.clip(np.concatenate([real, null]), -12, 12)
    weight = np.concatenate([np.ones(len(real)), np.full(len(null), len(real) / len(null))])
    is_real = np.concatenate([np.ones(len(real)), np.zeros(len(null))]) > 0
    for b in SLOPES:
        for a in INTERCEPTS:
            p = expit(np.minimum(a + b * both, both))
            odds = (1 - float(p[is_real].mean())) / (1 - np.minimum(p, 0.9999))
            chance = odds / (1 + odds)
            fit = float((weight * np.log(np.where(is_real, chance, 1 - chance))).sum())
            fit -= 0.5 * (a / 2.0) ** 2 + 0.5 * ((1 - b) / 0.3) ** 2
            if fit > best:
                best, chosen = fit, (float(a), float(b))
    return chosen
