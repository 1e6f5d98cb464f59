# SPDX-License-Identifier: Apache-2.0
"""Publication days of pages whose address bears none, and of editions that later pages quote,
with how each day or its bounds were found.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache

from bilat.package_files import read_package_text


def published_by(address: str) -> dt.date | None:
    """Return the day by which a page was public, None for a page that the register does not
    have.
    """
    return _register().get(_plain(address))


def edition_public_by(originator: str) -> dt.date | None:
    """Return the day by which the edition that an originator names was public, None where it
    names none of the register: a figure is as old as its edition, not as the page that passes it
    on.
    """
    for edition, day in _editions().items():
        if edition in originator:
            return day
    return None


@cache
def _editions() -> dict[str, dt.date]:
    return {row["edition"]: _day(row) for row in _rows("editions.csv")}


@cache
def _register() -> dict[str, dt.date]:
    return {_plain(row["url"]): _day(row) for row in _rows("page_days.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = read_package_text("bilat.catalog", f"compiled/{name}")
    return list(csv.DictReader(text.splitlines()))


def _day(row: dict[str, str]) -> dt.date:
    return dt.date.fromisoformat(row["published_on"] or row["published_before"])


def _plain(address: str) -> str:
    return address.strip().removeprefix("https://").removeprefix("http://").removesuffix("/")
