# SPDX-License-Identifier: Apache-2.0
"""Several dates of birth of a party: whole dates decide, years alone change nothing."""

from __future__ import annotations

import pytest

from bilat.parties.match.evidence import Birth, _at_most_of_all

ASKED = Birth(1957, 1957, 3, 5)
OTHER_PERSON = Birth(1970, 1970, 11, 29)
FAR_YEAR = Birth(1990, 1990)
SAME_YEAR = Birth(1957, 1957)


@pytest.mark.parametrize("years", [[], [FAR_YEAR], [FAR_YEAR, FAR_YEAR]])
def test_a_year_beside_a_contradicting_date_takes_nothing_from_it(years: list[Birth]) -> None:
    assert _at_most_of_all([ASKED], [OTHER_PERSON, *years]) == "unlikely"
    assert _at_most_of_all([ASKED, *years], [OTHER_PERSON]) == "unlikely"


def test_years_alone_that_are_far_apart_make_one_person_at_most_possible() -> None:
    assert _at_most_of_all([ASKED], [FAR_YEAR]) == "possible"


@pytest.mark.parametrize("agreeing", [ASKED, SAME_YEAR])
def test_one_date_that_may_be_the_same_is_enough(agreeing: Birth) -> None:
    assert _at_most_of_all([ASKED], [OTHER_PERSON, agreeing]) == ""
