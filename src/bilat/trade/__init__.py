# SPDX-License-Identifier: Apache-2.0
"""Trade: who reported what with whom, baskets of goods, and where sanctioned trade is diverted."""

from bilat.trade import (  # noqa: F401
    baskets_totals,
    break_dates,
    diverted_share,
    dyad_totals,
    hub_totals,
    mirror_totals,
    sanctioned_totals,
    totals,
)
