# SPDX-License-Identifier: Apache-2.0
"""The decision log cannot be altered unseen; editions are compared; the measure counts exactly."""

import json
import multiprocessing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bilat.cli import app
from bilat.errors import DataError, UsageError
from bilat.measures import ask
from bilat.parties.addresses import AddressIndex, address_tokens
from bilat.parties.decisions import DecisionLog, pair_key
from bilat.parties.screen import screen
from bilat.parties.watchlist import as_rows, watchlist_diff


def log_of(tmp_path: Path) -> DecisionLog:
    log = DecisionLog(tmp_path / "log" / "decisions.jsonl")
    log.add("Alfa", "p1", "false", "another town", "Ann", snapshot="s", data_version="v")
    log.add("Beta", "p2", "true", "same INN", "Ben")
    log.add("ALFA", "p1", "true", "looked again", "Ann")
    return log


def test_the_latest_decision_on_a_pair_counts_and_all_are_kept(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    assert log.latest()[pair_key("alfa.", "p1")].decision.verdict == "true"
    assert [e["verdict"] for e in log.trail()] == ["false", "true", "true"]
    assert log.trail()[0]["data_version"] == "v" and log.trail()[0]["when"].endswith("+00:00")


@pytest.mark.parametrize("harm", ["alter", "cut", "swap", "insert"])
def test_an_altered_log_is_refused(tmp_path: Path, harm: str) -> None:
    log = log_of(tmp_path)
    lines = log.path.read_text("utf-8").splitlines()
    if harm == "alter":
        lines[0] = lines[0].replace("another town", "some other town")
    elif harm == "cut":
        lines = lines[1:]
    elif harm == "swap":
        lines = [lines[0], lines[2], lines[1]]
    else:
        lines.insert(1, json.dumps({"query": "x"}))
    log.path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(DataError, match=r"row \d"):
        log.trail()
    with pytest.raises(DataError):
        log.add("Gamma", "p3", "true", "r", "w")


@pytest.mark.parametrize("kept", [1, 9, 40, -3])
def test_a_torn_last_line_is_passed_over_and_the_next_decision_takes_its_place(
    tmp_path: Path, kept: int
) -> None:
    """A full disk or a lost machine stops a write in the middle: nobody was told that it was kept."""
    log = log_of(tmp_path)
    whole = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(whole[:2]) + whole[2][:kept])
    assert [d.query for d in log.entries()] == ["Alfa", "Beta"]
    log.add("Gamma", "p3", "true", "r", "Ann")
    assert [d.query for d in log.entries()] == ["Alfa", "Beta", "Gamma"]


def test_a_last_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.path.write_bytes(log.path.read_bytes().rstrip(b"\n"))
    assert len(list(log.entries())) == 3
    log.add("Gamma", "p3", "true", "r", "Ann")
    assert len(list(log.entries())) == 4


@pytest.mark.parametrize("tail", [b"not ours", b'{"other": 1', b'{"query": "x"}\n'])
def test_a_foreign_last_line_is_no_torn_one(tmp_path: Path, tail: bytes) -> None:
    log = log_of(tmp_path)
    log.path.write_bytes(log.path.read_bytes() + tail)
    with pytest.raises(DataError, match="row 4"):
        list(log.entries())
    with pytest.raises(DataError, match="row 4"):
        log.add("Gamma", "p3", "true", "r", "Ann")


def _decide(path: str, who: str) -> None:
    for n in range(5):
        DecisionLog(Path(path)).add(f"q{n}", f"p{n}", "true", "r", who)


def test_writers_at_once_lose_nothing_and_keep_the_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_decide, args=(str(tmp_path / "d.jsonl"), f"w{n}")) for n in range(6)]
    for w in workers:
        w.start()
    for w in workers:
        w.join(100)
        assert w.exitcode == 0
    found = list(DecisionLog(tmp_path / "d.jsonl").entries())
    assert len(found) == 30 and {d.who for d in found} == {f"w{n}" for n in range(6)}
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_log_that_does_not_exist_is_refused_and_not_taken_as_empty(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "decisons.jsonl")
    with pytest.raises(DataError, match=r"decisons\.jsonl: there is no such log of decisions; name the log"):
        log.existing()
    queries = tmp_path / "q.csv"
    queries.write_text("query_id,name\n1,VTB\n", "utf-8")
    with pytest.raises(DataError, match="there is no such log of decisions"):
        screen(queries, decisions=log.path)
    assert CliRunner().invoke(app, ["decide", str(log.path)]).exit_code != 0 and not log.path.exists()
    log.add("VTB", "p1", "false", "another bank", "me")
    assert len(log.existing().trail()) == 1


