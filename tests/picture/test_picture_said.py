# SPDX-License-Identifier: Apache-2.0
"""Sentences of the first screen and of a claim's page, read by somebody who wants to misread them."""

import datetime as dt
from dataclasses import replace

import pytest
from bilat.picture.findings import Finding, compared
from picture_made_up import PAIR, arms, judgement, made_up

from bilat.document import wording as words
from bilat.dyad import Dyad
from bilat.measures import Point
from bilat.picture.arithmetic import line, turning
from bilat.picture.charts import decisive, map
from bilat.picture.pages import say
from bilat.picture.story import Entry
from bilat.units import count, percent, ratio, share
from bilat.units.written import counted
from bilat.verdicts.asked import Test
from bilat.verdicts.decision import Decision
from bilat.verdicts.judgement import Leg, Rival
from bilat.verdicts.ledger import ledger
from bilat.verdicts.outcome import Band, Side
from bilat.verdicts.thresholds import verdict
from bilat.when import AsOf


def decision(test: Test, value: float, band: Band | None = None) -> Decision:
    m = made_up("made.up", [Point("2024", value)], unit=ratio())
    return Decision(test, m, value, band, (Side("", "2024", value, m.points),), False)


def made_test(**given: object) -> Test:
    return Test(measure="votes.ukraine", **{"form": "level", **given})  # type: ignore[arg-type]


def test_the_verdicts_of_the_headline_add_up_to_what_is_decided() -> None:
    stands = [("supported", 14), ("mixed", 6)]
    text = say(
        "story", "headline", "Russia and China", 26, 20, stands, 5, dt.date(2023, 3, 20), "no verdict moved"
    )
    assert text == (
        "Of 26 claims about Russia and China, public records decide 20: 14 supported, 6 mixed; "
        "5 more depend on the choice of method. Since 20 March 2023 no verdict moved."
    )
    one = say("story", "headline", "A and B", 2, 1, [("supported", 1)], 1, None, "")
    assert one == (
        "Of 2 claims about A and B, public records decide 1: 1 supported; 1 more depends on the choice of method."
    )


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((9, 3, 3, 20),
         "9 claims cannot be decided by public records held here, 3 show a modelled or published figure that decides "
         "nothing; 3 of the sources speak for one side; 20 of the decided claims rest on a record more than 13 months "
         "old."),
        ((1, 1, 1, 1),
         "1 claim cannot be decided by public records held here, 1 shows a modelled or published figure that decides "
         "nothing; 1 of the sources speaks for one side; 1 of the decided claims rests on a record more than 13 months "
         "old."),
        ((0, 0, 0, 0), "No claim is left undecided by public records held here."),
    ],
)  # fmt: skip
def test_a_model_of_ours_is_not_called_somebodys_published_figure(given: tuple[int, ...], text: str) -> None:
    assert say("story", "unseen", *given) == text


def test_one_of_a_kind_stands_in_the_singular() -> None:
    assert words.figure(1, count("exercises a year")) == "1 exercise a year"
    assert words.figure(1, count("treaties")) == "1 treaty"
    assert words.figure(1, count("listed firms")) == "1 listed firm"
    assert words.figure(2, count("treaties")) == "2 treaties"


def test_so_many_things_are_counted_in_words() -> None:
    assert [counted(n, "rows") for n in (0, 1, 2300)] == ["0 rows", "1 row", "2,300 rows"]
    assert counted(1, "entries") == "1 entry" and counted(1, "more rows") == "1 more row"


def test_one_thing_that_rose_is_not_told_of_as_they() -> None:
    assert words.moved(6.1, one=True) == "rose to 6.1 times what it was"
    assert words.moved(6.1) == "rose to 6.1 times what they were"


