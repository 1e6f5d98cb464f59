# SPDX-License-Identifier: Apache-2.0
"""Bilateral defence cooperation agreements, one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places.cow import state

HEADER = [
    "ccode1",
    "cowName1",
    "ccode2",
    "cowName2",
    "signDay",
    "signMonth",
    "signYear",
    "EIFDay",
    "EIFMonth",
    "EIFYear",
    "type",
    "category1",
    "category2",
    "category3",
    "span",
    "renewType",
    "renewYears",
    "terminated",
    "durationActual",
    "endYearEstimate",
    "asymmetry",
    "categoryConf",
    "UNTS",
    "fullText",
    "sourceType",
    "source",
    "factivaConf",
    "factivaSign",
    "factivaEIF",
    "DCAid",
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One event per agreement: starts on signature, ends with the year the data set estimates."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        pair = [r.integer_or_none(c) for c in ("ccode1", "ccode2")]
        year, month, day = (r.integer_or_none(c) for c in ("signYear", "signMonth", "signDay"))
        end = r.integer_or_none("endYearEstimate")
        if pair[0] is None or pair[1] is None or year is None or not 1900 <= year <= 2100:
            raise r.refuse("signYear", "has no pair of states or no year")
        month = month if month is not None and 1 <= month <= 12 else None
        day = day if month is not None and day is not None and day >= 1 else None
        try:
            starts = dt.date(year, month or 1, day or 1)
        except ValueError:
            raise r.refuse("signDay", f"is not a day of {year}-{month}") from None
        precision = "day" if day else "month" if month else "year"
        period = starts.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
        known_on, basis = opened.known(str(year))
        subjects = [r[c] for c in ("category1", "category2", "category3") if r[c]]
        rows.append(
            {
                "event": r["DCAid"],
                "event_type": "agreement",
                "name": f"defence cooperation agreement, {r['type']}: {', '.join(subjects) or 'unspecified'}",
                "starts": starts,
                "ends": dt.date(end, 12, 31) if end and end > 0 else None,
                "precision": precision,
                "participants": ";".join(state(c) for c in pair if c is not None),
                "class": r["type"],
                "url": opened.source.url,
                "note": r["source"] or None,
                "period": period,
                "kind": "reported",
                "locator": r.locator,
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "events", table("events").arrow(rows)
