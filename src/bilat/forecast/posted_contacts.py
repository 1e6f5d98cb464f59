# SPDX-License-Identifier: Apache-2.0
"""Contacts of Russia with other states that its foreign ministry posted, as sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict, cast

from bilat.channels.minister_meetings import MeetingRow, plural_office
from bilat.document.wording import capital, joined, possessive
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.places import spoken_name
from bilat.verdicts.pairs import THESE
from bilat.when import AsOf

#: Days by which two records of one contact may differ: time zones, and visits of days.
NEAR = 1
#: What two states did, by the form of the contact.
_VERBS = {
    "call": "spoke by telephone",
    "consultations": "held consultations",
    "contact": "met or spoke",
    "message": "sent a message",
    "talks": "met",
    "video": "spoke by video",
}
#: What one state did with several.
_SEVERAL = {
    "call": "spoke by telephone with",
    "consultations": "held consultations with",
    "contact": "met or spoke with",
    "message": "sent a message to",
    "talks": "took part in a meeting with",
    "video": "took part in a video meeting with",
}


class PostedContact(TypedDict):
    """A row of the table of events that comes from a post."""

    starts: dt.date
    participants: str
    side_a: str | None
    side_b: str | None
    period: str
    known_on: dt.date
    url: str
    level: str | None  #: the organisation whose meeting it was
    note: str | None  #: what consultations were on
    source: str
    form: str


def posted_contacts(first: AsOf, last: AsOf, holdings: Holdings) -> list[PostedContact]:
    """Return the contacts that were posted after one date and by another, by day."""
    rows = Ask(THESE, _as_of=last, params={}, _holdings=holdings).query(
        "SELECT *, class AS form FROM events WHERE event_type = 'post' AND known_on > ? "
        "ORDER BY starts, event",
        first.date,
    )
    return cast("list[PostedContact]", rows.to_pylist())


def contact_text(row: PostedContact) -> str:
    """Return who met or spoke, without the day."""
    *others, russia = row["participants"].split(";")
    subject = f" {row['note']}" if row["note"] else ""
    ours = _people(russia, row["side_b"]) or spoken_name(russia)
    if row["level"]:
        return f"{ours} took part in a meeting of {row['level']}"
    if len(others) > 1:
        states = joined([spoken_name(state) for state in others])
        return f"{ours} {_SEVERAL[row['form']]} {states}{subject}"
    return capital(_of_two(row, ours, others[0]) + subject)


def _of_two(row: PostedContact, ours: str, other: str) -> str:
    """Return what two states did: persons of the same office together, a message by who sent it."""
    verb = _VERBS[row["form"]]
    if row["form"] == "message":
        return f"{ours} {verb} to {_people(other, row['side_a'])}"
    office, name = _only(row["side_b"])
    their_office, their_name = _only(row["side_a"])
    if office and office == their_office:
        states = joined(sorted([spoken_name(other), spoken_name("RUS")]))
        names = [name, their_name] if states.startswith("Russia") else [their_name, name]
        told = f", {joined(names)}," if all(names) else ""
        return f"the {plural_office(office)} of {states}{told} {verb}"
    return f"{ours} and {_people(other, row['side_a']) or spoken_name(other)} {verb}"


def _only(side: str | None) -> tuple[str, str]:
    """Return the office and the name of a side's only person; blank if there are several."""
    if not side or ";" in side:
        return "", ""
    words = side.split(" ")
    first = next((n for n, word in enumerate(words) if word[:1].isupper()), len(words))
    return " ".join(words[:first]), " ".join(words[first:])


def is_in_meetings(row: PostedContact, meetings: Sequence[MeetingRow]) -> bool:
    """Return whether the list of meetings has a contact: two states, a person, and the days."""
    states = set(row["participants"].split(";"))
    people = f"{row['side_a']} {row['side_b']}"
    for meeting in meetings:
        is_then = (
            meeting["first_day"] - dt.timedelta(days=NEAR)
            <= row["starts"]
            <= meeting["last_day"] + dt.timedelta(days=NEAR)
        )
        if is_then and {meeting["state_a"], meeting["state_b"]} <= states:
            names = [*meeting["names_a"].split(";"), *meeting["names_b"].split(";")]
            if any(name.rpartition(" ")[2] in people for name in names):
                return True
    return False


def is_of_leaders(row: PostedContact) -> bool:
    """Return whether the leaders of two states met or spoke."""
    sides = (row["side_a"] or "", row["side_b"] or "")
    return row["form"] != "message" and all(side.startswith("leader") for side in sides)


def _people(state: str, side: str | None) -> str:
    """Return the persons of a state: ``Russia's foreign minister A``."""
    if not side:
        return ""
    return f"{possessive(spoken_name(state))} {joined(side.split(';'))}"
