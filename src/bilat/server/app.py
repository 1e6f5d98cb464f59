# SPDX-License-Identifier: Apache-2.0
"""The application: routes, what an error looks like, and the guard round all of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bilat.errors import BilatError, as_error
from bilat.server import api, consignment_pages, officer, pages, releases
from bilat.server.desk import Desk
from bilat.server.guard import Guard, is_api
from bilat.server.refusals import Refusal
from bilat.server.settings import Settings


async def health(_: Request) -> Response:
    """``/health``: that it answers, for whatever watches it."""
    return JSONResponse({"status": "ok"})


def told(request: Request, error: BilatError) -> Response:
    """An error as the reader's kind of answer: JSON under /api/, a page elsewhere."""
    return api.problem(error) if is_api(request.url.path) else pages.trouble(request, error)


async def _failed(request: Request, error: Exception) -> Response:
    """Whatever was raised, as an answer of one line."""
    if isinstance(error, HTTPException):
        line = {
            404: f"no such address: {request.url.path[:80]}",
            405: f"{request.method} is not allowed here. See /openapi.json",
        }.get(error.status_code, str(error.detail))
        found = told(request, Refusal(error.status_code, line))
        found.headers.update(error.headers or {})
        return found
    return told(request, as_error(error))


def application(settings: Settings, hosts: Callable[[], frozenset[str]]) -> Starlette:
    """The application for some settings; ``hosts`` gives the Host headers that are answered, once the port is known."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        desk = app.state.desk = Desk(settings)
        desk.start()
        try:
            yield
        finally:
            await desk.close()

    return Starlette(
        routes=[
            Route("/health", health),
            Route(
                "/favicon.ico", lambda _: Response(status_code=204)
            ),  # browsers ask for it of themselves
            *api.ROUTES,
            *pages.ROUTES,
            *officer.ROUTES,
            *consignment_pages.ROUTES,
            *releases.ROUTES,
            *pages.PAIRS,
        ],
        middleware=[Middleware(Guard, settings=settings, hosts=hosts, refuse=_failed)],
        exception_handlers={HTTPException: _failed},
        lifespan=lifespan,
    )
