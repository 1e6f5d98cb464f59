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
from bilat.files.write import settle, writable, write_text, written
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import COLUMNS, MARKED, Batch
from bilat.parties.run.sheets import Sheets, flat

SUFFIXES = (".jsonl", ".csv", ".parquet", ".xlsx")
#: Columns whose cells are lists or tables.
NESTED = tuple(
    "asked effects features identifiers flags listings countries born aliases joined".split()  # noqa: SIM905
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
    """Appends rows batch after batch, with a journal after each, so that a cut run can go on.

    From its making until :func:`finish` or :meth:`close` it has the lock of ``out``. ``marked``: the rows have the
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
        self.journal = out.with_name(out.name + ".progress.json")
        self.asked: dict[str, Any] = {}
        self.rows = 0
        busy = "wait until it is done, or name another file with `out`"
        self._lock = Lock(out.with_name(out.name + ".lock"), out, wait=0, cure=busy)
        with writable(out, _CURE):
            self._lock.take()

    def close(self) -> None:
        """Let another run write to ``out``; what is written so far stays for a run that goes on from here."""
        self._lock.release()

    def resume(self, asked: dict[str, Any]) -> int:
        """Queries that an earlier run with the same question finished; 0 where there is none."""
        try:
            state = json.loads(self.journal.read_text("utf-8"))
            size = self.part.stat().st_size
        except (OSError, ValueError):
            return 0
        if not isinstance(state, dict) or state.get("asked") != asked or size < state.get("bytes", 0):
            return 0
        with writable(self.out, _CURE), self.part.open("rb+") as handle:
            handle.truncate(state["bytes"])
        self.asked, self.rows = asked, state["rows"]
        return int(state["queries"])

    def begin(self, asked: dict[str, Any]) -> None:
        """Start again."""
        self.asked, self.rows = asked, 0
        with writable(self.out, _CURE):
            self.part.write_bytes(self._header())

    def _header(self) -> bytes:
        if self.suffix != ".csv":
            return b""
        text = io.StringIO()
        csv.writer(text).writerow(self.columns)
        return text.getvalue().encode()

    def write(self, found: Batch, batch: Sequence[Query], queries: int) -> None:
        """Append the rows of a batch and note that ``queries`` are done; for a workbook every name of the batch."""
        text, rows = io.StringIO(), found.rows
        if self.suffix == ".csv":
            writer = csv.writer(text)
            for row in rows:
                cells = flat(row)
                writer.writerow([safe_cell(cells[c]) for c in self.columns])
        elif self.suffix == ".xlsx":
            named: list[dict[str, Any]] = [
                {"cells": q.cells or (q.name,), "rows": [], "folded": []} for q in batch
            ]
            for row, n in zip(rows, found.places, strict=True):
                named[n]["rows"].append(row)
            for folded, n in zip(found.folded, found.folded_places, strict=True):
                named[n]["folded"].append(folded)
            text.writelines(json.dumps(x, ensure_ascii=False, allow_nan=False) + "\n" for x in named)
        else:
            for row in rows:
                text.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
        with writable(self.out, _CURE), self.part.open("ab") as handle:
            handle.write(text.getvalue().encode("utf-8", "replace"))
            handle.flush()
            size = handle.tell()
        self.rows += len(rows)
        state = {"asked": self.asked, "queries": queries, "rows": self.rows, "bytes": size}
        write_text(self.journal, json.dumps(state), cure=_CURE)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What is written so far: rows, or for a workbook names with their rows."""
        with self.part.open(encoding="utf-8") as handle:
            for line in handle:
                yield json.loads(line)


def finish(writer: Writer, sheets: Sheets | None = None) -> None:
    """Put the finished file in its place, and let go of its lock.

    Raises
    ------
    DataError
        if it cannot be written; what was screened is kept, and the same command goes on from there.
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
            writer.part.unlink()
        writer.journal.unlink(missing_ok=True)
    writer.close()


def _parquet(writer: Writer, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole, real = pa.int64(), pa.float64()
    kinds = {"rank": whole, "group": whole, "bearers_count": whole, "listed": real, "probability": real}
    schema = pa.schema([pa.field(c, kinds.get(c, pa.string())) for c in writer.columns])
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        batch: list[dict[str, Any]] = []

        def flush() -> None:
            if batch:
                file.write_table(pa.Table.from_pylist(batch, schema=schema))
                batch.clear()

        for row in writer.lines():
            nested = {c: json.dumps(row[c], ensure_ascii=False) for c in NESTED}
            batch.append({**row, **nested})
            if len(batch) >= 20_000:
                flush()
        flush()
