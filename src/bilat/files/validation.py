# SPDX-License-Identifier: Apache-2.0
"""Parquet files of strangers: read once, whole, before anything is made of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bilat.errors import DataError

#: Memory that DuckDB's reading may take.
MEMORY = "700MB"


def refuse_damaged(
    path: Path, title: str | Path, engine: str, cure: str = "copy or download it again"
) -> None:
    """Refuse a Parquet file that cannot be read whole; ``engine``, arrow or duckdb, is what will
    read it.

    Raises
    ------
    DataError
        naming ``title``, the file as the person knows it.
    """
    stat = path.stat()
    if said := _said(str(path.resolve()), stat.st_size, stat.st_mtime_ns, engine):
        raise DataError(said, file=title, cure=cure)


@lru_cache(maxsize=256)
def _said(path: str, size: int, modified: int, engine: str) -> str:
    """What is wrong with a file of this size and time; blank for a sound one."""
    import duckdb
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=10_000) if engine == "arrow" else ():
                batch.validate(full=True)
        if engine == "duckdb":
            with duckdb.connect(":memory:", config={"memory_limit": MEMORY}) as con:
                # A hash is made of every value, so that no statistics of the file stand in for its
                # rows.
                plain = "".join(f"[{c}]" if c in "*?[" else c for c in path)
                con.execute("SELECT max(hash(COLUMNS(*))) FROM read_parquet(?)", [plain]).fetchall()
    except Exception as e:
        return f"not a valid Parquet file ({' '.join(str(e).split())[:200]})"
    return ""
