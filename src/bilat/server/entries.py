# SPDX-License-Identifier: Apache-2.0
"""What readers enter: decisions on matches and dissents on claims, into the append-only logs of ``bilat screen
decide`` and ``bilat team dissent``.

Each kind of entry has a log named at the start, a function that appends to it under its lock, and a form whose fields
are the function's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bilat.errors import UsageError
from bilat.parties.decide.decisions import VERDICTS
from bilat.parties.decide.known import KNOWN, LONGEST_KNOWN
from bilat.server.desk import Desk
from bilat.sharing import Team

#: Fields that a decision needs, what was known beside the name apart; and a dissent, as_of and marking apart.
FIELDS = ("query", "party", "verdict", "reason", "who")
#: Characters that a field of a decision may have.
LONGEST = {"query": 500, "party": 100, "verdict": 20, "reason": 2000, "who": 100}
LONGEST |= dict.fromkeys(KNOWN, LONGEST_KNOWN)
DISSENT_FIELDS = ("claim", "verdict", "why", "who")
LONGEST_DISSENT = {"claim": 20, "verdict": 60, "why": 2000, "who": 100, "as_of": 10, "marking": 200}


def log_of(desk: Desk) -> Path:
    """The log of decisions.

    Raises
    ------
    UsageError
        where the server was started without one.
    """
    if desk.settings.decisions is None:
        raise UsageError("decisions are not taken here: start the server with `decisions` FILE")
    return desk.settings.decisions


async def trail(desk: Desk) -> list[dict[str, str]]:
    """Every decision that may be shown, with its hash, oldest first."""
    log_of(desk)
    return await asyncio.to_thread(desk.settings.handling.trail)


async def decide(desk: Desk, reader: str, given: Mapping[str, str], *, anyway: bool = False) -> Any:
    """Append a decision; where there are tokens, who decides is the token's name. ``anyway``: the party was proposed.

    Raises
    ------
    UsageError
        for a field that is missing, unknown or too long.
    """
    log = log_of(desk)
    fields = _fields(desk, reader, given, LONGEST, FIELDS)
    if fields["verdict"] not in VERDICTS:
        raise UsageError(f"verdict {fields['verdict']!r}: must be one of {', '.join(VERDICTS)}")
    known = {k: fields.pop(k) for k in KNOWN if k in fields}
    return _shown(desk, await desk.ask(reader, "decide", log=log, known=known, anyway=anyway, **fields))


def team_of(desk: Desk) -> Team:
    """The team whose log of dissents is written to.

    Raises
    ------
    UsageError
        where the server was started without one.
    """
    if desk.settings.team is None:
        raise UsageError("dissents are not taken here: start the server with `team` DIR")
    return Team(desk.settings.team, must_exist=False)


async def dissents(desk: Desk) -> list[dict[str, str]]:
    """Every dissent that may be shown, with its hash, oldest first."""
    team_of(desk)
    return await asyncio.to_thread(desk.settings.handling.dissents)


async def dissent(desk: Desk, reader: str, given: Mapping[str, str]) -> Any:
    """Append a dissent; where there are tokens, who dissents is the token's name.

    Raises
    ------
    UsageError
        for a field that is missing, unknown or too long, a claim, verdict, date or marking that is none.
    """
    log = team_of(desk).dissent_log
    fields = _fields(desk, reader, given, LONGEST_DISSENT, DISSENT_FIELDS)
    await asyncio.to_thread(desk.settings.handling.claim, fields["claim"])
    made = await asyncio.to_thread(
        log.add, fields["claim"], fields["verdict"], fields["why"], fields["who"],
        as_of=fields.get("as_of") or None, marking=fields.get("marking", ""),
    )  # fmt: skip
    return _shown(desk, {**asdict(made), "hash": made.hash})


def _shown(desk: Desk, entry: dict[str, str]) -> dict[str, str]:
    """An entry as it was made; where there is a marking without the hash before it, which may be of a hidden one."""
    return {k: v for k, v in entry.items() if k != "previous" or desk.settings.marking is None}


def _fields(
    desk: Desk, reader: str, given: Mapping[str, str], longest: Mapping[str, int], needed: tuple[str, ...]
) -> dict[str, str]:
    """The fields of an entry, each on one line, checked; who enters it is the token's name where there are tokens."""
    fields = {k: " ".join(v.split()) for k, v in given.items()}
    for name, value in fields.items():
        if name not in longest:
            raise UsageError(f"no field {name[:40]!r} here; there are: {', '.join(longest)}")
        if len(value) > longest[name] or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value):
            raise UsageError(f"{name} is not text of up to {longest[name]:,} characters; write it shorter")
    if desk.settings.tokens:
        if fields.get("who", reader) != reader:
            raise UsageError(f"who is {reader}, who has the token; leave the field out")
        fields["who"] = reader
    for name in needed:
        if not fields.get(name):
            raise UsageError(f"{name} is missing; an entry needs {', '.join(needed)}")
    return fields
