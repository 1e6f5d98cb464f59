# SPDX-License-Identifier: Apache-2.0
"""How long a field of a delimited file may be does not depend on what was read before in the process."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilat.errors import DataError
from bilat.formats.parties.text import rows
from bilat.formats.trade.text_file import open_text
from bilat.parties.queries.query_files import read_queries

ROOT = Path(__file__).resolve().parents[1]
LONG = "x" * 500_000


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


def table(folder: Path, name: str, header: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines, "")), "utf-8")
    return path


@pytest.mark.parametrize("before", [131_072, 5_000, 50_000_000])
def test_reading_names_leaves_the_limit_of_a_trade_file_and_of_a_list_alone(
    tmp_path: Path, before: int
) -> None:
    csv.field_size_limit(before)
    names = table(tmp_path, "q.csv", "query_id,name", "1,ROSNEFT")
    trade = table(tmp_path, "t.csv", "reporter,partner,note", f"A,B,{LONG}")
    listed = table(tmp_path, "l.csv", "id,name", f"1,{LONG}")
    assert [q.name for q in read_queries(names)] == ["ROSNEFT"]
    assert open_text(trade, tmp_path).header == ("reporter", "partner", "note")
    assert [r["name"] for _, r in rows(listed, ("id", "name"))] == [LONG]
    assert csv.field_size_limit() >= before


def test_a_name_as_long_as_a_page_is_refused_with_its_row(tmp_path: Path) -> None:
    names = table(tmp_path, "q.csv", "query_id,name", "1,ROSNEFT", f"2,{LONG}")
    with pytest.raises(DataError, match=r"q\.csv: row 3: .*name.*500,000 characters"):
        list(read_queries(names))


def test_nobody_sets_the_limit_of_the_whole_process() -> None:
    assert not [
        p.name for p in ROOT.glob("src/**/*.py") if "field_size_limit(" in p.read_text("utf-8")
    ]
