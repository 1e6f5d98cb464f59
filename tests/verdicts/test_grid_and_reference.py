# SPDX-License-Identifier: Apache-2.0
"""Other choices and other pairs: the figures of the design's own runs, and what is refused."""

from __future__ import annotations

import pytest

from bilat.dyad import Dyad
from bilat.measures import default_holdings
from bilat.statistics import rate_ratio
from bilat.verdicts import judge, ledger
from bilat.verdicts.grid import Axis, Cell, Grid, GridChoice, Robustness, robustness
from bilat.verdicts.ledger import Claim
from bilat.verdicts.reference import BaseRate, base_rate, members
from bilat.verdicts.rivals import told
from bilat.verdicts.rules import run
from bilat.when import AsOf

PAIR, NOW = Dyad("RUS", "CHN"), AsOf("2026-11-24")


def claim(name: str) -> Claim:
    return next(c for c in ledger() if c.id == name)


def cells(shares: dict[str, int], verdict: str) -> Robustness:
    made = tuple(Cell((f"{v}{i}",), v, float(i)) for v, n in shares.items() for i in range(n))
    return Robustness(made, verdict, "", (), "")


@pytest.mark.parametrize(
    ("shares", "verdict", "word"),
    [
        ({"supported": 9, "partly supported": 1}, "supported", ""),
        ({"supported": 7, "partly supported": 3}, "supported", "mostly"),
        ({"supported": 6, "partly supported": 4}, "supported", "depends on the choice"),
        ({"supported": 9, "contradicted": 1}, "supported", "depends on the choice"),
        ({"contradicted": 2, "supported": 8}, "contradicted", "depends on the choice"),
        ({"contradicted": 4, "not supported": 6}, "contradicted", "no choice supports"),
        ({"contradicted": 8, "not supported": 2}, "contradicted", "mostly"),
    ],
)
def test_the_word_follows_the_share_of_choices(shares: dict[str, int], verdict: str, word: str) -> None:
    r = cells(shares, verdict)
    assert r.word == word and r.default_is_common == (shares[verdict] == max(shares.values()))


def test_f1_over_windows_of_equal_length_gives_the_factors_of_the_design() -> None:
    c = claim("F1")
    assert c.grid is not None
    r = robustness(c.grid, c.tests, PAIR, NOW, default_holdings())
    means = {cell.names[0]: cell.value for cell in r.cells if cell.names[1:] == ("mean", "with")}
    expected = {"3": 1.036, "4": 1.240, "5": 1.321, "6": 1.160, "7": 1.001, "8": 0.780}
    assert means == pytest.approx(expected, abs=0.002)
    assert r.word == "depends on the choice" and r.leverage[0][0] == "years on each side"
    imported = [cell.value for cell in r.cells if cell.names[1:] == ("mean", "without")]
    assert max(v for v in imported if v) == pytest.approx(1.57, abs=0.01)  # kits filled the years before


def test_i7_counts_what_the_two_held_and_no_drill_of_the_shanghai_group_that_others_did() -> None:
    """Of 14 events before and 56 after, five and six were held by others or by security services."""
    c = claim("I7")
    o = run(c.tests[0], PAIR, NOW, default_holdings())
    exact = rate_ratio(9, 11.0, 50, 12.0)
    assert o.value == pytest.approx(exact.value, rel=0.01)
    assert (
        o.low < exact.low and o.high > exact.high
    )  # yearly counts vary a little more than independent events


def test_the_change_of_a_few_exercises_is_judged_by_its_interval() -> None:
    """The figures alone pass; the intervals of a rise of one a year begin below the half that is asked."""
    for name, n, verdict in (("P6", 0, "partly supported"), ("P7", 2, "partly supported")):
        o = run(claim(name).tests[n], PAIR, NOW, default_holdings())
        assert o.value > claim(name).tests[n].supported and "exact Poisson" in o.band.name
        assert o.verdict == verdict and (o.low >= 0.5) == (verdict == "supported")


def test_every_grid_holds_the_rule_as_it_stands_and_says_when_it_was_set() -> None:
    for c in ledger():
        if c.grid:
            assert any(not choice.set for axis in c.grid.axis for choice in axis.choices)
            assert bool(c.grid.set) != bool(c.grid.set_after)
            for axis in c.grid.axis:
                assert not choice_is_default(axis) or axis.why


def choice_is_default(axis: Axis) -> bool:
    return any(not c.set for c in axis.choices)


