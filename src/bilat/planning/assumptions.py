# SPDX-License-Identifier: Apache-2.0
"""The one type of number that the plans rest on, and the one grammar in which files declare it.

A TOML table a number: ``unit``, ``meaning``, ``least`` and ``most`` (what a user may set), and
where it comes from:

- ``readings``: published values, each
  ``{value, low, high, from = ["KEY: FIGURE"], note, derived}``. A reading counts from the day on
  which all of its rows were public; the newest that counts is used.
- ``assumed = {value, low, high, why, wanted}``: the value to take while nothing is public, why, and
  what it would take to know it.
- ``chosen = {value, low, high, why}``: a value that the question sets; it says nothing about the
  world.

A number with neither ``assumed`` nor a public reading is unknown on that date, and the plan goes
without it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from bilat.errors import DataError, UsageError, closest
from bilat.package_files import read_package_toml
from bilat.planning.figures import Figures

#: The distribution of a number between ``low`` and ``high``: triangular and uniform end there; for
#: normal, log (log-normal) and logit (logit-normal) they are the 10% and 90% points.
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
    #: Whether draws vary it between low and high, so that a user may set a range.
    drawn: bool = False
    known: dt.date | None = None  #: the day on which all of its rows were public
    set_by_user: bool = False
    shape: Shape = "triangular"
    whole: bool = False  #: a count: no half of it makes sense
    #: Keys of stored rows, each with the figure as it was read there.
    rows: tuple[tuple[str, str], ...] = ()
    who: str = ""  #: the originators of the rows
    remark: str = ""  #: what has to be said of the rows, as a sentence without its full stop
    period: str = ""  #: the period of the newest row
    page: str = ""  #: the address of the newest row
    wanted: str = ""  #: what it would take to know an assumed number
    chosen: bool = False  #: set by the question: it says nothing about the world
    derived: bool = False  #: worked out from published figures
    #: The plan's own range, of a number that the user set.
    plan_range: tuple[float, float] | None = None

    @property
    def standing(self) -> str:
        """Where the number comes from: set by the user, set by the question, assumed, derived or
        published."""
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
        """Return values drawn from the range, of shape (draws,); one value, of shape (), if
        ``draws`` is None."""
        if not self.varies:
            return np.full(draws or (), self.value)
        if self.shape == "triangular":
            return np.asarray(rng.triangular(self.low, self.value, self.high, draws))
        if self.shape == "uniform":
            return np.asarray(rng.uniform(self.low, self.high, draws))
        return self.of_scores(rng.standard_normal(draws))

    def of_quantile(self, q: float) -> float:
        """Return the value below which a share ``q`` of the draws lies."""
        return float(self.of_quantiles(np.asarray(q, dtype=float)))

    def of_quantiles(self, q: np.ndarray) -> np.ndarray:
        """Return the values below which shares ``q`` of the draws lie (an array of any shape)."""
        if not self.varies:
            return np.full_like(q, self.value)
        width = self.high - self.low
        if self.shape == "triangular":
            peak = (self.value - self.low) / width
            rising = np.sqrt(peak * q)
            falling = 1 - np.sqrt((1 - peak) * (1 - q))
            return np.asarray(np.where(q < peak, rising, falling) * width + self.low)
        if self.shape == "uniform":
            return np.asarray(self.low + q * width)
        from scipy.special import ndtri

        return self.of_scores(ndtri(q))

    def of_scores(self, z: np.ndarray) -> np.ndarray:
        """Return the values at standard normal scores ``z`` (an array of any shape).

        A triangular number is taken as uniform between its ends.
        """
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
        """Return the number with a user's value; draws no longer vary it.

        Raises
        ------
        UsageError
            for a value outside what the unit allows.
        """
        self._check(value)
        return self._of_user(value, value, value)

    def between(self, low: float, high: float) -> Assumption:
        """Return the number with a user's range for the draws. The value stays if it is in the
        range; else it is the middle of the range.

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
        floor, ceiling = _BOUNDS.get(self.shape, (-math.inf, math.inf))
        if low != high and not (floor < low and high < ceiling):
            raise UsageError(
                f"`param` {self.name}={low:g}:{high:g}: a range lies between {floor:g} and "
                f"{ceiling:g}, ends not included; a single value may be an end"
            )
        value = self.value if low <= self.value <= high else (low + high) / 2
        return self._of_user(value, low, high)

    def _of_user(self, value: float, low: float, high: float) -> Assumption:
        """Return the number as the user set it; it keeps the range that the plan has for it."""
        return replace(
            self,
            value=value,
            low=low,
            high=high,
            source="set by the user",
            set_by_user=True,
            plan_range=self.plan_range or (self.low, self.high),
        )

    @property
    def is_outside_plan_range(self) -> bool:
        """Whether the user set it beyond the range that the plan has for it."""
        if self.plan_range is None:
            return False
        low, high = self.plan_range
        return low < high and (self.low < low or self.high > high)

    @property
    def allowed(self) -> str:
        """What a user may write for it: ``a number from 0 to 1 (the plan uses 0.2 to 0.7)``."""
        limits = "a number"
        if self.least > -math.inf and self.most < math.inf:
            limits = f"a number from {self.least:g} to {self.most:g}"
        elif self.least > -math.inf:
            limits = f"a number of {self.least:g} or more"
        low, high = self.plan_range or (self.low, self.high)
        own = f"{low:g} to {high:g}" if low < high else f"{low:g}"
        return f"{limits} (the plan uses {own})"

    def _check(self, value: float) -> None:
        """Refuse a user's value outside what the unit allows, and half of a count."""
        if not self.least <= value <= self.most:  # NaN fails both comparisons
            raise UsageError(
                f"`param` {self.name}={value:g}: the unit is {self.unit}. Write {self.allowed}"
            )
        if self.whole and value != math.floor(value):
            raise UsageError(
                f"`param` {self.name}={value:g}: is counted. Write a whole number of {self.unit}"
            )


