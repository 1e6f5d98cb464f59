# SPDX-License-Identifier: Apache-2.0
"""What an alarm, a series and a record that stopped are called on the board, in sentences."""

from __future__ import annotations

import re

from bilat.catalog.sources import sources
from bilat.document import Figure, Finding, Point, Series, wording
from bilat.dyad import Dyad
from bilat.forecast.alarms import Alarm, StoppedRecord
from bilat.forecast.events import DatedEvent
from bilat.forecast.streams import Spec, Stream, is_paper_pair, specs
from bilat.places import country_name, country_or_none
from bilat.regeneration.equipment import CLAIMED, LISTED
from bilat.units import Unit
from bilat.units.notation import figure, money, value_text
from bilat.when import Period

#: Series of a record that stopped that are named; more are counted.
MOST_NAMES = 4
#: Months of a stream that an alarm's chart shows.
SHOWN = 13
#: Part of a figure below which what is normal is told as next to nothing.
NEXT_TO_NOTHING = 0.01

#: Models of drones that the record names in Ukrainian letters only.
_LATIN = {
    "Картограф": "Kartograf",
    "Молнія": "Molniya",
    "Привет": "Privet",
    "Фенікс": "Feniks",
}
#: Equipment in words, by the family whose names are of a side and a class.
_OF_EQUIPMENT = {"losses": LISTED, "claims": CLAIMED}


def spoken(stream: Stream) -> str:
    """What a stream measures: ``Russia, tanks: losses listed by Oryx``."""
    name = _names_in_words(stream.family, stream.name)
    return wording.capital(spec_of(stream.family).label.format(name=name))


def _names_in_words(family: str, name: str) -> str:
    """Return the name of a stream with states and equipment written out."""
    for published, latin in _LATIN.items():
        name = name.replace(published, latin)
    side, _, what = name.partition(" ")
    if family in _OF_EQUIPMENT:
        return f"{country_name(side)}, {_OF_EQUIPMENT[family].get(what, what)}"
    plain = name.replace("_", " ")
    return re.sub(
        r"\b[A-Z]{3}\b",
        lambda m: country_name(m[0]) if country_or_none(m[0]) else m[0],
        plain,
    )


def spec_of(family: str) -> Spec:
    """Return the declaration of a family of streams."""
    return next(spec for spec in specs() if spec.name == family)


def unit_of(stream: Stream) -> Unit:
    """Return the unit of a stream's figures."""
    spec = spec_of(stream.family)
    return Unit(spec.kind, spec.unit or spec.kind)


def in_words(value: float, unit: Unit) -> str:
    """Return a figure of a series: money as it is written, other figures without their unit."""
    return money(value, unit) or value_text(value, unit)


def named(a: Alarm) -> str:
    """Return the series of an alarm with its direction: ``Suez Canal, tankers (down in 2024)``."""
    return f"{spoken(a.stream)} ({a.direction} in {wording.period(a.stream.period(a.month))})"


def sentence(a: Alarm) -> str:
    """Return the figure of an alarm and what is normal; of a drift, over how long."""
    when = wording.period(a.stream.period(a.month))
    unit = unit_of(a.stream)
    name = spoken(a.stream)
    value = in_words(a.value, unit) if str(unit) in name else figure(a.value, unit)
    said = f"{name}: {value} in {when}; {_normal(a)} would be normal"
    if a.window == 1:
        return said
    level = "low" if a.direction == "down" else "high"
    step = "years" if a.stream.yearly else "months"
    return f"{said}. The last {wording.few(a.window)} {step} together are unusually {level}"


def _normal(a: Alarm) -> str:
    """Return what is expected: ``about 25``; next to nothing where it is a tiny part."""
    if 0 <= a.expected < NEXT_TO_NOTHING * a.value:
        return "next to nothing"
    return f"about {in_words(a.expected, unit_of(a.stream))}"


def alarm_finding(a: Alarm, pair: Dyad, event: DatedEvent | None) -> Finding:
    """Return what happened, where the record has its day; what the months show; what it means."""
    spec = spec_of(a.stream.family)
    unit = unit_of(a.stream)
    others = f"{wording.few(len(a.others))} other series of {spec.title.partition(',')[0]}"
    more = f". {wording.capital(others)} moved with it" if a.others else ""
    said = f"{wording.period(event.when)}: {event.what} ({event.who}). " if event else ""
    normal = "next to nothing" if _normal(a) == "next to nothing" else ""
    public = f"Public by {wording.day(a.known)}."
    return Finding(
        f"{said}{sentence(a)}{more}.",
        topic=spec.title,
        now=Figure(a.value, unit),
        then=Figure(a.expected, unit, text=normal),
        direction=a.direction,
        so_what=" ".join(filter(None, (_meaning(a, pair), public))),
        evidence_to=(Period(a.stream.period(a.month)).end,),
    )


def _meaning(a: Alarm, pair: Dyad) -> str:
    """Return what a move means and, for the pair that the claims are about, for which claim."""
    spec = spec_of(a.stream.family)
    up = a.direction == "up"
    means = spec.up if up else spec.down
    claim = spec.up_claim if up else spec.down_claim
    return " ".join(filter(None, (means, claim if is_paper_pair(pair) else "")))


def chart(a: Alarm) -> Series:
    """Return the months of an alarm's series up to its own."""
    months = [m for m in sorted(a.stream.values) if m <= a.month][-SHOWN:]
    points = tuple(
        Point(a.stream.period(m), a.stream.values[m], kind="reported", group=a.stream.name)
        for m in months
    )
    step = "year" if a.stream.yearly else "month"
    producers = (sources()[name].producer for name in spec_of(a.stream.family).sources)
    return Series(
        f"{spoken(a.stream)}, by {step}",
        unit_of(a.stream),
        points,
        foot=f"known on {a.known}",
        source="; ".join(dict.fromkeys(producers)),
    )


def silence_finding(s: StoppedRecord, *, first: bool) -> Finding:
    """Return that a record stopped; what that means stands below the first."""
    return Finding(
        f"{stopped(s)}: no figure since {wording.period(s.last)}. The next was due by "
        f"{wording.period(str(s.due))}.",
        topic="silent",
        so_what="A record that stops is not a sign of calm." if first else "",
    )


def stopped(s: StoppedRecord) -> str:
    """Return what a record counts, and the series that stopped where others of it go on."""
    what = wording.capital(spec_of(s.family).title)
    names = [_names_in_words(s.family, name) for name in s.names]
    if len(names) > MOST_NAMES:
        others = wording.few_text(len(names) - MOST_NAMES + 1, "others")
        names = [*names[: MOST_NAMES - 1], f"and {others}"]
    return f"{what} ({'; '.join(names)})" if names else what


def state_of(stream: Stream, pair: Dyad) -> str:
    """Return the one state of a pair that a series is about."""
    states = {stream.serves} if stream.serves else stream.states
    return next((state for state in pair if state in states), pair.a)
