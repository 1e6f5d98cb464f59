# SPDX-License-Identifier: Apache-2.0
"""A rule does what the ledger's words say, at and around its thresholds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pyarrow as pa
import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Interval, Point, measure
from bilat.measures.answer import LINEAGE
from bilat.measures.registry import trial
from bilat.units import count
from bilat.verdicts.asked import Test as Rule
from bilat.verdicts.outcome import Outcome
from bilat.verdicts.rules import run
from bilat.when import AsOf

DYAD = Dyad("RUS", "CHN")


BOUNDS = Interval("bounds", "bounds as published")
#: One row to stand behind a made-up point.
ROW = pa.Table.from_pylist(
    [{"period": "2020", "locator": "line 1", "known_on": date(2021, 1, 1), "known_basis": "published",
      "source": "sipri_register", "snapshot": "0" * 64, "vintage": date(2021, 1, 1), "revised_later": False}],
    LINEAGE,
)  # fmt: skip


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
        least_held: float = 0.5,
        tables: tuple[str, ...] = (),
        interval: Interval = BOUNDS,
        **rule: object,
    ) -> Outcome:
        @measure(
            "test.made",
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
        return run(asked_rule, DYAD, AsOf(as_of), Holdings(), least_held=least_held)

    with trial():
        yield judge


def years(first: int, values: Sequence[float], group: str = "") -> list[Point]:
    return [Point(str(first + i), v, group=group) for i, v in enumerate(values)]


CHANGE = {"form": "change", "before": ("2016", "2019"), "after": ("2020", "2023")}


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
    assert "2020 to 2023" in outcome.missing and "as of 2019-12-31" in outcome.missing


def test_now_ends_a_window_at_the_as_of_date(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2020, [1, 1, 1, 100])
    rule = {"form": "level", "window": ("2020", "now"), "supported": 50.0, "statistic": "max"}
    assert asked(points, as_of="2022-12-31", **rule).verdict == "not supported"
    assert asked(points, as_of="2024-06-30", **rule).verdict == "supported"


def test_by_interval_the_whole_interval_must_pass(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "statistic": "last", "decide": "interval", "supported": 1.0, "contradicted": 1.0}

    def one(value: float, low: float, high: float) -> str:
        return asked([Point("2020", value, low, high)], **rule).verdict

    assert one(2.0, 1.2, 3.0) == "supported"
    assert one(1.5, 0.8, 3.0) == "partly supported"
    assert one(0.8, 0.4, 1.6) == "not supported"
    assert one(0.5, 0.2, 0.9) == "contradicted"


def test_a_band_has_two_sides(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "statistic": "last", "supported": 0.8, "partly": 0.6, "upper": 1.25}
    rule["upper_partly"] = 1.5
    verdicts = [asked([Point("2020", v)], **rule).verdict for v in (0.5, 0.7, 1.0, 1.25, 1.3, 1.6)]
    assert verdicts == [
        "not supported", "partly supported", "supported", "supported", "partly supported", "not supported"
    ]  # fmt: skip


def test_a_steady_fall_is_a_supported_fall_and_a_contradicted_rise(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2000, [float(20 - i) for i in range(12)])
    assert asked(points, form="trend", direction="down", supported=0.0).verdict == "supported"
    assert asked(points, form="trend", direction="up", supported=0.0).verdict == "contradicted"
    assert asked(points[:4], form="trend", supported=0.0).verdict == "not measurable"


def test_a_slope_that_chance_gives_as_often_supports_nothing_in_part(asked) -> None:  # type: ignore[no-untyped-def]
    """The sign alone is right of every second series."""
    noise = years(2000, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 1, 4])
    o = asked(noise, form="trend", direction="up", supported=0.0)
    assert o.value > 0 and o.low < 0 and o.verdict == "not supported"
    assert asked(noise, form="trend", direction="down", supported=0.0).verdict == "not supported"


def test_of_random_series_a_trend_is_supported_or_contradicted_as_seldom_as_its_interval_says(asked) -> None:  # type: ignore[no-untyped-def]
    import numpy as np

    random = np.random.default_rng(11)
    said = [asked(years(1990, random.normal(size=20).tolist()), form="trend", supported=0.0).verdict
            for _ in range(200)]  # fmt: skip
    assert said.count("supported") + said.count("contradicted") <= 0.09 * 200
    assert said.count("partly supported") <= 0.06 * 200


def test_groups_take_the_states_of_the_dyad(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2020, [7.0], group="RUS>CHN") + years(2020, [1.0], group="CHN>RUS")
    assert asked(points, form="level", group="{b}>{a}", supported=1.0).value == 1.0


@pytest.mark.parametrize(
    ("points", "window", "as_of", "coverage"),
    [
        (years(2014, [1] * 4), ("2014", "2021"), "2024-06-30", 0.5),
        (years(2014, [1] * 8), ("2014", "2021"), "2024-06-30", 1.0),
        # 2024 has not ended: four years are asked, and its early figure counts for none of them
        (years(2020, [1, 1]), ("2020", "now"), "2024-06-30", 0.5),
        ([*years(2020, [1, 1]), Point("2024", 1)], ("2020", "now"), "2024-06-30", 0.5),
        (years(2020, [1, 1]), ("2020", "now"), "2024-12-31", 0.4),
        ([Point("2022-03", 1), Point("2022-04", 2)], ("2022-03", "now"), "2022-07-01", 0.5),
        ([Point("2022-03", 1)], ("2022-01", "2022-12"), "2023-01-01", 1 / 12),
        (
            [Point("2022-02-17", 1)],
            ("2022-01-01", "now"),
            "2023-01-01",
            1.0,
        ),  # what should be there is unknown
        ([Point("2014-2021", 1)], ("2010", "2025"), "2024-06-30", 1.0),
        (years(2022, [1]), ("2022", "now"), "2022-06-30", 1.0),  # none of its years has ended
    ],
)
def test_coverage_is_the_share_of_ended_periods_that_have_a_figure(
    asked, points, window, as_of, coverage
) -> None:  # type: ignore[no-untyped-def]
    outcome = asked(points, as_of, least_held=-1, form="level", window=window, supported=1.0)
    assert outcome.coverage == pytest.approx(coverage)


def test_a_year_without_an_entry_adds_nothing_to_a_sum_and_is_not_missing(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "window": ("2014", "2021"), "supported": 1.0}
    assert asked(years(2014, [1]), statistic="sum", **rule).coverage == 1.0
    assert asked(years(2014, [1]), statistic="mean", least_held=-1, **rule).coverage == 0.125


def test_the_coverage_of_a_change_is_that_of_its_emptier_window(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2016, [10] * 4) + years(2022, [10])
    assert asked(points, least_held=-1, **CHANGE, supported=1.1).coverage == 0.25


def test_a_group_without_a_figure_in_a_year_is_not_covered_by_another(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2020, [1] * 4, group="a") + years(2020, [1], group="b")
    rule = {"form": "level", "window": ("2020", "2023"), "supported": 1.0}
    assert asked(points, group="b", least_held=-1, **rule).coverage == 0.25


def test_the_coverage_of_a_trend_is_that_of_its_window(asked) -> None:  # type: ignore[no-untyped-def]
    points = years(2000, [float(i) for i in range(6)])
    assert asked(points, form="trend", window=("2000", "2019"), supported=0.0, least_held=-1).coverage == 0.3


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
    outcome = asked(points, form="level", window=("2022", "2022"), supported=1.0, least_held=-1)
    assert outcome.value == 2.0


def test_a_window_half_of_which_is_missing_is_refused(asked) -> None:  # type: ignore[no-untyped-def]
    rule = {"form": "level", "window": ("2014", "2021"), "supported": 1.0}
    refused = asked(years(2014, [1] * 4), **rule)
    assert refused.verdict == "not measurable" and "50% of the periods" in refused.missing
    assert asked(years(2014, [1] * 5), **rule).verdict == "supported"


def test_beyond_the_last_figure_held_an_open_window_has_age_and_no_gap(asked) -> None:  # type: ignore[no-untyped-def]
    outcome = asked(years(2016, [1, 1]), form="level", window=("2016", "now"), supported=1.0)
    assert outcome.verdict == "supported" and outcome.coverage == 0.25
    assert str(outcome.data_to) == "2017-12-31"


def test_memory_takes_the_sureness_from_a_trend(asked) -> None:  # type: ignore[no-untyped-def]
    """A wave of a long period has no trend; the plain test of ranks calls its first half one."""
    import math

    wave = [10 * math.sin(i / 9) for i in range(28)]
    outcome = asked(years(1990, wave), form="trend", direction="up", supported=0.0)
    assert outcome.verdict in ("partly supported", "not supported")
    assert "widened for memory" in outcome.band.name
    steps = [i + (1 if i % 2 else -1) for i in range(20)]
    assert asked(years(1990, steps), form="trend", supported=0.0).verdict == "supported"