def _logit(x: float) -> float:
    return math.log(x / (1 - x))


#: The scales on which a number is normal: to the scale, and back.
_SCALES: dict[str, tuple[Callable[[float], float], Callable[[np.ndarray], np.ndarray]]] = {
    "log": (math.log, np.exp),
    "logit": (_logit, lambda y: 1 / (1 + np.exp(-y))),
    "normal": (lambda x: x, lambda y: y),
}
#: Between which values a scale is defined; the other shapes have no bounds.
_BOUNDS = {"log": (0.0, math.inf), "logit": (0.0, 1.0)}


class Assumptions(dict[str, Assumption]):
    """The numbers of one plan by name; calling it with a name gives the number's value."""

    def __call__(self, name: str) -> float:
        return self[name].value

    def assumed(self) -> list[Assumption]:
        """Return the numbers about the world that nobody published."""
        return [a for a in self.values() if a.standing == "assumed"]

    def about_the_world(self) -> list[Assumption]:
        """Return the numbers about the world: all but those that the question sets."""
        return [a for a in self.values() if not a.chosen]

    def medians(self) -> Assumptions:
        """Return the numbers at their medians, so that one run of the plan is in the middle of the
        draws."""
        return Assumptions({name: replace(a, value=a.of_quantile(0.5)) for name, a in self.items()})


#: The TOML table of a number.
NumberTable = Mapping[str, Any]
#: The keys that such a table may have.
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
    """Return the numbers of a TOML file as they were known on a date, without the unknown ones."""
    raw = read_package_toml(package, file)
    found = (resolve(name, table, known) for name, table in raw.items())
    return Assumptions({a.name: a for a in found if a is not None})


def resolve(name: str, raw: NumberTable, known: Figures) -> Assumption | None:
    """Return a number as it was known on a date: by its newest public reading, else as the table
    chooses or assumes it; None if the table does neither.

    Raises
    ------
    DataError
        for a table that is not in the grammar, naming the number.
    """
    unknown = set(raw) - KEYS
    if unknown:
        raise DataError(
            f"{name}: {min(unknown)} is not known. Write some of {', '.join(sorted(KEYS))}"
        )
    newest: NumberTable | None = None
    newest_day = dt.date.min
    for reading in raw.get("readings", []):
        keys = _keys(name, reading)
        if known.has(keys):
            day = known.public_since(keys) or dt.date.min
            if day >= newest_day:  # of two of one day the later in the file
                newest = reading
                newest_day = day
    if newest is not None:
        return _from_rows(name, raw, newest, known)
    for kind in ("chosen", "assumed"):
        if kind in raw:
            return _without_rows(name, raw, kind)
    if not raw.get("readings"):
        raise DataError(f"{name}: give readings, or say what is assumed or chosen")
    return None


def _keys(name: str, reading: NumberTable) -> list[str]:
    """Return the keys of the rows that a reading names (``KEY: FIGURE``)."""
    if not reading.get("from"):
        raise DataError(f"{name}: a reading names its rows. Write from = ['KEY: FIGURE']")
    return [str(text).partition(":")[0].strip() for text in reading["from"]]


