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
from bilat.report.paper import Paper, document_date, paper_of, with_note
from bilat.report.word import docx

TEMPLATE = "document.typ"
#: What a PDF says if its fonts lack letters of a name.
IN_LATIN = (
    "Names in letters that this file cannot show are spelled in Latin letters. The Word file has "
    "them as they were written."
)


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
    text = printed_json(document, annex=annex)
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


def printed_json(document: Document, *, annex: bool = False) -> str:
    """Return what a PDF prints, as the template takes it: in letters that its fonts have."""
    paper = paper_of(document, annex=annex)
    if in_latin(_as_json(paper)) != _as_json(paper):
        paper = with_note(paper, IN_LATIN)
    return in_latin(_as_json(paper))


def _as_json(paper: Paper) -> str:
    return json.dumps(paper, ensure_ascii=False, sort_keys=True)


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
