# SPDX-License-Identifier: Apache-2.0
"""Lists, programmes and entries have names that a reader knows, not those of the records."""

from __future__ import annotations

import pytest

from bilat.parties.lists.list_names import entry_number, spoken_list, spoken_listing
from bilat.parties.screening.alerts import effects_by_list

UK = "UK Sanctions List, no asset freeze"
ACT = "The Russia (Sanctions) (EU Exit) Regulations 2019"


@pytest.mark.parametrize(
    ("name", "programme", "spoken"),
    [
        ("EU 32014R0833", "EU-RUS XLII", "EU Regulation 833/2014, Annex XLII"),
        ("EU 32014R0269", "EU-UKR I.ENTITIES", "EU Regulation 269/2014, Annex I"),
        ("EU 32017R1509", "", "EU Regulation 2017/1509"),
        (UK, ACT, "UK Sanctions List, Russia Regulations 2019"),
        ("OFAC SDN", "RUSSIA-EO14024", "OFAC SDN, RUSSIA-EO14024"),
        ("my list", "", "my list"),
    ],
)
def test_a_listing_is_named_as_it_is_spoken(name: str, programme: str, spoken: str) -> None:
    assert spoken_listing(name, programme) == spoken


def test_an_entry_has_the_number_of_its_publisher_or_none() -> None:
    assert entry_number("eu-32014R0833-XLII-379") == "379"
    assert entry_number("ofac-51589") == "51589"
    assert entry_number("csl-81b48fbf3394") == entry_number("csl-812345678912") == ""
    assert spoken_list("US UVL") == "US Unverified List"


def test_effects_name_each_list_once_with_its_day() -> None:
    ban = {"effect": "port ban", "by": ""}
    effects = [
        {**ban, "list": UK, "programme": ACT, "since": "2025-05-09"},
        {**ban, "list": "EU 32014R0833", "programme": "EU-RUS XLII", "since": "2025-07"},
        {"effect": "listed", "list": "my list", "programme": "", "since": "", "by": ""},
    ]
    assert effects_by_list(effects) == (
        "Barred from ports and maritime services: UK Sanctions List, Russia Regulations 2019 "
        "(since 9 May 2025); EU Regulation 833/2014, Annex XLII (since 2025-07). "
        "Listed, no legal effect on record: my list (date not stated)."
    )
