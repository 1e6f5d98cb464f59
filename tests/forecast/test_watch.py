# SPDX-License-Identifier: Apache-2.0
"""The watch: planted jumps and silence, noise, what it sees of known events and how often it is wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from bilat.cli import main
from bilat.contingency.questions import BlockadeQuestion
from bilat.document import Finding, Frame, Section, Table
from bilat.document.commands import command
from bilat.document.feed import atom
from bilat.document.plain import envelope
from bilat.document.text import text
from bilat.document.wording import day as written_day
from bilat.dyad import Dyad
from bilat.errors import UnknownName, UsageError
from bilat.forecast.alarm_text import alarm_finding, sentence, spoken
from bilat.forecast.alarms import (
    BUDGET,
    YEARS,
    Alarm,
    alarms,
    board_alarms,
    chance_of,
    deviations,
    silences,
    status,
)
from bilat.forecast.board import document
from bilat.forecast.events import DatedEvent, dated_events, event_behind, published
from bilat.forecast.new_figures import AssemblyVotes, assembly_votes, new_figures
from bilat.forecast.power import (
    DRAWN,
    LEVEL,
    KnownEvent,
    Power,
    by_lot,
    chance_of_more,
    known_events,
    power,
)
from bilat.forecast.reasons import (
    ASKED_SINCE,
    Changed,
    changed,
    changes,
    compared,
    new_grounds,
    with_other_records,
)
from bilat.forecast.streams import Row, Stream, months, specs, stream_of_rows, streams
from bilat.forecast.watch import Watch, _due, watch
from bilat.forecast.watch_questions import WatchQuestion
from bilat.holdings import Holdings
from bilat.measures import default_holdings, known_measure
from bilat.regeneration.questions import RecoveryQuestion
from bilat.trade.chips import is_incomplete
from bilat.units.notation import figure
from bilat.verdicts import judge
from bilat.verdicts.evidence import Paper, documents
from bilat.verdicts.ledger import ledger
from bilat.when import AsOf, Period

RANGE = months("2016-01", "2024-12")


def stream(values: np.ndarray, name: str = "s", family: str = "f", states: str = "") -> Stream:
    used = RANGE[: len(values)]
    known = {m: dt.date.fromisoformat(f"{m}-28") for m in used}
    return Stream(
        family,
        name,
        frozenset(states.split()),
        dict(zip(used, map(float, values), strict=True)),
        known,
    )


def noise(seed: int, n: int = len(RANGE)) -> np.ndarray:
    return 100 * np.exp(0.1 * np.random.default_rng(seed).standard_normal(n))


@pytest.mark.parametrize(("factor", "way"), [(0.1, "down"), (4.0, "up")])
def test_a_planted_jump_is_seen_in_its_month_and_once(factor: float, way: str) -> None:
    y = noise(1)
    y[80:] *= factor
    found = [
        a
        for a in alarms([stream(y), *(stream(noise(9 + k), f"n{k}") for k in range(5))])
        if a.stream.name == "s"
    ]
    assert [(a.month, a.direction) for a in found if a.month >= RANGE[80]][:1] == [(RANGE[80], way)]
    assert all((a.deviations > 0) == (a.direction == "up") and 0 <= a.chance <= 0.5 for a in found)


def test_a_drift_is_seen_a_little_later() -> None:
    y = noise(2)
    y[80:] *= np.exp(0.12 * np.arange(len(y) - 80))
    found = [a.month for a in alarms([stream(y)]) if a.month >= RANGE[80]]
    assert found and found[0] <= RANGE[90]


def test_a_season_is_no_alarm() -> None:
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(len(RANGE)) / 12)
    found = deviations(stream(noise(3) * season))
    assert np.mean([abs(z) > 4 for z, _, _ in found.values()]) < 0.03


def test_noise_alarms_no_more_than_the_first_page_may() -> None:
    calm = [stream(noise(k), f"s{k}", f"f{k % 4}") for k in range(40)]
    late = [a for a in alarms(calm) if a.month > f"{int(RANGE[-1][:4]) - YEARS}{RANGE[-1][4:]}"]
    assert len(late) <= BUDGET * YEARS


def test_the_future_changes_no_alarm_of_the_past_but_the_level() -> None:
    y = noise(4)
    y[70] *= 10
    whole, cut = deviations(stream(y)), deviations(stream(y[:80]))
    assert all(whole[m] == pytest.approx(cut[m]) for m in cut)


def test_a_record_that_stops_is_said_to_be_silent_and_one_that_goes_on_is_not() -> None:
    going, ended = stream(noise(5), "a", "going"), stream(noise(6, 60), "b", "ended")
    (found,) = silences([going, ended], dt.date(2025, 1, 15))
    assert (found.family, found.last) == ("ended", RANGE[59]) and found.due < dt.date(2021, 6, 1)
    assert silences([ended], dt.date(2021, 1, 10)) == []
    assert found.title == "ended"


def test_one_stream_that_stops_while_its_family_goes_on_is_named() -> None:
    going = stream(noise(5), "a", "f")
    ended = stream(noise(6, 60), "b", "f")
    (found,) = silences([going, ended], dt.date(2025, 1, 15))
    assert found.title == "f: b" and found.last == RANGE[59]


def test_a_stream_that_cannot_be_judged_says_why() -> None:
    day = dt.date(2025, 1, 15)
    assert status(stream(noise(1)), day).alive
    assert status(stream(noise(1, 60)), day).why.startswith(f"ends in {RANGE[59]}")
    whole = stream(noise(1))
    late = {m: v for m, v in whole.values.items() if not "2022-01" <= m <= "2023-06"}
    gap = status(replace(whole, values=late), day)
    assert gap.judged < "2022" and "since the gap before 2023-07" in gap.why


def test_a_burst_in_a_record_that_is_mostly_zero_is_seen_and_its_usual_counts_are_not() -> None:
    y = np.random.default_rng(1).poisson(0.5, len(RANGE)).astype(float)
    assert status(stream(y), dt.date(2025, 1, 15)).alive
    assert not alarms([stream(y)])
    y[90] = 100
    (burst,) = alarms([stream(y)])
    assert (burst.month, burst.direction) == (RANGE[90], "up")
    y[60:85:8] = 100
    again = [a for a in alarms([stream(y)]) if a.month == RANGE[90]]
    assert all(a.chance > 3 * burst.chance for a in again)


def test_the_way_that_a_claim_expects_needs_less_and_the_other_way_more() -> None:
    z = np.array([3.0, -3.0])
    both = chance_of(z)
    assert both[0] == both[1] == pytest.approx(0.03994, abs=1e-5)  # t with 4 degrees of freedom
    assert chance_of(z, "up").tolist() == chance_of(-z, "down").tolist()
    up, down = chance_of(z, "up")
    assert up < both[0] < down and 1 / up + 1 / down == pytest.approx(1 / both[0] + 1 / both[1])
    assert chance_of(np.zeros(1), "up").max() <= 1


@pytest.mark.parametrize(("factor", "seen_by"), [(0.1, ("up", "", "down")), (0.72, ("", "down"))])
def test_a_fall_is_seen_by_a_stream_that_expects_it_and_a_large_one_by_all(
    factor: float, seen_by: tuple[str, ...]
) -> None:
    y = noise(1)
    y[80:] *= factor
    others = [stream(noise(9 + k), f"n{k}") for k in range(5)]
    for way in ("up", "", "down"):
        found = alarms([replace(stream(y), expects=way), *others])
        told = any(a.stream.name == "s" and RANGE[80] <= a.month <= RANGE[83] for a in found)
        assert told == (way in seen_by), way


def test_a_large_stream_of_a_family_by_level_has_more_of_its_alarms() -> None:
    """The chance of the same fall is smaller in a stream that carries most of the traffic."""
    small = [stream(noise(9 + k), f"n{k}") for k in range(40)]
    y = noise(50) * 100
    y[80:] *= 0.3
    chances = {}
    for by_level in (True, False):
        every = [replace(s, by_level=by_level) for s in (*small, stream(y, "large"))]
        seen = [a for a in alarms(every) if a.stream.name == "large" and a.month >= RANGE[80]]
        chances[by_level] = seen[0].chance
    assert chances[True] < chances[False] / 10


def test_a_month_counts_once_it_is_over(held: Holdings) -> None:
    for day in ("2025-12-31", "2026-01-01"):
        found, _ = streams(AsOf(day), held)
        last = max(m for s in found for m in s.values)
        assert last <= ("2025-11" if day < "2026" else "2025-12")
        assert all(s.known[m].isoformat() > m for s in found for m in s.values)


def test_a_list_is_counted_by_itself_and_only_as_far_as_its_edition_goes(
    held: Holdings, found: list[Stream]
) -> None:
    lists = {s.name: s for s in found if s.family == "listings"}
    assert len(lists) > 3 and all(len(s.states) == 2 for s in lists.values())
    with held.connect(AsOf("2026-11-20")).connection.cursor() as cursor:
        editions = cursor.sql("SELECT list, max(vintage) FROM listings GROUP BY list").fetchall()
    reached = {name: f"{day:%Y-%m}" for name, day in editions}
    for name, s in lists.items():
        assert max(s.values) <= reached[name.rpartition(", ")[0]]


def test_a_pair_is_watched_by_what_is_of_it_or_of_all() -> None:
    assert stream(noise(1), states="RUS CHN").of(Dyad("RUS", "PRK")) and stream(noise(1)).of(
        Dyad("IND", "PAK")
    )
    assert not stream(noise(1), states="USA").of(Dyad("RUS", "CHN"))


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


@pytest.fixture(scope="module")
def found(held: Holdings) -> list[Stream]:
    return streams(AsOf("2026-11-20"), held)[0]


def test_a_recount_by_the_publisher_is_no_month_without_losses(found: list[Stream]) -> None:
    """3,700 on 29 November 2024 became 3,617 on the 30th: December is the 54 after it and not zero."""
    special = next(s for s in found if s.title == "claims: RUS special")
    assert special.values["2024-11"] == 3617 - 3570 and special.values["2024-12"] == 3671 - 3617


def test_a_year_of_which_reports_are_missing_is_no_year(found: list[Stream]) -> None:
    chips = [s for s in found if s.family == "chips"]
    assert len(chips) > 10
    for s in chips:
        assert not any(is_incomplete(s.period(m)) for m in s.values)


@pytest.fixture(scope="module")
def chronicle(held: Holdings) -> list[Paper]:
    return list(documents(AsOf("2026-11-20"), held).values())


@pytest.fixture(scope="module")
def lists(found: list[Stream], chronicle: list[Paper]) -> Power:
    return power(found, chronicle=chronicle)


def test_every_strait_is_watched_and_every_month_was_known(found: list[Stream]) -> None:
    assert sum(s.family == "straits" for s in found) == 56 and len({s.family for s in found}) >= 10
    for s in found:
        assert all(s.known[m] <= dt.date(2026, 11, 20) for m in s.values), s.title


def test_what_it_sees_of_thirty_events_and_how_often_it_is_wrong(lists: Power) -> None:
    assert len(known_events()) == 30 and lists.testable >= 25
    assert lists.found >= 0.5 * lists.testable and lists.delay is not None and lists.delay <= 2
    assert lists.false_a_year <= BUDGET and lists.calm >= 20
    hormuz = next(s for s in lists.seen if "Hormuz is closed" in s.event.what)
    assert hormuz.alarm is not None and hormuz.late == 0


def test_the_printed_record_is_of_events_drawn_by_lot(lists: Power, chronicle: list[Paper]) -> None:
    assert [d.document for d in lists.drawn] == [r["document"] for r in by_lot(chronicle[::-1])]
    assert len(lists.drawn) == DRAWN
    assert len({d.pair.name for d in lists.drawn}) > 20
    assert 0 < lists.drawn_seen < DRAWN
    assert 0 < lists.drawn_by_luck < DRAWN
    assert lists.lift == pytest.approx(lists.drawn_seen / lists.drawn_by_luck)
    assert all(0 <= d.by_luck <= 1 for d in lists.drawn)
    for d in lists.drawn:
        if d.alarm is not None:
            first = f"{d.day:%Y}-12" if d.alarm.stream.yearly else f"{d.day:%Y-%m}"
            assert d.alarm.month >= first
            assert d.alarm.stream.concerns(d.pair)


def test_as_many_as_random_months_is_luck_and_far_more_is_not() -> None:
    assert chance_of_more(0, [0.1, 0.5]) == pytest.approx(1)
    assert chance_of_more(2, [0.1, 0.5]) == pytest.approx(0.05)
    assert chance_of_more(1, [0.1, 0.5]) == pytest.approx(1 - 0.9 * 0.5)
    assert chance_of_more(6, [0.1] * 60) > LEVEL > chance_of_more(15, [0.1] * 60)


@pytest.mark.parametrize("pair", ["CHE NOR", "BRA ARG", "TUR GRC", "JPN AUS", "IND PAK", "EGY TUN"])
def test_a_calm_pair_has_at_most_four_alarms_a_year(found: list[Stream], pair: str) -> None:
    two = Dyad(*pair.split())
    own = [a for a in board_alarms(found, two) if a.stream.concerns(two)]
    years = Counter(a.known.year for a in own)
    assert max(years.values(), default=0) <= BUDGET
    assert not {a.stream.family for a in own} & {"straits", "listings", "eu trade by year"}


def test_an_event_that_is_not_there_is_not_seen(found: list[Stream]) -> None:
    made_up = KnownEvent(
        "x", dt.date(2023, 6, 1), "straits: Dover Strait, all ships", "down", "2023-06", ""
    )
    (seen,) = power(found, [made_up], []).seen
    assert seen.testable and seen.alarm is None


@pytest.mark.parametrize(("toward", "is_seen"), [("down", True), ("up", False)])
def test_an_alarm_that_names_a_stream_has_seen_it_only_in_its_direction(
    toward: str, is_seen: bool
) -> None:
    rising = noise(1)
    rising[80:] *= 8
    falling = noise(2)
    falling[80:] *= 0.3
    both = [
        stream(rising, "rising", states="RUS CHN"),
        stream(falling, "falling", states="RUS CHN"),
    ]
    (alarm,) = [a for a in board_alarms(both, Dyad("RUS", "CHN")) if a.month == RANGE[80]]
    assert (alarm.stream.name, alarm.others) == ("rising", ("falling",))
    day = dt.date.fromisoformat(f"{RANGE[80]}-28")
    event = KnownEvent("x", day, both[1].title, toward, since=RANGE[80], url="")
    (found,) = power(both, [event], []).seen
    assert found.testable and (found.alarm is not None) == is_seen


@pytest.fixture(scope="module")
def seen(held: Holdings) -> Watch:
    return watch("2025-11-20", "2026-11-20", holdings=held)


def test_the_closure_of_hormuz_stands_first(seen: Watch) -> None:
    d = document(seen, WatchQuestion(since="2025-11-20"))
    assert seen.alarmed and d.exit == 3
    assert "Hormuz" in seen.alarms[0].stream.name and seen.alarms[0].direction == "down"
    assert len(seen.own) <= 2 * BUDGET  # the budget is that of the mean of eight years
    said = text(d, why=True)
    assert "Strait of Hormuz" in said.split("Due")[0] and max(map(len, said.splitlines())) <= 80
    assert "thirty" in said or "events of 2021-26" in " ".join(said.split())
    json.dumps(envelope(d), allow_nan=False)
    feed = fromstring(atom(d))
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == sum(
        type(b).__name__ == "Finding" for b in d.walk()
    )


@pytest.fixture(scope="module")
def week(held: Holdings) -> Watch:
    return watch("2026-11-21", "2026-11-28", holdings=held)


def test_a_week_in_which_we_typed_rows_in_and_nothing_was_published_has_no_news(
    week: Watch,
) -> None:
    """Between 21 and 28 November 2026 rows were compiled; no page among them was published then."""
    assert not week.alarms and not week.alarmed
    assert not week.verdicts and not any(h.moved for h in week.headlines)


def test_only_claims_whose_records_differ_are_judged_twice(held: Holdings) -> None:
    """No row became public between 20 and 28 November 2026, and months of rows did before."""
    first, last, later = (AsOf(day) for day in ("2025-11-20", "2026-11-20", "2026-11-28"))
    assert with_other_records(last, later, held) == []
    moved = with_other_records(first, last, held)
    public = [documents(day, held) for day in (first, last)]
    for claim in ledger():
        new = any((c.id in public[0]) != (c.id in public[1]) for c in claim.documents)
        assert claim.id in moved or not new
    assert len(moved) > len(ledger()) / 2


def with_other_tables(first: AsOf, last: AsOf, held: Holdings) -> list[str]:
    """The claims with a table of which any row of any source differs between two dates."""
    found = []
    for claim in ledger():
        names = {name for test in claim.tests for name in known_measure(test.measure).tables}
        if held.visible(names, first) != held.visible(names, last):
            found.append(claim.id)
    return found


@pytest.mark.parametrize("seed", [391, 392, 393])
def test_the_short_way_tells_what_judging_by_whole_tables_tells(seed: int, held: Holdings) -> None:
    """Days drawn by lot: a claim left out for its sources has no news but that time passed."""
    draw = np.random.default_rng(seed)
    day = dt.date(2022, 3, 1) + dt.timedelta(days=int(draw.integers(1700)))
    first = AsOf(day)
    last = AsOf(day + dt.timedelta(days=int(draw.integers(2, 15))))
    pair = Dyad("RUS", "CHN")
    short = with_other_records(first, last, held)
    whole = sorted({*short, *with_other_tables(first, last, held)})
    all_turned, all_grounds = compared(pair, first, last, held, whole)
    turned, grounds = changes(pair, first, last, held)
    news = [c for c in all_turned if c.cause != "time"]
    assert [c for c in turned if c.cause != "time"] == news
    assert grounds == all_grounds
    assert len(short) < len(whole)


def test_an_answer_without_its_context_is_the_same_answer(held: Holdings) -> None:
    whole = judge(("RUS", "CHN"), "2026-11-20", held, only=["W6", "P7"])
    bare = judge(("RUS", "CHN"), "2026-11-20", held, only=["W6", "P7"], context=False)
    assert [(j.id, j.verdict, j.why) for j in whole] == [(j.id, j.verdict, j.why) for j in bare]
    assert any(j.rivals for j in whole) and not any(j.rivals or j.search for j in bare)
    with pytest.raises(UnknownName, match="no claim 'P0'"):
        judge(only=["P1", "P0"])


@pytest.fixture(scope="module")
def summer(held: Holdings) -> Watch:
    """The watch of weeks in which a page turned an answer, and rows moved a plan's headline."""
    return watch("2026-06-20", "2026-07-31", holdings=held)


