# SPDX-License-Identifier: Apache-2.0
"""The site of any pair as of any date: made on the first visit, then served out of the cache.

The pages are the very files of ``bilat brief``; three things are put into one as it goes out: the bar above its
content, the as-of date on its links, so that a reader who picked a date stays in it, and where its assets lie.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bilat.dyad import Dyad
from bilat.server.desk import Desk
from bilat.server.files import file_answer
from bilat.server.pages import being_made
from bilat.server.refused import Declined
from bilat.server.shown import bar, environment
from bilat.server.verbs import query
from bilat.when import AsOf

_HEAD, _MAIN = "</head>", '<main id="main"'
#: A link to a page or a file of the same site; its place in the page is kept apart.
_LINK = re.compile(r'(<(?:a|link)\b[^>]*?\shref=")([A-Za-z0-9_./-]+\.(?:html|json|csv|xlsx|txt))(#[^"]*)?"')
#: Its style sheets and scripts, which are the server's own.
_ASSET = re.compile(r'((?:href|src)=")(?:\.\./)*(assets/[a-z0-9_.-]+")')


async def site(request: Request) -> Response:
    """A file of the site of a pair."""
    given = query(request.query_params.multi_items(), "as_of")
    pair = Dyad.read(request.path_params["pair"])
    as_of, path = AsOf(given.get("as_of")), request.path_params["path"]
    at = f"?{urlencode({'as_of': str(as_of)})}" if "as_of" in given else ""
    if str(pair) != request.path_params["pair"]:
        return RedirectResponse(f"/{pair}/{quote(path)}{at}", 308)
    path = path or "index.html"
    desk: Desk = request.app.state.desk
    place, making = await desk.site(request.state.reader, pair, as_of)
    if making is not None:
        began = (
            f"{making.what or 'begun'}; {int(making.elapsed)} s so far" if making.began is not None else ""
        )
        told = bar(request, str(pair), given.get("as_of", ""), path)
        return being_made(request, f"{pair.adjective}, as of {as_of}", began, bar=told)
    contents = desk.cache.contents(place) or {}
    if path not in contents:
        raise Declined(404, f"no such file: {path[:80]!r}")
    sum_ = contents[path]
    etag = f'"{sum_[:32]}{"-" + str(as_of) if at else ""}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if not path.endswith(".html"):
        answer: Response = file_answer(place, path, contents)
        answer.headers.update(headers)
        return answer
    text = await asyncio.to_thread((place / path).read_text, "utf-8")
    told = bar(request, str(pair), given.get("as_of", ""), path)
    return HTMLResponse(dressed(text, told, at))


def dressed(text: str, told: Mapping[str, str | bool], at: str) -> str:
    """A page of a site with the bar in it; ``at`` is put on its links."""
    text = _ASSET.sub(r"\g<1>/\g<2>", text)
    if at:
        text = _LINK.sub(lambda m: f'{m[1]}{m[2]}{at}{m[3] or ""}"', text)
    shown = environment().get_template("serve/bar.html").render(bar=told)
    text = text.replace(_HEAD, f'<link rel="stylesheet" href="/assets/serve.css">\n{_HEAD}', 1)
    return text.replace(_MAIN, f"{shown}\n{_MAIN}", 1)


async def without_slash(request: Request) -> Response:
    """``/RUS-CHN``: its links are relative to ``/RUS-CHN/``."""
    given = query(request.query_params.multi_items(), "as_of")
    at = f"?{urlencode({'as_of': str(AsOf(given['as_of']))})}" if "as_of" in given else ""
    return RedirectResponse(f"/{Dyad.read(request.path_params['pair'])}/{at}", 308)


ROUTES = [
    Route("/{pair}", without_slash),
    Route("/{pair}/{path:path}", site),
]
