# SPDX-License-Identifier: Apache-2.0
"""Figures and periods read as a newspaper prints them, and a chart's title says what its figures say."""

import datetime as dt
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import wording as words
from bilat.units import RATIO, SHARE, Unit, count, money, of_one_year, percent, ratio, share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (30, "30"),
        (1656, "1,656"),
        (0.864, "0.86"),
        (0.0423, "0.042"),
        (12.345, "12.3"),
        (99.96, "100"),
        (1_234_567, "1.23 million"),
        (21.6e9, "21.6 billion"),
        (-4.5, "−4.5"),
        (999_999, "1 million"),
        (2e-7, "nearly 0"),
        (-2e-7, "nearly 0"),
        (0.0001, "0.0001"),
        (0.0005, "0.0005"),
        (0.0055, "0.0055"),
        (0.00996, "0.01"),
    ],
)
def test_numbers_keep_three_figures(value: float, text: str) -> None:
    assert words.number(value) == text


@given(st.floats(min_value=-1e14, max_value=1e14, allow_nan=False))
def test_a_number_reads_back_within_one_part_in_twenty(value: float) -> None:
    text = words.number(value).replace(",", "").replace("−", "-").replace("nearly 0", "0")
    scale = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
    head, _, word = text.partition(" ")
    assert math.isclose(float(head) * scale.get(word, 1), value, rel_tol=0.05, abs_tol=1e-4)


def test_a_share_is_shown_in_per_cent_and_a_percentage_is_not_multiplied() -> None:
    assert words.figure(0.34, share("crude imports")) == "34% of crude imports"
    assert words.figure(0.034, SHARE) == "3.4%"
    assert words.figure(0.0996, SHARE) == "10%"
    assert words.figure(34, percent("imports")) == "34% of imports"
    assert words.figure(30, "million TIV") == "30 million TIV"
    assert words.figure(None, "Mt") == "no figure"


def test_the_kind_of_a_unit_is_stated_and_not_read_out_of_its_words() -> None:
    assert words.figure(0.34, "share of crude imports") == "0.34 share of crude imports"
    assert words.figure(12, Unit("count", "shares traded")) == "12 shares traded"
    assert words.figure(0.5, Unit("share", "part of the fall", "of the fall")) == "50% of the fall"


def test_periods_are_written_out() -> None:
    assert words.period("2018") == "2018"
    assert words.period("2022-03") == "March 2022"
    assert words.period("2022-02-24") == "24 February 2022"
    assert words.period("2014..2021") == "2014–2021"
    assert words.period("2003-01-01..") == "since 1 January 2003"
    assert words.sentence("trade_2022.csv: read as BACI") == "trade_2022.csv: read as BACI."
    assert words.sentence("areas: no hub") == "Areas: no hub."
    assert (
        words.sentence("873 a year (2014..2021) against 1119")
        == "873 a year (2014–2021) against 1119."
    )


def test_groups_are_named_and_codes_that_are_words_stay() -> None:
    assert words.group("RUS>CHN") == "Russia to China"
    assert words.group("EU27") == "EU-27"
    assert words.group("air_defence") == "air defence"
    assert words.group("uav") == "UAV"
    assert words.group("LNG") == "LNG"


def test_time_runs_in_fractional_years() -> None:
    assert words.middle("2018") == 2018.5
    assert words.extent("2014-2021") == (2014.0, 2022.0)
    assert words.extent("early 2023") is None
    assert words.extent("2022-07") == pytest.approx((2022 + 181 / 365, 2022 + 212 / 365))
    assert words.middle("2022-07-02") == pytest.approx(2022.5, abs=2e-3)


@pytest.mark.parametrize(
    "text", ["2022-13-45", "2022-02-30", "2022-13", "2022-00", "22", "early 2023", ""]
)
def test_what_is_no_date_has_no_place_in_time_and_is_written_as_it_stands(text: str) -> None:
    assert words.middle(text) is None and words.extent(text) is None
    assert words.period(text) == text


def test_a_date_is_a_fractional_year() -> None:
    assert words.fraction(dt.date(2023, 3, 20)) == pytest.approx(2023.2137, abs=1e-3)


def test_spans_are_written_with_a_dash_on_both_sides_of_a_comparison() -> None:
    assert words.period("2022..2025-06 against 2018..2020") == "2022–June 2025 against 2018–2020"
    assert words.period("1995-2024") == "1995–2024"


