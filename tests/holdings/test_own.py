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
from bilat.holdings.own import Removed, add, guess, remove
from bilat.holdings.own_cells import column_of
from bilat.holdings.own_table import read_table
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


def test_a_file_that_was_added_can_be_removed_and_a_version_of_one_day_replaces_another(
    file: Path,
) -> None:
    runner = CliRunner()
    for last in ("11000", "12000"):
        file.write_text(TEXT.replace("11000", last), "utf-8")
        add(file, guess(file), publisher="Me", unit="drones", name="mine")
    add(file, guess(file), publisher="Me", unit="drones", name="other")
    done = runner.invoke(application(), ["add", "mine", "--remove"])
    assert done.exit_code == 0 and "mine: removed, with 1 version" in done.output, done.output
    assert "mine" not in measures() and "other" in measures()
    assert ask("other", holdings=Holdings()).value("2024", "RUS") == 12000
    held = file.parent / "held"
    left = [path.name for path in held.rglob("*") if path.name.startswith("mine")]
    assert not left and len([*held.glob("snapshots/*")]) == 1  # the same bytes are those of "other"
    with pytest.raises(UsageError, match="there is no measure 'mine'"):
        ask("mine")


def test_only_a_table_of_the_user_is_removed_and_by_its_file_as_well(file: Path) -> None:
    add(file, guess(file), publisher="Me", unit="drones")
    assert remove(str(file)) == Removed("my_drones", 1)
    with pytest.raises(UsageError, match="no table 'my_drones' that you added; you have none"):
        remove("my_drones")
    with pytest.raises(UsageError, match="no table 'sipri_register' that you added"):
        remove("sipri_register")


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
        (
            "year,a,b\n2022,1,2\n",
            "several columns could hold the value: a, b; name the right one with `value`",
        ),
        ("name,a\nx,1\n", "no column looks like a date or period"),
        ("year,a\n", "no row below the header"),
        ("year,a\n2022,1,5\n", "row 2 has not 2 cells"),
        ("year,a\n2022,1\n\n20x3,2\n2024,3\n", "row 4: column year: value '20x3' is not a year"),
        (
            "year;a\n2022;1\n2023;1,5 m\n2024;3\n",
            "row 3: column a: value '1,5 m' is not a number.*[Ww]rite 1234.5",
        ),
        ("year;a\n2022;1,600\n2023;1,700\n", "row 2: column a.*may be 1.600 or 1600"),
        ("day,a\n01/02/2022,5\n03/04/2022,6\n", "row 2: column day.*2022-02-01 or 2022-01-02"),
        ("day,a\n2022-04-30,5\n2022-04-31,6\n2022-05-01,6\n", "row 3: column day.*is not a day"),
        ("year,a\n2022,1\n,2\n", "row 3: column year is empty|row 3: column year.*is empty"),
        ("year,a,a\n2022,1,2\n", "two columns are called 'a'"),
        (
            "year,name,a\n2022,x,1\n2023,y,many\n2024,z,2\n",
            "row 3: column a: value 'many' is not a number",
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


SHAPES = {
    "thousands": ('year,a\n2022,"1,600"\n2023,"12,345.5"\n', {"2022": 1600, "2023": 12345.5}),
    "blanks": ("year,a\n2022,1\u202f600\n2023,12 345\n", {"2022": 1600, "2023": 12345}),
    "german": ("Jahr;a\n2022;1.600,5\n2023;12,25\n", {"2022": 1600.5, "2023": 12.25}),
    "per cent": ("year,a\n2022,12.5%\n2023,3 %\n", {"2022": 12.5, "2023": 3}),
    "short months": ("when,a\nJan 2022,7\nFeb 2022,9\n", {"2022-01": 7, "2022-02": 9}),
    "long months": ("when,a\nMay 2022,7\nSeptember 2022,9\n", {"2022-05": 7, "2022-09": 9}),
    "months with slashes": ("when,a\n01/2022,7\n12/2022,9\n", {"2022-01": 7, "2022-12": 9}),
    "quarters": ("when,a\n2022Q1,7\n2022-Q4,9\n", {"2022-03": 7, "2022-12": 9}),
    "days first": (
        "when,a\n01/02/2022,7\n28/02/2022,9\n",
        {"2022-02-01": 7, "2022-02-28": 9},
    ),
    "days with points": (
        "when;a\n01.02.2022;7\n03.02.2022;9\n",
        {"2022-02-01": 7, "2022-02-03": 9},
    ),
    "days in words": (
        'when,a\n"Feb 1, 2022",7\n3 February 2022,9\n',
        {"2022-02-01": 7, "2022-02-03": 9},
    ),
    "years across": ("country,2022,2023\nRussia,7,9\n", {"2022": 7, "2023": 9}),
    "years of the World Bank": (
        "Country Name,Country Code,Series,2022 [YR2022],2023 [YR2023]\nRussia,RUS,x,7,..\n",
        {"2022": 7},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_ordinary_shapes_of_tables_are_read(shape: str, file: Path) -> None:
    text, expected = SHAPES[shape]
    file.write_text(text, "utf-8")
    add(file, guess(file), publisher="Me", unit="drones", name="shaped")
    points = ask("shaped", holdings=Holdings()).points
    assert {p.period: p.value for p in points} == expected


def test_a_workbook_is_read_and_each_figure_names_its_row(file: Path) -> None:
    import datetime as dt

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Our count of drones"],
        [],
        ["month", "country", "drones", None],
        [dt.datetime(2022, 1, 1), "Russia", 600],
        [dt.datetime(2022, 2, 1), "Russia", 700.5],
    ):
        sheet.append(row)
    path = file.with_suffix(".xlsx")
    book.save(path)
    add(path, guess(path), publisher="Me", unit="drones", name="booked")
    m = ask("booked", holdings=Holdings())
    assert m.value("2022-02-01", "RUS") == 700.5
    assert m.rows("2022-02-01", "RUS")[0]["locator"] == "line 5"
    assert "my drones.xlsx" in m.cite()


def test_a_quarter_is_named_in_the_unit_and_what_was_changed_is_said(file: Path) -> None:
    file.write_text('when,note,a\n2022Q1,x,"1,600"\n2022Q2,y,"1,700"\n', "utf-8")
    found = guess(file)
    assert found.group == "note" and "In a, 1,600 read as 1600" in found.said
    add(file, found, publisher="Me", unit="drones", name="quarters")
    assert "quarter" in ask("quarters", holdings=Holdings()).unit


@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1, max_size=6).filter(
        lambda numbers: any(abs(x) >= 1000 and x != int(x) for x in numbers)
    )
)
def test_what_is_written_with_thousands_is_read_in_english_and_in_german(
    numbers: list[float],
) -> None:
    english = [f"{x:,.2f}" for x in numbers]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    for cells in (english, german):
        for semicolons in (False, True):
            read = column_of(cells, semicolons=semicolons)
            assert [float(c) for c in read.cells] == numbers


