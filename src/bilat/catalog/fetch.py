# SPDX-License-Identifier: Apache-2.0
"""Bring a file from its publisher: HTTP with resume, retry, time-out, bounds and conditional request.

A download lands in ``<name>.part`` beside ``<name>.etag``; an interrupted one is taken up where it stopped
if the publisher's validator is still the same, and started again if not. A publisher is not trusted: what it
sends in answer to a resumed request must begin where the part ends and bear the same validator, no answer is
longer or slower than stated, and a redirect goes to no other host than the catalog names.

Reference: RFC 9110, HTTP Semantics (2022), sections 10.2.3 Retry-After, 13.1.5 If-Range, 14.4 Content-Range.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.files.packed import MOST
from bilat.files.write import settle, writable


class Refused(DataError):
    """The publisher answered with an error that asking again does not cure: ``status`` is its HTTP code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


#: Seconds to connect, and between two chunks.
TIMEOUT = 30.0
#: Seconds that one answer may take in all.
LONGEST = 900.0
#: Tries after the first, with growing pauses.
RETRIES = 4
#: Seconds that are waited at most because a publisher says so.
LONGEST_WAIT = 60.0
REDIRECTS = 5
_CHUNK = 1 << 16
#: How an answer may be packed on the way; one inside the other would multiply.
_ENCODINGS = ("", "identity", "gzip", "deflate")
_BUSY = (429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")

#: (bytes so far, bytes in all or None)
Progress = Callable[[int, int | None], None]


class _Again(Exception):
    """This try came to nothing; the next may not. ``wait``: seconds that the publisher asks for."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass
class _Download:
    """One file on its way, over several tries."""

    url: str
    into: Path
    validator: str | None
    progress: Progress | None
    timeout: float
    longest: float
    most: int
    hosts: Sequence[str]
    headers: dict[str, str]
    fresh: str = field(default="", init=False)  #: validator of what came

    def __post_init__(self) -> None:
        self.part = self.into.with_name(self.into.name + ".part")
        self.mark = self.into.with_name(self.into.name + ".etag")

    def begin(self) -> tuple[int, str]:
        """(bytes there already, their validator): what a request can go on from; (0, "") where nothing can."""
        mark = ""
        with suppress(OSError, UnicodeDecodeError):
            mark = _validator(self.mark.read_text("utf-8"))
        if mark and self.part.is_file() and (have := self.part.stat().st_size):
            return have, mark
        self.drop()
        return 0, ""

    def drop(self) -> None:
        """Forget what came so far."""
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

    def once(self) -> bool:
        """One try: True when the file is there, False when the publisher says that nothing changed."""
        httpx = _httpx()
        have, mark = self.begin()
        asked = {
            "User-Agent": "bilat (research; public records)",
            "Accept-Encoding": "identity",
            **self.headers,
        }
        if have:
            asked |= {"Range": f"bytes={have}-", "If-Range": mark}
        elif self.validator:
            tagged = self.validator.startswith(('"', "W/"))
            asked["If-None-Match" if tagged else "If-Modified-Since"] = self.validator
        watch = _Deadline(self.longest)
        try:
            with (
                httpx.Client(timeout=self.timeout, follow_redirects=False) as client,
                watch,
                self._answer(client, asked, watch) as r,
            ):
                if r.status_code == 304:
                    if "Range" in asked or not self.validator:
                        self.drop()
                        raise _Again("HTTP 304 to a request that had no condition")
                    return False
                self._take(r, have, mark)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as e:
            if watch.passed:
                raise _Again(f"took longer than {self.longest:g} seconds") from None
            raise _Again(f"{type(e).__name__}: {e}") from None
        return True

    @contextmanager
    def _answer(self, client: Any, asked: dict[str, str], watch: _Deadline) -> Iterator[Any]:
        """The answer, after redirects that the catalog allows."""
        httpx = _httpx()
        url = httpx.URL(self.url)
        for _ in range(REDIRECTS + 1):
            request = client.build_request(
                "GET", url, headers=asked, extensions={"trace": watch.trace}
            )
            r = client.send(request, stream=True)
            try:
                if r.status_code not in (301, 302, 303, 307, 308):
                    self._refuse(r)
                    yield r
                    return
                there = url.join(r.headers.get("Location", ""))
            finally:
                r.close()
            if self.headers:  # they may hold a key: it is not carried to wherever a redirect points
                raise Refused(
                    f"{self.url}: redirects, which a request with a key does not follow",
                    r.status_code,
                )
            if there.scheme not in ("http", "https") or (
                url.scheme == "https" and there.scheme != "https"
            ):
                raise Refused(
                    f"{self.url}: redirects from {url.scheme} to {there.scheme or 'nothing'}; refused; open "
                    "the page by hand and use `mirror`",
                    r.status_code,
                )
            if there.host != url.host and there.host not in self.hosts:
                raise Refused(
                    f"{self.url}: redirects to {there.host}, which the catalog does not name; check the "
                    "address, or save the file by hand and use `mirror`",
                    r.status_code,
                )
            url = there
        raise Refused(
            f"{self.url}: redirects more than {REDIRECTS} times; open the page by hand and use `mirror`",
            310,
        )

    def _refuse(self, r: Any) -> None:
        if r.status_code == 416:  # what we have is not a beginning of what is there now
            self.drop()
            raise _Again("the part that was there did not fit")
        if r.status_code in _BUSY:
            raise _Again(f"HTTP {r.status_code}", _retry_after(r.headers.get("Retry-After", "")))
        if r.status_code not in (200, 206, 304):
            raise Refused(
                f"{self.url}: HTTP {r.status_code} {r.reason_phrase}; open the page by hand and use `mirror`",
                r.status_code,
            )

    def _take(self, r: Any, have: int, mark: str) -> None:
        """Write what comes; a body that is not what its headers say is tried again."""
        packed = r.headers.get("Content-Encoding", "").strip().lower()
        if packed not in _ENCODINGS:
            raise Refused(
                f"{self.url}: is sent packed as {packed[:40]!r}; open the page by hand and use `mirror`",
                200,
            )
        self.fresh = _validator(r.headers.get("ETag") or r.headers.get("Last-Modified") or "")
        plain = packed in ("", "identity")
        if r.status_code == 206:
            self._refuse_other_part(r, have, mark, plain)
        else:
            have = 0
        length = (
            int(r.headers["Content-Length"])
            if r.headers.get("Content-Length", "").isdecimal()
            else None
        )
        if length is not None and have + length > self.most:
            raise Refused(
                f"{self.url}: {have + length:,} bytes, where the catalog allows {self.most:,}; "
                "check the address",
                r.status_code,
            )
        # What came packed cannot be taken up in the middle; a weak validator does not speak of bytes.
        if self.fresh and plain and not self.fresh.startswith("W/"):
            self.mark.write_text(self.fresh, "utf-8")
        else:
            self.mark.unlink(missing_ok=True)
        total = have + length if length is not None and plain else None
        with self.part.open("ab" if r.status_code == 206 else "wb") as out:
            for chunk in r.iter_bytes(_CHUNK):
                have += len(chunk)
                if have > self.most:
                    out.close()
                    self.drop()
                    raise Refused(
                        f"{self.url}: more than {self.most:,} bytes, which the catalog allows; "
                        "check the address",
                        r.status_code,
                    )
                out.write(chunk)
                if self.progress:
                    self.progress(have, total)
        if length is not None and r.num_bytes_downloaded != length:
            raise _Again(f"stopped at {r.num_bytes_downloaded} of {length} bytes")

    def _refuse_other_part(self, r: Any, have: int, mark: str, plain: bool) -> None:
        """Is this the rest of what is there: the same edition, from where it stopped?"""
        where = _RANGE.fullmatch(r.headers.get("Content-Range", "").strip())
        fits = (
            have > 0
            and plain
            and where is not None
            and int(where[1]) == have
            and self.fresh == mark
            and (where[3] == "*" or int(where[2]) + 1 == int(where[3]))
        )
        if not fits:
            self.drop()
            raise _Again("it sent a part that does not go on from the one that was there")


def _httpx() -> Any:
    """The library that asks; an extra, for whoever never pulls needs none.

    Raises
    ------
    UsageError
        where it is not installed.
    """
    try:
        import httpx
    except ImportError:
        raise UsageError(
            "asking a publisher needs httpx: pip install 'bilat[pull]', or take saved files with `mirror` FOLDER"
        ) from None
    return httpx


def fetch(
    url: str,
    into: Path,
    *,
    validator: str | None = None,
    progress: Progress | None = None,
    timeout: float = TIMEOUT,
    longest: float = LONGEST,
    most: int = MOST,
    hosts: Sequence[str] = (),
    retries: int = RETRIES,
    pause: float = 1.0,
    headers: dict[str, str] | None = None,
) -> str | None:
    """Download ``url`` to ``into``.

    Parameters
    ----------
    validator
        ETag or Last-Modified of what is already held: with it the request is conditional.
    timeout, longest
        seconds between two chunks, and of one answer in all.
    most
        bytes that may come, as sent or unpacked.
    hosts
        other hosts that a redirect may go to.

    Returns
    -------
    The new validator (may be ""), or None when the publisher says that nothing changed.

    Raises
    ------
    Refused
        when the publisher refuses, or sends what the catalog does not allow.
    DataError
        when every try fails; what came so far is kept for the next call.
    """
    one = _Download(
        url,
        into,
        validator and _validator(validator),
        progress,
        timeout,
        longest,
        most,
        hosts,
        headers or {},
    )
    last = ""
    wait = 0.0
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(max(pause * 2 ** (attempt - 1), wait))
        try:
            with writable(into):
                if not one.once():
                    return None
                settle(one.part, into)
                one.mark.unlink(missing_ok=True)
                return one.fresh
        except _Again as e:
            last = str(e)
            wait = e.wait
    raise DataError(
        f"{url}: not reached after {retries + 1} tries ({last}); try again later, or use `mirror`"
    )


def unanswered(url: str, *, timeout: float = TIMEOUT, hosts: Sequence[str] = ()) -> str:
    """Why an address gives nothing, asked once for the beginning of its answer; blank where it answers."""
    httpx = _httpx()
    one = _Download(url, Path("nothing"), None, None, timeout, timeout, MOST, hosts, {})
    watch = _Deadline(timeout)
    try:
        with (
            httpx.Client(timeout=timeout) as client,
            watch,
            one._answer(client, {"Range": "bytes=0-1023"}, watch) as r,
        ):
            start = next(r.iter_bytes(1024), b"").lstrip()[:15].lower()
            page = start.startswith((b"<html", b"<!doctype html"))
            return f"{url}: answers with a page in place of the file" if page else ""
    except (httpx.HTTPError, httpx.InvalidURL, DataError, _Again) as e:
        return f"{url}: {str(e).removeprefix(f'{url}: ') or type(e).__name__}"


def _validator(text: str) -> str:
    """A validator that can be sent back: printable ASCII of bearable length; "" for any other."""
    text = text.strip()
    return text if text.isascii() and text.isprintable() and len(text) <= 500 else ""


def _retry_after(text: str) -> float:
    """Seconds that a publisher asks to wait, from a number or a date; 0 for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), LONGEST_WAIT)
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return min(max((when - dt.datetime.now(dt.UTC)).total_seconds(), 0.0), LONGEST_WAIT)


class _Deadline:
    """Cuts the connection after so many seconds: a time-out between two bytes does not stop a slow trickle."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self.passed = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember each connection that is made (a trace extension of httpcore)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            made = info["return_value"].get_extra_info("socket")
            if made is not None:
                self._sockets.append(made)

    def _cut(self) -> None:
        self.passed = True
        for made in self._sockets:
            with suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
