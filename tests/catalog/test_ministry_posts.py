# SPDX-License-Identifier: Apache-2.0
"""Posts of a foreign ministry as contacts: made-up posts in the form of the copy."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.catalog.readers.ministry_posts import CUT, HEADER, Contact, contacts
from bilat.catalog.sources import File, read
from bilat.errors import DataError

DAY = dt.date(2025, 3, 12)


def only(text: str, day: dt.date = DAY) -> Contact:
    """Return the one contact of which a post tells."""
    (found,) = contacts([(day, text)])
    return found


@pytest.mark.parametrize(
    ("text", "form", "states", "ours", "theirs"),
    [
        (
            "🇷🇺 🇫🇯 on march 11, foreign minister ivan example met with foreign minister of the "
            "republic of fiji jone sample in suva.",
            "talks",
            ("FJI",),
            "foreign minister Ivan Example",
            "foreign minister Jone Sample",
        ),
        (
            "🇷🇺 🇫🇯 📞 president of russia pyotr example had a telephone conversation with prime "
            "minister of fiji jone sample.",
            "call",
            ("FJI",),
            "leader Pyotr Example",
            "head of government Jone Sample",
        ),
        (
            "fm ivan example’s opening remarks during talks with fm of fiji jone sample, suva",
            "talks",
            ("FJI",),
            "foreign minister Ivan Example",
            "foreign minister Jone Sample",
        ),
        (
            "🇷🇺 🇫🇯 russian deputy foreign minister oleg example and fijian foreign minister jone "
            "sample hold talks",
            "talks",
            ("FJI",),
            "deputy foreign minister Oleg Example",
            "foreign minister Jone Sample",
        ),
        (
            "🇷🇺 🇫🇯 russian-fijian consultations on outer space were held in suva.",
            "consultations",
            ("FJI",),
            "",
            "",
        ),
        (
            "🇷🇺 🇫🇯 🇹🇴 foreign minister ivan example took part in a trilateral meeting in suva.",
            "talks",
            ("FJI", "TON"),
            "foreign minister Ivan Example",
            "",
        ),
    ],
)
def test_who_met_or_spoke(
    text: str, form: str, states: tuple[str, ...], ours: str, theirs: str
) -> None:
    contact = only(text)
    assert (contact.form, contact.states) == (form, states)
    assert (contact.russian_side, contact.other_side) == (ours, theirs)


def test_the_day_is_that_of_the_post_or_the_one_it_names() -> None:
    meeting = "🇷🇺 🇫🇯 {}foreign minister ivan example met with foreign minister of fiji jone sample."
    assert only(meeting.format("")).day == DAY
    assert only(meeting.format("on march 9-10, ")).day == dt.date(2025, 3, 10)
    assert only(meeting.format("on december 31, "), dt.date(2025, 1, 2)).day.year == 2024
    for when in ("on march 13, ", "on march 11, 1999, ", "on february 1, "):
        assert contacts([(DAY, meeting.format(when))]) == []


@pytest.mark.parametrize(
    "text",
    [
        "🇷🇺 🇫🇯 tomorrow foreign minister ivan example will meet foreign minister of fiji jone sample",
        "🇷🇺 🇫🇯 ambassador of russia to fiji congratulated the fijians at a meeting of friends",
        "🇫🇯 the president of fiji jone sample met with president of tonga sione sample",
        "#announcement 🇷🇺 🇫🇯 talks of foreign minister ivan example with foreign minister of fiji",
        "🇷🇺 🇫🇯 foreign minister ivan example sent greetings to the readers of a journal of fiji",
    ],
)
def test_what_tells_of_no_contact(text: str) -> None:
    assert contacts([(DAY, text)]) == []


def test_a_name_that_the_copy_cuts_is_left_out_and_a_host_is_no_participant() -> None:
    start = "🇷🇺 🇫🇯 foreign minister ivan example met with foreign minister of fiji "
    text = (start + "jone samplesamplesamplesamplesamplesamplesamplesample")[:CUT]
    assert len(text) == CUT
    assert only(text).other_side == "foreign minister"
    text = "🇷🇺 🇫🇯 🇹🇴 in tonga, fm ivan example had talks with fm of fiji jone sample."
    assert only(text).states == ("FJI",)


def test_a_post_that_is_cut_before_its_verb_tells_of_a_contact() -> None:
    text = (
        "🇷🇺 🇫🇯 deputy chair of the security council of the russian federation oleg example and "
        "president of the republic of fiji jone sample met in suva"
    )[:CUT]
    assert "met" not in text
    contact = only(text)
    assert (contact.form, contact.other_side) == ("contact", "leader")
    assert contact.russian_side == "deputy chair of the security council Oleg Example"
    whole = "🇷🇺 🇫🇯 foreign minister ivan example and foreign minister of fiji smile."
    assert contacts([(DAY, whole)]) == []
    more = "🇷🇺 🇫🇯 deputy chair of the security council oleg example met with president of fiji."
    assert [c.form for c in contacts([(DAY, text), (DAY, more)])] == ["talks"]


def test_a_meeting_of_an_organisation_is_one_of_its_members_as_known_by_then() -> None:
    text = "🗓 foreign minister ivan example took part in a #brics meeting in suva."
    early = only(text, dt.date(2023, 1, 1))
    late = only(text, dt.date(2025, 1, 1))
    assert early.organisation == late.organisation == "BRICS"
    assert set(early.states) < set(late.states)
    assert contacts([(dt.date(2022, 1, 1), text)]) == []
    for other in ("arrived to take part in", "on the sidelines of", "spoke of"):
        assert contacts([(DAY, text.replace("took part in", other))]) == []


def test_an_envoy_of_a_president_is_no_president() -> None:
    text = (
        "🇷🇺 🇫🇯 president of russia pyotr example received special envoy of the president of fiji "
        "jone sample."
    )
    assert only(text).other_side == "envoy"


@pytest.mark.parametrize(
    ("said", "office"),
    [
        ("vice chairman of the national assembly", "deputy speaker of parliament"),
        ("assistant minister of foreign affairs", "deputy foreign minister"),
        ("deputy president", "vice-president"),
        ("former president", None),
        ("president-elect", None),
    ],
)
def test_who_stands_in_for_an_office_or_held_it_does_not_hold_it(
    said: str, office: str | None
) -> None:
    text = f"🇷🇺 🇫🇯 foreign minister ivan example met with {said} of fiji jone sample."
    found = contacts([(DAY, text)])
    assert [c.other_side for c in found] == ([f"{office} Jone Sample"] if office else [])


def test_two_posts_of_one_contact_are_one() -> None:
    posts = [
        (DAY, "🇷🇺 🇫🇯 foreign minister ivan example and foreign minister of fiji hold talks"),
        (DAY, "🇷🇺 🇫🇯 fm ivan example held talks with fm of fiji jone sample."),
        (DAY + dt.timedelta(days=3), "🇷🇺 🇫🇯 fm ivan example held talks with fm of fiji jone s."),
    ]
    assert [c.day.day for c in contacts(posts)] == [12, 15]
    assert contacts(posts)[0].other_side == "foreign minister Jone Sample"


def _read(path: Path) -> list[dict[str, object]]:
    file = File(
        path=path.name,
        sha256="0" * 64,
        vintage=dt.date(2025, 4, 1),
        vintage_basis="made up",
        min_rows=1,
    )
    ((_, rows),) = read(sources()["ministry_contacts"], file, path)
    return list(rows.to_pylist())


def test_the_list_and_the_copy_give_the_same_rows(tmp_path: Path) -> None:
    text = "🇷🇺 🇫🇯 fm ivan example held talks with fm of fiji jone sample."
    copy = tmp_path / "posts.json"
    copy.write_text(json.dumps([{"t": text, "d": str(DAY), "s": "", "cat": ""}]), "utf-8")
    compiled = tmp_path / "list.csv"
    row = f"{DAY},{DAY},talks,FJI,foreign minister Ivan Example,foreign minister Jone Sample,,"
    compiled.write_text(",".join(HEADER) + "\n" + row + "\n", "utf-8")
    (a,), (b,) = _read(copy), _read(compiled)
    assert a | {"locator": ""} == b | {"locator": ""}
    assert a["participants"] == "FJI;RUS"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("talks", "duel", "not a form of contact"),
        ("FJI", "Fiji", "has no state Fiji"),
        (f"{DAY},{DAY}", f"{DAY},2025-03-01", "before the contact"),
    ],
)
def test_a_wrong_row_of_the_list_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    row = f"{DAY},{DAY},talks,FJI,foreign minister Ivan Example,,,".replace(old, new)
    compiled = tmp_path / "list.csv"
    compiled.write_text(",".join(HEADER) + "\n" + row + "\n", "utf-8")
    with pytest.raises(DataError, match=said):
        _read(compiled)


def test_a_file_that_is_no_copy_is_refused(tmp_path: Path) -> None:
    for text in ("{}[", '[{"d": "2025-03-12"}]', '[{"d": "yesterday", "t": "x"}]', "[1]"):
        copy = tmp_path / "posts.json"
        copy.write_text(text, "utf-8")
        with pytest.raises(DataError, match="not a list of posts"):
            _read(copy)
