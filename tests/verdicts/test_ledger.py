# SPDX-License-Identifier: Apache-2.0
"""The ledger holds every claim of the paper's table, with rules that can be run."""

import re
import subprocess
import sys
from pathlib import Path

from bilat.measures import measures
from bilat.verdicts import CHAPTERS, ledger


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_every_claim_of_the_design_stands_in_the_ledger(shared: Path) -> None:
    listed = set(re.findall(r"^\| ([A-Z]\d+) \|", (shared / "design" / "claims.md").read_text("utf-8"), re.M))
    assert len(listed) > 30
    assert listed <= {c.id for c in ledger()}


def test_at_least_24_claims_are_measured_and_the_rest_say_what_is_needed() -> None:
    measured = [c for c in ledger() if c.how == "measured"]
    assert len(measured) >= 24
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
        mine = words(" ".join([c.claim, c.rule, c.limits, c.needs, *(r.reading for r in c.rivals)]))
        for i in range(len(mine) - 8):
            assert tuple(mine[i : i + 9]) not in runs, f"{c.id}: {' '.join(mine[i : i + 9])}"


def test_judging_twice_gives_the_same_json() -> None:
    run = [sys.executable, "-m", "bilat", "claims", "--as-of", "2023-03-20", "--json"]
    first, second = (subprocess.run(run, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second and len(first) > 1000
