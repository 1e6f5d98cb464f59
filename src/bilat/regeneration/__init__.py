# SPDX-License-Identifier: Apache-2.0
"""Losses, stocks, production and strikes: what Russia's forces lose, hold, make and fire."""

from bilat.regeneration import losses, production, ratio, stocks, strikes
from bilat.regeneration.recovery import figures

__all__ = ["figures", "losses", "production", "ratio", "stocks", "strikes"]
