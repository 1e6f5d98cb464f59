# SPDX-License-Identifier: Apache-2.0
"""China's energy imports, straits, pipelines and enablers, against published figures."""

import csv
from pathlib import Path

import pytest

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.units.energy import days_in, megatonnes, million_barrels_a_day


@pytest.mark.parametrize(("supplier", "published"), [("RUS", 2.14), ("SAU", 1.72)])
def test_crude_of_2023_is_as_mees_has_it(supplier: str, published: float, whole: Holdings) -> None:
    assert ask("energy.crude", holdings=whole).value("2023", supplier) == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize(
    ("supplier", "year", "published"),
    [("IRQ", "2023", 1.19), ("MYS", "2023", 1.10), ("RUS", "2024", 2.17), ("SAU", "2024", 1.57),
     ("RUS", "2021", 1.59), ("SAU", "2021", 1.75), ("WLD", "2022", 10.21), ("RUS", "2017", 1.20)],
)  # fmt: skip
def test_crude_of_other_suppliers_and_years(
    supplier: str, year: str, published: float, whole: Holdings
) -> None:
    assert ask("energy.crude", holdings=whole).value(year, supplier) == pytest.approx(published, rel=0.02)


def test_customs_months_add_up_to_the_reviews_year(whole: Holdings) -> None:
    tonnes = ask("energy.crude", holdings=whole, unit="Mt", entity="RUS")
    for year in ("2020", "2021"):
        point = next(p for p in tonnes.points if p.period == year)
        assert point.low is not None and point.high is not None
        assert (point.high - point.low) / point.low < 0.01
    assert tonnes.unit == "million tonnes a year" and tonnes.groups() == ["RUS"]


def test_a_year_that_lacks_a_customs_month_is_left_out(whole: Holdings) -> None:
    years = [p.period for p in ask("energy.crude", holdings=whole, entity="RUS").points]
    assert "1999" not in years and "2005" in years


def test_units_convert_both_ways() -> None:
    assert days_in("2024") == 366 and days_in("2023") == 365 and days_in("2023-02") == 28
    assert million_barrels_a_day(107.0154, "2023") == pytest.approx(2.149, abs=0.001)
    assert megatonnes(million_barrels_a_day(50, "2024"), "2024") == pytest.approx(50)


def test_the_share_of_2023_is_about_a_fifth(whole: Holdings) -> None:
    m = ask("energy.share", holdings=whole)
    assert m.value("2023", "RUS") == pytest.approx(107.015 / 563.942, abs=1e-4)
    for year in ("2020", "2021", "2023"):
        shares = [p.value or 0 for p in m.points if p.period == year]
        assert sum(shares) == pytest.approx(1, abs=0.2)  # Malaysia also stands within 'Other Asia Pacific'


def test_russian_gas_by_pipe_and_ship(whole: Holdings) -> None:
    m = ask("energy.gas", holdings=whole)
    assert m.value("2020", "RUS pipeline") == pytest.approx(3.88, abs=0.01)
    assert m.value("2023", "RUS LNG") == pytest.approx(11.02, abs=0.01)
    assert m.value("2022", "RUS pipeline, Power of Siberia") == 15.5
    assert [p.period for p in m.points if p.group == "WLD pipeline"] == ["2020", "2021", "2023"]


@pytest.mark.shared  # the months are not embedded
def test_months_of_customs_are_in_tonnes(whole: Holdings) -> None:
    m = ask("energy.monthly", holdings=whole, fuel="crude")
    assert m.value("2022-05", "crude") == pytest.approx(8.419, abs=0.001)
    assert "2022-06" in m.note and m.groups() == ["crude"]
    dollars = ask("energy.monthly_value", holdings=whole, fuel="crude")
    assert dollars.value("2022-05", "crude") == pytest.approx(5847.2, abs=0.1)


