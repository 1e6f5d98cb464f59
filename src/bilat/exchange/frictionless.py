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
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.exchange.parcel import (
    ClaimRecord,
    FigureRecord,
    Parcel,
    PartyRecord,
    SourceRecord,
    text_fields,
)
from bilat.exchange.text import csv_text, is_address, json_text, read_json, remove_guard
from bilat.files.json_types import JsonObject
from bilat.formats.json_text import parse_json
from bilat.formats.table import Place, TableRow, records
from bilat.handling import Marking
from bilat.parties.decisions.log import Decision
from bilat.sharing.own_rows import OwnRow
from bilat.verdicts.dissents import Dissent

PACKAGE = "datapackage.json"
#: Part of a parcel -> (its record, what it is, the columns that name a row).
_PARTS: dict[str, tuple[Any, str, list[str]]] = {
    "claims": (ClaimRecord, "Claims as judged", ["id"]),
    "figures": (
        FigureRecord,
        "Points of measures",
        ["measure", "pair", "params", "group", "period"],
    ),
    "parties": (PartyRecord, "Listed parties", ["source", "id"]),
    "dissents": (Dissent, "What others conclude", []),
    "decisions": (Decision, "Decisions on matches", []),
    "rows": (OwnRow, "Rows of a team's own", ["id"]),
    "sources": (SourceRecord, "Sources with their licences", ["name"]),
}
_LEFT_OUT = ("previous",)
_TYPES: dict[str, dict[str, str]] = {
    "float": {"type": "number"},
    "float | None": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
}
_DATES = ("as_of", "data_to", "edition", "known_on")


def write(parcel: Parcel) -> dict[str, str]:
    """The files of an export: name -> text."""
    made: dict[str, str] = {}
    resources = []
    for part, (kind, title, key) in _PARTS.items():
        found = getattr(parcel, part)
        if not found:
            continue
        names = [n for n in text_fields(kind) if n not in _LEFT_OUT]
        made[f"{part}.csv"] = csv_text(names, (_row(record, names) for record in found))
        resources.append(_resource(part, title, kind, names, key))
    licences = {s.licence: s for s in reversed(parcel.sources)}
    package = {
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
        **_unless_empty("sources", [{"title": s.title, **_path(s.url)} for s in parcel.sources]),
        **_unless_empty("licenses", [_licence(t, licences[t].url) for t in sorted(licences)]),
        "resources": resources or [_nothing()],
    }
    if not resources:
        made["nothing.csv"] = csv_text(["nothing"], [])
    return {PACKAGE: json_text(package), **made}


def _path(url: str) -> dict[str, str]:
    return {"path": url} if is_address(url) else {}


def _licence(text: str, url: str) -> dict[str, str]:
    """A licence by its text; the page of a source under it where there is one, else a name made of
    the text.
    """
    return {
        "title": text,
        **(_path(url) or {"name": re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-")}),
    }


def _unless_empty(name: str, items: list[dict[str, str]]) -> JsonObject:
    return {name: items} if items else {}


def _nothing() -> JsonObject:
    """A package has one resource at least."""
    schema = {"fields": [{"name": "nothing", "type": "string"}]}
    return {
        "name": "nothing",
        "path": "nothing.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema,
    }


def _resource(part: str, title: str, kind: Any, names: list[str], key: list[str]) -> JsonObject:
    types = {f.name: str(f.type) for f in fields(kind)}
    columns = []
    for name in names:
        told = _TYPES.get(types[name], {"type": "array"})
        columns.append({"name": name, **({"type": "date"} if name in _DATES else told)})
    return {
        "name": part,
        "title": title,
        "path": f"{part}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": {
            "fields": columns,
            "missingValues": [""],
            **({"primaryKey": key} if key else {}),
        },
    }


def _row(record: Any, names: list[str]) -> list[Any]:
    told = asdict(record)
    return [
        json.dumps(told[n], ensure_ascii=False) if isinstance(told[n], (list, tuple)) else told[n]
        for n in names
    ]


def read(folder: Path) -> Parcel:
    """What a package of this form holds.

    Raises
    ------
    DataError
        for a folder without ``datapackage.json``, a package of another maker, or rows that are
        none.
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
    parts = {p: tuple(_read(folder, p, _PARTS[p][0])) for p in _PARTS if p in listed}
    return Parcel((a, b), as_of, marking, digest, version, **parts)


def _read(folder: Path, part: str, kind: Any) -> Iterable[Any]:
    names = [n for n in text_fields(kind) if n not in _LEFT_OUT]
    place = Place(
        folder / f"{part}.csv", f"{part}.csv", "bilat", most=None, after="nothing was read"
    )
    types = {f.name: str(f.type) for f in fields(kind)}
    blank = {n: "" for n in _LEFT_OUT if n in types}
    for row in records(place, names):
        yield kind(**{n: (_PARSE.get(types[n]) or _listed)(row, n) for n in names}, **blank)


def _listed(row: TableRow, name: str) -> tuple[Any, ...]:
    try:
        found = parse_json(remove_guard(row[name]))
    except ValueError as e:
        raise row.refuse(name, f"is not JSON ({e})") from None
    if not isinstance(found, list):
        raise row.refuse(name, "is not a list")
    return tuple(tuple(v) if isinstance(v, list) else v for v in found)


_PARSE: dict[str, Callable[[TableRow, str], Any]] = {
    "str": lambda row, name: remove_guard(row[name]),
    "float": lambda row, name: row.number(name),
    "float | None": lambda row, name: row.number_or_none(name),
    "bool": lambda row, name: row.word(name, {"true": "true", "false": ""}) == "true",
}
