# SPDX-License-Identifier: Apache-2.0
"""Personalism of leaders, one estimate per spell in office."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.delimited import integer, number, records
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table

HEADER = [
    "qid",
    "leader",
    "ccode",
    "iso3",
    "country",
    "start_year",
    "end_year",
    "theta",
    "theta_se",
    "theta_inst",
    "theta_cult",
]
#: Two-sided 95% point of the normal distribution.
Z95 = 1.959963984540054


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per leader and year in office, the spell's one estimate repeated, with theta +- 1.96 se."""
    rows: list[dict[str, object]] = []
    for line, r in records(opened, HEADER):
        start, end = (integer(opened, line, c, r[c]) for c in ("start_year", "end_year"))
        theta, error = (number(opened, line, c, r[c]) for c in ("theta", "theta_se"))
        if start is None or end is None or end < start:
            raise opened.refuse(line, "end_year", r["end_year"], f"is no year from {r['start_year']} on")
        if theta is None or error is None or error < 0:
            raise opened.refuse(line, "theta_se", r["theta_se"], "is no standard error of an estimate")
        for year in range(start, end + 1):
            known_on, basis = opened.known(str(year))
            rows.append(
                {
                    "entity": r["iso3"],
                    "variable": f"personalism:{r['leader']}",
                    "value": theta,
                    "low": theta - Z95 * error,
                    "high": theta + Z95 * error,
                    "interval": "95%: estimate +- 1.96 published standard errors",
                    "unit": "latent score",
                    "period": str(year),
                    "kind": "estimated",
                    "locator": f"line {line}",
                    "known_on": known_on,
                    "known_basis": basis,
                }
            )
    yield "series", table("series").arrow(rows)
