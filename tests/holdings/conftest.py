# SPDX-License-Identifier: Apache-2.0
"""An internet of publishers on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from recorded import Internet, internet_on_loopback


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    """Every publisher under its own name, for one test."""
    with internet_on_loopback(tmp_path) as net:
        yield net
