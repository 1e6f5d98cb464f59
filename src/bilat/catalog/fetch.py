# SPDX-License-Identifier: Apache-2.0
"""Bring a file from its publisher: HTTP with resume, retry, time-out, bounds and conditional
request.

A download lands in ``<name>.part`` beside ``<name>.etag``; an interrupted one is taken up where it
stopped if the publisher's validator is still the same, and started again if not. A publisher is not
trusted: what it sends in answer to a resumed request must begin where the part ends and bear the
same validator, no answer is longer or slower than stated, and a redirect goes to no other host than
the catalog names.

Reference: RFC 9110, HTTP Semantics (2022), sections 10.2.3 Retry-After, 13.1.5 If-Range, 14.4
Content-Range.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bilat.catalog.hosts import host_of, is_local
from bilat.catalog.http_client import Deadline, httpx_library, trusted_certificates
from bilat.errors import DataError
from bilat.files.archives import MOST
from bilat.files.write import move_into_place, writable


class Refused(DataError):
    """The publisher answered with an error that asking again does not cure: ``status`` is its HTTP
    code."""

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
#: Who asks; some publishers turn away whoever does not say.
AGENT = "bilat (research; public records)"
_CHUNK = 1 << 16
#: How an answer may be packed on the way; one inside the other would multiply.
_ENCODINGS = ("", "identity", "gzip", "deflate")
_BUSY = (429, 500, 502, 503, 504)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")

#: Headers by which a gateway says that it wants a browser, with the beginning of their values.
_CHALLENGES = (("x-amzn-waf-action", ""), ("cf-mitigated", "challenge"))

#: (bytes so far, bytes in all or None)
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Reply:
    """What a publisher answered to one request."""

    address: str  #: that was asked
    host: str  #: that answered, after redirects
    status: int
    at: str  #: when, in UTC
    etag: str = ""
    modified: str = ""  #: Last-Modified, as it was sent
    name: str = ""  #: the file's name, as the publisher has it
    size: int = 0  #: bytes of the file

    @property
    def unchanged(self) -> bool:
        """Whether the publisher says that nothing changed."""
        return self.status == 304

    @property
    def validator(self) -> str:
        """What makes the next request conditional; "" if nothing does."""
        return self.etag or self.modified

    @property
    def modified_on(self) -> dt.date | None:
        """The day of Last-Modified, if it is a date."""
        try:
            return email.utils.parsedate_to_datetime(self.modified).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


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
    headers: Mapping[str, str]  #: that may hold a key
    plain_headers: Mapping[str, str]
    body: str  #: sent by POST; "" asks by GET
    reply: Reply | None = field(default=None, init=False)
    has_expired: bool = field(default=False, init=False)  #: whether a signed address refused once

    @property
    def fresh(self) -> str:
        """The validator of what came."""
        return self.reply.validator if self.reply else ""

    def __post_init__(self) -> None:
        self.part = self.into.with_name(self.into.name + ".part")
        self.mark = self.into.with_name(self.into.name + ".etag")

    def begin(self) -> tuple[int, str]:
        """(bytes there already, their validator): what a request can go on from; (0, "") where
        nothing can."""
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

    def wanted(self) -> dict[str, str]:
        """Return the headers of each request."""
        return {
            "User-Agent": AGENT,
            "Accept-Encoding": "identity",
            **({"Content-Type": "application/json"} if self.body else {}),
            **self.plain_headers,
            **self.headers,
        }

    def once(self) -> bool:
        """One try: True when the file is there, False when the publisher says that nothing
        changed."""
        httpx = httpx_library()
        have, mark = self.begin()
        asked = self.wanted()
        if have:
            asked |= {"Range": f"bytes={have}-", "If-Range": mark}
        elif self.validator:
            asked |= _condition(self.validator)
        watch = Deadline(self.longest)
        try:
            with (
                httpx.Client(timeout=self.timeout, verify=trusted_certificates()) as client,
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
    def _answer(self, client: Any, asked: dict[str, str], watch: Deadline) -> Iterator[Any]:
        """The answer, after redirects that the catalog allows."""
        httpx = httpx_library()
        url = httpx.URL(self.url)
        for _ in range(REDIRECTS + 1):
            request = client.build_request(
                "POST" if self.body else "GET",
                url,
                headers=asked,
                content=self.body or None,
                extensions={"trace": watch.trace},
            )
            r = client.send(request, stream=True)
            try:
                if r.status_code not in (301, 302, 303, 307, 308):
                    self.reply = _reply(self.url, r)
                    self._refuse(r)
                    yield r
                    return
                there = url.join(r.headers.get("Location", ""))
            finally:
                r.close()
            if self.headers or self.body:  # a key or a question stays with the host it is meant for
                what = "with a key" if self.headers else "that posts a question"
                raise Refused(
                    f"{self.url}: redirects, which a request {what} does not follow",
                    r.status_code,
                )
            if there.scheme not in ("http", "https") or (
                url.scheme == "https" and there.scheme != "https"
            ):
                raise Refused(
                    f"{self.url}: redirects from {url.scheme} to {there.scheme or 'nothing'}; "
                    "refused. Open the page by hand and use `mirror`",
                    r.status_code,
                )
            if there.port not in (None, url.port):
                raise Refused(
                    f"{self.url}: redirects to port {there.port} of {there.host}; refused. Open "
                    "the page by hand and use `mirror`",
                    r.status_code,
                )
            if there.host != url.host and there.host not in self.hosts:
                raise Refused(
                    f"{self.url}: redirects to {there.host}, which the catalog does not name. "
                    "Check the address, or save the file by hand and use `mirror`",
                    r.status_code,
                )
            if there.host != url.host and not is_local(url.host) and is_local(there.host):
                raise Refused(
                    f"{self.url}: redirects to {there.host}, which is an address of a private "
                    "network; refused: check who answers for the publisher",
                    r.status_code,
                )
            url = there
        raise Refused(
            f"{self.url}: redirects more than {REDIRECTS} times. Open the page by hand and use "
            "`mirror`",
            310,
        )

    def _refuse(self, r: Any) -> None:
        if r.status_code == 416:  # what we have is not a beginning of what is there now
            self.drop()
            raise _Again("the part that was there did not fit")
        if any(n in r.headers and r.headers[n].startswith(start) for n, start in _CHALLENGES):
            raise Refused(
                f"{self.url}: asks for a browser (HTTP {r.status_code}, a challenge). Open the "
                "page by hand and use `mirror`",
                r.status_code,
            )
        if r.status_code in _BUSY:
            raise _Again(f"HTTP {r.status_code}", _retry_after(r.headers.get("Retry-After", "")))
        if r.status_code in (400, 403) and r.url.host != host_of(self.url) and not self.has_expired:
            # A signed address is good for a minute: the publisher gives another when asked.
            self.has_expired = True
            raise _Again(f"HTTP {r.status_code} from {r.url.host}")
        if r.status_code not in (200, 206, 304):
            raise Refused(
                f"{self.url}: HTTP {r.status_code} {r.reason_phrase}; open the page by hand and "
                "use `mirror`",
                r.status_code,
            )

    def _take(self, r: Any, have: int, mark: str) -> None:
        """Write what comes; a body that is not what its headers say is tried again."""
        packed = r.headers.get("Content-Encoding", "").strip().lower()
        if packed not in _ENCODINGS:
            raise Refused(
                f"{self.url}: is sent packed as {packed[:40]!r}; open the page by hand and use "
                "`mirror`",
                200,
            )
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
        # What came packed cannot be taken up in the middle; a weak validator does not speak of
        # bytes.
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


def _reply(address: str, r: Any) -> Reply:
    """Return what an answer's headers say."""
    name = re.search(r'filename="?([^";]+)', r.headers.get("Content-Disposition", ""))
    return Reply(
        address=address,
        host=r.url.host,
        status=r.status_code,
        at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        etag=_validator(r.headers.get("ETag", "")),
        modified=_validator(r.headers.get("Last-Modified", "")),
        name=_validator(name[1]) if name else "",
    )


