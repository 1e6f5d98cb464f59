# SPDX-License-Identifier: Apache-2.0
"""The ledger holds every claim of the paper's table, with rules that can be run."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from bilat.holdings import Holdings
from bilat.measures import measures
from bilat.verdicts import CHAPTERS, judge, ledger


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_every_claim_of_the_design_stands_in_the_ledger(shared: Path) -> None:
    listed = set(re.findall(r"^\| ([A-Z]\d+) \|", (shared / "design" / "claims.md").read_text("utf-8"), re.M))
    assert len(listed) > 30
    assert listed <= {c.id for c in ledger()}


def test_at_least_30_claims_are_measured_and_the_rest_say_what_is_needed() -> None:
    measured = [c for c in ledger() if c.how == "measured"]
    assert len(measured) >= 30
    assert all(c.needs for c in ledger() if c.how != "measured")
    assert {c.chapter for c in ledger()} == set(CHAPTERS)


def test_every_rule_asks_a_measure_that_exists_with_parameters_it_has() -> None:
    known = measures()
    for claim in ledger():
        tests = [*claim.tests, *(r.test for r in claim.rivals if r.test)]
        for test in tests:
            assert test.measure in known, f"{claim.id}: no measure {test.measure}"
            asked = {
                k: v.format(a="RUS", b="CHN") if isinstance(v, str) else v for k, v in test.params.items()
            }
            known[test.measure].typed(asked)


def test_thresholds_stand_in_order() -> None:
    for claim in ledger():
        for t in claim.tests:
            steps = [x for x in (t.contradicted, t.partly, t.supported) if x is not None]
            assert steps == sorted(steps, reverse=t.direction == "down"), claim.id


def test_no_sentence_of_the_paper_is_copied(shared: Path) -> None:
    """No run of nine words of the ledger stands in the paper."""
    paper = words(next((shared / "paper").glob("*.md")).read_text("utf-8"))
    runs = {tuple(paper[i : i + 9]) for i in range(len(paper) - 8)}
    for c in ledger():
        mine = words(
            " ".join(
                [
                    c.claim,
                    c.why,
                    c.limits,
                    *(t.what for t in c.tests),
                    c.needs,
                    *(r.reading for r in c.rivals),
                ]
            )
        )
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


def test_a_rival_reading_about_one_state_is_not_put_to_that_state() -> None:
    for c in ledger():
        for r in c.rivals if c.applies != "these two" else []:
            fixed = {s for s in r.test.dyad if "{" not in s} - {"RUS"} if r.test and r.test.dyad else set()
            assert fixed <= {*r.without}, f"{c.id}: {r.reading}"


def test_a_figure_over_all_enablers_is_not_said_to_be_of_tankers() -> None:
    from bilat.contingency.backfill.inputs import shipped

    assert len(shipped().effects) > 1
    told = [t for c in ledger() for t in c.tests if t.measure == "backfill.gap"]
    assert told and all("all enablers" in t.what and "of tankers" not in t.say for t in told)


def test_how_far_a_record_reaches_is_that_of_the_deciding_figure() -> None:
    """I4: the American list decides, and the European one, beside it, is newer; K4: a dated list lies beside orders."""
    for claim in ("I4", "K4"):
        (j,) = judge(("RUS", "CHN"), "2026-11-24", only=claim)
        newer = [leg.data_to for leg in j.legs[1:] if leg.data_to is not None]
        assert j.data_to is not None and max(newer) > j.data_to, f"{claim}: no further test is newer"
        assert j.record_to == j.data_to == j.legs[0].data_to


@pytest.mark.parametrize("claim", ["I5", "P5"])
def test_the_record_of_a_sum_over_a_register_ends_with_the_register(claim: str) -> None:
    """The last delivery of Su-27 and Su-30 was in 2007; the register was looked through to the end of 2024."""
    (j,) = judge(("RUS", "CHN"), "2026-11-24", only=claim)
    assert j.data_to is not None and j.data_to < dt.date(2020, 1, 1)
    assert {j.record_to, *(leg.record_to for leg in j.legs)} == {dt.date(2024, 12, 31)}
    assert j.others_to is None
    (then,) = judge(("RUS", "CHN"), "2010-06-01", only=claim)
    assert then.record_to is None or then.record_to <= dt.date(2010, 6, 1)


def test_a_test_beside_the_leading_one_with_a_newer_record_is_told() -> None:
    (w1,) = judge(("RUS", "CHN"), "2026-11-24", only="W1")
    assert w1.record_to is not None and w1.others_to is not None and w1.others_to > w1.record_to


def test_what_is_not_measured_is_told_from_what_is() -> None:
    """Two tests of one quantity on two groups: the one without a figure is named by its groups."""
    (p8,) = judge(("RUS", "CHN"), "2023-03-20", only="P8")
    assert "confirmed losses are" in p8.why
    assert "not measured: confirmed losses over the active stock before the war, artillery against" in p8.why
