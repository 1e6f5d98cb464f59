# SPDX-License-Identifier: Apache-2.0
"""Dissents: what somebody else concludes on a claim, kept beside our verdict and never in its place.

A dissent says who, when, on which claim, as of which date, what answer instead, why, and how far it may be passed
on. The log is append-only (:mod:`bilat.files.hash_log`); who changes his mind adds another.
All that were made by the as-of date of a picture stand beside its verdicts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bilat.errors import UnknownName, UsageError
from bilat.files.hash_log import GENESIS, HashLog
from bilat.files.json_types import JsonObject
from bilat.handling import UNMARKED, is_marking, marked
from bilat.listing import ShownList
from bilat.verdicts.judgement import ANSWERS, Judgement
from bilat.verdicts.ledger import ledger
from bilat.verdicts.marked_entry import MarkedEntry
from bilat.when import AsOf

#: Words that a log of an earlier release may hold: read, never written.
FORMER = frozenset(
    [
        "supported",
        "partly supported",
        "mixed",
        "not supported",
        "contradicted",
        "depends on the choice",
        "published figure only",
        "modelled figure only",
        "not measurable",
    ]
)


@dataclass(frozen=True, slots=True)
class Dissent(MarkedEntry):
    """One entry of the log."""

    claim: str  # id of the claim
    verdict: str  # the verdict instead, a word of ANSWERS
    why: str
    who: str
    as_of: str  # the date that the dissent speaks as of, YYYY-MM-DD
    when: str  # ISO date and time at which it was entered, UTC
    marking: str = str(UNMARKED)
    previous: str = GENESIS

    def to_json(self) -> JsonObject:
        """Plain data: what stands beside a verdict."""
        return {
            "claim": self.claim,
            "verdict": self.verdict,
            "why": self.why,
            "who": self.who,
            "as_of": self.as_of,
            "when": self.when,
            "marking": self.marking,
        }


class DissentLog(HashLog[Dissent]):
    """The log in a file; made when the first dissent is added."""

    kind = Dissent
    noun = "a dissent"

    def is_valid(self, record: Dissent) -> bool:
        """Whether verdict, date and marking are such."""
        dt.date.fromisoformat(record.as_of)
        known = record.verdict in ANSWERS or record.verdict in FORMER
        return known and is_marking(record.marking) and bool(record.claim)

    def add(
        self,
        claim: str,
        verdict: str,
        why: str,
        who: str,
        *,
        as_of: AsOf | str | dt.date | None = None,
        marking: str = "",
        when: dt.datetime | None = None,
    ) -> Dissent:
        """Append one dissent, durably.

        Raises
        ------
        UsageError
            for a claim that the ledger does not hold, an unknown verdict or marking, or without reason or name.
        DataError
            if the log is damaged or cannot be written.
        """
        ids = [c.id for c in ledger()]
        if claim not in ids:
            raise UnknownName(f"no claim {claim!r}: choose from {', '.join(ids)}")
        if verdict not in ANSWERS:
            raise UsageError(f"verdict {verdict!r}: must be one of {', '.join(ANSWERS)}")
        if not why.strip() or not who.strip():
            raise UsageError("a dissent needs a reason and who dissents: `why` TEXT `who` NAME")
        day = str(AsOf(as_of))
        mark = str(marked(marking))
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        return self.write(
            lambda previous: Dissent(claim, verdict, why, who, day, moment, mark, previous)
        )[0]


def beside(judged: Sequence[Judgement], dissents: Iterable[Dissent]) -> list[Judgement]:
    """The judgements, each with the dissents on its claim that speak as of its own date or an earlier one.

    Those of the same verdict as ours are kept too: agreement on record is worth as much. Oldest first.
    """
    told: dict[str, list[Dissent]] = {}
    for d in dissents:
        told.setdefault(d.claim, []).append(d)
    found = (
        replace(j, dissents=tuple(d for d in told.get(j.id, ()) if d.as_of <= str(j.as_of)))
        for j in judged
    )
    if isinstance(judged, ShownList):
        said = {"dissents": lambda j: "; ".join(f"{d.who}: {d.verdict}" for d in j.dissents)}
        return ShownList(found, {**judged.columns, **said}, judged.title)
    return list(found)
