# SPDX-License-Identifier: Apache-2.0
"""Labels of trade publishers become codes; groups are known as groups; a strange label stays as published."""

import pytest

from bilat.places.labels import partner_code


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Russian Federation (Russia)", "RUS"),
        ("Russie, Fédération de", "RUS"),
        ("Switzerland (incl. Liechtenstein 'LI' -> 1994)", "CHE"),
        ("Afrique du Sud (incl. Namibie 'NA' -> 1989)", "ZAF"),
        ("Korea, Democratic People’s Republic of (North Korea)", "PRK"),
        ("Korea, Republic of (South Korea)", "KOR"),
        ("Corée, République de (Corée du Sud)", "KOR"),
        ("Congo", "COG"),
        ("Congo, Democratic Republic of", "COD"),
        ("Dominique", "DMA"),
        ("République dominicaine", "DOM"),
        ("Guinée équatoriale", "GNQ"),
        ("Soudan du Sud", "SSD"),
        ("SAR-Hong Kong", "HKG"),
        ("Словакия", "SVK"),
        ("S19", "TWN"),
        ("GR", "GRC"),
    ],
)
def test_a_country_by_any_of_its_names(label: str, code: str) -> None:
    assert partner_code(label) == (code, False)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("World", "WLD"),
        ("W00", "WLD"),
        ("TOTAL FOR ALL COUNTRIES", "WLD"),
        ("European Union - 27 countries (from 2020)", "EU27"),
        ("EU27_2020", "EU27"),
        ("EA", "EA"),
        ("EA20", "EA20"),
        ("Eurasian Economic Union", "EAEU"),
        ("Rest of the world", "ROW"),
        ("Extra-UE27 (à partir de 2020)", "EXTRA_EU27"),
    ],
)
def test_a_group_is_known_as_one(label: str, code: str) -> None:
    assert partner_code(label) == (code, True)


def test_what_is_unspecified_is_no_country_and_no_group() -> None:
    assert partner_code("Unknown country") == ("XX", False)
    assert partner_code("EU countries not specified") == ("XX_EU", False)


def test_a_label_known_nowhere_stays_as_published() -> None:
    assert partner_code("Atlantis (incl. Mu -> 1500)") == ("Atlantis (incl. Mu -> 1500)", False)
