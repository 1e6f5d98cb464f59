# SPDX-License-Identifier: Apache-2.0
"""The kernel of the plans: one type of assumed number, its draws, its book (xlsx, TOML), what
drives an outcome.
"""

from bilat.planning.assumptions import Assumption, Assumptions, load, with_user
from bilat.planning.draws import Driver, Quantiles, drivers, quantiles_of, stream

__all__ = [
    "Assumption",
    "Assumptions",
    "Driver",
    "Quantiles",
    "drivers",
    "load",
    "quantiles_of",
    "stream",
    "with_user",
]
