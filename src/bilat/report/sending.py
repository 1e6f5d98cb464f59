# SPDX-License-Identifier: Apache-2.0
"""A letter to disk, as the ending of the file says."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from bilat.errors import UsageError
from bilat.report.letter import Letter
from bilat.report.letter_docx import docx
from bilat.report.press import pdf, write_bytes


def write_letter(letter: Letter, out: Path) -> None:
    """Write a letter as its ending says: .pdf or .docx.

    Raises
    ------
    UsageError
        for another ending, or where the packages of the extra are not installed.
    DataError
        if it cannot be written; what was there is then as it was.
    """
    if out.suffix.lower() == ".pdf":
        write_bytes(out, pdf("letter.typ", {**asdict(letter), "day": letter.day.isoformat()}, letter.day))
    elif out.suffix.lower() == ".docx":
        write_bytes(out, docx(letter))
    else:
        raise UsageError(f"{out.name}: write to .pdf or .docx")
