# SPDX-License-Identifier: Apache-2.0
"""Where answers are kept that need not be worked out again: a folder for each version of the code.

What is kept is a file under the digest of all that it rests on, read without running code. A folder
that cannot be written or read only costs the time; ``BILAT_CACHE=off`` keeps nothing. A release
brings the answers of its own first picture along (``docs/kept.py`` makes them): they are unpacked
where they are of this very code.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tarfile
import tempfile
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from bilat.files.digest import code
from bilat.registry import packages_digest

#: The answers that come with the package, and where they name the code that made them.
SHIPPED = Path(str(resources.files("bilat"))) / "data" / "kept.tar.xz"
MADE_BY = "BILAT.code"

#: Libraries whose version may change a figure.
LIBRARIES = ("duckdb", "numpy", "scipy", "pyarrow")
#: Versions of the code whose answers stay on the disk.
VERSIONS = 2


def folder(kind: str) -> Path | None:
    """The folder of one kind of answers of this version of the code, made; None where nothing is
    kept.

    It lies in $BILAT_CACHE, else in the user's cache.
    """
    named = os.environ.get("BILAT_CACHE", "")
    if named == "off":
        return None
    root = (
        Path(named or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bilat" / "kept"
    )
    place = root / code_digest()[:16] / kind
    try:
        if fresh := not place.is_dir():
            if not place.parent.exists():
                _unpack(place.parent)
            place.mkdir(parents=True, exist_ok=True)
        os.utime(place.parent)  # the versions that were run last stay
    except OSError:
        return None
    if fresh:
        _forget(root)
    return place


def key(*parts: str) -> str:
    """The name of what rests on these texts, as one digest."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def code_digest() -> str:
    """sha256 over the code, the packages that add to it, and the libraries."""
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return key(code(), *filter(None, [packages_digest()]), *libraries)


def _unpack(place: Path) -> None:
    """Begin the folder of this version of the code with the answers that came with it, whole or not
    at all.
    """
    with contextlib.suppress(OSError, EOFError, tarfile.TarError), tarfile.open(SHIPPED) as shipped:
        if shipped.pax_headers.get(MADE_BY) != code():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unpacked-") as folder:
            shipped.extractall(folder, filter="data")
            Path(folder, "kept").rename(place)


def _forget(root: Path) -> None:
    """Remove what versions of the code kept that were not the last to be run."""
    with contextlib.suppress(OSError):
        found = sorted((p for p in root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
        for old in found[:-VERSIONS]:
            shutil.rmtree(old, ignore_errors=True)
