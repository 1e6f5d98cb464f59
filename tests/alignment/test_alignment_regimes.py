# SPDX-License-Identifier: Apache-2.0
"""Ideal points, regimes, disputes, dependence and agreements: as published, and as of any date."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.alignment.ideal_points import SPREAD, distance
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import ask, measures

MINE = [
    name
    for name, spec in measures().items()
    if spec.function.__module__.startswith("bilat.alignment.")
]


@pytest.mark.shared
@pytest.mark.parametrize("name", MINE)
def test_the_embedded_rows_give_the_same_figures(
    aligned: Holdings, aligned_embedded: Holdings, name: str
) -> None:
    whole, embedded = (ask(name, holdings=h) for h in (aligned, aligned_embedded))
    assert whole.points and whole.points == embedded.points
    assert whole.note == embedded.note
    places = [
        sorted((r["source"], r["snapshot"], r["locator"], r["point"], r["grp"]) for r in m.rows())
        for m in (whole, embedded)
    ]
    assert places[0] == places[1]


@pytest.mark.parametrize("name", MINE)
def test_words_about_the_figures_tell_nothing_of_later_years(aligned: Holdings, name: str) -> None:
    found = ask(name, holdings=aligned, as_of="2023-03-20")
    words = " ".join(
        [
            found.note,
            found.method,
            found.reference,
            str(found.interval or ""),
            found.unit,
            *(p.note for p in found.points),
        ]
    )
    assert not re.search(r"\b20(2[4-9]|23-(0[4-9]|1))", words), words


def test_distance_of_ideal_points_in_2021_and_2023(aligned: Holdings) -> None:
    found = ask("votes.ideal_distance", holdings=aligned)
    assert found.groups() == ["RUS-CHN", "RUS-USA", "CHN-USA"]
    assert found.value("2021", "RUS-CHN") == pytest.approx(0.108770 + 0.272854, abs=1e-5)
    assert found.value("2023", "RUS-CHN") == pytest.approx(0.800678 - 0.531610, abs=1e-5)


def test_as_of_the_paper_the_older_edition_speaks_and_the_newer_stands_in(
    aligned: Holdings,
) -> None:
    found = ask("votes.ideal_distance", holdings=aligned, as_of="2023-03-20")
    assert found.value("2019", "RUS-CHN") == pytest.approx(0.141877 + 0.333645, abs=1e-5)
    notes = {p.period: p.note for p in found.points if p.group == "RUS-CHN"}
    assert (notes["2019"], notes["2021"]) == ("", "revised later")
    assert "2022" not in notes


@settings(max_examples=40, deadline=None)
@given(*[st.floats(-3, 3), st.floats(0.02, 0.5)] * 2, st.integers(0, 2**32 - 1))
def test_the_interval_of_a_distance_is_that_of_draws(
    a: float, sa: float, b: float, sb: float, seed: int
) -> None:
    half = SPREAD / 2
    value, low, high = distance(
        (a, a - half * sa, a + half * sa), (b, b - half * sb, b + half * sb)
    )
    draws = np.random.default_rng(seed)
    gaps = np.abs(draws.normal(a, sa, 40_000) - draws.normal(b, sb, 40_000))
    assert low <= value <= high
    assert high == pytest.approx(max(np.quantile(gaps, 0.95), value), abs=0.03)
    assert low == pytest.approx(min(np.quantile(gaps, 0.05), value), abs=0.03)


def test_constraints_and_polyarchy_as_published(aligned: Holdings) -> None:
    found = ask("regime.constraints", holdings=aligned)
    assert found.value("2021", "CHN judicial") == 0.07
    assert found.value("2018", "CHN judicial") == 0.127
    point = next(p for p in found.points if (p.period, p.group) == ("2024", "RUS polyarchy"))
    assert (point.value, point.low, point.high) == (0.172, 0.157, 0.182)
    newest = next(p for p in found.points if (p.period, p.group) == ("2025", "RUS polyarchy"))
    assert newest.value == 0.17 and newest.low is None and "different edition" in newest.note


def test_editions_of_constraints_are_never_joined(aligned: Holdings) -> None:
    for index, last in (("judicial", "2021"), ("judicial_v9", "2018")):
        found = ask("regime.constraints", holdings=aligned, index=index)
        assert {p.period for p in found.points if p.period > last} == set()
        assert len(found.sources) == 1
    with pytest.raises(UsageError, match="legislative"):
        ask("regime.constraints", holdings=aligned, index="freedom")


def test_personal_rule_does_not_start_more_disputes_than_party_rule(aligned: Holdings) -> None:
    """The data as they stand: above democracies and monarchies, not above party regimes."""
    ratios = {p.group: p for p in ask("regime.dispute_ratio", holdings=aligned).points}
    assert ratios["personal / democracy"].low > 1
    assert ratios["personal / monarchy"].low > 1
    assert ratios["personal / party"].low < 1 < ratios["personal / party"].high


def test_a_country_with_one_regime_throughout_resamples_to_its_own_rate() -> None:
    from bilat.alignment.disputes import SHOWN, resampled_rates

    cells = np.zeros((5, len(SHOWN), 2))
    cells[:, 0] = (3, 60)
    rates = resampled_rates(cells)
    assert np.allclose(rates[:, 0], 0.05) and np.isnan(rates[:, 1]).all()


def test_chinas_share_of_russias_trade(aligned: Holdings) -> None:
    found = ask("dependence.trade_share", holdings=aligned)
    assert found.value("2021", "RUS imports") == pytest.approx(100 * 72685.740904 / 293656.038248)
    assert found.value("2023", "RUS exports") == pytest.approx(
        100 * 111455.3151 / 471105.373892, rel=1e-6
    )
    both = 100 * (72685.740904 + 68422.666052) / (293656.038248 + 492048.058897)
    assert found.value("2021", "RUS trade") == pytest.approx(both)
    assert found.value("2022", "CHN trade") == 3
    germany = ask("dependence.trade_share", ("DEU", "RUS"), holdings=aligned)
    assert germany.value("2021", "RUS imports") == pytest.approx(
        100 * 27339.54386 / 293656.038248, rel=1e-5
    )


def test_trade_as_chinas_customs_published_it(aligned: Holdings) -> None:
    found = ask("trade.totals_reported", holdings=aligned)
    assert found.value("2022", "total") == 190.27
    assert found.value("2022", "CHN>RUS") + found.value("2022", "RUS>CHN") == pytest.approx(190.27)
    assert ask("trade.totals_reported", ("RUS", "IND"), holdings=aligned).points == ()
    assert found.value("2025-06", "total, first half") == 106.48
    assert all(len(p.period) == 4 for p in found.points if p.group == "total"), "years only"


def test_settlement_as_of_the_paper_holds_only_what_was_out(aligned: Holdings) -> None:
    found = ask("dependence.settlement", holdings=aligned, as_of="2023-03-20")
    assert {(p.period, p.value) for p in found.points} == {
        ("2022-01", 4.0),
        ("2022-12", 23.0),
        ("2022-01", 0.5),
        ("2022-12", 16.0),
    }
    for later in ("2024", "2025", "90", "95", "99"):
        assert later not in found.note
