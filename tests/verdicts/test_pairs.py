# SPDX-License-Identifier: Apache-2.0
"""Any two states: only what can be asked of them is asked, in right names; thirty pairs of every kind."""

from __future__ import annotations

import re

import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.places import country_name
from bilat.verdicts import judge, ledger
from bilat.verdicts.judging import judge_one
from bilat.verdicts.names import Names
from bilat.verdicts.pairs import cast
from bilat.when import AsOf

PAIRS = [
    "IND-USA", "CHN-PAK", "RUS-IND", "FRA-DEU", "RUS-BLR", "RUS-IRN", "CHN-PRK", "USA-GBR", "RUS-VNM", "CHN-BGD",
    "TUR-AZE", "ISR-IND", "USA-JPN", "RUS-DZA", "CHN-MMR", "KAZ-RUS", "BRA-ARG", "IRN-SYR", "SAU-USA", "RUS-TUR",
    "IND-CHN", "ARE-FRA", "PHL-CHN", "NLD-RUS", "ZAF-BRA", "EGY-RUS", "KOR-PRK", "MEX-CUB", "UKR-POL", "CHN-RUS",
]  # fmt: skip
#: Words that name the paper's own two, or others, where they are not of the pair. References and rivals name them.
STATES = {"Russia": "RUS", "China": "CHN", "Chinese": "CHN", "Russian": "RUS", "Putin": "RUS", "Xi": "CHN"}


@pytest.fixture(scope="module")
def held() -> Holdings:
    return default_holdings()


def _quick(claim, dyad: Dyad, held: Holdings):  # type: ignore[no-untyped-def]
    """The judgement without other choices and other pairs, whose texts are made of the same names."""
    bare = claim.model_copy(update={"grid": None, "reference": None})
    return judge_one(bare, dyad, AsOf(), held)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_has_no_wrong_state_no_brace_and_no_empty_sentence(pair: str, held: Holdings) -> None:
    dyad = Dyad(*pair.split("-"))
    these = {dyad.a, dyad.b} == {"RUS", "CHN"}
    asked = 0
    for claim in ledger():
        if {dyad.a, dyad.b} & {*claim.without} or (these and claim.applies != "these two"):
            continue
        part = cast(claim.applies, dyad, AsOf(), held)
        if part is None or these:
            continue
        asked += 1
        assert {part.a, part.b} == {dyad.a, dyad.b}
        j = _quick(claim, part, held)
        texts = [j.claim, j.why, j.rule, j.limits, j.needs, j.unit, *(leg.sentence for leg in j.legs)]
        texts += [t for r in j.rivals for t in (r.reading, r.test, r.result)]
        for text in texts:
            assert "{" not in text and "}" not in text, f"{claim.id}: {text}"
        assert j.claim.strip() and j.why.strip() and j.rule.strip()
        for leg in j.legs:
            assert leg.verdict == "not measurable" or leg.sentence.strip(), claim.id
        for word, code in STATES.items():
            if code not in (dyad.a, dyad.b):
                assert not re.search(rf"\b{word}\b", f"{j.claim} {j.why}"), f"{claim.id}: {j.claim} {j.why}"
        assert country_name(dyad.a) in j.claim or country_name(dyad.b) in j.claim
    assert asked > 0 or these


def test_the_papers_pair_is_asked_every_claim_in_the_papers_order(held: Holdings) -> None:
    for claim in ledger():
        assert cast(claim.applies, Dyad("CHN", "RUS"), AsOf(), held) == Dyad("RUS", "CHN"), claim.id


def test_a_seller_stands_first_whichever_way_the_pair_is_written(held: Holdings) -> None:
    assert cast("seller and buyer", Dyad("PAK", "CHN"), AsOf(), held) == Dyad("CHN", "PAK")
    assert cast("seller and buyer", Dyad("MEX", "CUB"), AsOf(), held) is None
    assert cast("these two", Dyad("CHN", "PAK"), AsOf(), held) is None
    assert cast("Russia and another", Dyad("IND", "RUS"), AsOf(), held) == Dyad("RUS", "IND")
    assert cast("Russia and another", Dyad("IND", "USA"), AsOf(), held) is None


def test_names_take_their_article_and_possessive() -> None:
    names = Names(Dyad("USA", "CHN"))
    assert names.said("{A}'s sales to {B}, {B}'s own; {a}>{b}") == (
        "the United States' sales to China, China's own; USA>CHN"
    )
    assert names.said("{value:.0f} of {A}") == "{value:.0f} of the United States"


def test_a_claim_that_cannot_be_asked_of_a_pair_is_refused_by_name() -> None:
    from bilat.errors import UsageError

    with pytest.raises(UsageError, match="I2 cannot be asked of China and Pakistan"):
        judge(("CHN", "PAK"), only="I2")


def test_chapters_of_other_pairs_ask_without_the_papers_states() -> None:
    from bilat.picture.story import question
    from bilat.verdicts.ledger import OF_ANY_PAIR

    general = {c.chapter for c in ledger() if c.applies in ("any", "seller and buyer")}
    assert general <= set(OF_ANY_PAIR)
    for chapter in general:
        assert not re.search("Russia|China", question(chapter, Dyad("FRA", "DEU")))


def test_a_state_without_a_navy_was_not_built_up_at_sea() -> None:
    j = judge(("RUS", "BLR"), "2026-11-24", only="F2")[0]
    assert j.verdict == "mixed" and "submarines and torpedoes 0.0%" in j.why
    assert [leg.verdict for leg in j.legs] == ["supported", "supported", "contradicted", "contradicted"]
    two = judge(("RUS", "CHN"), "2026-11-24", only="F2")[0]
    assert all(leg.verdict == "supported" for leg in two.legs)


@pytest.mark.parametrize(
    ("pair", "turned"), [("IRN-RUS", "holds"), ("CHN-PAK", "does not hold"), ("PRK-RUS", "holds")]
)
def test_a_flow_that_turned_is_said(pair: str, turned: str) -> None:
    j = judge(tuple(pair.split("-")), "2026-11-24", only="F1")[0]  # type: ignore[arg-type]
    assert next(r for r in j.rivals if r.reading.startswith("The flow has turned")).outcome == turned


def test_no_alliance_is_supported_by_a_list_that_ended_years_before() -> None:
    for pair, day in ((("PRK", "RUS"), "2024-11-01"), (("RUS", "CHN"), "2026-11-24")):
        j = judge(pair, day, only="P16")[0]
        assert j.verdict == "partly supported" and "signed since is seen only where it was found" in j.why
    bound = judge(("PRK", "RUS"), "2026-11-24", only="P16")[0]  # by the pact of 2024
    assert bound.verdict == "contradicted" and any(r.outcome == "holds" for r in bound.rivals)
    assert not bound.standing  # a reading that holds against the claim does not weaken "contradicted"
    allies = judge(("USA", "GBR"), "2026-11-24", only="P16")[0]
    assert allies.verdict == "contradicted" and "none to defend: 2" in allies.rivals[0].result
