# SPDX-License-Identifier: Apache-2.0
"""Publication days of pages whose address bears none, with how each day or its bounds were
found.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from importlib import resources


def published_by(address: str) -> dt.date | None:
    """Return the day by which a page was public, None for a page that the register does not
    have.
    """
    return _register().get(_plain(address))


@cache
def _register() -> dict[str, dt.date]:
    text = resources.files("bilat.catalog").joinpath("compiled", "page_days.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        day = row["published_on"] or row["published_before"]
        found[_plain(row["url"])] = dt.date.fromisoformat(day)
    return found


def _plain(address: str) -> str:
    return address.strip().removeprefix("https://").removeprefix("http://").removesuffix("/")
