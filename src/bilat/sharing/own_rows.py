# SPDX-License-Identifier: Apache-2.0
"""A team's own rows: figures that the public record does not have, each with its marking."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.cells import safe_cell
from bilat.formats.table import Place, TableRow, records
from bilat.handling import UNMARKED, Marking, marked

KINDS = ("reported", "estimated", "derived", "modelled")


@dataclass(frozen=True)
class OwnRow:
    """One figure.

    ``low`` and ``high`` are None without an interval. Before ``known_on`` an as-of date hides it.
    """

    id: str
    claim: str  #: id of the claim that it is about, or blank
    measure: str  #: the name of a measure, or one that the team chose
    period: str  #: 2022, 2022-03 or 2022-02-24
    group: str
    value: float
    low: float | None
    high: float | None
    unit: str
    kind: str  #: reported, estimated, derived or modelled
    source: str
    url: str
    known_on: str  #: YYYY-MM-DD
    note: str
    marking: str = str(UNMARKED)

    @property
    def handling(self) -> Marking:
        """The marking, which says to whom the figure may be given."""
        return marked(self.marking)


#: The columns of the file.
COLUMNS = tuple(f.name for f in fields(OwnRow))


def read_rows(path: Path) -> list[OwnRow]:
    """Read the rows of a file; return none if there is no file.

    Raises
    ------
    DataError
        for another header, an empty id, unit, source or date, an unknown kind or marking, or an id
        that is used twice.
    """
    if not path.exists():
        return []
    place = Place(path, path.name, most=None, after="no row was read")
    found: dict[str, OwnRow] = {}
    for row in records(place, COLUMNS):
        if row.text("id") in found:
            raise row.refuse("id", "appears twice", "give each row an id of its own")
        found[row["id"]] = _row(row)
    return list(found.values())


def _row(row: TableRow) -> OwnRow:
    kind = row.word("kind", {k: k for k in KINDS})
    url = row["url"].strip()
    if url and not url.startswith(("https://", "http://")):
        raise row.refuse(
            "url", "is not an address of the web", "write https://…, or leave it blank"
        )
    try:
        marking = str(marked(row["marking"]))
    except UsageError as e:
        raise row.refuse("marking", str(e)) from None
    return OwnRow(
        id=row.text("id"),
        claim=row["claim"].strip(),
        measure=row.text("measure"),
        period=str(row.period("period")),
        group=row["group"],
        value=row.number("value"),
        low=row.number_or_none("low"),
        high=row.number_or_none("high"),
        unit=row.text("unit"),
        kind=kind,
        source=row.text("source"),
        url=url,
        known_on=str(row.day("known_on")),
        note=row["note"],
        marking=marking,
    )


def rows_text(rows: Iterable[OwnRow]) -> str:
    """Return the text of a file of rows.

    Raises
    ------
    DataError
        for a text that a spreadsheet would run as a formula: masked, it would not be read back as
        it was.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {name: "" if value is None else value for name, value in asdict(row).items()}
        for name, value in cells.items():
            if isinstance(value, str) and safe_cell(value) != value:
                raise DataError(
                    "would be run by a spreadsheet or does not fit a cell",
                    file="rows.csv",
                    row=f"id {row.id}",
                    column=name,
                    value=value,
                    cure="begin it with a letter, without line breaks",
                )
        writer.writerow(cells.values())
    return out.getvalue()
