# SPDX-License-Identifier: Apache-2.0
"""Each page runs its own scripts and no other: whatever a publisher's text brings in stands there dead."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from test_picture_browser import Visit, every

from bilat.document.page import POLICY

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
INJECTED = (
    "<script>document.title = 'owned'</script><img src='data:,' onerror=\"document.title = 'owned'\">"
    "<a id='bait' href=\"javascript:void(document.title = 'owned')\">a link</a>"
    "<svg onload=\"document.title = 'owned'\"></svg><base href='https://example.org/'>"
)


def wrong(text: str) -> str:
    """What is wrong with a page's policy; blank where it allows files beside it alone, and the page needs no more."""
    found = META.findall(text)
    if len(found) != 1 or text.index("Content-Security-Policy") > text.index("<title>"):
        return f"{len(found)} policies, or one that comes too late"
    scripts = next(p for p in found[0].split("; ") if p.startswith("script-src"))
    if "unsafe" in scripts or "*" in found[0] or "default-src 'none'" not in found[0]:
        return f"allows too much: {found[0]}"
    return "an inline script does not run" if INLINE.search(text) else ""


def test_every_page_of_the_site_has_the_policy(site: Path) -> None:
    assert {wrong(p.read_text("utf-8")) for p in every(site)} == {""}


def test_the_check_sees_a_page_without_a_policy_and_an_inline_script() -> None:
    page = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>x</title>'
    assert (
        not wrong(page)
        and "inline" in wrong(page + "<script>a()</script>")
        and wrong("<title>x</title>")
    )


@pytest.mark.browser
@pytest.mark.parametrize("kept", [True, False], ids=["with the policy", "without it"])
def test_a_script_that_a_text_brings_in_does_not_run(
    browser: Any, site: Path, tmp_path: Path, kept: bool
) -> None:
    text = (site / "index.html").read_text("utf-8")
    text = text.replace(
        '<main id="main" tabindex="-1">', '<main id="main" tabindex="-1">' + INJECTED
    )
    (tmp_path / "assets").symlink_to(site / "assets")
    (tmp_path / "index.html").write_text(text if kept else META.sub("", text), "utf-8")
    with Visit(browser) as visit:
        page = visit.open(tmp_path / "index.html")
        page.click("#bait", no_wait_after=True)
        page.wait_for_timeout(300)
        assert (page.title() == "owned") is not kept
        # its own script has run all the same: tables can be sorted
        assert page.evaluate("document.querySelectorAll('table th button').length >= 0")
