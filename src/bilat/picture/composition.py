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
