# SPDX-License-Identifier: Apache-2.0
"""Bring a file from its publisher: HTTP with resume, retry, time-out and conditional request.

A download lands in ``<name>.part`` beside ``<name>.etag``; an interrupted one is taken up where it stopped
if the publisher's validator is still the same, and started again if not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bilat.errors import DataError


class Refused(DataError):
    """The publisher answered with an error of ours to mend: ``status`` is its HTTP code."""

    def __init__(self, said: str, status: int) -> None:
        super().__init__(said)
        self.status = status


#: Seconds to connect, and between two chunks.
TIMEOUT = 30.0
#: Tries after the first, with growing pauses.
RETRIES = 4
_CHUNK = 1 << 16

#: (bytes so far, bytes in all or None)
Progress = Callable[[int, int | None], None]


def fetch(
    url: str,
    into: Path,
    *,
    validator: str | None = None,
    progress: Progress | None = None,
    timeout: float = TIMEOUT,
    retries: int = RETRIES,
    pause: float = 1.0,
    headers: dict[str, str] | None = None,
) -> str | None:
    """Download ``url`` to ``into``.

    Parameters
    ----------
    validator
        ETag or Last-Modified of what is already held: with it the request is conditional.

    Returns
    -------
    The new validator (may be ""), or None when the publisher says that nothing changed.

    Raises
    ------
    Refused
        when the publisher refuses.
    DataError
        when every try fails; what came so far is kept for the next call.
    """
    import httpx

    part = into.with_name(into.name + ".part")
    mark = into.with_name(into.name + ".etag")
    last = ""
    for attempt in range(retries + 1):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        have = part.stat().st_size if part.exists() else 0
        asked = {
            "User-Agent": "bilat (research; public records)",
            "Accept-Encoding": "identity",
            **(headers or {}),
        }
        if have and mark.exists():
            asked["Range"] = f"bytes={have}-"
            asked["If-Range"] = mark.read_text("utf-8")
        elif validator:
            asked["If-None-Match" if validator.startswith(('"', "W/")) else "If-Modified-Since"] = validator
        try:
            # Headers of the caller's may hold a key: it is not carried to wherever a redirect points.
            with httpx.stream("GET", url, headers=asked, timeout=timeout, follow_redirects=not headers) as r:
                if r.status_code == 304:
                    return None
                if r.status_code == 416:  # what we have is not a beginning of what is there now
                    part.unlink(missing_ok=True)
                    last = "the part held did not fit"
                    continue
                if r.status_code in (429, 500, 502, 503, 504):
                    last = f"HTTP {r.status_code}"
                    wait = r.headers.get("Retry-After", "")
                    if wait.isdigit() and attempt < retries:
                        time.sleep(min(float(wait), 60.0))
                    continue
                if r.status_code >= 300 and r.status_code != 304:
                    raise Refused(
                        f"{url}: HTTP {r.status_code} {r.reason_phrase}; "
                        "open the page by hand and use --mirror",
                        r.status_code,
                    )
                fresh = r.headers.get("ETag") or r.headers.get("Last-Modified") or ""
                resumed = r.status_code == 206
                if not resumed:
                    have = 0
                if fresh and not fresh.startswith("W/"):
                    mark.write_text(fresh, "utf-8")
                else:
                    mark.unlink(missing_ok=True)
                length = r.headers.get("Content-Length")
                total = have + int(length) if length else None
                with part.open("ab" if resumed else "wb") as out:
                    for chunk in r.iter_bytes(_CHUNK):
                        out.write(chunk)
                        have += len(chunk)
                        if progress:
                            progress(have, total)
                if total is not None and have != total:
                    last = f"stopped at {have} of {total} bytes"
                    continue
            part.replace(into)
            mark.unlink(missing_ok=True)
            return fresh
        except httpx.HTTPError as e:
            last = f"{type(e).__name__}: {e}"
    raise DataError(
        f"{url}: not reached after {retries + 1} tries ({last}); try again later, or use --mirror"
    )
