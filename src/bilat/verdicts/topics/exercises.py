# SPDX-License-Identifier: Apache-2.0
"""The topic of exercises: those that two states held together."""

from __future__ import annotations

from bilat.dyad import Dyad
from bilat.measures import ask_for
from bilat.measures.figures import NamedFigure, named
from bilat.places import spoken_name
from bilat.units import count
from bilat.verdicts.sentences import WordedNumber, capital, spoken
from bilat.verdicts.topics.events_by_year import EventsOfYear, events_by_year
from bilat.verdicts.topics.topic import Between, Facet, Remark, last_of, year_end

_RUSSIA_AND_CHINA = {"RUS", "CHN"}
#: The last year of the list of Russia's exercises with anybody.
LIST_OF_RUSSIA_TO = 2018


def exercises(asked: Between) -> Facet | None:
    """Joint exercises, by two lists.

    One list goes on and has Russia's and China's exercises with each other, and those of others
    with both. The other has Russia's with anybody and ends in 2018. What two other states did by
    themselves is in neither.
    """
    pair = {asked.a, asked.b}
    if pair == _RUSSIA_AND_CHINA:
        return _of_russia_and_china(asked)
    if pair & _RUSSIA_AND_CHINA:
        return _with_a_third(asked)
    return None


def _of_russia_and_china(asked: Between) -> Facet | None:
    """Return the exercises of the two, with the count that a claim gives of them."""
    years = events_by_year(asked, "exercises")
    if not years:
        return None
    tail = ", multinational ones among them" if len(years) > 1 else _last(years)
    central = _central(asked)
    points = [(figure.period, figure.value or 0.0) for figure in central]
    among_all = " centred on the two" if central else ""
    return Facet(
        "exercises",
        sentence=_counted(asked, years, "", tail),
        unit=count(f"exercises a year{among_all}"),
        figures=central[-2:],
        last=last_of(points or _whole_years(asked, years)),
        data_to=year_end(years[-1].year, asked.as_of),
        sure="fair",
        sources=("exercises",),
        points=tuple(("", *point) for point in points or _whole_years(asked, years)),
        heading=f"{_names(asked)} trained together in {spoken(years[-1].last_month)}",
    )


def _with_a_third(asked: Between) -> Facet | None:
    """Return the exercises of Russia or China with another state."""
    of_russia = "RUS" in (asked.a, asked.b)
    recent = events_by_year(asked, "exercises", hosted=False)
    older = events_by_year(asked, "russian_exercises") if of_russia else []
    if not recent and not older:
        return None
    together = f" with {'China' if of_russia else 'Russia'}"
    said = []
    if recent:
        said.append(_counted(asked, recent, together, _last(recent)))
    if older:
        ends = f", according to a list that ends in {LIST_OF_RUSSIA_TO}"
        said.append(_counted(asked, older, "", ends))
    if recent:
        sources = ("exercises", "russian_exercises") if older else ("exercises",)
        heading = f"{_names(asked)} trained together{together} in {spoken(recent[-1].last_month)}"
    else:
        sources = ("russian_exercises",)
        ended = f"on a list that ends in {LIST_OF_RUSSIA_TO}"
        heading = f"{_names(asked)} last trained together in {older[-1].year}, {ended}"
    shown = recent or older
    points = _whole_years(asked, shown)
    return Facet(
        "exercises",
        sentence=said[0],
        unit=count("exercises a year"),
        last=last_of(points),
        data_to=year_end(shown[-1].year, asked.as_of),
        sure="fair" if recent else "thin",
        sources=sources,
        points=tuple(("", *point) for point in points),
        remarks=tuple(Remark(text) for text in said[1:]),
        heading=heading,
    )


def _names(asked: Between) -> str:
    return f"{capital(spoken_name(asked.a))} and {spoken_name(asked.b)}"


def _last(years: list[EventsOfYear]) -> str:
    return f", most recently {years[-1].last_name} in {spoken(years[-1].last_month)}"


def _whole_years(asked: Between, years: list[EventsOfYear]) -> list[tuple[str, float]]:
    """Return the counts of the years before the one that is asked in."""
    return [(y.year, y.count) for y in years if int(y.year) < asked.as_of.date.year]


def _central(asked: Between) -> tuple[NamedFigure, ...]:
    """Return the exercises in which Russia and China were central, in each whole year."""
    measured = ask_for(
        "exercises.count",
        Dyad(asked.a, asked.b),
        as_of=asked.as_of,
        holdings=asked.holdings,
        inclusion="both_central",
    )
    points = [p for p in measured.points if p.group == "all kinds" and not p.open]
    return named(measured, points)


def _counted(asked: Between, years: list[EventsOfYear], together: str, tail: str) -> str:
    """Return how many exercises two states had together, and when."""
    total = sum(year.count for year in years)
    first = years[0].year
    last = years[-1].year
    when = f"in {first}" if first == last else f"from {first} to {last}"
    many = f"{format(WordedNumber(total), 'count')} exercise{'s' if total > 1 else ''}"
    return f"{_names(asked)} took part in {many} together{together} {when}{tail}."
