# SPDX-License-Identifier: Apache-2.0
"""Dated events between two dates: what happened, on which day, who says so, and which claim it speaks for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypedDict, cast

from bilat.catalog.sources import sources
from bilat.channels.minister_meetings import MeetingRow, meeting_text
from bilat.document.wording import capital, joined
from bilat.dyad import Dyad
from bilat.forecast.alarms import Alarm
from bilat.forecast.listing_days import ListingDay, listing_days
from bilat.forecast.posted_contacts import (
    NEAR,
    contact_text,
    is_in_meetings,
    is_of_leaders,
    posted_contacts,
)
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.places import spoken_name
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.ledger import ledger
from bilat.verdicts.names import Names
from bilat.verdicts.pairs import THESE
from bilat.when import AsOf, Period

#: Documents that tell of something that happened, not of what somebody says or reckons. Meetings and exercises come
#: from the table of events, which has each of them once.
FORMS = ("event", "delivery", "treaty", "sanction", "contract", "deployment")
#: Documents of what somebody says or reckons, and what is told of meetings and exercises: news on
#: the day on which they appear.
SAID = ("statement", "estimate", "exercise", "meeting")
#: Kinds of the table of events that two states do together, and the record that has them.
KINDS = {
    "alliance": "list of pacts",
    "contact": "list of military contacts",
    "exercise": "list of exercises",
    "meeting": "list of meetings",
    "operation": "list of exercises",
}
#: Days that a document may be younger than its event and still be news of it, and days before an alarm's month in which
#: its event may lie.
LATE = 31
BEFORE = 10
#: Days between the first day of a military contact and a talk that was part of it.
VISIT_DAYS = 3
#: Words of a stream's name that name no place.
_PLAIN = {"Strait", "Canal", "Sea", "Channel", "Passage", "Cape", "Good", "Hope", "Korea", "Taiwan"}


#: The Union's code in the documents, and the one that a pair has.
_UNION = {"EUN": "EU27"}


@dataclass(frozen=True)
class DatedEvent:
    """One event on its day, or in its month."""

    day: dt.date  #: the last day of the month, where only the month is known
    what: str
    who: str  #: its publisher, or the record that has it
    url: str
    grade: str
    actors: frozenset[str]
    headline: str = ""  #: the same in few words; blank where nobody wrote one
    claims: tuple[tuple[str, str, str], ...] = ()  #: (for or against, id, claim) that it speaks on
    period: str = ""  #: the day, or the month, as it was given; blank: the day

    @property
    def when(self) -> str:
        """The day or the month that is known."""
        return self.period or self.day.isoformat()

    def concerns(self, pair: Dyad) -> bool:
        """Whether it is news of the two: both took part, or it bears on a claim about them."""
        about_both = self.actors >= set(pair)
        return about_both or bool(self.claims and set(pair) == set(THESE))


def dated_events(first: AsOf, last: AsOf, holdings: Holdings) -> list[DatedEvent]:
    """Events of every state between two dates that were public by the later one, by day, the best
    graded first."""
    ministers = _of_ministers(last, holdings)
    found = [
        _of_meeting(row)
        for row in ministers
        if _is_new(row["period"], row["known_on"], first, last)
    ]
    table = _of_table(first, last, holdings, ministers)
    found += table
    found += _of_posts(first, last, holdings, ministers, table)
    found += _vetoes(first, last, holdings)
    found += [_of_listing(day) for day in listing_days(first.date, last, holdings)]
    for row in documents(last, holdings).values():
        if row["form"] in FORMS and _is_new(row["period"], row["known_on"], first, last):
            day = Period(row["period"]).end
            found.append(_of_document(row, day, period=row["period"]))
    return sorted(found, key=lambda h: (h.day, h.grade))


def published(first: AsOf, last: AsOf, holdings: Holdings) -> list[DatedEvent]:
    """What was said and reckoned of states in pages that appeared between two dates, by the day
    on which they were public, and what became known then of events too old to be news of their own
    day. A page that may have appeared before the first is left out."""
    found = []
    for row in documents(last, holdings).values():
        since = row["public_from"]
        if since is None or since <= first.date:
            continue
        is_old = row["form"] in FORMS and not _is_new(row["period"], row["known_on"], first, last)
        if row["form"] in SAID or is_old:
            found.append(_of_document(row, row["known_on"]))
    return sorted(found, key=lambda h: (h.day, h.grade))


def _is_new(period: str, known: dt.date, first: AsOf, last: AsOf) -> bool:
    """Whether a day, or the end of a month, fell between two dates, or before them
    and was told of soon after. What is known to the year only is no news."""
    if len(period) not in (len("2022-02-24"), len("2022-02")):
        return False
    day = Period(period).end
    told_soon = first.date < known and (known - day).days <= LATE
    return day <= last.date and (day > first.date or told_soon)


def _of_document(row: Paper, day: dt.date, period: str = "") -> DatedEvent:
    return DatedEvent(
        day,
        what=row["what"].rstrip("."),
        who=row["publisher"],
        url=row["url"] or "",
        grade=row["grade"],
        actors=frozenset(_UNION.get(code, code) for code in (row["actors"] or "").split(";")),
        headline=row["headline"] or "",
        claims=_cited().get(row["document"], ()),
        period=period,
    )


@cache
def _cited() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Document -> (for or against, id, claim) of each claim that it speaks on."""
    names = Names(THESE)
    cited: dict[str, list[tuple[str, str, str]]] = {}
    for claim in ledger():
        for c in claim.documents:
            if c.speaks in ("for", "against"):
                cited.setdefault(c.id, []).append((c.speaks, claim.id, names.said(claim.claim)))
    return {document: tuple(claims) for document, claims in cited.items()}


