# SPDX-License-Identifier: Apache-2.0
"""Imports of 18 HS6 codes by every reporter and partner (UN Comtrade, Parquet), in USD."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError

COLUMNS = [
    "refYear",
    "reporterISO",
    "flowCode",
    "partnerISO",
    "classificationCode",
    "cmdCode",
    "primaryValue",
]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per importer, supplier, code and year, as reported; the world is WLD."""
    try:
        parquet = pq.ParquetFile(opened.path)
        missing = [c for c in COLUMNS if c not in parquet.schema_arrow.names]
        if missing:
            raise DataError(f"{opened.file.path}: lacks column {missing[0]!r}; check the download")
        records = parquet.read(COLUMNS).to_pylist()
    except (pa.ArrowException, OSError) as e:
        raise DataError(
            f"{opened.file.path}: is no Parquet file that can be read ({type(e).__name__}); pull it again"
        ) from None
    rows: list[dict[str, object]] = []
    for n, r in enumerate(records, 1):
        if r["flowCode"] != "M":
            raise opened.refuse(n, "flowCode", r["flowCode"], "is not M")
        if r["primaryValue"] < 0:
            raise opened.refuse(n, "primaryValue", r["primaryValue"], "is below zero")
        partner = "WLD" if r["partnerISO"] == "W00" else r["partnerISO"]
        known_on, basis = opened.known(str(r["refYear"]))
        rows.append(
            {
                "reporter": r["reporterISO"],
                "partner": partner,
                "flow": "M",
                "product": r["cmdCode"],
                "nomenclature": "HS6",
                "value": float(r["primaryValue"]),
                "currency": "USD",
                "valuation": "CIF",
                "is_aggregate": partner == "WLD",
                "period": str(r["refYear"]),
                "kind": "reported",
                "locator": f"row {n}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    yield "flows", table("flows").arrow(rows)
