# SPDX-License-Identifier: Apache-2.0
"""A document as a docx that Word and LibreOffice open and a reader edits; the same document has the
same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from bilat.document.blocks import Document
from bilat.errors import UsageError
from bilat.report.paper import PaperBlock, document_date, paper_of

#: The earliest date that a zip can bear: the parts of the file bear no other.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
#: Characters that XML 1.0 has no form for.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def docx(document: Document, *, annex: bool = False) -> bytes:
    """The bytes of a docx; its charts are left out, for they are drawings that Word does not read.

    Raises
    ------
    UsageError
        where the package python-docx is not installed.
    """
    try:
        import docx as word
        from docx.shared import Cm, Pt
    except ModuleNotFoundError:
        raise UsageError("a docx needs python-docx: pip install 'bilat[report]'") from None
    made = word.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    made.styles["Normal"].font.size = Pt(10.5)
    about = made.core_properties
    about.created = about.modified = about.last_printed = dt.datetime.combine(
        document_date(document), dt.time()
    )
    about.title = _xml(document.title)[:250]
    about.author = "bilat"
    about.comments = ""
    about.revision = 1
    if document.marking:
        page.header.paragraphs[0].text = page.footer.paragraphs[0].text = str(document.marking)
    paper = paper_of(document, annex=annex)
    made.add_heading(_xml(paper["title"]), 1)
    for text in paper["summary"]:
        made.add_paragraph(_xml(text))
    for block in paper["blocks"]:
        _block(made, block)
    raw = io.BytesIO()
    made.save(raw)
    return _same(raw.getvalue())


def _block(made: Any, block: PaperBlock) -> None:
    for inner in block.get("items", ()):
        _block(made, inner)
    if block["kind"] == "heading":
        made.add_heading(_xml(block["text"]), min(block["level"], 4))
    elif block["kind"] == "table":
        _table(made, block)
    elif block["kind"] == "topic":
        made.add_heading(_xml(block["title"]), 2)
        for text in (block["text"], block["so"], block["quiet"]):
            made.add_paragraph(_xml(str(text)))
    elif block["kind"] in ("text", "paste"):
        made.add_paragraph(_xml(block["text"]))


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)


def _table(document: Any, table: PaperBlock) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn

    if table["title"]:
        document.add_heading(_xml(table["title"]), 3)
    if not table["rows"]:
        return
    made = document.add_table(rows=0, cols=len(table["rows"][0]), style="Light Grid Accent 1")
    heads = [table["heads"]] if any(table["heads"]) else []
    if not heads:  # the style makes the first row bold, which here is a row like the others
        look = made._tblPr.find(qn("w:tblLook"))
        look.set(qn("w:firstRow"), "0")
        look.set(qn("w:val"), "0480")
    for n, row in enumerate([*heads, *table["rows"]]):
        for i, (cell, text) in enumerate(zip(made.add_row().cells, row, strict=True)):
            cell.text = _xml(text)
            if table["right"][i]:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if heads and n == 0:
                cell.paragraphs[0].runs[0].bold = True
    if table["more"]:
        document.add_paragraph(table["more"])


def _same(raw: bytes) -> bytes:
    """The same parts in the order of their names, with one date."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        # the list of content types comes first in every such file
        for name in sorted(before.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = zipfile.ZipInfo(name, _ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return out.getvalue()
