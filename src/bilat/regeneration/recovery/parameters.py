# SPDX-License-Identifier: Apache-2.0
"""What steers the recovery model: ranges with the rows they rest on, settings, and changes asked
for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.package_files import TomlTable, read_package_toml
from bilat.planning import Assumption, Assumptions, with_user
from bilat.planning.assumptions import split
from bilat.regeneration.recovery.records import RecoveryRecords, Selector

#: Numbers set by a user: ``name=value`` or ``name=low:high`` texts, or name -> value or
#: ``low:high``.
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
def raw_parameters() -> TomlTable:
    """``parameters.toml`` as it stands."""
    return read_package_toml("bilat.regeneration.recovery", "parameters.toml")


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
                f"parameters.toml: {entry['name']} has no range for {klass}; add "
                f"[parameter.{klass}]"
            )
        parameters.append(_parameter(entry, own, records))
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
            "the question" if e.get("chosen") else "no published figure",
            not e.get("chosen"),
            wanted=e.get("wanted", ""),
            chosen=bool(e.get("chosen")),
        )
        for e in raw["setting"]
    ]
    own = [text for text in changed(changes) if "." not in split(text)[0]]
    numbers = with_user(Assumptions({a.name: a for a in (*parameters, *settings)}), own)
    return Steering(
        klass, tuple(numbers[p.name] for p in parameters), tuple(numbers[s.name] for s in settings)
    )


def changed(changes: Changes | None) -> list[str]:
    """Return changes as ``name=value`` texts."""
    if isinstance(changes, Mapping):
        return [f"{name}={value}" for name, value in changes.items()]
    return list(changes or ())


def _parameter(entry: dict[str, Any], own: dict[str, Any], records: RecoveryRecords) -> Assumption:
    selectors: list[Selector] = [(a, b, c) for a, b, c in own.get("rows", [])]
    rows = records.figures(selectors, f"for the range of “{entry['meaning']}”")
    records.figures(
        [(a, b, c) for a, b, c in own.get("direction", [])],
        f"shows a direction only: {entry['meaning']}",
    )
    low = own["low"]
    high = own["high"]
    who = "; ".join(dict.fromkeys(str(r["originator"]) for r in rows))
    source = "; ".join(x for x in (who, own.get("note", "")) if x)
    if selectors and not rows:
        low, high = own["wide"]
        source = "wide: its figures were not public yet"
    elif not rows:
        source = own.get("record") or (
            "a setting for you to change" if entry.get("chosen") else "no published figure"
        )
    newest = max(rows, key=lambda r: r["known_on"], default=None)
    chosen = bool(entry.get("chosen"))
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
        not rows and not own.get("record") and not chosen,
        True,
        known=newest["known_on"] if newest else None,
        shape=entry["scale"],
        rows=tuple((f"{r['source']} {r['locator']}", str(r["figure"])) for r in rows),
        who=who,
        period=str(newest["when_text"]) if newest else "",
        page=str(newest["url"] or "") if newest else "",
        wanted=entry.get("wanted", "a published figure"),
        chosen=chosen,
        derived=len(rows) > 1 or bool(own.get("record")),
    )
    return replace(made, value=float(made.of_scores(np.zeros(1))[0]))
