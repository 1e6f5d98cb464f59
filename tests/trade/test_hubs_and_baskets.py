# SPDX-License-Identifier: Apache-2.0
"""The sanctioned basket, mirrored baskets and Taiwan's own figures."""

import numpy as np
import pytest

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask


@pytest.mark.shared
def test_the_basket_is_summed_from_eight_digit_rows_alone(full: Holdings) -> None:
    """Four-digit rows overlap them: with those added the sum would be larger."""
    m = ask("trade.sanctioned_basket", holdings=full, partner="RUS")
    from bilat.when import AsOf

    con = full.connect(AsOf()).connection.cursor()
    (eight, four) = con.execute(
        """SELECT sum(value) FILTER (nomenclature = 'CN8'), sum(value) FILTER (nomenclature = 'HS4')
        FROM flows WHERE source = 'eurostat_cn8_sanctioned' AND partner = 'RUS' AND period = '2021-05'"""
    ).fetchall()[0]
    assert four > 0 and m.value("2021-05", "RUS") == pytest.approx(eight)


def test_the_basket_by_year_and_as_an_index(embedded: Holdings) -> None:
    years = ask("trade.sanctioned_basket", holdings=embedded, by="year")
    assert {p.period for p in years.points} == {
        "2020",
        "2021",
    } and "2022 is incomplete in our data" in years.note
    index = ask("trade.sanctioned_basket", holdings=embedded, base="2021")
    kept = [p.value for p in index.points if p.group == "KGZ" and p.period[:4] == "2021"]
    assert np.mean(kept) == pytest.approx(100) and "index" in index.unit
    assert index.value("2022-10", "KGZ") > 500 and index.value("2022-10", "RUS") < 45


def test_members_of_the_basket_add_to_the_union(embedded: Holdings) -> None:
    from bilat.when import AsOf

    union = ask("trade.sanctioned_basket", holdings=embedded, partner="KGZ")
    con = embedded.connect(AsOf()).connection.cursor()
    members = con.execute(
        """SELECT reporter, value FROM flows WHERE product = 'basket:eu_export_sanctions'
        AND partner = 'KGZ' AND period = '2022-09'"""
    ).fetchall()
    assert union.value("2022-09", "KGZ") == pytest.approx(sum(v for _, v in members))
    germany = ask("trade.sanctioned_basket", holdings=embedded, partner="KGZ", reporter="DEU")
    assert germany.value("2022-09", "KGZ") == dict(members)["DEU"]


def test_a_month_that_lacks_a_member_says_so(embedded: Holdings) -> None:
    m = ask("trade.sanctioned_basket", holdings=embedded, partner="RUS")
    assert {p.period: p.note for p in m.points if p.note} == {
        "2022-11": "without Netherlands: not reported yet"
    }
    alone = ask("trade.sanctioned_basket", holdings=embedded, partner="RUS", reporter="NLD")
    assert max(p.period for p in alone.points) == "2022-10"


def test_a_basket_not_held(embedded: Holdings) -> None:
    m = ask("trade.sanctioned_basket", holdings=embedded, partner="TUR")
    assert not m.points and "only to ARM, BLR, GEO, KAZ, KGZ, RUS, UZB" in m.note
    m = ask("trade.sanctioned_basket", holdings=embedded, reporter="CHN")
    assert not m.points and "EU and its members only" in m.note


# -- mirrored baskets ------------------------------------------------------------------------------------


def test_chips_to_russia(embedded: Holdings) -> None:
    m = ask("trade.basket_exports", holdings=embedded)
    assert len(m.groups()) == 17 and m.unit == "USD"
    assert m.value("2022", "HKG") == pytest.approx(277.3e6)  # PF33 quotes this figure
    assert m.value("2021", "CHN") == pytest.approx(146.3e6) and m.value(
        "2023", "CHN"
    ) == pytest.approx(374.7e6)
    notes = {p.period: p.note for p in m.points if p.group == "CHN"}
    assert (
        "exporters' reports only" in notes["2022"]
        and "incomplete" in notes["2024"]
        and notes["2021"] == ""
    )
    assert all(p.kind == "estimated" for p in m.points)


def test_taiwans_own_customs_bound_the_mirrored_figure(embedded: Holdings) -> None:
    m = ask("trade.basket_exports", holdings=embedded, exporter="TWN")
    point = next(p for p in m.points if p.period == "2022")
    assert (point.low, point.high) == (pytest.approx(10.607e6), pytest.approx(34.9e6))
    assert {r["source"] for r in m.rows("2022", "TWN")} == {
        "atlas_techai_baskets",
        "taiwan_customs_8542",
    }


def test_shares_add_to_one_and_china_with_hong_kong_is_their_sum(embedded: Holdings) -> None:
    m = ask("trade.basket_share", holdings=embedded)
    for year in map(str, range(2012, 2025)):
        alone = sum(p.value for p in m.points if p.period == year and "+" not in p.group)
        assert alone == pytest.approx(1.0)
        both = m.value(year, "CHN+HKG")
        assert both == pytest.approx(m.value(year, "CHN") + m.value(year, "HKG"))
    assert m.value("2023", "CHN+HKG") > 2 * m.value("2021", "CHN+HKG")


def test_no_share_of_a_basket_that_few_exporters_are_held_of(embedded: Holdings) -> None:
    for basket in ("ai", "all"):
        m = ask("trade.basket_share", holdings=embedded, basket=basket)
        assert not m.points and "too few for a share" in m.note


def test_chips_into_the_hubs(embedded: Holdings) -> None:
    m = ask("trade.basket_exports", holdings=embedded, importer="HKG,TUR,ARE,ROW", exporter="CHN")
    assert m.groups() == ["CHN>HKG", "CHN>ROW", "CHN>TUR"]
    assert m.value("2022", "CHN>TUR") == pytest.approx(189.0e6)


def test_a_basket_or_exporter_not_held_is_said(embedded: Holdings) -> None:
    with pytest.raises(UsageError, match=r"'tanks' is not allowed. Use chips, ai, all"):
        ask("trade.basket_exports", holdings=embedded, basket="tanks")
    m = ask("trade.basket_exports", holdings=embedded, exporter="FRA")
    assert not m.points and "CHN>RUS" in m.note
