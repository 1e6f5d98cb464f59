# SPDX-License-Identifier: Apache-2.0
"""The JSON interface under ``/api/``: what the command line prints with ``--json``, at an address each.

An error is ``application/problem+json`` (RFC 9457) whose ``detail`` is the one line that the command line prints.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bilat.errors import BilatError, UsageError
from bilat.measures import measures
from bilat.server import asked, entries, lookup, team
from bilat.server.desk import Desk, to_bytes
from bilat.server.files import file_answer
from bilat.server.jobs import Job
from bilat.server.openapi import document
from bilat.server.refused import TITLES, Declined, status_of
from bilat.server.upload import whole
from bilat.server.uploads import begin_divert, begin_screen
from bilat.server.work import MOST_ROWS
from bilat.when import AsOf


def problem(error: BilatError) -> Response:
    """An error as problem+json."""
    status = status_of(error)
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": str(error)}
    headers = {"retry-after": str(error.wait)} if isinstance(error, Declined) and error.wait else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _json(value: Any, status: int = 200) -> Response:
    body = value if isinstance(value, bytes) else to_bytes(value)
    return Response(body, status, media_type="application/json")


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def openapi(request: Request) -> Response:
    """``/openapi.json``."""
    asked.query(request)
    return _json(await asyncio.to_thread(document))


async def list_measures(request: Request) -> Response:
    """Every measure with its unit, tables and parameters."""
    asked.query(request)
    return _json(
        [
            {
                "name": m.name,
                "title": m.title,
                "unit": str(m.unit),
                "method": m.method,
                "reference": m.reference,
                "interval": m.interval.text,
                "groups": m.groups,
                "tables": list(m.tables),
                "parameters": [
                    {"name": k, "default": m.params[k], "form": p.form, "about": p.about}
                    for k, p in m.parameters.items()
                ],
            }
            for m in measures().values()
        ]
    )


async def measure(request: Request) -> Response:
    """One measure for a pair as of a date."""
    spec = asked.measure_named(request.path_params["name"])
    given = asked.query(request, "pair", "as_of", *spec.parameters)
    pair, as_of = asked.pair_of(given.pop("pair", None)), AsOf(given.pop("as_of", None))
    params = asked.written(spec, given)
    return _json(
        await _desk(request).answer(
            request.state.reader, "measure", name=spec.name, pair=str(pair), as_of=str(as_of), params=params
        )
    )


async def trace(request: Request) -> Response:
    """The rows behind a measure."""
    spec = asked.measure_named(request.path_params["name"])
    given = asked.query(request, "pair", "as_of", "period", "group", "offset", "limit", *spec.parameters)
    pair, as_of = asked.pair_of(given.pop("pair", None)), AsOf(given.pop("as_of", None))
    # a measure may have a parameter of its own called period or group: then it is the parameter that is meant
    period = None if "period" in spec.parameters else given.pop("period", None)
    group = None if "group" in spec.parameters else given.pop("group", None)
    offset = whole(given.pop("offset", "0"), "offset", 0, 100_000_000)
    limit = whole(given.pop("limit", "200"), "limit", 1, MOST_ROWS)
    params = asked.written(spec, given)
    return _json(
        await _desk(request).answer(
            request.state.reader, "trace", name=spec.name, pair=str(pair), as_of=str(as_of), params=params,
            period=period, group=group, offset=offset, limit=limit,
        )
    )  # fmt: skip


async def claims(request: Request) -> Response:
    """The ledger judged, or one claim of it."""
    given = asked.query(request, "pair", "as_of")
    pair, as_of = asked.pair_of(given.get("pair")), AsOf(given.get("as_of"))
    only = request.path_params.get("id")
    desk = _desk(request)
    if only is not None and only in await asyncio.to_thread(team.withheld, desk.settings):
        raise Declined(404, f"no claim {only[:20]} here")
    made: Any = await desk.answer(request.state.reader, "claims", pair=str(pair), as_of=str(as_of), only=only)
    whose, limit = team.opened(**team.told(desk.settings))
    if whose is not None:
        made = to_bytes(await asyncio.to_thread(team.claims, made, whose, limit))
    return _json(made if only is None else json.loads(made)[0])


async def forecasts(request: Request) -> Response:
    """Every question with its probability, or one."""
    as_of = AsOf(asked.query(request, "as_of").get("as_of"))
    only = request.path_params.get("id")
    made = await _desk(request).answer(request.state.reader, "forecasts", as_of=str(as_of), only=only)
    return _json(made if only is None else json.loads(made)[0])


async def list_sources(request: Request) -> Response:
    """The catalog with the editions held."""
    asked.query(request)
    return _json(await _desk(request).answer(request.state.reader, "sources"))


async def search(request: Request) -> Response:
    """Parties, claims, measures, codes of goods and sources that hold some words."""
    given = asked.query(request, "q", "pair", "as_of")
    if "q" not in given:
        raise UsageError("q is missing; write what to look for")
    pair, as_of = asked.pair_of(given.get("pair")), AsOf(given.get("as_of"))
    found = await lookup.everything(_desk(request), request.state.reader, given["q"], pair, as_of)
    return _json({k: {"total": g.total, "hits": [h.plain() for h in g.hits]} for k, g in found.items()})


async def party(request: Request) -> Response:
    """One listed party: names, listings, numbers, addresses."""
    as_of = AsOf(asked.query(request, "as_of").get("as_of"))
    return _json(
        await _desk(request).answer(
            request.state.reader, "party", id=request.path_params["id"], as_of=str(as_of)
        )
    )


async def screen(request: Request) -> Response:
    """GET: names typed. POST: a file; its result is a job."""
    desk = _desk(request)
    if request.method == "POST":
        return _begun(await begin_screen(request, desk))
    options = ("as_of", "top", "threshold", "base_rate", "born", "country", "schema")
    given = asked.query(request, *options, many=["name"])
    names = request.query_params.getlist("name")
    return _json(await screened(desk, request.state.reader, names, given))


async def screened(desk: Desk, reader: str, names: list[str], given: dict[str, str]) -> Any:
    """Rows of names typed; nothing of it is kept."""
    names = [" ".join(n.split()) for n in names if n.strip()]
    if not names:
        raise UsageError("name is missing; write a name to look up")
    if len(names) > asked.MOST_NAMES:
        raise UsageError(f"{len(names)} names; ask for at most {asked.MOST_NAMES} at once, or send a file")
    return await desk.ask(
        reader, "screen_names", names=[n[: asked.LONGEST_TEXT] for n in names], born=given.get("born", ""),
        country=given.get("country", ""), schema=asked.kind_of(given.get("schema", "")),
        decisions=desk.settings.decided, **asked.screening(given), **team.told(desk.settings),
    )  # fmt: skip


async def divert(request: Request) -> Response:
    """GET: routes in the holdings. POST: a trade file; its result is a job."""
    desk = _desk(request)
    if request.method == "POST":
        return _begun(await begin_divert(request, desk))
    given = asked.query(request, "origin", "target", "since", "until", "basket", "hub", "limit", "as_of")
    question = asked.routes(given, limit="100", cases=0)
    return _json(await desk.answer(request.state.reader, "divert", files=[], out=None, asked=question))


def job_json(job: Job) -> dict[str, Any]:
    """A job as plain data."""
    links = [{"name": n, "href": f"/api/jobs/{job.id}/files/{n}"} for n in job.result.get("files", [])]
    told = {
        "id": job.id,
        "kind": job.kind,
        "title": job.title,
        "status": job.status,
        "progress": job.progress,
    }
    error = str(job.error) if job.error is not None else None
    return {**told, "error": error, "files": links, "result": job.result or None}


def _begun(job: Job) -> Response:
    made = _json(job_json(job), 202)
    made.headers["location"] = f"/api/jobs/{job.id}"
    return made


async def job(request: Request) -> Response:
    """GET: how a job stands, with its result. DELETE: take it away."""
    asked.query(request)
    desk = _desk(request)
    found = desk.jobs.get(request.path_params["id"], request.state.reader)
    if request.method == "DELETE":
        desk.jobs.delete(found)
        return Response(status_code=204)
    return _json(job_json(found))


async def job_file(request: Request) -> Response:
    """A file of a job's result."""
    asked.query(request)
    found = _desk(request).jobs.get(request.path_params["id"], request.state.reader)
    return file_answer(found.out, request.path_params["file"], found.result.get("files", []), download=True)


