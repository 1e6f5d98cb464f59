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
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

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
    entry: str = ""  # digest of the listed entry that was decided on; '' in logs from before there was one

    def digest(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        told = {k: v for k, v in asdict(self).items() if k != "entry" or v}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def pair_key(query: str, party: str) -> tuple[str, str]:
    """What a decision is about: the query's letters in lower case without punctuation, and the party."""
    from bilat.parties.names.script import clean

    letters = "".join(c if c.isalnum() else " " for c in clean(query).casefold())
    return " ".join(letters.split()), party


def entry_digest(record: Mapping[str, Any]) -> str:
    """What a decision on a listed party rests on: its names and listings. It changes when the entry does."""
    told = [
        sorted(record["ids"]),
        sorted(text for text, *_ in record["names"]),
        sorted({(x["list"], x["programme"]) for x in record["listings"]}),
        sorted(record["identifiers"]),
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that counts on a pair, and everybody who came to it in a row."""

    decision: Decision
    eyes: frozenset[str]

    def stands(self, record: Mapping[str, Any]) -> bool:
        """Whether the listed entry is still the one that was decided on."""
        return self.decision.entry in ("", entry_digest(record))

    def says(self, record: Mapping[str, Any]) -> dict[str, str]:
        """The flag that a row of this pair bears."""
        d = self.decision
        eyes = "two pairs of eyes" if len(self.eyes) > 1 else "one pair of eyes"
        expired = "" if self.stands(record) else "; expired: the listed entry has changed since, decide again"
        return {
            "flag": "decided" if self.stands(record) else "decision_expired",
            "says": f"{d.who} decided {d.verdict} on {d.when[:10]} ({eyes}): {d.reason}{expired}",
            "rule": "earlier decision",
            "url": "",
            "verdict": d.verdict,
        }

    def folds(self, record: Mapping[str, Any], *, four_eyes: bool) -> bool:
        """Whether the row is folded away: cleared as false, still in force, by two people where that is asked."""
        return (
            self.decision.verdict == "false" and self.stands(record) and (len(self.eyes) > 1 or not four_eyes)
        )


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
        entry: str = "",
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
        for earlier in self.entries():
            last = earlier.digest()
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        made = Decision(
            query, party, verdict, reason, who, moment, snapshot, data_version, name_matched, last, entry
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({**asdict(made), "hash": made.digest()}, ensure_ascii=False) + "\n"
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
        return made

    def latest(self) -> dict[tuple[str, str], Decided]:
        """The decision that counts, per pair of name and party, and who else came to the same verdict."""
        out: dict[tuple[str, str], Decided] = {}
        for d in self.entries():
            key = pair_key(d.query, d.party)
            before = out.get(key)
            same = before is not None and (before.decision.verdict, before.decision.entry) == (
                d.verdict,
                d.entry,
            )
            eyes = {*before.eyes, d.who} if before is not None and same else {d.who}
            out[key] = Decided(d, frozenset(eyes))
        return out

    def trail(self) -> list[dict[str, str]]:
        """The audit trail: every entry with its hash, oldest first."""
        return [{**asdict(d), "hash": d.digest()} for d in self.entries()]
