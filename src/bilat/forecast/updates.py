# SPDX-License-Identifier: Apache-2.0
"""Updates of forecasters: an append-only log; each entry carries the hash of the one before it.

An entry says who gave which probability to which question, when and why. The latest one of each forecaster
counts. Nothing is altered or removed; a log that was altered or cut is refused. A last line without its line
end is a write that was stopped: it was never acknowledged, and the next entry takes its place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bilat.errors import DataError, UsageError
from bilat.files.lock import locked
from bilat.files.write import append, writable, written
from bilat.forecast.weighing import log_odds

_GENESIS = "0" * 64
_CURE = "restore the log from a copy"
#: No entry is longer; a longer line is not a log of ours.
LONGEST_ENTRY = 1 << 16


@dataclass(frozen=True, slots=True)
class Update:
    """One entry of the log."""

    question: str
    probability: float
    who: str
    why: str
    when: str  #: ISO date and time, UTC
    previous: str = _GENESIS

    def digest(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class UpdateLog:
    """The log in a file; the first update makes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Iterator[Update]:
        """All entries, checked.

        Raises
        ------
        DataError
            for an entry that is not an update, or does not follow from the one before it.
        """
        for entry, _ in self._lines():
            yield entry

    def _lines(self) -> Iterator[tuple[Update, int]]:
        if not self.path.exists():
            return
        previous, end = _GENESIS, 0
        with writable(self.path, _CURE), self.path.open("rb") as handle:
            for n, raw in enumerate(iter(lambda: handle.readline(LONGEST_ENTRY + 1), b""), 1):
                if not raw.endswith(b"\n"):
                    if raw.startswith(b'{"question"') or b'{"question"'.startswith(raw):
                        return
                    raise DataError("is not an update", file=self.path, row=n, cure=_CURE)
                entry = self._entry(raw, n, previous)
                previous, end = entry.digest(), end + len(raw)
                yield entry, end

    def _entry(self, raw: bytes, n: int, previous: str) -> Update:
        known = {f.name for f in fields(Update)}
        try:
            record = json.loads(raw)
            entry = Update(**{k: v for k, v in record.items() if k in known})
            sound = record.get("hash") == entry.digest() and 0 < entry.probability < 1
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise DataError("is not an update", file=self.path, row=n, cure=_CURE) from None
        if not sound or entry.previous != previous:
            raise DataError(
                "does not follow from the row before it: the log was altered or cut",
                file=self.path,
                row=n,
                cure=_CURE,
            )
        return entry

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
            raise UsageError("an update needs who makes it and why: --who NAME --why TEXT")
        if len(who) + len(why) > LONGEST_ENTRY // 8:
            raise UsageError(
                f"an update is at most {LONGEST_ENTRY // 8:,} characters; write a shorter reason"
            )
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        with writable(self.path, "free space, or name another log"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_name(self.path.name + ".lock"), self.path, cure="run this again"):
                last, end = _GENESIS, 0
                for entry, at in self._lines():
                    last, end = entry.digest(), at
                new = Update(question, probability, who.strip(), why.strip(), moment, last)
                self._cut(end)
                append(
                    self.path, json.dumps({**asdict(new), "hash": new.digest()}, ensure_ascii=False) + "\n"
                )
        return new

    def _cut(self, end: int) -> None:
        """Take off a last line that a stopped write left."""
        data = self.path.read_bytes() if self.path.exists() else b""
        if len(data) > end:
            with written(self.path) as temporary:
                temporary.write_bytes(data[:end])


def latest(updates: Iterable[Update], question: str, until: dt.date) -> dict[str, float]:
    """Forecaster -> latest probability for a question, given on or before a day."""
    return {
        u.who: u.probability
        for u in updates
        if u.question == question and dt.datetime.fromisoformat(u.when).date() <= until
    }
