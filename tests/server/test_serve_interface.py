# SPDX-License-Identifier: Apache-2.0
"""The interface against its own OpenAPI document: made-up questions, each answered as the document says."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import DAY, Served

from bilat.document import Document, Frame, Question
from bilat.document.typography import straight
from bilat.errors import UsageError
from bilat.server.openapi import document
from bilat.server.verbs import VERBS, Verb, address, read

#: What is asked of no worker for long: the rest is asked with values that are refused.
QUICK = ("/api/jobs", "/api/decisions")


def validator() -> Any:
    """The class that checks schemas; it is imported late, since it takes a second."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator


def resolved(schema: Any) -> Any:
    """A schema with the document's own parts in it."""
    return (
        {**schema, "components": document()["components"]} if isinstance(schema, dict) else schema
    )


def fits(server: Served, method: str, target: str, operation: dict[str, Any], **more: Any) -> None:
    """The answer's status and body are those of the document."""
    got = server.ask(method, target, **more)
    told = operation["responses"].get(str(got.status))
    assert told is not None, (
        f"{method} {target}: status {got.status} is not in the document: {got.body[:300]!r}"
    )
    assert got.status < 500, got.body[:300]
    if got.status == 204:
        return
    kind = got.headers["content-type"].partition(";")[0]
    assert kind in told["content"], (target, kind)
    validator()(resolved(told["content"][kind]["schema"])).validate(got.json)
    if got.status >= 400:
        assert "\n" not in got.line and len(got.line) < 4000


