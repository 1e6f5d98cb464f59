# SPDX-License-Identifier: Apache-2.0
"""Persons in a file by a family name with initials."""

from __future__ import annotations

import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.lists.entries import ListEntry
from bilat.parties.names.segmentation import segment_field
from bilat.parties.queries.query import Query
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener

LISTED = (
    "Igor Arkadyevich ROTENBERG",
    "Arkady Romanovich ROTENBERG",
    "Boris Romanovich ROTENBERG",
    "Pyotr Vladimirovich PEREVEZENTSEV",
    "Sardana Vladimirovna AVKSENTIEVA",
)


def entry(key: str, name: str) -> ListEntry:
    listing = Listing("OFAC SDN", "P")
    names = (Name(name),)
    party = ListedParty(key, "Person", names, "line 1", listings=(listing,))
    return ListEntry(party, "ofac", "s" * 64, "2024-01-01")


@pytest.fixture(scope="module")
def screener() -> Screener:
    numbered = enumerate(LISTED)
    return Screener([entry(f"ofac-{n}", name) for n, name in numbered])


def names_found(screener: Screener, field: str) -> list[str]:
    query = Query("0", field, 0)
    answer = rows_of(screener, [query], Cut(5))[0]
    return [row.name for row in answer.rows]


@pytest.mark.parametrize("field", ["I. A. Rotenberg", "Rotenberg, I.A.", "Rotenberg I. A."])
def test_initials_tell_persons_of_one_family_name_apart(screener: Screener, field: str) -> None:
    assert names_found(screener, field) == ["Igor Arkadyevich ROTENBERG"]


def test_nobody_is_found_by_a_family_name_with_initials_of_others(screener: Screener) -> None:
    assert names_found(screener, "K. E. Rotenberg") == []


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("P.V. Perevezentsev", "Pyotr Vladimirovich PEREVEZENTSEV"),
        ("Avksentieva S.V.", "Sardana Vladimirovna AVKSENTIEVA"),
    ],
)
def test_initials_that_are_run_together_are_compared(
    screener: Screener, field: str, name: str
) -> None:
    assert names_found(screener, field) == [name]


def test_two_initials_may_be_the_same() -> None:
    (piece,) = segment_field("V. V. Putin").pieces
    assert piece.text == "V. V. Putin"
