# SPDX-License-Identifier: Apache-2.0
"""A letter as a docx that Word and LibreOffice open; the same letter has the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from bilat.errors import UsageError
from bilat.report.letter import Letter, LetterTable

#: The earliest date that a zip can bear: the parts of the file bear no other.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
#: Characters that XML 1.0 has no form for.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def docx(letter: Letter) -> bytes:
    """The bytes of a docx.

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
    when = dt.datetime(letter.day.year, letter.day.month, letter.day.day)
    about = made.core_properties
    about.created = about.modified = about.last_printed = when
    about.title, about.author, about.comments, about.revision = _xml(letter.subject)[:250], "bilat", "", 1
    if letter.marking:
        page.header.paragraphs[0].text = page.footer.paragraphs[0].text = letter.marking
    made.add_heading(_xml(letter.subject), 1)
    made.add_paragraph(f"{letter.kind}{f', as of {letter.as_of}' if letter.as_of else ''}.")
    for text in letter.paragraphs:
        made.add_paragraph(_xml(text))
    _table(made, LetterTable("The case in figures", (), letter.facts))
    for table in letter.tables:
        _table(made, table)
    if letter.notes:
        made.add_heading("Notes on the records", 2)
        for note in letter.notes:
            made.add_paragraph(_xml(note), style="List Bullet")
    for link in letter.links:
        made.add_paragraph(_xml(link))
    raw = io.BytesIO()
    made.save(raw)
    return _same(raw.getvalue())


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)


def _table(document: Any, table: LetterTable) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if not table.rows:
        return
    document.add_heading(_xml(table.title), 2)
    made = document.add_table(rows=0, cols=len(table.rows[0]), style="Light Grid Accent 1")
    for n, row in enumerate([table.head, *table.rows] if table.head else table.rows):
        for i, (cell, text) in enumerate(zip(made.add_row().cells, row, strict=True)):
            cell.text = _xml(text)
            if i in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if table.head and n == 0:
                cell.paragraphs[0].runs[0].bold = True


def _same(raw: bytes) -> bytes:
    """The same parts in the order of their names, with one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        # the list of content types comes first in every such file
        for name in sorted(before.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = zipfile.ZipInfo(name, _ZIP_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return out.getvalue()
