# SPDX-License-Identifier: Apache-2.0
"""Every answer is about whom it says: of two unrelated pairs the answers differ, or the subject is no pair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.document import Frame
from bilat.document.plain import envelope
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import (
    Answer,
    Ask,
    Measurement,
    MeasureQuestion,
    Pair,
    States,
    World,
    ask,
    ask_for,
    flow,
    measure,
    measures,
    states,
)
from bilat.measures.registry import trial
from bilat.subject import Flow, Good, PartySubject, State, Subject, from_plain, pair_of, to_plain
from bilat.units import money

#: Pairs without a state in common: of each measure some pair here has an answer where any has.
UNRELATED = [("RUS", "CHN"), ("IND", "PAK"), ("TUR", "ARM"), ("USA", "JPN"), ("UKR", "DEU")]


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    return Holdings()


def figures(m: Measurement) -> frozenset[tuple[str, str, float | None]]:
    return frozenset((p.period, p.group, p.value) for p in m.points)


def confusions(answers: list[Measurement]) -> list[str]:
    """Pairs of answers that give the same figures about two subjects, or are about a pair that nobody asked of."""
    found = []
    for n, one in enumerate(answers):
        two = pair_of(one.subject)
        if two is not None and one.dyad is not None and two != one.dyad:
            found.append(f"{one.dyad.name} was asked, {two.name} answered")
        for other in answers[n + 1 :]:
            # two records without a row are both zero throughout, and are no answer to another's question
            same = one.evidence.num_rows and figures(one) == figures(other)
            if same and one.subject != other.subject:
                found.append(f"{one.subject.name} and {other.subject.name} have the same figures")
    return found


@pytest.mark.parametrize("name", measures())
def test_two_unrelated_pairs_have_two_answers_or_the_subject_is_no_pair(
    holdings: Holdings, name: str
) -> None:
    answers = []
    for pair in UNRELATED:
        try:
            answers.append(ask(name, pair, holdings=holdings))
        except UsageError as e:
            assert "ask it without states: bilat ask" in str(e) and "\n" not in str(e)
    if not measures()[name].binding.from_pair:
        assert len(answers) <= 1, "a pair that changes nothing is refused"
        answers.append(ask(name, holdings=holdings))
    else:
        assert len(answers) == len(UNRELATED)
    assert any(m.points for m in answers)
    assert not confusions(answers)


@pytest.mark.parametrize("name", measures())
def test_what_is_printed_names_the_subject_that_was_answered(holdings: Holdings, name: str) -> None:
    pair = Dyad("IND", "PAK")
    m = ask_for(name, pair, holdings=holdings)
    document = MeasureQuestion(name).answer(Frame(m.dyad, holdings=holdings))
    told = envelope(document)
    assert told["subject"] == to_plain(m.subject)
    two = pair_of(m.subject)
    assert told["pair"] == ([two.a, two.b] if two else None)
    assert m.to_json()["subject"] == to_plain(m.subject)
    for text in (document.title, m.cite(), m.cite("bibtex")):
        assert m.heading in text
        if m.dyad is None:
            assert pair.name not in text


def test_a_measure_follows_the_pair_that_is_asked(holdings: Holdings) -> None:
    m = ask("trade.exports", ("TUR", "RUS"), holdings=holdings)
    assert set(m.groups()) == {"TUR>RUS", "RUS>TUR"}
    assert m.value("2021", "TUR>RUS") == pytest.approx(5.774e9, rel=0.001)
    assert "bilat_trade_exports_TUR_RUS" in m.cite("bibtex")
    with pytest.raises(UsageError, match=r"Turkey and Russia has no group 'DEU>KGZ'; it has: TUR>"):
        m.value("2021", "DEU>KGZ")
    with pytest.raises(UsageError, match=r"has no point 1890 of TUR>RUS; it has 2021 to 2021"):
        m.value("1890", "TUR>RUS")


def test_parameters_that_are_given_make_the_subject(holdings: Holdings) -> None:
    given = {"reporter": "DEU", "partner": "KGZ"}
    m = ask("trade.exports", ("TUR", "RUS"), holdings=holdings, **given)
    assert m.subject == Flow("DEU", "KGZ") and m.heading.endswith("Germany to Kyrgyzstan")
    assert "Turkey" not in m.cite() and m.to_json()["pair"] == ["DEU", "KGZ"]
    with pytest.raises(UsageError, match="reporter is given and partner is blank; name both"):
        ask("trade.exports", ("TUR", "RUS"), holdings=holdings, reporter="DEU")


def test_a_gap_says_whose_it_is(holdings: Holdings) -> None:
    m = ask("trade.mirror_gap", holdings=holdings, exporter="DEU", importer="KGZ")
    assert all(g.startswith("DEU>KGZ ") for g in m.groups()) and m.groups()


def test_a_measure_of_the_world_refuses_a_pair_and_says_how_to_ask() -> None:
    with pytest.raises(UsageError) as refused:
        ask("regime.dispute_ratio", ("TUR", "RUS"), years="1990-2010")
    said = str(refused.value)
    assert said == (
        "measure regime.dispute_ratio is about the world, not about Turkey and Russia; ask it "
        "without states: "
        "bilat ask regime.dispute_ratio --param years=1990-2010"
    )


def test_a_pair_that_is_the_subject_is_no_error(holdings: Holdings) -> None:
    m = ask("trade.single_codes", ("RUS", "CHN"), holdings=holdings)
    assert str(m.subject) == "CHN>RUS chpl"
    with pytest.raises(
        UsageError, match="is about China to Russia, chpl, not about India and Paki"
    ):
        ask("trade.single_codes", ("IND", "PAK"), holdings=holdings)


def test_one_state_of_the_pair_is_named_alone(holdings: Holdings) -> None:
    assert ask("energy.share", ("RUS", "CHN"), holdings=holdings).subject == State("CHN")
    one = ask("losses.confirmed", ("RUS", "CHN"), holdings=holdings)
    assert one.subject == State("RUS") and one.heading.endswith("confirmed: Russia")
    both = ask("losses.confirmed", ("RUS", "UKR"), holdings=holdings)
    assert both.subject == Dyad("RUS", "UKR")


# -- the declaration ---------------------------------------------------------------------------------------------

HEAD = {"unit": money("USD"), "tables": ["flows"], "reference": "none", "method": "none"}


def blank(ask: Ask) -> Answer:
    """Groups: none."""
    return ask.answer()


def constant(ask: Ask) -> Answer:
    """Groups: one."""
    out = ask.answer()
    out.point(
        "2020", 1.0, rows=ask.rows("SELECT * FROM flows WHERE period = '2020' ORDER BY ALL LIMIT 3")
    )
    return out


def either(ask: Ask, reporter: States = (), partner: States = ()) -> Answer:
    """Groups: none.

    reporter: who
    partner: whom
    """
    return ask.answer()


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (None, "measure test.made does not say what it is about. Write of=Pair"),
        ("Pair", "of='Pair' is not a subject. Write Pair, states"),
        (
            flow("seller", "partner"),
            "names the parameter seller, which it does not have; it has: r",
        ),
    ],
)
def test_a_measure_without_a_subject_is_refused(of: object, said: str) -> None:
    with trial(), pytest.raises(AssertionError) as refused:
        measure("test.made", of=of, **HEAD)(either)  # type: ignore[arg-type]
    assert said in str(refused.value)


def test_a_measure_of_states_must_say_which(holdings: Holdings) -> None:
    with trial():
        measure("test.made", of=states(), **HEAD)(constant)  # type: ignore[arg-type]
        with pytest.raises(AssertionError, match=r'Call out.about\("RUS"\)'):
            ask("test.made", ("RUS", "CHN"), holdings=holdings)


def test_the_contract_finds_a_measure_that_ignores_its_pair(holdings: Holdings) -> None:
    with trial():
        measure("test.made", of=Pair, **HEAD)(constant)  # type: ignore[arg-type]
        answers = [ask("test.made", pair, holdings=holdings) for pair in UNRELATED[:2]]
    assert confusions(answers) == ["Russia and China and India and Pakistan have the same figures"]


def test_a_default_of_others_is_told_from_the_pair(holdings: Holdings) -> None:
    with trial():
        measure("test.made", of=World, **HEAD)(constant)  # type: ignore[arg-type]
        m = ask("test.made", holdings=holdings)
        *_, made = m.cite().partition("; bilat, ")  # a source may well be called after Russia
        assert m.dyad is None and made and "Russia" not in made
        assert ask_for("test.made", PAPER_PAIR, holdings=holdings).subject == World()


# -- the types ---------------------------------------------------------------------------------------------------

CODES = st.lists(st.sampled_from(["RUS", "CHN", "TUR", "EU27", "WLD"]), min_size=1, max_size=3)
SUBJECTS = st.one_of(
    st.sampled_from([Dyad("RUS", "CHN"), World(), Good("854231"), PartySubject("ofac-1")]),
    CODES.map(lambda codes: State(*codes)),
    st.builds(Flow, CODES, CODES, st.sampled_from(["", "chips"])),
)


@given(SUBJECTS)
def test_a_subject_is_written_and_read_back(subject: Subject) -> None:
    assert from_plain(to_plain(subject)) == subject
    assert subject.name and str(subject)


@given(SUBJECTS, SUBJECTS)
def test_two_subjects_have_two_texts(one: Subject, other: Subject) -> None:
    assert (one == other) == (str(one) == str(other))
