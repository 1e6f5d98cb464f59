# SPDX-License-Identifier: Apache-2.0
"""Listed addresses: two houses of one street are two addresses."""

from __future__ import annotations

import pytest

from bilat.parties.match.addresses import AddressIndex

LISTED = "d. 12, korp. 1, ul. Dolgobrodskaya, Minsk 220114, Belarus"


@pytest.mark.parametrize(
    ("address", "is_same"),
    [
        ("ul. Dolgobrodskaya 12, 220114 Minsk", True),
        ("12A Dolgobrodskaya Street, Minsk 220114", True),
        ("Dolgobrodskaya str., 12/14, office 5, Minsk, 220114, Belarus", True),
        ("ul. Dolgobrodskaya 14, 220114 Minsk", False),
        ("14 Dolgobrodskaya Street, room 7, Minsk 220114, Belarus", False),
    ],
)
def test_another_house_of_the_street_is_another_address(address: str, is_same: bool) -> None:
    index = AddressIndex([LISTED, "8 Kalvariyskaya street, Minsk 220004, Belarus"], [0, 1])
    assert bool(index.look_up(address)) == is_same
