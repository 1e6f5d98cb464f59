# SPDX-License-Identifier: Apache-2.0
"""Measures of voting alike: the dyad, each with a third state, and a set of states among themselves."""

from __future__ import annotations

from itertools import combinations

from bilat.alignment.voting import FEWEST, WILSON, Basis, Method, pair
from bilat.errors import UsageError
from bilat.measures import Answer, Ask, Interval, State, States, measure
from bilat.statistics import LEVEL
from bilat.units import percent

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
STANDARD_ERRORS = Interval(
    "sampling", "mean +- 1.96 standard errors over the year's common votes", LEVEL, about="repeated"
)
#: Kind of a point -> the record it comes from.
KINDS = {"derived": "roll calls held", "reported": "sessions held"}


def _noted(out: Answer, lacks: list[str], method: str, about: str = "") -> Answer:
    """The answer with what it cannot show, and the interval of the method."""
    out.interval = WILSON
    if method == "voeten":
        out.interval = STANDARD_ERRORS
    last = {kind: max((p.period for p in out.points if p.kind == kind), default="") for kind in KINDS}
    ends = [f"{KINDS[kind]} end with {year}" for kind, year in last.items() if year]
    notes = [about, "; ".join(dict.fromkeys(lacks)), "; ".join(ends), UNSEEN]
    out.note = " ".join(f"{s[0].upper()}{s[1:]}." for s in notes if s)
    return out


@measure(
    "votes.agreement",
    title="Agreement in the UN General Assembly",
    unit=percent("common votes"),
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of the votes that both states cast in which the two votes were the same "
    "(method=voeten: mean of "
    "1 - |d|/2, where an abstention stands halfway between yes and no). " + RULE,
    interval=WILSON,
)
def agreement(ask: Ask, basis: Basis = "both", method: Method = "exact") -> Answer:
    """Groups: ``roll calls`` and ``sessions``; a point per year."""
    out = ask.answer()
    return _noted(out, pair(out, ask, ask.dyad.a, ask.dyad.b, "", basis, method), method)


@measure(
    "votes.with",
    title="Agreement of each state with a third in the UN General Assembly",
    unit=percent("common votes"),
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of common votes in which each state of the dyad voted as the third state did. " + RULE,
    interval=WILSON,
)
def with_third(ask: Ask, third: State = "USA", basis: Basis = "sessions", method: Method = "exact") -> Answer:
    """Groups: such as ``RUS-USA`` and ``CHN-USA``; a point per year.

    third: the third state
    """
    if third in (ask.dyad.a, ask.dyad.b):
        raise UsageError(f"third={third}: a third state is neither {ask.dyad.a} nor {ask.dyad.b}")
    if method == "voeten" and basis == "sessions":
        basis = "rollcalls"
    out = ask.answer()
    lacks = [w for s in ask.dyad for w in pair(out, ask, s, third, f"{s}-{third}", basis, method)]
    return _noted(out, lacks, method)


@measure(
    "votes.axis",
    title="Agreement among a set of states in the UN General Assembly",
    unit=percent("common votes"),
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Share of common votes in which two states of the set voted alike, for each pair. " + RULE,
    interval=WILSON,
)
def axis(
    ask: Ask,
    members: States = ("RUS", "CHN", "IRN", "PRK"),
    basis: Basis = "sessions",
    method: Method = "exact",
) -> Answer:
    """Groups: such as ``RUS-IRN``, one per pair of the set, whatever the dyad asked; a point per year.

    members: two states or more
    """
    if len(members) < 2:
        raise UsageError("members: name two states or more, joined by commas")
    if method == "voeten" and basis == "sessions":
        basis = "rollcalls"
    out = ask.answer()
    lacks = [w for a, b in combinations(members, 2) for w in pair(out, ask, a, b, f"{a}-{b}", basis, method)]
    return _noted(out, lacks, method, f"the set is {', '.join(members)}, whatever the dyad")
