# SPDX-License-Identifier: Apache-2.0
"""The assistant's tools, asked by a client of the official SDK over standard input and output."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_up_team import team
from missing_parts import need
from served import DAY, INDEX, SRC

from bilat.document import Document, Finding, Say, Table
from bilat.document.blocks import Column
from bilat.server.verbs import VERBS

#: Tools with names of their own; every other question that is served is one by the words of its verb.
TOOLS = {"ask", "claim", "profile", "screen", "divert", "trace"}


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
    for name in ("tiv", "rows", "claim", "profile", "bank", "hubs"):
        got = talked(name)
        assert not got.is_error, got.content[0].text
        told = json.loads(got.content[0].text)
        assert (
            len(got.content[0].text) < 12_000
            and told["title"]
            and told["whole"].startswith("bilat ")
        )
        assert told["age"], name
    assert json.loads(talked("tiv").content[0].text)["age"]["records_to"] <= DAY
    table = json.loads(talked("rows").content[0].text)["table"]
    assert "locator" in table["columns"] and table["of"] > len(table["rows"]) == 12
    bank = json.loads(talked("bank").content[0].text)
    assert "ON THE LISTS" in bank["summary"][0] and "NOT FOUND" in bank["summary"][1]


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


def test_a_long_document_is_cut_and_a_marking_told() -> None:
    need(importlib.util.find_spec("mcp") is not None, "the extra mcp")
    import datetime as dt

    from bilat.handling import Marking
    from bilat.server.assistant import MOST, small

    rows = tuple(("x" * 5000, n) for n in range(1000))
    blocks = (
        *(Finding(f"finding {n}", evidence_to=(dt.date(2024, 1, n + 1),)) for n in range(30)),
        Say("a warning", "warning"),
        Table((Column("a"), Column("n")), rows),
    )
    made = small(
        Document("made up", "A title", ("One.",), blocks, marking=Marking("AMBER")),
        dt.date(2024, 1, 31),
    )
    assert len(json.dumps(made)) < 8000 and len(made["findings"]) == MOST
    assert (
        made["age"] == {"records_to": "2024-01-30", "days_old": 1}
        and made["marking"] == "TLP:AMBER"
    )
    assert made["says"] == ["a warning"] and made["table"]["of"] == 1000
