# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI 3.1 document, made from the registry of measures, the ledger and the questions: one path a measure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import Any

from bilat.document.fields import Parameter
from bilat.forecast import questions
from bilat.goods.baskets import NAMES as BASKETS
from bilat.measures import measures
from bilat.measures.declare import Measure
from bilat.parties.decide.decisions import VERDICTS as DECIDED
from bilat.parties.decide.known import KNOWN
from bilat.parties.run.typed import SCHEMATA
from bilat.server.asked import LONGEST_TEXT, MOST_NAMES
from bilat.server.entries import DISSENT_FIELDS, FIELDS, LONGEST, LONGEST_DISSENT
from bilat.server.refused import TITLES
from bilat.server.work import MOST_ROWS
from bilat.verdicts import ANSWERS
from bilat.verdicts.ledger import ledger

Plain = dict[str, Any]
TEXT: Plain = {"type": "string"}
TEXTS: Plain = {"type": "array", "items": TEXT}
NUMBER: Plain = {"type": ["number", "null"]}
ANY: Plain = {"type": "object"}


def _object(required: Plain, **more: Any) -> Plain:
    return {"type": "object", "required": sorted(required), "properties": required, **more}


def _ref(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Plain) -> Plain:
    return {"type": "array", "items": of}


def _dissents() -> Plain:
    """A dissent, and what is sent to add one."""
    verdict = {"verdict": {"enum": [*ANSWERS]}}
    entry = {k: TEXT for k in (*LONGEST_DISSENT, "when", "hash", "previous")} | verdict
    sent = {k: {**TEXT, "maxLength": n} for k, n in LONGEST_DISSENT.items()} | verdict
    sent["claim"] = {"enum": [c.id for c in ledger()]}
    new = {"type": "object", "required": [*DISSENT_FIELDS], "additionalProperties": False, "properties": sent}
    return {"Dissent": _object(entry), "NewDissent": new}


def _schemas() -> Plain:
    answered = _object({
        "answer": {"enum": [*ANSWERS]}, "sentence": TEXT, "sure": {"enum": ["firm", "fair", "thin"]}, "evidence": ANY,
    })  # fmt: skip
    point = {
        "period": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "kind": TEXT,
        "group": TEXT,
        "note": TEXT,
    }
    hit = {"id": TEXT, "title": TEXT, "text": TEXT, "href": TEXT}
    group = _object({"total": {"type": "integer"}, "hits": _list(_object(hit))})
    decision = {
        **dict.fromkeys((*FIELDS, *KNOWN, "when", "hash", "previous"), TEXT),
        "verdict": {"enum": [*DECIDED]},
    }
    return {
        "Problem": _object({
            "type": TEXT, "title": TEXT, "status": {"type": "integer"},
            "detail": {**TEXT, "description": "One line: what is wrong and what to do about it."},
        }),
        "Measurement": _object({
            "name": TEXT, "title": TEXT, "dyad": TEXTS, "as_of": TEXT, "unit": TEXT, "method": TEXT, "params": ANY,
            "note": TEXT, "data_to": {"type": ["string", "null"]}, "points": _list(_object(point)),
            "sources": _list(ANY),
        }),
        "Rows": _object({
            "name": TEXT, "as_of": TEXT, "total": {"type": "integer"}, "offset": {"type": "integer"},
            "rows": _list(ANY),
        }),
        "Claim": _object({
            "id": TEXT, "claim": TEXT, "as_of": TEXT, "when_written": answered, "since": answered, "how": ANY,
        }),
        "Forecast": ANY,
        "MeasureAbout": _object({"name": TEXT, "title": TEXT, "unit": TEXT, "method": TEXT, "parameters": _list(ANY)}),
        "Source": _object({"name": TEXT, "title": TEXT, "producer": TEXT, "licence": TEXT, "url": TEXT, "held": TEXTS}),
        "Found": _object(dict.fromkeys(("parties", "claims", "measures", "goods", "sources"), group)),
        "Party": _object({"id": TEXT, "ids": TEXTS, "name": TEXT, "names": _list({}), "listings": _list(ANY)}),
        "Screening": _object({
            "rows": _list(ANY), "summary": TEXTS, "notes": TEXTS, "below": TEXTS, "age": TEXT,
            "total": {"type": "integer"}, "queries": {"type": "integer"},
        }),
        "Routes": _object({"summary": ANY, "rows": _list(ANY), "total": {"type": "integer"}}),
        "Job": _object({
            "id": TEXT, "kind": {"enum": ["screen", "divert"]}, "title": TEXT, "progress": TEXT,
            "status": {"enum": ["waiting", "running", "done", "failed"]}, "error": {"type": ["string", "null"]},
            "files": _list(_object({"name": TEXT, "href": TEXT})), "result": {"type": ["object", "null"]},
        }),
        "Decision": _object(decision),
        **_dissents(),
        "NewDecision": {
            "type": "object", "required": sorted(FIELDS), "additionalProperties": False,
            "properties": {k: {**TEXT, "maxLength": n} | ({"minLength": 1} if k in FIELDS else {})
                           for k, n in LONGEST.items()} | {"verdict": {"enum": [*DECIDED]}},
        },
    }  # fmt: skip


