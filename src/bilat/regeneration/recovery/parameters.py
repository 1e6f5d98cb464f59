# SPDX-License-Identifier: Apache-2.0
"""What steers the recovery model: ranges with the rows they rest on, settings, and changes asked for."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.regeneration.recovery.records import RecoveryRecords, Selector

#: z of the 90% point of a standard normal distribution.
Z90 = 1.2815515655446004
#: Parameters that matter only after the ceasefire: no published point can test them.
AFTERWARDS = (
    "dependence_new",
    "dependence_repair",
    "replaced",
    "growth",
    "peace_wear",
    "systems",
    "repair_capacity",
    "new_capacity",
)


@dataclass(frozen=True)
class RecoveryParameter:
    """One parameter of one class: its range before the published points are used, and where it is from.

    ``low`` and ``high`` are the 10% and 90% points (uniform: the ends) in ``unit``; equal where it is fixed.
    """

    name: str
    unit: str
    scale: str  #: log, logit, normal or uniform
    low: float
    high: float
    least: float
    most: float
    meaning: str
    origin: str  #: "rows", "assumed", "wide" (its rows were not public yet) or "asked"
    rows: tuple[str, ...] = ()  #: locators of the figures behind the range

    @property
    def value(self) -> float:
        """The middle of the range, on the parameter's own scale."""
        return float(self.at(np.zeros(1))[0])

    def at(self, z: np.ndarray) -> np.ndarray:
        """Values at standard normal scores ``z`` (any shape)."""
        if self.low == self.high:
            return np.full_like(z, self.low, dtype=float)
        if self.scale == "uniform":
            from scipy.special import ndtr

            return self.low + (self.high - self.low) * ndtr(z)
        forward, back = _SCALES[self.scale]
        a, b = forward(self.low), forward(self.high)
        return back((a + b) / 2 + z * (b - a) / (2 * Z90))


def _logit(x: float) -> float:
    return float(np.log(x / (1 - x)))


_SCALES: dict[str, tuple[Any, Any]] = {
    "log": (np.log, np.exp),
    "logit": (_logit, lambda y: 1 / (1 + np.exp(-y))),
    "normal": (lambda x: x, lambda y: y),
}


