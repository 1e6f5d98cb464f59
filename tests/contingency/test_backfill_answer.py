# SPDX-License-Identifier: Apache-2.0
"""The shipped tables: every number has a row that says so or is assumed; limits, units, draws, files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from bilat.cli import app
from bilat.contingency.backfill.answer import Backfill, backfill
from bilat.contingency.backfill.assemble import Question, assemble, changed, money
from bilat.contingency.backfill.inputs import quantity, shipped, withdrawals
from bilat.contingency.backfill.lineage import trace
from bilat.contingency.backfill.problem import Tail, breaches, score
from bilat.contingency.backfill.program import Effort
from bilat.contingency.backfill.questions import (
    by_definition,
    draws,
    floor,
    floor_by_run_off,
    floor_shares,
    horizon_moved,
    rule_of_thumb,
)
from bilat.contingency.backfill.search import plan
from bilat.errors import BilatError, DataError, UsageError
from bilat.holdings import Holdings
from bilat.when import AsOf

QUICK = Effort(gap=0.02, absolute_gap=0.05, seconds=5)


@pytest.fixture(scope="module")
def answer() -> Backfill:
    return backfill(count=3, effort=QUICK)


@pytest.fixture(scope="module")
def plain(answer: Backfill) -> dict[str, Any]:
    return json.loads(json.dumps(answer.to_json()))  # type: ignore[no-any-return]


def test_every_number_has_a_row_that_still_says_so_or_is_marked_assumed(answer: Backfill) -> None:
    wrong = {
        t.quantity.name: t.states for t in answer.traced if t.standing in ("changed", "missing", "later")
    }
    assert not wrong
    for t in answer.traced:
        assert t.quantity.assumed or t.rows
        assert all({"source", "snapshot", "locator", "known_on", "url"} <= set(r) for r in t.rows)


def test_a_number_without_row_or_mark_is_refused() -> None:
    with pytest.raises(DataError, match="has no row"):
        quantity("x.price", {"value": 1.0, "unit": "bn USD"})
    with pytest.raises(DataError, match="not between"):
        quantity("x.price", {"value": 3.0, "low": 1.0, "high": 2.0, "assumed": "yes"})


def test_as_of_an_earlier_day_says_which_rows_were_not_public() -> None:
    early = trace(shipped().quantities(), Holdings(None), AsOf("2023-03-20"))
    later = [t for t in early if t.standing == "later"]
    assert len(later) > 40
    for t in early:
        assert all(r["known_on"] <= "2023-03-20" for r in t.rows)


def test_the_portfolio_can_be_bought_and_its_gap_is_proven(answer: Backfill) -> None:
    assert breaches(answer.problem, answer.best.orders) == []
    assert answer.best.score == pytest.approx(score(answer.problem, answer.best.orders))
    assert (
        answer.best.score - answer.best.bound <= max(0.02 * answer.best.score, 1e-3 * answer.nothing) + 1e-6
    )


def test_a_percent_is_proven_on_the_shipped_tables_within_ten_seconds() -> None:
    for budget in (2.0, 10.0, 40.0):
        problem = assemble(shipped(), Question(budget=budget))
        found = plan(problem, Effort(gap=0.01, seconds=10))
        assert found.stopped == "gap", budget
        assert found.gap <= 0.01 + 1e-9


def test_everything_gone_at_once_and_nothing_bought_is_a_hundred_points() -> None:
    inputs = withdrawals(shipped(), "1")
    still = {f"warning.change.{y}": 0.0 for y in (2028, 2031, 2035)}
    problem = assemble(changed(inputs, still), Question(budget=0))
    assert score(problem, np.zeros((len(problem.options), 15))) == pytest.approx(100.0)


def test_no_withdrawal_leaves_no_gap_and_orders_nothing() -> None:
    problem = assemble(withdrawals(shipped(), "0"), Question(budget=math.inf))
    found = plan(problem, QUICK)
    assert found.score == 0
    assert found.orders.sum() == 0


def test_without_money_nothing_is_ordered() -> None:
    problem = assemble(shipped(), Question(budget=0))
    found = plan(problem, QUICK)
    assert found.orders.sum() == 0
    assert found.score == pytest.approx(found.bound)


def test_money_without_limit_and_industry_without_limit_close_all() -> None:
    left = floor(assemble(shipped(), Question()))
    assert left["without_both"] == pytest.approx(0, abs=1e-6)
    assert 0 < left["floor"] < left["nothing"]


def test_money_that_buys_nothing_is_not_spent() -> None:
    spends = [
        float(p.price @ plan(p, Effort(gap=1e-4, seconds=10)).orders[:, -1])
        for p in (assemble(shipped(), Question(budget=b)) for b in (60.0, math.inf))
    ]
    assert spends[0] == pytest.approx(spends[1], rel=0.01)
    assert spends[0] < 60 * 15 / 2


def test_fighters_without_tankers_do_not_count() -> None:
    inputs = withdrawals(shipped(), "1")
    problem = assemble(inputs, Question(budget=math.inf))
    none = problem.total.copy()
    none[np.flatnonzero(problem.gives[:, problem.capabilities.index("refuelling")] > 0)] = 0
    found = plan(problem.with_(total=none), QUICK)
    assert found.orders[problem.options.index("fighters_ten")].sum() == 0


def test_an_extension_of_aircraft_still_in_service_adds_nothing() -> None:
    problem = assemble(withdrawals(shipped(), "1"), Question(budget=math.inf))
    orders = np.zeros((len(problem.options), problem.years))
    orders[problem.options.index("e3a_extension")] = 1
    from bilat.contingency.backfill.problem import stock

    row = stock(problem, orders)[problem.capabilities.index("warning")]
    assert row[: 2035 - 2027].max() == 0
    assert row[2035 - 2027] == 14


def test_a_stricter_count_of_tankers_leaves_a_larger_gap() -> None:
    rows = by_definition(shipped(), Question(), QUICK)
    assert [r["held"] for r in rows] == [27, 42, 46, 156, 336]
    gaps = [float(r["gap"]) for r in rows]  # type: ignore[arg-type]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[2] == 183 - 46
    assert gaps[-1] == 0


def test_draws_are_made_again_by_their_seed_and_differ_by_it() -> None:
    one, same, other = (draws(shipped(), Question(), 3, seed, QUICK) for seed in (1, 1, 2))
    assert one == same
    assert one.score != other.score
    assert all(0 <= float(r["share"]) <= 1 for r in one.early)  # type: ignore[arg-type]
    shares = {str(r["option"]): float(r["share"]) for r in one.early}  # type: ignore[arg-type]
    tankers = next(float(r["share"]) for r in one.by_capability if r["capability"] == "refuelling")  # type: ignore[arg-type]
    assert tankers >= max(shares[k] for k in ("a330_new", "a330_used", "kc46"))


def test_the_end_of_the_horizon_moves_less_than_half_of_the_early_money() -> None:
    assert 0 <= horizon_moved(shipped(), Question()) < 0.5


def test_the_risk_of_the_worst_tenth_is_planned_with_a_proven_gap() -> None:
    problem = assemble(shipped(), Question(tail=Tail(0.3)))
    found = plan(problem, Effort(gap=0.01, seconds=20))
    assert found.gap <= 0.011
    cheap = plan(problem.with_(tail=Tail()), Effort(gap=0.001, seconds=20))
    assert found.score <= score(problem, cheap.orders) * 1.011


def test_published_one_off_cost_is_shown_with_what_is_not_priced(plain: dict[str, Any]) -> None:
    first = plain["checks"][0]
    assert first["figure"] == "PF29"
    assert first["here"] == pytest.approx(64 + 50 + 25 + 26.4 + 15 * 0.373 + 50 * 0.04, rel=1e-3)
    assert first["inside"] is False


def test_assumed_numbers_stand_first(plain: dict[str, Any]) -> None:
    assert next(iter(plain)) == "assumed"
    assert len(plain["assumed"]) == sum(bool(r["assumed"]) for r in plain["inputs"])


@pytest.mark.parametrize(
    ("text", "value"), [("10", 10.0), ("10bn", 10.0), ("800m", 0.8), ("0", 0.0), ("unlimited", math.inf)]
)
def test_money_is_read_with_its_unit(text: str, value: float) -> None:
    assert money(text) == value


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--budget", "10e9"], "10bn"),
        (["--budget", "5000"], "billions"),
        (["--withdraw", "50"], "0.5"),
        (["--withdraw", "half"], "share from 0 to 1"),
        (["--withdraw", "nowhere.toml"], "no such file"),
        (["--years", "1"], "3 to 40"),
        (["--definition", "big"], "dedicated"),
        (["--basis", "peace"], "stationed"),
        (["-p", "p8.price=400"], "bn USD"),
        (["-p", "p8.prize=1"], "p8.price"),
        (["-p", "p8.price"], "name=number"),
        (["-p", "refuelling.held=60"], "refuelling.us_part"),
        (["-p", "settings.weight=2"], "draws"),
        (["--tail", "3"], "between 0 and 1"),
        (["-p", "p8.per_year=2.5"], "whole number"),
        (["-p", "settings.first_year=27"], "2022 to 2060"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_its_cure(arguments: list[str], cure: str) -> None:
    found = CliRunner().invoke(app, ["backfill", *arguments])
    assert isinstance(found.exception, BilatError)
    assert found.exception.exit_code == 2
    assert cure in str(found.exception)
    assert "\n" not in str(found.exception)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("[a]\nprobability = 1\nshare = 50", "0.5 for half"),
        ("[a]\nprobability = 1\nshares = { tanks = 1.0 }", "not a capability"),
        ("[a]\nshare = 0.5", "probability"),
        ("[a]\nprobability = 1\nspeed = 2", "not known"),
        ("[a", "TOML"),
        ("", "no scenario"),
    ],
)
def test_a_scenario_file_that_is_wrong_is_refused_with_its_cure(text: str, cure: str, tmp_path: Path) -> None:
    place = tmp_path / "mine.toml"
    place.write_text(text, "utf-8")
    with pytest.raises(DataError, match=cure):
        withdrawals(shipped(), str(place))


def test_a_demand_that_nothing_can_meet_is_named() -> None:
    from dataclasses import replace

    inputs = shipped()
    without = replace(inputs, options=tuple(o for o in inputs.options if "sead" not in o.gives))
    with pytest.raises(DataError, match="infeasible demand"):
        assemble(without, Question())


def test_the_page_in_the_terminal_fits_and_lists_assumed_numbers_first(
    plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from bilat.terminal.backfill import show_backfill

    show_backfill(plain)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("ASSUMED") < text.index("ORDERED IN THE FIRST") < text.index("ONE PORTFOLIO")


def test_the_years_after_the_last_order_are_drawn_and_stand_in_the_headline(
    plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from bilat.terminal.backfill import show_backfill

    assert shipped().settings["run_off"].varies
    by = floor_by_run_off(shipped(), Question())
    assert list(by) == ["5", "10", "20"] and by["5"] > by["10"] > by["20"]
    assert by["10"] == pytest.approx(plain["floor"]["floor"] / plain["floor"]["nothing"])
    show_backfill(plain)
    first = " ".join(capsys.readouterr().out.split("ASSUMED")[0].split())
    assert "drawn from 5 to 20" in first and all(f"{v:.0%} with {k}" in first for k, v in by.items())
    fixed = floor_by_run_off(changed(shipped(), {"settings.run_off": 7}), Question())
    assert list(fixed) == ["7"]


def test_the_docs_give_the_range_that_is_printed() -> None:
    words = " ".join(
        (Path(__file__).resolve().parents[2] / "docs" / "backfill.md").read_text("utf-8").split()
    )
    shares = floor_shares(shipped(), Question(), 40, 0)
    low, high = np.quantile(shares, [0.1, 0.9])
    assert f"leave {low:.0%} to {high:.0%} of the gap open" in words, (low, high)
    by = floor_by_run_off(shipped(), Question())
    said = ", ".join(
        f"{v:.0%} with {n}" for v, n in zip(by.values(), ("five years", "ten", "twenty"), strict=True)
    )
    assert f"({said})" in words, said


def test_floors_are_those_of_the_draws() -> None:
    found = draws(shipped(), Question(), 3, 4, QUICK).floor_share
    assert found == pytest.approx(
        tuple(np.quantile(floor_shares(shipped(), Question(), 3, 4), [0.1, 0.5, 0.9]))
    )


def test_printed_weights_give_the_printed_answer(
    plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from bilat.terminal.backfill import show_backfill

    show_backfill(plain)
    part = capsys.readouterr().out.split("IF THIS HAPPENS")[1].split("EUROPE'S TANKERS")[0]
    rows = [line.split() for line in part.splitlines() if "%" in line]
    table = {" ".join(r[:-5]): (float(r[-5][:-1]) / 100, *map(float, r[-4:])) for r in rows}
    expected = table.pop("expected")
    assert sum(r[0] for r in table.values()) == pytest.approx(1, abs=1e-9) and expected[0] == 1
    for k in (1, 2, 3, 4):
        assert sum(r[0] * r[k] for r in table.values()) == pytest.approx(expected[k], abs=0.0101)
    assert expected[1] == pytest.approx(plain["score"]["nothing"], abs=0.0051)
    assert expected[2] + plain["score"]["charge"] == pytest.approx(plain["score"]["portfolio"], abs=0.0051)
    assert ("Above 100" in part) == any(r[1] > 100 for r in table.values())


def test_a_row_shows_the_grade_of_its_source(
    plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from bilat.terminal.backfill import show_backfill

    show_backfill(plain, explain=True)
    text = capsys.readouterr().out
    assert "[row]" not in text and "[row, graded C3]" in text
    assert all(r["grade"] for x in plain["inputs"] for r in x["rows"])


def test_what_can_be_left_out_alone_is_not_said_to_be_left_out_together(
    plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    from bilat.terminal.backfill import show_backfill

    show_backfill(plain)
    said = " ".join(capsys.readouterr().out.split())
    other = plain["without_the_others"]
    assert other["gap_at_least"] > other["within_2_percent"] > plain["score"]["bound"]
    assert f"not all of them together: that leaves {other['gap_at_least']:.2f} at least" in said
    assert "Everything else" not in said
    some = {**plain, "without_the_others": {"gap_at_least": 1.0, "within_2_percent": 2.0}}
    show_backfill(some)
    assert "whether all of them together can is not settled" in " ".join(capsys.readouterr().out.split())
    first = said.split("ASSUMED")[0]
    sentence = next(s for s in first.split(". ") if " closes " in s)
    assert "procurement only: no crews, munitions or upkeep" in sentence


def test_files_hold_the_same_answer(answer: Backfill, plain: dict[str, Any], tmp_path: Path) -> None:
    from bilat.contingency.backfill.files import write

    write(answer, tmp_path)
    assert json.loads((tmp_path / "backfill.json").read_text("utf-8")) == plain
    orders = pq.read_table(tmp_path / "orders.parquet").to_pylist()
    assert orders == plain["orders"]
    assert not list(tmp_path.glob("*.part"))


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(UsageError, match="wartime or stationed"):
        Question(basis="peace")


def test_the_plan_beats_the_plain_rule_at_every_budget() -> None:
    for budget in (1.0, 5.0, 10.0, 20.0):
        problem = assemble(shipped(), Question(budget=budget))
        rule = rule_of_thumb(problem)
        assert breaches(problem, rule) == []
        assert plan(problem, QUICK).score < 0.95 * score(problem, rule)


def test_tankers_beyond_the_requirement_serve_bought_fighters() -> None:
    fleet = assemble(shipped(), Question(definition="fleet"))
    usual = assemble(shipped(), Question())
    assert usual.requires[0].free == 0
    assert fleet.requires[0].free == pytest.approx(0.8 * (336 - 183))


def test_a_grid_of_plans_never_turns_back_and_its_page_shows_assumed_numbers_first(
    plain: dict[str, Any],
) -> None:
    from bilat.contingency.backfill.grid import grid
    from bilat.picture.backfill_page import page

    made = grid(QUICK, ("", "1"), ("tankers",), (0.5,), (0.0, 5.0, 20.0))
    assert len(made.cells) == 6
    for start in (0, 3):
        curve = made.cells[start : start + 3]
        assert [c.budget for c in curve] == [0.0, 5.0, 20.0]
        assert curve[0].left == pytest.approx(curve[0].nothing)
        assert curve[0].left >= curve[1].left >= curve[2].left >= curve[2].floor - 1e-6
    text = page(plain, made.to_json())
    assert (
        text.index("nobody has measured")
        < text.index("Ordered in the first three years")
        < text.index('id="budget"')
    )
    assert "unsafe-eval" not in text and text.count("http-equiv") == 1
    assert "<script src" not in text


def test_the_sliders_plan_with_what_was_asked() -> None:
    """A price, years, basis or withdrawal that was asked for moves every cell, as it moves the answer."""
    from bilat.contingency.backfill.grid import grid

    one = {"withdrawals_": ("0.5",), "definitions": ("tankers",), "powers": (0.5,), "budgets": (10.0,)}
    plain_ = grid(QUICK, **one).cells
    asked = Question(budget=7.0, years=10, definition="capable")
    made = grid(QUICK, **one, question=asked, withdraw="0.4", params={"fighters_ten.price": 0.01})
    assert made.withdrawals == ("0.4", "0.5") and made.budgets == (7.0, 10.0)
    assert made.definitions == ("tankers", "capable") and len(made.cells) == 8
    same = next(c for c in made.cells if (c.withdrawal, c.definition, c.budget) == ("0.5", "tankers", 10.0))
    assert same.nothing != pytest.approx(plain_[0].nothing) and same.floor > plain_[0].floor
    whole = backfill(asked, withdraw="0.4", params={"fighters_ten.price": 0.01}, count=2, effort=QUICK)
    cell = next(c for c in made.cells if (c.withdrawal, c.definition, c.budget) == ("0.4", "capable", 7.0))
    assert cell.nothing == pytest.approx(whole.nothing) and cell.bound <= whole.best.score + 1e-6


def test_a_plan_ends_by_its_work_and_not_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No part gets a share of the seconds: a machine that is a hundred times slower finds the same portfolio."""
    from bilat.contingency.backfill import grid, search

    assert Effort().seconds >= 600 and grid.CELL_EFFORT.seconds >= 600
    given, real = [], search.solve

    def solve(problem: Any, effort: Effort, **rest: Any) -> Any:
        given.append(effort.seconds)
        return real(problem, effort, **rest)

    monkeypatch.setattr(search, "solve", solve)
    search.plan(assemble(shipped(), Question()), Effort(gap=1e-5, nodes=8, seconds=500))
    assert len(given) == 2 and min(given) > 300