@pytest.mark.parametrize(
    ("strait", "year", "published"),
    [("Strait of Malacca", "2023", 23.7), ("Strait of Malacca", "2018", 23.0),
     ("Strait of Hormuz", "2023", 20.9),
     ("Bab el-Mandeb", "2023", 8.6), ("Turkish Straits", "2022", 3.2), ("Cape of Good Hope", "2021", 7.0)],
)  # fmt: skip
def test_oil_through_straits(strait: str, year: str, published: float, whole: Holdings) -> None:
    assert ask("energy.chokepoints", holdings=whole).value(year, strait) == published


def test_every_published_malacca_share_is_shown(whole: Holdings) -> None:
    m = ask("energy.malacca_share", holdings=whole)
    assert sorted(p.value or 0 for p in m.points) == [62, 72, 80, 80, 80]
    assert len(m.groups()) == 5 and not ask("energy.malacca_share", ("RUS", "IND"), holdings=whole).points


def test_transits_are_the_publishers_whole_months(whole: Holdings, mirror: Path) -> None:
    with (mirror / "portwatch/chokepoint_monthly.csv").open(encoding="utf-8") as handle:
        rows = [r for r in csv.DictReader(handle) if r["chokepoint_slug"] in ("malacca", "taiwan", "lombok")]
    for ships in ("tanker", "total"):
        m = ask("chokepoints.transits", holdings=whole, ships=ships)
        assert len(m.groups()) == 28 and max(p.period for p in m.points) == "2026-02"
        for r in rows:
            wanted = None if r["period_dt"] == "2026-03-01" else float(r[f"n_{ships}"])
            assert m.value(r["period_dt"][:7], r["portname"]) == wanted
    with pytest.raises(UsageError, match="'yachts' is not allowed; use tanker, total"):
        ask("chokepoints.transits", holdings=whole, ships="yachts")


def test_the_line_from_russia(whole: Holdings) -> None:
    m = ask("energy.overland", holdings=whole)
    spur = next(p for p in m.points if p.group == "oil" and p.period == "2023")
    assert spur.value == pytest.approx(0.70, abs=0.01) and spur.high == 1.1
    assert [p.period for p in m.points if p.group == "oil"] == ["2018", "2023"]
    gas = ask("energy.overland_gas", holdings=whole)
    assert gas.value("2025", "capacity, Power of Siberia 1") == 38
    assert {p.note for p in gas.points if "Power of Siberia 2" in p.group} == {"planned"}
    assert not [p for p in gas.points if p.group == "flow, Power of Siberia 1" and p.period == "2024"]


def test_tankers_under_each_definition(whole: Holdings) -> None:
    m = ask("enablers.inventory", holdings=whole, capability="refuelling", owner="Europe")
    assert sorted(p.value or 0 for p in m.points) == [27, 156]
    share = ask("enablers.share", holdings=whole)
    (point,) = share.points
    assert point.value == pytest.approx(850 / (850 + 339))
    assert point.low == pytest.approx(605 / (605 + 339)) and point.high == pytest.approx(850 / (850 + 27))


def test_every_published_stock_of_oil_is_shown_under_its_definition(whole: Holdings) -> None:
    m = ask("energy.stocks", holdings=whole)
    assert m.value("2025-12", "total crude (gov+commercial)") == 1400
    assert m.value("2021-02", "OilX crude storage") == 1100
    assert len(m.groups()) == 5


def test_energy_of_a_dyad_without_china_is_none(whole: Holdings) -> None:
    for name in (
        "crude",
        "share",
        "gas",
        "products",
        "monthly",
        "monthly_value",
        "overland",
        "overland_gas",
        "stocks",
    ):
        m = ask(f"energy.{name}", ("RUS", "IND"), holdings=whole)
        assert not m.points and not m.rows() and m.note, name


def test_suppliers_are_shown_for_any_dyad_with_china(whole: Holdings) -> None:
    m = ask("energy.crude", ("SAU", "CHN"), holdings=whole)
    assert m.value("2023", "SAU") and m.value("2023", "RUS")


def test_another_unit_is_refused(whole: Holdings) -> None:
    with pytest.raises(UsageError, match="'barrels' is not allowed; use mb/d, Mt"):
        ask("energy.crude", holdings=whole, unit="barrels")
