# SPDX-License-Identifier: Apache-2.0
"""The yardstick: external questions, each once, scored by what was known on their day."""

from pathlib import Path

import forecast as yardstick  # benchmarks/forecast.py
import pytest

COLUMNS = "id,source,question,forecast_due,freeze_value,resolved,resolution_date,resolved_to"


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "questions.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", "utf-8")
    return path


def test_a_question_is_scored_once_and_fractions_are_left_out(tmp_path: Path) -> None:
    asked = yardstick.load(
        a_file(
            tmp_path,
            "a,polymarket,Will it?,2026-01-04,0.3,True,2026-01-31,0.0",
            "a,polymarket,Will it?,2026-01-18,0.9,True,2026-02-28,1.0",
            "b,polymarket,Will that?,2026-01-04,0.5,True,2026-01-31,0.4",
            "c,polymarket,Will this?,2026-01-04,0.5,False,2026-01-31,1.0",
            "d,fred,Will X have increased by then?,2026-01-04,87,True,2026-01-31,1.0",
        )
    )
    assert [(q.id, q.asked, q.resolved, q.yes, q.crowd) for q in asked] == [
        ("d", "2026-01-04", "2026-01-31", True, None),
        ("a", "2026-01-04", "2026-02-28", True, 0.3),
    ]
    assert yardstick.known_then(asked[0], asked) == 0.5


def test_a_rate_counts_only_what_was_resolved_before(tmp_path: Path) -> None:
    rows = [
        f"q{i},polymarket,Q{i}?,2026-01-04,0.5,True,2026-01-1{i},{float(i == 0)}" for i in range(5)
    ]
    rows += ["late,polymarket,L?,2026-01-04,0.5,True,2026-03-01,1.0"]
    rows += ["new,polymarket,N?,2026-02-01,0.2,True,2026-03-01,0.0"]
    asked = yardstick.load(a_file(tmp_path, *rows))
    new = next(q for q in asked if q.id == "new")
    assert yardstick.known_then(new, asked) == pytest.approx(1.5 / 6)
    result = yardstick.scored(asked)["market"]
    assert result["n"] == 1
    assert result["brier"]["crowd at freeze"] == pytest.approx(0.04)
    assert result["brier"]["base rate known then"] == pytest.approx((1.5 / 6) ** 2)


@pytest.mark.shared
def test_the_crowd_and_our_base_rates_on_the_held_file(shared: Path) -> None:
    asked = yardstick.load(shared / "sources/forecast/forecastbench_relevant_questions.csv")
    result = yardstick.scored(asked)
    market = result["market"]
    assert (market["n"], market["of"], market["yes"]) == (69, 105, 18)
    assert market["brier"]["crowd at freeze"] == pytest.approx(0.1515, abs=1e-4)
    assert market["brier"]["base rate known then"] == pytest.approx(0.2196, abs=1e-4)
    assert market["brier"]["base rate known then"] < market["brier"]["always no"]
    visit = yardstick.visit(asked, "2026-11-24")
    assert visit["outcome"] == "yes" and visit["base rate"] < visit["crowd at freeze"]
