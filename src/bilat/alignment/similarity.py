# SPDX-License-Identifier: Apache-2.0
"""Similarity of votes that allows for what chance alone would give: S and kappa."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from bilat.alignment.voting import common
from bilat.measures import Answer, Ask, Interval, State, measure
from bilat.statistics import LEVEL
from bilat.units import index

Stands = np.ndarray  #: n x 2, yes 0, abstain 0.5, no 1

#: Resamples of a year's votes behind an interval.
DRAWS = 2000


def s_score(stands: Stands) -> np.ndarray:
    """1 - 2 x mean distance over the greatest distance possible; over the last two axes."""
    return np.asarray(1 - 2 * np.abs(stands[..., 0] - stands[..., 1]).mean(axis=-1))


def kappa(stands: Stands) -> np.ndarray:
    """Cohen's kappa: agreement above what the two states' own habits would give, over the most there could
    be; nan where habits alone give full agreement."""
    one, two = stands[..., 0], stands[..., 1]
    seen = (one == two).mean(axis=-1)
    chance = sum((one == v).mean(axis=-1) * (two == v).mean(axis=-1) for v in (0.0, 0.5, 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((seen - chance) / (1 - chance))


SCORES: dict[str, Callable[[Stands], np.ndarray]] = {"s": s_score, "kappa": kappa}


def with_interval(
    stands: Sequence[tuple[float, float]], score: Callable[[Stands], np.ndarray], seed: int
) -> tuple[float, float, float]:
    """The score with its 95% percentile bootstrap interval over the votes."""
    held = np.asarray(stands, dtype=float)
    value = float(score(held))
    draws = np.random.default_rng(seed).integers(0, len(held), size=(DRAWS, len(held)))
    low, high = np.nanquantile(score(held[draws]), [0.025, 0.975])
    return value, min(float(low), value), max(float(high), value)


@measure(
    "votes.similarity",
    title="Similarity of votes beyond chance in the UN General Assembly",
    unit=index("index, -1 to 1"),
    tables=("votes",),
    reference="Signorino and Ritter (1999), Tau-b or Not Tau-b, International Studies Quarterly 43; "
    "Hage (2011), Choice or Circumstance?, Political Analysis 19; Cohen (1960), Educational and "
    "Psychological Measurement 20",
    method="Over the roll calls in which both voted, by calendar year. method=kappa: agreement above "
    "what the two states' own shares of yes, abstain and no would give. method=s: 1 less twice the "
    "mean distance, an abstention halfway. High exact agreement can go with a low kappa where both "
    "nearly always vote yes.",
    interval=Interval("sampling", "95% percentile bootstrap over the year's votes, seeded", LEVEL),
)
def similarity(ask: Ask, method: Literal["kappa", "s"] = "kappa", third: State = "") -> Answer:
    """Groups: ``RUS-CHN`` and, with a third state, ``RUS-USA``, ``CHN-USA``; a point per year.

    method: kappa or s
    third: a third state: adds each with it
    """
    a, b = ask.dyad
    pairs = [(a, b)]
    if third:
        pairs += [(s, third) for s in (a, b) if s != third]
    out, lacks = ask.answer(), []
    for one, two in pairs:
        group = f"{one}-{two}"
        shared = common(ask, one, two, group)
        if shared is None:
            lacks.append(f"No roll calls of both {one} and {two} are held. ")
            continue
        rows, years = shared
        out.take(rows)
        for year, stands in years.items():
            value, low, high = with_interval(stands, SCORES[method], int(year))
            if np.isfinite(value):
                note = f"{len(stands)} common votes"
                out.point(year, value, low=low, high=high, group=group, note=note)
    last = max((p.period for p in out.points), default="")
    out.note = f"{''.join(lacks)}{f'The roll calls held end with {last}.' if last else ''}".strip()
    return out
