# SPDX-License-Identifier: Apache-2.0
"""The dictionary of missile and drone models that goes with the strikes."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

HEADER = [
    "model",
    "category",
    "national_origin",
    "type",
    "launch_platform",
    "name",
    "name_NATO",
    "in_sevice",
    "designer",
    "manufacturer",
    "guidance_system",
    "unit_cost",
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per model or mix of models."""
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for line, r in records(opened, HEADER):
        if r["model"] in seen:
            raise opened.refuse(line, "model", r["model"], "stands twice")
        seen.add(r["model"])
        rows.append(
            {
                "period": str(opened.file.vintage),
                "model": r["model"] or None,
                "category": r["category"] or None,
                "origin": r["national_origin"] or None,
                "munition_type": r["type"] or None,
                "launch_platform": r["launch_platform"] or None,
                "kind": "reported",
                "locator": f"line {line}",
                "known_on": opened.file.vintage,
                "known_basis": "vintage",
            }
        )
    yield "munitions", table("munitions").arrow(rows)