def test_the_first_lines_say_what_moved_and_the_feed_has_it_too(summer: Watch) -> None:
    oil = next(h for h in summer.headlines if h.moved)
    assert oil.before and oil.after and oil.because
    d = document(summer, WatchQuestion())
    assert oil.what in " ".join(d.summary)
    entries = " ".join(fromstring(atom(d)).itertext())
    assert oil.what in entries and oil.because[0] in entries


def test_a_headline_is_the_figure_of_the_plan_after_the_same_ceasefire(
    week: Watch, held: Holdings
) -> None:
    tanks, oil = week.headlines
    frame = Frame(as_of=AsOf("2026-11-28"), holdings=held)
    assert tanks.after == RecoveryQuestion().headlines(frame)[0] == tanks.before and not tanks.moved
    assert oil.after == BlockadeQuestion("sea").headlines(frame)[2]


@pytest.mark.parametrize(("appeared", "news"), [("2026-11-22", True), ("2025-11-21", False)])
def test_an_answer_that_an_old_page_turned_is_newly_read_and_no_news(
    appeared: str, news: bool
) -> None:
    """A page that can have appeared before the window did not turn the answer within it."""
    (was,) = judge(("RUS", "CHN"), "2026-11-20", only="P1")
    page = replace(
        next(e for e in was.current.evidence if e.kind == "document"),
        id="X1",
        side="against",
        says="a stock was seen growing",
        public_from=dt.date.fromisoformat(appeared),
    )
    turned = replace(was.since, answer="no", evidence=(*was.since.evidence, page))
    (change,) = changed([was], [replace(was, since=turned)], dt.date(2026, 11, 21))
    assert change.cause == ("published" if news else "newly read")
    assert change.published == news
    assert any("a stock was seen growing" in reason for reason in change.reasons)


