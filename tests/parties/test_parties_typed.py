# SPDX-License-Identifier: Apache-2.0
"""What is typed and means nothing is refused in one line, and never counts as screened."""

from pathlib import Path

import pytest

from bilat.cli import main
from bilat.errors import DataError
from bilat.parties.links_file import owners


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["!!!"], "holds no letter"),
        (["  "], "holds no letter"),
        (["Rosneft", "--schema", "Ship"], "--schema 'Ship' is not known"),
        (["Rosneft", "--country", "Narnia"], "Narnia"),
        (["Rosneft", "--born", "1970-13-40"], "--born '1970-13-40' is not a date"),
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
    (tmp_path / "listed.csv").write_text("party,list\nA,OFAC SDN\n")
    with pytest.raises(DataError, match=r"row 2: column high: value 0\.6 looks like a fraction"):
        owners(tmp_path / "links.csv", "B", tmp_path / "listed.csv")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("VTB", "VTB POSSIBLE"),
        ("Rostec", "Rostec POSSIBLE"),
        ("OSK", "OSK: below the cut a listed name holds it"),
        ("Gazprom", "Gazprom: below the cut a graver entry holds"),
    ],
)
def test_a_short_name_of_a_blocked_party_is_never_passed_over_in_silence(
    name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Above the cut where a name made from the listed one, or a join of two lists, brings it there; else below it."""
    main_of(["screen", name])
    out = " ".join(capsys.readouterr().out.split())
    assert said in out and "BLOCKED" in out.partition(said)[2]


def test_a_clean_name_has_nothing_below_the_cut(capsys: pytest.CaptureFixture[str]) -> None:
    main_of(["screen", "Grenzmark Wollhandel"])
    assert "below the cut" not in capsys.readouterr().out


def main_of(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert not stop.value.code
