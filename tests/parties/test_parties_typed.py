# SPDX-License-Identifier: Apache-2.0
"""What is typed and means nothing is refused in one line, and never counts as screened."""

from pathlib import Path

import pytest

from bilat.cli import main
from bilat.errors import DataError
from bilat.parties.answers.owner_file import owners
from bilat.parties.screening.screener import Screener


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["!!!"], "names nobody"),
        (["  "], "give a name"),
        (["Rosneft", "--schema", "Ship"], "schema 'Ship' is not known"),
        (["Rosneft", "--country", "Narnia"], "Narnia"),
        (["Rosneft", "--born", "1970-13-40"], "born '1970-13-40' is not a date"),
    ],
)
def test_a_typed_query_that_means_nothing_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["screen", *words])
    err = capsys.readouterr().err
    assert stop.value.code == 2 and said in err and err.count("\n") == 1


def test_shares_written_as_fractions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("owner,owned,low,high\nA,B,0.6,0.6\n")
    with pytest.raises(DataError, match=r"row 2: column high: value 0\.6 looks like a fraction"):
        owners(tmp_path / "links.csv", "B", Screener(()))


def test_a_row_cleared_earlier_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(tmp_path / "log.jsonl")
    given = {
        "query": "Rostec",
        "party": "ofac-17260",
        "verdict": "false",
        "why": "our bakery",
        "who": "A",
    }
    main_of(["screen", "decide", log, *(word for k, v in given.items() for word in (f"--{k}", v))])
    capsys.readouterr()
    main_of(["screen", "Rostec", "--decisions", log])
    out = capsys.readouterr().out
    assert "our bakery" in out and "CLEARED EARLIER" in out


@pytest.mark.parametrize("name", ["consignments.xls", "names.ods", "names.zip", "list.txt"])
def test_a_file_that_is_not_there_or_not_read_is_no_name(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["screen", name])
    assert stop.value.code == 2 and name in capsys.readouterr().err


def test_rows_without_a_name_are_counted_and_pointed_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "names.csv").write_text("name,country\nGrenzmark Wollhandel,DE\n-,\n,RU\n")
    main_of(["screen", str(tmp_path / "names.csv")])
    assert "2 rows without a name" in (out := capsys.readouterr().out)
    assert "(row 3, 4)" in out


def main_of(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert not stop.value.code
