# SPDX-License-Identifier: Apache-2.0
"""Figures that others published, against ours from the embedded holdings, within their stated tolerance."""

import csv
from pathlib import Path

import pytest

from bilat.measures import Measurement, ask

EXPORTS = {"by": "window", "period": "2023-01..2023-10", "reporter": "DEU"}


def only(m: Measurement, group: str = "", period: str = "") -> float:
    found = [
        p
        for p in m.points
        if (not group or p.group == group) and (not period or p.period == period)
    ]
    assert len(found) == 1, [(p.period, p.group, p.value) for p in m.points][:20]
    assert found[0].value is not None
    return found[0].value


@pytest.mark.parametrize(
    ("partner", "value", "growth", "tolerance"),
    [
        ("KGZ", 592e6, 180.1, 0.02),
        ("KAZ", 2.7e9, 32.0, 0.03),
        ("ARM", 423.8e6, 19.3, 0.01),
        ("RUS", 7.6e9, -39.1, 0.01),
    ],
)
def test_german_exports_january_to_october_2023_match_destatis(
    partner: str, value: float, growth: float, tolerance: float
) -> None:
    """PF01-04."""
    window = "2023-01..2023-10"
    exports = ask("trade.exports", partner=partner, **EXPORTS)
    assert only(exports, f"DEU>{partner}", window) == pytest.approx(value, rel=tolerance)
    grown = 100 * (
        only(exports, f"DEU>{partner}", window)
        / only(exports, f"DEU>{partner}", "2022-01..2022-10")
        - 1
    )
    assert grown == pytest.approx(growth, abs=2.5)


def test_kyrgyzstan_records_about_half_of_what_germany_reports() -> None:
    """PF05: roughly one half in 2022 and 2023, about one before; the tolerance is 0.10."""
    m = ask("trade.mirror_gap", exporter="DEU", importer="KGZ")
    for year in ("2022", "2023"):
        assert only(m, "DEU>KGZ recorded share", year) == pytest.approx(0.5, abs=0.10)
    before = [only(m, "DEU>KGZ recorded share", y) for y in ("2019", "2020", "2021")]
    assert sum(before) / 3 == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(("supplier", "value"), [("RUS", 2.14), ("SAU", 1.72)])
def test_chinas_crude_in_2023(supplier: str, value: float) -> None:
    """PF07, PF08: million barrels a day, 2%."""
    assert only(ask("energy.crude", unit="mb/d"), supplier, "2023") == pytest.approx(
        value, rel=0.02
    )


def test_exercises_to_mid_2022_and_in_2022_under_each_sources_own_rule() -> None:
    """PF13, PF14: at least 78 to mid-2022, more than half since 2016; six in 2022."""
    counted = ask("exercises.count", inclusion="csis", as_of="2022-07-01")
    total = sum(p.value or 0 for p in counted.points if p.group == "all kinds")
    since = sum(
        p.value or 0 for p in counted.points if p.group == "all kinds" and p.period >= "2016"
    )
    assert total == pytest.approx(78, rel=0.05) and since / total > 0.5
    assert only(ask("exercises.count", inclusion="ndu"), "all kinds", "2022") == pytest.approx(
        6, abs=1
    )


def test_same_vote_in_2018() -> None:
    """PF15: about 77%, 2 points."""
    m = ask("votes.agreement")
    found = [p.value for p in m.points if p.period == "2018"]
    assert any(v == pytest.approx(77, abs=2) for v in found), found


def test_engines_in_chinas_arms_imports_and_russias_share_of_the_world() -> None:
    """PF17: more than 54% in 2017-2021 (5 points); PF18: 32% in 2002 (2 points)."""
    engines = ask("transfers.category_share", category="Engines", years="2017-2021")
    assert only(engines, "CHN") == pytest.approx(0.54, abs=0.05)
    for as_of in ("2023-03-20", None):
        assert only(ask("transfers.exporter_share", as_of=as_of), "RUS", "2002") == pytest.approx(
            0.32, abs=0.02
        )


def test_the_list_of_published_figures_has_not_grown_unseen(shared: Path) -> None:
    with (shared / "facts" / "published_figures.csv").open(encoding="utf-8") as handle:
        ids = [r["id"] for r in csv.DictReader(handle)]
    assert ids == [f"PF{i:02d}" for i in range(1, len(ids) + 1)] and len(ids) == 33
