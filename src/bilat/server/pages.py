# SPDX-License-Identifier: Apache-2.0
"""Pages that are not of a site: a form and its answer a verb, search, what readers enter, the way in."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bilat.document import Question, typeface
from bilat.document.html import chart_in
from bilat.document.page import style_sheet
from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.measures import MeasureQuestion, measure_named
from bilat.measures import measures as registry
from bilat.parties.decide.decisions import KNOWN
from bilat.picture.questions import BriefQuestion
from bilat.server import entries, lookup
from bilat.server.api import begin, received, verb_of
from bilat.server.desk import desk_of
from bilat.server.openapi import SEARCHED
from bilat.server.page_layout import bar, environment, page
from bilat.server.refusals import TITLES, Refusal, status_of
from bilat.server.upload import read_form
from bilat.server.verbs import CHARTS, VERBS, AskedQuestion, Verb, address, query, read
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion
from bilat.when import AsOf

#: What pages load, from templates.
STYLES = {
    "style.css": "text/css",
    "serve.css": "text/css",
    "site.js": "text/javascript",
    "queue.js": "text/javascript",
}
#: Files of the typeface by their names.
FONTS = {Path(file).name: Path(file) for file in typeface.files()}
#: Seconds that a page waits for an answer before it says that it is being made.
PATIENCE = 4.0


def trouble(request: Request, error: BilatError) -> Response:
    """An error as a page."""
    status = status_of(error)
    answer = page(
        request, "serve/trouble.html", status, title=TITLES[status], line=str(error), code=status
    )
    if isinstance(error, Refusal) and error.wait:
        answer.headers["retry-after"] = str(error.wait)
    if (
        status == 401
    ):  # the browser asks its reader: the name is of no matter, the token is the password
        answer.headers["www-authenticate"] = 'Basic realm="bilat", charset="UTF-8"'
    return answer


async def go(request: Request) -> Response:
    """The bar's form: the picture of another pair or date."""
    given = query(request.query_params.multi_items(), "a", "b", "as_of")
    pair = Dyad.read(f"{given.get('a', '')},{given.get('b', '')}")
    return RedirectResponse(address(BriefQuestion(), str(pair), str(AsOf(given.get("as_of")))), 303)


#: What answers now at an address that a site of ``bilat brief`` has.
OF_A_SITE: dict[str, Question] = {
    "": BriefQuestion(),
    "index": BriefQuestion(),
    "claims": ClaimsQuestion(),
    "profile": ProfileQuestion(),
    "measures": MeasureQuestion(),
}


async def picture(request: Request) -> Response:
    """``/RUS-CHN/``: the first page of a pair; addresses of its site lead to what answers now."""
    given = query(request.query_params.multi_items(), "as_of")
    path = request.path_params.get("path", "")
    if not re.search("[-,]", request.path_params["pair"]):
        raise Refusal(404, f"no such address: {request.url.path[:80]}")
    pair = Dyad.read(request.path_params["pair"])
    day = given.get("as_of", "")
    if not path and request.url.path == f"/{pair}/":
        return await _asked(request, VERBS["brief"], [("pair", str(pair)), ("as_of", day)])
    name = path.removesuffix(".html")
    claim = re.fullmatch(r"claims/([A-Z]+[0-9]+)", name)
    asked = ClaimsQuestion(claim[1]) if claim else OF_A_SITE.get(name)
    if asked is None:
        raise Refusal(404, f"no such address: {request.url.path[:80]}")
    return RedirectResponse(address(asked, str(pair), day and str(AsOf(day))), 308)


async def style(request: Request) -> Response:
    """A style sheet, script or typeface that every page has."""
    name = request.path_params["name"]
    headers = {"cache-control": "private, max-age=3600"}
    if name in FONTS:
        return FileResponse(FONTS[name], media_type="font/otf", headers=headers)
    if name not in STYLES:
        raise Refusal(404, f"file not found: {name[:80]!r}")
    if name == "style.css":
        text = style_sheet(has_files=True)
    else:
        own = name in ("serve.css", "queue.js")
        text = environment().get_template(f"serve/{name}" if own else name).render()
    return Response(text, media_type=STYLES[name], headers=headers)


