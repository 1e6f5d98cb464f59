# SPDX-License-Identifier: Apache-2.0
"""Published estimates of Russian production, stocks and losses, compiled fact by fact."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import last_day, last_named
from bilat.catalog.page_days import edition_public_by
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

HEADER = [
    "item",
    "category",
    "figure",
    "figure_low",
    "figure_high",
    "unit",
    "period",
    "as_of",
    "originator",
    "source_url",
    "quote",
    "note",
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per published figure, known from the last day of the month (or year) of its page,
    or from the edition that the page quotes.

    A bound that the publisher leaves open ("over 700") is null, and so is the central value. The
    compiler's notes that hold a number stay out: several compare with later figures.
    """
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        low = r.number_or_none("figure_low")
        high = r.number_or_none("figure_high")
        known_on = last_day(r["as_of"])
        if known_on is None:
            raise r.refuse("as_of", "is not a year or month")
        known_on = min(known_on, edition_public_by(r["originator"]) or known_on)
        when = last_named(r["period"])
        if when is None:
            raise r.refuse("period", "names no year")
        if low is None and high is None:
            raise opened.refuse(r.line, "figure_low", r["figure"], "has no bound at all")
        note = (
            r["quote"]
            if any(c.isdigit() for c in r["note"]) or not r["note"]
            else f"{r['quote']} [{r['note']}]"
        )
        rows.append(
            {
                "period": when[0],
                "item": r["item"] or None,
                "metric": r["category"] or None,
                "entity": "RUS",
                "figure": r["figure"],
                "value": None if low is None or high is None else _central(r["figure"], low, high),
                "low": low,
                "high": high,
                "unit": r["unit"] or None,
                "when_text": r["period"],
                "period_end": when[1],
                "originator": r["originator"] or None,
                "url": r["source_url"] or None,
                "note": note,
                "kind": "estimated",
                "locator": r.locator,
                "known_on": min(known_on, opened.file.vintage),
                "known_basis": "published",
            }
        )
    yield "estimates", table("estimates").arrow(rows)


def _central(figure: str, low: float, high: float) -> float | None:
    """The figure itself where it is one number, the middle of a range; None for a bound (``<100``)."""
    if figure.startswith(("<", ">")):
        return None
    try:
        return float(figure.lstrip("~"))
    except ValueError:
        return (low + high) / 2
