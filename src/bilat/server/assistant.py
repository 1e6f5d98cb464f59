# SPDX-License-Identifier: Apache-2.0
"""``bilat mcp``: the questions as tools of an assistant, over the Model Context Protocol on standard streams.

Tools are made from the questions as the addresses of the server are. An answer is a page of what
the document says: findings, points and rows, how old the records are, and its marking.
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
from mcp_types import (
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from bilat.document import blocks as declared
from bilat.document.questions import questions
from bilat.errors import UsageError, as_error
from bilat.files.json_types import JsonObject
from bilat.server.assistant_answer import MOST, PAGING, SCHEMA, Paging, answer_page, words
from bilat.server.holdings_watch import HoldingsWatch
from bilat.server.openapi import fields
from bilat.server.team import Handling
from bilat.server.verbs import VERBS, Verb, read
from bilat.server.work import documented

#: How an assistant is to use the tools.
INSTRUCTIONS = (
    "Figures and answers on defence cooperation between states, each from a named source. Quote "
    "a figure with its period, unit and source, and name the id of its point or row. An answer "
    "holds one page: go on with `offset` = `next_offset`, or narrow it with `find`. If a figure "
    "is not in an answer, say that it is not in the records; add none from memory."
)
#: What can be read without a tool, by address: name, description, and the question with its fields.
RESOURCES = {
    "bilat://claims": ("claims", "The claims of the 2023 paper with today's answers.", "claims"),
    "bilat://lists": ("ages of lists", "Every source with its newest edition.", "sources/list"),
}


@cache
def tools() -> dict[str, tuple[Verb, declared.Tool]]:
    """Every tool by name: the verb that it asks, and its declaration."""
    offered = [q for q in questions().values() if q.served or q.tools]
    return {
        tool.name: (verb, tool)
        for verb in map(Verb, offered)
        for tool in verb.question.tools or (declared.Tool("_".join(verb.question.verb)),)
    }


def described(verb: Verb, tool: declared.Tool) -> Tool:
    """Return a tool as the protocol lists it, with its question's fields."""
    asked = {k: s for k, s in fields(verb).items() if k not in tool.fields}
    fixed = [p.about for p in verb.fields if p.name in tool.fields]
    needed = [n for n in (*verb.question.needs, *tool.needs) if n in asked]
    schema = {
        "type": "object",
        "properties": asked | PAGING,
        "required": needed,
        "additionalProperties": False,
    }
    marks = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for field in asked.values():
        if "description" in field:
            field["description"] = words(str(field["description"]))
    about = words(" ".join(fixed) or verb.about)
    return Tool(
        name=tool.name,
        description=about,
        input_schema=schema,
        output_schema=dict(SCHEMA),
        annotations=marks,
    )


class Assistant:
    """The tools over the holdings of a folder, as far as they may leave; one question at a time."""

    def __init__(self, holdings: Path | None, handling: Handling) -> None:
        self._watched = HoldingsWatch(holdings)
        self._handling = handling
        self._one = ThreadPoolExecutor(1)

    def _answer(self, name: str, given: JsonObject) -> JsonObject:
        if name not in tools():
            raise UsageError(f"no tool {name[:40]!r}. Choose from: {', '.join(tools())}")
        verb, tool = tools()[name]
        paging = Paging.of(given)
        own = {k: v for k, v in given.items() if k not in PAGING}
        asked = read(verb, _items({**own, **tool.fields}))
        document = documented(self._watched.now(), asked, self._handling)
        return answer_page(document, dt.date.today(), paging)

    def _resource(self, address: str) -> JsonObject:
        """Return the whole of a resource.

        Raises
        ------
        UsageError
            for an address that is none.
        """
        base, _, claim = address.partition("bilat://claims/")
        if claim and not base:
            asked = read(VERBS["claims"], [("only", claim)])
        elif address in RESOURCES:
            asked = read(VERBS[RESOURCES[address][2]], [])
        else:
            known = ", ".join((*RESOURCES, "bilat://claims/ID"))
            raise UsageError(f"no resource {address[:60]!r}. Choose from: {known}")
        document = documented(self._watched.now(), asked, self._handling)
        return answer_page(document, dt.date.today(), Paging(most=MOST))

    async def resources(self, *_: Any) -> ListResourcesResult:
        """List what can be read without a tool."""
        made = [
            Resource(uri=address, name=name, description=about, mime_type="application/json")
            for address, (name, about, _) in RESOURCES.items()
        ]
        return ListResourcesResult(resources=made)

    async def templates(self, *_: Any) -> ListResourceTemplatesResult:
        """List the addresses with a part to be filled in."""
        one = ResourceTemplate(
            uri_template="bilat://claims/{id}",
            name="claim",
            description="One claim of the 2023 paper with its evidence for and against.",
            mime_type="application/json",
        )
        return ListResourceTemplatesResult(resource_templates=[one])

    async def read(self, _: Any, params: Any) -> ReadResourceResult:
        """Return a resource as JSON."""
        address = str(params.uri)
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(self._one, self._resource, address)
        text = json.dumps(made, ensure_ascii=False, allow_nan=False)
        contents = TextResourceContents(uri=address, mime_type="application/json", text=text)
        return ReadResourceResult(contents=[contents])

    async def called(self, _: Any, params: Any) -> CallToolResult:
        """A tool's answer as text; an error is one line."""
        try:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(
                self._one, self._answer, params.name, params.arguments or {}
            )
        except Exception as e:
            line = words(str(as_error(e)))
            return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)
        text = json.dumps(made, ensure_ascii=False, allow_nan=False)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=made
        )

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
            on_list_resources=assistant.resources,
            on_list_resource_templates=assistant.templates,
            on_read_resource=assistant.read,
            instructions=INSTRUCTIONS,
        )
        async with stdio_server() as (read_from, write_to):
            await server.run(read_from, write_to, server.create_initialization_options())

    # the command line's standard output escapes what it is given, which the protocol is not
    with contextlib.redirect_stdout(sys.__stdout__):
        anyio.run(serve)
