# SPDX-License-Identifier: Apache-2.0
"""A screening run: hostile queries, resumption, thresholds, safe exports, as-of dates, decisions."""

import csv
import datetime as dt
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from bilat.cli import main as cli_main
from bilat.errors import DataError, UsageError
from bilat.files.cells import safe_cell
from bilat.holdings import Holdings
from bilat.parties.answers import screen as runner
from bilat.parties.answers.screen import screen
from bilat.parties.decisions.log import DecisionLog
from bilat.parties.lists.entries import changes_around, held_parties
from bilat.parties.queries.headers import columns_of
from bilat.parties.queries.query_files import read_queries
from bilat.parties.screening.alerts import COLUMNS
from bilat.parties.screening.list_index import open_screener
from bilat.parties.screening.request import least_of
from bilat.parties.screening.screener import Screener
from bilat.when import AsOf

LIST = [
    {
        "id": "kal",
        "schema": "Company",
        "names": ["Concern Kalashnikov", "Концерн Калашников"],
        "ids": ["ru:1831090630"],
        "country": "RU",
        "addresses": ["3 Deryabina Proezd, Izhevsk, 426006, Russia"],
    },
    {"id": "almaz", "schema": "Company", "names": ["JSC Almaz-Antey"], "ids": [], "country": "RU"},
    {"id": "cmd", "schema": "Company", "names": ["=cmd|' /C calc'!A0"], "ids": [], "country": "CN"},
    {
        "id": "ship",
        "schema": "Vessel",
        "names": ["SPARTA IV"],
        "ids": ["imo:9743033"],
        "country": "",
    },
    {
        "id": "addr",
        "schema": "Company",
        "names": ["Address 02"],
        "addresses": [
            "Address 02, Suite 1111, 11/F, Shun Tak Tower, 168-200 Connaught Road, Sheung Wan, "
            "Hong Kong"
        ],
    },
]


@pytest.fixture(autouse=True)
def _own_holdings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "BILAT_HOLDINGS", str(tmp_path / "holdings")
    )  # indexes of one test are not other's


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(json.dumps(p, ensure_ascii=False) for p in LIST), "utf-8")
    return path


def asked(tmp_path: Path, *names: str, name: str = "q.csv") -> Path:
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["query_id", "name"])
        writer.writerows([[f"q{n}", x] for n, x in enumerate(names)])
    return path


def rows(queries: Path, own: Path, **options) -> list[dict]:  # type: ignore[no-untyped-def]
    out: list[dict] = []
    screen(queries, lists=[str(own)], emit=out.append, **{"threshold": 0, **options})
    return out


def test_a_row_has_the_columns_promised_and_leads_to_its_source(tmp_path: Path, own: Path) -> None:
    (row, *_) = rows(asked(tmp_path, "АО «Концерн «Калашников»"), own)
    assert tuple(row) == COLUMNS
    assert (row["party"], row["rank"], row["source"]) == ("kal", 1, "mine.jsonl")
    assert row["locator"] == "line 1" and len(row["snapshot"]) == 64
    assert 0 < row["probability"] < 1 and row["band"] == "match"


