# SPDX-License-Identifier: Apache-2.0
"""Measures of voting alike: the dyad, each with a third state, and a set of states among
themselves.
"""

from __future__ import annotations

from bilat.alignment.voting import FEWEST, WILSON, Basis, Method, pair
from bilat.measures import Answer, Ask, Interval, Pair, measure
from bilat.statistics import LEVEL
from bilat.units import percent

REFERENCE = (
    "Voeten (2013), Data and Analyses of Voting in the UN General Assembly; Bailey, Strezhnev and "
    "Voeten (2017), Journal of Conflict Resolution 61(2)"
)
RULE = (
    "Both states must have voted yes, no or abstain; absences and adoptions without a vote do not "
    f"count. A year with fewer than {FEWEST} common votes has no share. Roll calls are counted by "
    "calendar year, from the record that has the most of them. Up to 2019, this includes votes on "
    "paragraphs and amendments; from 2020, it has whole resolutions only. Sessions have final "
    "resolutions only, as published; the year is the number of the session plus 1945."
)
UNSEEN = "most resolutions are adopted without a vote and are not seen here"
STANDARD_ERRORS = Interval(
    "sampling", "mean +- 1.96 standard errors over the year's common votes", LEVEL, about="repeated"
)
#: Kind of a point -> the record it comes from.
KINDS = {"derived": "our roll calls", "reported": "our sessions"}


def _noted(out: Answer, lacks: list[str], method: str) -> Answer:
    """The answer with what it cannot show, and the interval of the method."""
    out.interval = WILSON
    if method == "voeten":
        out.interval = STANDARD_ERRORS
    last = {
        kind: max((p.period for p in out.points if p.kind == kind), default="") for kind in KINDS
    }
    ends = [f"{KINDS[kind]} end with {year}" for kind, year in last.items() if year]
    notes = ["; ".join(dict.fromkeys(lacks)), "; ".join(ends), UNSEEN]
    out.note = " ".join(f"{s[0].upper()}{s[1:]}." for s in notes if s)
    return out


@measure(
    "votes.agreement",
    of=Pair,
    title="Agreement in the UN General Assembly",
    unit=percent("common votes"),
    tables=("votes", "series"),
    reference=REFERENCE,
    method="Of the roll calls in which both states voted, the share in which their votes were the "
    "same. With method=voeten, an abstention counts as halfway between yes and no, and the figure "
    "is the mean of 1 - |d|/2. " + RULE,
    interval=WILSON,
)
def agreement(ask: Ask, basis: Basis = "both", method: Method = "exact") -> Answer:
    """Groups: ``roll calls`` and ``sessions``; a point per year."""
    out = ask.answer()
    return _noted(out, pair(out, ask, ask.dyad.a, ask.dyad.b, "", basis, method), method)
