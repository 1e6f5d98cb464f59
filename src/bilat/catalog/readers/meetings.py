# SPDX-License-Identifier: Apache-2.0
"""Meetings of ministers of two states, and the searches by which they were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.compiled.sites import refused, site_of, trust_of
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.places import country_or_none

HEADER = [
    "id",
    "first_day",
    "last_day",
    "place",
    "country",
    "state_a",
    "name_a",
    "office_a",
    "state_b",
    "name_b",
    "office_b",
    "others",
    "format",
    "occasion",
    "url",
    "published",
    "read",
    "note",
]
SEARCHES = ["state_a", "state_b", "years", "query", "made_on"]
FOREIGN = "foreign minister"
DEFENCE = "defence minister"
LEADER = "leader"
GOVERNMENT = "head of government"
STAFF = "chief of staff"
#: Offices that deal with the other side's security council.
SECURITY = frozenset({"security council secretary", "national security adviser"})
#: China's party and military offices of the rank of a minister.
RANKING = frozenset({"party foreign affairs chief", "military commission vice-chair"})
#: Those that lead armed forces.
OF_DEFENCE = frozenset({DEFENCE, STAFF, "military commission vice-chair"})
OFFICES = frozenset({FOREIGN, DEFENCE, LEADER, GOVERNMENT, STAFF}) | SECURITY | RANKING
#: Lengths of a day and of a month as text.
PRECISIONS = {len("2022-03-30"): "day", len("2022-03"): "month"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield the meetings of a list, or the years that its searches asked about.

    A meeting counts from the day of its page, or from the end of the month if only that is known.

    Raises
    ------
    DataError
        for an unknown office or state, a side whose names and offices differ in number, a page
        that is older than the meeting, and one of a refused site.
    """
    if opened.file.series == "searches":
        yield "meeting_searches", table("meeting_searches").arrow(list(_searched(opened)))
        return
    rows = [_meeting(r) for r in records(opened.place(), HEADER)]
    yield "meetings", table("meetings").arrow(rows)


def level_of(offices_a: list[str], offices_b: list[str]) -> str:
    """Return the offices that met, from those of both sides.

    A leader, or a head of government with somebody of lower rank, received the other side. Of a
    meeting of different offices the security council names the level, then the armed forces.
    """
    sides = (set(offices_a), set(offices_b))
    both = sides[0] | sides[1]
    if all(LEADER in side for side in sides):
        return "leaders"
    if LEADER in both:
        return "minister and leader"
    if GOVERNMENT in both:
        is_equal = all(GOVERNMENT in side for side in sides)
        return "heads of government" if is_equal else "minister and leader"
    if both & SECURITY:
        return "security councils"
    if all({FOREIGN, DEFENCE} <= side for side in sides):
        return "foreign and defence ministers"
    if all(STAFF in side for side in sides):
        return "chiefs of staff"
    return "defence ministers" if both & OF_DEFENCE else "foreign ministers"


def _meeting(r: TableRow) -> dict[str, object]:
    first = r.period("first_day")
    last = r.period("last_day") if r["last_day"] else first
    precision = PRECISIONS.get(len(r["first_day"]))
    if precision is None:
        raise r.refuse("first_day", "is neither a day nor a month")
    published = r.period("published")
    if len(r["published"]) not in PRECISIONS:
        raise r.refuse("published", "is neither a day nor a month: find the date of the page")
    if published.end < last.start:
        raise r.refuse(
            "published", f"is before the meeting of {r['first_day']}: a plan is not a meeting"
        )
    page = r.text("url")
    listed = refused(page)
    if listed:
        why = f"is a page of {site_of(page)}, a refused site ({listed.reason}): name another page"
        raise r.refuse("url", why)
    names_a, offices_a = _side(r, "a")
    names_b, offices_b = _side(r, "b")
    return {
        "period": r["first_day"],
        "meeting": r.text("id"),
        "first_day": first.start,
        "last_day": last.end,
        "precision": precision,
        "state_a": _state(r, "state_a"),
        "state_b": _state(r, "state_b"),
        "others": ";".join(_others(r)) or None,
        "names_a": ";".join(names_a),
        "offices_a": ";".join(offices_a),
        "names_b": ";".join(names_b),
        "offices_b": ";".join(offices_b),
        "level": level_of(offices_a, offices_b),
        "form": r.text("format"),
        "occasion": r["occasion"] or None,
        "place": r["place"] or None,
        "country": _state(r, "country") if r["country"] else None,
        "url": page,
        "publisher": site_of(page),
        "grade": f"{trust_of(page)}2",
        "read": r.text("read"),
        "note": r["note"] or None,
        "kind": "reported",
        "locator": r.locator,
        "known_on": published.end,
        "known_basis": "published" if len(r["published"]) == len("2022-03-30") else "inferred",
    }


def _state(row: TableRow, column: str) -> str:
    code = row.text(column)
    if country_or_none(code) != code:
        raise row.refuse(column, "is not the code of a state")
    return code


def _others(row: TableRow) -> list[str]:
    codes = [code for code in row["others"].split(";") if code]
    unknown = [code for code in codes if country_or_none(code) != code]
    if unknown:
        raise row.refuse("others", f"names {unknown[0]}, which is not the code of a state")
    return codes


def _side(row: TableRow, side: str) -> tuple[list[str], list[str]]:
    """Return the names of a side and the office of each."""
    names = [name.strip() for name in row.text(f"name_{side}").split(";")]
    offices = [office.strip() for office in row.text(f"office_{side}").split(";")]
    if len(names) != len(offices):
        raise row.refuse(f"office_{side}", f"gives {len(offices)} offices for {len(names)} names")
    unknown = [office for office in offices if office not in OFFICES]
    if unknown:
        known = ", ".join(sorted(OFFICES))
        raise row.refuse(f"office_{side}", f"has {unknown[0]!r}, which is not one of {known}")
    return names, offices


def _searched(opened: Opened) -> Iterator[dict[str, object]]:
    """Yield one row for each query and year, visible from the first day of the year."""
    end = dt.date.fromisoformat(opened.file.options["archive_end"])
    for r in records(opened.place(), SEARCHES):
        for year in r.text("years").split(";"):
            if not year.isdigit() or not 1990 <= int(year) <= end.year:
                raise r.refuse("years", f"has {year!r}, which is not a year up to {end.year}")
            yield {
                "period": year,
                "state_a": _state(r, "state_a"),
                "state_b": _state(r, "state_b"),
                "collection": "pages",
                "query": r.text("query"),
                "made_on": r.day("made_on"),
                "reaches_to": min(dt.date(int(year), 12, 31), end),
                "kind": "reported",
                "locator": r.locator,
                "known_on": dt.date(int(year), 1, 1),
                "known_basis": "inferred",
            }