def _from_rows(name: str, raw: NumberTable, reading: NumberTable, known: Figures) -> Assumption:
    """Return a number by a published reading, with its rows."""
    keys = _keys(name, reading)
    rows = [known.rows[key] for key in keys]
    newest = max(rows, key=lambda row: row.known_on)
    who = "; ".join(dict.fromkeys(row.who for row in rows))
    note = reading.get("note", "")
    figures = [str(text).partition(":")[2].strip() for text in reading["from"]]
    return replace(
        _number(name, raw, reading),
        source=". ".join(text for text in (who, note) if text),
        known=newest.known_on,
        rows=tuple(zip(keys, figures, strict=True)),
        who=who,
        remark=note,
        period=newest.period,
        page=newest.url,
        derived=bool(reading.get("derived", len(keys) > 1)),
    )


def _without_rows(name: str, raw: NumberTable, kind: str) -> Assumption:
    """Return a number that the table chooses or assumes."""
    values = raw[kind]
    if not values.get("why"):
        raise DataError(f"{name}: say why it is {kind}")
    return replace(
        _number(name, raw, values),
        source=values["why"],
        wanted=values.get("wanted", ""),
        assumed=kind == "assumed",
        chosen=kind == "chosen",
    )


def _number(name: str, raw: NumberTable, values: NumberTable) -> Assumption:
    """Return a number with the values of one reading, before it is said where they come from."""
    value = float(values["value"])
    low = float(values.get("low", value))
    high = float(values.get("high", value))
    number = Assumption(
        name=name,
        unit=raw.get("unit", ""),
        value=value,
        low=low,
        high=high,
        least=float(raw.get("least", -math.inf)),
        most=float(raw.get("most", math.inf)),
        meaning=raw.get("meaning", name),
        drawn=bool(raw.get("drawn", high > low)),
        whole=bool(raw.get("whole", False)),
        shape=raw.get("shape", "uniform"),
    )
    if not number.least <= low <= value <= high <= number.most:
        raise DataError(f"{name}: least <= low <= value <= high <= most does not hold")
    return number


def with_user(numbers: Assumptions, given: Mapping[str, str] | Iterable[str]) -> Assumptions:
    """Return the numbers with a user's ``name=value``, ``name=low:high`` and
    ``name=low:value:high`` applied.

    A single value is no longer drawn. A range is what the draws use; its value is the peak of a
    triangular number.

    Raises
    ------
    UsageError
        for an unknown name, a text that is not a number, a number outside what the unit allows, or
        a range of a number that draws do not vary.
    """
    pairs = given.items() if isinstance(given, Mapping) else [split(text) for text in given]
    out = Assumptions(numbers)
    for name, text in pairs:
        if name not in out:
            raise UsageError(
                f"`param` {name}: there is no parameter called “{name}”; {numbers_near(name, out)}"
            )
        out[name] = _as_written(out[name], str(text))
    return out


def numbers_near(name: str, numbers: Mapping[str, Assumption]) -> str:
    """Return which number a mistyped name may mean, those that share a word with it, or all there
    are, each with its value."""
    near = closest(name, numbers)
    if near:
        return f"did you mean {_with_value(near, numbers[near])}?"
    related = [own for own in numbers if _words(own) & _words(name)]
    every = [_with_value(own, numbers[own]) for own in related or numbers]
    more = "; `why` lists all" if related else ""
    return f"choose from {', '.join(every)}{more}"


def _words(name: str) -> set[str]:
    """Return the words of a number's name: ``a330_used.price`` has three."""
    return set(name.replace(".", "_").split("_"))


def _with_value(name: str, number: Assumption) -> str:
    """Return a name with its value and range, as a user would write the value."""
    span = f" ({number.low:.4g} to {number.high:.4g})" if number.varies else ""
    return f"{name}={number.value:.4g}{span}"


def _as_written(number: Assumption, text: str) -> Assumption:
    """Return a number as a user's text sets it: ``value``, ``low:high`` or ``low:value:high``."""
    parts = text.split(":")
    if len(parts) > 3:
        raise UsageError(f"`param` {number.name}={text}: write one value, or low:high")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        raise UsageError(
            f"`param` {number.name}: {text!r} is not a number. The unit is {number.unit}. "
            f"Write {number.allowed}"
        ) from None
    if len(values) == 1:
        return number.at(values[0])
    ranged = number.between(values[0], values[-1])
    if len(values) == 2:
        return ranged
    low, value, high = values
    if not low <= value <= high:
        raise UsageError(
            f"`param` {number.name}={text}: the value is not between its ends. Write low:value:high"
        )
    return replace(ranged, value=value)


def split(text: str) -> tuple[str, str]:
    """Return name and value of ``name=value``."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"`param` {text!r}: write name=value")
    return name.strip(), value.strip()