@pytest.mark.parametrize(
    "wrong", [{"verdict": "maybe"}, {"reason": " "}, {"who": ""}, {"query": ""}, {"party": " "}]
)
def test_an_incomplete_decision_is_refused(tmp_path: Path, wrong: dict) -> None:
    whole = {"query": "Alfa", "party": "p", "verdict": "true", "reason": "r", "who": "w", **wrong}
    with pytest.raises(UsageError):
        DecisionLog(tmp_path / "d.jsonl").add(**whole)
    assert not (tmp_path / "d.jsonl").exists()


# -- editions ------------------------------------------------------------------------------------------


def test_a_week_of_may_2024(mirror: Path) -> None:
    """305 numbers are new and 8 gone between the editions of 26 April and 3 May 2024."""
    a, b = (str(mirror / f"parties/ofac/sdn_2024-{d}.csv") for d in ("04-26", "05-03"))
    changes = watchlist_diff(a, b)
    assert sum(c.what == "added" for c in changes) == 305
    assert sum(c.what == "removed" for c in changes) == 8
    assert all(c.field and (c.before or c.after) for c in changes if c.what == "changed")
    assert watchlist_diff(a, a) == []
    backwards = watchlist_diff(b, a)
    assert {c.party for c in backwards if c.what == "added"} == {
        c.party for c in changes if c.what == "removed"
    }
    json.dumps(as_rows(changes))


def test_two_dates_of_the_lists_held(mirror: Path) -> None:
    changes = watchlist_diff("2024-04-30", "2024-05-03", lists=["ofac_sdn"])
    assert sum(c.what == "added" for c in changes) == 305
    with pytest.raises(UsageError, match="earlier"):
        watchlist_diff("2024-05-03", "2024-04-30", lists=["ofac_sdn"])
    with pytest.raises(UsageError):
        watchlist_diff("soon", "later")


# -- addresses -----------------------------------------------------------------------------------------

LISTED = [
    "Unit 1, 12/F, Tai Sang Bank Building, 130-132 Des Voeux Road Central, Hong Kong",
    "203, Fontanka Emb., 190121, St. Petersburg, Russia",
    "Moscow, Russia",
    "130 Nathan Road, Kowloon, Hong Kong",
]


def test_one_place_written_twice_is_one_place() -> None:
    index = AddressIndex(LISTED, [0, 1, 2, 3])
    found = index.look_up(
        [
            "12th Floor, Tai Sang Bank Bldg, 130-132 Des Voeux Rd C., Hong Kong",
            "наб. Фонтанки, д. 203, Санкт-Петербург, 190121",
            "Moscow",
            "131 Nathan Rd, Hong Kong",
            "",
        ]
    )
    assert [hit.address for hit in found[0]] == [0]
    assert found[2] == found[3] == found[4] == []


def test_street_words_are_of_one_form() -> None:
    assert address_tokens("ul. Lenina 5, str. 2") == address_tokens("Lenina street 5, bldg 2")


# -- the measure ---------------------------------------------------------------------------------------


def counted(day: str, **params: object) -> dict[str, float]:
    m = ask("parties.china_listings", as_of=day, **params)
    assert m.evidence.num_rows == sum(p.value or 0 for p in m.points)
    return {p.period: float(p.value or 0) for p in m.points}


def test_parties_in_china_under_russia_programmes_are_4_13_and_81() -> None:
    """PF32, exact, with the address file of December 2025."""
    assert counted("2024-05-03") == {"2022-02-17": 4, "2023-03-15": 13, "2024-05-03": 81}


def test_on_the_papers_date_only_the_two_editions_before_it_are_known() -> None:
    assert counted("2023-03-20") == {"2022-02-17": 4, "2023-03-15": 13}
    assert counted("2022-01-01") == {}


def test_hong_kong_is_counted_only_where_asked_for() -> None:
    assert counted("2024-05-03", hong_kong=True) == {"2022-02-17": 5, "2023-03-15": 15, "2024-05-03": 83}


def test_a_dyad_without_russia_has_no_such_listings() -> None:
    m = ask("parties.china_listings", ("CHN", "IRN"), as_of="2024-05-03")
    assert not m.points and m.evidence.num_rows == 0 and m.note