def test_an_answer_that_turns_because_a_period_ended_is_no_news() -> None:
    """The same rows on both dates, or rows that were public before: time turned it, nothing else."""
    (was,) = judge(("RUS", "CHN"), "2026-11-20", only="P1")
    turned = replace(was, since=replace(was.since, answer="no"))
    fewer = replace(was, legs=[])
    assert any(m.evidence.num_rows for m in was.measurements) and not fewer.measurements
    for earlier in (was, fewer):
        (change,) = changed([earlier], [turned], dt.date(2026, 11, 21))
        assert change.cause == "time" and not change.published and not change.rows
        assert change.reasons == (
            "Nothing new was published: the period that this answer looks at has moved on.",
        )
    (change,) = changed([fewer], [turned], dt.date(2022, 3, 1))
    assert change.published and change.rows
    assert "new data rows, for 20" in change.reasons[0]
    another = replace(was.since, clause="x")
    assert not new_grounds([fewer], [replace(was, since=another)], dt.date(2026, 11, 21))
    assert new_grounds([fewer], [replace(was, since=another)], dt.date(2022, 3, 1))


def test_an_answer_that_the_later_date_gives_without_what_is_new_was_turned_by_time(
    held: Holdings,
) -> None:
    """A data row became public in December 2023 and did not turn P6: a period had ended."""
    pair = Dyad("RUS", "CHN")
    first, last = AsOf("2023-12-01"), AsOf("2024-01-15")
    before, after = (judge(pair, day, held, only=["P6"], context=False) for day in (first, last))
    (seems,) = changed(before, after, first.date)
    assert seems.cause == "published" and seems.rows
    turned, _ = compared(pair, first, last, held, ["P6"])
    assert [(c.claim, c.cause) for c in turned] == [("P6", "time")]
    assert turned[0].reasons == (
        "The period that this answer looks at has moved on; what became known meanwhile does "
        "not change it.",
    )
    seen, _ = compared(pair, AsOf("2024-09-01"), AsOf("2024-12-01"), held, ["P4"])
    assert [(c.claim, c.cause) for c in seen] == [("P4", "published")]


