# SPDX-License-Identifier: Apache-2.0
"""DuckDB in process for analysis over many rows, and a Spark session for what is spread over a
cluster.

Results come back as Arrow tables. DuckDB is limited to a share of memory and spills to disk beyond
it, so that a file larger than memory still finishes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from bilat.errors import DataError, UsageError

if TYPE_CHECKING:
    import duckdb


def quote(text: str | Path) -> str:
    """A SQL string literal, quotes doubled."""
    return "'" + str(text).replace("'", "''") + "'"


def _paths(source: str | Path | Sequence[str | Path]) -> list[str]:
    files = [source] if isinstance(source, (str, Path)) else list(source)
    for f in files:
        if not Path(f).exists():
            raise DataError(f"{f}: file not found")
    return [str(f) for f in files]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """The empty database of this process."""
    import duckdb

    return duckdb.connect(":memory:")


# A forked process has no threads of its parent's database, and would wait for them when it ends.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_database.cache_clear)


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a DuckDB connection for a few queries on registered tables.

    To open a database takes longer than the queries on most files: a process opens one. Others see
    nothing of what is registered or made as a TEMP table here; a plain table they would see.
    """
    connection = _database().cursor()
    try:
        yield connection
    finally:
        connection.close()


class DuckDB:
    """DuckDB in this process. ``memory`` and ``threads`` default to DuckDB's own choice."""

    def __init__(
        self, *, memory: str | None = None, threads: int | None = None, spill: Path | None = None
    ) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {}
        if memory:
            config["memory_limit"] = memory
        if threads:
            config["threads"] = threads
        self._spill: tempfile.TemporaryDirectory[str] | None = None
        with suppress(
            OSError
        ):  # a read-only disk has nowhere to spill; DuckDB then works in memory alone
            self._spill = tempfile.TemporaryDirectory(prefix="bilat-spill-", dir=spill)
            config["temp_directory"] = self._spill.name
        self.connection = duckdb.connect(":memory:", config=config)
        self.connection.execute("SET preserve_insertion_order = false")

    def register(self, name: str, source: pa.Table | str | Path | Sequence[str | Path]) -> None:
        if isinstance(source, pa.Table):
            self.connection.register(name, source)
            return
        files = _paths(source)
        listed = "[" + ", ".join(quote(f) for f in files) + "]"
        if files[0].endswith((".parquet", ".pq")):
            reader = f"read_parquet({listed}, union_by_name = true)"
        else:
            reader = f"read_csv({listed}, header = true, union_by_name = true)"
        self.connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {reader}')

    def run(self, sql: str) -> None:
        self.connection.execute(sql).fetchall()

    def keep(self, name: str, sql: str) -> None:
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}').fetchall()

    def table(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        self.connection.close()
        if self._spill is not None:
            self._spill.cleanup()


class Spark:
    """A Spark session on a standalone cluster (extra ``[spark]``; Java 17 or later)."""

    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise UsageError("the Spark engine needs pyspark: pip install 'bilat[spark]'") from None
        build = (
            SparkSession.builder.master(master).appName("bilat").config("spark.ui.enabled", "false")
        )
        self.session = build.getOrCreate()

    def close(self) -> None:
        self.session.stop()


def connect(where: str = "duckdb") -> DuckDB | Spark:
    """An engine by name: ``duckdb`` or ``spark://host:port``.

    Raises
    ------
    UsageError
        for any other name.
    """
    if where == "duckdb":
        return DuckDB()
    if where.startswith("spark://") or where.startswith("local"):
        return Spark(where)
    raise UsageError(f"unknown engine {where!r}: use duckdb or spark://host:port")
