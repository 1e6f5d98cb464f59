# SPDX-License-Identifier: Apache-2.0
"""Energy by supplier, customs by month, straits and published figures, as read."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from bilat.catalog import read, source
from bilat.errors import DataError


def rows_of(name: str, path: Path, table: str = "") -> list[dict]:
    s = source(name)
    made = dict(read(s, s.files[0], path))
    return made[table or s.tables[0]].to_pylist()


def damaged(name: str, mirror: Path, tmp_path: Path, old: str, new: str) -> None:
    s = source(name)
    base = mirror if (mirror / s.files[0].path).exists() else mirror.parent
    text = (base / s.files[0].path).read_text("utf-8")
    assert old in text, old
    path = tmp_path / Path(s.files[0].path).name
    path.write_text(text.replace(old, new, 1), "utf-8")
    read(s, s.files[0], path)


def test_customs_units_are_those_of_the_files_own_heading(mirror: Path) -> None:
    rows = rows_of("china_customs_wind", mirror / "energy/china_imports_from_russia_wind_raw.csv")
    june = {r["product"]: r for r in rows if r["period"] == "2022-06"}
    assert june["fuel:crude"]["quantity"] == pytest.approx(7_285_879.032)  # 7,285,879,032 kg
    assert june["fuel:coal"]["quantity"] == pytest.approx(5_263_773.72)  # tonnes already
    assert (
        june["fuel:pipeline_gas"]["quantity"] is None
        and june["fuel:pipeline_gas"]["value"] == 334_270_242
    )
    assert {r["quantity_unit"] for r in rows if r["quantity"] is not None} == {"t"}


def test_the_cleaned_copy_of_the_customs_file_agrees_with_the_raw_one(mirror: Path) -> None:
    rows = rows_of("china_customs_wind", mirror / "energy/china_imports_from_russia_wind_raw.csv")
    crude = {r["period"]: r["quantity"] * 1000 for r in rows if r["product"] == "fuel:crude"}
    with (mirror / "energy/china_imports_from_russia_monthly.csv").open(encoding="utf-8") as handle:
        cleaned = {
            r["month"]: float(r["Volume of Imports: Crude Oil: Russian Federation"])
            for r in csv.DictReader(handle)
            if r["Volume of Imports: Crude Oil: Russian Federation"]
        }
    assert set(crude) == set(cleaned) and all(crude[m] == pytest.approx(cleaned[m]) for m in crude)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Unit,ton,USD", "Unit,kg,USD", "is not the unit expected, ton"),
        ("Crude Oil: Russian", "Crude Oil: Brazil", "is missing"),
        ("Source: Wind", "", "does not end with"),
        ("2021-03,", "2021-13,", "is not a month"),
        ('"2,639,411.09"', '"2,639,4x1.09"', "is not a number"),
    ],
)
def test_a_damaged_customs_file_is_refused(
    old: str, new: str, says: str, mirror: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=says):
        damaged("china_customs_wind", mirror, tmp_path, old, new)


def test_each_review_is_known_from_the_day_it_appeared(mirror: Path) -> None:
    rows = rows_of(
        "china_energy_by_source",
        mirror / "energy/china_energy_imports_by_source_2020_2021_2023.csv",
    )
    assert {(r["period"], str(r["known_on"])) for r in rows} == {
        ("2020", "2021-07-08"),
        ("2021", "2022-06-30"),
        ("2023", "2024-06-20"),
    }
    russia = {
        r["period"]: r["quantity"]
        for r in rows
        if r["partner"] == "RUS" and r["product"] == "fuel:crude"
    }
    assert russia["2023"] == pytest.approx(107.015, abs=0.001)


def test_suppliers_of_crude_sum_to_the_total(mirror: Path) -> None:
    rows = rows_of(
        "china_energy_by_source",
        mirror / "energy/china_energy_imports_by_source_2020_2021_2023.csv",
    )
    for year in ("2020", "2021", "2023"):
        crude = [r for r in rows if r["period"] == year and r["product"] == "fuel:crude"]
        whole = next(r["quantity"] for r in crude if r["partner"] == "WLD")
        parts = sum(r["quantity"] for r in crude if r["partner"] != "WLD")
        assert parts == pytest.approx(whole, rel=1e-6), year


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("china_energy_by_source", "crude_oil,Canada", "crude_oyl,Canada", "is not one of"),
        (
            "china_energy_by_source",
            "BP Statistical Review 2021",
            "BP Review",
            "has no date in the catalog",
        ),
        ("china_energy_by_source", "million tonnes", "million tons", "column unit"),
        (
            "portwatch_chokepoints",
            "2019-01-01,bab",
            "2019-01-02,bab",
            "is not the first day of a month",
        ),
        ("portwatch_chokepoints", ",1057,1582,", ",1058,1582,", "is not the sum of its ship types"),
        ("energy_facts", ",23.0,", ",lots,", "is not a number"),
        ("production_estimates", ",2021,2024-06,", ",2021,mid 2024,", "is not a year or month"),
        ("production_estimates", ",56,56,56,", ",56,57,56,", "low <= high"),
        ("enablers", ",605,aircraft,2025,", ",605,aircraft,soon,", "names no year"),
    ],
)
def test_a_damaged_file_is_refused(
    name: str, old: str, new: str, says: str, mirror: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=says):
        damaged(name, mirror, tmp_path, old, new)


def test_no_strait_is_known_before_its_platform(mirror: Path) -> None:
    rows = rows_of("portwatch_chokepoints", mirror / "portwatch/chokepoint_monthly.csv")
    assert min(r["known_on"] for r in rows) == dt.date(2024, 3, 7)
    assert {r["period"] for r in rows if r["variable"].endswith("22 days")} == {"2026-03"}


def test_customs_figures_by_the_press_are_known_a_month_after_their_year(shared: Path) -> None:
    flows = rows_of("energy_facts", shared / "facts/energy.csv", "flows")
    found = next(
        r for r in flows if (r["partner"], r["period"], r["quantity_unit"]) == ("RUS", "2022", "Mt")
    )
    assert (found["known_on"], found["known_basis"]) == (dt.date(2023, 1, 31), "inferred")


def test_a_past_figure_on_an_undated_page_is_known_a_year_later_by_inference(shared: Path) -> None:
    rows = rows_of("energy_facts", shared / "facts/energy.csv", "estimates")
    siberia = [r for r in rows if r["item"] == "Power of Siberia 1" and r["when_text"] == "2020"]
    assert {(r["known_on"], r["known_basis"]) for r in siberia} == {
        (dt.date(2022, 1, 1), "inferred")
    }
    planned = [r for r in rows if r["when_text"] == "planned" and r["known_basis"] != "published"]
    assert {r["known_on"] for r in planned} <= {dt.date(2026, 7, 31)}
    counts = rows_of("enablers", shared / "facts/enablers.csv")
    assert all(
        (r["known_basis"] == "vintage") == (r["known_on"] == dt.date(2026, 7, 31)) for r in counts
    )
    assert {
        r["known_on"].year - int(r["period"][:4]) for r in counts if r["known_basis"] == "inferred"
    } <= {
        1,
        2,
    }


def test_open_bounds_stay_open(shared: Path) -> None:
    rows = rows_of("production_estimates", shared / "facts/production_estimates.csv")
    over = [r for r in rows if r["figure"].startswith(">")]
    assert len(over) > 5 and all(
        r["high"] is None and r["value"] is None and r["low"] for r in over
    )
    assert all(r["value"] is None or r["low"] <= r["value"] <= r["high"] for r in rows)
