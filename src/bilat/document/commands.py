# SPDX-License-Identifier: Apache-2.0
"""A question as the command that asks it."""

from __future__ import annotations

import shlex

from bilat import errors
from bilat.document.blocks import Question
from bilat.dyad import Dyad

#: The pair that is asked of where none is named.
PAPERS = Dyad("RUS", "CHN")


def command(question: Question, pair: Dyad | None = None) -> str:
    """A question as a person types it: ``bilat watch IND PAK``, with what differs from the defaults, the pair too."""
    first = {p.name for p in question.parameters() if p.first}
    given = question.written()
    many = {
        p.name: [*getattr(question, p.name.replace("-", "_"))]
        for p in question.parameters()
        if p.many
    }
    asked = pair if question.pair and pair and pair != PAPERS else ()
    words = [*asked, *(shlex.quote(str(v)) for k, v in given.items() if k in first)]
    options = {k: many.get(k, v) for k, v in given.items() if k not in first}
    return errors.command(*question.verb, *words, **options)
