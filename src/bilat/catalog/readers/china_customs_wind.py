# SPDX-License-Identifier: Apache-2.0
"""China's monthly energy imports from Russia, China Customs through Wind, 1995 to 2022-06."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.formats.table import fields, number

#: Column of the file -> (fuel, whether it is a volume, the unit the file must state).
#: Two columns without a country (271121, 271111) are imports from all countries and are left out.
SERIES = {
    "Volume of Imports: Steam Coal: Russian Federation": ("steam_coal", True, "ton"),
    "Value of Imports: Steam Coal: Russian Federation": ("steam_coal", False, "USD"),
    "Volume of Imports: Coking Coal: Russian Federation": ("coking_coal", True, "ton"),
    "Value of Imports: Coking Coal: Russian Federation": ("coking_coal", False, "USD"),
    "Value of Imports: Coal: Russian Federation": ("coal", False, "USD"),
    "Volume of Imports: Coal: Russian Federation": ("coal", True, "ton"),
    "Volume of Imports: Liquified Natural Gas (LNG): Russian Federation": ("lng", True, "kg"),
    "Volume of Imports: Pipeline Carried Natural Gas (Gaseous State): Russian Federation": (
        "pipeline_gas",
        True,
        "kg",
    ),
    "Value of Imports: Pipeline Carried Natural Gas (Gaseous State): Russian Federation": (
        "pipeline_gas",
        False,
        "USD",
    ),
    "Volume of Imports: Crude Oil: Russian Federation": ("crude", True, "kg"),
    "Value of Imports: Crude Oil: Russian Federation": ("crude", False, "USD"),
}
WORLD = ("Value of Imports: Natural Gas(271121)", "Value of Imports: Liquified Natural Gas(271111)")
HEADINGS = ("Name", "ID", "Frequency", "Unit", "Source", "Time Period", "Update")
PER_TONNE = {"kg": 1000.0, "ton": 1.0}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per month and fuel: quantity in tonnes, value in USD.

    The units come from the file's own fourth line, and are checked against what each series is.
    """
    path = opened.file.path
    numbered = list(fields(opened.place()))
    lines = [row for _, row in numbered]
    if tuple(x[0] if x else "" for x in lines[:7]) != HEADINGS:
        raise DataError(
            f"{path}: line 1: the first column does not read {', '.join(HEADINGS)}: not Wind's "
            "export"
        )
    names = lines[0]
    units = lines[3]
    lacking = [n for n in SERIES if n not in names]
    unknown = [n for n in names[1:] if n not in SERIES and n not in WORLD]
    if lacking or unknown:
        raise DataError(
            f"{path}: line 1: column {(lacking or unknown)[0]!r} is {'missing' if lacking else 'not known'}"
        )
    for name, unit in zip(names[1:], units[1:], strict=True):
        if name in SERIES and unit != SERIES[name][2]:
            raise opened.refuse(4, name, unit, f"is not the unit expected, {SERIES[name][2]}")
    if lines[-1][:1] != ["Source: Wind"]:
        raise DataError(
            f"{path}: line {len(lines)}: does not end with 'Source: Wind': the file is cut. Pull "
            "it again; "
            "nothing was taken in"
        )
    rows: list[dict[str, object]] = []
    before = ""
    for line, record in numbered[7:-1]:
        if not any(record):
            continue
        if len(record) != len(names):
            raise DataError(
                f"{path}: line {line}: {len(record)} fields where the header has {len(names)}; "
                "pull it again"
            )
        month = record[0]
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) or month <= before:
            raise opened.refuse(line, "Name", month, "is not a month, or out of order")
        before = month
        known_on, basis = opened.known(month)
        by_fuel: dict[str, dict[str, object]] = {}
        for name, text in zip(names[1:], record[1:], strict=True):
            if name not in SERIES or text == "":
                continue
            fuel, volume, unit = SERIES[name]
            try:
                amount = number(text.replace(",", ""))
            except ValueError as e:
                raise opened.refuse(line, name, text, str(e)) from None
            figures = by_fuel.setdefault(
                fuel,
                {
                    "period": month,
                    "reporter": "CHN",
                    "partner": "RUS",
                    "flow": "M",
                    "product": f"fuel:{fuel}",
                    "nomenclature": "fuel",
                    "is_aggregate": False,
                    "kind": "reported",
                    "locator": f"line {line}",
                    "known_on": known_on,
                    "known_basis": basis,
                },
            )
            if volume:
                figures["quantity"] = None if amount is None else amount / PER_TONNE[unit]
                figures["quantity_unit"] = "t"
            else:
                figures["value"] = amount
                figures["currency"] = "USD"
        rows += by_fuel.values()
    yield "flows", table("flows").arrow(_filled(rows))


def _filled(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Every row with the same keys."""
    keys = {k: None for r in rows for k in r}
    return [dict.fromkeys(keys) | r for r in rows]
