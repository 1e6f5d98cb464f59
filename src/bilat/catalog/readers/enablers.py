# SPDX-License-Identifier: Apache-2.0
"""What the United States and Europe hold and need of the enablers of war, compiled fact by fact."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import last_named, page_date
from bilat.catalog.page_days import published_by
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "capability",
    "owner",
    "system",
    "metric",
    "value",
    "unit",
    "as_of",
    "originator",
    "source_url",
    "quote_or_basis",
    "note",
]
_NUMBER = r"(\d+(?:\.\d+)?)"


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per published figure; wording that is not a number keeps its text and has no value.

    Known from the day that the register of page days or the page's address gives; else by
    inference, the stated lag after the last period that ``as_of`` names, since that dates the
    figure and not the page.
    """
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        when = last_named(r["as_of"])
        if when is None:
            raise r.refuse("as_of", "names no year")
        if not r["value"].strip():
            raise r.refuse("value", "is empty")
        seen = published_by(r["source_url"]) or page_date(r["source_url"])
        inferred, basis = opened.known(when[1])
        value, low, high = bounds(r["value"])
        note = r["quote_or_basis"]
        if r["note"] and not any(c.isdigit() for c in r["note"]):
            note = f"{note} [{r['note']}]"
        rows.append(
            {
                "period": when[0],
                "item": f"{r['capability']}: {r['system']}",
                "metric": r["metric"],
                "entity": r["owner"] or None,
                "figure": r["value"],
                "value": value,
                "low": low,
                "high": high,
                "unit": r["unit"] or "words",
                "when_text": r["as_of"],
                "period_end": when[1],
                "originator": r["originator"] or None,
                "url": r["source_url"] or None,
                "note": note,
                "kind": "estimated",
                "locator": r.locator,
                "known_on": min(seen, opened.file.vintage) if seen else inferred,
                "known_basis": "published" if seen else basis,
            }
        )
    yield "estimates", table("estimates").arrow(rows)


def bounds(text: str) -> tuple[float | None, float | None, float | None]:
    """(value, low, high) of ``605``, ``~90``, ``3-4``, ``<40``, ``>=6``; all None for words."""
    text = text.strip()
    if re.fullmatch(f"~?{_NUMBER}", text):
        number = float(text.lstrip("~"))
        return number, number, number
    if found := re.fullmatch(f"{_NUMBER}-{_NUMBER}", text):
        low = float(found[1])
        high = float(found[2])
        return (low + high) / 2, low, high
    if found := re.fullmatch(f"([<>])=?{_NUMBER}", text):
        bound = float(found[2])
        return (None, None, bound) if found[1] == "<" else (None, bound, None)
    return None, None, None
