# SPDX-License-Identifier: Apache-2.0
"""The sources of this room: totals and baskets."""

import pytest

from bilat.holdings import Holdings

SOURCES = (
    "armstat_trade", "atlas_techai_baskets", "comtrade_russia_hs2", "comtrade_world_2021",
    "eurostat_cn8_sanctioned", "eurostat_total_annual", "eurostat_total_monthly", "gacc_exports_russia",
    "imf_russia", "national_imports", "taiwan_customs_8542", "us_census_exports",
)  # fmt: skip


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
