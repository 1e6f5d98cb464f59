# SPDX-License-Identifier: Apache-2.0
"""Joint exercises: which events count, how many a year, with whom, and how elaborate they are."""

from __future__ import annotations

import datetime as dt
import re
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
    """Kinds, inclusion rules and the complexity score, as ``exercise_rules.toml`` has them."""

    return read_package_toml("bilat.channels", "exercise_rules.toml")


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


def exercise_kind(cls: str) -> str:
    """The kind shown to readers for a class of the source; the class itself where the rules name
    none.
    """
    return next((kind for kind, classes in rules()["kinds"].items() if cls in classes), cls)


def is_included(event_type: str, cls: str, inclusion: str) -> bool:
    """Whether an event counts under a rule of inclusion."""
    rule = rules()["inclusion"][inclusion]
    kind = exercise_kind(cls)
    return (
        event_type in rule["event_types"]
        and ("kinds" not in rule or kind in rule["kinds"])
        and kind not in rule.get("without_kinds", [])
        and cls not in rule.get("without_classes", [])
    )


def of_bloc(event: Event, inclusion: str, dyad: Dyad) -> bool:
    """Whether an event is a drill of a bloc that a rule of inclusion leaves out."""
    asked = rules()["inclusion"][inclusion].get("bloc", "")
    bloc = rules()["bloc"]
    if not asked or exercise_kind(event["class"]) != bloc["kind"]:
        return False
    if not event["name"].startswith(tuple(bloc["armed_forces"])):
        return True
    return bool(asked == "armed forces, at home" and hosted_by_others(event, dyad))


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
    """The events of the dyad that count: ``point`` the year, ``grp`` the kind, in order of time.

    With ``blocs`` those too that the rule leaves out as drills of a bloc.
    """
    a, b = ask.dyad
    rows = ask.rows(
        "SELECT substr(period, 1, 4) AS point, class AS grp, * FROM events WHERE source = ? "
        "AND (list_contains(string_split(participants, ';'), ?) "
        "AND list_contains(string_split(participants, ';'), ?) "
        "OR ? AND participants_note LIKE 'SCO members%') ORDER BY starts, event",
        SOURCE,
        a,
        b,
        rules()["inclusion"][inclusion].get("unnamed", False) and {a, b} == {"RUS", "CHN"},
    )
    keep = [
        is_included(e["event_type"], e["class"], inclusion)
        and (blocs or not of_bloc(e, inclusion, ask.dyad))
        for e in rows.select(["event_type", "class", "name", "place", "participants"]).to_pylist()
    ]
    rows = rows.filter(pa.array(keep, pa.bool_()))
    return labelled(rows, group=[exercise_kind(c) for c in rows["class"].to_pylist()])


def third_states(row: Event, dyad: Dyad) -> list[str]:
    """The participants of an event that are not of the dyad."""
    return [c for c in row["participants"].split(";") if c not in (dyad.a, dyad.b)]


def last_listed_day(ask: Ask) -> dt.date:
    """The last day that the list can speak of: the as-of date, or the day to which it
    is complete.
    """
    return ask.holdings.closed_on("events", SOURCE, ask.as_of) or ask.as_of.date


def years_of_list(rows: pa.Table, end: dt.date) -> list[int]:
    """From the first event's year to the year of the list's end, the last perhaps unfinished."""
    if rows.num_rows == 0:
        return []
    return list(range(int(min(rows["point"].to_pylist())), end.year + 1))


def year_note(end: dt.date, year: int) -> str:
    """Says so where the list ends within the year."""
    return f"to {end}" if year == end.year and end < dt.date(year, 12, 31) else ""


def about(ask: Ask, inclusion: str) -> str:
    """The rule of inclusion in words, or that the dyad is not the one whose exercises
    are listed.
    """
    return note_on_other_states(ask) or str(rules()["inclusion"][inclusion]["about"])


def note_on_other_states(ask: Ask) -> str:
    """What to say where the dyad asked for is not the one whose exercises are listed."""
    if {ask.dyad.a, ask.dyad.b} == {"RUS", "CHN"}:
        return ""
    return (
        f"only exercises in which Russia and China both took part are listed: of {ask.dyad} a part "
        "at best"
    )


NOTHING = (
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
        return ask.answer().missing(NOTHING)
    list_end = last_listed_day(ask)
    kinds = rows["grp"].to_pylist()
    at = [int(y) for y in rows["point"].to_pylist()]
    out = ask.answer(with_all_kinds(rows), about(ask, inclusion))
    for group in [ALL, *(k for k in rules()["kinds"] if k in kinds)]:
        for year in years_of_list(rows, list_end):
            n = sum(y == year and group in (ALL, k) for y, k in zip(at, kinds, strict=True))
            out.counted(year, n, poisson_interval(n), group=group, note=year_note(list_end, year))
    return out


def with_all_kinds(rows: pa.Table) -> pa.Table:
    """Each event under its kind and under ``all kinds``: it feeds a point of either."""
    return pa.concat_tables([labelled(rows, group=ALL), rows])


def _steps(value: float | None, steps: list[int]) -> int | None:
    return None if value is None else sum(value >= s for s in steps)


def score(event: Event, dyad: Dyad) -> tuple[int, int]:
    """(low, high) complexity of an event: they differ where its size is not given."""
    import json

    spec = rules()["complexity"]
    domains = len([d for d in (event["domain"] or "").split(";") if d])
    base = max(domains, 1) + sum(
        len(third_states(event, dyad)) >= n for n in spec["third_countries"]
    )
    given = json.loads(event["contributions"] or "{}")
    found = []
    for what in ("troops", "ships", "aircraft"):
        total = event[what]
        if event["class"] in spec["host_totals"]:  # twice the smaller side, where a side is given
            sides = [given[s][what] for s in (dyad.a, dyad.b) if what in given.get(s, {})]
            total = 2 * min(sides) if sides else None
        elif total is None:
            sides = [given[s][what] for s in given if what in given[s]]
            total = sum(sides) if sides else None
        step = _steps(total, spec[what])
        if step is not None:
            found.append(step)
    if found:
        return base + max(found), base + max(found)
    return base, base + max(len(spec[w]) for w in ("troops", "ships", "aircraft"))


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
    """Groups: one point a year with an event; by event a group for each, with its year as period.

    statistic: mean of the year's events, or max: the most elaborate of them
    by: a point for each year, or for each event
    """
    rows = events_of(ask, inclusion)
    if kind:
        rows = rows.filter(pc.equal(rows["grp"], kind))
    if rows.num_rows == 0:
        return ask.answer().missing(NOTHING)
    list_end = last_listed_day(ask)
    scores = [score(event, ask.dyad) for event in rows.to_pylist()]
    if by == "event":
        rows = labelled(rows, group=rows["event"].to_pylist())
    groups = rows["grp"].to_pylist() if by == "event" else [""] * rows.num_rows
    points: dict[tuple[int, str], list[int]] = {}
    for i, (year, group) in enumerate(zip(rows["point"].to_pylist(), groups, strict=True)):
        points.setdefault((int(year), group), []).append(i)
    out = ask.answer(note=about(ask, inclusion))
    for (year, group), at in sorted(points.items()):
        lows = [scores[i][0] for i in at]
        highs = [scores[i][1] for i in at]
        if statistic == "max":
            low = float(max(lows))
            high = float(max(highs))
        else:
            low = sum(lows) / len(at)
            high = sum(highs) / len(at)
        note = year_note(list_end, year)
        out.point(
            year,
            (low + high) / 2,
            group=group,
            low=low,
            high=high,
            rows=rows.take(pa.array(at)),
            note=note,
        )
    return out
