# SPDX-License-Identifier: Apache-2.0
"""An officer's whole journey in a browser: forty consignments dropped, decided, written on, handed on."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from served import SRC, Served

from bilat import Holdings
from bilat.holdings import embedded_folder
from bilat.parties.decisions.log import DecisionLog
from bilat.when import AsOf

pytestmark = pytest.mark.browser
CLOCK = Path(__file__).parent / "moved_clock"
HAN = "[一-鿿]"
RIGHT_TO_LEFT = "[\u0590-\u06ff]"
ROWS = 40
#: Listed names by script; the rest of the forty consignments names nobody.
LISTED = f"""
(SELECT DISTINCT name, 'han' AS script FROM parties WHERE regexp_matches(name, '{HAN}')
 AND length(name) BETWEEN 4 AND 40 ORDER BY hash(name) LIMIT 12)
UNION ALL
(SELECT DISTINCT name, 'rtl' FROM parties WHERE regexp_matches(name, '{RIGHT_TO_LEFT}')
 AND NOT regexp_matches(name, '[a-z]') AND length(name) BETWEEN 6 AND 60
 ORDER BY hash(name) LIMIT 6)
UNION ALL
(SELECT DISTINCT name, 'latin' FROM parties WHERE source = 'us_csl' AND schema <> 'Person'
 AND length(name) BETWEEN 12 AND 50 ORDER BY hash(name) LIMIT 14)
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seconds by which the server's clock is ahead."""
    file = tmp_path_factory.mktemp("clock") / "seconds"
    file.write_text("0")
    return file


@pytest.fixture(scope="module")
def own_server(index: Path, tmp_path_factory: pytest.TempPathFactory, moved: Path) -> Any:
    """A server with a log of decisions, no font of the system, and a clock that the test moves."""
    folder = tmp_path_factory.mktemp("journey")
    fonts = folder / "no-fonts.conf"
    fonts.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    server = Served(
        folder,
        *("--decisions", str(folder / "decisions.jsonl"), "--keep", str(folder / "kept")),
        FONTCONFIG_FILE=str(fonts),
        MOVED_CLOCK=str(moved),
        PYTHONPATH=os.pathsep.join((str(CLOCK), str(SRC))),
    )
    yield server
    code, said = server.stop()
    assert (code, said) == (0, ""), said


def forty(file: Path) -> dict[str, str]:
    """Write forty consignments; return the listed consignees with their scripts."""
    ask = Holdings(embedded_folder()).connect(AsOf("2026-11-30"))
    listed = {str(row["name"]): str(row["script"]) for row in ask.table(LISTED).to_pylist()}
    assert {"han", "rtl", "latin"} == {*listed.values()}
    nobody = [f"Bakery of Nowhere {n}" for n in range(ROWS - len(listed))]
    book = openpyxl.Workbook()
    book.active.append(["Invoice", "Shipper", "Consignee", "Bank"])
    for n, name in enumerate((*listed, *nobody), 1):
        bank = "VTB Bank" if n % 10 == 0 else "Volksbank of Nowhere"
        book.active.append([f"A-{n}", f"Sample Shipper {n}", name, bank])
    book.save(file)
    return listed


def choose(page: Any, verdict: str, reason: str) -> None:
    """Decide the consignment that is shown, all of its parties alike, by keys."""
    action = "hold" if verdict == "t" else "release"
    page.keyboard.press(action[0])
    page.keyboard.press(verdict)
    assert page.get_by_label(action).is_checked()
    page.locator("select[name=preset]").select_option(reason)
    page.get_by_label("Who decides").fill("anna")
    page.get_by_role("button", name="Decide and go to the next").click()


def test_forty_consignments_from_drop_to_workbook(
    own_server: Served, browser: Any, moved: Path, tmp_path: Path
) -> None:
    context = browser.new_context(accept_downloads=True, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    wrong: list[str] = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    listed = forty(tmp_path / "forty.xlsx")
    page.goto(f"http://{own_server.netloc}/")
    page.get_by_label("A file of names or consignments").set_input_files(
        str(tmp_path / "forty.xlsx")
    )
    page.get_by_role("button", name="Screen names").click()
    page.get_by_role("link", name="Decide the next open one").wait_for()
    job_address = page.url.partition("?")[0]
    job = job_address.rsplit("/", 1)[-1]
    open_rows = page.locator(".consignment").count()
    alerts = [
        json.loads(line)
        for line in own_server.get(f"/api/jobs/{job}/files/alerts.jsonl").text.splitlines()
    ]
    assert open_rows == len({alert["query_id"] for alert in alerts})
    shown = "\n".join(page.locator(".consignment").all_inner_texts())
    found = [script for name, script in listed.items() if name in shown]
    assert len(found) >= len(listed) - 3 and {*found} == {*listed.values()}
    assert not any(
        "match" in heading.lower() for heading in page.locator("h1,h2,h3").all_inner_texts()
    )

    # one form a consignment: every party of it, hold or release, then the next open one
    page.get_by_role("link", name="Decide the next open one").click()
    page.wait_for_url("**/consignments/1")
    assert not Axe().run(page).response["violations"]
    for number in range(open_rows):
        page.wait_for_url("**/consignments/*")
        verdict = "f" if number % 5 == 4 else "t"
        reason = "another state" if verdict == "f" else "name and state agree with the listing"
        before = page.url
        choose(page, verdict, reason)
        page.wait_for_url(lambda url, before=before: url != before)
        if "show=decided" in page.url:
            break
    assert page.url.endswith("show=decided")
    page.get_by_role("link", name="open (0)").wait_for()

    # a second person agrees with the first consignment; the first person may not
    page.goto(f"{job_address}/consignments/1")
    page.get_by_label("Second person").fill("bela")
    page.get_by_role("button", name="Agree with all of it").click()
    page.wait_for_url("**show=decided")
    page.goto(f"{job_address}/consignments/1")
    page.get_by_text("two pairs of eyes").first.wait_for()
    assert page.get_by_role("button", name="Agree with all of it").count() == 0
    deciders = {entry.who for entry in DecisionLog(own_server.folder / "decisions.jsonl").entries()}
    assert deciders == {"anna", "bela"}

    # a letter for each alert; names in every script, and no font of the system
    for number, alert in enumerate(alerts, 1):
        form = {"addressee": alert["name"], "consignment": alert["query"], "as": "pdf"}
        made = context.request.post(f"{job_address}/letter/{number}", form=form)
        assert made.status == 200, (alert["query"], made.text()[:300])
        assert made.body().startswith(b"%PDF"), alert["query"]

    moved.write_text("3700")  # an hour later
    page.goto(f"http://{own_server.netloc}/")
    page.get_by_role("link", name="forty.xlsx").click()
    page.get_by_text(f"{open_rows} of {open_rows} consignments decided").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Workbook").click()
    sheets = openpyxl.load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes()))
    head, *rows = sheets["alerts"].iter_rows(values_only=True)
    decisions = [row[head.index("decision")] for row in rows]
    assert len(decisions) == len(alerts) and all(decisions)
    assert len([*sheets["consignments"].iter_rows(min_row=2)]) >= ROWS
    assert not wrong, wrong
    context.close()
