# SPDX-License-Identifier: Apache-2.0
"""Parquet files of strangers: read once in a process of their own before they are read in this one.

A flipped bit in a Parquet file can end the process that decodes it, without an exception; here it ends a child,
and the person gets a line.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from bilat.errors import DataError

#: Bytes of memory that the reading may take.
MEMORY = 1_500 << 20
#: Seconds that it may take.
SECONDS = 20.0
#: Bytes of the file for which it may take a second more.
BYTES_A_SECOND = 10 << 20
_CHILD = Path(__file__).with_name("parquet_child.py")


def refuse_unsound(
    path: Path, title: str | Path, engine: str, cure: str = "copy or download it again"
) -> None:
    """Refuse a Parquet file that cannot be read whole; ``engine``, arrow or duckdb, is what will read it here.

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
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_CHILD), path, engine, str(MEMORY)],
            capture_output=True, text=True, timeout=SECONDS + size / BYTES_A_SECOND, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as e:
        return f"the Parquet file is not read within {e.timeout:.0f} s, as a sound one of its size is"
    if done.returncode == 0:
        return ""
    if done.returncode == 3 and done.stdout.strip():
        return done.stdout.strip()
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
    return f"the Parquet file is damaged: it ends the program that reads it ({how})"