def _condition(validator: str) -> dict[str, str]:
    """Return the header that makes a request conditional."""
    is_tag = validator.startswith(('"', "W/"))
    return {"If-None-Match" if is_tag else "If-Modified-Since": validator}


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
    headers: Mapping[str, str] | None = None,
    plain_headers: Mapping[str, str] | None = None,
    body: str = "",
) -> Reply:
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
    headers, plain_headers
        further headers; with the first, which may hold a key, no redirect is followed.
    body
        a question in JSON, sent by POST.

    Returns
    -------
    What the publisher answered; ``unchanged`` if it says that nothing changed.

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
        plain_headers or {},
        body,
    )
    last = ""
    wait = 0.0
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(max(pause * 2 ** (attempt - 1), wait))
        try:
            with writable(into):
                changed = one.once()
                assert one.reply is not None
                if not changed:
                    return one.reply
                move_into_place(one.part, into)
                one.mark.unlink(missing_ok=True)
                return replace(one.reply, size=into.stat().st_size)
        except _Again as e:
            last = str(e)
            wait = e.wait
    raise DataError(
        f"{url}: not reached after {retries + 1} tries ({last}). Try again later, or use `mirror`"
    )


@dataclass(frozen=True)
class Probe:
    """What an address answers to whoever takes nothing in."""

    reply: Reply | None  #: None if nothing came
    why: str  #: why it gives no file; "" if it does
    is_whole: bool = False  #: whether the whole file came


