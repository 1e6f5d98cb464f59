# SPDX-License-Identifier: Apache-2.0
"""What China's help is worth, as a measure: the plan's own figure, its rows, other pairs, the paper's date."""

import pytest

from bilat.holdings import Holdings
from bilat.measures import ask
from bilat.regeneration.recovery.answer import recovery
from bilat.when import AsOf


@pytest.fixture(scope="module")
def held() -> Holdings:
    found = Holdings()
    found.stores = found.stores[:1]
    return found


@pytest.mark.parametrize("day", ["2023-03-20", "2026-11-24"])
def test_the_measure_says_what_the_plan_says_and_rests_on_what_was_public(
    day: str, held: Holdings
) -> None:
    m = ask("recovery.help_gain", as_of=day, holdings=held)
    plan = recovery(as_of=AsOf(day), holdings=held, beliefs=("janes",))
    assert [(p.group, p.value, p.low, p.high) for p in m.points] == [
        (g.more, g.months.median, g.months.low, g.months.high) for g in plan.gains
    ]
    assert plan.gains and all(f"ceasefire {plan.ceasefire}" in p.note for p in m.points)
    assert {r["known_on"] <= day for r in m.rows()} == {True}


def test_every_point_has_its_figures_and_losses_behind_it(held: Holdings) -> None:
    m = ask("recovery.help_gain", as_of="2026-11-24", holdings=held)
    for group in ("components", "systems"):
        sources = {r["source"] for r in m.rows(group=group)}
        assert sources == {
            "armour_points",
            "oryx_totals",
            "oryx_totals_later",
            "plan_figures",
            "production_estimates",
        }


def test_other_pairs_get_an_empty_answer_with_a_note(held: Holdings) -> None:
    m = ask("recovery.help_gain", ("USA", "IND"), holdings=held)
    assert not m.points and not m.rows() and "United States and India" in m.note
