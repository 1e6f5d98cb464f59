# SPDX-License-Identifier: Apache-2.0
"""Pages that are not of a site: a form and its answer a verb, search, what readers enter, the way in."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.handling import join, marked
from bilat.measures import MeasureQuestion, measure_named
from bilat.measures import measures as registry
from bilat.parties.decide.known import KNOWN
from bilat.picture.pages import templates
from bilat.server import entries, lookup
from bilat.server.api import begin, received, verb_of
from bilat.server.desk import desk_of
from bilat.server.openapi import SEARCHED
from bilat.server.refused import TITLES, Declined, status_of
from bilat.server.shown import bar, environment, page
from bilat.server.upload import read_form
from bilat.server.verbs import PAIR, VERBS, query, read
from bilat.verdicts import ANSWERS as CLAIM_VERDICTS
from bilat.when import AsOf

STYLES = {"style.css": "text/css", "serve.css": "text/css", "site.js": "text/javascript",
          "explorer.js": "text/javascript", "queue.js": "text/javascript"}  # fmt: skip
#: Seconds that a page waits for an answer before it says that it is being made.
PATIENCE = 4.0


def trouble(request: Request, error: BilatError) -> Response:
    """An error as a page."""
    status = status_of(error)
    answer = page(request, "serve/trouble.html", status, title=TITLES[status], line=str(error), code=status)
    if isinstance(error, Declined) and error.wait:
        answer.headers["retry-after"] = str(error.wait)
    if status == 401:  # the browser asks its reader: the name is of no matter, the token is the password
        answer.headers["www-authenticate"] = 'Basic realm="bilat", charset="UTF-8"'
    return answer


async def go(request: Request) -> Response:
    """The bar's form: the page of another pair or date."""
    given = query(request.query_params.multi_items(), "a", "b", "as_of", "here")
    pair = Dyad.read(f"{given.get('a', '')},{given.get('b', '')}")
    as_of, here = AsOf(given.get("as_of")), given.get("here", "")
    # a page that another pair may not have is left for its overview
    path = here if here.endswith(".html") and not here.startswith(("claims/", "cases/", "/")) else ""
    return RedirectResponse(f"/{pair}/{quote(path)}?{urlencode({'as_of': str(as_of)})}", 303)


async def style(request: Request) -> Response:
    """A style sheet or script that every page has."""
    name = request.path_params["name"]
    if name not in STYLES:
        raise Declined(404, f"no such file: {name[:80]!r}")
    own = name in ("serve.css", "queue.js")
    source = environment().get_template(f"serve/{name}") if own else templates().get_template(name)
    headers = {"cache-control": "private, max-age=3600"}
    return Response(source.render(), media_type=STYLES[name], headers=headers)


async def verb(request: Request) -> Response:
    """A verb: its form, and above it the answer to what the address asks. POST: a file, or names, become a job."""
    v, desk, items = verb_of(request), desk_of(request), request.query_params.multi_items()
    if request.method == "POST":
        form = await received(request)
        # what a form lists is written a line each
        form.items[:] = [(k, line) for k, text in form.items for line in text.splitlines() if line.strip()]
        job = await begin(request, v, form)
        if form.file is None and job.task is not None:  # names are answered at once, as a rule
            await asyncio.wait([job.task.future], timeout=PATIENCE)
        return RedirectResponse(f"/jobs/{job.id}", 303)
    asked, html = read(v, []), ""
    if v.names:
        query(items)
    elif items or not v.needs:
        asked = read(v, items)
        making = asyncio.ensure_future(desk.answer(request.state.reader, asked))
        making.add_done_callback(lambda f: f.cancelled() or f.exception())
        done, _ = await asyncio.wait([making], timeout=PATIENCE)
        if not done:
            return being_made(request, v.title)
        html = making.result()[1].decode()
    q = asked.question
    spec = measure_named(q.name) if isinstance(q, MeasureQuestion) and q.name else None
    own = spec.parameters if spec is not None else {}
    given = dict(text.partition("=")[::2] for text in getattr(q, "param", ())) if own else {}
    fields = [(p.name.replace("-", "_"), p, getattr(q, p.name.replace("-", "_"))) for p in v.fields
              if p.name not in (("name", "param") if own else ())]  # fmt: skip
    return page(
        request, "serve/verb.html", title=v.title, verb=v, html=html, query=asked.query, fields=fields,
        own=[(f"param.{k}", p, given.get(k, "")) for k, p in own.items()], name=getattr(q, "name", ""),
        as_of=str(asked.as_of),
        measures=registry().values() if v.path == "ask" and not own else (), pair=str(asked.pair),
        most=desk.settings.limits.upload_bytes >> 20,
        bar=bar(request, str(asked.pair), str(asked.as_of) if asked.dated else ""),
    )  # fmt: skip


def being_made(request: Request, title: str, what: str = "", **more: Any) -> Response:
    """A page that looks again until what it shows is made."""
    answer = page(request, "serve/making.html", 202, title=title, what=what, **more)
    answer.headers["refresh"] = answer.headers["retry-after"] = "3"
    return answer


async def search(request: Request) -> Response:
    """One search over everything; the words come in the body, for they may be a client's name."""
    if request.method == "GET":
        query(request.query_params.multi_items())
        return page(request, "serve/search.html", title="Search", q="", found=None, chosen={})
    query(request.query_params.multi_items())
    form = await read_form(request, desk_of(request).settings.limits, files=False)
    given = query(form.items, *SEARCHED)
    asked, found = await lookup.everything(desk_of(request), request.state.reader, given)
    q, day = given["q"], str(asked.as_of) if asked.dated else ""
    return page(
        request, "serve/search.html", title=f"Search: {q}", q=q, found=found, chosen=given,
        bar=bar(request, str(asked.pair), day, q=q),
    )  # fmt: skip


async def decisions(request: Request) -> Response:
    """The log of decisions; they are taken in the queue of a result."""
    desk = desk_of(request)
    query(request.query_params.multi_items())
    taken = desk.settings.decisions is not None
    trail = await entries.trail(desk) if taken else []
    return page(
        request, "serve/decisions.html", title="Decisions", taken=taken, trail=trail[::-1], known=KNOWN
    )


async def dissents(request: Request) -> Response:
    """What the team concludes otherwise, with the form that appends to it."""
    desk = desk_of(request)
    if request.method == "POST":
        form = await read_form(request, desk.settings.limits, files=False)
        made = await entries.dissent(desk, request.state.reader, dict(form.items))
        return RedirectResponse(f"/dissents#h-{made['hash'][:12]}", 303)
    given = query(request.query_params.multi_items(), "claim", "pair", "as_of")
    pair, taken = Dyad.read(given.get("pair") or PAIR), desk.settings.team is not None
    trail = await entries.dissents(desk) if taken else []
    return page(
        request, "serve/dissents.html", title="Dissents", taken=taken, trail=trail[::-1], given=given,
        claims=await lookup.told_claims(desk, pair), verdicts=CLAIM_VERDICTS, longest=entries.LONGEST_DISSENT,
        limit=desk.settings.marking,
        marking=desk.settings.marking or (join(marked(t["marking"]) for t in trail) if trail else None),
        bar=bar(request, str(pair), given.get("as_of", "")),
    )  # fmt: skip


ROUTES = [
    Route("/go", go),
    Route("/assets/{name}", style),
    Route("/search", search, methods=["GET", "POST"]),
    *(Route(f"/{v.path}", verb, methods=["GET", "POST"] if v.file else ["GET"]) for v in VERBS.values()),
    Route("/decisions", decisions),
    Route("/dissents", dissents, methods=["GET", "POST"]),
]
