# SPDX-License-Identifier: Apache-2.0
"""Imported parts of arms and what became of them."""

from bilat.alignment.substitution import is_item, replacement_status, words
from bilat.holdings import Holdings
from bilat.measures import ask


def test_each_status_of_the_list_has_a_meaning_or_says_nothing(aligned: Holdings) -> None:
    rows = [r for r in ask("dependence.substitution", holdings=aligned).rows() if is_item(r)]
    listed = [s for texts in words()["status"].values() for s in texts]
    assert len(listed) == len(set(listed))
    assert {replacement_status(r["status"]) for r in rows} == {
        "replaced",
        "being replaced",
        "still imported",
        "not stated",
    }
    assert replacement_status("aim stated 2022") == "not stated"


def test_most_parts_of_which_something_is_said_were_replaced(aligned: Holdings) -> None:
    found = ask("dependence.substitution", holdings=aligned)
    share = next(p for p in found.points if p.group == "CHN from RUS: share replaced")
    assert share.low <= share.value <= share.high
    replaced = next(p.value for p in found.points if p.group == "CHN from RUS: replaced")
    assert share.note.startswith(f"{replaced:.0f} of ")
    by_year = [p.value for p in found.points if p.group == "CHN from RUS: replaced by year"]
    assert by_year == sorted(by_year) and by_year[-1] <= replaced


def test_an_aim_is_no_replacement(aligned: Holdings) -> None:
    found = ask("dependence.substitution", holdings=aligned)
    h6 = [r for r in found.rows() if r["platform"].startswith("H-6K")]
    assert {r["grp"] for r in h6} <= {
        "CHN from RUS: still imported",
        "CHN from RUS: share replaced",
    }
