# SPDX-License-Identifier: Apache-2.0
"""SDMX: figures as SDMX-CSV 2.0 with the structure message (SDMX-JSON 2.0) that says what the columns are.

Two dataflows of one structure: FIGURES, points of measures; OWN_ROWS, a team's own rows. A span of years or months
is a time range of ISO 8601 (``2014-01-01/P8Y``). A dimension without a value is ``_Z``, not applicable. The marking of
the whole export is an annotation of the data structure; each row bears its own, which may be lower.

Reference: SDMX Technical Working Group, SDMX-CSV 2.0.0 field guide and SDMX-JSON structure message.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.exchange.parcel import CarriedFigure, Parcel
from bilat.exchange.text import csv_text, json_text, plain, read_json
from bilat.files.json_types import JsonObject
from bilat.formats.table import Place, TableRow, records
from bilat.handling import Marking
from bilat.sharing.own_rows import OwnRow
from bilat.when import Window

DATA, STRUCTURE = "data.csv", "structure.json"
AGENCY, VERSION = "BILAT", "1.0.0"
NONE = "_Z"
#: The annotation of the data structure that holds the marking of the export.
_OF_EXPORT = "EXPORT_MARKING"
_FLOWS = {"FIGURES": "Points of bilat's measures", "OWN_ROWS": "Rows of a team's own"}
_DIMENSIONS = {
    "FREQ": "Frequency", "MEASURE": "Measure", "PAIR": "Pair of states", "PARAMS": "Parameters of the measure",
    "BREAKDOWN": "Group of the measure", "ROW_ID": "Id of an own row",
}  # fmt: skip
_ATTRIBUTES = {
    "LOW": "Lower bound", "HIGH": "Upper bound", "BOUND_TYPE": "What the bounds are", "UNIT_MEASURE": "Unit",
    "OBS_STATUS": "Observation status", "KIND": "Reported, estimated, derived or modelled", "NOTE": "Note",
    "REVISED": "A later edition stands in", "AS_OF": "As-of date", "GRADE": "Lowest Admiralty grade of the sources",
    "SOURCE": "Sources", "TITLE": "Title", "URL": "Address", "KNOWN_ON": "Day since when it is known",
    "CLAIM": "Claim that it speaks to", "MARKING": "Handling marking", "HOLDINGS": "Digest of the holdings",
}  # fmt: skip
_NUMBERS = ("LOW", "HIGH")
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *_DIMENSIONS, "TIME_PERIOD", "OBS_VALUE", *_ATTRIBUTES)
_FREQUENCIES = {"A": "Annual", "M": "Monthly", "D": "Daily", "_O": "Other"}
_FREQ = {4: "A", 7: "M", 10: "D"}
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})/P(\d+)([YMD])")


def write(parcel: Parcel) -> dict[str, str]:
    """The files of an export: name -> text."""
    common = {"MARKING": "", "HOLDINGS": parcel.holdings}
    rows = [_cells("FIGURES", {**common, **_figure(f)}) for f in parcel.figures]
    rows += [_cells("OWN_ROWS", {**common, **_own(r, parcel.as_of)}) for r in parcel.rows]
    return {DATA: csv_text(COLUMNS, rows), STRUCTURE: json_text(_structure(parcel))}


def _cells(flow: str, told: JsonObject) -> list[Any]:
    fixed = {"STRUCTURE": "dataflow", "STRUCTURE_ID": f"{AGENCY}:{flow}({VERSION})", "ACTION": "I"}
    blank = dict.fromkeys(_DIMENSIONS, NONE)
    given = {**blank, **{k: v for k, v in told.items() if v not in ("", None) or k not in blank}, **fixed}
    return [given.get(c) for c in COLUMNS]


def _figure(f: CarriedFigure) -> JsonObject:
    status = "P" if f.open else "E" if f.kind in ("estimated", "modelled") else "A"
    return {
        "FREQ": frequency(f.period), "MEASURE": f.measure, "PAIR": f.pair, "PARAMS": f.params, "BREAKDOWN": f.group,
        "TIME_PERIOD": time_period(f.period), "OBS_VALUE": f.value, "LOW": f.low, "HIGH": f.high,
        "BOUND_TYPE": f.interval, "UNIT_MEASURE": f.unit, "OBS_STATUS": status, "KIND": f.kind, "NOTE": f.note,
        "REVISED": f.revised, "AS_OF": f.as_of, "GRADE": f.grade, "SOURCE": " ".join(f.sources), "TITLE": f.title,
        "MARKING": f.marking,
    }  # fmt: skip


def _own(r: OwnRow, as_of: str) -> JsonObject:
    return {
        "FREQ": frequency(r.period), "MEASURE": r.measure, "BREAKDOWN": r.group, "ROW_ID": r.id,
        "TIME_PERIOD": time_period(r.period), "OBS_VALUE": r.value, "LOW": r.low, "HIGH": r.high,
        "UNIT_MEASURE": r.unit, "OBS_STATUS": "E" if r.kind in ("estimated", "modelled") else "A", "KIND": r.kind,
        "NOTE": r.note, "AS_OF": as_of, "SOURCE": r.source, "URL": r.url, "KNOWN_ON": r.known_on, "CLAIM": r.claim,
        "MARKING": r.marking,
    }  # fmt: skip


def frequency(period: str) -> str:
    """A, M or D for a year, month or day; ``_O`` for a span."""
    return _FREQ.get(len(period), "_O") if re.fullmatch(r"\d{4}(-\d\d){0,2}", period) else "_O"


def time_period(period: str) -> str:
    """A period as SDMX writes it.

    Raises
    ------
    UsageError
        for a text that is not a period and no span.
    """
    if frequency(period) != "_O":
        return period
    window = Window.parse(period)
    first, last = window.first, window.last
    if not first or not last or len(first) != len(last):
        raise UsageError(f"{period!r} has no two ends of one kind; SDMX has no time range for it")
    a, b = ([int(x) for x in t.split("-")] for t in (first, last))
    if len(a) == 1:
        return f"{first}-01-01/P{b[0] - a[0] + 1}Y"
    if len(a) == 2:
        return f"{first}-01/P{(b[0] - a[0]) * 12 + b[1] - a[1] + 1}M"
    return f"{first}/P{(dt.date(*b) - dt.date(*a)).days + 1}D"


def period_of(text: str) -> str:
    """The period that :func:`time_period` was given, in the one form of this project.

    Raises
    ------
    ValueError
        for a text of another form.
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        if frequency(text) == "_O":
            raise ValueError(f"{text!r} is not a period")
        return text
    start, n = dt.date.fromisoformat(found[1]), int(found[2])
    if found[3] == "Y":
        return str(Window(f"{start.year}", f"{start.year + n - 1}"))
    if found[3] == "M":
        end = start.year * 12 + start.month - 1 + n - 1
        return str(Window(f"{start:%Y-%m}", f"{end // 12:04d}-{end % 12 + 1:02d}"))
    return str(Window(str(start), str(start + dt.timedelta(days=n - 1))))


