# SPDX-License-Identifier: Apache-2.0
"""Ownership through chains and circles, with intervals, under dated rules."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.errors import DataError, UsageError
from bilat.parties.ownership.share_rules import Ownership, Share, rules

DAY = dt.date(2024, 1, 1)
LISTS = {"A": ["OFAC SDN"], "B": ["OFAC SDN"]}


def held(
    *shares: tuple[str, str, float] | tuple[str, str, float, float], day: dt.date = DAY
) -> Ownership:
    return Ownership([Share(s[0], s[1], s[2], s[-1]) for s in shares], day)


def ofac(o: Ownership, firm: str):  # type: ignore[no-untyped-def]
    return next(v for v in o.verdicts(firm, LISTS) if v.rule == "OFAC 50 percent rule")


def test_a_firm_owned_to_half_counts_in_full_under_the_rule() -> None:
    """OFAC's example: A holds half of X, X half of Y: both are blocked, though A's product share is 25 %."""
    o = held(("A", "X", 50), ("X", "Y", 50))
    verdict = ofac(o, "Y")
    assert verdict.verdict == "covered" and verdict.owners == ("A",)


def test_holdings_of_several_listed_owners_add_up_since_2014() -> None:
    o = held(("A", "X", 25), ("B", "X", 25))
    assert ofac(o, "X").verdict == "covered"
    before = held(("A", "X", 25), ("B", "X", 25), day=dt.date(2013, 1, 1))
    assert next(v for v in before.verdicts("X", LISTS)).verdict == "not covered"


def test_what_a_firm_holds_of_itself_may_make_the_others_shares_enough() -> None:
    """45 percent of all shares are 56 percent of those that the firm does not hold itself."""
    verdict = ofac(held(("A", "X", 45), ("X", "X", 20)), "X")
    assert verdict.verdict == "not known" and (verdict.low, verdict.high) == (
        45,
        pytest.approx(56.25),
    )
    assert "20 percent of itself" in verdict.reason
    assert ofac(held(("A", "X", 39), ("X", "X", 20)), "X").verdict == "not covered"


def test_the_end_of_a_suspension_that_nobody_checked_is_said() -> None:
    for day, said in ((dt.date(2026, 11, 20), True), (dt.date(2025, 10, 15), False)):
        o = held(("A", "X", 60), day=day)
        bis = next(v for v in o.verdicts("X", {"A": ["US EL"]}) if v.rule == "BIS affiliates rule")
        assert ("2026-11-09; we have not checked whether it did" in bis.reason) is said


def test_a_quarter_through_a_firm_below_the_threshold_is_not_counted() -> None:
    """OFAC: 50 % of A in X, 10 % of X in Y, 25 % of A in Y directly: 35 %; an uncovered firm in between
    counts nothing.
    """
    o = held(("A", "X", 25), ("X", "Y", 100))
    assert ofac(o, "Y").verdict == "not covered"
    o = held(("A", "X", 50), ("X", "Y", 10), ("A", "Y", 25))
    assert (ofac(o, "Y").low, ofac(o, "Y").verdict) == (35, "not covered")


def test_an_unknown_share_cannot_be_told() -> None:
    verdict = ofac(held(("A", "X", 0, 100)), "X")
    assert (verdict.low, verdict.high, verdict.verdict) == (0, 100, "not known")
    assert ofac(held(("A", "X", 0, 100), ("C", "X", 60)), "X").verdict == "not covered"
    assert ofac(held(("A", "X", 51, 75)), "X").verdict == "covered"


def test_a_circle_that_nobody_outside_owns_has_no_listed_owner() -> None:
    o = held(("X", "Y", 100), ("Y", "X", 100))
    assert ofac(o, "X").verdict == "not covered"


def test_the_path_to_each_listed_owner_is_named() -> None:
    o = held(("A", "X", 60), ("X", "Y", 50), ("B", "Y", 10, 20))
    assert [(p.owners, p.low, p.high) for p in o.paths("Y", {"A", "B"})] == [
        (("A", "X", "Y"), 30, 30),
        (("B", "Y"), 10, 20),
    ]


@pytest.mark.parametrize(
    ("day", "force"),
    [
        ("2025-09-28", False),
        ("2025-09-29", True),
        ("2025-11-09", True),
        ("2025-11-10", False),
        ("2026-11-09", False),
        ("2026-11-10", True),
    ],
)
def test_the_affiliates_rule_is_a_dated_switch(day: str, force: bool) -> None:
    rule = next(r for r in rules() if r.name == "BIS affiliates rule")
    assert rule.in_force(dt.date.fromisoformat(day)) is force


def test_exactly_half_counts_for_ofac_always_and_for_the_eu_since_july_2024() -> None:
    listings = {"A": ["OFAC SDN", "EU 32014R0269"]}
    before = {
        v.rule: v.verdict
        for v in held(("A", "X", 50), day=dt.date(2024, 7, 2)).verdicts("X", listings)
    }
    after = {
        v.rule: v.verdict
        for v in held(("A", "X", 50), day=dt.date(2024, 7, 3)).verdicts("X", listings)
    }
    assert before["OFAC 50 percent rule"] == after["OFAC 50 percent rule"] == "covered"
    assert before["EU, more than half"] == "not covered" and after["EU, half or more"] == "covered"


def test_holdings_have_dates() -> None:
    shares = [Share("A", "X", 60, 60, "", "2020-01-01", "2022-03-01")]
    assert ofac(Ownership(shares, dt.date(2021, 1, 1)), "X").verdict == "covered"
    assert ofac(Ownership(shares, dt.date(2022, 3, 1)), "X").verdict == "not covered"


def test_two_sources_on_one_holding_are_joined() -> None:
    for one, two, both in (((40, 60), (50, 75), (50, 60)), ((10, 20), (50, 60), (10, 60))):
        verdict = ofac(held(("A", "X", *one), ("A", "X", *two)), "X")
        assert (verdict.low, verdict.high) == both


def test_more_than_all_of_a_firm_is_refused() -> None:
    with pytest.raises(DataError, match="more than 100"):
        held(("A", "X", 70), ("B", "X", 60))
    with pytest.raises(UsageError):
        Share("A", "X", 60, 40)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCXYZ"),
            st.sampled_from("CXYZ"),
            st.integers(0, 30),
            st.integers(0, 30),
        ),
        max_size=12,
    )
)
def test_intervals_hold_in_any_network(edges: list[tuple[str, str, int, int]]) -> None:
    o = Ownership([Share(a, b, min(x, y), max(x, y)) for a, b, x, y in edges if a != b], DAY)
    for firm in "CXYZ":
        verdict = ofac(o, firm)
        assert 0 <= verdict.low <= verdict.high + 1e-9 <= 100 + 1e-8
        assert all(p.owners[0] in "AB" and p.owners[-1] == firm for p in o.paths(firm, {"A", "B"}))


def test_the_example_of_the_docs_runs() -> None:
    import re
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "parties.md").read_text("utf-8")
    for snippet in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(snippet, {})


def test_every_format_and_flag_is_in_the_docs() -> None:
    from pathlib import Path

    from bilat.formats.parties.formats import FORMATS

    page = (Path(__file__).parents[2] / "docs" / "parties.md").read_text("utf-8")
    assert not [f for f in FORMATS if f"`{f}`" not in page and f != "ofac-parsed"]


# -- the regulators' own examples --------------------------------------------------------------------------


def says(day: str, listings: dict[str, list[str]], *shares: tuple) -> dict[str, str]:  # type: ignore[type-arg]
    o = held(*shares, day=dt.date.fromisoformat(day))
    return {v.rule: v.verdict for v in o.verdicts("X", listings)}


def test_an_owner_on_the_cmic_list_extends_nothing() -> None:
    """FAQ 857: the 50 percent rule does not apply to parties listed solely under E.O. 13959."""
    found = says("2024-01-01", {"A": ["OFAC non-SDN CMIC-EO13959"]}, ("A", "X", 100))
    assert set(found.values()) == {"not covered"}


def test_blocked_and_sectoral_owners_are_not_added_up() -> None:
    listings = {"A": ["OFAC SDN"], "B": ["OFAC non-SDN UKRAINE-EO13662"]}
    found = says("2024-01-01", listings, ("A", "X", 25), ("B", "X", 25))
    assert found["OFAC 50 percent rule"] == found["OFAC sectoral 50 percent rule"] == "not covered"
    found = says("2024-01-01", listings, ("A", "X", 10), ("B", "X", 50))
    assert (found["OFAC 50 percent rule"], found["OFAC sectoral 50 percent rule"]) == (
        "not covered",
        "covered",
    )


def test_the_affiliates_rule_counts_the_lists_and_programmes_it_names() -> None:
    day = "2025-10-15"
    for entry, verdict in {
        "US EL": "covered",
        "US MEU": "covered",
        "US MIEU": "not covered",
        "OFAC SDN RUSSIA-EO14024": "covered",
        "OFAC SDN IRAN": "not covered",
        "OFAC SDN": "not known",
    }.items():
        assert says(day, {"A": [entry]}, ("A", "X", 60))["BIS affiliates rule"] == verdict, entry


def test_an_owner_under_833_is_no_asset_freeze() -> None:
    assert (
        says("2025-01-01", {"A": ["EU 32014R0833 EU-RUS IV"]}, ("A", "X", 90))["EU, half or more"]
        == "not covered"
    )
    assert (
        says("2025-01-01", {"A": ["EU 32014R0269 EU-UKR I"]}, ("A", "X", 50))["EU, half or more"]
        == "covered"
    )


def test_the_uk_asks_for_more_than_half_and_does_not_simply_add_up() -> None:
    uk = {"A": ["UK Sanctions List"], "B": ["UK Sanctions List"]}
    assert says("2025-01-01", uk, ("A", "X", 51))["UK, more than half"] == "covered"
    assert says("2025-01-01", uk, ("A", "X", 50))["UK, more than half"] == "not covered"
    assert (
        says("2025-01-01", uk, ("A", "X", 40), ("B", "X", 40))["UK, more than half"]
        == "not covered"
    )
    swiss = {"A": ["CH SECO"], "B": ["CH SECO"]}
    assert (
        says("2025-01-01", swiss, ("A", "X", 30), ("B", "X", 30))["Switzerland, more than half"]
        == "covered"
    )


def test_a_listed_firm_is_listed_first_whoever_holds_it() -> None:
    found = says("2024-01-01", {"X": ["OFAC SDN"]}, ("C", "X", 30))
    assert found["OFAC 50 percent rule"] == "listed"


def test_a_known_share_beside_an_unknown_one_is_no_interval_upside_down() -> None:
    verdict = ofac(held(("A", "X", 43), ("C", "X", 0, 100)), "X")
    assert (verdict.low, verdict.high) == (43, 43)
    verdict = ofac(held(("A", "X", 43), ("B", "X", 0, 100)), "X")
    assert (verdict.low, verdict.high, verdict.verdict) == (43, 100, "not known")


def dense(firms: int = 25) -> list[tuple[str, str, float, float]]:
    """Every firm holds up to 4% of every other; one listed party stands above the first."""
    names = [f"F{n:02}" for n in range(firms)]
    links = [
        (a, b, 0.0, 1.0 + (3 * i + j) % 3)
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if a != b
    ]
    return [*links, ("A", "F00", 10.0, 20.0)]


def test_a_dense_network_is_answered_and_in_any_order_of_its_links_the_same() -> None:
    links = dense()
    assert len(links) == 601
    forward, backward = held(*links), held(*reversed(links))
    assert forward.paths("F01", {"A"}) == backward.paths("F01", {"A"})
    assert forward.verdicts("F01", {"A": ["OFAC SDN"]}) == backward.verdicts(
        "F01", {"A": ["OFAC SDN"]}
    )
    assert forward.paths("F01", {"A"})[0].owners == ("A", "F00", "F01")
    # one chain through each direct owner, none longer than the firms there are
    assert len(forward.paths("F01", {"A"})) == 24


def test_both_ways_from_one_listed_owner_are_named() -> None:
    o = held(("A", "X", 60), ("X", "Y", 50), ("A", "Z", 80), ("Z", "Y", 45), ("A", "Y", 5))
    assert [p.owners for p in o.paths("Y", {"A"})] == [("A", "Z", "Y"), ("A", "X", "Y"), ("A", "Y")]
