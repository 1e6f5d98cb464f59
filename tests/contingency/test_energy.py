# SPDX-License-Identifier: Apache-2.0
"""China's energy imports, straits, pipelines and enablers, against published figures."""

import pytest

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.units.energy import days_in, megatonnes, million_barrels_a_day


@pytest.mark.parametrize(("supplier", "published"), [("RUS", 2.14), ("SAU", 1.72)])
def test_crude_of_2023_is_as_mees_has_it(supplier: str, published: float, whole: Holdings) -> None:
    assert ask("energy.crude", holdings=whole).value("2023", supplier) == pytest.approx(
        published, rel=0.02
    )


@pytest.mark.parametrize(
    ("supplier", "year", "published"),
    [
        ("IRQ", "2023", 1.19),
        ("MYS", "2023", 1.10),
        ("RUS", "2024", 2.17),
        ("SAU", "2024", 1.57),
        ("RUS", "2021", 1.59),
        ("SAU", "2021", 1.75),
        ("WLD", "2022", 10.21),
        ("RUS", "2017", 1.20),
    ],
)
def test_crude_of_other_suppliers_and_years(
    supplier: str, year: str, published: float, whole: Holdings
) -> None:
    assert ask("energy.crude", holdings=whole).value(year, supplier) == pytest.approx(
        published, rel=0.02
    )


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
        assert sum(shares) == pytest.approx(
            1, abs=0.2
        )  # Malaysia also stands within 'Other Asia Pacific'


def test_russian_gas_by_pipe_and_ship(whole: Holdings) -> None:
    m = ask("energy.gas", holdings=whole)
    assert m.value("2020", "RUS pipeline") == pytest.approx(3.88, abs=0.01)
    assert m.value("2023", "RUS LNG") == pytest.approx(11.02, abs=0.01)
    assert m.value("2022", "RUS pipeline, Power of Siberia") == 15.5
    assert [p.period for p in m.points if p.group == "WLD pipeline"] == ["2020", "2021", "2023"]


def test_energy_of_a_dyad_without_china_is_none(whole: Holdings) -> None:
    for name in (
        "crude",
        "share",
        "gas",
    ):
        m = ask(f"energy.{name}", ("RUS", "IND"), holdings=whole)
        assert not m.points and not m.rows() and m.note, name


def test_suppliers_are_shown_for_any_dyad_with_china(whole: Holdings) -> None:
    m = ask("energy.crude", ("SAU", "CHN"), holdings=whole)
    assert m.value("2023", "SAU") and m.value("2023", "RUS")


def test_another_unit_is_refused(whole: Holdings) -> None:
    with pytest.raises(UsageError, match=r"'barrels' is not allowed. Use mb/d, Mt"):
        ask("energy.crude", holdings=whole, unit="barrels")
