# SPDX-License-Identifier: Apache-2.0
"""The sentence of an outcome: the ledger's template with the figures that were computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bilat.verdicts.outcome import Band


@dataclass(frozen=True)
class Bounds:
    """An interval in a template: ``{bounds:.0f}`` gives " (8 to 64)", and nothing where there is none."""

    band: Band | None
    scale: float = 1.0

    def __format__(self, spec: str) -> str:
        if self.band is None:
            return ""
        low, high = self.scale * self.band.low, self.scale * self.band.high
        return f" ({low:{spec}} to {high:{spec}})"


def fill(template: str, figures: dict[str, Any]) -> str:
    """The template with its figures; without one, the value with unit and period."""
    if not template:
        return f"{figures['value']:.3g} {figures['unit']} ({figures['period']})"
    return template.format(**figures)
