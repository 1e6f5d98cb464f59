# SPDX-License-Identifier: Apache-2.0
"""China's energy imports in 2020 by origin, from the BP Statistical Review 2021 (with oil products)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.readers.china_energy_by_source import flow
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records

#: Headings and footnotes of the Review's sheet that the extract kept: they carry no value.
FURNITURE = ("From", "Product (", "Source:", "†", "Notes:", "Crude imports and exports include")


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per fuel and origin; lines of the sheet's furniture are passed over."""
    rows: list[dict[str, object]] = []
    for r in records(opened.place(), ["fuel", "origin", "year", "value", "unit"]):
        if r["value"] == "nan" and r["origin"].startswith(FURNITURE):
            continue
        amount = r.number("value")
        made = flow(opened, r.line, r["fuel"], r["origin"], amount, r["unit"], r["year"])
        rows.append(made | {"known_on": opened.file.vintage, "known_basis": "published"})
    yield "flows", table("flows").arrow(rows)
