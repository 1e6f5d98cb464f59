# SPDX-License-Identifier: Apache-2.0
"""Where answers are kept that need not be worked out again: a folder for each version of the code.

What is kept is a file under the digest of all that it rests on, read without running code. A folder that cannot be
written or read only costs the time; ``BILAT_CACHE=off`` keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bilat.files.digest import code

#: Libraries whose version may change a figure.
LIBRARIES = ("duckdb", "numpy", "scipy", "pyarrow")
#: Versions of the code whose answers stay on the disk.
VERSIONS = 2


def folder(kind: str) -> Path | None:
    """The folder of one kind of answers of this version of the code, made; None where nothing is kept.

    It lies in $BILAT_CACHE, else in the user's cache.
    """
    named = os.environ.get("BILAT_CACHE", "")
    if named == "off":
        return None
    root = Path(named or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bilat" / "kept"
    place = root / code_digest()[:16] / kind
    if not place.is_dir():
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        _forget(root)
    with contextlib.suppress(OSError):
        os.utime(place.parent)  # the versions that were run last stay
    return place


def key(*parts: str) -> str:
    """The name of what rests on these texts, as one digest."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def code_digest() -> str:
    """sha256 over the code and the libraries that figures are made with."""
    return key(code(), *(f"{name} {version(name)}" for name in LIBRARIES))


def _forget(root: Path) -> None:
    """Remove what versions of the code kept that were not the last to be run."""
    with contextlib.suppress(OSError):
        found = sorted((p for p in root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
        for old in found[:-VERSIONS]:
            shutil.rmtree(old, ignore_errors=True)
