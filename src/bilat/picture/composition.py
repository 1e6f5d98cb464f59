# SPDX-License-Identifier: Apache-2.0
"""The brief: every claim judged, the lead chosen, and the whole written as a site where a place is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import folder
from bilat.picture.picture import Picture
from bilat.picture.site import write
from bilat.sharing import Team
from bilat.sharing.release import release_judgements
from bilat.verdicts import judge as judge_ledger
from bilat.verdicts.judgement import Judgement
from bilat.when import AsOf

Judge = Callable[[Dyad, AsOf, Holdings], Iterable[Judgement]]


def brief(
    dyad: Dyad | tuple[str, str] | str = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    out: Path | str | None = None,
    holdings: Holdings | None = None,
    *,
    judge: Judge | None = None,
    progress: Callable[[str], None] | None = None,
    team: Team | None = None,
    marking: Marking | None = None,
) -> Picture:
    """Judge every claim about two states and compose the picture, a site of pages.

    Parameters
    ----------
    dyad
        the two states; Russia and China by default.
    as_of
        a date that hides what the public could not know on it; today by default.
    out
        a folder for the site. It is replaced whole, and refused if it holds anything but an
        earlier picture. Without a folder nothing is written.
    holdings
        the records to use; those that come with the package and were added to it by default.
    judge
        a function that judges the claims; the ledger's own by default.
    progress
        called with the name of each step.
    team, marking
        whose dissents appear next to the answers, and how far the picture may be passed on: what
        is marked above it is left out. Without a marking all of the team's is included.

    Returns
    -------
    Picture
        the judgements, and the first page as a document.

    Raises
    ------
    UsageError, DataError
        for an unknown country or date, damaged records, or a place that cannot be written.

    Examples
    --------
    This takes about a minute of processor time, so it is not run with the other examples.

    >>> from bilat import brief
    >>> picture = brief(("RUS", "CHN"), "2023-03-20", out="picture")  # doctest: +SKIP
    >>> picture.title  # doctest: +SKIP
    'Russia and China: military relations'
    """
    pair = Dyad.of(dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    step = progress or (lambda what: None)
    place = Path(out) if out is not None else None
    if place is not None:
        folder.ready(place)
    step(f"judging the claims as of {when}")
    judged = list((judge or judge_ledger)(pair, when, held))
    if team is not None:
        shared = release_judgements(team, judged, marking)
        judged = shared.judged
        marking = shared.marking
    picture = Picture(pair, when, tuple(judged), held, place, marking)
    if place is not None:
        write(picture, place, step)
    return picture
