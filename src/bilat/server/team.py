# SPDX-License-Identifier: Apache-2.0
"""What a team adds to the pages, and how far they may be passed on: its folder and the marking of the server.

A worker is told both as texts (:func:`told`) and opens them with :func:`opened`; the application needs only what
a page depends on and what is left out of all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from bilat.handling import Marking, join, marked
from bilat.server.settings import Settings
from bilat.sharing import Team
from bilat.sharing.view import handled
from bilat.when import AsOf


def told(settings: Settings) -> dict[str, str | None]:
    """The team and the marking as a task is given them."""
    return {
        "team": str(settings.team) if settings.team else None,
        "marking": str(settings.marking) if settings.marking else None,
    }


def opened(team: str | None, marking: str | None) -> tuple[Team | None, Marking | None]:
    """What :func:`told` tells."""
    return Team(team, must_exist=False) if team else None, Marking.parse(marking) if marking else None


def stands(settings: Settings, as_of: AsOf) -> str:
    """A digest of what the team's folder and the marking put into pages of a date; blank where there is neither.

    A dissent counts from the date it speaks of on: one of today renews no page of an earlier date.
    """
    team, limit = opened(**told(settings))
    if team is None:
        return str(limit or "")
    shown = [d["hash"] for d in dissents(team, limit) if d["as_of"] <= str(as_of)]
    marks = sorted((k, str(m)) for k, m in team.marks.items() if not k.startswith("decision "))
    return hashlib.sha256(json.dumps([str(limit or ""), shown, marks]).encode()).hexdigest()


def withheld(settings: Settings) -> frozenset[str]:
    """The claims that are marked above the server's marking.

    Raises
    ------
    DataError
        for a damaged log of markings.
    """
    team, limit = opened(**told(settings))
    return handled(team, limit).withheld if team is not None and limit is not None else frozenset()


def dissents(team: Team, limit: Marking | None) -> list[dict[str, str]]:
    """The dissents as they may be shown, oldest first, each with its hash and the marking that counts.

    A dissent leaves only where its claim does.
    """
    hidden = handled(team, limit).withheld if limit else frozenset()
    trail = [d for d in team.dissent_log.trail() if d["claim"] not in hidden]
    return _within(trail, "dissent", team, limit)


def decisions(trail: list[dict[str, str]], team: Team | None, limit: Marking | None) -> list[dict[str, str]]:
    """The decisions of a log as they may be shown, each with the marking that counts."""
    return _within(trail, "decision", team, limit)


def _within(
    trail: list[dict[str, str]], sort: str, team: Team | None, limit: Marking | None
) -> list[dict[str, str]]:
    marks = team.marks if team is not None else {}
    found = [(e, marks.get(f"{sort} {e['hash']}", marked(e["marking"]))) for e in trail]
    shown = [{**e, "marking": str(m)} for e, m in found if limit is None or m.may_leave_in(limit)]
    # the hash of the entry before tells of an entry that is not shown, and lets a guess at it be tried
    return [{k: v for k, v in e.items() if k != "previous"} for e in shown] if limit is not None else shown


def marking_of(entries: Iterable[dict[str, str]], settings: Settings) -> Marking | None:
    """The marking of a page that shows entries: the server's, else the strictest of theirs; None where none is."""
    if settings.marking is not None:
        return settings.marking
    marks = [marked(e["marking"]) for e in entries]
    return join(marks) if marks else None
