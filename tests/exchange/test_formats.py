# SPDX-License-Identifier: Apache-2.0
"""A parcel goes out and comes in again whole; the field's own validators find nothing wrong."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from made_up_team import AS_OF, MOMENT, PAIR, judgement, row, team
from typer.testing import CliRunner

from bilat.cli import application
from bilat.errors import DataError, UsageError
from bilat.exchange import FORMATS, Parcel, gather, read_export, write_export
from bilat.exchange.parcel import PartyRecord
from bilat.exchange.parcel_import import import_parcel
from bilat.exchange.text import add_guard, remove_guard
from bilat.formats.parties.formats import load
from bilat.handling import Marking
from bilat.holdings import Holdings, embedded_folder
from bilat.measures import ask
from bilat.sharing import Team

EXPORT = Marking.parse("AMBER REL EST POL")


@pytest.fixture(scope="module")
def held() -> Holdings:
    return Holdings(embedded_folder())


@pytest.fixture
def parcel(held: Holdings, tmp_path: Path) -> Parcel:
    """A parcel with every part: made-up claims and team, listed parties of a real list."""
    rows = (
        row("r1", note="a note, with 'marks'", period="2014"),
        row("r2", marking="TLP:GREEN REL EST POL"),
    )
    t = team(tmp_path / "team", rows=rows, claims={"P8": "GREEN"})
    t.dissent_log.add(
        "P7", "no", 'it\'s "noise", 中', "Ann", as_of="2025-01-01", marking="GREEN", when=MOMENT
    )
    t.decision_log.add("Alfa", "p1", "true", "same INN", "Ann", when=MOMENT)
    judged = [judgement("P7", text="жюя"), judgement("P8"), judgement("W1", decided=False)]
    return gather(
        PAIR,
        AS_OF,
        held,
        EXPORT,
        team=t,
        judged=judged,
        lists=["bis_dpl"],
        parts=("claims", "figures", "parties"),
    )


def made_up_parties() -> tuple[PartyRecord, PartyRecord]:
    """A ship that one list names twice, and the firm that owns a part of it."""
    ship = PartyRecord(
        id="s1",
        schema="Vessel",
        names=(("@Made up", "primary"), ("Also so", "weak")),
        countries=("RUS", "Not a state"),
        born="12 Feb 1961",
        incorporated="",
        addresses=("Port 1",),
        identifiers=(("imo", "9187629"), ("other", "a: b")),
        listings=(("L", "", "", ""), ("M", "P", "2024-01-02", "0025-01-02")),
        links=(("linked", "s2", None, None), ("owner", "s2", 25.0, 50.0)),
        source="bis_dpl",
        snapshot="ab" * 32,
        locator="line 7",
        edition="2019-06-05",
        as_of="2025-06-30",
    )
    firm = replace(
        ship,
        id="s2",
        schema="LegalEntity",
        links=(),
        incorporated="2001",
        identifiers=(("inn", "7702070139"), ("aircraft", "x")),
    )
    return ship, firm


def test_out_and_in_again(parcel: Parcel, tmp_path: Path) -> None:
    """All of it comes back equal, confidence, interval, as-of date and marking among it."""
    files = write_export(parcel, "frictionless", tmp_path / "out")
    assert read_export(tmp_path / "out") == parcel
    assert all(getattr(parcel, part) for part in FORMATS["frictionless"])
    before = [f.read_bytes() for f in files]
    write_export(parcel, "frictionless", tmp_path / "out")
    assert [f.read_bytes() for f in files] == before


def test_a_data_package_is_valid(parcel: Parcel, tmp_path: Path) -> None:
    from frictionless import validate

    write_export(parcel, "frictionless", tmp_path / "out")
    found = validate(str(tmp_path / "out" / "datapackage.json"))
    assert found.valid, found.flatten(["fieldName", "message"])[:5]
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert package["bilat"]["marking"] == "TLP:AMBER REL EST POL"
    assert {s["title"] for s in package["sources"]} == {s.title for s in parcel.sources}
    assert {x["title"] for x in package["licenses"]} == {s.licence for s in parcel.sources}
    (tmp_path / "out" / "rows.csv").write_text("id\n1\n", "utf-8")  # and the validator does look
    assert not validate(str(tmp_path / "out" / "datapackage.json")).valid


def test_a_stix_bundle_is_valid(parcel: Parcel, tmp_path: Path) -> None:
    from stix2validator import ValidationOptions, validate_file

    parcel = replace(parcel, parties=(*parcel.parties[:20], *made_up_parties()))
    (bundle,) = write_export(parcel, "stix", tmp_path / "out")
    found = validate_file(str(bundle), ValidationOptions(version="2.1"))
    assert found.is_valid, [str(e) for r in found.object_results for e in r.errors][:5]
    objects = json.loads(bundle.read_text("utf-8"))["objects"]
    known = {o["id"] for o in objects}
    for o in objects:
        refs = [v for k, v in o.items() if k.endswith("_ref")]
        refs += [v for k, vs in o.items() if k.endswith("_refs") for v in vs]
        assert set(refs) <= known, o["id"]
    assert {p.names[0][0] for p in parcel.parties} <= {
        o["name"] for o in objects if o["type"] == "identity"
    }
    opinion = next(o for o in objects if o["type"] == "opinion" and o["authors"] == ["Ann"])
    assert opinion["opinion"] == "strongly-disagree"
    marks = {
        o["id"]: o["name"] for o in objects if o["type"] == "marking-definition" and "name" in o
    }
    assert [marks[m] for m in opinion["object_marking_refs"]] == ["TLP:GREEN"]


def test_a_link_to_a_party_of_another_list_with_the_same_id_is_no_relationship(
    parcel: Parcel, tmp_path: Path
) -> None:
    """A link names a party of its own list; an equal id on another list is another party."""
    ship, firm = made_up_parties()
    parcel = replace(parcel, parties=(ship, replace(firm, source="uk_sanctions")))
    (bundle,) = write_export(parcel, "stix", tmp_path / "out")
    objects = json.loads(bundle.read_text("utf-8"))["objects"]
    known = {o["id"] for o in objects}
    ends = {o["target_ref"] for o in objects if o["type"] == "relationship"}
    assert ends <= known


@pytest.mark.parametrize("name", ["transfers.tiv", "losses.share_of_stock", "trade.exports"])
def test_every_figure_of_a_real_measure_goes_out_and_in(
    name: str, held: Holdings, tmp_path: Path
) -> None:
    told = gather(PAIR, AS_OF, held, Marking(), parts=("figures",), names=[name])
    assert len(told.figures) == len(
        {(p.period, p.group) for p in ask(name, PAIR, as_of=AS_OF, holdings=held).points}
    )
    write_export(told, "frictionless", tmp_path / "out")
    assert read_export(tmp_path / "out").figures == told.figures


def test_ftm_entities_are_read_by_the_reader_of_lists(parcel: Parcel, tmp_path: Path) -> None:
    """Each schema has the properties that are written (FollowTheMoney 4.11), and our own reader takes the file."""
    write_export(parcel, "ftm", tmp_path / "out")
    again = {p.id: p for p in load(tmp_path / "out" / "entities.ftm.json")}
    assert set(again) == {p.id for p in parcel.parties}
    for p in parcel.parties:
        assert again[p.id].name == p.names[0][0]
        assert {e.list for e in again[p.id].listings} == {name for name, *_ in p.listings}
    told = [
        json.loads(line)
        for line in (tmp_path / "out" / "statements.json").read_text("utf-8").splitlines()
    ]
    assert {(s["first_seen"], s["last_seen"]) for s in told} == {("2019-06-05", "2025-06-30")}
    assert len({s["id"] for s in told}) == len(told) and all(s["origin"].count(" ") for s in told)


def test_what_ftm_has_no_property_for_goes_out_as_a_note(parcel: Parcel, tmp_path: Path) -> None:
    write_export(replace(parcel, parties=made_up_parties()), "ftm", tmp_path / "out")
    lines = (tmp_path / "out" / "entities.ftm.json").read_text("utf-8").splitlines()
    told = {e["id"]: e for e in map(json.loads, lines)}
    ship, firm = told["s1"]["properties"], told["s2"]["properties"]
    assert ship["notes"] == ["country: Not a state", "born: 12 Feb 1961", "other: a: b"]
    assert ship["imoNumber"] == ["9187629"] and firm["innCode"] == ["7702070139"]
    assert firm["incorporationDate"] == ["2001"] and "aircraft: x" in firm["notes"]
    owner = next(e for e in told.values() if e["schema"] == "Ownership")["properties"]
    assert owner == {"owner": ["s2"], "asset": ["s1"], "percentage": ["25-50"]}
    listed = next(e for e in told.values() if e["properties"].get("program") == ["P"])["properties"]
    assert listed["listingDate"] == ["2024-01-02"] and listed["summary"] == ["endDate: 0025-01-02"]


@pytest.mark.parametrize("text", ["=1+1", "'=1", "-5", "- x", "plain", "'", "''@x", "it's"])
def test_a_cell_is_safe_and_comes_back(text: str) -> None:
    assert remove_guard(add_guard(text)) == text
    assert add_guard(text) == text or add_guard(text).startswith("'")
    assert not add_guard(text).startswith(("=", "@"))


@pytest.mark.parametrize("to", FORMATS)
def test_a_place_that_holds_something_else_is_refused(
    to: str, parcel: Parcel, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", "utf-8")
    with pytest.raises(UsageError):
        write_export(parcel, to, tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text("utf-8") == "keep me"
    with pytest.raises(DataError):
        read_export(tmp_path / "mine")


def test_another_teams_dissents_and_rows_are_taken_in_once(parcel: Parcel, tmp_path: Path) -> None:
    write_export(parcel, "frictionless", tmp_path / "out")
    run = CliRunner()
    for _ in range(2):
        said = run.invoke(
            application(),
            [
                "team",
                "import",
                str(tmp_path / "out"),
                "--into",
                str(tmp_path / "b"),
            ],
        )
        assert said.exit_code == 0, said.output
    mine = Team(tmp_path / "b")
    assert [(d.who, d.marking) for d in mine.dissents()] == [("Ann", "TLP:GREEN")]
    assert [(d.query, d.verdict, d.who) for d in mine.decisions()] == [("Alfa", "true", "Ann")]
    assert mine.rows() == list(parcel.rows)
    told = import_parcel(replace(parcel, rows=(row("r1", value=99.0),)), tmp_path / "b")
    assert any("kept out: row r1" in line for line in told.left_out) and mine.rows() == list(
        parcel.rows
    )


def test_a_decision_that_contradicts_ones_own_stays_out_and_is_said(
    parcel: Parcel, tmp_path: Path
) -> None:
    mine = team(tmp_path / "b")
    mine.decision_log.add("alfa.", "p1", "false", "another town", "Ben", when=MOMENT)
    told = import_parcel(parcel, tmp_path / "b")
    assert "kept out: Alfa, p1: yours is false by Ben, theirs true by Ann" in told.left_out
    assert [d.who for d in Team(tmp_path / "b").decisions()] == ["Ben"]


def test_a_row_that_no_sheet_may_hold_stays_out_and_the_rest_is_taken_in(
    parcel: Parcel, tmp_path: Path
) -> None:
    parcel = replace(parcel, rows=(row("r1"), row("r2", note='=HYPERLINK("http://x")')))
    told = import_parcel(parcel, tmp_path / "b")
    mine = Team(tmp_path / "b")
    assert mine.rows() == [row("r1")] and len(mine.dissents()) == len(parcel.dissents)
    assert [
        line
        for line in told.left_out
        if line.startswith("kept out: row r2: ") and "spreadsheet" in line
    ]


@pytest.mark.parametrize(
    "change",
    [{"as_of": "2025-13-01"}, {"verdict": "perhaps"}, {"marking": "SECRET"}],
)
def test_a_dissent_that_no_log_may_hold_stays_out_and_is_said(
    change: dict[str, str], parcel: Parcel, tmp_path: Path
) -> None:
    strange = replace(parcel.dissents[0], who="Eve", **change)
    parcel = replace(parcel, dissents=(*parcel.dissents, strange))
    told = import_parcel(parcel, tmp_path / "b")
    assert told.added[0] == "1 dissent added, 0 were there"
    assert [line for line in told.left_out if "dissent on P7 by Eve" in line]
    assert [d.who for d in Team(tmp_path / "b").dissents()] == ["Ann"]


def test_a_decision_that_no_log_may_hold_stays_out_and_is_said(
    parcel: Parcel, tmp_path: Path
) -> None:
    strange = replace(parcel.decisions[0], query="Beta", verdict="perhaps")
    told = import_parcel(replace(parcel, decisions=(strange,)), tmp_path / "b")
    assert [line for line in told.left_out if line.startswith("kept out: Beta, p1: ")]
    assert not Team(tmp_path / "b").decisions()


@pytest.mark.parametrize(
    "change",
    [
        {"period": "someday"},
        {"kind": "guessed"},
        {"url": "file:///x"},
        {"known_on": "2025-02-30"},
        {"marking": "SECRET"},
        {"unit": ""},
    ],
)
def test_a_row_that_the_folder_could_not_be_read_with_stays_out(
    change: dict[str, str], parcel: Parcel, tmp_path: Path
) -> None:
    """One such row in the file would make every row of the team unreadable."""
    parcel = replace(parcel, rows=(row("r1"), replace(row("r2"), **change)))
    told = import_parcel(parcel, tmp_path / "b")
    assert Team(tmp_path / "b").rows() == [row("r1")]
    assert [line for line in told.left_out if line.startswith("kept out: row r2: ")]


def test_of_two_rows_with_one_id_the_second_stays_out(parcel: Parcel, tmp_path: Path) -> None:
    parcel = replace(parcel, rows=(row("r1"), row("r1", value=99.0), row("r1")))
    told = import_parcel(parcel, tmp_path / "b")
    assert Team(tmp_path / "b").rows() == [row("r1")]
    assert len([line for line in told.left_out if line.startswith("kept out: row r1: ")]) == 1


def test_a_folder_that_cannot_take_rows_in_gets_no_dissents_either(
    parcel: Parcel, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    names = ",".join(f.name for f in fields(row("r9")))
    cells = "r9,,own,2022,g,1,,,t,reported,=SOURCE(),,2024-01-01,,"
    (tmp_path / "b" / "rows.csv").write_text(f"{names}\n{cells}\n", "utf-8")
    with pytest.raises(DataError, match="id r9: column source"):
        import_parcel(parcel, tmp_path / "b")
    assert not Team(tmp_path / "b").dissents()


@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        ("datapackage.json", "7"),
        ("datapackage.json", '{"bilat": {"pair": ["RUS"]}, "resources": []}'),
        ("datapackage.json", '{"bilat": {"pair": ["RUS", "CHN"], "marking": 7}, "resources": []}'),
        ("claims.csv", "id\nP7\n"),
        ("figures.csv", None),
    ],
)
def test_a_damaged_file_is_told_in_one_line(
    name: str, damaged: str | None, parcel: Parcel, tmp_path: Path
) -> None:
    write_export(parcel, "frictionless", tmp_path / "out")
    file = tmp_path / "out" / name
    file.write_text(file.read_text("utf-8")[:-40] if damaged is None else damaged, "utf-8")
    with pytest.raises(DataError) as said:
        read_export(tmp_path / "out")
    assert name in str(said.value) and "\n" not in str(said.value)


def test_the_verb_writes_a_list_of_parties(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = [
        "write",
        "export",
        "--to",
        "ftm",
        "--lists",
        "bis_dpl",
        "--as-of",
        "2025-06-30",
        "--out",
        str(out),
        "--json",
    ]
    said = CliRunner().invoke(application(), asked)
    assert (
        said.exit_code == 0
        and json.loads(said.output)["data"]["parties"]
        == len([*load(out / "entities.ftm.json")])
        > 100
    )
    assert (
        CliRunner().invoke(application(), ["write", "export", "--to", "xml"]).exit_code == 1
    )  # told by main as one line


@pytest.mark.parametrize("parts", [("claims", "figure"), ("party",), "claims"])
def test_an_unknown_part_of_an_export_is_refused(
    parts: tuple[str, ...] | str, held: Holdings
) -> None:
    with pytest.raises(UsageError, match="Choose from: claims, figures, parties") as caught:
        gather(PAIR, AS_OF, held, Marking(), parts=parts, judged=[], lists=[])
    unknown = min(set(parts) - {"claims"})
    assert repr(unknown) in str(caught.value)
