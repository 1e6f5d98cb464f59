# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts: an append-only log in which each entry carries the hash of the one before it.

A decision is about one query name (as its canonical reading) and one party. It is applied to later runs as
long as the listed name has not changed; the latest entry on a pair counts. Nothing is ever altered or
removed: a wrong decision is answered by a new one. A changed or cut log is refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from bilat.errors import DataError, UsageError

VERDICTS = ("true", "false", "unresolved")
_GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the log."""

    query: str  # the name as screened
    party: str  # id of the listed party
    verdict: str  # true, false, unresolved
    reason: str
    who: str
    when: str  # ISO date and time, UTC
    snapshot: str  # sha256 of the list file that the verdict was made against
    data_version: str  # digest of all holdings and lists of the run
    name_matched: str = ""
    previous: str = _GENESIS

    def digest(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def pair_key(query: str, party: str) -> tuple[str, str]:
    """What a decision is about: the query's letters in lower case without punctuation, and the party."""
    from bilat.parties.names.script import clean

    letters = "".join(c if c.isalnum() else " " for c in clean(query).casefold())
    return " ".join(letters.split()), party


class DecisionLog:
    """The log in a file; made when the first decision is added."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Iterator[Decision]:
        """All entries, checked.

        Raises
        ------
        DataError
            for an entry that is no decision, or whose hash does not follow from the one before it.
        """
        if not self.path.exists():
            return
        known = {f.name for f in fields(Decision)}
        previous = _GENESIS
        with self.path.open(encoding="utf-8") as handle:
            for n, line in enumerate(handle, 1):
                try:
                    record = json.loads(line)
                    entry = Decision(**{k: v for k, v in record.items() if k in known})
                except (json.JSONDecodeError, TypeError, AttributeError):
                    raise DataError(
                        f"{self.path.name}: row {n}: is no decision; restore the log from a copy"
                    ) from None
                if (
                    entry.previous != previous
                    or entry.verdict not in VERDICTS
                    or record.get("hash") != entry.digest()
                ):
                    raise DataError(
                        f"{self.path.name}: row {n}: does not follow from the row before it: the "
                        f"log was altered or "
                        "cut; restore it from a copy"
                    )
                previous = entry.digest()
                yield entry

    def add(
        self,
        query: str,
        party: str,
        verdict: str,
        reason: str,
        who: str,
        *,
        snapshot: str = "",
        data_version: str = "",
        name_matched: str = "",
        when: dt.datetime | None = None,
    ) -> Decision:
        """Append one decision, durably.

        Raises
        ------
        UsageError
            for an unknown verdict, or without reason or name of the analyst.
        """
        if verdict not in VERDICTS:
            raise UsageError(f"verdict {verdict!r}: must be one of {', '.join(VERDICTS)}")
        if not reason.strip() or not who.strip():
            raise UsageError("a decision needs a reason and who made it: --reason TEXT --who NAME")
        if not query.strip() or not party.strip():
            raise UsageError("a decision is about a name and a party: give both")
        last = _GENESIS
        for entry in self.entries():
            last = entry.digest()
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        made = Decision(
            query, party, verdict, reason, who, moment, snapshot, data_version, name_matched, last
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({**asdict(made), "hash": made.digest()}, ensure_ascii=False) + "\n"
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
        return made

    def latest(self) -> dict[tuple[str, str], Decision]:
        """The decision that counts, per pair of name and party."""
        return {pair_key(d.query, d.party): d for d in self.entries()}

    def trail(self) -> list[dict[str, str]]:
        """The audit trail: every entry with its hash, oldest first."""
        return [{**asdict(d), "hash": d.digest()} for d in self.entries()]
