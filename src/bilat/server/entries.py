# SPDX-License-Identifier: Apache-2.0
"""What readers enter: decisions on matches, into the append-only log of ``bilat decide``.

Each kind of entry has a log named at the start, a function that appends to it under its lock, and a form whose fields
are the function's. Another kind (a dissent on a claim) is one more such function with its form and its route.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilat.errors import UsageError
from bilat.parties.decisions import VERDICTS
from bilat.server.desk import Desk

FIELDS = ("query", "party", "verdict", "reason", "who")
#: Characters that a field of a decision may have.
LONGEST = {"query": 500, "party": 100, "verdict": 20, "reason": 2000, "who": 100}


def log_of(desk: Desk) -> str:
    """The log of decisions.

    Raises
    ------
    UsageError
        where the server was started without one.
    """
    if desk.settings.decisions is None:
        raise UsageError("decisions are not taken here: start the server with --decisions FILE")
    return str(desk.settings.decisions)


async def trail(desk: Desk, reader: str) -> Any:
    """Every decision with its hash, oldest first."""
    return await desk.ask(reader, "trail", log=log_of(desk))


async def decide(desk: Desk, reader: str, given: Mapping[str, str]) -> Any:
    """Append a decision; where there are tokens, who decides is the token's name.

    Raises
    ------
    UsageError
        for a field that is missing, unknown or too long.
    """
    log = log_of(desk)
    fields = {k: " ".join(v.split()) for k, v in given.items()}
    for name, value in fields.items():
        if name not in FIELDS:
            raise UsageError(f"no field {name[:40]!r} here; there are: {', '.join(FIELDS)}")
        if len(value) > LONGEST[name] or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value):
            raise UsageError(f"{name} is not text of up to {LONGEST[name]:,} characters; write it shorter")
    if desk.settings.tokens:
        if fields.get("who", reader) != reader:
            raise UsageError(f"who is {reader}, who has the token; leave the field out")
        fields["who"] = reader
    for name in FIELDS:
        if not fields.get(name):
            raise UsageError(f"{name} is missing; a decision needs {', '.join(FIELDS)}")
    if fields["verdict"] not in VERDICTS:
        raise UsageError(f"verdict {fields['verdict']!r}: must be one of {', '.join(VERDICTS)}")
    return await desk.ask(reader, "decide", log=log, **fields)
