# SPDX-License-Identifier: Apache-2.0
"""Parquet files of BACI or ``flows``, checked in place: they are not copied, and keep their codes.

The statistics of a file have the least and greatest value of each column and its missing values, so
most checks of a large file read no row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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

#: The most rows of a file whose keys and values are all checked here. In a larger file those of the
#: trade that is asked for are checked when they are read.
CHECKED_ROWS = 5_000_000
_FLOWS = ("reporter", "partner", "product", "period", "flow")


@dataclass(frozen=True)
class _Layout:
    """The columns of a kind of file."""

    name: str
    key: tuple[str, ...]
    value: str
    weight: str
    is_baci: bool


_BACI_LAYOUT = _Layout("BACI Parquet", ("i", "j", "k", "t"), "v", "q", is_baci=True)
_FLOWS_LAYOUT = _Layout("flows Parquet", _FLOWS, "value", "quantity", is_baci=False)


def parquet(source: UnpackedFile, work: Path) -> Shaped:
    """Check a Parquet file of BACI or ``flows``.

    Parameters
    ----------
    source
        the file; ``source.path`` is its name to a person, ``source.at`` the file on disk.
    work
        a folder for temporary files.

    Raises
    ------
    DataError
        naming the file, and the row and column with the fault.
    """
    path = source.path
    refuse_damaged(source.at, path, "duckdb")
    try:
        meta = pq.read_metadata(source.at)
        schema = meta.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as e:
        raise DataError(
            f"{path}: not a valid Parquet file ({e}). Copy or download it again"
        ) from None
    if not meta.num_rows:
        raise DataError(f"{path}: the file holds no rows")
    layout = _layout_of(path, schema)
    _check_types(path, schema, layout)
    readable = with_plain_name(source.at, work, ".parquet")
    try:
        with duckdb.connect(
            ":memory:", config={"memory_limit": "1GB", "threads": 2, "temp_directory": str(work)}
        ) as con:
            currency = _check_rows(_Checks(path, readable, meta, con), schema, layout)
    except duckdb.Error as e:
        raise DataError(
            f"{path}: the Parquet file is damaged ({str(e).splitlines()[0]}). Copy or download it "
            "again"
        ) from None
    return Shaped(
        path,
        parquet=readable,
        format=layout.name,
        currency=currency,
        rows=meta.num_rows,
        notes=(),
        codes="HS" if layout.is_baci else "own",
        states_currency=layout.is_baci or "currency" in schema.names,
    )


def _layout_of(path: Path, schema: pa.Schema) -> _Layout:
    for layout in (_BACI_LAYOUT, _FLOWS_LAYOUT):
        if {*layout.key, layout.value} <= set(schema.names):
            return layout
    raise DataError(
        f"{path}: the columns {', '.join(schema.names[:8])} are neither BACI (t, i, j, k, v, "
        "q) nor flows (reporter, partner, product, period, flow, value, quantity)"
    )


def _check_rows(checks: _Checks, schema: pa.Schema, layout: _Layout) -> str:
    """Refuse the first row at fault, and return the currency of the values."""
    rows = checks.meta.num_rows
    weight = layout.weight if layout.weight in schema.names else None
    for column in layout.key:
        checks.refuse(column, f"{column} IS NULL", "is missing", nulls=True)
    if weight:
        checks.refuse(weight, f"{weight} < 0", "is not a weight of at least 0", low=0)
    if rows <= CHECKED_ROWS:
        _check_values(checks, layout.value, weight)
    currency = "USD"
    if layout.is_baci:
        _check_baci(checks, schema, rows)
    else:
        _check_flows(checks)
        currency = _currency(checks, set(schema.names))
    if rows <= CHECKED_ROWS:
        _refuse_repeated_key(checks, layout.key)
    return currency


def _refuse_repeated_key(checks: _Checks, key: tuple[str, ...]) -> None:
    columns = ", ".join(key)
    repeated = checks.con.execute(
        f"SELECT {columns}, count(*) FROM {checks.source} GROUP BY {columns} "
        "HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if repeated:
        *values, times = repeated
        raise DataError(
            f"{checks.path}: {' '.join(map(str, values))} appears {times} times "
            f"(duplicate key {columns}). Keep one row of each"
        )


def _check_types(path: Path, schema: pa.Schema, layout: _Layout) -> None:
    """Refuse a column whose type is not that of its layout."""
    wanted = _types_of_baci(schema) if layout.is_baci else _types_of_flows(schema)
    wanted[layout.value] = (_is_number(schema, layout.value), "write it as a number")
    if layout.weight in schema.names:
        cure = "write it as a number, null where the weight is unknown"
        wanted[layout.weight] = (_is_number(schema, layout.weight), cure)
    for column, (is_right, cure) in wanted.items():
        if not is_right:
            problem = f"column {column} is {schema.field(column).type}"
            raise DataError(problem, file=path, cure=cure)


def _types_of_baci(schema: pa.Schema) -> dict[str, tuple[bool, str]]:
    """Return for each column whether its type is right, and the cure. Goods may be text."""
    cure = "BACI has integers there"
    columns = {c: (pa.types.is_integer(schema.field(c).type), cure) for c in ("t", "i", "j")}
    is_code = pa.types.is_integer(schema.field("k").type) or _is_text(schema, "k")
    return {**columns, "k": (is_code, cure)}


def _types_of_flows(schema: pa.Schema) -> dict[str, tuple[bool, str]]:
    """Return for each column whether its type is right, and the cure."""
    cure = "write it as text (HS codes keep their leading zeros, periods are 2022 or 2022-03)"
    return {column: (_is_text(schema, column), cure) for column in _FLOWS}


def _is_text(schema: pa.Schema, column: str) -> bool:
    kind = schema.field(column).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(schema: pa.Schema, column: str) -> bool:
    kind = schema.field(column).type
    checks = (pa.types.is_floating, pa.types.is_integer, pa.types.is_decimal)
    return any(is_kind(kind) for is_kind in checks)


class _Checks:
    """The checks of a file; its statistics make most scans of its rows unnecessary."""

    def __init__(
        self, path: Path, readable: Path, meta: pq.FileMetaData, con: duckdb.DuckDBPyConnection
    ) -> None:
        self.path = path
        self.source = f"read_parquet({quote(readable)}, file_row_number = true)"
        self.meta = meta
        self.con = con
        self.columns = {meta.schema.column(n).path: n for n in range(meta.num_columns)}

    def extent(self, column: str) -> tuple[Any, Any, int] | None:
        """Return (least value, greatest value, missing values); None if the file does not say."""
        place = self.columns[column]
        groups = range(self.meta.num_row_groups)
        statistics = [self.meta.row_group(group).column(place).statistics for group in groups]
        for of_group in statistics:
            if of_group is None or not of_group.has_null_count or not of_group.has_min_max:
                return None
        if not statistics:
            return None
        return (
            min(of_group.min for of_group in statistics),
            max(of_group.max for of_group in statistics),
            sum(of_group.null_count for of_group in statistics),
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
        """Refuse the first row with a wrong value.

        Parameters
        ----------
        column
            the column that is checked.
        wrong
            an SQL condition that is true of a wrong row.
        why
            what is wrong with the value.
        nulls
            whether only a missing value is wrong, so that a file without any need not be read.
        low, high
            bounds of the right values, so that a file within them need not be read.
        """
        extent = self.extent(column)
        if extent is not None:
            least, greatest, missing = extent
            if nulls and not missing:
                return
            has_bounds = low is not None or high is not None
            is_above_low = low is None or least >= low
            is_below_high = high is None or greatest <= high
            if has_bounds and is_above_low and is_below_high:
                return
        bad = self.con.execute(
            f"SELECT file_row_number + 1, {column} FROM {self.source} WHERE {wrong} LIMIT 1"
        ).fetchone()
        if bad:
            raise DataError(
                f"{self.path}: row {bad[0]}, column {column}: {bad[1]!r} {why}; fix the file"
            )


def _check_values(checks: _Checks, value: str, weight: str | None) -> None:
    """Refuse a value that is missing, negative or not finite."""
    # The sum reads every value. isnan() would be answered from the statistics, which leave NaN out.
    # Weights are summed only to read them, so that a damaged part of the file is found here.
    weights = f"sum(CAST({weight} AS DOUBLE))" if weight else "NULL"
    found = checks.con.execute(
        f"SELECT sum(CAST({value} AS DOUBLE)), min({value}), count(*) - count({value}), {weights} "
        f"FROM {checks.source}"
    ).fetchall()
    total, least, missing, _ = found[0]
    if missing or least is None or least < 0 or not math.isfinite(total):
        text = f"CAST({value} AS VARCHAR)"
        checks.refuse(
            value,
            f"{value} IS NULL OR {value} < 0 OR {text} IN ('nan', 'inf', '-inf', '-nan')",
            "is not a value of at least 0",
        )


def _check_baci(checks: _Checks, schema: pa.Schema, rows: int) -> None:
    """Refuse a period, a code of goods or a country that BACI does not have."""
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
        return  # unknown countries of a large file are refused when the totals are read
    known = ", ".join(map(str, sorted(place_codes.by_number())))
    for column in ("i", "j"):
        checks.refuse(
            column,
            f"{column} NOT IN ({known})",
            "is in no list of country codes (CEPII country_codes)",
        )


def _check_flows(checks: _Checks) -> None:
    """Refuse a code, a period or a country that ``flows`` may not have."""
    for column, wrong in (
        ("product", f"NOT regexp_full_match(product, '{PRODUCTS}')"),
        ("period", f"NOT regexp_full_match(period, '{PERIODS}')"),
        ("flow", "flow NOT IN ('X', 'M')"),
    ):
        checks.refuse(column, wrong, "is not what flows hold there")
    for column in ("reporter", "partner"):
        query = f"SELECT DISTINCT {column} FROM {checks.source}"
        for (code,) in checks.con.execute(query).fetchall():
            is_country = country_or_none(code) == code or code == place_codes.WORLD
            if not is_country and not place_codes.is_area(code):
                checks.refuse(
                    column, f"{column} = {quote(code)}", "is not an ISO 3166-1 alpha-3 code"
                )


def _currency(checks: _Checks, names: set[str]) -> str:
    """Return the one currency of the values; refuse units other than kilograms."""
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
            f"appears together with {found[0][0]}: mixed units; give one currency per file",
        )
    return str(found[0][0])
