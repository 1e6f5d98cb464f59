# SPDX-License-Identifier: Apache-2.0
"""Dated events between two dates: what happened, on which day, who says so, and which claim it speaks for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bilat.dyad import Dyad
from bilat.forecast.alarms import Alarm
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf

#: Documents that tell of something that happened, not of what somebody says or reckons. Meetings and exercises come
#: from the table of events, which has each of them once.
FORMS = ("event", "delivery", "treaty", "sanction", "contract", "deployment")
#: Days that a document may be younger than its event and still be news of it, and days before an alarm's month in which
#: its event may lie.
LATE = 31
BEFORE = 10
#: Words of a stream's name that name no place.
_PLAIN = {"Strait", "Canal", "Sea", "Channel", "Passage", "Cape", "Good", "Hope", "Korea", "Taiwan"}


@dataclass(frozen=True)
class DatedEvent:
    """One event on its day."""

    day: dt.date
    what: str
    who: str  #: its publisher, or the record that has it
    url: str
    grade: str
    actors: frozenset[str]
    headline: str = ""  #: the same in few words; blank where nobody wrote one
    claims: tuple[tuple[str, str, str], ...] = ()  #: (for or against, id, claim) that it speaks on


def dated_events(first: AsOf, last: AsOf, holdings: Holdings) -> list[DatedEvent]:
    """Events of every state between two dates that were public by the later one, by day, the best graded first."""
    cited: dict[str, list[tuple[str, str, str]]] = {}
    for claim in ledger():
        for c in claim.documents:
            if c.speaks != "neither":
                cited.setdefault(c.id, []).append((c.speaks, claim.id, claim.claim))
    found = []
    for row in documents(last, holdings).values():
        if row["form"] in FORMS and len(row["period"]) == 10:
            day = dt.date.fromisoformat(row["period"])
            news = first.date < row["known_on"] and (row["known_on"] - day).days <= LATE
            if day <= last.date and (day > first.date or news):
                actors = frozenset((row["actors"] or "").split(";"))
                found.append(
                    DatedEvent(
                        day,
                        what=row["what"].rstrip("."),
                        who=row["publisher"],
                        url=row["url"] or "",
                        grade=row["grade"],
                        actors=actors,
                        headline=row["headline"] or "",
                        claims=tuple(cited.get(row["document"], ())),
                    )
                )
    rows = Ask(Dyad("RUS", "CHN"), _as_of=last, params={}, _holdings=holdings).query(
        "SELECT * FROM events WHERE event_type IN ('meeting', 'exercise') AND precision = 'day' AND starts > ? "
        "AND starts <= ? AND participants LIKE '%;%' ORDER BY starts, event",
        first.date,
        last.date,
    )
    for row in rows.to_pylist():
        where = f", {row['place']}" if row["place"] else ""
        what = f"{row['event_type'].capitalize()}: {row['name']} ({row['class'].replace('_', ' ')}){where}"
        states = frozenset(row["participants"].split(";"))
        found.append(
            DatedEvent(
                row["starts"],
                what=what,
                who=f"list of {row['event_type']}s",
                url=row.get("url") or "",
                grade="Z",
                actors=states,
            )
        )
    return sorted(found, key=lambda h: (h.day, h.grade))


def event_behind(alarm: Alarm, found: Sequence[DatedEvent]) -> DatedEvent | None:
    """The event that an alarm of a strait is of: the first of its month, or shortly before, that names the place."""
    places = [w for w in re.findall(r"[A-Z][\w-]+", alarm.stream.name) if w not in _PLAIN]
    month = dt.date.fromisoformat(f"{alarm.month}-01")
    for h in found:
        near = -BEFORE <= (h.day - month).days <= 31
        if near and alarm.stream.family == "straits" and any(p in h.what for p in places):
            return h
    return None
