# SPDX-License-Identifier: Apache-2.0
"""Pairs side by side: each figure is the measure's own, and nothing is put for what is not there."""

import json

import pytest

from bilat.cli import main
from bilat.errors import UsageError
from bilat.measures import ask
from bilat.verdicts.side_by_side import AXIS, FIGURES, ComparedFigure, PairFigure, axis, compare
from bilat.when import AsOf

PAIRS = [("RUS", "CHN"), ("RUS", "IRN"), ("USA", "JPN")]


def test_each_figure_is_what_its_measure_says() -> None:
    rows = {r.heading: r for r in compare(PAIRS, "2026-11-24")}
    assert list(rows) == [f.heading for f in FIGURES]
    distance = rows["distance of ideal points"].cells
    for pair, cell in zip(PAIRS, distance, strict=True):
        m = ask("votes.ideal_distance", pair, as_of="2026-11-24")
        assert m.value(cell.period, f"{pair[0]}-{pair[1]}") == cell.value
    arms = rows["arms delivered, both ways, a year"].cells[0]
    m = ask("transfers.tiv", PAIRS[0], as_of="2026-11-24")
    by_hand = sum(p.value or 0.0 for p in m.points if "2020" <= p.period <= "2024") / 5
    assert arms.value == pytest.approx(by_hand) and arms.period == "2020-2024"


def test_exercises_are_told_of_the_pairs_that_their_lists_are_of() -> None:
    rows = {r.heading: r for r in compare([*PAIRS, ("CHN", "IRN")], "2026-11-24")}
    ours, *others = rows["joint exercises by the rule both_central, a year"].cells
    m = ask("exercises.count", PAIRS[0], as_of="2026-11-24", inclusion="both_central")
    assert ours.note == f"both_central: {m.note}"
    years = [m.value(str(y), "all kinds") or 0.0 for y in range(2021, 2026)]
    assert (ours.value, ours.period) == (pytest.approx(sum(years) / 5), "2021-2025")
    for pair, cell in zip(
        [*PAIRS[1:], ("CHN", "IRN")], others, strict=True
    ):  # a part of another list is no figure
        assert cell.value is None and cell.missing == ask("exercises.count", pair, as_of="2026-11-24").note
    share = rows["partner's share of Russia's joint exercises"]
    whole = ask("exercises.weight", PAIRS[0], as_of="2026-11-24").value("2009-2018", "CHN")
    assert (
        share.cells[0].value == whole
        and "Jeffreys" in share.cells[0].note
        and share.ended(AsOf("2026-11-24")) == 2018
    )
    assert share.cells[1].value == 0  # none with Iran is listed
    assert [c.missing for c in share.cells[2:]] == ["the list is of Russia's exercises"] * 2


def test_as_of_a_date_nothing_later_is_compared() -> None:
    for row in compare(PAIRS[:2], "2020-06-01"):
        for cell in row.cells:
            assert cell.period[-4:] <= "2020"
            assert (cell.value is None) == bool(cell.missing)


def test_a_pact_without_a_duty_to_defend_is_no_alliance() -> None:
    pairs = [*PAIRS, ("RUS", "PRK")]
    rows = {r.heading: r for r in compare(pairs, "2026-11-24")}
    defence = rows["treaties that oblige to defend, in force"].cells
    others = rows["other pacts that both are party to"].cells
    assert [c.value for c in defence] == [0, 0, 1, 1]  # the last by the treaty of June 2024
    for pair, duty, other in zip(pairs, defence, others, strict=True):
        asked = ask("alignment.alliances", pair, as_of="2026-11-24")
        assert duty.value == asked.value(duty.period, "-".join(pair))
        assert other.value == asked.value(other.period, f"{'-'.join(pair)} lesser pacts")
    before = {r.heading: r for r in compare(pairs, "2024-01-01")}["treaties that oblige to defend, in force"]
    assert before.cells[3].value == 0
    in_force = rows["defence agreements in force"].cells[0]
    m = ask("alignment.agreements", PAIRS[0], as_of="2026-11-24")
    assert in_force.value == m.value("2010", "defence agreements")  # agreements, not agreements times years


def test_a_record_that_ended_is_said_to_have_ended() -> None:
    told = {r.heading: r.ended(AsOf("2026-11-24")) for r in compare(PAIRS, "2026-11-24")}
    assert told["treaties that oblige to defend, in force"] == 2018
    assert told["defence agreements in force"] == 2010
    row = ComparedFigure("h", "m", "u", (PairFigure(1.0, "2019-2023"), PairFigure(None, "", "not held")))
    assert row.ended(AsOf("2024-12-31")) is None and row.ended(AsOf("2025-01-01")) == 2023
    assert ComparedFigure("h", "m", "u", (PairFigure(None, "", "x"),)).ended(AsOf("2025-01-01")) is None


def test_the_axis_is_six_pairs_by_year() -> None:
    pairs = axis()
    assert len(pairs) == 6 and all({*d} <= {*AXIS} for d in pairs)
    distance = next(r for r in compare(pairs, "2026-11-24") if r.heading == "distance of ideal points")
    assert all(len(c) > 25 and max(c) == 2023 for c in distance.course)


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["ask", "compare", *words])
    return int(stop.value.code or 0)


def test_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["RUS", "CHN", "--with", "RUS", "IRN", "--with", "USA", "JPN", "--as-of", "2026-11-24"]
    assert run(*words) == 0
    out = capsys.readouterr().out
    assert "USA-JPN" in out and max(map(len, out.splitlines())) <= 80
    assert "ends with 2018: what came since is unknown, not absent" in " ".join(out.split())
    assert run("--with", "RUS", "IRN", "RUS", "CHN", "--json") == 0
    assert json.loads(capsys.readouterr().out)["data"]["pairs"] == [["RUS", "CHN"], ["RUS", "IRN"]]
    assert run("RUS", "CHN") == 2
    assert run("RUS", "CHN", "--axis") == 2
    assert run("RUS", "CHN", "--with", "CHN", "RUS") == 2
    assert run("RUS", "CHN", "--with", "IRN") == 2
    with pytest.raises(UsageError, match="stands twice"):
        compare([("RUS", "CHN"), ("CHN", "RUS")])
