# SPDX-License-Identifier: Apache-2.0
"""Parameters of a model: one TOML table a parameter, with unit, value, range and where each comes from.

A table holds ``unit``, ``value``, ``low``, ``high`` (the range that draws use), ``least`` and ``most`` (what a
user may set), ``meaning``, ``source``, and ``assumed = true`` where nobody measured it. ``known`` is the day
on which the source was public: an answer as of an earlier day says so.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources

from bilat.errors import UsageError


@dataclass(frozen=True)
class ModelParameter:
    """One number a model rests on."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    least: float
    most: float
    meaning: str
    source: str
    assumed: bool = False
    drawn: bool = False  #: whether draws vary it between low and high, so that a user may set a range
    known: dt.date | None = None
    set_by_user: bool = False

    def at(self, value: float) -> ModelParameter:
        """The parameter with a user's value: it is no longer drawn.

        Raises
        ------
        UsageError
            for a value outside what the unit allows.
        """
        self._check(value)
        return replace(self, value=value, low=value, high=value, source="set by the user", set_by_user=True)

    def between(self, low: float, high: float) -> ModelParameter:
        """The parameter with a user's range for the draws. The value stays where the range holds it; else it
        is the middle of the range.

        Raises
        ------
        UsageError
            for an end outside what the unit allows, low above high, or a parameter that no draw varies.
        """
        self._check(low)
        self._check(high)
        if low > high:
            raise UsageError(
                f"--param {self.name}={low:g}:{high:g}: low is above high; write {high:g}:{low:g}"
            )
        if not self.drawn:
            raise UsageError(
                f"--param {self.name}={low:g}:{high:g}: the draws do not vary it; write one value"
            )
        value = self.value if low <= self.value <= high else (low + high) / 2
        return replace(self, value=value, low=low, high=high, source="set by the user", set_by_user=True)

    def _check(self, value: float) -> None:
        if not self.least <= value <= self.most:
            raise UsageError(
                f"--param {self.name}={value:g}: the unit is {self.unit}; "
                f"write a number from {self.least:g} to {self.most:g}"
            )


class Parameters(dict[str, ModelParameter]):
    """The parameters of one model by name; ``p("fleet_spare")`` is a value."""

    def __call__(self, name: str) -> float:
        return self[name].value

    def later_than(self, day: dt.date) -> list[str]:
        """Names of the parameters whose source was public only after ``day``."""
        return [n for n, p in self.items() if p.known is not None and p.known > day and not p.set_by_user]

    def plain(self) -> list[dict[str, object]]:
        """One record a parameter, for JSON and Parquet; assumed ones first."""
        rows: list[dict[str, object]] = [
            {
                "name": p.name, "unit": p.unit, "value": p.value, "low": p.low, "high": p.high,
                "meaning": p.meaning, "source": p.source, "assumed": p.assumed,
                "known": None if p.known is None else p.known.isoformat(), "set_by_user": p.set_by_user,
            }
            for p in self.values()
        ]  # fmt: skip
        return sorted(rows, key=lambda r: not r["assumed"])


def load(package: str, file: str = "parameters.toml") -> Parameters:
    """The parameters in a TOML file of a package, checked: value within low and high, those within least
    and most, and a source or ``assumed`` for each."""
    raw = tomllib.loads(resources.files(package).joinpath(file).read_text("utf-8"))
    out = Parameters()
    for name, table in raw.items():
        p = ModelParameter(name=name, **table)
        if not p.least <= p.low <= p.value <= p.high <= p.most:
            raise AssertionError(f"{file}: {name}: least <= low <= value <= high <= most does not hold")
        if not p.source:
            raise AssertionError(f"{file}: {name}: name a source, or say what is assumed")
        out[name] = p
    return out


def with_user(parameters: Parameters, given: Mapping[str, str] | Iterable[str]) -> Parameters:
    """The parameters with a user's ``name=value`` and ``name=low:high`` texts applied.

    A value is no longer drawn; a range is what the draws use.

    Raises
    ------
    UsageError
        for an unknown name, a text that is not a number, a number outside what the unit allows, or a range
        of a parameter that is not drawn.
    """
    pairs = given.items() if isinstance(given, Mapping) else [_split(text) for text in given]
    out = Parameters(parameters)
    for name, text in pairs:
        if name not in out:
            import difflib

            near = difflib.get_close_matches(name, out, n=1)
            raise UsageError(
                f"no parameter {name!r}: "
                + (f"did you mean {near[0]}?" if near else f"there are {', '.join(out)}")
            )
        parts = text.split(":")
        if len(parts) > 2:
            raise UsageError(f"--param {name}={text}: write one value, or low:high")
        try:
            ends = [float(part) for part in parts]
        except ValueError:
            raise UsageError(
                f"--param {name}={text}: is not a number; write {name}={out[name].value:g} ({out[name].unit})"
            ) from None
        out[name] = out[name].at(*ends) if len(ends) == 1 else out[name].between(*ends)
    return out


def _split(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"--param {text!r}: write name=value")
    return name.strip(), value.strip()
