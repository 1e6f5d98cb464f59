# SPDX-License-Identifier: Apache-2.0
"""China's energy imports in 2020 by origin, from the BP Statistical Review 2021 (with oil products)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.readers.china_energy_by_source import flow
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

#: Headings and footnotes of the Review's sheet that the extract kept: they carry no value.
FURNITURE = ("From", "Product (", "Source:", "†", "Notes:", "Crude imports and exports include")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per fuel and origin; lines of the sheet's furniture are passed over."""
    rows: list[dict[str, object]] = []
    for line, r in records(opened, ["fuel", "origin", "year", "value", "unit"]):
        if r["value"] == "nan" and r["origin"].startswith(FURNITURE):
            continue
        amount = number(opened, line, "value", r["value"])
        if amount is None:
            raise opened.refuse(line, "value", r["value"], "is empty")
        made = flow(opened, line, r["fuel"], r["origin"], amount, r["unit"], r["year"])
        rows.append(made | {"known_on": opened.file.vintage, "known_basis": "published"})
    yield "flows", table("flows").arrow(rows)
