# SPDX-License-Identifier: Apache-2.0
"""The title and the first lines say what the rows below them say."""

from __future__ import annotations

import re

import pytest

from bilat.diversion.answer import Diversion
from bilat.diversion.document import document
from bilat.diversion.search import divert
from bilat.document.text import text as printed
from bilat.errors import BilatError


def asked(basket: str | None = None, **question: object) -> Diversion:
    return divert(origin="EU27", basket_name=basket, cases=0, **question)  # type: ignore[arg-type]


def shown(found: Diversion) -> str:
    return " ".join(printed(document(found)).split())


def test_a_hub_that_bought_nothing_a_year_earlier_has_no_multiple() -> None:
    found = asked("880220")
    began = {hub.hub: hub for hub in found.hubs if hub.is_from_nothing}
    assert set(began) == {"ARM", "UZB"}
    for hub in began.values():
        earlier = [usual for period, _, usual in hub.months if period >= "2022-03"]
        assert not any(earlier)
    first = document(found).summary[0]
    said = "Armenia bought €786,000 and Uzbekistan €118,000 after nothing a year earlier"
    assert said in first
    assert not re.search(r"(Armenia|Uzbekistan) (bought )?[\d.]+ times", shown(found))


def test_the_line_on_the_data_names_the_codes_asked_for_and_those_that_are_missing() -> None:
    assert "HS 854231, March" in shown(asked("854231"))
    assert "HS 8482 (3 of 8 codes)" in shown(asked("8482"))
    machines = shown(asked("8457,8458,8459"))
    assert "We have no data on HS 8457 and 8458." in machines
    priority = asked("chpl")
    assert priority.codes is not None and priority.codes.stored < priority.codes.asked == 50
    assert f"{priority.codes.stored} of the 50 codes asked for" in shown(priority)


def test_new_codes_among_others_are_said_not_to_be_tested() -> None:
    found = asked("8517")
    assert found.untested is not None and found.untested.codes[0] == "851713"
    assert "could not test €290m of purchases with no earlier figures (3 new codes" in shown(found)


def test_a_hub_whose_rise_is_larger_than_that_of_the_hub_named_is_named_too() -> None:
    """Armenia's purchases of chips rose by more than Kyrgyzstan's, though less surely."""
    found = asked("8542")
    extra = {hub.hub: hub for hub in found.hubs}
    assert found.named == ("KGZ",)
    assert extra["ARM"].low > extra["KGZ"].high
    assert "Kyrgyzstan bought much more" in document(found).title
    assert "and Armenia more" in document(found).title


def test_a_hub_that_bought_less_than_expected_is_not_in_the_title() -> None:
    found = asked()
    below = [hub for hub in found.hubs if hub.times >= 1.5 and hub.middle < 0]
    assert [hub.hub for hub in below] == ["UZB"]
    assert "Uzbekistan" not in document(found).title


def test_small_amounts_are_not_printed_as_zero() -> None:
    found = asked("8482")
    table = next(
        block for block in document(found).blocks if "Hubs:" in getattr(block, "title", "")
    )
    extras = {row[0]: row[5:7] for row in table.rows}  # type: ignore[union-attr]
    assert extras["Kyrgyzstan"] == (0.2, 0.5)


def test_a_window_too_short_for_a_check_says_so() -> None:
    made = document(asked(window=1))
    assert "do not go back far enough to check this at an earlier date" in made.summary[1]


def test_states_have_their_article() -> None:
    made = document(asked(hubs=["ARE", "HKG"]))
    assert made.title.startswith("No route through the United Arab Emirates and Hong Kong")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"target": "IRN"}, "no trade with the target IRN as buyer: give a file"),
        ({"basket": "391220"}, "no product of the basket '391220'"),
        ({"basket": "851712"}, "which became 851713 and 851714 in 2022"),
        ({"since": "2023-01"}, "these records cover 2020-01 to 2022-11"),
    ],
)
def test_without_a_file_an_error_speaks_of_no_file(question: dict[str, str], said: str) -> None:
    with pytest.raises(BilatError) as refused:
        asked(**question)
    assert said in str(refused.value) and "the file" not in str(refused.value)


def test_anybody_without_a_file_is_refused_in_a_whole_sentence() -> None:
    with pytest.raises(BilatError, match="nothing from anyone else to RUS"):
        divert(origin="ANY")
