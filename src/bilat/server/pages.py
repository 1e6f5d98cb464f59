# SPDX-License-Identifier: Apache-2.0
"""Pages that are not of a site: search, measures with their rows, parties, what readers enter, the way in."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bilat.errors import BilatError
from bilat.measures import measures as registry
from bilat.parties.decide.decisions import VERDICTS
from bilat.parties.decide.known import KNOWN
from bilat.picture.pages import templates
from bilat.server import asked, entries, lookup, tokens
from bilat.server.desk import Desk
from bilat.server.guard import SESSION
from bilat.server.refused import TITLES, Declined, status_of
from bilat.server.shown import bar, checked, date_of, environment, page
from bilat.server.team import marking_of
from bilat.server.upload import read_form, whole
from bilat.verdicts import ANSWERS as CLAIM_VERDICTS

#: Rows of a trace on one page.
ROWS = 100
STYLES = {"style.css": "text/css", "serve.css": "text/css", "site.js": "text/javascript"}


def trouble(request: Request, error: BilatError) -> Response:
    """An error as a page."""
    status = status_of(error)
    answer = page(request, "serve/trouble.html", status, title=TITLES[status], line=str(error), code=status)
    if isinstance(error, Declined) and error.wait:
        answer.headers["retry-after"] = str(error.wait)
    return answer


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def home(request: Request) -> Response:
    """``/``: the picture of the paper's pair today."""
    asked.query(request)
    return RedirectResponse(f"/{asked.PAIR}/", 303)


async def go(request: Request) -> Response:
    """The bar's form: the page of another pair or date."""
    given = asked.query(request, "a", "b", "as_of", "here")
    pair = asked.pair_of(f"{given.get('a', '')},{given.get('b', '')}")
    as_of, here = date_of(given.get("as_of")), given.get("here", "")
    # a page that another pair may not have is left for its overview
    path = here if here.endswith(".html") and not here.startswith(("claims/", "cases/", "/")) else ""
    return RedirectResponse(f"/{pair}/{quote(path)}?{urlencode({'as_of': str(as_of)})}", 303)


async def style(request: Request) -> Response:
    """A style sheet or script that every page has."""
    name = request.path_params["name"]
    if name not in STYLES:
        raise Declined(404, f"no such file: {name[:80]!r}")
    source = (
        environment().get_template("serve/serve.css")
        if name == "serve.css"
        else templates().get_template(name)
    )
    return Response(
        source.render(), media_type=STYLES[name], headers={"cache-control": "private, max-age=3600"}
    )


async def search(request: Request) -> Response:
    """One search over everything."""
    given = asked.query(request, "q", "pair", "as_of")
    pair, as_of = asked.pair_of(given.get("pair")), date_of(given.get("as_of"))
    text = given.get("q", "")
    found = await lookup.everything(_desk(request), request.state.reader, text, pair, as_of) if text else {}
    return page(
        request, "serve/search.html", title=f"Search: {text}" if text else "Search", q=text, found=found,
        bar=bar(request, str(pair), given.get("as_of", ""), q=text),
    )  # fmt: skip


async def list_measures(request: Request) -> Response:
    """Every measure."""
    given = asked.query(request, "pair", "as_of")
    pair, as_of = asked.pair_of(given.get("pair")), date_of(given.get("as_of"))
    return page(
        request, "serve/measures.html", title="Measures", measures=registry().values(),
        at=urlencode({"pair": str(pair), "as_of": str(as_of)}), bar=bar(request, str(pair), given.get("as_of", "")),
    )  # fmt: skip


async def _measure(request: Request, *more: str) -> tuple[Any, dict[str, str], dict[str, Any]]:
    """(the measure, what else the address asks, what a task is given)."""
    spec = asked.measure_named(request.path_params["name"])
    given = asked.query(request, "pair", "as_of", *more, *spec.parameters)
    pair, as_of = asked.pair_of(given.pop("pair", None)), date_of(given.get("as_of"))
    dated = given.pop("as_of", "")
    rest = {k: given.pop(k) for k in more if k in given and k not in spec.parameters}
    task = {
        "name": spec.name, "pair": str(pair), "as_of": str(as_of), "params": asked.written(spec, given),
    }  # fmt: skip
    return spec, {**rest, "dated": dated}, task


async def measure(request: Request) -> Response:
    """One measure: its points, method and sources; its parameters as a form."""
    spec, rest, task = await _measure(request)
    found = json.loads(await _desk(request).answer(request.state.reader, "measure", **task))
    at = urlencode({"pair": task["pair"], "as_of": task["as_of"], **task["params"]})
    return page(
        request, "serve/measure.html", title=spec.title, m=found, spec=spec, at=at, task=task,
        bar=bar(request, task["pair"], rest["dated"]),
    )  # fmt: skip


