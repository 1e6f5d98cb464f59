# SPDX-License-Identifier: Apache-2.0
"""Texts of pages and print with straight marks, to compare them with the texts of answers."""

from __future__ import annotations

_STRAIGHT = str.maketrans("‘’“”′″", "''\"\"'\"")


def straight(text: str) -> str:
    """Return a text whose quotation marks, apostrophes and primes are straight."""
    return text.translate(_STRAIGHT)
