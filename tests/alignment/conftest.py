# SPDX-License-Identifier: Apache-2.0
"""The sources of this room: votes, regimes, disputes, treaties and trade with finance."""

import pytest

from bilat.holdings import Holdings

SOURCES = (
    "un_agreement", "un_ideal_points", "un_roll_calls", "un_votes", "un_ukraine", "un_ukraine_later",
    "unga_votes_later", "unga_rollcalls_later", "unsc_vetoes",
    "vdem_constraints_v12", "vdem_constraints_v15", "vdem_constraints_v9", "vdem_polyarchy_v15",
    "vdem_polyarchy_v16", "vdem_rule_of_law_v15", "marquez_personalism", "morgenbesser_personalism",
    "gwf_regimes", "gml_disputes", "cow_disputes", "dcad", "atop", "later_pacts", "imf_russia", "trade_finance",
    "tech_dependence",
)  # fmt: skip


@pytest.fixture(scope="session")
def aligned(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """Every row of the publishers' files."""
    made: Holdings = holdings(SOURCES)
    return made


@pytest.fixture(scope="session")
def aligned_embedded(holdings) -> Holdings:  # type: ignore[no-untyped-def]
    """The rows that come with the package."""
    made: Holdings = holdings(SOURCES, embedded=True)
    return made