def test_a_turn_by_time_stands_below_and_raises_no_alarm(week: Watch) -> None:
    answer = Changed("P7", "A bloc forms", "in part", "yes", "a", "b", ("why",), (), "r", "time")
    later = replace(week, by_time=(answer,))
    assert not later.alarmed
    shown = " ".join(text(document(later, WatchQuestion())).split())
    told = shown.index("Our answer to P7 has changed")
    assert shown.index("Answers that changed because time passed") < told
    assert "P7" not in " ".join(document(later, WatchQuestion()).summary)
    assert not later.without(["P7"]).by_time


def test_an_answer_to_another_question_is_not_said_to_be_turned_by_time(held: Holdings) -> None:
    """The paper is of 20 March 2023: a week later the question is what has happened since."""
    pair = Dyad("RUS", "CHN")
    over = (AsOf("2023-03-13"), AsOf("2023-03-27"))
    turned, _ = compared(pair, *over, held, ["F5", "P1"])
    assert [(c.claim, c.cause) for c in turned] == [("F5", "question"), ("P1", "question")]
    assert {c.reasons for c in turned} == {(ASKED_SINCE,)}
    before, after = (judge(pair, day, held, only=["P6"], context=False) for day in over)
    later = replace(after[0], since=replace(after[0].since, answer="not known"))
    (change,) = changed(before, [later], dt.date(2022, 3, 1))
    assert change.rows and change.cause == "question" and change.reasons[0] == ASKED_SINCE
    another = replace(after[0], since=replace(after[0].since, answer=before[0].verdict, clause="x"))
    assert not new_grounds(before, [another], dt.date(2022, 3, 1))
    for first, last in (("2022-03-13", "2023-03-20"), ("2023-03-21", "2023-12-27")):
        turned, _ = compared(pair, AsOf(first), AsOf(last), held, ["F5", "P1", "P5"])
        assert all(c.cause != "question" and ASKED_SINCE not in c.reasons for c in turned)


