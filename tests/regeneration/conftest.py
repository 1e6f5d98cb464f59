# SPDX-License-Identifier: Apache-2.0
"""The sources of this room: losses, strikes, production, energy and enablers."""

import pytest

from bilat.holdings import Holdings

SOURCES = (
    "oryx_totals",
    "ua_general_staff",
    "missile_attacks",
    "missiles_and_uavs",
    "production_estimates",
    "portwatch_chokepoints",
    "china_energy_by_source",
    "china_customs_wind",
    "energy_facts",
    "enablers",
    "published_figures",
)


@pytest.fixture(scope="session")
def whole(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """Every row of the publishers' files."""
    made: Holdings = holdings(SOURCES)
    return made


@pytest.fixture(scope="session")
def embedded(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """The rows that come with the package."""
    made: Holdings = holdings(SOURCES, embedded=True)
    return made
