# SPDX-License-Identifier: Apache-2.0
"""The event study finds a planted jump, sees none where there is none, and says when it cannot be estimated."""

from pathlib import Path

import numpy as np
import pytest

from bilat.trade.diversion import divert


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
