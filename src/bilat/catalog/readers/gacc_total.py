# SPDX-License-Identifier: Apache-2.0
"""China's exports to one partner by month (China Customs), in USD."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import day, number, records
from bilat.catalog.flow_rows import FlowRows
from bilat.catalog.sources import Opened


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row a month. China Customs publishes January together with February: known when February is."""
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
    for line, r in records(opened, ["date", "value"]):
        first = day(opened, line, "date", r["date"])
        if first is None or first.day != 1:
            raise opened.refuse(line, "date", r["date"], "is no first of a month")
        value = number(opened, line, "value", r["value"])
        if value is None:
            raise opened.refuse(line, "value", r["value"], "is empty")
        period = f"{first.year:04d}-{first.month:02d}"
        rows.add(
            f"line {line}",
            reporter="China",
            partner=opened.file.options["partner"],
            flow="X",
            period=period,
            value=value,
            known=opened.known(f"{first.year:04d}-02" if first.month == 1 else period),
        )
    yield "flows", rows.table()
