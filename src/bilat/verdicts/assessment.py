# SPDX-License-Identifier: Apache-2.0
"""Judge every claim of the ledger that can be asked of a pair of states, as of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bilat.document.wording import day
from bilat.dyad import Dyad
from bilat.errors import UnknownName, UsageError
from bilat.holdings import Holdings
from bilat.listing import Columns, ShownList
from bilat.measures import default_holdings
from bilat.verdicts.answers import answer
from bilat.verdicts.decision import decision
from bilat.verdicts.evidence import gather
from bilat.verdicts.judgement import ANSWERS, Answered, Judgement, Leg
from bilat.verdicts.ledger import Claim, Half, Indicator, check_subjects, ledger
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import SIDES, Outcome
from bilat.verdicts.pairs import THESE, cast
from bilat.verdicts.rivals import tested
from bilat.verdicts.rule_text import figure, origin, rule, thresholds, titled, whole_rule
from bilat.verdicts.rules import run
from bilat.verdicts.search import stored_search
from bilat.verdicts.sentences import capital
from bilat.when import PAPER_DATE, AsOf


def judge(
    dyad: Dyad | tuple[str, str] | str = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    only: str | Collection[str] | None = None,
    *,
    context: bool = True,
) -> list[Judgement]:
    """Judge the claims of the ledger for two states as of a date.

    Parameters
    ----------
    dyad
        the two states; Russia and China by default. A claim that cannot be asked of them is left
        out.
    as_of
        a date that hides what the public could not know on it; today by default.
    holdings
        the records to ask; those that come with the package and were added to it by default.
    only
        the id of one claim, or the ids of several, of which those that cannot be asked of the pair
        are left out; all claims by default.
    context
        whether rival readings are tested and the stored search is shown next to each answer, which
        neither changes, and whether the answer of the other time, when written or since, is given
        too. Without it the current answer stands for both.

    Returns
    -------
    list of Judgement
        for each claim the answer with its evidence, in the order of the ledger. A notebook shows
        the list as a table.

    Raises
    ------
    UsageError
        for an id that the ledger does not have, or a claim that cannot be asked of the pair.

    Examples
    --------
    >>> from bilat import claims
    >>> found = claims(("RUS", "CHN"), "2023-03-20", only="P7")
    >>> found[0].claim
    'An axis of Russia, China, Iran and North Korea may be forming.'
    >>> found[0].verdict
    'in part'
    """
    pair = Dyad.of(dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    ids = [only] if isinstance(only, str) else only
    known_ids = [c.id for c in ledger()]
    for unknown in (i for i in ids or () if i not in known_ids):
        raise UnknownName(f"no claim {unknown!r}: choose from {', '.join(known_ids)}")
    wanted = [c for c in ledger() if ids is None or c.id in ids]
    parts = [(c, cast(c.applies, pair, when, held)) for c in wanted]
    judged = [judge_one(c, d, when, held, context=context) for c, d in parts if d is not None]
    if context and not isinstance(only, str):
        # of other pairs than the paper's a claim without evidence is no question
        known = [j for j in judged if {j.when_written.answer, j.since.answer} != {"not known"}]
        judged = judged if {pair.a, pair.b} == {THESE.a, THESE.b} else known
    if isinstance(only, str) and not judged:
        only_of = "Russia and China" if wanted[0].applies == "these two" else "an arms trade"
        raise UsageError(f"claim {only} cannot be asked of {pair.name}: it is about {only_of}")
    return ShownList(judged, _COLUMNS, f"{pair.name}, as of {day(when.date)}")


#: What a notebook shows of a judgement.
_COLUMNS: Columns = {
    "claim": lambda j: f"{j.id} {j.claim}",
    "when written": lambda j: f"{ANSWERS[j.when_written.answer]} {j.when_written.answer}",
    "since": lambda j: f"{ANSWERS[j.since.answer]} {j.since.answer}",
    "sentence": lambda j: j.why,
    "data to": lambda j: j.record_to,
}


def judge_one(
    claim: Claim, dyad: Dyad, as_of: AsOf, holdings: Holdings, *, context: bool = True
) -> Judgement:
    """One claim as of a date; ``dyad`` in the parts that the claim gives it.

    Without ``context`` the current answer stands alone, without that of the other time, rival
    readings and stored search.

    Raises
    ------
    DataError
        for a claim with a test about others than its pair that does not name them.
    """
    check_subjects(claim)
    names = Names(dyad)
    claim = claim.model_copy(update={"needs": names.said(claim.needs)})
    rival_tests = claim.rivals if context else []
    rivals = [tested(r, dyad, as_of, holdings) for r in rival_tests]

    def answered(half: Half) -> Answered:
        return answer(claim, half, gather(claim, half, dyad, as_of, holdings), as_of)

    current: Half = "since" if as_of.date > PAPER_DATE else "when_written"
    now = answered(current)
    made = Judgement(
        id=claim.id,
        section=claim.section,
        chapter=claim.chapter,
        footnote=claim.footnote,
        claim=capital(names.said(claim.claim)),
        as_of=as_of,
        when_written=now if current == "when_written" or not context else answered("when_written"),
        since=now if current == "since" or not context else answered("since"),
        rule=whole_rule(claim.tests, names, claim.why, claim.set_after),
        legs=[_leg(t, run(t, dyad, as_of, holdings), names) for t in claim.tests],
        rivals=[r for r, _ in rivals],
        needs=claim.needs,
        limits=names.said(claim.limits),
        others=[o.measurement for _, o in rivals if o and o.measurement],
        dyad=dyad,
        remarks=tuple(names.said(text) for text in (claim.why, claim.set_after) if text),
    )
    if not context or {dyad.a, dyad.b} != {THESE.a, THESE.b}:
        return made
    return replace(made, search=stored_search(claim, current, now, as_of, holdings))


def _leg(test: Indicator, o: Outcome, names: Names) -> Leg:
    named = test.named(names.dyad.a, names.dyad.b)
    return Leg(
        rule=rule(test, names),
        verdict=SIDES[o.verdict],
        sentence=o.sentence,
        value=o.value,
        low=o.low,
        high=o.high,
        interval=o.band.name if o.band else f"none, because {o.no_band or o.missing}",
        unit=names.unit(o.unit),
        period=o.period,
        data_to=o.data_to,
        decision=decision(named, o),
        asks=figure(named, names),
        bounds=thresholds(named),
        origin=origin(named),
        measured=titled(named),
    )


__all__ = ["judge", "judge_one"]
