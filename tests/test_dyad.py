# SPDX-License-Identifier: Apache-2.0
"""Countries, dates and periods are understood as people and publishers write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.dyad import Dyad
from bilat.errors import UnknownCountry, UsageError
from bilat.places import country, country_name
from bilat.when import AsOf, Period


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("RUS", "RUS"),
        ("ru", "RUS"),
        ("Russia", "RUS"),
        ("Russian Federation", "RUS"),
        ("China", "CHN"),
        ("China, Hong Kong SAR", "HKG"),
        ("Viet Nam", "VNM"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Côte d'Ivoire", "CIV"),
        ("North Korea", "PRK"),
        ("DPRK", "PRK"),
        ("Iran", "IRN"),
        ("Kyrgyzstan", "KGZ"),
        ("EU27_2020", "EU27"),
        ("Soviet Union", "SUN"),
        ("united states", "USA"),
    ],
)
def test_names_and_codes_are_understood(said: str, code: str) -> None:
    assert country(said) == code


def test_the_soviet_union_is_not_russia() -> None:
    assert country("Soviet Union") != country("Russia")


def test_an_unknown_country_is_told_with_the_cure() -> None:
    with pytest.raises(UnknownCountry, match="unknown country 'Atlantis': use an ISO code"):
        country("Atlantis")


def test_every_country_knows_its_own_name_again() -> None:
    import pycountry

    for c in pycountry.countries:
        assert country(country_name(c.alpha_3)) == c.alpha_3
        assert country(c.alpha_2) == c.alpha_3


def test_a_dyad_is_two_states() -> None:
    assert tuple(Dyad("Russia", "cn")) == ("RUS", "CHN")
    with pytest.raises(UsageError, match="two different states"):
        Dyad("RUS", "Russia")


def test_a_date_in_the_future_is_refused() -> None:
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    with pytest.raises(UsageError, match="is in the future"):
        AsOf(tomorrow)
    with pytest.raises(UsageError, match="Write it as YYYY-MM-DD"):
        AsOf("20 March 2023")
    assert AsOf().date == dt.date.today()


@given(st.dates(min_value=dt.date(1946, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_a_period_starts_before_it_ends_and_lies_within_the_longer_one(day: dt.date) -> None:
    text = day.isoformat()
    year, month, exact = Period(text[:4]), Period(text[:7]), Period(text)
    assert year.start <= month.start <= exact.start == day == exact.end <= month.end <= year.end
    assert month.known_after(1) == month.end + dt.timedelta(days=1)
    assert (month.end + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize("text", ["", "2020-13", "2020-02-30", "20", "early 2023", "2020/01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Period(text)
