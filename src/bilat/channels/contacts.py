# SPDX-License-Identifier: Apache-2.0
"""Meetings of the leaders and contacts of the militaries, a year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from bilat.formats.json_text import Cells
from bilat.measures import Answer, Ask, Interval, Pair, labelled, measure
from bilat.statistics import LEVEL, poisson_interval
from bilat.units import count
from bilat.when import Period

#: The most days between two rows of one visit or summit.
VISIT_DAYS = 2
#: The formats of the list, closest first, and their groups.
FORMATS = {
    "in_person": "in person",
    "multilateral": "at a summit",
    "video": "video",
    "phone": "phone",
}
#: The group of all formats.
EACH = "each format"
#: The group of the cumulative count.
MET = "meetings since 2013"
#: The group of the counts that the leaders gave.
PUBLISHED = "meetings since 2013, as the leaders counted"
ONLY = "the list is of the presidents of Russia and China"


def visits(rows: list[Cells]) -> list[list[int]]:
    """Group the rows that belong to one visit or summit.

    Parameters
    ----------
    rows
        the list in order of time.

    Returns
    -------
    list[list[int]]
        the row numbers of each meeting. Days in the same country that follow one another within
        ``VISIT_DAYS`` are one meeting. A call has no country and stays single, as does a row of
        which only the month is known.
    """
    grouped: list[list[int]] = []
    for number, row in enumerate(rows):
        if grouped and _is_same_visit(rows[grouped[-1][-1]], row):
            grouped[-1].append(number)
        else:
            grouped.append([number])
    return grouped


def _is_same_visit(last: Cells, row: Cells) -> bool:
    is_same_country = row["country"] is not None and row["country"] == last["country"]
    has_days = row["precision"] == last["precision"] == "day"
    if not is_same_country or not has_days:
        return False
    return bool(row["starts"] - last["starts"] <= dt.timedelta(days=VISIT_DAYS))


#: The interval of the cumulative count.
CUMULATIVE = Interval(
    "rule", "low in person only, high with calls and with summits at which no talk is confirmed"
)


@measure(
    "meetings.leaders",
    of=Pair,
    title="Meetings and calls of the two leaders",
    unit=count("meetings a year; cumulative since 2013"),
    tables=("events", "estimates"),
    sources={"events": ("leader_meetings",), "estimates": ("leader_meetings",)},
    reference="our list of the presidents' meetings, with a source page for each; their own "
    "counts as reported",
    method="Talks in one country within two days of each other count as one meeting. Meetings "
    "are counted by format: in person (a bilateral talk), at a summit (both attended, but "
    "no talk is confirmed), by video and by phone. The cumulative count includes talks in "
    "person and by video. The leaders' own counts follow another rule and are shown next "
    "to ours.",
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

    merge: true counts the days of a visit as one meeting; false counts each row
    """
    if {ask.dyad.a, ask.dyad.b} != {"RUS", "CHN"}:
        return ask.answer().missing(ONLY)
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, class AS grp, * FROM events "
        "WHERE source = 'leader_meetings' ORDER BY starts, event"
    )
    if rows.num_rows == 0:
        return ask.answer().missing("no meeting is listed as of this date")
    record = _Record(rows, merge=merge)
    out = ask.answer(labelled(rows, group=record.formats_of_rows()))
    out.take(labelled(rows, group=EACH))
    end = min(ask.as_of.date, max(rows["vintage"].to_pylist()))
    is_whole_year = (end.month, end.day) == (12, 31)
    for name in (EACH, *FORMATS):
        for year in range(record.first_year, end.year + 1):
            number = record.count(year, name)
            note = f"to {end}" if year == end.year and not is_whole_year else ""
            interval = poisson_interval(number)
            out.counted(year, number, interval, group=FORMATS.get(name, name), note=note)
    published = ask.rows(
        f"SELECT period AS point, '{PUBLISHED}' AS grp, * FROM estimates "
        "WHERE source = 'leader_meetings' AND metric = 'count' ORDER BY period"
    )
    out.each(published, "max(value)", kind="reported")
    out.intervals[MET] = CUMULATIVE
    # The list is counted at the dates of the leaders' own counts, to be compared with them.
    for period in [point.period for point in out.points if point.group == PUBLISHED]:
        meetings = [m for m in record.meetings if m.day <= Period(period).end]
        _add_total(out, period, meetings, rows)
    return out


@dataclass(frozen=True)
class _Meeting:
    """A meeting or call: its rows in the list, its first day, and its format."""

    rows: tuple[int, ...]
    day: dt.date
    format: str


class _Record:
    """The list of meetings and calls, with the days of a visit put together if ``merge``."""

    def __init__(self, rows: pa.Table, *, merge: bool) -> None:
        listed = rows.to_pylist()
        grouped = visits(listed) if merge else [[number] for number in range(len(listed))]
        # A visit's format is its closest: a talk in person outweighs joint attendance.
        order = list(FORMATS)
        self.meetings = [
            _Meeting(
                rows=tuple(numbers),
                day=listed[numbers[0]]["starts"],
                format=min((listed[number]["class"] for number in numbers), key=order.index),
            )
            for numbers in grouped
        ]

    @property
    def first_year(self) -> int:
        """Return the year of the first meeting."""
        return min(meeting.day.year for meeting in self.meetings)

    def count(self, year: int, name: str) -> int:
        """Return the number of meetings of a format, or of ``EACH``, in a year."""
        return sum(m.day.year == year and name in (EACH, m.format) for m in self.meetings)

    def formats_of_rows(self) -> list[str]:
        """Return the words for the format of each row's meeting, in the order of the rows."""
        by_row = {row: FORMATS[m.format] for m in self.meetings for row in m.rows}
        return [by_row[row] for row in sorted(by_row)]


def _add_total(out: Answer, period: str, meetings: list[_Meeting], rows: pa.Table) -> None:
    """Add the cumulative count of meetings, with its narrowest and widest reading."""
    formats = Counter(meeting.format for meeting in meetings)
    in_person = formats["in_person"]
    talks = in_person + formats["video"]
    widest = talks + formats["multilateral"] + formats["phone"]
    used = rows.take(pa.array([row for meeting in meetings for row in meeting.rows]))
    out.point(period, talks, low=in_person, high=widest, group=MET, rows=used)
