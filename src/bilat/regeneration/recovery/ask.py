# SPDX-License-Identifier: Apache-2.0
"""One question as the command line asks it: classes of equipment, missiles, or both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from bilat.dyad import Dyad
from bilat.holdings import Holdings
from bilat.measures import Ask
from bilat.regeneration.fired import (
    WINDOWS,
    Apart,
    FiredProduced,
    Munitions,
    Stockpile,
    munitions,
    window_end,
)
from bilat.regeneration.recovery.outlook import China
from bilat.regeneration.recovery.plain import SCHEMA, fired_json, to_arrow, to_json, write
from bilat.regeneration.recovery.regenerate import Recovery, class_names, regenerate
from bilat.when import AsOf

MISSILES = "missiles"


@dataclass(frozen=True)
class Fired:
    """Missiles fired against produced: windows that end on one day, months, what stands apart, its rows."""

    end: str
    windows: tuple[FiredProduced, ...]
    months: tuple[FiredProduced, ...]
    apart: tuple[Apart, ...]
    stockpiles: tuple[Stockpile, ...]
    lineage: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Answered:
    """What was asked of ``bilat regenerate``."""

    recovery: Recovery | None
    fired: Fired | None

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        found: dict[str, Any] = (
            to_json(self.recovery) if self.recovery else {"asked": {}, "classes": [], "lineage": []}
        )
        if self.fired:
            f = self.fired
            found["missiles"] = {
                "end": f.end,
                **fired_json(list(f.windows), list(f.months), list(f.apart), list(f.stockpiles)),
            }
            found["lineage"] = [*found["lineage"], *f.lineage]
        return found

    def to_arrow(self) -> pa.Table:
        """As one table, a row a figure."""
        parts = [to_arrow(self.recovery)] if self.recovery else []
        if self.fired:
            rows = [row for r in (*self.fired.windows, *self.fired.months) for row in _rows(r)]
            parts.append(pa.Table.from_pylist(rows, SCHEMA))
        whole = pa.concat_tables([p.replace_schema_metadata(None) for p in parts])
        return whole.replace_schema_metadata(parts[0].schema.metadata)

    def write(self, path: Path) -> None:
        """To a .json or .parquet file."""
        write(path, self.to_json(), self.to_arrow())


def _rows(r: FiredProduced) -> list[dict[str, Any]]:
    name = r.family + (f", {r.label_kn23} the label KN-23" if r.label_kn23 else "")
    carried = f"production carried on for {r.carried_days} of {r.days} days" if r.carried_days else ""
    same = {
        "class": MISSILES,
        "part": f"{r.days} days",
        "name": name,
        "at": r.end,
        "china": None,
        "note": carried,
    }
    return [
        {**same, "level": level, "value": value, "unit": unit, "kind": kind}
        for unit, kind, triple in (
            ("fired", "reported", (r.fired_low, r.fired, r.fired_high)),
            ("produced", "estimated", (r.made_low, r.made, r.made_high)),
            ("fired over produced", "derived", (r.low, r.ratio, r.high)),
        )
        for level, value in zip((0.0, None, 1.0), triple, strict=True)
    ]


def answer(
    classes: Sequence[str] | None,
    *,
    ceasefire: str | None = None,
    china: str | None = None,
    draws: int = 10_000,
    seed: int = 1,
    changes: Mapping[str, str] | None = None,
    until: str = "",
    as_of: str | dt.date | None = None,
    holdings: Holdings | None = None,
    checks: bool = True,
) -> Answered:
    """Recovery of the classes asked for, and fired against produced where ``missiles`` is among them (or none is).

    Raises
    ------
    UsageError, DataError
        as :func:`regenerate` and :func:`munitions` do.
    """
    words = [p.strip() for w in classes or [] for p in w.split(",") if p.strip()]
    forces = [w for w in words if w != MISSILES]
    when, held = AsOf(as_of), holdings or Holdings()
    if forces:
        class_names(forces)
    recovery = fired = None
    if forces or not words:
        recovery = regenerate(
            classes=forces, ceasefire=ceasefire, china=cast("China | None", china), draws=draws, seed=seed,
            changes=changes, as_of=when, holdings=held, checks=checks,
        )  # fmt: skip
    if MISSILES in words or not words:
        fired = fired_to(munitions(Ask(Dyad("RUS", "CHN"), when, {}, held)), until)
    return Answered(recovery, fired)


def fired_to(held: Munitions, until: str = "") -> Fired:
    """Every family over every window to a day, and by month."""
    end = window_end(until, held)
    windows = tuple(held.windows(end, WINDOWS))
    months = tuple(held.months())
    return Fired(
        end.isoformat(), windows, months, tuple(held.north_korean()), tuple(held.stockpiles()),
        tuple(_lineage(held, windows)),
    )  # fmt: skip


def _lineage(held: Munitions, windows: Sequence[FiredProduced]) -> list[dict[str, Any]]:
    """Rows of the launches and of production behind the windows."""
    rows = []
    for table, numbers, use in (
        (held.held.table, {n for w in windows for n in w.fired_rows}, "launches"),
        (held.made.table, {n for w in windows for n in w.made_rows}, "production"),
    ):
        columns = [
            c
            for c in (
                "source",
                "snapshot",
                "locator",
                "known_on",
                "known_basis",
                "item",
                "model",
                "period",
                "figure",
                "unit",
                "originator",
                "url",
                "launched",
            )
            if c in table.column_names
        ]
        for row in table.select(columns).take(pa.array(sorted(numbers), pa.int64())).to_pylist():
            rows.append({**row, "known_on": row["known_on"].isoformat(), "uses": [use]})
    return rows