def test_an_index_is_announced_when_it_is_made_and_only_then(
    tmp_path: Path, own: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bilat")
    rows(asked(tmp_path, "Almaz-Antey"), own)
    (made,) = [r.getMessage() for r in caplog.records if "Indexing" in r.getMessage()]
    assert f"the names of {len(LIST)} listed parties" in made
    caplog.clear()
    rows(asked(tmp_path, "Kalashnikov"), own)
    assert not caplog.records


#: Small lists: with ends of entries, with days of listing, and with editions.
SMALL_LISTS = ("us_1286", "us_1260h", "jp_end_users", "au_dfat", "cn_announcements")


@pytest.mark.parametrize("day", ["2026-11-20", "2026-07-22", "2026-03-01", "2024-02-29"])
def test_a_list_is_since_its_last_change_what_it_is_on_a_day(day: str) -> None:
    holdings = Holdings()
    changed, _ = changes_around(AsOf(day), holdings)
    assert changed <= day and changes_around(AsOf(changed), holdings)[0] == changed
    parties, _ = held_parties(SMALL_LISTS, AsOf(day), holdings)
    assert held_parties(SMALL_LISTS, AsOf(changed), holdings)[0] == parties


def test_an_index_ends_when_an_entry_that_is_public_comes_into_force() -> None:
    """The list of banned investments named firms in March 2021 whose ban began in April."""
    holdings = Holdings()
    before, begun = "2021-04-08", "2021-04-09"
    _, following = changes_around(AsOf("2021-03-20"), holdings)
    assert following <= begun
    parties = [held_parties(["us_mieu"], AsOf(day), holdings)[0] for day in (before, begun)]
    assert len(parties[0]) < len(parties[1])
    opened = [open_screener(["us_mieu"], AsOf(day), holdings) for day in (before, begun)]
    assert [len(o.screener) for o in opened] == [len(Screener(p)) for p in parties]


def test_an_index_of_an_earlier_day_holds_today_and_files_of_trade_leave_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path))
    holdings = Holdings()
    caplog.set_level(logging.INFO, "bilat")
    changed = changes_around(AsOf(dt.date.today()), holdings)[0]
    open_screener(["us_1286"], AsOf(changed), holdings)
    (trade, *_) = (e for e in holdings.entries() if "flows" in e["tables"])
    more = [*holdings.entries(), {**trade, "sha256": "0" * 64}]
    monkeypatch.setattr(Holdings, "entries", lambda _: more)
    open_screener(["us_1286"], None, holdings)
    assert sum("Indexing" in r.getMessage() for r in caplog.records) == 1


@pytest.mark.parametrize("now_first", [False, True])
def test_days_between_which_no_list_changed_share_an_index(
    now_first: bool, caplog: pytest.LogCaptureFixture
) -> None:
    holdings = Holdings()
    today = dt.date.today()
    last = today if now_first else dt.date(2026, 7, 25)
    changed = dt.date.fromisoformat(changes_around(AsOf(last), holdings)[0])
    asked = [last, changed, changed - dt.timedelta(days=1)]
    caplog.set_level(logging.INFO, "bilat")
    for day, made in zip(asked, (1, 0, 1), strict=True):
        caplog.clear()
        opened = open_screener(["us_1286"], AsOf(day), holdings)
        parties, _ = held_parties(["us_1286"], AsOf(day), holdings)
        assert len(opened.screener) == len(Screener(parties))
        assert sum("Indexing" in r.getMessage() for r in caplog.records) == made, day


def test_three_processes_that_need_an_index_make_it_once(tmp_path: Path, own: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name\nAlmaz-Antey\n", "utf-8")
    program = (
        "import logging, sys\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "from bilat.parties.screening.list_index import open_screener\n"
        "input()\n"
        "print(open_screener([sys.argv[1]], None, None).lists[0].parties)\n"
    )
    command = [sys.executable, "-c", program, str(own)]
    env = {**os.environ, "BILAT_HOLDINGS": str(tmp_path / "holdings")}
    several = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        for _ in range(3)
    ]
    for one in several:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    answers = [one.communicate(timeout=240) for one in several]
    assert [out.strip() for out, _ in answers] == [str(len(LIST))] * 3
    assert sum("Indexing the names" in said for _, said in answers) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is a pty")
def test_a_terminal_shows_that_an_index_is_made_and_a_pipe_does_not(
    tmp_path: Path, own: Path
) -> None:
    import pty

    command = [sys.executable, "-m", "bilat", "screen", "Almaz-Antey", "--lists", str(own)]
    main, terminal = pty.openpty()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True)
    os.close(terminal)
    assert b"Indexing the names of" in os.read(main, 10_000)
    os.close(main)
    again = tmp_path / "other"
    piped = {**os.environ, "BILAT_HOLDINGS": str(again)}
    done = subprocess.run(command, capture_output=True, env=piped, check=True)
    assert b"Indexing" not in done.stderr


