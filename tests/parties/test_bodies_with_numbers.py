# SPDX-License-Identifier: Apache-2.0
"""Institutes and factories that their numbers tell apart, in figures and in Han numerals."""

from __future__ import annotations

import pytest

from bilat.formats.parties import ListedParty, Listing, Name
from bilat.parties.lists.entries import ListEntry
from bilat.parties.queries.query import Query
from bilat.parties.screening.alerts import Alert
from bilat.parties.screening.rows import Cut, rows_of
from bilat.parties.screening.screener import Screener

GROUP = "China Electronics Technology Group Corporation"


def entry(key: str, *names: str) -> ListEntry:
    party = ListedParty(
        key, "Company", tuple(map(Name, names)), "line 1", listings=(Listing("OFAC SDN", "P"),)
    )
    return ListEntry(party, "ofac", "s" * 64, "2024-01-01")


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(
        [
            entry("ofac-1", "Inland Radio Institute", f"10th Research Institute of {GROUP}"),
            entry("ofac-2", f"{GROUP} 54th Research Institute"),
            entry("ofac-3", f"{GROUP} No. 28 Institute"),
        ]
    )


def alerts(screener: Screener, name: str) -> list[Alert]:
    (answer,) = rows_of(screener, [Query("1", name, 1)], Cut())
    return answer.rows


@pytest.mark.parametrize(
    "name",
    [
        f"{GROUP} 38th Research Institute",
        f"{GROUP} No. 55 Institute",
        "中国电子科技集团公司第三十八研究所",
        "中国电子科技集团公司第五十五研究所",
        "中国电子科技集团公司第55研究所",
    ],
)
def test_a_body_of_another_number_is_nobody_listed(screener: Screener, name: str) -> None:
    assert not alerts(screener, name)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        (f"54th Research Institute of {GROUP}", "ofac-2"),
        ("中国电子科技集团公司第五十四研究所", "ofac-2"),
        ("中国电子科技集团公司第54研究所", "ofac-2"),
        ("中国电子科技集团公司第二十八研究所", "ofac-3"),
        ("中国电子科技集团公司第十研究所", "ofac-1"),
    ],
)
def test_a_body_is_found_by_its_number_alone(screener: Screener, name: str, party: str) -> None:
    assert [alert.party for alert in alerts(screener, name)] == [party]
