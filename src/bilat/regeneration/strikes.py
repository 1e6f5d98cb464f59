# SPDX-License-Identifier: Apache-2.0
"""Missiles and drones launched at Ukraine: by month and in a window, mixed rows allocated."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pyarrow as pa

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Point, measure
from bilat.regeneration.equipment import Evidence
from bilat.when import Period

#: Unmixed launches this many days before and after a mixed row say how it is shared out.
AROUND = 180
REFERENCE = (
    "Air Force of Ukraine, as collected in Massive Missile Attacks on Ukraine (piterfm, Kaggle); "
    "classes by the same publisher's dictionary"
)
RULE = (
    "Attacks count on the day they began. A row of one model counts whole; a mixed row goes by its "
    "publisher's own split where there is one; any other mixed row is shared among its models as their "
    f"unmixed launches within {AROUND} days stand to one another (evenly where there are none). Deep strikes "
    "as the defender reports them; rows without a number count as nothing."
)
BOUNDS = (
    "low: none of a mixed row is of this type unless all its models are, and models of unknown launch are "
    "left out; high: all of every mixed row that names the type"
)


@dataclass(frozen=True)
class Type:
    """One type of munition: the models in it, and those that may be."""

    name: str
    label: str
    models: frozenset[str]
    uncertain: frozenset[str] = frozenset()


@cache
def types() -> tuple[Type, ...]:
    """Every type, as ``munitions.toml`` has them."""
    raw = tomllib.loads(resources.files("bilat.regeneration").joinpath("munitions.toml").read_text("utf-8"))
    return tuple(
        Type(e["name"], e["label"], frozenset(e["models"]), frozenset(e.get("uncertain", ())))
        for e in raw["type"]
    )


@dataclass(frozen=True)
class Launch:
    """One row of the strikes: where it stands, its day, its models and how many of each."""

    row: int
    day: dt.date
    launched: float
    shares: dict[str, float]  #: model -> share of the row; the shares sum to 1

    def among(
        self, models: frozenset[str], uncertain: frozenset[str] = frozenset()
    ) -> tuple[float, float, float]:
        """(allocated, at least, at most) launched of these models."""
        possible = models | uncertain
        value = self.launched * sum(s for m, s in self.shares.items() if m in possible)
        sure = self.launched if all(m in models for m in self.shares) else 0.0
        most = self.launched if any(m in possible for m in self.shares) else 0.0
        return value, sure, most


@dataclass
class Launches:
    """All strikes known as of the date."""

    table: pa.Table
    rows: list[Launch]

    def models(self) -> list[str]:
        """Every model named, sorted."""
        return sorted({m for r in self.rows for m in r.shares})

    def total(
        self, start: dt.date, end: dt.date, models: frozenset[str], uncertain: frozenset[str] = frozenset()
    ) -> tuple[float, float, float, list[int]]:
        """(allocated, low, high, rows) from ``start`` to ``end``, both included."""
        value = low = high = 0.0
        rows = []
        for r in self.rows:
            if start <= r.day <= end and any(m in models or m in uncertain for m in r.shares):
                v, sure, most = r.among(models, uncertain)
                value, low, high = value + v, low + sure, high + most
                rows.append(r.row)
        return value, low, high, rows


def launches(ask: Ask) -> Launches:
    """Strikes known as of the date, mixed rows shared among their models; empty unless Russia is asked of."""
    table = ask.rows(
        "SELECT *, period AS point, '' AS grp FROM strikes WHERE ? IN ('RUS') OR ? IN ('RUS') "
        "ORDER BY starts, locator",
        *ask.dyad,
    )
    raw = [
        (n, day, launched or 0.0, model.split(" and "))
        for n, (day, launched, model) in enumerate(
            zip(
                table["starts"].to_pylist(),
                table["launched"].to_pylist(),
                table["model"].to_pylist(),
                strict=True,
            )
        )
    ]
    alone: dict[str, list[tuple[dt.date, float]]] = {}
    for _, day, launched, models in raw:
        if len(models) == 1:
            alone.setdefault(models[0], []).append((day, launched))

    def near(model: str, day: dt.date) -> float:
        return sum(n for d, n in alone.get(model, ()) if abs((d - day).days) <= AROUND)

    rows = []
    for n, day, launched, models in raw:
        weights = {m: near(m, day) for m in models} if len(models) > 1 else {models[0]: 1.0}
        whole = sum(weights.values())
        shares = {m: (w / whole if whole else 1 / len(weights)) for m, w in weights.items()}
        rows.append(Launch(n, day, launched, shares))
    return Launches(table, rows)


def groups(by: str, held: Launches) -> Iterable[Type]:
    """What the launches are grouped by: types, or single models.

    Raises
    ------
    UsageError
        for another word than type or model.
    """
    if by == "type":
        known = frozenset(m for t in types() for m in t.models | t.uncertain)
        rest = frozenset(held.models()) - known
        return (*types(), Type("unclassified", "models not yet classified", rest)) if rest else types()
    if by == "model":
        return [Type(m, m, frozenset([m])) for m in held.models()]
    raise UsageError(f"by={by!r}: launches are grouped by type or by model")


NONE = "no strikes by {} are held: only Russia's on Ukraine are"


@measure(
    "strikes.monthly",
    title="Missiles and drones launched per month",
    unit="launched per month",
    tables=("strikes",),
    reference=REFERENCE,
    method=RULE,
    interval=BOUNDS,
    params={"by": ("type", "type or model")},
)
def monthly(ask: Ask) -> Answer:
    """One group per type (or model); months without a launch of it have no point."""
    held = launches(ask)
    if not held.rows:
        return Answer([], held.table, note=NONE.format(ask.dyad.name))
    points: list[Point] = []
    evidence = Evidence(held.table, [])
    months = sorted({r.day.isoformat()[:7] for r in held.rows})
    for t in groups(str(ask.params["by"]), held):
        for month in months:
            span = Period(month)
            value, low, high, rows = held.total(span.start, span.end, t.models, t.uncertain)
            if rows:
                points.append(_point(month, value, low, high, t.label))
                evidence.wanted += [(n, month, t.label) for n in rows]
    return Answer(points, evidence.taken(), note=_whole(held))


def _point(period: str, value: float, low: float, high: float, group: str, note: str = "") -> Point:
    """A point with its bounds, where they differ."""
    if low == high:
        return Point(period, value, kind="reported", group=group, note=note)
    return Point(period, value, low, high, "reported", group, note)


def _whole(held: Launches) -> str:
    first, last = held.rows[0].day, held.rows[-1].day
    return f"held from {first} to {last}: the first and the last month are not whole"


@measure(
    "strikes.window",
    title="Missiles and drones launched between two days",
    unit="launched",
    tables=("strikes",),
    reference=REFERENCE,
    method=f"Launches from the first to the last day, both included. {RULE}",
    interval=BOUNDS,
    params={
        "start": ("2022-10-10", "first day"),
        "end": ("2022-12-31", "last day"),
        "types": ("cruise_air_sea", "types or models, separated by commas; 'all' for every type, one by one"),
    },
)
def window(ask: Ask) -> Answer:
    """One point for the window, at its last day: the types (or models) asked for, taken together."""
    start, end = _day(ask, "start"), min(_day(ask, "end"), ask.as_of.date)
    held = launches(ask)
    if not held.rows:
        return Answer([], held.table, note=NONE.format(ask.dyad.name))
    points: list[Point] = []
    evidence = Evidence(held.table, [])
    for t in _asked(str(ask.params["types"]), held):
        value, low, high, rows = held.total(start, end, t.models, t.uncertain)
        period = end.isoformat()
        points.append(_point(period, value, low, high, t.label, f"from {start}"))
        evidence.wanted += [(n, period, t.label) for n in rows]
    return Answer(points, evidence.taken(), note=f"from {start} to {end}")


def _day(ask: Ask, name: str) -> dt.date:
    text = str(ask.params[name])
    if len(text) != 10:
        raise UsageError(f"{name}={text!r} is no day: write it as YYYY-MM-DD")
    return Period(text).start


def _asked(text: str, held: Launches) -> list[Type]:
    """The types asked for, as one; each on its own for 'all'."""
    if text == "all":
        return list(groups("type", held))
    known = {t.name: t for t in types()} | {m: Type(m, m, frozenset([m])) for m in held.models()}
    wanted = [w.strip() for w in text.split(",")]
    unknown = [w for w in wanted if w not in known]
    if unknown:
        names = ", ".join(t.name for t in types())
        raise UsageError(f"types={unknown[0]!r} is no type or model held; the types are: {names}")
    found = [known[w] for w in wanted]
    return [
        Type(
            text,
            ", ".join(t.label for t in found),
            frozenset().union(*(t.models for t in found)),
            frozenset().union(*(t.uncertain for t in found)),
        )
    ]
