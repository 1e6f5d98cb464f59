# SPDX-License-Identifier: Apache-2.0
"""The sentence of an answer: the answer first, figures rounded by what they mean, no longer than a breath."""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median
from typing import Any

from bilat.errors import UsageError
from bilat.measures import Point
from bilat.verdicts.outcome import Last, Outcome, Side
from bilat.when import Period

#: Most words and most numbers of a sentence.
WORDS = 50  # what decides, its base or second part, and what speaks against it
NUMBERS = 5  # two changes, each with its base, and what speaks against them
#: Most words of a clause and a *but* that stand in one sentence.
TOGETHER = 20
#: Figures that differ by less are as high as one another.
LIKE = 0.05
_NUMBER = re.compile(r"(?<![\w-])\d[\d,.]*(?:-\d+)?")
_YEAR = re.compile(r"(?:(?<![\w,.-])(?:19|20)\d\d(?![\d,.]*\d))")
_RUN_OF_YEARS = re.compile(r"(\d{4})-(\d{4})")
_TIMES = {
    2: "twice",
    3: "three times",
    4: "four times",
    5: "five times",
    6: "six times",
    7: "seven times",
    8: "eight times",
    9: "nine times",
    10: "ten times",
    11: "eleven times",
    12: "twelve times",
}
_FEW = dict(enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1))
_SHARES = {
    0.1: "a tenth",
    0.2: "a fifth",
    0.25: "a quarter",
    0.333: "a third",
    0.5: "half",
    0.667: "two thirds",
    0.75: "three quarters",
}


class WordedNumber(float):
    """A number in a template.

    ``times``: "twice", "2.5 times"; ``share``: 0.16 as "16%"; ``part_of``: the same,
    and 0 as "none"; ``level``: 1.02 as "as high as";
    ``percent``: 16.2 as "16%"; ``part``: 0.5 as "half"; ``count``: words to nine, thousands with
    commas; ``of text``: "one text", "six texts"; ``about``: two digits that count.
    """

    def __format__(self, spec: str) -> str:
        x = float(self)
        match spec:
            case "times":
                return _times(x)
            case "level":
                return _level(x)
            case "share":
                return _percent(100 * x, whole_from=1)
            case "part_of":
                return _percent(100 * x, whole_from=1) if x else "none"
            case "percent":
                return _percent(x, whole_from=0.95)
            case "part":
                return _part(x)
            case "count":
                return _FEW.get(round(x)) or f"{x:,.0f}"
            case "round":
                return f"{x:.0f}" if x >= 2.5 else f"{x:.1f}"
            case "about":
                return f"{float(f'{x:.2g}'):,.0f}" if abs(x) >= 10 else f"{x:.2g}"
            case _ if spec.startswith("of "):
                return _counted(x, spec.removeprefix("of "))
            case _:
                return super().__format__(spec)


def _counted(x: float, noun: str) -> str:
    """A number of things in words to nine."""
    number = round(x)
    return f"{_FEW.get(number) or f'{number:,}'} {noun}{'s' * (number != 1)}"


def _times(x: float) -> str:
    """A factor in words where it is near a whole one."""
    near = round(x)
    tolerance = 0.15 if near < 4 else 0.3
    if near in _TIMES and abs(x - near) <= tolerance:
        return _TIMES[near]
    return f"{x:.0f} times" if x >= 10 else f"{x:.1f} times"


def _level(x: float) -> str:
    """A figure over another one, as how high it is."""
    if abs(x - 1) <= LIKE:
        return "as high as"
    return f"{x:.1f} times those"


def _percent(x: float, whole_from: float) -> str:
    """A percentage, with a decimal where it is small."""
    return f"{x:.0f}%" if x >= whole_from or x == 0 else f"{x:.1f}%"


def _part(x: float) -> str:
    """A share in words where it is near a simple one."""
    near = min(_SHARES, key=lambda share: abs(share - x))
    if abs(near - x) <= 0.025:
        return _SHARES[near]
    return f"{100 * x:.0f}%"


