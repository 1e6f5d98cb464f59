# SPDX-License-Identifier: Apache-2.0
"""The tables of the model: every number with its rows or the word that it is assumed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.planning import Assumption, Assumptions
from bilat.planning.lineage import InputRow, record
from bilat.when import AsOf

#: Ends of the names of numbers that only make sense whole.
COUNTS = (".lead", ".per_year", ".total", "first_year", "crisis_from", "crisis_to")


@dataclass(frozen=True)
class Option:
    """Something that can be ordered."""

    key: str
    label: str
    gives: Mapping[str, float]
    limited: bool  #: whether a number of its own limits the orders in all
    line: str = ""
    not_before: int = 0


@dataclass(frozen=True)
class CrisisEffect:
    """What a capability does in a war: ``effect`` is what a planner counts, ``unit`` the capability's own."""

    key: str
    label: str
    unit: str
    effect: str
    url: str
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
    effects: tuple[CrisisEffect, ...]
    options: tuple[Option, ...]
    lines: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    definitions: Mapping[str, str]  #: how Europe's tankers may be counted, with the words

    def with_numbers(self, numbers: Assumptions) -> BackfillInputs:
        """The same tables with other numbers."""
        return replace(self, numbers=numbers)


def assumption(name: str, raw: Any, url: str = "") -> Assumption:
    """A number of a table. Raises :class:`DataError` where it has neither a row nor the mark ``assumed``."""
    if not isinstance(raw, dict) or not isinstance(raw.get("value"), int | float):
        raise DataError(
            f"{name}: write {{ value = NUMBER, unit = '...', from = ['LINE: FIGURE'] }}"
        )
    unknown = set(raw) - {"value", "low", "high", "unit", "from", "assumed", "note"}
    if unknown:
        raise DataError(f"{name}: {', '.join(sorted(unknown))} is not known; see settings.toml")
    value = float(raw["value"])
    low = float(raw.get("low", value))
    high = float(raw.get("high", value))
    if not low <= value <= high:
        raise DataError(f"{name}: {value:g} is not between low {low:g} and high {high:g}")
    rows = tuple(
        (a.strip(), b.strip()) for a, _, b in (str(t).partition(":") for t in raw.get("from", []))
    )
    if not rows and not raw.get("assumed"):
        raise DataError(f"{name}: has no row; give one in `from`, or say `assumed = 'why'`")
    reach = 20 * max(abs(low), abs(high), 1.0 if value == 0 else 0.0)
    year = name in ("first_year", "crisis_from", "crisis_to")
    least, most = (
        (2022.0, 2060.0) if year else (min(0.0, low), 1.0 if name.endswith(".gone") else reach)
    )
    source = "; ".join(x for x in (raw.get("note", ""), raw.get("assumed", ""), url) if x)
    return Assumption(
        name,
        raw.get("unit", ""),
        value,
        low,
        high,
        least,
        most,
        name,
        source or "rows",
        bool(raw.get("assumed")),
        high > low,
        whole=name.endswith(COUNTS),
        rows=rows,
    )


#: A file of tables: name -> what is said under it.
Tables = dict[str, Any]


def _table(name: str) -> Tables:
    text = resources.files("bilat.contingency.backfill").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def shipped() -> BackfillInputs:
    """The tables that come with the package."""
    settings = _table("settings")
    options = _table("options")
    effects = _table("effects")
    capabilities = _table("capabilities")
    definitions = _table("definitions")
    dependency = settings.pop("dependency")
    lines = options.pop("line")
    found = list(_numbers(settings, capabilities, effects, options, lines, dependency, definitions))
    return BackfillInputs(
        Assumptions({a.name: a for a in found}),
        tuple(
            CrisisEffect(
                k,
                c["label"],
                c["unit"],
                effects[k]["effect"],
                effects[k].get("url", ""),
                tuple((int(x["year"]), f"{k}.change.{x['year']}") for x in c.get("changes", [])),
            )
            for k, c in capabilities.items()
        ),
        tuple(
            Option(
                k,
                o["label"],
                o["gives"],
                "total" in o,
                o.get("line", ""),
                int(o.get("not_before", 0)),
            )
            for k, o in options.items()
        ),
        tuple(lines),
        tuple(Dependency(k, d["provider"]) for k, d in dependency.items()),
        {k: d["label"] for k, d in definitions.items()},
    )


def _numbers(
    settings: Tables,
    capabilities: Tables,
    effects: Tables,
    options: Tables,
    lines: Tables,
    dependency: Tables,
    definitions: Tables,
) -> Iterator[Assumption]:
    for k, v in settings.items():
        yield assumption(k, v)
    for k, c in capabilities.items():
        yield from (assumption(f"{k}.{n}", c[n]) for n in ("us_part", "held") if n in c)
        for x in c.get("changes", []):
            own = {
                "value": x["units"],
                "unit": c["unit"],
                **{a: b for a, b in x.items() if a not in ("year", "units")},
            }
            yield assumption(f"{k}.change.{x['year']}", own)
        yield from (
            assumption(f"{k}.{n}", effects[k][n], effects[k].get("url", ""))
            for n in ("per", "gone", "leaves")
        )
    for k, o in options.items():
        yield from (
            assumption(f"{k}.{n}", o[n]) for n in ("price", "lead", "per_year", "total") if n in o
        )
    for k, v in lines.items():
        yield assumption(f"line.{k}.per_year", v["per_year"])
    for k, d in dependency.items():
        yield from (assumption(f"dependency.{k}.{n}", d[n]) for n in ("per_unit", "free"))
    for k, d in definitions.items():
        yield assumption(f"definition.{k}", d["tankers"])


def rows_behind(numbers: Iterable[Assumption], holdings: Holdings, as_of: AsOf) -> list[InputRow]:
    """The rows that numbers name and that were public: lines of the enablers, or ids of published figures."""
    cursor = holdings.connect(as_of).connection.cursor()
    try:
        held = [
            row
            for sql in (
                "SELECT *, split_part(locator, ' ', 2) AS key FROM estimates WHERE source = 'enablers'",
                "SELECT * EXCLUDE figure, figure_id AS key, value_text AS figure FROM published",
            )
            for row in cursor.sql(sql).to_arrow_table().to_pylist()
        ]
    finally:
        cursor.close()
    by = {row["key"]: row for row in held}
    return [
        record(a.name, by[key]["figure"], a.unit, by[key])
        for a in numbers
        for key, _ in a.rows
        if key in by
    ]
