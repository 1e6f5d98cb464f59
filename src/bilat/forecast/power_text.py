# SPDX-License-Identifier: Apache-2.0
"""How well the watch works: events drawn by lot, events that we chose, false alarms."""

from __future__ import annotations

from bilat.document import Block, Column, Say, Table, wording
from bilat.forecast.alarm_text import spoken
from bilat.forecast.alarms import BUDGET
from bilat.forecast.power import WITHIN, Power, SeenEvent
from bilat.units.notation import count_text


def in_short(p: Power) -> str:
    """Return how far the alarms can be trusted, for the first lines of the board."""
    late = f", usually {_late(p)} late" if p.delay else ""
    return (
        f"{_lift(p)} Of {p.testable} events that our data can show, the watch saw {p.found}{late}."
    )


def _lift(p: Power) -> str:
    """Return how many events drawn by lot an alarm followed, against random months."""
    drawn = count_text(len(p.drawn), "events")
    said = f"Alarms followed {p.drawn_seen} of {drawn} drawn by lot."
    if p.lift is None:
        return f"{said} None could have."
    skill = ", so this shows no skill" if p.is_luck else ""
    return f"{said} Chance would give {p.drawn_by_luck:.1f}{skill}."


def _late(p: Power) -> str:
    return wording.few_text(round(p.delay or 0), "months")


def power_blocks(p: Power) -> tuple[Block, ...]:
    """Return how well the watch works, with the events behind it."""
    heads = (Column("event"), Column("day"), Column("day of alarm"), Column("delay"))
    rows = tuple(
        (s.event.what, s.event.day, s.alarm.known if s.alarm else None, _delay(s)) for s in p.seen
    )
    late = f", usually {_late(p)} after the first month that moved" if p.delay is not None else ""
    chosen = (
        f"We also chose {len(p.seen)} events of 2021-26 because these records can show them. We "
        "knew them when we set the direction of each alarm. "
        f"On their dates, {p.testable} could be seen. The watch saw {p.found}{late}, each on the "
        "board of its own pair."
    )
    a_year = p.false_a_year / max(1, p.calm)
    calm = (
        f"On {p.calm} calm records, there were {count_text(len(p.false), 'false alarms')} in "
        f"{p.calm_years:.0f} years. That is {a_year:.2f} a year on each. A first page has at most "
        f"{BUDGET:.0f} alarms a year, true or false. Monthly figures cannot show what lasts only "
        "days."
    )
    return (_by_lot(p), _drawn(p), Say(chosen), Say(calm), Table(heads, rows))


def _delay(seen: SeenEvent) -> str:
    if not seen.testable:
        return "data do not reach back far enough"
    if seen.late is None:
        return "missed"
    return count_text(seen.late, "months")


def _by_lot(p: Power) -> Say:
    drawn = count_text(len(p.drawn), "events")
    return Say(
        f"We drew {drawn} between two states since 2022 by lot, from dated documents that belong "
        f"to no series. For {p.drawn_with_series} of them we have a series on the same topic and "
        f"pair. For {p.drawn_judged} we could judge it in the next {WITHIN} months. An alarm "
        f"followed {p.drawn_seen}; by chance it would have followed {p.drawn_by_luck:.1f}. "
        "Most of what happens between states moves no monthly figure. Look for it in the lists of "
        "events, pages and new figures, not among the alarms."
    )


def _drawn(p: Power) -> Table:
    rows = tuple(
        (d.day, d.pair.name, d.what, spoken(d.alarm.stream) if d.alarm else "none") for d in p.drawn
    )
    heads = (Column("day"), Column("pair"), Column("event drawn by lot"), Column("alarm"))
    return Table(heads, rows, detail=True, total=len(rows))