def fill(template: str, figures: Mapping[str, Any]) -> str:
    """A clause with its figures."""
    return template.format(
        **{k: WordedNumber(v) if isinstance(v, float) else v for k, v in figures.items()}
    )


def clause(template: str, outcome: Outcome, last: Last | None = None, by: str = "") -> str:
    """The clause of a reading: its windows with their periods, its last period and its peak.

    ``by``: who makes the figure, as an aside.
    """
    if not template:
        return f"{outcome.value:.3g} {outcome.unit} ({spoken(outcome.period)})"
    return fill(template, {"by": by} | _of_windows(outcome) | _of_last(outcome, last))


def _of_windows(outcome: Outcome) -> dict[str, str | float]:
    """The figure, its interval, and the windows with their first, last and highest figures."""
    value = float(outcome.value or 0.0)
    start = outcome.base or outcome.sides[0]
    end = outcome.sides[-1]
    points = [p for side in outcome.sides for p in side.points if p.value is not None]
    figures = [float(p.value or 0.0) for p in points]
    held = _held(outcome)
    low = value if outcome.low is None else float(outcome.low)
    high = value if outcome.high is None else float(outcome.high)
    return {
        "value": value,
        "low": low,
        "high": high,
        "share_span": _share_span(low, high),
        "before": float(start.figure),
        "before_period": spoken(start.span),
        "before_month": _month(start.span),
        "before_years": _years(start.span),
        "before_year": start.span[:4],
        "base_last": float(start.points[-1].value or 0.0) if start.points else 0.0,
        "base_end": spoken(start.points[-1].period) if start.points else "",
        "after": float(end.figure),
        "ratio": float(end.figure / start.figure) if start.figure else 0.0,
        "period": spoken(end.span),
        "years": _years(end.span),
        "first": figures[0] if figures else 0.0,
        "first_period": spoken(points[0].period) if points else "",
        "peak": max(figures, default=0.0),
        "least": min(figures, default=0.0),
        "median": median(figures or [0.0]),
        "at_most": _at_most(figures),
        "windows": float(len(points)),
        "active": float(len(held)),
        "latest": spoken(held[-1].period) if held else "",
        "latest_month": _month(held[-1].period) if held else "",
        "counted_to": _counted_to(outcome),
    }


def _years(period: str) -> str:
    """A run of years as "2022-24" or "1995-2025", for a clause that has its preposition already."""
    first, to, end = _RUN_OF_YEARS.sub(r"\1..\2", period).partition("..")
    is_across_centuries = bool(to) and len(first) == len(end) == 4 and first[:2] != end[:2]
    return f"{first}-{end}" if is_across_centuries else spoken(period)


def _month(period: str) -> str:
    """The month in which a period ends; a year as it is."""
    last = _RUN_OF_YEARS.sub(r"\1..\2", period).rpartition("..")[2]
    return spoken(last[: len("2022-11")])


def _counted_to(outcome: Outcome) -> str:
    """The month of the last row; of a figure without rows, of its last period."""
    until = outcome.measurement.data_to if outcome.measurement else None
    return _month(str(until) if until else outcome.period)


def _share_span(low: float, high: float) -> str:
    """An interval of shares as "55% to 64%", or one share where its ends are the same."""
    ends = dict.fromkeys(f"{WordedNumber(end):share}" for end in (low, high))
    return " to ".join(ends)


def _at_most(figures: list[float]) -> str:
    """That a figure is an average, and the highest behind it; "" for a single one."""
    if len(figures) < 2:
        return ""
    return f" on average, {WordedNumber(max(figures)):percent} at most"


def _held(outcome: Outcome) -> list[Point]:
    """The points of the last window above zero, the earliest first."""
    return sorted((p for p in outcome.sides[-1].points if p.value), key=lambda p: p.period)


