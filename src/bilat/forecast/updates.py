# SPDX-License-Identifier: Apache-2.0
"""Updates of forecasters: an append-only log; each entry carries the hash of the one before it.

An entry says who gave which probability to which question, when and why. The latest one of each forecaster
counts. Nothing is altered or removed; a log that was altered or cut is refused. A last line without its line
end is a write that was stopped: it was never acknowledged, and the next entry takes its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bilat.errors import UsageError
from bilat.files.chained import GENESIS, ChainedLog
from bilat.forecast.weighing import log_odds

#: Characters of who and why.
LONGEST_REASON = 8_192


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of the log."""

    question: str
    probability: float
    who: str
    why: str
    when: str  #: ISO date and time, UTC
    previous: str = GENESIS


class UpdateLog(ChainedLog[Update]):
    """The log in a file; the first update makes it."""

    kind = Update
    noun = "an update"

    def sound(self, record: Update) -> bool:
        """Whether the probability is one."""
        return 0 < record.probability < 1

    def add(
        self, question: str, probability: float, who: str, why: str, when: dt.datetime | None = None
    ) -> Update:
        """Append one update, durably.

        Raises
        ------
        UsageError
            for a probability that is none, or without a name or a reason.
        DataError
            if the log cannot be written, or was altered.
        """
        log_odds(probability)  # refuses 0, 1 and what lies outside
        if not who.strip() or not why.strip():
            raise UsageError("an update needs who makes it and why: `who` NAME `why` TEXT")
        if len(who) + len(why) > LONGEST_REASON:
            raise UsageError(f"an update is at most {LONGEST_REASON:,} characters; write a shorter reason")
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        (new,) = self.write(
            lambda previous: Update(question, probability, who.strip(), why.strip(), moment, previous)
        )
        return new


def latest(updates: Iterable[Update], question: str, until: dt.date) -> dict[str, float]:
    """Forecaster -> latest probability for a question, given on or before a day."""
    return {
        u.who: u.probability
        for u in updates
        if u.question == question and dt.datetime.fromisoformat(u.when).date() <= until
    }
