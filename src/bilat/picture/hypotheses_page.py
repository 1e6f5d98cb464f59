# SPDX-License-Identifier: Apache-2.0
"""Rival readings of each chapter and the durability of the tie as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bilat.forecast.hypotheses import Durability, Judged
from bilat.handling import Marking
from bilat.picture.foresight import standalone, write_with_twin


def hypotheses_page(
    found: Sequence[Judged],
    lasting: Durability | None = None,
    claims: str = "",
    home: str = "",
    marking: Marking | None = None,
) -> str:
    """The page as HTML; ``claims`` is where the claim pages lie, with a slash at its end, and ``home`` the site's
    first page, or blank; ``marking`` stands at head and foot."""
    told = sum(bool(j.leads) for j in found)
    return standalone(
        "hypotheses.html", found=found, lasting=lasting, told=told, claims=claims, home=home, marking=marking
    )


def write_hypotheses_page(
    found: Sequence[Judged], lasting: Durability | None, out: Path, marking: Marking | None = None
) -> None:
    """Write the page and its JSON twin beside it."""
    twin = {
        "chapters": [j.to_json() for j in found],
        "durability": lasting.to_json() if lasting else None,
    }
    write_with_twin(hypotheses_page(found, lasting, marking=marking), twin, out, marking)
