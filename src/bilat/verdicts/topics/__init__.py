# SPDX-License-Identifier: Apache-2.0
"""The topics of a profile, each a function of two states as of a date."""

from collections.abc import Callable

from bilat.verdicts.topics import arms, exercises, force, listings, meetings, ties, treaties
from bilat.verdicts.topics.topic import TITLES, Between, Facet, FromTo, Remark, owner

TOPICS: dict[str, Callable[[Between], Facet | None]] = {
    "arms": arms.arms,
    "technology": ties.technology,
    "trade": ties.trade,
    "energy": ties.energy,
    "exercises": exercises.exercises,
    "troops": force.troops,
    "treaties": treaties.treaties,
    "votes": ties.votes,
    "war": ties.war,
    "meetings": meetings.meetings,
    "agreements": treaties.agreements,
    "relations": treaties.relations,
    "disputes": force.disputes,
    "together": force.together,
    "listings": listings.listings,
}

__all__ = ["TITLES", "TOPICS", "Between", "Facet", "FromTo", "Remark", "owner"]
