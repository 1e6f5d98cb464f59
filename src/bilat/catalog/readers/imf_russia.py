# SPDX-License-Identifier: Apache-2.0
"""The IMF's trade of Russia by partner, one line per partner and flow, a column a year."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import number, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.places import country_or_none

YEARS = [str(y) for y in range(2016, 2025)]
HEADER = [
    "DATASET", "SERIES_CODE", "OBS_MEASURE", "COUNTRY.ID", "COUNTRY", "INDICATOR.ID", "INDICATOR",
    "COUNTERPART_COUNTRY.ID", "COUNTERPART_COUNTRY", "FREQUENCY.ID", "FREQUENCY", "SCALE.ID", "SCALE",
    "TRADE_FLOW.ID", "TRADE_FLOW", *YEARS,
]  # fmt: skip
#: Indicator -> (flow, valuation).
FLOWS = {"MG_CIF_USD": ("M", "CIF"), "XG_FOB_USD": ("X", "FOB")}
WORLD = "G001"
#: From this year on Russia published no trade by partner; the IMF fills in from what partners report.
ESTIMATED_FROM = 2022


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per partner, flow and year that has a figure, in US dollars (published in millions)."""
    rows: list[dict[str, object]] = []
    for line, r in records(opened, HEADER):
        for column, wanted in (("COUNTRY.ID", "RUS"), ("FREQUENCY.ID", "A"), ("SCALE.ID", "6")):
            if r[column] != wanted:
                raise opened.refuse(line, column, r[column], f"is not {wanted}")
        if r["INDICATOR.ID"] not in FLOWS:
            raise opened.refuse(line, "INDICATOR.ID", r["INDICATOR.ID"], f"is none of {', '.join(FLOWS)}")
        flow, valuation = FLOWS[r["INDICATOR.ID"]]
        code = r["COUNTERPART_COUNTRY.ID"]
        partner = "WLD" if code == WORLD else country_or_none(code) if len(code) == 3 else None
        for year in YEARS:
            millions = number(opened, line, year, r[year])
            if millions is None:
                continue
            known_on, basis = opened.known(year)
            rows.append(
                {
                    "reporter": "RUS",
                    "partner": partner or code,
                    "flow": flow,
                    "product": "TOTAL",
                    "nomenclature": "TOTAL",
                    "value": millions * 1e6,
                    "currency": "USD",
                    "valuation": valuation,
                    "basis": "mirror" if int(year) >= ESTIMATED_FROM else None,
                    "is_aggregate": len(code) != 3 and not code.startswith("TX"),
                    "period": year,
                    "kind": "estimated" if int(year) >= ESTIMATED_FROM else "reported",
                    "locator": f"{r['SERIES_CODE']} {year}",
                    "known_on": known_on,
                    "known_basis": basis,
                }
            )
    yield "flows", table("flows").arrow(rows)
