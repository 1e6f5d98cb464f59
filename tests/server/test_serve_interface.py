# SPDX-License-Identifier: Apache-2.0
"""The interface against its own OpenAPI document: made-up questions, each answered as the document says."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import DAY, Served

from bilat.forecast import questions
from bilat.measures import measures
from bilat.server.openapi import document
from bilat.verdicts.ledger import ledger

#: What is asked of no worker for long: the rest is asked with values that are refused.
QUICK = (
    "/api/measures",
    "/api/sources",
    "/api/jobs",
    "/api/trace/transfers.tiv",
    "/api/measures/transfers.tiv",
)


def resolved(schema: Any) -> Any:
    """A schema with the document's own parts in it."""
    return {**schema, "components": document()["components"]} if isinstance(schema, dict) else schema


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
    jsonschema.Draft202012Validator(resolved(told["content"][kind]["schema"])).validate(got.json)
    if got.status >= 400:
        assert "\n" not in got.line and len(got.line) < 4000


def test_the_document_is_openapi_and_has_every_measure_claim_and_question(server: Served) -> None:
    served = server.get("/openapi.json").json
    assert served == document() and served["openapi"].startswith("3.1")
    for m in measures():
        assert f"/api/measures/{m}" in served["paths"] and f"/api/trace/{m}" in served["paths"]
    enums = {
        p: served["paths"][p]["get"]["parameters"][0]["schema"]["enum"]
        for p in ("/api/claims/{id}", "/api/forecasts/{id}")
    }
    assert enums["/api/claims/{id}"] == [c.id for c in ledger()]
    assert enums["/api/forecasts/{id}"] == [q.id for q in questions()]
    ids = [o["operationId"] for path in served["paths"].values() for o in path.values()]
    assert len(ids) == len(set(ids))
    for schema in served["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path, operations in served["paths"].items():
        for operation in operations.values():
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


SHAPES = (
    "/api/measures", "/api/sources", "/api/decisions", "/api/measures/exercises.count", "/api/search",
    "/api/parties/{id}", "/api/screen", "/api/claims/{id}", "/api/forecasts/{id}",
)  # fmt: skip


@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_is_of_the_shape_that_the_document_says(server: Served, path: str) -> None:
    examples = {
        "q": "sipri",
        "name": "VTB Bank",
        "id": {"parties": "ofac-17013", "claims": "I3"}.get(path.split("/")[2], questions()[0].id),
    }
    operation = document()["paths"][path]["get"]
    asked = {
        p["name"]: examples[p["name"]]
        for p in operation.get("parameters", [])
        if p["in"] == "query" and p["name"] in examples
    }
    target = path.replace("{id}", quote(str(examples["id"])))
    got = server.ask("GET", f"{target}?{urlencode(asked)}")
    assert got.status == 200, got.text[:300]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(resolved(schema)).validate(got.json)


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
    method, path, operation = draw(st.sampled_from([o for o in operations() if o[0] in ("get", "delete")]))
    target = path
    for p in operation["parameters"]:
        if p["in"] == "path":
            target = target.replace(
                "{" + p["name"] + "}",
                quote(draw(st.text(min_size=1, max_size=20)).replace("/", "_"), safe=""),
            )
    chosen = draw(
        st.lists(st.sampled_from(operation["parameters"] or [{"in": "none"}]), max_size=3, unique_by=id)
    )
    params = {p["name"]: draw(of_schema(p["schema"])) for p in chosen if p["in"] == "query"}
    if not path.startswith(QUICK) or path.startswith(("/api/measures/", "/api/trace/")):
        params |= draw(
            st.sampled_from(
                [{"as_of": "20230320x"}, {"as_of": "2999-01-01"}, {"nonsense": "1"}, {"limit": "-1"}]
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


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n"), max_size=60),
    fields=st.dictionaries(st.sampled_from(["as_of", "top", "threshold", "base_rate", "nonsense"]),
                           st.sampled_from(["", "x", "-1", "2999-01-01", "1e9", "\u0663"]), min_size=1),
)  # fmt: skip
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
    got = server.ask("HEAD", f"/api/measures/transfers.tiv?as_of={DAY}")
    assert (got.status, got.body) == (200, b"")
