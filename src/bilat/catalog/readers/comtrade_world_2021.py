# SPDX-License-Identifier: Apache-2.0
"""Total exports of every reporter to every partner in one year (UN Comtrade), in USD."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, year
from bilat.catalog.sources import Opened

HEADER = ["year", "reporter", "partner", "export_value_usd"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per reporter, partner and year."""
    rows = FlowRows(
        opened,
        {
            "product": "TOTAL",
            "nomenclature": "TOTAL",
            "currency": "USD",
            "valuation": "FOB",
            "kind": "reported",
        },
    )
    for line, r in records(opened, HEADER):
        value = number(opened, line, "export_value_usd", r["export_value_usd"])
        if value is None:
            raise opened.refuse(line, "export_value_usd", r["export_value_usd"], "is empty")
        rows.add(
            f"line {line}",
            reporter=r["reporter"],
            partner=r["partner"],
            flow="X",
            period=year(opened, line, "year", r["year"]),
            value=value,
        )
    yield "flows", rows.table()