def heads(text: str, path: Path) -> tuple[str, ...]:
    path.write_text(text, "utf-8")
    return read_table(path).header


def test_a_column_a_year_becomes_a_row_a_year_with_up_to_four_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    assert heads("a,b,c,d,2022,2023\n1,2,3,4,5,6\n", path) == ("a", "b", "c", "d", "year", "value")
    assert heads("a,b,c,d,e,2022,2023\n1,2,3,4,5,6,7\n", path)[-1] == "2023"
    assert heads("a,2022\n1,2\n", path) == ("a", "2022")
    assert heads("value,2022,2023\n1,2,3\n", path) == ("value", "2022", "2023")


def test_the_first_word_of_a_unit_says_what_kind_of_figure_it_is(file: Path) -> None:
    """The unit is that of the last version, though the measure was asked before."""
    for unit, kind, printed in (
        ("% of imports", "percent", "percent of imports"),
        ("share of imports (0 to 1)", "share", "share of imports (0 to 1)"),
        ("percent of all imports", "percent", "percent of all imports"),
        ("drones a year", "quantity", "drones a year"),
    ):
        add(file, guess(file), publisher="Me", unit=unit, name="mine")
        found = ask("mine", holdings=Holdings()).unit
        assert (found.kind, str(found)) == (kind, printed)
