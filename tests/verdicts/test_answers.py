# SPDX-License-Identifier: Apache-2.0
"""Two answers a claim: four words, three degrees, a sentence to repeat; nothing leaks between dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilat.dyad import Dyad
from bilat.measures import Point, ask, default_holdings
from bilat.verdicts import ANSWERS, Evidence, Judgement, judge
from bilat.verdicts.answers import answer
from bilat.verdicts.evidence import documents, gather
from bilat.verdicts.ledger import Cited, Claim, ledger
from bilat.verdicts.outcome import Outcome, Side
from bilat.verdicts.sentences import NUMBERS, WORDS, WordedNumber, clause, count_numbers, spoken
from bilat.verdicts.weights import part_answer, weigh
from bilat.when import PAPER_DATE, AsOf, Period

DATES = ("2021-12-31", "2023-03-20", "2024-12-31", "2026-11-27")
#: Words of the method, which no reader of an answer needs.
METHOD = re.compile(
    r"\b(the test|leading|defensible|choices?|edition|turns|held|(?<!dated )record of"
    r"|changed in kind|supported|contradicted)\b"
)


@cache
def judged_on(day: str) -> tuple[Judgement, ...]:
    """Every claim of the ledger as of a day, worked out once for all tests."""
    return tuple(judge(("RUS", "CHN"), day))


@pytest.fixture(scope="module", params=DATES)
def judged(request: pytest.FixtureRequest) -> tuple[Judgement, ...]:
    return judged_on(request.param)


def test_every_sentence_is_short_plain_and_begins_with_its_answer(
    judged: tuple[Judgement, ...],
) -> None:
    for j in judged:
        for half in (j.when_written, j.since):
            said = half.sentence
            assert half.answer in ANSWERS and half.sure in ("firm", "fair", "thin")
            assert said.lower().startswith(half.answer), f"{j.id}: {said}"
            assert len(said.split()) <= WORDS and count_numbers(said) <= NUMBERS, f"{j.id}: {said}"
            assert not METHOD.search(said), f"{j.id}: {said}"
            assert said.endswith(".") and ".." not in said and "{" not in said, f"{j.id}: {said}"


def test_nothing_stands_in_an_answer_before_it_was_public(judged: tuple[Judgement, ...]) -> None:
    public = documents(judged[0].as_of, default_holdings())
    for j in judged:
        for e in [*j.when_written.evidence, *j.since.evidence]:
            if e.kind == "document":
                assert e.known_on is not None and e.known_on <= j.as_of.date, f"{j.id}: {e.id}"
                assert e.id in public
            assert (
                e.outcome is None
                or e.outcome.measurement is None
                or (e.outcome.measurement.as_of.date <= j.as_of.date)
            )
        for e in j.when_written.evidence:
            reaches = e.reaches or PAPER_DATE
            assert reaches <= dt.date(2023, 3, 31) or e.kind == "indicator", f"{j.id}: {e.id}"


def test_every_row_behind_a_claim_was_known_on_the_papers_day() -> None:
    day = str(PAPER_DATE)
    for j in judged_on(day):
        for m in filter(None, [j.evidence, *j.others]):
            for r in m.rows():
                assert r["known_on"] <= day, (j.id, m.name, r)
                assert r["period"] <= day
            for p in m.points:
                assert p.period <= day, (j.id, m.name, p)


def test_a_year_in_a_sentence_is_never_later_than_its_date(judged: tuple[Judgement, ...]) -> None:
    for j in judged:
        for half, last in (
            (j.when_written, min(j.as_of.date.year, 2023)),
            (j.since, j.as_of.date.year),
        ):
            years = [int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", half.sentence)]
            assert all(y <= last for y in years), f"{j.id} as of {j.as_of}: {half.sentence}"


def test_evidence_to_is_the_end_of_what_the_sentence_prints(judged: tuple[Judgement, ...]) -> None:
    for j in judged:
        for half in (j.when_written, j.since):
            assert all(e in half.evidence for e in half.leads), j.id
            printed = {e.content_to for e in half.leads if e.content_to}
            last = min(max(printed), half.day or j.as_of.date) if printed else None
            assert all(last is not None and day <= last for day in half.evidence_to), j.id
            assert all(e.says.rstrip(".")[1:] in half.sentence for e in half.leads), j.id


def test_every_answer_says_what_it_rests_on(judged: tuple[Judgement, ...]) -> None:
    for j in judged:
        for half in (j.when_written, j.since):
            plain = half.to_json()["rests_on"]
            assert isinstance(plain, dict)
            assert bool(plain["sentence"]) == (half.answer != "not known"), j.id
            if half.sure == "firm":
                assert not half.foundation.carriers and half.foundation.voices > 1, j.id


def test_today_no_more_than_eight_claims_are_open_and_every_answer_has_evidence_with_lineage() -> (
    None
):
    now = judged_on(DATES[-1])
    for half in ("when_written", "since"):
        assert sum(getattr(j, half).answer == "not known" for j in now) <= 8
    for j in now:
        plain = j.to_json()
        for half in ("when_written", "since"):
            mine = plain[half]
            assert {"answer", "sentence", "sure", "evidence"} <= mine.keys()
            both = mine["evidence"]["for"] + mine["evidence"]["against"]
            assert both or mine["answer"] == "not known"
            assert all(e["lineage"] for e in both), j.id


def test_when_written_is_what_is_answered_as_of_the_papers_day() -> None:
    """One path gives both: what became public later of the time before moves nothing."""
    then = {j.id: j.when_written for j in judged_on(str(PAPER_DATE))}
    for day in DATES[2:]:
        for j in judged_on(day):
            assert j.when_written.to_json() == then[j.id].to_json(), f"{j.id} as of {day}"


def test_the_turn_of_the_year_moves_no_answer() -> None:
    for before, after in (("2024-12-31", "2025-01-02"), ("2025-12-31", "2026-01-02")):
        old, new = ({j.id: j for j in judged_on(d)} for d in (before, after))
        for id, j in new.items():
            was = old[id].current
            if was.answer != j.current.answer:  # only where something became public
                assert {e.id for e in was.evidence} != {e.id for e in j.current.evidence}, (
                    f"{id}: {before}"
                )


def piece(side: str, weight: float, publisher: str, part: str = "") -> Evidence:
    return Evidence(
        "document",
        publisher,
        part,
        side,  # type: ignore[arg-type]
        weight,
        f"{publisher} says so",
        "because",
        (publisher,),
        (publisher,),
        "B2",
        reaches=dt.date(2026, 1, 1),
        content_to=dt.date(2026, 1, 1),
        known_on=dt.date(2026, 1, 1),
        leads=True,
    )


def test_a_publisher_counts_once_a_side_and_three_quarters_decide() -> None:
    assert weigh([piece("for", 2, "A"), piece("for", 2, "A"), piece("against", 1, "B")]) == (2, 1)
    assert part_answer([piece("for", 3, "A"), piece("against", 1, "B")])[0] == "yes"
    assert part_answer([piece("for", 2, "A"), piece("against", 1, "B")])[0] == "in part"
    assert part_answer([piece("for", 1, "A"), piece("against", 3, "B")])[0] == "no"
    assert part_answer([piece("neither", 0, "A")])[0] == "not known"


@given(
    st.lists(
        st.tuples(st.sampled_from(["for", "against", "in part"]), st.sampled_from([1.0, 2.0, 3.0]))
    )
)
def test_turning_every_side_round_turns_the_answer(pieces: list[tuple[str, float]]) -> None:
    made = [piece(s, w, str(n)) for n, (s, w) in enumerate(pieces)]
    other = {"for": "against", "against": "for"}
    turned = [replace(e, side=other.get(e.side, e.side)) for e in made]  # type: ignore[arg-type]
    mirror = {"yes": "no", "no": "yes"}
    assert part_answer(turned)[0] == mirror.get(part_answer(made)[0], part_answer(made)[0])


def claim(*parts: str) -> Claim:
    cited = [
        Cited(id=f"d{n}", speaks="for", why="w", on=dt.date(2026, 1, 1), part=p)
        for n, p in enumerate(parts)
    ]
    return Claim(
        id="X1", section="s", chapter="war", claim="c", needs="what would tell", documents=cited
    )


def test_parts_that_differ_are_in_part_and_the_sentence_names_both() -> None:
    evidence = [piece("for", 3, "A", "guns"), piece("against", 3, "B", "butter")]
    made = answer(claim("guns", "butter"), "since", evidence, AsOf("2026-11-27"))
    assert made.answer == "in part" and made.sentence == "In part. A says so, but B says so."
    one = answer(claim("guns", "butter"), "since", evidence[:1], AsOf("2026-11-27"))
    assert one.answer == "in part"
    none = answer(claim("guns"), "since", [], AsOf("2026-11-27"))
    assert none.answer == "not known" and none.sentence == (
        "Not known: we have no dated record of what would tell."
    )


def test_a_yes_tells_of_two_parts_before_it_tells_twice_of_one() -> None:
    oil = [replace(piece("for", 3, x), part="oil", says=f"more oil, says {x}") for x in "AB"]
    gas = replace(piece("for", 1, "C"), part="gas", says="more gas, says C")
    two = claim("oil", "gas")
    assert answer(two, "since", [*oil, gas], AsOf("2026-11-27")).sentence == (
        "Yes. More oil, says A. More gas, says C."
    )


def test_a_yes_tells_what_speaks_against_it() -> None:
    evidence = [piece("for", 3, "A"), piece("for", 3, "B"), piece("against", 1, "C")]
    made = answer(claim(""), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so, but C says so."
    parts = [piece("for", 3, "A", "guns"), piece("for", 3, "B", "butter")]
    against = piece("against", 1, "C", "guns")
    two = answer(claim("guns", "butter"), "since", [*parts, against], AsOf("2026-11-27"))
    assert two.sentence == "Yes. A says so. B says so, but C says so."
    beside = replace(piece("neither", 0, "C", "guns"), kind="document")
    third = answer(claim("guns", "butter"), "since", [*parts, beside], AsOf("2026-11-27"))
    assert third.sentence == two.sentence
    long = replace(against, says="a clause of which there is no end " * 6)
    short = answer(claim("guns", "butter"), "since", [*parts, long], AsOf("2026-11-27"))
    assert short.sentence == "Yes. A says so. B says so."


def test_a_level_that_passes_and_has_fallen_is_told_as_a_fall() -> None:
    """Meetings at half of what they were are no second proof of a close tie."""

    def side(figure: float) -> Side:
        return Side("in person", "2013..2019", figure, ())

    met = Outcome("supported", "", sides=(side(2.2),), base=side(4.4))
    fell = replace(piece("for", 3, "A"), kind="indicator", outcome=met)
    rose = replace(fell, outcome=replace(met, base=side(1.1)))
    treaty = piece("for", 3, "B")
    made = answer(claim(""), "since", [fell, treaty], AsOf("2026-11-27"))
    assert made.answer == "yes" and made.sentence == "Yes. B says so, but A says so."
    kept = answer(claim(""), "since", [rose, treaty], AsOf("2026-11-27"))
    assert kept.sentence == "Yes. A says so. B says so."
    alone = answer(claim(""), "since", [fell], AsOf("2026-11-27"))
    assert alone.sentence == "Yes. A says so."
    apart = replace(fell, outcome=replace(met, direction="down"))
    closer = answer(claim(""), "since", [apart, treaty], AsOf("2026-11-27"))
    assert closer.sentence == "Yes. A says so. B says so."


def test_a_measure_that_passed_and_later_goes_half_the_way_is_told_as_a_fall() -> None:
    day = dt.date(2013, 12, 31)
    early = replace(piece("for", 3, "A"), kind="indicator", id="share", content_to=day)
    split = replace(early, side="in part", says="C says so", value=0.17)
    later = replace(split, content_to=dt.date(2022, 12, 31))
    document = piece("for", 3, "B")
    made = answer(claim(""), "since", [early, later, document], AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so, but C says so."
    for other in (split, replace(later, id="another")):
        kept = answer(claim(""), "since", [early, other, document], AsOf("2026-11-27"))
        assert kept.sentence == "Yes. A says so. B says so."


def test_an_answer_in_part_tells_both_sides_where_the_first_clause_leaves_no_room() -> None:
    long = replace(piece("for", 2, "A"), says="many words that say one thing " * 8 + "of A")
    evidence = [long, piece("for", 1, "B"), piece("against", 2, "C")]
    made = answer(claim(""), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "In part. B says so, but C says so."


def test_an_answer_in_part_tells_of_two_parts_before_what_speaks_against_it() -> None:
    """Of three drivers two grew and one fell: all three are told."""
    evidence = [piece("for", 3, "A", "guns"), piece("for", 3, "B", "butter")]
    fell = piece("against", 3, "C", "jam")
    made = answer(claim("guns", "butter", "jam"), "since", [*evidence, fell], AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. B says so, but C says so."


def test_a_document_that_speaks_of_two_parts_is_told_once() -> None:
    both = [replace(piece("for", 3, "A"), part=part) for part in ("oil", "gas")]
    made = answer(claim("oil", "gas"), "since", both, AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so."


def test_a_clause_that_two_parts_share_is_told_once_where_they_differ() -> None:
    yes, split = (
        replace(piece(side, 3, x, part), says="both halves say so")
        for side, x, part in (("for", "A", "guns"), ("in part", "B", "butter"))
    )
    made = answer(claim("guns", "butter"), "since", [yes, split], AsOf("2026-11-27"))
    assert made.sentence == "In part. Both halves say so."


def test_a_figure_is_credited_to_the_sources_of_its_own_rows_alone() -> None:
    """A measure joins several records; a figure of one of them is no word of the others."""
    tanks = next(
        e
        for e in judge(("RUS", "CHN"), DATES[-1], only="F6")[0].since.evidence
        if e.id == "losses.share_of_stock"
    )
    assert any("Oryx" in maker for maker in tanks.publishers)
    assert not any("General Staff" in maker for maker in tanks.publishers)
    gas = next(
        e
        for e in judge(("RUS", "CHN"), DATES[-1], only="I2")[0].since.evidence
        if e.id == "energy.gas"
    )
    assert not any("BP" in maker for maker in gas.originators)


def test_a_count_of_ours_says_that_it_is_ours(judged: tuple[Judgement, ...]) -> None:
    """A figure that nobody else has published stands with its owner."""
    own = ("exercises.", "meetings.", "regime.dispute_ratio")
    for j in judged:
        for half in (j.when_written, j.since):
            if any(e.kind == "indicator" and e.id.startswith(own) for e in half.leads):
                assert "by our" in half.sentence.lower(), f"{j.id}: {half.sentence}"


def test_a_part_of_which_all_evidence_is_old_says_how_old_it_is() -> None:
    """What is known of another time answers for no later one."""
    judged_in = dt.date(2015, 4, 1)
    old = replace(piece("against", 2, "B", "butter"), reaches=judged_in, content_to=judged_in)
    evidence = [piece("for", 3, "A", "guns"), old]
    asked = claim("guns", "butter")
    made = answer(asked, "since", evidence, AsOf("2026-11-27"))
    assert made.answer == "in part"
    assert made.sentence == "In part. A says so, but what we have on butter dates from 2015."
    then = answer(asked, "when_written", evidence, AsOf("2023-03-20"))
    assert then.sentence == "In part. A says so, but B says so."
    none = answer(asked, "since", evidence[:1], AsOf("2026-11-27"))
    assert none.sentence == "In part. A says so, but none of our records is about butter."


def test_beside_a_silent_part_a_second_piece_is_told_of_another_part_first() -> None:
    guns = [piece("for", 3, x, "guns") for x in "AB"]
    jam = piece("for", 1, "C", "jam")
    asked = claim("guns", "jam", "butter")
    made = answer(asked, "since", [*guns, jam], AsOf("2026-11-27"))
    assert made.sentence == (
        "In part. A says so. C says so, but none of our records is about butter."
    )
    assert [e.part for e in made.leads] == ["guns", "jam"]


def test_a_claim_of_three_parts_is_answered_on_each_where_there_is_room() -> None:
    evidence = [piece("for", 3, "A", "guns"), piece("against", 3, "B", "butter")]
    third = piece("against", 2, "C", "jam")
    asked = claim("guns", "butter", "jam")
    made = answer(asked, "since", [*evidence, third], AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so, but B says so. C says so."
    long = replace(third, says="a clause of which there is no end " * 6)
    short = answer(asked, "since", [*evidence, long], AsOf("2026-11-27"))
    assert short.sentence == "In part. A says so, but B says so."


def test_between_two_that_dispute_one_part_another_part_is_told() -> None:
    evidence = [piece("for", 3, "A", "guns"), piece("against", 2, "B", "guns")]
    third = piece("in part", 3, "C", "butter")
    made = answer(claim("guns", "butter"), "since", [*evidence, third], AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. C says so, but B says so."
    # What speaks against the claim too is not told before the turn.
    contrary = piece("against", 1, "C", "butter")
    made = answer(claim("guns", "butter"), "since", [*evidence, contrary], AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so, but B says so. C says so."


def test_between_a_part_that_holds_and_one_that_does_not_the_half_met_one_is_told() -> None:
    """A market was gained, is smaller, and does not last: all three are told, in this order."""
    evidence = [piece("for", 3, "A", "guns"), piece("against", 3, "B", "butter")]
    half = piece("in part", 3, "C", "jam")
    made = answer(claim("guns", "butter", "jam"), "since", [*evidence, half], AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. C says so, but B says so."


def test_of_a_claim_that_is_one_the_next_piece_is_told_on_its_side() -> None:
    two = [piece("for", 2, "A"), piece("against", 2, "B")]
    day = AsOf("2026-11-27")
    for side, expected in (
        ("for", "In part. A says so. C says so, but B says so."),
        ("against", "In part. A says so, but B says so. C says so."),
    ):
        assert answer(claim(""), "since", [*two, piece(side, 1, "C")], day).sentence == expected
    long = replace(piece("for", 1, "C"), says="a clause of which there is no end " * 6)
    assert answer(claim(""), "since", [*two, long], day).sentence == (
        "In part. A says so, but B says so."
    )


def test_of_a_disputed_part_both_sides_are_told_after_the_part_that_holds() -> None:
    evidence = [
        piece("for", 3, "A", "guns"),
        piece("for", 2, "B", "butter"),
        piece("against", 2, "C", "butter"),
    ]
    made = answer(claim("guns", "butter"), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. B says so, but C says so."


def test_another_part_that_holds_is_told_before_a_disputed_one_where_there_is_room() -> None:
    evidence = [
        piece("for", 3, "A", "guns"),
        piece("for", 3, "D", "jam"),
        piece("for", 2, "B", "butter"),
        piece("against", 2, "C", "butter"),
    ]
    asked = claim("guns", "butter", "jam")
    made = answer(asked, "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. D says so. B says so, but C says so."
    evidence[1] = replace(evidence[1], says="a clause of which there is no end " * 6)
    short = answer(asked, "since", evidence, AsOf("2026-11-27"))
    assert short.sentence == "In part. A says so. B says so, but C says so."


def test_a_fourth_piece_is_told_of_another_measure_only() -> None:
    parts = [piece("for", 3, x, part) for x, part in (("A", "guns"), ("B", "butter"), ("C", "jam"))]
    fourth = piece("for", 3, "D", "guns")
    asked = claim("guns", "butter", "jam")
    made = answer(asked, "since", [*parts, fourth], AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so. C says so. D says so."
    again = replace(fourth, id="A")
    made = answer(asked, "since", [*parts, again], AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so. C says so."


def test_two_old_sides_are_brought_up_to_date_by_the_newest_piece_of_the_first() -> None:
    """Of 2024 on both sides, the sentence tells what happened this year where there is room."""
    old = dt.date(2024, 6, 30)
    aged = [
        replace(piece(side, 3, by), content_to=old) for side, by in (("for", "A"), ("against", "B"))
    ]
    newer = [
        replace(piece("for", 1, by), content_to=dt.date(2026, month, 1))
        for by, month in (("C", 1), ("D", 3))
    ]
    day = AsOf("2026-11-27")
    made = answer(claim(""), "since", [*aged, *newer], day)
    assert made.sentence == "In part. A says so. D says so, but B says so."
    fresh = replace(aged[1], content_to=dt.date(2026, 2, 1))
    assert answer(claim(""), "since", [aged[0], fresh, *newer], day).sentence == (
        "In part. A says so. C says so, but B says so."
    )


def test_a_clause_that_another_document_of_the_claim_disputes_leads_no_sentence() -> None:
    held = default_holdings()
    asked = next(c for c in ledger() if c.id == "P7")
    denial = next(c for c in asked.documents if c.disputed_by)
    assert denial.speaks == "against" and denial.say
    found = {e.id: e for e in gather(asked, "since", Dyad("RUS", "CHN"), AsOf(DATES[-1]), held)}
    assert set(denial.disputed_by) <= found.keys() and not found[denial.id].leads
    before = {e.id: e for e in gather(asked, "since", Dyad("RUS", "CHN"), AsOf("2026-03-05"), held)}
    assert denial.id in before and before[denial.id].leads
    free = asked.model_copy(
        update={"documents": [denial.model_copy(update={"disputed_by": ()})], "tests": []}
    )
    alone = gather(free, "since", Dyad("RUS", "CHN"), AsOf(DATES[-1]), held)
    assert [e.leads for e in alone] == [True]


def test_a_clause_leads_no_sentence_before_all_that_it_tells_of_was_public() -> None:
    """A clause on training with Beijing's denial of July 2026 cannot be printed in June."""
    held = default_holdings()
    asked = next(c for c in ledger() if c.id == "W2")
    told = next(c for c in asked.documents if "chn-2026-denies-training" in c.prints)
    leads = {}
    for day in ("2026-06-30", "2026-07-31"):
        found = gather(asked, "since", Dyad("RUS", "CHN"), AsOf(day), held)
        leads[day] = next(e.leads for e in found if e.id == told.id)
    assert leads == {"2026-06-30": False, "2026-07-31": True}


