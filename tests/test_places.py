# SPDX-License-Identifier: Apache-2.0
"""The one table of codes says one thing: no label means two places, no code is unknown, what is asked is read back."""

import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pycountry

from bilat.places import country, country_or_none
from bilat.places.countries import codes
from bilat.places.iso3166 import iso_states, withdrawn_codes
from bilat.places.place_codes import by_number, comtrade_number, written_by_ofac

ROOT = Path(__file__).resolve().parents[1]


def written() -> Iterator[tuple[str, str]]:
    """(code, section) of everything that the table says a label stands for."""
    t = codes()
    for section in ("comtrade", "partners"):
        for name, part in t[section].items():
            if name != "asks":
                yield from (
                    (c, f"{section}.{name}") for c in (part.values() if name == "reads" else part)
                )
    for section in ("eurostat", "eurostat_names", "chinese", "cow"):
        yield from ((c, section) for c in t[section].values())
    for section in ("aliases", "display", "ofac"):
        yield from ((c, section) for c in t[section])


def test_every_code_is_a_state_or_a_group_that_the_table_names() -> None:
    t = codes()
    groups = {
        *t["groups"],
        *t["partners"]["groups"],
        *t["partners"]["unspecified"],
        "NES",
        "WLD",
        "EUH",
        "EAH",
        "XIR",
        "YAR",  # North Yemen, which ISO never numbered apart
    }
    gone = {c.alpha_3 for c in pycountry.historic_countries} | {"XKX"}
    unknown = {
        (code, where)
        for code, where in written()
        if pycountry.countries.get(alpha_3=code) is None and code not in groups | gone
    }
    assert not unknown


def test_no_label_of_a_section_means_two_places() -> None:
    t = codes()
    for part in (t["aliases"], *t["partners"].values()):
        labels = Counter(label for listed in part.values() for label in listed)
        assert [label for label, n in labels.items() if n > 1] == []


def test_names_shown_and_aliases_lead_back_to_their_code() -> None:
    t = codes()
    for code, name in t["display"].items():
        assert country(name) == code
    for code, labels in t["aliases"].items():
        for label in labels:
            assert country_or_none(label) == code, label


def test_the_number_that_comtrade_is_asked_by_is_read_back_as_the_same_state() -> None:
    for code in [c.alpha_3 for c in pycountry.countries] + ["TWN"]:
        number = comtrade_number(code)
        assert number is not None and by_number()[number] == code, code
    assert comtrade_number("EU27") is None
    assert (written_by_ofac("PRK"), written_by_ofac("CHN")) == ("Korea, North", "China")


def test_the_table_of_iso_is_what_its_source_says() -> None:
    """Written by scaffold/iso3166.py from pycountry; a later version shows here as a difference."""
    made = runpy.run_path(str(ROOT / "scaffold" / "iso3166.py"))["text"]()
    table = (ROOT / "src" / "bilat" / "places" / "iso3166.csv").read_text("utf-8")
    assert table.splitlines()[1:] == made.splitlines()[1:], "run python scaffold/iso3166.py"
    assert "LGPL-2.1-or-later" in table.splitlines()[0]


def test_states_of_today_and_codes_that_were_withdrawn() -> None:
    assert len(iso_states()) == 249 and iso_states()["RUS"].number == 643
    assert {"SUN", "YUG", "DDR"} <= withdrawn_codes() and not withdrawn_codes() & {*iso_states()}
    assert iso_states()["BOL"].name == "Bolivia"
    assert [other for _, other in iso_states()["DEU"].translated("de")] == [
        "Deutschland",
        "Bundesrepublik Deutschland",
    ]
