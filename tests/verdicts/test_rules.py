# SPDX-License-Identifier: Apache-2.0
"""A rule does what the ledger's words say, at and around its thresholds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pyarrow as pa
import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Interval, Pair, Point, measure
from bilat.measures.answer import LINEAGE
from bilat.measures.registry import trial
from bilat.units import count
from bilat.verdicts.claim_tests import Test as Rule
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import Last, Outcome
from bilat.verdicts.rule_text import figure
from bilat.verdicts.rules import run
from bilat.verdicts.sentences import clause
from bilat.when import AsOf

DYAD = Dyad("RUS", "CHN")


BOUNDS = Interval("bounds", "bounds as published")
#: One row to stand behind a made-up point.
ROW = pa.Table.from_pylist(
    [
        {
            "period": "2020",
            "locator": "line 1",
            "known_on": date(2021, 1, 1),
            "known_basis": "published",
            "source": "sipri_register",
            "snapshot": "0" * 64,
            "vintage": date(2021, 1, 1),
            "revised_later": False,
        }
    ],
    LINEAGE,
)


def row_of(period: str) -> pa.Table:
    """The row with the period of the point that it stands behind, known a year after its end."""
    last = period.split("-")[-1] if len(period) == 9 else period
    row = {**ROW.to_pylist()[0], "period": last, "known_on": date(int(last[:4]) + 1, 1, 31)}
    return pa.Table.from_pylist([row], LINEAGE)


@pytest.fixture
def asked() -> Iterator[Callable[..., Outcome]]:
    """Judge made-up points by a rule."""

    def judge(
        points: Sequence[Point],
        as_of: str = "2024-06-30",
        *,
        tables: tuple[str, ...] = (),
        interval: Interval = BOUNDS,
        **rule: object,
    ) -> Outcome:
        @measure(
            "test.made",
            of=Pair,
            title="made",
            unit=count("units"),
            tables=tables,
            reference="none",
            interval=interval,
            method="made for this test",
        )
        def made(ask: Ask) -> Answer:
            out = ask.answer()
            for p in points:
                out.point(
                    p.period,
                    p.value,
                    low=p.low,
                    high=p.high,
                    kind=p.kind,
                    group=p.group,
                    rows=row_of(p.period),
                )
            return out

        asked_rule = Rule(measure="test.made", **rule)  # type: ignore[arg-type]
        return run(asked_rule, DYAD, AsOf(as_of), Holdings())

    with trial():
        yield judge


def years(first: int, values: Sequence[float], group: str = "") -> list[Point]:
    return [Point(str(first + i), v, group=group) for i, v in enumerate(values)]


CHANGE = {"form": "change", "before": ("2016", "2019"), "after": ("2020", "2023")}
CHANGE_OF_TWO = {"form": "change", "before": ("2016", "2017"), "after": ("2018", "2019")}


def rule_text(test: Rule) -> str:
    """What the printed rule computes; of a measure that exists."""
    held = test.model_copy(update={"measure": "transfers.tiv"})
    return figure(held, Names(DYAD))


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (11, "supported"),
        (10.5, "partly supported"),
        (10, "partly supported"),
        (9.5, "not supported"),
        (9, "contradicted"),
        (5, "contradicted"),
    ],
)
def test_a_change_is_judged_by_its_thresholds(asked, after, verdict) -> None:  # type: ignore[no-untyped-def]
    points = years(2016, [10] * 4 + [after] * 4)
    assert asked(points, **CHANGE, supported=1.1, partly=1.0, contradicted=0.9).verdict == verdict


def test_down_mirrors_up(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2016, [10] * 4 + [4] * 4)
    rule = {**CHANGE, "direction": "down", "supported": 0.5, "partly": 0.8, "contradicted": 1.0}
    assert asked(points, **rule).verdict == "supported"
    assert asked(years(2016, [10] * 4 + [12] * 4), **rule).verdict == "contradicted"


def test_a_window_without_its_points_is_not_measurable_and_says_what_is_missing(asked) -> None:  # type: ignore[no-untyped-def]
    outcome = asked(years(2016, [10] * 4), as_of="2019-12-31", **CHANGE, supported=1.1)
    assert outcome.verdict == "not measurable"
    assert "for 2020-23" in outcome.missing and "as of 31 December 2019" in outcome.missing


def test_years_are_counted_back_from_the_last_one_held(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "change", "before": ("now-3", "now-2"), "after": ("now-1", "now"), "need": 2}
    early = asked(years(2016, [8, 8, 4, 4]), **rule, supported=1)
    late = asked(years(2016, [8, 8, 4, 4, 12]), **rule, supported=1)
    assert (early.period, early.value) == ("2018..2019 against 2016..2017", 0.5)
    assert (late.period, late.value) == ("2019..2020 against 2017..2018", 8 / 6)
    assert asked(years(2016, [8, 4, 4]), **rule, supported=1).verdict == "not measurable"


def test_a_year_that_is_not_over_is_no_last_year(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "window": ("now-1", "now"), "supported": 1}
    outcome = asked(years(2016, [8, 8, 4, 99]), as_of="2019-06-30", **rule)
    assert (outcome.period, outcome.value) == ("2017..2018", 6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("2014", "2018"), ("2020", "now")),
        (("now-9", "now-6"), ("now-4", "now")),
    ],
)
def test_a_change_that_leaves_out_years_says_why(before, after) -> None:  # type: ignore[no-untyped-def]
    rule = {"measure": "m", "form": "change", "before": before, "after": after, "supported": 1}
    with pytest.raises(ValueError, match="let the windows meet, or say in apart why"):
        Rule(**rule)
    assert ". A pandemic" in rule_text(Rule(**rule, apart="a pandemic"))
    assert Rule(**{**rule, "after": (after[0], "2019")}, apart="a pandemic").apart


def test_windows_of_years_and_of_years_back_are_not_compared() -> None:
    rule = {"measure": "m", "form": "change", "supported": 1}
    with pytest.raises(ValueError, match="give both as years or both as years back"):
        Rule(**rule, before=("2014", "2018"), after=("now-4", "now"))


def test_a_level_names_the_window_that_it_is_set_beside(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "base": ("2016", "2017"), "window": ("2018", "now"), "supported": 1}
    said = "{before:.1f} in {before_period}, {value:.1f} in {period}"
    outcome = asked(years(2016, [8, 6, 2, 4]), **rule, say=said)
    assert outcome.sentence == "7.0 in 2016-17, 3.0 in 2018-19"
    assert outcome.value == 3


def test_a_last_figure_is_set_beside_the_last_one_of_the_years_before(asked) -> None:  # type: ignore[no-untyped-def]
    outcome = asked(years(2016, [1, 2, 2, 4]), **CHANGE_OF_TWO, supported=1)
    last = Last("2019", 4, "2018", 2)
    assert clause("{on_base_end:level} in {base_end}", outcome, last) == "2.0 times those in 2017"
    same = Last("2019", 2.05, "2018", 2)
    assert clause("{on_base_end:level} in {base_end}", outcome, same) == "as high as in 2017"


def test_now_ends_a_window_at_the_as_of_date(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2020, [1, 1, 1, 100])
    rule = {"form": "level", "window": ("2020", "now"), "supported": 50.0, "statistic": "max"}
    assert asked(points, as_of="2022-12-31", **rule).verdict == "not supported"
    assert asked(points, as_of="2024-06-30", **rule).verdict == "supported"


def test_by_interval_the_whole_interval_must_pass(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {
        "form": "level",
        "statistic": "last",
        "decide": "interval",
        "supported": 1.0,
        "contradicted": 1.0,
    }

    def one(value: float, low: float, high: float) -> str:
        return asked([Point("2020", value, low, high)], **rule).verdict

    assert one(2.0, 1.2, 3.0) == "supported"
    assert one(1.5, 0.8, 3.0) == "partly supported"
    assert one(0.8, 0.4, 1.6) == "not supported"
    assert one(0.5, 0.2, 0.9) == "contradicted"


def test_groups_take_the_states_of_the_dyad(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2020, [7.0], group="RUS>CHN") + years(2020, [1.0], group="CHN>RUS")
    assert asked(points, form="level", group="{b}>{a}", supported=1.0).value == 1.0


def test_a_year_without_an_entry_adds_nothing_to_a_sum_and_is_not_missing(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "window": ("2014", "2021"), "supported": 1.0}
    assert asked(years(2014, [1]), statistic="sum", **rule).verdict == "supported"
    assert "12% of the periods" in asked(years(2014, [1]), statistic="mean", **rule).missing


def test_a_change_is_refused_for_its_emptier_window_and_a_group_for_its_own_gaps(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2016, [10] * 4) + years(2022, [10])
    assert "25% of the periods for 2020-23" in asked(points, **CHANGE, supported=1.1).missing
    points = years(2020, [1] * 4, group="a") + years(2020, [1], group="b")
    rule = {"form": "level", "window": ("2020", "2023"), "supported": 1.0}
    assert asked(points, group="a", **rule).value == 1
    assert "25% of the periods" in asked(points, group="b", **rule).missing


def test_a_year_that_is_not_over_is_shown_and_never_averaged(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2021, [4, 4, 4, 0])
    rule = {"form": "level", "window": ("2021", "now"), "supported": 4.0}
    outcome = asked(points, as_of="2024-06-30", **rule)
    assert outcome.value == 4.0 and [p.period for p in outcome.shown] == ["2024"]


def test_a_list_of_events_reaches_as_far_as_its_last_event(asked) -> None:  # type: ignore[no-untyped-def]
    """On New Year's Day nothing has been read: the year before is whole when something later is known."""
    points = [*years(2021, [4, 4, 4]), Point("2024-05-20", 1)]
    rule = {"form": "level", "window": ("2021", "2023"), "supported": 4.0, "tables": ("events",)}
    assert asked(points, as_of="2025-06-30", **rule).value == 4.0
    assert asked(points[:3], as_of="2024-01-01", **rule).value == 4.0
    early = [*years(2021, [4, 4]), Point("2023", 1)]
    rule["window"] = ("2021", "now")
    assert asked(early, as_of="2023-12-31", **rule).period == "2021..2023"


