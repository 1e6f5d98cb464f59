# SPDX-License-Identifier: Apache-2.0
"""What an answer rests on, how sure it is, and to when its evidence speaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bilat.verdicts import Evidence
from bilat.verdicts.answers import answer
from bilat.verdicts.foundation import foundation, independent
from bilat.verdicts.judgement import Foundation
from bilat.verdicts.ledger import Cited, Claim
from bilat.verdicts.outcome import Speaks
from bilat.verdicts.weights import MOST, decide
from bilat.when import AsOf

TODAY = AsOf("2026-11-27")
SIDES: tuple[Speaks, ...] = ("for", "against", "in part", "neither")


def finding(
    side: Speaks,
    weight: float,
    *originators: str,
    part: str = "",
    to: str = "2026-06-30",
    grade: str = "B2",
) -> Evidence:
    day = dt.date.fromisoformat(to)
    return Evidence(
        kind="document",
        id="-".join(originators),
        part=part,
        side=side,
        weight=weight,
        says=f"{originators[0]} says so",
        why="because",
        publishers=("a newspaper",),
        originators=originators,
        grade=grade,
        reaches=day,
        content_to=day,
        known_on=day,
        leads=True,
    )


def claim(*parts: str) -> Claim:
    cited = [
        Cited(id=f"d{n}", speaks="for", why="w", on=dt.date(2026, 1, 1), part=part)
        for n, part in enumerate(parts or ("",))
    ]
    return Claim(
        id="X1", section="s", chapter="war", claim="c", needs="what would tell", documents=cited
    )


def rests(evidence: list[Evidence], asked: Claim | None = None) -> Foundation:
    asked = asked or claim()
    weighing = decide(asked, "since", evidence, TODAY)
    return foundation(asked, "since", evidence, TODAY, weighing)


def test_one_speaker_in_many_newspapers_is_one_voice() -> None:
    told = [replace(finding("for", 2, "SIPRI"), publishers=(p,)) for p in "ABC"]
    made = answer(claim(), "since", told, TODAY)
    assert made.foundation.voices == 1 and made.sure == "thin"
    assert made.foundation.sentence.startswith(
        "The answer is based on a single original source, SIPRI."
    )


def test_pieces_that_share_an_originator_are_one_voice() -> None:
    assert independent([finding("for", 2, "A", "B"), finding("for", 2, "B", "C")]) == 1
    assert independent([finding("for", 2, "A"), finding("for", 2, "C")]) == 2
    chain = [finding("for", 2, "A", "B"), finding("for", 2, "C", "D"), finding("for", 2, "B", "C")]
    assert independent(chain) == 1


def test_the_originator_without_which_an_answer_falls_is_named() -> None:
    made = rests([finding("for", 3, "Pentagon"), finding("against", 2, "Reuters")])
    assert [(c.originator, c.answer) for c in made.carriers] == [
        ("Pentagon", "no"),
        ("Reuters", "yes"),
    ]
    assert "It would change if we left out either of these: Pentagon; Reuters." in made.sentence
    both = rests([finding("for", 3, "Pentagon"), finding("for", 2, "Reuters")])
    assert not both.carriers and "No single one of them is decisive." in both.sentence


def test_the_weakest_contrary_finding_that_turns_an_answer_is_named() -> None:
    light = rests([finding("for", 3, "A")])
    assert (light.turned_by, light.turned_to) == ("B", "in part")
    assert (
        "One contrary finding graded B or better would change the answer to “in part”."
        in light.sentence
    )
    heavy = rests([finding("for", 3, x) for x in "ABCD"])
    assert not heavy.turned_by and "No single contrary finding" in heavy.sentence


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SIDES), st.sampled_from([1.0, 2.0, 3.0]), st.sampled_from("ABCDE")
        ),
        max_size=8,
    )
)
def test_a_carrier_is_just_an_originator_without_which_the_answer_changes(
    drawn: list[tuple[Speaks, float, str]],
) -> None:
    evidence = [finding(side, weight, who) for side, weight, who in drawn]
    word = decide(claim(), "since", evidence, TODAY).word
    carriers = {c.originator for c in rests(evidence).carriers}
    for who in {name for _, _, name in drawn}:
        left = [e for e in evidence if who not in e.originators]
        changed = decide(claim(), "since", left, TODAY).word != word
        assert (who in carriers) == changed


def test_old_evidence_that_leads_is_not_firm_whatever_else_is_new() -> None:
    old = finding("for", 3, "A", to="2023-12-31")
    new = [replace(finding("for", 3, x), leads=False) for x in "BC"]
    made = answer(claim(), "since", [old, *new], TODAY)
    assert made.evidence_to == (dt.date(2023, 12, 31),)
    assert made.sure == "fair" and "2.9 years old" in made.sure_why
    fresh = answer(claim(), "since", [finding("for", 3, x) for x in "ABC"], TODAY)
    assert fresh.sure == "firm" and fresh.evidence_to == (dt.date(2026, 6, 30),)


def test_what_holds_until_it_is_ended_does_not_age() -> None:
    treaty = replace(finding("for", 3, "UN", to="2001-07-16"), standing=True)
    made = answer(claim(), "since", [treaty, finding("for", 3, "A"), finding("for", 2, "B")], TODAY)
    assert made.sure == "firm" and made.evidence_to == (dt.date(2026, 6, 30),)


@given(
    st.lists(
        st.tuples(st.sampled_from(SIDES), st.sampled_from([1.0, 2.0, 3.0])),
        min_size=1,
        max_size=9,
    )
)
def test_a_divided_answer_is_never_firm(told: list[tuple[Speaks, float]]) -> None:
    """What agrees with an answer in part is less than makes an answer firm."""
    evidence = [finding(side, weight, f"ministry {n}") for n, (side, weight) in enumerate(told)]
    weighing = decide(claim(), "since", evidence, TODAY)
    for word, share in weighing.parts.values():
        assert (share < MOST) == (word == "in part")
    made = answer(claim(), "since", evidence, TODAY)
    assert made.answer != "in part" or made.sure != "firm"
