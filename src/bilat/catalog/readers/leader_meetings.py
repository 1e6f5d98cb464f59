# SPDX-License-Identifier: Apache-2.0
"""Meetings and calls of the two presidents: one row a day and format."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import if_timely, publication, remarks
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places import country, country_or_none

HEADER = [
    "date",
    "precision",
    "place",
    "country",
    "format",
    "occasion",
    "source_url",
    "source_url_2",
    "note",
]
FORMATS = {"in_person", "multilateral", "phone", "video"}
PRECISIONS = {"day", "month"}
#: "37th meeting since 2013", "38th since 2013", "42 meetings since 2013", "called 24th Xi-Putin meeting".
COUNTED = re.compile(r"\b(\d{1,3})(?:th|st|nd|rd)?\s+(?:Xi-Putin )?(?:meetings?\b|since 2013)")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """The meetings, and (table ``estimates``) the counts that the leaders themselves gave."""
    events: list[dict[str, object]] = []
    counts: list[dict[str, object]] = []
    prefix = opened.file.options.get("prefix", "LM")
    for r in records(opened.place(), HEADER, once=True):
        when = r.period("date")
        if r["format"] not in FORMATS:
            raise r.refuse("format", f"is not one of {', '.join(sorted(FORMATS))}")
        if r["precision"] not in PRECISIONS or (r["precision"] == "day") != (len(r["date"]) == 10):
            raise r.refuse("precision", f"does not fit the date {r['date']}")
        if r["country"] and country_or_none(r["country"]) is None:
            raise r.refuse("country", "is not a country code")
        page = publication(when.end, r["source_url"], r["source_url_2"])
        if not page.url:
            raise opened.refuse(
                r.line, "source_url", "", "is empty: a fact needs the page it was read on"
            )
        note = "; ".join(t for t in (r["note"], remarks(r["source_url"], r["source_url_2"])) if t)
        stamp = {
            "kind": "reported",
            "locator": r.locator,
            "known_on": page.known_on,
            "known_basis": page.basis,
        }
        events.append(
            {
                "period": r["date"],
                "event": f"{prefix}{r.line - 1:03d}",
                "event_type": "meeting",
                "name": r["occasion"],
                "starts": when.start,
                "precision": r["precision"],
                "participants": "CHN;RUS",
                "class": r["format"],
                "place": r["place"] or None,
                "country": country(r["country"]) if r["country"] else None,
                "level": "presidents",
                "side_a": "Xi Jinping",
                "side_b": "Vladimir Putin",
                "url": page.url,
                "url_2": page.url_2,
                "note": if_timely(note, page.known_on),
                **stamp,
            }
        )
        counted = COUNTED.search(r["note"])
        if counted:
            counts.append(
                {
                    "period": r["date"],
                    "item": "meetings of Xi and Putin since 2013",
                    "metric": "count",
                    "entity": "CHN-RUS",
                    "figure": r["note"],
                    "value": float(counted[1]),
                    "unit": "meetings",
                    "when_text": f"2013..{r['date']}",
                    "period_end": r["date"][:7],
                    "originator": "Xi Jinping" if r["note"].startswith("Xi") else None,
                    "url": page.url,
                    **stamp,
                }
            )
    yield "events", table("events").arrow(events)
    yield "estimates", table("estimates").arrow(counts)
