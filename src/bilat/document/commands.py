# SPDX-License-Identifier: Apache-2.0
"""A question as the command that asks it."""

from __future__ import annotations

import shlex

from bilat.document.blocks import Question


def command(question: Question) -> str:
    """A question as a person types it: ``bilat plan exposure``, with what differs from the defaults."""
    parameters = {p.name: p for p in question.parameters()}
    words = ["bilat", *question.verb]
    given = question.written()
    words += [str(v) for k, v in given.items() if parameters[k].first]
    for name, value in given.items():
        p = parameters[name]
        if p.first:
            continue
        flag = f"-{p.short}" if p.short else "--" + name
        if p.kind is bool:
            words.append(flag if value else "--no-" + name)
        else:
            for one in getattr(question, name.replace("-", "_")) if p.many else [value]:
                words += [flag, str(one)]
    return shlex.join(words)
