# SPDX-License-Identifier: Apache-2.0
"""UN votes, personalisation, dependence, distrust, third countries."""

from bilat.alignment import (
    agreements,
    alliances,
    dependence,
    disputes,
    ideal_points,
    majorities,
    regimes,
    similarity,
    ukraine,
    votes,
)

__all__ = [
    "agreements",
    "alliances",
    "dependence",
    "disputes",
    "ideal_points",
    "majorities",
    "regimes",
    "similarity",
    "ukraine",
    "votes",
]
