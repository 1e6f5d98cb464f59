# SPDX-License-Identifier: Apache-2.0
"""The topics of a profile, each a function of two states as of a date."""

from collections.abc import Callable

from bilat.verdicts.topics import force, ties
from bilat.verdicts.topics.topic import TAKES, TITLES, Between, Facet, owner

TOPICS: dict[str, Callable[[Between], Facet | None]] = {
    "arms": force.arms,
    "technology": ties.technology,
    "trade": ties.trade,
    "energy": ties.energy,
    "exercises": force.exercises,
    "troops": force.troops,
    "treaties": force.treaties,
    "votes": ties.votes,
    "war": ties.war,
    "meetings": ties.meetings,
    "agreements": force.agreements,
    "disputes": force.disputes,
    "listings": force.listings,
}

__all__ = ["TAKES", "TITLES", "TOPICS", "Between", "Facet", "owner"]
