# SPDX-License-Identifier: Apache-2.0
"""Counts of events add up before they get an interval; it holds the rate as often as it says. What has no interval
gets none."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

from bilat.dyad import Dyad
from bilat.measures import Interval, Measurement, Point, ask, default_holdings, measures
from bilat.statistics import poisson_interval, rate_ratio
from bilat.verdicts.bands import band_of
from bilat.verdicts.claim_tests import Test as Rule
from bilat.verdicts.ledger import ledger
from bilat.verdicts.outcome import Band
from bilat.verdicts.periods import Picked
from bilat.verdicts.rules import run
from bilat.when import AsOf

RATE = Interval("sampling", "95% exact Poisson interval of the yearly rate", 0.95, about="rate")
ERROR = Interval("sampling", "95% interval", 0.95)
BOUNDS = Interval("bounds", "low: the least published", note="high: the greatest")


def window(*counts: int) -> Picked:
    points = []
    for n, c in enumerate(counts):
        own = poisson_interval(c)
        points.append(
            Point(period=str(2000 + n), group="g", value=float(c), low=own.low, high=own.high)
        )
    return Picked("w", None, points, [], 1.0)


def rule(**fields: object) -> Rule:
    given = {
        "what": "events",
        "measure": "m",
        "form": "level",
        "supported": 0,
        "say": "{value}",
        **fields,
    }
    if given["form"] == "change":
        given |= {"before": ["2000", "2001"], "after": ["2002", "2003"]}
    return Rule.model_validate(given)


def band(test: Rule, *windows: Picked, interval: Interval = RATE) -> Band:
    found, _ = band_of(test, windows, interval)
    assert found is not None
    return found


def test_a_total_has_the_exact_interval_of_a_count() -> None:
    found = band(rule(statistic="sum"), window(1, 3, 1, 2, 1))
    assert found.low == pytest.approx(chi2.ppf(0.025, 16) / 2) and found.high == pytest.approx(
        chi2.ppf(0.975, 18) / 2
    )
    mean = band(rule(statistic="mean"), window(1, 3, 1, 2, 1))
    assert (mean.low, mean.high) == pytest.approx((found.low / 5, found.high / 5))


def test_events_in_bunches_have_a_wider_interval_that_says_so() -> None:
    even, bunched = band(rule(), window(2, 2, 2, 2)), band(rule(), window(0, 8, 0, 0))
    assert bunched.low < even.low and bunched.high > even.high
    assert "vary 0.00 times" in even.name and "widens" not in even.name
    assert "vary 8.00 times as much as chance alone would give, which widens it" in bunched.name


def test_points_that_ask_the_same_again_are_not_taken_as_independent() -> None:
    """The mean of a hundred votes of the same states is no surer than one of them."""
    one, many = bare(45.0, low=40.0, high=50.0), bare(*[45.0] * 100, low=40.0, high=50.0)

    said = Interval("sampling", "95% Wilson score interval", 0.95, about="repeated")
    found, _ = band_of(rule(supported=50), [many], said)
    assert found is not None and (found.low, found.high, found.level) == (40.0, 50.0, 0.95)
    assert "depend on one another" in found.name
    alone, _ = band_of(rule(supported=50), [one], said)
    assert alone is not None and "depend" not in alone.name
    change = rule(form="change", compare="difference")
    found, _ = band_of(change, [many, bare(60.0, 60.0, low=55.0, high=65.0)], said)
    assert found is not None and (found.low, found.high, found.level) == (5.0, 25.0, 0.95)


def test_a_ratio_of_two_rates_is_that_of_the_exact_test() -> None:
    found = band(rule(form="change", compare="ratio"), window(2, 1, 4), window(3, 5))
    exact = rate_ratio(7, 3, 8, 2)
    assert (found.low, found.high, found.level) == (exact.low, exact.high, 0.95)


def test_what_is_no_count_keeps_its_own_bounds() -> None:
    points = [
        Point(period="2000", group="g", value=0.5, low=0.1, high=0.9),
        Point(period="2001", group="g", value=1.5, low=1.1, high=1.9),
    ]
    halves = Picked("w", None, points, [], 1.0)
    assert "quadrature" in band(rule(statistic="mean"), halves, interval=ERROR).name


@pytest.mark.parametrize("rates", [(0.1, 1.0), (0.5, 0.5), (3.0, 1.0)])
def test_the_interval_of_a_difference_holds_it_at_least_about_as_often_as_it_says(
    rates: tuple[float, float],
) -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        found = band(
            rule(form="change", compare="difference"),
            *(window(*random.poisson(r, years)) for r, years in zip(rates, (16, 7), strict=True)),
        )
        held += found.low <= rates[1] - rates[0] <= found.high
    assert held / 400 > 0.93


def test_no_event_after_some_before_has_the_exact_interval_of_a_ratio_of_nought() -> None:
    found = band(
        rule(form="change", direction="down"), window(*[0] * 41, *[1] * 5), window(*[0] * 23)
    )
    exact = rate_ratio(5, 46, 0, 23)
    assert (found.low, found.high) == (0.0, exact.high) and found.high > 2
    assert "exact" in found.name


def none(test: Rule, *windows: Picked, interval: Interval = BOUNDS) -> str:
    found, why = band_of(test, windows, interval)
    assert found is None
    return why


def bare(*figures: float, low: float | None = None, high: float | None = None) -> Picked:
    points = [Point(str(2000 + n), f, low, high, group="g") for n, f in enumerate(figures)]
    return Picked("w", None, points, [], 1.0)


def test_what_has_no_width_is_no_interval() -> None:
    assert (
        none(rule(statistic="last"), bare(4.0, low=4.0, high=4.0))
        == "its lower and upper ends are the same"
    )


def test_the_median_of_counts_is_not_drawn_again() -> None:
    assert "exact interval" in none(
        rule(statistic="median"), window(*[1, 3, 0, 2] * 3), interval=RATE
    )


def test_the_spread_of_what_a_point_sums_up_is_no_interval_of_it() -> None:
    apart = Interval("spread", "least and greatest distance")
    assert "no interval" in none(
        rule(statistic="max"), bare(3.0, 9.0, low=1.0, high=9.0), interval=apart
    )


def test_where_a_new_year_would_lie_is_no_interval_of_this_one() -> None:
    new = Interval("model", "90% prediction interval of one more year", 0.9, about="new")
    assert (
        none(rule(), bare(3.0, low=1.0, high=9.0), interval=new) == "the source gives no interval"
    )


def test_bounds_without_a_level_are_added_end_to_end_and_not_as_errors() -> None:
    before, after = bare(4.0, 6.0, low=2.0, high=8.0), bare(2.0, low=1.0, high=3.0)

    def ends(test: Rule, *windows: Picked, interval: Interval = BOUNDS) -> tuple[float, float]:
        found, _ = band_of(test, windows, interval)
        assert isinstance(found, Band) and found.level is None
        return found.low, found.high

    assert ends(rule(), before) == (2.0, 8.0)
    assert ends(rule(form="change"), before, after) == (1 / 8, 3 / 2)
    assert ends(rule(form="change"), before, after, interval=Interval("rule", "by two rules")) == (
        3 / 8,
        1 / 2,
    )


def test_a_measure_declares_that_it_counts_events_where_its_intervals_are_those_of_counts() -> None:
    declared = {name for name, m in measures().items() if m.interval.about == "rate"}
    assert declared == {
        name
        for name, m in measures().items()
        if "exact Poisson interval of the yearly" in m.interval.name
    }
    for name in sorted(declared):
        yearly = [
            p
            for p in ask(name, as_of="2024-06-30").points
            if len(p.period) == 4 and p.low is not None
        ]
        assert yearly, name
        for p in yearly:
            own = poisson_interval(int(p.value or 0))
            assert (p.low, p.high) == pytest.approx((own.low, own.high)), (
                f"{name} {p.group} {p.period}"
            )


def test_deadly_disputes_of_the_ledger_have_an_interval() -> None:
    claim = next(c for c in ledger() if c.id == "F12")
    o = run(claim.tests[1], Dyad("RUS", "CHN"), AsOf("2023-03-20"), default_holdings())
    assert (
        o.value == 0 and o.band is not None and o.band.high > 1 and o.verdict == "partly supported"
    )


def decided() -> dict[tuple[str, int], tuple[object, ...]]:
    """(claim, test) -> verdict, ends: of every test of the ledger."""
    then, pair, out = AsOf("2023-03-20"), Dyad("RUS", "CHN"), {}
    for claim in ledger():
        for n, test in enumerate(claim.tests):
            o = run(test, pair, then, default_holdings())
            out[claim.id, n] = (o.verdict, o.low, o.high)
    return out


def test_no_word_of_an_interval_moves_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    before = decided()
    declared = Measurement.declared

    def reworded(m: Measurement, group: str) -> Interval:
        return replace(
            declared(m, group),
            name="middle third of 85% of losses, 5% to 20%",
            note="none; 50% events",
        )

    monkeypatch.setattr(Measurement, "declared", reworded)
    assert decided() == before


@pytest.mark.parametrize(
    ("measure", "params", "group", "kind", "level"),
    [
        ("votes.agreement", {"method": "voeten"}, None, "sampling", 0.95),
        ("meetings.leaders", {}, "each format", "sampling", 0.95),
        ("meetings.leaders", {}, "meetings since 2013", "rule", None),
        ("exercises.complexity", {}, "", "bounds", None),
        ("exercises.rate_ratio", {"level": 0.5}, "all kinds", "sampling", 0.5),
        ("trade.mirror_gap", {"exporter": "DEU", "importer": "KGZ"}, None, "model", 0.9),
        ("regime.constraints", {}, "RUS polyarchy", "sampling", 0.68),
        ("regime.constraints", {"index": "legislative_v9"}, "RUS", "sampling", 0.68),
        ("votes.ideal_distance", {}, "RUS-CHN", "sampling", 0.9),
    ],
)
def test_the_kind_and_the_level_are_those_of_the_group(
    measure: str, params: dict[str, object], group: str | None, kind: str, level: float | None
) -> None:
    """Each of these was once read out of its words, and some of them wrongly."""
    m = ask(measure, holdings=default_holdings(), **params)
    of = [m.declared(p.group) for p in m.points if p.low is not None and group in (None, p.group)]
    assert of and {(i.kind, i.level) for i in of} == {(kind, level)}


def test_an_index_published_without_bounds_has_none() -> None:
    m = ask("regime.constraints", holdings=default_holdings())
    assert m.declared("RUS legislative").kind == "none" and m.interval.kind == "sampling"


def test_two_groups_with_intervals_of_two_kinds_have_none_together() -> None:
    """Talks by a wider and a stricter rule beside counts of events: no arithmetic holds for the two."""
    m = ask("meetings.leaders", holdings=default_holdings())
    test = rule(
        measure="meetings.leaders",
        form="gap",
        group="meetings since 2013",
        minus="each format",
        statistic="last",
    )
    assert m.declared("meetings since 2013") != m.declared("each format")
    o = run(test, Dyad("RUS", "CHN"), AsOf(None), default_holdings())
    assert o.band is None
