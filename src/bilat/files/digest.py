# SPDX-License-Identifier: Apache-2.0
"""sha256 of files, by which an edition is known."""

from __future__ import annotations

import hashlib
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
