# SPDX-License-Identifier: Apache-2.0
"""What readers enter: decisions on matches, into the append-only log of ``bilat screen decide``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bilat.errors import UsageError, command
from bilat.parties.decisions.log import (
    ACTIONS,
    KNOWN,
    LONGEST_KNOWN,
    LONGEST_QUERY,
    VERDICTS,
)
from bilat.server.desk import Desk
from bilat.server.work import DecisionEntry

#: Fields that a decision needs, what was known beside the name apart.
FIELDS = ("query", "party", "verdict", "reason", "who")
#: Characters that a field of a decision may have; a name that was cut off ends in one mark more.
LONGEST = {"query": LONGEST_QUERY + 1, "party": 100, "verdict": 20, "reason": 2000, "who": 100}
LONGEST["action"] = 10
LONGEST |= dict.fromkeys(KNOWN, LONGEST_KNOWN)
#: What is said where the server has no log.
NOT_TAKEN = (
    f"this server does not take decisions. Start it with {command('serve', decisions='FILE')}"
)


def log_of(desk: Desk) -> Path:
    """The log of decisions.

    Raises
    ------
    UsageError
        where the server was started without one.
    """
    if desk.settings.decisions is None:
        raise UsageError(NOT_TAKEN)
    return desk.settings.decisions


async def trail(desk: Desk) -> list[dict[str, str]]:
    """Every decision that may be shown, with its hash, oldest first."""
    log_of(desk)
    return await asyncio.to_thread(desk.settings.handling.trail)


async def decide(desk: Desk, reader: str, given: Mapping[str, str], *, anyway: bool = False) -> Any:
    """Append a decision; where there are tokens, who decides is the token's name.

    ``anyway``: the party was proposed.

    Raises
    ------
    UsageError
        for a field that is missing, unknown or too long.
    """
    made = await decide_all(desk, reader, [given], anyway=anyway)
    return made[0]


async def decide_all(
    desk: Desk, reader: str, given: Sequence[Mapping[str, str]], *, anyway: bool = False
) -> list[Any]:
    """Append several decisions, all of which are checked before the first is written.

    Raises
    ------
    UsageError
        as :func:`decide`.
    """
    log = log_of(desk)
    chosen = []
    for one in given:
        fields = check(desk, reader, one)
        known = {k: fields.pop(k) for k in KNOWN if k in fields}
        chosen.append(DecisionEntry(fields, known))
    found = await desk.ask(reader, "decide", log=log, given=chosen, anyway=anyway)
    if desk.settings.marking is None:
        return [*found]
    # without the hash of the entry before, which may be of a hidden one
    return [{k: v for k, v in one.items() if k != "previous"} for one in found]


def check(desk: Desk, reader: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the checked fields of an entry, each on one line; ``who`` is the token's name if any.

    Raises
    ------
    UsageError
        for a field that is missing, unknown or too long.
    """
    fields = {k: " ".join(v.split()) for k, v in given.items()}
    for name, value in fields.items():
        if name not in LONGEST:
            raise UsageError(f"no field {name[:40]!r}. Choose from: {', '.join(LONGEST)}")
        if len(value) > LONGEST[name] or any(
            ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value
        ):
            raise UsageError(
                f"{name} is not text of up to {LONGEST[name]:,} characters. Write it shorter"
            )
    if desk.settings.tokens:
        if fields.get("who", reader) != reader:
            raise UsageError(f"the token says that you are {reader}. Leave out the field who")
        fields["who"] = reader
    for name in FIELDS:
        if not fields.get(name):
            raise UsageError(f"{name} is missing. An entry needs {', '.join(FIELDS)}")
    if fields["verdict"] not in VERDICTS:
        raise UsageError(f"verdict {fields['verdict']!r}: choose one of {', '.join(VERDICTS)}")
    if fields.get("action", "") not in ("", *ACTIONS):
        raise UsageError(f"action {fields['action']!r}: choose one of {', '.join(ACTIONS)}")
    return fields
