# SPDX-License-Identifier: Apache-2.0
"""sha256 of files, by which an edition is known."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path


def sha256_of(path: Path) -> str:
    """sha256 of a file, in hex.

    Raises
    ------
    OSError
        if it cannot be read.
    """
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@cache
def code() -> str:
    """sha256 over the files of the package but its data: answers of two versions of the code are
    never mixed.
    """
    root = Path(str(resources.files("bilat")))
    told = hashlib.sha256()
    for path in sorted(
        p for p in root.rglob("*") if p.is_file() and p.suffix not in (".pyc", ".parquet", ".xz")
    ):
        told.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return told.hexdigest()
