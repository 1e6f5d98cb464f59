# SPDX-License-Identifier: Apache-2.0
"""Meetings and calls of ministers of two states, a year, as far as pages were searched."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TypedDict

from bilat.document.wording import capital, joined, period, possessive
from bilat.dyad import Dyad
from bilat.formats.json_text import Cells
from bilat.measures import Answer, Ask, Interval, Pair, labelled, measure
from bilat.places import spoken_name
from bilat.units import count

#: The group of all offices.
EACH = "each office"
#: How a meeting of a form is told.
_VERBS = {"call": "spoke by telephone", "video": "spoke by video"}
#: Forms of which the occasion is a meeting of many states.
_BESIDE = "margins"
_LEADER = "leader"
UNSEARCHED = "no search asked about this year"


class MeetingRow(TypedDict):
    """A row of the table of meetings, as far as it is told."""

    meeting: str
    period: str
    first_day: dt.date
    last_day: dt.date
    state_a: str
    state_b: str
    others: str | None
    names_a: str
    offices_a: str
    names_b: str
    offices_b: str
    level: str
    form: str
    occasion: str | None
    place: str | None
    url: str
    publisher: str
    grade: str
    known_on: dt.date


def meeting_text(row: MeetingRow) -> str:
    """Return who met or spoke, where and at what, without the day."""
    others = [spoken_name(code) for code in (row["others"] or "").split(";") if code]
    who = _participants(row)
    if others:
        who = f"{who.removesuffix(',')}, with {joined(others)},"
    verb = _VERBS.get(row["form"], "met")
    where = f" in {row['place']}" if row["place"] else ""
    occasion = row["occasion"]
    if occasion and row["form"] == _BESIDE:
        where = f"{where} (on the sidelines: {occasion})"
    elif occasion:
        where = f"{where} ({occasion})"
    return capital(f"{who} {verb}{where}")


def meeting_heading(row: MeetingRow) -> str:
    """Return which offices of the two met or spoke, where, and in which month."""
    verb = _VERBS.get(row["form"], "met")
    where = f" in {row['place']}" if row["place"] else ""
    month = period(row["period"][: len("2026-01")])
    return capital(f"{_offices(row)} {verb}{where} in {month}")


def meeting_day(row: MeetingRow) -> str:
    """Return the day of a meeting for a sentence, or the month if only that is known."""
    preposition = "on" if len(row["period"]) == len("2026-01-31") else "in"
    return f"{preposition} {period(row['period'])}"


def _offices(row: MeetingRow) -> str:
    """Return which offices took part: two of the same together, others state by state."""
    office = row["offices_a"]
    if _is_same_office(row):
        states = joined([spoken_name(row["state_a"]), spoken_name(row["state_b"])])
        return f"the {plural_office(office)} of {states}"
    one = f"{possessive(spoken_name(row['state_a']))} {joined(office.split(';'))}"
    two = f"{possessive(spoken_name(row['state_b']))} {joined(row['offices_b'].split(';'))}"
    return f"{two} and {one}" if office == _LEADER else f"{one} and {two}"


def _is_same_office(row: MeetingRow) -> bool:
    """Return whether one person of each side took part, both of the same office."""
    return row["offices_a"] == row["offices_b"] and ";" not in row["offices_a"]


def _participants(row: MeetingRow) -> str:
    """Return who took part: two of the same office together, others state by state."""
    office = row["offices_a"]
    if _is_same_office(row):
        return f"{_offices(row)}, {row['names_a']} and {row['names_b']},"
    one = _side(row["state_a"], row["names_a"], office)
    two = _side(row["state_b"], row["names_b"], row["offices_b"])
    return f"{two} and {one}" if office == _LEADER else f"{one} and {two}"


def plural_office(office: str) -> str:
    """Return several of an office: ``heads of government``, ``security council secretaries``."""
    first, of, rest = office.partition(" of ")
    stem = f"{first[:-1]}ies" if first.endswith("y") else f"{first}s"
    return f"{stem}{of}{rest}"


def _side(state: str, names: str, offices: str) -> str:
    """Return the persons of a state, each with the office: ``Russia's foreign minister A``."""
    people = zip(offices.split(";"), names.split(";"), strict=True)
    told = [f"{office} {name}" for office, name in people]
    return f"{possessive(spoken_name(state))} {joined(told)}"


def not_searched(dyad: Dyad) -> str:
    """Return what is said of a pair that nobody has searched for."""
    one = spoken_name(dyad.a)
    two = spoken_name(dyad.b)
    return (
        f"We have not searched for meetings between ministers of {one} and {two}, so we count none"
    )


@measure(
    "meetings.ministers",
    of=Pair,
    title="Meetings and calls between ministers of the two states",
    unit=count("meetings a year"),
    tables=("meetings", "meeting_searches"),
    reference="our list of meetings, with a source page for each, and our list of searches for "
    "them",
    method="A meeting is counted in the year in which it began. It enters answers dated on or "
    "after the day its page was published. Its level follows from the offices on both sides; "
    "if a leader received the other state's minister, it is “minister and leader”. Only a year for "
    "which we searched can have none.",
    interval=Interval("bounds", "at least what was found; the most is unknown"),
)
def ministers(ask: Ask) -> Answer:
    """Groups: an office each, with the years in which such a meeting was found, and ``each
    office`` (all), with every year that was searched.
    """
    one, two = sorted(ask.dyad.states)
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, level AS grp, * FROM meetings "
        "WHERE state_a = ? AND state_b = ? AND level <> 'leaders' ORDER BY first_day, meeting",
        one,
        two,
    )
    searches = ask.query(
        "SELECT period AS year, count(*) AS searches, max(reaches_to) AS reaches_to "
        "FROM meeting_searches WHERE state_a = ? AND state_b = ? GROUP BY period ORDER BY period",
        one,
        two,
    ).to_pylist()
    out = ask.answer(rows)
    if not searches and not rows.num_rows:
        return out.missing(not_searched(ask.dyad))
    out.take(labelled(rows, group=EACH))
    listed = rows.to_pylist()
    by_level = Counter((row["point"], row["level"]) for row in listed)
    for (year, level), number in sorted(by_level.items()):
        out.point(year, number, group=level, low=number, kind="reported")
    _add_years(out, listed, searches, ask.as_of.date)
    reached = [row["reaches_to"] for row in searches]
    out.record_to = min(max(reached, default=ask.as_of.date), ask.as_of.date)
    return out


def _add_years(out: Answer, listed: list[Cells], searches: list[Cells], today: dt.date) -> None:
    """Add a point for each year that was searched, or in which a meeting was found."""
    searched = {row["year"]: row for row in searches}
    numbers = Counter(row["point"] for row in listed)
    for year in sorted({*searched, *numbers}):
        number = numbers[year]
        row = searched.get(year)
        note = UNSEARCHED if row is None else _searches_note(row, today)
        if number:
            out.point(year, number, group=EACH, low=number, kind="reported", note=note)
        else:
            out.absent(year, note=note, group=EACH, kind="reported", low=0, unrecorded=True)


def _searches_note(row: Cells, today: dt.date) -> str:
    """Return how many searches asked about a year, and to which day if it was not over."""
    number = row["searches"]
    noun = "search" if number == 1 else "searches"
    to = min(row["reaches_to"], today)
    partly = "" if (to.month, to.day) == (12, 31) else f", to {to}"
    return f"{number} {noun} asked about this year{partly}"