EventRow = TypedDict(
    "EventRow",
    {
        "event_type": str,
        "name": str,
        "class": str,
        "place": str | None,
        "participants": str,
        "side_a": str | None,
        "side_b": str | None,
        "period": str,
        "known_on": dt.date,
        "url": str | None,
    },
)


def _of_ministers(last: AsOf, holdings: Holdings) -> list[MeetingRow]:
    """The meetings of ministers that were public by a date."""
    rows = Ask(THESE, _as_of=last, params={}, _holdings=holdings).query(
        "SELECT * FROM meetings ORDER BY first_day, meeting"
    )
    return cast("list[MeetingRow]", rows.to_pylist())


def _of_meeting(row: MeetingRow) -> DatedEvent:
    return DatedEvent(
        row["last_day"],
        what=meeting_text(row),
        who=row["publisher"],
        url=row["url"],
        grade=row["grade"],
        actors=frozenset((row["state_a"], row["state_b"])),
        period=row["period"],
    )


def _is_told(contact: EventRow, ministers: Sequence[MeetingRow]) -> bool:
    """Whether a military contact is one of the meetings of ministers, and so told already."""
    if contact["event_type"] != "contact":
        return False
    states = set(contact["participants"].split(";"))
    chinese_side = contact["side_a"] or ""
    when = Period(contact["period"])
    latest = when.end + dt.timedelta(days=VISIT_DAYS)
    for m in ministers:
        is_of_these = {m["state_a"], m["state_b"]} == states
        has_person = any(name in chinese_side for name in m["names_a"].split(";"))
        is_then = when.start <= m["last_day"] and m["first_day"] <= latest
        was_news = (m["known_on"] - m["last_day"]).days <= LATE
        if is_of_these and has_person and is_then and was_news:
            return True
    return False


def _of_table(
    first: AsOf, last: AsOf, holdings: Holdings, ministers: Sequence[MeetingRow]
) -> list[DatedEvent]:
    """The events of the table of events. Of some only a span of months is known: they are no
    news of a day. A contact that is among the meetings of ministers is left out."""
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    rows = Ask(THESE, _as_of=last, params={}, _holdings=holdings).query(
        f"SELECT * FROM events WHERE event_type IN ({kinds}) AND participants LIKE '%;%' "
        "AND precision <> 'period' AND known_on > ? ORDER BY starts, event",
        first.date,
    )
    return [
        DatedEvent(
            Period(row["period"]).end,
            what=_told(row),
            who=KINDS[row["event_type"]],
            url=row["url"] or "",
            grade="Z",
            actors=frozenset(row["participants"].split(";")),
            period=row["period"],
        )
        for row in cast("list[EventRow]", rows.to_pylist())
        if _is_new(row["period"], row["known_on"], first, last) and not _is_told(row, ministers)
    ]


