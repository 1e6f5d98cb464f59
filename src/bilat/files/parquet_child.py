# SPDX-License-Identifier: Apache-2.0
"""A program of its own: reads a Parquet file once, whole, within bounds of memory, and says what is wrong with it.

``python parquet_child.py PATH ENGINE BYTES``; ENGINE is arrow or duckdb. Exit code 0 for a sound file; 3 with one line on
standard output for one that the library refuses. :mod:`bilat.files.sound` runs it; it imports nothing of bilat, so that
it starts quickly.
"""

from __future__ import annotations

import contextlib
import sys


def _bounded(most: int) -> None:
    """No more private memory than so many bytes, where the system can hold a process to it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def wrong(path: str, engine: str) -> str:
    """What is wrong with the file; blank for a sound one."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            if engine == "arrow":
                for _ in file.iter_batches(batch_size=10_000):
                    pass
                return ""
    except Exception as e:
        return f"no sound Parquet file ({e})"
    import duckdb

    try:
        with duckdb.connect(":memory:", config={"memory_limit": "700MB", "threads": 2}) as con:
            # A hash is made of every value, so that no statistics of the file stand in for its rows.
            con.execute(
                "SELECT max(hash(COLUMNS(*))) FROM read_parquet(?)",
                ["".join(f"[{c}]" if c in "*?[" else c for c in path)],
            ).fetchall()
    except duckdb.Error as e:
        return f"the Parquet file is damaged ({str(e).splitlines()[0]})"
    return ""


if __name__ == "__main__":
    _bounded(int(sys.argv[3]))
    said = wrong(sys.argv[1], sys.argv[2])
    print(" ".join(said.split())[:300])
    sys.exit(3 if said else 0)
