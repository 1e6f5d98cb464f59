# SPDX-License-Identifier: Apache-2.0
"""Eurostat's total exports of the EU to every partner by year; labels in English, in French for 2016."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.flow_rows import FlowRows, word, year
from bilat.catalog.sources import Opened
from bilat.places.labels import partner_code

HEADER = ["reporter", "partner", "flow", "period", "value_eur"]
_FLOWS = {"EXPORT": "X", "EXPORTATION": "X", "IMPORT": "M"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner and year, in EUR. The reporter must be the EU of 27."""
    rows = FlowRows(
        opened,
        {
            "product": "TOTAL",
            "nomenclature": "TOTAL",
            "currency": "EUR",
            "valuation": "FOB",
            "kind": "reported",
        },
        as_published=True,
    )
    for line, r in records(opened, HEADER):
        if not r["reporter"].startswith(("EU27_2020", "Union européenne - 27 pays")):
            raise opened.refuse(line, "reporter", r["reporter"], "is not the EU of 27 members")
        value = number(opened, line, "value_eur", r["value_eur"])
        if value is None:
            raise opened.refuse(line, "value_eur", r["value_eur"], "is empty")
        rows.add(
            f"line {line}",
            reporter="EU27_2020",
            partner=r["partner"],
            flow=word(opened, line, "flow", r["flow"], _FLOWS),
            period=year(opened, line, "period", r["period"]),
            value=value,
            # the one reporter is no group of others in this file; the partner may be
            aggregate=partner_code(r["partner"])[1],
        )
    yield "flows", rows.table()
