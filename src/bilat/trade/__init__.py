# SPDX-License-Identifier: Apache-2.0
"""Reported trade: who reported what with whom, both books, baskets of goods, hubs."""

from bilat.trade import both_ways, break_dates, chips, exports, hubs, mirror, sanctioned  # noqa: F401
