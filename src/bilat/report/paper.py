# SPDX-License-Identifier: Apache-2.0
"""The report: four pages for a minister's adviser, and an annex with rules and rows."""

from __future__ import annotations

from pathlib import Path

from bilat.picture.compose import Picture
from bilat.report.press import pdf, write_bytes
from bilat.report.telling import told


def write_report(picture: Picture, out: Path) -> None:
    """Write the picture as a PDF.

    Raises
    ------
    UsageError
        where the package typst is not installed.
    DataError
        if it cannot be written; what was there is then as it was.
    """
    write_bytes(out, pdf("report.typ", told(picture), picture.as_of.date))
