# SPDX-License-Identifier: Apache-2.0
"""The site in a real browser, from disk: no error, no request, reached by clicks, read without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: The colours of every visible text against the ground it stands on; returns those too faint to read.
FAINT = """() => {
  const parts = c => (c.match(/[\\d.]+/g) || []).map(Number)
    .map((v, n) => c.startsWith('color(srgb') && n < 3 ? v * 255 : v);
  const light = c => { const [r, g, b] = parts(c).map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; const p = parts(c);
    if (p.length < 4 || p[3] > 0.99) { if (c !== 'rgba(0, 0, 0, 0)') return c; } }
    return 'rgb(255, 255, 255)'; };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
    if (!text || e.closest('script, .unseen, .skip') || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const ink = e.closest('svg') ? style.fill : style.color;
    if (!ink.startsWith('rgb')) continue;
    const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const need = e.closest('svg') ? 3 : 4.5;
    if (ratio < need) faint.push(text.slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return faint;
}"""


class Visit:
    """A window that notes every error and refuses every request that is not for a file."""

    def __init__(self, browser: Any, **context: Any) -> None:
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(**context)
        self.context.route("**/*", self._judge)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self._note(m.type, m.text))
        self.page.on("pageerror", lambda e: self.wrong.append(f"error: {e}"))
        self.page.on("requestfailed", lambda r: self.wrong.append(f"failed: {r.url}"))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(f"{kind}: {text}")

    def _judge(self, route: Any) -> None:
        url = route.request.url
        self.asked.append(url)
        if url.startswith(("file:", "data:")):
            route.continue_()
        else:
            self.wrong.append(f"asked for {url}")
            route.abort()

    def open(self, path: Path) -> Any:
        self.page.goto(path.as_uri())
        return self.page

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def every(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_reached_by_clicks_without_an_error_or_a_request(
    browser: Any, site: Path
) -> None:
    with Visit(browser) as visit:
        page = visit.open(site / "index.html")
        seen: set[str] = set()
        waiting = [page.url]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            if page.url.split("#")[0] != here:
                page.goto(here)
            links = page.eval_on_selector_all(
                "a[href]",
                "all => all.map(a => a.href.split('#')[0]).filter(h => /^file:.*html$/.test(h))",
            )
            fresh = [u for u in dict.fromkeys(links) if u not in seen and u not in waiting]
            if fresh:  # one link of each page is truly clicked; the others are opened by address
                page.locator(f'a[href$="{fresh[0].rsplit("/", 1)[1]}"]:visible').first.click()
                page.wait_for_load_state()
                assert page.url.split("#")[0] == fresh[0]
            waiting += fresh
        # a chart alone is for pages elsewhere
        assert seen == {p.as_uri() for p in every(site) if p.parent.name != "charts"}
        assert visit.wrong == []


def test_every_page_reads_without_javascript(browser: Any, site: Path) -> None:
    with Visit(
        browser, java_script_enabled=False, viewport={"width": 1280, "height": 900}
    ) as visit:
        for path in every(site):
            page = visit.open(path)
            assert page.locator("h1").is_visible()
            for figure in page.locator("figure.chart").all():
                drawn = figure.locator(".plot:not(.narrow) svg")
                assert drawn.is_visible() and drawn.bounding_box()["width"] > 300
        assert visit.wrong == []


@pytest.mark.parametrize("width", [390, 320, 768, 1280])
def test_no_page_is_wider_than_its_window(browser: Any, site: Path, width: int) -> None:
    with Visit(browser, viewport={"width": width, "height": 844}) as visit:
        for path in every(site):
            page = visit.open(path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path.name}: {wide} px in a window of {width}"
        assert visit.wrong == []


def test_text_in_charts_can_be_read_on_a_phone(browser: Any, site: Path) -> None:
    with Visit(browser, viewport={"width": 390, "height": 844}) as visit:
        page = visit.open(site / "claims/I6.html")
        heights = page.eval_on_selector_all(
            ".plot.narrow svg text", "all => all.map(t => t.getBoundingClientRect().height)"
        )
        assert heights and min(heights) >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_on_its_ground(browser: Any, site: Path, scheme: str) -> None:
    with Visit(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900}) as visit:
        for path in every(site):
            page = visit.open(path)
            assert page.evaluate(FAINT) == [], path.name
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(20, 23, 26)") == (scheme == "dark")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_wrong_with_any_page(
    browser: Any, site: Path, width: int, scheme: str
) -> None:
    """The rules of WCAG and of good practice, as the field's checker has them."""
    from axe_playwright_python.sync_playwright import Axe

    size = {"width": width, "height": 900}
    with Visit(browser, color_scheme=scheme, viewport=size, bypass_csp=True) as visit:
        for path in every(site):
            page = visit.open(path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], path.name


def test_the_first_key_offers_the_way_past_the_menu(browser: Any, site: Path) -> None:
    with Visit(browser) as visit:
        page = visit.open(site / "index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_printed_page_is_black_on_white_and_fits_a4(browser: Any, site: Path) -> None:
    with Visit(browser, color_scheme="dark", viewport={"width": 700, "height": 990}) as visit:
        page = visit.open(site / "index.html")
        page.emulate_media(media="print")
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 700
        assert not page.locator("nav[aria-label=Site]").is_visible()
        assert page.pdf(format="A4", prefer_css_page_size=True)[:5] == b"%PDF-"


#: Words of a chart that lie on one another, or are cut off by its edge; upright rules and rotated words left out.
MEETING = """() => [...document.querySelectorAll('figure svg')].filter(s => s.getClientRects().length).flatMap(svg => {
  const own = svg.getBoundingClientRect(), found = [];
  const words = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim() && t.getClientRects().length)
    .map(t => [t.textContent.trim(), t.getBoundingClientRect()]);
  words.forEach(([text, a], i) => {
    if (a.left < own.left - 1 || a.right > own.right + 1) found.push('cut: ' + text);
    words.slice(i + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 4) found.push(text + ' | ' + other);
    });
  });
  return found;
})"""


def test_no_words_of_a_chart_lie_on_one_another_or_are_cut(browser: Any, site: Path) -> None:
    for width in (390, 1280):
        with Visit(browser, viewport={"width": width, "height": 900}) as visit:
            for path in [site / "index.html", *sorted(site.glob("claims/*.html"))]:
                assert visit.open(path).evaluate(MEETING) == [], (path.name, width)


def test_a_period_of_the_map_is_turned_off_without_a_script(browser: Any, site: Path) -> None:
    with Visit(
        browser, java_script_enabled=False, viewport={"width": 1280, "height": 900}
    ) as visit:
        page = visit.open(site / "map.html")
        marks = page.locator(".world circle.era2")
        assert marks.first.is_visible() and "20" in (
            marks.first.locator("title").text_content() or ""
        )
        page.locator("#era2").uncheck()
        assert (
            not marks.first.is_visible() and page.locator(".world circle.era1").first.is_visible()
        )


def test_the_map_shows_what_was_until_a_year(browser: Any, site: Path) -> None:
    with Visit(browser, viewport={"width": 1280, "height": 900}) as visit:
        page = visit.open(site / "map.html")
        marks = page.locator(".world svg [data-year]")
        slider = page.locator(".world input[type=range]")
        last = page.locator(".world").get_attribute("data-to")
        assert slider.input_value() == last
        slider.fill("2012")
        shown = [m for m in marks.all() if m.is_visible()]
        years = [int(m.get_attribute("data-year") or 0) for m in shown]
        assert years and max(years) <= 2012 and len(years) < marks.count()
        slider.fill(last or "")
        assert not page.locator(".world .later").count()
        assert not visit.wrong


def test_each_chart_has_its_table_and_an_address_where_it_stands_alone(
    browser: Any, site: Path
) -> None:
    with Visit(browser, viewport={"width": 1280, "height": 900}) as visit:
        page = visit.open(site / "index.html")
        lines = page.locator("code.embed").all_text_contents()
        charts = page.locator("figure[data-chart]").count()
        assert lines and len(lines) == charts == page.locator("details.figures table").count()
        for line in lines:
            found = re.search(r'src="(file:[^"]+)"', line)
            assert found is not None  # a script has written the whole address
            page.goto(found[1])
            assert page.locator("h1").is_visible() and page.locator("figure svg").first.is_visible()
            assert page.locator("nav").count() == 0
        assert visit.wrong == []


def test_the_first_page_has_under_800_words_on_a_phone(browser: Any, site: Path) -> None:
    with Visit(browser, viewport={"width": 390, "height": 844}) as visit:
        page = visit.open(site / "index.html")
        assert len(page.evaluate("document.body.innerText").split()) < 800
        # what is folded is a click away
        page.locator("#cite summary").click()
        assert "data version" in page.inner_text("#cite")
        page.locator("summary", has_text="Also").click()
        assert page.locator('a[href="plans/exposure.html"]').is_visible()
