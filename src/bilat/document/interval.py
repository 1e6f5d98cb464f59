# SPDX-License-Identifier: Apache-2.0
"""What the low and the high end of a figure are: of what kind, at what level, and of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ``sampling`` and ``model`` hold the figure with a stated probability: over samples like this one, or over the draws
#: of a model. ``sources``: the range of what sources say. ``bounds``: the least and the most that it can be. ``rule``:
#: a stricter and a wider rule of counting, each the same for every point. ``spread``: how far what is behind the
#: point lies apart, which says nothing of the figure. ``none``: nobody states one.
Kind = Literal["none", "sampling", "model", "sources", "bounds", "rule", "spread"]
#: ``figure``: how far the figure may be off. ``rate``: the rate of events, of a yearly point that counts those of its
#: year. ``repeated``: the same, of points that ask the same states the same again. ``new``: where a next one would lie.
About = Literal["figure", "rate", "repeated", "new"]


@dataclass(frozen=True)
class Interval:
    """The kind of an interval, as a measure declares it; its ends stand with each figure."""

    kind: Kind = "none"
    name: str = ""  #: what it is called, as "95% Wilson score interval": printed, never read
    level: float | None = None  #: the probability with which it holds the figure
    about: About = "figure"
    note: str = ""  #: what else a reader must know of it: printed, never read

    def __post_init__(self) -> None:
        likely = self.kind in ("sampling", "model")
        if (self.level is not None) != likely or not 0 < (self.level or 0.5) < 1:
            raise AssertionError(f"an interval of the kind {self.kind} with the level {self.level}")

    @property
    def text(self) -> str:
        """Its name and its note, as printed."""
        return "; ".join(t for t in (self.name, self.note) if t)


NO_INTERVAL = Interval()
