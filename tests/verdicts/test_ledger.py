# SPDX-License-Identifier: Apache-2.0
"""The ledger holds every claim of the paper's table, with evidence that can be read."""

import json
import re
from pathlib import Path

import pytest

from bilat.dyad import Dyad
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.measures import default_holdings, measures
from bilat.verdicts import CHAPTERS, judge
from bilat.verdicts.evidence import documents
from bilat.verdicts.ledger import Claim, check_subjects, ledger
from bilat.verdicts.sentences import WORDS
from bilat.verdicts.subjects import names_for
from bilat.when import AsOf


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_every_claim_of_the_design_stands_in_the_ledger(shared: Path) -> None:
    listed = set(
        re.findall(r"^\| ([A-Z]\d+) \|", (shared / "design" / "claims.md").read_text("utf-8"), re.M)
    )
    assert len(listed) > 30
    assert listed <= {c.id for c in ledger()}
    assert {c.chapter for c in ledger()} == set(CHAPTERS)


def test_every_indicator_asks_a_measure_that_exists_with_parameters_it_has() -> None:
    held = measures()
    for claim in ledger():
        for test in [*claim.tests, *(r.test for r in claim.rivals if r.test)]:
            assert test.measure in held, f"{claim.id}: no measure {test.measure}"
            asked = {
                k: v.format(a="RUS", b="CHN") if isinstance(v, str) else v
                for k, v in test.params.items()
            }
            held[test.measure].typed(asked)


def test_every_document_beside_a_claim_is_held_and_of_a_grade_that_may_decide() -> None:
    held = documents(AsOf(None), default_holdings())
    for claim in ledger():
        assert {c.id for c in claim.documents} <= held.keys(), claim.id
        assert len({(c.id, c.part) for c in claim.documents}) == len(claim.documents), claim.id
        for c in claim.documents:
            assert c.why.strip(), f"{claim.id}: {c.id}"
            assert c.speaks == "neither" or held[c.id]["grade"][0] in "ABC", f"{claim.id}: {c.id}"


def test_thresholds_stand_in_order() -> None:
    for claim in ledger():
        for t in claim.tests:
            steps = [x for x in (t.contradicted, t.partly, t.supported) if x is not None]
            assert steps == sorted(steps, reverse=t.direction == "down"), claim.id


def test_a_clause_leaves_room_for_another_and_what_is_needed_for_the_answer() -> None:
    for c in ledger():
        for said in [
            *(t.say for t in c.tests),
            *(t.against for t in c.tests),
            *(x.say for x in c.documents),
        ]:
            assert len(said.split()) <= 24, f"{c.id}: {said}"
        assert 0 < len(c.needs.split()) <= WORDS - 6, c.id


def test_a_claim_that_other_pairs_are_asked_names_no_state_of_its_own() -> None:
    """Nor does a rival reading of it: the noun that is put in must make sense."""
    for c in ledger():
        if c.applies == "these two":
            continue
        said = [
            c.claim,
            *(r.reading for r in c.rivals),
            *(t.say for t in c.tests),
            *(t.against for t in c.tests),
        ]
        assert not [x for x in said for state in ("Russia", "China") if state in x], c.id
        assert all(r.test is None or r.test.dyad is None for r in c.rivals), c.id


def test_no_sentence_of_the_paper_is_copied(shared: Path) -> None:
    """No run of nine words of the ledger stands in the paper."""
    paper = words(next((shared / "paper").glob("*.md")).read_text("utf-8"))
    runs = {tuple(paper[i : i + 9]) for i in range(len(paper) - 8)}
    for c in ledger():
        texts = [
            c.claim,
            c.why,
            c.limits,
            c.needs,
            *(t.what for t in c.tests),
            *(t.say for t in c.tests),
        ]
        texts += [
            *(r.reading for r in c.rivals),
            *(d.say for d in c.documents),
            *(d.why for d in c.documents),
        ]
        mine = words(" ".join(texts))
        for i in range(len(mine) - 8):
            assert tuple(mine[i : i + 9]) not in runs, f"{c.id}: {' '.join(mine[i : i + 9])}"


