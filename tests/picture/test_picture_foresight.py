# SPDX-License-Identifier: Apache-2.0
"""The page of pairs side by side in Chromium: marked, within a phone's width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_team import AS_OF, PAIR
from test_picture_browser import Visit

from bilat.dyad import Dyad
from bilat.handling import Marking
from bilat.picture.compare_page import write_compare_page
from bilat.verdicts.side_by_side import ComparedFigure, PairFigure


@pytest.mark.browser
def test_pages_keep_to_a_phone_and_bear_their_marking(browser: Any, tmp_path: Path) -> None:
    pairs = [PAIR, Dyad("RUS", "IRN"), Dyad("USA", "JPN")]
    cells = (
        PairFigure(9.2, "2021-2025"),
        PairFigure(None, "", "a part at best"),
        PairFigure(None, "", "none"),
    )
    row = ComparedFigure("joint exercises, a year", "exercises.count", "events a year", cells, ({}, {}, {}))
    write_compare_page([row], pairs, AS_OF, tmp_path / "compare.html", Marking("GREEN"))
    for scheme, width in (("dark", 390), ("light", 1280)):
        with Visit(browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as visit:
            page = visit.open(tmp_path / "compare.html")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
            assert page.locator(".marking").all_inner_texts() == ["TLP:GREEN", "TLP:GREEN"]
            assert visit.wrong == []
