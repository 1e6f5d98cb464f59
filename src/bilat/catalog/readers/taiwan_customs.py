# SPDX-License-Identifier: Apache-2.0
"""Taiwan's exports of integrated circuits (8542) by country and year, at its 11-digit codes, in USD."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, year
from bilat.catalog.sources import Opened

HEADER = ["year", "country_zh", "country_en", "hs6", "hs11", "description", "value_usd"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per country, 11-digit code and year. A code outside heading 8542 is refused."""
    rows = FlowRows(
        opened, {"nomenclature": "HS11", "currency": "USD", "valuation": "FOB", "kind": "reported"}
    )
    for line, r in records(opened, HEADER):
        code = r["hs11"]
        if not (code.isdigit() and len(code) == 11 and code.startswith("8542")):
            raise opened.refuse(line, "hs11", code, "is no 11-digit code of heading 8542")
        if r["hs6"] != code[:6]:
            raise opened.refuse(line, "hs6", r["hs6"], f"does not begin the code {code}")
        value = number(opened, line, "value_usd", r["value_usd"])
        if value is None:
            raise opened.refuse(line, "value_usd", r["value_usd"], "is empty")
        rows.add(
            f"line {line}",
            reporter="Taiwan",
            partner=r["country_en"],
            flow="X",
            period=year(opened, line, "year", r["year"]),
            value=value,
            product=code,
        )
    yield "flows", rows.table()