def test_one_voice_is_thin_and_three_good_ones_are_firm_until_they_are_old() -> None:
    three = [piece("for", 2, x) for x in "ABC"]
    asked = claim("")
    assert answer(asked, "since", three, AsOf("2026-11-27")).sure == "firm"
    assert answer(asked, "since", three[:1], AsOf("2026-11-27")).sure == "thin"
    ended = dt.date(2015, 1, 1)
    old = [replace(e, reaches=ended, content_to=ended) for e in three]
    made = answer(asked, "since", old, AsOf("2026-11-27"))
    assert made.sure == "thin" and "records that end in 2015" in made.sentence


def test_no_answer_to_what_is_to_come_is_firm_and_what_takes_no_side_is_told_last() -> None:
    three = [piece("for", 2, x) for x in "ABC"]
    ahead = claim("").model_copy(update={"forecast": True})
    assert answer(ahead, "since", three, AsOf("2026-11-27")).sure == "fair"
    made = answer(claim(""), "since", [*three, piece("neither", 0, "D")], AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so, but D says so."


def test_what_is_not_known_tells_the_nearest_piece_that_takes_no_side() -> None:
    """A document that came before the cause is no answer, and a reader asks for it first."""
    made = answer(claim(""), "since", [piece("neither", 0, "A")], AsOf("2026-11-27"))
    assert made.sentence == "Not known: we have no dated record of what would tell. A says so."
    assert [e.id for e in made.leads] == ["A"]
    alone = replace(piece("neither", 0, "A"), leads=False)
    bare = answer(claim(""), "since", [alone], AsOf("2026-11-27"))
    assert bare.sentence == "Not known: we have no dated record of what would tell."
    assert not bare.leads


def test_a_no_tells_of_the_part_that_nothing_decides() -> None:
    two = claim("oil", "gas")
    contrary = piece("against", 3, "A", "oil")
    day = AsOf("2026-11-27")
    silent = answer(two, "since", [contrary], day)
    assert silent.sentence == "No for oil. A says so, but none of our records is about gas."
    flow = piece("neither", 0, "B", "gas")
    assert (
        answer(two, "since", [contrary, flow], day).sentence == "No for oil. A says so. B says so."
    )


def test_the_highest_of_several_votes_is_told() -> None:
    many = judge(("RUS", "CHN"), DATES[-1], only="P15")[0].when_written.evidence
    assert any("from 28% to 68%, median 66%" in e.says for e in many)


def test_votes_since_the_paper_are_set_beside_one_of_their_kind() -> None:
    """The newest vote is on the text of every December: a mean of unlike votes would rise by them."""
    pieces = judge(("RUS", "CHN"), DATES[-1], only="P15")[0].since.evidence
    newest = next(e.says for e in pieces if e.kind == "indicator")
    assert "26% of non-Western states" in newest and "of December 2025" in newest
    assert "after 28% in 2022" in newest
    earlier = judge(("RUS", "CHN"), "2024-06-30", only="P15")[0].since.sentence
    assert "of December 2023" in earlier


def test_a_document_that_speaks_in_part_tells_both_sides_of_a_claim_that_is_one() -> None:
    told = replace(piece("in part", 2, "A"), says="A says both")
    evidence = [piece("for", 2, "B"), told, piece("against", 1, "C")]
    made = answer(claim(""), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "In part. A says both."
    parts = [replace(e, part="guns") for e in evidence] + [piece("for", 3, "D", "butter")]
    made = answer(claim("guns", "butter"), "since", parts, AsOf("2026-11-27"))
    assert made.sentence == "In part. D says so. B says so, but C says so."


def test_what_speaks_in_part_is_not_told_as_speaking_against() -> None:
    evidence = [piece("for", 3, "A", "guns"), piece("in part", 3, "B", "butter")]
    made = answer(claim("guns", "butter"), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "In part. A says so. B says so."


def test_a_model_that_assumes_the_claim_answers_no_part_of_it() -> None:
    model = replace(piece("in part", 3, "M"), kind="indicator", supposed=True)
    alone = answer(claim(""), "since", [model], AsOf("2026-11-27"))
    assert alone.answer == "not known" and alone.sentence.endswith("M says so.")
    beside = answer(claim(""), "since", [model, piece("for", 1, "A")], AsOf("2026-11-27"))
    assert beside.answer == "in part"
    part = replace(model, part="butter")
    guns = [piece("for", 3, "A", "guns"), piece("against", 1, "B", "guns")]
    told = answer(claim("guns", "butter"), "since", [guns[0], part], AsOf("2026-11-27"))
    assert told.sentence == "In part. A says so, but M says so."
    told = answer(claim("guns", "butter"), "since", [*guns, part], AsOf("2026-11-27"))
    assert told.sentence == "In part. A says so. M says so, but B says so."
    found = judge(("RUS", "CHN"), DATES[-1], only="P9")[0]
    assert found.when_written.answer == "not known" and found.since.answer == "in part"
    sides = {e.side for e in found.since.evidence if e.kind == "indicator"}
    assert sides <= {"in part", "against"}  # that China gives the parts is the model's assumption


def test_what_speaks_against_a_yes_leaves_out_its_third_part_where_room_is_short() -> None:
    parts = [piece("for", 3, x, part) for x, part in (("A", "guns"), ("B", "butter"), ("C", "jam"))]
    against = piece("against", 1, "D", "guns")
    made = answer(claim("guns", "butter", "jam"), "since", [*parts, against], AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so. C says so, but D says so."
    long = replace(parts[2], says="a clause of which there is no end " * 6)
    evidence = [*parts[:2], long, against]
    made = answer(claim("guns", "butter", "jam"), "since", evidence, AsOf("2026-11-27"))
    assert made.sentence == "Yes. A says so. B says so, but D says so."
    clear = answer(claim("guns", "butter", "jam"), "since", parts, AsOf("2026-11-27"))
    assert clear.sentence == "Yes. A says so. B says so. C says so."


def test_a_year_that_is_not_complete_is_told_as_one() -> None:
    made = judge(("RUS", "CHN"), DATES[-1], only="P2")[0]
    assert any("(2024, incomplete: 39% lower than 2023)" in e.says for e in made.since.evidence)
    assert "2024" not in made.when_written.sentence


def test_the_count_of_a_year_that_is_not_over_says_to_which_day() -> None:
    made = judge(("RUS", "CHN"), DATES[-1], only="I7")[0]
    assert re.search(r"with five in 2026 to \d+ [A-Z][a-z]+\.", made.since.sentence)


def test_a_register_that_runs_on_ends_in_no_year() -> None:
    last_entry = dt.date(2019, 6, 30)
    evidence = replace(piece("for", 3, "A"), content_to=last_entry, reaches=dt.date(2026, 11, 1))
    day = AsOf("2026-11-27")
    assert answer(claim(""), "since", [evidence], day).records_end is None
    ended = replace(evidence, reaches=last_entry)
    assert answer(claim(""), "since", [ended], day).records_end == 2019


def test_records_end_where_all_that_decides_the_parts_told_ends() -> None:
    """A newer piece of the same part stands below the sentence that an older one leads."""
    day, two = AsOf("2026-11-27"), claim("one", "other")
    ended, late = dt.date(2024, 5, 31), dt.date(2026, 1, 31)
    old = replace(piece("for", 3, "A", "one"), content_to=ended, reaches=ended)
    beside = replace(old, id="B", says="B says so", leads=False, content_to=late, reaches=late)
    assert answer(two, "since", [old], day).records_end == 2024
    assert answer(two, "since", [old, beside], day).records_end is None
    elsewhere = replace(beside, part="other")
    assert answer(two, "since", [old, elsewhere], day).records_end == 2024


def test_a_document_of_no_side_is_told_in_place_of_a_part_without_evidence() -> None:
    day, two = AsOf("2026-11-27"), claim("one", "other")
    told = piece("for", 3, "A", "one")
    nearest = replace(piece("neither", 0, "B", "other"), kind="document")
    made = answer(two, "since", [told, nearest], day)
    assert made.sentence == "In part. A says so, but B says so."
    assert made.leads == (told, nearest)


def test_a_second_clause_stands_only_where_the_whole_stays_short() -> None:
    long = " ".join(["word"] * 30)
    first = replace(piece("for", 3, "A"), says="it rose by 1, 2 and 3")
    for second, expected in (
        ("and so is that", "Yes. It rose by 1, 2 and 3. And so is that."),
        (long + " " + long, "Yes. It rose by 1, 2 and 3."),
        ("4, 5 and 6 more", "Yes. It rose by 1, 2 and 3."),
    ):
        both = [first, replace(piece("for", 3, "B"), says=second)]
        assert answer(claim(""), "since", both, AsOf("2026-11-27")).sentence == expected


@pytest.mark.parametrize(
    ("value", "spec", "said"),
    [
        (2.04, "times", "twice"),
        (5.1, "times", "five times"),
        (12.7, "times", "13 times"),
        (2.5, "times", "2.5 times"),
        (0.162, "share", "16%"),
        (0.009, "share", "0.9%"),
        (0.162, "part_of", "16%"),
        (0.0, "part_of", "none"),
        (1.0, "of UN text", "one UN text"),
        (12.0, "of UN text", "12 UN texts"),
        (0.5, "part", "half"),
        (0.71, "part", "71%"),
        (1656.4, "count", "1,656"),
        (527865.0, "about", "530,000"),
        (1.1, "round", "1.1"),
        (6.5, "round", "6"),
    ],
)
def test_figures_are_rounded_by_what_they_mean(value: float, spec: str, said: str) -> None:
    assert format(WordedNumber(value), spec) == said


def test_months_of_one_year_are_spoken_with_the_year_once() -> None:
    assert spoken("2022-03..2022-11") == "March to November 2022"
    assert spoken("2022-11..2023-01") == "November 2022 to January 2023"


def test_a_run_of_years_is_spoken_alike_however_a_measure_writes_it() -> None:
    assert spoken("2019..2023") == spoken("2019-2023") == "2019-23"
    assert spoken("1992..2001") == spoken("1992-2001") == "1992 to 2001"


@pytest.mark.parametrize(
    ("period", "years", "month"),
    [
        ("1995..2025", "1995-2025", "2025"),
        ("2019-2023", "2019-23", "2023"),
        ("2025-12-18", "18 December 2025", "December 2025"),
        ("2024-01-03..2025-12-18", "3 January 2024 to 18 December 2025", "December 2025"),
    ],
)
def test_a_clause_with_its_preposition_takes_years_in_a_word_and_a_day_as_its_month(
    period: str, years: str, month: str
) -> None:
    points = (Point(period, value=1.0),)
    side = Side("the window", period, 1.0, points)
    told = clause(
        "{years}|{latest_month}|{before_month}", Outcome("supported", "", 1.0, sides=(side,))
    )
    assert told.split("|") == [years, month, month]


def test_a_share_of_five_years_is_that_of_their_sums() -> None:
    """SIPRI gives shares of five years; the mean of five yearly shares is another figure."""
    leads = judge(("RUS", "CHN"), "2024-06-30", only="I6")[0].since.leads
    size = next(e for e in leads if e.part == "its size")
    shares = ask("transfers.partner_share", ("RUS", "CHN"), as_of="2024-06-30", window=5).points
    last = [p for p in shares if p.group == "RUS exports"][-1]
    assert (size.value, size.period) == (last.value, last.period)
    assert "arms exports was 22% in 2019-23" in size.says


def test_numbers_in_names_and_years_are_no_figures() -> None:
    assert count_numbers("Su-35 and S-400 came in 2018; 24 of 257") == 2


def test_no_claim_that_was_withdrawn_is_judged() -> None:
    assert len(ledger()) == 52


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("P12", "about 45% of China's oil imports pass Hormuz"),
        ("P12", "all but shut by war in March 2026"),
        ("P6", "Iran against Pretoria's order"),
        ("F14", "around it halved to 1,610"),
        ("W5", "offer NATO 63 tankers, after 79"),
        ("P7", "though it condemned the strikes on Iran, promised it no help"),
        ("P15", "But 107 states backed Ukraine's borders in February 2026"),
        ("F5", "90% of Russia's imported microelectronics"),
        ("I2", "39bn in 2025"),
        ("I6", "at 13% in 2021-25"),
        ("I1", "in February 2026 China abstained"),
        ("W6", "agreed in May 2026 to extend their treaty"),
    ],
)
def test_what_happened_of_late_is_in_an_answer(claim: str, says: str) -> None:
    assert says in judge(("RUS", "CHN"), DATES[-1], only=claim)[0].since.sentence


@settings(max_examples=20, deadline=None)
@given(day=st.dates(dt.date(2010, 1, 1), dt.date(2026, 11, 27)))
def test_no_document_is_used_before_its_day_whatever_the_date(day: dt.date) -> None:
    """Of every claim and both halves, with the readings left out."""
    held = default_holdings()
    for bare in (c.model_copy(update={"tests": []}) for c in ledger()):
        for half in ("when_written", "since"):
            for e in gather(bare, half, Dyad("RUS", "CHN"), AsOf(day), held):  # type: ignore[arg-type]
                assert e.known_on is not None and e.known_on <= day, f"{bare.id}: {e.id} on {day}"
                assert half == "since" or (e.reaches and e.reaches <= dt.date(2023, 3, 31)), (
                    f"{bare.id}: {e.id}"
                )


def test_no_document_was_public_before_what_it_speaks_of_was_announced() -> None:
    for d in documents(AsOf(DATES[-1]), default_holdings()).values():
        if d["form"] == "treaty":  # a law is public before the day on which it takes force
            continue
        assert d["known_on"] >= Period(d["period"]).start - dt.timedelta(days=60), d["document"]
