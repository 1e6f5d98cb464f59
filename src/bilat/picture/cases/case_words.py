# SPDX-License-Identifier: Apache-2.0
"""What a search of routes says, in sentences (``templates/say/case.txt``), and the notes on its records."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from bilat.document import wording as words
from bilat.picture.cases.route import Route, Search
from bilat.picture.pages import say

_STAMP = re.compile(r"\b(?:19|20)\d\d(?:-\d\d)?\b")


def worth(route: Route, search: Search) -> str:
    """The diverted value with its 80% interval."""
    return say("case", "worth", route, search)


def worth_name() -> str:
    """What the value is called: it holds only if the pair is a route at all."""
    return say("case", "worth_name")


def doubt(route: Route) -> str:
    """What a rival explanation that holds means for the route; blank where none does."""
    return say("case", "doubt", route)


def caveat() -> str:
    """What a rise in leg one alone does not show."""
    return say("case", "caveat")


def headline(search: Search) -> str:
    """The finding in a few words, for a title."""
    return say("case", "headline", search)


def finding(search: Search) -> str:
    """The first line: how many pairs stand out, and what they are worth."""
    return words.sentence(say("case", "finding", search))


def case_headline(route: Route, search: Search) -> str:
    """A case's finding in a few words."""
    return say("case", "case_headline", route, search)


def case_finding(route: Route, search: Search) -> str:
    """The first line of a case: what came in, against what was expected."""
    return words.sentence(say("case", "case_finding", route, search))


def paragraph(route: Route, search: Search) -> str:
    """A paragraph that an officer can paste: complete without the page round it."""
    return say("case", "paragraph", route, search)


def suppliers(route: Route, search: Search) -> str:
    """China's share of what the target buys of the product, and how concentrated its suppliers are; blank where
    that is not held."""
    supplier = search.supplier(route)
    return words.sentence(say("case", "supplied", supplier, search)) if supplier else ""


def method(search: Search) -> list[str]:
    """How it is measured, a paragraph each."""
    said = [
        say("case", part, search)
        for part in ("expected", "diverted", "interval", "ranking", "rivals", "decoys")
    ]
    return [words.sentence(text) for text in said if text]


def notes(given: Iterable[str]) -> list[str]:
    """The notes on the records, those that differ by their period alone told as one."""
    grouped: dict[str, list[str]] = {}
    for note in given:
        stamps = _STAMP.findall(note)
        key = _STAMP.sub("@", note, count=1) if len(stamps) == 1 else note
        grouped.setdefault(key, []).extend(stamps if len(stamps) == 1 else [])
    made = []
    for key, stamps in grouped.items():
        if len(stamps) > 1:
            span = f"{words.period(stamps[0])} to {words.period(stamps[-1])} ({len(stamps)} periods)"
            key = key.replace("@", span)
        made.append(words.sentence(key.replace("@", stamps[0]) if stamps else key))
    return made


def command(search: Search) -> str:
    """The command that makes it again, as far as the answer itself tells: files stand as FILE…"""
    asked = ["bilat", "divert", "FILE…", "--origin", search.origin_option]
    asked += ["--target", search.target, "--since", search.since, "--until", search.after[1]]
    if search.basket:
        asked += ["--basket", search.basket["name"]]
    return re.sub(r"'FILE…'", "FILE…", shlex.join([*asked, "--out", "DIR"]))