def _urn(package: str, kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{kind}={AGENCY}:{name}"


def _structure(parcel: Parcel) -> JsonObject:
    """The structure message: concepts, code lists, data structure and dataflows."""
    dsd = _urn("datastructure", "DataStructure", f"FIGURES_DSD({VERSION})")
    every = {**_DIMENSIONS, "TIME_PERIOD": "Time period", "OBS_VALUE": "Value", **_ATTRIBUTES}
    base = {"version": VERSION, "agencyID": AGENCY}
    return {
        "meta": {
            "id": f"bilat-{parcel.as_of}", "test": False, "prepared": f"{parcel.as_of}T00:00:00Z",
            "contentLanguages": ["en"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": [
                {**base, "id": "CL_FREQ", "name": "Frequency", "codes": [
                    {"id": k, "name": v} for k, v in _FREQUENCIES.items()
                ]},
                {**base, "id": "CL_OBS_STATUS", "name": "Observation status", "codes": [
                    {"id": k, "name": v} for k, v in (("A", "Normal"), ("E", "Estimated"), ("P", "Provisional"))
                ]},
            ],
            "conceptSchemes": [
                {**base, "id": "CONCEPTS", "name": "Concepts of bilat",
                 "concepts": [{"id": k, "name": v} for k, v in every.items()]}
            ],
            "dataStructures": [
                {**base, "id": "FIGURES_DSD", "name": "Figures with bounds, kind, as-of date and grade",
                 "annotations": [{
                     "id": _OF_EXPORT, "title": "Handling marking of the export", "value": str(parcel.marking),
                 }],
                 "dataStructureComponents": _components()}
            ],
            "dataflows": [
                {**base, "id": flow, "name": name, "structure": dsd} for flow, name in _FLOWS.items()
            ],
        },
    }  # fmt: skip


def _components() -> JsonObject:
    def concept(name: str) -> str:
        return _urn("conceptscheme", "Concept", f"CONCEPTS({VERSION}).{name}")

    def shape(name: str) -> JsonObject:
        if name in ("FREQ", "OBS_STATUS"):
            return {"enumeration": _urn("codelist", "Codelist", f"CL_{name}({VERSION})")}
        return {"format": {"dataType": "Double" if name in _NUMBERS else "String"}}

    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [
                {"id": name, "position": n, "conceptIdentity": concept(name), "localRepresentation": shape(name)}
                for n, name in enumerate(_DIMENSIONS)
            ],
            "timeDimension": {
                "id": "TIME_PERIOD", "conceptIdentity": concept("TIME_PERIOD"),
                "localRepresentation": {"format": {"dataType": "ObservationalTimePeriod"}},
            },
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [
                {"id": "OBS_VALUE", "conceptIdentity": concept("OBS_VALUE"), "usage": "optional",
                 "localRepresentation": {"format": {"dataType": "Double"}}}
            ],
        },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [
                {"id": name, "conceptIdentity": concept(name), "usage": "optional",
                 "attributeRelationship": {"observation": {}}, "localRepresentation": shape(name)}
                for name in _ATTRIBUTES
            ],
        },
    }  # fmt: skip


