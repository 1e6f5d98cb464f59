# SPDX-License-Identifier: Apache-2.0
"""The picture as a whole: judged, told in five sentences, written as a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.picture import story
from bilat.picture.cases.route import Search
from bilat.when import AsOf


@dataclass(frozen=True)
class Picture:
    """A dated picture of a dyad."""

    dyad: Dyad
    as_of: AsOf
    since: AsOf | None  #: the earlier date; None where the picture itself is not later
    entries: tuple[story.Entry, ...]
    holdings: Holdings
    routes: tuple[Mapping[str, Any], ...] = ()
    diversion: Search | None = None  #: the whole search behind the routes, where one was made
    routes_note: str = ""  #: why there are no routes
    out: Path | None = None  #: folder of the site, where one was written
    marking: Marking | None = None  #: how far it may be passed on, where a team has a say in it
    withheld: frozenset[str] = frozenset()  #: claims that are marked above it

    @property
    def title(self) -> str:
        return f"{self.dyad.adjective} defence cooperation"

    @property
    def headline(self) -> str:
        return story.headline(self.dyad, self.entries)

    @property
    def findings(self) -> list[story.Entry]:
        """The claims that stand out."""
        return story.findings(self.entries)

    def to_json(self) -> dict[str, Any]:
        """Plain data: what stands beside ``index.html`` as ``index.json``."""
        return {
            "title": self.title,
            "dyad": [self.dyad.a, self.dyad.b],
            "as_of": str(self.as_of),
            "since": str(self.since) if self.since else None,
            "holdings": self.holdings.digest,
            **({"marking": str(self.marking)} if self.marking else {}),
            "headline": self.headline,
            "findings": [{"claim": e.id, "sentence": e.answered.sentence} for e in self.findings],
            "routes": [dict(r) for r in self.routes],
            "claims": [e.now.to_json() for e in self.entries],
        }

    def __str__(self) -> str:
        return f"{self.title}, as of {self.as_of}. {self.headline}"
