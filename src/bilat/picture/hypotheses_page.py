# SPDX-License-Identifier: Apache-2.0
"""The durability of the tie as a page."""

from __future__ import annotations

from pathlib import Path

from bilat.forecast.hypotheses import Durability
from bilat.handling import Marking
from bilat.picture.foresight import standalone, write_with_twin


def hypotheses_page(
    lasting: Durability, claims: str = "", home: str = "", marking: Marking | None = None
) -> str:
    """The page as HTML; ``claims`` is where the claim pages lie, with a slash at its end, and ``home`` the site's
    first page, or blank; ``marking`` stands at head and foot."""
    return standalone("hypotheses.html", lasting=lasting, claims=claims, home=home, marking=marking)


def write_hypotheses_page(lasting: Durability, out: Path, marking: Marking | None = None) -> None:
    """Write the page and its JSON twin beside it."""
    write_with_twin(hypotheses_page(lasting, marking=marking), lasting.to_json(), out, marking)
