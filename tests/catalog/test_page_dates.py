# SPDX-License-Identifier: Apache-2.0
"""Dates of pages and of the periods that words name."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.catalog.page_dates import last_day, last_named, page_date
from bilat.catalog.page_days import edition_public_by
from bilat.holdings import Holdings, embedded_folder
from bilat.when import AsOf


@pytest.mark.parametrize(
    ("address", "note", "day"),
    [
        (
            "https://agorahub.github.io/pen0/hkers/2023-05-05-putins-missile-war.html",
            "",
            "2023-05-05",
        ),
        ("https://www.mees.com/2022/3/25/opec/china", "", "2022-03-25"),
        ("https://sarabic.ae/20170104/x-1021560477.html", "", "2017-01-04"),
        ("http://english.www.gov.cn/news/202403/02/content.html", "", "2024-03-02"),
        ("https://www.andrewerickson.com/2011/12/no-oil/", "", "2011-12-31"),
        ("https://tankterminals.com/news/x-2024/", "GACC via Reuters 20 Jan 2025", "2025-01-20"),
        ("https://www.eia.gov/x", "EIA Table 1, updated 25 Jun 2024; all users", "2024-06-25"),
        ("https://tass.com/economy/1787291", "", None),
        ("https://example.org/2023/99/x", "", None),
        ("https://example.org/in-2023/", "", None),
    ],
)
def test_a_page_is_dated_by_its_note_or_address(address: str, note: str, day: str | None) -> None:
    assert page_date(address, note) == (dt.date.fromisoformat(day) if day else None)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2039, 12, 31)))
def test_every_way_of_writing_a_day_gives_that_day(day: dt.date) -> None:
    for text in (f"/{day}-x", f"/{day:%Y/%m/%d}/", f"/{day:%Y%m%d}/"):
        assert page_date(f"https://example.org{text}") == day


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    page_date(text, text)
    last_named(text)
    last_day(text)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2023", ("2023", "2023-12")),
        ("2022-02..2023-05", ("2023-05", "2023-05")),
        ("2023-Q4", ("2023-12", "2023-12")),
        ("2024Q1", ("2024-03", "2024-03")),
        ("early 2023", ("2023", "2023-12")),
        ("before 2022", ("2021", "2021-12")),
        ("2013+", ("2013", "2013-12")),
        ("planned", None),
    ],
)
def test_the_last_period_named_counts(words: str, found: tuple[str, str] | None) -> None:
    assert last_named(words) == found


def test_a_figure_is_as_old_as_the_edition_that_a_later_page_quotes() -> None:
    # First published in February 2022; CSIS quotes its howitzers in July 2023.
    assert edition_public_by("IISS Military Balance 2022 via CSIS") == dt.date(2022, 2, 28)
    assert edition_public_by("IISS via CSIS") is None
    query = (
        "SELECT DISTINCT known_on FROM estimates WHERE source = 'production_estimates' AND "
        "originator = 'IISS Military Balance 2022 via CSIS'"
    )
    holdings = Holdings(embedded_folder())
    rows = holdings.connect(AsOf("2026-11-30")).connection.cursor().execute(query)
    assert rows.fetchall() == [(dt.date(2022, 2, 28),)]
