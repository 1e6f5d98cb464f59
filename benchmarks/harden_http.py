# SPDX-License-Identifier: Apache-2.0
"""A publisher that misbehaves in forty-three ways: what a download leaves is the publisher's file whole, or nothing."""

from __future__ import annotations

import email.utils
import gzip
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

BODY = b"year,value\n" + b"".join(b"%d,%d\n" % (1950 + n % 70, n * 37) for n in range(4000))
OTHER = b"year,value\n" + b"".join(b"%d,%d\n" % (1950 + n % 70, n * 53) for n in range(4000))
CUT = len(BODY) // 3
#: Bytes that one download may bring here, and seconds that an answer may take.
MOST = 200_000
LONGEST = 1.5


@dataclass
class Asked:
    """A request: how many came before it, its headers in lower case, and the connection."""

    number: int
    headers: dict[str, str]
    to: socket.socket

    @property
    def start(self) -> int:
        return int(self.headers.get("range", "bytes=0-")[6:].rstrip("-") or 0)

    def head(self, status: str, *lines: str) -> None:
        self.to.sendall(
            "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode(
                "latin-1"
            )
        )

    def answer(
        self,
        status: str,
        body: bytes,
        *lines: str,
        length: int | None = None,
        send: int | None = None,
    ) -> None:
        self.head(status, f"Content-Length: {len(body) if length is None else length}", *lines)
        self.to.sendall(body[:send])

    def rest(self, tag: str = '"a"', body: bytes = BODY) -> None:
        """The honest answer: whole, or the rest of what was asked for."""
        if "range" in self.headers and self.headers.get("if-range") == tag:
            self.answer(
                "206 Partial",
                body[self.start :],
                f"ETag: {tag}",
                f"Content-Range: bytes {self.start}-{len(body) - 1}/{len(body)}",
            )
        else:
            self.answer("200 OK", body, f"ETag: {tag}")


Way = Callable[[Asked], None]


def first_cut(then: Way, tag: str = '"a"') -> Way:
    """The first answer breaks off after a third; then another."""

    def way(a: Asked) -> None:
        if a.number == 0:
            a.answer("200 OK", BODY, f"ETag: {tag}", send=CUT)
        else:
            then(a)

    return way


def once(first: Way, then: Way = Asked.rest) -> Way:
    return lambda a: first(a) if a.number == 0 else then(a)


def _trickle(a: Asked) -> None:
    a.head("200 OK", f"Content-Length: {len(BODY)}")
    for n in range(200):
        a.to.sendall(BODY[n : n + 1])
        time.sleep(0.05)


def _trickled_head(a: Asked) -> None:
    for c in b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 200:
        a.to.sendall(bytes([c]))
        time.sleep(0.05)


def _endless(a: Asked) -> None:
    a.head("200 OK")
    while True:
        a.to.sendall(b"2022,1\n" * 5000)


def _chunked(a: Asked, last: bytes = b"0\r\n\r\n") -> None:
    a.head("200 OK", "Transfer-Encoding: chunked")
    for n in range(0, len(BODY), 5000):
        piece = BODY[n : n + 5000]
        a.to.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
    a.to.sendall(last)


def _part(a: Asked, start: int, body: bytes, tag: str = '"a"', total: int = len(BODY)) -> None:
    a.answer(
        "206 Partial",
        body,
        f"ETag: {tag}",
        f"Content-Range: bytes {start}-{start + len(body) - 1}/{total}",
    )


def _silence(_: Asked) -> None:
    time.sleep(LONGEST + 1)


def _in_an_hour() -> str:
    return email.utils.formatdate(time.time() + 3600, usegmt=True)


