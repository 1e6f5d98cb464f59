# SPDX-License-Identifier: Apache-2.0
"""What every request passes: the host it names, where it was sent from, who sends it; and the headers of each answer.

- A Host that is none of ours is refused: a page elsewhere cannot reach this server under a name of its own.
- A write is refused when the browser says that it comes from another site (Sec-Fetch-Site, else Origin).
- Where there are tokens, nothing is answered without one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bilat.document import typeface
from bilat.document.page import POLICY
from bilat.server import tokens
from bilat.server.refusals import Refusal
from bilat.server.settings import Settings
from bilat.server.verbs import CHARTS

#: Paths that are answered without a token.
OPEN = (
    "/assets/style.css",
    "/assets/serve.css",
    *(f"/assets/{Path(file).name}" for file in typeface.files()),
    "/health",
)
SAFE = ("GET", "HEAD", "OPTIONS")
#: Characters of a path with its query.
LONGEST_TARGET = 4096

_HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
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
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if request.url.path.startswith(CHARTS):
                    self._let_embed(headers)
                headers.setdefault("cache-control", "private, no-store")
                if self.settings.marking is not None:
                    headers["bilat-marking"] = str(self.settings.marking)
            await send(message)

        try:
            self._pass(request)
            await self.app(scope, receive, told)
        except Exception as e:  # Starlette's own answer would print it and raise it again
            if begun:
                raise
            await (await self.refuse(request, e))(scope, receive, told)

    def _let_embed(self, headers: MutableHeaders) -> None:
        """Let this site and those of the settings hold a chart in a frame."""
        places = " ".join(["'self'", *self.settings.embed_in])
        headers["content-security-policy"] = f"{POLICY}; frame-ancestors {places}"
        headers["cross-origin-resource-policy"] = "cross-origin"
        del headers["x-frame-options"]  # it knows no list; frame-ancestors decides

    def _may_embed(self, request: Request) -> bool:
        """Return whether a request is for a chart in a frame of a page elsewhere, where some may."""
        framed = request.headers.get("sec-fetch-dest") == "iframe"
        return bool(self.settings.embed_in) and framed and request.url.path.startswith(CHARTS)

    def _pass(self, request: Request) -> None:
        """Let a request through, with who sends it.

        Raises
        ------
        Refusal
            for one that is refused.
        """
        _refuse_host(request.headers, self.hosts())
        if len(request.url.path) + len(request.url.query) > LONGEST_TARGET:
            raise Refusal(400, f"an address here has at most {LONGEST_TARGET:,} characters")
        foreign = _embedded(request) and not self._may_embed(request)
        if request.method not in SAFE or foreign:
            _refuse_foreign(request, self.settings.scheme)
        reader: str | None = request.client.host if request.client else "nowhere"
        if self.settings.tokens and request.url.path not in OPEN:
            reader = tokens.who_sends(
                self.settings.tokens, request.headers.get("authorization", "")
            )
        if reader is None:
            raise Refusal(401, "give your token, as the password or as Authorization: Bearer TOKEN")
        request.state.reader = reader


def is_api(path: str) -> bool:
    """Whether a path is the interface's, whose errors are JSON."""
    return path.startswith("/api/") or path in ("/api", "/openapi.json")


def _refuse_host(headers: Headers, hosts: frozenset[str]) -> None:
    given = headers.getlist("host")
    if len(given) != 1 or given[0].lower() not in hosts:
        shown = ", ".join(given)[:80] or "none"
        raise Refusal(
            421, f"host {shown!r} is not served here. Use one of: {', '.join(sorted(hosts))}"
        )


def _embedded(request: Request) -> bool:
    """Whether a page of another site reads this by itself, which would start work here unasked: no link that was
    followed by a person."""
    headers = request.headers
    return (
        headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-dest") != "document"
    )


def _refuse_foreign(request: Request, scheme: str) -> None:
    """Refuse a write that a page of another site sends.

    A page here is sent with ``no-referrer``, so its own forms say ``Origin: null``; then Sec-Fetch-Site decides, which
    every browser since 2023 sends.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{scheme}://{request.headers['host']}".lower()
    if site is not None and site not in ("same-origin", "none"):
        raise Refusal(
            403,
            f"a page of another site ({site[:20]}) sent this. Open the form here and send it again",
        )
    if origin not in (None, "null") and origin.lower() != own:
        raise Refusal(
            403, f"a page of {origin[:80]} sent this. Open the form here and send it again"
        )
    if origin == "null" and site is None:
        raise Refusal(
            403,
            "a page without an origin sent this. Use a program, or a browser from 2023 or later",
        )
