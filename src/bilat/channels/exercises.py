# SPDX-License-Identifier: Apache-2.0
"""Joint exercises: which events count, how many a year, with whom, and how elaborate they are."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from functools import cache
from typing import Annotated, Literal, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

from bilat.dyad import Dyad
from bilat.measures import Answer, Ask, Choice, Interval, Pair, labelled, measure
from bilat.package_files import TomlTable, read_package_toml
from bilat.places import country_name
from bilat.statistics import LEVEL, poisson_interval
from bilat.units import count, index

SOURCE = "exercises"
REFERENCE = (
    "our list of joint exercises, compiled event by event; channels/exercise_rules.toml "
    "says which kinds count"
)
ALL = "all kinds"


@cache
def rules() -> TomlTable:
    """Return ``exercise_rules.toml``: kinds, rules of inclusion, and the score of complexity."""
    return read_package_toml("bilat.channels", "exercise_rules.toml")


Size = Literal["troops", "ships", "aircraft"]
SIZES: tuple[Size, ...] = ("troops", "ships", "aircraft")

#: A row of the events.
Event = TypedDict(
    "Event",
    {
        "class": str,
        "name": str,
        "place": str | None,
        "participants": str,
        "domain": str | None,
        "contributions": str | None,
        "troops": float | None,
        "ships": float | None,
        "aircraft": float | None,
    },
)
Inclusion = Annotated[str, Choice(lambda: rules()["inclusion"]), "rule of inclusion"]
ExerciseKind = Annotated[str, Choice(lambda: rules()["kinds"]), "only this kind; blank for all"]


def exercise_kind(source_class: str) -> str:
    """Return the kind shown to readers for a class of the source, or the class if it has none."""
    for kind, classes in rules()["kinds"].items():
        if source_class in classes:
            return str(kind)
    return source_class


def is_included(event_type: str, source_class: str, inclusion: str) -> bool:
    """Return whether an event counts under a rule of inclusion, by its type, kind and class.

    A rule may name the kinds that count, or kinds and classes that do not. :func:`of_bloc` tests
    its condition on blocs.
    """
    rule = rules()["inclusion"][inclusion]
    kind = exercise_kind(source_class)
    return (
        event_type in rule["event_types"]
        and ("kinds" not in rule or kind in rule["kinds"])
        and kind not in rule.get("without_kinds", [])
        and source_class not in rule.get("without_classes", [])
    )


def of_bloc(event: Event, inclusion: str, dyad: Dyad) -> bool:
    """Return whether an event is a drill of a bloc that a rule of inclusion leaves out.

    A rule with a condition on blocs leaves out their drills, apart from those of the armed forces.
    With the condition "armed forces, at home" it leaves these out too if third states hosted them.
    """
    condition = rules()["inclusion"][inclusion].get("bloc", "")
    bloc = rules()["bloc"]
    if not condition or exercise_kind(event["class"]) != bloc["kind"]:
        return False
    is_of_armed_forces = event["name"].startswith(tuple(bloc["armed_forces"]))
    if not is_of_armed_forces:
        return True
    return bool(condition == "armed forces, at home") and hosted_by_others(event, dyad)


def hosted_by_others(event: Event, dyad: Dyad) -> bool:
    """Return whether every place of an event names a third state that took part.

    An event without a place has no host that we know of. A sea is not its state: India is not
    named by the Indian Ocean.
    """
    names = [re.escape(country_name(c)) for c in third_states(event, dyad)]
    if not names:
        return False
    a_third_state = re.compile(rf"\b({'|'.join(names)})\b")
    places = (event["place"] or "").split(" and ")
    return all(a_third_state.search(place) for place in places)


def events_of(ask: Ask, inclusion: str, *, blocs: bool = False) -> pa.Table:
    """Return the events of the two states that count, in order of time.

    Column ``point`` is the year, ``grp`` the kind.

    Parameters
    ----------
    blocs
        whether drills of a bloc stay in that the rule leaves out.
    """
    a, b = ask.dyad
    # Some rules count events whose page names only "SCO members", among them Russia and China.
    with_unnamed = rules()["inclusion"][inclusion].get("unnamed", False) and is_listed_pair(ask)
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, class AS grp, * FROM events WHERE source = ? "
        "AND (list_contains(string_split(participants, ';'), ?) "
        "AND list_contains(string_split(participants, ';'), ?) "
        "OR ? AND participants_note LIKE 'SCO members%') ORDER BY starts, event",
        SOURCE,
        a,
        b,
        with_unnamed,
    )
    events = rows.select(["event_type", "class", "name", "place", "participants"]).to_pylist()
    keep = [
        is_included(event["event_type"], event["class"], inclusion)
        and (blocs or not of_bloc(event, inclusion, ask.dyad))
        for event in events
    ]
    rows = rows.filter(pa.array(keep, pa.bool_()))
    return labelled(rows, group=[exercise_kind(c) for c in rows["class"].to_pylist()])


def third_states(row: Event, dyad: Dyad) -> list[str]:
    """Return the participants of an event other than the two states."""
    return [c for c in row["participants"].split(";") if c not in (dyad.a, dyad.b)]


def last_listed_day(ask: Ask) -> dt.date:
    """Return the day to which the list is complete; without one, the as-of date."""
    return ask.holdings.closed_on("events", SOURCE, ask.as_of) or ask.as_of.date


def years_of_list(rows: pa.Table, end: dt.date) -> list[int]:
    """Return the years from the first event to the end of the list, which may be in mid-year."""
    if rows.num_rows == 0:
        return []
    return list(range(int(min(rows["point"].to_pylist())), end.year + 1))


def year_note(end: dt.date, year: int) -> str:
    """Return a note if the list ends before the year does, else ""."""
    return f"to {end}" if year == end.year and end < dt.date(year, 12, 31) else ""


def about(ask: Ask, inclusion: str) -> str:
    """Return the note of an answer: for Russia and China, the rule of inclusion in words."""
    return note_on_other_states(ask) or str(rules()["inclusion"][inclusion]["about"])


def note_on_other_states(ask: Ask) -> str:
    """Return a note for any pair but Russia and China, whose exercises the list is of, else ""."""
    if is_listed_pair(ask):
        return ""
    return (
        f"only exercises in which Russia and China both took part are listed: of {ask.dyad} a part "
        "at best"
    )


def is_listed_pair(ask: Ask) -> bool:
    """Return whether the two states are Russia and China, whose exercises the list is of."""
    return set(ask.dyad) == {"RUS", "CHN"}


def note_on_no_event(ask: Ask) -> str:
    """Return the note of an answer without events."""
    if is_listed_pair(ask):
        return f"the list of joint exercises has no event that counts here as of {ask.as_of}"
    return (
        "the list of joint exercises is of Russia and China; it names no event with both of these "
        "states"
    )


@measure(
    "exercises.count",
    of=Pair,
    title="Joint exercises and patrols a year, by kind",
    unit=count("events a year"),
    tables=("events",),
    sources={"events": (SOURCE,)},
    reference=REFERENCE,
    method="Counts exercises in which both states took part, by the year in which they began. "
    "The parameter says which kinds count. A year with none counts as 0. For recent years "
    "we could read more sources, so better coverage explains part of any rise. To judge a "
    "trend, use fixed_classes.",
    interval=Interval(
        "sampling", "95% exact Poisson interval of the yearly rate (Garwood)", LEVEL, about="rate"
    ),
)
def yearly(ask: Ask, inclusion: Inclusion = "no_operations") -> Answer:
    """Groups: one group a kind, and ``all kinds``; one point a year."""
    rows = events_of(ask, inclusion)
    if rows.num_rows == 0:
        return ask.answer().missing(note_on_no_event(ask))
    list_end = last_listed_day(ask)
    kinds = rows["grp"].to_pylist()
    years = [int(year) for year in rows["point"].to_pylist()]
    counts = Counter(zip(kinds, years, strict=True))
    counts.update((ALL, year) for year in years)
    out = ask.answer(with_all_kinds(rows), about(ask, inclusion))
    for group in [ALL, *(kind for kind in rules()["kinds"] if kind in kinds)]:
        for year in years_of_list(rows, list_end):
            n = counts[group, year]
            out.counted(year, n, poisson_interval(n), group=group, note=year_note(list_end, year))
    return out


def with_all_kinds(rows: pa.Table) -> pa.Table:
    """Return each event twice, under its kind and under ``all kinds``: it counts in both groups."""
    return pa.concat_tables([labelled(rows, group=ALL), rows])


def _steps_reached(value: float, steps: list[int]) -> int:
    return sum(value >= step for step in steps)


def _size(event: Event, what: Size, dyad: Dyad) -> float | None:
    """Return how many troops, ships or aircraft took part; None if that is not known.

    The total of a large national exercise is the host's own. There, the joint part is taken as
    twice the smaller contribution of the two states.
    """
    by_state = json.loads(event["contributions"] or "{}")
    contributions = {state: own[what] for state, own in by_state.items() if what in own}
    if event["class"] in rules()["complexity"]["host_totals"]:
        own = [contributions[state] for state in dyad if state in contributions]
        return 2 * min(own) if own else None
    if event[what] is not None:
        return event[what]
    return sum(contributions.values()) if contributions else None


def score(event: Event, dyad: Dyad) -> tuple[int, int]:
    """Return the lowest and the highest complexity of an event, by ``exercise_rules.toml``.

    They differ if nothing is known of its size: it may then be the smallest or the largest.
    """
    spec = rules()["complexity"]
    domains = [domain for domain in (event["domain"] or "").split(";") if domain]
    base = max(len(domains), 1)
    base += _steps_reached(len(third_states(event, dyad)), spec["third_countries"])
    sizes = {what: _size(event, what, dyad) for what in SIZES}
    steps = [_steps_reached(n, spec[what]) for what, n in sizes.items() if n is not None]
    if steps:
        return base + max(steps), base + max(steps)
    return base, base + max(len(spec[what]) for what in SIZES)


@measure(
    "exercises.complexity",
    of=Pair,
    title="Complexity of joint exercises",
    unit=index("score (mean of the year's events)"),
    tables=("events",),
    sources={"events": (SOURCE,)},
    reference=REFERENCE,
    method="The mean score of the year's exercises, under rules fixed in advance: one point for "
    "each domain, up to three for third states and up to three for size. If the size is "
    "not known, we use the middle score. Many small patrols lower the mean, so look at "
    "the maximum and at each kind too. A mean over several years is that of all their "
    "exercises, not of the yearly means: ask by event.",
    interval=Interval(
        "bounds", "low and high: sizes that are not given taken as smallest and as largest"
    ),
)
def complexity(
    ask: Ask,
    inclusion: Inclusion = "both_central",
    statistic: Literal["mean", "max"] = "mean",
    kind: ExerciseKind = "",
    by: Literal["year", "event"] = "year",
) -> Answer:
    """Groups: none by year, with a point for each year with an event; by event, one for each event.

    statistic: mean of the year's events, or max: the most elaborate of them
    by: a point for each year, or for each event
    """
    rows = events_of(ask, inclusion)
    if kind:
        rows = rows.filter(pc.equal(rows["grp"], kind))
    if rows.num_rows == 0:
        return ask.answer().missing(note_on_no_event(ask))
    list_end = last_listed_day(ask)
    scores = [score(event, ask.dyad) for event in rows.to_pylist()]
    if by == "event":
        groups = rows["event"].to_pylist()
        rows = labelled(rows, group=groups)
    else:
        groups = [""] * rows.num_rows
    points: dict[tuple[int, str], list[int]] = {}
    for i, (year, group) in enumerate(zip(rows["point"].to_pylist(), groups, strict=True)):
        points.setdefault((int(year), group), []).append(i)
    out = ask.answer(note=about(ask, inclusion))
    for (year, group), events in sorted(points.items()):
        lows = [scores[i][0] for i in events]
        highs = [scores[i][1] for i in events]
        if statistic == "max":
            low = float(max(lows))
            high = float(max(highs))
        else:
            low = sum(lows) / len(events)
            high = sum(highs) / len(events)
        note = year_note(list_end, year)
        out.point(
            year,
            (low + high) / 2,
            group=group,
            low=low,
            high=high,
            rows=rows.take(pa.array(events)),
            note=note,
        )
    return out
