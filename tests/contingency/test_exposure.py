# SPDX-License-Identifier: Apache-2.0
"""Exposure: totals against the publishers, break-even without elasticities, limits, laws, errors."""

import json
from functools import cache
from pathlib import Path

import pytest

from bilat.contingency.exposure import GAPS, Exposure, exposure
from bilat.contingency.exposure.answer import largest_goods
from bilat.contingency.exposure.document import document
from bilat.contingency.exposure.inputs import coalition, read_sales
from bilat.contingency.questions import ExposureQuestion
from bilat.document import Document, Frame
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.document.words import usd
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.measures import Ask, ask, default_holdings
from bilat.when import AsOf


@cache
def answer() -> Exposure:
    return exposure("G7", as_of=AsOf("2026-11-25"), draws=2000)


def asked(**changes: object) -> Exposure:
    return exposure(
        **{"coalition_text": "G7", "as_of": AsOf("2026-11-25"), "draws": 200, **changes}
    )  # type: ignore[arg-type]


def test_totals_are_the_publishers() -> None:
    a = answer()
    assert a.sales.total / 1e9 == pytest.approx(3362.3, abs=0.1)
    assert sum(a.sales.markets.values()) == pytest.approx(a.sales.total, rel=0.01)
    baci = a.sales.russia_total["baci_russia_china"]
    assert baci["2021"] / 1e9 == pytest.approx(69.6, abs=0.05)
    assert baci["2023"] / 1e9 == pytest.approx(110.0, abs=0.05)
    assert a.to_coalition / 1e9 == pytest.approx(1400, abs=1)


def test_the_break_even_needs_no_elasticity() -> None:
    a = answer()
    assert a.break_even == pytest.approx(0.034, abs=0.0005)
    assert a.break_even == pytest.approx(a.gain / a.to_coalition)
    by = {n: b for n, _, b in a.standard}
    assert by["USA"] == pytest.approx(0.083, abs=0.0005) and by["WIDE"] == pytest.approx(
        0.027, abs=0.0005
    )


def test_products_add_up_to_the_gain() -> None:
    a = answer()
    baci = a.sales.russia_total["baci_russia_china"]
    assert (a.newest, a.products_year) == ("2024", "2023")
    assert sum(q.gain for q in a.products) == pytest.approx(baci["2023"] - baci["2021"])
    assert sum(q.share_of_gain for q in a.products) == pytest.approx(1)
    assert a.products[0].chapter == "87" and a.products[0].gain / 1e9 == pytest.approx(
        18.2, abs=0.1
    )


def test_markets_add_up_to_the_coalition() -> None:
    a = answer()
    assert sum(m.sales for m in a.markets) == pytest.approx(a.to_coalition)
    assert a.markets == sorted(a.markets, key=lambda m: -m.sales)
    assert all(m.break_even == pytest.approx(a.gain / m.sales) for m in a.markets)


def test_a_state_has_its_largest_good_among_those_that_are_held() -> None:
    assert answer().codes_year == "2024"
    code, sold = largest_goods(answer())["GBR"]
    assert code == "870380" and sold == max(
        m.get("GBR", 0.0) for m in answer().sales.codes["2024"].values()
    )


def test_a_wide_coalition_holds_the_narrow_ones() -> None:
    assert coalition("EU27").members < coalition("G7").members < coalition("COALITION").members
    assert (
        coalition("COALITION").members < coalition("WIDE").members
        and len(coalition("G7").members) == 31
    )
    sales = {n: s for n, s, _ in answer().standard}
    assert sales["EU27"] < sales["G7"] < sales["COALITION"] < sales["WIDE"]


# limits and laws


def test_nothing_touched_costs_nothing() -> None:
    assert asked(params=["scope=0"]).spread[0].high == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_dearer_or_narrower_way_out_never_costs_less(seed: int) -> None:
    def lost(*params: str) -> list[float]:
        q = asked(params=params, seed=seed).spread[0.05]
        return [q.low, q.median, q.high]

    for less, more in (("added_cost=0.1", "added_cost=0.4"), ("price_cut=0", "price_cut=0.6")):
        assert all(x <= y for x, y in zip(lost(less), lost(more), strict=True)), more
    # nothing sold at a price that has not risen: no loss; every good sold elsewhere at its price: less than all of it
    assert (
        lost("added_cost=0") == [0, 0, 0]
        and lost("price_cut=1")[2] < answer().to_coalition * 0.05 / answer().gain
    )


