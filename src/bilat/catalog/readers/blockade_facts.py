# SPDX-License-Identifier: Apache-2.0
"""Facts on China's oil and gas, on the closure of Hormuz in 2026 and on trade elasticities, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import last_day
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "id",
    "metric",
    "item",
    "period",
    "value",
    "low",
    "high",
    "unit",
    "url",
    "page_date",
    "originator",
    "read",
    "note",
]
#: How a figure was read: on the page named, on a copy of it, or in a text that quotes a page not opened.
READ = ("page", "copy", "secondary")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One estimate a row; how it was read stands first in the note. Undated pages: known by the stated lag."""
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for r in records(opened.place(), HEADER):
        if r["id"] in seen:
            raise r.refuse("id", "was used before. Give each fact its own")
        seen.add(r["id"])
        if r["read"] not in READ:
            raise r.refuse("read", f"is not one of {', '.join(READ)}")
        if last_day(r["period"]) is None:
            raise r.refuse("period", "is not a year or month. Write 2025 or 2025-06")
        value = r.number("value")
        low, high = (r.number_or_none(c) for c in ("low", "high"))
        if not (value if low is None else low) <= value <= (value if high is None else high):
            raise r.refuse("value", "is outside low and high")
        seen_on = r.day_or_none("page_date")
        known_on, basis = (seen_on, "published") if seen_on else opened.known(r["period"])
        rows.append(
            {
                "period": r["period"],
                "item": r["item"],
                "metric": r["metric"],
                "entity": "CHN",
                "figure": r["value"],
                "value": value,
                "low": value if low is None else low,
                "high": value if high is None else high,
                "unit": r["unit"],
                "when_text": r["period"],
                "period_end": None,
                "originator": r["originator"],
                "url": r["url"],
                "note": f"{r['read']}: {r['note']}".rstrip(": "),
                "kind": "estimated",
                "locator": f"line {r.line} ({r['id']})",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "estimates", table("estimates").arrow(rows)
