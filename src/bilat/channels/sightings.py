# SPDX-License-Identifier: Apache-2.0
"""What neighbours detect: aircraft that Japan scrambled against, and forces around Taiwan."""

from __future__ import annotations

import calendar

from bilat.measures import Answer, Ask, measure, states
from bilat.units import count


@measure(
    "sightings.scrambles",
    of=states(),
    title="Japanese fighter scrambles, by nationality of the aircraft",
    unit=count("scrambles a month"),
    tables=("series",),
    reference="Japan Joint Staff, monthly releases on scrambles; the address of each is in its row",
    method="The ministry's counts by state and month, including presumed nationalities. A joint "
    "flight counts for each state whose aircraft were intercepted.",
)
def scrambles(ask: Ask) -> Answer:
    """Groups: one group a state; a point a month."""
    rows = ask.rows(
        "SELECT period AS point, entity AS grp, * FROM series WHERE source = 'japan_scrambles' "
        "AND entity IN (SELECT unnest(?)) ORDER BY grp, point",
        list(ask.dyad.states),
    )
    out = ask.answer().about(*ask.dyad.states)
    out.each(rows, "sum(value)", kind="reported")
    return out.or_missing("Japan's releases are stored for Russian and Chinese aircraft only")


@measure(
    "sightings.around_taiwan",
    of=states(),
    title="Chinese aircraft and ships around Taiwan",
    unit=count("aircraft, or ships and days, a month"),
    tables=("series",),
    reference="Taiwan Ministry of National Defense, daily reports",
    method="The ministry's daily reports, summed by calendar month. A ship that stays counts on "
    "each day. If days are missing from a month, its note says how many are covered.",
)
def around_taiwan(ask: Ask) -> Answer:
    """Groups: aircraft (all, and across the median line), naval and official ships."""
    if "CHN" not in ask.dyad.states:
        return (
            ask.answer()
            .about(*ask.dyad.states)
            .missing("Taiwan reports Chinese forces: ask for a pair with China")
        )
    rows = ask.rows(
        "SELECT substr(period, 1, 7) AS point, variable AS grp, * FROM series "
        "WHERE source = 'taiwan_sightings' ORDER BY grp, point, period"
    )
    out = ask.answer().about("CHN", "TWN")
    days: dict[str, int] = {}
    for month in rows["point"].to_pylist():
        days[month] = days.get(month, 0) + 1
    groups = len(set(rows["grp"].to_pylist())) or 1
    out.each(rows, "sum(value)", kind="reported")
    parts = [
        f"{m} has {n // groups} of {_length(m)} days"
        for m, n in days.items()
        if _is_part(m, n // groups)
    ]
    if parts:
        out.note = "; ".join(sorted(parts)) + "."
    return out.or_missing("no report of Taiwan's ministry was public by then")


def _length(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def _is_part(month: str, days: int) -> bool:
    return days < _length(month)
