# SPDX-License-Identifier: Apache-2.0
"""Measures of voting alike: the dyad, each with a third state, and a set of states among themselves."""

from __future__ import annotations

from itertools import combinations

from bilat.alignment.voting import BASES, FEWEST, METHODS, WILSON, Pair, merge, pair, table
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, measure
from bilat.places import country

REFERENCE = (
    "Voeten (2013), Data and Analyses of Voting in the UN General Assembly; Bailey, Strezhnev and "
    "Voeten (2017), Journal of Conflict Resolution 61(2)"
)
RULE = (
    "Both states must have cast a vote (yes, no or abstain); absences and adoptions without a vote do "
    f"not count; a year with fewer than {FEWEST} common votes has no share. Roll calls: every vote "
    "held, by calendar year, paragraphs and amendments included where the record has them. Sessions: "
    "final resolutions only, as published, year = session + 1945."
)
UNSEEN = "most resolutions are adopted without a vote and are not seen here"
#: Kind of a point -> the record it comes from.
KINDS = {"derived": "roll calls held", "reported": "sessions held"}
PARAMS = {
    "basis": ("both", f"which record: {', '.join(BASES)}"),
    "method": ("exact", f"{', '.join(METHODS)}: the same vote, or 1 - |d|/2 with an abstention halfway"),
}


def _answer(ask: Ask, found: Pair, *notes: str) -> Answer:
    interval = WILSON
    if ask.params.get("method") == "voeten":
        interval = "mean +- 1.96 standard errors over the year's common votes"
    last = {kind: max((p.period for p in found.points if p.kind == kind), default="") for kind in KINDS}
    ends = [f"{KINDS[kind]} end with {year}" for kind, year in last.items() if year]
    said = [*notes, found.lacks, "; ".join(ends), UNSEEN]
    note = " ".join(f"{s[0].upper()}{s[1:]}." for s in said if s)
    return Answer(found.points, table(ask, found.rows), note, interval=interval)


@measure(
    "votes.agreement",
    title="Agreement in the UN General Assembly",
    unit="percent of common votes",
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of the votes that both states cast in which the two votes were the same "
    "(method=voeten: mean of "
    "1 - |d|/2, where an abstention stands halfway between yes and no). " + RULE,
    interval=WILSON,
    params=PARAMS,
)
def agreement(ask: Ask) -> Answer:
    """Groups ``roll calls`` and ``sessions``; a point per year."""
    basis, method = ask.params["basis"], ask.params["method"]
    return _answer(ask, pair(ask, ask.dyad.a, ask.dyad.b, "", basis, method))


@measure(
    "votes.with",
    title="Agreement of each state with a third in the UN General Assembly",
    unit="percent of common votes",
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of common votes in which each state of the dyad voted as the third state did. " + RULE,
    interval=WILSON,
    params={
        "third": ("USA", "the third state"),
        "basis": ("sessions", f"which record: {', '.join(BASES)}"),
        "method": PARAMS["method"],
    },
)
def with_third(ask: Ask) -> Answer:
    """Groups such as ``RUS-USA`` and ``CHN-USA``; a point per year."""
    third = country(ask.params["third"])
    if third in (ask.dyad.a, ask.dyad.b):
        raise UsageError(f"third={third}: a third state is neither {ask.dyad.a} nor {ask.dyad.b}")
    basis, method = ask.params["basis"], ask.params["method"]
    if method == "voeten" and basis == "sessions":
        basis = "rollcalls"
    return _answer(ask, merge(pair(ask, s, third, f"{s}-{third}", basis, method) for s in ask.dyad))


@measure(
    "votes.axis",
    title="Agreement among a set of states in the UN General Assembly",
    unit="percent of common votes",
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of common votes in which two states of the set voted alike, for each pair. " + RULE,
    interval=WILSON,
    params={
        "members": ("RUS;CHN;IRN;PRK", "the states, joined by ;"),
        "basis": ("sessions", f"which record: {', '.join(BASES)}"),
        "method": PARAMS["method"],
    },
)
def axis(ask: Ask) -> Answer:
    """Groups such as ``RUS-IRN``, one per pair of the set, whatever the dyad asked; a point per year."""
    members = list(dict.fromkeys(country(m) for m in ask.params["members"].split(";") if m.strip()))
    if len(members) < 2:
        raise UsageError("members: name two states or more, joined by ;")
    basis, method = ask.params["basis"], ask.params["method"]
    if method == "voeten" and basis == "sessions":
        basis = "rollcalls"
    found = merge(pair(ask, a, b, f"{a}-{b}", basis, method) for a, b in combinations(members, 2))
    return _answer(ask, found, f"the set is {', '.join(members)}, whatever the dyad")