def test_losses_scale_with_the_scope() -> None:
    spread = answer().spread
    for scope, q in spread.items():
        assert q.median == pytest.approx(spread[0.01].median * scope / 0.01)
    said = " ".join(document(answer(), ExposureQuestion()).summary)
    for scope in (0.05, 0.2):
        q = spread[scope]
        size = f"{q.about('.0%')} of" if q.median < 1 else f"{q.about('.1f')} times"
        assert f"hit {scope:.0%} of those sales, some would still be made" in said
        assert f"the loss would be {size} the gain" in said


def test_twice_the_margin_in_russia_doubles_the_break_even() -> None:
    even = asked(params=["margin_ratio=1"]).break_even
    assert asked(params=["margin_ratio=2"]).break_even == pytest.approx(2 * even)


def test_the_margin_that_is_named_as_possible_follows_from_published_figures() -> None:
    """Profit on a dollar sold, (margin + premium) / (1 + premium), over the margin."""
    ratio = answer().parameters["margin_ratio"]
    margin = 0.0623
    said = [(margin + premium) / (1 + premium) / margin for premium in (0.09, 0.45)]
    assert [f"{x:.1f}" for x in said] == ["2.2", "5.7"]
    assert ratio.value == 1 and ratio.high == pytest.approx(said[0], abs=0.05)
    assert "2.2" in ratio.source and "5.7" in ratio.source


def test_the_loss_in_profit_is_bounded_only_where_the_margin_follows_from_figures() -> None:
    def said(**changes: object) -> bool:
        found = document(asked(**changes), ExposureQuestion())
        return any("Measured in profit" in line for line in found.summary)

    assert said()
    assert not said(params=["margin_ratio=2"])
    assert not said(as_of=AsOf("2025-04-26"))


def test_the_newest_share_is_that_of_customs_and_only_of_whole_coalitions() -> None:
    found = answer().newest_share
    assert found is not None
    members = (10344.0, 6777.6, 2837.0, 1520.0, 844.1)
    assert found.shares["G7"] == pytest.approx(sum(members) / 68466.7)
    assert found.shares["USA"] == pytest.approx(6777.6 / 68466.7)
    assert found.shares.keys() == {"USA", "EU27", "G7"}
    assert asked(as_of=AsOf("2026-04-29")).newest_share is None


def test_the_added_cost_is_published_from_the_day_of_its_study() -> None:
    def assumed(as_of: str) -> set[str]:
        parameters = asked(as_of=AsOf(as_of)).parameters
        names = ("added_cost", "price_cut", "margin_ratio")
        return {name for name in names if parameters[name].standing == "assumed"}

    assert assumed("2025-04-26") == {"added_cost", "price_cut", "margin_ratio"}
    assert assumed("2025-04-27") == assumed("2026-11-30") == {"price_cut"}


def test_the_same_seed_gives_the_same_spread() -> None:
    assert asked(seed=3).spread == asked(seed=3).spread != asked(seed=4).spread
    for q in answer().spread.values():
        assert q.low < q.median < q.high


def test_every_figure_of_a_cut_has_its_row_and_what_has_none_is_the_users() -> None:
    a = answer()
    figures = [
        u
        for u in a.sales.used
        if u.input.split(":")[0] in ("elasticity", "loss_of_targeted", "deflection")
    ]
    assert len(figures) == len(a.sales.evidence) >= 6 and all(
        u.locator and u.originator for u in figures
    )
    assert a.parameters["scope"].standing == "set by the question"
    cheaper = a.parameters["price_cut"]
    assert cheaper.standing == "assumed" and cheaper.wanted
    assert len(GAPS) == 6 and a.deflected == pytest.approx(0.667)


# as of