def test_a_month_lies_in_a_window_that_ends_in_its_year(asked) -> None:  # type: ignore[no-untyped-def]
    points = [Point("2022-03", 1), Point("2022-11", 3), Point("2023-01", 9)]
    outcome = asked(points, form="level", window=("2022", "2022"), statistic="sum", supported=1.0)
    assert outcome.value == 4.0


def test_a_window_half_of_which_is_missing_is_refused(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "window": ("2014", "2021"), "supported": 1.0}
    refused = asked(years(2014, [1] * 4), **rule)
    assert refused.verdict == "not measurable" and "50% of the periods" in refused.missing
    assert asked(years(2014, [1] * 5), **rule).verdict == "supported"


def test_beyond_the_last_figure_held_an_open_window_has_age_and_no_gap(asked) -> None:  # type: ignore[no-untyped-def]
    outcome = asked(years(2016, [1, 1]), form="level", window=("2016", "now"), supported=1.0)
    assert outcome.verdict == "supported"
    assert str(outcome.data_to) == "2017-12-31"


def test_a_highest_figure_stands_for_its_whole_window_and_not_for_its_own_year(asked) -> None:  # type: ignore[no-untyped-def]
    """The farthest drill was years ago; that none since went farther is known to the end."""
    rule = {"form": "level", "window": ("2016", "now"), "statistic": "max", "supported": 1.0}
    outcome = asked(years(2016, [9, 1, 1]), **rule)
    assert outcome.value == 9.0 and str(outcome.data_to) == "2016-12-31"
    assert str(outcome.record_to) == "2018-12-31"


def test_a_share_of_periods_counts_years_with_any_and_not_how_many(asked) -> None:  # type: ignore[no-untyped-def]
    """One purchase makes several lines of a register."""
    rule = {
        "form": "level",
        "window": ("2014", "2017"),
        "statistic": "share of periods",
        "supported": 0.5,
        "say": "{active:count} of {windows:count} years, the last {latest}",
    }
    outcome = asked(years(2014, [8, 0, 1, 0]), **rule)
    assert (outcome.value, outcome.verdict) == (0.5, "supported")
    assert outcome.sentence == "two of four years, the last 2016"
    assert asked(years(2014, [90, 0, 0, 0]), **rule).value == 0.25