def test_the_measure_has_rows_now_and_is_not_measurable_in_march_2023() -> None:
    from bilat import Dyad, ask

    now = ask("backfill.gap", Dyad("RUS", "CHN"))
    closed, stays = (p.value for p in now.points)
    assert closed is not None
    assert stays is not None
    assert 0.4 < closed < 1 - stays
    assert now.points[1].low < stays < now.points[1].high  # type: ignore[operator]
    assert len(now.rows()) > 60
    then = ask("backfill.gap", Dyad("RUS", "CHN"), as_of="2023-03-20")
    assert then.points == ()
    assert "not public" in then.note


def test_every_number_that_can_be_set_changes_what_is_planned() -> None:
    """A number that a user may set and that nothing reads would be ignored without a word."""
    inputs, question = shipped(), Question()

    def shape(given: Any) -> str:
        made = [
            assemble(given, Question(definition=d, basis=b))
            for d in inputs.definitions
            for b in ("wartime", "stationed")
        ]
        return repr(
            [
                {k: np.asarray(v).tolist() for k, v in vars(p).items() if isinstance(v, np.ndarray)}
                | {"rest": (p.requires, p.lines, p.cost_weight)}
                for p in made
            ]
        )

    before = shape(inputs)
    shown_only = {q.name for c in inputs.capabilities if (q := c.held) is not None}
    for q in inputs.quantities():
        if q.name in shown_only or q.name == "settings.weight":
            continue
        value = {"settings.discount": 0.9, "settings.first_year": 2030}.get(
            q.name, q.value * 3 if abs(q.value) > 0 else 0.5
        )
        value = q.value + 0.5 if q.value < 0 else value
        assert shape(changed(inputs, {q.name: value})) != before, q.name
    assert question.definition == "tankers"
