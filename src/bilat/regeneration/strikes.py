# SPDX-License-Identifier: Apache-2.0
"""Missiles and drones launched at Ukraine: by month and in a window, mixed rows allocated."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import pyarrow as pa

from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval, Window, measure
from bilat.units import count
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
BOUNDS = Interval(
    "bounds",
    "low: none of a mixed row is of this type unless all its models are, and models of unknown launch are left out",
    note="high: all of every mixed row that names the type",
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

    def of(self, rows: Iterable[int]) -> pa.Table:
        """Rows by number."""
        return self.table.take(pa.array(list(rows), pa.int64()))

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
    """What the launches are grouped by: types, or single models."""
    if by == "type":
        known = frozenset(m for t in types() for m in t.models | t.uncertain)
        rest = frozenset(held.models()) - known
        return (*types(), Type("unclassified", "models not yet classified", rest)) if rest else types()
    return [Type(m, m, frozenset([m])) for m in held.models()]


NONE = "no strikes by {} are held: only Russia's on Ukraine are"


@measure(
    "strikes.monthly",
    title="Missiles and drones launched per month",
    unit=count("launched per month"),
    tables=("strikes",),
    reference=REFERENCE,
    method=RULE,
    interval=BOUNDS,
)
def monthly(ask: Ask, by: Literal["type", "model"] = "type") -> Answer:
    """Groups: one group per type (or model); months without a launch of it have no point.

    by: what the launches are grouped by
    """
    fired = launches(ask)
    if not fired.rows:
        return ask.answer().missing(NONE.format(ask.dyad.name))
    out = ask.answer(note=_whole(fired))
    for t in groups(by, fired):
        for month in sorted({r.day.isoformat()[:7] for r in fired.rows}):
            _add(out, fired, t, Period(month).start, Period(month).end, month)
    return out


def _add(
    out: Answer, fired: Launches, t: Type, first: dt.date, last: dt.date, at: str, note: str = ""
) -> bool:
    """Add the launches of a type between two days, where there are any; bounds where they differ."""
    value, low, high, rows = fired.total(first, last, t.models, t.uncertain)
    if not rows:
        return False
    bounds = (None, None) if low == high else (low, high)
    out.point(
        at,
        value,
        low=bounds[0],
        high=bounds[1],
        group=t.label,
        kind="reported",
        rows=fired.of(rows),
        note=note,
    )
    return True


def _whole(held: Launches) -> str:
    first, last = held.rows[0].day, held.rows[-1].day
    return f"held from {first} to {last}: the first and the last month are not whole"


@measure(
    "strikes.window",
    title="Missiles and drones launched between two days",
    unit=count("launched"),
    tables=("strikes",),
    reference=REFERENCE,
    method=f"Launches from the first to the last day, both included. {RULE}",
    interval=BOUNDS,
)
def window(
    ask: Ask,
    period: Window = Window("2022-10-10", "2022-12-31"),
    types: tuple[str, ...] = ("cruise_air_sea",),
) -> Answer:
    """Groups: one point for the window, at its last day: the types (or models) asked for, taken together.

    period: first and last day
    types: types or models taken together; all for every type, one by one
    """
    start = Period(period.first).start if period.first else None
    end = min(Period(period.last).end if period.last else ask.as_of.date, ask.as_of.date)
    fired = launches(ask)
    if not fired.rows:
        return ask.answer().missing(NONE.format(ask.dyad.name))
    start = start or fired.rows[0].day
    out = ask.answer(note=f"from {start} to {end}")
    for t in _asked(types, fired):
        if not _add(out, fired, t, start, end, str(end), f"from {start}"):
            out.absent(end.isoformat(), group=t.label, kind="reported", note=f"from {start}")
    return out


def _asked(names: Sequence[str], held: Launches) -> list[Type]:
    """The types asked for, as one; each on its own for 'all'."""
    if tuple(names) == ("all",):
        return list(groups("type", held))
    known = {t.name: t for t in types()} | {m: Type(m, m, frozenset([m])) for m in held.models()}
    unknown = [w for w in names if w not in known]
    if unknown:
        listed = ", ".join(t.name for t in types())
        raise UsageError(f"types: {unknown[0]!r} is not a type or model held; the types are: {listed}")
    chosen = [known[w] for w in names]
    return [
        Type(
            ",".join(names),
            ", ".join(t.label for t in chosen),
            frozenset().union(*(t.models for t in chosen)),
            frozenset().union(*(t.uncertain for t in chosen)),
        )
    ]
