# SPDX-License-Identifier: Apache-2.0
"""Rows to files: JSON lines, CSV, Parquet, Excel. CSV and Excel are safe to open: no cell is a formula.

While a run lasts its rows lie as JSON lines in ``OUT.part``; at the end the file is made of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.errors import UsageError
from bilat.files.cells import safe_cell
from bilat.files.lock import Lock
from bilat.files.write import atomic_write, move_into_place, writable
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import COLUMNS, MARKED, NESTED, Row, flat
from bilat.parties.screening.rows import QueryRows, workbook_line

if TYPE_CHECKING:
    from bilat.parties.output.workbook import WorkbookRun

SUFFIXES = (".jsonl", ".csv", ".parquet", ".xlsx")
_CURE = "free space, or name another file with `out`"


class Writer:
    """Appends rows batch after batch beside ``out``, whose place they take at the end.

    From its making until :meth:`close` it has the lock of ``out``. ``marked``: the rows have the
    column of their marking. ``names_to``: where the names of a workbook are left as well, so that it
    can be written again with later decisions.

    Raises
    ------
    UsageError
        for an ending that is none of ours.
    DataError
        if another run is writing to ``out``, or it cannot be written.
    """

    def __init__(self, out: Path, *, marked: bool = False, names_to: Path | None = None) -> None:
        self.begun = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self.names_to = names_to
        self.out, self.suffix = out, out.suffix.lower()
        if self.suffix not in SUFFIXES:
            raise UsageError(
                f"{out.name}: bilat cannot write this format. Choose from: {', '.join(SUFFIXES)}"
            )
        if names_to is not None and self.suffix != ".xlsx":
            raise UsageError(f"{out.name}: `names_to` needs a workbook; write to .xlsx")
        self.columns = (*COLUMNS, MARKED) if marked else COLUMNS
        self.part = out.with_name(out.name + ".part")
        busy = "wait until it is done, or name another file with `out`"
        self._lock = Lock(out.with_name(out.name + ".lock"), out, wait=0, cure=busy)
        with writable(out, _CURE):
            self._lock.take()
            self.part.write_bytes(b"")

    def close(self) -> None:
        """Leave nothing of an unfinished run, and let another write to ``out``."""
        self.part.unlink(missing_ok=True)
        self._lock.release()

    def write(self, found: Sequence[QueryRows], batch: Sequence[Query]) -> None:
        """Append the rows of a batch; for a workbook every name of it."""
        lines: Sequence[Row] = [row.cells() for a in found for row in a.rows]
        if self.suffix == ".xlsx":
            lines = [workbook_line(q, a) for q, a in zip(batch, found, strict=True)]
        text = "".join(json.dumps(x, ensure_ascii=False, allow_nan=False) + "\n" for x in lines)
        with writable(self.out, _CURE), self.part.open("ab") as handle:
            handle.write(text.encode("utf-8", "replace"))

    def lines(self) -> Iterator[Row]:
        """What is written so far: rows, or for a workbook names with their rows."""
        with self.part.open(encoding="utf-8") as handle:
            yield from map(json.loads, handle)


def finish(writer: Writer, run: WorkbookRun, marking: str, labels: Sequence[str]) -> None:
    """Put the finished file in its place; ``labels``: the columns of the user's file.

    Raises
    ------
    DataError
        if it cannot be written; what was there is then as it was.
    """
    with writable(writer.out, _CURE):
        if writer.suffix == ".jsonl":
            move_into_place(writer.part, writer.out)
            return
        with atomic_write(writer.out, cure=_CURE) as temporary:
            if writer.suffix == ".xlsx":
                from bilat.parties.output.workbook import write_workbook

                write_workbook(writer.lines, temporary, run, marking, labels)
                if writer.names_to is not None:
                    _store(writer, writer.names_to, run, marking, labels)
            elif writer.suffix == ".parquet":
                _parquet(writer, temporary)
            else:
                with temporary.open("w", encoding="utf-8", newline="") as handle:
                    table = csv.writer(handle)
                    table.writerow(writer.columns)
                    for row in map(flat, writer.lines()):
                        table.writerow([safe_cell(row[c]) for c in writer.columns])


def _store(
    writer: Writer, path: Path, run: WorkbookRun, marking: str, labels: Sequence[str]
) -> None:
    """Leave the names of a workbook where it can be written again."""
    from bilat.parties.output.decided_workbook import store_names, stored_run

    told = stored_run(run, writer.begun, marking, labels)
    store_names(writer.lines(), path, told)


def _parquet(writer: Writer, path: Path) -> None:
    """Rows as a Parquet file, nested cells as JSON."""
    import duckdb

    kinds = dict.fromkeys(("row", "rank", "group", "bearers_count"), "BIGINT")
    kinds |= (
        {"name_agrees": "BOOLEAN"}
        | dict.fromkeys(("listed", "probability"), "DOUBLE")
        | dict.fromkeys(NESTED, "JSON")
    )
    columns = {c: kinds.get(c, "VARCHAR") for c in writer.columns}
    chosen = ", ".join(
        f'"{c}"::{k.replace("JSON", "VARCHAR")} AS "{c}"' for c, k in columns.items()
    )
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT {chosen} FROM read_json(?, format='newline_delimited', columns={columns})) "
            f"TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)",
            [str(writer.part)],
        )
