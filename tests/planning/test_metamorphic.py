# SPDX-License-Identifier: Apache-2.0
"""Laws that every plan keeps over its draws: what cannot matter does not, more is never worse, units are only units."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from bilat.cli.plans import PLANS
from bilat.contingency.backfill.answer import draw as drawn_problems
from bilat.contingency.backfill.answer import headline
from bilat.contingency.backfill.crisis import Order, assemble
from bilat.contingency.backfill.inputs import shipped
from bilat.contingency.backfill.problem import Problem
from bilat.contingency.backfill.program import solve
from bilat.contingency.blockade.answer import PACKAGE, ask_for
from bilat.contingency.blockade.draws import draw
from bilat.contingency.blockade.inputs import read_inputs
from bilat.contingency.questions import BackfillQuestion, BlockadeQuestion, ExposureQuestion
from bilat.document import Frame
from bilat.holdings import Holdings, embedded_folder
from bilat.planning import load, with_user
from bilat.planning.plans import Plan
from bilat.regeneration.questions import RecoveryQuestion
from bilat.regeneration.recovery.answer import recovery
from bilat.when import AsOf

WHEN = AsOf("2026-11-25")


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(as_of=WHEN, holdings=Holdings(embedded_folder()))


@pytest.mark.parametrize("plan", PLANS, ids=[p.book for p in PLANS])
def test_every_headline_lies_in_its_own_interval(plan: Plan, frame: Frame) -> None:
    found = plan.headlines(frame)
    assert found
    for h in found:
        assert h.at.low <= h.at.median <= h.at.high and h.words()


@pytest.mark.parametrize("plan", [BlockadeQuestion("sea"), ExposureQuestion(), RecoveryQuestion()])
def test_the_headline_of_a_book_is_the_one_on_the_page(plan: Plan, frame: Frame) -> None:
    quick = plan.but(draws=1000, **({"beliefs": ("janes",)} if isinstance(plan, RecoveryQuestion) else {}))
    summary = " ".join(quick.answer(frame).summary)
    assert quick.headlines(frame)[0].words() in summary


def test_the_price_of_an_option_that_cannot_be_bought_changes_no_draw() -> None:
    tables = shipped()
    gone = with_user(tables.numbers, ["a400m_kit.total=0"])
    dear = with_user(gone, ["a400m_kit.price=0.1"])
    found = [headline(tables.with_numbers(n), Order(), 12, 3) for n in (gone, dear)]
    for one, other in zip(*found, strict=True):
        assert (one.median, one.low, one.high) == pytest.approx(
            (other.median, other.low, other.high), rel=1e-12
        )


@pytest.mark.parametrize(
    "given",
    [["p8.lead=1"], ["p8.per_year=40", "p8.total=400"], ["line.a330.per_year=40"], ["p8.price=0.001"]],
)
def test_a_limit_removed_never_lowers_a_draw(given: list[str]) -> None:
    tables = shipped()
    given = [text for text in given if text.split("=")[0] in tables.numbers]
    free = tables.with_numbers(with_user(tables.numbers, given))
    for before, after in zip(
        drawn_problems(tables, Order(), 10, 5), drawn_problems(free, Order(), 10, 5), strict=True
    ):
        assert solve(after, whole=False).score <= solve(before, whole=False).score + 1e-6
    assert headline(free, Order(), 60, 5)[0].median >= headline(tables, Order(), 60, 5)[0].median - 0.005


def test_a_number_that_a_closure_does_not_use_moves_no_draw_of_it(frame: Frame) -> None:
    plain = BlockadeQuestion("malacca,lombok,sunda", draws=1000).headlines(frame)
    other = BlockadeQuestion(
        "malacca,lombok,sunda", draws=1000, param=("bypass=0.5", "new_line=40")
    ).headlines(frame)
    assert [h.at for h in plain] == [h.at for h in other]


@pytest.mark.parametrize("times", [0.159, 365.25])
def test_the_blockade_in_another_unit_is_the_same_blockade(times: float) -> None:
    p = load(PACKAGE)
    inputs = read_inputs(ask_for(WHEN, None), p)
    other = replace(
        inputs, flows={n: v * times for n, v in inputs.flows.items()}, imports=inputs.imports * times,
        intake=inputs.intake * times, output=inputs.output * times, stock=inputs.stock * times,
    )  # fmt: skip
    closed = [frozenset({"sea"}), frozenset({"malacca", "lombok", "sunda"})]
    for a, b in zip(draw(inputs, closed, p, 500, 2), draw(other, closed, p, 500, 2), strict=True):
        assert b.lost.median == pytest.approx(a.lost.median, abs=1e-9)
        assert b.days.median == pytest.approx(a.days.median) and b.short.high == pytest.approx(
            a.short.high * times
        )


def test_more_help_is_never_slower_and_more_production_neither(frame: Frame) -> None:
    def months(rate: int) -> list[tuple[float, float, float]]:
        given = [f"new_plateau={rate}"]
        helps = recovery(
            "tank", beliefs=[], draws=2000, changes=given, as_of=WHEN, holdings=frame.holdings
        ).helps
        return [(h.months.low, h.months.median, h.months.high) for h in helps]

    few, many = months(12), months(30)
    for slower, quicker in [*pairwise(few), *pairwise(many), *zip(few, many, strict=True)]:
        assert all(q <= s for s, q in zip(slower, quicker, strict=True)), (slower, quicker)


def own_program(p: Problem) -> float:
    """The backfill written anew: cumulative orders x[i, t], coverage y[c, h, s] up to the need; its best score."""
    options, years = len(p.options), p.years
    effects, horizon, crises = p.need.shape
    x = np.arange(options * years).reshape(options, years)
    y = options * years + np.arange(effects * horizon * crises).reshape(effects, horizon, crises)
    rows, low, high = [], [], []

    def row(entries: dict[int, float], least: float, most: float) -> None:
        rows.append(entries)
        low.append(least)
        high.append(most)

    money = p.money()
    for i in range(options):
        for t in range(years):
            row({x[i, t]: 1, **({x[i, t - 1]: -1} if t else {})}, 0, float(p.per_year[i]))
    for line in p.lines:
        for t in range(years):
            new: dict[int, float] = {}
            for i in line.options:
                new[x[i, t]] = 1
                if t:
                    new[x[i, t - 1]] = -1
            row(new, -np.inf, line.per_year)
    assert p.carry_over
    for t in range(years):
        row({x[i, t]: float(p.price[i]) for i in range(options)}, -np.inf, float(money[t]))

    def stock(c: int, h: int) -> dict[int, float]:
        out: dict[int, float] = {}
        for i in np.flatnonzero(p.gives[:, c]):
            t = h - int(p.lead[i])
            if t >= 0 and h >= p.not_before[i]:
                out[x[i, min(t, years - 1)]] = float(p.gives[i, c])
        return out

    for c in range(effects):
        for h in range(horizon):
            for s in range(crises):
                if p.need[c, h, s] > 0:
                    row(
                        {y[c, h, s]: 1, **{k: -v for k, v in stock(c, h).items()}},
                        -np.inf,
                        float(p.held[c, h]),
                    )
                    for r in p.requires:
                        if r.capability == c:
                            rest = {k: -v * r.per_unit for k, v in stock(r.provider, h).items()}
                            row(
                                {y[c, h, s]: 1, **rest},
                                -np.inf,
                                r.free + r.per_unit * float(p.held[r.provider, h]),
                            )
    n = options * years + effects * horizon * crises
    matrix = np.zeros((len(rows), n))
    for k, entries in enumerate(rows):
        for column, value in entries.items():
            matrix[k, column] += value
    worth = (p.weight * p.probability).ravel()
    cost = np.zeros(n)
    cost[options * years :] = -worth
    cost[x[:, -1]] += p.cost_weight * p.price
    top = np.concatenate([np.repeat(p.total, years), p.need.ravel()]).astype(float)
    bottom = np.concatenate([np.zeros(options * years), np.full(effects * horizon * crises, -np.inf)])
    whole = np.concatenate([np.ones(options * years), np.zeros(effects * horizon * crises)])
    found = milp(
        cost, integrality=whole, bounds=Bounds(bottom, top),
        constraints=LinearConstraint(csr_matrix(matrix), low, high),
        options={"mip_rel_gap": 0.002, "time_limit": 60},
    )  # fmt: skip
    assert found.x is not None
    return float(found.fun + (worth * p.need.ravel()).sum())


def test_a_program_of_ones_own_on_the_shipped_tables_agrees_within_a_hundredth() -> None:
    problem = assemble(shipped().with_numbers(shipped().numbers.medians()), Order())
    ours, theirs = solve(problem), own_program(problem)
    assert ours.score == pytest.approx(theirs, rel=0.01) and ours.bound <= theirs * 1.002
    assert BackfillQuestion().book == "backfill"
