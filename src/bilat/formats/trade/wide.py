# SPDX-License-Identifier: Apache-2.0
"""Formats that are not plain tables: Comtrade v1 JSON, Eurostat Data Browser workbooks, IMF IMTS.

Each is turned into long rows of text, which then pass the same checks as any delimited file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bilat.errors import DataError
from bilat.files.text import LONGEST_LINE
from bilat.formats.trade.shape import TradeFormat
from bilat.formats.workbook import sheet_rows, workbook
from bilat.places import country_or_none, place_codes

#: The fields of an API row that decide what it is.
FIELDS = (
    "typeCode",
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "partner2Code",
    "classificationCode",
    "cmdCode",
    "customsCode",
    "mosCode",
    "motCode",
    "netWgt",
    "primaryValue",
)
BATCH = 50_000


def load(
    con: duckdb.DuckDBPyConnection,
    rows: Iterator[Mapping[str, str | None]],
    columns: tuple[str, ...],
) -> int:
    """``raw`` from rows of text, in batches; the number of rows."""
    listed = ", ".join(f'"{c}" VARCHAR' for c in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw ({listed})")
    count = 0
    while batch := list(islice(rows, BATCH)):
        table = pa.table({c: pa.array([r.get(c) for r in batch], pa.string()) for c in columns})
        con.register("batch", table)
        con.execute("INSERT INTO raw SELECT * FROM batch").fetchall()
        con.unregister("batch")
        count += len(batch)
    return count


def comtrade_json(at: Path, path: Path) -> Iterator[Mapping[str, str | None]]:
    """The rows of an answer of ``data/v1/get``, one object at a time; ``path`` is the file's name
    to a person.

    Raises
    ------
    DataError
        if the file is no such answer, is cut off, holds an object larger than a megabyte, or is an
        answer that tells of an error.
    """
    decoder = json.JSONDecoder()
    with at.open(encoding="utf-8-sig", errors="replace") as f:
        buffer = f.read(LONGEST_LINE)
        found = re.search(r'"data"\s*:\s*\[', buffer)
        if found is None:
            raise DataError(
                f"{path}: this JSON is not an answer of Comtrade's data/v1/get "
                '(it holds no list "data"). Save the '
                "answer as it came"
            )
        buffer = buffer[found.end() :]
        number = 0
        while True:
            buffer = buffer.lstrip(" \r\n\t,")
            if buffer.startswith("]"):
                error = re.search(r'"error"\s*:\s*"([^"]+)"', buffer + f.read(LONGEST_LINE))
                if error:
                    raise DataError(
                        f"{path}: the answer holds an error of Comtrade's: {error[1]}; ask again"
                    )
                return
            try:
                row, end = decoder.raw_decode(buffer)
            except json.JSONDecodeError:
                more = f.read(LONGEST_LINE)
                if not more or len(buffer) > LONGEST_LINE:
                    raise DataError(
                        f'{path}: row {number + 1} of "data" is cut off or damaged; '
                        "download the answer again"
                    ) from None
                buffer += more
                continue
            number += 1
            if not isinstance(row, dict):
                raise DataError(
                    f'{path}: row {number} of "data" is not an object: {str(row)[:40]!r}'
                )
            yield {c: _text(row.get(c)) for c in FIELDS}
            buffer = buffer[end:]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


LONG = ("reporter", "partner", "product", "period", "flow", "value", "cell")


def databrowser(at: Path, path: Path) -> Iterator[Mapping[str, str | None]]:
    """The cells of a Eurostat Data Browser workbook: one product a sheet, months across. ``path``
    is the file's name to a person.

    Raises
    ------
    DataError
        if the workbook has no data sheet, or a sheet lacks its product, flow or indicator.
    """
    seen = False
    head: dict[str, str] = {}
    periods: list[str] = []
    labelled: list[str] = []
    of = ""
    done = False
    with workbook(at, path) as book:
        for sheet, number, row in sheet_rows(book, path):
            if sheet.title != of:
                of = sheet.title
                done = False
                head = {}
                periods = []
                labelled = []
            first = str(row[0]).strip() if row and row[0] is not None else ""
            if done:
                continue
            if not periods:
                if (
                    len(row) > 2
                    and row[2] is not None
                    and first.split(" ")[0] in ("PRODUCT", "FLOW", "INDICATORS")
                ):
                    head[first.split(" ")[0]] = str(row[2]).strip()
                elif first == "TIME":
                    periods = [str(v or "") for v in row[2:]]
                continue
            if not labelled:
                if first.startswith(("REPORTER", "PARTNER")):
                    labelled = [first.split(" ")[0], str(row[1] or "").split(" ")[0]]
                continue
            if first.startswith(("Special", "Observation")):
                done = True
                continue
            if len(row) < 3 or not first or row[1] is None:
                continue
            seen = True
            yield from _cells(path, sheet.title, number, row, head, periods, labelled)
    if not seen:
        raise DataError(
            f"{path}: no sheet holds a table of REPORTER by PARTNER with months across. Export "
            "DS-045409 from the Data Browser as it offers it"
        )


def _cells(
    path: Path,
    sheet: str,
    number: int,
    row: tuple[Any, ...],
    head: dict[str, str],
    periods: list[str],
    labelled: list[str],
) -> Iterator[Mapping[str, str | None]]:
    from openpyxl.utils import get_column_letter

    indicator = head.get("INDICATORS", "")
    if not indicator.startswith("VALUE_IN_EUR"):
        raise DataError(
            f"{path}: sheet {sheet!r} holds {indicator or 'no indicator'}: export VALUE_IN_EUROS"
        )
    code = re.search(r"\[(\w+)\]\s*$", head.get("PRODUCT", ""))
    flow = {"EXPORT": "X", "IMPORT": "M"}.get(head.get("FLOW", ""))
    if code is None or flow is None:
        raise DataError(f"{path}: sheet {sheet!r} names no product code or no flow above its table")
    who = dict(zip(labelled, (str(row[0]), str(row[1])), strict=True))
    for at, (period, value) in enumerate(zip(periods, row[2:], strict=False), start=3):
        text = "" if value is None else str(value).strip()
        if not period or text in ("", ":", "0", "0.0"):
            continue
        yield {
            "reporter": who.get("REPORTER"),
            "partner": who.get("PARTNER"),
            "product": code[1],
            "period": period.replace("M", "-") if "M" in period else period,
            "flow": flow,
            "value": text,
            "cell": f"{sheet}!{get_column_letter(at)}{number}",
        }


#: The columns of ``LONG`` that shape() reads, of what imts_sql() makes.
IMTS_LONG = ", ".join(
    f"_{c} AS {c}" for c in ("reporter", "partner", "product", "period", "flow", "value")
)
_IMTS_PERIOD = re.compile(r"(19|20)\d\d(-M?\d\d)?")


def imts_sql(header: Sequence[str]) -> str:
    """SQL over ``raw``, the text rows of an IMF IMTS file: one row a cell that is filled, scaled by
    SCALE.ID.

    Beside the publisher's columns it has ``_reporter`` to ``_value``; a cell that is not a number
    has no _value.
    """
    periods = ", ".join(f'"{c}"' for c in header if _IMTS_PERIOD.fullmatch(c))
    return f"""
    SELECT *, "COUNTRY.ID" AS _reporter, "COUNTERPART_COUNTRY.ID" AS _partner, 'TOTAL' AS _product,
           replace(_column, 'M', '') AS _period,
           CASE WHEN starts_with("INDICATOR.ID", 'MG') THEN 'M' ELSE 'X' END AS _flow,
           coalesce(
               CAST(TRY_CAST(trim(_cell) AS DOUBLE)
                    * pow(10, coalesce(TRY_CAST("SCALE.ID" AS INTEGER), 0)) AS VARCHAR),
               trim(_cell)
           ) AS _value
    FROM (UNPIVOT raw ON {periods} INTO NAME _column VALUE _cell)
    WHERE trim(_cell) <> '' AND regexp_full_match("INDICATOR.ID", '(MG|XG).*USD')
    """


def _eurostat_place(label: str) -> str | None:
    return place_codes.by_alpha2().get(label) or place_codes.by_name(label)


def _imf_place(label: str) -> str | None:
    """IMF codes: ISO alpha-3, or an area's own code (G163, TX899): an area is never a hub."""
    if label == "G001":
        return place_codes.WORLD
    return (country_or_none(label) if len(label) == 3 else None) or place_codes.NES


def _long(
    name: str, place: Any, currency: str, notes: tuple[str, ...] = (), sums: bool = False
) -> TradeFormat:
    plain = {c: f'"{c}"' for c in ("reporter", "partner", "product", "period", "flow", "value")}
    return TradeFormat(
        name,
        plain,
        {**{c: c for c in plain}, "value": "value"},
        place,
        currency,
        notes=notes,
        sums=sums,
    )


DATABROWSER = replace(_long("Eurostat Data Browser xlsx", _eurostat_place, "EUR"), codes="CN")
IMTS = _long(
    "IMF IMTS", _imf_place, "USD", ("areas that are not countries are put together",), sums=True
)
