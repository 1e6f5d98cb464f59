# SPDX-License-Identifier: Apache-2.0
"""The topics of force: American troops in the other state, and disputes between the two."""

from __future__ import annotations

import datetime as dt

from bilat.places import spoken_name
from bilat.units import count
from bilat.verdicts.sentences import WordedNumber
from bilat.verdicts.topics.topic import Between, Facet, Remark, last_of, year_end
from bilat.when import Period

#: Years after which a state that is no longer listed has no American troops to tell of.
LISTED_WITHIN = 3
#: Troops from which on their number is a heading.
LEAST_IN_A_HEADING = 100
#: Units by which documents count American troops in another state.
COUNTED_AS = ("US troops", "US active-duty troops", "active-duty personnel")
#: First and last year of the record of disputes.
DISPUTES_FROM = 1946
DISPUTES_TO = 2010

_TROOPS = """
SELECT entity, period, value FROM series WHERE source = 'us_troops_abroad' ORDER BY period
"""
_DISPUTES = """
SELECT period, sum(value) AS disputes FROM series
WHERE source = 'gml_disputes' AND variable = 'disputes_between' AND entity IN (?, ?)
GROUP BY period HAVING disputes > 0 ORDER BY period
"""


def troops(asked: Between) -> Facet | None:
    """American troops stationed in the other, the one country that publishes where its forces are."""
    if "USA" not in (asked.a, asked.b):
        return None
    other = asked.b if asked.a == "USA" else asked.a
    rows = asked.rows(_TROOPS, needs=("series",))
    points = [(year, float(value)) for state, year, value in rows if state == other]
    if not points:
        return None
    year, troops_there = points[-1]
    newest = rows[-1][1]
    if int(year) < int(newest) - LISTED_WITHIN:
        return None
    counts = [float(value) for _, period, value in rows if period == year]
    place = 1 + sum(value > troops_there for value in counts)
    rank = (
        "more than in any other country" if place == 1 else f"no. {place} of its deployments abroad"
    )
    about = format(WordedNumber(troops_there), "about")
    where = spoken_name(other)
    heading = f"About {about} American troops were stationed in {where} in {year}"
    return Facet(
        "troops",
        sentence=(
            f"The United States stationed about {about} troops in {where} in {year}, {rank}; "
            "those on rotation are not counted."
        ),
        unit=count("persons"),
        counted_as=COUNTED_AS,
        last=last_of(points),
        rank=place,
        of=len(counts),
        data_to=year_end(year, asked.as_of),
        sure="firm",
        sources=("us_troops_abroad",),
        points=tuple(("", *point) for point in points),
        heading=heading if troops_there >= LEAST_IN_A_HEADING else "",
    )


def disputes(asked: Between) -> Facet | None:
    """Disputes with threat or use of force between the two; a war that a document tells of leads."""
    one, two = sorted((asked.a, asked.b))
    rows = asked.rows(_DISPUTES, f"{one}-{two}", f"{two}-{one}", needs=("series",))
    if not rows:
        return None
    points = [(year, float(value)) for year, value in rows]
    sentence, heading = _counted(asked, points)
    wars = asked.papers("disputes")
    if wars:
        war = wars[0]
        return Facet(
            "disputes",
            war["what"],
            data_to=Period(war["period"]).end,
            sources=("documents",),
            remarks=(Remark(sentence, record="a record of disputes to 2010"),),
            by_document=True,
            deed=war["form"] == "event",
        )
    return Facet(
        "disputes",
        sentence=sentence,
        unit=count("disputes"),
        data_to=dt.date(DISPUTES_TO, 12, 31),
        sure="fair",
        sources=("gml_disputes",),
        points=tuple(("", *point) for point in points),
        heading=heading,
    )


def _counted(asked: Between, points: list[tuple[str, float]]) -> tuple[str, str]:
    """Return how many disputes there were, as a sentence and as a heading."""
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    total = sum(value for _, value in points)
    last = points[-1][0]
    force = "with threat or use of force"
    if total == 1:
        return f"Up to {DISPUTES_TO}, {a} and {b} had one dispute {force}, in {last}.", ""
    many = format(WordedNumber(total), "count")
    return (
        f"From {DISPUTES_FROM} to {DISPUTES_TO}, {a} and {b} had {many} disputes {force}; "
        f"the last began in {last}.",
        f"The last of their {many} disputes {force} began in {last}",
    )
