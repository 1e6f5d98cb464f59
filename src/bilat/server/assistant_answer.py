# SPDX-License-Identifier: Apache-2.0
"""A document as an assistant reads it: sentences, figures and rows, a page at a time.

Every point and every row has an id by which the assistant can ask for it again or name it. What
does not fit on a page is counted, and the answer says with which offset to go on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilat.document import Document, Finding, Rows, Say, Series, Table
from bilat.document.plain import plain
from bilat.errors import UsageError
from bilat.files.json_types import JsonObject

#: Points, findings and rows on a page, and the most that may be asked for.
PAGE = 12
MOST = 200
#: Characters of a cell.
LONGEST = 300
#: Characters of a text that filters.
LONGEST_FILTER = 200
#: A command in a text for people, with the parenthesis around it; an assistant cannot run it.
_QUOTED_OR_PLAIN = r"(?:'[^']*'|[^.;()'])*"
_COMMAND = re.compile(
    r"\s*(?:\([^()]*\bbilat [a-z][^()]*\)"
    # A part of a sentence that leads to a command goes with it.
    rf"|; to [^;.:()]*: bilat [a-z]{_QUOTED_OR_PLAIN}"
    rf"|: bilat [a-z]{_QUOTED_OR_PLAIN}"
    r"|`bilat [^`]*`)"
)
_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}

#: Fields that every tool takes besides those of its question.
PAGING: dict[str, JsonObject] = {
    "offset": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "Skip so many points, findings and rows; see `next_offset` of an answer.",
    },
    "most": {
        "type": "integer",
        "minimum": 1,
        "maximum": MOST,
        "default": PAGE,
        "description": "Return at most so many points, findings and rows.",
    },
    "find": {
        "type": "string",
        "maxLength": LONGEST_FILTER,
        "description": "Return only points, findings and rows with this text, in any case.",
    },
}


@dataclass(frozen=True)
class Paging:
    """Which part of an answer an assistant asks for.

    Attributes
    ----------
    offset
        points, findings and rows to skip
    most
        how many of each to return
    find
        text that each must contain, in any case; blank for all
    """

    offset: int = 0
    most: int = PAGE
    find: str = ""

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Paging:
        """Read the paging fields of a call.

        Raises
        ------
        UsageError
            for a value that cannot be.
        """
        offset = _whole(given, "offset", 0, 0, 10**9)
        most = _whole(given, "most", PAGE, 1, MOST)
        find = str(given.get("find", "")).strip()
        if len(find) > LONGEST_FILTER:
            raise UsageError(f"find is longer than {LONGEST_FILTER} characters. Shorten it")
        return cls(offset, most, find)

    def matches(self, row: object) -> bool:
        """Return whether a row has the text."""
        return not self.find or self.find.casefold() in str(row).casefold()

    def page(self, rows: Iterable[Any]) -> tuple[list[Any], int]:
        """Return the rows of the page, and how many match in all."""
        found = [row for row in rows if self.matches(row)]
        return found[self.offset : self.offset + self.most], len(found)


def _whole(given: Mapping[str, object], name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise UsageError(f"{name}: {value!r} is not a whole number from {least} to {most}")
    return value


#: What an answer is, as the protocol declares it.
SCHEMA = {
    "type": "object",
    "required": ["title", "as_of"],
    "properties": {
        "title": _TEXT,
        "summary": {"type": "array", "items": _TEXT},
        "says": {"type": "array", "items": _TEXT},
        "findings": {"type": "array", "items": {"type": "object"}},
        "points": {"type": "array", "items": {"type": "object"}},
        "tables": {"type": "array", "items": {"type": "object"}},
        "totals": {"type": "object", "additionalProperties": _NUMBER},
        "next_offset": _NUMBER,
        "age": {"type": "object"},
        "as_of": _TEXT,
        "sources": {"type": "array", "items": _TEXT},
        "marking": _TEXT,
        "left_out": _NUMBER,
    },
}


def answer_page(document: Document, today: dt.date, paging: Paging | None = None) -> JsonObject:
    """Return a document as an assistant reads it.

    Parameters
    ----------
    document
        the answer to a question
    today
        the day to which ages count where no date was asked
    paging
        which part of points, findings and rows; the first by default
    """
    page = paging or Paging()
    blocks = list(document.walk())
    shown = [b for b in blocks if isinstance(b, Finding)]
    findings, findings_total = page.page(map(_finding, shown))
    points, points_total = page.page(_points(blocks))
    tables = [_table(b, page) for b in blocks if isinstance(b, Table | Rows)]
    rows_total = max((total for _, total in tables), default=0)
    total = max(findings_total, points_total, rows_total)
    end = page.offset + page.most
    roles = ("answer", "warning", "conflict", "note")
    says = (words(b.text) for b in blocks if isinstance(b, Say) and b.role in roles)
    found = {
        "marking": str(document.marking or ""),
        "left_out": document.left_out,
        "title": document.title,
        "summary": [words(line) for line in document.summary],
        "says": [line for line in says if line][: page.most],
        "findings": findings,
        "points": points,
        "tables": [t for t, _ in tables if t["rows"] or not page.find][:MOST_TABLES],
        "totals": {"findings": findings_total, "points": points_total, "rows": rows_total},
        "next_offset": end if total > end else None,
        "age": _age(document, shown, today),
        "as_of": str(document.as_of or today),
        "sources": [f"{s.title} ({s.to})" if s.to else s.title for s in document.sources[:MOST]],
    }
    made: JsonObject = plain({k: v for k, v in found.items() if v not in (None, "", 0, [], {})})
    return made


#: Tables of one answer.
MOST_TABLES = 6


def words(text: str) -> str:
    """Return a text without the commands that it names."""
    return _COMMAND.sub("", text).strip()


def _finding(finding: Finding) -> JsonObject:
    keys = ("sentence", "answer", "rests_on", "data_to")
    return {k: v for k in keys if (v := getattr(finding, k))}


def _points(blocks: Iterable[object]) -> Iterator[JsonObject]:
    """Yield the points of every chart, the newest first; each with an id."""
    for chart in blocks:
        if not isinstance(chart, Series):
            continue
        for p in sorted(chart.points, key=lambda p: p.period, reverse=True):
            point = {
                "id": f"{p.period}/{p.group}" if p.group else p.period,
                "series": chart.title or chart.subtitle,
                "group": p.group,
                "period": p.period,
                "value": p.value,
                "unit": str(chart.unit),
                "low": p.low,
                "high": p.high,
                "kind": p.kind,
                "part_of_period": p.open,
                "note": p.note,
            }
            kept = {k: v for k, v in point.items() if v not in (None, "", False)}
            yield kept | {"value": p.value}


def _table(block: Table | Rows, page: Paging) -> tuple[JsonObject, int]:
    """Return the page of a table, and its rows in all.

    The id of a row is its place in the whole table, from 1.
    """
    columns = [c if isinstance(c, str) else c.name for c in block.columns]
    rows: Sequence[Sequence[object]] = block.first if isinstance(block, Rows) else block.rows
    cut = ([v[:LONGEST] if isinstance(v, str) else v for v in row] for row in rows)
    numbered = ({"id": n, "cells": row} for n, row in enumerate(cut, 1))
    shown, total = page.page(numbered)
    of = total if page.find else max(block.total, total)
    title = "" if isinstance(block, Rows) else block.title
    made: JsonObject = plain({"title": title, "columns": columns, "rows": shown, "total": of})
    return made, of


def _age(document: Document, shown: Iterable[Finding], today: dt.date) -> JsonObject:
    """Return how old records and lists were on the date asked."""
    asked = document.as_of.date if document.as_of else today
    known = document.known_to or max((b.data_to for b in shown if b.data_to), default=None)
    age: dict[str, object] = {}
    if known:
        age |= {"records_to": known, "days_old": max((asked - known).days, 0)}
    if document.kind == "screening":
        age["lists"] = document.data["lists"]
    made: JsonObject = plain(age)
    return made