def test_ratios_and_shares_above_one_keep_their_meaning() -> None:
    assert words.figure(2.85, RATIO) == "2.85×"
    assert words.figure(0.92, ratio("rates")) == "0.92, ratio of rates"
    assert (
        words.figure(1.28, share("active pre-war stock", scale=""))
        == "128% of active pre-war stock"
    )
    assert words.value_text(-0.12, share("exercises")) == "−12%"


def test_country_codes_in_prose_are_written_out_and_names_of_measures_stay() -> None:
    assert (
        words.prose("Mean of trade.basket_exports (CHN)") == "Mean of trade.basket_exports (China)"
    )
    assert (
        words.prose("Last of transfers.tiv (RUS>CHN)") == "Last of transfers.tiv (Russia to China)"
    )


def test_a_small_chance_has_a_third_digit() -> None:
    assert [words.chance(p) for p in (0.0004, 0.06, 0.0995, 0.5)] == [
        "below 0.001",
        "0.060",
        "0.10",
        "0.50",
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (13, "13th"),
        (22, "22nd"),
        (111, "111th"),
        (1_003, "1,003rd"),
    ],
)
def test_a_place_is_written_with_its_ending(place: int, said: str) -> None:
    assert words.ordinal(place) == said


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("fell by 9.9 percent in 2025", "fell by 9.9% in 2025"),
        ("80 to 90 percent of chips", "80 to 90% of chips"),
        ("fell to 228.1 billion dollars.", "fell to $228.1bn."),
        ("discounts of 7 to 8 dollars", "discounts of $7 to $8"),
        ("6 to 8 billion US dollars", "$6bn to $8bn"),
        ("put at 62 bn dollars and", "put at $62bn and"),
        ("about 543 million euro", "about €543m"),
        ("1,400 million euros", "€1,400m"),
        ("from 10 bn dollars to 69 bn in 2025", "from $10bn to $69bn in 2025"),
        ("In May 2022 Russia and China vetoed", "In May 2022, Russia and China vetoed"),
        ("On 29 and 30 December 2025 China fired", "On 29 and 30 December 2025, China fired"),
        ("Paid. In late 2022 Iran sent", "Paid. In late 2022, Iran sent"),
        ("In 2022 prices it fell", "In 2022 prices it fell"),
        ("The law of 9 May 2022 bans", "The law of 9 May 2022 bans"),
        ("at six a day, as a year before, while", "at six a day, as a year earlier, while"),
        ("a year before the war", "a year before the war"),
        ("two percentage points", "two percentage points"),
        ("from $10 bn in 2018 to 69 bn", "from $10bn in 2018 to $69bn"),
        ("2 Canadian dollars, ten percent", "2 Canadian dollars, ten per cent"),
    ],
)
def test_amounts_of_sentences_on_documents_are_in_the_style_of_the_house(
    written: str, printed: str
) -> None:
    assert words.in_house_style(written) == printed


@given(st.text(st.sampled_from("1234567890., toperncdlasumib€$")))
def test_the_style_of_the_house_changes_no_number(text: str) -> None:
    printed = words.in_house_style(text)
    assert words.in_house_style(printed) == printed
    assert re.findall(r"\d+", printed) == re.findall(r"\d+", text)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Russia", "Russia's"),
        ("Belarus", "Belarus's"),
        ("Laos", "Laos's"),
        ("the United States", "the United States'"),
        ("United States", "United States'"),
        ("Netherlands", "Netherlands'"),
        ("the Philippines", "the Philippines'"),
        ("the Bahamas", "the Bahamas'"),
        ("Reuters", "Reuters'"),
        ("China's customs", "China's customs'"),
        ("China's army", "China's army's"),
    ],
)
def test_a_possessive_has_an_s_unless_the_name_is_a_plural(name: str, said: str) -> None:
    assert words.possessive(name) == said


def test_the_figure_of_one_year_is_no_rate() -> None:
    assert words.figure(3, of_one_year(count("exercises a year"))) == "3 exercises"
    assert words.figure(2.3e9, of_one_year(money("USD a year"))) == "$2.3bn"
    assert of_one_year("million barrels a day") == "million barrels a day"
