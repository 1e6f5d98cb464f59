# SPDX-License-Identifier: Apache-2.0
"""Confidence follows the rule that its docstring states, on real sources of the catalog."""

import datetime as dt

import pyarrow as pa
import pytest

from bilat.catalog import sources
from bilat.dyad import Dyad
from bilat.measures import Measurement, Point
from bilat.verdicts.confidence import confidence
from bilat.verdicts.outcome import Outcome
from bilat.when import AsOf

A1, A2, B2, OTHER_B2, C3, D3 = (
    "ofac_sdn", "eurostat_cn8_sanctioned", "sipri_register", "oryx_totals", "exercises", "ua_general_staff",
)  # fmt: skip


def outcome(
    *behind: str, beside: tuple[str, ...] = (), coverage: float = 1.0, kind: str = "reported", note: str = ""
) -> Outcome:
    """A figure of 2020 with rows of some sources behind it; ``beside``: behind the figure of 2021, unused."""
    rows = [("2020", s) for s in behind] + [("2021", s) for s in beside]
    evidence = pa.table(
        {
            "point": [at for at, _ in rows],
            "grp": pa.array([""] * len(rows), pa.string()),
            "source": [s for _, s in rows],
            "snapshot": ["0" * 64] * len(rows),
            "vintage": [dt.date(2022, 1, 1)] * len(rows),
        }
    )
    points = (Point("2020", 1.0, kind=kind, note=note, revised="revised later" in note), Point("2021", 2.0))
    m = Measurement(
        "made.up",
        "Made up",
        Dyad("RUS", "CHN"),
        AsOf("2024-01-01"),
        "units",
        "",
        "",
        "",
        {},
        points,
        "",
        evidence,
    )
    return Outcome("supported", "", 1.0, measurement=m, used=[points[0]], coverage=coverage)


def level(*outcomes: Outcome) -> str:
    return confidence(list(outcomes))[0]


def test_the_grades_that_the_other_tests_rest_on() -> None:
    assert [sources()[s].grade[0] for s in (A1, A2, B2, OTHER_B2, C3, D3)] == list("AABBCD")
    assert len({sources()[s].producer for s in (A1, A2, B2, OTHER_B2, C3, D3)}) == 6


def test_one_producer_is_moderate_and_two_are_high() -> None:
    assert level(outcome(A1)) == "moderate"
    assert level(outcome(A1, B2)) == level(outcome(A1), outcome(B2)) == "high"


@pytest.mark.parametrize("worse", [C3, D3])
def test_one_source_graded_c_or_worse_keeps_it_low_whatever_stands_beside_it(worse: str) -> None:
    assert level(outcome(A1, B2, A2, worse)) == "low"
    assert level(outcome(A1, B2), outcome(worse)) == "low"
    why = confidence([outcome(A1, B2, worse)])[1]
    assert f"not usually reliable: {worse}" in why


def test_a_source_behind_figures_that_do_not_enter_counts_for_nothing() -> None:
    assert level(outcome(A1, beside=(C3,))) == "moderate"
    assert level(outcome(A1, beside=(B2,))) == "moderate"


def test_where_no_row_stands_behind_a_figure_all_sources_of_the_measure_count() -> None:
    assert level(outcome(beside=(C3,))) == "low"
    assert level(outcome(beside=(A1,))) == "moderate"


@pytest.mark.parametrize(
    ("coverage", "expected"), [(1.0, "high"), (0.51, "high"), (0.5, "moderate"), (0.1, "moderate")]
)
def test_a_window_half_of_whose_periods_are_missing_lowers_it(coverage: float, expected: str) -> None:
    assert level(outcome(A1, B2, coverage=coverage)) == expected
    assert level(outcome(A1, B2), outcome(A1, B2, coverage=coverage)) == expected


def test_the_sentence_says_how_much_of_the_window_is_there() -> None:
    assert "figures for 40% of the periods asked" in confidence([outcome(A1, coverage=0.4)])[1]


def test_stand_ins_and_estimates_lower_it_by_one_each() -> None:
    assert level(outcome(A1, B2, note="revised later")) == "moderate"
    assert level(outcome(A1, B2, kind="estimated")) == "moderate"
    assert level(outcome(A1, B2, kind="estimated", note="revised later")) == "low"


def test_nothing_measured_is_low() -> None:
    assert confidence([]) == ("low", "no rows decide it")
