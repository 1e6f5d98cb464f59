# SPDX-License-Identifier: Apache-2.0
"""Vetoes cast in the UN Security Council, one line per draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "year",
    "date",
    "month",
    "draft",
    "meeting_record",
    "agenda_item",
    "crisis_topic",
    "region",
    "member_veto1",
    "member_veto2",
    "member_veto3",
    "single_veto",
    "multiple_vetoes",
    "China",
    "France",
    "Russia",
    "USSR",
    "USA",
    "UK",
    "russia_china",
    "usa_uk",
    "usa_france",
    "usa_france_uk",
    "france_uk",
]
#: The Soviet Union's seat is Russia's.
MEMBERS = {"China": "CHN", "France": "FRA", "Russia": "RUS", "USSR": "RUS", "USA": "USA", "UK": "GBR"}
#: China's seat before this day was the Republic of China's: the roll calls of the General Assembly hold the
#: first vote of the People's Republic on it.
SEAT_OF_CHINA = dt.date(1971, 11, 3)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per draft and member that vetoed it: a vote of no, as of the day it was cast.

    The members' names are read, not the 0/1 columns beside them, which miss 24 vetoes of 1966 to 1985.
    """
    rows: list[dict[str, object]] = []
    drafts: dict[str, int] = {}
    for r in records(opened.place(), HEADER):
        try:
            month, day, year = (int(part) for part in r["date"].split("/"))
            cast = dt.date(year, month, day)
        except ValueError:
            raise r.refuse("date", "is not a date month/day/year") from None
        if str(cast.year) != r["year"]:
            raise r.refuse("year", f"is not the year of {cast}")
        members = [r[c] for c in ("member_veto1", "member_veto2", "member_veto3") if r[c]]
        if not members:
            raise opened.refuse(r.line, "member_veto1", "", "is empty: a veto is cast by somebody")
        # A draft without a symbol has that of the meeting, at which more than one may have been vetoed.
        first = drafts.setdefault(r["draft"], r.line) if r["draft"] != r["meeting_record"] else r.line
        if first != r.line:
            raise r.refuse("draft", f"is the draft of row {first}: get the file again, or take one out")
        for member in members:
            state = MEMBERS.get(member)
            if state is None:
                raise opened.refuse(r.line, "member_veto1", member, f"is none of {', '.join(MEMBERS)}")
            rows.append(
                {
                    "body": "SC",
                    "rollcall": f"{r['draft'] or r['meeting_record']} line {r.line}",
                    "resolution": r["draft"] or None,
                    "title": r["agenda_item"] or None,
                    "topic": "ukraine" if r["crisis_topic"] == "Ukraine" else None,
                    "country": "TWN" if state == "CHN" and cast < SEAT_OF_CHINA else state,
                    "vote": "no",
                    "period": cast.isoformat(),
                    "kind": "reported",
                    "locator": r.locator,
                    "known_on": cast,
                    "known_basis": "published",
                }
            )
    yield "votes", table("votes").arrow(rows)
