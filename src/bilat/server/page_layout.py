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
from bilat.parties.lists.effects import in_words
from bilat.parties.match.chance import band_in_words
from bilat.parties.screening.alerts import (
    effects_in_words,
    name_with_spelling,
    row_in_words,
    since_in_words,
)
from bilat.server.verbs import PAIR

#: What a name or a number of the file has in common with a listed party, in words.
AGREEMENT = {"part": "part of the name", "number": "same number", "address": "same address"}


#: Pages on which no pair of states is asked for.
_OF_A_DESK = frozenset(
    f"serve/{name}.html" for name in ("job", "consignment", "alert", "decisions", "trouble")
)
#: Labels of the fields of a form, with the words below and an example; others go by their name.
FIELD_LABELS = {
    "name": ("Names", "Typed or pasted.", "One per line"),
    "top": ("Parties for each name", "How many to show at most.", ""),
    "threshold": (
        "Least chance",
        "Of a file: the lowest chance (0.5), or a result (probable), to report.",
        "possible",
    ),
    "base-rate": (
        "Share of the names that are listed",
        "Blank: 0.15 for typed names, 0.01 for a small file, estimated for a large one.",
        "0.01",
    ),
    "born": ("Date of birth", "Of the person named.", "1970-03-21"),
    "country": ("State", "Of the party named.", "DE"),
    "schema": ("Kind of party", "Person, Company, Vessel or Airplane.", "Company"),
    "map": (
        "Columns of the file",
        "Only where they are not recognised by their headers.",
        "name=Consignee,country=Ctry",
    ),
    "four-eyes": ("Two people", "Hide a cleared name only if two people cleared it.", ""),
    "max-age": ("Oldest list, in days", "Refuse older lists. Blank: none is refused.", "30"),
}


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
    env.filters["sureness"] = band_in_words
    env.filters["effect"] = in_words
    env.filters["effects"] = effects_in_words
    env.filters["since"] = since_in_words
    env.filters["place"] = lambda a: row_in_words(a["query_id"], a.get("row", 0))
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
    of_names = getattr(told.get("verb"), "is_private", False)
    told.setdefault("asks_pair", template not in _OF_A_DESK and not of_names)
    told.setdefault("labels", FIELD_LABELS)
    told.setdefault("marking", request.app.state.desk.settings.marking)
    found = environment().get_template(template)
    return HTMLResponse(
        found.render(title=title, version=metadata.version("bilat"), **told), status
    )
