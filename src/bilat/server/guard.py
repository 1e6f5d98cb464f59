# SPDX-License-Identifier: Apache-2.0
"""What every request passes: the host it names, where it was sent from, who sends it; and the headers of each answer.

- A Host that is none of ours is refused: a page elsewhere cannot reach this server under a name of its own.
- A write is refused when the browser says that it comes from another site (Sec-Fetch-Site, else Origin).
- Where there are tokens, nothing is answered without one but the page that takes it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bilat.server import tokens
from bilat.server.refused import Declined
from bilat.server.settings import Settings

SESSION, FORM = "bilat_session", "bilat_form"
#: Paths that are answered without a token.
OPEN = ("/login", "/assets/style.css", "/assets/serve.css", "/health")
SAFE = ("GET", "HEAD", "OPTIONS")
#: Characters of a path with its query.
LONGEST_TARGET = 4096

_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

#: refuse(request, error) -> the answer that says it
Refuse = Callable[[Request, Exception], Awaitable[Response]]


class Guard:
    """The outermost layer of the application."""

    def __init__(
        self, app: ASGIApp, settings: Settings, hosts: Callable[[], frozenset[str]], refuse: Refuse
    ) -> None:
        self.app = app
        self.settings = settings
        self.hosts = hosts
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)

        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun, headers = True, MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "private, no-store")
                if self.settings.marking is not None:
                    headers["bilat-marking"] = str(self.settings.marking)
            await send(message)

        try:
            await (self._stopped(request) or self.app)(scope, receive, told)
        except Exception as e:  # Starlette's own answer would print it and raise it again
            if begun:
                raise
            await (await self.refuse(request, e))(scope, receive, told)

    def _stopped(self, request: Request) -> Response | None:
        """The answer to a request that goes no further but to the page that takes a token; None for one that does.

        Raises
        ------
        Declined
            for one that is refused.
        """
        _refuse_host(request.headers, self.hosts())
        if len(request.url.path) + len(request.url.query) > LONGEST_TARGET:
            raise Declined(400, f"an address here has at most {LONGEST_TARGET:,} characters")
        reader = self._reader(request)
        if request.method not in SAFE or _embedded(request):
            _refuse_foreign(request, self.settings.scheme)
        if reader is None:
            if request.method not in SAFE or is_api(request.url.path):
                raise Declined(401, "send the header Authorization: Bearer TOKEN, or log in at /login")
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?back={quote(back, safe='')}", 303)
        request.state.reader = reader
        return None

    def _reader(self, request: Request) -> str | None:
        """Who asks: the token's name, the address where there are no tokens, None for nobody known."""
        address = request.client.host if request.client else "nowhere"
        if not self.settings.tokens or request.url.path in OPEN:
            return address
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return tokens.bearer(self.settings.tokens, token.strip())
        return tokens.who_has(self.settings.tokens, cookie(request, SESSION))


def is_api(path: str) -> bool:
    """Whether a path is the interface's, whose errors are JSON."""
    return path.startswith("/api/") or path in ("/api", "/openapi.json")


def cookie(request: Request, name: str) -> str:
    """A cookie's value; blank where it was not sent."""
    found: SimpleCookie = SimpleCookie()
    try:
        found.load(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    return found[name].value if name in found else ""


def _refuse_host(headers: Headers, hosts: frozenset[str]) -> None:
    given = headers.getlist("host")
    if len(given) != 1 or given[0].lower() not in hosts:
        shown = ", ".join(given)[:80] or "none"
        raise Declined(421, f"host {shown!r} is not served here; use one of: {', '.join(sorted(hosts))}")


def _embedded(request: Request) -> bool:
    """Whether a page of another site reads this by itself, which would start work here unasked: no link that was
    followed by a person."""
    headers = request.headers
    return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-dest") != "document"


def _refuse_foreign(request: Request, scheme: str) -> None:
    """Refuse a write that a page of another site sends.

    A page here is sent with ``no-referrer``, so its own forms say ``Origin: null``; then Sec-Fetch-Site decides, and
    where a browser sends neither, the token in the form does.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{scheme}://{request.headers['host']}".lower()
    if site is not None and site not in ("same-origin", "none"):
        raise Declined(
            403, f"a page of another site ({site[:20]}) sent this; open the form here and send it again"
        )
    if origin not in (None, "null") and origin.lower() != own:
        raise Declined(403, f"a page of {origin[:80]} sent this; open the form here and send it again")
    if origin == "null" and site is None and is_api(request.url.path):
        raise Declined(
            403, "a page that names no origin sent this; send it from a program, or with a form here"
        )
