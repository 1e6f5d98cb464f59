# SPDX-License-Identifier: Apache-2.0
"""Atlas of Economic Complexity: mirrored exports by product basket, and what the baskets hold."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import integer, number, records
from bilat.catalog.flow_rows import FlowRows, word, year
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

FLOWS = ["year", "exporter", "importer", "basket", "value_usd", "source_offset"]
CODES = ["basket", "hs6", "in_chpl_50"]


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """``flows`` with product ``basket:NAME`` in USD, or ``baskets``: the codes of each."""
    yield _codes(opened) if opened.file.options["holds"] == "codes" else _flows(opened)


def _flows(opened: Opened) -> tuple[str, pa.Table]:
    rows = FlowRows(
        opened,
        {
            "nomenclature": "basket",
            "currency": "USD",
            "valuation": "FOB",
            "basis": "mirror",
            "kind": "estimated",
        },
    )
    for line, r in records(opened, FLOWS):
        rows.add(
            f"line {line}",
            reporter=r["exporter"],
            partner=r["importer"],
            flow="X",
            period=year(opened, line, "year", r["year"]),
            value=number(opened, line, "value_usd", r["value_usd"]),
            product=f"basket:{r['basket']}",
        )
    return "flows", rows.table()


def _codes(opened: Opened) -> tuple[str, pa.Table]:
    known_on, basis = opened.known("2017")
    rows: list[dict[str, object]] = []
    for line, r in records(opened, CODES):
        if not (r["hs6"].isdigit() and len(r["hs6"]) == 6):
            raise opened.refuse(line, "hs6", r["hs6"], "is no six-digit code")
        word(opened, line, "in_chpl_50", r["in_chpl_50"], {"0": "no", "1": "yes"})
        rows.append(
            {
                "period": "2017",
                "basket": r["basket"],
                "product": r["hs6"],
                "nomenclature": "HS6",
                "high_priority": integer(opened, line, "in_chpl_50", r["in_chpl_50"]) == 1,
                "kind": "reported",
                "locator": f"line {line}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )
    return "baskets", table("baskets").arrow(rows)
