# SPDX-License-Identifier: Apache-2.0
"""A team's folder: dissents stand beside verdicts, two folders merge, and nothing is overwritten."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_team import MOMENT, judgement, row, team
from typer.testing import CliRunner

from bilat.cli import app
from bilat.document import Document
from bilat.document.text import text
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.holdings import Holdings, Store, embedded_folder
from bilat.parties.decide.decisions import pair_key
from bilat.sharing import Team, merge
from bilat.sharing.own_rows import read_rows, rows_text
from bilat.sharing.view import within
from bilat.verdicts.document import table


def dissent(t: Team, verdict: str = "no", why: str = "another reading", **more: str) -> None:
    t.dissent_log.add(
        "P7", verdict, why, more.pop("who", "Ann"), when=MOMENT, **{"as_of": "2025-01-01", **more}
    )


def test_a_dissent_stands_beside_the_verdict_in_every_output(
    tmp_path: Path,
) -> None:
    t = team(tmp_path / "a")
    dissent(t, marking="GREEN")
    dissent(t, "yes", "later", as_of="2025-12-31")
    (told,) = within(t, [judgement("P7")]).judged
    assert [d.why for d in told.dissents] == ["another reading"]  # the later one speaks of a later date
    assert told.verdict == "in part"
    assert told.to_json()["dissents"][0]["marking"] == "TLP:GREEN"
    assert "dissents" not in judgement("P7").to_json()
    shown = " ".join(text(Document("claims", "", (), (table([told]),)), piped=True).split())
    assert "dissent, Ann as of 2025-01-01, TLP:GREEN" in shown and "another reading" in shown


def test_what_may_not_leave_is_left_out_and_said(tmp_path: Path) -> None:
    t = team(tmp_path / "a", claims={"P8": "AMBER"})
    dissent(t, marking="RED")
    open_, closed = (
        within(t, [judgement("P7"), judgement("P8")]),
        within(t, [judgement("P7"), judgement("P8")], Marking("GREEN")),
    )
    assert str(open_.marking) == "TLP:RED" and len(open_.judged) == 2
    assert [j.id for j in closed.judged] == ["P7"] and not closed.judged[0].dissents
    assert closed.left_out == "left out: 1 claims and 1 dissents"


@pytest.mark.parametrize(
    "wrong", [{"verdict": "maybe"}, {"why": " "}, {"who": ""}, {"claim": "Z99"}, {"marking": "X"}]
)
def test_an_incomplete_dissent_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    whole = {"claim": "P7", "verdict": "in part", "why": "w", "who": "Ann", **wrong}
    with pytest.raises(UsageError):
        Team(tmp_path).dissent_log.add(**whole)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_an_altered_log_of_dissents_is_refused(tmp_path: Path) -> None:
    t = team(tmp_path / "a")
    dissent(t)
    log = t.dissent_log.path
    log.write_text(log.read_text("utf-8").replace("another reading", "one reading"), "utf-8")
    with pytest.raises(DataError, match="row 1"):
        t.dissents()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "guessed"),
        ("marking", "SECRET"),
        ("url", "javascript:x"),
        ("value", ""),
        ("known_on", "soon"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(tmp_path: Path, column: str, value: str) -> None:
    head, line = rows_text([row()]).splitlines()
    cells = line.split(",")
    cells[head.split(",").index(column)] = value
    (tmp_path / "rows.csv").write_text(f"{head}\n{','.join(cells)}\n", "utf-8")
    with pytest.raises(DataError, match=f"rows.csv: row 2: column {column}"):
        read_rows(tmp_path / "rows.csv")


def two_teams(tmp_path: Path) -> tuple[Team, Team]:
    a = team(tmp_path / "a", rows=(row("r1"), row("r2")), claims={"P7": "GREEN"})
    b = team(
        tmp_path / "b", rows=(row("r1", value=9.0), row("r2", marking="TLP:RED")), claims={"P7": "AMBER"}
    )
    dissent(a)
    dissent(b, "in part", "two series only", who="Ben", marking="RED")
    a.decision_log.add("Alfa", "p1", "true", "same INN", "Ann", when=MOMENT, marking="GREEN")
    b.decision_log.add("alfa.", "p1", "false", "another town", "Ben", when=MOMENT, marking="RED")
    b.decision_log.add("Beta", "p2", "true", "same address", "Ben", when=MOMENT)
    return a, b


def test_a_merge_keeps_everything_and_shows_what_contradicts(tmp_path: Path) -> None:
    a, b = two_teams(tmp_path)
    before = {p: p.read_bytes() for t in (a, b) for p in t.folder.iterdir()}
    made = merge([a.folder, b.folder], tmp_path / "m")
    assert {p: p.read_bytes() for t in (a, b) for p in t.folder.iterdir()} == before
    both = Team(tmp_path / "m")
    assert {d.why for d in both.dissents()} == {"another reading", "two series only"}
    assert [(d.query, d.verdict) for d in both.decisions()][:3] == [
        ("Alfa", "true"),
        ("alfa.", "false"),
        ("Beta", "true"),
    ]
    last = both.decision_log.latest()[pair_key("Alfa", "p1")].decision
    assert last.verdict == "unresolved" and "a says true by Ann" in last.reason and last.marking == "TLP:RED"
    assert {r.id: (r.value, r.marking) for r in both.rows()} == {
        "r1": (3.5, "TLP:AMBER"), "r1@b": (9.0, "TLP:AMBER"), "r2": (3.5, "TLP:RED"),
    }  # fmt: skip
    assert str(both.claim_marking("P7")) == "TLP:AMBER"
    assert sorted((c.what, c.about) for c in made.conflicts) == [
        ("decision", "Alfa / p1"), ("dissent", "claim P7"), ("marking", "claim P7"), ("marking", "row r2"),
        ("row", "r1"),
    ]  # fmt: skip
    written = [
        json.loads(line) for line in (tmp_path / "m" / "conflicts.jsonl").read_text("utf-8").splitlines()
    ]
    assert written == [c.to_json() for c in made.conflicts]
    assert next(c for c in written if c["what"] == "decision")["marking"] == "TLP:RED"


def test_a_merge_is_the_same_twice_and_of_one_with_itself_no_conflict(tmp_path: Path) -> None:
    a, b = two_teams(tmp_path)
    for out in ("m", "n"):
        merge([a.folder, b.folder], tmp_path / out)
    assert {p.name: p.read_bytes() for p in (tmp_path / "m").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "n").iterdir()
    }
    shutil.copytree(a.folder, tmp_path / "copy")
    made = merge([a.folder, tmp_path / "copy"], tmp_path / "same")
    assert not made.conflicts and (made.decisions, made.dissents, made.rows) == (1, 1, 2)


def test_one_entry_of_two_teams_bears_the_stricter_marking(tmp_path: Path) -> None:
    a, _ = two_teams(tmp_path)
    shutil.copytree(a.folder, tmp_path / "copy")
    strict = Team(tmp_path / "copy")
    strict.mark_log.add(f"dissent {strict.dissents()[0].hash}", "RED", "names a source", "Cid")
    for order in ([a.folder, strict.folder], [strict.folder, a.folder]):
        made = merge(order, tmp_path / f"m{order[0].name}")
        assert [d.marking for d in Team(made.out).dissents()] == ["TLP:RED"]
        assert [c.what for c in made.conflicts] == ["marking"]


def test_a_merge_never_writes_over_anything(tmp_path: Path) -> None:
    a, b = two_teams(tmp_path)
    with pytest.raises(UsageError, match="exists"):
        merge([a.folder, b.folder], a.folder)
    with pytest.raises(UsageError, match="two folders"):
        merge([a.folder], tmp_path / "m")
    with pytest.raises(DataError):
        merge([a.folder, tmp_path / "none"], tmp_path / "m")
    (b.folder / "dissents.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(DataError, match=r"dissents\.jsonl"):
        merge([a.folder, b.folder], tmp_path / "m")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def holdings_of(folder: Path, *names: str) -> Store:
    """A part of the embedded holdings as a folder of a team's."""
    entries = [e for e in Store(embedded_folder()).entries() if e["source"] in names]
    for e in entries:
        for t in e["tables"].values():
            (folder / t["file"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(embedded_folder() / t["file"], folder / t["file"])
    store = Store(folder)
    store.take_over(entries)
    return store


def test_holdings_are_joined_and_another_teams_rows_laid_aside(tmp_path: Path) -> None:
    a, b = team(tmp_path / "a"), team(tmp_path / "b")
    holdings_of(a.folder, "bis_dpl", "military_contacts")
    held = holdings_of(b.folder, "bis_dpl", "enablers")
    # the second team read the same file of the publisher into other rows
    entry = next(e for e in held.entries() if e["source"] == "bis_dpl")
    other = next(e for e in held.entries() if e["source"] == "enablers")
    changed = {**entry, "tables": {"estimates": next(iter(other["tables"].values()))}}
    held.take_over([changed])
    made = merge([a.folder, b.folder], tmp_path / "m")
    assert made.snapshots == 3 and [c.what for c in made.conflicts] == ["holdings"]
    assert not Store(tmp_path / "m").check()
    assert list((tmp_path / "m" / "conflicts" / "b" / "tables").rglob("*.parquet"))
    assert {e["source"] for e in Store(tmp_path / "m").entries()} == {
        "bis_dpl",
        "military_contacts",
        "enablers",
    }
    assert Holdings(tmp_path / "m").digest


def test_a_manifest_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    a, b = team(tmp_path / "a"), team(tmp_path / "b")
    held = holdings_of(b.folder, "bis_dpl")
    (entry, *_) = held.entries()
    name, table = next(iter(entry["tables"].items()))
    shutil.copyfile(b.folder / table["file"], tmp_path / "out.parquet")
    held.take_over([{**entry, "tables": {name: {**table, "file": "../out.parquet"}}}])
    with pytest.raises(DataError, match="no table of a snapshot"):
        merge([a.folder, b.folder], tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_the_verbs(tmp_path: Path) -> None:
    run = CliRunner()
    said = ["--who", "Ann", "--why", "w", "--team", str(tmp_path / "a")]
    added = run.invoke(
        app, ["team", "dissent", "P7", "--verdict", "in part", "--as-of", "2025-01-01", *said, "--json"]
    )
    assert added.exit_code == 0 and json.loads(added.output)["data"]["marking"] == "TLP:AMBER"
    assert (
        run.invoke(app, ["team", "mark", "claim P8", "--marking", "green", *said]).output
        == "claim P8: TLP:GREEN\n"
    )
    listed = run.invoke(app, ["team", "dissents", "--team", str(tmp_path / "a"), "--json"])
    assert [d["why"] for d in json.loads(listed.output)["data"]] == ["w"]
    less = run.invoke(app, ["team", "dissents", "--team", str(tmp_path / "a"), "--marking", "GREEN"])
    assert less.output == "0 dissents\n"
    dissent(team(tmp_path / "b"), "yes")
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    merged = run.invoke(app, ["team", "merge", *folders, "--out", str(tmp_path / "m")])
    assert merged.exit_code == 3 and "claim P7" in merged.output


def test_a_decision_keeps_its_hash_where_it_bears_no_marking(tmp_path: Path) -> None:
    t = team(tmp_path / "a")
    plain = t.decision_log.add("Alfa", "p1", "true", "same INN", "Ann", when=MOMENT)
    # as logs from before there were markings have it
    assert plain.digest() == "cdd4f022bb608ef4f19e203ca99c2754773bd571b82d34ac32c9e5dbb273a124"
    assert replace(plain, marking="TLP:RED").digest() != plain.digest()
    assert [d.marking for d in t.decisions()] == ["TLP:AMBER"]