def _parameter(name: str, about: str, schema: Plain | None = None, **more: Any) -> Plain:
    return {
        "name": name, "in": "query", "required": False, "description": about,
        "schema": schema or {**TEXT, "maxLength": LONGEST_TEXT}, **more,
    }  # fmt: skip


def _in_path(name: str, about: str, schema: Plain | None = None) -> Plain:
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema or TEXT}


AS_OF = _parameter(
    "as_of", "Hide what the public could not know on this day; default today.",
    {**TEXT, "format": "date"}, example="2023-03-20",
)  # fmt: skip
PAIR = _parameter(
    "pair",
    "Two states, as codes or English names.",
    {**TEXT, "default": "RUS-CHN", "maxLength": 100},
    example="RUS-CHN",
)


def _of_measure(p: Parameter, default: Any) -> Plain:
    schema: Plain = {"maxLength": LONGEST_TEXT, **TEXT}
    if p.choices and not p.many:
        schema = {"enum": [str(c) for c in p.choices]}
    elif p.kind is bool:
        schema = {"enum": ["true", "false"]}
    elif p.kind in (int, float) and not p.many:
        schema = {"type": "integer" if p.kind is int else "number"}
    return _parameter(p.name, f"{p.about}. Write {p.form}; default {str(default) or 'blank'}.", schema)


#: Whatever may go wrong anywhere: limits, hosts, tokens, workers.
_ALWAYS = (400, 401, 403, 413, 421, 422, 429, 500, 503, 504)


def _answers(schema: Plain, status: int = 200, more: Sequence[int] = ()) -> Plain:
    found: Plain = {
        str(status): {"description": "The answer.", "content": {"application/json": {"schema": schema}}}
    }
    for code in sorted({*_ALWAYS, *more}):
        found[str(code)] = {
            "description": f"{TITLES[code]}.",
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
    return found


def _get(
    id: str,
    about: str,
    schema: Plain,
    parameters: Sequence[Plain] = (),
    *,
    tag: str,
    more: Sequence[int] = (),
) -> Plain:
    return {
        "operationId": id, "summary": about, "tags": [tag], "parameters": list(parameters),
        "responses": _answers(schema, more=more),
    }  # fmt: skip


def _send(id: str, about: str, fields: Plain, *, tag: str) -> Plain:
    schema = _object({"file": {"type": "string", "contentMediaType": "application/octet-stream"}})
    schema["properties"] |= fields
    return {
        "operationId": id, "summary": about, "tags": [tag],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}},
        "responses": _answers(_ref("Job"), 202, (408, 415)),
    }  # fmt: skip


def _measure_paths(m: Measure) -> Plain:
    of_measure = [_of_measure(p, m.params[k]) for k, p in m.parameters.items()]
    rows = [
        p
        for p in (
            _parameter("period", "One point's period: 2018, 2022-03."),
            _parameter("group", "One group of the measure."),
            _parameter("offset", "Rows to pass over.", {"type": "integer", "minimum": 0, "default": 0}),
            _parameter(
                "limit", "Most rows.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 200}
            ),
        )
        if p["name"] not in m.parameters
    ]
    asked = [PAIR, AS_OF, *of_measure]
    return {
        f"/api/measures/{m.name}": {
            "get": _get(f"measure {m.name}", m.title, _ref("Measurement"), asked, tag="measures")
        },
        f"/api/trace/{m.name}": {
            "get": _get(
                f"trace {m.name}", f"Rows behind: {m.title}", _ref("Rows"), [*asked, *rows], tag="trace"
            )
        },
    }


