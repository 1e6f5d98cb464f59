# SPDX-License-Identifier: Apache-2.0
"""Events of a list in which two states took part together, by year."""

from __future__ import annotations

from dataclasses import dataclass

from bilat.verdicts.topics.topic import Between

# Russia's exercises by the list that ends in 2018 were public from the day of that list on.
_TOGETHER = """
SELECT left(period, 4) AS year, arg_max(name, period), max(left(period, 7)), count(DISTINCT event)
FROM events
WHERE source = $1 AND event_type IN ('exercise', 'agreement')
  AND list_contains(string_split(participants, ';'), $2)
  AND list_contains(string_split(participants, ';'), $3)
  AND (source <> 'russian_exercises' OR vintage <= $4)
  AND ($5 OR class NOT IN ('multinational hosted', 'competition'))
GROUP BY year ORDER BY year
"""


@dataclass(frozen=True)
class EventsOfYear:
    """Events of one year: the last one's name and month, and how many there were."""

    year: str
    last_name: str
    last_month: str
    count: float


def events_by_year(asked: Between, source: str, *, hosted: bool = True) -> list[EventsOfYear]:
    """Return the years in which a list names both states.

    Parameters
    ----------
    hosted
        whether contests, and exercises of many states that one of them hosted, are counted.
    """
    day = asked.as_of.date
    rows = asked.rows(_TOGETHER, source, asked.a, asked.b, day, hosted, needs=("events",))
    return [EventsOfYear(year, name or "", month, float(n)) for year, name, month, n in rows]
