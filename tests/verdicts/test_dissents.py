# SPDX-License-Identifier: Apache-2.0
"""Dissents stand next to the answers that they speak of, from the day that they speak as of."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bilat.verdicts.dissents import Dissent, beside


@dataclass(frozen=True)
class Answered:
    """What a dissent is laid next to: an answer to a claim as of a day."""

    id: str
    as_of: str
    dissents: tuple[Dissent, ...] = ()


def dissent(claim: str, as_of: str, who: str = "Ann") -> Dissent:
    return Dissent(claim, "no", "a reason", who, as_of, "2026-11-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2026-10-31", []), ("2026-11-01", ["Ann"]), ("2026-11-02", ["Ann", "Bob"])],
)
def test_a_dissent_is_shown_from_its_own_day_on(day: str, shown: list[str]) -> None:
    log = [dissent("P7", "2026-11-01"), dissent("P7", "2026-11-02", who="Bob")]
    (answer,) = beside([Answered("P7", day)], log)  # type: ignore[list-item]
    assert [entry.who for entry in answer.dissents] == shown


def test_a_dissent_is_shown_with_its_own_claim_alone() -> None:
    answers = [Answered("P7", "2026-11-02"), Answered("I6", "2026-11-02")]
    first, second = beside(answers, [dissent("I6", "2026-11-01")])  # type: ignore[arg-type]
    assert not first.dissents and len(second.dissents) == 1