def _screen_path() -> Plain:
    threshold = _parameter(
        "threshold", "Least probability (0.5), band (likely), or alerts per thousand (5/1000)."
    )
    top = _parameter("top", "Parties a name.", {"type": "integer", "minimum": 1, "maximum": 50, "default": 5})
    rate = _parameter("base_rate", "Share of the names asked that is assumed to be listed.", {
        "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.01})  # fmt: skip
    common = [AS_OF, top, threshold, rate]
    name = _parameter(
        "name", "A name; repeatable.", {"type": "array", "items": TEXT, "minItems": 1, "maxItems": MOST_NAMES}
    )
    typed = [
        {**name, "required": True, "example": ["VTB Bank"]},
        _parameter("born", "Date of birth: 1970, 1970-03 or 1970-03-21."),
        _parameter("country", "State of the name: RUS."),
        _parameter("schema", "What the name is.", {"enum": [*SCHEMATA]}),
    ]
    fields = {p["name"]: p["schema"] for p in common} | {
        "columns": {**TEXT, "description": "name=Consignee,country=Ctry"}
    }
    return {
        "get": _get(
            "screen", "Whether names are listed.", _ref("Screening"), [*typed, *common], tag="screening"
        ),
        "post": _send("screen file", "Screen a file of names; its result is a job.", fields, tag="screening"),
    }


def _divert_path() -> Plain:
    asked = [
        AS_OF,
        _parameter("origin", "EU27, COALITION, or states joined by commas."),
        _parameter("target", "Where the goods end: RUS, or RUS,BLR as one market."),
        _parameter("since", "The break: 2022-03 or 2022."),
        _parameter("until", "The last period looked at."),
        _parameter("basket", f"{', '.join(BASKETS)}, or one tier as chpl:1."),
        _parameter("hub", "Only these hubs, joined by commas."),
        _parameter("limit", "Rows.", {"type": "integer", "minimum": 1, "maximum": 5000, "default": 100}),
    ]
    fields = {p["name"]: p["schema"] for p in asked}
    return {
        "get": _get("divert", "Routes in the holdings, ranked.", _ref("Routes"), asked, tag="diversion"),
        "post": _send(
            "divert file", "Rank the routes of a trade file; its result is a job.", fields, tag="diversion"
        ),
    }


def _listings() -> Plain:
    """Lists, and one of each by its id."""
    claim = _in_path("id", "A claim of the ledger.", {"enum": [c.id for c in ledger()]})
    question = _in_path("id", "A question.", {"enum": [q.id for q in questions()]})
    party = _in_path("id", "Its id.")
    words = _parameter("q", "What to look for.", {**TEXT, "minLength": 1, "maxLength": LONGEST_TEXT})
    words["required"] = True
    plain: list[tuple[str, str, str, Plain, list[Plain]]] = [
        ("/api/measures", "measures", "Every measure.", _list(_ref("MeasureAbout")), []),
        ("/api/claims", "claims", "The ledger judged.", _list(_ref("Claim")), [PAIR, AS_OF]),
        ("/api/claims/{id}", "claim", "One claim.", _ref("Claim"), [claim, PAIR, AS_OF]),
        ("/api/forecasts", "forecasts", "Every question.", _list(_ref("Forecast")), [AS_OF]),
        ("/api/forecasts/{id}", "forecast", "One question.", _ref("Forecast"), [question, AS_OF]),
        ("/api/sources", "sources", "The catalog with the editions held.", _list(_ref("Source")), []),
        ("/api/search", "search", "What holds some words.", _ref("Found"), [words, PAIR, AS_OF]),
        ("/api/parties/{id}", "party", "One listed party.", _ref("Party"), [party, AS_OF]),
    ]
    return {
        path: {
            "get": _get(id, about, kind, asked, tag=path.split("/")[2], more=(404,) if "{" in path else ())
        }
        for path, id, about, kind, asked in plain
    }


def _body(kind: str) -> Plain:
    """What a program sends of a kind."""
    return {"required": True, "content": {"application/json": {"schema": _ref(kind)}}}


def _jobs() -> Plain:
    """Results of uploads, and what readers enter."""
    job = _in_path("id", "The id that the upload was answered with.")
    file = _in_path("file", "A file of the result.")
    gone = {k: v for k, v in _answers({}, more=(404,)).items() if k != "200"}
    about, trail = "How a job stands, with its result.", "The audit trail, oldest first."
    return {
        "/api/jobs/{id}": {
            "get": _get("job", about, _ref("Job"), [job], tag="jobs", more=(404,)),
            "delete": {
                "operationId": "delete job", "summary": "Take it away.", "tags": ["jobs"], "parameters": [job],
                "responses": {"204": {"description": "It is gone."}} | gone,
            },
        },
        "/api/jobs/{id}/files/{file}": {
            "get": _get("job file", "A file of the result.", {}, [job, file], tag="jobs", more=(404,))
        },
        "/api/decisions": {
            "get": _get("decisions", trail, _list(_ref("Decision")), tag="decisions"),
            "post": {
                "operationId": "decide", "summary": "Append a decision.", "tags": ["decisions"],
                "requestBody": _body("NewDecision"), "responses": _answers(_ref("Decision"), 201),
            },
        },
        "/api/dissents": {
            "get": _get("dissents", "What the team concludes otherwise.", _list(_ref("Dissent")), tag="dissents"),
            "post": {
                "operationId": "dissent", "summary": "Append a dissent.", "tags": ["dissents"],
                "requestBody": _body("NewDissent"), "responses": _answers(_ref("Dissent"), 201, (404,)),
            },
        },
    }  # fmt: skip


@cache
def document() -> Plain:
    """The document of this version."""
    paths = {**_listings(), **_jobs(), "/api/screen": _screen_path(), "/api/divert": _divert_path()}
    for m in measures().values():
        paths |= _measure_paths(m)
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
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
