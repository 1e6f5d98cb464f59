# SPDX-License-Identifier: Apache-2.0
"""The canary: answers are counted, compared with those of the last check, and stored nowhere."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from publishers import ANSWERS
from recorded import CHAINS, Internet, Misbehaviour, small, status

from bilat.catalog import Source
from bilat.document import Frame
from bilat.holdings import Store, canary, request_log
from bilat.holdings.acceptance import Pulled
from bilat.holdings.canary import check
from bilat.holdings.pull import update
from bilat.records.questions import UpdateQuestion

#: A check reads one answer of these, an update several.
IN_PARTS = {"oryx_daily", "portwatch_daily"}


def checked(store: Store, one: Source) -> Pulled:
    """What a check says of the one file of a source."""
    (done,) = check([one], store)
    return done


@pytest.mark.parametrize("name", sorted(set(CHAINS) - IN_PARTS))
def test_a_check_counts_the_rows_that_an_update_takes_in(
    name: str, internet: Internet, tmp_path: Path
) -> None:
    """CSV, XML, JSON, workbooks, an archive; behind redirects, links, and questions by POST."""
    internet.files = ANSWERS[name]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    one = small(name)
    seen = list(check([one], store))
    assert {(d.status, d.why, d.changes) for d in seen} == {("answers", "", ())}
    assert store.entries() == []
    assert {p.name for p in store.root.iterdir()} == {request_log.NAME}
    added = {d.path: d.rows for d in update([one], store)}
    assert {d.path: d.rows for d in seen} == added
    assert all(rows >= 40 for rows in added.values())
    logged: dict[str, int] = {}
    for r in request_log.read(store.root):
        if r["answer"] == "answers":
            logged[r["path"]] = logged.get(r["path"], 0) + r["rows"]
            assert r["status"] == 200
            assert r["size"] > 0
    assert logged == added


@pytest.mark.parametrize("name", ["us_csl", "un_sc", "ua_general_staff", "vdem_country_year"])
def test_rows_that_change_between_two_days_are_said(
    name: str, internet: Internet, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    one = small(name)
    internet.files = ANSWERS[name]("2026-11-20", 0, 40)
    before = {d.path: d.rows for d in check([one], store)}
    internet.files = ANSWERS[name]("2026-11-21", 0, 43)
    for done in check([one], store):
        more = done.rows - before[done.path]
        assert more > 0
        (line,) = done.changes
        assert f": {done.rows:,} rows, {before[done.path]:,} on " in line
        assert line.endswith(f"({more:+,})")
    internet.files = ANSWERS[name]("2026-11-22", 0, 40)
    for done in check([one], store):
        assert done.rows == before[done.path]
        assert "(-" in done.changes[0]


def test_what_a_publisher_says_has_not_changed_is_not_sent_again(
    internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    list(update([small("un_sc")], store))
    rows = [d.rows for d in (checked(store, small("un_sc")) for _ in range(3))]
    first, *checks = request_log.read(store.root)
    assert first["rows"] > 0
    assert rows == [first["rows"]] * 3
    assert [(r["status"], r["rows"]) for r in checks] == [(304, first["rows"])] * 3
    internet.files = ANSWERS["un_sc"]("2026-11-21", 0, 41)
    done = checked(store, small("un_sc"))
    assert done.rows > first["rows"]
    assert [line.split(": ")[1].split(",")[0] for line in done.changes] == [f"{done.rows} rows"]
    assert len(store.entries()) == 1


def test_a_publisher_without_validators_is_read_again(internet: Internet, tmp_path: Path) -> None:
    internet.files = ANSWERS["eu_financial"]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    first, second = (checked(store, small("eu_financial")) for _ in range(2))
    assert first.rows == second.rows > 0
    assert [r["status"] for r in request_log.read(store.root)] == [200, 200]


def test_a_body_that_the_reader_refuses_is_no_good_answer(
    internet: Internet, tmp_path: Path
) -> None:
    store = Store(tmp_path / "h")
    whole = ANSWERS["us_csl"]("2026-11-20", 0, 400)["consolidated.csv"]
    internet.files = {"consolidated.csv": whole}
    good = checked(store, small("us_csl"))
    internet.files = {"consolidated.csv": whole.replace(b",addresses,", b",adresses,")}
    broken = checked(store, small("us_csl"))
    assert (broken.status, broken.rows) == ("unreadable", 0)
    assert "addresses" in broken.why
    internet.files = {"consolidated.csv": b"\x00\xff" * 4000}
    assert checked(store, small("us_csl")).status == "unreadable"
    internet.files = {"consolidated.csv": whole}
    again = checked(store, small("us_csl"))
    assert (again.status, again.rows) == ("answers", good.rows)
    assert store.entries() == []


def test_an_archive_that_is_damaged_is_said_to_be(internet: Internet, tmp_path: Path) -> None:
    ((name, body),) = ANSWERS["vdem_country_year"]("2026-11-20", 0, 40).items()
    internet.files = {name: body[: len(body) // 2]}
    done = checked(Store(tmp_path / "h"), small("vdem_country_year"))
    assert done.status == "unreadable"
    assert "zip archive" in done.why


def test_an_address_that_is_gone_is_silent_and_what_changed_is_said(
    internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    assert checked(store, small("un_sc")).changes == ()
    internet.instead["scsanctions.un.org"] = status(404)
    gone = checked(store, small("un_sc"))
    assert (gone.status, gone.rows) == ("silent", 0)
    assert "HTTP 404" in gone.why
    assert "status 404, 200 on" in gone.changes[0]
    internet.instead.clear()
    back = checked(store, small("un_sc"))
    assert back.rows > 0
    assert "status 200, 404 on" in back.changes[0]
    logged = list(request_log.read(store.root))
    assert [r["answer"] for r in logged] == ["answers", "silent", "answers"]
    stored = "unsolprodfiles.blob.core.windows.net"
    assert [r["host"] for r in logged] == [stored, "scsanctions.un.org", stored]


def test_one_of_two_addresses_of_a_file_that_is_silent_is_named(
    internet: Internet, tmp_path: Path
) -> None:
    internet.files = ANSWERS["ofac_sdn"]("2026-11-20", 0, 40)
    del internet.files["SDN_COMMENTS.CSV"]
    done = {d.path: d for d in check([small("ofac_sdn")], Store(tmp_path / "h"))}
    assert done["parties/ofac/sdn.csv"].status == "silent"
    assert "SDN_COMMENTS.CSV: HTTP 404" in done["parties/ofac/sdn.csv"].why
    assert done["parties/ofac/alt.csv"].status == "answers"


@pytest.fixture
def sent(internet: Internet) -> list[int]:
    """The bytes of each answer of the UN's store, which has no end."""
    counts: list[int] = []

    def endless(length: int) -> Misbehaviour:
        def send(answer: BaseHTTPRequestHandler) -> None:
            answer.send_response(200)
            if length:
                answer.send_header("Content-Length", str(length))
            answer.end_headers()
            counts.append(0)
            try:
                while counts[-1] < 200 << 20:
                    answer.wfile.write(b"<x>" * 30_000)
                    counts[-1] += 90_000
            except OSError:
                answer.close_connection = True

        return send

    internet.instead["unsolprodfiles.blob.core.windows.net"] = endless(3_000_000_000)
    internet.instead["scsanctions.un.org"] = endless(0)
    return counts


