# SPDX-License-Identifier: Apache-2.0
"""What to do when a part that the tests need is missing: skip on a desk, fail in CI."""

import os

import pytest

IN_CI = bool(os.environ.get("BILAT_CI"))


def need(present: bool, what: str) -> None:
    """On a developer's machine a missing part skips the test; in CI it fails it."""
    if not present:
        (pytest.fail if IN_CI else pytest.skip)(f"{what} is missing")
