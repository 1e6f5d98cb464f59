# SPDX-License-Identifier: Apache-2.0
"""What a Canadian listing forbids depends on the schedule that it stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilat.formats.parties.canada import parties
from bilat.parties.lists.effects import effect_of

RECORD = """<record>
<Country>{regime} / Régime</Country><EntityOrShip>Examplov Works</EntityOrShip>
<Schedule>{schedule}</Schedule><Item>7</Item>
<DateOfListing>2024-02-13</DateOfListing>
</record>
"""
#: Named persons and ships, so that every column of the list is filled somewhere.
OTHERS = """<record>
<Country>Belarus / Bélarus</Country><LastName>Examplov</LastName><GivenName>Ivan</GivenName>
<Schedule>1, Part 1</Schedule><Item>1</Item>
</record>
"""


def programme(tmp_path: Path, regime: str, schedule: str) -> str:
    """Return the programme of a party that stands on a schedule."""
    text = RECORD.format(regime=regime, schedule=schedule)
    path = tmp_path / "sema-lmes.xml"
    path.write_text(f"<data-set>\n{text}{OTHERS}</data-set>\n", "utf-8")
    first = next(iter(parties(path)))
    return first.listings[0].programme


@pytest.mark.parametrize(
    ("regime", "schedule", "expected", "effect"),
    [
        ("Russia", "1, Part 2", "Russia", "blocked"),
        ("Belarus", "1,Part 3", "Belarus", "blocked"),
        ("Ukraine", "Part 1", "Ukraine", "blocked"),
        ("Nicaragua", "", "Nicaragua", "blocked"),
        ("Russia", "1.1", "Russia, Schedule 1.1", "port ban"),
        ("Russia", "2", "Russia, Schedule 2", "sectoral"),
        ("Russia", "3", "Russia, Schedule 3", "sectoral"),
        # No page was read on what these do.
        ("Guatemala", "", "Guatemala", "listed"),
        ("Russia", "9", "Russia, Schedule 9", "listed"),
    ],
)
def test_the_schedule_says_what_is_forbidden(
    tmp_path: Path, regime: str, schedule: str, expected: str, effect: str
) -> None:
    assert programme(tmp_path, regime, schedule) == expected
    assert effect_of("Canada SEMA", expected) == effect
