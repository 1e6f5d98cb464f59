# SPDX-License-Identifier: Apache-2.0
"""Change points: jumps in the level of a series that only the later view shows.

A single figure outside its forecast is a warning (:mod:`bilat.forecast.moves`); a change point is a level that
several figures keep. Each series is searched as of both dates; the jumps of all series are judged together at
the watch's false-discovery rate, and one that the earlier view already showed is not new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bilat.forecast.moves import FALSE_DISCOVERIES, Cadence, Series, steps, unbroken
from bilat.forecast.series import fit_scale, to_scale
from bilat.statistics import level_shift

#: A jump found within so many steps of one that was found before is the same jump.
SAME = 3


@dataclass(frozen=True)
class Break:
    """A jump in the level of a series, beside its trend."""

    series: str
    family: str
    period: str  #: the first period of the new level
    before: float  #: mean of the figures before it and since, in the series' own unit
    after: float
    p: float
    new: bool  #: the view as of the earlier date did not show it
    unit: str = ""


def jump(series: Series, known: Mapping[str, float], cadence: Cadence) -> Break | None:
    """The jump that stands out most in the last run without a hole; ``new`` is not decided yet."""
    final = dict(sorted(known.items())[: max(0, len(known) - series.provisional)])
    run = unbroken(final, series)[-cadence.window :] if final else []
    if not run:
        return None
    raw = [final[p] for p in run]
    found = level_shift(to_scale(raw, fit_scale(raw, series.scale)))
    if found is None:
        return None
    old, now = raw[: found.at], raw[found.at :]
    return Break(
        series.name, series.family, run[found.at], sum(old) / len(old), sum(now) / len(now), found.p, False
    )


def standing(found: Sequence[Break], level: float = FALSE_DISCOVERIES) -> list[Break]:
    """The jumps that stand out over all series that were searched (Benjamini-Hochberg)."""
    ordered = sorted(found, key=lambda b: (b.p, b.series))
    passing = max((i for i, b in enumerate(ordered, 1) if b.p <= level * i / len(ordered)), default=0)
    return ordered[:passing]


def newly(
    before: Sequence[Break],
    after: Sequence[Break],
    series: Mapping[str, Series],
    ended: Mapping[str, str] | None = None,
) -> list[Break]:
    """The jumps that stand as of the later date, those that did not before marked as new.

    ``ended`` is the last period of each series that the earlier view held. A level that began more than :data:`SAME`
    steps before that is not new, though the earlier view did not show it: its figures were there to be read.
    """
    old = {b.series: b for b in standing(before)}
    out = []
    for b in standing(after):
        was = old.get(b.series)
        known = was is not None and abs(steps(was.period, b.period, series[b.series])) <= SAME
        end = (ended or {}).get(b.series, "")
        old_news = bool(end) and b.period < end and steps(b.period, end, series[b.series]) > SAME
        out.append(replace(b, new=not known and not old_news))
    return out
