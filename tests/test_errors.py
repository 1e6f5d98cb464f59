# SPDX-License-Identifier: Apache-2.0
"""An error is one line that names file and cure, whatever was raised."""

import pickle

import pytest

from bilat import cli
from bilat.errors import BilatError, Damaged, DataError, UsageError, as_error, command


def test_a_line_is_put_together_from_the_parts_and_keeps_them() -> None:
    e = DataError(
        "is not a year", file="a.csv", row=7, column="year", value="20x1", cure="write 2022"
    )
    assert str(e) == "a.csv: row 7: column year: value '20x1' is not a year; write 2022"
    again = pickle.loads(pickle.dumps(e))
    assert (again.row, again.cure, str(again)) == (7, "write 2022", str(e))
    assert str(DataError("all of it")) == "all of it"
    empty = DataError("is empty", file="a.csv", row=1, cure="the first line must be the header")
    assert str(empty) == "a.csv: row 1 is empty; the first line must be the header"
    assert str(DataError("is missing", row=2, column="x")) == "row 2: column x is missing"
    assert str(DataError("is empty", file="a.csv")) == "a.csv: is empty"
    assert (
        "\n" not in str(DataError("two\nlines", value="x" * 10_000))
        and len(str(DataError("", value="x" * 10_000))) < 300
    )


def test_a_command_has_every_option_that_is_set() -> None:
    assert command("plan", "recovery", seed=0, share=0.0) == (
        "bilat plan recovery --seed 0 --share 0.0"
    )
    assert command("screen", out="a b.csv", quiet=True) == "bilat screen --out 'a b.csv' --quiet"
    assert command("screen", quiet=False, out="", base_rate=None, list=[]) == "bilat screen"
    assert command("add", list=["un", "eu"], years=(2014, 2021)) == (
        "bilat add --list un --list eu --years 2014 2021"
    )


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (MemoryError(), "more memory"),
        (
            PermissionError(13, "Permission denied", "/some/where"),
            "/some/where: cannot be read or written",
        ),
        (RecursionError("too deep"), "--debug"),
        (KeyError("x"), "--debug"),
    ],
)
def test_whatever_is_raised_ends_as_one_line(
    raised: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def verb(**_: object) -> None:
        raise raised

    monkeypatch.setattr(cli, "application", lambda word: verb)
    with pytest.raises(SystemExit) as ended:
        cli.main(["claims"])
    err = capsys.readouterr().err
    assert ended.value.code == 1 and err.count("\n") == 1 and said in err
    with pytest.raises(SystemExit):
        cli.main(["claims", "--debug"])
    assert "Traceback" in capsys.readouterr().err


def test_an_error_of_ours_keeps_its_code() -> None:
    assert as_error(UsageError("x")).exit_code == 2 and isinstance(
        as_error(ValueError("x"), "f.csv"), BilatError
    )
    assert str(as_error(ValueError("x"), "f.csv")).startswith("f.csv: ")


@pytest.mark.parametrize("value", [None, "20x1", 3.5, ["a", "b"], lambda: None])
@pytest.mark.parametrize("kind", [UsageError, DataError, Damaged])
def test_an_error_travels_between_processes_whole(kind: type[BilatError], value: object) -> None:
    error = kind(
        "is not a year", file="t.csv", row=7, column="year", value=value, cure="write 2022"
    )
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is kind and str(there) == str(error)
    assert (there.file, there.row, there.column, there.cure) == ("t.csv", 7, "year", "write 2022")
