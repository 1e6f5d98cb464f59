# SPDX-License-Identifier: Apache-2.0
"""The topic of meetings: of the leaders of Russia and China, and of ministers of any two states."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import cast

from bilat.catalog import sources as catalog
from bilat.channels.minister_meetings import (
    MeetingRow,
    meeting_day,
    meeting_heading,
    meeting_text,
    not_searched,
)
from bilat.document.wording import capital, day, few_text
from bilat.places import spoken_name
from bilat.units import count
from bilat.units.notation import count_text
from bilat.verdicts.sentences import WordedNumber
from bilat.verdicts.topics.topic import Between, Facet, Remark, last_of
from bilat.when import AsOf

#: Meetings that a page tells of.
NEWEST = 3
SOURCE = "minister_meetings"
_COLUMNS = tuple(MeetingRow.__annotations__)
_LISTED = f"""
SELECT {", ".join(_COLUMNS)} FROM meetings
WHERE state_a = ? AND state_b = ? AND level <> 'leaders' ORDER BY last_day DESC, meeting DESC
"""
_SEARCHED = """
SELECT count(DISTINCT query), min(period), max(reaches_to) FROM meeting_searches
WHERE state_a = ? AND state_b = ?
"""


def meetings(asked: Between) -> Facet | None:
    """Meetings of the two leaders, where a list of them is public, and of ministers.

    A pair whose ministers' meetings nobody has searched for is told so, and never that there are
    none.
    """
    of_leaders = _of_leaders(asked)
    of_ministers = _of_ministers(asked)
    if of_leaders is None:
        return of_ministers
    if of_ministers.absent:
        return of_leaders
    told = (Remark(of_ministers.sentence), *of_ministers.remarks)
    sources = (*of_leaders.sources, SOURCE)
    return replace(of_leaders, remarks=told, sources=sources)


def pages_to(as_of: AsOf) -> dt.date:
    """Return the day to which the searched collection has pages, as of a date."""
    searches = next(file for file in catalog()[SOURCE].files if file.series == "searches")
    return min(dt.date.fromisoformat(searches.options["archive_end"]), as_of.date)


def _of_leaders(asked: Between) -> Facet | None:
    """Meetings of the leaders; a list is public of Russia's and China's alone."""
    if {asked.a, asked.b} != {"RUS", "CHN"}:
        return None
    from bilat.measures import ask

    m = ask("meetings.leaders", ("RUS", "CHN"), as_of=asked.as_of, holdings=asked.holdings)
    points = [
        (p.period, p.value)
        for p in m.points
        if p.group == "in person" and p.value is not None and not p.open
    ]
    if not points:
        return None
    most = max(points, key=lambda p: p[1])
    n = points[-1][1]
    times = _times(n) if n else "not once"
    said = (
        f"Putin and Xi met in person {times} in {points[-1][0]}; "
        f"they met most often in {most[0]}, {_times(most[1])}."
    )
    return Facet(
        "meetings",
        sentence=said,
        unit=count("meetings a year"),
        last=last_of(points),
        data_to=m.data_to,
        sure="firm",
        sources=tuple(s["name"] for s in m.sources),
        points=tuple(("", y, v) for y, v in points),
        heading=f"Putin and Xi met {times} in {points[-1][0]}",
    )


def _times(number: float) -> str:
    """Return how often something happened: ``once``, ``twice``, ``five times``."""
    named = {1: "once", 2: "twice"}
    return named.get(round(number)) or f"{WordedNumber(number):count} times"


def _of_ministers(asked: Between) -> Facet:
    """Return the last meetings of ministers, or that none was found, or that nobody searched."""
    listed = _listed(asked)
    number, since, reached = _searched(asked)
    if listed:
        return _newest(asked, listed, reached)
    if not number:
        return Facet(
            "meetings",
            sentence=f"{not_searched(asked.dyad)}.",
            unit=count("meetings"),
            data_to=pages_to(asked.as_of),
            sources=(SOURCE,),
            absent=True,
            heading="We have not searched for meetings between ministers",
        )
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    to = min(reached, asked.as_of.date)
    return Facet(
        "meetings",
        sentence=(
            f"{capital(few_text(number, 'queries'))} found no meeting between ministers of {a} and "
            f"{b} from {since} to {day(to)}; others may have taken place."
        ),
        unit=count("meetings"),
        data_to=to,
        sources=(SOURCE,),
        absent=True,
        heading=f"No meeting of ministers of {a} and {b} was found",
    )


def _newest(asked: Between, listed: list[MeetingRow], reached: dt.date) -> Facet:
    told = [f"{meeting_text(row)} {meeting_day(row)}." for row in listed[:NEWEST]]
    year = str(listed[0]["last_day"].year)
    number = sum(row["period"][:4] == year for row in listed)
    to = day(min(reached, asked.as_of.date))
    listed_in = (
        f"Our list has {count_text(number, 'meetings')} of ministers of the two in {year}. It has "
        f"those that were found in pages up to {to}, and there may be more."
    )
    return Facet(
        "meetings",
        sentence=told[0],
        unit=count("meetings"),
        data_to=min(listed[0]["last_day"], asked.as_of.date),
        sources=(SOURCE,),
        remarks=(*(Remark(text) for text in told[1:]), Remark(listed_in)),
        heading=meeting_heading(listed[0]),
        deed=True,
    )


def _listed(asked: Between) -> list[MeetingRow]:
    """Return the meetings of the two that were public, the newest first."""
    one, two = sorted((asked.a, asked.b))
    rows = asked.rows(_LISTED, one, two, needs=("meetings",))
    return [cast(MeetingRow, dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _searched(asked: Between) -> tuple[int, str, dt.date]:
    """Return how many searches asked about the two, from which year, and to which day."""
    one, two = sorted((asked.a, asked.b))
    ((number, since, reached),) = asked.rows(_SEARCHED, one, two, needs=("meeting_searches",))
    return number, since or "", reached or pages_to(asked.as_of)
