# SPDX-License-Identifier: Apache-2.0
"""The application: routes, what an error looks like, and the guard round all of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bilat.errors import BilatError, as_error
from bilat.server import api, live, officer, pages
from bilat.server.desk import Desk
from bilat.server.guard import Guard, is_api
from bilat.server.refused import Declined
from bilat.server.settings import Settings


async def health(request: Request) -> Response:
    """``/health``: that it answers, for whatever watches it."""
    return JSONResponse({"status": "ok"})


async def icon(request: Request) -> Response:
    """``/favicon.ico``, which browsers ask for of themselves: there is none."""
    return Response(status_code=204)


def told(request: Request, error: BilatError) -> Response:
    """An error as the reader's kind of answer: JSON under /api/, a page elsewhere."""
    return api.problem(error) if is_api(request.url.path) else pages.trouble(request, error)


async def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        line = {
            404: f"no such address: {request.url.path[:80]}",
            405: f"{request.method} is not done here; see /openapi.json",
        }.get(error.status_code, str(error.detail))
        found = told(request, Declined(error.status_code, line))
        found.headers.update(error.headers or {})
        return found
    return told(request, as_error(error))


class Last:
    """Whatever a handler raised, as an answer of one line; Starlette's own would print and raise it again."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def seen(message: Any) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, seen)
        except Exception as e:
            if begun:
                raise
            await (await _failed(Request(scope, receive), e))(scope, receive, send)


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
            Route("/favicon.ico", icon),
            *api.ROUTES,
            *pages.ROUTES,
            *officer.ROUTES,
            *live.ROUTES,
        ],
        middleware=[Middleware(Guard, settings=settings, hosts=hosts, refuse=told), Middleware(Last)],
        exception_handlers={HTTPException: _failed},
        lifespan=lifespan,
    )
