# SPDX-License-Identifier: Apache-2.0
"""A team's folder: dissents stand beside verdicts, and nothing is overwritten."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_team import MOMENT, judgement, row, team
from typer.testing import CliRunner

from bilat.cli import application
from bilat.document import Document
from bilat.document.text import text
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.sharing import Team
from bilat.sharing.own_rows import read_rows, rows_text
from bilat.sharing.release import release_judgements
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
    (told,) = release_judgements(t, [judgement("P7")]).judged
    assert [d.why for d in told.dissents] == [
        "another reading"
    ]  # the later one speaks of a later date
    assert told.verdict == "in part"
    assert told.to_json()["dissents"][0]["marking"] == "TLP:GREEN"
    assert "dissents" not in judgement("P7").to_json()
    shown = " ".join(text(Document("claims", "", (), (table([told]),)), piped=True).split())
    assert "dissent, Ann as of 2025-01-01, TLP:GREEN" in shown and "another reading" in shown


def test_what_may_not_leave_is_left_out_and_said(tmp_path: Path) -> None:
    t = team(tmp_path / "a", claims={"P8": "AMBER"})
    dissent(t, marking="RED")
    open_, closed = (
        release_judgements(t, [judgement("P7"), judgement("P8")]),
        release_judgements(t, [judgement("P7"), judgement("P8")], Marking("GREEN")),
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
def test_a_row_that_cannot_be_is_refused_with_its_line(
    tmp_path: Path, column: str, value: str
) -> None:
    head, line = rows_text([row()]).splitlines()
    cells = line.split(",")
    cells[head.split(",").index(column)] = value
    (tmp_path / "rows.csv").write_text(f"{head}\n{','.join(cells)}\n", "utf-8")
    with pytest.raises(DataError, match=f"rows.csv: row 2: column {column}"):
        read_rows(tmp_path / "rows.csv")


def test_the_verbs(tmp_path: Path) -> None:
    run = CliRunner()
    said = ["--who", "Ann", "--why", "w", "--team", str(tmp_path / "a")]
    added = run.invoke(
        application(),
        ["team", "dissent", "P7", "--verdict", "in part", "--as-of", "2025-01-01", *said, "--json"],
    )
    assert added.exit_code == 0 and json.loads(added.output)["data"]["marking"] == "TLP:AMBER"
    assert (
        run.invoke(application(), ["team", "mark", "claim P8", "--marking", "green", *said]).output
        == "claim P8: TLP:GREEN\n"
    )
    listed = run.invoke(
        application(), ["team", "dissents", "--team", str(tmp_path / "a"), "--json"]
    )
    assert [d["why"] for d in json.loads(listed.output)["data"]] == ["w"]
    less = run.invoke(
        application(), ["team", "dissents", "--team", str(tmp_path / "a"), "--marking", "GREEN"]
    )
    assert less.output == "0 dissents\n"


def test_a_marking_names_an_entry_that_the_folder_has(tmp_path: Path) -> None:
    """A hash typed wrong would leave the entry as open as it was, and nobody would notice."""
    t = team(tmp_path / "a", rows=(row("r1"),))
    dissent(t)
    decision = t.decision_log.add("Alfa", "p1", "true", "same INN", "Ann", when=MOMENT)
    (entered,) = t.dissents()
    for name in ("row r1", f"dissent {entered.hash}", f"decision {decision.digest()}"):
        t.mark(name, "RED", "a source at risk", "Ann")
    assert [str(x.handling) for x in (*t.rows(), *t.dissents())] == ["TLP:RED", "TLP:RED"]
    assert [d.marking for d in t.decisions()] == ["TLP:RED"]
    before = t.mark_log.path.read_bytes()
    for name in ("row r2", f"dissent {entered.hash[:-1]}", "decision 0", "page 0", "claim Z9"):
        with pytest.raises(UsageError, match=name.split()[0]):
            t.mark(name, "RED", "a source at risk", "Ann")
    assert t.mark_log.path.read_bytes() == before


def test_the_list_of_dissents_names_each_by_the_hash_that_marks_it(tmp_path: Path) -> None:
    """Marked once, a dissent could not be marked again by the name that the list gave it."""
    t = team(tmp_path / "a")
    dissent(t)
    for marking in ("RED", "GREEN"):
        listed = CliRunner().invoke(
            application(), ["team", "dissents", "--team", str(tmp_path / "a"), "--json"]
        )
        (entry,) = json.loads(listed.output)["data"]
        t.mark(f"dissent {entry['hash']}", marking, "why not", "Ann")
        assert [d.marking for d in t.dissents()] == [f"TLP:{marking}"]


def test_a_decision_keeps_its_hash_where_it_bears_no_marking(tmp_path: Path) -> None:
    t = team(tmp_path / "a")
    plain = t.decision_log.add("Alfa", "p1", "true", "same INN", "Ann", when=MOMENT)
    # as logs from before there were markings have it
    assert plain.digest() == "cdd4f022bb608ef4f19e203ca99c2754773bd571b82d34ac32c9e5dbb273a124"
    assert replace(plain, marking="TLP:RED").digest() != plain.digest()
    assert [d.marking for d in t.decisions()] == ["TLP:AMBER"]
