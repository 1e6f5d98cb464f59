# SPDX-License-Identifier: Apache-2.0
"""The decision log cannot be altered unseen; editions are compared; the measure counts exactly."""

import hashlib
import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bilat.cli import application
from bilat.document import Frame
from bilat.document.plain import envelope
from bilat.errors import DataError, UsageError
from bilat.measures import ask
from bilat.parties.answers.screen import screen
from bilat.parties.answers.screening_question import ScreenQuestion
from bilat.parties.decisions.log import KNOWN, LATER, DecisionLog, pair_key
from bilat.parties.decisions.reach import RowFacts, effect_of_decisions
from bilat.parties.lists.watchlist import Difference, compare, document
from bilat.parties.match.addresses import AddressIndex, address_tokens
from bilat.parties.queries.query import Query, identifiers


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
    workers = [
        context.Process(target=_decide, args=(str(tmp_path / "d.jsonl"), f"w{n}")) for n in range(6)
    ]
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
    with pytest.raises(
        DataError, match=r"decisons\.jsonl: there is no such log of decisions; name the log"
    ):
        log.existing()
    queries = tmp_path / "q.csv"
    queries.write_text("query_id,name\n1,VTB\n", "utf-8")
    with pytest.raises(DataError, match="there is no such log of decisions"):
        screen(queries, decisions=log.path)
    assert (
        CliRunner().invoke(application(), ["screen", "decide", str(log.path)]).exit_code != 0
        and not log.path.exists()
    )
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


# -- what a decision knew beside the name ------------------------------------------------------------------

NAMESAKE = {
    "id": "x1",
    "schema": "Person",
    "names": ["Behzad Mohammadi"],
    "ids": ["passport:A1234567"],
    "country": "IR",
    "born": "07 Apr 1966",
    "addresses": ["12 Azadi Street, Karaj, 31437, Iran"],
}
NAME = "Behzad Mohammadi"


@pytest.fixture
def namesakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "holdings"))
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({k: v for k, v in NAMESAKE.items() if k != "born"}) + "\n", "utf-8")
    return path


def said(record: dict | None = None, **beside: Any) -> RowFacts:
    """A row of the namesake's name with what stands beside it."""
    numbers, placed = beside.pop("numbers", ()), beside.pop("placed", False)
    entry = {
        "ids": ["x1"],
        "names": [[NAME, "primary"]],
        "listings": [],
        "born": ["07 Apr 1966"],
        "countries": ["IRN"],
        "addresses": [["12 Azadi Street, Karaj, 31437, Iran", False]],
        "identifiers": ["passport:A1234567"],
    }
    number = beside.pop("number", "")
    return RowFacts(
        Query("1", NAME, 1, identifiers=identifiers(number), **beside),
        record or entry,
        numbers,
        placed,
    )


def cleared(tmp_path: Path, *known: dict[str, str], verdict: str = "false", same: bool = False):  # type: ignore[no-untyped-def]
    log = DecisionLog(tmp_path / "known.jsonl")
    for n, k in enumerate(known):
        log.add(NAME, "x1", verdict, "another man", "Ann" if same else f"w{n}", known=k)
    return lambda row: effect_of_decisions(log.latest()[pair_key(NAME, "x1")], row)


def test_a_decision_has_the_fields_of_what_may_be_known() -> None:
    assert ("entry", "marking", "action", *KNOWN) == LATER


