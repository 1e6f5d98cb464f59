# SPDX-License-Identifier: Apache-2.0
"""The sentence of an answer: the answer first, figures rounded by what they mean, no longer than a breath."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bilat.errors import UsageError
from bilat.measures import Point
from bilat.verdicts.outcome import Last, Outcome
from bilat.when import Period

#: Most words and most numbers of a sentence.
WORDS = 36
NUMBERS = 3
#: Most words of two clauses that stand in one sentence.
TOGETHER = 20
_NUMBER = re.compile(r"(?<![\w-])\d[\d,.]*(?:-\d+)?")
_YEAR = re.compile(r"(?:(?<![\w,.-])(?:19|20)\d\d(?![\d,.]*\d))")
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
    """A number in a template. ``times``: "twice", "2.5 times"; ``share``: 0.16 as "16%"; ``percent``: 16.2 as "16%";
    ``part``: 0.5 as "half"; ``count``: words to nine, thousands with commas; ``about``: two digits that count."""

    def __format__(self, spec: str) -> str:
        x = float(self)
        match spec:
            case "times":
                near = round(x)
                if near in _TIMES and abs(x - near) <= 0.15 * (1 if near < 4 else 2):
                    return _TIMES[near]
                return f"{x:.0f} times" if x >= 10 else f"{x:.1f} times"
            case "share":
                return f"{100 * x:.0f}%" if 100 * x >= 1 or x == 0 else f"{100 * x:.1f}%"
            case "percent":
                return f"{x:.0f}%" if x >= 0.95 or x == 0 else f"{x:.1f}%"
            case "part":
                near_share = min(_SHARES, key=lambda s: abs(s - x))
                return _SHARES[near_share] if abs(near_share - x) <= 0.025 else f"{100 * x:.0f}%"
            case "count":
                return _FEW.get(round(x)) or f"{x:,.0f}"
            case "round":
                return f"{x:.0f}" if x >= 2.5 else f"{x:.1f}"
            case "about":
                return f"{float(f'{x:.2g}'):,.0f}" if abs(x) >= 10 else f"{x:.2g}"
            case _:
                return super().__format__(spec)


def fill(template: str, figures: Mapping[str, Any]) -> str:
    """A clause with its figures."""
    return template.format(
        **{k: WordedNumber(v) if isinstance(v, float) else v for k, v in figures.items()}
    )


def clause(template: str, o: Outcome, last: Last | None = None) -> str:
    """The clause of a reading: its windows with their periods, its last period and its peak."""
    if not template:
        return f"{o.value:.3g} {o.unit} ({spoken(o.period)})"
    first = o.sides[0]
    end = o.sides[-1]
    points = [p for s in o.sides for p in s.points if p.value is not None]
    peak = max(points, key=lambda p: p.value or 0.0, default=None)
    held = _held(o)
    value = float(o.value or 0.0)
    return fill(
        template,
        {
            "value": value,
            "before": float(first.figure),
            "after": float(end.figure),
            "period": spoken(end.span),
            "before_period": spoken(first.span),
            "first": float(points[0].value or 0.0) if points else 0.0,
            "first_period": spoken(points[0].period) if points else "",
            "last": last.value if last else value,
            "last_period": spoken(last.period) if last else spoken(o.period),
            "last_ratio": last.value / first.figure if last and first.figure else value,
            "previous": last.before if last else value,
            "unfinished": _unfinished(o, last),
            "peak": float(peak.value or 0.0) if peak else 0.0,
            "least": min((float(p.value or 0.0) for p in points), default=0.0),
            "low": value if o.low is None else o.low,
            "high": value if o.high is None else o.high,
            "windows": float(len(points)),
            "active": float(len(held)),
            "latest": spoken(held[-1].period) if held else "",
        },
    )


def _held(o: Outcome) -> list[Point]:
    """The points of the last window above zero, the earliest first."""
    return sorted((p for p in o.sides[-1].points if p.value), key=lambda p: p.period)


def _unfinished(o: Outcome, last: Last | None) -> str:
    """What is reported of the year after the last whole one, as what it is."""
    newer = [p for p in o.shown if p.value and last and p.period > last.period]
    if not newer or not last or not last.value:
        return ""
    change = (newer[0].value or 0.0) / last.value - 1
    than = "lower" if change < 0 else "higher"
    return f" ({spoken(newer[0].period)}, incomplete: {abs(change):.0%} {than})"


def spoken(period: str) -> str:
    """``2022..2024`` as "2022-24", ``2022-11`` as "November 2022"."""
    first, to, end = period.partition("..")
    if to and first[:2] == end[:2] and len(first) == len(end) == 4:
        return f"{first}-{end[2:]}"
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


def join_clauses(first: str, second: str, joint: str = "; ") -> str:
    """Return two clauses as one, or as two sentences where one would be too long."""
    together = f"{first}{joint}{second}"
    if len(together.split()) <= TOGETHER:
        return together
    if joint.startswith(", but"):
        return f"{first}. But {second}"
    return f"{first}. {capital(second)}"
