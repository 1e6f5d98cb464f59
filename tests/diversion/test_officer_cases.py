# SPDX-License-Identifier: Apache-2.0
"""What an officer asks of one office's own file: phones, cars and chips, without naming origins."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from bilat.diversion.answer import Diversion, Route
from bilat.diversion.case import kinds_in_weapons
from bilat.diversion.document import document
from bilat.diversion.levels import ends
from bilat.diversion.search import divert
from bilat.document.text import text as printed
from bilat.goods.descriptions import description

MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2024) for month in range(1, 13)]


def written(path: Path, rows: list[tuple[str, str, str, str, str, float]]) -> Path:
    rng = np.random.default_rng(3)
    lines = ["reporter,partner,product,period,flow,value"]
    for *key, value in rows:
        lines.append(f"{','.join(key)},{value * rng.lognormal(0, 0.2):.0f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_sales_that_are_stored_only_since_the_break_are_said_first(tmp_path: Path) -> None:
    """Phones of a code of 2022: purchases begin in January, sales in May."""
    rows = []
    for month in MONTHS[36:]:
        surge = month >= "2022-05"
        for seller, usual, more in (("VNM", 4e5, 3e7), ("CHN", 6e5, 1.1e7), ("DEU", 2e5, 2e5)):
            rows.append(("ARM", seller, "851713", month, "M", more if surge else usual))
        if surge:
            rows.append(("ARM", "RUS", "851713", month, "X", 3.6e7))
            rows.append(("ARM", "BLR", "851713", month, "X", 2e6))
    found = divert([written(tmp_path / "phones.csv", rows)])
    made = document(found)
    assert made.title.startswith("Armenia's sales to Russia reached $7")
    assert "Vietnam and China supplied the goods, not Germany" in made.title
    assert "with no earlier figures to compare it with" in made.summary[0]
    shown = " ".join(printed(made).split())
    for clearing in ("No sign of", "no sign", "none likely", "do not show how much"):
        assert clearing not in shown.replace("before sanctions", "")
    assert [(sales.hub, sales.member) for sales in found.union] == [("ARM", "BLR")]


def test_sales_that_leapt_and_stopped_are_not_called_little(tmp_path: Path) -> None:
    """Cars of four codes: purchases double, sales rise sevenfold and stop after July 2023."""
    rows = []
    for month in MONTHS:
        since = month >= "2022-03"
        for code, size in (("870323", 1.0), ("870324", 0.6), ("870332", 0.3), ("870340", 0.4)):
            for seller, usual in (("USA", 4e7), ("DEU", 6e6), ("ARE", 1e6)):
                rows.append(("GEO", seller, code, month, "M", size * usual * (1 + since)))
            sold = 1.4e6 if month < "2022-06" else 1e7 if month < "2023-08" else 2e5
            rows.append(("GEO", "RUS", code, month, "X", size * sold))
    made = document(divert([written(tmp_path / "cars.csv", rows)]))
    assert made.title.startswith("Georgia's sales to Russia rose")
    assert "little of what" not in made.summary[0] and "may have gone on" in made.summary[0]
    assert "after July 2023" in made.summary[1]


def test_a_car_with_an_engine_is_no_engine() -> None:
    kinds = ("mcu", "engine", "antenna")
    found = cast(Diversion, SimpleNamespace(components=dict.fromkeys(kinds, (36, 26))))

    def of(code: str) -> list[str]:
        return kinds_in_weapons(found, cast(Route, SimpleNamespace(label=description(code))))

    assert of("870324") == [] and of("870333") == []
    assert of("840710") == ["engine"]
    chips = SimpleNamespace(label="Chips: processors and controllers")
    assert kinds_in_weapons(found, cast(Route, chips)) == ["mcu"]


def test_a_year_far_below_those_before_is_an_end(tmp_path: Path) -> None:
    assert ends([10.0, 9.0, 0.4], ["2022", "2023", "2024"]) == "2023"
    assert ends([10.0, 9.0, 5.0], ["2022", "2023", "2024"]) is None
    assert ends([10.0, 9.0, 0.4], ["2022-01", "2022-02", "2022-03"]) is None
    rows = []
    for year in map(str, range(2018, 2025)):
        for hub, before, since in (
            ("KGZ", 1e4, 1.3e6),
            ("ARM", 1e5, 9e6),
            ("UZB", 1e5, 1e5),
            ("SRB", 2e5, 2e5),
        ):
            sold = (
                before if year < "2022" else since * (0.05 if (hub, year) == ("KGZ", "2024") else 1)
            )
            rows += [(hub, "RUS", code, year, "X", sold) for code in ("854231", "854239")]
    made = document(divert([written(tmp_path / "chips.csv", rows)]))
    assert "fell back to less than a quarter: Kyrgyzstan after 2023" in made.summary[1]
