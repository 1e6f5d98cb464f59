# SPDX-License-Identifier: Apache-2.0
"""The pages of the watch and of pairs side by side in Chromium: marked, within a phone's width, cells readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_team import AS_OF, PAIR
from test_picture_browser import Visit

from bilat.dyad import Dyad
from bilat.forecast.lines import Line, line_rule, unlined
from bilat.forecast.signals import NewListings
from bilat.forecast.watch import Watch
from bilat.handling import Marking
from bilat.picture.compare_page import write_compare_page
from bilat.picture.watch_page import write_watch_page
from bilat.verdicts.side_by_side import ComparedFigure, PairFigure
from bilat.when import AsOf

BEFORE = AsOf("2025-01-01")


@pytest.mark.browser
def test_pages_keep_to_a_phone_and_bear_their_marking(browser: Any, tmp_path: Path) -> None:
    many = "The Very Long Name of a Design Bureau and Experimental Plant of Instruments No 7"
    near = NewListings("a list", "Russia", "", 3, (many, many, many), ())
    line = Line(
        "a", "P6", "more joint bomber patrols", "up", f"{AS_OF.date.year}-01-01", 1.0, "2025", 3.0, 0.1, 1.0, 2.0,
        "2026", False, False, (), "events",
    )  # fmt: skip
    write_watch_page(
        Watch(PAIR, BEFORE, AS_OF, (), (), (), (line,), (), added=(near,)),
        tmp_path / "watch.html",
        Marking("GREEN"),
    )
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
            for name in ("watch.html", "compare.html"):
                page = visit.open(tmp_path / name)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                    name,
                    width,
                )
                assert page.locator(".marking").all_inner_texts() == ["TLP:GREEN", "TLP:GREEN"]
            told = page.locator("#lines + p").inner_text()
            kinds = len(line_rule().kind)
            assert f"Of {kinds} kinds of line the records allow {kinds} for RUS-CHN, " in told
            cell = visit.open(tmp_path / "watch.html").get_by_role("cell", name=many).bounding_box()
            assert cell["width"] >= 200  # wide enough to be read; the table scrolls, not the page
            assert visit.wrong == []


def test_another_pair_is_told_for_what_it_can_have_no_line() -> None:
    assert unlined(PAIR) == []
    (said,) = unlined(Dyad("RUS", "IRN"))
    assert said.endswith("are not set for RUS-IRN") and "Russia and China" in said
