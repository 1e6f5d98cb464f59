# SPDX-License-Identifier: Apache-2.0
"""Rows of a team's own: figures that it holds and the public record does not, each with its
marking.
"""

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
    """One figure. ``low`` and ``high`` are None where there is no interval; ``known_on`` is the day
    since when it is known, by which an as-of date hides it.
    """

    id: str
    claim: str  #: id of the claim that it speaks to, or blank
    measure: str  #: the measure that it is a figure of, or a name of the team's own
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
        """How far it may be passed on."""
        return marked(self.marking)


#: The columns of the file.
COLUMNS = tuple(f.name for f in fields(OwnRow))


def read_rows(path: Path) -> list[OwnRow]:
    """The rows of a file; none where there is no file.

    Raises
    ------
    DataError
        for another header, an empty id, unit, source or date, a kind or marking that is none, an id
        that stands twice.
    """
    if not path.exists():
        return []
    place = Place(path, path.name, most=None, after="no row was read")
    found: dict[str, OwnRow] = {}
    for row in records(place, COLUMNS):
        if row.text("id") in found:
            raise row.refuse("id", "stands twice", "give each row an id of its own")
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
        row.text("id"),
        row["claim"].strip(),
        row.text("measure"),
        str(row.period("period")),
        row["group"],
        row.number("value"),
        row.number_or_none("low"),
        row.number_or_none("high"),
        row.text("unit"),
        kind,
        row.text("source"),
        url,
        str(row.day("known_on")),
        row["note"],
        marking,
    )


def rows_text(rows: Iterable[OwnRow]) -> str:
    """The rows as the file has them.

    Raises
    ------
    DataError
        for a text that a spreadsheet would run as a formula, which could not be read back as it
        was.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {k: "" if v is None else v for k, v in asdict(row).items()}
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