def test_what_lies_beyond_a_threshold_says_on_which_side_and_what_must_pass() -> None:
    band = Band(25.4, 74.6, "95% Wilson score interval", 0.95)
    share = made_test(decide="interval", supported=50, partly=25, contradicted=5)
    assert turning(decision(share, 50, band)) == "supported once the low end of the interval is above 50%"
    none = made_test(decide="interval", direction="down", supported=10, partly=25, contradicted=50)
    assert (
        turning(decision(none, 0.0, Band(0.0, 24.2, "95% Wilson score interval", 0.95)))
        == "supported once the high end of the interval is below 10%"
    )
    level = made_test(supported=20, partly=10)
    assert turning(decision(level, 45.0)) == "partly supported below 20%"
    assert turning(decision(level, 19.0)) == "supported above 20%"
    assert turning(decision(level, 20.0)) == "partly supported below 20%"


def test_what_turns_a_verdict_is_named_and_neither_the_other_that_lies_as_near() -> None:
    test = made_test(decide="interval", supported=6, partly=3, contradicted=1, unit="months", kind="quantity")
    d = decision(test, 3.0, Band(1.0, 5.0, "made up"))
    turn = d.turn()
    assert turn is not None and (turn.at, turn.figure, turn.above) == (3.0, 3.0, False)
    assert turning(d) == "not supported below 3"


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("decide", ["figure", "interval"])
def test_moving_what_is_named_past_its_threshold_gives_the_verdict_named(direction: str, decide: str) -> None:
    marks = (6, 3, 1) if direction == "up" else (1, 3, 6)
    test = made_test(
        decide=decide, direction=direction, supported=marks[0], partly=marks[1], contradicted=marks[2]
    )
    ends = (0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 7.0)
    for low, value, high in ((x, y, z) for x in ends for y in ends for z in ends if x <= y <= z):
        turn = decision(test, value, Band(low, high, "made up")).turn()
        assert turn is not None
        past = turn.at * (1 + 1e-6 if turn.above else 1 - 1e-6)
        moved, band = past, Band(low, high, "made up")
        if turn.figure != value or verdict(test, moved, band) != turn.verdict:  # an end may equal the figure
            assert turn.figure in (low, high)
            moved = value
            band = Band(past, high, "") if turn.figure == low else Band(low, past, "")
            if low == high == turn.figure and verdict(test, moved, band) != turn.verdict:
                band = Band(low, past, "")
        assert verdict(test, moved, band) == turn.verdict, (low, value, high, turn)


def test_the_arithmetic_of_a_level_stands_in_the_unit_of_the_test() -> None:
    test = made_test(supported=5, unit="points", kind="quantity")
    m = made_up("made.up", [Point("2024", 2.3)], unit=percent())
    d = Decision(test, m, 2.3, None, (Side("", "2024", 2.3, m.points),), False)
    leg = Leg("", "supported", "", 2.3, None, None, "", "points", "2024", None, decision=d)
    made = line(leg, "m")
    assert made is not None
    assert (made.terms[0].figure, made.terms[0].operands[0].text) == ("2.3", "2.3")


def test_a_difference_of_shares_is_points_and_no_share() -> None:
    points = share().reworded("points of the share")
    assert words.figure(0.19, points) == "19 points of the share"
    assert words.interval(0.05, 0.19, points) == "5.0 to 19"
    k2 = next(c for c in ledger() if c.id == "K2").tests[0]
    assert words.figure(-0.25, k2.unit_of(share("value delivered"))) == "\u221225 points of the share"


def test_a_ratio_to_watch_says_what_it_is_of_and_how_once_is_written() -> None:
    before, after = [Point("2021", 50.0)], [Point("2024", 48.0)]
    m = made_up("made.up", [*before, *after], unit=ratio())
    test = Test(
        measure="votes.recurring", form="change", before=("2021", "2021"), after=("2024", "now"),
        supported=1.1, partly=1.0, contradicted=0.9,
    )  # fmt: skip
    d = Decision(
        test,
        m,
        0.96,
        None,
        (Side("", "2021", 50.0, tuple(before)), Side("", "2024", 48.0, tuple(after))),
        False,
    )
    turn = d.turn()
    assert turn is not None
    assert compared(d, turn) == "0.96 times the level of 2021"
    assert d.written(turn.at) == "1.0 times"


