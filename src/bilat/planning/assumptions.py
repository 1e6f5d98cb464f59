# SPDX-License-Identifier: Apache-2.0
"""The one type of number that the plans rest on: value, range, distribution, unit, source, who says so.

A TOML table a number: ``unit``, ``value``, ``low``, ``high`` (the range that draws use), ``least`` and ``most``
(what a user may set), ``meaning``, ``source``, and ``assumed = true`` where nobody measured it. ``known`` is the
day on which the source was public: an answer as of an earlier day says so.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

import numpy as np

from bilat.errors import UsageError, nearest

#: How a number lies between ``low`` and ``high``: triangular and uniform between ends; normal, log and logit with
#: low and high as their 10% and 90% points.
Shape = Literal["triangular", "uniform", "normal", "log", "logit"]
#: z of the 90% point of a standard normal distribution.
Z90 = 1.2815515655446004


@dataclass(frozen=True)
class Assumption:
    """One number a plan rests on."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    least: float = -math.inf
    most: float = math.inf
    meaning: str = ""
    source: str = ""  #: who says so, with its page or row
    assumed: bool = False
    drawn: bool = (
        False  #: whether draws vary it between low and high, so that a user may set a range
    )
    known: dt.date | None = None
    set_by_user: bool = False
    shape: Shape = "triangular"
    whole: bool = False  #: counted: no half of it makes sense
    rows: tuple[
        tuple[str, str], ...
    ] = ()  #: keys of held rows, each with the figure as it was read

    @property
    def varies(self) -> bool:
        """Whether draws vary it."""
        return self.drawn and self.high > self.low

    @property
    def shown(self) -> str:
        """``0.4``; ``0.2 to 0.6`` where draws vary it."""
        return f"{self.low:g} to {self.high:g}" if self.varies else f"{self.value:g}"

    def draw(self, rng: np.random.Generator, draws: int | None = None) -> np.ndarray:
        """Values drawn from the range, (draws,), or one."""
        if not self.varies:
            return np.full(draws or (), self.value)
        if self.shape == "triangular":
            return np.asarray(rng.triangular(self.low, self.value, self.high, draws))
        if self.shape == "uniform":
            return np.asarray(rng.uniform(self.low, self.high, draws))
        return self.of_scores(rng.standard_normal(draws))

    def of_quantile(self, q: float) -> float:
        """The value below which a share ``q`` of the draws lies."""
        if not self.varies:
            return self.value
        width = self.high - self.low
        if self.shape == "triangular":
            mode = (self.value - self.low) / width
            share = math.sqrt(mode * q) if q < mode else 1 - math.sqrt((1 - mode) * (1 - q))
            return share * width + self.low
        if self.shape == "uniform":
            return self.low + q * width
        from scipy.special import ndtri

        return float(self.of_scores(np.asarray(ndtri(q))))

    def of_scores(self, z: np.ndarray) -> np.ndarray:
        """Values at standard normal scores ``z`` (any shape of array)."""
        if self.low == self.high:
            return np.full_like(z, self.low, dtype=float)
        if self.shape in ("uniform", "triangular"):
            from scipy.special import ndtr

            return np.asarray(self.low + (self.high - self.low) * ndtr(z))
        forward, back = _SCALES[self.shape]
        a = forward(self.low)
        b = forward(self.high)
        return np.asarray(back((a + b) / 2 + z * (b - a) / (2 * Z90)))

    def at(self, value: float) -> Assumption:
        """The number with a user's value: it is no longer drawn.

        Raises
        ------
        UsageError
            for a value outside what the unit allows.
        """
        self._check(value)
        return replace(
            self, value=value, low=value, high=value, source="set by the user", set_by_user=True
        )

    def between(self, low: float, high: float) -> Assumption:
        """The number with a user's range for the draws. The value stays where the range holds it; else it
        is the middle of the range.

        Raises
        ------
        UsageError
            for an end outside what the unit allows, low above high, or a number that no draw varies.
        """
        self._check(low)
        self._check(high)
        if low > high:
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: low is above high; write {high:g}:{low:g}"
            )
        if not self.drawn:
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: the draws do not vary it; write one value"
            )
        ends = {"log": (0.0, math.inf), "logit": (0.0, 1.0)}.get(self.shape, (-math.inf, math.inf))
        if low != high and not (ends[0] < low and high < ends[1]):
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: a range lies between {ends[0]:g} and {ends[1]:g}, ends not "
                "included; a single value may be an end"
            )
        value = self.value if low <= self.value <= high else (low + high) / 2
        return replace(
            self, value=value, low=low, high=high, source="set by the user", set_by_user=True
        )

    def _check(self, value: float) -> None:
        if not self.least <= value <= self.most:  # not a number fails both
            raise UsageError(
                f"`param` {self.name}={value:g}: the unit is {self.unit}; "
                f"write a number from {self.least:g} to {self.most:g}"
            )
        if self.whole and value != math.floor(value):
            raise UsageError(
                f"`param` {self.name}={value:g}: is counted; write a whole number of {self.unit}"
            )


