# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts: an append-only log in which each entry carries the hash of the one before it.

A decision is about one query name (as its canonical reading) and one party, and keeps what was known beside the
name. It is applied to later runs as long as the listed entry has not changed; the latest entry on a pair counts. A
clearance folds a row away only where the row says nothing for the party that was not known when it was given.

Nothing is ever altered or removed: a wrong decision is answered by a new one. A changed or cut log is refused. A
last line without its line end is another thing: a write that a full disk or a lost machine stopped, never
acknowledged to anybody. It is passed over, and the next decision takes its place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bilat.errors import DataError, UsageError, command
from bilat.files.chained import GENESIS, ChainedLog, digest
from bilat.handling import Marking, is_marking, marked

if TYPE_CHECKING:
    from bilat.parties.decide.known import Said
    from bilat.parties.match.screener import Screener

VERDICTS = ("true", "false", "unresolved")
#: Fields that the first logs did not have.
LATER = ("entry", "marking", "born", "country", "nationality", "number", "place", "address")
#: Those of them that hold what was known beside the name (``known.KNOWN``, which this module does not load).
_KNOWN = LATER[2:]


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
    previous: str = GENESIS
    entry: str = ""  # digest of the listed entry that was decided on; '' in logs from before there was one
    marking: str = ""  # how it may be passed on; '' counts as TLP:AMBER
    #: What was known beside the name, each '' where nothing was and in logs from before it was kept.
    born: str = ""
    country: str = ""
    nationality: str = ""
    number: str = ""
    place: str = ""
    address: str = ""

    @property
    def known(self) -> dict[str, str]:
        """What was known beside the name."""
        return {k: getattr(self, k) for k in _KNOWN}

    def digest(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        return digest(self, LATER)


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
    """The decisions on a pair that came to one verdict in a row, the one that counts last."""

    run: tuple[Decision, ...]

    @property
    def decision(self) -> Decision:
        """The decision that counts."""
        return self.run[-1]

    @property
    def eyes(self) -> frozenset[str]:
        """Everybody who came to it."""
        return frozenset(d.who for d in self.run)

    def stands(self, record: Mapping[str, Any]) -> bool:
        """Whether the listed entry is still the one that was decided on."""
        return self.decision.entry in ("", entry_digest(record))

    def says(self, said: Said) -> dict[str, str]:
        """The flag that a row of this pair bears, or the line that tells why it is folded away."""
        from bilat.parties.decide.known import asked_as, not_said

        d, who, flag, more = self.decision, self.eyes, "decided", ""
        if not self.stands(said.record):
            flag, more = "decision_expired", "; expired: the listed entry has changed since, decide again"
        elif d.verdict == "false":
            reach, why = self._reach(said)
            if why:
                flag, more = "cleared_on_less", f"; not folded away: {why}"
            else:
                d, who = reach[-1], frozenset(x.who for x in reach)
                blank = not_said(said, asked_as(d.query, d.known))
                more = f"; taken with {blank}, which this row does not say" if blank else ""
        eyes = "two pairs of eyes" if len(who) > 1 else "one pair of eyes"
        return {
            "flag": flag,
            "says": f"{d.who} decided {d.verdict} on {d.when[:10]} ({eyes}): {d.reason}{more}",
            "rule": "earlier decision",
            "url": "",
            "verdict": d.verdict,
        }

    def folds(self, said: Said, *, four_eyes: bool) -> bool:
        """Whether the row is folded away: cleared as false, still in force, by two people where that is asked, each of
        whom knew what speaks for the party in this row.
        """
        if self.decision.verdict != "false" or not self.stands(said.record):
            return False
        reach, why = self._reach(said)
        return not why and (not four_eyes or len({d.who for d in reach}) > 1)

    def _reach(self, said: Said) -> tuple[list[Decision], str]:
        """The decisions that reach a row; why none does.

        One that knew less than a later one was narrowed by it: it counts as a pair of eyes and folds nothing alone.
        Decisions on two people of one name, told apart by what was known, stand beside each other.
        """
        from bilat.parties.decide.known import asked_as, out_of_reach

        missing = [out_of_reach(said, asked_as(d.query, d.known)) for d in self.run]
        reach = [d for d, m in zip(self.run, missing, strict=True) if not m]
        if any(not self._narrowed(n) for n, m in enumerate(missing) if not m):
            return reach, ""
        d = self.decision
        return reach, f"cleared on {d.when[:10]} as {d.query} {', and '.join(missing[-1])}"

    def _narrowed(self, n: int) -> bool:
        known = self.run[n].known
        later = (d.known for d in self.run[n + 1 :])
        return any(k != known and all(v in ("", k[f]) for f, v in known.items()) for k in later)


class DecisionLog(ChainedLog[Decision]):
    """The log in a file; made when the first decision is added."""

    kind = Decision
    noun = "a decision"
    later = LATER

    def sound(self, record: Decision) -> bool:
        """Whether the verdict is one of ours and the marking can be read."""
        return record.verdict in VERDICTS and (not record.marking or is_marking(record.marking))

    def existing(self) -> DecisionLog:
        """This log, where there is one.

        Raises
        ------
        DataError
            for a log that does not exist: a name typed wrong is not an empty log.
        """
        if not self.path.exists():
            raise DataError(
                "there is no such log of decisions", file=self.path,
                cure="name the log, or record a first decision: "
                + command("screen", "decide", "LOG", query="NAME", party="ID", verdict="false", why="TEXT", who="NAME"),
            )  # fmt: skip
        return self

    def decide(
        self,
        screener: Screener,
        query: str,
        party: str,
        verdict: str,
        reason: str,
        who: str,
        marking: str = "",
        known: Mapping[str, str] = MappingProxyType({}),
        anyway: bool = False,
    ) -> Decision:
        """Append a decision about a listed party as it stands on the lists of a screener.

        Raises
        ------
        DataError
            for a party that is on none of the lists.
        UsageError
            as :meth:`add`; and for a party that a screening of the name does not propose, unless ``anyway``.
        """
        from bilat.parties.decide.known import asked_as, checked

        record = screener.by_id(party)
        if verdict in VERDICTS and query.strip() and not anyway:
            found = screener.find([asked_as(query, checked(known))])[0][0]
            proposed = [screener.record(c.party) for c in found.candidates]
            if record["id"] not in {r["id"] for r in proposed}:
                names = "; ".join(f"{r['name']} ({r['id']})" for r in proposed[:3]) or "nobody"
                raise UsageError(
                    f"{record['name']} ({record['id']}) is not proposed for {query!r}, which gives {names}: correct "
                    "the party, or say that it is meant anyway"
                )
        return self.add(
            query, record["id"], verdict, reason, who, snapshot=record["snapshot"],
            data_version=screener.data_version, name_matched=record["name"], entry=entry_digest(record),
            marking=marking, known=known,
        )  # fmt: skip

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
        marking: str = "",
        known: Mapping[str, str] = MappingProxyType({}),
        when: dt.datetime | None = None,
    ) -> Decision:
        """Append one decision, durably. ``known``: what was known beside the name, field by field (``known.KNOWN``).

        Raises
        ------
        UsageError
            for an unknown verdict or marking, without reason or name of the analyst, or for something known that
            cannot be read.
        """
        from bilat.parties.decide.known import checked

        if verdict not in VERDICTS:
            raise UsageError(f"verdict {verdict!r}: must be one of {', '.join(VERDICTS)}")
        if not reason.strip() or not who.strip():
            raise UsageError("a decision needs a reason and who made it: `reason` TEXT `who` NAME")
        if not query.strip() or not party.strip():
            raise UsageError("a decision is about a name and a party: give both")
        mark = str(Marking.parse(marking)) if marking else ""
        beside = checked(known)
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")

        def made(previous: str) -> Decision:
            return Decision(
                query, party, verdict, reason, who, moment, snapshot, data_version, name_matched, previous, entry,
                mark, **beside,
            )  # fmt: skip

        return self.write(made)[0]

    def within(
        self, limit: Marking | None, marks: Mapping[str, Marking] = MappingProxyType({})
    ) -> Iterator[Decision]:
        """The decisions that may leave in something of a marking; None: all."""
        for d in self.entries():
            if limit is None or marks.get(d.digest(), marked(d.marking)).may_leave_in(limit):
                yield d

    def latest(
        self, within: Marking | None = None, marks: Mapping[str, Marking] = MappingProxyType({})
    ) -> dict[tuple[str, str], Decided]:
        """The decision that counts, per pair of name and party, and who else came to the same verdict.

        Parameters
        ----------
        within
            decisions that may not leave in something of this marking are as if they had not been made.
        marks
            hash of a decision -> the marking that counts in place of its own.
        """
        out: dict[tuple[str, str], Decided] = {}
        for d in self.within(within, marks):
            key = pair_key(d.query, d.party)
            before = out.get(key)
            same = before is not None and (before.decision.verdict, before.decision.entry) == (
                d.verdict,
                d.entry,
            )
            out[key] = Decided((*before.run, d) if before is not None and same else (d,))
        return out
