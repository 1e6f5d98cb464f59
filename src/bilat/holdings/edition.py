# SPDX-License-Identifier: Apache-2.0
"""Prepare one edition of a publisher's file: read it whole, date it, correct it, and stamp each row
with its source. Nothing is written here."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bilat.catalog import File, Source, read, table
from bilat.catalog.fetch import Reply
from bilat.engine import in_memory
from bilat.errors import DataError
from bilat.holdings.births import Entry, Lineage
from bilat.holdings.corrections import correct
from bilat.when import Period

#: How far a publisher's date may be ahead of the user's, who may live in a later time zone.
AHEAD = dt.timedelta(days=1)
#: A date in the name of a publisher's file: 20240501 or 2024-05-01.
_DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?![0-9])")


@dataclass(frozen=True)
class Dated:
    """The date of an edition, and which witness states it."""

    file: (
        File  #: with the date of the edition as its vintage; the day of the pull if none states one
    )
    closed_on: dt.date | None  #: the day to which the list is complete, if catalog or file say so
    stated: dt.date | None
    stated_by: str  #: see :data:`bilat.freshness.WITNESSES`


@dataclass(frozen=True)
class Prepared:
    """One file read whole, checked and stamped, and not yet written."""

    source: Source
    file: File  #: with the date of this edition
    raw: Path
    snapshot: str
    pulled_on: dt.date
    closed_on: dt.date | None  #: the day to which the list is complete, if catalog or file say so
    tables: dict[str, pa.Table]
    lines: int  #: rows that the reader returned, before tables of one name were joined
    stated: dt.date | None  #: the date of the edition as its witness states it
    stated_by: str  #: see :data:`bilat.freshness.WITNESSES`
    content_to: str  #: the last day or period of its own rows; "" if none has one
    lineage: Lineage


def prepare(
    source: Source,
    file: File,
    raw: Path,
    snapshot: str,
    *,
    pulled_on: dt.date | None = None,
    before: Entry | None = None,
    derive: bool = False,
    reply: Reply | None = None,
) -> Prepared:
    """Read one file as an edition.

    Parameters
    ----------
    raw, snapshot
        the file on disk, and the sha256 of its bytes.
    pulled_on
        the day of the pull; today by default.
    before
        its entry if these bytes are stored already: day of pull and lineage are taken from it.
    derive
        whether to keep only what may be embedded in the package.
    reply
        what the publisher answered, if the file was fetched.

    Raises
    ------
    DataError
        if the file is not what its reader expects, or has rows about the future.
    """
    if before:
        pulled_on = dt.date.fromisoformat(before["pulled_on"])
    elif pulled_on is None:
        pulled_on = dt.date.today()
    lineage = _lineage(reply, before, derive)
    dated = _dated(source, file, raw, snapshot, pulled_on, lineage)
    file = dated.file
    parts = read(source, file, raw)
    tables: dict[str, pa.Table] = {}
    for name, rows in _joined_by_table(parts):
        if not source.plans:
            _refuse_future(rows, file.path, pulled_on + AHEAD)
        corrected = correct(source.name, name, rows)
        stamped = _stamp(name, corrected, source, snapshot, file.vintage)
        tables[name] = embeddable(source, name, stamped) if derive else stamped
    return Prepared(
        source=source,
        file=file,
        raw=raw,
        snapshot=snapshot,
        pulled_on=pulled_on,
        closed_on=dated.closed_on,
        tables=tables,
        lines=sum(rows.num_rows for _, rows in parts),
        stated=dated.stated,
        stated_by=dated.stated_by,
        content_to=_content_to(parts, file),
        lineage=lineage,
    )


def _lineage(reply: Reply | None, before: Entry | None, is_built: bool) -> Lineage:
    """Return where the bytes came from; for bytes that are stored already, what was stored then."""
    if before is not None and "lineage" in before:
        return before["lineage"]
    if reply is None:
        return {"how": "built with the package" if is_built else "handed over"}
    return {
        "how": "fetched",
        "address": reply.address,
        "host": reply.host,
        "at": reply.at,
        "etag": reply.etag,
        "modified": reply.modified,
        "name": reply.name,
    }


def _content_to(parts: list[tuple[str, pa.Table]], file: File) -> str:
    """Return the last day or period of the rows; a row whose period is only the date of its edition
    does not count."""
    import pyarrow.compute as pc

    if "content" in file.options:
        return file.options["content"]
    last = ""
    for _, rows in parts:
        is_of_edition = pc.and_(
            pc.equal(rows["known_basis"], "vintage"),
            pc.equal(rows["period"], file.vintage.isoformat()),
        )
        own = rows["period"].filter(pc.invert(is_of_edition))
        last = max(last, pc.max(own).as_py() or "")
    return last


def _dated(
    source: Source,
    file: File,
    raw: Path,
    snapshot: str,
    pulled_on: dt.date,
    lineage: Lineage,
) -> Dated:
    """Return the date of an edition: by the catalog, the file, the header or the file's name.

    An edition without a date is known since the day of the pull, which says nothing about its
    content.
    """
    known = next((f for f in source.files if f.sha256 == snapshot), None)
    if known is not None:  # the catalog has these bytes, perhaps under another name
        closed_on = known.closed_on or source.date_in(known, raw)
        return Dated(known, closed_on, known.vintage, "catalog")
    stated = source.date_in(file, raw)
    if stated is not None and stated > pulled_on + AHEAD:
        raise DataError(
            f"is dated {stated}, more than a day after today ({pulled_on} by this computer's clock)",
            file=file.path,
            cure="set the clock, or get the file again; nothing was taken in",
        )
    witnesses = [
        (stated, "file", "the date in the file"),
        (_modified(lineage), "header", "the publisher's Last-Modified"),
        (_day_in(lineage.get("name", "")), "name", "the publisher's name of the file"),
    ]
    for day, witness, basis in witnesses:
        if day is not None and day <= pulled_on + AHEAD:
            vintage = min(day, pulled_on)
            dated = file.model_copy(update={"vintage": vintage, "vintage_basis": basis})
            # A list of parties is complete on its date. A table of figures may end long before the
            # day on which its publisher changed the file.
            is_complete = witness == "file" or "parties" in source.tables
            return Dated(dated, vintage if is_complete else None, day, witness)
    undated = {"vintage": pulled_on, "vintage_basis": "the day it was pulled"}
    return Dated(file.model_copy(update=undated), None, None, "")


def _modified(lineage: Lineage) -> dt.date | None:
    """Return the day of the publisher's header Last-Modified."""
    return Reply("", "", 200, "", modified=lineage.get("modified", "")).modified_on