@dataclass(frozen=True)
class Setting:
    """One value that is not fitted, with the range over which it is worth varying."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    least: float
    most: float
    meaning: str
    origin: str = "assumed"


@dataclass(frozen=True)
class Steering:
    """Everything that steers the model for one class."""

    klass: str
    parameters: tuple[RecoveryParameter, ...]
    settings: tuple[Setting, ...]

    @property
    def fitted(self) -> tuple[RecoveryParameter, ...]:
        """Parameters of the war."""
        return tuple(p for p in self.parameters if p.name not in AFTERWARDS)

    @property
    def afterwards(self) -> tuple[RecoveryParameter, ...]:
        """Parameters of the peace."""
        return tuple(p for p in self.parameters if p.name in AFTERWARDS)

    def setting(self, name: str) -> float:
        """The value of a setting."""
        return next(s.value for s in self.settings if s.name == name)

    def table(self) -> list[dict[str, Any]]:
        """One row per parameter and setting, for ``explain``."""
        return [
            {"name": p.name, "unit": p.unit, "value": p.value, "low": p.low, "high": p.high, "scale": p.scale,
             "origin": p.origin, "rows": list(p.rows), "meaning": p.meaning}
            for p in self.parameters
        ] + [
            {"name": s.name, "unit": s.unit, "value": s.value, "low": s.low, "high": s.high, "scale": "",
             "origin": s.origin, "rows": [], "meaning": s.meaning}
            for s in self.settings
        ]  # fmt: skip


@cache
def raw_parameters() -> dict[str, Any]:
    """``parameters.toml`` as it stands."""
    folder = resources.files("bilat.regeneration.recovery")
    return tomllib.loads(folder.joinpath("parameters.toml").read_text("utf-8"))


def parameter_names() -> list[str]:
    """Every name that ``--param`` knows."""
    raw = raw_parameters()
    return [e["name"] for e in raw["parameter"]] + [e["name"] for e in raw["setting"]]


def range_rows(klass: str) -> list[Selector]:
    """The figures that the ranges of a class rest on."""
    found: list[Selector] = []
    for entry in raw_parameters()["parameter"]:
        own = entry.get(klass) or entry.get("all") or {}
        found += [(a, b, c) for a, b, c in own.get("rows", [])]
    return found


def steering(klass: str, records: RecoveryRecords, changes: Mapping[str, str] | None = None) -> Steering:
    """Parameters and settings of a class as of the records' date, with the changes asked for.

    A change is a number, which fixes the parameter, or ``low:high``, which is its range.

    Raises
    ------
    UsageError
        for a name that is none, a text that is not a number, or a value outside the limits.
    """
    raw = raw_parameters()
    parameters = []
    for entry in raw["parameter"]:
        own = entry.get(klass) or entry.get("all")
        if own is None:
            raise UsageError(
                f"parameters.toml: {entry['name']} has no range for {klass}; add [parameter.{klass}]"
            )
        parameters.append(_parameter(entry, own, klass, records))
    settings = [
        Setting(e["name"], e["unit"], e["value"], e["low"], e["high"], e["least"], e["most"], e["meaning"])
        for e in raw["setting"]
    ]
    for name, text in (changes or {}).items():
        if name not in parameter_names():
            near = difflib.get_close_matches(name, parameter_names(), n=1)
            hint = f"did you mean {near[0]}?" if near else f"they are: {', '.join(parameter_names())}"
            raise UsageError(f"--param {name}: the recovery model has no such parameter; {hint}")
        parameters = [_changed(p, text) if p.name == name else p for p in parameters]
        settings = [_set(s, text) if s.name == name else s for s in settings]
    return Steering(klass, tuple(parameters), tuple(settings))


def _parameter(
    entry: dict[str, Any], own: dict[str, Any], klass: str, records: RecoveryRecords
) -> RecoveryParameter:
    selectors: list[Selector] = [(a, b, c) for a, b, c in own.get("rows", [])]
    rows = records.figures(selectors, f"{klass}: range of {entry['name']}")
    records.figures([(a, b, c) for a, b, c in own.get("direction", [])], f"{klass}: sign of {entry['name']}")
    low, high, origin = own["low"], own["high"], "rows" if rows else "assumed"
    if selectors and not rows:
        (low, high), origin = own["wide"], "wide"
    return RecoveryParameter(
        entry["name"], entry["unit"], entry["scale"], float(low), float(high), entry["least"], entry["most"],
        entry["meaning"], origin, tuple(f"{r['source']} {r['locator']}" for r in rows),
    )  # fmt: skip


def _number(name: str, text: str, least: float, most: float, unit: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise UsageError(
            f"--param {name}={text}: {text!r} is not a number; write {name}=0.5 or low:high"
        ) from None
    if not least <= value <= most:
        raise UsageError(
            f"--param {name}={text} is outside {least:g} to {most:g} ({unit}); choose a value in between"
        )
    return value


def _changed(p: RecoveryParameter, text: str) -> RecoveryParameter:
    parts = str(text).split(":")
    if len(parts) > 2:
        raise UsageError(f"--param {p.name}={text}: write one value, or low:high")
    values = [_number(p.name, part, p.least, p.most, p.unit) for part in parts]
    low, high = values[0], values[-1]
    if low > high:
        raise UsageError(f"--param {p.name}={text}: low is above high; write {high:g}:{low:g}")
    ends = {"log": (0.0, np.inf), "logit": (0.0, 1.0)}.get(p.scale, (-np.inf, np.inf))
    if low != high and not (ends[0] < low and high < ends[1]):
        raise UsageError(
            f"--param {p.name}={text}: a range lies between {ends[0]:g} and {ends[1]:g}, ends not included; "
            "a single value may be an end"
        )
    return replace(p, low=low, high=high, origin="asked", rows=())


def _set(s: Setting, text: str) -> Setting:
    return replace(s, value=_number(s.name, str(text), s.least, s.most, s.unit), origin="asked")
