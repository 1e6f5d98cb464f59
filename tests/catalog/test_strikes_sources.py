# SPDX-License-Identifier: Apache-2.0
"""The strikes and the dictionary of their models, as read."""

import csv
from pathlib import Path

import pytest

from bilat.catalog import read, source
from bilat.errors import DataError

STRIKES = "missile_attacks/missile_attacks_daily_to_2026-02-08.csv"


def strikes(path: Path):  # type: ignore[no-untyped-def]
    s = source("missile_attacks")
    return read(s, s.files[0], path)[0][1]


def test_the_sum_launched_is_the_files_own(mirror: Path) -> None:
    with (mirror / STRIKES).open(encoding="utf-8") as handle:
        whole = sum(float(r["launched"] or 0) for r in csv.DictReader(handle))
    rows = strikes(mirror / STRIKES).to_pylist()
    assert sum(r["launched"] or 0 for r in rows) == whole
    assert sum(r["launched"] is None for r in rows) == 3


def test_a_mixed_row_that_says_its_split_is_split(mirror: Path) -> None:
    rows = strikes(mirror / STRIKES).to_pylist()
    split = [r for r in rows if r["locator"].endswith("launched_details")]
    assert len({r["locator"] for r in split}) == 6 and {r["models"] for r in split} == {1}
    christmas = {r["model"]: r["launched"] for r in split if r["period"] == "2024-12-25"}
    assert christmas == {"X-101/X-555": 50, "Kalibr": 12}
    assert all(len(r["model"].split(" and ")) == r["models"] for r in rows)


def test_an_attack_is_known_when_it_has_ended(mirror: Path) -> None:
    rows = strikes(mirror / STRIKES).to_pylist()
    assert all(r["known_on"] == r["ends"] >= r["starts"] for r in rows)
    assert (min(r["period"] for r in rows), max(r["period"] for r in rows)) == (
        "2022-09-28",
        "2026-02-07",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("time_start", "start", "lacks the column 'time_start'"),
        ("2026-02-07 18:00,2026-02-08 08:30", "2026-02-07 18:00,2026-02-06 08:30", "is before"),
        ("2026-02-07 18:00,", "2026-02-07 25:00,", "is not a time"),
        (",101.0,69.0,", ",many,69.0,", "row 2: column launched: value 'many' is not a number"),
        (",101.0,69.0,", ",-101.0,69.0,", "launched >= 0"),
        ("'Iskander-M/KN-23': 25", "'Iskander-M/KN-23': 26", "does not add up to 38"),
        (
            "{'Iskander-M/KN-23': 25",
            "__import__('os'); {'Iskander-M/KN-23': 25",
            "is not a list of models",
        ),
    ],
)
def test_a_damaged_file_is_refused(
    old: str, new: str, says: str, mirror: Path, tmp_path: Path
) -> None:
    text = (mirror / STRIKES).read_text("utf-8")
    assert old in text
    path = tmp_path / "strikes.csv"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match=says):
        strikes(path)


def test_the_dictionary_describes_models_that_were_launched(mirror: Path) -> None:
    s = source("missiles_and_uavs")
    described = {
        r["model"]: r for r in read(s, s.files[0], mirror / s.files[0].path)[0][1].to_pylist()
    }
    assert described["Kalibr"]["category"] == "cruise missile"
    launched = {r["model"] for r in strikes(mirror / STRIKES).to_pylist()}
    assert len(launched & set(described)) > 50
