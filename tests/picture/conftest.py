# SPDX-License-Identifier: Apache-2.0
"""Holdings for the map, and one site of made-up judgements for every test that looks at pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from picture_made_up import NOW, PAIR, judge_made_up

from bilat.holdings import Holdings, embedded_folder


@pytest.fixture(scope="session")
def held() -> Holdings:
    """What comes with the package, outlines and exercises among it."""
    return Holdings(embedded_folder())


@pytest.fixture(scope="session")
def site(held: Holdings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole site of made-up judgements."""
    from bilat.picture import brief

    out = tmp_path_factory.mktemp("site") / "picture"
    brief(PAIR, NOW, out, held, judge=judge_made_up)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from test_picture_browser import ARGS, CHROMIUM

    if not CHROMIUM.exists():  # in CI a missing browser is a failure, never a skip
        (pytest.fail if os.environ.get("BILAT_CI") else pytest.skip)(f"{CHROMIUM} is missing")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield made
        made.close()
