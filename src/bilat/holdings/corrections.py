# SPDX-License-Identifier: Apache-2.0
"""Corrections in the open: a known upstream error is fixed by an entry, and the row says so."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from bilat.catalog import table as table_spec
from bilat.engine import in_memory
from bilat.errors import DataError
from bilat.package_files import read_package_toml


class Correction(BaseModel):
    """One fixed error. ``expect`` must still be in the row: else the entry itself is out of
    date."""

    model_config = ConfigDict(extra="forbid")

    id: str
    source: str
    table: str
    where: str
    column: str
    expect: str
    becomes: str
    why: str
    status: str


@cache
def corrections() -> tuple[Correction, ...]:
    """Every correction on record."""
    raw = read_package_toml("bilat.holdings", "corrections.toml")
    return tuple(Correction(**e) for e in raw.get("correction", []))


def correct(source: str, table: str, rows: pa.Table) -> pa.Table:
    """Apply the source's corrections to rows not yet stamped.

    An edition without the row is left alone (the error may be fixed upstream).

    Raises
    ------
    DataError
        if the row is there but does not hold the expected wrong value: the entry needs review.
    """
    due = [c for c in corrections() if c.source == source and c.table == table]
    if not due:
        return rows
    with in_memory() as con:
        con.register("incoming", rows)
        con.execute(
            "CREATE TEMP TABLE t AS SELECT *, CAST(NULL AS VARCHAR) AS corrected FROM incoming"
        )
        for c in due:
            kind = {f.name: f.type for f in table_spec(table).schema()}[c.column]
            held = con.execute(
                f'SELECT DISTINCT CAST("{c.column}" AS VARCHAR) FROM t WHERE {c.where}'
            ).fetchall()
            if not held:
                continue
            if held != [(c.expect,)]:
                raise DataError(
                    f"correction {c.id}: {source}.{table}.{c.column} holds {held[0][0]!r}, not {c.expect!r}: "
                    "the error may be fixed upstream; review holdings/corrections.toml"
                )
            sql_type = {
                "string": "VARCHAR",
                "double": "DOUBLE",
                "int64": "BIGINT",
                "date32[day]": "DATE",
            }[str(kind)]
            con.execute(
                f'UPDATE t SET "{c.column}" = CAST(? AS {sql_type}), corrected = ? WHERE {c.where}',
                [c.becomes, c.id],
            )
        return con.sql("SELECT * FROM t").to_arrow_table()
