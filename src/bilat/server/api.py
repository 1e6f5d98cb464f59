# SPDX-License-Identifier: Apache-2.0
"""The JSON interface under ``/api/``: the documents of the command line as JSON, at an address each.

An error is ``application/problem+json`` (RFC 9457) whose ``detail`` is the one line that the command line prints.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bilat.errors import BilatError, UsageError
from bilat.files.json_types import JsonObject
from bilat.server import entries, lookup
from bilat.server.desk import Desk, desk_of, to_bytes
from bilat.server.jobs import Job, plain
from bilat.server.openapi import SEARCHED, document
from bilat.server.refusals import TITLES, Refusal, status_of
from bilat.server.results import result_file
from bilat.server.upload import UploadedForm, put, read_form
from bilat.server.verbs import VERBS, Verb, query, read


def problem(error: BilatError) -> Response:
    """An error as problem+json."""
    status = status_of(error)
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": str(error)}
    headers = {"retry-after": str(error.wait)} if isinstance(error, Refusal) and error.wait else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _json(value: Any, status: int = 200) -> Response:
    body = value if isinstance(value, bytes) else to_bytes(value)
    return Response(body, status, media_type="application/json")


def verb_of(request: Request) -> Verb:
    """The verb of an address: its path without ``/api``."""
    return VERBS[request.url.path.removeprefix("/api").strip("/")]


async def answer(request: Request) -> Response:
    """A verb's document: GET with the question's fields in the address, POST with them, or a file, in the body."""
    verb = verb_of(request)
    desk = desk_of(request)
    items = request.query_params.multi_items()
    if request.method == "POST":
        query(items)
        form = await received(request)
        if form.file is not None or not form.get("name"):
            return _begun(await begin(request, verb, form))
        items = form.items
    elif verb.is_private:
        raise Refusal(
            405,
            f"names must not appear in an address. POST them to /api/{verb.path} as a form, "
            "name=...",
        )
    return _json((await desk.answer(request.state.reader, read(verb, items)))[0])


async def received(request: Request) -> UploadedForm:
    """A form; where the reader's results leave no room for a file, it is refused before its body is read."""
    desk = desk_of(request)
    files = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    if files:
        desk.jobs.replaced_by_next(request.state.reader)
    return await read_form(request, desk.settings.limits, files=files)


async def begin(request: Request, verb: Verb, form: UploadedForm) -> Job:
    """Begin a job with the file of a form, or with the names in it.

    Raises
    ------
    Refusal, UsageError
        for a field or an ending that is not allowed, or where too much waits.
    """
    desk = desk_of(request)
    asked = read(verb, form.items)
    names = ", ".join(getattr(asked.question, "name", ()))
    if form.file is None and not names:
        raise UsageError("the file is missing or empty. Choose a file to send")
    job = desk.jobs.new(request.state.reader, verb.path, names[:80], form.items)
    with desk.jobs.deleted_on_error(job):
        if form.file is not None:
            job.title = job.sent = (await put(form.file, job.folder, verb.file)).name
        desk.begin(job)
    return job


async def search(request: Request) -> Response:
    """Parties, states, claims, measures, codes of goods and sources that hold some words."""
    given = await _object(request, SEARCHED)
    return _json(
        asdict((await lookup.everything(desk_of(request), request.state.reader, given))[1])
    )


def _plain(desk: Desk, job: Job) -> JsonObject:
    return plain(job, desk.jobs.deleted_at(job))


def _begun(job: Job) -> Response:
    made = _json(plain(job, None), 202)
    made.headers["location"] = f"/api/jobs/{job.id}"
    return made


async def jobs(request: Request) -> Response:
    """The reader's jobs, the newest first."""
    query(request.query_params.multi_items())
    desk = desk_of(request)
    desk.jobs.forget()
    return _json([_plain(desk, job) for job in desk.jobs.of(request.state.reader)])


async def job(request: Request) -> Response:
    """GET: how a job stands, with its files. DELETE: take it away."""
    query(request.query_params.multi_items())
    desk = desk_of(request)
    found = desk.jobs.get(request.path_params["id"], request.state.reader)
    if request.method == "DELETE":
        desk.jobs.delete(found)
        return Response(status_code=204)
    return _json(_plain(desk, found))


async def job_file(request: Request) -> Response:
    """A file of a job's result."""
    query(request.query_params.multi_items())
    desk = desk_of(request)
    reader = request.state.reader
    found = desk.jobs.get(request.path_params["id"], reader)
    return await result_file(desk, reader, found, request.path_params["file"], download=True)


async def decisions(request: Request) -> Response:
    """GET: the audit trail. POST: append a decision."""
    query(request.query_params.multi_items())
    desk = desk_of(request)
    if request.method == "GET":
        return _json(await entries.trail(desk))
    return _json(
        await entries.decide(desk, request.state.reader, await _object(request, entries.FIELDS)),
        201,
    )


async def _object(request: Request, fields: tuple[str, ...]) -> dict[str, str]:
    """The JSON object of texts that a request carries."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > 1 << 16:
            raise Refusal(413, "the entry is larger than 64 KB. Write a shorter reason")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise UsageError("the body is not JSON. Send an object of texts") from None
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise UsageError(f"the body is not an object of texts. Send {', '.join(fields)}")
    return value


async def openapi(request: Request) -> Response:
    """``/openapi.json``."""
    query(request.query_params.multi_items())
    return _json(await asyncio.to_thread(document))


async def nothing(request: Request) -> Response:
    """An address that is none."""
    raise Refusal(404, f"no such address: {request.url.path[:80]}. See /openapi.json")


ROUTES = [
    Route("/openapi.json", openapi),
    *(
        Route(f"/api/{v.path}", answer, methods=["GET", "POST"] if v.file else ["GET"])
        for v in VERBS.values()
    ),
    Route("/api/search", search, methods=["POST"]),
    Route("/api/jobs", jobs),
    Route("/api/jobs/{id}", job, methods=["GET", "DELETE"]),
    Route("/api/jobs/{id}/files/{file}", job_file),
    Route("/api/decisions", decisions, methods=["GET", "POST"]),
    Route("/api/{rest:path}", nothing),
]
