# SPDX-License-Identifier: Apache-2.0
"""How sure an answer is: a rule over independent originators, dissent and age.

*firm*: every part has two independent voices, one of them of grade B or better; three quarters of
the weight agree; no single originator carries the answer; what leads the sentence speaks of the
last eighteen months, or holds until it is ended. *thin*: one light voice, or evidence that ended
six years ago. *fair*: all others. benchmarks/confidence.md scores the rule against outside
readings; on answers drawn by lot it does not separate, so no page prints it.
"""

from __future__ import annotations

import datetime as dt

from bilat.document.wording import few, few_text
from bilat.verdicts.foundation import agreeing
from bilat.verdicts.judgement import Evidence, Foundation, Sure
from bilat.verdicts.weights import MOST, Weighing

#: Days after which evidence no longer makes an answer firm, and after which it makes it thin.
FRESH = 548
OLD = 6 * 365
#: Least weight of all voices together above which an answer is not thin.
LEAST_WEIGHT = 3.0


def age_of(leads: tuple[Evidence, ...], day: dt.date) -> int:
    """Return the days between a day and the end of the oldest record that leads.

    A rule that fixes its window speaks of a time that is over: there the record behind it counts,
    for it would show a change. What holds until it is ended has no age.
    """
    ages = []
    for e in leads:
        fixed = e.outcome is not None and e.outcome.fixed
        end = e.reaches if fixed else e.content_to
        if end is not None and not e.standing:
            ages.append((day - end).days)
    return max(ages, default=0)


def confidence(
    weighing: Weighing,
    foundation: Foundation,
    leads: tuple[Evidence, ...],
    day: dt.date,
    *,
    open_ended: bool,
) -> tuple[Sure, str]:
    """Return how sure an answer is, and why.

    Parameters
    ----------
    leads
        The evidence that the sentence prints.
    day
        The day as of which the answer is given.
    open_ended
        Whether the claim speaks of what is to come, or a part of it has no evidence.
    """
    agreed = min(share for _, share in weighing.parts.values())
    best = max(_best_grade(weighing, part) for part in weighing.parts)
    age = age_of(leads, day)
    weights = {e.originators: e.weight for e in weighing.deciding}
    why = _reason(weighing, foundation, best, age)
    if weighing.stale or sum(weights.values()) < LEAST_WEIGHT or age > OLD:
        return "thin", why
    firm = (
        foundation.voices >= 2
        and not foundation.carriers
        and best[0] <= "B"
        and agreed >= MOST
        and age <= FRESH
        and not open_ended
    )
    return ("firm" if firm else "fair"), why


def _best_grade(weighing: Weighing, part: str) -> str:
    grades = [e.grade for e in agreeing(weighing, part) if e.grade]
    return min(grades, default="F")


#: What the evidence does to the parts that have one answer.
_DOES = {"yes": "supports", "no": "contradicts"}


def _agreement(weighing: Weighing) -> str:
    """Return how far the evidence of a claim agrees: ``All the evidence supports the claim``."""
    shares = [share for _, share in weighing.parts.values()]
    least = min(shares)
    does = {_DOES.get(word, "") for word, _ in weighing.parts.values()}
    count = len(shares)
    if count == 1 and least <= 0.5:
        return "The evidence is evenly divided"
    if len(does) == 1 and "" not in does:
        return f"{_share(least, count)} of the evidence {does.pop()} {_parts(weighing)}"
    if count == 1:
        return f"{least:.0%} of the evidence is on one side"
    side = f"{_share(least, count).lower()} of the evidence is on one side"
    return f"On each of the {few(count)} parts of the claim, {side}"


def _share(least: float, parts: int) -> str:
    """Return the share that agrees, the least of several parts."""
    if least == 1:
        return "All"
    return f"{least:.0%}" if parts == 1 else f"At least {least:.0%}"


def _parts(weighing: Weighing) -> str:
    """Return the parts of the claim that have evidence: ``both parts of the claim``."""
    count = len(weighing.parts)
    if weighing.silent:
        which = "the only part" if count == 1 else f"the {few(count)} parts"
        has = "has" if count == 1 else "have"
        return f"{which} of the claim that {has} any"
    if count == 1:
        return "the claim"
    if min(share for _, share in weighing.parts.values()) < 1:
        return f"each of the claim\u2019s {few(count)} parts"
    which = "both" if count == 2 else f"all {few(count)}"
    return f"{which} parts of the claim"


def _reason(weighing: Weighing, foundation: Foundation, best: str, age: int) -> str:
    voices = few_text(foundation.voices, "independent sources")
    said = [_agreement(weighing)]
    if len(weighing.parts) > 1:
        said.append(f"Each part has at least {voices}; the best is graded {best}")
    else:
        said.append(f"It comes from {voices}; the best is graded {best}")
    if age >= 365:
        years = f"{age / 365.25:.1f}"
        said.append(f"The main evidence is {'a year' if years == '1.0' else f'{years} years'} old")
    return f"{'. '.join(said)}."
