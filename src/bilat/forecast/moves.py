# SPDX-License-Identifier: Apache-2.0
"""What moved between two dates: new figures against the forecast of what was known before, and revisions.

A figure for a period that had none is new: it is held against the forecast from the earlier view. A figure for
a period that had another one is a revision, never a warning. Warnings are those new figures that stand out
over all that were tested together (Benjamini-Hochberg), and one for each family.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bilat.dyad import Dyad
from bilat.errors import Damaged
from bilat.forecast.series import COUNTS, fit_scale, from_scale, predict, to_scale, trials
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask
from bilat.units.written import counted
from bilat.when import AsOf

#: The share of false warnings among the warnings that is put up with.
FALSE_DISCOVERIES = 0.1
#: A figure at least as far out lies outside its 95% interval.
OUTSIDE = 0.05
#: A figure that differs by less than this share of the old one is rounding, not a revision.
ROUNDING = 0.005


class Cadence(BaseModel):
    """How long a series must be before it is forecast and before it may warn."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    window: int
    first: int
    alarm: int


class Series(BaseModel):
    """One series of the watch."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    measure: str
    params: dict[str, Any] = {}
    group: str = ""
    cadence: Literal["year", "month"]
    scale: Literal["log", "root", "raw"]
    provisional: int = 0
    merge: bool = False
    counts: bool = False  #: whole numbers of events, on the root scale
    family: str
    of: list[str] = []  #: states that it is of, all of which must be in the pair; none: any pair

    @property
    def name(self) -> str:
        direction = self.params.get("direction", "")
        return " ".join(filter(None, (self.measure, direction, self.group)))

    def filled(self, a: str, b: str) -> Series:
        """The series with the names of two states in place of {a} and {b}."""
        params = {k: v.format(a=a, b=b) if isinstance(v, str) else v for k, v in self.params.items()}
        return self.model_copy(update={"group": self.group.format(a=a, b=b), "params": params})


@dataclass(frozen=True)
class Settings:
    """The series of the watch and the lengths they need."""

    set: dt.date
    cadence: dict[str, Cadence]
    series: tuple[Series, ...]


@cache
def settings() -> Settings:
    """What series.toml says."""
    text = resources.files("bilat.forecast").joinpath("series.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    return Settings(
        raw["set"],
        {k: Cadence(**v) for k, v in raw["cadence"].items()},
        tuple(Series(**s) for s in raw["series"]),
    )


def series_of(pair: Dyad) -> list[Series]:
    """The series of a pair: those of any pair in both directions, and those of states that the pair holds."""
    found: dict[str, Series] = {}
    for series in settings().series:
        if set(series.of) <= set(pair):
            ways = [(pair.a, pair.b), (pair.b, pair.a)]
            for a, b in ways[:1] if "{a}-{b}" in series.group else ways:  # a distance is the same both ways
                filled = series.filled(a, b)
                found.setdefault(filled.name, filled)
    return list(found.values())


@dataclass(frozen=True)
class Move:
    """One figure that is new or changed."""

    series: str
    family: str
    period: str
    kind: Literal["new", "revision"]
    value: float
    before: float | None  #: the earlier figure of the same period, for a revision
    low: float | None = None  #: the 95% interval of the forecast
    high: float | None = None
    p: float | None = None  #: chance of a figure as far out; None where it was not tested
    method: str = ""
    why_not: str = ""  #: why it was not tested
    unit: str = ""
    rows: tuple[str, ...] = ()  #: every row behind the figure, the largest first
    warns: bool = False


def figures(m: Measurement, series: Series) -> dict[str, float]:
    """Period -> figure of whole periods; January and February as their mean where they are booked together."""
    length = 4 if series.cadence == "year" else 7
    out = {
        p.period: p.value
        for p in m.points
        if p.group == series.group and p.value is not None and not p.open and len(p.period) == length
    }
    if not series.merge:
        return out
    merged = {k: v for k, v in out.items() if k[5:] not in ("01", "02")}
    for year in {k[:4] for k in out}:
        pair = [out.get(f"{year}-{mm}") for mm in ("01", "02")]
        if None not in pair:
            merged[f"{year}-02"] = sum(v for v in pair if v is not None) / 2
    return merged


def unbroken(known: dict[str, float], series: Series) -> list[str]:
    """The periods of the last run without a hole."""
    periods = sorted(known)
    start = len(periods) - 1
    while start > 0 and steps(periods[start - 1], periods[start], series) == 1:
        start -= 1
    return periods[max(0, start) :]


def steps(a: str, b: str, series: Series) -> int:
    """Steps of the series from one period to a later one."""
    if series.cadence == "year":
        return int(b) - int(a)

    def index(period: str) -> int:
        year, month = int(period[:4]), int(period[5:])
        return year * 11 + max(0, month - 2) if series.merge else year * 12 + month - 1

    return index(b) - index(a)


def compared(
    series: Series, before: dict[str, float], after: dict[str, float], cadence: Cadence
) -> list[Move]:
    """The moves of one series between two views."""
    # the newest periods that a publisher revises as a rule are not figures yet, on either side
    held, final = _without_newest(before, series), _without_newest(after, series)
    moves = [
        Move(series.name, series.family, period, "revision", final[period], old)
        for period, old in sorted(held.items())
        if period in final and abs(final[period] - old) > ROUNDING * max(abs(old), abs(final[period]))
    ]
    moves += [
        Move(
            series.name, series.family, period, "new", after[period], None,
            why_not="the publisher revises its newest period as a rule",
        )
        for period in sorted(set(after) - set(final) - set(before))
    ]  # fmt: skip
    new = [Move(series.name, series.family, p, "new", final[p], None) for p in sorted(set(final) - set(held))]
    return moves + (_tested(new, series, held, cadence) if new else [])


def _without_newest(known: dict[str, float], series: Series) -> dict[str, float]:
    return dict(sorted(known.items())[: max(0, len(known) - series.provisional)])


def _tested(new: list[Move], series: Series, known: dict[str, float], cadence: Cadence) -> list[Move]:
    """New figures against the forecast from the last run without a hole."""
    run = unbroken(known, series) if known else []
    if len(run) < cadence.alarm:
        verb = "was" if len(run) == 1 else "were"
        why = f"{counted(len(run), 'periods')} without a hole {verb} known, {cadence.alarm} needed"
        return [replace(m, why_not=why) for m in new]
    raw = [known[p] for p in run]
    scale = fit_scale(raw[-cadence.window :], series.scale)
    values = to_scale(raw, scale)
    season = 11 if series.merge else 12
    least = COUNTS if series.counts else 0.0
    tried = trials(values, cadence.first, cadence.window, season if series.cadence == "month" else 0, least)
    past = values[-cadence.window :]
    out = []
    for move in new:
        ahead = steps(run[-1], move.period, series)
        if not 1 <= ahead <= 12:
            where = "before" if ahead < 1 else f"{ahead} steps ahead of"
            out.append(replace(move, why_not=f"it lies {where} the newest figure known then"))
            continue
        made = next(
            (
                (t, replace(f, scale=f.scale * t.widen))
                for t in tried
                if (f := predict(past, t.method, ahead, season, least)) is not None
            ),
            None,
        )
        if made is None:
            out.append(replace(move, why_not="no method could be fitted"))
            continue
        best, forecast = made
        method = best.method + (f" widened {best.widen:.2f} times" if best.widen >= 1.005 else "")
        low, high = (from_scale(x, scale) for x in forecast.interval(0.95))
        # on the log scale nothing is as far out as a figure of zero
        p = 0.0 if scale == "log" and move.value <= 0 else forecast.p_value(to_scale([move.value], scale)[0])
        out.append(replace(move, low=low, high=high, p=p, method=f"{method}, {scale} scale"))
    return out


def series_p(ps: Sequence[float]) -> float:
    """One p for several figures of a series that depend on one another (Simes)."""
    ordered = sorted(ps)
    return min(p * len(ordered) / i for i, p in enumerate(ordered, 1))


def warned(moves: Sequence[Move], level: float = FALSE_DISCOVERIES) -> list[Move]:
    """Mark the warnings: Benjamini-Hochberg over the series, then one figure for each family.

    Of one family only the figure with the least p warns: series of one family share causes. A figure within its own
    95% interval never warns: where few series are tested, the rule alone would let it pass.
    """
    by_series: dict[str, list[Move]] = {}
    for m in moves:
        if m.p is not None:
            by_series.setdefault(m.series, []).append(m)
    joint = sorted((series_p([m.p or 0.0 for m in ms]), name) for name, ms in by_series.items())
    passing = max((i for i, (p, _) in enumerate(joint, 1) if p <= level * i / len(joint)), default=0)
    chosen: dict[str, Move] = {}
    for _, name in joint[:passing]:
        first = min(by_series[name], key=lambda m: m.p or 0.0)
        chosen.setdefault(first.family, first)
    picked = {id(m) for m in chosen.values() if m.p is not None and m.p <= OUTSIDE}
    return [replace(m, warns=True) if id(m) in picked else m for m in moves]


@dataclass(frozen=True)
class Viewed:
    """A series as of the two dates of a watch."""

    series: Series
    before: dict[str, float]
    after: dict[str, float]
    later: Measurement  #: the whole answer as of the later date


def viewed(
    first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad, wanted: Sequence[Series] | None = None
) -> tuple[list[Viewed], list[str]]:
    """Every series as of the two dates, and what could not be asked."""
    out: list[Viewed] = []
    failed: list[str] = []
    for series in wanted if wanted is not None else series_of(pair):
        try:
            old, new = (
                ask(series.measure, pair, as_of=d, holdings=holdings, **series.params) for d in (first, last)
            )
        except Damaged as e:
            failed.append(f"{series.name}: {e}")
            continue
        out.append(Viewed(series, figures(old, series), figures(new, series), new))
    return out, failed


def moves_of(views: Sequence[Viewed]) -> list[Move]:
    """The moves of every series, warnings marked."""
    moves: list[Move] = []
    for v in views:
        for move in compared(v.series, v.before, v.after, settings().cadence[v.series.cadence]):
            rows = [] if move.p is None else largest_first(v.later.rows(move.period, v.series.group))
            where = tuple(dict.fromkeys(f"{r['source']} {r['locator']}" for r in rows))
            moves.append(replace(move, rows=where, unit=str(v.later.unit)))
    return warned(moves)


#: The columns that say how much a row weighs, the first that it has.
_WEIGHTS = ("tiv", "value", "launched", "cumulative")


def largest_first(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of what they add to a figure, so that a false one that moved it stands near the top."""

    def weight(row: dict[str, Any]) -> float:
        found = next((row[c] for c in _WEIGHTS if row.get(c) is not None), 0.0)
        return abs(float(found))

    return sorted(rows, key=weight, reverse=True)