def test_hostile_names_are_screened_like_any_other(tmp_path: Path, own: Path) -> None:
    names = [
        "",
        " ",
        "x" * 10_000,
        "=cmd|' /C calc'!A0",
        "\u202eevil\u202c",
        "كلاشنيكوف",
        "卡拉什尼科夫 Kalashnikov",
        "\x07bell",
        "Калашников قلعة",
    ]
    found = rows(asked(tmp_path, *names), own)
    assert {r["party"] for r in found if r["query_id"] == "q3" and r["rank"] == 1} == {"cmd"}
    assert {r["party"] for r in found if r["query_id"] == "q6" and r["rank"] == 1} == {"kal"}
    for row in found:
        json.dumps(row, allow_nan=False)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1+2", "@x", "\t=1", "\r=1", " =1", "|calc", "%x", "＝1", "＋1", "＠x"]
)
def test_no_cell_of_an_export_is_a_formula(cell: str) -> None:
    safe = str(safe_cell(cell))
    assert safe == "'" + cell.replace("\r", " ")
    assert safe_cell(-1.5) == -1.5 and safe_cell("-1.5") == "-1.5" and safe_cell(None) == ""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".parquet"])
def test_exports_hold_the_same_rows_and_are_safe_to_open(
    tmp_path: Path, own: Path, suffix: str
) -> None:
    queries = asked(tmp_path, "=cmd|' /C calc'!A0", "Almaz Antey")
    expected = rows(queries, own, top=2)
    out = tmp_path / f"out{suffix}"
    run = screen(queries, lists=[str(own)], out=out, top=2, threshold=0)
    assert run.rows == len(expected) and not out.with_name(out.name + ".part").exists()
    if suffix == ".csv":
        with out.open(encoding="utf-8", newline="") as handle:
            read = list(csv.DictReader(handle))
        assert read[0]["query"].startswith("'=cmd") and read[0]["name_matched"].startswith("'=cmd")
        parties = [r["party"] for r in read]
    elif suffix == ".xlsx":
        book = load_workbook(out)
        assert book.sheetnames == ["consignments", "alerts", "lists", "how to read it"]
        head, *cells = book["alerts"].iter_rows(values_only=True)
        assert all(c.data_type != "f" for sheet in book for r in sheet.iter_rows() for c in r)
        parties = [r[head.index("entry")] for r in cells]
    elif suffix == ".jsonl":
        parties = [json.loads(line)["party"] for line in out.read_text("utf-8").splitlines()]
    else:
        parties = pq.read_table(out)["party"].to_pylist()
    assert parties == [r["party"] for r in expected]


