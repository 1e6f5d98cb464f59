# SPDX-License-Identifier: Apache-2.0
"""Imports of integrated circuits (8542) by partner and year of one reporter (UN Comtrade), in USD."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, word, year
from bilat.catalog.sources import Opened

HEADER = ["refYear", "reporterISO", "flowCode", "partnerISO", "cmdCode", "netWgt", "primaryValue"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner and year; ``W00`` is the world, the sum of the others."""
    rows = FlowRows(
        opened,
        {
            "product": "8542",
            "nomenclature": "HS4",
            "currency": "USD",
            "valuation": "CIF",
            "quantity_unit": "kg",
            "kind": "reported",
        },
    )
    for line, r in records(opened, HEADER):
        if r["cmdCode"] != "8542":
            raise opened.refuse(line, "cmdCode", r["cmdCode"], "is not 8542")
        value = number(opened, line, "primaryValue", r["primaryValue"])
        if value is None:
            raise opened.refuse(line, "primaryValue", r["primaryValue"], "is empty")
        rows.add(
            f"line {line}",
            reporter=r["reporterISO"],
            partner=r["partnerISO"],
            flow=word(opened, line, "flowCode", r["flowCode"], {"M": "M", "X": "X"}),
            period=year(opened, line, "refYear", r["refYear"]),
            value=value,
            quantity=number(opened, line, "netWgt", r["netWgt"]),
        )
    yield "flows", rows.table()
