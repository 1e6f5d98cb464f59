# SPDX-License-Identifier: Apache-2.0
"""``bilat mcp``: the questions as tools of an assistant, over the Model Context Protocol on standard streams.

Tools are made from the questions as the addresses of the server are. An answer is small: what the document says, its
findings, the first rows of its first table, how old the records are, and its marking; the command gives the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations

from bilat.document import Document, Finding, Rows, Say, Table
from bilat.document import blocks as declared
from bilat.document.commands import command
from bilat.document.plain import plain
from bilat.errors import UsageError, as_error
from bilat.files.json_types import JsonObject
from bilat.server.held import Watched
from bilat.server.openapi import fields
from bilat.server.team import Handling
from bilat.server.verbs import VERBS, Verb, read
from bilat.server.work import documented

#: Findings, sentences and rows of a table in an answer; characters of a cell.
MOST = 12
LONGEST = 300


@cache
def tools() -> dict[str, tuple[Verb, declared.Tool]]:
    """Every tool by name: the verb that it asks, and its declaration."""
    return {
        tool.name: (verb, tool)
        for verb in VERBS.values()
        for tool in verb.question.tools or (declared.Tool("_".join(verb.question.verb)),)
    }


def described(verb: Verb, tool: declared.Tool) -> Tool:
    """Return a tool as the protocol lists it, with its question's fields."""
    asked = {k: s for k, s in fields(verb).items() if k not in tool.fields}
    fixed = [p.about for p in verb.fields if p.name in tool.fields]
    needed = [n for n in (*verb.question.needs, *tool.needs) if n in asked]
    schema = {
        "type": "object",
        "properties": asked,
        "required": needed,
        "additionalProperties": False,
    }
    marks = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    about = " ".join(fixed) or verb.about
    return Tool(name=tool.name, description=about, input_schema=schema, annotations=marks)


def small(d: Document, today: dt.date) -> JsonObject:
    """A document as an assistant is told it."""
    blocks = list(d.walk())
    shown = [b for b in blocks if isinstance(b, Finding)]
    findings = [
        {k: v for k in ("sentence", "answer", "rests_on", "data_to") if (v := getattr(b, k))}
        for b in shown[:MOST]
    ]
    said = [
        b.text for b in blocks if isinstance(b, Say) and b.role in ("answer", "warning", "conflict")
    ]
    known = d.known_to or max((b.data_to for b in shown if b.data_to), default=None)
    age: dict[str, object] = (
        {"records_to": known, "days_old": (today - known).days} if known else {}
    )
    age["lists"] = d.data["lists"] if d.kind == "screening" else ""
    found = {
        "marking": str(d.marking or ""),
        "left_out": d.left_out,
        "title": d.title,
        "summary": d.summary,
        "says": said[:MOST],
        "findings": findings,
        "table": _table(next((b for b in blocks if isinstance(b, Table | Rows)), None)),
        "age": {k: v for k, v in age.items() if v},
        "as_of": d.as_of,
        "sources": [f"{s.title} ({s.to})" for s in d.sources[:MOST]],
        "whole": command(d.question, d.dyad, d.as_of) if d.question else "",
    }
    made: JsonObject = plain({k: v for k, v in found.items() if v})
    return made


def _table(block: Table | Rows | None) -> dict[str, object] | None:
    if block is None:
        return None
    columns = [c if isinstance(c, str) else c.name for c in block.columns]
    rows = block.first if isinstance(block, Rows) else block.rows
    cut = [[v[:LONGEST] if isinstance(v, str) else v for v in row] for row in rows[:MOST]]
    return {"columns": columns, "rows": cut, "of": max(block.total, len(rows))}


class Assistant:
    """The tools over the holdings of a folder, as far as they may leave; one question at a time."""

    def __init__(self, holdings: Path | None, handling: Handling) -> None:
        self._watched = Watched(holdings)
        self._handling = handling
        self._one = ThreadPoolExecutor(1)

    def _answer(self, name: str, given: JsonObject) -> str:
        if name not in tools():
            raise UsageError(f"no tool {name[:40]!r}. Choose from: {', '.join(tools())}")
        verb, tool = tools()[name]
        asked = read(verb, _items({**given, **tool.fields}))
        made = small(documented(self._watched.now(), asked, self._handling), dt.date.today())
        return json.dumps(made, ensure_ascii=False, allow_nan=False)

    async def called(self, _: Any, params: Any) -> CallToolResult:
        """A tool's answer as text; an error is one line."""
        try:
            loop = asyncio.get_running_loop()
            text = await loop.run_in_executor(
                self._one, self._answer, params.name, params.arguments or {}
            )
            wrong = False
        except Exception as e:
            text = str(as_error(e))
            wrong = True
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=wrong)

    async def listed(self, *_: Any) -> ListToolsResult:
        """The tools."""
        return ListToolsResult(tools=[described(*each) for each in tools().values()])


def _items(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Arguments as a form has them."""
    listed = ((k, one) for k, v in given.items() for one in (v if isinstance(v, list) else [v]))
    return [(k, str(v).lower() if isinstance(v, bool) else str(v)) for k, v in listed]


def run(assistant: Assistant) -> None:
    """Answer on standard input and output until they close."""

    async def serve() -> None:
        server: Server[Any] = Server(
            "bilat",
            version=metadata.version("bilat"),
            on_list_tools=assistant.listed,
            on_call_tool=assistant.called,
        )
        async with stdio_server() as (read_from, write_to):
            await server.run(read_from, write_to, server.create_initialization_options())

    # the command line's standard output escapes what it is given, which the protocol is not
    with contextlib.redirect_stdout(sys.__stdout__):
        anyio.run(serve)
