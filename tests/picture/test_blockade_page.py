# SPDX-License-Identifier: Apache-2.0
"""The blockade's page: one file, no request, sliders that look up the grid, the same figures without script."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bilat.contingency.blockade import Blockade, blockade
from bilat.contingency.blockade.grid import grid_of
from bilat.picture.models import blockade_page
from bilat.when import AsOf


@cache
def answer() -> Blockade:
    return blockade("malacca,lombok,sunda", as_of=AsOf("2026-11-25"), draws=500)


@cache
def page() -> str:
    return blockade_page(answer())


def test_the_page_asks_for_nothing_and_carries_its_grid() -> None:
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page())
    assert "default-src 'none'" in page()
    block = re.search(r'<script type="application/json" id="grid">(.*?)</script>', page(), re.S)
    assert block is not None
    assert json.loads(block[1])["short"] == grid_of(answer()).short


def test_assumed_numbers_come_first_and_all_of_them() -> None:
    text = page()
    assumed = [q.name for q in answer().parameters.values() if q.assumed]
    assert all(f"<code>{n}</code>" in text for n in assumed)
    assert text.index("Which numbers nobody measured") < text.index("What would change it")


def test_every_row_has_its_snapshot_on_the_page() -> None:
    for u in answer().inputs.used:
        assert u["snapshot"][:12] in page() and u["known_on"] in page()


def test_a_page_of_2023_says_which_parameters_came_later_and_shows_no_test() -> None:
    then = blockade("sea", as_of=AsOf("2023-03-20"), draws=500)
    text = blockade_page(then)
    assert "rest on pages published later" in text and "bypass" in text and "Not shown:" in text


@pytest.mark.browser
def test_sliders_show_the_grids_own_figures(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "blockade.html"
    file.write_text(page(), "utf-8")
    grid = grid_of(answer())
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 390, "height": 800})
    opened = context.new_page()
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.on("request", lambda r: errors.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    opened.goto(file.as_uri())
    for axis, stop in (("stock", 0), ("fleet_spare", 4), ("rationing", 2), ("overland", 0)):
        opened.locator(f"#s-{axis}").fill(str(stop))
    at = ((grid.closures.index("sea") * 4 + 0) * 5 + 4) * 5 * 4 + 2 * 4 + 0
    days = grid.days[at]
    assert days is not None
    assert opened.locator('[data-closure="sea"] .days').inner_text() == f"{days:.0f} days"
    assert opened.locator('[data-closure="sea"] .short').inner_text() == f"{grid.short[at]:.2f}"
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert not errors
    context.close()


@pytest.mark.browser
def test_without_script_the_first_stops_are_shown(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "blockade.html"
    file.write_text(page(), "utf-8")
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(file.as_uri())
    sea = next(c for c in answer().standard if c.closed == frozenset({"sea"}))
    assert opened.locator('[data-closure="sea"] .short').inner_text() == f"{sea.short:.2f}"
    assert not opened.locator("#sliders").is_visible()
    assert "need JavaScript" in opened.locator("noscript").inner_text()
    context.close()
