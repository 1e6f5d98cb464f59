# SPDX-License-Identifier: Apache-2.0
"""Figures that others published, which measures are compared with; they feed no measure."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

HEADER = ["id", "measure", "figure", "value", "tolerance", "url", "note"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row a figure; the period is the year of this list, since a figure may speak of several."""
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for line, r in records(opened, HEADER):
        for column in ("id", "measure", "figure", "value"):
            if not r[column].strip():
                raise opened.refuse(line, column, "", "is empty: fill it")
        if r["id"] in seen:
            raise opened.refuse(line, "id", r["id"], "was used before; give each figure its own")
        seen.add(r["id"])
        rows.append(
            {
                "period": str(opened.file.vintage.year),
                "figure_id": r["id"],
                "measure": r["measure"],
                "figure": r["figure"],
                "value_text": r["value"],
                "tolerance": r["tolerance"] or None,
                "url": r["url"] or None,
                "note": r["note"] or None,
                "kind": "reported",
                "locator": f"line {line}",
                "known_on": opened.file.vintage,
                "known_basis": "vintage",
            }
        )
    yield "published", table("published").arrow(rows)
