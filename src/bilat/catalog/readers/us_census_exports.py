# SPDX-License-Identifier: Apache-2.0
"""US exports by country and month (Census, all goods), groups of countries included."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, month
from bilat.catalog.sources import Opened

HEADER = ["cty_code", "cty_name", "all_val_mo", "year", "month"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per country or group and month, in USD.

    Census numbers its countries with four digits; groups have codes below 1000, ``1XXX`` or ``-``.
    """
    rows = FlowRows(
        opened,
        {
            "product": "TOTAL",
            "nomenclature": "TOTAL",
            "currency": "USD",
            "valuation": "FAS",
            "kind": "reported",
        },
    )
    for line, r in records(opened, HEADER):
        code = r["cty_code"]
        if not (code == "-" or (len(code) == 4 and (code.isdigit() or code.endswith("XXX")))):
            raise opened.refuse(line, "cty_code", code, "is no code of a country or group")
        value = number(opened, line, "all_val_mo", r["all_val_mo"])
        if value is None:
            raise opened.refuse(line, "all_val_mo", r["all_val_mo"], "is empty")
        rows.add(
            f"line {line}",
            reporter="USA",
            partner=r["cty_name"] or f"Census code {code}",
            flow="X",
            period=month(opened, line, "month", f"{r['year']}-{r['month']}"),
            value=value,
            aggregate=not code.isdigit() or code.startswith("0"),
        )
    yield "flows", rows.table()
