# SPDX-License-Identifier: Apache-2.0
"""A file of the user's own: columns guessed, rows beside the embedded ones, nothing changed by one that is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bilat.cli import application
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.holdings.own import add, guess
from bilat.measures import ask, measures

TEXT = "year,country,drones\n2022,Russia,600\n2023,Russia,2700\n2024,Russia,11000\n2023,Iran,900\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BILAT_HOLDINGS", str(tmp_path / "held"))
    path = tmp_path / "my drones.csv"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_file_is_added_and_asked_beside_the_embedded_rows(file: Path) -> None:
    given_ = ["add", str(file), "--public", "2025-02-01"]
    done = CliRunner().invoke(application(), given_, input="My institute\ndrones a year\n")
    assert done.exit_code == 0, done.output
    assert (
        "drones by year (year), one line for each country" in done.output
        and "bilat ask my_drones" in done.output
    )
    held = Holdings()
    m = ask("my_drones", holdings=held)
    assert (
        m.value("2024", "RUS") == 11000
        and m.value("2023", "IRN") == 900
        and m.unit == "drones a year"
    )
    assert "My institute, my drones.csv" in m.cite() and m.rows("2024", "RUS")[0]["locator"]
    assert not ask("my_drones", as_of="2025-01-31", holdings=held).points  # not public then
    assert "my_drones" in measures() and ask("transfers.tiv", holdings=held).points


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_marks_between_cells_are_seen(mark: str, file: Path) -> None:
    file.write_text(TEXT.replace(",", mark), "utf-8")
    add(file, guess(file), publisher="Me", unit="drones", name="marks")
    assert ask("marks", holdings=Holdings()).value("2024", "RUS") == 11000


def test_a_second_edition_takes_the_place_of_the_first(file: Path) -> None:
    for last in ("11000", "12000"):
        file.write_text(TEXT.replace("11000", last), "utf-8")
        add(file, guess(file), publisher="Me", unit="drones", name="mine")
        assert ask("mine", holdings=Holdings()).value("2024", "RUS") == float(last)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("year,a,b\n2022,1,2\n", "value could be a, b; name the column with `value`"),
        ("name,a\nx,1\n", "period is in no column"),
        ("year,a\n", "no row below the header"),
        ("year,a\n2022,1,5\n", "row 2: has not 2 cells"),
        ("year,a\n2022,1\n\n20x3,2\n2024,3\n", "row 4: column year: value '20x3' is no year"),
        (
            "year;a\n2022;1\n2023;1,5\n2024;3\n",
            "row 3: column a: value '1,5' is no number.*write 1234.5",
        ),
        (
            "year,name,a\n2022,x,1\n2023,y,many\n2024,z,2\n",
            "row 3: column a: value 'many' is no number",
        ),
    ],
)
def test_what_cannot_be_guessed_names_the_cure_and_changes_nothing(
    file: Path, text: str, says: str
) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(DataError, match=says):
        guess(file)


def test_a_row_that_stands_twice_is_refused_and_nothing_is_left_behind(
    file: Path, tmp_path: Path
) -> None:
    file.write_text(TEXT + "2023,Iran,901\n", "utf-8")
    with pytest.raises(DataError, match="IRN"):
        add(file, guess(file), publisher="Me", unit="drones", name="twice")
    assert "twice" not in measures() and not list((tmp_path / "held").rglob("*.toml"))
    with pytest.raises(UsageError, match="source of the catalog"):
        add(file, guess(file), publisher="Me", unit="drones", name="sipri_register")


@given(
    values=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8).filter(
        lambda vs: (
            not all(1800 <= v <= 2099 for v in vs)
        )  # as many years as numbers: the file does not say which
    ),
    group=st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool),
)
def test_any_group_and_number_is_guessed_as_written(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], group: str
) -> None:
    import csv

    path = tmp_path_factory.mktemp("own") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("when", "who", "how many"))
        rows.writerows((f"{2000 + n}-05", f"g {group}", v) for n, v in enumerate(values))
    found = guess(path)
    assert (found.period, found.kind, found.value, found.group) == (
        "when",
        "month",
        "how many",
        "who",
    )


@pytest.mark.parametrize("absent", ["n/a", "", "-", "NA", ".."])
def test_a_cell_without_a_value_is_left_out_and_said(absent: str, file: Path) -> None:
    file.write_text(TEXT.replace("2700", absent), "utf-8")
    done = CliRunner().invoke(
        application(), ["add", str(file), "--publisher", "Me", "--unit", "drones", "--name", "gaps"]
    )
    assert done.exit_code == 0 and "1 row without a value left out" in " ".join(
        done.output.split()
    ), done.output
    held = Holdings()
    assert (
        ask("gaps", holdings=held).value("2024", "RUS") == 11000
        and len(ask("gaps", holdings=held).points) == 3
    )
