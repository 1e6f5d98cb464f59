# SPDX-License-Identifier: Apache-2.0
"""Questions: what was known then, base rates by hand, outcomes by rule."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bilat.channels.exercises import rules
from bilat.document.text import text as printed
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.forecast import forecast, score
from bilat.forecast.base_rates import (
    at_least,
    base_rate,
    decided,
    derived_movers,
    probability_now,
)
from bilat.forecast.criteria import criterion_in_words
from bilat.forecast.document import Beside, listed
from bilat.forecast.kept_forecasts import (
    ForecastLog,
    published,
    read_yours,
    refuse_other_texts,
    terms,
)
from bilat.forecast.questions import (
    Criterion,
    EvidenceRow,
    ForecastQuestion,
    Record,
    one,
    questions,
    read_questions,
)
from bilat.forecast.record import History, Observation, behind, history
from bilat.forecast.resolution import NO, UNDECIDED, WAITING, YES, resolve
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.verdicts.ledger import ledger
from bilat.when import PAPER_DATE, AsOf

LATE = AsOf("2026-11-24")


@pytest.fixture(scope="module")
def held() -> Holdings:
    return Holdings()


def seen(period: str, value: float = 1.0, known: str = "2020-01-01") -> Observation:
    return Observation(period, value, dt.date.fromisoformat(known), period, False)


def a_question(**changes: object) -> ForecastQuestion:
    given = {
        "id": "X",
        "claim": "P6",
        "statement": "s",
        "asks": "a?",
        "opened": "2023-03-20",
        "closes": "2024-03-20",
        "written": "2023-03-20",
        "record": {"source": "exercises", "table": "events", "key": "event", "day": "starts"},
        "criterion": {"form": "count", "at_least": 1},
        "base": {"since": 2003, "why": "w"},
    }
    return ForecastQuestion(**{**given, **changes})


def test_25_questions_close_within_twelve_months_of_their_opening_and_have_a_record() -> None:
    soon = [q for q in questions() if q.opened > PAPER_DATE and (q.closes - q.opened).days <= 366]
    assert len(soon) >= 25
    for q in soon:
        assert q.record is not None, q.id
        assert q.judged is None, q.id


def test_the_paper_is_asked_as_of_its_day_and_the_open_questions_run_to_2027_and_2028() -> None:
    paper = [q for q in questions() if q.opened == PAPER_DATE]
    later = [q for q in questions() if q.opened > PAPER_DATE]
    assert len(paper) >= 12
    assert {q.closes.year for q in later} == {2027, 2028}
    assert all(q.movers or q.record for q in later)
    assert {q.claim for q in questions()} <= {c.id for c in ledger()}
    # whoever wrote the paper's questions in 2026 knew what came, and each entry says so
    assert all(q.written > q.closes for q in paper)


@pytest.mark.parametrize("q", questions(), ids=lambda q: q.id)
def test_nothing_behind_a_probability_was_known_after_the_opening(
    q: ForecastQuestion, held: Holdings
) -> None:
    then = AsOf(q.opened)
    if q.record is not None:
        past = history(q.record, then, held)
        assert past.seen or q.base is not None
        assert all(s.known_on <= q.opened for s in past.seen)
    for piece in q.evidence:
        assert behind(piece.row, then, held).known_on <= q.opened


def test_evidence_that_nobody_could_know_is_refused(held: Holdings) -> None:
    row = EvidenceRow(measure="meetings.leaders", group="in person", period="2024")
    with pytest.raises(DataError, match="no point 2024 as of 2023-03-20"):
        behind(row, AsOf(PAPER_DATE), held)
    late = {
        "cluster": "c",
        "says": "s",
        "strength": "weak",
        "speaks": "for",
        "row": row.model_dump(),
    }
    with pytest.raises(DataError, match=r"[Nn]ame a row that was known"):
        forecast(a_question(evidence=[late]), holdings=held, as_of=LATE)


def test_a_later_record_does_not_change_an_earlier_probability(held: Holdings) -> None:
    q = one(questions(), "P6-IRN")
    assert q.record is not None
    now = history(q.record, LATE, held)
    then = history(q.record, AsOf(PAPER_DATE), held)
    assert len(now.seen) > len(then.seen)
    assert base_rate(q, now).probability != base_rate(q, then).probability
    assert forecast(q, holdings=held, as_of=LATE).rate.probability == base_rate(q, then).probability


def test_a_rate_of_events_by_hand() -> None:
    # gamma(1.5, 4) and two years ahead: P(0) = (4/6)^1.5, P(1) = P(0) * 1.5 * (2/6)
    none = (4 / 6) ** 1.5
    assert at_least(1, 1.5, 4, 2) == pytest.approx(1 - none)
    assert at_least(2, 1.5, 4, 2) == pytest.approx(1 - none - none * 1.5 * 2 / 6)
    assert at_least(1, 0.5, 20, 0) == pytest.approx(0)


def test_a_discounted_rate_by_hand() -> None:
    q = a_question(base={"since": 2022, "discount": 1.0, "why": "w"})
    rate = base_rate(
        q, History((seen("2022-06-01"), seen("2023-01-01"), seen("2010-01-01")), "2023-03-01")
    )
    span, ahead = 443 / 365.25, 366 / 365.25
    assert rate.successes == 2 and rate.trials == pytest.approx(span)
    assert rate.probability == pytest.approx(1 - (span / (span + ahead)) ** 2.5)
    assert rate.persistence == 1


def test_windows_that_overlap_share_their_years() -> None:
    q = a_question(
        closes="2025-03-31",
        record={"measure": "transfers.tiv", "group": "RUS>CHN"},
        criterion={
            "form": "rise",
            "window": ["2024", "2024"],
            "against": "2022",
            "at_least": 1,
            "strict": True,
        },
        base={"since": 2000, "discount": 1.0, "why": "w"},
    )
    figures = tuple(
        seen(str(y), v) for y, v in zip(range(2016, 2023), [1, 2, 3, 2, 1, 4, 4], strict=True)
    )
    rate = base_rate(q, History(figures, "2022"))
    # spans ending 2018..2022: 3>1 yes, 2>2 no, 1>3 no, 4>2 yes, 4>1 yes; each counts half
    assert (rate.successes, rate.trials) == (1.5, 2.5)
    assert rate.probability == pytest.approx(2.0 / 3.5)
    assert rate.persistence == 1


def test_windows_of_one_year_are_said_in_the_singular() -> None:
    q = a_question(
        closes="2024-03-31",
        record={"measure": "transfers.tiv", "group": "RUS>CHN"},
        criterion={"form": "level", "window": ["2023", "2023"], "statistic": "sum", "at_least": 1},
        base={"since": 2000, "discount": 1.0, "why": "w"},
    )
    one, two = (
        base_rate(q, History(tuple(seen(str(y), 2) for y in range(2023 - n, 2023)), "2022"))
        for n in (1, 2)
    )
    assert one.words.startswith("1 of 1 window of 1 year ending") and two.words.startswith(
        "2 of 2 windows of 1 year "
    )
    with pytest.raises(DataError, match="no window of 1 year before"):
        base_rate(q, History((), "2022"))


def test_a_register_that_lags_is_counted_to_where_it_ends() -> None:
    q = a_question(
        closes="2025-03-31",
        record={"source": "sipri_register", "table": "transfers", "key": "deal"},
        criterion={"form": "count", "window": ["2023", "2024"], "at_least": 1},
        base={"since": 2013, "discount": 1.0, "why": "w"},
    )
    rate = base_rate(q, History((), "2022"))
    years, ahead = (dt.date(2022, 12, 31) - dt.date(2013, 1, 1)).days / 365.25, 731 / 365.25
    assert rate.probability == pytest.approx(1 - (years / (years + ahead)) ** 0.5)


@pytest.mark.parametrize(
    "on,status", [("2023-09-22", WAITING), ("2024-03-16", YES), ("2026-11-24", YES)]
)
def test_a_yes_comes_with_its_row_and_not_before(on: str, status: str, held: Holdings) -> None:
    outcome = resolve(one(questions(), "P6-IRN"), AsOf(on), held)
    assert outcome.status == status
    if status == YES:
        assert outcome.rows[0].where.startswith("exercises ")


def test_a_no_needs_a_record_that_speaks_past_the_window(held: Holdings) -> None:
    q = one(questions(), "P7-PRK")
    assert resolve(q, AsOf("2025-12-06"), held).status == WAITING
    assert resolve(q, LATE, held).status == NO


def test_a_hole_in_the_record_is_not_a_no(held: Holdings) -> None:
    assert resolve(one(questions(), "I4-LETHAL-2028"), LATE, held).status == WAITING


def test_a_question_that_pages_resolved_is_closed_from_their_day(held: Holdings) -> None:
    q = one(questions(), "I4-LETHAL")
    assert resolve(q, AsOf("2025-12-30"), held).status == WAITING
    closed = resolve(q, AsOf("2025-12-31"), held)
    assert closed.status == UNDECIDED
    assert "Ukraine, 17 April 2025" in closed.why
    assert q.closing is not None and len(q.closing.pages) >= 3
    assert "pravda.com.ua" in criterion_in_words(q)


def monthly(values: list[float], at_least: float, window: str) -> tuple[ForecastQuestion, History]:
    q = a_question(
        record={"stream": "losses: RUS tanks"},
        criterion={"form": "month", "window": [window, window], "at_least": at_least},
        base={"since": 2022, "discount": 1.0, "why": "w"},
    )
    figures = [seen(f"2022-{n:02d}", v) for n, v in enumerate(values, 1)]
    return q, History(tuple(figures), figures[-1].period)


def test_a_month_is_reached_as_often_as_the_stream_grew_as_far_in_as_long() -> None:
    # 8 in June must be 16 in August: twice as much in two months. Spans: 1 to 4 yes, 2 to 2 no,
    # 4 to 8 yes, 2 to 8 yes; each counts half, for two months are shared.
    q, past = monthly([1, 2, 4, 2, 8, 8], 16, "2022-08")
    rate = base_rate(q, past)
    assert (rate.successes, rate.trials) == (1.5, 2.0)
    assert rate.probability == pytest.approx(2.0 / 3.0)
    assert rate.persistence == 0
    assert "must become 16 within 2 months, 2.00 times as much" in rate.words
    (more, up), (less, down) = derived_movers(q, past, 0, q.opened)
    assert "10" in more and "6" in less
    assert up >= rate.probability >= down
    with pytest.raises(DataError, match="no figure before 2022-06 to start from"):
        base_rate(*monthly([1, 2, 4, 2, 8, 8], 16, "2022-06"))
    with pytest.raises(DataError, match="has no 14 months behind it"):
        base_rate(*monthly([1, 2, 4, 2, 8, 8], 16, "2023-08"))


def test_a_month_of_a_stream_resolves_from_its_figure_and_not_before(held: Holdings) -> None:
    q = one(questions(), "HORMUZ-TANKERS-2027")
    assert q.criterion
    for least, status in ((20, NO), (1, YES)):
        line = {"window": ("2026-03", "2026-03"), "at_least": least}
        past = q.model_copy(
            update={
                "opened": dt.date(2026, 1, 1),
                "criterion": q.criterion.model_copy(update=line),
            }
        )
        assert resolve(past, LATE, held).status == status
        assert resolve(past, AsOf("2026-03-20"), held).status == WAITING
    assert resolve(q, AsOf("2026-11-30"), held).status == WAITING


def test_what_has_come_since_the_opening_moves_the_number_of_now() -> None:
    q = a_question(criterion={"form": "count", "at_least": 2}, opened="2023-03-20")
    past = History(tuple(seen(f"{y}-06-01") for y in range(2010, 2023)), "2023-03-20")
    opening = probability_now(q, past, 0, q.opened)
    assert opening == pytest.approx(base_rate(q, past).probability)
    assert probability_now(q, past, 1, q.opened) > opening
    assert probability_now(q, past, 0, dt.date(2024, 1, 20)) < opening
    assert probability_now(q, past, 0, q.closes) == pytest.approx(0.01)


def test_the_published_log_holds_every_question_of_the_year_as_it_reads_today() -> None:
    last = {e.question: e for e in published()}
    for q in questions():
        if q.closing is None and q.opened > PAPER_DATE:
            assert last[q.id].terms == terms(q), f"{q.id}: another text is another question"
            assert (last[q.id].base_rate == "") == (q.record is None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"asks": "Do they meet at all?"}, "MEET-2027-H1 has another text now"),
        ({"closes": dt.date(2027, 12, 31)}, "MEET-2027-H1 has another text now"),
        (None, "MEET-2027-H1 is missing"),
    ],
)
def test_a_question_whose_number_is_kept_cannot_be_asked_in_other_words(
    changes: dict[str, object] | None, message: str
) -> None:
    refuse_other_texts(published(), questions())
    asked = [q for q in questions() if q.id != "MEET-2027-H1"]
    if changes is not None:
        asked.append(one(questions(), "MEET-2027-H1").model_copy(update=changes))
    with pytest.raises(DataError, match=message):
        refuse_other_texts(published(), asked)


def test_a_kept_forecast_cannot_be_changed_or_put_in_afterwards(
    held: Holdings, tmp_path: Path
) -> None:
    q = one(questions(), "P7-TROOPS-2027")
    f = forecast(q, holdings=held, as_of=LATE)
    log = ForecastLog(tmp_path / "log.jsonl")
    day = LATE.date
    assert log.keep([f], {q.id: 0.4}, day) == 2
    assert log.keep([f], {q.id: 0.4}, day + dt.timedelta(days=1)) == 0  # nothing changed
    assert log.keep([replace(f, now=0.5)], {q.id: 0.6}, day + dt.timedelta(days=2)) == 2
    said = [(e.who, e.probability) for e in log.entries()]
    assert said == [
        ("bilat", f"{f.now:.3f}"),
        ("you", "0.400"),
        ("bilat", "0.500"),
        ("you", "0.600"),
    ]
    lines = log.path.read_text("utf-8").splitlines(keepends=True)
    for changed in (
        [lines[0].replace('"0.250"', '"0.900"'), *lines[1:]],
        [lines[0], *lines[2:]],
        [*lines[:2], lines[0], *lines[2:]],
    ):
        log.path.write_text("".join(changed), "utf-8")
        with pytest.raises(DataError, match="altered or cut"):
            list(log.entries())


def test_your_own_numbers_stand_beside_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,probability\np7-troops-2027,35%\nP6-IRN-2027,0.7\n", "utf-8")
    assert read_yours(path, questions()) == {"P7-TROOPS-2027": 0.35, "P6-IRN-2027": 0.7}
    for text, said in (
        ("question,probability\nP6-IRN-2027,1.5\n", "is not a probability"),
        ("question,probability\nP6-IRN-2027,\n", "is not a probability"),
        ("question,probability\nNONE,0.5\n", "no question 'NONE'"),
        ("a,b\n", "holds no number"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises((DataError, UsageError), match=said):
            read_yours(path, questions())


def test_the_list_has_number_word_change_and_what_moves_it(held: Holdings) -> None:
    when = AsOf("2026-11-30")
    asked = [
        forecast(one(questions(), id), holdings=held, as_of=when)
        for id in ("P7-TROOPS-2027", "HORMUZ-TANKERS-2027", "I4-LETHAL")
    ]
    shown = " ".join(
        printed(listed(asked, None, when, Beside(published(), {"P7-TROOPS-2027": 0.4}))).split()
    )
    assert "HORMUZ-TANKERS-2027 2027-08-31 11% very unlikely 11% new" in shown
    assert "25% unlikely judged no change 40%" in shown
    assert "1 question closes within twelve months" in shown
    assert "still 11% if" in shown
    assert "I4-LETHAL 2025-12-31 10% judged not decidable" in shown
    assert "1 cannot be decided, 2 are open" in shown


def test_roll_calls_of_each_year_asked_make_a_no(held: Holdings) -> None:
    outcome = resolve(one(questions(), "W6-OPPOSED"), LATE, held)
    assert (
        outcome.status == NO
    )  # five roll calls of those days are held; China opposed Russia in none
    assert resolve(one(questions(), "W6-OPPOSED"), AsOf("2025-06-30"), held).status == WAITING


def test_a_question_file_is_refused_in_one_line_that_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text, said in (
        ("[[question]\n", "is not TOML"),
        ("x = 1\n", "holds no [[question]]"),
        ("[[question]]\nid = 'A'\n", "question A: column claim: Field required"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(DataError, match=r"mine\.toml") as e:
            questions(path)
        assert said in str(e.value) and "\n" not in str(e.value)
    with pytest.raises(UsageError, match="no question 'NONE'"):
        one(questions(), "NONE")
    assert read_questions(_minimal(), "x")[0].id == "MINE"


def _minimal() -> str:
    return """[[question]]
