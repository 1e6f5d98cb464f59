# SPDX-License-Identifier: Apache-2.0
"""Oryx's totals and the General Staff's claims, as read."""

import csv
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bilat.catalog import read, source
from bilat.errors import DataError
from bilat.holdings.corrections import correct, corrections

ORYX = "oryx/totals_by_type_history.csv"
ORYX_LATER = "oryx/totals_by_type_2025-10_2026-10.csv"
FOLDER = Path(__file__).parents[1] / "samples"
EQUIPMENT = "ua_general_staff/russia_losses_equipment.json"


def oryx(path: Path):  # type: ignore[no-untyped-def]
    s = source("oryx_totals")
    return read(s, s.files[0], path)[0][1]


def staff(path: Path, part: str = "equipment"):  # type: ignore[no-untyped-def]
    s = source("ua_general_staff")
    return read(s, next(f for f in s.files if f.series == part), path)[0][1]


@pytest.fixture(scope="module")
def lines(mirror: Path) -> list[str]:
    return (mirror / ORYX).read_text("utf-8").splitlines(keepends=True)


def test_every_line_of_oryx_gives_one_total(mirror: Path, lines: list[str]) -> None:
    rows = oryx(mirror / ORYX)
    totals = [r for r in rows.select(["status", "period"]).to_pylist() if r["status"] == "total"]
    assert len(totals) == len(lines) - 1 == 31203
    assert len({r["period"] for r in totals}) == 616


def test_every_class_oryx_ever_used_is_known_and_no_other(mirror: Path) -> None:
    used: set[str] = set()
    for path in (ORYX, ORYX_LATER):
        with (mirror / path).open(encoding="utf-8") as handle:
            used |= {r["equipment_type"] for r in csv.DictReader(handle)}
    known = set(source("oryx_totals").words("class"))
    assert used <= known
    # The daily copies have a line of their own: the sum of five classes.
    assert known - used == {"Losses of Armoured Combat Vehicles"}


def test_renamed_headings_stay_one_class(mirror: Path) -> None:
    rows = [
        r for r in oryx(mirror / ORYX).to_pylist() if r["side"] == "RUS" and r["status"] == "total"
    ]
    for name, most in (("mlrs", 6), ("vehicles", 40), ("uav", 10), ("naval", 2)):
        by: Counter[str] = Counter()
        for r in rows:
            if r["class"] == name:
                by[r["period"]] += int(r["cumulative"])
        counts = [by[p] for p in sorted(by)]
        assert len(counts) >= 611, name
        assert min(b - a for a, b in pairwise(counts)) >= -most, name


