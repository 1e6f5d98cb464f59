# SPDX-License-Identifier: Apache-2.0
"""Robustness: a test judged again over a declared grid of defensible choices.

The share of choices that agree is not a probability: choices are not draws. A choice whose windows are not held
throughout is refused. The choice of the rule itself must stand in the grid.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts.asked import Test
from bilat.verdicts.combining import AGAINST
from bilat.verdicts.rules import run
from bilat.when import AsOf

#: Shares of choices from which the verdict is printed as it is, and with "mostly"; and the share of both
#: supported and contradicted at which no one word will do.
SURE, MOSTLY, TORN = 0.90, 0.67, 0.10
#: The word where no verdict is common enough to stand alone and yet none of them is for the claim.
NONE_SUPPORTS = "no choice supports"


class GridChoice(BaseModel):
    """One choice on an axis: the fields of the test that it changes. Parameters are added to the test's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    set: dict[str, Any] = {}


class Axis(BaseModel):
    """One kind of choice that a fair person could make otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Literal["window", "edition", "inclusion", "statistic", "licence", "leave_out", "bound"]
    why: str
    choices: tuple[GridChoice, ...]


class Grid(BaseModel):
    """The choices of one test of a claim, declared before or after their results were seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    test: int = 0  #: which test it varies
    set: str = ""  #: the day on which it was declared, before its results were seen
    set_after: str = ""  #: what was known of the results when it was declared
    axis: tuple[Axis, ...]

    @model_validator(mode="after")
    def _whole(self) -> Grid:
        if bool(self.set) == bool(self.set_after):
            raise ValueError("a grid says either set (before its results were seen) or set_after")
        for axis in self.axis:
            if len(axis.choices) < 2:
                raise ValueError(f"axis {axis.name} offers no choice")
        return self


@dataclass(frozen=True)
class Cell:
    """One choice on every axis, and what it gives."""

    names: tuple[str, ...]
    verdict: str
    value: float | None
    refused: str = ""


@dataclass(frozen=True)
class Robustness:
    """What a grid gave."""

    cells: tuple[Cell, ...]
    verdict: str  #: of the rule as it stands
    set_after: str
    leverage: tuple[tuple[str, float], ...]  #: axis, share of pairs that differ on it alone and in verdict
    turns: str  #: the first choice that turns the rule's verdict by itself; blank if none does

    @property
    def judged(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.cells if not c.refused)

    def share(self, verdict: str) -> float:
        """Share of the choices that give a verdict."""
        return sum(c.verdict == verdict for c in self.judged) / len(self.judged) if self.judged else 0.0

    @property
    def word(self) -> str:
        """Blank, ``mostly``, ``depends on the choice``, or ``no choice supports``: they differ, but all go against."""
        if not self.judged:
            return ""
        torn = min(self.share("supported"), self.share("contradicted")) >= TORN
        agreed = self.share(self.verdict)
        if torn or agreed < MOSTLY:
            against = all(c.verdict in AGAINST for c in self.judged)
            return NONE_SUPPORTS if against else "depends on the choice"
        return "" if agreed >= SURE else "mostly"

    @property
    def default_is_common(self) -> bool:
        """Whether no verdict is more common than the rule's own."""
        counts = Counter(c.verdict for c in self.judged)
        return not counts or counts[self.verdict] == max(counts.values())

    @property
    def values(self) -> list[float]:
        """The figures of the choices that could be judged, in order."""
        return sorted(c.value for c in self.judged if c.value is not None)

    @property
    def range(self) -> str:
        """``0.78 to 1.32, median 1.1``."""
        return f"{self.values[0]:.3g} to {self.values[-1]:.3g}, median {median(self.values):.3g}"

    @property
    def default_is_extreme(self) -> bool:
        """Whether the rule's own figure is the least or the greatest of all choices, and not all are equal."""
        own = self.cells[0].value if self.cells else None
        return own is not None and len(set(self.values)) > 1 and own in (self.values[0], self.values[-1])

    @property
    def sentence(self) -> str:
        """``supported in 11 of 12 choices (0.78 to 1.32, median 1.1); years on each side: 7 gives …``"""
        if not self.judged:
            return "no choice of the grid can be measured as of this date"
        agreed = sum(c.verdict == self.verdict for c in self.judged)
        text = f"{agreed} of {len(self.judged)} defensible choices give {self.verdict} (figure {self.range})"
        most, times = Counter(c.verdict for c in self.judged).most_common(1)[0]
        if most != self.verdict and times > agreed:
            text += f", {times} give {most}"
        if self.turns:
            text += f"; what turns it: {self.turns}"
        refused = len(self.cells) - len(self.judged)
        return text + (f"; {refused} refused, their windows not being held throughout" if refused else "")

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "word": self.word,
            "choices": len(self.judged),
            "refused": len(self.cells) - len(self.judged),
            "shares": {v: self.share(v) for v in sorted({c.verdict for c in self.judged})},
            "leverage": dict(self.leverage),
            "turns": self.turns,
            "set_after": self.set_after,
            "sentence": self.sentence,
        }


def _changed(test: Test, choices: tuple[GridChoice, ...]) -> Test:
    given = test.model_dump()
    for choice in choices:
        for name, value in choice.set.items():
            given[name] = {**given[name], **value} if name == "params" else value
    return Test(**given)


def robustness(grid: Grid, tests: list[Test], dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Robustness:
    """The test judged for every choice of the grid.

    Raises
    ------
    ValueError
        where the rule as it stands is none of the choices.
    """
    test = tests[grid.test]
    cells: dict[tuple[str, ...], Cell] = {}
    default: tuple[str, ...] | None = None
    for choices in itertools.product(*(a.choices for a in grid.axis)):
        names = tuple(c.name for c in choices)
        changed = _changed(test, choices)
        o = run(changed, dyad, as_of, holdings, least_held=1.0)
        cells[names] = Cell(names, o.verdict, o.value, o.missing if o.value is None else "")
        if default is None and changed == test:
            default = names
    if default is None:
        raise ValueError("the rule as it stands is no choice of its grid")
    own = run(test, dyad, as_of, holdings).verdict
    return Robustness(
        tuple(cells.values()),
        own,
        grid.set_after,
        _leverage(grid, cells),
        _turning(grid, cells, default, own),
    )


def _leverage(grid: Grid, cells: dict[tuple[str, ...], Cell]) -> tuple[tuple[str, float], ...]:
    """For each axis, of the pairs of choices that differ on it alone, the share with different verdicts."""
    out = []
    judged = [c for c in cells.values() if not c.refused]
    for i, axis in enumerate(grid.axis):
        pairs = [
            (x, y)
            for x, y in itertools.combinations(judged, 2)
            if x.names[i] != y.names[i]
            and x.names[:i] == y.names[:i]
            and x.names[i + 1 :] == y.names[i + 1 :]
        ]
        if pairs:
            out.append((axis.name, sum(x.verdict != y.verdict for x, y in pairs) / len(pairs)))
    return tuple(sorted(out, key=lambda a: -a[1]))


def _turning(grid: Grid, cells: dict[tuple[str, ...], Cell], default: tuple[str, ...], own: str) -> str:
    """The first choice on the axis of highest leverage that turns the verdict with all others as they stand."""
    for name, share in _leverage(grid, cells):
        if share == 0:
            break
        i = next(n for n, a in enumerate(grid.axis) if a.name == name)
        for choice in grid.axis[i].choices:
            cell = cells[(*default[:i], choice.name, *default[i + 1 :])]
            if not cell.refused and cell.verdict != own:
                return f"{name}: {choice.name} gives {cell.verdict} ({cell.value:.3g})"
    return ""