def test_no_newer_record_is_never_said_where_another_test_has_one() -> None:
    def leg(to: dt.date) -> Leg:
        return Leg("", "supported", "", 1.0, None, None, "", count("events"), "", to)

    old, new = dt.date(2021, 12, 31), dt.date(2024, 5, 3)
    now = judgement("I3", "introduction", arms(), data_to=old, record_to=old, as_of=AsOf("2026-11-24"))
    then = replace(now, as_of=AsOf("2023-03-20"))
    alone = Entry(then, replace(now, legs=[leg(old)]), PAIR)
    assert alone.record == "record to 31 December 2021; no newer record held"
    assert alone.now_word == "No newer record" and alone.reach.startswith("to December 2021")
    beside = Entry(then, replace(now, legs=[leg(old), leg(new)]), PAIR)
    assert beside.record == "record of the leading test to 31 December 2021"
    assert beside.now_word == "Now" and beside.reach.startswith("of the leading test to December 2021")
    assert "no record newer" not in beside.change
    both_old = Entry(then, replace(now, legs=[leg(old), leg(dt.date(2022, 12, 31))]), PAIR)
    assert both_old.record == "record of the leading test to 31 December 2021; no newer record held"


def test_a_finding_tells_the_rival_reading_that_holds() -> None:
    rival = Rival("The rise is over.", "", "holds: 2024 is 0.60 of 2023", True, "holds")
    now = judgement("I3", "introduction", arms(), rivals=[rival])
    assert (
        Finding(Entry(None, now, PAIR), "Exports rose.").but
        == "But a rival reading holds, “The rise is over” (2024 is 0.60 of 2023)."
    )
    assert Finding(Entry(None, replace(now, rivals=[]), PAIR), "Exports rose.").but == ""


def test_a_threshold_in_a_chart_says_whose_it_is_and_that_the_whole_interval_must_pass() -> None:
    def leg(group: str, value: float, **given: object) -> Leg:
        d = decision(
            made_test(group=group, **given), value, Band(0.0, 90.0, "95% Wilson score interval", 0.95)
        )
        d = replace(d, sides=(Side(group, "2024", value, (Point("2024", value, group=group),)),))
        return Leg("", "not supported", "", value, None, None, "", ratio(), "2024", None, decision=d)

    equal = leg("equal", 50.0, decide="interval", supported=50, partly=25)
    opposed = leg("opposed", 0.0, direction="down", supported=10)
    one = decisive.thresholds([equal], ["equal"])
    assert [x.label for x in one] == ["supported, whole interval above"]
    both = {x.label for x in decisive.thresholds([equal, opposed], ["equal", "opposed"])}
    assert both == {"equal: supported, whole interval above", "opposed: supported below"}


def test_no_finding_is_not_called_no_claim_decided() -> None:
    assert say("finding", "nothing", False, 800) == "No claim is decided by a figure as of this date."
    assert say("finding", "nothing", True, 800) == (
        "No claim is both decided in one word (supported or contradicted) and told by a record that reaches "
        "the last 800 days."
    )


def test_the_map_of_another_pair_says_whose_exercises_are_listed() -> None:
    held = [
        map.Exercise("E1", "Made up", "2016", "Somewhere", 1.0, 2.0, ("CHN", "IND", "PAK", "RUS"), ("CHN", "RUS"),
                     "land", "SCO", None, None, None, "", "exercises", "line 2", "2016-09-20", "ab" * 32)
    ]  # fmt: skip
    assert map.title(Dyad("RUS", "CHN"), held).startswith("1 joint exercise in 2016")
    assert map.title(Dyad("IND", "PAK"), held) == (
        "India and Pakistan took part in 1 joint exercise of Russia and China in 2016; others of theirs are not listed"
    )
