# SPDX-License-Identifier: Apache-2.0
"""Joint exercises: which events count, how many a year, with whom, and how elaborate they are."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.statistics import LEVEL, clopper_pearson, jeffreys, poisson_interval

SOURCE = "exercises"
REFERENCE = (
    "list of joint exercises, compiled event by event; inclusion rules in channels/exercise_rules.toml"
)
INCLUSION = (
    "no_operations",
    "rule of inclusion: all, no_operations, military, both_central, fixed_classes, csis or ndu",
)
ALL = "all kinds"


@cache
def rules() -> dict[str, Any]:
    """Kinds, inclusion rules and the complexity score, as ``exercise_rules.toml`` has them."""
    import tomllib

    text = resources.files("bilat.channels").joinpath("exercise_rules.toml").read_text("utf-8")
    return tomllib.loads(text)


def kind_of(cls: str) -> str:
    """The kind shown to readers for a class of the source; the class itself where the rules name none."""
    return next((kind for kind, classes in rules()["kinds"].items() if cls in classes), cls)


def included(event_type: str, cls: str, inclusion: str) -> bool:
    """Whether an event counts under a rule of inclusion.

    Raises
    ------
    UsageError
        for a rule that does not exist.
    """
    rule = rules()["inclusion"].get(inclusion)
    if rule is None:
        raise UsageError(f"no rule of inclusion {inclusion!r}: there are {', '.join(rules()['inclusion'])}")
    kind = kind_of(cls)
    return (
        event_type in rule["event_types"]
        and ("kinds" not in rule or kind in rule["kinds"])
        and kind not in rule.get("without_kinds", [])
        and cls not in rule.get("without_classes", [])
    )


def held(ask: Ask, inclusion: str) -> pa.Table:
    """The events of the dyad that count: ``point`` the year, ``grp`` the kind, in order of time."""
    included("exercise", "", inclusion)  # an unknown rule is refused even where there is no event
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
        included(t, c, inclusion)
        for t, c in zip(rows["event_type"].to_pylist(), rows["class"].to_pylist(), strict=True)
    ]
    rows = rows.filter(pa.array(keep, pa.bool_()))
    kinds = pa.array([kind_of(c) for c in rows["class"].to_pylist()], pa.string())
    return rows.set_column(rows.schema.get_field_index("grp"), "grp", kinds)


def thirds(row: dict[str, Any], dyad: Dyad) -> list[str]:
    """The participants of an event that are not of the dyad."""
    return [c for c in row["participants"].split(";") if c not in (dyad.a, dyad.b)]


def list_ends(ask: Ask) -> dt.date:
    """The last day that the list can speak of: the as-of date, or the day on which the list was closed."""
    found = ask.query("SELECT max(vintage) AS v FROM events WHERE source = ?", SOURCE)["v"].to_pylist()[0]
    return min(ask.as_of.date, found) if found else ask.as_of.date


def years_spoken(rows: pa.Table, end: dt.date) -> list[int]:
    """From the first event's year to the year of the list's end, the last perhaps unfinished."""
    if rows.num_rows == 0:
        return []
    return list(range(int(min(rows["point"].to_pylist())), end.year + 1))


def year_note(end: dt.date, year: int) -> str:
    """Says so where the list ends within the year."""
    return f"to {end}" if year == end.year and end < dt.date(year, 12, 31) else ""


def about(ask: Ask) -> str:
    """The rule of inclusion that was asked for, in words."""
    return str(rules()["inclusion"][ask.params["inclusion"]]["about"])


def list_is_of(ask: Ask) -> str:
    """What to say where the dyad asked for is not the one whose exercises are listed."""
    if {ask.dyad.a, ask.dyad.b} == {"RUS", "CHN"}:
        return ""
    return f"only exercises in which Russia and China both took part are listed: of {ask.dyad} a part at best"


NOTHING = "the list of joint exercises is of Russia and China; it names no event with both of these states"


@measure(
    "exercises.count",
    title="Joint exercises and patrols a year, by kind",
    unit="events a year",
    tables=("events",),
    reference=REFERENCE,
    method="Events in which both states took part, by the year in which they began, under the rule of "
    "inclusion asked for. A year with none is 0. A rise of the whole list is partly a rise of the "
    "pages that could be read: judge trends on fixed_classes.",
    interval="95% exact Poisson interval of the yearly rate (Garwood)",
    params={"inclusion": INCLUSION},
)
def count(ask: Ask) -> Answer:
    """One group a kind, and ``all kinds``; one point a year."""
    rows = held(ask, ask.params["inclusion"])
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    list_end = list_ends(ask)
    years = years_spoken(rows, list_end)
    kinds = rows["grp"].to_pylist()
    at = [int(y) for y in rows["point"].to_pylist()]
    points: list[Point] = []
    for group in [ALL, *(k for k in rules()["kinds"] if k in kinds)]:
        for year in years:
            n = sum(y == year and group in (ALL, k) for y, k in zip(at, kinds, strict=True))
            bounds = poisson_interval(n)
            points.append(
                Point(
                    str(year), float(n), bounds.low, bounds.high, "reported", group, year_note(list_end, year)
                )
            )
    return Answer(points, both(rows), note=list_is_of(ask) or about(ask))


def both(rows: pa.Table) -> pa.Table:
    """Each event under its kind and under ``all kinds``: it feeds a point of either."""
    at = rows.schema.get_field_index("grp")
    whole = rows.set_column(at, "grp", pa.repeat(pa.scalar(ALL), rows.num_rows))
    return pa.concat_tables([whole, rows])


@measure(
    "exercises.third_country_share",
    title="Share of joint exercises with a third state",
    unit="share (0 to 1)",
    tables=("events",),
    reference=REFERENCE,
    method="Exercises in which at least one state besides the two took part, over all exercises under the "
    "rule of inclusion, in the year or window of years. Observers and disputed participants do not count.",
    interval="95% exact binomial interval (Clopper-Pearson), or Jeffreys where asked",
    params={
        "inclusion": INCLUSION,
        "window": (1, "years put together for each point, ending in the point's year"),
        "with_state": ("", "only exercises with this third state (IRN, ZAF, …); blank for any"),
        "interval": ("clopper_pearson", "clopper_pearson or jeffreys"),
    },
)
def third_country_share(ask: Ask) -> Answer:
    """One point a year (or window) with an exercise; no group."""
    from bilat.places import country

    methods = {"clopper_pearson": clopper_pearson, "jeffreys": jeffreys}
    interval = methods.get(ask.params["interval"])
    if interval is None:
        raise UsageError(f"interval={ask.params['interval']!r} must be one of {', '.join(methods)}")
    width = ask.params["window"]
    if width < 1:
        raise UsageError(f"window={width} must be at least one year")
    rows = held(ask, ask.params["inclusion"])
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    third = country(ask.params["with_state"]) if ask.params["with_state"] else ""
    events = rows.to_pylist()
    flags = [third in t if third else bool(t) for t in (thirds(e, ask.dyad) for e in events)]
    list_end = list_ends(ask)
    years = years_spoken(rows, list_end)
    points: list[Point] = []
    parts: list[pa.Table] = []
    for end in years[width - 1 :]:
        start = end - width + 1
        inside = [i for i, e in enumerate(events) if start <= int(e["point"]) <= end]
        if not inside:
            continue
        period = str(end) if width == 1 else f"{start}-{end}"
        bounds = interval(sum(flags[i] for i in inside), len(inside))
        note = "; ".join(
            n for n in (f"{sum(flags[i] for i in inside)} of {len(inside)}", year_note(list_end, end)) if n
        )
        points.append(Point(period, bounds.value, bounds.low, bounds.high, "derived", "", note))
        part = rows.take(pa.array(inside))
        part = part.set_column(
            part.schema.get_field_index("point"), "point", pa.array([period] * len(inside))
        )
        parts.append(part.set_column(part.schema.get_field_index("grp"), "grp", pa.array([""] * len(inside))))
    return Answer(points, pa.concat_tables(parts), note=list_is_of(ask) or about(ask))


def _steps(value: float | None, steps: list[int]) -> int | None:
    return None if value is None else sum(value >= s for s in steps)


def score(event: dict[str, Any], dyad: Dyad) -> tuple[int, int]:
    """(low, high) complexity of an event: they differ where its size is not given."""
    import json

    spec = rules()["complexity"]
    domains = len([d for d in (event["domain"] or "").split(";") if d])
    base = max(domains, 1) + sum(len(thirds(event, dyad)) >= n for n in spec["third_countries"])
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
    title="How elaborate joint exercises are",
    unit="score (mean of the year's events)",
    tables=("events",),
    reference=f"{REFERENCE}; trend: Mann (1945), Sen (1968)",
    method="Mean over the year's events of a score fixed beforehand: a point for each domain, up to three "
    "for third states, up to three for size. The value takes the middle where the size is not given. More "
    "small patrols lower the mean: see max, and one kind at a time. With trend: Sen's slope of the yearly "
    "values, with the Mann-Kendall test in the note.",
    interval="low and high: sizes that are not given taken as smallest and as largest; trend: 95% interval",
    params={
        "inclusion": ("both_central", INCLUSION[1]),
        "statistic": ("mean", "mean of the year's events, or max: the most elaborate of them"),
        "kind": ("", "only this kind (bilateral naval, strategic exercises, …); blank for all"),
        "trend": (False, "true for one point: the slope of the yearly means"),
    },
)
def complexity(ask: Ask) -> Answer:
    """One point a year with an event; with ``trend`` one point for the span of years."""
    from bilat.statistics import mann_kendall

    if ask.params["statistic"] not in ("mean", "max"):
        raise UsageError(f"statistic={ask.params['statistic']!r} must be mean or max")
    if ask.params["kind"] and ask.params["kind"] not in rules()["kinds"]:
        raise UsageError(f"no kind {ask.params['kind']!r}: there are {', '.join(rules()['kinds'])}")
    rows = held(ask, ask.params["inclusion"])
    if ask.params["kind"]:
        rows = rows.filter(pa.array([k == ask.params["kind"] for k in rows["grp"].to_pylist()], pa.bool_()))
    if rows.num_rows == 0:
        return Answer([], rows, note=NOTHING)
    rows = rows.set_column(rows.schema.get_field_index("grp"), "grp", pa.array([""] * rows.num_rows))
    list_end = list_ends(ask)
    by_year: dict[int, list[tuple[int, int]]] = {}
    for event in rows.to_pylist():
        by_year.setdefault(int(event["point"]), []).append(score(event, ask.dyad))
    points = []
    for year, scores in sorted(by_year.items()):
        lows, highs = [lo for lo, _ in scores], [hi for _, hi in scores]
        if ask.params["statistic"] == "max":
            low, high = float(max(lows)), float(max(highs))
        else:
            low, high = sum(lows) / len(scores), sum(highs) / len(scores)
        points.append(Point(str(year), (low + high) / 2, low, high, "derived", "", year_note(list_end, year)))
    if not ask.params["trend"]:
        return Answer(points, rows, note=list_is_of(ask) or about(ask))
    if len(points) < 4:
        return Answer([], rows, note="fewer than four years with an event: no trend can be told")
    trend = mann_kendall([p.value or 0 for p in points], [int(p.period) for p in points], LEVEL)
    span = f"{points[0].period}-{points[-1].period}"
    rows = rows.set_column(rows.schema.get_field_index("point"), "point", pa.array([span] * rows.num_rows))
    note = f"Mann-Kendall p = {trend.p:.3f}, tau = {trend.tau:.2f}, {trend.n} years"
    point = Point(span, trend.slope, trend.low, trend.high, "derived", "", note)
    return Answer(
        [point],
        rows,
        list_is_of(ask) or about(ask),
        "95% interval of Sen's slope",
        "points of the score a year",
    )
