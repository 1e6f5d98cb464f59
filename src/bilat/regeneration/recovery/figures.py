# SPDX-License-Identifier: Apache-2.0
"""Measures of the recovery model and of missiles fired against produced, with the rows behind each point."""

from __future__ import annotations

import math
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.measures import Answer, Ask, Point, measure
from bilat.regeneration.equipment import Evidence
from bilat.regeneration.fired import WINDOWS, munitions, window_end
from bilat.regeneration.recovery.class_fit import ClassFit, fit_class
from bilat.regeneration.recovery.parameters import parameter_names
from bilat.regeneration.recovery.points import force_class
from bilat.regeneration.recovery.records import Records
from bilat.regeneration.recovery.regenerate import (
    HORIZON,
    ClassRecovery,
    class_names,
    first_month_of_peace,
    outlook_of,
    year_ends,
)

REFERENCE = (
    "Oryx (losses); IISS, RUSI, CSIS, CIT, Re:Russia, Kiel Institute and others (points and ranges, row by row); "
    "method: docs/recovery.md"
)
METHOD = (
    "Stored vehicles in three grades restored under a budget of effort, new vehicles on a logistic rise, losses = "
    "those that Oryx lists over a drifting share that it sees; calibrated by tempered sequential Monte Carlo to "
    "the figures published by the as-of date. Parameters of the peace rest on assumed ranges."
)
BAND = "10% to 90% of the calibrated draws"
DRAWS = 4000
CLASS = ("tank", "tank, ifv_apc or mlrs; tube artillery is not estimable")
PARAM = ("", "parameters of the model, name=value or name=low:high, joined by ;")
_FITS: WeakKeyDictionary[Holdings, dict[tuple[str, ...], tuple[ClassFit, Records]]] = WeakKeyDictionary()


def _changes(text: str) -> dict[str, str]:
    found = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError(
                f"param={part!r}: write name=value; the names are: {', '.join(parameter_names())}"
            )
        found[name.strip()] = value.strip()
    return found


def _fitted(ask: Ask) -> tuple[ClassFit, Records]:
    """The calibrated class asked for; kept as long as the holdings live, for several measures share it."""
    (name,) = class_names([str(ask.params["class"])])
    if force_class(name).standing == "not estimable":
        raise UsageError(f"class={name}: is not estimable: {force_class(name).why}")
    key = (name, str(ask.as_of), str(ask.params["param"]))
    kept = _FITS.setdefault(ask.holdings, {})
    if key not in kept:
        records = Records(ask.holdings, ask.as_of)
        kept[key] = (fit_class(name, records, changes=_changes(str(ask.params["param"]))), records)
    return kept[key]


def _nothing(ask: Ask, why: str) -> Answer:
    return Answer([], ask.rows("SELECT *, period AS point, '' AS grp FROM estimates WHERE FALSE"), note=why)


def _rows(ask: Ask, found: ClassFit, records: Records, points: list[Point]) -> pa.Table:
    """Every published figure and every listed count that the fit used, under each of its points."""
    taken = [r for r in records.lineage() if not str(r["item"] or "").startswith("listed losses")]
    places = [f"{r['source']} {r['snapshot']} {r['locator']}" for r in taken]
    wanted = ", ".join("?" for _ in places)
    classes = ", ".join("?" for _ in found.klass.oryx)
    parts = [
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM estimates "
            f"WHERE source || ' ' || snapshot || ' ' || locator IN ({wanted}) ORDER BY source, locator",
            *places,
        ),
        ask.rows(
            "SELECT *, '' AS point, '' AS grp FROM losses WHERE side = 'RUS' AND claimant = 'oryx' AND "
            f"status = 'total' AND class IN ({classes}) ORDER BY period, class",
            *found.klass.oryx,
        ),
    ]
    out = []
    for table in parts:
        rows = Evidence(table, [(n, p.period, p.group) for p in points for n in range(table.num_rows)])
        out.append(rows.taken())
    return pa.concat_tables(out, promote_options="default")


def _outlook(ask: Ask) -> tuple[ClassRecovery, str, ClassFit, Records]:
    found, records = _fitted(ask)
    month, text = first_month_of_peace(str(ask.params["ceasefire"]) or None, ask.as_of)
    return outlook_of(found, month, DRAWS, 1), text, found, records


def _standing(found: ClassFit) -> str:
    return "" if found.klass.standing == "published" else f"{found.klass.standing}: {found.klass.why}"


@measure(
    "recovery.months",
    title="Months from a ceasefire until a force is back",
    unit="months",
    tables=("estimates", "losses"),
    reference=REFERENCE,
    method=f"{METHOD} Recovered: 90% of the active stock of February 2022, for six months running. One group for "
    f"each kind of Chinese help. No value: not within {HORIZON} months.",
    interval=f"{BAND}; high is blank where it lies beyond {HORIZON} months",
    params={
        "class": CLASS,
        "ceasefire": ("", "first month of peace, YYYY-MM; empty: the month after the as-of date"),
        "param": PARAM,
    },
)
def months(ask: Ask) -> Answer:
    """One point a kind of help: none, components (as today), systems (finished vehicles too)."""
    if "RUS" not in tuple(ask.dyad):
        return _nothing(ask, f"recovery is modelled for Russia; {ask.dyad.name} have no such record")
    try:
        answer, text, found, records = _outlook(ask)
    except DataError as e:
        return _nothing(ask, str(e))
    points = []
    for s in answer.scenarios:
        low, mid, high = (None if math.isinf(m) else m for m in (s.months[0], s.months[2], s.months[4]))
        late = f"{s.never:.0%} of draws not within {HORIZON} months"
        points.append(Point(text, mid, low, high, "modelled", s.china, late))
    return Answer(points, _rows(ask, found, records, points), note=_standing(found))


