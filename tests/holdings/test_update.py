# SPDX-License-Identifier: Apache-2.0
"""Today's edition from each publisher: a server on loopback in its form, slow, changed, lying and gone."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from publishers import ANSWERS, Publisher, publisher

from bilat.catalog import sources
from bilat.document.blocks import Frame
from bilat.files.digest import sha256_of
from bilat.holdings import Holdings, Store
from bilat.holdings.canary import check
from bilat.holdings.pull import update
from bilat.records.questions import DownloadQuestion
from bilat.when import AsOf

#: A file a day is added to those stored, and has tests of its own (test_chains).
GROWING = {s.name for s in sources().values() if any(c.grows for c in s.current)}
EVERY = sorted(set(ANSWERS) - GROWING)
#: Those whose file bears the date of its edition.
DATED = ["ch_seco", "eu_financial", "uk_sanctions", "un_sc"]
#: Those that are lists of parties.
LISTS = sorted(n for n in EVERY if "parties" in sources()[n].tables)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Publisher]:
    """A publisher; nothing is embedded, and nobody waits between two tries."""
    for module in ("acceptance", "view"):
        monkeypatch.setattr(f"bilat.holdings.{module}.embedded_folder", lambda: tmp_path / "empty")
    monkeypatch.setattr("bilat.catalog.fetch.time", SimpleNamespace(sleep=lambda _: None))
    with publisher() as one:
        yield one


def test_every_source_with_an_address_is_tried_here() -> None:
    assert set(ANSWERS) == {s.name for s in sources().values() if s.current}


def test_the_plan_names_every_address_that_an_update_asks_and_asks_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    planned = DownloadQuestion().answer(Frame()).data
    asked = {
        (one.name, url)
        for one in sources().values()
        for c in one.current
        for url in (c.addresses()[0], *c.more)
    }
    assert {(row["source"], row["address"]) for row in planned} == asked
    assert len(planned) == len(asked)
    answered = {row["source"]: row["answered"] for row in planned}
    assert (answered["un_sc"], answered["vdem_country_year"]) == ("2026-10-09", "")


@pytest.mark.parametrize("name", EVERY)
def test_a_first_edition_is_added_and_the_same_one_asked_for_on_condition(
    name: str, asked: Publisher, tmp_path: Path
) -> None:
    store, one = Store(tmp_path / "h"), asked.at(name)
    asked.answers = ANSWERS[name]("2026-10-01", 0, 40)
    files = len(one.current)
    assert [d.status for d in update([one], store)] == ["added"] * files
    first = len(asked.asked)
    assert first == len(asked.answers), "every answer is asked for once"
    assert [d.status for d in update([one], store)] == ["unchanged"] * files
    if not any(
        c.more or c.page or c.link for c in one.current
    ):  # of several answers the first does not speak for the others
        assert [c.startswith('"') for _, c in asked.asked[first:]] == [True] * files
    assert store.check() == []


@pytest.mark.parametrize("name", EVERY)
def test_a_changed_edition_says_what_changed_and_the_old_one_stays(
    name: str, asked: Publisher, tmp_path: Path
) -> None:
    store, one = Store(tmp_path / "h"), asked.at(name)
    for day, many in (("2026-10-01", 40), ("2026-11-20", 43)):
        asked.answers = ANSWERS[name](day, 0, many)
        done = list(update([one], store))
        assert {d.status for d in done} == {"added"}
    assert len(store.entries()) == 2 * len(one.current)
    said = "\n".join(line for d in done for line in d.changes)
    new, gone = (int(n) for n in re.search(r"\b(\d+) new, (\d+) gone", said).groups())
    assert (
        gone == 0 and new % 3 == 0 and 3 <= new <= 24
    )  # three parties, of some with several names
    if name in LISTS:
        assert "by programme: " in said and "+" in said
    for current in one.current:
        assert (current.copy_by in said) or not current.copy_by
    if name in ("un_sc", "uk_sanctions", "eu_financial", "ch_seco", "us_csl"):
        assert f"by state: {'Iran' if name == 'un_sc' else 'Russia'} +3" in said


@pytest.mark.parametrize("name", DATED)
def test_an_older_edition_that_comes_later_does_not_speak(
    name: str, asked: Publisher, tmp_path: Path
) -> None:
    store, one = Store(tmp_path / "h"), asked.at(name)
    asked.answers = ANSWERS[name]("2026-10-15", 0, 42)
    assert [d.status for d in update([one], store)] == ["added"]
    asked.answers = ANSWERS[name]("2026-10-01", 0, 40)
    (done,) = update([one], store)
    assert (
        done.changes[-1]
        == "it ends 2026-10-01, before the one you have (2026-10-15), which stays in use"
    )
    held = Holdings(store.root)
    sql = f"SELECT count(*) AS n FROM parties WHERE source = '{name}'"
    for day, many in (("2026-10-10", 40), ("2026-11-25", 42)):
        assert held.connect(AsOf(day)).table(sql)["n"].to_pylist() == [many]
    assert held.closed_on("parties", name, AsOf("2026-11-25")) == dt.date(2026, 10, 15)


@pytest.mark.parametrize("name", EVERY)
def test_a_publisher_that_lies_changes_nothing(name: str, asked: Publisher, tmp_path: Path) -> None:
    store, one = Store(tmp_path / "h"), asked.at(name)
    asked.answers = ANSWERS[name]("2026-10-01", 0, 40)
    assert {d.status for d in update([one], store)} == {"added"}
    before = store.entries()
    asked.answers = ANSWERS[name]("2026-11-20", 0, 43)
    for asked.way in ("page", "loop", "gone", "long"):
        for done in update([one], store):
            assert done.status == "refused" and "\n" not in done.why and "Traceback" not in done.why
        assert store.entries() == before and store.check() == []


@pytest.mark.parametrize("name", EVERY)
def test_a_list_that_lost_most_of_itself_is_put_aside(
    name: str, asked: Publisher, tmp_path: Path
) -> None:
    store, one = Store(tmp_path / "h"), asked.at(name)
    asked.answers = ANSWERS[name]("2026-10-01", 0, 60)
    assert {d.status for d in update([one], store)} == {"added"}
    before = store.entries()
    asked.answers = ANSWERS[name]("2026-11-20", 0, 30)
    done = list(update([one], store))
    assert {d.status for d in done} == {"quarantined"}, done
    assert store.entries() == before
    done = list(update([one], store, accept="the publisher took half of it off"))
    assert {d.status for d in done} == {"added"}


@pytest.mark.parametrize(
    ("name", "way"), [*((n, "slow") for n in EVERY), *((n, "cut") for n in LISTS)]
)
def test_a_slow_answer_is_waited_for_and_one_that_broke_off_is_resumed(
    name: str, way: str, asked: Publisher, tmp_path: Path
) -> None:
    """What came of a chunk of 64 KiB that was not whole is asked for again: the answers are longer than that."""
    store, one = Store(tmp_path / "h"), asked.at(name)
    asked.answers, asked.way = ANSWERS[name]("2026-10-01", 0, 2000 if way == "cut" else 40), way
    assert {d.status for d in update([one], store)} == {"added"}
    assert [e["sha256"] for e in store.entries()] == [
        sha256_of(store.frozen(e["sha256"])) for e in store.entries()
    ]
    assert (way == "cut") == any(c.startswith("bytes=") for _, c in asked.asked)


def test_an_edition_of_next_week_is_refused_and_of_tomorrow_is_not(
    asked: Publisher, tmp_path: Path
) -> None:
    """Washington's evening is London's next day: a date one day ahead is no lie."""
    today = dt.date.today()
    for name in DATED:
        ahead = str(today + dt.timedelta(days=7))
        asked.answers = ANSWERS[name](ahead, 0, 40)
        store = Store(tmp_path / name)
        (done,) = update([asked.at(name)], store)
        assert done.status == "refused"
        assert f"is dated {ahead}" in done.why
        assert "clock" in done.why
        tomorrow = str(today + dt.timedelta(days=1))
        asked.answers = ANSWERS[name](tomorrow, 0, 40)
        assert [d.status for d in update([asked.at(name)], store)] == ["added"]
        (entry,) = store.entries()
        assert (entry["stated"], entry["vintage"]) == (tomorrow, str(today))
        sql = f"SELECT count(*) AS n FROM parties WHERE source = '{name}'"
        seen = Holdings(store.root).connect(AsOf()).table(sql)["n"].to_pylist()
        assert seen == [40], "it is seen on the day on which it came"


def test_numbers_that_stand_in_the_further_remarks_are_a_partys_own(
    asked: Publisher, tmp_path: Path
) -> None:
    asked.answers = ANSWERS["ofac_sdn"]("2026-10-01", 0, 40)
    store = Store(tmp_path / "h")
    list(update([asked.at("ofac_sdn")], store))
    found = (
        Holdings(store.root)
        .connect(AsOf())
        .table(
            "SELECT party FROM parties WHERE identifiers LIKE '%1027700132195%' AND source = 'ofac_sdn' "
            "AND name LIKE 'MADE UP%'"
        )
    )
    assert found["party"].to_pylist() == ["ofac-1001"]


def test_aliases_come_with_the_consolidated_list(asked: Publisher, tmp_path: Path) -> None:
    asked.answers = ANSWERS["ofac_consolidated"]("2026-10-01", 0, 40)
    store = Store(tmp_path / "h")
    list(update([asked.at("ofac_consolidated")], store))
    found = (
        Holdings(store.root)
        .connect(AsOf())
        .table(
            "SELECT name FROM names WHERE party = 'ofac-1001' AND source = 'ofac_consolidated' "
            "AND name LIKE 'MUT 1001%'"
        )
    )
    assert len(found) == 1


def test_pages_without_end_are_refused(
    asked: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bilat.holdings.addresses.MOST_ROWS", 20)
    asked.answers = ANSWERS["portwatch_daily"]("2026-10-01", 0, 60)
    (done,) = update([asked.at("portwatch_daily")], Store(tmp_path / "h"))
    assert done.status == "refused" and "no end after" in done.why


def test_a_check_says_which_addresses_do_not_answer_and_when_they_did(
    asked: Publisher, tmp_path: Path
) -> None:
    one, store = asked.at("un_sc"), Store(tmp_path / "h")
    asked.answers = ANSWERS["un_sc"]("2026-10-01", 0, 40)
    assert [d.status for d in check([one], store)] == ["answers"]
    for way, said in (
        ("gone", "404"),
        ("page", "a page in place of the file"),
        ("loop", "redirects"),
    ):
        asked.way = way
        (done,) = check([one], store)
        assert done.status == "silent" and said in done.why and "(it did on 2026-10-09)" in done.why
    asked.way, asked.answers = "well", ANSWERS["ofac_sdn"]("2026-10-01", 0, 40)
    del asked.answers["SDN_COMMENTS.CSV"]
    assert [d.status for d in check([asked.at("ofac_sdn")], store)] == [
        "silent",
        "answers",
        "answers",
    ]


def test_every_address_says_how_it_is_known_and_every_other_source_what_a_person_does() -> None:
    for s in sources().values():
        for c in s.current:
            assert c.answered_in and c.url.startswith("https://")
            is_copy = "githubusercontent" in c.url and "github.com" not in s.url
            assert is_copy <= bool(c.copy_by), "a third party's copy that is not called one"
            assert c.path not in {f.path for f in s.files}
            assert c.answered is None or c.answered <= dt.date.today()
        assert s.files or s.current or s.by_hand


def test_a_source_without_an_address_says_what_a_person_does(tmp_path: Path) -> None:
    named = [sources()[n] for n in ("jp_end_users", "cn_announcements", "dcad", "exercises")]
    for update_or_check in (update, check):
        done = list(update_or_check(named, Store(tmp_path / "h")))
        assert {d.status for d in done} == {"by hand"}
        for d, word in zip(
            done,
            ("only as a PDF", "a page for each", "--mirror FILE", "upgrade"),
            strict=True,
        ):
            assert word in d.why
