# SPDX-License-Identifier: Apache-2.0
"""Published numbers for the plans, each with its originator, its page and the days on which it was
public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import last_named
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "id",
    "plan",
    "quantity",
    "item",
    "entity",
    "value",
    "low",
    "high",
    "unit",
    "period",
    "published_on",
    "published_after",
    "published_before",
    "originator",
    "url",
    "read",
    "limit",
]
#: How a figure was read: on the page, as a compiled list names it, or on a copy of the page.
READ = ("page", "listed", "copy")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One estimate a row. A figure with bounds of its day counts as public from the later bound."""
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    for r in records(opened.place(), HEADER):
        if not re.fullmatch(r"[NX]\d+", r["id"]) or r["id"] in seen:
            raise r.refuse("id", "is no id of its own. Write N or X and a number not yet used")
        seen.add(r["id"])
        if r["read"] not in READ:
            raise r.refuse("read", f"is not one of {', '.join(READ)}")
        day = r.day_or_none("published_on")
        before = r.day_or_none("published_before")
        known_on = day or before
        if known_on is None:
            raise r.refuse("published_on", "is empty. Give the day, or published_before")
        if known_on > opened.file.vintage:
            raise r.refuse("published_before", "is later than this list")
        value, low, high = (r.number_or_none(c) for c in ("value", "low", "high"))
        ends = [x for x in (low, value, high) if x is not None]
        if not ends or ends != sorted(ends):
            raise r.refuse("value", "is outside low and high, or no number is given")
        named = last_named(r["period"])
        rows.append(
            {
                "period": named[0] if named else str(known_on.year),
                "item": r["item"],
                "metric": r["quantity"],
                "entity": r["entity"],
                "figure": r["value"] or f"{r['low']}-{r['high']}",
                "value": value,
                "low": value if low is None else low,
                "high": value if high is None else high,
                "unit": r["unit"],
                "when_text": r["period"] or str(known_on.year),
                "period_end": named[1] if named else None,
                "originator": r["originator"],
                "url": r["url"],
                "note": r["limit"] or None,
                "kind": "estimated",
                "locator": f"line {r.line} ({r['id']})",
                "known_on": known_on,
                "known_basis": "published" if day else "inferred",
            }
        )
    yield "estimates", table("estimates").arrow(rows)
