# SPDX-License-Identifier: Apache-2.0
"""The contract of the command line: JSON shapes, exit codes, one clear line for each error."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bilat.catalog import sources
from bilat.cli.groups import replace_old_words
from bilat.holdings import embedded_folder
from bilat.holdings.pull import PACKAGE


def bilat(*args: str, code: int = 0, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ, BILAT_HOLDINGS=str(home or "/nonexistent/holdings"))
    done = subprocess.run(
        [sys.executable, "-m", "bilat", *args], capture_output=True, text=True, env=env
    )
    assert done.returncode == code, (done.returncode, done.stdout[-500:], done.stderr[-2000:])
    return done


def one_line(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """One line says what failed; a note on holdings that are damaged may stand before it."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("bilat: note: ")]
    assert len(lines) == 1 and lines[0].startswith("bilat: "), done.stderr
    for text in said:
        assert text in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("verb", "rooms"),
    [
        ("screen", {"picture", "forecast", "diversion", "regeneration", "measures"}),
        ("divert", {"parties", "picture"}),
    ],
)
def test_a_verb_brings_its_own_rooms_alone(verb: str, rooms: set[str]) -> None:
    asked = f"import sys, bilat.cli\nbilat.cli.application({verb!r})\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout
    assert not rooms & {m.split(".")[1] for m in loaded.split() if m.startswith("bilat.")}


CLAIM = {"id", "section", "claim", "as_of", "when_written", "since", "how", "sources"}
ANSWER = {"answer", "sentence", "sure", "evidence"}


@pytest.mark.parametrize("as_of", ["2023-03-20", None])
def test_claims_have_the_promised_fields(as_of: str | None) -> None:
    found = json.loads(bilat("claims", "--json", *(["--as-of", as_of] if as_of else [])).stdout)[
        "data"
    ]
    assert len(found) >= 36
    for c in found:
        assert set(c) >= CLAIM
        assert as_of is None or c["as_of"] == as_of
        for half in (c["when_written"], c["since"]):
            assert set(half) >= ANSWER and half["answer"] in ("yes", "no", "in part", "not known")
            assert set(half["evidence"]) >= {"for", "against"}
        for r in c["how"]["rivals"]:
            assert set(r) >= {"reading", "test", "result"}


def test_a_measure_has_the_promised_fields_and_its_rows_are_traced() -> None:
    m = json.loads(bilat("ask", "transfers.tiv", "RUS", "CHN", "--json").stdout)["data"]
    assert set(m) >= {"name", "dyad", "as_of", "unit", "method", "reference", "points"}
    assert m["dyad"] == ["RUS", "CHN"] and m["points"]
    for p in m["points"]:
        assert set(p) >= {"period", "value", "low", "high", "kind", "group"}
    rows = json.loads(
        bilat("ask", "transfers.tiv", "RUS", "CHN", "--rows", "--period", "2018", "--json").stdout
    )["data"]
    assert rows
    for r in rows:
        assert list(r)[:5] == ["source", "snapshot", "locator", "known_on", "known_basis"]
    total = sum(r["tiv"] for r in rows if r["grp"] == "RUS>CHN")
    value = next(
        p["value"] for p in m["points"] if p["period"] == "2018" and p["group"] == "RUS>CHN"
    )
    assert total == pytest.approx(value)


def test_a_pair_may_be_one_word() -> None:
    asked = (["rus-chn"], ["Russia-China"], ["RUS", "CHN"])
    assert len({bilat("ask", "votes.ukraine", *pair).stdout for pair in asked}) == 1


def test_measures_are_listed() -> None:
    listed = json.loads(bilat("ask", "--json").stdout)["data"]
    assert len(listed) >= 24
    assert all(m["unit"] and m["method"] and m["reference"] for m in listed)


def test_every_figure_leads_to_rows_whose_snapshot_is_the_file(mirror: Path) -> None:
    """The hash in a row is that of the publisher's file in the catalog, and of the file on disk."""
    import hashlib

    known = {(s.name, f.sha256): f.path for s in sources().values() for f in s.files}
    for e in json.loads((embedded_folder() / "manifest.json").read_text("utf-8"))["snapshots"]:
        path = known[e["source"], e["sha256"]]
        there = next(
            p for p in (mirror / path, mirror.parent / path, PACKAGE / path) if p.is_file()
        )
        assert hashlib.sha256(there.read_bytes()).hexdigest() == e["sha256"], path


