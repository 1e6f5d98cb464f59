# SPDX-License-Identifier: Apache-2.0
"""A question as the command that asks it."""

from __future__ import annotations

import shlex

from bilat import errors
from bilat.document.blocks import Question


def command(question: Question) -> str:
    """A question as a person types it: ``bilat plan exposure``, with what differs from the defaults."""
    first = {p.name for p in question.parameters() if p.first}
    given = question.written()
    many = {p.name: [*getattr(question, p.name.replace("-", "_"))] for p in question.parameters() if p.many}
    words = [shlex.quote(str(v)) for k, v in given.items() if k in first]
    options = {k: many.get(k, v) for k, v in given.items() if k not in first}
    return errors.command(*question.verb, *words, **options)
