# SPDX-License-Identifier: Apache-2.0
"""Parquet files of BACI or ``flows``, checked where they lie: never copied, read in their own
codes.

A column's least, greatest and missing values are in the file's own statistics, so most checks of a
large file read no row.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bilat.engine import quote
from bilat.errors import DataError
from bilat.files.archives import UnpackedFile, with_plain_name
from bilat.files.validation import refuse_damaged
from bilat.formats.trade.shape import PERIODS, PRODUCTS, Shaped
from bilat.places import country_or_none, place_codes

#: Below this many rows every key and value is read; above, those of the legs.
CHECKED_ROWS = 5_000_000
_FLOWS = ("reporter", "partner", "product", "period", "flow")


def parquet(source: UnpackedFile, work: Path) -> Shaped:
    """A Parquet file of BACI or ``flows``.

    Raises
    ------
    DataError
        naming the file, and the row and column where one is at fault.
    """
    path = source.path
    refuse_damaged(source.at, path, "duckdb")
    try:
        meta = pq.read_metadata(source.at)
        schema = meta.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as e:
        raise DataError(f"{path}: no sound Parquet file ({e}). Copy or download it again") from None
    if not meta.num_rows:
        raise DataError(f"{path}: the file holds no rows")
    names = set(schema.names)
    key: tuple[str, ...]
    if {"t", "i", "j", "k", "v"} <= names:
        baci = True
        key = ("i", "j", "k", "t")
        value = "v"
        weight = "q"
    elif {*_FLOWS, "value"} <= names:
        baci = False
        key = _FLOWS
        value = "value"
        weight = "quantity"
    else:
        raise DataError(
            f"{path}: the columns {', '.join(schema.names[:8])} are neither BACI (t, i, j, k, v, "
            "q) nor flows (reporter, partner, product, period, flow, value, quantity)"
        )
    _types(path, schema, baci, value, weight)
    at = with_plain_name(source.at, work, ".parquet")
    checks = _Checks(path, at, meta)
    currency = "USD"
    try:
        with duckdb.connect(
            ":memory:", config={"memory_limit": "1GB", "threads": 2, "temp_directory": str(work)}
        ) as con:
            checks.con = con
            for column in key:
                checks.refuse(column, f"{column} IS NULL", "is missing", nulls=True)
            if weight in names:
                checks.refuse(weight, f"{weight} < 0", "is not a weight of at least 0", low=0)
            if meta.num_rows <= CHECKED_ROWS:
                _values(checks, value, weight if weight in names else None)
            if baci:
                _baci(checks, schema, meta.num_rows)
            else:
                _flows(checks)
                currency = _units(checks, names)
            if meta.num_rows <= CHECKED_ROWS:
                listed = ", ".join(key)
                twice = con.execute(
                    f"SELECT {listed}, count(*) FROM {checks.source} GROUP BY {listed} HAVING "
                    "count(*) > 1 LIMIT 1"
                ).fetchone()
                if twice:
                    raise DataError(
                        f"{path}: {' '.join(map(str, twice[:-1]))} stands {twice[-1]} times "
                        f"(duplicate key {listed}). Keep one row of each"
                    )
    except duckdb.Error as e:
        raise DataError(
            f"{path}: the Parquet file is damaged ({str(e).splitlines()[0]}). Copy or download it "
            "again"
        ) from None
    name = "BACI Parquet" if baci else "flows Parquet"
    return Shaped(
        path,
        parquet=at,
        format=name,
        currency=currency,
        rows=meta.num_rows,
        notes=(),
        codes="HS" if baci else "own",
        states_currency=baci or "currency" in names,
    )


def _types(path: Path, schema: pa.Schema, baci: bool, value: str, weight: str) -> None:
    def refuse(column: str, wanted: str) -> None:
        what = f"column {column} is {schema.field(column).type}"
        raise DataError(what, file=path, cure=wanted)

    def is_text(column: str) -> bool:
        kind = schema.field(column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    def is_number(column: str) -> bool:
        kind = schema.field(column).type
        return bool(
            pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        )

    if baci:
        for column in ("t", "i", "j", "k"):
            if not pa.types.is_integer(schema.field(column).type) and not (
                column == "k" and is_text("k")
            ):
                refuse(column, "BACI has integers there")
    else:
        for column in _FLOWS:
            if not is_text(column):
                refuse(
                    column,
                    "write it as text (HS codes keep their leading zeros, periods are 2022 or "
                    "2022-03)",
                )
    if not is_number(value):
        refuse(value, "write it as a number")
    if weight in schema.names and not is_number(weight):
        refuse(weight, "write it as a number, null where the weight is unknown")


class _Checks:
    """Refuses the first row for which a test is true; the file's statistics spare most scans."""

    con: duckdb.DuckDBPyConnection

    def __init__(self, path: Path, at: Path, meta: pq.FileMetaData) -> None:
        self.path = path
        self.source = f"read_parquet({quote(at)}, file_row_number = true)"
        self.meta = meta
        self.columns = {meta.schema.column(n).path: n for n in range(meta.num_columns)}

    def extent(self, column: str) -> tuple[Any, Any, int] | None:
        """Least, greatest and missing values; None where the file does not say."""
        found = [
            self.meta.row_group(g).column(self.columns[column]).statistics
            for g in range(self.meta.num_row_groups)
        ]
        if not found or any(s is None or not s.has_null_count for s in found):
            return None
        whole = [s for s in found if s.has_min_max]
        if len(whole) < len(found):
            return None
        return (
            min(s.min for s in whole),
            max(s.max for s in whole),
            sum(s.null_count for s in found),
        )

    def refuse(
        self,
        column: str,
        wrong: str,
        why: str,
        *,
        nulls: bool = False,
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        known = self.extent(column)
        if known is not None:
            least, most, missing = known
            if nulls and not missing:
                return
            bounded = (low is None or least >= low) and (high is None or most <= high)
            if (low is not None or high is not None) and bounded:
                return
        bad = self.con.execute(
            f"SELECT file_row_number + 1, {column} FROM {self.source} WHERE {wrong} LIMIT 1"
        ).fetchone()
        if bad:
            raise DataError(
                f"{self.path}: row {bad[0]}, column {column}: {bad[1]!r} {why}; fix the file"
            )


def _values(checks: _Checks, value: str, weight: str | None) -> None:
    """In a larger file the totals show a wrong value, by countries and period, without a scan of
    its own.
    """
    # A sum is made of every value; isnan() and the like DuckDB answers from the file's statistics,
    # which leave NaN out.
    weighed = f"sum(CAST({weight} AS DOUBLE))" if weight else "NULL"
    total, least, blank, _ = checks.con.execute(
        f"SELECT sum(CAST({value} AS DOUBLE)), min({value}), count(*) - count({value}), {weighed} "
        f"FROM {checks.source}"
    ).fetchall()[0]
    if blank or least is None or least < 0 or not math.isfinite(total):
        text = f"CAST({value} AS VARCHAR)"
        checks.refuse(
            value,
            f"{value} IS NULL OR {value} < 0 OR {text} IN ('nan', 'inf', '-inf', '-nan')",
            "is not a value of at least 0",
        )


def _baci(checks: _Checks, schema: pa.Schema, rows: int) -> None:
    checks.refuse(
        "t",
        "NOT (t BETWEEN 1900 AND 2100 OR t BETWEEN 190001 AND 210012)",
        "is not a year (2021) or month (202103)",
        low=1900,
        high=2100,
    )
    if pa.types.is_integer(schema.field("k").type):
        checks.refuse("k", "k < 10000 OR k > 999999", "is not an HS6 code", low=10000, high=999999)
    else:
        checks.refuse("k", "NOT regexp_full_match(k, '[0-9]{5,6}')", "is not an HS6 code")
    if rows > CHECKED_ROWS:
        return  # an unknown country is refused when the totals are read
    known = ", ".join(map(str, sorted(place_codes.by_number())))
    for column in ("i", "j"):
        checks.refuse(
            column,
            f"{column} NOT IN ({known})",
            "is in no list of country codes (CEPII country_codes)",
        )


def _flows(checks: _Checks) -> None:
    for column, wrong in (
        ("product", f"NOT regexp_full_match(product, '{PRODUCTS}')"),
        ("period", f"NOT regexp_full_match(period, '{PERIODS}')"),
        ("flow", "flow NOT IN ('X', 'M')"),
    ):
        checks.refuse(column, wrong, "is not what flows hold there")
    for column in ("reporter", "partner"):
        for (code,) in checks.con.execute(
            f"SELECT DISTINCT {column} FROM {checks.source}"
        ).fetchall():
            known = country_or_none(code) == code or code == place_codes.WORLD
            if not known and not place_codes.is_area(code):
                checks.refuse(
                    column, f"{column} = {quote(code)}", "is not an ISO 3166-1 alpha-3 code"
                )


def _units(checks: _Checks, names: set[str]) -> str:
    """The one currency of the values; a column of units may name kilograms only."""
    if "unit" in names:
        checks.refuse(
            "unit",
            "lower(trim(unit)) NOT IN ('kg', '')",
            "is not kg: quantities of flows are kilograms",
        )
    if "currency" not in names:
        return "USD"
    checks.refuse("currency", "currency IS NULL", "names no currency", nulls=True)
    found = checks.con.execute(
        f"SELECT DISTINCT upper(trim(currency)) FROM {checks.source} ORDER BY 1"
    ).fetchall()
    if len(found) > 1:
        checks.refuse(
            "currency",
            f"upper(trim(currency)) <> {quote(found[0][0])}",
            f"stands beside {found[0][0]}: mixed units; give one currency a file",
        )
    return str(found[0][0])