@pytest.mark.parametrize(
    ("known", "beside", "folds"),
    [
        ({}, {}, True),
        ({}, {"born": "1999"}, True),  # speaks against the party
        ({}, {"country": "DE"}, True),
        ({}, {"born": "1966"}, False),
        ({}, {"country": "IR"}, False),
        ({}, {"nationality": "ایران"}, False),
        ({}, {"place": "Karaj"}, False),
        ({}, {"number": "passport:A1234567", "numbers": ["passport:A1234567"]}, False),
        ({}, {"address": "12 Azadi Street, Karaj", "placed": True}, False),
        ({"born": "1999"}, {"born": "1966"}, False),
        ({"born": "1999"}, {"born": "1985"}, False),  # a third man
        ({"born": "1999"}, {"born": "3 Mar 1999"}, True),
        ({"born": "1999"}, {}, False),  # the date told them apart, the row has none
        ({"born": "1999"}, {"born": "unknown"}, False),
        ({"born": "1999"}, {"country": "DE"}, False),
        ({"born": "1966"}, {}, True),  # the listed year told nobody apart
        ({"born": "1966"}, {"born": "1966"}, True),  # cleared although the year is the listed one
        ({"born": "1966"}, {"born": "1966-04-07"}, False),  # the day is more than was known
        ({"born": "1966-04-07"}, {"born": "1966"}, True),
        ({"country": "IR"}, {"nationality": "Iran"}, True),
        ({"country": "DE"}, {"country": "FR"}, False),
        ({"country": "DE"}, {"country": "DE; IR"}, False),
        ({"country": "DE"}, {"country": "EU"}, False),
        ({"country": "DE"}, {}, False),
        ({"country": "IR"}, {}, True),
        ({"country": "DE", "place": "Bonn"}, {"country": "DE"}, True),
        ({"country": "DE", "born": "1999"}, {"country": "DE"}, False),
        ({"number": "passport:B7654321"}, {}, False),
        ({"number": "swift:EBILAEAD"}, {}, False),  # nothing else told them apart
        ({"country": "DE", "number": "swift:EBILAEAD"}, {"country": "DE"}, True),
        ({"country": "DE", "born": "1999"}, {"country": "DE", "born": "1999"}, True),
        ({"number": "passport:B7654321"}, {"number": "passport:C1111111"}, False),
        ({"number": "passport:B7654321"}, {"number": "passport:B7654321"}, True),
        ({"place": "Karaj"}, {"place": "KARAJ"}, True),
        (
            {"address": "12 Azadi Street, Karaj"},
            {"address": "12, Azadi Street, Karaj", "placed": True},
            True,
        ),
    ],
)
def test_a_clearance_folds_only_what_says_no_more_for_the_party_than_was_known(
    tmp_path: Path, known: dict[str, str], beside: dict, folds: bool
) -> None:
    row = said(**beside)
    assert cleared(tmp_path, known)(row).folds(four_eyes=False) is folds
    flag = cleared(tmp_path)(row).flag
    assert flag["flag"] == ("decided" if folds else "cleared_on_less")
    assert ("not hidden: cleared on 20" in flag["says"]) is not folds


def test_the_flag_says_what_the_clearance_did_not_know(tmp_path: Path) -> None:
    done = cleared(tmp_path, {"born": "1999"})
    told = done(said(born="1966", country="IR")).flag["says"]
    assert (
        f"as {NAME} with born 1999 and without the date of birth 1966, which is the listed one"
        in told
    )
    assert "without the state IRN, which is a listed one" in told
    undated = done(said()).flag["says"]
    assert f"as {NAME} for the one born 1999, which this row does not say" in undated
    weaker = cleared(tmp_path / "weaker", {"country": "DE", "number": "swift:EBILAEAD"})
    told = weaker(said(country="DE")).flag["says"]
    assert "taken with swift EBILAEAD, which this row does not say" in told


def test_true_and_unresolved_are_flags_whatever_was_known(tmp_path: Path) -> None:
    done = cleared(tmp_path, {"born": "1966"}, verdict="true")
    assert not done(said()).folds(four_eyes=False)
    assert done(said(born="1999")).flag["flag"] == "decided"


def test_four_eyes_are_two_people_who_both_knew_what_speaks_for_the_party(tmp_path: Path) -> None:
    done = cleared(tmp_path, {}, {"born": "1966"})
    assert done(said()).folds(four_eyes=True) and done(said(born="1966")).folds(four_eyes=False)
    assert not done(said(born="1966")).folds(four_eyes=True)  # the first did not know the year
    assert done(said(born="1966")).flag["says"].count("one pair of eyes") == 1
    both = cleared(tmp_path, {"born": "1966"})  # now the first as well
    assert both(said(born="1966")).folds(four_eyes=True)
    alone = tmp_path / "alone"
    once = cleared(alone, {}, {"born": "1966"}, same=True)
    assert not once(said()).folds(four_eyes=True)


def test_two_namesakes_are_cleared_beside_each_other_and_a_wide_clearance_is_narrowed(
    tmp_path: Path,
) -> None:
    done = cleared(tmp_path, {"born": "1999"}, {"born": "1985"}, same=True)
    assert done(said(born="1999")).folds(four_eyes=False) and done(said(born="1985")).folds(
        four_eyes=False
    )
    assert not done(said(born="1970")).folds(four_eyes=False)
    log = DecisionLog(tmp_path / "wide.jsonl")
    log.add(NAME, "x1", "false", "r", "Ann")
    assert effect_of_decisions(log.latest()[pair_key(NAME, "x1")], said(born="1970")).folds(
        four_eyes=False
    )
    log.add(NAME, "x1", "false", "r", "Ann", known={"born": "1999"})
    assert not effect_of_decisions(log.latest()[pair_key(NAME, "x1")], said(born="1970")).folds(
        four_eyes=False
    )


