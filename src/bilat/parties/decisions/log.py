# SPDX-License-Identifier: Apache-2.0
"""Decisions of analysts: an append-only log in which each entry carries the hash of the one before it.

A decision is about one query name (as its canonical reading) and one party, and keeps what was known beside the name.
The latest on a pair counts; nothing is altered or removed, a wrong decision is answered by a new one. A last line
without its line end is a write that was stopped and acknowledged to nobody: the next decision takes its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bilat.errors import DataError, UsageError, command
from bilat.files.hash_log import GENESIS, HashLog, digest
from bilat.handling import Marking, is_marking, marked

VERDICTS = ("true", "false", "unresolved")
#: What becomes of the consignment.
ACTIONS = ("hold", "release")
#: Reasons that an officer may choose, by verdict.
REASONS = {
    "true": (
        "name and state agree with the listing",
        "a number agrees with the listing",
        "the address agrees with the listing",
        "the date of birth agrees with the listing",
    ),
    "false": (
        "another state",
        "another number",
        "another address",
        "another date of birth",
        "another line of business",
        "only a part of the name agrees",
    ),
    "unresolved": (
        "papers are asked for",
        "put to the competent authority",
    ),
}
#: What may be known beside a name, as a decision keeps it.
KNOWN = ("born", "country", "nationality", "number", "place", "address")
#: No text of it is longer.
LONGEST_KNOWN = 500
#: Characters of a name that rows show, and by which a decision knows it.
LONGEST_QUERY = 500
#: Fields that the first logs did not have.
LATER = ("entry", "marking", "action", *KNOWN)


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
    entry: str = (
        ""  # digest of the listed entry that was decided on; '' in logs from before there was one
    )
    marking: str = ""  # how it may be passed on; '' counts as TLP:AMBER
    #: What was known beside the name, each '' where nothing was and in logs from before it was kept.
    born: str = ""
    country: str = ""
    nationality: str = ""
    number: str = ""
    place: str = ""
    address: str = ""
    action: str = ""  # hold or release the consignment; '' where nothing was said of it

    @property
    def known(self) -> dict[str, str]:
        """What was known beside the name."""
        return {k: getattr(self, k) for k in KNOWN}

    def digest(self) -> str:
        """sha256 of the entry, which the next entry carries."""
        return digest(self, LATER)


def pair_key(query: str, party: str) -> tuple[str, str]:
    """Return what a decision is about: the letters of the name in lower case, and the party.

    Of a very long name the first characters count, which are those that rows show.
    """
    from bilat.parties.names.script import letters

    return letters(query[:LONGEST_QUERY]), party


def checked(known: Mapping[str, str]) -> dict[str, str]:
    """What is told of a decision, one line each; blank ones are left out.

    Raises
    ------
    UsageError
        for a field that is none, a text too long, or a date, state or number that cannot be read.
    """
    from bilat.parties.match.evidence import births
    from bilat.parties.names.states import parts, state_of
    from bilat.parties.queries.query import identifiers

    out = {k: " ".join(v.split()) for k, v in known.items() if v.strip()}
    for name, text in out.items():
        if name not in KNOWN:
            raise UsageError(f"no field {name[:40]!r} of a decision; there are: {', '.join(KNOWN)}")
        if len(text) > LONGEST_KNOWN:
            raise UsageError(f"{name} is longer than {LONGEST_KNOWN} characters. Write it shorter")
    if "born" in out and not births(out["born"]):
        raise UsageError(f"born {out['born']!r} is not a date. Write 1970, 1970-03 or 1970-03-21")
    for name in ("country", "nationality"):
        for one in parts(out.get(name, "")):
            if state_of(one) is None:
                raise UsageError(
                    f"{name} {one!r} is not a state of today: use an ISO code (RUS, CHN, DEU) or "
                    "an English name"
                )
    if "number" in out and not identifiers(out["number"]):
        raise UsageError(
            f"number {out['number']!r} cannot be read. Write inn:7707083893 or imo:9187629"
        )
    return out


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions on a pair that came to one verdict in a row, the one that counts last."""

    run: tuple[Decision, ...]
    #: Every decision on the pair, the oldest first.
    history: tuple[Decision, ...] = ()

    @property
    def decision(self) -> Decision:
        """The decision that counts."""
        return self.run[-1]

    @property
    def eyes(self) -> frozenset[str]:
        """Everybody who came to it."""
        return frozenset(d.who for d in self.run)