@measure(
    "recovery.help_gain",
    title="Months that Chinese help saves Russia's recovery",
    unit="months",
    tables=("estimates", "losses"),
    reference=REFERENCE,
    method=f"{METHOD} Draws that recover with both kinds of help within {HORIZON} months, their difference. Group "
    "'components': today's components against none; 'systems': finished vehicles against components.",
    interval=BAND,
    params={
        "class": CLASS,
        "ceasefire": ("", "first month of peace, YYYY-MM; empty: the month after the as-of date"),
        "param": PARAM,
    },
)
def help_gain(ask: Ask) -> Answer:
    """One point a step of help."""
    if "RUS" not in tuple(ask.dyad):
        return _nothing(ask, f"recovery is modelled for Russia; {ask.dyad.name} have no such record")
    try:
        answer, text, found, records = _outlook(ask)
    except DataError as e:
        return _nothing(ask, str(e))
    points = [
        Point(
            text,
            g.median,
            g.low,
            g.high,
            "modelled",
            g.more,
            f"over the {g.both:.0%} of draws that recover with both",
        )
        for g in answer.gains
    ]
    return Answer(points, _rows(ask, found, records, points), note=_standing(found))


@measure(
    "recovery.stock",
    title="Russian active and stored vehicles, calibrated",
    unit="vehicles",
    tables=("estimates", "losses"),
    reference=REFERENCE,
    method=f"{METHOD} Groups 'active' and 'stored', at the ends of years and of the record.",
    interval=BAND,
    params={"class": CLASS, "param": PARAM},
)
def stock(ask: Ask) -> Answer:
    """Points at ends of years within the record, and at its last month."""
    if "RUS" not in tuple(ask.dyad):
        return _nothing(ask, f"recovery is modelled for Russia; {ask.dyad.name} have no such record")
    try:
        found, records = _fitted(ask)
    except DataError as e:
        return _nothing(ask, str(e))
    points = []
    for quantity in ("active", "stored"):
        for text, i in year_ends(found).items():
            low, mid, high = np.quantile(found.state(quantity, i), (0.1, 0.5, 0.9)).tolist()
            points.append(Point(text, mid, low, high, "modelled", quantity))
    return Answer(points, _rows(ask, found, records, points), note=_standing(found))


@measure(
    "strikes.fired_over_produced",
    title="Missiles fired for each one produced, by window",
    unit="fired for each one produced",
    tables=("strikes", "estimates"),
    reference="Air Force of Ukraine (launches); RUSI, CSIS and Ukrainian intelligence (production), row by row",
    method="Launches over the days of a window, over the production published for the same days (flat within a "
    "figure's period, in a straight line between figures, carried on for at most a year after the last one, which "
    "the note says). Windows of 30, 84 and 183 days stand side by side. Launches labelled KN-23 may be North "
    "Korean: with and without them are groups of their own.",
    interval="fewest launches over the highest production to most launches over the lowest; low is blank where "
    "the production figure is open above",
    params={
        "until": ("", "last day of the windows, YYYY-MM-DD; empty: the last day held"),
        "days": ("30,84,183", "lengths of the windows in days, joined by commas"),
    },
)
def fired_over_produced(ask: Ask) -> Answer:
    """Groups 'FAMILY, N days', with the label KN-23 counted or not where a family has it."""
    try:
        held = munitions(ask)
    except DataError as e:
        return _nothing(ask, str(e))
    end = window_end(str(ask.params["until"]), held)
    points = []
    fired, made = Evidence(held.held.table, []), Evidence(held.made.table, [])
    for r in held.windows(end, _days(str(ask.params["days"]))):
        label = f", {r.label_kn23} the label KN-23" if r.label_kn23 else ""
        family = "together" if r.family.startswith("together") else r.family
        group = f"{family}, {r.days} days{label}"
        notes = [r.family.removeprefix("together: ")] if family == "together" else []
        notes += [f"production carried on for {r.carried_days} days"] if r.carried_days else []
        notes += [f"{r.unrecorded_days} days before the record: a floor"] if r.unrecorded_days else []
        low, high = r.low, None if math.isinf(r.high) else r.high
        if low is not None and high is not None and math.isclose(low, high):
            low = high = None  # a range without width is none
        points.append(Point(r.end, r.ratio, low, high, "derived", group, "; ".join(notes)))
        fired.wanted += [(n, r.end, group) for n in r.fired_rows]
        made.wanted += [(n, r.end, group) for n in r.made_rows]
    rows = pa.concat_tables([fired.taken(), made.taken()], promote_options="default")
    note = (
        "" if points else f"no production of any family is published for the days to {end} as of {ask.as_of}"
    )
    return Answer(points, rows, note=note)


def _days(text: str) -> tuple[int, ...]:
    parts: list[Any] = [p.strip() for p in text.split(",") if p.strip()]
    if not parts or not all(p.isdigit() and 1 <= int(p) <= 3660 for p in parts):
        raise UsageError(f"days={text!r}: write whole numbers of days, {','.join(map(str, WINDOWS))}")
    return tuple(int(p) for p in parts)