def _of_posts(
    first: AsOf,
    last: AsOf,
    holdings: Holdings,
    ministers: Sequence[MeetingRow],
    table: Sequence[DatedEvent],
) -> list[DatedEvent]:
    """Contacts that Russia's foreign ministry posted, without those that another record has."""
    leaders = [event for event in table if event.who == KINDS["meeting"]]
    found = []
    for row in posted_contacts(first, last, holdings):
        if not _is_new(row["period"], row["known_on"], first, last):
            continue
        actors = frozenset(row["participants"].split(";"))
        is_in_table = is_of_leaders(row) and any(
            event.actors == actors and abs((event.day - row["starts"]).days) <= NEAR
            for event in leaders
        )
        if is_in_table or is_in_meetings(row, ministers):
            continue
        source = sources()[row["source"]]
        found.append(
            DatedEvent(
                row["starts"],
                what=contact_text(row),
                who=source.producer,
                url=row["url"],
                grade=source.grade,
                actors=actors,
                period=row["period"],
            )
        )
    return found


def _told(row: EventRow) -> str:
    """An event of the table in words: its kind, name, class and place."""
    if row["event_type"] == "meeting":
        return _leaders_told(row)
    kind = row["class"].replace("_", " ")
    word = row["event_type"].capitalize()
    if row["event_type"] == "contact":
        kind = f"{kind}: {row['side_a']} and {row['side_b']}"
        word = "Military contact"
    where = f", {row['place']}" if row["place"] else ""
    return f"{word}: {row['name']} ({kind}){where}"


#: How the leaders of two states met or spoke, by the class of the list.
_LEADERS = {
    "in_person": "met",
    "phone": "spoke by telephone",
    "video": "spoke by video",
    "multilateral": "took part in a meeting of many states",
}


def _leaders_told(row: EventRow) -> str:
    """Which leaders met or spoke, where and at what."""
    states = joined([spoken_name(code) for code in row["participants"].split(";")])
    where = f" in {row['place']}" if row["place"] else ""
    return f"The leaders of {states} {_LEADERS[row['class']]}{where} ({row['name']})"


def _vetoes(first: AsOf, last: AsOf, holdings: Holdings) -> list[DatedEvent]:
    """Vetoes that two states or more cast together in the Security Council."""
    rows = Ask(THESE, _as_of=last, params={}, _holdings=holdings).query(
        "SELECT rollcall, period, max(known_on) AS known_on, "
        "string_agg(country, ';' ORDER BY country) AS states FROM votes "
        "WHERE source = 'unsc_vetoes' AND period >= ? "
        "GROUP BY rollcall, period HAVING count(*) > 1 ORDER BY period, rollcall",
        str(first.date - dt.timedelta(days=LATE)),
    )
    found = []
    for row in rows.to_pylist():
        if not _is_new(row["period"], row["known_on"], first, last):
            continue
        states = row["states"].split(";")
        draft = row["rollcall"].partition(" ")[0]
        found.append(
            DatedEvent(
                Period(row["period"]).end,
                what=f"{capital(joined([spoken_name(code) for code in states]))} vetoed a draft "
                f"resolution of the Security Council ({draft})",
                who="list of vetoes",
                url="",
                grade="B1",
                actors=frozenset(states),
                period=row["period"],
            )
        )
    return found


def _of_listing(day: ListingDay) -> DatedEvent:
    """Return the event that a state put parties of another on its list."""
    return DatedEvent(
        day.day,
        what=day.text,
        who=day.list,
        url=sources()[day.source].url,
        grade=sources()[day.source].grade,
        actors=day.actors,
        period=str(day.day),
    )


def event_behind(alarm: Alarm, found: Sequence[DatedEvent]) -> DatedEvent | None:
    """The event that an alarm of a strait is of: the first of its month, or shortly before, that names the place."""
    places = [w for w in re.findall(r"[A-Z][\w-]+", alarm.stream.name) if w not in _PLAIN]
    month = dt.date.fromisoformat(f"{alarm.month}-01")
    for h in found:
        near = -BEFORE <= (h.day - month).days <= 31
        if near and alarm.stream.family == "straits" and any(p in h.what for p in places):
            return h
    return None
