# SPDX-License-Identifier: Apache-2.0
"""Trade of two states by HS6 and year, as CEPII's BACI reconciles it: thousand USD in the file, USD here."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

HEADER = ["t", "i", "j", "k", "v", "q"]
#: BACI's own country codes.
STATES = {"156": "CHN", "643": "RUS"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per exporter, importer, HS6 code and year; codes are padded to six digits."""
    rows: list[dict[str, object]] = []
    seen: set[tuple[str, str, str]] = set()
    for line, r in records(opened, HEADER):
        year, exporter, importer, code = r["t"], STATES.get(r["i"]), STATES.get(r["j"]), r["k"].zfill(6)
        if exporter is None or importer is None or exporter == importer:
            raise opened.refuse(line, "i", f"{r['i']} to {r['j']}", "is no pair of 156 and 643")
        if not (len(year) == 4 and year.isdigit()):
            raise opened.refuse(line, "t", year, "is no year")
        if not (len(code) == 6 and code.isdigit()):
            raise opened.refuse(line, "k", r["k"], "is no HS6 code")
        if (year, exporter, code) in seen:
            raise opened.refuse(line, "k", r["k"], "stands twice for one year and direction")
        seen.add((year, exporter, code))
        value, quantity = number(opened, line, "v", r["v"]), number(opened, line, "q", r["q"])
        if value is None or value < 0:
            raise opened.refuse(line, "v", r["v"], "is no value of zero or more")
        known_on, basis = opened.known(year)
        rows.append(
            {
                "reporter": exporter,
                "partner": importer,
                "flow": "X",
                "product": code,
                "nomenclature": "HS6",
                "value": value * 1000,
                "currency": "USD",
                "valuation": "FOB",
                "quantity": quantity,
                "quantity_unit": None if quantity is None else "t",
                "basis": None,
                "is_aggregate": False,
                "period": year,
                "kind": "estimated",
                "locator": f"line {line}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "flows", table("flows").arrow(rows)