def test_at_the_papers_date_the_sales_that_customs_had_given_stand_in_and_the_page_says_so() -> (
    None
):
    a = asked(as_of=AsOf("2023-03-20"))
    assert (a.base, a.newest, a.gain_source) == ("2021", "2022", "gacc_exports_russia")
    assert a.break_even == pytest.approx(a.gain / a.to_coalition) and 0.005 < a.break_even < 0.007
    later = {u.input for u in a.sales.used if u.known_on > "2023-03-20"}
    assert (
        later
        and all(i.startswith("exports to ") for i in later)
        and a.sales.stands_in == "2023-03-26"
    )
    said = document(a, ExposureQuestion()).summary
    assert "we take them from the file of UN Comtrade of 26 March 2023" in said[-1]
    assert not asked().sales.stands_in
    with pytest.raises(DataError, match="by market were not public by 2022-01-13"):
        asked(as_of=AsOf("2022-01-13"))
    with pytest.raises(
        DataError, match="by market were not public"
    ):  # a measure has no later row behind it
        read_sales(Ask(Dyad("RUS", "CHN"), AsOf("2023-03-20"), {}, default_holdings()))


def test_the_gain_of_spring_2023_is_of_one_source_and_no_later_row_shows() -> None:
    a = asked(as_of=AsOf("2023-04-20"))
    customs = a.sales.russia_total["gacc_exports_russia"]
    assert (a.newest, a.gain_source) == ("2022", "gacc_exports_russia")
    assert a.gain == pytest.approx(customs["2022"] - customs["2021"]) and not a.products
    assert all(u.known_on <= "2023-04-20" for u in a.sales.used)
    assert not a.spread and "elasticity" not in {e.metric for e in a.sales.evidence.values()}


# what a user gets wrong


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"coalition_text": "G8"}, "G8"),
        ({"coalition_text": ""}, "names nobody. Write G7, WIDE"),
        ({"coalition_text": "USA,CHN"}, "CHN cannot be in it"),
        ({"coalition_text": "LIE"}, "name other states"),
        ({"params": ["scope=5"]}, "Write a number from 0 to 1"),
        ({"params": ["base_year=2024"]}, "write a year before the last"),
        ({"params": ["base_year=1990"]}, "Write a number from 2017 to 2030"),
        ({"draws": 1}, "write a number from 100"),
    ],
)
def test_errors_are_one_line_with_the_cure(given_: dict, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        asked(**given_)
    assert "\n" not in str(caught.value)


# what is written


def asked_document(*texts: str, **fields: str) -> Document:
    given = {"draws": "200", **fields}
    return ExposureQuestion.read({**given, **({"param": ",".join(texts)} if texts else {})}).answer(
        Frame(as_of=AsOf("2026-11-25"))
    )


def test_json_holds_the_answer() -> None:
    a, d = asked(), asked_document()
    made = envelope(d)
    json.dumps(made, allow_nan=False)
    assert (
        made["data"]["break_even"] == a.break_even and made["data"]["sales"]["used"][0]["snapshot"]
    )


def test_the_text_keeps_to_80_columns() -> None:
    lines = text(asked_document(), why=True).splitlines()
    assert not [line for line in lines if len(line) > 80]
    words = " ".join(lines)
    assert "2.9%" in words and "assumed" in words and "set your own" in words


def test_the_docs_give_the_models_own_numbers() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "exposure.md").read_text("utf-8")
    words = " ".join(page.split())
    a = exposure("G7", as_of=AsOf("2026-11-25"))
    for said in (
        f"grew by ${a.gain / 1e9:.0f}bn from 2021 to 2024",
        usd(float(f"{a.to_coalition:.2g}")),
        f"**{100 * a.break_even:.1f}%**",
        f"median {a.spread[0.05].median:.1f} times",
        f"({a.spread[0.2].median:.1f} times)",
    ):
        assert said in words, said


def test_the_rows_behind_the_break_even_add_up_to_it() -> None:
    """No row stands behind the figure that is not in it: codes below the chapters had been listed beside them."""
    m = ask("exposure.break_even", Dyad("RUS", "CHN"))
    rows = m.rows(group="USA")
    (p,) = (p for p in m.points if p.group == "USA")
    year = str(p.period)
    by = {
        y: sum(r["value"] for r in rows if r["partner"] == "RUS" and str(r["period"])[:4] == y)
        for y in ("2021", year)
    }
    sold = sum(r["value"] for r in rows if r["partner"] == "USA")
    assert p.value == pytest.approx((by[year] - by["2021"]) / sold)
    assert p.high == pytest.approx(by[year] / sold)