async def decisions(request: Request) -> Response:
    """GET: the audit trail. POST: append a decision."""
    asked.query(request)
    desk = _desk(request)
    if request.method == "GET":
        return _json(await entries.trail(desk, request.state.reader))
    return _json(
        await entries.decide(desk, request.state.reader, await _object(request, entries.FIELDS)), 201
    )


async def dissents(request: Request) -> Response:
    """GET: the dissents. POST: append one."""
    asked.query(request)
    desk = _desk(request)
    if request.method == "GET":
        return _json(await entries.dissents(desk, request.state.reader))
    given = await _object(request, tuple(entries.LONGEST_DISSENT))
    return _json(await entries.dissent(desk, request.state.reader, given), 201)


async def _object(request: Request, fields: tuple[str, ...]) -> dict[str, str]:
    """The JSON object of texts that a request carries."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > 1 << 16:
            raise Declined(413, "an entry has at most 64 KB; write a shorter reason")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise UsageError("the body is not JSON; send an object of texts") from None
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise UsageError(f"the body is not an object of texts; send {', '.join(fields)}")
    return value


async def nothing(request: Request) -> Response:
    """An address that is none."""
    raise Declined(404, f"no such address: {request.url.path[:80]}; see /openapi.json")


ROUTES = [
    Route("/openapi.json", openapi),
    Route("/api/measures", list_measures),
    Route("/api/measures/{name}", measure),
    Route("/api/trace/{name}", trace),
    Route("/api/claims", claims),
    Route("/api/claims/{id}", claims),
    Route("/api/forecasts", forecasts),
    Route("/api/forecasts/{id}", forecasts),
    Route("/api/sources", list_sources),
    Route("/api/search", search),
    Route("/api/parties/{id}", party),
    Route("/api/screen", screen, methods=["GET", "POST"]),
    Route("/api/divert", divert, methods=["GET", "POST"]),
    Route("/api/jobs/{id}", job, methods=["GET", "DELETE"]),
    Route("/api/jobs/{id}/files/{file}", job_file),
    Route("/api/decisions", decisions, methods=["GET", "POST"]),
    Route("/api/dissents", dissents, methods=["GET", "POST"]),
    Route("/api/{rest:path}", nothing),
]
