# SPDX-License-Identifier: Apache-2.0
"""Where the real source files lie, and what to do when a part the tests need is missing."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("BILAT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
IN_CI = bool(os.environ.get("BILAT_CI"))


def need(present: bool, what: str) -> None:
    """On a developer's machine a missing part skips the test; in CI it fails it."""
    if not present:
        (pytest.fail if IN_CI else pytest.skip)(f"{what} is missing")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real source files and facts (``../shared`` or $BILAT_SHARED)."""
    need((SHARED / "sources" / "MANIFEST.csv").is_file(), f"the folder of source files {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def mirror(shared: Path) -> Path:
    return shared / "sources"
