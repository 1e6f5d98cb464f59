# SPDX-License-Identifier: Apache-2.0
"""Cells that are safe to open: no spreadsheet takes one for a formula.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return,
and some run one with the full-width form of these signs; such cells get an apostrophe before them,
and control characters are dropped (OWASP, CSV injection).
"""

from __future__ import annotations

import re
from typing import Any

_DANGEROUS = re.compile(r"^\s*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_PLAIN_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None or isinstance(value, (int, float)):
        return "" if value is None else value
    text = _CONTROL.sub(" ", str(value)).replace("\r", " ").replace("\n", " ")
    if _DANGEROUS.match(text) and not _PLAIN_NUMBER.match(text):
        return "'" + text
    return text[:32_000]
