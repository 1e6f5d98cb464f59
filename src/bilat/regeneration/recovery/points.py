# SPDX-License-Identifier: Apache-2.0
"""Published figures that the model is fitted to: what they speak of, their value and how far they
may be off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.package_files import TomlTable, read_package_toml
from bilat.planning.choices import refusal
from bilat.regeneration.recovery.flows import FlowHistory
from bilat.regeneration.recovery.parameters import range_rows
from bilat.regeneration.recovery.records import RecoveryRecords, Selector, month_index

#: Degrees of freedom of the errors: figures that contradict the rest do not drag it along.
HEAVY_TAIL = 4.0


@dataclass(frozen=True)
class ForceClass:
    """One class of equipment, and whether its recovery can be published."""

    name: str
    label: str
    oryx: tuple[str, ...]
    standing: str  #: published, warning, indicative or not estimable
    why: str
    stock: tuple[
        tuple[str, str, str], ...
    ] = ()  #: published stocks shown where nothing can be estimated


@dataclass(frozen=True)
class PublishedPoint:
    """One published figure about a class: a state at the end of a month, or a flow over months."""

    name: str
    quantity: str
    first: int  #: month index; for states the month at whose end it stands
    last: int
    value: float
    sd: float
    bound: str  #: "", "most" or "least"
    monthly: bool
    shown: bool  #: beside the fit, not in it
    why: str
    rows: tuple[str, ...]
    originators: tuple[str, ...]
    known_on: str  #: when the last of its rows became public

    def of(self, past: FlowHistory) -> np.ndarray:
        """What the model says of it, (draws,). Months beyond the history are cut off."""
        return _QUANTITIES[self.quantity](past, self) / (
            self.last - self.first + 1 if self.monthly else 1
        )


def log_likelihood(points: Sequence[PublishedPoint], past: FlowHistory) -> np.ndarray:
    """Log of the Student t densities of the standardised errors of all points, without constants,
    (draws,).
    """
    whole = np.ones(past.active.shape[1])
    for p in points:
        z = (p.of(past) - p.value) / p.sd
        if p.bound == "most":
            z = np.maximum(z, 0.0)
        elif p.bound == "least":
            z = np.minimum(z, 0.0)
        whole *= 1 + z * z / HEAVY_TAIL
    return -(HEAVY_TAIL + 1) / 2 * np.log(whole)


def _summed(flow: np.ndarray, point: PublishedPoint) -> np.ndarray:
    return flow[..., point.first - 1 : point.last, :].sum(axis=-2)


def _delivered(past: FlowHistory, point: PublishedPoint) -> np.ndarray:
    return (
        _summed(past.refurbished, point)
        + _summed(past.new, point)
        + past.overhaul * _summed(past.lost, point)
    )


def _stored(past: FlowHistory, month: int) -> np.ndarray:
    return past.good[month] + past.medium[month] + past.poor[month]


_QUANTITIES: dict[str, Callable[[Any, Any], Any]] = {
    "active": lambda past, p: past.active[p.last],
    "stored": lambda past, p: _stored(past, p.last),
    "good": lambda past, p: past.good[p.last],
    "restorable": lambda past, p: past.good[p.last] + past.medium[p.last],
    "withdrawn_share": lambda past, p: (
        1 - _stored(past, p.last) / np.maximum(_stored(past, 0), 1e-9)
    ),
    "refurbished": lambda past, p: _summed(past.refurbished, p),
    "withdrawn": lambda past, p: _summed(past.taken, p).sum(axis=0),
    "new": lambda past, p: _summed(past.new, p),
    "lost": lambda past, p: _summed(past.lost, p),
    "delivered": _delivered,
    "new_share": lambda past, p: _summed(past.new, p) / np.maximum(_delivered(past, p), 1e-9),
}


@cache
def raw_points() -> TomlTable:
    """``points.toml`` as it stands."""
    return read_package_toml("bilat.regeneration.recovery", "points.toml")


@cache
def force_classes() -> dict[str, ForceClass]:
    """Every class by name."""
    return {
        e["name"]: ForceClass(
            e["name"],
            e["label"],
            tuple(e["oryx"]),
            e["standing"],
            e.get("why", ""),
            tuple((a, b, c) for a, b, c in e.get("stock", [])),
        )
        for e in raw_points()["class"]
    }


def force_class(name: str) -> ForceClass:
    """The class of that name.

    Raises
    ------
    UsageError
        if there is none.
    """
    found = force_classes().get(name)
    if found is None:
        others = ("aircraft", "air_defence", "missiles", "shells", "people")
        raise UsageError(f"`force`: {refusal(name, 'a force', (*force_classes(), *others))}")
    return found


def published_points(klass: str, records: RecoveryRecords) -> list[PublishedPoint]:
    """The points of a class that were public by the records' date, in the order of the table."""
    points = []
    for entry in raw_points()["point"]:
        if entry["class"] != klass:
            continue
        use = f"published count “{entry['name']}”"
        rows = records.figures([(a, b, c) for a, b, c in entry["rows"]], use)
        whole = entry.get("combine") == "sum"
        if not rows or (whole and len(rows) < len(entry["rows"])):
            continue
        value = _combined(rows, entry.get("combine", "median")) * entry.get("scale", 1.0)
        if "together_with" in entry:
            parts = {
                k: records.figures([(a, b, c) for a, b, c in v], f"{use}, {k}")
                for k, v in entry["together_with"].items()
            }
            if not all(parts.values()):
                continue
            value = _own_share(value, **{k: _combined(v, "range") for k, v in parts.items()})
            rows = [*rows, *(r for part in parts.values() for r in part)]
        points.append(
            PublishedPoint(
                name=entry["name"],
                quantity=entry["quantity"],
                first=month_index(entry.get("from") or entry["at"]),
                last=month_index(entry.get("to") or entry["at"]),
                value=value,
                sd=float(entry["sd"]),
                bound=entry.get("bound", ""),
                monthly=entry.get("per") == "month",
                shown=entry.get("shown", False),
                why=entry.get("why", ""),
                rows=tuple(f"{r['source']} {r['locator']}" for r in rows),
                originators=tuple(dict.fromkeys(str(r["originator"]) for r in rows)),
                known_on=max(r["known_on"] for r in rows).isoformat(),
            )
        )
    return [*points, *_newer_points(klass, records)]


