# SPDX-License-Identifier: Apache-2.0
"""One site of a few real claims and quick plans for every test that looks at pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import run_answers
from few_claims import NOW, PAIR, judge_some

from bilat.holdings import Holdings, embedded_folder
from bilat.picture import Picture, brief
from bilat.picture import site as pages

#: Plans that take a second or two.
QUICK = ("plans/blockade", "plans/exposure")


@pytest.fixture(scope="session")
def held() -> Holdings:
    """What comes with the package."""
    return Holdings(embedded_folder())


@pytest.fixture(scope="session")
def picture(held: Holdings, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A picture of a few claims, written as a site."""
    out = tmp_path_factory.mktemp("site") / "picture"
    quick = tuple(p for p in pages.plans() if p[0] in QUICK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "plans", lambda: quick)
        patch.setenv("BILAT_CACHE", os.environ[run_answers.VARIABLE])  # fewer plans, same answers
        return brief(PAIR, NOW, out, held, judge=judge_some)


@pytest.fixture(scope="session")
def site(picture: Picture) -> Path:
    """The folder of the site."""
    assert picture.out is not None
    return picture.out


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
