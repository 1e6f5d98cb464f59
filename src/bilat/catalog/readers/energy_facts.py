# SPDX-License-Identifier: Apache-2.0
"""Published figures on China's energy imports, straits, pipelines and stocks, compiled fact by fact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.page_dates import last_named, page_date
from bilat.catalog.page_days import published_by
from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import TableRow, records
from bilat.places import country_or_none
from bilat.when import Period

#: Days after its period by which a figure on a page without a date counts as public: the yearly reviews and the
#: pages of agencies that such pages copy come out within a year.
UNDATED = 366
HEADER = ["metric", "entity", "period", "value", "unit", "source_url", "note"]
#: Units of China's imports that stand in ``flows``.
FLOW_UNITS = {"million tonnes": "Mt", "million b/d": "mb/d"}
GAS = {"LNG": "fuel:lng", "pipeline": "fuel:pipeline_gas"}
#: Words by which a row says that its figure is the customs administration's own.
CUSTOMS = re.compile(r"customs|GACC", re.I)


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Imports by supplier as ``flows``, oil through straits as ``series``, the rest as ``estimates``.

    Known from the date that the note or the address gives; customs figures without one from the stated
    lag after their period; other figures for a past period a year after it, by inference; anything else, as what is
    planned, from the end of the archive in which the pages were read.
    """
    flows: list[dict[str, object]] = []
    series: list[dict[str, object]] = []
    estimates: list[dict[str, object]] = []
    for r in records(opened.place(), HEADER):
        value = r.number("value")
        known_on, basis = _known(opened, r)
        when = last_named(r["period"])
        period = when[0] if when else str(known_on.year)  # "planned": as of the page
        shared: dict[str, object] = {
            "period": period,
            "kind": "reported",
            "locator": r.locator,
            "known_on": known_on,
            "known_basis": basis,
        }
        product, partner = _import(r)
        if r["metric"] == "chokepoint_oil_transit":
            series.append(
                shared
                | {
                    "entity": r["entity"],
                    "variable": "oil transit",
                    "value": value,
                    "unit": "mb/d",
                    "kind": "estimated",
                }
            )
        elif product and r["unit"] in FLOW_UNITS and re.fullmatch(r"\d{4}(-\d{2})?", r["period"]):
            flows.append(
                shared
                | {
                    "reporter": "CHN",
                    "partner": partner,
                    "flow": "M",
                    "product": product,
                    "nomenclature": "fuel",
                    "quantity": value,
                    "quantity_unit": FLOW_UNITS[r["unit"]],
                    "is_aggregate": partner == "WLD",
                }
            )
        else:
            estimates.append(
                shared
                | {
                    "item": r["entity"] or None,
                    "metric": r["metric"] or None,
                    "entity": "CHN",
                    "figure": r["value"],
                    "value": value,
                    "low": value,
                    "high": value,
                    "unit": r["unit"] or None,
                    "when_text": r["period"],
                    "period_end": when[1] if when else None,
                    "url": r["source_url"] or None,
                    "note": r["note"] or None,
                    "kind": "estimated",
                }
            )
    yield "flows", table("flows").arrow(flows)
    yield "series", table("series").arrow(series)
    yield "estimates", table("estimates").arrow(estimates)


def _import(row: TableRow) -> tuple[str, str]:
    """(product, partner) of an import of China's; blanks for any other figure."""
    if row["metric"] == "china_crude_imports":
        partner = "WLD" if row["entity"] == "Total" else country_or_none(row["entity"]) or ""
        return ("fuel:crude", partner) if partner else ("", "")
    if row["metric"] == "china_gas_imports":
        kind, _, rest = row["entity"].partition(" ")
        partner = "WLD" if rest == "total" else country_or_none(rest) or ""
        return (GAS.get(kind, ""), partner) if partner else ("", "")
    return "", ""


def _known(opened: Opened, row: TableRow) -> tuple[dt.date, str]:
    seen = published_by(row["source_url"]) or page_date(row["source_url"], row["note"])
    if seen is not None:
        return min(seen, opened.file.vintage), "published"
    if re.fullmatch(r"\d{4}(-\d{2})?", row["period"]):
        if CUSTOMS.search(row["note"]):
            return opened.known(row["period"])
        by_lag = Period(row["period"]).known_after(UNDATED)
        return (by_lag, "inferred") if by_lag < opened.latest else (opened.latest, "vintage")
    return opened.latest, "vintage"
