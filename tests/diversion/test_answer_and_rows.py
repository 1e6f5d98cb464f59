# SPDX-License-Identifier: Apache-2.0
"""The title and the first lines say what the rows below them say."""

from __future__ import annotations

import re

import pytest

from bilat.diversion.answer import Diversion
from bilat.diversion.document import document
from bilat.diversion.search import divert
from bilat.document import Table
from bilat.document.text import text as printed
from bilat.errors import BilatError
from bilat.places import country_name


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
    said = "Armenia bought €786,000 and Uzbekistan €118,000 from the EU after nothing a year"
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
    assert "cannot be tested: €290m of 3 new codes, mostly HS 851713" in shown(found)
    found = asked("8541")
    assert "Not tested: €241,000 of 2 new codes, mostly HS 854159." in shown(found)


def test_a_hub_whose_rise_is_larger_than_that_of_the_hub_named_is_named_too() -> None:
    """Armenia's purchases of chips rose by more than Kyrgyzstan's, though less surely."""
    found = asked("8542")
    extra = {hub.hub: hub for hub in found.hubs}
    assert found.named == ("KGZ",)
    assert extra["ARM"].low > extra["KGZ"].high
    assert "Kyrgyzstan bought much more" in document(found).title
    assert ", Armenia more" in document(found).title


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


def rows_of_hubs(found: Diversion) -> dict[object, tuple[object, ...]]:
    """The rows of the table of hubs, by hub."""
    blocks = document(found).blocks
    table = next(block for block in blocks if getattr(block, "title", "").startswith("Hubs:"))
    return {row[0]: row for row in table.rows}  # type: ignore[union-attr]


def test_a_hub_whose_sum_rose_for_certain_is_not_without_sign() -> None:
    """Belarus bought 2.4 times as many tyres in sum, though less in most months."""
    found = asked("4011")
    rows = rows_of_hubs(found)
    certain = [hub for hub in found.hubs if hub.ratio and hub.ratio >= 1.5 and hub.low > 0]
    names = {country_name(hub.hub) for hub in certain}
    assert {"Belarus", "Georgia", "Kazakhstan"} <= names
    assert all(rows[name][1] != "no sign" for name in names)


def test_the_surest_amount_leads_also_where_few_months_made_it() -> None:
    first = document(asked("4011"))
    assert first.title.startswith("Belarus's total purchases of goods Russia lost")
    assert "rose 2.4-fold; this may be chance" in first.title
    said = first.summary[0]
    assert "(in a typical month), and Belarus bought 2.4 times" in said
    assert "Georgia 1.8 times as much in total" in said
    assert "Belarus bought €16.2m to €22.8m more than expected" in said


def test_the_amount_of_a_hub_that_the_title_names_second_is_said_if_it_is_larger() -> None:
    """Kazakhstan's extra computers are worth more than Armenia's, though less surely a surge."""
    made = document(asked("8471"))
    assert "Armenia bought much more" in made.title and ", Kazakhstan more" in made.title
    said = "Kazakhstan also bought €81.3m to €163m more than expected, which may be chance"
    assert said in made.summary[0]


def test_untested_purchases_that_exceed_the_tested_ones_come_first() -> None:
    """Road tractors have a code of 2022: what can be tested of lorries is a small part."""
    found = asked("8701,8704")
    assert found.untested is not None
    assert sum(t.since for _, t in found.untested.bought) > sum(h.bought for h in found.hubs)
    made = document(found)
    assert made.summary[0].startswith("Most of what the hubs bought cannot be tested: €309m of HS")
    assert "Kazakhstan €137m" in made.summary[0]
    assert "Not tested" not in shown(found)


def test_a_hub_without_other_records_has_no_empty_table() -> None:
    found = divert(origin="EU27", hubs=["BLR"], cases=1)
    empty = [b for b in document(found).blocks if isinstance(b, Table) and not b.rows]
    assert not empty
    assert "Other data on where goods went" not in shown(found)


def test_no_hub_passed_on_more_than_it_bought() -> None:
    found = divert(origin="USA", since="2022", cases=0)
    (hub,) = found.hubs
    assert hub.likely is not None and found.carried is not None
    assert hub.likely.amount.high <= hub.bought
    assert found.carried.amount.high <= hub.bought


def test_the_check_at_an_earlier_date_cannot_be_read_as_a_sum_of_that_year() -> None:
    said = document(asked()).summary[1]
    assert "As a check, the same sum dated a year earlier is −€150m to €224m." in said


def test_goods_bought_below_expectation_do_not_lead() -> None:
    """Kazakhstan bought 1.3 million of transformers, of 4.6 million expected."""
    blocks = document(asked("8504")).blocks
    (goods,) = [b for b in blocks if getattr(b, "title", "").startswith("Goods by amount")]
    assert isinstance(goods, Table) and goods.rows
    assert all(row[4] > row[3] for row in goods.rows)  # type: ignore[operator]
