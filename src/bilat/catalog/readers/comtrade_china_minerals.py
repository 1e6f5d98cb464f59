# SPDX-License-Identifier: Apache-2.0
"""China's exports of three minerals by partner and month (UN Comtrade): USD and kilograms."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import day, number, records
from bilat.catalog.flow_rows import FlowRows
from bilat.catalog.sources import Opened

HEADER = ["period_dt", "partner_name", "hs6", "val", "qty", "uv"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner, six-digit code and month."""
    rows = FlowRows(
        opened,
        {
            "nomenclature": "HS6",
            "currency": "USD",
            "valuation": "FOB",
            "quantity_unit": "kg",
            "kind": "reported",
        },
    )
    for line, r in records(opened, HEADER):
        first = day(opened, line, "period_dt", r["period_dt"])
        if first is None or first.day != 1:
            raise opened.refuse(line, "period_dt", r["period_dt"], "is no first of a month")
        if not (r["hs6"].isdigit() and len(r["hs6"]) == 6):
            raise opened.refuse(line, "hs6", r["hs6"], "is no six-digit code")
        value = number(opened, line, "val", r["val"])
        if value is None:
            raise opened.refuse(line, "val", r["val"], "is empty")
        rows.add(
            f"line {line}",
            reporter="China",
            partner=r["partner_name"],
            flow="X",
            period=f"{first.year:04d}-{first.month:02d}",
            value=value,
            product=r["hs6"],
            quantity=number(opened, line, "qty", r["qty"]),
        )
    yield "flows", rows.table()
