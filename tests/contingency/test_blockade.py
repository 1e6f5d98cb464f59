# SPDX-License-Identifier: Apache-2.0
"""The blockade model: exact limits, laws that must hold, the programme against the closed form, the test of 2026."""

import json
import math
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.contingency.blockade import CLOSABLE, SIX, Blockade, blockade
from bilat.contingency.blockade.against import gained
from bilat.contingency.blockade.answer import PACKAGE, ask_for
from bilat.contingency.blockade.closed_form import (
    capacity,
    fleet_of,
    many,
    one_by_one,
    solve,
    tanker_days,
)
from bilat.contingency.blockade.draws import draw
from bilat.contingency.blockade.gas import solve_gas
from bilat.contingency.blockade.grid import AXES, grid_of
from bilat.contingency.blockade.inputs import Inputs, read_inputs, split_by_source
from bilat.contingency.blockade.monthly import DAYS, solve_months, tiers
from bilat.contingency.blockade.relief import relief, unmet_over
from bilat.contingency.blockade.routes import closures, miles, sources
from bilat.planning.assumptions import Assumptions, load, with_user
from bilat.errors import DataError, UsageError
from bilat.when import AsOf

P = load(PACKAGE)
NAMES = st.sets(st.sampled_from(sorted(CLOSABLE))).map(frozenset)


@cache
def now() -> Inputs:
    return read_inputs(ask_for(AsOf("2026-11-25"), None), P)


@cache
def answer() -> Blockade:
    return blockade("malacca,lombok,sunda", as_of=AsOf("2026-11-25"), draws=2000)


def changed(**values: float) -> Assumptions:
    return with_user(P, {k: str(v) for k, v in values.items()})


# the limits that have an exact answer


def test_nothing_closed_changes_nothing() -> None:
    case = solve(now(), frozenset(), P)
    assert max(abs(case.flows[n] - now().flows[n]) for n in case.flows if n in now().flows) < 1e-12
    assert case.imports == pytest.approx(now().imports, abs=1e-12) and case.short == case.unbuilt == 0
    m = solve_months(now(), frozenset(), P)
    start = now().stock * P("usable_stock")
    assert m.unmet_total == pytest.approx(0, abs=1e-6) and m.into_store == pytest.approx(
        now().build, rel=1e-9
    )
    assert m.start == start and m.stock[-1] == pytest.approx(start + 365.25 * now().build, rel=1e-9)


def test_everything_closed_leaves_the_stock_alone_and_the_programme_agrees() -> None:
    bare = replace(now(), flows={}, output=0.0, imports=0.0)
    case = solve(bare, frozenset({"sea"}), P)
    assert case.imports == 0 and case.short == pytest.approx(now().intake)
    assert case.days(1200) == pytest.approx(1200 / now().intake)
    m = solve_months(bare, frozenset({"sea"}), P, 12, stock=1200)
    assert m.unmet_total == pytest.approx(now().intake * DAYS * 12 - 1200, rel=1e-9)
    assert m.stock[-1] == pytest.approx(0, abs=1e-6)


def test_all_by_sea_stopped_leaves_the_pipes() -> None:
    case = solve(now(), frozenset({"sea"}), P)
    assert case.imports == pytest.approx(0.60 + 0.20 + 0.02)
    assert case.short == pytest.approx(now().intake - now().output - 0.82)


def test_hormuz_stops_the_source_whatever_it_sails_through_later() -> None:
    """Closing parallel arcs in place of the source would leave much of the flow."""
    p = changed(bypass=0, hormuz_transit=0.227)
    exposed = sum(v for n, v in now().flows.items() if sources()[n].hormuz)
    assert solve(now(), frozenset({"hormuz"}), p).imports == pytest.approx(
        now().imports - 0.773 * exposed, rel=1e-9
    )


def test_the_bypass_never_brings_more_than_hormuz_takes() -> None:
    p = changed(bypass=10, china_share_of_hormuz=1)
    case = solve(now(), frozenset({"hormuz"}), p)
    assert case.imports == pytest.approx(now().imports - now().flows["iran"])


