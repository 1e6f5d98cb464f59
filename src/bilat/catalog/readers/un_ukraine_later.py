# SPDX-License-Identifier: Apache-2.0
"""Votes on resolutions about Ukraine after the first of the emergency session, compiled page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import day, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.places import country_or_none

HEADER = ["resolution", "date", "country", "vote", "url"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per state and resolution of which a page that was read names the vote."""
    rows: list[dict[str, object]] = []
    seen: set[tuple[str, str]] = set()
    for line, r in records(opened, HEADER):
        voted = day(opened, line, "date", r["date"])
        if voted is None:
            raise opened.refuse(line, "date", r["date"], "is empty")
        if country_or_none(r["country"]) != r["country"]:
            raise opened.refuse(line, "country", r["country"], "is no ISO 3166-1 alpha-3 code")
        if not r["url"].startswith("http"):
            raise opened.refuse(line, "url", r["url"], "is no page")
        if (r["resolution"], r["country"]) in seen:
            raise opened.refuse(line, "country", r["country"], f"stands twice for {r['resolution']}")
        seen.add((r["resolution"], r["country"]))
        rows.append(
            {
                "body": "GA",
                "rollcall": r["resolution"],
                "resolution": r["resolution"],
                "topic": "ukraine",
                "country": r["country"],
                "vote": r["vote"],
                "period": voted.isoformat(),
                "kind": "reported",
                "locator": f"line {line}; {r['url']}",
                "known_on": voted,
                "known_basis": "published",
            }
        )
    yield "votes", table("votes").arrow(rows)
