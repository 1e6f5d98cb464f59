# SPDX-License-Identifier: Apache-2.0
"""The log of updates, and the verbs."""

import datetime as dt
import json
import re
from importlib import resources
from pathlib import Path

import pytest

from bilat.cli import main
from bilat.errors import DataError, UsageError
from bilat.forecast import forecast, questions
from bilat.forecast.questions import one
from bilat.forecast.updates import UpdateLog, latest
from bilat.when import AsOf

MARCH = dt.datetime(2023, 3, 20, tzinfo=dt.UTC)


def some_of(*ids: str) -> str:
    """A question file with some of the questions that come with bilat."""
    folder = resources.files("bilat.forecast").joinpath("sets")
    text = "\n".join(folder.joinpath(n).read_text("utf-8") for n in ("paper.toml", "open.toml"))
    blocks = re.split(r"(?m)^(?=\[\[question\]\]$)", text)
    return "".join(b for b in blocks if any(f'id = "{i}"\n' in b for i in ids))


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["forecast", *words])
    return int(stop.value.code or 0)


def test_the_latest_of_each_forecaster_counts(tmp_path: Path) -> None:
    log = UpdateLog(tmp_path / "log.jsonl")
    log.add("Q", 0.2, "ann", "first", MARCH)
    log.add("Q", 0.4, "ben", "other", MARCH)
    log.add("Q", 0.7, "ann", "news", MARCH + dt.timedelta(days=30))
    entries = list(log.entries())
    assert [e.previous for e in entries[1:]] == [log.digest(e) for e in entries[:-1]]
    assert latest(entries, "Q", dt.date(2023, 12, 31)) == {"ann": 0.7, "ben": 0.4}
    assert latest(entries, "Q", dt.date(2023, 3, 31)) == {"ann": 0.2, "ben": 0.4}


def test_a_changed_or_cut_log_is_refused_and_a_torn_line_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = UpdateLog(path)
    for p in (0.2, 0.3, 0.4):
        log.add("Q", p, "ann", "why")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("0.3", "0.9"), "utf-8")
    with pytest.raises(DataError, match=r"row 2.*altered or cut"):
        list(log.entries())
    path.write_text("".join(whole.splitlines(keepends=True)[1:]), "utf-8")
    with pytest.raises(DataError, match="row 1"):
        log.add("Q", 0.5, "ann", "why")
    path.write_text(whole[:-20], "utf-8")
    assert len(list(log.entries())) == 2
    log.add("Q", 0.6, "ann", "again")
    assert [e.probability for e in log.entries()] == [0.2, 0.3, 0.6]


@pytest.mark.parametrize("p,who,why", [(0.0, "a", "b"), (1.2, "a", "b"), (0.3, " ", "b"), (0.3, "a", "")])
def test_an_update_without_its_parts_changes_nothing(tmp_path: Path, p: float, who: str, why: str) -> None:
    log = UpdateLog(tmp_path / "log.jsonl")
    with pytest.raises(UsageError):
        log.add("Q", p, who, why)
    assert not log.path.exists()


def test_an_opinion_given_when_the_answer_is_out_does_not_count(tmp_path: Path) -> None:
    log = UpdateLog(tmp_path / "log.jsonl")
    log.add("P6-IRN", 0.3, "ann", "before", MARCH)
    log.add("P6-IRN", 0.98, "ann", "it has happened", dt.datetime(2024, 3, 16, tzinfo=dt.UTC))
    q = one(questions(), "P6-IRN")
    f = forecast(q, as_of=AsOf("2026-11-24"), updates=list(log.entries()))
    assert f.opinions == {"ann": 0.3}
    assert min(0.3, f.probability) < f.pool < max(0.3, f.probability)


def test_the_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = tmp_path / "few.toml"
    few.write_text(some_of("P6-IRN", "P7-PRK-2027"), "utf-8")
    log = ["--log", str(tmp_path / "log.jsonl"), "--questions", str(few)]
    assert run("update", "p7-prk-2027", "--p", "0.2", "--who", "ann", "--why", "a visit", *log) == 0
    for words in (["list"], ["show", "P7-PRK-2027"], ["resolve"], ["score"]):
        capsys.readouterr()
        assert run(*words, *log, "--as-of", "2026-11-24") == 0
        out = capsys.readouterr().out
        assert out and max(map(len, out.splitlines())) <= 80, words
        assert run(*words, *log, "--as-of", "2026-11-24", "--json") == 0
        assert json.loads(capsys.readouterr().out)
    assert run("show", "P7-PRK-2027", *log, "--json") == 0
    assert json.loads(capsys.readouterr().out)["forecasters"] in ({"ann": 0.2}, {})
    capsys.readouterr()
    assert run("update", "P6-IRN", "--p", "0.9", "--who", "bob", "--why", "too late", *log) == 0
    assert (
        "it closed on 2024-03-20: the entry stands in the log and counts for nothing"
        in capsys.readouterr().out
    )
    assert run("update", "P7-PRK-2027", "--p", "2", "--who", "a", "--why", "b", *log) == 2
    assert run("show", "NONE", *log) == 2
    assert run("list", *log, "--questions", str(tmp_path / "none.toml")) == 1
    assert run("score", "--as-of", "2023-03-21", *log) == 1
    assert "nothing to score" in capsys.readouterr().err


def test_as_of_the_papers_day_no_later_question_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--as-of", "2023-03-20", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert {r["opened"] for r in listed} == {"2023-03-20"}
    assert {r["outcome"] for r in listed} == {"not yet observable"}