# units and places


def test_the_customs_year_is_the_printed_rate() -> None:
    assert now().imports == pytest.approx(11.55, abs=0.01)
    assert pytest.approx(8.09, abs=0.005) == 100.85 * 7.3 / 91


def test_the_split_by_source_keeps_the_sum_and_refuses_a_stranger() -> None:
    assert sum(now().flows.values()) == pytest.approx(now().imports, rel=1e-12)
    assert min(now().flows.values()) >= 0
    with pytest.raises(DataError, match="'Atlantis' belongs to no source"):
        split_by_source({"Atlantis": 1.0}, P)


def test_voyages_are_as_long_as_they_are() -> None:
    """A degree of latitude is 60 nautical miles; the Gulf to Ningbo by Malacca takes 18 days at 13 knots."""
    assert miles([(0, 0), (1, 0)]) == pytest.approx(60.04, abs=0.01)
    days = {r.name: r.miles / 13 / 24 for r in sources()["gulf_inside"].routes}
    assert days == pytest.approx({"malacca": 18.3, "sunda": 19.9, "lombok": 21.7, "australia": 40.0}, abs=0.3)


# laws


@settings(max_examples=60, deadline=None)
@given(closed=NAMES, more=st.sampled_from(sorted(CLOSABLE)))
def test_one_more_closure_never_helps(closed: frozenset[str], more: str) -> None:
    a, b = solve(now(), closed, P), solve(now(), closed | {more}, P)
    assert b.imports <= a.imports + 1e-9 and b.short >= a.short - 1e-9
    g, h = solve_gas(now(), closed, P), solve_gas(now(), closed | {more}, P)
    assert h.lost >= g.lost - 1e-9 and h.lost_rerouted >= g.lost_rerouted - 1e-9
    assert g.lost >= g.lost_rerouted - 1e-9


@settings(max_examples=60, deadline=None)
@given(closed=NAMES, pipe=st.floats(0, 3), spare=st.floats(0, 2))
def test_a_pipe_or_a_ship_never_lowers_the_days(closed: frozenset[str], pipe: float, spare: float) -> None:
    before = solve(now(), closed, P)
    assert solve(now(), closed, P, extra={"russia_pipe": pipe}).days(1200) >= before.days(1200) - 1e-9
    bigger = changed(fleet_spare=P("fleet_spare") + spare)
    assert solve(now(), closed, bigger).imports >= before.imports - 1e-9
    days = [r.days for r in relief(now(), closed, P, 12, 1200)]
    assert days == sorted(days)
    gas = [d for _, _, d in solve_gas(now(), closed, P).lines]
    assert gas == sorted(gas)


