# SPDX-License-Identifier: Apache-2.0
"""Rows to files: JSON lines, CSV, Parquet, Excel. CSV and Excel are safe to open: no cell is a formula.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return; such cells
get an apostrophe before them, and control characters are dropped (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bilat.errors import UsageError
from bilat.files.cells import safe_cell
from bilat.files.lock import Lock
from bilat.files.write import settle, writable, written
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import COLUMNS, MARKED, Batch
from bilat.parties.run.sheets import Sheets, flat

SUFFIXES = (".jsonl", ".csv", ".parquet", ".xlsx")
#: Columns whose cells are lists or tables.
NESTED = tuple(
    "asked effects identifiers flags listings countries born aliases joined".split()  # noqa: SIM905
)


def suffix_of(out: Path) -> str:
    """The ending of an output file.

    Raises
    ------
    UsageError
        for an ending that is none of ours.
    """
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{out.name}: write to one of {', '.join(SUFFIXES)}")
    return suffix


_CURE = "free space, or name another file with `out`"


class Writer:
    """Appends rows batch after batch beside ``out``, whose place they take at the end.

    From its making until :meth:`close` it has the lock of ``out``. ``marked``: the rows have the
    column of their marking.

    Raises
    ------
    DataError
        if another run is writing to ``out``, or it cannot be written.
    """

    def __init__(self, out: Path, *, marked: bool = False) -> None:
        self.out = out
        self.columns = (*COLUMNS, MARKED) if marked else COLUMNS
        self.suffix = suffix_of(out)
        self.part = out.with_name(out.name + ".part")
        busy = "wait until it is done, or name another file with `out`"
        self._lock = Lock(out.with_name(out.name + ".lock"), out, wait=0, cure=busy)
        with writable(out, _CURE):
            self._lock.take()
            self.part.write_bytes(self._header())

    def close(self) -> None:
        """Leave nothing of an unfinished run, and let another write to ``out``."""
        self.part.unlink(missing_ok=True)
        self._lock.release()

    def _header(self) -> bytes:
        if self.suffix != ".csv":
            return b""
        text = io.StringIO()
        csv.writer(text).writerow(self.columns)
        return text.getvalue().encode()

    def write(self, found: Batch, batch: Sequence[Query]) -> None:
        """Append the rows of a batch; for a workbook every name of it."""
        text, rows = io.StringIO(), found.rows
        if self.suffix == ".csv":
            writer = csv.writer(text)
            for row in rows:
                cells = flat(row)
                writer.writerow([safe_cell(cells[c]) for c in self.columns])
        elif self.suffix == ".xlsx":
            named = (
                {"cells": q.cells or (q.name,), "query": q.name, "rows": a.rows, "folded": a.folded}
                for q, a in zip(batch, found.answers, strict=True)
            )
            text.writelines(json.dumps(x, ensure_ascii=False, allow_nan=False) + "\n" for x in named)
        else:
            for row in rows:
                text.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
        with writable(self.out, _CURE), self.part.open("ab") as handle:
            handle.write(text.getvalue().encode("utf-8", "replace"))

    def lines(self) -> Iterator[dict[str, Any]]:
        """What is written so far: rows, or for a workbook names with their rows."""
        with self.part.open(encoding="utf-8") as handle:
            for line in handle:
                yield json.loads(line)


def finish(writer: Writer, sheets: Sheets | None = None) -> None:
    """Put the finished file in its place.

    Raises
    ------
    DataError
        if it cannot be written; what was there is then as it was.
    """
    with writable(writer.out, _CURE):
        if writer.suffix in (".jsonl", ".csv"):
            settle(writer.part, writer.out)
        else:
            with written(writer.out, cure=_CURE) as temporary:
                if writer.suffix == ".parquet":
                    _parquet(writer, temporary)
                else:
                    from bilat.parties.run.workbook import write_workbook

                    write_workbook(writer.lines, temporary, writer.out.name, sheets or Sheets())


def _parquet(writer: Writer, path: Path) -> None:
    """Rows as a Parquet file, nested cells as JSON."""
    import duckdb

    kinds = dict.fromkeys(("rank", "group", "bearers_count"), "BIGINT")
    kinds |= dict.fromkeys(("listed", "probability"), "DOUBLE")
    columns = {c: kinds.get(c, "JSON" if c in NESTED else "VARCHAR") for c in writer.columns}
    chosen = ", ".join(f'"{c}"::{k.replace("JSON", "VARCHAR")} AS "{c}"' for c, k in columns.items())
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT {chosen} FROM read_json(?, format='newline_delimited', columns={columns})) "
            f"TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)",
            [str(writer.part)],
        )
