# SPDX-License-Identifier: Apache-2.0
"""The brief: every claim judged, the lead chosen, and the whole written as a site where a place is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bilat.document import Document
from bilat.document.plain import envelope
from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import folder
from bilat.picture.lead import Lead, document, leads
from bilat.sharing import Team
from bilat.sharing.view import within
from bilat.verdicts import judge as judge_ledger
from bilat.verdicts.document import of_profile
from bilat.verdicts.judgement import Judgement
from bilat.verdicts.profile import profile
from bilat.verdicts.questions import ProfileQuestion
from bilat.when import AsOf

Judge = Callable[[Dyad, AsOf, Holdings], Iterable[Judgement]]


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
        return f"{self.dyad.adjective} defence cooperation"

    @property
    def home(self) -> bool:
        """Whether these are the two states of the paper."""
        return {self.dyad.a, self.dyad.b} == {"RUS", "CHN"}

    @cached_property
    def leads(self) -> list[Lead]:
        """The topics that lead, the weightiest first; of other states than the paper's their profile leads."""
        return leads(self.judged, self.dyad, self.as_of, self.holdings) if self.home else []

    @cached_property
    def document(self) -> Document:
        """The first page, for every surface."""
        if self.home:
            made = document(self.judged, self.leads, self.dyad, self.as_of, self.holdings)
        else:
            found = profile(self.dyad, self.as_of, self.holdings, claims=False)
            made = of_profile(replace(found, claims=self.judged), ProfileQuestion())
        return made.within(self.marking) if self.marking else made

    @property
    def headline(self) -> str:
        return self.document.title

    def to_json(self) -> dict[str, Any]:
        """The first page as plain data."""
        return envelope(self.document)

    def _repr_html_(self) -> str:
        return self.document._repr_html_()

    def __str__(self) -> str:
        return f"{self.title}, as of {self.as_of}. {self.headline}"


def brief(
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    out: Path | str | None = None,
    holdings: Holdings | None = None,
    *,
    judge: Judge | None = None,
    progress: Callable[[str], None] | None = None,
    team: Team | None = None,
    marking: Marking | None = None,
) -> Picture:
    """Judge every claim and compose the picture; with ``out``, write it as a site.

    Parameters
    ----------
    out
        folder of the site; it is replaced whole, and refused if it holds anything but an earlier picture.
    judge
        judges the claims; None: the ledger's own.
    progress
        what each step is passed to.
    team, marking
        whose dissents stand beside our answers, and how far the picture may be passed on: what is marked above
        stays out. None: all of the team's is in it.

    Raises
    ------
    UsageError, DataError
        for a country or a date that cannot be; for holdings that are damaged or a place that cannot be written.
    """
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    step = progress or (lambda what: None)
    place = Path(out) if out is not None else None
    if place is not None:
        folder.ready(place)
    step(f"judging the claims as of {when}")
    judged = list((judge or judge_ledger)(pair, when, held))
    if team is not None:
        shared = within(team, judged, marking)
        judged, marking = shared.judged, shared.marking
    picture = Picture(pair, when, tuple(judged), held, place, marking)
    if place is not None:
        from bilat.picture.site import write

        write(picture, place, step)
    return picture
