# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts: an append-only log in which each entry carries the hash of the one before it.

A decision is about one query name (as its canonical reading) and one party. It is applied to later runs as
long as the listed name has not changed; the latest entry on a pair counts. Nothing is ever altered or
removed: a wrong decision is answered by a new one. A changed or cut log is refused. A last line without its
line end is another thing: a write that a full disk or a lost machine stopped, never acknowledged to anybody. It
is passed over, and the next decision takes its place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bilat.errors import DataError, UsageError
from bilat.files.lock import locked
from bilat.files.write import append, writable, written

VERDICTS = ("true", "false", "unresolved")
_GENESIS = "0" * 64
#: How every entry begins: by this a torn last line is told from a foreign one.
_BEGINNING = '{"query": '
#: No entry is longer; a longer line is no log of ours.
LONGEST_ENTRY = 1 << 20
_CURE = "restore the log from a copy"


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
        """All entries, checked; a torn last line is passed over.

        Raises
        ------
        DataError
            for a log that does not exist, an entry that is no decision, or one whose hash does not follow from the
            one before it.
        """
        if not self.path.exists():
            raise DataError(
                "there is no such log of decisions", file=self.path,
                cure="name the log, or record a first decision: bilat decide LOG --query NAME --party ID "
                "--verdict false --reason TEXT --who NAME",
            )  # fmt: skip
        for entry, _ in self._lines():
            yield entry

    def _lines(self) -> Iterator[tuple[Decision, int]]:
        """(entry, bytes up to its end), checked."""
        if not self.path.exists():
            return
        previous, end = _GENESIS, 0
        with writable(self.path, _CURE), self.path.open("rb") as handle:
            for n, raw in enumerate(iter(lambda: handle.readline(LONGEST_ENTRY + 1), b""), 1):
                if len(raw) > LONGEST_ENTRY:
                    raise DataError(
                        "is not a decision: the line is too long", file=self.path.name, row=n, cure=_CURE
                    )
                if not raw.endswith(b"\n") and _torn(raw):
                    return
                entry = self._entry(raw, n, previous)
                previous, end = entry.digest(), end + len(raw)
                yield entry, end

    def _entry(self, raw: bytes, n: int, previous: str) -> Decision:
        known = {f.name for f in fields(Decision)}
        try:
            record = json.loads(raw)
            entry = Decision(**{k: v for k, v in record.items() if k in known})
            sound = record.get("hash") == entry.digest() and all(
                isinstance(v, str) for v in asdict(entry).values()
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise DataError("is not a decision", file=self.path.name, row=n, cure=_CURE) from None
        if entry.previous != previous or entry.verdict not in VERDICTS or not sound:
            raise DataError(
                "does not follow from the row before it: the log was altered or cut",
                file=self.path.name,
                row=n,
                cure=_CURE,
            )
        return entry

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
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        with writable(self.path, "free space, or name another log"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_name(self.path.name + ".lock"), self.path, cure="run this again"):
                last, end = _GENESIS, 0
                for earlier, at in self._lines():
                    last, end = earlier.digest(), at
                made = Decision(
                    query,
                    party,
                    verdict,
                    reason,
                    who,
                    moment,
                    snapshot,
                    data_version,
                    name_matched,
                    last,
                    entry,
                )
                self._fix_end(end)
                line = json.dumps({**asdict(made), "hash": made.digest()}, ensure_ascii=False) + "\n"
                append(self.path, line)
        return made

    def _fix_end(self, end: int) -> None:
        """Take off a torn last line; put the line end to a whole one that lacks it."""
        data = self.path.read_bytes() if self.path.exists() else b""
        sound = data[:end] if not end or data[end - 1 : end] == b"\n" else data[:end] + b"\n"
        if sound != data:
            with written(self.path) as temporary:
                temporary.write_bytes(sound)

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


def _torn(raw: bytes) -> bool:
    """Is a last line without line end the beginning of an entry, as a stopped write leaves it?"""
    beginning = _BEGINNING.encode()
    if not (raw.startswith(beginning) or beginning.startswith(raw)):
        return False
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return True
    return False
