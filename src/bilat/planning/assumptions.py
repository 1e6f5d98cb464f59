# SPDX-License-Identifier: Apache-2.0
"""The one type of number that the plans rest on, and the one grammar in which files declare it.

A TOML table a number: ``unit``, ``meaning``, ``least`` and ``most`` (what a user may set), and
where it comes from:

- ``readings``: published values, each ``{value, low, high, from = ["KEY: FIGURE"], note,
derived}``. Each counts from
  the day on which all of its rows were public; the newest of them speaks.
- ``assumed = {value, low, high, why, wanted}``: what is taken where nothing was public, why, and
what it would take to
  know.
- ``chosen = {value, low, high, why}``: what the question sets; it says nothing about the world.

A number without ``assumed`` and without a public reading is not known on that date, and the plan
goes without it.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal

import numpy as np

from bilat.errors import DataError, UsageError, nearest
from bilat.planning.figures import Figures

#: How a number lies between ``low`` and ``high``: triangular and uniform between ends; normal, log
#: and logit with
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
    who: str = ""  #: the originators of the rows
    period: str = ""  #: what the rows speak of
    page: str = ""  #: the address of the newest row
    wanted: str = ""  #: what it would take to know an assumed number
    chosen: bool = False  #: set by the question: it says nothing about the world
    derived: bool = False  #: worked out from published figures

    @property
    def standing(self) -> str:
        """Whose the number is, in a word: set by the user, set by the question, assumed, derived
        or published.
        """
        if self.set_by_user:
            return "set by the user"
        if self.chosen:
            return "set by the question"
        if self.assumed:
            return "assumed"
        return "derived" if self.derived else "published"

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
        """The number with a user's range for the draws. The value stays where the range holds it;
        else it
        is the middle of the range.

        Raises
        ------
        UsageError
            for an end outside what the unit allows, low above high, or a number that no draw
            varies.
        """
        self._check(low)
        self._check(high)
        if low > high:
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: low is above high. Write {high:g}:{low:g}"
            )
        if not self.drawn:
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: the draws do not vary it. Write one value"
            )
        ends = {"log": (0.0, math.inf), "logit": (0.0, 1.0)}.get(self.shape, (-math.inf, math.inf))
        if low != high and not (ends[0] < low and high < ends[1]):
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: a range lies between {ends[0]:g} and "
                f"{ends[1]:g}, ends not "
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
                f"`param` {self.name}={value:g}: is counted. Write a whole number of {self.unit}"
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

    def assumed(self) -> list[Assumption]:
        """Return the numbers about the world that nobody published."""
        return [a for a in self.values() if a.standing == "assumed"]

    def about_the_world(self) -> list[Assumption]:
        """Return the numbers that say something about the world: all but what the question sets."""
        return [a for a in self.values() if not a.chosen]

    def medians(self) -> Assumptions:
        """Each drawn number at the middle of its range, so that a run at them answers as the draws
        do.
        """
        return Assumptions({n: replace(p, value=p.of_quantile(0.5)) for n, p in self.items()})


#: The table of a number as a file has it.
NumberTable = Mapping[str, Any]
#: What a table of a number may say.
KEYS = {
    "unit",
    "meaning",
    "least",
    "most",
    "drawn",
    "whole",
    "shape",
    "readings",
    "assumed",
    "chosen",
}


def load(package: str, known: Figures, file: str = "parameters.toml") -> Assumptions:
    """Return the numbers of a TOML file as the public knew them; what was not known is left out."""
    raw = tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))
    found = (resolve(name, table, known) for name, table in raw.items())
    return Assumptions({a.name: a for a in found if a is not None})


def resolve(name: str, raw: NumberTable, known: Figures) -> Assumption | None:
    """Return a number as a date knows it: the newest public reading, else what is assumed; None for
    neither.

    Raises
    ------
    DataError
        for a table that is not in the grammar, naming the number.
    """
    if wrong := set(raw) - KEYS:
        raise DataError(
            f"{name}: {min(wrong)} is not known. Write some of {', '.join(sorted(KEYS))}"
        )
    readings = [r for r in raw.get("readings", []) if known.has(_keys(name, r))]
    if readings:
        days = [known.public_since(_keys(name, r)) or dt.date.min for r in readings]
        newest = max(range(len(readings)), key=lambda n: (days[n], n))
        return _from_rows(name, raw, readings[newest], known)
    for kind in ("chosen", "assumed"):
        if kind in raw:
            return _without_rows(name, raw, kind)
    if not raw.get("readings"):
        raise DataError(f"{name}: give readings, or say what is assumed or chosen")
    return None


def _keys(name: str, reading: NumberTable) -> list[str]:
    if not reading.get("from"):
        raise DataError(f"{name}: a reading names its rows. Write from = ['KEY: FIGURE']")
    return [str(text).partition(":")[0].strip() for text in reading["from"]]


def _from_rows(name: str, raw: NumberTable, reading: NumberTable, known: Figures) -> Assumption:
    keys = _keys(name, reading)
    rows = [known.rows[k] for k in keys]
    newest = max(rows, key=lambda r: r.known_on)
    who = "; ".join(dict.fromkeys(r.originator or r.source for r in rows))
    said = [str(text).partition(":")[2].strip() for text in reading["from"]]
    return replace(
        _bare(name, raw, reading),
        source="; ".join(x for x in (who, reading.get("note", "")) if x),
        known=newest.known_on,
        rows=tuple(zip(keys, said, strict=True)),
        who=who,
        period=newest.period,
        page=newest.url,
        derived=bool(reading.get("derived", len(keys) > 1)),
    )


def _without_rows(name: str, raw: NumberTable, kind: str) -> Assumption:
    said = raw[kind]
    if not said.get("why"):
        raise DataError(f"{name}: say why it is {kind}")
    return replace(
        _bare(name, raw, said),
        source=said["why"],
        wanted=said.get("wanted", ""),
        assumed=kind == "assumed",
        chosen=kind == "chosen",
    )


def _bare(name: str, raw: NumberTable, said: NumberTable) -> Assumption:
    value = float(said["value"])
    low = float(said.get("low", value))
    high = float(said.get("high", value))
    made = Assumption(
        name,
        raw.get("unit", ""),
        value,
        low,
        high,
        float(raw.get("least", -math.inf)),
        float(raw.get("most", math.inf)),
        raw.get("meaning", name),
        drawn=bool(raw.get("drawn", high > low)),
        whole=bool(raw.get("whole", False)),
        shape=raw.get("shape", "uniform"),
    )
    if not made.least <= low <= value <= high <= made.most:
        raise DataError(f"{name}: least <= low <= value <= high <= most does not hold")
    return made


def with_user(numbers: Assumptions, given: Mapping[str, str] | Iterable[str]) -> Assumptions:
    """The numbers with a user's ``name=value``, ``name=low:high`` and ``name=low:value:high`` texts
    applied.

    A value is no longer drawn; a range is what the draws use, with the value between as its peak
    where it has one.

    Raises
    ------
    UsageError
        for an unknown name, a text that is not a number, a number outside what the unit allows, or
        a range
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
                f"`param` {name}={text}: is not a number. Write {name}={out[name].value:g} "
                f"({out[name].unit})"
            ) from None
        if len(ends) == 1:
            out[name] = out[name].at(*ends)
            continue
        out[name] = out[name].between(ends[0], ends[-1])
        if len(ends) == 3:
            if not ends[0] <= ends[1] <= ends[2]:
                raise UsageError(
                    f"`param` {name}={text}: the value is not between its ends. Write "
                    "low:value:high"
                )
            out[name] = replace(out[name], value=ends[1])
    return out


def split(text: str) -> tuple[str, str]:
    """Name and value of ``name=value``."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"`param` {text!r}: write name=value")
    return name.strip(), value.strip()
