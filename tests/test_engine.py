# SPDX-License-Identifier: Apache-2.0
"""Queries in memory: one database a process, and nobody sees another's tables."""

import pyarrow as pa

from bilat.engine import in_memory


def test_nobody_sees_what_another_registered_or_made_and_nothing_stays() -> None:
    rows = {n: pa.table({"n": [n]}) for n in (1, 2)}
    with in_memory() as one, in_memory() as two:
        for n, connection in enumerate((one, two), 1):
            connection.register("rows", rows[n])
            connection.execute("CREATE TEMP TABLE made AS SELECT n FROM rows")
        for n, connection in enumerate((one, two), 1):
            found = connection.execute("SELECT rows.n, made.n FROM rows, made").fetchall()
            assert found == [(n, n)]
    with in_memory() as later:
        left = (
            "FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
        )
        assert later.execute(f"SELECT table_name {left}").fetchall() == []
