# SPDX-License-Identifier: Apache-2.0
"""The queue of a screening: which of its alerts are decided, counted from the log of decisions."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bilat.parties.output.decided_workbook import (
    AlertSubject,
    Decisions,
    LaterDecision,
    standing_decision,
    subject_of,
)
from bilat.server.jobs import Job
from bilat.server.refusals import Refusal
from bilat.server.work import ALERTS, Alert


def read_alerts(job: Job) -> list[Alert]:
    """Return the alerts of a job, the surest first; none where it has no file of them."""
    path = job.out / ALERTS
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@lru_cache(maxsize=64)
def _subjects(path: Path, _changed: int) -> tuple[AlertSubject, ...]:
    with path.open(encoding="utf-8") as lines:
        return tuple(subject_of(json.loads(line)) for line in lines)


def begun(job: Job) -> str:
    """Return when a job was sent, as the log of decisions writes it."""
    return _moment(job.made).isoformat(timespec="seconds")


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def standing(job: Job, decisions: Decisions) -> list[LaterDecision | None]:
    """Return how each alert of a job is decided; None where it is open."""
    if job.kind != "screen" or job.status != "done":
        return []
    path = job.out / ALERTS
    since = begun(job)
    subjects = _subjects(path, path.stat().st_mtime_ns)
    return [standing_decision(subject, decisions, since) for subject in subjects]


#: Status of a form whose page is out of date.
STALE = 409


def version_of(found: Sequence[LaterDecision | None]) -> str:
    """Return a mark of the decisions that a page shows; another one when any of them changes."""
    standing_now = [later and later.decision.digest() for later in found]
    return hashlib.sha256(json.dumps(standing_now).encode()).hexdigest()[:12]


def check_seen(found: Sequence[LaterDecision | None], seen: str) -> None:
    """Refuse a form of a page that was opened before the last decision.

    Parameters
    ----------
    found
        the decisions that stand on the alerts of the form
    seen
        the mark of those that its page showed; blank from a client that shows no page

    Raises
    ------
    Refusal
        :data:`STALE`, with who decided what in the meantime.
    """
    decided = [later.decision for later in found if later is not None]
    if not seen or seen == version_of(found) or not decided:
        return
    last = max(decided, key=lambda decision: decision.when)
    said = ", ".join(filter(None, (last.verdict, last.action)))
    raise Refusal(
        STALE,
        f"{last.who} decided this after you opened the page: {said}. Nothing of yours was stored. "
        "If you disagree, decide again",
    )


def settled_at(job: Job, decisions: Decisions) -> float | None:
    """Return when the last alert of a job was decided, in seconds; None while one is open.

    A job without alerts is settled when it ends.
    """
    if job.ended is None:
        return None
    last = job.ended
    for found in standing(job, decisions):
        if found is None:
            return None
        last = max(last, dt.datetime.fromisoformat(found.decision.when).timestamp())
    return last
