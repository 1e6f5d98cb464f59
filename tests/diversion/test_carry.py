# SPDX-License-Identifier: Apache-2.0
"""Hubs that publish nothing: what both legs say elsewhere is carried over, and a partner that falls silent is named."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from scipy.special import expit
from worlds import fourth

from bilat.diversion.carry import carry, line
from bilat.diversion.estimate import Estimate
from bilat.diversion.judge import own_probability
from bilat.diversion.search import Diversion, divert
from bilat.diversion.surge import rising_fit, two_groups

ORIGIN = ",".join(fourth.ORIGINS)


@cache
def world(seed: int) -> fourth.World:
    return fourth.simulate(seed, headings=14, routes=40)


def asked(table: pa.Table, folder: Path, **more: object) -> Diversion:
    path = folder / "w.parquet"
    pq.write_table(table, path)
    return divert([path], origin=ORIGIN, since=fourth.SINCE, limit=None, cases=0, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Diversion:
    return asked(world(1).flows, tmp_path_factory.mktemp("carry"))


def test_the_mean_of_the_probability_with_two_legs_given_that_with_one_is_that_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Estimate, np.ndarray]] = []

    def spy(e: Estimate, judged: np.ndarray, amounts: object) -> object:
        seen.append((e, judged))
        return carry(e, judged, amounts)  # type: ignore[arg-type]

    monkeypatch.setattr("bilat.diversion.judge.carry", spy)
    asked(world(2).flows, tmp_path)
    (e, _), p = seen[0], own_probability(seen[0][0])
    teach = np.flatnonzero(e.pairs.held | e.pairs.cleared)
    two = np.where(e.pairs.held, p, 0.0)[teach]
    score = e.alone()[teach]
    a, b = line(score, two)
    one = expit(a + b * np.clip(score, -25, 25))
    assert one.sum() == pytest.approx(two.sum(), rel=0.05)
    for low, high in ((0.0, 0.02), (0.02, 0.1), (0.1, 1.0)):
        here = (one >= low) & (one < high)
        assert one[here].sum() == pytest.approx(two[here].sum(), rel=0.7, abs=1.5), (low, high)


def test_silent_hubs_are_expected_to_carry_about_as_many_routes_as_they_do(
    answer: Diversion,
) -> None:
    silent = world(1).silent
    rows = [r for r in answer.rows if r.hub in silent]
    assert rows and all(r.out is None and r.rests_on == "hubs whose records we have" for r in rows)
    true = sum((r.hub, r.product) in world(1).routes for r in rows)
    assert 0.5 * true <= sum(r.probability for r in rows) <= 2 * true
    assert all(r.probability_low <= r.probability <= r.probability_high for r in rows)


def test_a_hub_that_stops_reporting_its_sales_to_the_target_is_named_and_not_cleared(
    answer: Diversion, tmp_path: Path
) -> None:
    flows = world(1).flows
    sold = {r.hub: 0.0 for r in answer.rows if r.out is not None}
    for r in answer.rows:
        if r.out is not None:
            sold[r.hub] += r.at_stake
    hub = max(sold, key=lambda h: sold[h])
    gone = pc.and_(
        pc.and_(pc.equal(flows["reporter"], hub), pc.equal(flows["partner"], fourth.TARGET)),
        pc.greater_equal(flows["period"], fourth.SINCE),
    )
    assert not any(s.hub == hub for s in answer.silences)
    got = asked(flows.filter(pc.invert(gone)), tmp_path)
    (silence,) = [s for s in got.silences if s.hub == hub]
    assert silence.kind == "suppressed partner" and silence.after == 0 < silence.before
    rows = [r for r in got.rows if r.hub == hub]
    assert rows and all(r.out is None for r in rows)
    assert sum(r.probability for r in rows) > 0.3


def test_surges_are_read_against_a_break_made_up() -> None:
    rng = np.random.default_rng(3)
    null = rng.standard_t(4, 4000)
    quiet = two_groups(rng.standard_t(4, 2000), null)
    assert quiet.mean() < 0.1
    mixed = two_groups(np.concatenate([rng.standard_t(4, 1600), rng.normal(7, 1, 400)]), null)
    assert mixed[1600:].mean() > 0.85 and mixed[:1600].mean() < 0.1


@pytest.mark.parametrize("seed", range(5))
def test_the_rising_fit_is_that_of_scipy(seed: int) -> None:
    from scipy.optimize import isotonic_regression

    rng = np.random.default_rng(seed)
    values = (rng.random(400) < np.linspace(0.1, 0.8, 400)).astype(float)
    weights = rng.choice([0.01, 0.003], 400)
    expected = isotonic_regression(values, weights=weights).x
    assert rising_fit(values, weights) == pytest.approx(expected, abs=1e-12)
    assert (np.diff(rising_fit(values, weights)) >= 0).all()
