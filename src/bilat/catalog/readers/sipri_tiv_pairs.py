# SPDX-License-Identifier: Apache-2.0
"""SIPRI trend-indicator values summed by supplier, recipient and year."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.readers.sipri_register import party
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

HEADER = ["supplier", "recipient", "year", "value", "supplier_cown", "recipient_cown"] + [
    f"{who}_{axis}" for who in ("supplier", "recipient") for axis in ("lon", "lat")
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per supplier, recipient and year; labels that are no country stay as published."""
    rows: list[dict[str, object]] = []
    for line, r in records(opened, HEADER):
        if len(r["year"]) != 4 or not r["year"].isdigit():
            raise opened.refuse(line, "year", r["year"], "is no year")
        tiv = number(opened, line, "value", r["value"])
        if tiv is None:
            raise opened.refuse(line, "value", "", "is empty; pull the file again")
        known_on, basis = opened.known(r["year"])
        rows.append(
            {
                "period": r["year"],
                "supplier": party(r["supplier"]),
                "recipient": party(r["recipient"]),
                "tiv": tiv,
                "lines": 1,
                "kind": "estimated",
                "locator": f"line {line}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "transfers", table("transfers").arrow(rows)
