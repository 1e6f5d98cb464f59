# SPDX-License-Identifier: Apache-2.0
"""What a team marks and concludes, on the pages of the server; and how far these may go."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_up_team import MOMENT, team
from served import DAY, Served

from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.server import lookup
from bilat.server.settings import Settings
from bilat.server.team import Handling
from bilat.server.work import TASKS
from bilat.sharing import Team
from bilat.when import AsOf

JSON = {"Content-Type": "application/json"}
LIMIT = "TLP:GREEN REL EST POL"


@pytest.fixture(scope="module")
def ours(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a team, whose pages go to two states; one claim and one dissent are marked above that."""
    folder = tmp_path_factory.mktemp("ours")
    t = team(folder / "team", claims={"P8": "AMBER"})
    t.dissent_log.add("I3", "in part", "zq-above", "Ann", as_of=DAY, marking="AMBER", when=MOMENT)
    t.dissent_log.add("P8", "in part", "zq-above", "Ann", as_of=DAY, marking="CLEAR", when=MOMENT)
    t.dissent_log.add(
        "I3", "in part", "one year is no trend", "Ben", as_of=DAY, marking="GREEN", when=MOMENT
    )
    t.dissent_log.add("I3", "no", "of a later day", "Ben", marking="GREEN")
    run = Served(folder, "--team", str(t.folder), "--marking", LIMIT)
    yield run
    code, said = run.stop()
    assert (code, said) == (0, ""), said


def test_what_is_marked_above_the_server_is_in_no_answer(ours: Served) -> None:
    claim = ours.get("/api/claims", only="I3", as_of=DAY)
    assert claim.headers["bilat-marking"] == LIMIT and claim.json["marking"] == LIMIT
    assert "one year is no trend" in claim.text
    assert "of a later day" not in claim.text  # it speaks of a later day than the page
    assert "zq-above" not in claim.text
    # a claim that is withheld answers word for word as one that does not exist, at every door
    for target, say in (("/api/claims?only={}", "line"), ("/claims?only={}", "text")):
        hidden, none = (ours.get(target.format(id)) for id in ("P8", "P88"))
        assert hidden.status == none.status == 404
        assert getattr(hidden, say).replace("P8", "X") == getattr(none, say).replace("P88", "X")
        assert " P8 " not in getattr(none, say)
    pages = (
        ours.get(p).text
        for p in ("/", "/search", "/screen", "/divert", "/decisions", "/nowhere.html")
    )
    assert all(len(re.findall(rf'class="marking"[^>]*>{LIMIT}<', p)) == 2 for p in pages)


def test_a_search_does_not_find_what_is_withheld(tmp_path: Path) -> None:
    async def ask(_reader: str, task: str, **given: Any) -> Any:
        return TASKS[task](Holdings(), lambda *_: None, **given)

    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    for marking, found in ((None, 1), (Marking("GREEN"), 0)):
        desk = SimpleNamespace(settings=Settings(team=t.folder, marking=marking), ask=ask)
        asked = lookup.everything(desk, "anna", {"q": "P8", "as_of": DAY})  # type: ignore[arg-type]
        with ThreadPoolExecutor(
            1
        ) as aside:  # the browser of this module has its own loop in this thread
            claims = aside.submit(asyncio.run, asked).result()[1].groups["claims"]
            assert sum(hit.id == "P8" for hit in claims.hits) == found


def test_a_workbook_of_the_server_bears_its_marking(ours: Served) -> None:
    from openpyxl import load_workbook

    job = ours.done(ours.send("/api/screen", b"name\nVTB Bank\n", "names.csv", {}).json)
    assert job["status"] == "done", job["error"]
    place = ours.folder / "alerts.xlsx"
    place.write_bytes(ours.get(f"/api/jobs/{job['id']}/files/alerts.xlsx").body)
    sheet = load_workbook(place).worksheets[0]
    assert [sheet[1][-1].value, sheet[2][-1].value] == ["marking", LIMIT]


def test_an_answer_is_another_one_after_a_dissent(tmp_path: Path) -> None:
    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    handling = Handling(t.folder, Marking("GREEN"))
    days = [AsOf(d) for d in ("2024-12-31", "2025-01-01", "2026-01-01")]
    before = [handling.stands(d) for d in days]
    t.dissent_log.add(
        "P7",
        "in part",
        "one <b>reading</b>",
        "Ann",
        as_of="2025-01-01",
        marking="GREEN",
        when=MOMENT,
    )
    # pages of a day before the one that it speaks of stay as they are
    assert [handling.stands(d) == b for d, b in zip(days, before, strict=True)] == [
        True,
        False,
        False,
    ]
    t.dissent_log.add(
        "P7", "no", "not shown here", "Ann", as_of="2025-01-01", marking="RED", when=MOMENT
    )
    assert (
        handling.stands(days[2]) == handling.stands(AsOf("2025-06-30"))
        and Handling().stands(days[2]) == ""
    )


def test_a_dissent_stands_on_its_claims_page_at_once(ours: Served) -> None:
    before = ours.get("/api/claims", only="P7", as_of=DAY).text
    log = Team(ours.folder / "team").dissent_log
    log.add("P7", "in part", "one <b>reading</b>", "Ann", as_of=DAY, marking="GREEN", when=MOMENT)
    assert (
        "one <b>reading" not in before
        and "one <b>reading</b>" in ours.get("/api/claims", only="P7", as_of=DAY).text
    )
    assert "one &lt;b&gt;reading&lt;/b&gt;" in ours.get("/claims", only="P7", as_of=DAY).text


def test_the_first_page_shows_no_claim_that_is_withheld(ours: Served) -> None:
    made = ours.ask("GET", f"/api/brief?as_of={DAY}", wait=240)
    assert made.status == 200 and made.json["marking"] == LIMIT and "zq-above" not in made.text
    assert "P8" not in {c["id"] for c in made.json["data"]["claims"]}
