# SPDX-License-Identifier: Apache-2.0
"""A new decision on a listed party that a screening of the name proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bilat.errors import UsageError
from bilat.parties.decisions.log import NOBODY, VERDICTS, Decision, DecisionLog, checked
from bilat.parties.decisions.reach import entry_digest, query_of_decision
from bilat.parties.screening.screener import Found, Screener

#: The least chance of a party that a decision on all parties of a name is about.
LEAST_ALERT = 0.1
#: Parties that an error names.
NAMED_PARTIES = 3


@dataclass(frozen=True)
class Ruling:
    """What an analyst decides on a name, and why."""

    query: str  #: the name
    verdict: str
    reason: str
    who: str
    marking: str = ""
    action: str = ""
    known: Mapping[str, str] = field(default_factory=dict)  #: what is known beside the name


def decide(
    log: DecisionLog, screener: Screener, ruling: Ruling, party: str, *, anyway: bool = False
) -> Decision:
    """Append a decision about a listed party as the lists of a screener have it.

    Raises
    ------
    DataError
        for a party that is on none of the lists.
    UsageError
        as :meth:`DecisionLog.add`; and for a party that a screening of the name does not propose,
        unless ``anyway``.
    """
    record = screener.by_id(party)
    if ruling.verdict in VERDICTS and ruling.query.strip() and not anyway:
        found = _screened(screener, ruling)
        proposed = [screener.record(candidate.party) for candidate in found.candidates]
        if record["id"] not in {other["id"] for other in proposed}:
            named = [f"{other['name']} ({other['id']})" for other in proposed[:NAMED_PARTIES]]
            raise UsageError(
                f"{record['name']} ({record['id']}) is not proposed for {ruling.query!r}, which "
                f"gives {'; '.join(named) or 'nobody'}: correct the party, or say that it is meant "
                "anyway"
            )
    return log.add(
        ruling.query,
        record["id"],
        ruling.verdict,
        ruling.reason,
        ruling.who,
        snapshot=record["snapshot"],
        data_version=screener.data_version,
        name_matched=record["name"],
        entry=entry_digest(record),
        marking=ruling.marking,
        action=ruling.action,
        known=ruling.known,
    )


def release(
    log: DecisionLog, screener: Screener, consignment: str, reason: str, who: str, marking: str = ""
) -> Decision:
    """Append the release of a consignment in which nothing was found.

    Raises
    ------
    UsageError
        as :meth:`DecisionLog.add`.
    """
    return log.add(
        consignment,
        NOBODY,
        "false",
        reason,
        who,
        marking=marking,
        action="release",
        data_version=screener.data_version,
        name_matched="no listed party",
    )


def decide_all(log: DecisionLog, screener: Screener, ruling: Ruling) -> list[Decision]:
    """Append one decision on each party that a screening of the name alerts on.

    Raises
    ------
    UsageError
        as :meth:`DecisionLog.add`; and for a name that alerts on nobody.
    """
    alerts = [
        candidate.party
        for candidate in _screened(screener, ruling).candidates
        if candidate.agreement in ("number", "exact", "short") or candidate.own >= LEAST_ALERT
    ]
    if not alerts:
        raise UsageError(f"{ruling.query!r} alerts on no listed party: there is nothing to decide")
    ids = [screener.record(party)["id"] for party in alerts]
    return [decide(log, screener, ruling, party, anyway=True) for party in ids]


def _screened(screener: Screener, ruling: Ruling) -> Found:
    """Return what a screening of the name finds, with what is known beside it."""
    query = query_of_decision(ruling.query, checked(ruling.known))
    return screener.find([query])[0][0]
