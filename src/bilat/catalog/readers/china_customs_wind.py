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

#: For each column of the file: the fuel, whether it is a volume, and the unit the file must state.
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
#: Columns of imports from all countries, which are left out.
WORLD = ("Value of Imports: Natural Gas(271121)", "Value of Imports: Liquified Natural Gas(271111)")
HEADINGS = ("Name", "ID", "Frequency", "Unit", "Source", "Time Period", "Update")
PER_TONNE = {"kg": 1000.0, "ton": 1.0}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """Yield a row for each month and fuel: quantity in tonnes, value in USD.

    Raises
    ------
    DataError
        for another header, a unit other than that of its series, a file that is cut, or a cell that
        is no number.
    """
    numbered = list(fields(opened.place()))
    names = _names(opened, [record for _, record in numbered])
    rows: list[dict[str, object]] = []
    before = ""
    for line, record in numbered[len(HEADINGS) : -1]:
        if not any(record):
            continue
        if len(record) != len(names):
            raise DataError(
                f"{opened.file.path}: line {line}: {len(record)} fields where the header has "
                f"{len(names)}; pull it again"
            )
        month = record[0]
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) or month <= before:
            raise opened.refuse(line, "Name", month, "is not a month, or out of order")
        before = month
        rows += _rows_of_month(opened, line, month, dict(zip(names, record, strict=True)))
    yield "flows", table("flows").arrow(_with_same_keys(rows))


def _names(opened: Opened, lines: list[list[str]]) -> list[str]:
    """Return the names of the columns, after checking the heading and the last line."""
    path = opened.file.path
    if tuple(line[0] if line else "" for line in lines[: len(HEADINGS)]) != HEADINGS:
        raise DataError(
            f"{path}: line 1: the first column does not read {', '.join(HEADINGS)}: not Wind's "
            "export"
        )
    names = lines[0]
    units = lines[HEADINGS.index("Unit")]
    for name in SERIES:
        if name not in names:
            raise DataError(f"{path}: line 1: column {name!r} is missing")
    for name in names[1:]:
        if name not in SERIES and name not in WORLD:
            raise DataError(f"{path}: line 1: column {name!r} is not known")
    for name, unit in zip(names[1:], units[1:], strict=True):
        if name in SERIES and unit != SERIES[name][2]:
            raise opened.refuse(4, name, unit, f"is not the unit expected, {SERIES[name][2]}")
    if lines[-1][:1] != ["Source: Wind"]:
        raise DataError(
            f"{path}: line {len(lines)}: does not end with 'Source: Wind': the file is cut. "
            "Pull it again; nothing was taken in"
        )
    return names


def _rows_of_month(
    opened: Opened, line: int, month: str, cells: dict[str, str]
) -> list[dict[str, object]]:
    """Return a row for each fuel that has a figure in a month."""
    known_on, basis = opened.known(month)
    shared: dict[str, object] = {
        "period": month,
        "reporter": "CHN",
        "partner": "RUS",
        "flow": "M",
        "nomenclature": "fuel",
        "is_aggregate": False,
        "kind": "reported",
        "locator": f"line {line}",
        "known_on": known_on,
        "known_basis": basis,
    }
    by_fuel: dict[str, dict[str, object]] = {}
    for name, (fuel, is_volume, unit) in _in_order(cells):
        amount = _amount(opened, line, name, cells[name])
        row = by_fuel.setdefault(fuel, {**shared, "product": f"fuel:{fuel}"})
        if is_volume:
            row["quantity"] = None if amount is None else amount / PER_TONNE[unit]
            row["quantity_unit"] = "t"
        else:
            row["value"] = amount
            row["currency"] = "USD"
    return list(by_fuel.values())


def _in_order(cells: dict[str, str]) -> Iterator[tuple[str, tuple[str, bool, str]]]:
    """Yield the series that have a figure, in the order of the file's columns."""
    for name, text in cells.items():
        if name in SERIES and text != "":
            yield name, SERIES[name]


def _amount(opened: Opened, line: int, name: str, text: str) -> float | None:
    try:
        return number(text.replace(",", ""))
    except ValueError as e:
        raise opened.refuse(line, name, text, str(e)) from None


def _with_same_keys(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows with the keys of all of them, None where a row has no value."""
    keys = {key: None for row in rows for key in row}
    return [dict.fromkeys(keys) | row for row in rows]
