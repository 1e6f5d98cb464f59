# SPDX-License-Identifier: Apache-2.0
"""Robustness: a test judged again over a declared grid of defensible choices.

The share of choices that agree is not a probability: choices are not draws. A choice whose windows are not held
throughout is refused. The choice of the rule itself must stand in the grid.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from bilat.dyad import Dyad
from bilat.files.json_types import JsonObject
from bilat.holdings import Holdings
from bilat.verdicts.asked import Test
from bilat.verdicts.outcome import SIDES
from bilat.verdicts.rules import run
from bilat.when import AsOf


class GridChoice(BaseModel):
    """One choice on an axis: the fields of the test that it changes. Parameters are added to the test's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    set: dict[str, Any] = {}


class ChoiceAxis(BaseModel):
    """One kind of choice that a fair person could make otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    why: str
    choices: tuple[GridChoice, ...]


class Grid(BaseModel):
    """The choices of the first test of a claim, declared before or after their results were seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set_after: str  #: what was known of the results when it was declared
    axis: tuple[ChoiceAxis, ...]

    @model_validator(mode="after")
    def _whole(self) -> Grid:
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
    verdict: str  #: of the test as it stands
    set_after: str

    @property
    def judged(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.cells if not c.refused)

    @property
    def agreeing(self) -> float:
        """Share of the choices that speak on the side of the test as it stands."""
        return (
            sum(SIDES[c.verdict] == SIDES[self.verdict] for c in self.judged) / len(self.judged)
            if self.judged
            else 0.0
        )

    def to_json(self) -> JsonObject:
        """Plain data."""
        return {
            "agreeing": self.agreeing,
            "choices": [
                {"names": list(c.names), "speaks": SIDES[c.verdict], "value": c.value} for c in self.judged
            ],
            "refused": len(self.cells) - len(self.judged),
            "set_after": self.set_after,
        }


def _changed(test: Test, choices: tuple[GridChoice, ...]) -> Test:
    given = test.model_dump()
    for choice in choices:
        for name, value in choice.set.items():
            given[name] = {**given[name], **value} if name == "params" else value
    return type(test)(**given)


def robustness(grid: Grid, test: Test, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Robustness:
    """The test judged for every choice of the grid.

    Raises
    ------
    ValueError
        where the rule as it stands is none of the choices.
    """
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
    return Robustness(tuple(cells.values()), run(test, dyad, as_of, holdings).verdict, grid.set_after)