id = "MINE"
claim = "P6"
statement = "s"
asks = "a?"
opened = 2023-03-20
closes = 2024-03-20
written = 2023-03-20
judged = 0.2
judged_why = "why"
needs = "a list"
"""


def test_a_filter_is_no_sql(held: Holdings) -> None:
    base = {"source": "exercises", "table": "events", "key": "event", "day": "starts"}
    hostile = Record(**base, equals={"class": ["x') OR ('1'='1"]})
    assert history(hostile, LATE, held).seen == ()
    with pytest.raises(DataError, match="has no column"):
        history(Record(**base, equals={"1=1 OR class": ["x"]}), LATE, held)
    with pytest.raises(DataError, match="no table"):
        history(Record(**{**base, "table": "events; DROP TABLE x"}), LATE, held)


def test_an_incomplete_question_is_refused() -> None:
    for changes in (
        {"closes": "2023-03-20"},
        {"record": None},
        {"criterion": None},
        {"criterion": {"form": "level", "window": ["2024", "2024"], "at_least": 1}},
        {"criterion": {"form": "rise", "at_least": 1}},
    ):
        with pytest.raises(ValueError):
            a_question(**changes)
    with pytest.raises(ValueError):
        Criterion(form="count", at_least=1, unknown=2)  # type: ignore[call-arg]


def test_every_question_of_exercises_says_which_kinds_count(held: Holdings) -> None:
    asked = [q for q in questions() if q.record and q.record.table == "events"]
    assert asked
    for q in asked:
        assert q.record and (q.record.counting or q.record.equals.get("class")), q.id
        said = criterion_in_words(q)
        assert (
            "Not counted: drills of a bloc" in said
            or f"class {q.record.equals['class'][0]}" in said
        )
    classes = Ask(Dyad("RUS", "CHN"), LATE, {}, held).query(
        "SELECT DISTINCT class FROM events WHERE source = 'exercises'"
    )
    named = {c for kind in rules()["kinds"].values() for c in kind}
    assert (
        set(classes["class"].to_pylist()) <= named
    )  # one without a kind would count nowhere, unseen


def test_drills_of_a_bloc_are_no_exercises_of_three_named_states(held: Holdings) -> None:
    for id in ("P6-IRN", "P6-IRN-2027"):
        record = one(questions(), id).record
        assert record
        found = {s.where for s in history(record, LATE, held).seen}
        # Eurasia-Antiterror-2023, SCO Interaction-2024, Sahand-2025 (lines 119, 68, 83), AMAN-25, Army Games
        assert not found & {f"exercises line {n}" for n in (119, 68, 83, 123, 35, 110)}
        # line 86, Maritime Security Belt 2026, was only announced
        assert found == {f"exercises line {n}" for n in (44, 54, 62, 67, 77, 85)}
    assert [s.where for s in resolve(one(questions(), "P6-IRN"), LATE, held).rows] == [
        "exercises line 67"
    ]


def test_figures_whose_intervals_overlap_decide_nothing(held: Holdings) -> None:
    outcome = resolve(one(questions(), "F4-DISTANCE"), LATE, held)
    assert outcome.status == UNDECIDED
    assert outcome.why.startswith(
        "0.2691 (0.03866 to 0.5398) in 2023, at least the 0.3816 (0.1623 to 0.601) of 2021"
    )
    f = forecast(one(questions(), "F4-DISTANCE"), holdings=held, as_of=LATE)
    assert (
        score([f, forecast(one(questions(), "I2-CRUDE"), holdings=held, as_of=LATE)]).undecided == 1
    )


@pytest.mark.parametrize(
    "value,low,high,met",
    [(3, 2.5, 3.5, True), (1, 0.5, 1.5, False), (2.2, 1.5, 2.9, None), (1.9, None, None, False)],
)
def test_an_interval_decides_only_where_it_lies_on_one_side(value, low, high, met) -> None:  # type: ignore[no-untyped-def]
    line = Criterion(form="level", window=("2024", "2024"), at_least=2, interval="clear")
    assert decided([replace(seen("2024", value), low=low, high=high)], line) is met
    against = replace(seen("2022", 2.0), low=1.7, high=2.3)
    rise = Criterion(
        form="rise", window=("2024", "2024"), against="2022", at_least=1, interval="clear"
    )
    wanted = {3: True, 1: False, 2.2: None, 1.9: None}[value]
    assert decided([replace(seen("2024", value), low=low, high=high)], rise, against) is wanted


def test_what_is_known_after_the_last_edition_asked_for_does_not_decide(held: Holdings) -> None:
    q = one(questions(), "I4-REGISTER")
    assert resolve(q, LATE, held).status == YES
    early = q.model_copy(
        update={"criterion": q.criterion.model_copy(update={"known_by": dt.date(2023, 4, 1)})}
    )  # type: ignore[union-attr]
    assert resolve(early, LATE, held).status == WAITING
