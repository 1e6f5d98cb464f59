# SPDX-License-Identifier: Apache-2.0
"""Meetings of the leaders and contacts of the militaries, a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from bilat.measures import Answer, Ask, Interval, Pair, labelled, measure
from bilat.statistics import LEVEL, poisson_interval
from bilat.units import count
from bilat.when import Period

#: Rows of one visit or summit: same country, no more than this many days apart.
VISIT_DAYS = 2
FORMATS = {
    "in_person": "in person",
    "multilateral": "at a summit",
    "video": "video",
    "phone": "phone",
}
EACH = "each format"
MET = "meetings since 2013"
PUBLISHED = "meetings since 2013, as the leaders counted"
ONLY = "the list is of the presidents of Russia and China"


def visits(rows: list[dict[str, Any]]) -> list[list[int]]:
    """Rows put together that are one visit or summit: indices, in order of time.

    Rows of a day each in the same country that follow within ``VISIT_DAYS`` of one another are one
    meeting; calls are each their own. A month without a day joins nothing.
    """
    out: list[list[int]] = []
    for i, row in enumerate(rows):
        last = rows[out[-1][-1]] if out else None
        joined = (
            last is not None
            and row["country"] is not None
            and row["country"] == last["country"]
            and row["precision"] == last["precision"] == "day"
            and row["starts"] - last["starts"] <= dt.timedelta(days=VISIT_DAYS)
        )
        if joined:
            out[-1].append(i)
        else:
            out.append([i])
    return out


#: Of the cumulative count.
CUMULATIVE = Interval(
    "rule", "low in person only, high with calls and with summits at which no talk is confirmed"
)


@measure(
    "meetings.leaders",
    of=Pair,
    title="Meetings and calls of the two leaders",
    unit=count("meetings a year; cumulative since 2013"),
    tables=("events", "estimates"),
    reference="list of the presidents' meetings, the page of each in its row; their own counts as "
    "reported",
    method="Days in one country within two days of each other are one meeting. By format: in "
    "person (a bilateral talk), at a summit (both attended, no talk confirmed), video, phone. The "
    "cumulative count takes talks in person and by video; beside it stand the counts that the "
    "leaders gave by a rule of their own.",
    interval=Interval(
        "sampling",
        "95% exact Poisson interval of the yearly rate",
        LEVEL,
        about="rate",
        note=f"cumulative count: {CUMULATIVE.name}",
    ),
)
def leaders(ask: Ask, merge: bool = True) -> Answer:
    """Groups: a format each, ``each format`` (all), ``meetings since 2013`` and the leaders' own
    count.

    merge: true: the days of a visit are one meeting; false: each row counts
    """
    if {ask.dyad.a, ask.dyad.b} != {"RUS", "CHN"}:
        return ask.answer().missing(ONLY)
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, class AS grp, * FROM events "
        "WHERE source = 'leader_meetings' ORDER BY starts, event"
    )
    if rows.num_rows == 0:
        return ask.answer().missing("no meeting is listed as of this date")
    listed = rows.to_pylist()
    grouped = visits(listed) if merge else [[i] for i in range(len(listed))]
    # A visit's format is its closest: a talk in person outweighs joint attendance.
    order = list(FORMATS)
    chosen = [min((listed[i]["class"] for i in g), key=order.index) for g in grouped]
    first = [listed[g[0]]["starts"] for g in grouped]
    end = min(ask.as_of.date, max(rows["vintage"].to_pylist()))
    out = ask.answer(
        labelled(rows, group=[FORMATS[c] for c in _formats(len(listed), grouped, chosen)])
    )
    out.take(labelled(rows, group=EACH))
    for name in (EACH, *order):
        for year in range(min(d.year for d in first), end.year + 1):
            n = sum(
                d.year == year and name in (EACH, f) for d, f in zip(first, chosen, strict=True)
            )
            note = f"to {end}" if year == end.year and end < dt.date(year, 12, 31) else ""
            out.counted(year, n, poisson_interval(n), group=FORMATS.get(name, name), note=note)
    counted = ask.rows(
        f"SELECT period AS point, '{PUBLISHED}' AS grp, * FROM estimates WHERE source = "
        "'leader_meetings' AND metric = 'count' ORDER BY period"
    )
    out.each(counted, "max(value)", kind="reported")
    out.intervals[MET] = CUMULATIVE
    for at in [p.period for p in out.points if p.group == PUBLISHED]:
        before = [i for i, d in enumerate(first) if d <= Period(at).end]
        talks = sum(chosen[i] in ("in_person", "video") for i in before)
        summits = sum(chosen[i] == "multilateral" for i in before)
        calls = sum(chosen[i] == "phone" for i in before)
        in_person = sum(chosen[i] == "in_person" for i in before)
        used = rows.take(pa.array([i for g in before for i in grouped[g]]))
        out.point(at, talks, low=in_person, high=talks + summits + calls, group=MET, rows=used)
    return out


def _formats(n: int, grouped: list[list[int]], chosen: list[str]) -> list[str]:
    out = [""] * n
    for g, f in zip(grouped, chosen, strict=True):
        for i in g:
            out[i] = f
    return out
