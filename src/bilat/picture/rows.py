# SPDX-License-Identifier: Apache-2.0
"""The rows behind a measurement: shown as a table, and written whole as CSV."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from bilat.catalog import sources
from bilat.document import wording as words
from bilat.measures import Measurement, Point

#: A page shows at most so many rows; the file beside it holds all of them.
MOST_SHOWN = 100
#: A claim's page shows the rows that decide: at most so many, and of each operand at most a few.
MOST_DECIDING = 24
MOST_TEXT = 160
#: Longer tables are written as csv.gz: a year of customs rows would else outweigh the rest of the site.
MOST_PLAIN = 5_000
PROVENANCE = ("source", "snapshot", "locator", "known_on", "known_basis", "vintage", "corrected")
_HIDDEN = {*PROVENANCE, "point", "grp", "url", "url_2", "period", "revised_later", "is_aggregate", "kind"}


@dataclass(frozen=True)
class Cell:
    text: str
    sort: str = ""  #: what it is sorted by, where that is not its text
    link: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Rows:
    """A table for the page."""

    name: str
    title: str
    headers: tuple[tuple[str, bool], ...]  #: (header, numeric)
    rows: list[list[Cell]]
    total: int
    same: str  #: columns with one value throughout, said once
    csv: str  #: place of the whole table, from the root of the site
    anchors: tuple[str, ...] = ()  #: of each row its id, blank for none
    operands: int = 0  #: points whose rows these are; 0 where they are the newest

    @property
    def cut(self) -> bool:
        return self.total > len(self.rows)


def csv_name(m: Measurement, name: str) -> str:
    """Where the rows of a measurement lie, from the root of the site."""
    return f"rows/{name}.csv" + (".gz" if m.evidence.num_rows > MOST_PLAIN else "")


def write_csv(m: Measurement, path: Path) -> None:
    """Every row with every column that holds anything; gzip where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = m.evidence
    kept = [c for c in table.column_names if table[c].null_count < table.num_rows or c in PROVENANCE[:5]]
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(path.open("wb"))
        out: Any = raw
        if path.suffix == ".gz":  # no name and no time in the header: the same rows give the same bytes
            out = stack.enter_context(gzip.GzipFile("", "wb", compresslevel=4, fileobj=raw, mtime=0))
        pa.csv.write_csv(table.select(kept), out)


def rows(m: Measurement, name: str, csv: str, most: int = MOST_SHOWN) -> Rows:
    """The table of a page: newest first, what is the same in every row said once above it."""
    table = m.evidence
    if table.num_rows and "point" in table.column_names:
        order = pc.sort_indices(
            table.append_column("_point", table["point"].cast(pa.string())),
            sort_keys=[("_point", "descending"), ("grp", "ascending"), ("period", "descending")],
        )
        table = table.take(order[:most])
    return _shaped(m, table.slice(0, most), name, csv)


def deciding(m: Measurement, name: str, csv: str, points: Sequence[tuple[Point, str]]) -> Rows:
    """The rows behind the points that decide, in their order; ``points`` are (point, its anchor).

    Where they are many each point shows its largest few: the file beside holds all of them.
    """
    each = max(1, MOST_DECIDING // (len(points) or 1))
    at = m.evidence["point"].cast(pa.string())
    groups = pc.fill_null(m.evidence["grp"], "") if "grp" in m.evidence.column_names else None
    floats = [c for c in m.evidence.column_names if pa.types.is_floating(m.evidence[c].type)]
    amount = m.evidence[floats[0]] if floats else None
    places: list[int] = []
    anchors: list[str] = []
    for p, anchor in points:
        if len(places) >= MOST_DECIDING:
            break
        mask = pc.equal(at, p.period)
        if groups is not None:
            mask = pc.and_(mask, pc.equal(groups, p.group))
        here = pc.indices_nonzero(mask)
        if amount is not None:
            order = pc.sort_indices(pc.negate(pc.fill_null(amount.take(here), 0.0)))
            here = here.take(order)
        here = here.to_pylist()[:each]
        places += here
        anchors += [anchor, *[""] * (len(here) - 1)][: len(here)]
    return _shaped(m, m.evidence.take(pa.array(places, pa.int64())), name, csv, tuple(anchors), len(points))


def _shaped(
    m: Measurement, table: pa.Table, name: str, csv: str, anchors: tuple[str, ...] = (), operands: int = 0
) -> Rows:
    total = m.evidence.num_rows
    same, kept = [], []
    for c in table.column_names:
        if c in _HIDDEN or table[c].null_count == table.num_rows:
            continue
        values = pc.unique(table[c])
        if len(values) == 1 and table.num_rows > 1:
            same.append(f"{_header(c)} {_text(values[0].as_py())}")
        else:
            kept.append(c)
    kept.sort(key=lambda c: not _is_number(table[c].type))  # figures first: they are what is looked for
    grouped = "grp" in table.column_names and any(g for g in pc.unique(table["grp"]).to_pylist())
    headers = [("Period", False), *([("Group", False)] if grouped else [])]
    headers += [(_header(c), _is_number(table[c].type)) for c in kept]
    headers += [
        ("Source", False),
        ("Place in the file", False),
        ("Known on", False),
        ("File (sha256)", False),
    ]
    made = [_row(r, kept, grouped) for r in table.to_pylist()]
    return Rows(name, m.title, tuple(headers), made, total, "; ".join(same), csv, anchors, operands)


def points_csv(m: Measurement, path: Path) -> None:
    """The points of a measurement as CSV: what a chart draws."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        pa.csv.write_csv(m.to_arrow(), out)


def _row(r: dict[str, Any], kept: list[str], grouped: bool) -> list[Cell]:
    period = str(r.get("period") or r.get("point") or "")
    cells = [Cell(words.period(period), period)]
    if grouped:
        cells.append(Cell(words.group(str(r.get("grp") or ""))))
    for c in kept:
        value = r[c]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            cells.append(Cell(_text(value)))
        elif c.endswith("year") or c in ("session",):
            cells.append(Cell(str(int(value)), numeric=True))
        else:
            cells.append(Cell(_exact(value), repr(float(value)), numeric=True))
    entry = sources().get(r["source"])
    link = str(r.get("url") or (entry.url if entry else ""))
    cells.append(Cell(r["source"], link=link if link.startswith("http") else ""))
    place = str(r["locator"])
    cells.append(Cell(_clip(place), link=place if place.startswith("http") else ""))
    basis = r.get("known_basis") or ""
    cells.append(Cell(f"{_text(r['known_on'])} ({basis})" if basis else _text(r["known_on"])))
    cells.append(Cell(str(r["snapshot"])[:12]))
    return cells


def _header(column: str) -> str:
    plain = {"tiv": "TIV", "iso3": "ISO3"}.get(column, column.replace("_", " "))
    return plain[:1].upper() + plain[1:]


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _exact(value: float) -> str:
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.1f}"


def _clip(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1].rstrip() + "…"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, float):
        return _exact(value)
    return _clip(str(value))
