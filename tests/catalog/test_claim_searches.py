# SPDX-License-Identifier: Apache-2.0
"""The stored searches for claims: what the reader takes and what it refuses, by row."""

from pathlib import Path

import pytest

from bilat.catalog import source
from bilat.catalog.readers.claim_searches import HEADER, read
from bilat.catalog.sources import Opened
from bilat.errors import DataError

ROW = {
    "search": "Q1",
    "claims": "I1;I2",
    "collection": "pages",
    "query": "words of a query",
    "made_on": "2026-12-01",
    "results": "8",
    "rank": "3",
    "page": "https://www.reuters.com/a",
    "publisher": "Reuters",
    "about": "A title",
    "public": "2026-05-02",
    "outcome": "left out",
    "documents": "",
    "reason": "opinion",
    "claim": "I1",
    "speaks": "for",
}


def taken(folder: Path, *rows: dict[str, str]) -> list[dict[str, object]]:
    lines = [",".join(HEADER), *(",".join(row[c] for c in HEADER) for row in rows)]
    file = folder / "claim_searches.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    made = source("claim_searches")
    ((_, table),) = read(Opened(made, made.files[0], file))
    return table.to_pylist()


def test_a_page_is_known_from_its_day_and_graded_by_its_site(tmp_path: Path) -> None:
    (row,) = taken(tmp_path, ROW)
    assert str(row["known_on"]) == "2026-05-02" and row["known_basis"] == "published"
    assert row["grade"] == "B3" and row["results"] == 8


def test_a_page_without_a_day_is_known_from_the_end_of_the_collection(tmp_path: Path) -> None:
    (row,) = taken(tmp_path, ROW | {"public": "", "reason": "copy"})
    assert str(row["known_on"]) == "2026-07-31" and row["known_basis"] == "inferred"
    assert row["grade"] == "D3"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"public": "2026-12-02"}, "is after the search"),
        ({"reason": ""}, "left out"),
        ({"outcome": "stored", "documents": "D1"}, "left out"),
        ({"claim": ""}, "give both or neither"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    tmp_path: Path, changed: dict[str, str], word: str
) -> None:
    with pytest.raises(DataError, match=word):
        taken(tmp_path, ROW | changed)


def test_a_search_has_the_same_words_in_each_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="differs between its rows"):
        taken(tmp_path, ROW, ROW | {"rank": "4", "query": "other words"})
