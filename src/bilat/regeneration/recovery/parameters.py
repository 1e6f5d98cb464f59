# SPDX-License-Identifier: Apache-2.0
"""What steers the recovery model: ranges with the rows they rest on, settings, and changes asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.planning import Assumption, Assumptions, with_user
from bilat.regeneration.recovery.records import RecoveryRecords, Selector

#: Numbers set by a user: ``name=value`` or ``name=low:high`` texts, or name -> value or ``low:high``.
Changes = Mapping[str, str] | Iterable[str]
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
class Steering:
    """Everything that steers the model for one class."""

    klass: str
    parameters: tuple[Assumption, ...]
    settings: tuple[Assumption, ...]

    @property
    def fitted(self) -> tuple[Assumption, ...]:
        """Parameters of the war."""
        return tuple(p for p in self.parameters if p.name not in AFTERWARDS)

    @property
    def afterwards(self) -> tuple[Assumption, ...]:
        """Parameters of the peace."""
        return tuple(p for p in self.parameters if p.name in AFTERWARDS)

    def setting(self, name: str) -> float:
        """The value of a setting."""
        return next(s.value for s in self.settings if s.name == name)

    def numbers(self) -> Assumptions:
        """Parameters and settings by name."""
        return Assumptions({a.name: a for a in (*self.parameters, *self.settings)})


@cache
def raw_parameters() -> dict[str, Any]:
    """``parameters.toml`` as it stands."""
    folder = resources.files("bilat.regeneration.recovery")
    return tomllib.loads(folder.joinpath("parameters.toml").read_text("utf-8"))


def range_rows(klass: str) -> list[Selector]:
    """The figures that the ranges of a class rest on."""
    found: list[Selector] = []
    for entry in raw_parameters()["parameter"]:
        own = entry.get(klass) or entry.get("all") or {}
        found += [(a, b, c) for a, b, c in own.get("rows", [])]
    return found


def steering(klass: str, records: RecoveryRecords, changes: Changes | None = None) -> Steering:
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
        Assumption(
            e["name"],
            e["unit"],
            e["value"],
            e["low"],
            e["high"],
            e["least"],
            e["most"],
            e["meaning"],
            "assumed",
            True,
        )
        for e in raw["setting"]
    ]
    numbers = with_user(Assumptions({a.name: a for a in (*parameters, *settings)}), changes or {})
    return Steering(
        klass, tuple(numbers[p.name] for p in parameters), tuple(numbers[s.name] for s in settings)
    )


def _parameter(
    entry: dict[str, Any], own: dict[str, Any], klass: str, records: RecoveryRecords
) -> Assumption:
    selectors: list[Selector] = [(a, b, c) for a, b, c in own.get("rows", [])]
    rows = records.figures(selectors, f"{klass}: range of {entry['name']}")
    records.figures(
        [(a, b, c) for a, b, c in own.get("direction", [])], f"{klass}: sign of {entry['name']}"
    )
    low = own["low"]
    high = own["high"]
    source = "; ".join(dict.fromkeys(str(r["originator"]) for r in rows)) if rows else "assumed"
    if selectors and not rows:
        (low, high), source = own["wide"], "wide: its figures were not public yet"
    made = Assumption(
        entry["name"],
        entry["unit"],
        float(low),
        float(low),
        float(high),
        entry["least"],
        entry["most"],
        entry["meaning"],
        source,
        not rows,
        True,
        shape=entry["scale"],
        rows=tuple((f"{r['source']} {r['locator']}", str(r["figure"])) for r in rows),
    )
    return replace(made, value=float(made.of_scores(np.zeros(1))[0]))
