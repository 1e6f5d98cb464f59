# SPDX-License-Identifier: Apache-2.0
"""One edition of a file: read whole, dated, corrected, stamped with where it came from, and not yet
written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from bilat.catalog import File, Source, read, table
from bilat.catalog.fetch import Reply
from bilat.errors import DataError
from bilat.holdings.births import Entry, Lineage
from bilat.holdings.corrections import correct
from bilat.when import Period

#: Days by which a publisher's date may be ahead of the user's: the earth has more than one.
AHEAD = dt.timedelta(days=1)
#: A date in the name that a publisher gives a file.
_DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])(?![0-9])")


@dataclass(frozen=True)
class Dated:
    """The date of an edition and who states it."""

    file: File  #: with that date, else with the day of the pull
    closed_on: dt.date | None  #: until when its list is complete, where catalog or file say so
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
    closed_on: dt.date | None  #: until when the list is complete, where catalog or file say so
    tables: dict[str, pa.Table]
    lines: int  #: rows that the reader made
    stated: dt.date | None  #: the date that the edition bears
    stated_by: str  #: see :data:`bilat.freshness.WITNESSES`
    content_to: str  #: the last day that its own rows bear; "" if none bears any
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
    """Read one file.

    Parameters
    ----------
    before
        its entry if these bytes are stored already.
    reply
        what the publisher answered, if the file was fetched.

    Raises
    ------
    DataError
        if the file is not what its reader expects, or speaks of times to come.
    """
    pulled_on = (
        dt.date.fromisoformat(before["pulled_on"]) if before else pulled_on or dt.date.today()
    )
    lineage = _lineage(reply, before, derive)
    dated = _dated(source, file, raw, snapshot, pulled_on, lineage)
    file = dated.file
    made = read(source, file, raw)
    tables: dict[str, pa.Table] = {}
    for name, rows in _together(made):
        if not source.plans:
            _refuse_future(rows, file.path, pulled_on + AHEAD)
        rows = _stamp(name, correct(source.name, name, rows), source, snapshot, file.vintage)
        tables[name] = derived(source, name, rows) if derive else rows
    return Prepared(
        source=source,
        file=file,
        raw=raw,
        snapshot=snapshot,
        pulled_on=pulled_on,
        closed_on=dated.closed_on,
        tables=tables,
        lines=sum(r.num_rows for _, r in made),
        stated=dated.stated,
        stated_by=dated.stated_by,
        content_to=_content_to(made, file),
        lineage=lineage,
    )


def _lineage(reply: Reply | None, before: Entry | None, is_built: bool) -> Lineage:
    """Return where the bytes came from; of bytes that are stored already, what is known of them."""
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


def _content_to(made: list[tuple[str, pa.Table]], file: File) -> str:
    """Return the last day or period that rows bear themselves, not through their edition."""
    import pyarrow.compute as pc

    if "content" in file.options:
        return file.options["content"]
    last = ""
    for _, rows in made:
        borrowed = pc.and_(
            pc.equal(rows["known_basis"], "vintage"),
            pc.equal(rows["period"], file.vintage.isoformat()),
        )
        own = rows["period"].filter(pc.invert(borrowed))
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
    """Return the date of an edition: that of the catalog, the file, the header or the file's name.

    An edition that bears none is known since the day of the pull, which states nothing about
    its content.
    """
    known = next((f for f in source.files if f.sha256 == snapshot), None)
    if known is not None:  # under whatever name it came
        closed_on = known.closed_on or source.date_in(known, raw)
        return Dated(known, closed_on, known.vintage, "catalog")
    stated = source.date_in(file, raw)
    if stated is not None and stated > pulled_on + AHEAD:
        raise DataError(
            f"is dated {stated}, more than a day after today ({pulled_on} by this computer's clock)",
            file=file.path,
            cure="set the clock, or get the file again; nothing was taken in",
        )
    found = [
        (stated, "file", "the date in the file"),
        (_modified(lineage), "header", "the publisher's Last-Modified"),
        (_day_in(lineage.get("name", "")), "name", "the publisher's name of the file"),
    ]
    for day, witness, basis in found:
        if day is not None and day <= pulled_on + AHEAD:
            vintage = min(day, pulled_on)
            dated = file.model_copy(update={"vintage": vintage, "vintage_basis": basis})
            # A list is whole on the day that it bears; rows of a table end where they end.
            is_whole = witness == "file" or "parties" in source.tables
            return Dated(dated, vintage if is_whole else None, day, witness)
    undated = {"vintage": pulled_on, "vintage_basis": "the day it was pulled"}
    return Dated(file.model_copy(update=undated), None, None, "")


def _modified(lineage: Lineage) -> dt.date | None:
    """Return the day of Last-Modified."""
    return Reply("", "", 200, "", modified=lineage.get("modified", "")).modified_on


def _day_in(name: str) -> dt.date | None:
    """Return the day that a file's name bears."""
    found = _DATE_IN_NAME.search(name)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _refuse_future(rows: pa.Table, path: str, day: dt.date) -> None:
    """Refuse a table of which a row speaks of a time that begins after ``day``."""
    import pyarrow.compute as pc

    late = rows.filter(pc.greater(pc.utf8_slice_codeunits(rows["period"], 0, 4), str(day.year - 1)))
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
    """What may be embedded of a table: ``embed_sql`` over ``rows``; columns it leaves out are
    null."""
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