def _logit(x: float) -> float:
    return math.log(x / (1 - x))


_SCALES: dict[str, tuple[Callable[[float], float], Callable[[np.ndarray], np.ndarray]]] = {
    "log": (math.log, np.exp),
    "logit": (_logit, lambda y: 1 / (1 + np.exp(-y))),
    "normal": (lambda x: x, lambda y: y),
}


class Assumptions(dict[str, Assumption]):
    """The numbers of one plan by name; ``p("fleet_spare")`` is a value."""

    def __call__(self, name: str) -> float:
        return self[name].value

    def later_than(self, day: dt.date) -> list[str]:
        """Names of the numbers whose source was public only after ``day``."""
        return [
            n
            for n, p in self.items()
            if p.known is not None and p.known > day and not p.set_by_user
        ]

    def medians(self) -> Assumptions:
        """Each drawn number at the middle of its range, so that a run at them answers as the draws do."""
        return Assumptions({n: replace(p, value=p.of_quantile(0.5)) for n, p in self.items()})


def load(package: str, file: str = "parameters.toml") -> Assumptions:
    """The numbers in a TOML file of a package, checked: value within low and high, those within least
    and most, and a source or ``assumed`` for each."""
    raw = tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))
    out = Assumptions()
    for name, table in raw.items():
        p = Assumption(name=name, shape="uniform", **table)
        if not p.least <= p.low <= p.value <= p.high <= p.most:
            raise AssertionError(
                f"{file}: {name}: least <= low <= value <= high <= most does not hold"
            )
        if not p.source:
            raise AssertionError(f"{file}: {name}: name a source, or say what is assumed")
        out[name] = p
    return out


def with_user(numbers: Assumptions, given: Mapping[str, str] | Iterable[str]) -> Assumptions:
    """The numbers with a user's ``name=value``, ``name=low:high`` and ``name=low:value:high`` texts applied.

    A value is no longer drawn; a range is what the draws use, with the value between as its peak where it has one.

    Raises
    ------
    UsageError
        for an unknown name, a text that is not a number, a number outside what the unit allows, or a range
        of a number that is not drawn.
    """
    pairs = given.items() if isinstance(given, Mapping) else [split(text) for text in given]
    out = Assumptions(numbers)
    for name, text in pairs:
        if name not in out:
            there = nearest(name, out, f"there are {', '.join(out)}")
            raise UsageError(f"`param` {name}: no such number; {there}")
        parts = str(text).split(":")
        if len(parts) > 3:
            raise UsageError(f"`param` {name}={text}: write one value, or low:high")
        try:
            ends = [float(part) for part in parts]
        except ValueError:
            raise UsageError(
                f"`param` {name}={text}: is not a number; write {name}={out[name].value:g} ({out[name].unit})"
            ) from None
        if len(ends) == 1:
            out[name] = out[name].at(*ends)
            continue
        out[name] = out[name].between(ends[0], ends[-1])
        if len(ends) == 3:
            if not ends[0] <= ends[1] <= ends[2]:
                raise UsageError(
                    f"`param` {name}={text}: the value is not between its ends; write low:value:high"
                )
            out[name] = replace(out[name], value=ends[1])
    return out


def split(text: str) -> tuple[str, str]:
    """Name and value of ``name=value``."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"`param` {text!r}: write name=value")
    return name.strip(), value.strip()
