# SPDX-License-Identifier: Apache-2.0
"""Log-odds and scores, by hand."""

import math

import pytest

from bilat.errors import DataError
from bilat.forecast import forecast, score
from bilat.forecast.asked import brier, log_score
from bilat.forecast.questions import questions
from bilat.forecast.weighing import cluster_log_ratio, moved, weighed
from bilat.holdings import Holdings
from bilat.when import AsOf


def test_two_pieces_of_one_cluster_are_worth_less_than_two_clusters() -> None:
    assert cluster_log_ratio([2, 2], 0) == pytest.approx(math.log(4))
    assert cluster_log_ratio([2, 2], 1) == pytest.approx(math.log(2))
    assert cluster_log_ratio([2, 2], 0.5) == pytest.approx(math.log(4) / 1.5)
    assert weighed(0.5, {"a": [2], "b": [2]}, 0.5) == pytest.approx(0.8)
    assert weighed(0.5, {"a": [2, 2]}, 1.0) == pytest.approx(2 / 3)
    assert weighed(0.2, {"a": [3, 1 / 3]}, 0.5) == pytest.approx(0.2)


def test_a_mover_by_hand() -> None:
    assert moved(0.25, 3) == pytest.approx(0.5)
    assert moved(0.5, 0.25) == pytest.approx(0.2)


def test_scores_by_hand() -> None:
    assert brier(0.8, True) == pytest.approx(0.04)
    assert brier(0.8, False) == pytest.approx(0.64)
    assert log_score(0.8, True) == pytest.approx(-math.log(0.8))
    assert log_score(0.0, True) == pytest.approx(
        -math.log(0.01)
    )  # a certainty that fails is bounded


def test_nothing_resolved_is_said() -> None:
    with pytest.raises(DataError, match="nothing to score"):
        score([])


def test_the_scores_of_the_set_are_those_of_its_questions() -> None:
    held, late = Holdings(), AsOf("2026-11-24")
    asked = [forecast(q, holdings=held, as_of=late) for q in questions()]
    s = score(asked)
    done = [f for f in asked if f.outcome.status in ("yes", "no")]
    mean = sum((f.probability - (f.outcome.status == "yes")) ** 2 for f in done) / len(done)
    assert s.rows["base rate with evidence"][0] == pytest.approx(mean)
    assert s.rows["always an even chance"] == (pytest.approx(0.25), pytest.approx(math.log(2)))
    assert len(done) >= 12 and s.waiting + s.undecided == len(asked) - len(done)
    assert s.hindsight == len(done)
