# SPDX-License-Identifier: Apache-2.0
"""The sources of this room: arms, exercises, meetings and parts."""

import pytest

from bilat.holdings import Holdings

SOURCES = (
    "sipri_register",
    "sipri_tiv_pairs",
    "exercises",
    "russian_exercises",
    "leader_meetings",
    "military_contacts",
    "minister_meetings",
    "gur_components",
    "natural_earth",
)


@pytest.fixture(scope="session")
def full(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """Every row of the publishers' files."""
    made: Holdings = holdings(SOURCES)
    return made


@pytest.fixture(scope="session")
def embedded(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """The rows that come with the package."""
    made: Holdings = holdings(SOURCES, embedded=True)
    return made