def test_a_grid_without_the_rule_is_refused() -> None:
    c = claim("F1")
    axis = Axis(name="a", kind="statistic", why="w", choices=(
        GridChoice(name="median", set={"statistic": "median"}),
        GridChoice(name="max", set={"statistic": "max"})))  # fmt: skip
    with pytest.raises(ValueError, match="no choice of its grid"):
        robustness(Grid(set="2026-11-25", axis=(axis,)), c.tests, PAIR, NOW, default_holdings())


def test_a_choice_whose_window_is_not_held_throughout_is_refused() -> None:
    c = claim("I2")
    axis = Axis(name="a", kind="window", why="w", choices=(
        GridChoice(name="as is"), GridChoice(name="far", set={"before": ["1990", "2021"]})))  # fmt: skip
    r = robustness(Grid(set="2026-11-25", axis=(axis,)), c.tests, PAIR, NOW, default_holdings())
    assert [bool(cell.refused) for cell in r.cells] == [False, True]


def test_the_set_is_made_by_rule_and_holds_the_clients_that_the_design_counted() -> None:
    clients = members("clients", "RUS", NOW, default_holdings())
    assert len(clients) == 27 and {"CHN", "IND", "VNM", "DZA"} <= set(clients)
    importers = members("arms importers", "RUS", NOW, default_holdings())
    assert len(importers) == 30 and not {"USA", "DEU", "JPN"} & set(importers)


def test_the_rule_of_f1_passes_for_many_other_pairs() -> None:
    c, held = claim("F1"), default_holdings()
    assert c.reference is not None
    own = run(c.tests[0], PAIR, NOW, held)
    base = base_rate(c.reference, c.tests, own, PAIR, NOW, held)
    assert base is not None and base.others > 20 and 0.2 < base.share < 0.6
    assert f"{base.passing} of {base.others} other pairs" in base.sentence


def test_a_pair_is_unusual_only_where_at_most_a_tenth_lie_as_far() -> None:
    assert BaseRate(20, 10, 2, "x").unusual and not BaseRate(20, 10, 3, "x").unusual


def test_a_rival_cannot_be_told_where_the_interval_spans_its_mark() -> None:
    c, held = claim("I7"), default_holdings()
    rival = c.rivals[0].test
    assert rival is not None
    o = run(rival, PAIR, NOW, held)
    assert o.low is not None and o.high is not None and o.low < rival.supported < o.high
    assert told(rival, o) == "cannot tell"
    assert told(rival.model_copy(update={"supported": 10.0}), o) == "holds"
    assert told(rival.model_copy(update={"supported": 0.1}), o) == "does not hold"


def test_where_no_choice_supports_the_verdict_is_the_milder_one_against() -> None:
    j = judge(("RUS", "IND"), NOW, only="F5")[0]
    assert j.robustness is not None and j.robustness.word == "no choice supports"
    assert j.verdict == "not supported" and "choices give contradicted" in j.why


@pytest.mark.parametrize("name", ["I2", "I7", "P6", "W1"])
def test_what_is_supported_does_not_lead_with_its_most_favourable_choice(name: str) -> None:
    j = judge(("RUS", "CHN"), NOW, only=name)[0]
    assert j.verdict == ("partly supported" if name == "P6" else "supported") and j.robustness is not None
    own, values = j.robustness.cells[0].value, j.robustness.values
    best = values[-1] if claim(name).tests[0].direction == "up" else values[0]
    assert own != best


def test_other_counts_of_stored_tanks_are_judged_and_not_only_shown() -> None:
    j = judge(("RUS", "CHN"), NOW, only="P13")[0]
    assert j.robustness is not None and len(j.robustness.judged) == 4
    assert j.robustness.share("supported") == 1.0
    assert j.rivals[0].outcome == "does not hold"  # one maker tells both dates


def test_what_is_counted_is_contradicted_only_by_the_whole_interval() -> None:
    j = judge(("RUS", "CHN"), NOW, only="F15")[0]
    meetings = j.legs[2]
    assert meetings.low is not None and meetings.high is not None and meetings.low < 0.9 < meetings.high
    assert meetings.verdict == "not supported" and j.verdict == "mixed"


def test_a_share_is_compared_with_the_shares_of_others_and_not_with_gaps_that_none_could_reach() -> None:
    """What others get holds the great client itself, for every pair but its own."""
    c = claim("K2")
    assert c.reference is not None and c.reference.by == "group" and not c.headline
    own = run(c.tests[0], PAIR, NOW, default_holdings())
    base = base_rate(c.reference, c.tests, own, PAIR, NOW, default_holdings())
    gaps = base_rate(
        c.reference.model_copy(update={"by": "figure"}), c.tests, own, PAIR, NOW, default_holdings()
    )
    assert base is not None and gaps is not None and gaps.as_far == 0 < base.as_far
