# SPDX-License-Identifier: Apache-2.0
"""Queries in memory: one database a process, and nobody sees another's tables."""

import os
import subprocess
import sys

import pyarrow as pa
import pytest

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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_asks_and_ends() -> None:
    asked = """
import os
from bilat.engine import in_memory

def ask():
    with in_memory() as connection:
        assert connection.execute("SELECT sum(range) FROM range(1000)").fetchall() == [(499500,)]

ask()
child = os.fork()
ask()
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", asked], check=True, timeout=60)
