# SPDX-License-Identifier: Apache-2.0
"""Pages that only the server has: a form with its answer for each verb, search, and decisions."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bilat.document import Question, typeface
from bilat.document.html import chart_in
from bilat.document.page import style_sheet
from bilat.dyad import Dyad
from bilat.errors import BilatError
from bilat.lookup.search import KINDS
from bilat.measures import MeasureQuestion, measure_named
from bilat.measures import measures as registry
from bilat.parties.decisions.log import KNOWN, NOBODY
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

#: Style sheets and scripts that pages load, with their media types.
STYLES = {
    "style.css": "text/css",
    "serve.css": "text/css",
    "site.js": "text/javascript",
    "queue.js": "text/javascript",
}
#: Files of the typeface, by name.
FONTS = {Path(file).name: Path(file) for file in typeface.files()}
#: Name, declaration and value of a field in a form.
FormField = tuple[str, Any, Any]
#: Seconds that a page waits for an answer; then it says that the answer is being made.
PATIENCE = 4.0


#: What a refusal is called on a page, where the standard's words say little.
_TROUBLES = {
    400: "This request could not be carried out",
    404: "There is no such page",
    413: "This is too large",
    415: "We cannot read this kind of file",
    422: "This file could not be read",
}


def trouble(request: Request, error: BilatError) -> Response:
    """Return an error as a page."""
    status = status_of(error)
    answer = page(
        request,
        "serve/trouble.html",
        status,
        title=_TROUBLES.get(status, TITLES[status]),
        line=str(error),
        code=status,
        back=_page_before(request),
    )
    if isinstance(error, Refusal) and error.wait:
        answer.headers["retry-after"] = str(error.wait)
    if status == 401:
        # The browser asks for a name and a password: any name will do, the token is the password.
        answer.headers["www-authenticate"] = 'Basic realm="bilat", charset="UTF-8"'
    return answer


def _page_before(request: Request) -> tuple[str, str]:
    """Return the page that a refused request came from, and its name."""
    path = request.url.path
    for verb in VERBS.values():
        if path == f"/{verb.path}" and verb.file:
            return path, f"Back to the form: {verb.title}"
    form = re.match(r"/jobs/[^/]+/(alerts|consignments)/\d+", path)
    if form and request.method == "POST":
        return form[0], "Back to the form"
    job = re.match(r"/jobs/[^/]+(?=/)", path)
    return (job[0], "Back to the result") if job else ("/", "To the desk")


async def go(request: Request) -> Response:
    """Lead from the form in the bar to the first page of another pair or date."""
    given = query(request.query_params.multi_items(), "a", "b", "as_of")
    pair = Dyad.read(f"{given.get('a', '')},{given.get('b', '')}")
    return RedirectResponse(address(BriefQuestion(), str(pair), str(AsOf(given.get("as_of")))), 303)


#: An address in a site of ``bilat brief`` -> the question that answers it here.
PAGES_OF_A_SITE: dict[str, Question] = {
    "": BriefQuestion(),
    "index": BriefQuestion(),
    "claims": ClaimsQuestion(),
    "profile": ProfileQuestion(),
    "measures": MeasureQuestion(),
}


async def picture(request: Request) -> Response:
    """Answer ``/RUS-CHN/`` with the first page of a pair; lead from the other addresses of its site
    to the pages that answer them here."""
    given = query(request.query_params.multi_items(), "as_of")
    path = request.path_params.get("path", "")
    name_of_pair = request.path_params["pair"]
    if not re.search("[-,]", name_of_pair):
        raise _no_such_address(request)
    pair = Dyad.read(name_of_pair)
    day = given.get("as_of", "")
    if not path and request.url.path == f"/{pair}/":
        return await _verb_page(request, VERBS["brief"], [("pair", str(pair)), ("as_of", day)])
    name = path.removesuffix(".html")
    claim = re.fullmatch(r"claims/([A-Z]+[0-9]+)", name)
    question = ClaimsQuestion(claim[1]) if claim else PAGES_OF_A_SITE.get(name)
    if question is None:
        raise _no_such_address(request)
    return RedirectResponse(address(question, str(pair), day and str(AsOf(day))), 308)


def _no_such_address(request: Request) -> Refusal:
    return Refusal(404, f"no such address: {request.url.path[:80]}")


async def style(request: Request) -> Response:
    """Return a style sheet, script or typeface."""
    name = request.path_params["name"]
    headers = {"cache-control": "private, max-age=3600"}
    if name in FONTS:
        return FileResponse(FONTS[name], media_type="font/otf", headers=headers)
    if name not in STYLES:
        raise Refusal(404, f"file not found: {name[:80]!r}")
    if name == "style.css":
        text = style_sheet(has_files=True)
    elif name == "site.js":
        text = environment().get_template(name).render()
    else:
        text = environment().get_template(f"serve/{name}").render()
    return Response(text, media_type=STYLES[name], headers=headers)


async def verb(request: Request) -> Response:
    """Answer a verb: its form, below the answer to the question in the address.

    POST starts a job on a file or on names, and leads to the job's page.
    """
    spec = verb_of(request)
    if request.method != "POST":
        return await _verb_page(request, spec, request.query_params.multi_items())
    form = await received(request)
    # In a form a list is written with one entry on each line.
    items = []
    for name, text in form.items:
        items += [(name, line) for line in text.splitlines() if line.strip()]
    form.items[:] = items
    job = await begin(request, spec, form)
    if form.file is None and job.task is not None:  # names are mostly answered at once
        await asyncio.wait([job.task.future], timeout=PATIENCE)
    return RedirectResponse(f"/jobs/{job.id}", 303)


async def chart(request: Request) -> Response:
    """Return one chart of an answer, with its newest figures, for a page that embeds it."""
    desk = desk_of(request)
    of_chart: list[tuple[str, str]] = []
    of_verb: list[tuple[str, str]] = []
    for name, value in request.query_params.multi_items():
        (of_chart if name == "chart" else of_verb).append((name, value))
    key = query(of_chart, "chart").get("chart", "")
    spec = VERBS.get(request.path_params["path"])
    if spec is None or spec.is_private:
        raise _no_such_address(request)
    asked = read(spec, of_verb)
    html = await _answer_within_patience(request, asked)
    if html is None:
        title, body = "", environment().get_template("serve/chart_making.html").render()
    else:
        found = chart_in(html, key)
        if found is None:
            raise Refusal(404, f"no such chart: {key[:80]!r}")
        title, body = found
    home = address(asked.question, str(asked.pair), _stated_date(asked))
    made = environment().get_template("chart.html")
    text = made.render(
        title=title or spec.title,
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
    # If nobody waits any longer, its error must still be taken, or asyncio complains of it.
    making.add_done_callback(lambda future: future.cancelled() or future.exception())
    done, _ = await asyncio.wait([making], timeout=PATIENCE)
    return making.result()[1].decode() if done else None


def _look_again(answer: Response) -> Response:
    """Let a page that says that an answer is being made ask again after three seconds."""
    answer.headers["refresh"] = "3"
    answer.headers["retry-after"] = "3"
    return answer


def _stated_date(asked: AskedQuestion) -> str:
    """Return the date that a question states; blank if it is about today."""
    return str(asked.as_of) if asked.has_date else ""


async def _verb_page(request: Request, verb: Verb, items: list[tuple[str, str]]) -> Response:
    """Return the page of a verb with the answer to ``items``, the fields of the address.

    A page whose answer is slow asks again until it is there. A verb on names has no answer here:
    names are posted. One that needs a field has none until a field is given.
    """
    asked = read(verb, [])
    html = ""
    if verb.is_private:
        query(items)
    elif items or not verb.has_required_fields:
        asked = read(verb, items)
        answer = await _answer_within_patience(request, asked)
        if answer is None:
            top = bar(request, str(asked.pair), _stated_date(asked))
            return _look_again(page(request, "serve/making.html", 202, title=verb.title, bar=top))
        html = answer
    fields, own_fields = _fields(verb, asked.question)
    return page(
        request,
        "serve/verb.html",
        title=verb.title,
        verb=verb,
        html=html,
        query=asked.query,
        fields=fields,
        own=own_fields,
        name=getattr(asked.question, "name", ""),
        as_of=str(asked.as_of),
        measures=registry().values() if verb.path == "ask" and not own_fields else (),
        pair=str(asked.pair),
        most=desk_of(request).settings.limits.upload_bytes >> 20,
        bar=bar(request, str(asked.pair), _stated_date(asked)),
    )


def _fields(verb: Verb, question: Question) -> tuple[list[FormField], list[FormField]]:
    """Return the fields of a form, each with its name, declaration and value: those of the verb,
    and those of the measure asked for, which replace the verb's name and parameters."""
    measure = None
    if isinstance(question, MeasureQuestion) and question.name:
        measure = measure_named(question.name)
    own = measure.parameters if measure is not None else {}
    given = {}
    if own:
        given = dict(text.partition("=")[::2] for text in getattr(question, "param", ()))
    fields = []
    for field in verb.fields:
        if own and field.name in ("name", "param"):
            continue
        name = field.name.replace("-", "_")
        fields.append((name, field, getattr(question, name)))
    own_fields = [(f"param.{name}", field, given.get(name, "")) for name, field in own.items()]
    return fields, own_fields