def _of_last(outcome: Outcome, last: Last | None) -> dict[str, str | float]:
    """The last whole period, the one before it, and what is reported of the next."""
    value = float(outcome.value or 0.0)
    base = outcome.base or outcome.sides[0]
    if last is None:
        return {
            "last": value,
            "last_period": spoken(outcome.period),
            "last_ratio": value,
            "previous": value,
            "previous_period": "",
            "on_base_end": 1.0,
            "unfinished": "",
            "so_far": "",
        }
    return {
        "last": last.value,
        "last_period": spoken(last.period),
        "last_ratio": last.value / base.figure if base.figure else value,
        "previous": last.before,
        "previous_period": spoken(last.before_period),
        "on_base_end": _ratio(last.value, base),
        "unfinished": _unfinished(outcome, last),
        "so_far": _so_far(outcome, last),
    }


def _ratio(value: float, base: Side) -> float:
    """A figure over the last one of the window before."""
    end = base.points[-1].value if base.points else None
    return value / end if end else 1.0


def _so_far(outcome: Outcome, last: Last) -> str:
    """The count of the year after the last whole one, and the day to which it is counted."""
    newer = [p for p in outcome.shown if p.value and p.period > last.period]
    if not newer:
        return ""
    year = newer[-1].period
    number = WordedNumber(newer[-1].value or 0.0)
    counted = f", with {number:count} in {spoken(year)}"
    m = outcome.measurement
    until = (m.record_to or m.data_to) if m else None
    if until is None or not str(until).startswith(year):
        return f", with {number:count} so far in {spoken(year)}"
    return f"{counted} to {until.day} {until:%B}"


def _unfinished(outcome: Outcome, last: Last) -> str:
    """What is reported of the year after the last whole one, as what it is."""
    newer = [p for p in outcome.shown if p.value and p.period > last.period]
    if not newer or not last.value:
        return ""
    change = (newer[0].value or 0.0) / last.value - 1
    than = "lower" if change < 0 else "higher"
    year = spoken(newer[0].period)
    return f" ({year}, incomplete: {abs(change):.0%} {than} than {spoken(last.period)})"


def spoken(period: str) -> str:
    """``2022..2024`` and ``2022-2024`` as "2022-24", ``2022-11`` as "November 2022"."""
    if " against " in period:
        return ", compared with ".join(map(spoken, period.split(" against ")))
    first, to, end = _RUN_OF_YEARS.sub(r"\1..\2", period).partition("..")
    if to and first[:2] == end[:2] and len(first) == len(end) == 4:
        return f"{first}-{end[2:]}"
    if to and first[:4] == end[:4] and len(first) == len(end) == 7:
        return f"{Period(first).end:%B} to {spoken(end)}"
    if to:
        return f"{spoken(first)} to {spoken(end)}"
    try:
        day = Period(period).end
    except UsageError:  # a span of the measure's own
        return period.replace("..", " to ")
    if len(period) == 4:
        return period
    return f"{day:%B %Y}" if len(period) == 7 else f"{day.day} {day:%B %Y}"


def count_numbers(text: str) -> int:
    """The figures in a text; a year and a part of a name (S-400, Su-35) are none."""
    return len(_NUMBER.findall(_YEAR.sub(" ", text)))


def fits(text: str) -> bool:
    """Whether a sentence is short enough."""
    return len(text.split()) <= WORDS and count_numbers(text) <= NUMBERS


def capital(text: str) -> str:
    """Return a text with its first letter in upper case, the rest unchanged."""
    return text[:1].upper() + text[1:]


def sentence(answer: str, clause: str) -> str:
    """Return the answer and one clause."""
    if answer == "not known":
        return f"{capital(answer)}: {whole(clause, begins=False)}"
    return f"{capital(answer)}. {whole(clause)}"


def whole(clause: str, *, begins: bool = True) -> str:
    """Return a clause as a sentence; ``begins``: it begins with a capital letter."""
    text = clause.rstrip(".") + "."
    return capital(text) if begins else text


def join_clauses(first: str, second: str, joint: str = ". ") -> str:
    """Return two clauses as two sentences, or as one where a short *but* joins them."""
    if not joint.startswith(", but"):
        return f"{first}. {capital(second)}"
    together = f"{first}{joint}{second}"
    if len(together.split()) <= TOGETHER:
        return together
    return f"{first}. But {second}"
