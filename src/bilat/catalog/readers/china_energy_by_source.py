# SPDX-License-Identifier: Apache-2.0
"""China's imports of crude oil, LNG and pipeline gas by supplier, from three Statistical Reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places import country_or_none

#: Suppliers that are groups or totals, as the Reviews name them.
TOTALS = {"Total imports", "Total"}
FUELS = {
    "crude_oil": "crude",
    "crude": "crude",
    "products": "oil_products",
    "lng": "lng",
    "pipeline_gas": "pipeline_gas",
}
UNITS = {"million tonnes": "Mt", "bcm": "bcm"}


def supplier(label: str) -> tuple[str, bool]:
    """(ISO code or the publisher's label, whether it is a group)."""
    text = label.strip().rstrip("*").strip()
    if text in TOTALS:
        return "WLD", True
    code = country_or_none(text)
    if code is None:
        return text, True
    return code, False


def flow(
    opened: Opened, line: int, fuel: str, label: str, amount: float, unit: str, year: str
) -> dict[str, object]:
    """China's imports of one fuel from one supplier as a row of ``flows``, without its dates."""
    if fuel not in FUELS:
        raise opened.refuse(line, "fuel", fuel, f"is none of {', '.join(FUELS)}")
    if unit not in UNITS:
        raise opened.refuse(line, "unit", unit, f"is none of {', '.join(UNITS)}")
    if len(year) != 4 or not year.isdigit():
        raise opened.refuse(line, "year", year, "is not a year")
    partner, group = supplier(label)
    return {
        "period": year,
        "reporter": "CHN",
        "partner": partner,
        "flow": "M",
        "product": f"fuel:{FUELS[fuel]}",
        "nomenclature": "fuel",
        "quantity": amount,
        "quantity_unit": UNITS[unit],
        "is_aggregate": group,
        "kind": "reported",
        "locator": f"line {line}",
    }


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per year, fuel and supplier, known from the day its Review appeared."""
    appeared = {k: dt.date.fromisoformat(v) for k, v in opened.file.options.items()}
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), ["year", "fuel", "source", "value", "unit", "publication", "sheet"]):
        known_on = appeared.get(r["publication"])
        if known_on is None:
            raise r.refuse("publication", "has no date in the catalog: add it")
        amount = r.number("value")
        made = flow(opened, r.line, r["fuel"], r["source"], amount, r["unit"], r["year"])
        rows.append(made | {"known_on": known_on, "known_basis": "published"})
    yield "flows", table("flows").arrow(rows)