def _day_in(name: str) -> dt.date | None:
    """Return the date in a file's name; None if it has none, or digits that are no date."""
    found = _DATE_IN_NAME.search(name)
    if found is None:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _refuse_future(rows: pa.Table, path: str, day: dt.date) -> None:
    """Refuse a table with a row whose period begins after ``day``."""
    import pyarrow.compute as pc

    # Most rows are of earlier years, and need not be parsed one by one.
    years = pc.utf8_slice_codeunits(rows["period"], 0, 4)
    late = rows.filter(pc.greater_equal(years, str(day.year)))
    for r in late.select(["period", "locator"]).to_pylist():
        if Period(r["period"]).start > day:
            raise DataError(
                f"begins after {day - AHEAD}, the day of the pull",
                file=path,
                row=r["locator"],
                column="period",
                value=r["period"],
                cure="get it again; nothing was taken in",
            )


def _joined_by_table(parts: list[tuple[str, pa.Table]]) -> list[tuple[str, pa.Table]]:
    """Return the rows of each table in one piece."""
    by_name: dict[str, list[pa.Table]] = {}
    for name, rows in parts:
        by_name.setdefault(name, []).append(rows)
    return [(name, pa.concat_tables(pieces)) for name, pieces in by_name.items()]


def _stamp(name: str, rows: pa.Table, source: Source, snapshot: str, vintage: dt.date) -> pa.Table:
    """Return rows with their source, snapshot and vintage, in the columns of their table."""
    n = rows.num_rows
    for column, value, kind in (
        ("source", source.name, pa.string()),
        ("snapshot", snapshot, pa.string()),
        ("vintage", vintage, pa.date32()),
    ):
        rows = rows.append_column(column, pa.repeat(pa.scalar(value, kind), n))
    if "corrected" not in rows.column_names:
        rows = rows.append_column("corrected", pa.nulls(n, pa.string()))
    schema = table(name).schema()
    return rows.select(schema.names).cast(schema)


def embeddable(source: Source, name: str, rows: pa.Table) -> pa.Table:
    """Return what of a table may be embedded in the package: all of it, or the result of the
    source's ``embed_sql`` on ``rows``. Columns that the SQL does not select are null."""
    if source.embed != "derived":
        return rows
    with in_memory() as con:
        con.register("rows", rows)
        selected: pa.Table = con.sql(source.embed_sql[name]).to_arrow_table()
    schema = table(name).schema()
    columns = []
    for column in schema:
        if column.name in selected.column_names:
            columns.append(selected[column.name].cast(column.type))
        else:
            columns.append(pa.nulls(selected.num_rows, column.type))
    return pa.Table.from_arrays(columns, schema=schema)
