# SPDX-License-Identifier: Apache-2.0
"""The inputs of a model with the rows they come from."""

from __future__ import annotations

from typing import Any

from bilat.catalog.sources import sources


def record(name: str, value: float, unit: str, row: dict[str, Any]) -> dict[str, Any]:
    """An input with the row it comes from, as plain data."""
    return {
        "input": name,
        "value": float(value),
        "unit": unit,
        "period": row["period"],
        "source": row["source"],
        "grade": sources()[row["source"]].grade,
        "snapshot": row["snapshot"],
        "locator": row["locator"],
        "known_on": str(row["known_on"]),
        "url": row.get("url"),
        "note": row.get("note"),
    }
