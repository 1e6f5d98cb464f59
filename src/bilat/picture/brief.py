# SPDX-License-Identifier: Apache-2.0
"""The brief: every claim judged, composed, and written as a site where a place is given."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import folder, story
from bilat.picture.cases.routes import search
from bilat.picture.charts.render import Studio
from bilat.picture.compose import Picture
from bilat.picture.site import write
from bilat.sharing import Team
from bilat.sharing.view import handled, within
from bilat.verdicts import judge as judge_ledger
from bilat.verdicts.judgement import Judgement
from bilat.when import PAPER_DATE, AsOf

Judge = Callable[[Dyad, AsOf, Holdings], Iterable[Judgement]]


def brief(
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    out: Path | str | None = None,
    holdings: Holdings | None = None,
    *,
    since: AsOf | str | dt.date | None = PAPER_DATE,
    routes: Sequence[Mapping[str, Any]] | None = None,
    judge: Judge | None = None,
    slow_models: bool = False,
    progress: Callable[[str], None] | None = None,
    team: Team | None = None,
    marking: Marking | None = None,
) -> Picture:
    """Judge every claim and compose the picture; with ``out``, write it as a site.

    Parameters
    ----------
    out
        folder of the site; it is replaced whole, and refused if it holds anything but an earlier picture.
    since
        the earlier date at which charts draw a line; left out where ``as_of`` is not later.
    routes
        diversion routes, largest first: mappings with ``hub``, ``label`` or ``product``, ``diverted``, ``low``,
        ``high``, ``unit``, ``rivals``; None: searched for in the holdings.
    judge
        judges the claims; None: the ledger's own.
    slow_models, progress
        with the pages of the models that take minutes; what each step is passed to.
    team, marking
        whose dissents stand beside our verdicts, and how far the picture may be passed on: what is marked above
        stays out. None: all of the team's is in it.

    Raises
    ------
    UsageError, DataError
        for a country or a date that cannot be; for holdings that are damaged or a place that cannot be written.
    """
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    when = AsOf(as_of)
    earlier = _before(when, since)
    held = holdings or default_holdings()
    judge = judge or judge_ledger
    tell = progress or (lambda step: None)
    place = Path(out) if out is not None else None
    if place is not None:
        folder.ready(place)
    with Studio() if place is not None else contextlib.nullcontext() as studio:
        tell(f"judging the claims as of {when}")
        judged, marking, withheld = _shared(team, list(judge(pair, when, held)), marking)
        entries = tuple(story.pair(pair, judged))
        listed, found, note = tuple(routes or ()), None, ""
        if routes is None:
            tell("searching for routes of diversion")
            listed, found, note = search(pair, when, held)
        picture = Picture(pair, when, earlier, entries, held, listed, found, note, place, marking, withheld)
        if place is not None and studio is not None:
            tell("drawing and writing the pages")
            write(picture, place, studio, slow_models=slow_models)
    return picture


def _before(when: AsOf, since: AsOf | str | dt.date | None) -> AsOf | None:
    """The earlier date; None where none is given, or it is not earlier."""
    earlier = AsOf(since) if since is not None else None
    return None if earlier is None or earlier.date >= when.date else earlier


def _shared(
    team: Team | None, judged: list[Judgement], marking: Marking | None
) -> tuple[list[Judgement], Marking | None, frozenset[str]]:
    """The judgements with the team's dissents, within the marking; the marking of the whole, and what is withheld."""
    if team is None:
        return judged, marking, frozenset()
    told = within(team, judged, marking)
    return told.judged, told.marking, handled(team, marking).withheld
