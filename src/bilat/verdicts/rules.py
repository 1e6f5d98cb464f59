# SPDX-License-Identifier: Apache-2.0
"""The rules that decide a claim: data in the ledger; one set after its figures were seen says so.

A test asks one measure and reduces its points to one figure, then compares it with thresholds:

``level``   a statistic of one group within a window;
``change``  the statistic after over (or minus) the statistic before;
``trend``   Sen's slope with Mann-Kendall's p;
``gap``     the statistic of one group over (or minus) that of another in the same window.

Above (or, with ``direction = "down"``, below) ``supported`` the claim is supported, above ``partly`` partly
so, beyond ``contradicted`` on the other side contradicted, else not supported. With ``decide = "interval"``
the whole interval must pass for ``supported``, and the figure alone gives ``partly supported``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from bilat.dyad import Dyad
from bilat.errors import Damaged, DataError
from bilat.holdings import Holdings
from bilat.measures import Measurement, Point, ask
from bilat.places import country_name
from bilat.units import Kind, Unit
from bilat.verdicts.likelihood import passes_given_interval, passes_given_scatter
from bilat.when import AsOf

_RUN_OF_YEARS = re.compile(r"\d{4}-\d{4}")

Statistic = Literal["mean", "median", "sum", "max", "min", "last", "first", "only"]


class Test(BaseModel):
    """One test, as the ledger writes it."""

    model_config = ConfigDict(extra="forbid")
    __test__ = False  # not a test class of pytest

    measure: str
    params: dict[str, Any] = {}
    dyad: tuple[str, str] | None = None  #: another pair than the one judged, where a claim speaks of it
    form: Literal["level", "change", "trend", "gap"]
    group: str = ""  #: one group; "*" for all; may be blank only where the measure has one
    minus: str = ""  #: for gap: the other group
    compare: Literal["ratio", "difference"] = "ratio"
    window: tuple[str, str] | None = (
        None  #: for level, trend, gap: first and last period, "now" for the as-of date
    )
    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None
    statistic: Statistic = "mean"
    need: int = 1  #: periods that each window must have, else not measurable
    direction: Literal["up", "down"] = "up"
    supported: float
    partly: float | None = None
    contradicted: float | None = None
    upper: float | None = None  #: with it, the figure must also stay at or below this to be supported
    upper_partly: float | None = None  #: and at or below this to be partly so
    decide: Literal["figure", "interval"] = "figure"
    interval_level: float = 0.9
    significance: float = 0.1  #: for trend
    say: str = ""  #: sentence with {value}, {before}, {after}, {low}, {high}, {period}, {n}
    unit: str = ""  #: unit of the figure, where it is not the measure's
    kind: Kind | None = (
        None  #: its kind; where none is stated, a ratio of two figures is one, else the measure's
    )

    @model_validator(mode="after")
    def _whole(self) -> Test:
        if self.form == "change" and not (self.before and self.after):
            raise ValueError("a change needs before and after")
        if self.form == "gap" and not self.minus:
            raise ValueError("a gap needs minus: the other group")
        return self


@dataclass(frozen=True)
class Outcome:
    """What a test gave."""

    verdict: str
    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    period: str = ""
    probability: float | None = None
    basis: str = ""  #: what the probability rests on
    missing: str = ""
    measurement: Measurement | None = None
    used: list[Point] = field(default_factory=list)
    coverage: float = 1.0  #: of the periods of the emptiest window that had ended, the share with a figure


def _end(text: str, as_of: AsOf) -> str:
    return str(as_of) if text == "now" else text


def _within(points: list[Point], window: tuple[str, str] | None, as_of: AsOf) -> list[Point]:
    if window is None:
        return points
    first, last = window[0], _end(window[1], as_of)
    return [p for p in points if first[: len(p.period)] <= p.period <= last[: len(p.period)]]


_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?")


def _coverage(test: Test, points: list[Point], window: tuple[str, str] | None, as_of: AsOf) -> float:
    """Share of the window's years or months, ended by the as-of date, that have a figure.

    1 where what should be there is not known: an open window, figures that are neither yearly nor monthly
    (days, spans of years), and sums, where a year without an entry in the register adds nothing.
    """
    periods = {p.period for p in points}
    if (
        window is None
        or test.statistic == "sum"
        or len({len(p) for p in periods}) != 1
        or not all(map(_YEAR_OR_MONTH.fullmatch, periods))
    ):
        return 1.0
    by = 12 if len(next(iter(periods))) == 7 else 1

    def number(text: str, within: int) -> int:
        return int(text[:4]) * by + (int(text[5:7] or within) - 1 if by == 12 else 0)

    day = as_of.date + dt.timedelta(days=1)  # the period before the one of this day has ended
    ended = number(day.isoformat(), 1) - 1
    first, last = number(window[0], 1), min(number(_end(window[1], as_of), 12), ended)
    if last < first:
        return 1.0
    return sum(first <= number(p, 1) <= last for p in periods) / (last - first + 1)


def _reduce(values: np.ndarray, statistic: Statistic) -> np.ndarray:
    """The statistic along the last axis: one window, or many resampled ones at once."""
    match statistic:
        case "mean":
            return values.mean(axis=-1)
        case "median":
            return np.median(values, axis=-1)
        case "sum":
            return values.sum(axis=-1)
        case "max":
            return values.max(axis=-1)
        case "min":
            return values.min(axis=-1)
        case "first":
            return values[..., 0]
        case _:
            return values[..., -1]


def _chosen(points: list[Point], statistic: Statistic) -> list[Point]:
    """The points that the statistic rests on: one of them for last, first, max and min."""
    match statistic:
        case "last" | "only":
            return points[-1:]
        case "first":
            return points[:1]
        case "max":
            return [max(points, key=lambda p: p.value or 0.0)]
        case "min":
            return [min(points, key=lambda p: p.value or 0.0)]
        case _:
            return points


def _span(points: list[Point]) -> str:
    if not points:
        return ""
    periods = sorted(p.period for p in points)
    return periods[0] if periods[0] == periods[-1] else f"{periods[0]}..{periods[-1]}"


def _verdict(test: Test, value: float, low: float | None, high: float | None) -> str:
    up = test.direction == "up"

    def passes(figure: float | None, threshold: float | None) -> bool:
        if figure is None or threshold is None:
            return False
        return figure >= threshold if up else figure <= threshold

    inside = test.upper is None or value <= test.upper
    if test.decide == "interval":
        worst, best = (low, high) if up else (high, low)
        if passes(worst, test.supported) and inside:
            return "supported"
        if passes(value, test.supported if test.partly is None else test.partly):
            return "partly supported"
        if test.contradicted is not None and best is not None and not passes(best, test.contradicted):
            return "contradicted"
        return "not supported"
    if passes(value, test.supported) and inside:
        return "supported"
    near = test.upper_partly is None or value <= test.upper_partly
    if (
        passes(value, test.supported if test.partly is None else test.partly)
        and near
        and not (test.partly is None and inside)
    ):
        return "partly supported"
    if test.contradicted is not None and (value <= test.contradicted if up else value >= test.contradicted):
        return "contradicted"
    return "not supported"


def _unit(test: Test, measured: Unit) -> Unit:
    if not test.unit:
        return measured
    quotient = test.form in ("change", "gap") and test.compare == "ratio"
    return Unit(test.kind or ("ratio" if quotient else measured.kind), test.unit)


def run(test: Test, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Outcome:
    """Run one test. A window without its points gives ``not measurable`` and says what is missing."""
    # names are written with {a} and {b} for the dyad's states, so that one rule serves any two
    test = test.model_copy(
        update={
            "group": test.group.format(a=dyad.a, b=dyad.b),
            "minus": test.minus.format(a=dyad.a, b=dyad.b),
            "params": {
                k: v.format(a=dyad.a, b=dyad.b) if isinstance(v, str) else v for k, v in test.params.items()
            },
        }
    )
    pair = Dyad(*test.dyad) if test.dyad else dyad
    try:
        m = ask(test.measure, pair, as_of=as_of, holdings=holdings, **test.params)
    except Damaged as e:
        return Outcome("not measurable", f"{test.measure} cannot be asked: {e}", missing=str(e))
    known = [p for p in m.points if p.value is not None]
    if not test.group and len({p.group for p in known}) > 1:
        raise DataError(
            f"a rule asks {test.measure} without naming a group, and it has several: {', '.join(m.groups()[:6])}"
        )
    mine = [p for p in known if p.group == test.group] if test.group not in ("", "*") else known
    if test.statistic == "sum":  # a point for a run of years is itself a sum of the yearly ones
        mine = [p for p in mine if not _RUN_OF_YEARS.fullmatch(p.period)]
    unit = _unit(test, m.unit)
    if test.form == "trend":
        return _trend(test, _within(mine, test.window, as_of), m, unit, dyad)
    if test.form == "change":
        windows = [_within(mine, test.before, as_of), _within(mine, test.after, as_of)]
        names = ["before", "after"]
    elif test.form == "gap":
        other = [p for p in known if p.group == test.minus]
        windows = [_within(other, test.window, as_of), _within(mine, test.window, as_of)]
        names = [test.minus, test.group or "the group"]
    else:
        windows = [_within(mine, test.window, as_of)]
        names = ["the window"]
    for points, name in zip(windows, names, strict=True):
        if len(points) < test.need:
            wanted = test.before if name == "before" else test.after if name == "after" else test.window
            when = f" for {wanted[0]} to {_end(wanted[1], as_of)}" if wanted else ""
            what = f"{test.measure} has {len(points)} of at least {test.need} figures{when} as of {as_of}"
            return Outcome(
                "not measurable",
                what,
                missing=" ".join(filter(None, [what, m.note])),
                measurement=m,
                unit=unit,
            )
    asked = [test.before, test.after] if test.form == "change" else [test.window] * len(windows)
    coverage = min(_coverage(test, w, of, as_of) for w, of in zip(windows, asked, strict=True))
    series = [[p.value for p in w if p.value is not None] for w in windows]

    def figure(*samples: np.ndarray) -> np.ndarray:
        reduced = [_reduce(x, test.statistic) for x in samples]
        if test.form == "level":
            return reduced[0]
        return reduced[1] - reduced[0] if test.compare == "difference" else reduced[1] / reduced[0]

    arrays = [np.asarray(s, dtype=float) for s in series]
    stats = [float(_reduce(a, test.statistic)) for a in arrays]
    if test.form != "level" and test.compare == "ratio" and stats[0] == 0:
        return Outcome(
            "not measurable",
            "the figure before is zero: no ratio",
            missing="a figure before that is not zero",
            measurement=m,
            unit=unit,
        )
    value = float(figure(*arrays))
    low, high, level = _interval(test, windows, stats, value)
    probability, basis = None, "no interval is stated and too few periods to resample"
    above = test.direction == "up"
    if low is not None or high is not None:
        probability = passes_given_interval(value, low, high, test.supported, above=above, level=level)
        if probability is not None and test.upper is not None:  # a band: not above it either
            beyond = passes_given_interval(value, low, high, test.upper, above=True, level=level)
            probability = max(0.0, probability - (beyond or 0.0))
        basis = "from the interval of the figure" if probability is not None else "the interval has no width"
    elif test.statistic in ("mean", "median", "sum") and (
        scatter := passes_given_scatter(figure, series, test.supported, above=above)
    ):
        probability, low, high = scatter
        basis = "from resampling the periods of each window; the interval is its middle 80%"
    # a verdict "by interval" rests on an interval that the data state, never on the scatter of the periods
    verdict = _verdict(test, value, low, high)
    used = [p for w in windows for p in _chosen(w, test.statistic)]
    spans = [_span(_chosen(w, test.statistic)) for w in windows]
    figures = {
        "value": value,
        "low": low,
        "high": high,
        "n": len(used),
        "period": spans[-1],
        "before": stats[0],
        "after": stats[-1],
        "before_period": spans[0],
        "unit": unit,
        "points": value * 100,
        "A": country_name(dyad.a),
        "B": country_name(dyad.b),
    }
    return Outcome(
        verdict=verdict,
        sentence=_say(test.say, figures),
        value=value,
        low=low,
        high=high,
        unit=Unit("ratio", "ratio, after over before", "")
        if test.form == "change" and test.compare == "ratio" and not test.unit
        else unit,
        period=f"{spans[1]} against {spans[0]}" if test.form == "change" else spans[-1],
        probability=probability,
        basis=basis,
        measurement=m,
        used=used,
        coverage=coverage,
    )


def _interval(
    test: Test, windows: list[list[Point]], stats: list[float], value: float
) -> tuple[float | None, float | None, float]:
    """The interval of the figure that the points' own intervals give; none where they give none.

    A single point hands on its interval. For a mean or sum of several the half-widths are added in
    quadrature (independent errors); a ratio or difference of two takes them in quadrature too.
    """

    def one(points: list[Point]) -> tuple[float, float] | None:
        points = _chosen(points, test.statistic)
        if any(p.low is None or p.high is None for p in points):
            return None
        down = [p.value - p.low for p in points if p.value is not None and p.low is not None]
        up = [p.high - p.value for p in points if p.value is not None and p.high is not None]
        if test.statistic in ("mean", "sum"):
            share = 1 / len(points) if test.statistic == "mean" else 1.0
            return float(np.hypot.reduce(down)) * share, float(np.hypot.reduce(up)) * share
        return (down[0], up[0]) if len(points) == 1 else None

    parts = [one(w) for w in windows]
    if any(p is None for p in parts):
        return None, None, test.interval_level
    spans = [p for p in parts if p is not None]
    if len(spans) == 1:
        return value - spans[0][0], value + spans[0][1], test.interval_level
    (bd, bu), (ad, au) = spans
    b, a = stats
    if test.compare == "difference":
        return value - float(np.hypot(ad, bu)), value + float(np.hypot(au, bd)), test.interval_level
    if a <= 0 or b <= 0:
        return None, None, test.interval_level
    return (
        value * (1 - min(1.0, float(np.hypot(ad / a, bu / b)))),
        value * (1 + float(np.hypot(au / a, bd / b))),
        test.interval_level,
    )


def _trend(test: Test, points: list[Point], m: Measurement, unit: str, dyad: Dyad) -> Outcome:
    from bilat.statistics import mann_kendall

    if len(points) < max(test.need, 5):
        need = max(test.need, 5)
        what = f"{test.measure} has {len(points)} periods in the window as of {m.as_of}; a trend needs {need}"
        return Outcome("not measurable", what, missing=what, measurement=m, unit=unit)
    points = sorted(points, key=lambda p: p.period)
    values = np.asarray([p.value for p in points], dtype=float)
    trend = mann_kendall(values.tolist())
    up = test.direction == "up"
    slope = float(trend.slope)
    toward = (slope > test.supported) if up else (slope < test.supported)
    away = (slope < test.supported) if up else (slope > test.supported)
    sure = trend.p <= test.significance
    verdict = (
        "supported"
        if toward and sure
        else "partly supported"
        if toward
        else "contradicted"
        if away and sure
        else "not supported"
    )
    figures = {
        "value": slope,
        "low": trend.low,
        "high": trend.high,
        "n": len(points),
        "period": _span(points),
        "before": values[0],
        "after": values[-1],
        "unit": unit,
        "p": trend.p,
        "before_period": points[0].period,
        "A": country_name(dyad.a),
        "B": country_name(dyad.b),
    }
    # Mann-Kendall's p is two-sided: half of it is the chance of so steep a run one way without a trend
    probability = 1 - trend.p / 2 if toward else trend.p / 2
    return Outcome(
        verdict,
        _say(test.say, figures),
        slope,
        trend.low,
        trend.high,
        f"{unit} a period",
        _span(points),
        probability,
        "from Mann-Kendall's test of the trend",
        measurement=m,
        used=points,
        coverage=_coverage(test, points, test.window, m.as_of),
    )


_BOUNDS = re.compile(r"\s*\(\{low[^()]*\{high[^{}]*\}\s*(?:;\s*)?")


def _say(template: str, figures: dict[str, Any]) -> str:
    """The sentence; bounds that the data do not give are left out rather than shown empty."""
    if not template:
        return f"{figures['value']:.3g} {figures['unit']} ({figures['period']})"
    if figures["low"] is None or figures["high"] is None:
        template = (
            _BOUNDS.sub(" (", template)
            .replace(" ()", "")
            .replace(" (%)", "")
            .replace(" ( by definition)", "")
        )
    return template.format(**{k: v for k, v in figures.items() if v is not None})
