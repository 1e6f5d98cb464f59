# SPDX-License-Identifier: Apache-2.0
"""Short names of goods: whole phrases of the Harmonized System's own words, or bilat's names of the same goods."""

from __future__ import annotations

import re

import pytest

from bilat.goods.baskets import basket
from bilat.goods.descriptions import descriptions
from bilat.goods.short_names import LONGEST, heading_name, own_names, short_name, shorten


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Nickel; bars, rods and profiles, of alloys",
            "Nickel; bars, rods and profiles, of alloys",
        ),
        (
            "Machines; for testing the hardness, strength, compressibility, elasticity of materials",
            "Machines; for testing the hardness etc.",
        ),
        (
            "Electrical apparatus; parts suitable for use solely or principally with such apparatus",
            "Electrical apparatus; parts etc.",
        ),
        (
            "Line telephone sets n.e.c. in heading no. 8517 (with cordless handsets)",
            "Line telephone sets",
        ),
        ("A word that is longer than any name may be and has no place to end at all, ever", ""),
    ],
)
def test_a_description_ends_where_a_phrase_ends(text: str, name: str) -> None:
    assert shorten(text, 48) == name


def test_every_code_has_a_name_that_is_short_and_of_its_own_words() -> None:
    for code, text in descriptions().items():
        name = short_name(code)
        assert 0 < len(name) <= LONGEST and "…" not in name, code
        if code not in own_names()["codes"] and name != heading_name(code[:4]):
            said = re.sub(r"\W+", " ", text)
            assert all(w in said.split() for w in re.findall(r"\w+", name.removesuffix(" etc."))), (
                code,
                name,
            )


def test_names_by_hand_say_the_engine_and_the_size_of_the_description() -> None:
    known = descriptions()
    for code, name in own_names()["codes"].items():
        text = known[code]
        assert ("Petrol" in name or "petrol" in name) == (
            bool(re.search(r"(?<!-)\bspark-ignition", text))
        ), code
        assert ("Diesel" in name or "diesel" in name) == ("compression-ignition" in text), code
        assert ("hybrid" in name) == ("both" in text), code
        for number in re.findall(r"([\d,]+) (?:cc|kW|t)\b", name):
            plain = number.replace(",", "")
            assert plain in text.replace(",", "") or f"{int(plain) * 1000}" in text.replace(
                ",", ""
            ), code


def test_a_label_of_a_basket_is_the_name_and_a_long_one_is_shortened() -> None:
    labels = basket("chpl").labels
    assert all(
        short_name(code, label) == label for code, label in labels.items() if len(label) <= LONGEST
    )
    assert short_name(
        "999999", "A label; that goes on and on, further than a name of goods may ever go on"
    ) == ("A label; that goes on and on etc.")
    assert short_name("770000") == ""