def test_slips_of_the_page_are_mended_and_say_so(mirror: Path) -> None:
    fixed = correct("oryx_totals", "losses", oryx(mirror / ORYX)).to_pylist()
    touched = [r for r in fixed if r["corrected"]]
    assert {r["corrected"] for r in touched} == {
        c.id for c in corrections() if c.source == "oryx_totals"
    }
    sums = {
        (r["side"], r["equipment"], r["period"]): r["cumulative"]
        for r in fixed
        if r["status"] == "total"
    }
    apc = [
        sums["RUS", "Armoured Personnel Carriers", d]
        for d in ("2023-11-06", "2023-11-10", "2023-11-11")
    ]
    assert apc == [369, 370, 369]
    broken = next(
        k for k in sums if k[2] == "2022-12-26" and k[1].startswith("Infantry Fighting Vehicles (")
    )
    assert sums[broken] == 1849
    short = [r for r in touched if r["corrected"] == "oryx-ukr-imv-2022-05-29"]
    assert {r["equipment"] for r in short} == {"Mine-Resistant Ambush Protected"}
    assert len({r["period"] for r in short}) == 15


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda x: ["day" + x[0], *x[1:]], "lacks the column 'date'"),
        (lambda x: [*x[:100], x[100][:30]], "cut or broken"),
        (
            lambda x: [*x[:50], x[50].rstrip("\n") + "1\n", *x[51:]],
            "is not the sum of its statuses",
        ),
        (lambda x: [*x[:50], x[50].replace("2022-", "22-"), *x[51:]], "is not a (date|period)"),
        (lambda x: [x[0], x[1].replace("Aircraft", "Airships"), *x[2:]], "is not one of Tanks"),
        (lambda x: [x[0], x[1].replace("Russia", "Rusland"), *x[2:]], "is not a country"),
        (lambda x: x[:20000], "truncated"),
    ],
)
def test_a_damaged_oryx_file_is_refused(
    change, says: str, lines: list[str], tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "totals.csv"
    path.write_text("".join(change(lines)), "utf-8")
    with pytest.raises(DataError, match=says):
        oryx(path)


def test_the_general_staffs_days_are_whole_and_in_order(mirror: Path) -> None:
    rows = staff(mirror / EQUIPMENT).to_pylist()
    assert len({r["period"] for r in rows}) == 1626
    assert {r["side"] for r in rows} == {"RUS"}
    names = {r["equipment"]: r["class"] for r in rows}
    assert (
        names["military auto"]
        == names["fuel tank"]
        == names["vehicles and fuel tanks"]
        == "vehicles"
    )
    changed = {n: sorted({r["period"] for r in rows if r["equipment"] == n}) for n in names}
    assert changed["military auto"][-1] == "2022-04-30"
    assert changed["vehicles and fuel tanks"][0] == "2022-05-01"


def test_vehicles_go_on_over_the_change_of_columns(mirror: Path) -> None:
    by: Counter[str] = Counter()
    for r in staff(mirror / EQUIPMENT).to_pylist():
        if r["class"] == "vehicles":
            by[r["period"]] += int(r["cumulative"])
    assert 0 <= by["2022-05-01"] - by["2022-04-30"] < 60


def test_revisions_may_be_negative_and_stand_apart(mirror: Path) -> None:
    rows = staff(
        mirror / "ua_general_staff/russia_losses_equipment_correction.json", "revisions"
    ).to_pylist()
    tanks = {r["period"]: r["value"] for r in rows if r["variable"].endswith(": tanks")}
    assert tanks == {"2023-05-27": -5, "2023-10-03": 5, "2025-05-04": 2}
    assert {r["unit"] for r in rows if r["variable"].endswith("personnel")} == {"persons"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d[0].update(tank="80"), "column tank: value '80' is not a whole number"),
        (lambda d: d[0].update({"new class": 1}), "the columns have changed"),
        (lambda d: d[5].pop("tank"), "column tank is missing"),
        (lambda d: d[5].update(day=5), "is not the day of the war"),
        (lambda d: d.reverse(), "does not come after"),
        (lambda d: d[3].update(date="28/02/2022"), "is not a date"),
        (lambda d: d.__delitem__(slice(200, None)), "truncated"),
        (lambda d: d[9].update(tank=-1), "cumulative >= 0"),
    ],
)
def test_a_damaged_report_is_refused(change, says: str, mirror: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    days = json.loads((mirror / EQUIPMENT).read_text("utf-8"))
    change(days)
    path = tmp_path / "losses.json"
    path.write_text(json.dumps(days), "utf-8")
    with pytest.raises(DataError, match=says):
        staff(path)


def test_a_cut_report_is_refused_with_its_line(mirror: Path, tmp_path: Path) -> None:
    text = (mirror / EQUIPMENT).read_text("utf-8")
    path = tmp_path / "losses.json"
    path.write_text(text[: len(text) // 2], "utf-8")
    with pytest.raises(DataError, match=r"is cut, or is not JSON .*line \d+.*[Gg]et it again"):
        staff(path)
    path.write_text("{}", "utf-8")
    with pytest.raises(DataError, match="not a list of days"):
        staff(path)


def test_a_day_that_comes_twice_is_refused(tmp_path: Path) -> None:
    days = json.loads((FOLDER / EQUIPMENT).read_text("utf-8"))
    path = tmp_path / "losses.json"
    path.write_text(json.dumps([days[0], *days]), "utf-8")
    with pytest.raises(DataError, match=f"does not come after {days[0]['date']}"):
        staff(path)