def test_a_huge_answer_is_left_at_once_and_names_the_rows_of_the_last_update(
    internet: Internet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: list[int]
) -> None:
    monkeypatch.setattr(canary, "READ_TO", 500_000)
    endless = dict(internet.instead)
    internet.instead.clear()
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40)
    store = Store(tmp_path / "h")
    (added,) = update([small("un_sc")], store)
    store_of_un = "unsolprodfiles.blob.core.windows.net"
    internet.instead[store_of_un] = endless[store_of_un]
    done = checked(store, small("un_sc"))
    assert (done.status, done.rows) == ("answers", 0)
    assert "3,000,000,000 bytes, where a check reads 500,000; rows not counted" in done.why
    assert f"({added.rows:,} at the update of " in done.why
    internet.instead["scsanctions.un.org"] = endless["scsanctions.un.org"]
    without_length = checked(store, small("un_sc"))
    assert "no end, where a check reads 500,000" in without_length.why
    assert len(sent) == 2
    assert max(sent) < 20 << 20, "the connection was closed"
    assert len(store.entries()) == 1


def test_a_transfer_that_stops_is_silent(internet: Internet, tmp_path: Path) -> None:
    internet.files = ANSWERS["us_csl"]("2026-11-20", 0, 4000)
    internet.cut_at = [100_000]
    done = checked(Store(tmp_path / "h"), small("us_csl"))
    assert done.status == "silent"


def test_the_first_of_several_answers_is_counted_alone(internet: Internet, tmp_path: Path) -> None:
    internet.files = ANSWERS["portwatch_daily"]("2026-11-20", 0, 40)
    done = checked(Store(tmp_path / "h"), small("portwatch_daily"))
    assert done.status == "answers"
    assert 0 < done.rows < 40
    assert "the first of several answers only" in done.why
    assert len(internet.asked) == 1


def test_the_command_tells_rows_and_ends_with_one_where_a_file_is_broken(
    internet: Internet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [small("un_sc"), small("us_csl")]
    monkeypatch.setattr("bilat.records.questions._wanted", lambda names: sources)
    internet.files = ANSWERS["un_sc"]("2026-11-20", 0, 40) | {"consolidated.csv": b"_id,source\n"}
    question = UpdateQuestion(check=True, holdings=tmp_path / "h")
    answer = question.answer(Frame())
    assert answer.exit == 1
    told = {d.source: (d.status, d.rows) for d in answer.data}
    assert told == {"un_sc": ("answers", 160), "us_csl": ("unreadable", 0)}
    assert answer.title == "1 answers, 1 unreadable"
