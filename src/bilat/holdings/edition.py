# SPDX-License-Identifier: Apache-2.0
"""One edition of a file: read whole, dated, corrected, stamped with where it came from, and not yet written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bilat.catalog import File, Source, read, table
from bilat.errors import DataError
from bilat.holdings.births import Entry
from bilat.holdings.corrections import correct
from bilat.when import Period


@dataclass(frozen=True)
class Prepared:
    """One file read whole, checked and stamped, and not yet written."""

    source: Source
    file: File  #: with the date of this edition
    raw: Path
    snapshot: str
    pulled_on: dt.date
    closed_on: dt.date | None  #: until when the list is complete, where catalog or file say so
    tables: dict[str, pa.Table]
    lines: int  #: rows that the reader made


def prepare(
    source: Source,
    file: File,
    raw: Path,
    snapshot: str,
    *,
    pulled_on: dt.date | None = None,
    before: Entry | None = None,
    derive: bool = False,
) -> Prepared:
    """Read one file; ``before``: its entry where these bytes were held already.

    Raises
    ------
    DataError
        if the file is not what its reader expects, or speaks of times to come.
    """
    pulled_on = (
        dt.date.fromisoformat(before["pulled_on"]) if before else pulled_on or dt.date.today()
    )
    file, closed_on = _dated(source, file, raw, snapshot, pulled_on)
    made = read(source, file, raw)
    tables: dict[str, pa.Table] = {}
    for name, rows in _together(made):
        if not source.plans:
            _refuse_future(rows, file.path, pulled_on)
        rows = _stamp(name, correct(source.name, name, rows), source, snapshot, file.vintage)
        tables[name] = derived(source, name, rows) if derive else rows
    return Prepared(
        source, file, raw, snapshot, pulled_on, closed_on, tables, sum(r.num_rows for _, r in made)
    )


def _dated(
    source: Source, file: File, raw: Path, snapshot: str, pulled_on: dt.date
) -> tuple[File, dt.date | None]:
    """The file with the date of its edition, and until when its list is complete where catalog or file say so.

    Bytes that the catalog does not know are dated by what they say of themselves, else by the day of the pull.
    """
    if known := next(
        (f for f in source.files if f.sha256 == snapshot), None
    ):  # under whatever name it came
        return known, known.closed_on or source.date_in(known, raw)
    stated = source.date_in(file, raw)
    if stated is not None and stated > pulled_on:
        raise DataError(
            f"has the date {stated}, after the day of the pull ({pulled_on})",
            file=file.path,
            cure="get it again; nothing was taken in",
        )
    basis = "the date in the file" if stated else "the day it was pulled"
    return file.model_copy(update={"vintage": stated or pulled_on, "vintage_basis": basis}), stated


def _refuse_future(rows: pa.Table, path: str, day: dt.date) -> None:
    """Refuse a table of which a row speaks of a time that begins after the day of the pull."""
    import pyarrow.compute as pc

    late = rows.filter(pc.greater(pc.utf8_slice_codeunits(rows["period"], 0, 4), str(day.year - 1)))
    for r in late.select(["period", "locator"]).to_pylist():
        if Period(r["period"]).start > day:
            raise DataError(
                f"begins after {day}, the day of the pull",
                file=path,
                row=r["locator"],
                column="period",
                value=r["period"],
                cure="get it again; nothing was taken in",
            )


def _together(made: list[tuple[str, pa.Table]]) -> list[tuple[str, pa.Table]]:
    by_name: dict[str, list[pa.Table]] = {}
    for name, rows in made:
        by_name.setdefault(name, []).append(rows)
    return [(name, pa.concat_tables(parts)) for name, parts in by_name.items()]


def _stamp(name: str, rows: pa.Table, source: Source, snapshot: str, vintage: dt.date) -> pa.Table:
    n = rows.num_rows
    for column, value, kind in (
        ("source", source.name, pa.string()),
        ("snapshot", snapshot, pa.string()),
        ("vintage", vintage, pa.date32()),
    ):
        rows = rows.append_column(column, pa.repeat(pa.scalar(value, kind), n))
    if "corrected" not in rows.column_names:
        rows = rows.append_column("corrected", pa.nulls(n, pa.string()))
    return rows.select(table(name).schema().names).cast(table(name).schema())


def derived(source: Source, name: str, rows: pa.Table) -> pa.Table:
    """What may be embedded of a table: ``embed_sql`` over ``rows``; columns it leaves out are null."""
    if source.embed != "derived":
        return rows
    import duckdb

    con = duckdb.connect(":memory:")
    con.register("rows", rows)
    made: pa.Table = con.sql(source.embed_sql[name]).to_arrow_table()
    schema = table(name).schema()
    n = made.num_rows
    columns = [
        made[f.name].cast(f.type) if f.name in made.column_names else pa.nulls(n, f.type)
        for f in schema
    ]
    con.close()
    return pa.Table.from_arrays(columns, schema=schema)
