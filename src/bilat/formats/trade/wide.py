# SPDX-License-Identifier: Apache-2.0
"""Formats that are not plain tables: Comtrade v1 JSON, Eurostat Data Browser workbooks, IMF IMTS.

Each is turned into long rows of text, which then pass the same checks as any delimited file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

#: The fields that are read of a row of UN Comtrade's answer.
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
#: Rows that are loaded at once.
BATCH = 50_000


def load(
    con: duckdb.DuckDBPyConnection,
    rows: Iterator[Mapping[str, str | None]],
    columns: tuple[str, ...],
) -> int:
    """Fill the table ``raw`` with rows of text, in batches, and return their number."""
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
    """Yield the rows of an answer of UN Comtrade's ``data/v1/get``, reading one object at a time.

    Parameters
    ----------
    at
        the file on disk.
    path
        its name to a person.

    Raises
    ------
    DataError
        if the file is no such answer, is cut off, has an object larger than a megabyte, or is an
        answer with an error.
    """
    decoder = json.JSONDecoder()
    with at.open(encoding="utf-8-sig", errors="replace") as file:
        buffer = _after_data(file.read(LONGEST_LINE), path)
        number = 0
        while True:
            buffer = buffer.lstrip(" \r\n\t,")
            if buffer.startswith("]"):
                _refuse_error(buffer + file.read(LONGEST_LINE), path)
                return
            try:
                row, end = decoder.raw_decode(buffer)
            except json.JSONDecodeError:
                # The object may go on in the next part of the file.
                more = file.read(LONGEST_LINE)
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
            yield {field: _text(row.get(field)) for field in FIELDS}
            buffer = buffer[end:]


def _after_data(text: str, path: Path) -> str:
    """Return what follows the beginning of the list "data"."""
    found = re.search(r'"data"\s*:\s*\[', text)
    if found is None:
        raise DataError(
            f"{path}: this JSON is not an answer of Comtrade's data/v1/get "
            '(it holds no list "data"). Save the answer as it came'
        )
    return text[found.end() :]


def _refuse_error(text: str, path: Path) -> None:
    """Refuse an answer whose end has an error."""
    error = re.search(r'"error"\s*:\s*"([^"]+)"', text)
    if error:
        raise DataError(f"{path}: the answer holds an error of Comtrade's: {error[1]}; ask again")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


#: The columns of a long table, and ``cell``, which says where a row was read.
LONG = ("reporter", "partner", "product", "period", "flow", "value", "cell")


@dataclass
class _Sheet:
    """The part of a Data Browser sheet that was read so far.

    Lines come in this order: those with PRODUCT, FLOW and INDICATORS; TIME with the months; the
    labels REPORTER and PARTNER; one line per pair of states; footnotes.
    """

    title: str
    head: dict[str, str] = field(default_factory=dict)
    periods: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    is_over: bool = False

    def has_data(self, row: tuple[Any, ...]) -> bool:
        """Read a line; return whether it is a line of figures."""
        first = str(row[0]).strip() if row and row[0] is not None else ""
        name = first.split(" ")[0]
        if self.is_over:
            return False
        if not self.periods:
            self._read_head(first, name, row)
            return False
        if not self.labels:
            if first.startswith(("REPORTER", "PARTNER")):
                self.labels = [name, str(row[1] or "").split(" ")[0]]
            return False
        if first.startswith(("Special", "Observation")):
            self.is_over = True
            return False
        return len(row) >= 3 and bool(first) and row[1] is not None

    def _read_head(self, first: str, name: str, row: tuple[Any, ...]) -> None:
        has_value = len(row) > 2 and row[2] is not None
        if has_value and name in ("PRODUCT", "FLOW", "INDICATORS"):
            self.head[name] = str(row[2]).strip()
        elif first == "TIME":
            self.periods = [str(value or "") for value in row[2:]]


def databrowser(at: Path, path: Path) -> Iterator[Mapping[str, str | None]]:
    """Yield the cells of a Eurostat Data Browser workbook: a sheet per product, months across.

    Parameters
    ----------
    at
        the file on disk.
    path
        its name to a person.

    Raises
    ------
    DataError
        if the workbook has no data sheet, or a sheet lacks its product, flow or indicator.
    """
    has_data = False
    current = _Sheet("")
    with workbook(at, path) as book:
        for sheet, number, row in sheet_rows(book, path):
            if sheet.title != current.title:
                current = _Sheet(sheet.title)
            if current.has_data(row):
                has_data = True
                yield from _cells(path, current, number, row)
    if not has_data:
        raise DataError(
            f"{path}: no sheet has a table of REPORTER by PARTNER with one column for each month. "
            "Export DS-045409 from the Data Browser without changing its layout"
        )


def _cells(
    path: Path, sheet: _Sheet, number: int, row: tuple[Any, ...]
) -> Iterator[Mapping[str, str | None]]:
    """Yield the cells of a line of figures that are neither empty nor zero."""
    from openpyxl.utils import get_column_letter

    name = f"sheet {sheet.title!r}"
    indicator = sheet.head.get("INDICATORS", "")
    if not indicator.startswith("VALUE_IN_EUR"):
        raise DataError(
            f"{path}: {name} holds {indicator or 'no indicator'}: export VALUE_IN_EUROS"
        )
    product = re.search(r"\[(\w+)\]\s*$", sheet.head.get("PRODUCT", ""))
    flow = {"EXPORT": "X", "IMPORT": "M"}.get(sheet.head.get("FLOW", ""))
    if product is None or flow is None:
        raise DataError(f"{path}: {name} names no product code or no flow above its table")
    states = dict(zip(sheet.labels, (str(row[0]), str(row[1])), strict=True))
    for column, (period, value) in enumerate(zip(sheet.periods, row[2:], strict=False), start=3):
        text = "" if value is None else str(value).strip()
        if not period or text in ("", ":", "0", "0.0"):
            continue
        yield {
            "reporter": states.get("REPORTER"),
            "partner": states.get("PARTNER"),
            "product": product[1],
            "period": period.replace("M", "-"),
            "flow": flow,
            "value": text,
            "cell": f"{sheet.title}!{get_column_letter(column)}{number}",
        }


#: The select list that turns the columns of imts_sql() into those of a long table.
IMTS_LONG = ", ".join(
    f"_{c} AS {c}" for c in ("reporter", "partner", "product", "period", "flow", "value")
)
_IMTS_PERIOD = re.compile(r"(19|20)\d\d(-M?\d\d)?")


def imts_sql(header: Sequence[str]) -> str:
    """Return SQL over ``raw``, the rows of an IMF IMTS file, with one row for each filled cell.

    It adds the columns ``_reporter`` to ``_value`` to the publisher's. A value is multiplied by the
    power of ten in SCALE.ID; a cell that is not a number keeps its text, to be refused.
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
    """Return the code of an IMF label.

    Countries have their ISO alpha-3 code. Areas (G163, TX899) become "not elsewhere specified", so
    that none of them is taken for a hub.
    """
    if label == "G001":
        return place_codes.WORLD
    return (country_or_none(label) if len(label) == 3 else None) or place_codes.NES


def _long(
    name: str,
    place: Callable[[str], str | None],
    currency: str,
    notes: tuple[str, ...] = (),
    sums: bool = False,
) -> TradeFormat:
    """Return the format of a long table whose columns have our names already."""
    names = ("reporter", "partner", "product", "period", "flow", "value")
    return TradeFormat(
        name,
        {column: f'"{column}"' for column in names},
        place,
        currency,
        notes=notes,
        sums=sums,
    )


DATABROWSER = replace(_long("Eurostat Data Browser xlsx", _eurostat_place, "EUR"), codes="CN")
IMTS = _long(
    "IMF IMTS", _imf_place, "USD", ("areas that are not countries are put together",), sums=True
)
