# SPDX-License-Identifier: Apache-2.0
"""What a team adds to the pages, and how far they may be passed on: its folder and the marking of the server.

A worker is told both as texts (:func:`told`) and opens them with :func:`opened`; the application needs only what
a page depends on and what is left out of all of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from bilat.handling import Marking, join, marked
from bilat.server.settings import Settings
from bilat.sharing import Team
from bilat.sharing.team import DISSENTS, MARKINGS
from bilat.sharing.view import handled
from bilat.verdicts.dissents import Dissent


def told(settings: Settings) -> dict[str, str | None]:
    """The team and the marking as a task is given them."""
    return {
        "team": str(settings.team) if settings.team else None,
        "marking": str(settings.marking) if settings.marking else None,
    }


def opened(team: str | None, marking: str | None) -> tuple[Team | None, Marking | None]:
    """What :func:`told` tells."""
    return Team(team, must_exist=False) if team else None, Marking.parse(marking) if marking else None


def stands(settings: Settings) -> str:
    """A digest of what the team's folder and the marking put into a site; blank where there is neither."""
    if settings.team is None and settings.marking is None:
        return ""
    whole = hashlib.sha256(str(settings.marking or "").encode())
    for name in (DISSENTS, MARKINGS) if settings.team else ():
        with contextlib.suppress(FileNotFoundError):
            whole.update((settings.team / name).read_bytes() if settings.team else b"")
        whole.update(b"\0")
    return whole.hexdigest()


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
    return [{**e, "marking": str(m)} for e, m in found if limit is None or m.may_leave_in(limit)]


def claims(judged: bytes, team: Team, limit: Marking | None) -> list[dict[str, Any]]:
    """Judgements as the interface has them, with the team's dissents, as far as the marking lets them leave."""
    hidden = handled(team, limit).withheld if limit else frozenset()
    by_claim: dict[str, list[dict[str, str]]] = {}
    for d in dissents(team, limit):
        by_claim.setdefault(d["claim"], []).append(d)
    out = []
    for j in json.loads(judged):
        if j["id"] in hidden:
            continue
        mine = [_plain(d) for d in by_claim.get(j["id"], ()) if d["as_of"] <= j["as_of"]]
        out.append({**j, "dissents": mine} if mine else j)
    return out


def _plain(entry: dict[str, str]) -> dict[str, str]:
    """What stands beside a verdict: :meth:`Dissent.to_json`."""
    return Dissent(**{k: v for k, v in entry.items() if k != "hash"}).to_json()


def marking_of(entries: Iterable[dict[str, str]], settings: Settings) -> Marking | None:
    """The marking of a page that shows entries: the server's, else the strictest of theirs; None where none is."""
    if settings.marking is not None:
        return settings.marking
    marks = [marked(e["marking"]) for e in entries]
    return join(marks) if marks else None