def probe(
    url: str,
    into: Path,
    *,
    most: int,
    validator: str = "",
    timeout: float = TIMEOUT,
    longest: float = LONGEST,
    hosts: Sequence[str] = (),
    plain_headers: Mapping[str, str] | None = None,
    body: str = "",
    progress: Progress | None = None,
) -> Probe:
    """Ask an address once, and write what comes to ``into``, up to ``most`` bytes.

    An answer that says it is longer is left after its first kilobyte, one that does not say so
    after ``most`` bytes. With ``validator`` the request is conditional.

    Raises
    ------
    DataError
        if ``into`` cannot be written.
    """
    httpx = httpx_library()
    one = _Download(
        url=url,
        into=into,
        validator=None,
        progress=progress,
        timeout=timeout,
        longest=longest,
        most=most,
        hosts=hosts,
        headers={},
        plain_headers=plain_headers or {},
        body=body,
    )
    watch = Deadline(longest)
    asked = one.wanted() | (_condition(validator) if validator else {})
    try:
        with (
            httpx.Client(timeout=timeout, verify=trusted_certificates()) as client,
            watch,
            one._answer(client, asked, watch) as r,
        ):
            return _beginning(one, r, is_conditional=bool(validator))
    except Refused as e:
        why = str(e)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, _Again) as e:
        why = str(e) or type(e).__name__
        if watch.passed:
            why = f"took longer than {longest:g} seconds"
    return Probe(one.reply, f"{url}: {why.removeprefix(f'{url}: ')}")


def _beginning(one: _Download, r: Any, *, is_conditional: bool) -> Probe:
    """Write an answer to its end, or only its first kilobyte where it says that it is too long."""
    assert one.reply is not None
    if one.reply.unchanged:
        if not is_conditional:
            raise _Again("HTTP 304 to a request that had no condition")
        return Probe(one.reply, "")
    said = r.headers.get("Content-Length", "")
    length = int(said) if said.isdecimal() else 0
    have = 0
    with writable(one.into), one.into.open("wb") as out:
        for chunk in r.iter_bytes(1024 if length > one.most else _CHUNK):
            have += len(chunk)
            out.write(chunk)
            if max(have, length) > one.most:
                break
            if one.progress:
                one.progress(have, length or None)
    is_whole = max(have, length) <= one.most
    reply = replace(one.reply, size=have if is_whole else length)
    with one.into.open("rb") as handle:
        start = handle.read(1024)
    page = f"{one.url}: answers with a page in place of the file"
    return Probe(reply, page if is_page(start) else "", is_whole)


def is_page(start: bytes) -> bool:
    """Return whether a file begins as a page for a browser does."""
    return (
        start.removeprefix(b"\xef\xbb\xbf")
        .lstrip()[:15]
        .lower()
        .startswith((b"<html", b"<!doctype html"))
    )


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
