# SPDX-License-Identifier: Apache-2.0
"""A new decision on a listed party that a screening of the name proposes."""

from __future__ import annotations

from collections.abc import Mapping

from bilat.errors import UsageError
from bilat.parties.decisions.log import VERDICTS, Decision, DecisionLog, checked
from bilat.parties.decisions.reach import entry_digest, query_of_decision
from bilat.parties.screening.screener import Screener

#: Least chance of a party that a decision on all parties of a name is about.
LEAST_ALERT = 0.1


def decide(
    log: DecisionLog,
    screener: Screener,
    query: str,
    party: str,
    verdict: str,
    reason: str,
    who: str,
    *,
    marking: str = "",
    action: str = "",
    known: Mapping[str, str],
    anyway: bool = False,
) -> Decision:
    """Append a decision about a listed party as it stands on the lists of a screener.

    Raises
    ------
    DataError
        for a party that is on none of the lists.
    UsageError
        as :meth:`DecisionLog.add`; and for a party that a screening of the name does not propose, unless ``anyway``.
    """
    record = screener.by_id(party)
    if verdict in VERDICTS and query.strip() and not anyway:
        found = screener.find([query_of_decision(query, checked(known))])[0][0]
        proposed = [screener.record(c.party) for c in found.candidates]
        if record["id"] not in {r["id"] for r in proposed}:
            names = "; ".join(f"{r['name']} ({r['id']})" for r in proposed[:3]) or "nobody"
            raise UsageError(
                f"{record['name']} ({record['id']}) is not proposed for {query!r}, which gives {names}: correct the "
                "party, or say that it is meant anyway"
            )
    return log.add(
        query,
        record["id"],
        verdict,
        reason,
        who,
        snapshot=record["snapshot"],
        data_version=screener.data_version,
        name_matched=record["name"],
        entry=entry_digest(record),
        marking=marking,
        action=action,
        known=known,
    )


def decide_all(
    log: DecisionLog,
    screener: Screener,
    query: str,
    verdict: str,
    reason: str,
    who: str,
    *,
    marking: str = "",
    action: str = "",
    known: Mapping[str, str],
) -> list[Decision]:
    """Append one decision on each party that a screening of the name alerts on.

    Raises
    ------
    UsageError
        as :meth:`DecisionLog.add`; and for a name that alerts on nobody.
    """
    found = screener.find([query_of_decision(query, checked(known))])[0][0]
    alerts = [
        c
        for c in found.candidates
        if c.agreement in ("number", "exact", "short") or c.own >= LEAST_ALERT
    ]
    if not alerts:
        raise UsageError(f"{query!r} alerts on no listed party: there is nothing to decide")
    ids = [screener.record(c.party)["id"] for c in alerts]
    more = {"marking": marking, "action": action}
    return [
        decide(log, screener, query, i, verdict, reason, who, known=known, anyway=True, **more)
        for i in ids
    ]
