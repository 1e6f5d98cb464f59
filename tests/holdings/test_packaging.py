# SPDX-License-Identifier: Apache-2.0
"""Files in archives: the columns that are kept of a table, and archives that lie."""

import csv
import io
from pathlib import Path

import pytest
from publishers import VDEM, archive_of, vdem, vdem_table

from bilat.catalog import source
from bilat.errors import DataError
from bilat.holdings import Holdings, Store, packaging
from bilat.holdings.acceptance import take_in
from bilat.measures import ask

SOURCE = source("vdem_country_year")
FILE = SOURCE.current[0].model_copy(update={"min_rows": 4}).file()


def written(folder: Path, content: bytes) -> Path:
    path = folder / "answer.zip"
    path.write_bytes(content)
    return path


def test_only_the_columns_that_are_read_are_kept_in_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, archive_of(vdem_table(0, 40)))
    packaging.take_out(FILE, path)
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    assert header == VDEM
    assert [row[:3] for row in rows] == [["RUS", str(1900 + n), f"0.{n:03}"] for n in range(40)]
    assert [p.name for p in tmp_path.iterdir()] == ["answer.zip"]


def test_the_index_of_the_whole_edition_speaks_with_its_bounds_from_its_own_day(
    tmp_path: Path,
) -> None:
    (content,) = vdem("2026-11-20", 0, 126).values()
    path = written(tmp_path, content)
    packaging.take_out(FILE, path)
    store = Store(tmp_path / "h")
    done = take_in(SOURCE, FILE, path, store)
    assert (done.status, done.rows) == ("added", 5 * 126)
    holdings = Holdings(tmp_path / "h")
    now = ask("regime.constraints", index="legislative", holdings=holdings)
    (newest,) = [p for p in now.points if (p.group, p.period) == ("RUS", "2025")]
    assert (newest.value, newest.low, newest.high) == (0.125, 0.125, 0.125)
    then = ask("regime.constraints", index="legislative", holdings=holdings, as_of="2026-03-30")
    assert not [p for p in then.points if (p.group, p.period) == ("RUS", "2025")]
    assert {p.value for p in then.points}.isdisjoint({newest.value})


def header_without(text: str, column: str) -> str:
    return text.replace(f",{column},", ",renamed,", 1)


ROWS = vdem_table(0, 40)
BROKEN: dict[str, tuple[bytes, str]] = {
    "no archive": (b"<html>down for maintenance</html>", "is not a complete zip archive"),
    "cut": (archive_of(ROWS)[:-400], "is not a complete zip archive"),
    "a byte other": (
        archive_of(ROWS).replace(b"table-0", b"tablf-0", 1),
        "is not a complete zip archive",
    ),
    "no table": (archive_of(), "has 0 CSV files"),
    "two tables": (archive_of(ROWS, ROWS), "has 2 CSV files"),
    "empty": (archive_of(""), "does not have the column 'country_text_id' once"),
    "column gone": (
        archive_of(header_without(ROWS, "v2x_jucon")),
        "does not have the column 'v2x_jucon' once",
    ),
    "row cut": (archive_of(ROWS[:-30]), "fields where the header has"),
    "not UTF-8": (
        archive_of(ROWS.encode().replace(b"made up", b"m\xffde up")),
        "is not a complete zip",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_archive_of_another_shape_is_refused_and_changes_nothing(
    kind: str, tmp_path: Path
) -> None:
    content, said = BROKEN[kind]
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=said) as caught:
        packaging.take_out(FILE, path)
    assert FILE.path in str(caught.value)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["answer.zip"]


def test_a_table_larger_than_any_edition_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaging, "LARGEST_MEMBER", 1000)
    path = written(tmp_path, archive_of(ROWS))
    with pytest.raises(DataError, match="unpacks to more than"):
        packaging.take_out(FILE, path)