def test_a_log_from_before_keeps_its_hashes_and_knew_nothing(tmp_path: Path) -> None:
    old = {
        "query": NAME,
        "party": "x1",
        "verdict": "false",
        "reason": "r",
        "who": "Ann",
        "when": "2025-01-01T00:00:00+00:00",
        "snapshot": "",
        "data_version": "",
        "name_matched": "",
        "previous": "0" * 64,
    }
    text = json.dumps(old, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path = tmp_path / "old.jsonl"
    path.write_text(
        json.dumps({**old, "hash": hashlib.sha256(text.encode()).hexdigest()}) + "\n", "utf-8"
    )
    log = DecisionLog(path)
    log.add(NAME, "x1", "false", "r", "Ben", known={"born": "1999", "country": "DE"})
    first, second = log.trail()
    assert second["previous"] == first["hash"] and (first["born"], second["born"]) == ("", "1999")
    lines = path.read_text("utf-8").replace('"born": "1999"', '"born": "1966"')
    path.write_text(lines, "utf-8")
    with pytest.raises(DataError, match="row 2"):
        log.trail()


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({"born": "soon"}, "is not a date"),
        ({"country": "Zangaro"}, "not a state"),
        ({"country": "EU"}, "not a state"),
        ({"number": "none"}, "Write inn:"),
        ({"colour": "red"}, "no field"),
        ({"place": "x" * 501}, "longer"),
    ],
)
def test_what_cannot_be_read_is_no_knowledge(
    tmp_path: Path, known: dict[str, str], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        DecisionLog(tmp_path / "d.jsonl").add(NAME, "x1", "false", "r", "w", known=known)
    assert not (tmp_path / "d.jsonl").exists()


@pytest.mark.parametrize("four_eyes", [False, True])
def test_a_row_that_says_more_comes_out_of_a_run(
    tmp_path: Path, namesakes: Path, four_eyes: bool
) -> None:
    queries, log = tmp_path / "q.csv", tmp_path / "d.jsonl"
    queries.write_text(f"name,country\n{NAME},\n{NAME},IR\n{NAME},DE\n", "utf-8")
    for who in ("Ann", "Ben"):
        told = CliRunner().invoke(
            application(),
            [
                "screen",
                "decide",
                str(log),
                "--query",
                NAME,
                "--party",
                "x1",
                "--verdict",
                "false",
                "--why",
                "r",
                "--who",
                who,
                "--lists",
                str(namesakes),
                "--country",
                "DE",
            ],
        )
        assert told.exit_code == 0, told.output
    out: list[dict] = []
    run = screen(
        queries,
        lists=[str(namesakes)],
        emit=out.append,
        decisions=log,
        threshold=0,
        four_eyes=four_eyes,
    )
    assert sorted(r["query_id"] for r in out) == ["2", "3"] and len(run.folded) == 1
    assert {r["query_id"]: r["asked"] for r in out} == {"2": {}, "3": {"country": "IRN"}}
    assert all(r["flags"][-1]["flag"] == "cleared_on_less" for r in out)


def test_an_exact_name_cleared_by_one_person_is_said_at_the_top_and_counted_as_cleared(
    tmp_path: Path, namesakes: Path
) -> None:
    queries, log = tmp_path / "q.csv", DecisionLog(tmp_path / "d.jsonl")
    queries.write_text(f"name\n{NAME}\nGreen Valley Bakery\n", "utf-8")
    asked = {"lists": [str(namesakes)], "decisions": log.path}
    log.add(NAME, "x1", "false", "another man", "Ann")
    out: list[dict] = []
    run = screen(queries, emit=out.append, **asked)
    assert not out and run.names == {"cleared": 1, "none": 1}
    first = run.summary()[0]
    assert first.startswith("2 names: 1 cleared earlier, 1 not found (0 alerts)")
    assert f"CLEARED BY ONE PERSON ONLY, although exact: {NAME}" in first
    document, _ = ScreenQuestion(name=(NAME, "Green Valley Bakery"), **asked).document(Frame())
    assert [line.partition(":")[2][:16] for line in document.summary] == [
        " CLEARED EARLIER",
        " NOT FOUND on an",
    ]
    log.add(NAME, "x1", "false", "another man", "Ben")
    assert "ONE PERSON" not in screen(queries, **asked).summary()[0]


# -- editions ------------------------------------------------------------------------------------------


def test_a_week_of_may_2024(mirror: Path) -> None:
    """305 numbers are new and 8 gone between the editions of 26 April and 3 May 2024."""
    a, b = (str(mirror / f"parties/ofac/sdn_2024-{d}.csv") for d in ("04-26", "05-03"))
    changes = compare(a, b).changes
    assert sum(c.what == "added" for c in changes) == 305
    assert sum(c.what == "removed" for c in changes) == 8
    assert all(c.field and (c.before or c.after) for c in changes if c.what == "changed")
    assert compare(a, a).changes == []
    backwards = compare(b, a).changes
    assert {c.party for c in backwards if c.what == "added"} == {
        c.party for c in changes if c.what == "removed"
    }
    json.dumps(envelope(document(Difference(changes), a, b)))


@pytest.mark.shared
def test_two_dates_of_the_lists_held(holdings: Any) -> None:
    """With every edition; the package has none between March 2023 and May 2024."""
    every = holdings(["ofac_sdn"])
    changes = compare("2024-04-30", "2024-05-03", lists=["ofac_sdn"], holdings=every).changes
    assert sum(c.what == "added" for c in changes) == 305
    with pytest.raises(UsageError, match="earlier"):
        compare("2024-05-03", "2024-04-30", lists=["ofac_sdn"])
    with pytest.raises(UsageError):
        compare("soon", "later")


# -- addresses -----------------------------------------------------------------------------------------

LISTED = [
    "Unit 1, 12/F, Tai Sang Bank Building, 130-132 Des Voeux Road Central, Hong Kong",
    "203, Fontanka Emb., 190121, St. Petersburg, Russia",
    "Moscow, Russia",
    "130 Nathan Road, Kowloon, Hong Kong",
]


def test_one_place_written_twice_is_one_place() -> None:
    index = AddressIndex(LISTED, [0, 1, 2, 3])
    bank = index.look_up("12th Floor, Tai Sang Bank Bldg, 130-132 Des Voeux Rd C., Hong Kong")
    assert [hit.address for hit in bank] == [0]
    assert not any(map(index.look_up, ("Moscow", "131 Nathan Rd, Hong Kong", "")))


def test_a_town_beside_its_state_is_no_address() -> None:
    """A capital is smaller than its state, and names no street all the same."""
    index = AddressIndex(["80/1, Moskovskaya Street, Bishkek, Kyrgyzstan"], [0])
    assert not index.look_up("100 USD 1 Bishkek, Kyrgyzstan")
    assert not index.look_up("1 investment fund ALEX CAPITAL, Bishkek, Kyrgyzstan")
    assert index.look_up("Moskovskaya 80/1, Bishkek")


def test_street_words_are_of_one_form() -> None:
    assert address_tokens("ul. Lenina 5, str. 2") == address_tokens("Lenina street 5, bldg 2")


# -- the measure ---------------------------------------------------------------------------------------


def counted(day: str, **params: object) -> dict[str, float]:
    m = ask("parties.china_listings", as_of=day, **params)
    assert m.evidence.num_rows == sum(p.value or 0 for p in m.points)
    return {p.period: float(p.value or 0) for p in m.points}


def test_parties_in_mainland_china_under_russia_programmes_are_4_10_and_52() -> None:
    """The list puts most addresses in Hong Kong in China: 4, 13 and 81 by that field alone."""
    assert counted("2024-05-03") == {"2022-02-17": 4, "2023-03-15": 10, "2024-05-03": 52}


def test_on_the_papers_date_only_the_two_editions_before_it_are_known() -> None:
    assert counted("2023-03-20") == {"2022-02-17": 4, "2023-03-15": 10}
    assert counted("2022-01-01") == {}


def test_hong_kong_is_counted_only_where_asked_for() -> None:
    assert counted("2024-05-03", hong_kong=True) == {
        "2022-02-17": 5,
        "2023-03-15": 15,
        "2024-05-03": 83,
    }


def test_a_dyad_without_russia_has_no_such_listings() -> None:
    m = ask("parties.china_listings", ("CHN", "IRN"), as_of="2024-05-03")
    assert not m.points and m.evidence.num_rows == 0 and m.note
