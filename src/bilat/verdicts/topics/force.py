# SPDX-License-Identifier: Apache-2.0
"""The topics of force: American troops, disputes of the two, and force used side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bilat.catalog import sources as catalog
from bilat.document.wording import capital, day, ordinal, period
from bilat.places import spoken_name
from bilat.units import count
from bilat.verdicts.evidence import Paper
from bilat.verdicts.sentences import WordedNumber
from bilat.verdicts.topics.topic import (
    FORCE_WITHIN,
    THREAT,
    TOGETHER,
    Between,
    Facet,
    Remark,
    last_of,
    year_end,
)
from bilat.when import AsOf, Period

#: Years after which a state that is no longer listed has no American troops to tell of.
LISTED_WITHIN = 3
#: How an American deployment ranks among those abroad.
_PLACES = {
    1: "more than in any other country",
    2: "its second-largest deployment abroad",
    3: "its third-largest deployment abroad",
}
#: Troops from which on their number is a heading.
LEAST_IN_A_HEADING = 100
#: Units by which documents count American troops in another state.
COUNTED_AS = ("US troops", "US active-duty troops", "active-duty personnel")
#: First and last year of the record of disputes.
DISPUTES_FROM = 1946
DISPUTES_TO = 2010
#: Types of force, the gravest first, as a heading names them.
FORCE_HEADINGS = {
    "war": "war",
    "attack": "attack",
    "clash": "deadly clash",
    "clash without deaths": "clash without deaths",
    THREAT: "threat or show of force",
}
FORCES = (*FORCE_HEADINGS, TOGETHER)
#: Types that come before everything else on a page, while they are no older than five years.
GRAVE_FORCES = ("war", "attack", "clash")

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
    rank = _PLACES.get(place) or f"its {ordinal(place)}-largest deployment abroad"
    about = format(WordedNumber(troops_there), "about")
    where = spoken_name(other)
    heading = f"About {about} American troops were stationed in {where} in {year}"
    return Facet(
        "troops",
        sentence=(
            f"The United States stationed about {about} troops in {where} in {year}, {rank}; "
            "those on rotation are not counted."
        ),
        unit=count("people"),
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
    """Force between the two: what documents tell of it, and how often a record counts it to 2010.

    The newest use of force within five years leads, else the newest document. Where no document
    tells of the two, the topic says that the list is incomplete and until when it was looked for.
    """
    counted = _counted(asked)
    told = _told(asked)
    if told:
        return replace(_use_of_force(told, counted), settled=_is_settled(asked, told))
    if counted is None:
        return _none_known(asked)
    note = _list_note(asked)
    remarks = (Remark(note),) if note else ()
    return replace(counted, remarks=remarks)


def _is_settled(asked: Between, told: list[Paper]) -> bool:
    """Return whether the two agreed to end their conflict after the last force of theirs."""
    last = max(Period(paper["period"]).end for paper in told)
    agreed = [Period(paper["period"]).end for paper in asked.papers("peace")]
    return bool(agreed) and max(agreed) >= last


def together(asked: Between) -> Facet | None:
    """Force that the two used side by side, against a third state or an armed group."""
    told = _told(asked, topic=TOGETHER)
    if not told:
        return None
    first = told[0]
    against_states = [Period(p["period"]).end for p in told if _is_against_a_state(p)]
    return Facet(
        "together",
        first["what"],
        data_to=Period(first["period"]).end,
        sources=("documents",),
        remarks=tuple(Remark(paper["what"], document=True) for paper in told[1:]),
        by_document=True,
        deed=True,
        force=TOGETHER,
        fought=max(against_states, default=None),
        heading=_together_heading(first),
    )


def _told(asked: Between, topic: str = "disputes") -> list[Paper]:
    """Return the documents on force of the two, the one that leads first."""

    def order(paper: Paper) -> tuple[bool, int, dt.date, int]:
        happened = Period(paper["period"]).end
        lately = (asked.as_of.date - happened).days <= FORCE_WITHIN
        used = lately and paper["force"] != THREAT
        known = paper["known_on"]
        return not used, -happened.toordinal(), -known.toordinal(), FORCES.index(paper["force"])

    return sorted((p for p in asked.papers(topic) if p["force"]), key=order)


def _use_of_force(told: list[Paper], counted: Facet | None) -> Facet:
    """Return the topic as its documents tell it: one leads, the others are remarks."""
    first = told[0]
    grave = [Period(p["period"]).end for p in told if p["force"] in GRAVE_FORCES]
    remarks = [Remark(paper["what"], document=True) for paper in told[1:]]
    if counted is not None:
        remarks.append(Remark(counted.sentence, record="a record of disputes to 2010"))
    return Facet(
        "disputes",
        first["what"],
        data_to=Period(first["period"]).end,
        sources=("documents", *(counted.sources if counted else ())),
        remarks=tuple(remarks),
        by_document=True,
        deed=first["force"] != THREAT,
        force=first["force"],
        fought=max(grave, default=None),
        heading=_force_heading(first),
    )


def _force_heading(paper: Paper) -> str:
    """Return the row's own heading, or one from the type of force, the two states and the month.

    A row has its own where the type says too little: force that meets an armed group in the other
    state, or a deed known by its name. Without it, an attack is on the other's soil, and its row
    names first who made it. Of a war, a clash or a threat the heading names no side as the one
    that began.
    """
    if paper["headline"]:
        return paper["headline"].rstrip(".")
    doer, other = (spoken_name(state) for state in paper["actors"].split(";")[:2])
    force = paper["force"]
    said = "reported " if paper["form"] == "statement" else ""
    when = period(paper["period"][: len("2026-01")])
    kind = f"{said}{FORCE_HEADINGS[force]}"
    pair = f"by {doer} in {other}" if force == "attack" else f"between {doer} and {other}"
    return capital(f"{kind} {pair}, {when}")


def _is_against_a_state(paper: Paper) -> bool:
    """Return whether force was used against a state, which its row names third."""
    return len(paper["actors"].split(";")) > 2


def _together_heading(paper: Paper) -> str:
    """Return a heading from the states that used force side by side, the third, and the month.

    Against an armed group the row names two states alone.
    """
    one, two, *third = (spoken_name(state) for state in paper["actors"].split(";"))
    against = f" against {third[0]}" if third else ""
    when = period(paper["period"][: len("2026-01")])
    said = " were reported to have used" if paper["form"] == "statement" else " used"
    return capital(f"{one} and {two}{said} force together{against}, {when}")


def _counted(asked: Between) -> Facet | None:
    """Return how many disputes the record has, which ends in 2010."""
    one, two = sorted((asked.a, asked.b))
    rows = asked.rows(_DISPUTES, f"{one}-{two}", f"{two}-{one}", needs=("series",))
    if not rows:
        return None
    points = [(year, float(value)) for year, value in rows]
    sentence, heading = _number_of_disputes(asked, points)
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


def looked_for_to(as_of: AsOf) -> dt.date:
    """Return the day up to which uses of force were looked for, as of a date."""
    files = catalog()["documents"].files
    ours = next(file for file in files if file.series == "force")
    return min(dt.date.fromisoformat(ours.options["archive_end"]), as_of.date)


def _list_note(asked: Between) -> str:
    """Return what is to be said of a pair that our list has no row of; blank before 2011.

    It speaks of force against each other: a third may have killed soldiers of one in the other.
    """
    if asked.as_of.date.year <= DISPUTES_TO:
        return ""
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    to = day(looked_for_to(asked.as_of))
    return (
        f"Our own list of uses of force since {DISPUTES_TO + 1} has none by {a} or {b} against "
        f"the other; it is incomplete, and our search ended on {to}."
    )


def _none_known(asked: Between) -> Facet | None:
    """Return that neither the record nor our list has anything on the two."""
    note = _list_note(asked)
    if not note:
        return None
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    to = looked_for_to(asked.as_of)
    return Facet(
        "disputes",
        sentence=note,
        unit=count("disputes"),
        data_to=to,
        sure="fair",
        sources=("documents",),
        absent=True,
        heading=(
            f"Our incomplete list to {day(to)} has no use of force by {a} or {b} against the "
            f"other since {DISPUTES_TO + 1}"
        ),
    )


def _number_of_disputes(asked: Between, points: list[tuple[str, float]]) -> tuple[str, str]:
    """Return how many disputes there were, as a sentence and as a heading."""
    a = spoken_name(asked.a)
    b = spoken_name(asked.b)
    total = sum(value for _, value in points)
    last = points[-1][0]
    force = "that involved a threat or use of force"
    if total == 1:
        return f"Up to {DISPUTES_TO}, {a} and {b} had one dispute {force}, in {last}.", ""
    many = format(WordedNumber(total), "count")
    return (
        f"From {DISPUTES_FROM} to {DISPUTES_TO}, {a} and {b} had {many} disputes {force}; "
        f"the last began in {last}.",
        f"The last of their {many} disputes {force} began in {last}",
    )
