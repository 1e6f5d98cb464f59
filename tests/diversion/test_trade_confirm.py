# SPDX-License-Identifier: Apache-2.0
"""The event study finds a planted jump, sees none where there is none, and says when it cannot be estimated."""

from pathlib import Path

import numpy as np
import pytest
from planted_rivals import ORIGINS
from planted_rivals import world as triangle

from bilat.diversion.search import divert


def world(path: Path, jump: float, silent: bool = False) -> Path:
    """Three origins to six destinations by month; the hub's trade is multiplied after the break."""
    rng = np.random.default_rng(7)
    lines = ["reporter,partner,product,period,flow,value,quantity"]
    for y, m in ((y, m) for y in (2020, 2021, 2022) for m in range(1, 13)):
        after = (y, m) >= (2022, 3)
        for origin in ("DEU", "FRA", "ITA"):
            for hub, level in (
                ("KGZ", 4e4),
                ("MAR", 9e4),
                ("PER", 7e4),
                ("GEO", 5e4),
                ("VNM", 8e4),
                ("RUS", 5e6),
            ):
                value = level * rng.lognormal(0, 0.25)
                if hub == "KGZ":
                    value *= jump if after else (0.0 if silent else 1.0)
                if hub == "RUS" and after:
                    value *= 0.1
                if value:
                    lines.append(f"{origin},{hub},854231,{y}-{m:02d},X,{value:.2f},")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def confirmed(path: Path) -> tuple[list[dict], list[str]]:
    answer = divert([path], origin="DEU,FRA,ITA", target="RUS", since="2022-03", hubs=["KGZ"], confirming=1)
    return answer.summary["confirmed"], [n for n in answer.summary["notes"] if n.startswith("not confirmed")]


@pytest.mark.parametrize("jump", [1.0, 8.0])
def test_the_jump_planted_is_the_jump_found(tmp_path: Path, jump: float) -> None:
    (found,), refused = confirmed(world(tmp_path / "t.csv", jump))
    assert not refused
    assert found["factor"] == pytest.approx(jump, rel=0.25)
    assert found["boot_low"] <= jump * 1.25 and found["boot_high"] >= jump / 1.25
    assert found["placebo"] == pytest.approx(1.0, abs=0.35)


def test_a_hub_that_never_traded_before_has_no_factor_and_it_is_said(tmp_path: Path) -> None:
    found, refused = confirmed(world(tmp_path / "t.csv", 5.0, silent=True))
    assert found == [] and len(refused) == 1 and "854231" in refused[0]


def planted(folder: Path, cause: str, seed: int = 1) -> dict:
    path = triangle(folder / "w.csv", cause, seed)
    got = divert(
        [path], origin=",".join(ORIGINS), since="2022-03", window=4, hubs=["KGZ"], confirming=8, limit=None
    )
    return {(c["hub"], c["product"]): c for c in got.summary["confirmed"]} | {"notes": got.summary["notes"]}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_route_is_confirmed_in_both_legs(tmp_path: Path, seed: int) -> None:
    found = planted(tmp_path, "route", seed)["KGZ", "848210"]
    assert found["verdict"] == "both legs"
    assert 6 < found["factor"] < 24  # twelve-fold
    assert found["out"]["factor"] > 30 and found["out"]["placebo"] == pytest.approx(1.0, abs=0.4)
    assert "importer-period" in found["effects"] and "importer-product-period" in found["out"]["effects"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hub_that_booms_in_everything_confirms_no_route(tmp_path: Path, seed: int) -> None:
    found = planted(tmp_path, "boom", seed)
    assert {c["verdict"] for key, c in found.items() if key != "notes"} == {"not confirmed"}


def test_a_code_that_grew_everywhere_confirms_no_route(tmp_path: Path) -> None:
    assert planted(tmp_path, "code")["KGZ", "848210"]["verdict"] == "not confirmed"


def test_one_leg_is_said_once_and_three_years_of_baseline_have_a_placebo(tmp_path: Path) -> None:
    lines = [
        x
        for x in triangle(tmp_path / "w.csv", "route", 3).read_text("utf-8").splitlines()
        if x.startswith(("reporter", *ORIGINS))
    ]
    (tmp_path / "one.csv").write_text("\n".join(lines) + "\n", "utf-8")
    got = divert([tmp_path / "one.csv"], origin=",".join(ORIGINS), since="2022", confirming=2, hubs=["KGZ"])
    first = got.summary["confirmed"][0]
    assert (first["product"], first["verdict"], first["out"]) == ("848210", "leg one only", None)
    assert first["placebo"] == pytest.approx(1.0, abs=0.3)
    assert sum("leg one alone" in n for n in got.summary["notes"]) == 1


def test_the_same_file_gives_the_same_intervals(tmp_path: Path) -> None:
    a, b = (planted(tmp_path, "route", 4)["KGZ", "848210"] for _ in range(2))
    assert a == b
