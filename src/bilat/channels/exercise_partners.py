# SPDX-License-Identifier: Apache-2.0
"""With whom: third states in joint exercises, and the partner's weight among all of a state's exercises."""

from __future__ import annotations

import pyarrow as pa

from bilat.channels.exercises import (
    INCLUSION,
    NOTHING,
    REFERENCE,
    about,
    held,
    list_ends,
    list_is_of,
    thirds,
    year_note,
    years_spoken,
)
from bilat.measures import Answer, Ask, Point, measure
from bilat.statistics import jeffreys, poisson_interval


@measure(
    "exercises.partners",
    title="Joint exercises with each third state",
    unit="events a year",
    tables=("events",),
    reference=REFERENCE,
    method="Exercises under the rule of inclusion in which the third state took part, by year. A year with "
    "none is 0. Observers and disputed participants do not count.",
    interval="95% exact Poisson interval of the yearly rate (Garwood)",
    params={"inclusion": ("both_central", INCLUSION[1])},
)
def partners(ask: Ask) -> Answer:
    """One group a third state (ISO alpha-3), the most frequent first; one point a year."""
    rows = held(ask, ask.params["inclusion"])
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    events = rows.to_pylist()
    with_state: dict[str, list[int]] = {}
    for i, event in enumerate(events):
        for state in thirds(event, ask.dyad):
            with_state.setdefault(state, []).append(i)
    list_end = list_ends(ask)
    points: list[Point] = []
    parts: list[pa.Table] = [rows.slice(0, 0)]
    for state, at in sorted(with_state.items(), key=lambda s: (-len(s[1]), s[0])):
        for year in years_spoken(rows, list_end):
            n = sum(int(events[i]["point"]) == year for i in at)
            bounds = poisson_interval(n)
            note = year_note(list_end, year)
            points.append(Point(str(year), float(n), bounds.low, bounds.high, "reported", state, note))
        part = rows.take(pa.array(at))
        grp = pa.array([state] * len(at), pa.string())
        parts.append(part.set_column(part.schema.get_field_index("grp"), "grp", grp))
    return Answer(points, pa.concat_tables(parts), note=list_is_of(ask) or about(ask))


@measure(
    "exercises.weight",
    title="The partner's share of all joint exercises of Russia",
    unit="share (0 to 1)",
    tables=("events",),
    reference="joint exercises of Russia with anyone, 2009-2018, compiled from its ministry's pages",
    method="Exercises with the other state over all joint exercises that Russia held with anyone in the "
    "year, and over all years held. The list ends in 2018; its last years are thinner than its first.",
    interval="95% Jeffreys interval",
    params={
        "others": (False, "true: one group for each partner, over all years, instead of the other state")
    },
)
def weight(ask: Ask) -> Answer:
    """One group (the partner); a point a year, and one for all years; with ``others`` one point a partner."""
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, '' AS grp, * FROM events "
        "WHERE source = 'russian_exercises' ORDER BY period, event"
    )
    states = {ask.dyad.a, ask.dyad.b}
    if "RUS" not in states or rows.num_rows == 0:
        note = (
            "the list is of Russia's exercises" if rows.num_rows else "no exercise is listed as of this date"
        )
        return Answer([], rows.slice(0, 0), note=note)
    (other,) = states - {"RUS"}
    events = rows.to_pylist()
    whole = f"{events[0]['point']}-{events[-1]['point']}"
    partners_of = [set(e["participants"].split(";")) - {"RUS"} for e in events]
    wanted = sorted({p for partners in partners_of for p in partners}) if ask.params["others"] else [other]
    spans = {whole: list(range(len(events)))}
    if not ask.params["others"]:
        for i, e in enumerate(events):
            spans.setdefault(e["point"], []).append(i)
    points: list[Point] = []
    parts: list[pa.Table] = []
    for state in wanted:
        for span, at in sorted(spans.items()):
            k = sum(state in partners_of[i] for i in at)
            bounds = jeffreys(k, len(at))
            note = f"{k} of {len(at)}"
            points.append(Point(span, bounds.value, bounds.low, bounds.high, "derived", state, note))
            part = rows.take(pa.array(at))
            for column, value in (("point", span), ("grp", state)):
                index = part.schema.get_field_index(column)
                part = part.set_column(index, column, pa.array([value] * len(at), pa.string()))
            parts.append(part)
    if ask.params["others"]:
        points.sort(key=lambda p: (-(p.value or 0), p.group))
    return Answer(points, pa.concat_tables(parts))