async def search(request: Request) -> Response:
    """Search everything. The words come in the body, since they may be a client's name."""
    query(request.query_params.multi_items())
    if request.method == "GET":
        return page(request, "serve/search.html", title="Search", q="", found=None, chosen={})
    form = await read_form(request, desk_of(request).settings.limits, files=False)
    given = query(form.items, *SEARCHED)
    asked, found = await lookup.everything(desk_of(request), request.state.reader, given)
    words = given["q"]
    return page(
        request,
        "serve/search.html",
        title=f"Search: {words}",
        q=words,
        found=found,
        kinds=KINDS,
        chosen=given,
        bar=bar(request, str(asked.pair), _stated_date(asked), q=words),
    )


async def decisions(request: Request) -> Response:
    """Return the log of decisions; they are taken in the queue of a result."""
    desk = desk_of(request)
    query(request.query_params.multi_items())
    has_log = desk.settings.decisions is not None
    trail = await entries.trail(desk) if has_log else []
    return page(
        request,
        "serve/decisions.html",
        title="Decisions",
        taken=has_log,
        trail=trail[::-1],
        known=KNOWN,
        nobody=NOBODY,
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
#: They come after all others, since their first word may be any pair.
PAIRS = [Route("/{pair}", picture), Route("/{pair}/{path:path}", picture)]
