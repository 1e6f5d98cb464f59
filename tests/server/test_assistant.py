# SPDX-License-Identifier: Apache-2.0
"""The assistant's tools, asked by a client of the official SDK over standard input and output."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_up_team import team
from missing_parts import need
from served import DAY, INDEX, SRC

from bilat import ask
from bilat.document import Document, Finding, Say, Table
from bilat.document.blocks import Column
from bilat.server.verbs import VERBS

#: Tools with names of their own; every other question that is served is one by the words of its verb.
TOOLS = {"ask", "claim", "profile", "screen", "divert", "trace", "search"}


def talk(
    folder: Path, options: list[str], calls: list[tuple[str, dict[str, Any]]]
) -> tuple[Any, list[Any]]:
    """(the tools as they are listed, the answer of each call) of one run of ``bilat mcp``."""
    need(importlib.util.find_spec("mcp") is not None, "the extra mcp")
    import anyio
    from mcp import Client, StdioServerParameters

    env = {
        **os.environ,
        "PYTHONPATH": str(SRC),
        "HOME": str(folder),
        "BILAT_HOLDINGS": str(INDEX[-1]),
    }

    async def run() -> tuple[Any, list[Any]]:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "bilat", "mcp", *options], env=env
        )
        async with Client(server, read_timeout_seconds=240) as client:
            listed = await client.list_tools()
            return listed.tools, [await client.call_tool(name, given) for name, given in calls]

    return anyio.run(run)


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "tiv": ("ask", {"name": "transfers.tiv", "pair": "IND-RUS", "as_of": DAY}),
        "rows": ("trace", {"name": "transfers.tiv", "as_of": DAY}),
        "claim": ("claim", {"only": "I3", "as_of": DAY}),
        "profile": ("profile", {"pair": "RUS-PRK"}),
        "bank": ("screen", {"name": ["Sberbank", "Acme Bakery of Nowhere"]}),
        "hubs": ("divert", {"hub": ["KGZ"], "cases": 1, "limit": 5}),
        "found": ("search", {"words": ["Su-27"], "as_of": DAY}),
        "wrong": ("ask", {"name": "transfers.tivv"}),
        "file": ("screen", {"name": ["x"], "decisions": "/etc/passwd"}),
        "none": ("delete_everything", {}),
    }
    tools, answers = talk(tmp_path_factory.mktemp("mcp"), [], list(calls.values()))
    listed = {t.name for t in tools}
    others = {v.path.replace("/", "_") for v in VERBS.values() if not v.question.tools}
    assert listed == TOOLS | others and "plan_blockade" in listed
    by = {t.name: t for t in tools}
    assert (
        by["screen"].input_schema["required"] == ["name"] and by["ask"].annotations.read_only_hint
    )
    assert {"name", "pair", "as_of", "param"} <= set(by["ask"].input_schema["properties"])
    assert not {"decisions", "engine", "files", "rows"} & set(
        by["trace"].input_schema["properties"]
    )
    found = dict(zip(calls, answers, strict=True))
    return found.__getitem__


def test_each_answer_is_small_and_tells_its_age(talked: Callable[[str], Any]) -> None:
    for name in ("tiv", "rows", "claim", "profile", "bank", "hubs", "found"):
        got = talked(name)
        assert not got.is_error, got.content[0].text
        told = json.loads(got.content[0].text)
        assert got.structured_content == told
        assert len(got.content[0].text) < 16_000 and told["title"] and told["as_of"], name
        assert told["age"], name
        assert not re.search(r"\bbilat (?:ask|claims|screen|divert|watch)\b", str(told)), name
    tiv = json.loads(talked("tiv").content[0].text)
    assert tiv["age"]["records_to"] <= DAY
    assert 0 <= tiv["age"]["days_old"] < 800  # to the date asked, not to today
    assert len(tiv["points"]) == 12 and tiv["totals"]["points"] > 12 == tiv["next_offset"]
    table = json.loads(talked("rows").content[0].text)["tables"][0]
    assert "locator" in table["columns"] and table["total"] > len(table["rows"]) == 12
    assert [row["id"] for row in table["rows"]] == [*range(1, 13)]
    bank = json.loads(talked("bank").content[0].text)
    assert "ON THE LISTS" in bank["summary"][0] and "NOT FOUND" in bank["summary"][1]


#: Ten names as an assistant is asked about them; the first six are on the lists.
TEN = (
    "Sberbank", "Rosoboronexport", "VTB Bank", "Gazprombank", "Kalashnikov Concern", "Sovcomflot",
    "Acme Bakery of Nowhere", "Volksbank of Nowhere", "Sample Shipper One", "Nobody and Sons Ltd",
)  # fmt: skip


def test_an_assistant_does_two_tasks_from_answers_alone(tmp_path: Path) -> None:
    asked = {"name": "transfers.tiv", "pair": "RUS-CHN", "find": "RUS>CHN", "most": 20}
    tools, (first, second, names, wrong) = talk(
        tmp_path,
        [],
        [
            ("ask", asked),
            ("ask", {**asked, "offset": 20}),
            ("screen", {"name": [*TEN], "most": 50}),
            ("ask", {**asked, "offset": -1}),
        ],
    )
    # compare arms deliveries before and after 2014
    points = [*first.structured_content["points"], *second.structured_content["points"]]
    assert first.structured_content["next_offset"] == 20
    assert (
        len({point["id"] for point in points})
        == len(points)
        == first.structured_content["totals"]["points"]
    )
    own = ask("transfers.tiv", ("RUS", "CHN"))
    values = {p.period: p.value for p in own.points if p.group == "RUS>CHN"}
    assert all(point.get("value") == values[point["period"]] for point in points)

    def mean(first_year: int, last_year: int) -> float:
        years = {str(year) for year in range(first_year, last_year + 1)}
        found = [p["value"] for p in points if p["period"] in years and "value" in p]
        return sum(found) / len(found)

    assert mean(2004, 2013) > mean(2015, 2024) > 0
    # which of these ten names are listed
    answers = names.structured_content["summary"]
    listed = [line.partition(": ")[0] for line in answers if ": ON THE LISTS" in line]
    assert listed == [*TEN[:6]]
    assert sum(": NOT FOUND" in line for line in answers) == 4
    assert wrong.is_error and "offset: -1 is not a whole number" in wrong.content[0].text
    assert all(tool.output_schema["required"] == ["title", "as_of"] for tool in tools)
    texts = " ".join(f"{tool.description} {tool.input_schema}" for tool in tools)
    assert not re.search(r"\(bilat |`bilat ", texts)


def test_claims_and_ages_of_lists_are_resources(tmp_path: Path) -> None:
    need(importlib.util.find_spec("mcp") is not None, "the extra mcp")
    import anyio
    from mcp import Client, StdioServerParameters

    env = {**os.environ, "PYTHONPATH": str(SRC), "HOME": str(tmp_path)}
    env["BILAT_HOLDINGS"] = str(INDEX[-1])

    async def run() -> tuple[list[str], Any, Any]:
        server = StdioServerParameters(command=sys.executable, args=["-m", "bilat", "mcp"], env=env)
        async with Client(server, read_timeout_seconds=240) as client:
            listed = await client.list_resources()
            lists = await client.read_resource("bilat://lists")
            claim = await client.read_resource("bilat://claims/P7")
            return [str(r.uri) for r in listed.resources], lists, claim

    addresses, lists, claim = anyio.run(run)
    assert addresses == ["bilat://claims", "bilat://lists"]
    table = json.loads(lists.contents[0].text)["tables"][0]
    assert "versions" in table["columns"] and len(table["rows"]) == table["total"] > 50
    assert "Iran and North Korea" in json.loads(claim.contents[0].text)["title"]


def test_an_error_is_one_line(talked: Callable[[str], Any]) -> None:
    for name, said in (
        ("wrong", "no measure 'transfers.tivv'"),
        ("file", "no parameter 'decisions'"),
        ("none", "no tool"),
    ):
        got = talked(name)
        assert got.is_error and said in got.content[0].text and "\n" not in got.content[0].text


def test_what_is_marked_above_stays_out(tmp_path: Path) -> None:
    t = team(tmp_path / "team", claims={"P8": "AMBER"})
    options = ["--team", str(t.folder), "--marking", "GREEN"]
    _, (hidden, none, shown) = talk(
        tmp_path,
        options,
        [
            ("claim", {"only": "P8"}),
            ("claim", {"only": "P88"}),
            ("claim", {"only": "I3", "as_of": DAY}),
        ],
    )
    said = [x.content[0].text for x in (hidden, none)]
    assert hidden.is_error and said[0].replace("P8", "X") == said[1].replace("P88", "X")
    assert json.loads(shown.content[0].text)["marking"] == "TLP:GREEN"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "Not checked: a of B (to get them: bilat update a); c of D.",
            "Not checked: a of B; c of D.",
        ),
        ("c of D (by hand; bilat update c says how). More.", "c of D. More."),
        ("Also: bilat claims --only I6", "Also"),
        ("No 'a.b'; to list them: bilat ask; to search: bilat search 'a.b'", "No 'a.b'"),
        ("It holds (bilat claims P7).", "It holds."),
        ("bilat counts it (see the method).", "bilat counts it (see the method)."),
    ],
)
def test_a_command_leaves_a_whole_sentence_behind(told: str, said: str) -> None:
    from bilat.server.assistant_answer import words

    assert words(told) == said


def test_a_long_document_comes_in_pages_and_its_marking_is_told() -> None:
    need(importlib.util.find_spec("mcp") is not None, "the extra mcp")
    import datetime as dt

    from bilat.handling import Marking
    from bilat.server.assistant_answer import PAGE, Paging, answer_page

    rows = tuple(("x" * 5000, n) for n in range(1000))
    blocks = (
        *(Finding(f"finding {n}", evidence_to=(dt.date(2024, 1, n + 1),)) for n in range(30)),
        Say("a warning", "warning"),
        Table((Column("a"), Column("n")), rows),
    )
    document = Document("made up", "A title", ("One.",), blocks, marking=Marking("AMBER"))
    day = dt.date(2024, 1, 31)
    made = answer_page(document, day)
    assert len(json.dumps(made)) < 8000 and len(made["findings"]) == PAGE
    assert made["age"] == {"records_to": "2024-01-30", "days_old": 1}
    assert made["marking"] == "TLP:AMBER" and made["says"] == ["a warning"]
    assert made["tables"][0]["total"] == 1000
    seen = []
    paging = Paging(most=200)
    while True:
        page = answer_page(document, day, paging)
        seen += [row["id"] for row in page["tables"][0]["rows"]]
        if "next_offset" not in page:
            break
        paging = Paging(page["next_offset"], 200)
    assert seen == [*range(1, 1001)]
    found = answer_page(document, day, Paging(find="FINDING 29"))
    assert found["totals"] == {"findings": 1, "points": 0, "rows": 0} and "tables" not in found
