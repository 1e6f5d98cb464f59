# SPDX-License-Identifier: Apache-2.0
"""One site of a few real claims and quick plans for every test that looks at pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bilat.dyad import Dyad
from bilat.holdings import Holdings, embedded_folder
from bilat.picture import Picture, brief
from bilat.picture import site as pages
from bilat.verdicts import Judgement
from bilat.verdicts import judge as judge_ledger
from bilat.when import AsOf

PAIR, NOW = Dyad("RUS", "CHN"), AsOf("2026-11-25")
#: Claims of several topics: some changed their answer, one is not known.
CLAIMS = ("I3", "I6", "I7", "F5", "F6", "P16")
#: Plans that take a second or two.
QUICK = ("plans/blockade", "plans/exposure")


def judge_some(dyad: Dyad, as_of: AsOf, holdings: Holdings) -> list[Judgement]:
    """The judgements of a few claims."""
    return [j for c in CLAIMS for j in judge_ledger(dyad, as_of, holdings, c)]


@pytest.fixture(scope="session")
def held() -> Holdings:
    """What comes with the package."""
    return Holdings(embedded_folder())


@pytest.fixture(scope="session")
def picture(held: Holdings, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A picture of a few claims, written as a site."""
    out = tmp_path_factory.mktemp("site") / "picture"
    quick = tuple(p for p in pages.PLANS if p[0] in QUICK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PLANS", quick)
        patch.setenv("BILAT_CACHE", str(tmp_path_factory.mktemp("cache")))
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
