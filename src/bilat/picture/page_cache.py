# SPDX-License-Identifier: Apache-2.0
"""Pages of plans that were worked out before: kept by what they rest on, so that nothing stale is shown.

A page is kept under the rows that its date sees, the code that makes it, the question, the date, and what else stands
in it: the marking, and asks of the user's own. It holds no rows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bilat.catalog import tables
from bilat.document import Frame, Question
from bilat.document.plain import plain
from bilat.errors import DataError
from bilat.files import cache
from bilat.files.json_types import Json
from bilat.files.write import write_text


@dataclass(frozen=True)
class CachedPage:
    """A page as it is written: its title, its first sentence, its body and its JSON twin."""

    title: str
    first: str
    html: str
    envelope: dict[str, Json]


def page(
    question: Question, frame: Frame, make: Callable[[Question], CachedPage], beside: str = ""
) -> CachedPage:
    """The page of a question, kept or made; ``beside`` is what stands in it beside the answer."""
    folder = cache.folder("pages")
    if folder is None:
        return make(question)
    place = folder / f"{key(question, frame, beside)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return CachedPage(**json.loads(place.read_text("utf-8")))
    made = make(question)
    with contextlib.suppress(OSError, DataError):
        write_text(place, json.dumps(asdict(made), ensure_ascii=False))
    return made


def key(question: Question, frame: Frame, beside: str = "") -> str:
    """What a page rests on beside the code, as one digest."""
    return cache.key(
        json.dumps(plain(question), sort_keys=True),
        str(frame.dyad),
        str(frame.as_of),
        beside,
        frame.holdings.visible(tables(), frame.as_of),
    )
