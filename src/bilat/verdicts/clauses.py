# SPDX-License-Identifier: Apache-2.0
"""A clause of the ledger: a template over the typed reading of a document.

``{figure}``, ``{low}`` and ``{high}`` are the document's figures; ``{actor}`` is who says it,
``{says}`` the actor with the verb of assertion ("Kyiv alleged"), ``{by}`` the same as an aside ("by
Carnegie's estimate"), ``{limit}`` the hedge or the exception, ``{published}`` the month in which it
became public, where one is known. A clause may not say more than its row:
a number that the row lacks is refused, and so is a figure that somebody only estimates or alleges
if the clause does not say who.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, TypeAlias

from bilat.document.wording import possessive
from bilat.verdicts.sentences import fill

#: A row of the table of documents.
Cell: TypeAlias = Any
Row: TypeAlias = Mapping[str, Cell]
#: What a reader is told that the actor did.
SAID = {
    "states": "said",
    "estimates": "estimated",
    "alleges": "alleged",
    "denies": "denied",
    "plans": "announced",
    "reports": "reported",
}
_ASIDE = {"states": "account", "estimates": "estimate", "reports": "report"}
_ATTRIBUTION = frozenset(["says", "by", "actor"])
_NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?")
_WORDS = {
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}


def render(template: str, row: Row) -> str:
    """Return the clause with what the row says."""
    return fill(template, _fields(row))


def may_lead(template: str, row: Row) -> bool:
    """Return whether a sentence may take the clause: its limit is printed and its grade decides."""
    prints_limit = not row["limit"] or "limit" in _placeholders(template)
    return bool(template) and prints_limit and row["grade"][0] in "ABC"


def fault(template: str, row: Row, *prints: Row) -> str:
    """Return why the clause says more than its row; "" if it does not.

    ``prints``: the rows whose fact the clause prints too.
    """
    used = _placeholders(template)
    if not row["asserts"] or not row["actor"]:
        return "the row has no typed reading: say who asserts it and how"
    lacking = sorted(used - set(_fields(row)))
    if lacking:
        return f"the row has no {lacking[0]}"
    if row["asserts"] != "states" and not used & _ATTRIBUTION:
        return f"{row['actor']} only {row['asserts']} it: the clause must say so by {{says}}"
    known = {n for told in (row, *prints) for n in _numbers_of_row(told)}
    for text in _literals(template):
        for number in _numbers(text):
            if number not in known:
                return f"{number:g} is not in the row"
    return ""


def _fields(row: Row) -> dict[str, str | float]:
    found = {k: row[k] for k in ("figure", "low", "high", "limit", "actor") if row[k] is not None}
    actor = row["actor"]
    verb = row["asserts"]
    if actor and verb:
        found["says"] = f"{actor} {SAID[verb]}"
        if verb in _ASIDE:
            found["by"] = f"by {possessive(actor)} {_ASIDE[verb]}"
    month = _month_of_publication(row)
    if month:
        found["published"] = month
    return found


def _month_of_publication(row: Row) -> str:
    """Return the month in which a document became public; "" if its bounds span more than one."""
    ends = [row.get(name) for name in ("public_from", "public_to")]
    months = {f"{day:%B %Y}" for day in ends if day}
    return months.pop() if len(months) == 1 and all(ends) else ""


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _literals(template: str) -> list[str]:
    return [text for text, _, _, _ in Formatter().parse(template) if text]


def _numbers(text: str) -> list[float]:
    """The numbers in a text, those written as words among them; a part of a name (S-400) is none."""
    digits = [float(n.replace(",", "").rstrip(".")) for n in _NUMBER.findall(text)]
    words = re.findall(r"[a-z]+", text.lower())
    return digits + [float(_WORDS[w]) for w in words if w in _WORDS]


def _numbers_of_row(row: Row) -> set[float]:
    """Every number that the row contains, without its sign."""
    texts = [row["what"], row["unit"] or "", row["limit"] or "", row["actor"] or "", row["period"]]
    parts = re.split(r"[-/ ]", row["period"])
    found = {n for text in [*texts, *parts] for n in _numbers(text)}
    return found | {abs(row[k]) for k in ("figure", "low", "high") if row[k] is not None}
