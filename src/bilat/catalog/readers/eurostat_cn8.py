# SPDX-License-Identifier: Apache-2.0
"""EU members' exports of goods under export sanctions, by eight-digit code and month (Parquet, EUR).

1.1 million rows: columns are built whole, never row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.errors import DataError
from bilat.places.labels import partner_code

COLUMNS = ["reporter", "partner", "code", "level", "period", "value_eur"]
_DIGITS = {"CN8": r"^[0-9]{8}$", "HS4": r"^[0-9]{4}$"}


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per member, partner, code and month. HS4 rows overlap CN8 rows: ``nomenclature`` tells."""
    path = opened.file.path
    try:
        raw = pq.read_table(opened.path)
    except pa.ArrowInvalid as e:
        raise DataError(f"{path}: is no whole Parquet file ({e}); pull it again") from None
    if raw.column_names != COLUMNS:
        raise DataError(
            f"{path}: the columns are {raw.column_names}, not {COLUMNS}: not the file that "
            f"{opened.source.title} describes; check the download"
        )
    for name in COLUMNS:
        _refuse_where(opened, raw, name, pc.is_null(raw[name]), "is empty; every row has all six columns")
    _refuse_where(
        opened,
        raw,
        "level",
        pc.invert(pc.is_in(raw["level"], pa.array(list(_DIGITS)))),
        "is neither CN8 nor HS4",
    )
    for level, digits in _DIGITS.items():
        here = pc.equal(raw["level"], level)
        wrong = pc.and_(here, pc.invert(pc.match_substring_regex(raw["code"], digits)))
        _refuse_where(opened, raw, "code", wrong, f"is no code of level {level}")
    months = pc.match_substring_regex(raw["period"], r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
    _refuse_where(opened, raw, "period", pc.invert(months), "is no month YYYY-MM")
    _refuse_where(opened, raw, "value_eur", pc.less(raw["value_eur"], 0), "is below zero")
    _refuse_twice(opened, raw)
    n = raw.num_rows
    known = {p: opened.known(p) for p in pc.unique(raw["period"]).to_pylist()}
    columns = {
        "reporter": _each(raw["reporter"], lambda label: partner_code(label)[0]),
        "partner": _each(raw["partner"], lambda label: partner_code(label)[0]),
        "flow": pa.repeat("X", n),
        "product": raw["code"],
        "nomenclature": raw["level"],
        "value": raw["value_eur"].cast(pa.float64()),
        "currency": pa.repeat("EUR", n),
        "valuation": pa.repeat("FOB", n),
        "is_aggregate": pa.repeat(False, n),
        "period": raw["period"],
        "kind": pa.repeat("reported", n),
        "locator": pc.binary_join_element_wise(
            "row", pa.array(range(1, n + 1), pa.int32()).cast(pa.string()), " "
        ),
        "known_on": _each(raw["period"], lambda p: known[p][0], pa.date32()),
        "known_basis": _each(raw["period"], lambda p: known[p][1]),
    }
    schema = table("flows").schema(stamped=False)
    yield (
        "flows",
        pa.table(
            [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(n, f.type) for f in schema],
            schema=schema,
        ),
    )


def _each(
    column: pa.ChunkedArray, change: Callable[[str], object], kind: pa.DataType | None = None
) -> pa.Array:
    """A column with each distinct value changed once."""
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):  # pyarrow gives one or the other, by version
        coded = coded.combine_chunks()
    changed = pa.array([change(v) for v in coded.dictionary.to_pylist()], type=kind or pa.string())
    return changed.take(coded.indices)


def _refuse_where(opened: Opened, raw: pa.Table, column: str, wrong: pa.ChunkedArray, why: str) -> None:
    at = pc.index(wrong, True).as_py()
    if at >= 0:
        raise opened.refuse(at + 1, column, raw[column][at].as_py(), why)


def _refuse_twice(opened: Opened, raw: pa.Table) -> None:
    key = COLUMNS[:-1]
    counted = raw.group_by(key).aggregate([([], "count_all")])
    if counted.num_rows == raw.num_rows:
        return
    twice = counted.filter(pc.greater(counted["count_all"], 1)).slice(0, 1).to_pylist()[0]
    what = ", ".join(str(twice[k]) for k in key)
    raise DataError(
        f"{opened.file.path}: {what} stands in {twice['count_all']} rows: the file says it twice; "
        "pull it again; nothing was taken in"
    )
