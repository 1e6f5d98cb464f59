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
    "brief": "The picture of two states: what matters first, in the terminal and as a site.",
    "ask": "Measures, and what is on record of a pair, a state, a listed party or a product.",
    "claims": "The claims of the 2023 paper, answered as of any date.",
    "read": "Which claims a page bears on, and the row that a person signs.",
    "screen": "Which names are on the lists of sanctioned and controlled parties.",
    "divert": "Where sanctioned trade goes round, ranked by the amount at stake.",
    "plan": "What must be planned for, from published numbers.",
    "watch": "What changed since a date, what is due, and dated questions with their scores.",
    "team": "Several people, one picture: dissents, markings, what another team sends.",
    "write": "On paper, and for others' tools.",
    "lists": "What changed on the lists of parties, and which list is first.",
    "sources": "Records: list, pull, check, rebuild, build, plan.",
    "serve": "The pages live for any pair and date, on this machine.",
    "update": "Bring today's records from their publishers.",
    "add": "Take in a file of your own.",
    "mcp": "The questions as tools of an assistant.",
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
        raise reference.error("is no question: write module:Class, a subclass of Question")
    if ".".join(question.verb) != reference.name:
        raise reference.error(f"has the verb {' '.join(question.verb)!r}, another than its name")
    for declared in ("title", "examples"):
        if not getattr(question, declared):
            raise reference.error(f"declares no {declared}")
    for example in question.examples:
        if not example.startswith(" ".join(("bilat", *question.verb))):
            raise reference.error(f"has an example of another command: {example!r}")
