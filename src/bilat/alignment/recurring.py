# SPDX-License-Identifier: Apache-2.0
"""Agreement on the resolutions that come back every session: what changes is the vote and never the agenda."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from weakref import WeakKeyDictionary

import pyarrow as pa
import pyarrow.compute as pc

from bilat.alignment.voting import FEWEST, STAND, WILSON
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, measure
from bilat.statistics import wilson
from bilat.units import percent
from bilat.when import AsOf

#: The first session of the record with titles. A session opens in September of 1945 + its number.
FIRST_SESSION, OPENED = 74, 1945
#: A title is known again by its letters and digits.
_TITLE = "trim(regexp_replace(lower(name), '[^a-z0-9]+', ' ', 'g'))"


def sessions_over(day: dt.date | None) -> range:
    """The sessions whose main part, in which most votes fall, was over by the last roll call of the record: it ends
    in January."""
    if day is None:
        return range(0)
    last = day.year - OPENED - 1 - (day < dt.date(day.year, 2, 1))
    return range(FIRST_SESSION, last + 1)


def last_call(ask: Ask) -> dt.date | None:
    """The day of the last roll call that the record with titles holds."""
    found = ask.query("SELECT max(starts) AS day FROM events WHERE source = 'unga_rollcalls_later'")
    day: dt.date | None = found["day"][0].as_py()
    return day


#: The fixed set is the same for every pair: a reference set asks for it thirty times.
_FIXED: WeakKeyDictionary[Holdings, dict[AsOf, pa.Table]] = WeakKeyDictionary()


def fixed_set(ask: Ask, over: range) -> pa.Table:
    """The roll calls on titles that were put to one recorded vote in each of these sessions: rollcall, title,
    session."""
    kept = _FIXED.setdefault(ask.holdings, {})
    if ask.as_of not in kept:
        kept[ask.as_of] = ask.query(
            f"WITH titled AS (SELECT event, {_TITLE} AS title FROM events WHERE source = 'unga_rollcalls_later'), "
            "calls AS (SELECT DISTINCT v.resolution, v.rollcall, v.session, t.title FROM votes v "
            "JOIN titled t ON t.event = v.resolution WHERE v.source = 'unga_votes_later' "
            "AND v.session BETWEEN ? AND ?), "
            "once AS (SELECT title, session, any_value(rollcall) AS rollcall FROM calls GROUP BY ALL "
            "HAVING count(*) = 1), "
            "fixed AS (SELECT title FROM once GROUP BY title HAVING count(*) = ?) "
            "SELECT o.rollcall, o.title, o.session FROM once o JOIN fixed f ON f.title = o.title "
            "ORDER BY o.session, o.title",
            over.start, over.stop - 1, len(over),
        )  # fmt: skip
    return kept[ask.as_of]


def _cast(ask: Ask, over: range) -> tuple[pa.Table, dict[str, dict[str, bool]], int] | None:
    """(rows, title -> year -> whether the two voted alike, titles of the fixed set) of the titles on which both cast
    a vote in every session; None where these are too few."""
    a, b = ask.dyad.a, ask.dyad.b
    rows = ask.rows(
        "SELECT v.* REPLACE (f.title AS title), CAST(f.session + ? AS VARCHAR) AS point, 'fixed set' AS grp "
        "FROM fixed f JOIN votes v ON v.rollcall = f.rollcall AND v.source = 'unga_votes_later' "
        "WHERE v.country IN (?, ?) ORDER BY f.session, f.title, v.country",
        OPENED, a, b, fixed=fixed_set(ask, over),
    )  # fmt: skip
    cast: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for r in rows.select(["title", "point", "country", "vote"]).to_pylist():
        cast[r["title"]][r["point"]][r["country"]] = STAND[r["vote"]]
    alike = {
        title: {year: stands[a] == stands[b] for year, stands in by.items()}
        for title, by in cast.items()
        if len(by) == len(over) and all(len(stands) == 2 for stands in by.values())
    }
    if len(alike) < FEWEST:
        return None
    held = rows.filter(pc.is_in(rows["title"], pa.array(sorted(alike), pa.string())))
    return held, alike, len(cast)


def _few(ask: Ask, over: range) -> str:
    if len(over) < 2:
        return "fewer than two sessions of the record with titles are over."
    return f"{ask.dyad.a} and {ask.dyad.b} cast votes in every session on fewer than {FEWEST} recurring resolutions."


@measure(
    "votes.recurring",
    title="Agreement on the resolutions that are voted on every session",
    unit=percent("recurring resolutions"),
    tables=("votes", "events"),
    reference="UN General Assembly, recorded votes and titles of roll calls, UNxml/GAresolutions",
    method="Resolutions whose title was put to one recorded vote in each session from the 74th to the last whose main "
    "part is over: a fixed set, so that a change of the agenda is none of the figure. Of those on which both states "
    "cast a vote in every one of these sessions, the share on which the two votes were the same; year = session + "
    "1945. Titles are compared by their letters.",
    interval=WILSON,
)
def recurring(ask: Ask) -> Answer:
    """Groups: ``fixed set``; a point per session."""
    over = sessions_over(last_call(ask))
    found = _cast(ask, over) if len(over) >= 2 else None
    if found is None:
        return ask.answer().missing(_few(ask, over))
    rows, alike, titles = found
    out = ask.answer(rows)
    for session in over:
        year = str(session + OPENED)
        same = sum(by[year] for by in alike.values())
        out.point(
            year, wilson(same, len(alike)), group="fixed set", note=f"{same} of {len(alike)}", scale=100
        )
    out.note = (
        f"{titles} titles were voted on in every session from {over.start} to {over.stop - 1}; on {len(alike)} "
        "both states cast a vote each time. Most stand for old subjects: disarmament, Palestine, decolonisation."
    )
    return out
