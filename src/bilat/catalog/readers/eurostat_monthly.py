# SPDX-License-Identifier: Apache-2.0
"""Eurostat's total trade of the EU's members by month, as tabulated with ISO codes."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, month, word
from bilat.catalog.sources import Opened

HEADER = ["reporter", "is_aggregate", "partner", "flow", "period", "value_eur"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per reporter, partner, flow and month, in EUR."""
    rows = FlowRows(
        opened, {"product": "TOTAL", "nomenclature": "TOTAL", "currency": "EUR", "kind": "reported"}
    )
    for line, r in records(opened, HEADER):
        flow = word(opened, line, "flow", r["flow"], {"EXPORT": "X", "IMPORT": "M"})
        value = number(opened, line, "value_eur", r["value_eur"])
        if value is None:
            raise opened.refuse(line, "value_eur", r["value_eur"], "is empty")
        rows.add(
            f"line {line}",
            reporter=r["reporter"],
            partner=r["partner"],
            flow=flow,
            period=month(opened, line, "period", r["period"]),
            value=value,
            valuation="FOB" if flow == "X" else "CIF",
            aggregate=word(opened, line, "is_aggregate", r["is_aggregate"], {"False": "", "True": "1"})
            == "1",
        )
    yield "flows", rows.table()
