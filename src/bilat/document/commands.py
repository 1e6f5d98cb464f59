# SPDX-License-Identifier: Apache-2.0
"""A question as the command that asks it.

There is one order of words: the verb, what the question writes without a name, the two states,
the options.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import TypeAlias

from bilat import errors
from bilat.document.blocks import Document, Question
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.when import AsOf

#: Writes a question as a command or an address; a pair where it is another than the document's.
Writer: TypeAlias = Callable[[Question, Dyad | None], str]


def pair_of(words: Sequence[str]) -> Dyad | None:
    """Return the two states that words name: two of them, or one as ``RUS-CHN``; None without any.

    Raises
    ------
    UsageError
        for another number of words, or a state that is unknown.
    """
    if not words:
        return None
    if len(words) == 1 and {"-", ","} & {*words[0]}:
        return Dyad.read(words[0])
    if len(words) != 2:
        raise errors.UsageError(f"name two states; you gave {len(words)}: {' '.join(words)}")
    return Dyad(words[0], words[1])


def command(question: Question, pair: Dyad | None = None, as_of: AsOf | None = None) -> str:
    """Return the command that asks a question, with what differs from the defaults.

    Parameters
    ----------
    pair
        the two states; left out where they change nothing, and for Russia and China.
    as_of
        the date that is asked; left out for today.
    """
    first: list[object] = []
    options: dict[str, object] = {}
    written = question.written()
    for parameter in question.parameters():
        value = written.get(parameter.name)
        if value is None:
            continue
        if parameter.many:
            value = [*getattr(question, parameter.name.replace("-", "_"))]
        if parameter.first:
            first += value if isinstance(value, list) else [value]
        else:
            options[parameter.option or parameter.name] = value
    if as_of is not None and as_of != AsOf():
        options["as-of"] = str(as_of)
    words = [shlex.quote(str(word)) for word in first]
    if question.takes_pair and pair is not None and pair != PAPER_PAIR:
        words += pair.states
    return errors.command(*question.verb, *words, **options)


def writer(document: Document) -> Writer:
    """Return what writes the questions of a document as commands: with its pair and its date."""

    def write(question: Question, pair: Dyad | None = None) -> str:
        return command(question, pair or document.dyad, document.as_of)

    return write
