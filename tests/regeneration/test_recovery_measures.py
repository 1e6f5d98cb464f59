# SPDX-License-Identifier: Apache-2.0
"""Measures of recovery and of fired against produced: points, lineage, other pairs, both dates."""

import pytest

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import Measurement, ask


@pytest.fixture(scope="module")
def held() -> Holdings:
    found = Holdings()
    found.stores = found.stores[:1]
    return found


def months(held: Holdings, **params: str) -> Measurement:
    return ask("recovery.months", as_of="2026-11-24", holdings=held, **params)


def test_each_kind_of_help_is_a_group_and_more_help_is_never_later(held: Holdings) -> None:
    m = months(held)
    assert m.groups() == ["none", "components", "systems"]
    lows = [p.low for p in m.points]
    assert lows == sorted(lows, reverse=True)  # type: ignore[type-var]
    none = m.points[0]
    assert (
        none.high is None and "of draws not within 120 months" in none.note
    )  # the 90% lies beyond ten years


def test_every_point_has_its_figures_and_losses_behind_it(held: Holdings) -> None:
    m = months(held)
    for group in m.groups():
        sources = {r["source"] for r in m.rows(group=group)}
        assert sources == {"armour_points", "oryx_totals", "oryx_totals_later", "production_estimates"}
    assert {r["known_on"] <= "2026-11-24" for r in m.rows()} == {True}


def test_at_the_papers_date_only_what_was_public_then_counts(held: Holdings) -> None:
    m = ask("recovery.help_gain", as_of="2023-03-20", holdings=held)
    assert {r["known_on"] <= "2023-03-20" for r in m.rows()} == {True}
    then = m.value("2023-02", "components")
    now = ask("recovery.help_gain", as_of="2026-11-24", holdings=held).value("2026-09", "components")
    assert then is not None and now is not None and then < now


def test_a_month_that_passes_without_a_row_moves_no_figure(held: Holdings) -> None:
    """Peace begins after the last month of the record and not after the day of asking."""
    for name in ("recovery.months", "recovery.help_gain"):
        early, late = (ask(name, as_of=day, holdings=held) for day in ("2026-10-31", "2026-11-26"))
        assert early.points and early.points == late.points
        assert {p.period for p in early.points} == {"2026-09"} and "ceasefire 2026-10" in early.points[0].note


def test_a_parameter_changes_the_answer_and_a_wrong_one_is_refused(held: Holdings) -> None:
    easy = months(held, param="recovered=0.3")
    assert easy.points[1].value is not None and easy.points[1].value < 60
    with pytest.raises(UsageError, match="write a number from"):
        months(held, param="detection=7")
    with pytest.raises(UsageError, match="write name=value"):
        months(held, param="detection")
    with pytest.raises(UsageError, match="use tank, ifv_apc"):
        months(held, **{"class": "artillery"})


def test_the_warning_of_a_class_stands_in_the_note(held: Holdings) -> None:
    assert months(held).note == ""
    assert "No count of active" in months(held, **{"class": "ifv_apc"}).note


def test_other_pairs_get_an_empty_answer_with_a_note(held: Holdings) -> None:
    for name in ("recovery.months", "recovery.help_gain"):
        m = ask(name, ("USA", "IND"), holdings=held)
        assert not m.points and not m.rows() and "United States and India" in m.note
