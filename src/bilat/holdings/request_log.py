# SPDX-License-Identifier: Apache-2.0
"""The log of requests to publishers: one line for each, also when nothing changed.

It lies beside the manifest as ``requests.jsonl``. The manifest says what is stored; the log says
when the publisher was last asked for it and what it answered, so that a list which changes seldom
can be known to be today's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TypedDict, cast

from bilat.errors import DataError
from bilat.files.write import append

NAME = "requests.jsonl"
#: Answers of a check, which brings nothing.
PROBED = ("answers", "silent", "unreadable")


class _Answered(TypedDict):
    """What each line of the log says."""

    at: str  #: when, in UTC
    day: str  #: the same by the user's clock
    source: str
    series: str
    path: str
    address: str
    host: str  #: that answered, after redirects; "" if none did
    status: int  #: of HTTP; 0 if no answer came
    size: int  #: bytes
    rows: int
    answer: str  #: new, unchanged, older, quarantined, refused; of a check: see :data:`PROBED`
    why: str


class LoggedRequest(_Answered, total=False):
    """One request and its answer."""

    validator: str  #: of a check: what makes the next one conditional


def write(root: Path, request: LoggedRequest) -> None:
    """Add a request to the log; a folder that cannot be written keeps none."""
    with suppress(DataError):
        append(root / NAME, json.dumps(request, ensure_ascii=False) + "\n")


def read(root: Path) -> Sequence[LoggedRequest]:
    """Return the requests in the order in which they were made; a line that was cut is skipped."""
    path = root / NAME
    try:
        stat = path.stat()
    except OSError:
        return ()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _written: int, _size: int) -> tuple[LoggedRequest, ...]:
    """Read a log that has not changed once: an answer on twenty lists asks for it twenty times."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        with suppress(ValueError, RecursionError):
            told = json.loads(line)
            if isinstance(told, dict) and set(told) >= LoggedRequest.__required_keys__:
                found.append(cast(LoggedRequest, told))
    return tuple(found)
