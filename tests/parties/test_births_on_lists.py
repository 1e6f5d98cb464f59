# SPDX-License-Identifier: Apache-2.0
"""Dates of birth as lists write them: several in a cell, in Japanese, or as the number of a day."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from bilat.formats.parties import australia, japan
from bilat.parties.match.evidence import births, distinct_births


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        (18453, "1950-07-09"),
        (dt.datetime(1970, 1, 2), "1970-01-02"),
        ("1965年3月29日又は1970年1月18日", "1965-03-29; 1970-01-18"),
        ("1976年6 月26日", "1976-06-26"),
        ("１９７８年３月３日又は３月13日", "1978-03-03; 1978-03-13"),
        ("1986年12月13 日又は 31日", "1986-12-13; 1986-12-31"),
        ("1966/1969年3月27日", "1966-03-27; 1969-03-27"),
        ("1970年又は1971年", "1970; 1971"),
        ("1999年9月", "1999-09"),
        ("1983年2(3)月10日", "1983"),
        ("9月28日（year unknown）", ""),
        (1970, "1970"),
        (None, ""),
    ],
)
def test_a_birth_on_japans_list_is_a_date(cell: object, born: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "29.ロシア連邦(個人)"
    sheet.append(["告示日付", "告示番号", "日本語表記", "英語表記", "生年月日"])
    sheet.append(["2022.3.1", "1", "メイドアップ", "MADE UP", cell])
    path = tmp_path / "list.xlsx"
    book.save(path)
    (party,) = japan.asset_freezes(path)
    assert party.born == born


@pytest.mark.parametrize(
    ("cell", "first_years"),
    [
        ("1958, 1/01/1967", [1958, 1967]),
        ("Approximately 1963, 30/01/1972", [1961, 1972]),
        ("1968_x000D_ 28/08/1965", [1968, 1965]),
        ("27/05/1973 01/01/1975", [1973, 1975]),
        ("5/06/1978,", [1978]),
    ],
)
def test_each_birth_on_australias_list_is_told_apart(
    cell: str, first_years: list[int], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    header = [*australia.HEADER, "Date of Birth"]
    cells = {
        "Reference": 1,
        "Name of Individual or Entity": "MADE UP",
        "Type": "Individual",
        "Name Type": "Primary Name",
        "Control Date": dt.datetime(2024, 2, 24),
        "Date of Birth": cell,
    }
    book.active.append(header)
    book.active.append([cells.get(c) for c in header])
    path = tmp_path / "list.xlsx"
    book.save(path)
    (party,) = australia.parties(path)
    assert [b.first for b in births(party.born)] == first_years


def test_a_sentence_has_each_listed_birth_once() -> None:
    assert distinct_births(["1953-09-09", "9.9.1953", "09 Sep 1953", "1953"]) == ["1953-09-09"]
    assert distinct_births(["1953", "1954", "1953"]) == ["1953", "1954"]