def test_answers_to_another_question_have_a_section_and_raise_no_alarm(week: Watch) -> None:
    answer = Changed("P7", "A bloc", "in part", "yes", "a", "b", ("why",), (), "r", "question")
    later = replace(week, by_question=(answer,))
    assert not later.alarmed
    shown = " ".join(text(document(later, WatchQuestion())).split())
    told = shown.index("Our answer to P7 has changed")
    assert shown.index("Answers that differ because the question changed") < told
    assert not later.without(["P7"]).by_question


def test_a_page_with_several_statements_is_told_once(week: Watch) -> None:
    """Its claims are those of all its statements; another page of the day has its own line."""
    day = dt.date(2026, 11, 22)
    pair = frozenset({"RUS", "CHN"})

    def said(what: str, url: str, *claims: str) -> DatedEvent:
        cited = tuple(("for", claim, "a claim") for claim in claims)
        return DatedEvent(day, what, "a paper", url, "B1", pair, claims=cited)

    pages = (said("Alpha", "u", "P7"), said("Beta", "u", "P7", "F8"), said("Gamma", "v"))
    section = "Published on the two states"
    doc = document(replace(week, said=pages), WatchQuestion())
    (table,) = next(b for b in doc.blocks if isinstance(b, Section) and b.title == section).blocks
    assert isinstance(table, Table)
    told = [row[1] for row in table.rows]
    assert told == ["Alpha (and one other statement on this page)", "Gamma"]
    assert table.rows[0][3] == "for P7, for F8"


def test_an_alarm_stands_with_the_dated_event_behind_it(seen: Watch) -> None:
    event = event_behind(seen.alarms[0], seen.happened)
    assert event is not None and event.day == dt.date(2026, 2, 28) and "Hormuz" in event.what
    first = next(b for b in document(seen, WatchQuestion()).walk() if isinstance(b, Finding))
    assert (
        first.sentence.startswith("28 February 2026: ")
        and event.who in first.sentence
        and "P12" in first.so_what
    )
    other = next(a for a in seen.alarms if a.stream.family != "straits")
    assert event_behind(other, seen.happened) is None


def test_events_have_a_day_a_publisher_and_what_they_speak_for_and_none_was_public_later(
    held: Holdings,
) -> None:
    found = dated_events(AsOf("2022-01-01"), AsOf("2022-12-31"), held)
    assert found and all(
        dt.date(2021, 12, 1) <= h.day <= dt.date(2022, 12, 31) and h.who for h in found
    )
    assert any(h.claims for h in found) and any(h.what.startswith("Exercise: ") for h in found)
    later = {h.what for h in dated_events(AsOf("2022-01-01"), AsOf("2022-06-30"), held)}
    assert later < {h.what for h in found}


def test_a_meeting_of_ministers_is_an_event_from_the_day_of_its_page(held: Holdings) -> None:
    def called(last: str) -> list[DatedEvent]:
        found = dated_events(AsOf("2026-02-20"), AsOf(last), held)
        return [h for h in found if "strikes on Iran" in h.what and h.actors == {"CHN", "RUS"}]

    assert not called("2026-02-28")
    (event,) = called("2026-03-01")
    assert event.who == "tass.com" and event.when == "2026-03-01"
    assert event.concerns(Dyad("RUS", "CHN")) and not event.concerns(Dyad("RUS", "IRN"))


def test_a_meeting_on_the_list_of_contacts_too_is_told_once(held: Holdings) -> None:
    found = dated_events(AsOf("2023-11-01"), AsOf("2023-11-30"), held)
    told = [h for h in found if "Zhang Youxia" in h.what and h.actors == {"CHN", "RUS"}]
    assert len(told) == 2 and all(h.day == dt.date(2023, 11, 8) for h in told)
    assert {"Shoigu" in h.what for h in told} == {True, False}


def test_a_claim_that_is_withheld_is_withheld_of_events_too(seen: Watch) -> None:
    claims = {id for h in seen.happened for _, id, _ in h.claims}
    assert claims and not {id for h in seen.without(claims).happened for _, id, _ in h.claims}


@pytest.mark.parametrize(
    ("family", "name", "said"),
    [
        ("claims", "RUS uav", "Russia, drones of all kinds: losses claimed by Ukraine"),
        ("us exports", "USA to RUS", "Trade in goods, United States to Russia"),
        ("losses", "RUS ifv", "Russia, infantry fighting vehicles: losses listed by Oryx"),
        ("strikes", "Iskander-M", "Iskander-M fired at Ukraine"),
        ("arms", "RUS to CHN", "Arms deliveries, Russia to China"),
        ("chips", "chips, CHN to RUS", "Exports of chips, China to Russia"),
        ("votes", "CHN and RUS", "Equal votes in the General Assembly, China and Russia"),
        ("straits", "Strait of Hormuz, tankers", "Strait of Hormuz, tankers"),
    ],
)
def test_a_stream_is_named_as_a_reader_says_it(family: str, name: str, said: str) -> None:
    assert spoken(stream(noise(1), name, family)) == said


@pytest.fixture(scope="module")
def year(held: Holdings) -> Watch:
    """The watch of the year after the paper."""
    return watch("2023-03-20", "2024-03-31", holdings=held)


def test_every_figure_of_the_board_has_a_noun_and_a_unit_and_the_day_it_speaks_of(
    year: Watch,
) -> None:
    """The day on which a figure of 2021 was published, in 2023, is not the end of its evidence."""
    made = document(year, WatchQuestion())
    alarms = {spec.title: spec for spec in specs()}
    shown = [b for b in made.blocks if isinstance(b, Finding) and b.topic in alarms]
    assert shown
    for alarm, finding in zip(year.own, shown, strict=True):
        period = Period(alarm.stream.period(alarm.month))
        assert finding.evidence_to == (period.end,)
        assert period.end <= alarm.known
        assert f"Public by {written_day(alarm.known)}" in finding.so_what
        assert finding.now is not None
        assert finding.now.unit.kind == alarms[finding.topic].kind
        assert figure(alarm.value, finding.now.unit) in finding.sentence
    for silence in year.silences:
        assert silence.title.partition(":")[0] in alarms