def test_judging_twice_gives_the_same_json() -> None:
    """On two holdings objects, so that nothing kept of the first is seen by the second."""
    ids = ("I1", "I8", "F7", "P1", "W6")
    first, second = (
        [judge(as_of="2023-03-20", holdings=h, only=i)[0].to_json() for i in ids]
        for h in (Holdings(), Holdings())
    )
    assert json.dumps(first) == json.dumps(second)


# -- whom a test is about ----------------------------------------------------------------------------------------


def test_every_test_is_about_its_pair_or_names_whom_it_is_about() -> None:
    for claim in ledger():
        check_subjects(claim)


def with_test(**changes: object) -> Claim:
    """A claim of the paper's pair with one test, asked of a measure with other parameters."""
    claim = next(c for c in ledger() if c.id == "P2")
    test = claim.tests[0].model_copy(update={"params": {}, "of": "", "group": "", **changes})
    return claim.model_copy(update={"tests": [test], "rivals": []})


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"measure": "votes.outside"}, 'is judged of Russia and China but is about the world; write of = "world"'),
        (
            {"measure": "trade.exports", "params": {"reporter": "DEU", "partner": "KGZ"}},
            'but is about Germany to Kyrgyzstan; write of = "DEU>KGZ" in the test',
        ),
        (
            {"measure": "trade.basket_exports", "of": "WLD>RUS"},
            "says of = 'WLD>RUS' but is about all exporters to Russia, chips",
        ),
        ({"measure": "transfers.tiv", "of": "world"}, "says of = 'world' but is about Russia and China"),
        ({"measure": "trade.exports", "params": {"reporter": "DEU"}}, "reporter is given and partner is blank"),
    ],
)  # fmt: skip
def test_a_test_about_others_is_refused(changes: dict[str, object], cure: str) -> None:
    with pytest.raises(DataError) as refused:
        check_subjects(with_test(**changes))
    assert "verdicts/ledger/war.toml: claim P2" in str(refused.value) and cure in str(refused.value)


def test_the_names_of_a_sentence_are_those_of_its_subject() -> None:
    given = {"measure": "trade.exports", "params": {"reporter": "DEU", "partner": "KGZ"}}
    test = with_test(**given, of="DEU>KGZ", form="level").tests[0]
    assert names_for(test, Dyad("RUS", "CHN")).said("{A} to {B}") == "Germany to Kyrgyzstan"
    own = with_test(measure="trade.exports").tests[0]
    assert names_for(own, Dyad("RUS", "CHN")).said("{A} to {B}") == "Russia to China"


def test_a_claim_of_any_seller_and_buyer_follows_its_pair() -> None:
    claim = with_test(measure="trade.single_codes").model_copy(
        update={"applies": "seller and buyer"}
    )
    with pytest.raises(
        DataError, match="is judged of India and Pakistan but is about China to Rus"
    ):
        check_subjects(claim)


def test_a_highest_or_lowest_figure_names_the_day_to_which_the_record_goes() -> None:
    """“39% at most” is refuted by the next vote; of the record to a day it stays true."""
    for claim in ledger():
        for test in claim.tests:
            for clause in (test.say, test.against):
                if "{peak" not in clause and "{least" not in clause:
                    continue
                ends = any(field in clause for field in ("{latest}", "{period}"))
                assert ends, f"{claim.id}: {clause}"


def test_no_clause_sets_one_year_beside_the_sum_of_several() -> None:
    """Of a share over five years the next five are told too, and not the last year alone."""
    for claim in ledger():
        for test in claim.tests:
            for clause in (test.say, test.against):
                if "{before_period}" not in clause or "{last" not in clause:
                    continue
                rate = any(text in clause for text in ("a year", "yearly", "average", "times"))
                assert rate or "{after" in clause, f"{claim.id}: {clause}"
