# SPDX-License-Identifier: Apache-2.0
"""Pages that take something in: names or a file to screen, a trade file to rank routes, and their results."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.goods.baskets import NAMES as BASKETS
from bilat.parties.lists.effects import meaning
from bilat.parties.run.typed import SCHEMATA
from bilat.server import asked
from bilat.server.api import screened
from bilat.server.desk import Desk
from bilat.server.files import file_answer, listed
from bilat.server.jobs import Job
from bilat.server.shown import bar, checked, page
from bilat.server.upload import NAMES, TRADE, read_form
from bilat.server.uploads import begin_divert, begin_screen, received

#: Alerts that the page of a result shows; the workbook has all.
SHOWN = 200


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def screen(request: Request) -> Response:
    """The form, and below it what the names typed gave."""
    desk = _desk(request)
    told: dict[str, Any] = {"typed": {}, "found": None}
    if request.method == "POST":
        form = checked(request, await received(request, desk))
        text = form.fields.pop("names", "")
        if form.file is not None:
            return _to(await begin_screen(request, desk, form))
        names = [line.strip() for line in text.splitlines() if line.strip()]
        options = {k: v.strip() for k, v in form.fields.items()}
        told["typed"] = {**options, "names": "\n".join(names)}
        told["found"] = await screened(desk, request.state.reader, names, options)
    else:
        told["typed"] = asked.query(request, "names", "as_of", "country", "schema", "born")
    return page(
        request, "serve/screen.html", title="Screen names", schemata=SCHEMATA, endings=",".join(NAMES),
        most=desk.settings.limits.upload_bytes >> 20, meaning=meaning, shown=SHOWN,
        decisions=desk.settings.decisions is not None, bar=bar(request), **told,
    )  # fmt: skip


async def divert(request: Request) -> Response:
    """The form that takes a trade file."""
    desk = _desk(request)
    if request.method == "POST":
        form = checked(request, await received(request, desk))
        return _to(await begin_divert(request, desk, form))
    given = asked.query(request, "basket", "hub")
    return page(
        request, "serve/divert.html", title="Rank routes", baskets=BASKETS, endings=",".join(TRADE),
        most=desk.settings.limits.upload_bytes >> 20, given=given,
    )  # fmt: skip


def _to(job: Job) -> Response:
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def job(request: Request) -> Response:
    """How an upload stands; at the end its result."""
    desk = _desk(request)
    asked.query(request)
    found = desk.jobs.get(request.path_params["id"], request.state.reader)
    told: dict[str, Any] = {"job": found, "keep": desk.settings.keep is not None, "shown": SHOWN}
    ahead = desk.before(found.task) if found.task is not None else 0
    answer = page(
        request, "serve/job.html", title=found.title or "Result", ahead=ahead, found=found.result or None,
        meaning=meaning, decisions=desk.settings.decisions is not None,
        minutes=max(int(desk.settings.limits.forget_seconds // 60), 1), **told,
    )  # fmt: skip
    if found.status in ("waiting", "running"):
        answer.headers["refresh"] = "2"
    return answer


async def delete(request: Request) -> Response:
    """Take a result away at once."""
    desk = _desk(request)
    checked(request, await read_form(request, desk.settings.limits, files=False))
    found = desk.jobs.get(request.path_params["id"], request.state.reader)
    desk.jobs.delete(found)
    return RedirectResponse(f"/{found.kind}", 303)


async def keep(request: Request) -> Response:
    """Keep a result in the folder that the server was started with."""
    desk = _desk(request)
    checked(request, await read_form(request, desk.settings.limits, files=False))
    found = desk.jobs.get(request.path_params["id"], request.state.reader)
    desk.jobs.kept(found)
    return RedirectResponse(f"/jobs/{found.id}", 303)


async def result(request: Request) -> Response:
    """A file or a page of a result."""
    asked.query(request)
    found = _desk(request).jobs.get(request.path_params["id"], request.state.reader)
    name = request.path_params["path"]
    made = {p.relative_to(found.out).as_posix() for p in found.out.rglob("*") if p.is_file()}
    return file_answer(found.out, listed(name, made), made, download=name in found.result.get("files", []))


ROUTES = [
    Route("/screen", screen, methods=["GET", "POST"]),
    Route("/divert", divert, methods=["GET", "POST"]),
    Route("/jobs/{id}", job),
    Route("/jobs/{id}/delete", delete, methods=["POST"]),
    Route("/jobs/{id}/keep", keep, methods=["POST"]),
    Route("/jobs/{id}/files/{path:path}", result),
]