def announced_pace(klass: str, records: RecoveryRecords, months: int) -> float | None:
    """Return how many vehicles a month are to be restored, by what was published of the months
    after the record's ``months``; None if nothing was, or those months have passed."""
    for entry in raw_points().get("announced", []):
        if entry["class"] != klass or months >= month_index(entry["until"]):
            continue
        selectors: list[Selector] = [(a, b, c) for a, b, c in entry["rows"]]
        rows = records.figures(selectors, "published expectation")
        if rows:
            return _combined(rows, "median")
    return None


def _newer_points(klass: str, records: RecoveryRecords) -> list[PublishedPoint]:
    """Figures of a named series for months that no entry of a table speaks of: a newer file brings
    them.
    """
    named = {
        (item, when)
        for entry in raw_points()["point"]
        for item, when, _ in (*entry["rows"], *entry.get("beside", []))
    }
    # a figure that a range of a parameter rests on would count twice
    named |= {(item, when) for item, when, _ in range_rows(klass)}
    points = []
    for entry in raw_points()["series"]:
        if entry["class"] != klass:
            continue
        for item, when in sorted(records.estimates):
            if (
                item != entry["item"]
                or (item, when) in named
                or not re.fullmatch(r"\d{4}-\d{2}", when)
            ):
                continue
            name = f"{entry['quantity']}, {when}"
            rows = records.figures([(item, when, "")], f"published count “{name}”")
            at = month_index(when)
            if at < 0:
                continue
            points.append(
                PublishedPoint(
                    name=name,
                    quantity=entry["quantity"],
                    first=at,
                    last=at,
                    value=_combined(rows, "median"),
                    sd=float(entry["sd"]),
                    bound="",
                    monthly=False,
                    shown=False,
                    why="",
                    rows=tuple(f"{r['source']} {r['locator']}" for r in rows),
                    originators=tuple(dict.fromkeys(str(r["originator"]) for r in rows)),
                    known_on=max(r["known_on"] for r in rows).isoformat(),
                )
            )
    return points


def _centre(row: dict[str, Any]) -> float:
    """The figure; its bound where it only bounds."""
    for column in ("value", "high" if row["low"] in (None, 0.0) else "low", "low", "high"):
        if row[column] is not None:
            return float(row[column])
    raise AssertionError(
        f"{row['source']} {row['locator']}: a figure without any number passed the ingest"
    )


def _own_share(share: float, own: float, other: float, new_other: float) -> float:
    """The share that is new among ``own`` vehicles, from the share among these and ``other`` ones
    together.
    """
    return min(1.0, max(0.0, (share * (own + other) - new_other) / own))


def _combined(rows: list[dict[str, Any]], how: str) -> float:
    if how == "sum":
        return sum(_centre(r) for r in rows)
    if how == "range":
        bounds = [float(r[c]) for r in rows for c in ("low", "high") if r[c] is not None]
        return (min(bounds) + max(bounds)) / 2
    return float(median(_centre(r) for r in rows))