#: The party of a decision on a consignment in which nothing was found.
NOBODY = "nobody"


def consignment_key(place: str, names: Iterable[str]) -> str:
    """Return by what a decision knows a consignment in which nothing was found."""
    return f"{place}: {'; '.join(names)}"[:LONGEST_QUERY]


class DecisionLog(HashLog[Decision]):
    """The log in a file; made when the first decision is added."""

    kind = Decision
    noun = "a decision"
    later = LATER

    def is_valid(self, record: Decision) -> bool:
        """Return whether verdict and action are ones of ours and the marking can be read."""
        said = record.verdict in VERDICTS and record.action in ("", *ACTIONS)
        return said and (not record.marking or is_marking(record.marking))

    def existing(self) -> DecisionLog:
        """This log, where there is one.

        Raises
        ------
        DataError
            for a log that does not exist: a name typed wrong is not an empty log.
        """
        if not self.path.exists():
            raise DataError(
                "there is no such log of decisions",
                file=self.path,
                cure="name the log, or record a first decision: "
                + command(
                    "screen",
                    "decide",
                    "LOG",
                    query="NAME",
                    party="ID",
                    verdict="false",
                    why="TEXT",
                    who="NAME",
                ),
            )
        return self

    def add(
        self,
        query: str,
        party: str,
        verdict: str,
        reason: str,
        who: str,
        *,
        marking: str = "",
        action: str = "",
        known: Mapping[str, str] = MappingProxyType({}),
        when: dt.datetime | None = None,
        **seen: str,
    ) -> Decision:
        """Append one decision, durably. ``known``: what was known beside the name, field by field (:data:`KNOWN`);
        ``seen``: the fields of :class:`Decision` that say what was looked at (``snapshot``, ``entry`` ...).

        Raises
        ------
        UsageError
            for an unknown verdict or marking, without reason or name of the analyst, or for something known that
            cannot be read.
        """
        if verdict not in VERDICTS:
            raise UsageError(f"verdict {verdict!r}: must be one of {', '.join(VERDICTS)}")
        if action not in ("", *ACTIONS):
            raise UsageError(f"action {action!r}: must be one of {', '.join(ACTIONS)}")
        if not reason.strip() or not who.strip():
            raise UsageError("a decision needs a reason and who made it: `reason` TEXT `who` NAME")
        if not query.strip() or not party.strip():
            raise UsageError("a decision is about a name and a party: give both")
        fields = {"snapshot": "", "data_version": "", **seen, **checked(known), "action": action}
        fields["marking"] = str(Marking.parse(marking)) if marking else ""
        moment = (when or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        made = Decision(query, party, verdict, reason, who, moment, **fields)
        return self.write(lambda previous: replace(made, previous=previous))[0]

    def within(
        self, limit: Marking | None, marks: Mapping[str, Marking] = MappingProxyType({})
    ) -> Iterator[Decision]:
        """The decisions that may leave in something of a marking; None: all. ``marks``: hash of a decision -> the
        marking that counts in place of its own.
        """
        for d in self.entries():
            if limit is None or marks.get(d.digest(), marked(d.marking)).may_leave_in(limit):
                yield d

    def latest(
        self, within: Marking | None = None, marks: Mapping[str, Marking] = MappingProxyType({})
    ) -> dict[tuple[str, str], Decided]:
        """The decision that counts, per pair of name and party, and who else came to the same verdict; of those that
        may leave in something of a marking, ``marks`` as for :meth:`within`.
        """
        out: dict[tuple[str, str], Decided] = {}
        for d in self.within(within, marks):
            key = pair_key(d.query, d.party)
            earlier = out.get(key, Decided(()))
            before = earlier.run
            same = before and (before[-1].verdict, before[-1].entry) == (d.verdict, d.entry)
            run = (*before, d) if same else (d,)
            out[key] = Decided(run, (*earlier.history, d))
        return out
