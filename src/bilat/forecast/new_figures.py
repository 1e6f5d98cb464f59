# SPDX-License-Identifier: Apache-2.0
"""Figures of the watched series that became known between two dates, usual or not, and how the two
states voted: what an alarm does not tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bilat.dyad import Dyad
from bilat.forecast.alarms import deviations
from bilat.forecast.streams import Stream
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.places import spoken_name
from bilat.when import AsOf

#: Families of which each series is too small a thing to stand in a list of a pair's figures: their
#: unusual months are alarms.
CROWDED = ("straits", "claims", "strikes", "losses", "listings")


@dataclass(frozen=True)
class NewFigure:
    """The newest figure of a series, with that of a year before."""

    stream: Stream
    month: str
    value: float
    year_before: float | None  #: None where the series does not reach back so far
    deviations: float | None  #: from what the months before lead one to expect; None: not judged

    @property
    def surprise(self) -> float:
        """How far it is from the usual; what cannot be judged comes last."""
        return abs(self.deviations) if self.deviations is not None else -1.0


def new_figures(found: Iterable[Stream], pair: Dyad, first: AsOf, last: AsOf) -> list[NewFigure]:
    """Return the newest figure of each series of a pair that became known between two dates, the
    most unusual first."""
    out = []
    for s in found:
        if s.family in CROWDED or not s.states:
            continue
        if not s.concerns(pair):
            continue
        seen = [m for m in s.values if first.date < s.known[m] <= last.date]
        if not seen:
            continue
        month = max(seen)
        judged = deviations(s).get(month)
        before = f"{int(month[:4]) - 1}{month[4:]}"
        figure = NewFigure(
            s,
            month=month,
            value=s.values[month],
            year_before=s.values.get(before),
            deviations=judged[0] if judged else None,
        )
        out.append(figure)
    return sorted(out, key=lambda f: (-f.surprise, f.stream.title))


@dataclass(frozen=True)
class AssemblyVotes:
    """How two states voted in the General Assembly between two dates."""

    roll_calls: int  #: in which both took part
    alike: int
    apart: tuple[str, ...]  #: the resolutions on which they differed, with how each voted


#: How a state voted, as it is said of it.
_VOTED = {"yes": "voted yes", "no": "voted no", "abstain": "abstained"}


def assembly_votes(pair: Dyad, first: AsOf, last: AsOf, holdings: Holdings) -> AssemblyVotes | None:
    """Return how two states voted in the roll calls between two dates; None where none is held."""
    holdings.need(["votes", "events"])
    rows = Ask(pair, _as_of=last, params={}, _holdings=holdings).query(
        "SELECT a.rollcall, any_value(a.resolution) AS resolution, any_value(e.name) AS name, "
        "any_value(a.vote) AS ours, any_value(b.vote) AS theirs "
        "FROM votes a JOIN votes b ON a.rollcall = b.rollcall "
        "AND a.source = b.source LEFT JOIN events e ON e.event_type = 'roll call' "
        "AND e.event = a.resolution WHERE a.source = 'unga_votes_later' AND a.country = ? "
        "AND b.country = ? AND a.period > ? AND a.period <= ? GROUP BY a.rollcall "
        "ORDER BY a.rollcall",
        pair.a,
        pair.b,
        str(first),
        str(last),
    )
    cast = rows.to_pylist()
    if not cast:
        return None
    first_state, second_state = (spoken_name(state) for state in pair)
    apart = []
    for r in cast:
        if r["ours"] != r["theirs"]:
            ours = _VOTED.get(r["ours"], r["ours"])
            theirs = _VOTED.get(r["theirs"], r["theirs"])
            said = f"{first_state} {ours}, {second_state} {theirs}"
            apart.append(f"{r['name'] or r['resolution']} ({said})")
    return AssemblyVotes(len(cast), alike=len(cast) - len(apart), apart=tuple(apart))
