# SPDX-License-Identifier: Apache-2.0
"""Typst makes the PDF: a template of the package, and what it says as JSON, so that no text is
taken for markup.

The bytes follow from what is told, the template and the version of Typst alone: the date in the
file is the as-of date, and only the shipped typeface and the fonts within Typst are used.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from bilat.document import typeface
from bilat.document.blocks import Document
from bilat.errors import DataError, UsageError
from bilat.files.write import atomic_write
from bilat.report.latin import in_latin
from bilat.report.paper import document_date, paper_of
from bilat.report.word import docx

TEMPLATE = "document.typ"


def pdf(document: Document, *, annex: bool = False) -> bytes:
    """The PDF (PDF/A-2b) of a document.

    Raises
    ------
    UsageError
        where the package typst is not installed.
    DataError
        where Typst refuses the document.
    """
    try:
        import typst
    except ModuleNotFoundError:
        raise UsageError("a PDF needs typst: pip install 'bilat[report]'") from None
    text = in_latin(json.dumps(paper_of(document, annex=annex), ensure_ascii=False, sort_keys=True))
    try:
        made = typst.compile(
            Path(__file__).with_name(TEMPLATE),
            format="pdf",
            sys_inputs={"told": text},
            font_paths=[typeface.FOLDER],
            ignore_system_fonts=True,
            pdf_standards="a-2b",
            timestamp=int(
                dt.datetime.combine(document_date(document), dt.time(), dt.UTC).timestamp()
            ),
        )
    except RuntimeError as e:
        raise DataError(
            f"Typst refused the document ({' '.join(str(e).split())[:200]})", file=TEMPLATE
        ) from None
    assert isinstance(made, bytes)
    return made


def write_document(document: Document, path: Path, *, annex: bool = False) -> None:
    """Write the document as its ending says, .pdf or .docx; ``annex`` adds what lies one click
    down.

    Raises
    ------
    UsageError
        for another ending, or where the package that writes it is not installed.
    DataError
        if it cannot be written; what was there is then as it was.
    """
    ending = path.suffix.lower()
    if ending not in (".pdf", ".docx"):
        raise UsageError(f"{path.name}: not a format for letters. Write to .pdf or .docx")
    made = docx(document, annex=annex) if ending == ".docx" else pdf(document, annex=annex)
    with atomic_write(path) as temporary:
        temporary.write_bytes(made)
