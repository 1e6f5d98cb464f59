# SPDX-License-Identifier: Apache-2.0
"""Contacts of defence ministers, chiefs of staff and security councils: one row a contact."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import if_timely, publication
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "date",
    "precision",
    "type",
    "place",
    "chinese_side",
    "russian_side",
    "level",
    "source_url",
    "note",
]
PRECISIONS = {"day", "month", "period", "reported"}
#: One rank, two spellings.
LEVELS = {"defence minister": "defence ministers"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """A contact is public from the day of its page; where that bears none, by inference from its own day, or the last
    of the months within which it lies."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER, once=True):
        when = r.period("date")
        if r["precision"] not in PRECISIONS:
            raise r.refuse("precision", f"is not one of {', '.join(sorted(PRECISIONS))}")
        if not r["level"]:
            raise opened.refuse(r.line, "level", "", "is empty: say the rank")
        page = publication(when.end, r["source_url"], "")
        if not page.url:
            raise opened.refuse(
                r.line, "source_url", "", "is empty: a fact needs the page it was read on"
            )
        rows.append(
            {
                "period": r["date"],
                "event": f"MC{r.line - 1:03d}",
                "event_type": "contact",
                "name": r["type"],
                "starts": when.start,
                "precision": r["precision"],
                "participants": "CHN;RUS",
                "class": LEVELS.get(r["level"], r["level"]),
                "level": r["level"],
                "place": r["place"] or None,
                "side_a": r["chinese_side"] or None,
                "side_b": r["russian_side"] or None,
                "url": page.url,
                "note": if_timely(r["note"], page.known_on),
                "kind": "reported",
                "locator": r.locator,
                "known_on": page.known_on,
                "known_basis": page.basis,
            }
        )
    yield "events", table("events").arrow(rows)
