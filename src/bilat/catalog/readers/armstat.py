# SPDX-License-Identifier: Apache-2.0
"""Armenia's trade by country and month: exports, imports by origin and by consignment (thousand USD)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, month
from bilat.catalog.sources import Opened

HEADER = ["country", "year", "month", "export", "import_origin", "import_consignment", "date"]
#: column -> flow, basis, valuation
_COLUMNS = {
    "export": ("X", None, "FOB"),
    "import_origin": ("M", "origin", "CIF"),
    "import_consignment": ("M", "consignment", "CIF"),
}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Three flows a line, in USD; a zero, which says that nothing was traded, makes no row."""
    rows = FlowRows(
        opened, {"product": "TOTAL", "nomenclature": "TOTAL", "currency": "USD", "kind": "reported"}
    )
    for line, r in records(opened, HEADER):
        period = month(opened, line, "month", f"{r['year']}-{r['month'].zfill(2)}")
        if r["date"] != f"{period}-01":
            raise opened.refuse(line, "date", r["date"], f"is not the first of {period}")
        for column, (flow, basis, valuation) in _COLUMNS.items():
            value = number(opened, line, column, r[column])
            if value is None:
                raise opened.refuse(line, column, r[column], "is empty")
            if value == 0:
                continue
            rows.add(
                f"line {line}: {column}",
                reporter="Armenia",
                partner=r["country"],
                flow=flow,
                period=period,
                value=value * 1000.0,
                basis=basis,
                valuation=valuation,
            )
    yield "flows", rows.table()
