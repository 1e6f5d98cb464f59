# SPDX-License-Identifier: Apache-2.0
"""An answer as a file: the ending of its name says of which kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from bilat.document.blocks import Document
from bilat.document.commands import writer
from bilat.document.feed import atom
from bilat.document.page import document_page
from bilat.document.plain import envelope
from bilat.document.workbook import write_workbook
from bilat.errors import UsageError
from bilat.files.write import atomic_write, write_text
from bilat.report.press import write_document


def write_answer(document: Document, path: Path, *, annex: bool = False) -> None:
    """Write a document by the ending of its file, whole or not at all.

    Parameters
    ----------
    annex
        on paper, also what a page of the site keeps folded.

    Raises
    ------
    UsageError
        for another ending, or a table where the answer has none.
    DataError
        if the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending in (".pdf", ".docx"):
        write_document(document, path, annex=annex)
        return
    write = _WRITERS.get(ending)
    if write is None:
        raise UsageError(
            f"{path}: bilat cannot write {ending or 'a file without an ending'}. Choose from: "
            ".html, .pdf, .docx, .xlsx, .json, .xml, .parquet, .csv"
        )
    write(document, path)


def _write_page(document: Document, path: Path) -> None:
    write_text(path, document_page(document, command=writer(document)))


def _write_feed(document: Document, path: Path) -> None:
    write_text(path, atom(document))


def _write_json(document: Document, path: Path) -> None:
    text = json.dumps(envelope(document), ensure_ascii=False, indent=1, allow_nan=False)
    write_text(path, f"{text}\n")


def _write_parquet(document: Document, path: Path) -> None:
    import pyarrow.parquet

    table = _main_table(document, path)
    with atomic_write(path) as temporary:
        pyarrow.parquet.write_table(table, temporary)


def _write_csv(document: Document, path: Path) -> None:
    import pyarrow.csv

    table = _main_table(document, path)
    with atomic_write(path) as temporary:
        pyarrow.csv.write_csv(table, temporary)


def _main_table(document: Document, path: Path) -> pa.Table:
    """Return the table that an answer rests on, each row with the marking of the answer."""
    if document.table is None:
        raise UsageError(f"{path}: this answer has no table of its own. Write .xlsx or .json")
    table = document.table()
    if not document.marking:
        return table
    marks = pa.array([str(document.marking)] * table.num_rows)
    return table.append_column("marking", marks)


_WRITERS: Mapping[str, Callable[[Document, Path], None]] = {
    ".html": _write_page,
    ".xlsx": write_workbook,
    ".json": _write_json,
    ".xml": _write_feed,
    ".parquet": _write_parquet,
    ".csv": _write_csv,
}
