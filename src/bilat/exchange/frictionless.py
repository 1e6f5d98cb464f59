# SPDX-License-Identifier: Apache-2.0
"""A Frictionless data package: every part of a parcel as a CSV with its schema, sources and
licences.

The figures are derived from publishers' records; the package states each source with its licence,
and no licence of its own for what others publish. A cell that a spreadsheet would run as a formula
has an apostrophe before it.

Reference: Frictionless Data, Data Package v1 and Table Schema v1,
  https://specs.frictionlessdata.io.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from bilat.errors import DataError, UsageError
from bilat.exchange.parcel import (
    ClaimRecord,
    FigureRecord,
    Parcel,
    PartyRecord,
    SourceRecord,
)
from bilat.exchange.text import csv_text, is_address, json_text, read_json, remove_guard
from bilat.files.json_types import Json, JsonObject
from bilat.formats.json_text import parse_json
from bilat.formats.table import Place, TableRow, records
from bilat.handling import Marking
from bilat.parties.decisions.log import Decision
from bilat.sharing.own_rows import OwnRow
from bilat.verdicts.dissents import Dissent

PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class _Part:
    """A part of a parcel: the class of its records, its title, and the columns that name a row."""

    record: type[Any]
    title: str
    key: tuple[str, ...] = ()

    @property
    def types(self) -> dict[str, str]:
        """The annotation of each field that is exported, in order."""
        return {f.name: str(f.type) for f in fields(self.record) if f.name not in _LEFT_OUT}


_PARTS = {
    "claims": _Part(ClaimRecord, "Claims as judged", ("id",)),
    "figures": _Part(
        FigureRecord, "Points of measures", ("measure", "pair", "params", "group", "period")
    ),
    "parties": _Part(PartyRecord, "Listed parties", ("source", "id")),
    "dissents": _Part(Dissent, "What others conclude"),
    "decisions": _Part(Decision, "Decisions on matches"),
    "rows": _Part(OwnRow, "Rows of a team's own", ("id",)),
    "sources": _Part(SourceRecord, "Sources with their licences", ("name",)),
}
#: The link of a record to the one before it in its log; a parcel has no such log.
_LEFT_OUT = ("previous",)
#: The types of Table Schema by the annotation of a field; a field with any other is an array.
_TYPES = {"float": "number", "float | None": "number", "bool": "boolean", "str": "string"}
#: Fields of text that are dates.
_DATES = ("as_of", "data_to", "edition", "known_on")


def write(parcel: Parcel) -> dict[str, str]:
    """Return the files of an export: the text of each by its name."""
    tables: dict[str, str] = {}
    resources = []
    for name, part in _PARTS.items():
        records_ = getattr(parcel, name)
        if not records_:
            continue
        columns = [*part.types]
        tables[f"{name}.csv"] = csv_text(columns, (_cells(record, columns) for record in records_))
        resources.append(_resource(name, part))
    if not resources:
        # A package must have a resource.
        tables["nothing.csv"] = csv_text(["nothing"], [])
        resources = [_EMPTY_RESOURCE]
    package: dict[str, Json] = {
        "profile": "tabular-data-package",
        "name": f"bilat-{'-'.join(parcel.pair).lower()}-{parcel.as_of}",
        "title": f"Ties of {parcel.pair[0]} and {parcel.pair[1]} as of {parcel.as_of}",
        "created": f"{parcel.as_of}T00:00:00Z",
        "bilat": {
            "pair": list(parcel.pair),
            "as_of": parcel.as_of,
            "marking": str(parcel.marking),
            "holdings": parcel.holdings,
            "version": parcel.version,
        },
    }
    # These lists must not be empty.
    if parcel.sources:
        package["sources"] = [
            {"title": source.title} | _path(source.url) for source in parcel.sources
        ]
        package["licenses"] = _licences(parcel.sources)
    package["resources"] = resources
    return {PACKAGE: json_text(package), **tables}


def _path(url: str) -> dict[str, str]:
    return {"path": url} if is_address(url) else {}


def _licences(sources: Iterable[SourceRecord]) -> list[dict[str, str]]:
    """Return the licences of sources, each once.

    A licence must have a path or a name. The path is the page of the first source under it; without
    one, the name is made of its text.
    """
    pages: dict[str, str] = {}
    for source in sources:
        pages.setdefault(source.licence, source.url)
    return [
        {"title": text} | (_path(pages[text]) or {"name": _licence_name(text)})
        for text in sorted(pages)
    ]


def _licence_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")


#: The resource of a package without any records.
_EMPTY_RESOURCE: JsonObject = {
    "name": "nothing",
    "path": "nothing.csv",
    "profile": "tabular-data-resource",
    "encoding": "utf-8",
    "schema": {"fields": [{"name": "nothing", "type": "string"}]},
}


def _resource(name: str, part: _Part) -> JsonObject:
    """Return the description of a part's table."""
    columns = [
        {"name": field, "type": "date" if field in _DATES else _TYPES.get(annotation, "array")}
        for field, annotation in part.types.items()
    ]
    schema: dict[str, Json] = {"fields": columns, "missingValues": [""]}
    if part.key:
        schema["primaryKey"] = list(part.key)
    return {
        "name": name,
        "title": part.title,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": schema,
    }


