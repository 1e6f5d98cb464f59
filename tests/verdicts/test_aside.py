# SPDX-License-Identifier: Apache-2.0
"""A second process judges as this one does; one that ends without an answer is stood in for."""

from typing import Any

import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.verdicts import aside, judge
from bilat.when import AsOf

PAIR, WHEN = Dyad("JPN", "IND"), AsOf("2024-06-30")


def plain(found: list[Any]) -> list[Any]:
    return [j.to_json() for j in found]


@pytest.fixture(scope="module")
def held() -> Holdings:
    return Holdings()


@pytest.fixture(scope="module")
def here(held: Holdings) -> list[Any]:
    found = plain(judge(PAIR, WHEN, held))
    assert found
    return found


def test_the_second_process_gives_the_judgements_of_this_one(
    held: Holdings, here: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "judge", None)  # only the other process can answer
    monkeypatch.setattr(aside, "_cores", lambda: 2)
    with aside.Aside(PAIR, WHEN, held) as other:
        assert plain(other.judgements()) == here and not other.stood_in


def test_a_process_that_was_killed_is_stood_in_for(
    held: Holdings, here: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "_cores", lambda: 2)
    with aside.Aside(PAIR, WHEN, held) as other:
        assert other._child is not None
        other._child.kill()
        assert plain(other.judgements()) == here and other.stood_in
