# SPDX-License-Identifier: Apache-2.0
"""Missiles and drones launched at Ukraine, attack by attack, from its Air Force's posts."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "time_start",
    "time_end",
    "model",
    "launch_place",
    "target",
    "target_main",
    "launched",
    "destroyed",
    "not_reach_goal",
    "still_attacking",
    "border_crossing",
    "is_shahed",
    "num_hit_location",
    "num_fall_fragment_location",
    "carrier",
    "turbojet",
    "turbojet_destroyed",
    "affected region",
    "destroyed_details",
    "launched_details",
    "launch_place_details",
    "source",
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """A row for each line; a mixed line that says how many of each model is split into its models.

    ``period`` is the day on which the attack began, ``known_on`` the day on which it ended.
    """
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        starts = _day(opened, r.line, "time_start", r["time_start"])
        ends = _day(opened, r.line, "time_end", r["time_end"])
        if ends < starts:
            raise r.refuse("time_end", f"is before {r['time_start']}")
        model = r["model"].strip()
        if not model:
            raise r.refuse("model", "is empty")
        launched = r.number_or_none("launched")
        destroyed = r.number_or_none("destroyed")
        shared = {
            "period": starts.isoformat(),
            "starts": starts,
            "ends": ends,
            "target": r["target"] or None,
            "carrier": r["carrier"] or None,
            "launch_place": r["launch_place"] or None,
            "reference": r["source"] or None,
            "kind": "reported",
            "known_on": ends,
            "known_basis": "published",
        }
        split = _split(opened, r.line, r["launched_details"], model, launched)
        if split:
            rows += [
                shared
                | {
                    "model": m,
                    "models": 1,
                    "launched": float(n),
                    "locator": f"line {r.line}, launched_details",
                }
                for m, n in split.items()
            ]
        else:
            rows.append(
                shared
                | {
                    "model": model,
                    "models": len(model.split(" and ")),
                    "launched": launched,
                    "destroyed": destroyed,
                    "locator": r.locator,
                }
            )
    yield "strikes", table("strikes").arrow(rows)


def _day(opened: Opened, line: int, column: str, text: str) -> dt.date:
    """The day of ``2023-05-16 3:30``: the hour is checked and left out."""
    parts = text.split()
    try:
        if len(parts) == 2:
            dt.time.fromisoformat(parts[1].zfill(5))
        elif len(parts) != 1:
            raise ValueError
        return dt.date.fromisoformat(parts[0])
    except ValueError:
        raise opened.refuse(line, column, text, "is not a time YYYY-MM-DD HH:MM") from None


def _split(
    opened: Opened, line: int, text: str, model: str, launched: float | None
) -> dict[str, int]:
    """{model: launched} of a mixed line, where its publisher gives it; {} else."""
    if not text.strip():
        return {}
    try:
        found = ast.literal_eval(text.strip())
        if not isinstance(found, dict) or not all(isinstance(n, int) for n in found.values()):
            raise ValueError
    except (ValueError, SyntaxError):
        raise opened.refuse(
            line, "launched_details", text, "is not a list of models with numbers"
        ) from None
    if set(found) != set(model.split(" and ")) or sum(found.values()) != launched:
        raise opened.refuse(
            line, "launched_details", text, f"does not add up to {launched} of {model}"
        )
    return found