@pytest.mark.parametrize(
    ("count", "said"),
    [(6, "One other answer has changed."), (8, "Three other answers have changed.")],
)
def test_answers_that_are_not_named_are_counted(count: int, said: str) -> None:
    answer = Changed(
        "P7", "A bloc forms", "in part", "yes", "a", "b", ("why",), (), "r", "published"
    )
    w = board(Dyad("RUS", "CHN"), verdicts=(answer,) * count)
    assert said in document(w, WatchQuestion()).summary


def test_nothing_in_the_watch_was_known_later(year: Watch) -> None:
    assert year.known and all("2023-03-20" < k.known <= "2024-03-31" for k in year.known)
    assert all(dt.date(2023, 3, 20) < a.known <= dt.date(2024, 3, 31) for a in year.alarms)
    assert all(d.day > dt.date(2024, 3, 31) for d in year.due)
    assert any("Bab el-Mandeb" in a.stream.name for a in year.alarms)
    assert {b.name for b in year.beliefs} == {"iiss", "iiss_balance"}


def test_another_pair_has_straits_beside_it_and_no_losses(held: Holdings) -> None:
    w = watch("2026-01-01", "2026-06-01", ("IND", "PAK"), holdings=held)
    assert not {a.stream.family for a in w.alarms} & {"losses", "claims", "strikes", "energy"}
    assert not w.headlines
    assert not w.beliefs
    # Hormuz closed in March 2026: news of China, and of the world beside India and Pakistan.
    assert "straits" not in {a.stream.family for a in w.own}
    assert "straits" in {a.stream.family for a in w.beside}
    assert not any("closes:" in d.what for d in w.due)


def test_years_that_become_known_on_one_day_are_no_news() -> None:
    y = noise(1)
    y[80:] *= 0.1
    late = stream(y)
    day = max(late.known.values())
    pair = Dyad("RUS", "CHN")
    assert RANGE[80] in [a.month for a in board_alarms([late], pair)]
    read_late = replace(late, known=dict.fromkeys(late.known, day))
    assert RANGE[80] in [a.month for a in alarms([read_late])]
    assert RANGE[80] not in [a.month for a in board_alarms([read_late], pair)]


def test_trade_of_one_of_the_two_with_a_stranger_is_beside_them() -> None:
    pair = Dyad("TUR", "GRC")
    assert stream(noise(1), states="GRC TUR").concerns(pair)
    assert stream(noise(1), states="TUR").concerns(pair)
    assert not stream(noise(1), states="ARM TUR").concerns(pair)
    assert stream(noise(1), states="ARM TUR").of(pair)
    losses = replace(stream(noise(1), states="RUS UKR"), serves="RUS")
    assert losses.concerns(Dyad("RUS", "CHN"))
    assert not losses.concerns(pair)


def test_a_year_is_judged_by_the_years_before_it() -> None:
    years = [f"{y}-12" for y in range(2000, 2024)]
    values = dict(zip(years, map(float, noise(3, len(years))), strict=True))
    values["2023-12"] *= 0.1
    known = {m: dt.date(int(m[:4]) + 1, 3, 15) for m in years}
    yearly = Stream("arms", "RUS to CHN", frozenset({"RUS", "CHN"}), values, known, yearly=True)
    strongest = min(alarms([yearly]), key=lambda a: a.chance)
    assert (strongest.month, strongest.direction) == ("2023-12", "down")
    assert status(yearly, dt.date(2024, 6, 1)).judged == "2023"
    assert status(yearly, dt.date(2024, 6, 1)).alive
    assert "the next year was due" in status(yearly, dt.date(2030, 1, 1)).why


def test_a_total_grows_evenly_between_two_counts_and_over_a_corrected_one() -> None:
    spec = next(s for s in specs() if s.name == "losses")
    counts = {"2023-12-31": 100, "2024-03-01": 161, "2024-03-10": 400, "2024-04-30": 221}
    rows = [
        {"period": day, "value": n, "known_on": dt.date.fromisoformat(day), "states": "RUS UKR"}
        for day, n in counts.items()
    ]
    made = stream_of_rows(spec, "RUS tanks", rows, dt.date(2024, 6, 1))
    assert made is not None
    # 61 in 61 days, then 60 in 60; the count of 10 March was taken back and counts for nothing.
    assert {m: round(v, 6) for m, v in made.values.items()} == {
        "2024-01": 31,
        "2024-02": 29,
        "2024-03": 31,
        "2024-04": 30,
    }
    assert made.known["2024-01"] == dt.date(2024, 3, 1)
    assert made.known["2024-03"] == dt.date(2024, 4, 30)


def test_a_figure_of_two_months_is_known_once_both_are() -> None:
    """China's customs book January and February together; January came later here."""
    spec = next(s for s in specs() if s.name == "china exports")
    known = {"2023-12": "2024-01-10", "2024-01": "2024-05-02", "2024-02": "2024-03-10"}
    rows: list[Row] = [
        {
            "name": "CHN to RUS",
            "period": month,
            "value": 100.0 if month == "2024-01" else 300.0,
            "known_on": dt.date.fromisoformat(day),
            "states": "CHN RUS",
            "days": None,
        }
        for month, day in known.items()
    ]
    made = stream_of_rows(spec, "CHN to RUS", rows, dt.date(2024, 6, 1))
    assert made is not None
    assert made.values == {"2023-12": 300.0, "2024-02": 200.0}
    assert made.known["2024-02"] == dt.date(2024, 5, 2)


def test_what_to_ask_next_is_of_the_same_pair() -> None:
    assert (
        command(WatchQuestion(since="2026-01-01"), Dyad("IND", "PAK"))
        == "bilat watch IND PAK --since 2026-01-01"
    )
    assert command(WatchQuestion(), Dyad("RUS", "CHN")) == "bilat watch"


def test_dates_in_the_wrong_order_are_refused_with_the_cure(held: Holdings) -> None:
    with pytest.raises(UsageError, match="Write the earlier date first"):
        watch("2026-02-01", "2026-01-01", holdings=held)


