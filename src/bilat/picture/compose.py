# SPDX-License-Identifier: Apache-2.0
"""The picture as a whole: judged at two dates, told in five sentences, written as a site."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilat.claims.judgement import Judgement
from bilat.dyad import PAPER_DATE, AsOf, Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.picture import folder, story, terminal
from bilat.picture.render import Studio
from bilat.picture.routes import search

Judge = Callable[[Dyad, AsOf, Holdings], Iterable[Judgement]]


@dataclass(frozen=True)
class Picture:
    """A dated picture of a dyad."""

    dyad: Dyad
    as_of: AsOf
    since: AsOf | None  #: the earlier date; None where the picture itself is not later
    entries: tuple[story.Entry, ...]
    holdings: Holdings
    routes: tuple[Mapping[str, Any], ...] = ()
    diversion: Mapping[str, Any] | None = None  #: the whole search behind the routes, where one was made
    routes_note: str = ""  #: why there are no routes
    out: Path | None = None  #: folder of the site, where one was written

    @property
    def title(self) -> str:
        return f"{self.dyad.adjective} defence cooperation"

    @property
    def headline(self) -> str:
        return story.headline(self.dyad, self.entries, self.since.date if self.since else None)

    @property
    def bottom_line(self) -> list[story.Line]:
        """Five sentences, each with its figure."""
        return story.bottom_line(self.entries)

    def text(self, width: int = terminal.WIDTH) -> str:
        """The picture in plain words."""
        return terminal.plain(self, width)

    def show(self) -> None:
        """Print it: a table on a terminal, plain words elsewhere."""
        terminal.show(self)

    def to_json(self) -> dict[str, Any]:
        """Plain data: what stands beside ``index.html`` as ``index.json``."""
        return {
            "title": self.title,
            "dyad": [self.dyad.a, self.dyad.b],
            "as_of": str(self.as_of),
            "since": str(self.since) if self.since else None,
            "holdings": self.holdings.digest,
            "headline": self.headline,
            "bottom_line": [
                {
                    "topic": line.topic,
                    "sentence": line.sentence,
                    "claim": line.entry.id,
                    "figure": line.entry.figure,
                    "moved": line.entry.change,
                }
                for line in self.bottom_line
            ],
            "routes": [dict(r) for r in self.routes],
            "claims": [
                {
                    "id": e.id,
                    "moved": e.moved,
                    "then": e.then.to_json() if e.then else None,
                    "now": e.now.to_json(),
                }
                for e in self.entries
            ],
        }

    def __str__(self) -> str:
        return self.text()


def brief(
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    out: Path | str | None = None,
    holdings: Holdings | None = None,
    *,
    since: AsOf | str | dt.date | None = PAPER_DATE,
    routes: Sequence[Mapping[str, Any]] | None = None,
    judge: Judge | None = None,
) -> Picture:
    """Judge every claim at both dates and compose the picture; with ``out``, write it as a site.

    Parameters
    ----------
    out
        folder of the site; it is replaced whole, and refused if it holds anything but an earlier picture.
    since
        the earlier date that today is held against; left out where ``as_of`` is not later.
    routes
        diversion routes, largest first; None: searched for in the holdings where they tell of
        diversion to a state of the dyad, and told on a page of their own. Mappings with ``hub``, ``label``
        or ``product``, ``diverted``, ``low``, ``high``, ``unit``, ``rivals``.
    judge
        judges the claims; None: the ledger's own.

    Raises
    ------
    UsageError
        for a country or a date that cannot be.
    DataError
        for holdings that are damaged or a place that cannot be written.
    """
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    when = AsOf(as_of)
    earlier = AsOf(since) if since is not None else None
    if earlier is not None and earlier.date >= when.date:
        earlier = None
    held = holdings or default_holdings()
    if judge is None:
        from bilat.claims import judge as judge_ledger

        judge = judge_ledger
    place = Path(out) if out is not None else None
    if place is not None:
        folder.ready(place)
    studio = Studio()
    with studio if place is not None else contextlib.nullcontext():
        then = list(judge(pair, earlier, held)) if earlier else None
        entries = tuple(story.pair(pair, then, judge(pair, when, held)))
        told, found, note = tuple(routes or ()), None, ""
        if routes is None:
            told, found, note = search(pair, when, held)
        picture = Picture(pair, when, earlier, entries, held, told, found, note, place)
        if place is not None:
            from bilat.picture.site import write

            write(picture, place, studio)
    return picture
