# SPDX-License-Identifier: Apache-2.0
"""Every question that bilat and other packages register, for the surfaces that offer them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bilat.document.blocks import Question
from bilat.registry import Reference, registered

#: The first words of commands in the order in which a reader meets them, each with its line in
#: the contents of the command line. Words that other packages add follow.
FIRST_WORDS: Mapping[str, str] = {
    "brief": "Get a briefing on two states: main findings first, in the terminal and as a site.",
    "ask": "Look up a measure, a pair of states, a state, a listed party or a product.",
    "search": "Search everything stored: facts, claims, exercises, arms, listed parties, goods.",
    "claims": "Check the claims made in the 2023 paper, as of any date.",
    "read": "Find which claims a page bears on, and draft the row for a person to sign.",
    "screen": "Check names against the lists of sanctioned and controlled parties.",
    "divert": "Find where sanctioned goods are diverted, with the largest amounts first.",
    "plan": "Run a model of recovery, blockade, lost forces or sanctions on published figures.",
    "watch": "See what has changed since a date, what is due, and how our forecasts have scored.",
    "team": "Work as a team: dissents, markings, and what another team sends you.",
    "write": "Write a report or a letter, or export data for other software.",
    "lists": "Compare the lists of parties: what changed, and which list moves first.",
    "sources": "Manage the data: list sources, download, check, rebuild.",
    "verify": "Check the receipt of a screening.",
    "serve": "Serve live pages for any pair and date, from this machine.",
    "update": "Download today's data from the publishers.",
    "add": "Add a table of your own.",
    "sample": "Write sample files to try the commands on.",
    "mcp": "Offer bilat's questions to an AI assistant as tools.",
}


@cache
def questions() -> dict[str, type[Question]]:
    """Return every question by its verb, ``ask.goods``, in the order of :data:`FIRST_WORDS`.

    Raises
    ------
    DataError
        where another package registers what is no question, or one that lacks a declaration.
    """
    return {name: question_named(name) for name in question_names()}


def question_names(first: str = "") -> list[str]:
    """Return the verbs of every question, or of those with a first word; nothing is imported."""
    words = [*FIRST_WORDS]

    def order(name: str) -> tuple[int, int]:
        start = name.split(".")[0]
        return words.index(start) if start in words else len(words), name.count(".")

    names = sorted(registered("questions"), key=order)
    return [n for n in names if not first or n.split(".")[0] == first]


def question_named(name: str) -> type[Question]:
    """Return the question that is registered under a verb; only its module is imported.

    Raises
    ------
    KeyError
        where there is none.
    DataError
        as :func:`questions`.
    """
    reference = registered("questions")[name]
    question = reference.load()
    _check(question, reference)
    return question


def _check(question: object, reference: Reference) -> None:
    if not isinstance(question, type) or not issubclass(question, Question):
        raise reference.error("is not a question: write module:Class, a subclass of Question")
    if ".".join(question.verb) != reference.name:
        raise reference.error(f"has the verb {' '.join(question.verb)!r}, another than its name")
    for declared in ("title", "examples"):
        if not getattr(question, declared):
            raise reference.error(f"declares no {declared}")
    for example in question.examples:
        if not example.startswith(" ".join(("bilat", *question.verb))):
            raise reference.error(f"has an example of another command: {example!r}")
