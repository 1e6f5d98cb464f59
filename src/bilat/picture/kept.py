# SPDX-License-Identifier: Apache-2.0
"""Pages of plans that were worked out before: kept by what they rest on, so that nothing stale is shown.

A page is kept under the rows that its date sees, the code that makes it, the question, and the month of the date (plans
name the months ahead of it). It holds no rows and is read without running code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bilat.catalog import tables
from bilat.document import Frame, Question
from bilat.document.plain import plain
from bilat.files.digest import code
from bilat.files.write import write_text

#: Libraries whose version may change a figure.
_LIBRARIES = ("duckdb", "numpy", "scipy", "pyarrow")


def folder() -> Path:
    """Where pages are kept: $BILAT_CACHE, else the user's cache."""
    place = os.environ.get("BILAT_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(place) / "bilat" / "pages"


def page(question: Question, frame: Frame, make: Callable[[Question], dict[str, Any]]) -> dict[str, Any]:
    """The page of a question, kept or made; a place that cannot be written or read only costs the time."""
    place = folder() / f"{key(question, frame)}.json"
    with contextlib.suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(place.read_text("utf-8"))
        return found
    made = make(question)
    with contextlib.suppress(Exception):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_text(place, json.dumps(made, ensure_ascii=False))
    return made


def key(question: Question, frame: Frame) -> str:
    """What a page rests on, as one digest."""
    parts = [
        json.dumps(plain(question), sort_keys=True),
        str(frame.dyad),
        str(frame.as_of)[:7],
        frame.holdings.visible(tables(), frame.as_of),
        code(),
        *(f"{name} {version(name)}" for name in _LIBRARIES),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