def _cells(record: Any, columns: Iterable[str]) -> list[Any]:
    """Return the cells of a record's row; a list becomes JSON."""
    values = asdict(record)
    return [
        json.dumps(values[column], ensure_ascii=False)
        if isinstance(values[column], (list, tuple))
        else values[column]
        for column in columns
    ]


def read(folder: Path) -> Parcel:
    """Return the contents of a package that :func:`write` made.

    Raises
    ------
    DataError
        for a folder without ``datapackage.json``, a package of another maker, or a row that cannot
        be read.
    """
    if not folder.is_dir():
        raise DataError(
            "is not a folder", file=folder, cure=f"name the folder that holds {PACKAGE}"
        )
    package = read_json(folder / PACKAGE)
    try:
        head = package["bilat"]
        listed = {r["name"] for r in package["resources"]}
        a, b = head["pair"]
        marking = Marking.parse(head["marking"])
        as_of = head["as_of"]
        digest = head["holdings"]
        version = head["version"]
    except (KeyError, TypeError, ValueError, AttributeError, UsageError) as e:
        raise DataError(
            f"is not a package of bilat's ({type(e).__name__}: {e})",
            file=folder / PACKAGE,
            cure="name a folder that bilat write export wrote",
        ) from None
    parts = {
        name: tuple(_read_part(folder, name, part))
        for name, part in _PARTS.items()
        if name in listed
    }
    return Parcel(
        pair=(a, b), as_of=as_of, marking=marking, holdings=digest, version=version, **parts
    )


def _read_part(folder: Path, name: str, part: _Part) -> Iterator[Any]:
    """Yield the records of a part."""
    file = f"{name}.csv"
    place = Place(folder / file, title=file, whose="bilat", most=None, after="nothing was read")
    parsers = {field: _parser(annotation) for field, annotation in part.types.items()}
    left_out = {f.name: "" for f in fields(part.record) if f.name in _LEFT_OUT}
    for row in records(place, [*parsers]):
        values = {field: parse(row, field) for field, parse in parsers.items()}
        yield part.record(**values, **left_out)


def _parser(annotation: str) -> _Parser:
    """Return what reads the cells of a field with this annotation."""
    return _PARSERS.get(annotation, _list)


def _list(row: TableRow, name: str) -> tuple[Any, ...]:
    """Return the list that a cell has as JSON."""
    try:
        found = parse_json(remove_guard(row[name]))
    except ValueError as e:
        raise row.refuse(name, f"is not JSON ({e})") from None
    if not isinstance(found, list):
        raise row.refuse(name, "is not a list")
    return tuple(tuple(v) if isinstance(v, list) else v for v in found)


def _bool(row: TableRow, name: str) -> bool:
    return row.word(name, {"true": "true", "false": "false"}) == "true"


#: How the cell of a row in a column is read.
_Parser: TypeAlias = Callable[[TableRow, str], Any]
#: By the annotation of its field; any other is read as a list.
_PARSERS: dict[str, _Parser] = {
    "str": lambda row, name: remove_guard(row[name]),
    "float": TableRow.number,
    "float | None": TableRow.number_or_none,
    "bool": _bool,
}