async def rows(request: Request) -> Response:
    """The rows behind a measure, or one of its points."""
    spec, rest, task = await _measure(request, "period", "group", "offset")
    offset = whole(rest.get("offset", "0"), "offset", 0, 100_000_000)
    only = {k: rest.get(k) for k in ("period", "group")}
    found = json.loads(
        await _desk(request).answer(request.state.reader, "trace", offset=offset, limit=ROWS, **only, **task)
    )
    at = {"pair": task["pair"], "as_of": task["as_of"], **task["params"]}
    pages = {k: v for k, v in only.items() if v}
    return page(
        request, "serve/rows.html", title=f"Rows: {spec.title}", spec=spec, found=found, only=only,
        headings=list(dict.fromkeys(k for r in found["rows"] for k in r)), at=urlencode(at),
        before=urlencode({**at, **pages, "offset": max(offset - ROWS, 0)}) if offset else "",
        after=urlencode({**at, **pages, "offset": offset + ROWS}) if offset + ROWS < found["total"] else "",
        bar=bar(request, task["pair"], rest["dated"]),
    )  # fmt: skip


async def party(request: Request) -> Response:
    """One listed party."""
    given = asked.query(request, "as_of", "query", *KNOWN)
    as_of = date_of(given.get("as_of"))
    found = json.loads(
        await _desk(request).answer(
            request.state.reader, "party", id=request.path_params["id"], as_of=str(as_of)
        )
    )
    return page(
        request, "serve/party.html", title=found["name"], p=found, query=given.get("query", ""),
        known=urlencode({k: given[k] for k in KNOWN if k in given}), as_of=str(as_of),
        bar=bar(request, as_of=given.get("as_of", "")),
    )  # fmt: skip


async def decisions(request: Request) -> Response:
    """The log of decisions, with the form that appends to it."""
    desk = _desk(request)
    if request.method == "POST":
        form = checked(request, await read_form(request, desk.settings.limits, files=False))
        made = await entries.decide(desk, request.state.reader, form.fields)
        return RedirectResponse(f"/decisions#h-{made['hash'][:12]}", 303)
    given = asked.query(request, "query", "party", *KNOWN)
    taken = desk.settings.decisions is not None
    trail = await entries.trail(desk, request.state.reader) if taken else []
    return page(
        request, "serve/decisions.html", title="Decisions", taken=taken, trail=trail[::-1], given=given,
        verdicts=VERDICTS, longest=entries.LONGEST, known=KNOWN,
    )  # fmt: skip


async def dissents(request: Request) -> Response:
    """What the team concludes otherwise, with the form that appends to it."""
    desk = _desk(request)
    if request.method == "POST":
        form = checked(request, await read_form(request, desk.settings.limits, files=False))
        made = await entries.dissent(desk, request.state.reader, form.fields)
        return RedirectResponse(f"/dissents#h-{made['hash'][:12]}", 303)
    given = asked.query(request, "claim", "pair", "as_of")
    pair, taken = asked.pair_of(given.get("pair")), desk.settings.team is not None
    trail = await entries.dissents(desk, request.state.reader) if taken else []
    return page(
        request, "serve/dissents.html", title="Dissents", taken=taken, trail=trail[::-1], given=given,
        claims=await lookup.told_claims(desk, pair), verdicts=CLAIM_VERDICTS, longest=entries.LONGEST_DISSENT,
        limit=desk.settings.marking, marking=marking_of(trail, desk.settings),
        bar=bar(request, str(pair), given.get("as_of", "")),
    )  # fmt: skip


async def login(request: Request) -> Response:
    """The way in with a token: it becomes a session cookie."""
    settings = _desk(request).settings
    back = asked.query(request, "back").get("back", "/")
    # only a path of this server: //elsewhere and /\elsewhere lead a browser away
    if not back.startswith("/") or back[1:2] in ("/", "\\"):
        back = "/"
    if request.method == "GET":
        return page(request, "serve/login.html", title="Log in", back=back, needed=bool(settings.tokens))
    _desk(request).uploads.take(f"login {request.client.host if request.client else ''}")
    form = checked(request, await read_form(request, settings.limits, files=False))
    token = form.get("token")
    if tokens.bearer(settings.tokens, token) is None:
        raise Declined(401, "that token is not known here; ask who runs the server for one")
    answer = RedirectResponse(back, 303)
    answer.set_cookie(
        SESSION, tokens.session(token), max_age=tokens.SESSION, httponly=True, samesite="strict",
        secure=settings.scheme == "https", path="/",
    )  # fmt: skip
    return answer


async def logout(request: Request) -> Response:
    """The session's cookie is taken back."""
    checked(request, await read_form(request, _desk(request).settings.limits, files=False))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION, path="/")
    return answer


ROUTES = [
    Route("/", home),
    Route("/go", go),
    Route("/assets/{name}", style),
    Route("/search", search),
    Route("/measures", list_measures),
    Route("/measures/{name}", measure),
    Route("/measures/{name}/rows", rows),
    Route("/parties/{id}", party),
    Route("/decisions", decisions, methods=["GET", "POST"]),
    Route("/dissents", dissents, methods=["GET", "POST"]),
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
]
