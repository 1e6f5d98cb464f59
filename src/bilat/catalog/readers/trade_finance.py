# SPDX-License-Identifier: Apache-2.0
"""Published figures on Russia-China trade and its settlement, compiled with a page for each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import day_of
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.when import MONTHS, Period

HEADER = ["metric", "period", "value", "unit", "source_url", "note"]
_MONTHS = {m[:3]: n for n, m in enumerate(MONTHS, 1)}


def last_month(text: str) -> str | None:
    """The year, or the last month, that a period is for: 2023, 2022-12, 2023H1, 2023 Jan-Nov; else None."""
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        return text
    if half := re.fullmatch(r"(\d{4})H([12])", text):
        return f"{half[1]}-{'06' if half[2] == '1' else '12'}"
    if span := re.fullmatch(r"(\d{4}) (\w{3})-(\w{3})", text):
        month = _MONTHS.get(span[3])
        return f"{span[1]}-{month:02}" if month and span[2] in _MONTHS else None
    return None


def dated(opened: Opened, url: str, period: str) -> tuple[dt.date, str]:
    """When a figure was public: the date of its page (in the catalog, or in the address), if that is not
    before the period's end; otherwise by the stated lag."""
    read_on = opened.file.options.get(url)
    if read_on:
        return dt.date.fromisoformat(read_on), "published"
    page = day_of(url)
    if page is not None and page >= Period(period).start:
        return page, "published"
    return opened.known(period)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per published figure."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        period = last_month(r["period"])
        if period is None:
            raise r.refuse("period", "is not a year, month, half-year or span of months")
        value = r.number_or_none("value")
        if value is None or value < 0:
            raise r.refuse("value", "is not a figure")
        if not r["source_url"].startswith("http"):
            raise r.refuse("source_url", "is not a page")
        known_on, basis = dated(opened, r["source_url"], period)
        rows.append(
            {
                "item": r["metric"],
                "metric": "share" if r["unit"].startswith("percent") else "trade",
                "figure": f"{r['value']} {r['unit']}",
                "value": value,
                "unit": "percent" if r["unit"].startswith("percent") else r["unit"],
                "when_text": r["period"],
                "period_end": period if len(period) == 7 else f"{period}-12",
                "url": r["source_url"],
                "note": r["note"] or None,
                "period": period,
                "kind": "reported",
                "locator": r.locator,
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "estimates", table("estimates").arrow(rows)