def test_the_verb_prints_the_board_and_ends_with_three(
    seen: Watch, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bilat.forecast.watch.watch", lambda *_, **__: seen)
    with pytest.raises(SystemExit) as end:
        main(["watch", "--since", "2025-11-20", "--as-of", "2026-11-20"])
    assert end.value.code == 3 and "Hormuz" in capsys.readouterr().out


def test_contacts_and_things_known_by_their_month_are_events_too(held: Holdings) -> None:
    found = dated_events(AsOf("2023-06-01"), AsOf("2024-12-31"), held)
    contacts = [h for h in found if h.what.startswith("Military contact: ")]
    assert [h.when for h in contacts] == ["2023-07", "2023-08-14"]
    assert all("Li Shangfu" in h.what for h in contacts)
    months = [h for h in found if len(h.when) == len("2025-12")]
    assert months and all(h.day.isoformat().startswith(h.when) for h in months)
    assert all((h.day + dt.timedelta(days=1)).day == 1 for h in months)


def test_an_event_of_others_is_news_of_a_pair_only_where_it_bears_on_a_claim_on_it(
    held: Holdings,
) -> None:
    """Xi's third term is China's alone; a claim on the two states asks for it."""
    found = dated_events(AsOf("2022-10-01"), AsOf("2022-10-31"), held)
    term = next(h for h in found if "third term" in h.what)
    assert term.actors == {"CHN"} and any(id == "F7" for _, id, _ in term.claims)
    assert term.concerns(Dyad("RUS", "CHN")) and term.concerns(Dyad("CHN", "RUS"))
    assert not term.concerns(Dyad("CHN", "IND")) and not term.concerns(Dyad("TUR", "GRC"))
    assert not any("{" in claim for _, _, claim in term.claims)


def test_what_is_published_has_appeared_between_the_dates_for_sure(held: Holdings) -> None:
    first = AsOf("2024-05-01")
    last = AsOf("2024-06-30")
    found = published(first, last, held)
    assert found
    for h in found:
        assert first.date < h.day <= last.date
    rows = documents(last, held).values()
    old = {
        r["what"].rstrip(".") for r in rows if r["public_from"] and r["public_from"] <= first.date
    }
    assert not old & {h.what for h in found}


def test_new_figures_are_those_that_became_known_between_the_dates() -> None:
    values = {f"{2020 + n // 12}-{n % 12 + 1:02d}": 100.0 for n in range(36)}
    values["2022-12"] = 300.0
    known = {m: dt.date(int(m[:4]), int(m[5:]), 28) for m in values}
    own = Stream("votes", "CHN and RUS", frozenset({"CHN", "RUS"}), values, known)
    other = Stream("votes", "CHN and IND", frozenset({"CHN", "IND"}), values, known)
    pair = Dyad("RUS", "CHN")
    (figure,) = new_figures([own, other], pair, AsOf("2022-12-01"), AsOf("2022-12-31"))
    assert figure.stream is own and figure.month == "2022-12"
    assert figure.value == 300 and figure.year_before == 100 and figure.deviations > 5
    assert not new_figures([own], pair, AsOf("2022-12-29"), AsOf("2023-01-31"))


def test_votes_of_the_assembly_are_counted_alike_and_apart(held: Holdings) -> None:
    pair = Dyad("RUS", "CHN")
    cast = assembly_votes(pair, AsOf("2025-01-01"), AsOf("2025-06-30"), held)
    assert cast is not None and cast.roll_calls == cast.alike + len(cast.apart) > 0
    half = [
        assembly_votes(pair, AsOf(a), AsOf(b), held)
        for a, b in (("2025-01-01", "2025-03-31"), ("2025-03-31", "2025-06-30"))
    ]
    assert sum(h.roll_calls for h in half if h) == cast.roll_calls
    assert all("Russia " in line and "China " in line for line in cast.apart)
    assert any("A/RES" not in line for line in cast.apart)
    assert assembly_votes(pair, AsOf("2026-11-20"), AsOf("2026-11-25"), held) is None


def test_an_answer_that_stays_on_something_new_is_told_and_one_that_only_ages_is_not() -> None:
    (was,) = judge(("RUS", "CHN"), "2026-11-20", only="P1")
    page = replace(
        next(e for e in was.current.evidence if e.kind == "document"),
        id="X1",
        public_from=dt.date(2026, 11, 22),
    )
    said = replace(
        was.since,
        sentence="Yes. A page says so.",
        clause="A page says so.",
        evidence=(*was.since.evidence, page),
    )
    (ground,) = new_grounds([was], [replace(was, since=said)], dt.date(2026, 11, 21))
    assert ground.claim == "P1" and ground.after == "Yes. A page says so."
    word, rest = was.why.split(". ", 1)
    aged = replace(was.since, sentence=f"{word}, on records that end in 2019. {rest}")
    assert not new_grounds([was], [replace(was, since=aged)], dt.date(2026, 11, 21))


def test_the_board_says_how_many_drawn_events_any_series_could_have_shown(week: Watch) -> None:
    p = week.power
    assert p.drawn_seen <= p.drawn_with_series <= len(p.drawn)
    assert p.drawn_judged <= p.drawn_with_series
    text = str([b for b in document(week, WatchQuestion()).walk()])
    assert f"For {p.drawn_with_series} of them we have a series" in text


def test_a_share_of_two_roll_calls_is_none(held: Holdings) -> None:
    """Of Turkey's votes in 2023 the file has two, so that it seemed to agree with no one."""
    found, failed = streams(AsOf("2024-12-31"), held, "votes")
    assert not failed
    turkey = next(s for s in found if s.name == "TUR and USA")
    china = next(s for s in found if s.name == "CHN and RUS")
    assert "2023-12" not in turkey.values and "2022-12" in turkey.values
    assert "2023-12" in china.values


def test_what_was_published_in_the_period_is_the_first_reason_of_an_answer_that_changed(
    summer: Watch, held: Holdings
) -> None:
    """Pages of the months before that are dated by bounds alone come after it."""
    first, last = summer.first, summer.last
    (turned,) = [c for c in (*summer.verdicts, *summer.newly_read) if c.claim == "F14"]
    assert turned.published and not turned.rows
    shown = [
        d for d in documents(last, held).values() if turned.reasons[0].startswith(d["publisher"])
    ]
    assert any(d["public_from"] > first.date for d in shown), turned.reasons[0]


def test_what_stopped_and_what_moved_a_plan_are_told_in_words(summer: Watch) -> None:
    shown = [b for b in document(summer, WatchQuestion()).blocks if isinstance(b, Finding)]
    silent = [f for f in shown if f.topic == "silent"]
    assert silent and sum(bool(f.so_what) for f in silent) == 1
    plans = [f for f in shown if f.topic == "plan"]
    assert plans
    for finding in (*silent, *plans):
        told = f"{finding.sentence} {finding.so_what}"
        assert not re.search(r"\b(?:RUS|CHN|TUR)\b|\w_\w|\d\.\d{3}|\.\.", told), told


def drifting(of: str, name: str, family: str = "straits", **given: object) -> Alarm:
    """The first alarm of a series that fell to a tenth and stays there."""
    y = noise(1)
    y[80:] *= 0.1
    made = replace(stream(y, name, family, of), **given)  # type: ignore[arg-type]
    return next(a for a in alarms([made]) if a.month >= RANGE[80])


def board(pair: Dyad, *found: Alarm, verdicts: tuple[Changed, ...] = ()) -> Watch:
    """A watch that saw some alarms and some answers that changed, and nothing else."""
    return Watch(
        pair,
        AsOf("2022-01-01"),
        AsOf("2024-12-31"),
        known=(),
        alarms=found,
        happened=(),
        silences=(),
        silent=(),
        verdicts=verdicts,
        newly_read=(),
        added=(),
        beliefs=(),
        headlines=(),
        due=(),
        streams=(),
        power=Power((), 0, 0.0, ()),
    )


def test_a_dated_question_is_due_for_those_whose_acts_its_record_counts() -> None:
    def due_of(*pair: str) -> list[str]:
        due = _due(AsOf("2025-12-01"), (), Dyad(*pair))
        return [d.what for d in due if "question" in d.what]

    (of_korea,) = due_of("RUS", "PRK")
    assert "North Korea" in of_korea and of_korea in due_of("RUS", "CHN")
    assert len(due_of("RUS", "CHN")) > 1
    assert not due_of("IND", "CHN")


def test_what_is_unusual_for_one_state_is_told_apart_and_raises_no_alarm_of_the_pair() -> None:
    canal = drifting("", "Suez Canal, tankers", serves="CHN")
    seen = board(Dyad("IND", "CHN"), canal)
    assert not seen.of_both and seen.of_one == (canal,) and not seen.alarmed
    d = document(seen, WatchQuestion())
    assert d.exit == 0
    assert d.summary[0].startswith("No series has an unusual figure on the two together.")
    assert any(line.startswith("Unusual for China alone: Suez Canal") for line in d.summary)
    (own,) = [b for b in d.blocks if isinstance(b, Section) and "one of the two" in b.title]
    assert "Suez Canal" in str(own.blocks[0])
    assert "P12" not in str(own)  # a claim on Russia and China
    both = board(Dyad("RUS", "CHN"), canal)
    assert both.of_both == (canal,) and both.alarmed
    assert "P12" in str(document(both, WatchQuestion()).blocks[0])


def test_a_record_of_one_state_that_stops_is_told_of_that_state(held: Holdings) -> None:
    seen = watch("2026-03-01", "2026-03-08", ("TUR", "RUS"), holdings=held)
    assert not seen.silences and not seen.alarmed
    assert {s.family for s in seen.silences_of_one} == {"strikes"}
    assert "A record that stops" in text(document(seen, WatchQuestion()))


def test_what_is_due_concerns_the_two_states(held: Holdings) -> None:
    """Neither a question on Russia and China nor Armenia's trade is due for India and China."""
    seen = watch("2024-03-10", "2024-03-17", ("IND", "CHN"), holdings=held)
    told = " ".join(d.what for d in seen.due)
    assert "Russia" not in told and "Armenia" not in told
    votes = watch("2024-06-23", "2024-06-30", ("IND", "CHN"), holdings=held)
    assert any("the next yearly figure: votes" in d.what for d in votes.due)


def test_a_yearly_step_is_told_once(found: list[Stream]) -> None:
    """Votes of Japan and the United States rose in 2022; in 2023 they fell a little from there."""
    (votes,) = [s for s in found if s.name == "JPN and USA" and s.family == "votes"]
    told = [a.month for a in alarms([votes]) if a.month >= "2021-12"]
    assert told.count("2022-12") + told.count("2023-12") <= 1
    assert votes.values["2023-12"] < votes.values["2022-12"]


def test_a_drift_says_over_how_many_months() -> None:
    sudden = drifting("RUS CHN", "s")
    assert sudden.window == 1 and "together" not in sentence(sudden)
    slow = sentence(replace(sudden, window=3))
    assert slow.endswith(". The last three months together are unusually low")


def test_next_to_nothing_is_not_told_in_thousandths() -> None:
    made = replace(drifting("RUS CHN", "CHN to VEN", "arms"), value=30.0, expected=0.051)
    said = sentence(made)
    assert "next to nothing would be normal" in said and "0.051" not in said
    finding = alarm_finding(made, Dyad("RUS", "CHN"), None)
    assert finding.then is not None and finding.then.text == "next to nothing"


@pytest.mark.parametrize(
    ("calls", "alike", "apart", "said"),
    [
        (1, 1, (), "voted alike in the one roll call of the General Assembly."),
        (1, 0, ("X",), "voted differently in the one roll call of the General Assembly: X."),
        (6, 6, (), "voted alike in all 6 roll calls of the General Assembly."),
        (2, 2, (), "voted alike in both roll calls of the General Assembly."),
        (3, 2, ("X",), "in 2 of 3 roll calls of the General Assembly. They differed on X."),
        (5, 1, tuple("ABCD"), "They differed on four, among them A; B; C."),
        (4, 0, tuple("ABCD"), "in none of 4 roll calls of the General Assembly."),
    ],
)
def test_votes_are_told_in_a_sentence(
    calls: int, alike: int, apart: tuple[str, ...], said: str
) -> None:
    votes = AssemblyVotes(calls, alike=alike, apart=apart)
    seen = replace(board(Dyad("JPN", "USA")), votes=votes)
    shown = " ".join(text(document(seen, WatchQuestion())).split())
    assert "Japan and the United States voted" in shown and said in shown