#: name -> (how it answers, whether the file can be had all the same)
WAYS: dict[str, tuple[Way, bool]] = {
    "honest": (Asked.rest, True),
    "cut, then the rest": (first_cut(Asked.rest), True),
    "cut, weak validator": (first_cut(lambda a: a.rest('W/"a"'), 'W/"a"'), True),
    "cut, then another edition whole": (first_cut(lambda a: a.rest('"b"')), True),
    "cut, 206 of another edition": (
        once(
            lambda a: a.answer("200 OK", BODY, 'ETag: "a"', send=CUT),
            lambda a: _part(a, a.start, OTHER[a.start :], '"b"') if a.start else a.rest(),
        ),
        True,
    ),
    "cut, 206 without a validator": (
        first_cut(
            lambda a: (
                a.answer(
                    "206 P",
                    BODY[a.start :],
                    f"Content-Range: bytes {a.start}-{len(BODY) - 1}/{len(BODY)}",
                )
                if a.start
                else a.rest()
            )
        ),
        True,
    ),
    "cut, 206 from elsewhere": (
        first_cut(lambda a: _part(a, a.start - 70, BODY[a.start - 70 :]) if a.start else a.rest()),
        True,
    ),
    "cut, 206 from further on": (
        first_cut(lambda a: _part(a, a.start + 70, BODY[a.start + 70 :]) if a.start else a.rest()),
        True,
    ),
    "cut, 206 that ends early": (
        first_cut(lambda a: _part(a, a.start, BODY[a.start : -70]) if a.start else a.rest()),
        True,
    ),
    "cut, 206 without Content-Range": (
        first_cut(
            lambda a: a.answer("206 P", BODY[a.start :], 'ETag: "a"') if a.start else a.rest()
        ),
        True,
    ),
    "cut, 416": (first_cut(lambda a: a.answer("416 No", b"") if a.start else a.rest()), True),
    "cut every time": (lambda a: a.answer("200 OK", BODY, 'ETag: "a"', send=CUT), False),
    "206 that nobody asked for": (lambda a: _part(a, 0, BODY[: len(BODY) // 2]), False),
    "304 without anything held": (lambda a: a.head("304 Not Modified"), False),
    "304 once": (once(lambda a: a.head("304 Not Modified")), True),
    "too short by whole lines, once": (
        once(lambda a: a.answer("200 OK", BODY[:-700], length=len(BODY))),
        True,
    ),
    "length too large": (lambda a: a.answer("200 OK", BODY, length=len(BODY) + 9), False),
    "length no number": (lambda a: a.answer("200 OK", BODY, "Content-Length: many"), False),
    "two lengths": (lambda a: a.answer("200 OK", BODY, "Content-Length: 5"), False),
    "length beyond the bound": (lambda a: a.answer("200 OK", BODY, length=10**12), False),
    "no length, closed": (lambda a: (a.head("200 OK"), a.to.sendall(BODY))[1], True),
    "chunked": (_chunked, True),
    "chunked, cut, once": (once(lambda a: _chunked(a, b"")), True),
    "endless": (_endless, False),
    "a byte at a time": (_trickle, False),
    "headers a byte at a time": (_trickled_head, False),
    "silence": (_silence, False),
    "closed at once": (lambda a: None, False),
    "closed once": (once(lambda a: None), True),
    "not HTTP": (lambda a: a.to.sendall(b"hello\n" * 50), False),
    "packed, as it says": (
        lambda a: a.answer("200 OK", gzip.compress(BODY), "Content-Encoding: gzip"),
        True,
    ),
    "packed, cut, once": (
        once(lambda a: a.answer("200 OK", gzip.compress(BODY), "Content-Encoding: gzip", send=500)),
        True,
    ),
    "a bomb": (
        lambda a: a.answer("200 OK", gzip.compress(b"0" * 50_000_000), "Content-Encoding: gzip"),
        False,
    ),
    "packed in an unknown way": (
        lambda a: a.answer("200 OK", BODY, "Content-Encoding: rot13"),
        False,
    ),
    "503 once": (once(lambda a: a.answer("503 Busy", b"")), True),
    "503 always": (lambda a: a.answer("503 Busy", b""), False),
    "429, wait as a number": (once(lambda a: a.answer("429 Slow", b"", "Retry-After: 1")), True),
    "429, wait that is not a number": (
        once(lambda a: a.answer("429 Slow", b"", "Retry-After: ²")),
        True,
    ),
    "404": (lambda a: a.answer("404 No", b"<html>"), False),
    "redirect to a file": (lambda a: a.answer("302 F", b"", "Location: file:///etc/passwd"), False),
    "redirect to another host": (
        lambda a: a.answer("302 F", b"", "Location: http://localhost:9/x"),
        False,
    ),
    "redirect in a circle": (lambda a: a.answer("302 F", b"", "Location: /pairs.csv"), False),
    "a validator in no ASCII, cut": (
        once(
            lambda a: a.to.sendall(
                b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nContent-Length: %d\r\n\r\n' % len(BODY)
                + BODY[:CUT]
            )
        ),
        True,
    ),
}


@dataclass
class Publisher:
    """Answers each request in its way, on loopback."""

    way: Way
    asked: int = 0
    socket: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __enter__(self) -> Publisher:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/pairs.csv"

    def _serve(self) -> None:
        while True:
            try:
                to, _ = self.socket.accept()
            except OSError:
                return
            number = self.asked
            self.asked = self.asked + 1
            threading.Thread(target=self._one, args=(to, number), daemon=True).start()

    def _one(self, to: socket.socket, number: int) -> None:
        try:
            with to:
                raw = b""
                while b"\r\n\r\n" not in raw and (more := to.recv(4096)):
                    raw += more
                lines = [
                    x.split(": ", 1) for x in raw.decode("latin-1").split("\r\n")[1:] if ": " in x
                ]
                self.way(Asked(number, {k.lower(): v for k, v in lines}, to))
                to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def wrong_with(name: str, work: Path) -> str:
    """What is wrong with what a download from such a publisher leaves; blank where all is well."""
    from bilat.catalog.fetch import fetch
    from bilat.errors import DataError

    way, can_be_had = WAYS[name]
    work.mkdir(parents=True, exist_ok=True)
    into = work / "pairs.csv"
    start = time.monotonic()
    with Publisher(way) as publisher:
        try:
            fetch(
                publisher.url, into, timeout=1.0, longest=LONGEST, most=MOST, retries=2, pause=0.01
            )
        except DataError as e:
            if "\n" in str(e) or publisher.url.split("/")[2] not in str(e):
                return f"{name}: not one line that names the address: {e}"
        except Exception as e:
            return f"{name}: {type(e).__name__}: {e}"
    lasted = time.monotonic() - start
    if lasted > 20:
        return f"{name}: took {lasted:.0f} s"
    held = into.read_bytes() if into.exists() else None
    if held is not None and held not in (BODY, OTHER):
        return f"{name}: {len(held)} bytes that are not edition of the file"
    if can_be_had != (held is not None):
        return f"{name}: {'not taken, though it can be had' if can_be_had else 'taken'}"
    return ""


def misbehaving(work: Path, count: int, _rng: Random) -> list[str]:
    """What is wrong with the first ``count`` ways."""
    found = [wrong_with(name, work / str(n)) for n, name in enumerate(list(WAYS)[:count])]
    return [line for line in found if line]
