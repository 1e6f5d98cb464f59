# SPDX-License-Identifier: Apache-2.0
"""What is said of a word that is not one of those that may be given."""

from __future__ import annotations

from collections.abc import Iterable

from bilat.errors import nearest


def refusal(given: str, what: str, known: Iterable[str]) -> str:
    """Say that a word is not what it should be, and which words may be given."""
    names = list(known)
    near = nearest(given, names)
    choices = f"Choose from {', '.join(names)}"
    cure = f"D{near[1:]} {choices}" if near else choices
    return f"{given!r} is not {what}. {cure}"
