# SPDX-License-Identifier: Apache-2.0
"""Russia's joint exercises with anyone, 2009-2018, as compiled from its defence ministry's pages."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.readers.exercises import participants
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.when import Period

HEADER = ["id", "name", "yr", *(f"part{n}" for n in range(1, 29)), "comments", "source", "source2"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """The filled lines (most are blank); known by the end of the exercise's year, which is all it gives."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        if not r["name"].strip():
            if any(r[c].strip() for c in HEADER if c != "id"):
                raise opened.refuse(r.line, "name", "", "is empty in a line that is not")
            continue
        if len(r["yr"]) != 4 or not r["yr"].isdigit():
            raise r.refuse("yr", "is not a year")
        codes, labels = participants(";".join(r[f"part{n}"] for n in range(1, 29)))
        codes = sorted({"RUS", *codes})
        rows.append(
            {
                "period": r["yr"],
                "event": f"RX{int(r['id']):03d}",
                "event_type": "exercise",
                "name": r["name"],
                "starts": Period(r["yr"]).start,
                "precision": "year",
                "participants": ";".join(codes),
                "participants_note": "; ".join(labels) or None,
                "class": "not stated",
                "url": r["source"] or r["source2"] or "not given",
                "url_2": (r["source2"] or None) if r["source"] else None,
                "kind": "reported",
                "locator": r.locator,
                "known_on": Period(r["yr"]).end,
                "known_basis": "published",
            }
        )
    yield "events", table("events").arrow(rows)
