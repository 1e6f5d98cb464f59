# SPDX-License-Identifier: Apache-2.0
"""Typst makes the PDF: a template of the package, and what it says as JSON, so that no text is taken for markup.

The bytes follow from what is told, the template and the version of Typst alone: the date in the file is the as-of
date, and only the fonts within Typst are used.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.write import written

#: The embedded fonts hold Latin, Greek and Cyrillic; other scripts need a font of the system.
_LAST_EMBEDDED = 0x2FFF


def pdf(template: str, told: Mapping[str, object], day: dt.date) -> bytes:
    """The PDF (PDF/A-2b) of a template of this room and what it is to say.

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
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    foreign = any(ord(c) > _LAST_EMBEDDED for c in text)
    try:
        made = typst.compile(
            resources.files("bilat.report").joinpath(template).read_bytes(),
            format="pdf",
            sys_inputs={"told": text},
            ignore_system_fonts=not foreign,
            pdf_standards="a-2b",
            timestamp=int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()),
        )
    except RuntimeError as e:
        raise DataError(
            f"Typst refused the document ({' '.join(str(e).split())[:200]})", file=template
        ) from None
    assert isinstance(made, bytes)
    return made


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    DataError
        if it cannot be written.
    """
    with written(path) as temporary:
        temporary.write_bytes(data)
