# SPDX-License-Identifier: Apache-2.0
"""A reader at work in Chromium: search, screen a file, decide, rank routes; nothing runs that a file brought in."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from served import DAY, Served

pytestmark = pytest.mark.browser
WORLDS = Path(__file__).resolve().parents[1] / "diversion" / "planted_causes.py"


@pytest.fixture
def page(server: Served, browser: Any) -> Any:
    """A page at phone width in dark, that notes what goes wrong."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", bypass_csp=True
    )
    made = context.new_page()
    wrong: list[str] = []
    made.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    made.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    made.on("pageerror", lambda e: wrong.append(str(e)))
    made.on("dialog", lambda d: (wrong.append(f"dialog {d.message}"), d.dismiss()))
    made.on(
        "request",
        lambda r: (
            None if r.url.startswith((f"http://{server.netloc}/", "data:")) else wrong.append(r.url)
        ),
    )
    made.set_default_timeout(120_000)
    yield made
    context.close()
    assert not wrong, wrong


def narrow(page: Any) -> bool:
    """Whether nothing is wider than the screen, and axe finds nothing wrong."""
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], page.url
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_search_screen_decide_and_rank(server: Served, page: Any, tmp_path: Path) -> None:
    page.goto(f"http://{server.netloc}/RUS-CHN/?as_of={DAY}")
    page.get_by_role("searchbox").fill("rosoboronexport")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("heading", name="Listed parties").wait_for()
    assert narrow(page)

    book = Workbook()
    for row in (
        ["Consignee", "Ctry"],
        ["Rosoboronexport", "RUS"],
        ["<img src=x onerror=alert(1)> Rosoboronexport", ""],
    ):
        book.active.append(row)
    file = tmp_path / "consignments <b>.xlsx"
    book.save(file)
    page.get_by_role("link", name="Screen", exact=True).click()
    assert narrow(page)
    page.get_by_label("Drop a file of names here").set_input_files(str(file))
    page.get_by_label("Columns of the file").fill("name=Consignee,country=Ctry")
    page.get_by_role("button", name="Screen names").click()
    page.get_by_role("link", name="Workbook").wait_for()
    assert page.locator(".caveat").first.inner_text().startswith("Not checked: ")
    assert narrow(page) and page.locator(".alert").count() >= 2 and page.locator("img").count() == 0
    page.get_by_text("The full result").click()
    assert narrow(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Workbook").click()
    assert taken.value.suggested_filename == "alerts.xlsx"

    # the queue: keys choose the verdict and walk, and a decision leads to the next open consignment
    page.get_by_role("link", name="Decide the next open one").click()
    page.wait_for_url("**/consignments/1")
    page.keyboard.press("j")
    page.wait_for_url("**/consignments/2")
    page.keyboard.press("k")
    page.wait_for_url("**/consignments/1")
    assert narrow(page)
    page.locator(".alert a").first.click()
    page.wait_for_url("**/alerts/*")
    assert narrow(page)
    page.go_back()
    page.keyboard.press("f")
    assert page.locator("input[value=false][name^=party]").first.is_checked()
    page.keyboard.type("tuk: another <script>alert(1)</script> firm")
    page.get_by_label("Who decides").fill("anna")
    page.get_by_role("button", name="Decide").click()
    page.wait_for_url("**/consignments/2")
    assert page.get_by_label("Who decides").input_value() == "anna"
    page.get_by_role("link", name=file.name.replace("<", "_").replace(">", "_")).click()
    page.get_by_role("link", name="decided (").click()
    page.get_by_text("false: it is someone else · anna").first.wait_for()
    page.get_by_role("link", name="Decisions").click()
    page.get_by_text("tuk: another <script>alert(1)</script> firm").first.wait_for()
    assert narrow(page)
    with page.expect_navigation():
        page.locator("td a[href^='/ask/party']").first.click()
    page.get_by_role("table", name="Listings").wait_for()
    assert narrow(page)
    page.get_by_role("link", name="Desk", exact=True).click()
    page.get_by_text("decided").first.wait_for()
    assert narrow(page)

    made = runpy.run_path(str(WORLDS))
    made["world"](tmp_path / "w.csv", "route", 1)
    page.get_by_role("link", name="Rank routes").click()
    page.get_by_label("Drop a trade file here").set_input_files(str(tmp_path / "w.csv"))
    page.get_by_label("Origin").fill(",".join(made["ORIGINS"]))
    page.get_by_role("button", name="Rank").click()
    page.get_by_role("link", name="The full answer").wait_for()
    assert narrow(page) and page.get_by_role("cell", name="Kyrgyzstan").count() >= 1
    page.get_by_role("link", name="The full answer").click()
    page.get_by_role("heading", level=1).wait_for()
    page.go_back()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Desk").wait_for()


def test_it_works_without_javascript(server: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    made = context.new_page()
    made.set_default_timeout(120_000)
    made.goto(f"http://{server.netloc}/screen")
    made.get_by_placeholder("One per line").fill("VTB Bank, JSC")
    made.get_by_role("button", name="Screen names").click()
    made.get_by_role("heading", name="VTB Bank, JSC").first.wait_for()
    made.get_by_text("ON THE LISTS").first.wait_for()
    assert "VTB BANK PUBLIC JOINT STOCK COMPANY" in made.locator(".alert.match").first.inner_text()
    context.close()
