# SPDX-License-Identifier: Apache-2.0
"""Where the real source files lie, and what to do when a part the tests need is missing."""

import os
from pathlib import Path

import pytest
from missing_parts import need

SHARED = Path(os.environ.get("BILAT_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real source files and facts (``../shared`` or $BILAT_SHARED)."""
    need((SHARED / "sources" / "MANIFEST.csv").is_file(), f"the folder of source files {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def mirror(shared: Path) -> Path:
    return shared / "sources"
