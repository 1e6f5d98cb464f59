# SPDX-License-Identifier: Apache-2.0
"""A heading has at most 25 words, and what is left out of it is never its doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bilat.diversion.heading import MOST_WORDS, Heading, count_words
from bilat.diversion.headline import headline
from bilat.diversion.search import divert
from bilat.when import AsOf

TO = " (data to November 2022, four years old)"
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"basket_name": "chpl"},
    {"basket_name": "chpl", "hubs": ("KAZ",)},
    {"basket_name": "8703", "hubs": ("KGZ",)},
    {"basket_name": "8703", "hubs": ("GEO",)},
    {"basket_name": "4011"},
    {"target": "BLR"},
    {"target": "KAZ"},
    {"since": "2021-03", "until": "2022-01"},
]


def test_parts_that_an_answer_can_do_without_are_left_out_in_turn() -> None:
    hubs = " ".join(f"hub{n}" for n in range(12))
    origin = " from Germany, Japan and the United States"
    heading = Heading(
        finding="Armenia bought more",
        to=TO,
        origin=origin,
        others=", Georgia more",
        doubt="; sales are unknown",
    )
    assert origin in heading.text() and "Georgia" in heading.text()
    longer = replace(heading, finding=f"{hubs} bought", doubt="; unknown")
    assert longer.text() == f"{hubs} bought, Georgia more; unknown{TO}"
    longest = replace(longer, finding=f"{hubs} {hubs} bought")
    assert longest.text() == f"{hubs} {hubs} bought; unknown{TO}"


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_headings_of_stored_trade_have_few_words(question: dict[str, Any]) -> None:
    found = divert(**question, limit=20, cases=0, threads=1, as_of=AsOf("2026-12-01"))
    title, _ = headline(found)
    assert count_words(title) <= MOST_WORDS


def test_a_target_that_is_not_banned_is_not_said_to_be() -> None:
    found = divert(target="KAZ", limit=20, cases=0, threads=1, as_of=AsOf("2026-12-01"))
    title, said = headline(found)
    assert "sanction" not in " ".join([title, *said, *found.notes])