def test_a_run_that_was_cut_leaves_nothing_and_the_next_one_ends_with_the_same_bytes(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BATCH", 3)
    queries = asked(tmp_path, *[f"Kalashnikov {n}" for n in range(10)])
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    screen(queries, lists=[str(own)], out=whole)
    cut.write_text("earlier\n")

    def stop(done: int, total: int | None) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(queries, lists=[str(own)], out=cut, progress=stop)
    assert cut.read_text() == "earlier\n" and [p.name for p in tmp_path.glob("cut.jsonl?*")] == []
    (tmp_path / "cut.jsonl.part").write_bytes(b'{"half a ro')  # of a run that was killed
    screen(queries, lists=[str(own)], out=cut)
    assert cut.read_bytes() == whole.read_bytes()


def test_a_second_run_to_the_same_file_is_refused_before_any_work(
    tmp_path: Path, own: Path
) -> None:
    queries, out = asked(tmp_path, "Kalashnikov", "Almaz"), tmp_path / "out.jsonl"
    refused: list[str] = []

    def second(*_: object) -> None:
        with pytest.raises(DataError) as caught:
            screen(queries, lists=[str(own)], out=out)
        refused.append(str(caught.value))

    screen(queries, lists=[str(own)], out=out, progress=second)
    assert len(refused) == 1 and "another run is writing it" in refused[0] and "`out`" in refused[0]
    whole = out.read_bytes()
    screen(queries, lists=[str(own)], out=out)
    assert out.read_bytes() == whole and sorted(
        p.name for p in tmp_path.iterdir() if "out" in p.name
    ) == ["out.jsonl"]


def test_thresholds_are_probabilities_or_bands(tmp_path: Path, own: Path) -> None:
    queries = asked(
        tmp_path, "Concern Kalashnikov", *[f"Unrelated Words Number {n}" for n in range(99)]
    )
    for threshold in (0.3, "likely", None):
        assert {r["party"] for r in rows(queries, own, threshold=threshold)} == {"kal"}
    assert not rows(asked(tmp_path, "Concern Kalashnikof"), own, threshold=1)
    assert least_of("0.3") == 0.3 and least_of("") == 0.1
    for bad in ("2", "x", "5/1000", "-1", "0.0_5", "０.5", "nan", "/"):
        with pytest.raises(UsageError):
            least_of(bad)


def test_a_number_finds_the_party_whatever_the_name(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"query_id": 1, "name": "Some Other Words", "identifiers": ["1831090630"]}\n'
        '{"query_id": 2, "name": "SPARTA", "identifiers": "IMO 9743033"}\n'
        '{"query_id": 3, "name": "Concern Kalashnikov", "identifiers": "inn:7707083893"}\n',
        "utf-8",
    )
    found = rows(path, own)
    first = {r["query_id"]: r for r in reversed(found)}
    assert first["1"]["party"] == "kal" and first["1"]["identifiers"] == ["inn:1831090630"]
    assert first["2"]["party"] == "ship" and first["2"]["identifiers"] == ["imo:9743033"]
    assert [f["flag"] for f in first["3"]["flags"]] == ["identifier_conflict"]


def test_an_address_of_the_entity_list_is_found_without_a_name(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        json.dumps(
            {
                "query_id": "1",
                "name": "Bright Dawn Ltd",
                "address": "Suite 1111, 11th Floor, Shun Tak Tower, 168-200 Connaught Rd, Hong Kong",
            }
        ),
        "utf-8",
    )
    found = [r for r in rows(path, own) if r["flags"]]
    assert found[0]["party"] == "addr" and found[0]["flags"][0]["flag"] == "listed_address"
    assert (
        found[0]["flags"][0]["rule"].startswith("BIS final rule")
        and found[0]["probability"] is None
    )


