# SPDX-License-Identifier: Apache-2.0
"""The state of a bank by its BIC or an account at it, where the row states none."""

from __future__ import annotations

import pytest

from bilat.formats.parties import Address, ListedParty, Listing, Name
from bilat.parties.lists.entries import ListEntry
from bilat.parties.match.enrichment import enrich
from bilat.parties.queries.query import Query, identifiers
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener

ACCOUNT_IN_GERMANY = "DE89370400440532013000"


def bank(number: str = "", kind: str = "swift", **said: str) -> Query:
    numbers = identifiers(number, kind) if number else ()
    return Query("1", "Zarnik Bank", 1, role=said.pop("role", "bank"), identifiers=numbers, **said)


@pytest.mark.parametrize(
    ("query", "state"),
    [
        (bank("ZARNRUMM"), "RU"),
        (bank("ZARNAEADXXX"), "AE"),
        (bank(ACCOUNT_IN_GERMANY, "iban"), "DE"),
        (bank("ZARNRUMM", country="KZ"), "KZ"),
        (bank("ZARNRUMM", nationality="KZ"), ""),
        (bank("ZARNQZMM"), ""),
        (bank("ZARNRUMM; swift:ZARNKZKA"), ""),
        (bank(ACCOUNT_IN_GERMANY, "iban", role="consignee"), ""),
    ],
)
def test_a_bank_has_the_state_of_its_numbers_where_none_is_stated(query: Query, state: str) -> None:
    assert enrich(query).country == state


@pytest.mark.parametrize(
    ("number", "said", "state"),
    [
        ("ogrn:1027700132195", {}, "RU"),
        ("uscc:91440300708461136T", {}, "CN"),
        ("ogrn:1027700132195", {"country": "KZ"}, "KZ"),
        ("ogrn:1027700132195; uscc:91440300708461136T", {}, ""),
        ("lei:253400V1H6ART1UQ0N98", {}, ""),  # of its issuer, and of no state
    ],
)
def test_a_firm_has_the_state_of_its_register_where_none_is_stated(
    number: str, said: dict[str, str], state: str
) -> None:
    query = Query("1", "Zarnik", 1, role="consignee", identifiers=identifiers(number, ""), **said)
    assert enrich(query).country == state


@pytest.fixture(scope="module")
def screener() -> Screener:
    party = ListedParty(
        "ofac-1",
        "Company",
        (Name("Zarnik Bank PJSC"),),
        "line 1",
        addresses=(Address("x", "", "RU"),),
        listings=(Listing("OFAC SDN", "P"),),
    )
    return Screener([ListEntry(party, "ofac", "s" * 64, "2024-01-01")])


def alert(screener: Screener, query: Query) -> Alert:
    (answer,) = rows_of(screener, [query], Cut(least=0.0))
    return answer.rows[0]


def test_a_state_of_a_bic_is_weighed_as_a_stated_one(screener: Screener) -> None:
    told = {
        key: alert(screener, query)
        for key, query in {
            "none": bank(),
            "same": bank("ZARNRUMM"),
            "stated": bank("ZARNRUMM", country="RU"),
            "other": bank("ZARNAEAD"),
        }.items()
    }
    assert told["other"].listed < told["none"].listed < told["same"].listed
    assert told["same"].listed == told["stated"].listed
    assert "country_differs" in {flag["flag"] for flag in told["other"].flags}
