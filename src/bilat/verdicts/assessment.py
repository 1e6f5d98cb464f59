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
        the id of one claim, or the ids of several; all claims by default. Of several, those that
        cannot be asked of the pair are left out.
    context
        whether to add what does not change the answer: tests of rival readings, the stored search,
        and the answer of the other time (when written, or since). Without it the current answer
        stands for both times.

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
    records = holdings or default_holdings()
    claims = _claims_named([only] if isinstance(only, str) else only)
    judged = []
    for claim in claims:
        ordered_pair = cast(claim.applies, pair, when, records)
        if ordered_pair is not None:
            judged.append(judge_one(claim, ordered_pair, when, records, context=context))
    if isinstance(only, str):
        if not judged:
            raise _about_others(claims[0], pair)
    elif context and not _is_papers_pair(pair):
        # The paper asserts nothing of this pair, so claims without evidence are left out.
        judged = [j for j in judged if {j.when_written.answer, j.since.answer} != {"not known"}]
    return ShownList(judged, _COLUMNS, f"{pair.name}, as of {day(when.date)}")


def _claims_named(ids: Collection[str] | None) -> list[Claim]:
    """Return the claims with these ids, or all if None, in the order of the ledger."""
    claims = {claim.id: claim for claim in ledger()}
    if ids is None:
        return list(claims.values())
    unknown = [name for name in ids if name not in claims]
    if unknown:
        raise UnknownName(f"no claim {unknown[0]!r}: choose from {', '.join(claims)}")
    return [claim for claim in claims.values() if claim.id in ids]


def _about_others(claim: Claim, pair: Dyad) -> UsageError:
    """Return the error for a claim that cannot be asked of a pair."""
    subject = "Russia and China" if claim.applies == "these two" else "an arms trade"
    return UsageError(f"claim {claim.id} cannot be asked of {pair.name}: it is about {subject}")


def _is_papers_pair(pair: Dyad) -> bool:
    return {pair.a, pair.b} == {THESE.a, THESE.b}


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
    """Judge one claim as of a date.

    Parameters
    ----------
    dyad
        the two states in the claim's order, as :func:`bilat.verdicts.pairs.cast` returns them.
    context
        as in :func:`judge`.

    Raises
    ------
    DataError
        for a claim with a test about others than its pair that does not name them.
    """
    check_subjects(claim)
    names = Names(dyad)
    claim = claim.model_copy(update={"needs": names.said(claim.needs)})
    rivals = [tested(rival, dyad, as_of, holdings) for rival in claim.rivals] if context else []
    rival_outcomes = [outcome for _, outcome in rivals if outcome]

    def answer_for(half: Half) -> Answered:
        return answer(claim, half, gather(claim, half, dyad, as_of, holdings), as_of)

    current: Half = "since" if as_of.date > PAPER_DATE else "when_written"
    now = answer_for(current)
    when_written = since = now
    if context and current == "since":
        when_written = answer_for("when_written")
    elif context:
        since = answer_for("since")
    judgement = Judgement(
        id=claim.id,
        section=claim.section,
        chapter=claim.chapter,
        footnote=claim.footnote,
        claim=capital(names.said(claim.claim)),
        as_of=as_of,
        when_written=when_written,
        since=since,
        rule=whole_rule(claim.tests, names, claim.why, claim.set_after),
        legs=[_leg(t, run(t, dyad, as_of, holdings), names) for t in claim.tests],
        rivals=[rival for rival, _ in rivals],
        needs=claim.needs,
        limits=names.said(claim.limits),
        others=[outcome.measurement for outcome in rival_outcomes if outcome.measurement],
        dyad=dyad,
        remarks=tuple(names.said(text) for text in (claim.why, claim.set_after) if text),
    )
    if not context or not _is_papers_pair(dyad):
        return judgement
    return replace(judgement, search=stored_search(claim, current, now, as_of, holdings))


def _leg(test: Indicator, outcome: Outcome, names: Names) -> Leg:
    """Return the answer of one test of a claim, with its rule and its figure."""
    named = test.named(names.dyad.a, names.dyad.b)
    return Leg(
        rule=rule(test, names),
        verdict=SIDES[outcome.verdict],
        sentence=outcome.sentence,
        value=outcome.value,
        low=outcome.low,
        high=outcome.high,
        interval=_interval_name(outcome),
        unit=names.unit(outcome.unit),
        period=outcome.period,
        data_to=outcome.data_to,
        decision=decision(named, outcome),
        asks=figure(named, names),
        bounds=thresholds(named),
        origin=origin(named),
        measured=titled(named),
    )


def _interval_name(outcome: Outcome) -> str:
    """Return the kind of a figure's interval, or why it has none."""
    if outcome.band:
        return outcome.band.name
    return f"none, because {outcome.no_band or outcome.missing}"


__all__ = ["judge", "judge_one"]