def test_a_run_tells_what_it_could_not_read_and_what_it_assumes(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text(
        "name,country,birth_date\nAlmaz Antey,Zangaro,\nConcern Kalashnikov,RU,23745\nSPARTA "
        "IV,USSR,\n",
        "utf-8",
    )
    out = tmp_path / "alerts.xlsx"
    run = screen(path, lists=[str(own)], out=out)
    notes = [
        "in 2 rows, we could not read the country and did not use it: Zangaro (row 2), USSR (row 4)",
        "in 1 row, we could not read the date of birth and did not use it: 23745 (row 3)",
    ]
    assert [n for n in run.notes if "could not read" in n] == notes
    assert run.summary()[-1] == "we assume that one name in 100 is listed"
    assert "of listed people whose names are spelled as on other lists" in run.summary()[1]
    how = [r[0] for r in load_workbook(out)["how to read it"].iter_rows(values_only=True)]
    assert {*notes, run.summary()[-1]} <= {*how}


def test_a_decision_is_applied_to_later_runs(tmp_path: Path, own: Path) -> None:
    queries, log = (
        asked(tmp_path, "Калашников, концерн", "Almaz Antey"),
        tmp_path / "decisions.jsonl",
    )
    kept = DecisionLog(log)
    kept.add("Калашников, концерн", "kal", "false", "another firm", "A. Analyst")
    kept.add("Almaz Antey", "almaz", "true", "same number", "A. Analyst")
    found = rows(queries, own, decisions=log)
    assert ("q0", "kal") not in {(r["query_id"], r["party"]) for r in found}
    decided = [r for r in found if any(f["flag"] == "decided" for f in r["flags"])]
    assert {(r["query_id"], r["party"]) for r in decided} == {("q1", "almaz")}
    run = screen(queries, lists=[str(own)], emit=lambda r: None, decisions=log)
    assert [f["party"] for f in run.folded] == ["kal"] and "another firm" in run.folded[0]["says"]
    strict = rows(queries, own, decisions=log, four_eyes=True)
    assert ("q0", "kal") in {(r["query_id"], r["party"]) for r in strict}
    kept.add("Калашников, концерн", "kal", "false", "looked at the INN", "B. Second")
    strict = rows(queries, own, decisions=log, four_eyes=True)
    assert ("q0", "kal") not in {(r["query_id"], r["party"]) for r in strict}


def test_a_decision_expires_when_the_listed_entry_changes(tmp_path: Path, own: Path) -> None:
    from bilat.parties.decisions.reach import entry_digest
    from bilat.parties.screening.list_index import open_screener

    queries, log = asked(tmp_path, "Concern Kalashnikov"), tmp_path / "decisions.jsonl"
    record = open_screener([str(own)], None, None).screener.by_id("kal")
    DecisionLog(log).add(
        "Concern Kalashnikov", "kal", "false", "r", "w", entry=entry_digest(record)
    )
    assert not [r for r in rows(queries, own, decisions=log) if r["party"] == "kal"]
    own.write_text(
        own.read_text("utf-8").replace('"Concern Kalashnikov"', '"Concern Kalashnikov", "KK"', 1),
        "utf-8",
    )
    (row,) = [r for r in rows(queries, own, decisions=log) if r["party"] == "kal"]
    assert row["flags"][-1]["flag"] == "decision_expired"
    with pytest.raises(DataError, match="is not on any list that we check"):
        open_screener([str(own)], None, None).screener.by_id("no-such-party")


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("q.csv", b"id;title\n1;x\n", "no column 'name'"),
        ("q.csv", b"query_id,name\n1,a,b\n", "row 2: value '1' begins a row of 3 fields"),
        ("q.csv", b"query_id,name\n1,a\x00b\n", "row 2 has a NUL byte"),
        (
            "q.csv",
            b'query_id,name\n1,"a\n2,b\n',
            "row 2: value '1,\"a' opens a quote that is never closed",
        ),
        ("q.csv", b"", "is empty"),
        ("q.csv", b"name,name\na,b\n", "twice"),
        ("q.csv", b'query_id,name\n1,"ROSNEFT\n2,VTB\n', "row 2: .*quote that is never closed"),
        ("q.csv", b"query_id,name\n1,VTB\n2,RO\x00SNEFT\n", "row 3 has a NUL"),
        ("q.csv", "query_id,name\n1,VTB\n2,RO\x00SNEFT\n".encode("utf-16"), "row 3 has a NUL"),
        ("q.csv", b"query_id,name\n1," + b"x" * 1_100_000 + b"\n", "row 2 is longer than 1024 KB"),
        (
            "q.jsonl",
            b'{"name": "VTB"}\n{"name": "RO\\u0000SNEFT"}\n',
            "row 2: column name: .*has a NUL",
        ),
        ("q.jsonl", b'{"name": "' + b"x" * 1_100_000 + b'"}\n', "row 1 is longer than 1024 KB"),
        ("q.jsonl", b'{"name": ' + b"9" * 5000 + b"}\n", "row 1 is not JSON .*5000 digits"),
        ("q.jsonl", b'{"name": ' + b"[" * 50_000 + b"}\n", "row 1 is not JSON .*nested"),
        ("q.jsonl", b"[1]\n", "is not a JSON object"),
        ("q.jsonl", b'{"query_id": 1}\n', "row 1: no column 'name'"),
        ("q.parquet", b"PAR1nonsense", "not a valid Parquet"),
    ],
)
def test_a_broken_file_of_queries_is_refused_before_any_work(
    tmp_path: Path, own: Path, name: str, body: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(DataError, match=says) as caught:
        screen(path, lists=[str(own)], out=tmp_path / "out.jsonl")
    assert "\n" not in str(caught.value) and not (tmp_path / "out.jsonl").exists()


def test_other_delimiters_are_told_by_the_header(tmp_path: Path) -> None:
    for n, delimiter in enumerate((";", "\t", "|")):
        path = tmp_path / f"q{n}.csv"
        path.write_text(
            delimiter.join(["query_id", "name"]) + "\n" + delimiter.join(["7", "Alfa, Ltd"]) + "\n",
            "utf-8",
        )
        (query,) = read_queries(path)
        assert (query.id, query.name) == ("7", "Alfa, Ltd")


def test_parquet_queries_with_lists_of_numbers(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "q.parquet"
    pq.write_table(pa.table({"name": ["x y"], "identifiers": [["imo:9743033"]]}), path)
    assert rows(path, own)[0]["party"] == "ship"


def test_usage_is_refused_clearly(tmp_path: Path, own: Path) -> None:
    queries = asked(tmp_path, "x")
    for wrong in (
        {"top": 0},
        {"out": tmp_path / "out.docx"},
        {"threshold": "much"},
        {"base_rate": 1.0},
        {"engine": "abacus"},
    ):
        with pytest.raises(UsageError):
            screen(queries, lists=[str(own)], emit=lambda r: None, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="is neither the file of a list nor a list that we have"):
        screen(queries, lists=["nonsense"], emit=lambda r: None)
    with pytest.raises(UsageError):
        screen(tmp_path / "missing.csv", lists=[str(own)])


def test_an_undated_list_cannot_be_asked_as_of_a_date(tmp_path: Path, own: Path) -> None:
    with pytest.raises(UsageError, match="have no date"):
        screen(
            asked(tmp_path, "x"), lists=[str(own)], as_of=AsOf("2023-03-15"), emit=lambda r: None
        )


def test_an_undated_list_can_be_asked_as_of_today(tmp_path: Path, own: Path) -> None:
    assert rows(asked(tmp_path, "Concern Kalashnikov"), own, as_of=AsOf())[0]["party"] == "kal"


def test_as_of_march_2023_nobody_designated_later_is_found(tmp_path: Path, mirror: Path) -> None:
    """From the embedded lists, and from a later file dated by its numbers."""
    import bilat.parties.lists.entries as held

    then = AsOf("2023-03-15")
    early = {
        p.party.id
        for p in held.held_parties([str(mirror / "parties/ofac/sdn_2023-03-15.csv")], None, None)[0]
    }
    embedded, _ = held.held_parties(["ofac"], then, None)
    assert {h.party.id for h in embedded} == early
    from_later_file, _ = held.held_parties(
        [str(mirror / "parties/ofac/sdn_2024-05-03.csv")], then, None
    )
    assert from_later_file and {h.party.id for h in from_later_file} <= early
    every, _ = held.held_parties(None, then, None)
    assert all(e.listed_on <= "2023-03-15" for h in every for e in h.party.listings if e.listed_on)
    found: list[dict] = []
    # Designated on 15 December 2022 and on 1 May 2024.
    queries = asked(
        tmp_path,
        "Potanin Vladimir Olegovich",
        "Zhongcheng Heavy Equipment Shandong Defence Technology Co",
    )
    screen(queries, lists=["ofac"], as_of=then, emit=found.append, threshold=0.5)
    assert [r["query_id"] for r in found if r["rank"] == 1] == ["q0"]
    found.clear()
    screen(queries, lists=["ofac"], as_of=AsOf("2024-05-03"), emit=found.append, threshold=0.5)
    assert {r["query_id"] for r in found} == {"q0", "q1"}


def test_the_order_in_which_the_engine_reads_rows_changes_no_party() -> None:
    day = AsOf("2026-11-24")
    holdings, shuffled = Holdings(), Holdings()
    engine = shuffled.connect(day)
    for table in ("parties", "names", "addresses", "listings", "links"):
        engine.run(
            f'CREATE TABLE "{table}_shuffled" AS SELECT * FROM "{table}" ORDER BY hash("{table}")'
        )
        engine.run(f'CREATE OR REPLACE VIEW "{table}" AS SELECT * FROM "{table}_shuffled"')
    as_read = engine.table("SELECT party FROM parties").column("party").to_pylist()
    assert (
        as_read
        != holdings.connect(day).table("SELECT party FROM parties").column("party").to_pylist()
    )
    assert held_parties(None, day, shuffled) == held_parties(None, day, holdings)


def test_a_name_that_stands_twice_is_asked_once_and_each_row_keeps_its_own_cells(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked_for = tmp_path / "in.csv", []
    path.write_text("name,Remark\nKalashnikov,one\nBlue Bakery,two\nKalashnikov,three\n", "utf-8")
    find = Screener.find
    monkeypatch.setattr(
        Screener,
        "find",
        lambda s, queries, **more: asked_for.extend(queries) or find(s, queries, **more),
    )
    rows: list[dict] = []
    run = screen(path, lists=[str(own)], emit=rows.append)
    assert [q.name for q in asked_for].count("Kalashnikov") == 1
    assert [(r["query_id"], r["asked"]["Remark"]) for r in rows] == [("2", "one"), ("4", "three")]
    assert run.queries == 3 and sum(run.names.values()) == 3


@pytest.mark.parametrize(
    "header",
    [
        ["Name", "Geb.-Dat.", "Land"],
        ["Nom complet", "Né(e) le", "Pays"],
        ["Nom", "Date naiss.", "Code pays"],
        ["Nombre", "Fecha de nacimiento", "País"],
        ["Ф.И.О.", "Дата рожд.", "Страна"],
        ["姓名", "出生年月日", "国家/地区"],
    ],
)
def test_headers_of_five_languages_are_read(header: list[str]) -> None:
    assert columns_of("names.csv", header).fields == ("name", "birth_date", "country")
    assert columns_of("names.csv", ["Name", "Geburtsort"]).fields == ("name", "")


def test_a_file_without_a_header_is_refused_in_words() -> None:
    with pytest.raises(
        DataError, match=r"in the header \(Sberbank, Russia\)[.;] [Ss]ay which it is"
    ):
        columns_of("names.csv", ["Sberbank", "Russia"])


def test_several_names_are_summed_up_by_the_head_of_each_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full stop in a listed name ends nothing."""
    own = tmp_path / "mine.jsonl"
    party = {"id": "n", "schema": "Company", "names": ["N.V. Tikhonov Instrument Works"]}
    own.write_text(json.dumps(party), "utf-8")
    typed = ("Zapad Trade of N.V. Tikhonov Instrument Works", "N.V. Tikhonov")
    with pytest.raises(SystemExit) as end:
        cli_main(["screen", *typed, "--lists", str(own), "--json"])
    assert end.value.code == 0
    said = json.loads(capsys.readouterr().out)["summary"]
    heads = ("CONTAINS A LISTED NAME", "SHARES WORDS WITH A LISTED NAME", "PART OF A LONGER NAME")
    for name, line in zip(typed, said, strict=True):
        head = line.removeprefix(f"{name}: ")
        assert head.startswith(heads) and ":" not in head, line
