# SPDX-License-Identifier: Apache-2.0
"""Log-odds and scores, by hand."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilat.errors import DataError, UsageError
from bilat.forecast import forecast, questions, score
from bilat.forecast.scores import brier, log_score, parts
from bilat.forecast.weighing import cluster_log_ratio, moved, pooled, weighed
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


def test_pooling_by_hand() -> None:
    # log-odds of .5 and .8 are 0 and ln 4: their mean is ln 2
    assert pooled([0.5, 0.8]) == pytest.approx(2 / 3)
    assert pooled([0.5, 0.8], [1, 3]) == pytest.approx(4**0.75 / (1 + 4**0.75))
    for wrong in ([], [0.5, 1.0]):
        with pytest.raises(UsageError):
            pooled(wrong)
    with pytest.raises(UsageError, match="weights"):
        pooled([0.5], [0])


def test_scores_by_hand() -> None:
    assert brier(0.8, True) == pytest.approx(0.04)
    assert brier(0.8, False) == pytest.approx(0.64)
    assert log_score(0.8, True) == pytest.approx(-math.log(0.8))
    assert log_score(0.0, True) == pytest.approx(-math.log(0.01))  # a certainty that fails is bounded


def test_the_parts_of_the_brier_score_by_hand() -> None:
    # bin 0-.2: .1 twice, one true; bin .8-1: .9 twice, both true. Base 3/4.
    p = parts([0.1, 0.1, 0.9, 0.9], [True, False, True, True])
    assert p.brier == pytest.approx((0.81 + 0.01 + 0.01 + 0.01) / 4)
    assert p.reliability == pytest.approx((2 * 0.4**2 + 2 * 0.1**2) / 4)
    assert p.resolution == pytest.approx((2 * 0.25**2 + 2 * 0.25**2) / 4)
    assert p.uncertainty == pytest.approx(3 / 16)
    assert p.within == pytest.approx(0)
    assert p.bins == ((0.1, 0.5, 2), (0.9, 1.0, 2))
    # within a bin: .2 and .4 with outcomes 1, 0: scatter .02/2, twice the covariance -2 * (-.1*.5 - .1*.5)/2
    q = parts([0.25, 0.35], [True, False])
    assert q.within == pytest.approx((2 * 0.05**2 + 2 * (0.05 * 0.5 + 0.05 * 0.5)) / 2)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.integers(1, 12))
def test_the_parts_add_up(pairs: list[tuple[float, bool]], bins: int) -> None:
    p = parts([f for f, _ in pairs], [o for _, o in pairs], bins)
    assert p.brier == pytest.approx(p.reliability - p.resolution + p.uncertainty + p.within, abs=1e-9)


def test_nothing_resolved_is_said() -> None:
    with pytest.raises(DataError, match="nothing to score"):
        parts([], [])


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
    gap = s.rows["persistence"][0] - s.rows["base rate with evidence"][0]
    assert s.against_persistence[0] == pytest.approx(gap)
