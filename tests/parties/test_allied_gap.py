# SPDX-License-Identifier: Apache-2.0
"""The gap between allies: lags counted by hand, what may not be counted, and the embedded lists."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.measures import default_holdings
from bilat.parties.lists.allied_gap import (
    Standing,
    candidates,
    half_year,
    pair,
    shares,
    standings,
    tempo,
)
from bilat.parties.lists.capitals import BY_NAME, CAPITALS, is_on_russia, named

UK = ("uk_sanctions", "The Russia (Sanctions) (EU Exit) Regulations 2019")
EU = ("eu_russia", "EU-RUS XLII")
US = ("ofac_sdn", "RUSSIA-EO14024")


def record(key: str, *listings: tuple[tuple[str, str], str], **more: Any) -> dict[str, Any]:
    """A joined party: each listing is (source, programme) and its day."""
    return {
        "id": key,
        "name": f"EXAMPLE {key}",
        "schema": "Vessel",
        "names": [[f"EXAMPLE {key}", "primary", False]],
        "countries": ["RUS"],
        "identifiers": [f"imo:{key}"],
        "listings": [
            {"source": s, "programme": p, "listed_on": day, "list": s} for (s, p), day in listings
        ],
    } | more


def test_the_lag_is_the_median_of_days_by_the_year_in_which_the_first_began() -> None:
    parties = standings(
        [
            record("1", (UK, "2024-01-01"), (EU, "2024-01-11")),
            record("2", (EU, "2024-02-01"), (UK, "2024-03-02")),
            record("3", (UK, "2024-12-31"), (EU, "2025-02-19")),
            record("4", (UK, "2025-01-01"), (EU, "2025-01-01")),
            record("5", (UK, "2025-01-01")),
        ]
    )
    found = pair(parties, "London", "Brussels")
    assert (found.on_one, found.on_two, found.on_both) == (5, 4, 4)
    assert found.first == {"London": 2, "Brussels": 1, "": 1}
    lags = {(x.first, x.year): (x.parties, x.days) for x in found.lags}
    assert lags["", "2024"] == (3, 30)  # 10, 30 and 50 days
    assert lags["London", "2024"] == (2, 30)
    assert lags["", "2025"] == (1, 0)
    assert lags["", ""] == (4, 20)


def test_ships_are_one_by_their_number_and_the_earliest_day_counts() -> None:
    parties = standings(
        [
            record("9", (UK, "2024-06-01")),
            record("9", (EU, "2024-07-01"), (EU, "2024-05-01"), name="ANOTHER NAME"),
        ]
    )
    assert len(parties) == 1
    assert parties[0].on_russia == {"London": "2024-06-01", "Brussels": "2024-05-01"}


def test_a_list_without_days_has_no_lag_and_no_tempo() -> None:
    parties = standings([record("1", (US, ""), (UK, "2024-01-01"))])
    assert pair(parties, "Washington", "London").lags == []
    assert tempo(parties, "Washington") == {}
    assert tempo(parties, "London") == {"2024-01": 1}


def test_whoever_can_no_longer_have_followed_in_time_is_not_counted() -> None:
    """The second's list ends too soon after the first's day to say whether it followed in 90 days."""
    parties = standings(
        [
            record("1", (UK, "2024-01-01"), (EU, "2024-03-01")),
            record("2", (UK, "2024-01-01")),
            record("3", (UK, "2024-06-25")),
            record("4", (EU, "2024-07-01")),
        ]
    )
    assert pair(parties, "London", "Brussels").soon["Brussels"] == (1, 2)


def test_another_programme_counts_for_who_lists_it_and_not_for_the_war() -> None:
    taliban = ("uk_sanctions", "The Afghanistan (Sanctions) (EU Exit) Regulations 2020")
    firm = record("1", (EU, "2024-01-01"), (taliban, "2012-01-01"), schema="LegalEntity")
    (party,) = standings([firm])
    assert party.on_russia.keys() == {"Brussels"} and "London" in party.anywhere
    share = shares([party], "Brussels", "firms")
    assert (share.parties, share.alone, share.also["London"]) == (1, 0, 1)
    assert candidates([party], BY_NAME["London"]) == []
    assert [c.others for c in candidates([party], BY_NAME["Tokyo"])] == [("Brussels",)]


def firm(key: str, listing: tuple[tuple[str, str], str], name: str, *states: str) -> dict[str, Any]:
    names = [[name, "primary", False]]
    more = {"names": names, "countries": list(states), "identifiers": [], "schema": "LegalEntity"}
    return record(key, listing, name=name, **more)


@pytest.mark.parametrize(
    ("listed", "stands"),
    [
        (("EXAMPLE NEFT",), True),
        (("Example Neft PJSC", "RUS"), True),
        (("Public Joint-Stock Company “Example Neft”",), True),
        (("EXAMPLE NEFT", "CHN"), False),
        (("EXAMPLE NEFT TRADING",), False),
    ],
)
def test_a_firm_that_an_annex_names_without_a_state_is_no_candidate(
    listed: tuple[str, ...], stands: bool
) -> None:
    """Annexes of a regulation on Russia have names and no more."""
    parties = standings(
        [
            firm("1", (UK, "2025-01-01"), "Example Neft Public Joint Stock Company", "RUS"),
            firm("2", ((EU[0], "EU-RUS VI"), "2014-09-12"), *listed),
        ]
    )
    assert [c.standing.id for c in candidates(parties, BY_NAME["Brussels"])] == (
        [] if stands else ["1"]
    )
    assert shares(parties, "London", "firms").alone == (not stands)


def person(key: str, listing: tuple[tuple[str, str], str], name: str, *born: str) -> dict[str, Any]:
    names = [[name, "primary", False]]
    more = {"names": names, "born": list(born), "identifiers": [], "schema": "Person"}
    return record(key, listing, name=name, **more)


@pytest.mark.parametrize(
    ("name", "born", "why"),
    [
        ("Ivan Petrovich EXAMPLOV", (), "Brussels's entry gives no date of birth"),
        ("Ivan Petrovich EXAMPLOV", ("N/D",), "Brussels's entry gives no date of birth"),
        (
            "EXAMPLOV, Ivan Petrovich",
            ("1961-03-02",),
            "date of birth: 2 March 1961 in Brussels's entry, 2 March 1960 elsewhere",
        ),
        (
            "EXAMPLOV, Ivan Petrovich",
            ("2.3.1961", "1961-03-02", "02 Mar 1961"),
            "date of birth: 2 March 1961 in Brussels's entry, 2 March 1960 elsewhere",
        ),
        (
            "Examplov Ivan Petrovich",
            ("1960-03-02",),
            "same date of birth (2 March 1960)",
        ),
        ("Ivan Ivanovich EXAMPLOV", (), ""),
        ("EXAMPLOV", (), ""),
        ("I. P. EXAMPLOV", (), ""),
    ],
)
def test_whoever_may_be_listed_already_is_not_proposed_without_saying_so(
    name: str, born: tuple[str, ...], why: str
) -> None:
    parties = standings(
        [
            person("1", (UK, "2025-01-01"), "Examplov Ivan Petrovich", "1960-03-02"),
            person("2", (EU, "2024-01-01"), name, *born),
        ]
    )
    (found,) = candidates(parties, BY_NAME["Brussels"])
    assert found.standing.id == "1"
    assert [(n.id, n.why) for n in found.may_be(BY_NAME["Brussels"])] == (
        [("2", why)] if why else []
    )
    share = shares(parties, "London", "people")
    assert (share.alone, share.perhaps) == (1, bool(why)), "a namesake is nobody's twin"
    assert found.may_be(BY_NAME["Tokyo"]) == ()


def test_the_first_of_january_may_mean_only_the_year() -> None:
    parties = standings(
        [
            person("1", (UK, "2025-01-01"), "Examplov Ivan Petrovich", "1960-01-01"),
            person("2", (EU, "2024-01-01"), "Examplov Ivan Petrovich", "1960-01-01"),
            person("3", (US, ""), "Examplov Ivan Petrovich", "1962"),
        ]
    )
    by_id = {c.standing.id: c for c in candidates(parties, BY_NAME["Brussels"])}
    (same,) = by_id["1"].may_be(BY_NAME["Brussels"])
    assert same.why == "same date of birth (1 January 1960, which may mean only the year)"


def test_a_firm_and_a_person_of_one_name_are_no_namesakes_and_a_firm_abroad_is_one() -> None:
    parties = standings(
        [
            firm("1", (UK, "2025-01-01"), "Example Trading LLC", "RUS"),
            person("2", (EU, "2024-01-01"), "Example Trading"),
            firm("3", (US, ""), "Example Trading FZE", "ARE"),
        ]
    )
    found = {c.standing.id: c for c in candidates(parties, BY_NAME["Brussels"])}
    assert found["1"].may_be(BY_NAME["Brussels"]) == ()
    (abroad,) = found["1"].may_be(BY_NAME["Washington"])
    assert (abroad.id, abroad.why) == (
        "3",
        "country: United Arab Emirates in Washington's entry, Russia elsewhere",
    )


def test_a_short_name_is_nobodys_own() -> None:
    parties = standings(
        [
            firm("1", (UK, "2025-01-01"), "Vega LLC", "RUS"),
            firm("2", (EU, "2024-01-01"), "JSC Vega", "RUS"),
        ]
    )
    assert [c.standing.id for c in candidates(parties, BY_NAME["Brussels"])] == ["1"]


def test_what_more_others_list_comes_first() -> None:
    parties = standings(
        [
            record("1", (UK, "2025-01-01")),
            record("2", (UK, "2024-01-01"), (US, "")),
            record("3", (("ua_ships", "ships"), "")),
        ]
    )
    found = candidates(parties, BY_NAME["Brussels"])
    assert [c.standing.id for c in found] == ["2", "1"], "Kyiv alone is no ally's list"


DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1)).map(dt.date.isoformat)


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=20))
def test_lags_do_not_depend_on_the_order_of_the_capitals(days: list[tuple[str, str]]) -> None:
    parties = standings(record(str(n), (UK, a), (EU, b)) for n, (a, b) in enumerate(days))
    one, two = pair(parties, "London", "Brussels"), pair(parties, "Brussels", "London")
    assert sorted(map(repr, one.lags)) == sorted(map(repr, two.lags))
    assert one.first == two.first
    whole = next(x for x in one.lags if not x.first and not x.year)
    assert whole.parties == len(days)
    apart = [abs((dt.date.fromisoformat(b) - dt.date.fromisoformat(a)).days) for a, b in days]
    assert min(apart) <= whole.days <= max(apart)


def test_programmes_are_those_on_russia() -> None:
    assert is_on_russia(*US) and is_on_russia(*UK) and is_on_russia(*EU)
    assert is_on_russia("eu_financial", "UKR")
    assert not is_on_russia("ofac_sdn", "SDGT")
    assert not is_on_russia("cn_announcements", "RUSSIA-EO14024")
    assert half_year("2024-06") == "2024 H1" and half_year("2024-07") == "2024 H2"


def test_capitals_are_named_by_city_state_or_list() -> None:
    assert [c.name for c in named(["brussels", "United Kingdom", "jp", "ofac"])] == [
        "Brussels",
        "London",
        "Tokyo",
        "Washington",
    ]
    with pytest.raises(KeyError):
        named(["Atlantis"])
    assert len({s for c in CAPITALS for s in c.sources}) == sum(len(c.sources) for c in CAPITALS)


@pytest.fixture(scope="module")
def held() -> list[Standing]:
    """The parties of the embedded lists."""
    from bilat.parties.screening.list_index import open_screener
    from bilat.when import AsOf

    screener = open_screener(None, AsOf("2026-11-27"), default_holdings()).screener
    return standings(screener.record(n) for n in range(len(screener)))


def test_the_embedded_lists_give_the_lags_counted_apart_from_the_files(
    held: list[Standing],
) -> None:
    """By a script of its own from the annex and the British list: 573 on both, 153 and 61 days."""
    found = pair(held, "London", "Brussels")
    years = {x.year: x.days for x in found.lags if not x.first and x.year}
    assert years["2024"] == pytest.approx(153, abs=7)
    assert years["2025"] == pytest.approx(61, abs=7)
    assert found.on_both == pytest.approx(573, abs=6)


def test_every_capital_has_its_lists(held: list[Standing]) -> None:
    for capital in CAPITALS:
        assert sum(capital.name in p.on_russia for p in held) > 1000, capital.name