async def verb(request: Request) -> Response:
    """A verb: its form, and above it the answer to what the address asks. POST: a file, or names, become a job."""
    v = verb_of(request)
    if request.method != "POST":
        return await _asked(request, v, request.query_params.multi_items())
    form = await received(request)
    # what a form lists is written a line each
    form.items[:] = [
        (k, line) for k, text in form.items for line in text.splitlines() if line.strip()
    ]
    job = await begin(request, v, form)
    if form.file is None and job.task is not None:  # names are answered at once, as a rule
        await asyncio.wait([job.task.future], timeout=PATIENCE)
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def chart(request: Request) -> Response:
    """A chart of an answer alone, with its newest figures, for a page that embeds it."""
    desk = desk_of(request)
    items = request.query_params.multi_items()
    key = query([item for item in items if item[0] == "chart"], "chart").get("chart", "")
    v = VERBS.get(request.path_params["path"])
    if v is None or v.names:
        raise Refusal(404, f"no such address: {request.url.path[:80]}")
    asked = read(v, [item for item in items if item[0] != "chart"])
    html = await _answer_within_patience(request, asked)
    if html is None:
        title, body = "", environment().get_template("serve/chart_making.html").render()
    else:
        found = chart_in(html, key)
        if found is None:
            raise Refusal(404, f"no such chart: {key[:80]!r}")
        title, body = found
    home = address(asked.question, str(asked.pair), str(asked.as_of) if asked.dated else "")
    made = environment().get_template("chart.html")
    text = made.render(
        title=title or v.title,
        heading=title,
        body=Markup(body),
        home=home,
        as_of=asked.as_of.date,
        marking=desk.settings.marking,
        style="/assets/style.css",
    )
    return HTMLResponse(text) if html is not None else _look_again(HTMLResponse(text, 202))


async def _answer_within_patience(request: Request, asked: AskedQuestion) -> str | None:
    """Return the HTML of an answer, or None while a slow one is being made."""
    making = asyncio.ensure_future(desk_of(request).answer(request.state.reader, asked))
    making.add_done_callback(lambda f: f.cancelled() or f.exception())
    done, _ = await asyncio.wait([making], timeout=PATIENCE)
    return making.result()[1].decode() if done else None


def _look_again(answer: Response) -> Response:
    """Let a page that says that an answer is being made ask again after three seconds."""
    answer.headers["refresh"] = answer.headers["retry-after"] = "3"
    return answer


async def _asked(request: Request, v: Verb, items: list[tuple[str, str]]) -> Response:
    """The page of a verb; one that looks again until a slow answer is there."""
    desk = desk_of(request)
    asked = read(v, [])
    html = ""
    if v.names:
        query(items)
    elif items or not v.needs:
        asked = read(v, items)
        made = await _answer_within_patience(request, asked)
        shown = bar(request, str(asked.pair), str(asked.as_of) if asked.dated else "")
        if made is None:
            return _look_again(page(request, "serve/making.html", 202, title=v.title, bar=shown))
        html = made
    q = asked.question
    spec = measure_named(q.name) if isinstance(q, MeasureQuestion) and q.name else None
    own = spec.parameters if spec is not None else {}
    given = dict(text.partition("=")[::2] for text in getattr(q, "param", ())) if own else {}
    fields = [
        (p.name.replace("-", "_"), p, getattr(q, p.name.replace("-", "_")))
        for p in v.fields
        if p.name not in (("name", "param") if own else ())
    ]
    return page(
        request,
        "serve/verb.html",
        title=v.title,
        verb=v,
        html=html,
        query=asked.query,
        fields=fields,
        own=[(f"param.{k}", p, given.get(k, "")) for k, p in own.items()],
        name=getattr(q, "name", ""),
        as_of=str(asked.as_of),
        measures=registry().values() if v.path == "ask" and not own else (),
        pair=str(asked.pair),
        most=desk.settings.limits.upload_bytes >> 20,
        bar=bar(request, str(asked.pair), str(asked.as_of) if asked.dated else ""),
    )


async def search(request: Request) -> Response:
    """One search over everything; the words come in the body, for they may be a client's name."""
    if request.method == "GET":
        query(request.query_params.multi_items())
        return page(request, "serve/search.html", title="Search", q="", found=None, chosen={})
    query(request.query_params.multi_items())
    form = await read_form(request, desk_of(request).settings.limits, files=False)
    given = query(form.items, *SEARCHED)
    asked, found = await lookup.everything(desk_of(request), request.state.reader, given)
    q = given["q"]
    day = str(asked.as_of) if asked.dated else ""
    return page(
        request,
        "serve/search.html",
        title=f"Search: {q}",
        q=q,
        found=found,
        chosen=given,
        bar=bar(request, str(asked.pair), day, q=q),
    )


async def decisions(request: Request) -> Response:
    """The log of decisions; they are taken in the queue of a result."""
    desk = desk_of(request)
    query(request.query_params.multi_items())
    taken = desk.settings.decisions is not None
    trail = await entries.trail(desk) if taken else []
    return page(
        request,
        "serve/decisions.html",
        title="Decisions",
        taken=taken,
        trail=trail[::-1],
        known=KNOWN,
        not_taken=entries.NOT_TAKEN,
    )


ROUTES = [
    Route("/go", go),
    Route(CHARTS + "{path:path}", chart),
    Route("/assets/{name}", style),
    Route("/search", search, methods=["GET", "POST"]),
    *(
        Route(f"/{v.path}", verb, methods=["GET", "POST"] if v.file else ["GET"])
        for v in VERBS.values()
    ),
    Route("/decisions", decisions),
]
#: After every other, for their first word may be any pair.
PAIRS = [Route("/{pair}", picture), Route("/{pair}/{path:path}", picture)]
