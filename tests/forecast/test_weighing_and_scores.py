# SPDX-License-Identifier: Apache-2.0
"""Log-odds and scores, by hand."""

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from bilat.document.text import text
from bilat.errors import DataError
from bilat.forecast import forecast, score
from bilat.forecast.base_rates import BaseRate
from bilat.forecast.document import scored
from bilat.forecast.kept_forecasts import ForecastLog, KeptForecast, terms, unchanged_from
from bilat.forecast.log_odds import cluster_log_ratio, posterior, updated_probability
from bilat.forecast.log_scores import score_log
from bilat.forecast.questions import one, questions
from bilat.forecast.record import Observation
from bilat.forecast.resolution import Forecast, Resolution, brier, log_score
from bilat.holdings import Holdings
from bilat.when import AsOf


def test_two_pieces_of_one_cluster_are_worth_less_than_two_clusters() -> None:
    assert cluster_log_ratio([2, 2], 0) == pytest.approx(math.log(4))
    assert cluster_log_ratio([2, 2], 1) == pytest.approx(math.log(2))
    assert cluster_log_ratio([2, 2], 0.5) == pytest.approx(math.log(4) / 1.5)
    assert posterior(0.5, {"a": [2], "b": [2]}, 0.5) == pytest.approx(0.8)
    assert posterior(0.5, {"a": [2, 2]}, 1.0) == pytest.approx(2 / 3)
    assert posterior(0.2, {"a": [3, 1 / 3]}, 0.5) == pytest.approx(0.2)


def test_a_mover_by_hand() -> None:
    assert updated_probability(0.25, 3) == pytest.approx(0.5)
    assert updated_probability(0.5, 0.25) == pytest.approx(0.2)


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


def _resolved(id: str, status: str, known_on: str = "") -> Forecast:
    """A question of the set with an outcome that we give it."""
    q = one(questions(), id)
    rows: tuple[Observation, ...] = ()
    if known_on:
        day = dt.date.fromisoformat(known_on)
        rows = (Observation(known_on[:7], 1.0, day, "a row", False),)
    rate = BaseRate(0.3, successes=3, trials=10, words="by hand", persistence=0.0)
    return Forecast(q, rate, 0.3, (), False, Resolution(status, "by hand", rows), now=0.3)


def _logged(path: Path, said: Sequence[tuple[str, float, str]]) -> list[KeptForecast]:
    """A log in which the user wrote a number for a question on a day."""
    log = ForecastLog(path)
    for id, mine, day in said:
        moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        open_now = _resolved(id, "not yet observable")
        log.keep([open_now], {id: mine}, dt.date.fromisoformat(day), moment)
    return list(log.entries())


def test_your_own_numbers_are_scored_next_to_ours_of_the_same_time(tmp_path: Path) -> None:
    said = [
        ("HORMUZ-TANKERS-2027", 0.9, "2026-12-01"),
        ("HORMUZ-TANKERS-2027", 0.6, "2027-03-01"),
        ("HORMUZ-TANKERS-2027", 0.99, "2027-07-20"),  # after the outcome was public
        ("SUEZ-SHIPS-2027", 0.8, "2027-08-01"),  # the same
        ("MEET-2027-H1", 0.5, "2026-12-01"),
    ]
    entries = _logged(tmp_path / "log.jsonl", said)
    asked = [
        _resolved("HORMUZ-TANKERS-2027", "yes", "2027-07-05"),
        _resolved("SUEZ-SHIPS-2027", "no", "2027-07-05"),
        _resolved("MEET-2027-H1", "not yet observable"),
        _resolved("CAPE-TANKERS-2027", "no", "2027-07-05"),
    ]
    found = score_log(entries, asked)
    assert (found.open, found.late) == (1, 1)
    (number,) = found.numbers
    assert (number.yours, number.ours, number.written_on) == (0.6, 0.3, "2027-03-01")
    yours, ours = found.rows["you"], found.rows["bilat at the same time"]
    assert yours == (pytest.approx(0.16), pytest.approx(-math.log(0.6)))
    assert ours == (pytest.approx(0.49), pytest.approx(-math.log(0.3)))
    page = text(scored(score(asked), log=found))
    assert "your mean Brier score is 0.160 and ours at the same time is 0.490" in _flat(page)
    assert "1 question with a number of yours is open." in _flat(page)


def test_a_number_is_unchanged_from_the_first_of_its_entries() -> None:
    question = one(questions(), "MEET-2027-H1")

    def entry(day: str, probability: float) -> KeptForecast:
        return KeptForecast(
            question.id,
            said_on=day,
            who="bilat",
            probability=str(probability),
            base_rate="",
            terms=terms(question),
            when="",
            previous="",
        )

    days = ["2026-10-01", "2026-11-01", "2026-11-24", "2026-11-30"]
    entries = [*map(entry, days, (0.2, 0.104, 0.1, 0.1))]
    found = unchanged_from(entries, question, dt.date(2026, 12, 1))
    assert found is not None and found.said_on == "2026-11-01"
    assert unchanged_from(entries, question, dt.date(2026, 11, 1)) == entries[0]
    assert unchanged_from([], question, dt.date(2026, 12, 1)) is None


def test_a_number_dated_back_with_the_as_of_date_does_not_count(tmp_path: Path) -> None:
    log = ForecastLog(tmp_path / "log.jsonl")
    id = "HORMUZ-TANKERS-2027"
    late = dt.datetime(2027, 9, 1, tzinfo=dt.UTC)
    log.keep([_resolved(id, "not yet observable")], {id: 0.99}, dt.date(2026, 12, 1), late)
    found = score_log(list(log.entries()), [_resolved(id, "yes", "2027-07-05")])
    assert found.numbers == () and found.late == 1


def _flat(page: str) -> str:
    return " ".join(page.split())
