# SPDX-License-Identifier: Apache-2.0
"""Days on which parties were listed, as events of the issuer, the parties' state and the programme's."""

from __future__ import annotations

import datetime as dt

import pytest

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.forecast.alarms import board_alarms
from bilat.forecast.events import dated_events
from bilat.forecast.listing_days import ListingDay, issuers, listed_parties, listing_days
from bilat.forecast.streams import streams
from bilat.holdings import Holdings, embedded_folder
from bilat.measures import Ask
from bilat.when import AsOf

HELD = Holdings(embedded_folder())


def days(after: str, last: str) -> list[ListingDay]:
    return listing_days(dt.date.fromisoformat(after), AsOf(last), HELD)


def test_chinese_parties_listed_for_the_war_are_an_event_of_russia_and_china() -> None:
    found = days("2026-02-20", "2026-02-28")
    (british,) = [d for d in found if d.actors == {"GBR", "CHN", "RUS"}]
    # an address in Hong Kong is none in China, but a Hongkong Road is
    counted = []
    for where in ("", "AND address NOT ILIKE '%hong%kong%'"):
        by_hand = Ask(Dyad("RUS", "CHN"), AsOf("2026-02-28"), {}, HELD).query(
            "SELECT count(DISTINCT party) AS n FROM listings WHERE source = 'uk_sanctions' "
            "AND listed_on = '2026-02-24' AND list = 'UK Sanctions List' "
            "AND programme LIKE '%Russia%' AND party IN (SELECT party FROM addresses "
            f"WHERE source = 'uk_sanctions' AND country = 'China' {where})"
        )
        counted.append(by_hand["n"][0].as_py())
    assert counted[1] <= british.parties < counted[0]
    assert british.text == (
        f"The United Kingdom listed {british.parties} parties in China under its programme on Russia"
    )
    board = dated_events(AsOf("2026-02-20"), AsOf("2026-02-28"), HELD)
    own = [e.what for e in board if e.concerns(Dyad("RUS", "CHN"))]
    assert british.text in own
    assert not [e for e in board if "listed" in e.what and e.concerns(Dyad("CHE", "NOR"))]


def test_an_american_entry_has_the_day_of_the_first_copy_and_no_later_one() -> None:
    found = days("2024-01-09", "2024-01-12")
    (here,) = [d for d in found if d.issuer.state == "USA" and d.state == "RUS" and d.has_place]
    assert (here.day, here.parties, here.programme) == (dt.date(2024, 1, 11), 3, "RUS")
    assert not [d for d in days("2024-05-10", "2024-12-31") if d.source == "ofac_sdn"]
    assert not [d for d in days("2024-01-01", "2024-01-10") if d.day > dt.date(2024, 1, 10)]


@pytest.mark.parametrize("after", ["2023-12-01", "2025-02-20"])
def test_an_issuer_lists_parties_of_others_and_each_group_once(after: str) -> None:
    last = str(dt.date.fromisoformat(after) + dt.timedelta(days=60))
    found = days(after, last)
    assert len(found) > 10
    keys = [(d.issuer.state, d.day, d.state, d.programme, d.has_place) for d in found]
    assert len(keys) == len(set(keys))
    for d in found:
        assert d.state and d.state != d.issuer.state and d.parties > 0


def test_every_source_of_an_issuer_is_in_the_catalog_and_of_one_issuer() -> None:
    named = [source for issuer in issuers() for source in issuer.sources]
    assert len(named) == len(set(named)) and set(named) <= set(sources())


def test_a_list_is_watched_by_the_state_of_its_parties() -> None:
    found, _ = streams(AsOf(None), HELD, family="listings")
    assert all(len(s.states) == 2 for s in found) and len(found) > 20
    russians = [
        m for m in listed_parties(AsOf(None), HELD) if (m.issuer, m.state) == ("GBR", "RUS")
    ]
    british = next(s for s in found if s.name == "UK Sanctions List, RUS")
    whole = max(british.values)
    main = [m for m in russians if m.list == "UK Sanctions List" and m.month <= whole]
    assert sum(british.values.values()) == sum(m.parties for m in main)
    told = [a.month for a in board_alarms(found, Dyad("GBR", "RUS")) if a.stream is british]
    assert "2022-02" in told or "2022-03" in told
    assert not [
        a for a in board_alarms(found, Dyad("CHE", "NOR")) if a.stream.concerns(Dyad("CHE", "NOR"))
    ]
