# SPDX-License-Identifier: Apache-2.0
"""Each recurring resolution against itself: what repeats itself every session is no new evidence."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from bilat.errors import UsageError
from bilat.measures import ask

PAIRS = [("RUS", "CHN"), ("RUS", "IRN"), ("CHN", "IRN"), ("RUS", "PRK")]


@pytest.mark.parametrize("pair", PAIRS)
def test_the_change_is_that_of_the_yearly_shares_and_its_interval_that_of_the_titles(
    pair: tuple[str, str],
) -> None:
    yearly = ask("votes.recurring", pair, as_of="2026-11-24")
    found = ask("votes.recurring_change", pair, as_of="2026-11-24")
    share = {p.period: p.value for p in yearly.points}
    before = np.mean([v for y, v in share.items() if y < "2022"])
    after = np.mean([v for y, v in share.items() if y >= "2022"])
    points = {p.group: p for p in found.points}
    assert points["points"].value == pytest.approx(after - before)
    assert points["ratio"].value == pytest.approx(100 * after / before)
    stands: dict[str, dict[str, list[str]]] = {}
    for r in found.rows("2022-2025", "points"):
        stands.setdefault(r["title"], {}).setdefault(r["period"][:4], []).append(r["vote"])
    own = []
    for by in stands.values():
        alike = {y: len(set(v)) == 1 for y, v in by.items()}
        own.append(
            np.mean([x for y, x in alike.items() if y >= "2022"])
            - np.mean([x for y, x in alike.items() if y < "2022"])
        )
    low, high = ttest_1samp(own, 0).confidence_interval(0.95)
    assert len(own) >= 30 and (points["points"].low, points["points"].high) == pytest.approx(
        (100 * low, 100 * high)
    )


def test_a_pair_that_never_changed_a_vote_has_no_change_and_no_width() -> None:
    found = ask("votes.recurring_change", ("FRA", "DEU"), as_of="2026-11-24")
    for p in found.points:
        assert p.low <= p.value <= p.high  # type: ignore[operator]


def test_titles_tell_more_of_a_change_than_votes_taken_as_independent() -> None:
    """The dependence of the votes is what the old interval did not know of."""
    m = ask("votes.recurring_change", ("RUS", "CHN"), as_of="2026-11-24")
    (p,) = [p for p in m.points if p.group == "points"]
    assert p.high - p.low < 16 and "39 titles" in p.note


def test_before_a_session_since_the_division_is_over_nothing_is_told() -> None:
    m = ask("votes.recurring_change", ("RUS", "CHN"), as_of="2022-03-20")
    assert not m.points and "2022" in m.note
    with pytest.raises(UsageError, match="give a later year"):
        ask("votes.recurring_change", ("RUS", "CHN"), as_of="2026-11-24", since=2019)


@pytest.mark.parametrize("name", ["votes.recurring", "votes.recurring_change"])
def test_a_session_counts_by_the_record_and_not_by_the_calendar(name: str) -> None:
    """No roll call was held on the first of February: that the day passes makes no session over."""
    before, after = (ask(name, ("RUS", "CHN"), as_of=d).points for d in ("2025-01-31", "2025-02-01"))
    assert before and after == before
