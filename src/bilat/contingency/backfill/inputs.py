# SPDX-License-Identifier: Apache-2.0
"""The tables of the model as a date knows them: capabilities, options, and every number with its
rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bilat.errors import DataError
from bilat.package_files import read_package_toml
from bilat.planning import Assumption, Assumptions
from bilat.planning.assumptions import resolve
from bilat.planning.figures import Figures
from bilat.planning.lineage import InputRow

#: What was not public of a capability that is left out.
NO_FIGURE = "nobody had published how many America would take away"
NO_PRICE = "nobody had published what a replacement costs"
#: The capabilities of which a figure must be public before the whole is answered, as a share of
#: all.
ENOUGH = 0.5


@dataclass(frozen=True)
class Option:
    """Something that can be ordered."""

    key: str
    label: str
    plural: str  #: what several are called
    gives: Mapping[str, float]
    line: str = ""


@dataclass(frozen=True)
class Capability:
    """What the United States would take away of one kind, counted in ``unit``."""

    key: str
    label: str
    unit: str
    by: str  #: air or sea: how it leaves
    changes: tuple[
        tuple[int, str], ...
    ] = ()  #: (year, name) of dated changes of Europe's own stock


@dataclass(frozen=True)
class Dependency:
    """Units of a capability that count for each unit of its provider."""

    capability: str
    provider: str


@dataclass(frozen=True)
class BackfillInputs:
    """Everything the model is made from; ``numbers`` by name, as ``p8.price``."""

    numbers: Assumptions
    effects: tuple[Capability, ...]
    options: tuple[Option, ...]
    lines: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    definitions: Mapping[str, str]  #: how Europe's tankers may be counted, with the words
    known: Figures
    unknown: tuple[tuple[str, str], ...] = ()  #: capabilities left out, with what was not public
    unpriced: tuple[str, ...] = ()  #: options of which no price was public

    def with_numbers(self, numbers: Assumptions) -> BackfillInputs:
        """Return the same tables with other numbers."""
        return replace(self, numbers=numbers)

    @property
    def enough(self) -> bool:
        """Whether figures of enough capabilities were public to answer for the whole."""
        return len(self.public) >= ENOUGH * (len(self.effects) + len(self.unknown))

    @property
    def too_few(self) -> str:
        """How few capabilities had the figures that a plan needs, as part of a sentence."""
        have = f"only {len(self.public)}" if self.public else "none"
        every = len(self.effects) + len(self.unknown)
        return f"{have} of {every} capabilities had both published figures that a plan needs"

    @property
    def public(self) -> list[Capability]:
        """The capabilities of which somebody had published how many America would take away, and
        what a replacement costs."""
        return [e for e in self.effects if self.numbers[f"{e.key}.us_part"].standing != "assumed"]


#: A file of tables: name -> what is said under it.
Tables = dict[str, Any]


def _table(name: str) -> Tables:
    return read_package_toml("bilat.contingency.backfill", f"{name}.toml")


def tables_of(known: Figures) -> BackfillInputs:
    """Return the shipped tables as the public knew them: what had no public figure is left out, by
    name.

    Raises
    ------
    DataError
        for an entry that is not in the grammar.
    """
    settings = _table("settings")
    options = _table("options")
    capabilities = _table("capabilities")
    lines = options.pop("line")
    dependency = settings.pop("dependency")
    definition = settings.pop("definition")
    declared = _declared(settings, capabilities, options, lines, dependency, definition)
    found = _resolved(declared, known)
    held = {k: c for k, c in capabilities.items() if f"{k}.us_part" in found}
    usable = {
        k: o for k, o in options.items() if f"{k}.price" in found and set(o["gives"]) & set(held)
    }
    lacking = {k for k in held if not any(k in o["gives"] for o in usable.values())}
    effects = tuple(_capability(k, c, found) for k, c in held.items() if k not in lacking)
    keys = {e.key for e in effects}
    left_out = [k for k in capabilities if k not in keys]
    why = {k: NO_PRICE if k in held else NO_FIGURE for k in left_out}
    numbers = {n: a for n, a in found.items() if n.partition(".")[0] not in left_out}
    numbers = {n: a for n, a in numbers.items() if _is_used(n, usable, options)}
    return BackfillInputs(
        Assumptions(numbers),
        effects,
        tuple(
            Option(
                k,
                o["label"],
                o["plural"],
                {c: g for c, g in o["gives"].items() if c in keys},
                _line(o, found),
            )
            for k, o in usable.items()
        ),
        tuple(k for k in lines if f"line.{k}.per_year" in found),
        tuple(
            Dependency(k, d["provider"])
            for k, d in dependency.items()
            if {k, d["provider"]} <= keys
        ),
        {k: d["label"] for k, d in definition.items() if f"definition.{k}" in found},
        known,
        tuple((capabilities[k]["label"], why[k]) for k in left_out),
        tuple(o["label"] for k, o in options.items() if f"{k}.price" not in found),
    )


def _resolved(declared: Iterable[tuple[str, Tables]], known: Figures) -> Assumptions:
    numbers = (resolve(name, raw, known) for name, raw in declared)
    return Assumptions({a.name: a for a in numbers if a is not None})


def _is_used(name: str, usable: Tables, options: Tables) -> bool:
    first = name.partition(".")[0]
    return first not in options or first in usable


def _line(option: Tables, found: Assumptions) -> str:
    line = option.get("line", "")
    return line if f"line.{line}.per_year" in found else ""


def _capability(key: str, raw: Tables, found: Assumptions) -> Capability:
    names = [(int(x["year"]), f"{key}.change.{x['year']}") for x in raw.get("changes", [])]
    changes = tuple((year, name) for year, name in names if name in found)
    return Capability(key, raw["label"], raw["unit"], raw["by"], changes)


def _declared(
    settings: Tables,
    capabilities: Tables,
    options: Tables,
    lines: Tables,
    dependency: Tables,
    definition: Tables,
) -> Iterator[tuple[str, Tables]]:
    """Yield every number with its table; meanings that a file leaves out are made from the
    labels.
    """
    yield from settings.items()
    for k, c in capabilities.items():
        for part, words in (
            ("us_part", "the American part"),
            ("held", "what Europe holds"),
            ("gone", "the share of the American part that leaves"),
        ):
            if part in c:
                yield f"{k}.{part}", {"meaning": f"{c['label']}: {words}", **c[part]}
        for x in c.get("changes", []):
            reading = {"value": x["units"], "from": x["from"], "note": x.get("note", "")}
            table = {
                "unit": c["unit"],
                "least": -1000,
                "most": 1000,
                "meaning": f"{c['label']}: change of Europe's own in {x['year']}",
                "readings": [reading],
            }
            yield f"{k}.change.{x['year']}", table
    said_of = {
        "price": "price of one",
        "lead": "years from order to use",
        "per_year": "orders a year",
    }
    for k, o in options.items():
        for part, said in said_of.items():
            if part in o:
                yield f"{k}.{part}", {"meaning": f"{o['label']}: {said}", **o[part]}
    for k, v in lines.items():
        yield f"line.{k}.per_year", {"meaning": f"orders a year, {k}", **v["per_year"]}
    for k, d in dependency.items():
        for part in ("per_unit", "free"):
            yield f"dependency.{k}.{part}", {"meaning": f"{k}: {d[part]['unit']}", **d[part]}
    for k, d in definition.items():
        yield f"definition.{k}", {"least": 0, "most": 1000, "meaning": d["label"], **d["tankers"]}


def rows_behind(inputs: BackfillInputs) -> list[InputRow]:
    """Return the rows that the numbers rest on."""
    return [
        row
        for a in inputs.numbers.values()
        for row in inputs.known.lineage(a.meaning, a.unit, [k for k, _ in a.rows])
    ]


def number_or(inputs: BackfillInputs, name: str, other: str) -> Assumption:
    """Return a capability's or option's own number, or the common one.

    Raises
    ------
    DataError
        where neither is there.
    """
    for n in (name, other):
        if n in inputs.numbers:
            return inputs.numbers[n]
    raise DataError(f"{name}: no number is declared, nor {other}")
