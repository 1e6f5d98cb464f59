# SPDX-License-Identifier: Apache-2.0
"""The kernel of the plans: one type of assumed number, its draws, its book (xlsx, TOML), what drives an outcome."""

from bilat.planning.assumptions import Assumption, Assumptions, load, with_user
from bilat.planning.draws import Correlation, Quantiles, correlations, median_of, morris, stream

__all__ = [
    "Assumption",
    "Assumptions",
    "Correlation",
    "Quantiles",
    "correlations",
    "load",
    "median_of",
    "morris",
    "stream",
    "with_user",
]