def test_the_document_is_openapi_and_has_every_field_of_every_question(server: Served) -> None:
    served = server.get("/openapi.json").json
    assert served == document() and served["openapi"].startswith("3.1")
    for verb in VERBS.values():
        operations = served["paths"][f"/api/{verb.path}"]
        named = {p["name"] for p in operations.get("get", {"parameters": []})["parameters"]}
        if verb.file:
            content = operations["post"]["requestBody"]["content"]
            named |= {*content["multipart/form-data"]["schema"]["properties"]} - {"file"}
        own = {p.name.replace("-", "_") for p in verb.question.parameters()}
        hidden = {p.name.replace("-", "_") for p in verb.question.parameters() if p.local}
        assert named - {"as_of", "pair"} == own - hidden
        assert ("pair" in named) == verb.question.pair
    ids = [o["operationId"] for path in served["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))
    for schema in served["components"]["schemas"].values():
        validator().check_schema(schema)
    for path, operations in served["paths"].items():
        for operation in operations.values():
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_no_field_of_a_question_is_a_file_of_the_server() -> None:
    """A field whose type is a path is local to the machine, whatever its name."""

    @dataclass(frozen=True)
    class Opens(Question):
        """Opens a file."""

        verb = ("opens",)
        anything: Annotated[Path | None, "Which file."] = None
        several: Annotated[tuple[Path, ...], "Which files."] = ()
        word: Annotated[str, "A word."] = ""

        def answer(self, frame: Frame) -> Document:
            raise AssertionError

    assert [p.name for p in Verb(Opens).fields] == ["word"]
    with pytest.raises(UsageError, match="no parameter 'anything'"):
        read(Verb(Opens), [("anything", "/etc/passwd")])


def test_what_a_reader_of_the_server_may_not_set() -> None:
    """Files, processor and memory of the machine, and what no marking is applied to."""
    local = {
        f"{path}.{p.name}"
        for path, verb in VERBS.items()
        for p in verb.question.parameters()
        if p.local
    }
    assert local == {
        "ask/profile.claims",
        "divert.files",
        "divert.memory",
        "divert.parties",
        "divert.threads",
        "lists/compare.lists",
        "screen.decisions",
        "screen.engine",
        "screen.lists",
        "screen.since",
        "screen.threads",
        "watch/list.keep",
        "watch/list.mine",
        "watch/list.questions",
        "watch/score.log",
        "watch/score.questions",
        "watch/show.questions",
    }


def test_a_served_question_is_read_back_from_its_address() -> None:
    asked = read(
        VERBS["divert"], [("hub", "KGZ"), ("hub", "ARM"), ("only_file", "true"), ("as_of", DAY)]
    )
    assert asked.question.hub == ("KGZ", "ARM") and asked.question.only_file
    again = read(VERBS["divert"], parse_qsl(asked.query))
    assert again == asked and address(asked.question, as_of=DAY) == f"/divert?{asked.query}"
    one = read(
        VERBS["ask"], [("name", "transfers.tiv"), ("param.window", "2014-2021"), ("param", "a=b,c")]
    )
    assert one.question.param == ("window=2014-2021", "a=b,c")


SHAPES = {
    "/api/decisions": {}, "/api/jobs": {}, "/api/ask": {"name": "exercises.count"},
    "/api/ask/party": {"id": "ofac-17013"}, "/api/claims": {"only": "I3"}, "/api/ask/profile": {"pair": "RUS-PRK"},
    "/api/watch/list": {}, "/api/ask/goods": {"code": "85"}, "/api/plan/exposure": {"draws": "100"},
}  # fmt: skip


@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_is_of_the_shape_that_the_document_says(server: Served, path: str) -> None:
    operation = document()["paths"][path]["get"]
    got = server.get(path, **SHAPES[path])
    assert got.status == 200, got.text[:300]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator()(resolved(schema)).validate(got.json)
    if path.removeprefix("/api/") in VERBS:
        page = server.get(path.removeprefix("/api"), **SHAPES[path])
        assert page.status in (200, 202) and (
            got.json["title"] in straight(html.unescape(page.text)) or page.status == 202
        )


def test_what_is_posted_is_of_the_shape_that_the_document_says(server: Served) -> None:
    for path, answer in (
        ("/api/search", server.post("/api/search", q="sipri")),
        ("/api/screen", server.post("/api/screen", name="VTB Bank")),
    ):
        told = document()["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
        validator()(resolved(told["schema"])).validate(answer.json)


@cache
def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(m, p, o) for p, told in document()["paths"].items() for m, o in told.items()]


def of_schema(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Values near a parameter's schema, and some that are far from it."""
    near = {"integer": st.integers(-2, 60).map(str), "number": st.floats(-1, 2).map(str)}.get(
        str(schema.get("type")), st.text(max_size=30)
    )
    if "enum" in schema:
        near = st.sampled_from(schema["enum"])
    return st.one_of(
        near,
        st.sampled_from(
            ["", "%", "\x00", "'; DROP", "NaN", "-0", "1e400", "../..", "\u202e", "٣", "x" * 600]
        ),
    )


@st.composite
def question(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    """An address with made-up parameters, and what the document says of it.

    One parameter at least is not allowed unless the address is quick, so that no example sets off minutes of work.
    """
    method, path, operation = draw(
        st.sampled_from([o for o in operations() if o[0] in ("get", "delete")])
    )
    target = path
    for p in operation["parameters"]:
        if p["in"] == "path":
            target = target.replace(
                "{" + p["name"] + "}",
                quote(draw(st.text(min_size=1, max_size=20)).replace("/", "_"), safe=""),
            )
    chosen = draw(
        st.lists(
            st.sampled_from(operation["parameters"] or [{"in": "none"}]), max_size=3, unique_by=id
        )
    )
    params = {p["name"]: draw(of_schema(p["schema"])) for p in chosen if p["in"] == "query"}
    if not path.startswith(QUICK):
        params |= draw(
            st.sampled_from(
                [
                    {"as_of": "20230320x"},
                    {"as_of": "2999-01-01"},
                    {"nonsense": "1"},
                    {"limit": "-1"},
                ]
            )
        )
    return method.upper(), f"{target}?{urlencode(params)}" if params else target, operation


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=question())
def test_a_made_up_question_is_answered_as_the_document_says(
    server: Served, asked: tuple[str, str, dict[str, Any]]
) -> None:
    method, target, operation = asked
    fits(server, method, target, operation)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(
        st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n"), max_size=60
    ),
    fields=st.dictionaries(
        st.sampled_from(["as_of", "top", "base_rate", "nonsense"]),
        st.sampled_from(["", "x", "-1", "2999-01-01", "1e9", "\u0663"]),
        min_size=1,
    ),
)
def test_a_made_up_upload_is_answered_as_the_document_says(
    server: Served, name: str, fields: dict[str, str]
) -> None:
    from served import form

    body, kind = form(b"", name, fields)  # an empty file: nothing is begun
    fits(
        server,
        "POST",
        "/api/screen",
        document()["paths"]["/api/screen"]["post"],
        body=body,
        headers={"Content-Type": kind},
    )


def test_a_head_is_a_get_without_a_body(server: Served) -> None:
    got = server.ask("HEAD", f"/api/ask?name=transfers.tiv&as_of={DAY}")
    assert (got.status, got.body) == (200, b"")
