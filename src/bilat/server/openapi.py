# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI 3.1 document: one path a verb, its parameters those of the question."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

from bilat.document import Parameter
from bilat.document.plain import SCHEMA
from bilat.parties.decisions.log import VERDICTS as DECIDED
from bilat.server.entries import FIELDS, LONGEST
from bilat.server.lookup import FACETS
from bilat.server.refusals import TITLES
from bilat.server.verbs import LONGEST_TEXT, MOST_NAMES, VERBS, Verb

Plain = dict[str, Any]
TEXT: Plain = {"type": "string"}
ANY: Plain = {"type": "object"}
#: Fields of a search.
SEARCHED = ("q", "pair", "as_of", *FACETS)
_FRAME = {
    "pair": {**TEXT, "default": "RUS-CHN", "description": "Two states: RUS-CHN."},
    "as_of": {
        **TEXT,
        "format": "date",
        "description": "Use only what was public on this day.",
    },
}


def schema(parameter: Parameter) -> Plain:
    """A parameter of a question as JSON Schema."""
    one: Plain = {
        "type": {bool: "boolean", int: "integer", float: "number"}.get(parameter.kind, "string")
    }
    if parameter.choices:
        one = {"enum": [*parameter.choices]}
    if parameter.least is not None:
        one |= {"minimum": parameter.least, "maximum": parameter.most}
    if parameter.many:
        one = {"type": "array", "items": one, "maxItems": MOST_NAMES}
    elif parameter.default not in ("", None):
        one["default"] = parameter.default
    return {**one, "description": parameter.about}


def fields(verb: Verb) -> dict[str, Plain]:
    """Everything that may be asked of a verb, by name."""
    frame = _FRAME if verb.question.pair else {"as_of": _FRAME["as_of"]}
    return {p.name.replace("-", "_"): schema(p) for p in verb.fields} | frame


def _object(**properties: Plain) -> Plain:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _ref(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def _answers(good: Plain, status: int = 200, kind: str = "application/json") -> Plain:
    """The good answer, and every refusal."""
    refused = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": "The answer.", "content": {kind: {"schema": good}}}} | {
        str(code): {"description": title, "content": refused} for code, title in TITLES.items()
    }


def _operation(
    id: str, about: str, good: Plain, given: dict[str, Plain] | None = None, **more: Any
) -> Plain:
    asked = [{"name": k, "in": "query", "schema": s} for k, s in (given or {}).items()]
    return {
        "operationId": id,
        "summary": about,
        "parameters": asked,
        "responses": _answers(good),
    } | more


def _body(kinds: dict[str, Plain]) -> Plain:
    return {"required": True, "content": {kind: {"schema": s} for kind, s in kinds.items()}}


def _verb(verb: Verb) -> Plain:
    about = verb.about
    given = fields(verb)
    found: Plain = {}
    if not verb.is_private:
        found["get"] = _operation(verb.path, about, _ref("Document"), given)
    if verb.file:
        sent = {
            "type": "object",
            "properties": {
                "file": {**TEXT, "contentMediaType": "application/octet-stream"},
                **given,
            },
        }
        kinds = ("multipart/form-data", "application/x-www-form-urlencoded")
        found["post"] = _operation(
            f"{verb.path} file", f"{about} A file starts a job.", _ref("Document")
        )
        found["post"] |= {"requestBody": _body(dict.fromkeys(kinds, sent))}
        found["post"]["responses"] |= {
            k: v for k, v in _answers(_ref("Job"), 202).items() if k == "202"
        }
    return found


def _decisions() -> Plain:
    """GET and POST of the log of decisions."""
    entered = dict.fromkeys(("query", "party", "reason", "who", "when", "hash"), TEXT)
    entry = _object(verdict={"enum": [*DECIDED]}, **entered)
    sent = {k: {**TEXT, "maxLength": n} for k, n in LONGEST.items()}
    new = {
        "type": "object",
        "required": [*FIELDS],
        "additionalProperties": False,
        "properties": sent,
    }
    post = {"requestBody": _body({"application/json": new}), "responses": _answers(entry, 201)}
    return {
        "get": _operation("decisions", "The log of decisions.", _list(entry)),
        "post": _operation("new decision", "Append to the log of decisions.", entry, **post),
    }


def _in_path(operation: Plain, **schemas: Plain) -> Plain:
    named = [{"name": k, "in": "path", "required": True, "schema": s} for k, s in schemas.items()]
    return {**operation, "parameters": [*named, *operation["parameters"]]}


def _paths() -> Plain:
    asked = {k: {**TEXT, "maxLength": LONGEST_TEXT} for k in SEARCHED}
    words = {"type": "object", "required": ["q"], "properties": asked}
    file = _operation(
        "file",
        "A file of a result.",
        ANY,
        responses=_answers(TEXT, kind="application/octet-stream"),
    )
    body = _body({"application/json": words})
    search = _operation(
        "search",
        "Everything that contains some words; facets narrow the parties.",
        _ref("Found"),
        requestBody=body,
    )
    gone = {k: v for k, v in _answers(ANY).items() if k != "200"} | {
        "204": {"description": "It has been deleted."}
    }
    job = _operation("job", "Status of a job.", _ref("Job"))
    return {f"/api/{v.path}": _verb(v) for v in VERBS.values()} | {
        "/api/search": {"post": search},
        "/api/jobs": {
            "get": _operation("jobs", "Your own jobs.", {"type": "array", "items": _ref("Job")})
        },
        "/api/jobs/{id}": {
            "get": _in_path(job, id=TEXT),
            "delete": _in_path({**job, "operationId": "delete job", "responses": gone}, id=TEXT),
        },
        "/api/jobs/{id}/files/{file}": {"get": _in_path(file, id=TEXT, file=TEXT)},
        "/api/decisions": _decisions(),
    }


def _list(of: Plain) -> Plain:
    return {"type": "array", "items": of}


def _schemas() -> Plain:
    number = {"type": ["number", "null"]}
    status = {"enum": ["waiting", "running", "done", "failed"]}
    group = _object(
        total={"type": "integer"}, hits=_list(_object(id=TEXT, title=TEXT, text=TEXT, href=TEXT))
    )
    return {
        "Problem": _object(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
        "Document": _object(
            schema={"const": SCHEMA},
            kind=TEXT,
            title=TEXT,
            summary=_list(TEXT),
            blocks=_list(ANY),
            sources=_list(ANY),
            data={},
        ),
        "Job": _object(
            id=TEXT,
            kind=TEXT,
            title=TEXT,
            status=status,
            progress=TEXT,
            error={"type": ["string", "null"]},
            files=_list(_object(name=TEXT, href=TEXT)),
            made=number,
            ended=number,
            deleted_at=number,
        ),
        "Found": _object(
            answer=TEXT,
            age=TEXT,
            groups={"type": "object", "additionalProperties": group},
            facets=ANY,
        ),
    }


@cache
def document() -> Plain:
    """The document of this version."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bilat",
            "version": metadata.version("bilat"),
            "summary": "Two states' military ties, measured from public records.",
            "description": "What the command line prints with `json`; an error is problem+json with one line.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": dict(sorted(_paths().items())),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
