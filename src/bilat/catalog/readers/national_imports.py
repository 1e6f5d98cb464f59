# SPDX-License-Identifier: Apache-2.0
"""Imports by partner and year of a national office (Kyrgyzstan, Kazakhstan, Uzbekistan), in EUR."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, word, year
from bilat.catalog.sources import Opened

HEADER = ["REPORTER", "PARTNER", "PRODUCT", "FLOW", "STAT_PROCEDURE", "PERIOD", "VALUE_IN_EUR"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner and year. The reporter is the one the catalog names for the file."""
    rows = FlowRows(
        opened,
        {
            "product": "TOTAL",
            "nomenclature": "TOTAL",
            "currency": "EUR",
            "valuation": "CIF",
            "kind": "reported",
        },
    )
    reporter = opened.file.options["reporter"]
    for line, r in records(opened, HEADER):
        for column, expected in (("REPORTER", reporter), ("PRODUCT", "TOTAL"), ("STAT_PROCEDURE", "NORMAL")):
            if r[column] != expected:
                raise opened.refuse(line, column, r[column], f"is not {expected}")
        value = number(opened, line, "VALUE_IN_EUR", r["VALUE_IN_EUR"])
        if value is None:
            raise opened.refuse(line, "VALUE_IN_EUR", r["VALUE_IN_EUR"], "is empty")
        rows.add(
            f"line {line}",
            reporter=reporter,
            partner=r["PARTNER"],
            flow=word(opened, line, "FLOW", r["FLOW"], {"IMPORT": "M"}),
            period=year(opened, line, "PERIOD", r["PERIOD"].removeprefix("Y")),
            value=value,
        )
    yield "flows", rows.table()