def test_embedded_holdings_stay_within_their_budget() -> None:
    size = {p.name: p.stat().st_size for p in embedded_folder().rglob("*") if p.is_file()}
    answers = size.pop("kept.tar.xz", 0)  # of a release's first picture: no holdings
    assert 100_000 < sum(size.values()) <= 10_000_000 and answers <= 2_500_000


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["ask", "transfers.tiv", "RUS", "Atlantis"], 2, ["Atlantis", "ISO code"]),
        (["ask", "transfers.tiv", "RUS", "Chna"], 2, ["Chna", "did you mean China?"]),
        (["ask", "exercises.per_year"], 2, ["exercises.count", "exercises.partners"]),
        (["ask", "transfer.tiv"], 2, ["did you mean transfers.tiv?"]),
        (["ask", "transfers.tiv", "RUS", "RUS"], 2, ["twice"]),
        (["ask", "transfers.tiv", "RUS"], 2, ["two states"]),
        (["ask", "transfer.tiv"], 2, ["did you mean transfers.tiv"]),
        (["ask", "transfers.tiv", "--param", "nonsense=1"], 2, ["no parameter 'nonsense'"]),
        (["ask", "transfers.tiv", "--param", "nonsense"], 2, ["name=value"]),
        (["claims", "--as-of", "2999-01-01"], 2, ["future"]),
        (["claims", "--as-of", "soon"], 2, ["YYYY-MM-DD"]),
        (["claims", "--only", "Z9"], 2, ["no claim 'Z9'"]),
        (["claims", "Z8"], 2, ["no claim 'Z8'"]),
        (["claims", "RUS"], 2, ["two states"]),
        (["ask", "votes.ukraine", "rus-atlantis"], 2, ["atlantis", "ISO code"]),
        (["claims", "--holdings", "/nonexistent"], 1, ["there is no such data folder"]),
        (["ask", "transfers.tiv", "--rows", "--period", "1901"], 1, ["no rows for period 1901"]),
        (["sources", "pull", "nosuch"], 2, ["no source 'nosuch'"]),
        (["sources", "pull", "--mirror", "/nonexistent"], 1, ["file or folder not found"]),
        (["nosuch"], 2, ["No such command"]),
        (["brief", "--out", "/proc/picture"], 1, ["/proc/picture"]),
    ],
)
def test_each_error_is_one_clear_line(args: list[str], code: int, said: list[str]) -> None:
    one_line(bilat(*args, code=code), *said)


def test_damaged_holdings_are_told_in_one_line(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(embedded_folder(), tmp_path / "h")
    victim = max((tmp_path / "h" / "tables" / "transfers").glob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[: victim.stat().st_size // 2])
    one_line(
        bilat("ask", "transfers.tiv", "--holdings", str(tmp_path / "h"), code=1),
        victim.name,
        "damaged",
    )
    done = bilat("sources", "check", "--holdings", str(tmp_path / "h"), code=1)
    assert victim.name in done.stderr


def test_pull_from_a_mirror_twice_changes_nothing(mirror: Path, tmp_path: Path) -> None:
    home = tmp_path / "h"
    names = ["sipri_tiv_pairs", "exercises"]
    first = json.loads(
        bilat(
            "sources", "pull", *names, "--mirror", str(mirror), "--json", "--holdings", str(home)
        ).stdout
    )
    again = json.loads(
        bilat(
            "sources", "pull", *names, "--mirror", str(mirror), "--json", "--holdings", str(home)
        ).stdout
    )
    assert {d["status"] for d in first["data"]} == {"added"}
    assert {d["status"] for d in again["data"]} == {"unchanged"}


def test_help_of_every_verb() -> None:
    for verb in (
        ["brief"],
        ["claims"],
        ["ask"],
        ["plan", "exposure"],
        ["sources"],
        ["sources", "pull"],
    ):
        assert "Usage" in bilat(*verb, "--help").stdout


@pytest.mark.parametrize(
    ("old", "new"),
    {
        "rescreen 'my names.csv' --since 2024-05-03": "screen 'my names.csv' --since 2024-05-03",
        "forecast list --open": "watch list --open",
        "trace transfers.tiv --period 2018": "ask transfers.tiv --period 2018 --rows",
        "dissent add P7 --verdict yes": "team dissent P7 --verdict yes",
        "dissent list": "team dissents",
        "watchlist diff a.csv b.csv": "lists diff a.csv b.csv",
        "blockade --json": "plan blockade --json",
        "report": "write report",
        "decide log.jsonl --reason x": "screen decide log.jsonl --why x",
        "report --pdf r.pdf": "write report --out r.pdf",
    }.items(),
)
def test_a_command_of_before_runs_as_what_it_is_now(
    old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replace_old_words(shlex.split(old)) == shlex.split(new)
    assert " is now: bilat " in capsys.readouterr().err
    assert replace_old_words(shlex.split(new)) == shlex.split(new) and not capsys.readouterr().err


def test_a_command_of_before_answers_and_names_todays() -> None:
    done = bilat("trace", "transfers.tiv", "--period", "2018", "--json")
    assert json.loads(done.stdout)["schema"] == "bilat/document/1"
    assert done.stderr.strip() == "bilat: note: trace is now: bilat ask (until 30 June 2027)"


def test_a_group_is_a_command_whose_help_names_the_others() -> None:
    assert "screen decide" in bilat("screen", "--help").stdout
    one_line(bilat("screen", "decide", "nothing.jsonl", code=1), "nothing.jsonl")
    assert json.loads(bilat("ask", "goods", "854231", "--json").stdout)["data"]["code"] == "854231"
