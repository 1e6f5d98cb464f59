# SPDX-License-Identifier: Apache-2.0
"""The one reader of delimited text refuses what it cannot be sure of, and reads what csv reads."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import DataError
from bilat.formats.json_text import parse_json
from bilat.formats.table import Place, TableRow, fields, number, records, year


def at(tmp_path: Path, raw: bytes) -> Place:
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    return Place(path, "f.csv", whose="the office")


def rows(tmp_path: Path, raw: bytes, header: str = "a,b") -> list[dict[str, str]]:
    return [dict(r) for r in records(at(tmp_path, raw), header.split(","))]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            b'a,b\n1,"ROSNEFT\n2,VTB\n3,SBERBANK\n',
            r"row 2: value .*opens a quote that is never closed \(field 2\)",
        ),
        (b'a,b\n1,"x"y\n', r"row 2: 'y' stands after a closing quote"),
        (b'a,b\n1,"x\n2,y\n3,"z"\n', r"row 2: 'z.*' stands after a closing quote"),
        (b"a,b\n1,2\x00\n", "row 2 has a NUL byte"),
        (
            b"a,b\n1,2\n1\n",
            "row 3: value '1' begins a row of 1 fields where the header has 2[.;] .*[Gg]et the file again",
        ),
        (b"a,b\n1,2,3\n", "row 2: .* 3 fields where the header has 2"),
        (b"a,b\n1,2\na,b\n1,2\n", "row 3: .*repeats the header"),
        (b"a,a,b\n1,2,3\n", "appears twice in the header|lacks|the header is"),
        (
            b"x,b\n1,2\n",
            "line 1: the header lacks the column 'a'; not the file that the office publishes",
        ),
        (b"a,b\n1,\xff\xfe\n", "row 2: value .* is not UTF-8 text; save the file as UTF-8"),
        (b"\xff\xfea\x00", "row 1 is UTF-16"),
        (b"", "is empty where the header should stand"),
        (b"a,b\n1," + b"x" * (2 << 20) + b"\n", "row 2 is longer than 1024 KB"),
        (b'a,b\n1,"' + b"x\n" * 5000 + b'"\n', "row 2: .*never closed"),
        (b"a,b\r1,2\r", "row 1:? .*CR only|lacks"),
    ],
)
def test_what_is_not_sure_is_refused_with_its_place(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        rows(tmp_path, raw)
    assert caught.value.file == "f.csv" and "nothing was taken in" in str(caught.value)


def test_a_row_over_several_lines_has_the_number_of_its_last(tmp_path: Path) -> None:
    found = list(
        records(at(tmp_path, b'\xef\xbb\xbfa,b\r\n1,"x ""y""\r\nz"\r\n\r\n2,\r\n'), ["a", "b"])
    )
    assert [(r.line, r["b"]) for r in found] == [(3, 'x "y"\r\nz'), (5, "")]
    with pytest.raises(DataError, match="row 5: column b: value '' is empty"):
        found[1].number("b")


cell = st.text(st.sampled_from('ab1,"\n ;é'), max_size=8)


@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_csv_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    path = tmp_path_factory.getbasetemp() / "t.csv"
    path.write_bytes(out.getvalue().encode())
    assert [f for _, f in fields(Place(path, "t.csv"))] == table


@pytest.mark.parametrize("text", ["１２", "1_0", "nan", "inf", "1e999", "²", "0x10", "1,5", "--1"])
def test_a_number_is_ascii_and_finite(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        number(text)
    assert number(" -1.5e3 ") == -1500 and number("") is None


def test_a_year_of_another_script_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Write 2022"):
        year("２０２２")
    with pytest.raises(DataError, match="row 7: column y: value 'x' is not one of yes, z"):
        TableRow(Place(tmp_path, "f"), 7, {"y": "x"}).word("y", {"yes": "1", "z": "2"})


def test_reading_leaves_the_csv_module_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    assert rows(tmp_path, b'a,b\n1,"' + b"x" * 500_000 + b'"\n')[0]["b"] == "x" * 500_000
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "1" * 5000, "1e400", "NaN", '{"a": ', "-" + "9" * 1000]
)
def test_json_out_of_bounds_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_json(text)
