# SPDX-License-Identifier: Apache-2.0
"""With whom: third states in joint exercises."""

from __future__ import annotations

import pyarrow as pa

from bilat.channels.exercises import (
    REFERENCE,
    SOURCE,
    Inclusion,
    about,
    events_of,
    last_listed_day,
    note_on_no_event,
    third_states,
    year_note,
    years_of_list,
)
from bilat.measures import Answer, Ask, Interval, Pair, labelled, measure
from bilat.statistics import LEVEL, poisson_interval
from bilat.units import count


@measure(
    "exercises.partners",
    of=Pair,
    title="Joint exercises with each third state",
    unit=count("events a year"),
    tables=("events",),
    sources={"events": (SOURCE,)},
    reference=REFERENCE,
    method="Counts the exercises in which each third state took part, by year. The parameter "
    "says which kinds count. A year with none counts as 0. Observers and disputed "
    "participants do not count.",
    interval=Interval(
        "sampling", "95% exact Poisson interval of the yearly rate (Garwood)", LEVEL, about="rate"
    ),
)
def partners(ask: Ask, inclusion: Inclusion = "both_central") -> Answer:
    """Groups: one group a third state (ISO alpha-3), the most frequent first; one point a year."""
    rows = events_of(ask, inclusion)
    if rows.num_rows == 0:
        return ask.answer().missing(note_on_no_event(ask))
    events = rows.to_pylist()
    with_state: dict[str, list[int]] = {}
    for i, event in enumerate(events):
        for state in third_states(event, ask.dyad):
            with_state.setdefault(state, []).append(i)
    list_end = last_listed_day(ask)
    out = ask.answer(note=about(ask, inclusion))
    for state, at in sorted(with_state.items(), key=lambda s: (-len(s[1]), s[0])):
        out.take(labelled(rows.take(pa.array(at)), group=state))
        for year in years_of_list(rows, list_end):
            n = sum(int(events[i]["point"]) == year for i in at)
            out.counted(year, n, poisson_interval(n), group=state, note=year_note(list_end, year))
    return out


@measure(
    "exercises.firsts",
    of=Pair,
    title="Third states joining a joint exercise for the first time",
    unit=count("states"),
    tables=("events",),
    sources={"events": (SOURCE,)},
    reference=REFERENCE,
    method="Counts third states that took part in a joint exercise for the first time on our "
    "list. The parameter says which kinds of exercise count. Each state counts once, in "
    "the year of its first exercise. A year in which no state joins counts as 0. Observers and "
    "disputed participants do not count, and the list begins in 2003. A state does not "
    "count as new if it took part earlier in an exercise of a bloc, even one that is left "
    "out here.",
)
def firsts(ask: Ask, inclusion: Inclusion = "both_central") -> Answer:
    """Groups: ``new partners``; one point a year."""
    rows = events_of(ask, inclusion)
    if rows.num_rows == 0:
        return ask.answer().missing(note_on_no_event(ask))
    year_of: dict[str, str] = {}  # the year of a state's first
    looked_through: dict[str, list[int]] = {}  # each year's events with a third state, new or not
    place = {e: i for i, e in enumerate(rows["event"].to_pylist())}
    for event in events_of(ask, inclusion, blocs=True).to_pylist():  # in order of time
        i = place.get(event["event"])
        for state in third_states(event, ask.dyad):
            year_of.setdefault(state, event["point"] if i is not None else "")
            if i is not None:
                looked_through.setdefault(event["point"], []).append(i)
    list_end = last_listed_day(ask)
    out = ask.answer(note=about(ask, inclusion))
    for year in years_of_list(rows, list_end):
        new = sorted(s for s, at in year_of.items() if at == str(year))
        note = "; ".join(filter(None, [", ".join(new), year_note(list_end, year)]))
        # a year is as whole as the list: were only the events of firsts taken, the last of them
        # would end the record
        out.take(
            labelled(
                rows.take(pa.array(sorted(set(looked_through.get(str(year), []))), pa.int64())),
                group="new partners",
            )
        )
        out.counted(year, len(new), group="new partners", kind="derived", note=note)
    return out
