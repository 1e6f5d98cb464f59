# SPDX-License-Identifier: Apache-2.0
"""A dated picture of two states: their claims judged, what leads, and the first page made of both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bilat.document import Document
from bilat.document.plain import envelope
from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.files.json_types import JsonObject
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.picture.front import document
from bilat.picture.lead import Lead, of_claims, of_profile
from bilat.picture.movements import Movement, movements, treaty_marks
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.profile import profile
from bilat.when import AsOf


@dataclass(frozen=True)
class Picture:
    """A dated picture of two states: their claims judged, and what leads."""

    dyad: Dyad
    as_of: AsOf
    judged: tuple[Judgement, ...]
    holdings: Holdings
    out: Path | None = None  #: folder of the site, where one was written
    marking: Marking | None = None  #: how far it may be passed on, where a team has a say in it

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"{self.dyad.name}: military relations"

    @property
    def home(self) -> bool:
        """Whether these are the two states of the paper."""
        return {self.dyad.a, self.dyad.b} == {"RUS", "CHN"}

    @cached_property
    def movements(self) -> list[Movement]:
        """The series that are followed: declared ones of the paper's pair, those of their profile of any other."""
        if self.home:
            return [*movements(self.dyad, self.as_of, self.holdings).values()]
        return [lead.movement for lead in self.leads if lead.movement]

    @cached_property
    def leads(self) -> list[Lead]:
        """The topics that lead, the weightiest first; of other states than the paper's those of their profile."""
        if self.home:
            return of_claims(self.judged, {m.id: m for m in self.movements})
        found = profile(self.dyad, self.as_of, self.holdings, claims=False)
        return of_profile(found, treaty_marks(self.dyad, self.as_of, self.holdings))

    @cached_property
    def document(self) -> Document:
        """The first page, for every surface."""
        made = document(
            self.leads, self.movements, self.judged, self.dyad, self.as_of, self.holdings
        )
        return made.within(self.marking) if self.marking else made

    @property
    def headline(self) -> str:
        """The headline of the first page."""
        return self.document.title

    def to_json(self) -> JsonObject:
        """The first page as plain data."""
        return envelope(self.document)

    def _repr_html_(self) -> str:
        return self.document._repr_html_()

    def __str__(self) -> str:
        return f"{self.title}, as of {day(self.as_of.date)}. {self.headline}"
