# SPDX-License-Identifier: Apache-2.0
"""Pages of the server: the picture's own templates and words, with the bar that asks for a pair, a date and a word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bilat.document.page import templates
from bilat.parties.screening.alerts import name_with_spelling
from bilat.server.verbs import PAIR

#: How sure it is that a name is a listed party's, in words.
SURENESS = {"match": "very probable", "likely": "probable", "unlikely": "improbable"}
#: What a name or a number of the file has in common with a listed party, in words.
AGREEMENT = {"part": "part of the name", "number": "same number", "address": "same address"}


def _all_decided(alerts: Iterable[Any], verdict: str) -> bool:
    """Return whether the standing decision on each alert is this verdict."""
    return all(x.later is not None and x.later.decision.verdict == verdict for x in alerts)


def _moment(at: float) -> str:
    """Return a time as people write it: ``1 December, 09:05 UTC``."""
    when = dt.datetime.fromtimestamp(at, dt.UTC)
    return f"{when.day} {when:%B, %H:%M} UTC"


@cache
def environment() -> jinja2.Environment:
    """The server's templates over the picture's, with the picture's filters."""
    env = templates("bilat.server", "bilat.picture")
    env.filters["moment"] = _moment
    env.filters["with_spelling"] = name_with_spelling
    env.filters["sureness"] = lambda band: SURENESS.get(band, band)
    env.filters["all_decided"] = _all_decided
    env.filters["in_common"] = lambda kind: AGREEMENT.get(kind, f"{kind} name")
    return env


def bar(request: Request, pair: str = PAIR, as_of: str = "", q: str = "") -> dict[str, str | bool]:
    """What the bar on every page is told."""
    a, _, b = pair.partition("-")
    settings = request.app.state.desk.settings
    today = dt.date.today().isoformat()
    reader = getattr(request.state, "reader", "") if settings.tokens else ""
    return {
        "a": a,
        "b": b,
        "pair": pair,
        "as_of": as_of or today,
        "dated": bool(as_of),
        "today": today,
        "q": q,
        "decisions": settings.decisions is not None,
        "reader": reader,
    }


def page(
    request: Request, template: str, status: int = 200, *, title: str, **told: Any
) -> Response:
    """A page of the server."""
    told.setdefault("bar", bar(request))
    told.setdefault("marking", request.app.state.desk.settings.marking)
    found = environment().get_template(template)
    return HTMLResponse(
        found.render(title=title, version=metadata.version("bilat"), **told), status
    )
