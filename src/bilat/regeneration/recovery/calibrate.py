# SPDX-License-Identifier: Apache-2.0
"""Calibration by tempered sequential Monte Carlo: draws of the parameters that the published points
allow.

Scores z of the parameters are standard normal before the points are used; the likelihood is raised
from power
0 to 1 in steps that keep half of the draws effective, with random-walk moves after each step (Del
Moral,
Doucet, Jasra 2006, doi 10.1111/j.1467-9868.2006.00553.x). Whether overhauled vehicles come back
into the active stock
is one more score, by its sign: each place begins with half of the draws, and the points decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bilat.errors import DataError
from bilat.regeneration.recovery.flows import FlowHistory, Rooms, history
from bilat.regeneration.recovery.parameters import Steering
from bilat.regeneration.recovery.points import PublishedPoint, log_likelihood

#: Random-walk moves after each step but the last, and after the last.
MOVES = 3
LAST_MOVES = 12
#: Lengths of the moves, 1 being as far as the draws reach.
LENGTHS = (0.9, 0.5)
#: Least share of effective draws a step may leave.
EFFECTIVE = 0.5


def sample(
    log_likelihood: Callable[[np.ndarray], np.ndarray],
    dimensions: int,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draws of standard normal scores weighted by a likelihood, (draws, dimensions).

    Raises
    ------
    DataError
        if the likelihood is finite nowhere.
    """
    z = rng.standard_normal((draws, dimensions))
    ll = log_likelihood(z)
    if not np.isfinite(ll).any():
        raise DataError(
            "no draw of the parameters gives a finite history; widen the ranges asked for with "
            "`param`"
        )
    ll = np.where(np.isfinite(ll), ll, -1e300)
    power = 0.0
    while power < 1:
        step = _step(ll, 1 - power)
        weights = step * (ll - ll.max())
        power = 1.0 if power + step > 1 - 1e-9 else power + step
        share = np.exp(weights)
        share /= share.sum()
        mean = share @ z
        spread = (z - mean).T @ ((z - mean) * share[:, None])
        chosen = _systematic(share, rng)
        z = z[chosen]
        ll = ll[chosen]
        normal = (mean, _root(spread))
        z, ll = _move(
            log_likelihood, z, ll, power, normal, LAST_MOVES if power >= 1 else MOVES, rng
        )
    return z


def _step(ll: np.ndarray, most: float) -> float:
    """The largest step that leaves half of the draws effective."""

    def effective(step: float) -> float:
        w = np.exp(step * (ll - ll.max()))
        return float(w.sum() ** 2 / (w @ w) / len(w))

    if effective(most) >= EFFECTIVE:
        return most
    low = 0.0
    high = most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= EFFECTIVE else (low, middle)
    return max(low, 1e-9)


def _systematic(share: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    places = (rng.random() + np.arange(len(share))) / len(share)
    return np.minimum(np.searchsorted(np.cumsum(share), places), len(share) - 1)


def _root(spread: np.ndarray) -> np.ndarray:
    """A factor of the spread. Cholesky's is unique, so that one seed gives the same draws on any
    machine.
    """
    return np.linalg.cholesky(spread + 1e-9 * np.eye(len(spread)))


def _move(
    log_likelihood: Callable[[np.ndarray], np.ndarray],
    z: np.ndarray,
    ll: np.ndarray,
    power: float,
    normal: tuple[np.ndarray, np.ndarray],
    moves: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Metropolis moves that leave a normal distribution of the draws' own mean and spread as it is,
    by turns long and
    short (preconditioned Crank and Nicolson): where the draws are near to normal a long one forgets
    where it began."""
    mean, root = normal
    w = np.linalg.solve(root, (z - mean).T).T
    for n in range(moves):
        length = LENGTHS[n % len(LENGTHS)]
        moved = np.sqrt(1 - length**2) * w + length * rng.standard_normal(z.shape)
        proposed = mean + moved @ root.T
        there = log_likelihood(proposed)
        there = np.where(np.isfinite(there), there, -1e300)
        gain = (
            power * (there - ll)
            + (np.sum(z * z - proposed * proposed + moved * moved - w * w, 1)) / 2
        )
        yes = np.log(rng.random(len(z))) < gain
        z, w = (np.where(yes[:, None], new, old) for new, old in ((proposed, z), (moved, w)))
        ll = np.where(yes, there, ll)
    return z, ll


@dataclass(frozen=True)
class Fit:
    """A calibrated class: values of the parameters, its history, and the points with what is said
    of each.
    """

    steering: Steering
    listed: np.ndarray  #: smoothed losses a month that the history uses
    points: tuple[PublishedPoint, ...]  #: those in the fit
    values: dict[str, np.ndarray]
    past: FlowHistory

    def over(self, listed: np.ndarray, carried_from: int | None = None) -> FlowHistory:
        """The history of the same draws over another series of losses (a longer one)."""
        return _past(self.steering, self.values, listed, carried_from)


def _past(
    steering: Steering,
    values: dict[str, np.ndarray],
    listed: np.ndarray,
    carried_from: int | None = None,
    rooms: Rooms | None = None,
) -> FlowHistory:
    return history(
        values,
        listed,
        carried_from=carried_from,
        rooms=rooms,
        midpoint=steering.setting("new_midpoint"),
        pace=steering.setting("new_pace"),
    )


def values_of(steering: Steering, z: np.ndarray) -> dict[str, np.ndarray]:
    """Values of the fitted parameters at scores (draws, parameters + 1): the last one is of
    ``inside``.
    """
    values = {p.name: p.of_scores(z[:, n]) for n, p in enumerate(steering.fitted)}
    return values | {"inside": (z[:, -1] > 0).astype(float)}


def fit(
    steering: Steering,
    listed: np.ndarray,
    points: Sequence[PublishedPoint],
    *,
    draws: int,
    seed: int,
    drops: frozenset[str] = frozenset(),
) -> Fit:
    """Calibrate to the points that are not shown only, not dropped and inside the months of
    ``listed``.
    """
    used = tuple(p for p in points if not p.shown and p.name not in drops and p.last <= len(listed))

    rooms = Rooms()
    to_last = listed[
        : max((p.last for p in used), default=1)
    ]  # months after the last point say nothing

    def likelihood(z: np.ndarray) -> np.ndarray:
        past = _past(steering, values_of(steering, z), to_last, rooms=rooms)
        return log_likelihood(used, past)

    found = sample(likelihood, len(steering.fitted) + 1, draws, np.random.default_rng(seed))
    values = values_of(steering, found)
    return Fit(steering, listed, used, values, _past(steering, values, listed))
