# SPDX-License-Identifier: Apache-2.0
"""Contacts that Russia's foreign ministry posted, as events of the watch."""

from __future__ import annotations

import datetime as dt
from typing import cast

import pytest

from bilat.channels.minister_meetings import MeetingRow
from bilat.dyad import Dyad
from bilat.forecast.events import dated_events
from bilat.forecast.posted_contacts import (
    PostedContact,
    contact_text,
    is_in_meetings,
    posted_contacts,
)
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf

HELD = Holdings(embedded_folder())


def contact(
    form: str,
    states: str,
    ours: str | None,
    theirs: str | None,
    on: str = "",
    organisation: str = "",
) -> PostedContact:
    """Return a made-up contact of 12 March 2025."""
    return PostedContact(
        starts=dt.date(2025, 3, 12),
        participants=f"{states};RUS",
        side_a=theirs,
        side_b=ours,
        period="2025-03-12",
        known_on=dt.date(2025, 3, 12),
        url="https://example.org",
        level=organisation or None,
        note=on or None,
        source="ministry_contacts",
        form=form,
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            contact("talks", "FJI", "foreign minister Ivan Example", "leader Jone Sample"),
            "Russia's foreign minister Ivan Example and Fiji's leader Jone Sample met",
        ),
        (
            contact("call", "USA", "leader A. Example", "secretary of state"),
            "Russia's leader A. Example and the United States' secretary of state spoke by telephone",
        ),
        (
            contact("consultations", "FJI", None, None, "on outer space"),
            "Russia and Fiji held consultations on outer space",
        ),
        (
            contact("video", "FJI", "leader Pyotr Example", "leader Jone Sample"),
            "The leaders of Fiji and Russia, Jone Sample and Pyotr Example, spoke by video",
        ),
        (
            contact("message", "FJI", "leader Pyotr Example", "leader"),
            "Russia's leader Pyotr Example sent a message to Fiji's leader",
        ),
        (
            contact("talks", "FJI;TON", "leader Pyotr Example", None, organisation="the Forum"),
            "Russia's leader Pyotr Example took part in a meeting of the Forum",
        ),
        (
            contact("talks", "FJI;TON", "foreign minister Ivan Example", None),
            "Russia's foreign minister Ivan Example took part in a meeting with Fiji and Tonga",
        ),
    ],
)
def test_a_contact_is_a_sentence(row: PostedContact, said: str) -> None:
    assert contact_text(row) == said


def test_a_contact_of_the_list_of_meetings_is_told_once() -> None:
    row = contact("talks", "FJI", "foreign minister Ivan Example", "foreign minister Jone Sample")
    about = {"state_a": "FJI", "state_b": "RUS", "names_a": "J. Sample", "names_b": "I. Example"}

    def of(first: int, last: int, **other: str) -> MeetingRow:
        days = {"first_day": dt.date(2025, 3, first), "last_day": dt.date(2025, 3, last)}
        return cast("MeetingRow", {**about, **days, **other})

    assert is_in_meetings(row, [of(10, 11)])
    assert not is_in_meetings(row, [of(7, 10)])
    assert not is_in_meetings(row, [of(12, 12, state_a="TON")])
    assert not is_in_meetings(row, [of(12, 12, names_a="A. Nother", names_b="B. Nother")])


def test_every_posted_contact_of_a_year_is_a_sentence_of_russia_and_others() -> None:
    rows = posted_contacts(AsOf("2022-12-31"), AsOf("2023-12-31"), HELD)
    assert len(rows) > 200
    for row in rows:
        text = contact_text(row)
        assert "RUS" in row["participants"]
        assert "Russia" in text and "  " not in text and not text.endswith(" ")
        assert row["starts"] <= row["known_on"] <= dt.date(2023, 12, 31)


def test_the_board_tells_of_calls_that_no_other_record_has_and_of_no_meeting_twice() -> None:
    first, last = AsOf("2024-01-01"), AsOf("2024-12-31")
    events = dated_events(first, last, HELD)
    posted = [e for e in events if e.who == "Russia's foreign ministry"]
    pair = Dyad("RUS", "TUR")
    assert any("spoke by telephone" in e.what and e.concerns(pair) for e in posted)
    assert not any(e.concerns(Dyad("CHE", "NOR")) for e in posted)
    leaders = [e for e in events if e.who == "list of meetings" and "met" in e.what]
    for event in leaders:
        same = [e for e in posted if e.actors == event.actors and e.day == event.day]
        assert not [e for e in same if e.what.count("'s leader") == 2 and " met " in e.what]
