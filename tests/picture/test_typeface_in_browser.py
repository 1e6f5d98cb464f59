# SPDX-License-Identifier: Apache-2.0
"""The shipped typeface in a browser: it is what words are drawn in, and by what their room is measured."""

from __future__ import annotations

import io
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from test_picture_browser import Visit

from bilat.document import typeface

pytestmark = pytest.mark.browser

#: Words of charts that lie on one another, or that leave the drawing by more than a pixel.
CLASHES = """() => {
  const found = [];
  document.querySelectorAll('details').forEach(e => { e.open = true; });
  for (const drawing of document.querySelectorAll('.plot svg')) {
    if (!drawing.getClientRects().length) continue;
    const frame = drawing.getBoundingClientRect();
    const words = [...drawing.querySelectorAll('text')]
      .map(e => [e.textContent, e.getBoundingClientRect()]);
    words.forEach(([one, a], i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push('outside: ' + one);
      for (const [other, b] of words.slice(i + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 3.5) found.push(one + ' on ' + other);
      }
    });
  }
  return found;
}"""
#: The widths of texts as the browser sets them, without kerning.
WIDTHS = """([texts, weight]) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = weight + ' 100px Inter';
  pen.fontKerning = 'none';
  return texts.map(text => pen.measureText(text).width);
}"""
TEXTS = ["China to Russia 4.8 (2025)", "151%", "Wagner, MMM", "“iiii’ llll” – 1,234.5", "€380m"]


@pytest.mark.parametrize("width", [390, 1280])
def test_words_of_charts_have_room(browser: Any, site: Path, width: int) -> None:
    pages = [*site.glob("*.html"), *site.glob("plans/*.html"), *site.glob("claims/*.html")]
    with Visit(browser, viewport={"width": width, "height": 900}) as visit:
        found = {}
        for path in sorted(pages):
            page = visit.open(path)
            page.evaluate("document.fonts.ready")
            if clashes := page.evaluate(CLASHES):
                found[path.name] = clashes
        assert len(pages) > 10 and found == {}


def test_a_browser_sets_words_as_wide_as_they_were_measured(browser: Any, site: Path) -> None:
    with Visit(browser) as visit:
        page = visit.open(site / "index.html")
        page.evaluate("document.fonts.ready")
        for weight, bold in ((400, False), (600, True)):
            set_widths = page.evaluate(WIDTHS, [TEXTS, weight])
            measured = [typeface.width(text, 100, bold=bold) for text in TEXTS]
            assert set_widths == pytest.approx(measured, rel=0.005)
        used = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        assert page.evaluate(used) == ["Inter", "Inter"]
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily") == (
            typeface.FAMILY
        )
        assert visit.wrong == []


def test_letters_of_other_names_come_from_the_file_beside_the_style(
    browser: Any, site: Path
) -> None:
    with Visit(browser) as visit:
        page = visit.open(site / "index.html")
        page.evaluate("document.querySelector('h1').textContent = 'Ростех, Łódź'")
        loaded = page.evaluate(
            "document.fonts.load('600 20px Inter', 'Ростех').then(f => f.length)"
        )
        assert loaded == 1
        assert any(url.endswith("assets/inter-semibold.otf") for url in visit.asked)


def test_a_drawing_that_is_taken_from_a_page_has_the_letters_within_it(
    browser: Any, site: Path
) -> None:
    with Visit(browser, accept_downloads=True) as visit:
        page = visit.open(site / "index.html")
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        link = page.locator(".tools a.svg").first
        with page.expect_download() as taken:
            link.click()
        text = io.BytesIO(Path(taken.value.path()).read_bytes()).read().decode()
        assert text.count("@font-face") == 2 and "font/woff2" in text
        link.click()  # a second time the letters are not put in again
        address = urllib.parse.unquote(link.get_attribute("href"))
        assert address.count("@font-face") == 2