def read(folder: Path) -> Parcel:
    """The figures and own rows of an export of this form.

    Raises
    ------
    DataError
        for a folder without its two files, a structure without the marking of the export, or rows of another.
    """
    if not folder.is_dir():
        raise DataError(
            "is not a folder", file=folder, cure=f"name the folder that holds {DATA} and {STRUCTURE}"
        )
    meta = read_json(folder / STRUCTURE)
    told = meta.get("meta") if isinstance(meta, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        raise DataError(
            "is not a structure of bilat's",
            file=folder / STRUCTURE,
            cure="name a folder that bilat write export wrote",
        )
    as_of, marking = told["id"].removeprefix("bilat-"), _marking(meta, folder / STRUCTURE)
    place = Place(folder / DATA, DATA, "SDMX-CSV", most=None, after="nothing was read")
    figures, rows = [], []
    digest = ""
    for row in records(place, COLUMNS, exact=False):
        digest = row["HOLDINGS"]
        if row["STRUCTURE_ID"] == f"{AGENCY}:FIGURES({VERSION})":
            figures.append(_read_figure(row))
        elif row["STRUCTURE_ID"] == f"{AGENCY}:OWN_ROWS({VERSION})":
            rows.append(_read_own(row))
        else:
            raise row.refuse(
                "STRUCTURE_ID", "is not a dataflow of bilat's", "name a folder that bilat write export wrote"
            )
    return Parcel(("", ""), as_of, marking, digest, "", figures=tuple(figures), rows=tuple(rows))


def _marking(meta: Any, file: Path) -> Marking:
    """The marking of the export, from the annotation of its data structure."""
    try:
        notes = {n["id"]: n["value"] for n in meta["data"]["dataStructures"][0]["annotations"]}
        return Marking.parse(notes[_OF_EXPORT])
    except (KeyError, IndexError, TypeError, AttributeError, UsageError) as e:
        raise DataError(
            f"has no marking of the export ({type(e).__name__}: {e})",
            file=file,
            cure="ask its maker to export it again",
        ) from None


def _text(row: TableRow, column: str) -> str:
    text = plain(row[column])
    return "" if text == NONE and column in _DIMENSIONS else text


def _period(row: TableRow) -> str:
    try:
        return period_of(row.text("TIME_PERIOD"))
    except ValueError as e:
        raise row.refuse("TIME_PERIOD", str(e)) from None


def _read_figure(row: TableRow) -> CarriedFigure:
    return CarriedFigure(
        measure=_text(row, "MEASURE"),
        title=_text(row, "TITLE"),
        pair=_text(row, "PAIR"),
        params=_text(row, "PARAMS"),
        group=_text(row, "BREAKDOWN"),
        period=_period(row),
        value=row.number_or_none("OBS_VALUE"),
        low=row.number_or_none("LOW"),
        high=row.number_or_none("HIGH"),
        interval=_text(row, "BOUND_TYPE"),
        unit=_text(row, "UNIT_MEASURE"),
        kind=_text(row, "KIND"),
        note=_text(row, "NOTE"),
        revised=row["REVISED"] == "true",
        open=row["OBS_STATUS"] == "P",
        as_of=_text(row, "AS_OF"),
        grade=_text(row, "GRADE"),
        sources=tuple(row["SOURCE"].split()),
        marking=_text(row, "MARKING"),
    )


def _read_own(row: TableRow) -> OwnRow:
    return OwnRow(
        id=_text(row, "ROW_ID"),
        claim=_text(row, "CLAIM"),
        measure=_text(row, "MEASURE"),
        period=_period(row),
        group=_text(row, "BREAKDOWN"),
        value=row.number("OBS_VALUE"),
        low=row.number_or_none("LOW"),
        high=row.number_or_none("HIGH"),
        unit=_text(row, "UNIT_MEASURE"),
        kind=_text(row, "KIND"),
        source=_text(row, "SOURCE"),
        url=_text(row, "URL"),
        known_on=_text(row, "KNOWN_ON"),
        note=_text(row, "NOTE"),
        marking=_text(row, "MARKING"),
    )