@settings(max_examples=25, deadline=None)
@given(closed=NAMES, seed=st.integers(0, 10_000))
def test_the_closed_form_is_the_linear_programme(closed: frozenset[str], seed: int) -> None:
    """Most that arrives, over every source and every open route, against the order by tanker-days."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    inputs = replace(now(), flows={n: v * rng.uniform(0.3, 1.7) for n, v in now().flows.items()})
    inputs = replace(inputs, imports=sum(inputs.flows.values()) * rng.uniform(0.6, 1.0))
    p = changed(fleet_spare=float(rng.uniform(0, 0.5)))
    can = capacity(inputs, closed, p)
    arcs = [
        (n, 0.0 if s.overland else 2 * r.miles / (p("speed") * 24) + p("port_days"))
        for n, s in sources().items()
        for r in (s.routes or (None,))
        if s.overland or (r is not None and "sea" not in closed and not r.passes & closed)
    ]
    if not arcs:
        return
    rows = [[float(n == a) for a, _ in arcs] for n in can]
    rows += [[d for _, d in arcs], [1.0] * len(arcs)]
    right = [*can.values(), fleet_of(inputs, p), inputs.imports]
    best = linprog([-1.0] * len(arcs), A_ub=rows, b_ub=right, method="highs")
    assert solve(inputs, closed, p).imports == pytest.approx(-best.fun, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(closed=NAMES)
def test_the_programme_leaves_unmet_what_the_stock_does_not_cover(closed: frozenset[str]) -> None:
    """Over the horizon the foresight of the programme changes which month goes short, never how much in all."""
    case = solve(now(), closed, P)
    m = solve_months(now(), closed, P, 12, stock=700)
    assert m.unmet_total == pytest.approx(unmet_over(case.short, 700, 12), abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(
    closed=NAMES, months=st.integers(1, 30), stock=st.floats(0, 2000), saved=st.floats(0, 0.3), spare=st.floats(0, 1),
    speed=st.floats(5, 25),
)  # fmt: skip
def test_the_stock_at_the_end_is_what_came_less_what_was_refined(
    closed: frozenset[str], months: int, stock: float, saved: float, spare: float, speed: float
) -> None:
    """What is left over is stored, what lacks is drawn: the closed form is the known answer of the programme."""
    p = changed(rationing=saved, fleet_spare=spare, speed=speed)
    case = solve(now(), closed, p)
    m = solve_months(now(), closed, p, months, stock=stock)
    days = months * DAYS
    assert m.stock[-1] == pytest.approx(case.stock_after(stock, days), abs=1e-4)
    brought = DAYS * sum(m.imports)
    refined = days * sum(tiers(now(), p).values()) - m.unmet_total
    assert m.stock[-1] - m.start == pytest.approx(brought + days * now().output - refined, abs=1e-4)
    assert m.into_store * days == pytest.approx(m.stock[-1] - stock, abs=1e-6)


def test_the_answer_the_programme_and_the_page_give_one_stock_and_one_number_of_days(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bilat.picture.models import blockade_page
    from bilat.terminal.blockade import show_blockade

    a = answer()
    days, left = f"{a.case.days(a.stock):.0f}", f"{a.case.stock_after(a.stock, 12 * DAYS):,.0f}"
    show_blockade(a)
    said = " ".join(capsys.readouterr().out.split())
    page = " ".join(blockade_page(a).split())
    assert f"last {days} days." in said and f"{left} at the end" in said and a.inputs.build_of in said
    panel = page[page.index('data-closure="malacca,lombok,sunda"') :]
    assert f">{days} days</strong>" in panel[: panel.index("</li>")] and f"{left} after 12 months" in page
    other = blockade(
        "sea", as_of=AsOf("2026-11-25"), draws=500, params=["rationing=0.07", "usable_stock=0.7"]
    )
    panel = blockade_page(other)
    panel = panel[panel.index('data-closure="sea"') :]
    assert f">{other.case.days(other.stock):.0f} days</strong>" in panel[: panel.index("</li>")]


def test_a_remainder_of_different_years_says_so_where_it_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bilat.terminal.blockade import show_blockade

    show_blockade(answer())
    said = " ".join(capsys.readouterr().out.split())
    assert "imports 11.55 (2025)" in said and "intake 14.76 (2023)" in said
    t = answer().backtest
    assert t is not None and set(t.fall_of) == set(t.fall)
    assert (
        "2023" in t.fall_of["refineries took less"] and "2023" in t.fall_of["nothing was left over for store"]
    )
    assert all(text in said for text in t.fall_of.values()), t.fall_of


def test_nothing_closed_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    from bilat.terminal.blockade import show_blockade

    show_blockade(blockade("none", as_of=AsOf("2026-11-25"), draws=500))
    said = " ".join(capsys.readouterr().out.split())
    for wrong in ("last no end", "no end days", "fall from", "none closed"):
        assert wrong not in said, wrong
    assert "with nothing closed" in said and "stay at 11.55" in said
    show_blockade(answer())
    assert "China with Malacca, Lombok and Sunda closed" in capsys.readouterr().out


def test_one_barrel_more_is_worth_what_the_programme_says() -> None:
    closed = closures("malacca,lombok,sunda,australia,pacific")
    one = solve_months(now(), closed, P)
    more = solve_months(now(), closed, P, extra={"russia_pipe": 0.001})
    slope = (one.objective - more.objective) / (0.001 * DAYS * 12)
    assert float(np.mean(one.worth)) == pytest.approx(slope, rel=1e-4)


def test_vectorised_and_plain_draws_agree() -> None:
    sets = [closures(c) for c in SIX]
    fast, slow = (draw(now(), sets, P, 300, 5, fill=f, drivers=False) for f in (many, one_by_one))
    for a, b in zip(fast, slow, strict=True):
        assert a.imports == pytest.approx(b.imports, abs=1e-10) and a.covered == b.covered


def test_a_draw_without_spread_is_the_central_case() -> None:
    still = Assumptions({n: replace(q, low=q.value, high=q.value) for n, q in P.items()})
    for name in SIX:
        (s,) = draw(now(), [closures(name)], still, 100, 1)
        assert s.imports[1] == pytest.approx(solve(now(), closures(name), still).imports, abs=1e-9), name


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    sets = [closures("sea")]
    assert draw(now(), sets, P, 500, 3) == draw(now(), sets, P, 500, 3) != draw(now(), sets, P, 500, 4)


def test_closures_in_every_pair_are_no_better_than_each_alone() -> None:
    alone = {c: solve(now(), frozenset({c}), P).imports for c in CLOSABLE}
    for a, b in combinations(CLOSABLE, 2):
        assert solve(now(), frozenset({a, b}), P).imports <= min(alone[a], alone[b]) + 1e-9


# figures of others


def test_published_figures_follow_from_the_assumptions_named() -> None:
    by = {f.figure: f for f in answer().published}
    assert by["days that 600 million barrels cover"].reproduced == pytest.approx(58.8, abs=0.05)
    assert by["days that Russian overland oil adds"].reproduced == pytest.approx(33.2, abs=0.1)
    assert by["days that Russian overland gas adds"].reproduced == pytest.approx(10, abs=0.1)
    malacca = by["oil through Malacca, all users, 2023"]
    assert malacca.reproduced == malacca.published == 23.7 and malacca.ours < now().imports
    oil = by["China's oil imports through the South China Sea and Malacca, 2022"]
    assert abs(oil.reproduced - oil.published) < 10
    assert by["days that Russian overland oil adds"].ours < 15  # a third of what is published
    assert gained(1200, 6.88, 0.28) == pytest.approx(7.4, abs=0.05)  # spare capacity alone


# the closure of 2026


def test_the_test_of_2026_is_kept_and_its_error_printed() -> None:
    t = answer().backtest
    assert t is not None and t.quarter == pytest.approx(8.09, abs=0.005)
    fixed, naive = t.rules[:2]
    assert fixed.fixed_beforehand and not naive.fixed_beforehand
    assert naive.error == pytest.approx(3.46, abs=0.01)
    assert abs(fixed.error) < abs(naive.error) / 4 and fixed.mae < naive.mae
    assert t.band[0] < t.band[1] < t.band[2]
    assert sum(t.fall.values()) == pytest.approx(naive.quarter - t.quarter, abs=1e-9)
    assert t.stock_draw["refineries held at their intake"] > 5 * t.stock_draw["observed"]


def test_the_rule_knows_nothing_of_the_months_it_is_tested_on() -> None:
    t = answer().backtest
    assert t is not None
    ours = [u for u in t.used if not u["input"].startswith(("customs", "hormuz_transit", "intake", "output"))]
    assert ours and all(u["known_on"] <= "2026-02-27" for u in ours)


def test_less_crude_loaded_inside_hormuz_loses_less() -> None:
    from bilat.contingency.blockade.backtest import backtest

    t = backtest(ask_for(AsOf("2026-11-25"), None), changed(bypass=0, hormuz_share_saudi=0, hormuz_share_emirates=0,
                 hormuz_share_other_middle_east=0))  # fmt: skip
    assert t.rules[0].quarter > answer().backtest.rules[0].quarter  # type: ignore[union-attr]


# as of


def test_the_model_of_march_2023_uses_what_was_known_then() -> None:
    then = blockade("sea", as_of=AsOf("2023-03-20"), draws=500)
    assert all(u["known_on"] <= "2023-03-20" for u in then.inputs.used)
    assert {u["period"] for u in then.inputs.used} <= {"2021", "2022", "2021-02"}
    assert then.backtest is None and "2026" in then.why_no_backtest
    assert "new_line" not in then.later and "bypass" in then.later
    assert then.inputs.imports == pytest.approx(508.28 * 7.3 / 365)


def test_every_input_has_a_row() -> None:
    for u in answer().inputs.used:
        assert u["source"] and len(u["snapshot"]) == 64 and u["locator"] and u["known_on"], u
    assert answer().inputs.rows is not None
    for q in answer().parameters.values():
        assert q.source and q.low <= q.value <= q.high, q


# what a user gets wrong


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"close": "suez"}, "--close suez: cannot be closed; name some of malacca"),
        ({"months": 0}, "write a number from 1 to 120"),
        ({"draws": 5}, "write a number from 100 to 10000000"),
        (
            {"params": ["fleet_spare=-1"]},
            "the unit is share of the tanker-days in use; write a number from 0 to 5",
        ),
        ({"params": ["fleet_spair=1"]}, "did you mean fleet_spare"),
        ({"params": ["fleet_spare"]}, "write name=value"),
        ({"params": ["fleet_spare=nan"]}, "write a number from"),
        ({"params": ["speed=fast"]}, "is not a number"),
        ({"params": ["tier_transport=12"]}, "lower tier_transport"),
    ],
)
def test_errors_are_one_line_with_the_cure(given_: dict, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("(", r"\(")) as caught:
        blockade(**{"as_of": AsOf("2026-11-25"), **given_})
    assert "\n" not in str(caught.value)


def test_before_the_first_row_there_is_no_answer() -> None:
    with pytest.raises(DataError, match="public by 2019-01-01"):
        blockade(as_of=AsOf("2019-01-01"))


def test_the_tiers_add_up_to_the_intake() -> None:
    for saved in (0.0, 0.1, 1.0):
        demand = tiers(now(), changed(rationing=saved))
        assert sum(demand.values()) == pytest.approx(now().intake * (1 - saved))
        assert min(demand.values()) >= 0


# what is written


def test_json_and_parquet_and_grid_hold_what_is_printed(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    from bilat.cli.model_output import write_model

    a = answer()
    plain = a.to_json()
    json.dumps(plain, allow_nan=False)
    assert plain["case"]["lost_share"] == pytest.approx(1 - a.case.imports / a.inputs.imports)
    write_model(tmp_path / "b.parquet", a.to_json, a.to_arrow)
    back = pq.read_table(tmp_path / "b.parquet").to_pylist()
    assert back[0]["closed"] == a.closed and back[0]["short"] == pytest.approx(a.case.short)
    grid = grid_of(a)
    sizes = [len(axis["stops"]) for axis in grid.axes.values()]
    assert sizes == [len(stops) for _, stops in AXES.values()]
    assert len(grid.days) == len(grid.closures) * math.prod(sizes) == len(grid.short)
    write_model(tmp_path / "g.json", grid.to_json, None)
    assert json.loads((tmp_path / "g.json").read_text())["days"] == grid.days
    at = grid.closures.index("sea") * math.prod(sizes)
    assert grid.days[at] == pytest.approx(600 / (now().intake - now().output - 0.02), abs=0.01)
    with pytest.raises(UsageError, match=r"\.csv; write a file that ends in"):
        write_model(tmp_path / "b.csv", a.to_json, a.to_arrow)
    with pytest.raises(DataError, match="does not exist; make it first"):
        write_model(tmp_path / "no" / "b.json", a.to_json, a.to_arrow)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.parquet", "g.json"]


def test_the_terminal_keeps_to_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    from bilat.terminal.blockade import show_blockade

    show_blockade(answer(), explain=True)
    lines = capsys.readouterr().out.splitlines()
    long = [line for line in lines if len(line) > 80 and " " in line.strip()]
    assert not long, long
    text = " ".join(lines)
    assert "ASSUMED" in text and "+3.46" in text and "known 20" in text


def test_tanker_days_are_nothing_overland_and_endless_where_shut() -> None:
    days = tanker_days(frozenset({"sea"}), P)
    assert days["russia_pipe"] == 0 and math.isinf(days["russia_pacific"])


def test_the_docs_give_the_models_own_numbers() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "blockade.md").read_text("utf-8")
    words = " ".join(page.split())
    a = blockade("sea", as_of=AsOf("2026-11-25"))
    low, _, high = a.spread.days
    lost = {c.closed: 1 - c.imports / a.inputs.imports for c in a.standard}
    detour = closures("malacca,lombok,sunda,australia")
    (spread,) = draw(a.inputs, [closures("malacca,lombok,sunda")], P)
    assumed = sum(q.assumed for q in P.values())
    t = a.backtest
    assert t is not None
    for text in (
        f"of its {len(P)} parameters {assumed} are assumed",
        f"stocks last {low:.0f} to {high:.0f} days",
        f"{100 * lost[closures('sea')]:.0f}% is lost",
        f"{100 * lost[detour]:.0f}% is lost, not {100 * lost[detour | {'pacific'}]:.0f}%",
        f"({100 * (1 - spread.imports[2] / a.inputs.imports):.0f} to "
        f"{100 * (1 - spread.imports[0] / a.inputs.imports):.0f}% of imports",
        *(f"| {r.quarter:.2f} | {r.error:+.2f} | {r.mae:.2f} |" for r in t.rules),
        f"drawn {t.stock_draw['refineries held at their intake']:.0f} million barrels where "
        f"{t.stock_draw['observed']:.0f} were drawn",
        f"By default {a.stock:,.0f} million barrels become "
        f"{solve(a.inputs, closures('malacca,lombok,sunda'), P).stock_after(a.stock, 12 * DAYS):,.0f} in twelve "
        f"months; with nothing closed, {solve(a.inputs, frozenset(), P).stock_after(a.stock, 12 * DAYS):,.0f}.",
        f"refineries took {t.fall['refineries took less']:.2f} less than in 2023 and that the "
        f"{t.fall['nothing was left over for store']:.2f} left over",
    ):
        assert text in words, text


def test_a_case_outside_its_own_draws_says_so_and_why() -> None:
    a = answer()
    (low, _, high), (least, _, most) = a.spread.days, a.spread.short
    inside = low <= a.case.days(a.stock) <= high and least <= a.case.short <= most
    assert bool(a.case_beside_draws) == (not inside)
    wide = replace(a, spread=replace(a.spread, days=(0.0, 1.0, math.inf), short=(0.0, 1.0, 9.0)))
    assert wide.case_beside_draws == ""
    outside = replace(a, spread=replace(a.spread, days=(1e6, 2e6, math.inf)))
    assert "harder than 95% of the draws: it takes" in outside.case_beside_draws
    assert "rationing" in a.at_an_end and "fleet_spare" not in a.at_an_end


def test_the_page_says_what_the_draws_say_and_how_the_case_lies_among_them() -> None:
    from bilat.contingency.blockade.words import spread_text
    from bilat.picture.models.blockade_page import blockade_page

    said = spread_text(answer())
    assert "no shortage in" in said and "harder than 95% of the draws" in said
    lead = blockade_page(answer()).split("</section>")[0].replace("&gt;", ">").replace("&lt;", "<")
    assert said in lead and "lasts 664 days" in lead


def test_one_month_is_one_month(capsys: pytest.CaptureFixture[str]) -> None:
    from bilat.terminal.blockade import show_blockade

    show_blockade(blockade("sea", months=1, as_of=AsOf("2026-11-25"), draws=200))
    assert "closed for 1 month, as of" in capsys.readouterr().out


def test_nothing_closed_is_asked_alone() -> None:
    with pytest.raises(UsageError, match="none stands alone"):
        closures("none,malacca")
