# SPDX-License-Identifier: Apache-2.0
"""Judge every claim of the ledger that can be asked of a pair of states, as of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bilat.dyad import Dyad
from bilat.errors import UnknownName, UsageError
from bilat.holdings import Holdings
from bilat.listing import Columns, ShownList
from bilat.measures import default_holdings
from bilat.units import Unit
from bilat.units.written import figure, interval
from bilat.verdicts import movement
from bilat.verdicts.asked import Test
from bilat.verdicts.combining import AGAINST, FOR, combine
from bilat.verdicts.confidence import confidence
from bilat.verdicts.decision import decision
from bilat.verdicts.grid import NONE_SUPPORTS, Robustness, robustness
from bilat.verdicts.judgement import DECIDED, VERDICTS, Judgement, Leg, Rival
from bilat.verdicts.ledger import CHAPTERS, Claim, ledger
from bilat.verdicts.likelihood import word
from bilat.verdicts.names import Names
from bilat.verdicts.outcome import Outcome
from bilat.verdicts.pairs import THESE, cast
from bilat.verdicts.printed import rule, shown_figure, shown_rule, whole_rule
from bilat.verdicts.reference import BaseRate, base_rate
from bilat.verdicts.rivals import tested
from bilat.verdicts.rules import run
from bilat.when import AsOf

#: The verdict of a figure that a claim shows and no rule decides.
NOT_JUDGED = "shown, not judged"


def judge(
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    only: str | None = None,
) -> list[Judgement]:
    """Every claim of the ledger that can be asked of the pair, judged.

    Parameters
    ----------
    only
        the id of one claim.

    Raises
    ------
    UsageError
        for an id that the ledger does not hold, or a claim that cannot be asked of the pair.
    """
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    when = AsOf(as_of)
    held = holdings or default_holdings()
    wanted = [c for c in ledger() if only is None or c.id == only]
    if not wanted:
        raise UnknownName(f"no claim {only!r}: the ledger has {', '.join(c.id for c in ledger())}")
    parts = [
        (c, None if {pair.a, pair.b} & {*c.without} else cast(c.applies, pair, when, held)) for c in wanted
    ]
    judged = [judge_one(c, d, when, held) for c, d in parts if d is not None]
    if only is not None and not judged:
        raise UsageError(f"claim {only} cannot be asked of {pair.name}: it needs {wanted[0].applies}")
    return ShownList(judged, _COLUMNS, f"{pair.name}, as of {when}")


#: What a notebook shows of a judgement.
_COLUMNS: Columns = {
    "claim": lambda j: j.id,
    "verdict": lambda j: f"{VERDICTS[j.verdict]} {j.marked}",
    "figure": lambda j: figure(j.value, j.unit) if j.value is not None else "",
    "interval": lambda j: interval(j.low, j.high, j.unit),
    "period": lambda j: j.period,
    "likelihood": lambda j: j.likelihood,
    "confidence": lambda j: j.confidence,
    "what is claimed": lambda j: j.claim,
    "why": lambda j: j.why,
}


@dataclass(frozen=True)
class _Decided:
    """What the tests of a claim gave together."""

    verdict: str
    outcomes: list[Outcome]
    robust: Robustness | None = None
    base: BaseRate | None = None
    lowered: str = ""  #: why the verdict is less than the tests give

    @property
    def with_value(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.value is not None]

    @property
    def lead(self) -> Outcome | None:
        """The outcome whose figure stands for the claim; none where nothing is decided."""
        return None if self.verdict == "not measurable" else next(iter(self.with_value), None)


def judge_one(claim: Claim, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Judgement:
    """One claim as of a date; ``dyad`` in the parts that the claim gives it."""
    names = Names(dyad)
    decided = _decide(claim, dyad, as_of, holdings)
    outcomes = decided.outcomes
    asked = [r for r in claim.rivals if not {dyad.a, dyad.b} & {*r.without}]
    rivals = [tested(r, dyad, as_of, holdings) for r in asked]
    measurements = [o.measurement for o in [*outcomes, *(o for _, o in rivals if o)] if o.measurement]
    common = decided.robust is None or decided.robust.default_is_common
    level, level_why = confidence(decided.with_value, common=common)
    likely, probability = _likelihood(claim, decided)
    judged_by = claim.how == "measured"
    needs = claim.needs
    if decided.verdict == "not measurable" and outcomes:
        needs = "; ".join(dict.fromkeys(o.missing for o in outcomes if o.missing)) or claim.needs
    main = decided.lead.measurement if decided.lead else (measurements[0] if measurements else None)
    bare = Judgement(
        id=claim.id,
        section=claim.section,
        chapter=claim.chapter,
        footnote=claim.footnote,
        claim=_sentence(names.said(claim.claim)),
        verdict=decided.verdict,
        why=names.said(_why(claim, decided, needs)),
        rule=_rule(claim, names),
        as_of=as_of,
        likelihood=likely,
        probability=probability,
        confidence=level if judged_by and decided.lead else "low",
        confidence_why=level_why if judged_by or not decided.lead else f"shown and not judged; {level_why}",
        sources=sorted({s["name"] for m in measurements for s in m.sources}),
        rivals=[r for r, _ in rivals],
        needs=names.said(needs),
        limits=names.said(claim.limits),
        measure=main.name if main else "",
        evidence=main,
        others=list({id(m): m for m in measurements if m is not main}.values()),
        legs=_legs(claim, outcomes, names),
        revised=any(o.revised for o in decided.with_value),
        robustness=decided.robust,
        reference=decided.base,
        headline=claim.headline and not (decided.robust and decided.robust.word == "depends on the choice"),
        ours=claim.ours,
        dyad=dyad,
    )
    return _with_figure(bare, decided.lead, names)


def _with_figure(j: Judgement, lead: Outcome | None, names: Names) -> Judgement:
    """The judgement with its deciding figure."""
    if lead is None:
        return j
    return replace(
        j,
        params=dict(lead.measurement.params) if lead.measurement else {},
        value=lead.value,
        low=lead.low,
        high=lead.high,
        unit=_unit(lead.unit, names),
        period=lead.period,
        interval=_interval(lead),
        data_to=lead.data_to,
        record_to=lead.record_to,
    )


def _decide(claim: Claim, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> _Decided:
    outcomes = [run(t, dyad, as_of, holdings) for t in claim.tests]
    if claim.how != "measured":
        held = not outcomes or any(o.used for o in outcomes)
        shown = claim.how != "unmeasurable" and bool(outcomes) and held
        return _Decided(f"{claim.how} figure only" if shown else "not measurable", outcomes)
    verdict = combine([o.verdict for o in outcomes], claim.combine)
    lowered = ""
    if claim.cap and verdict == "supported":
        verdict, lowered = claim.cap, claim.cap_why
    robust = base = None
    if claim.grid and verdict in DECIDED:
        robust = robustness(claim.grid, claim.tests, dyad, as_of, holdings)
        if robust.word == "depends on the choice":
            verdict = robust.word
        elif robust.word == NONE_SUPPORTS:  # contradicted by some choices only: less than that holds of all
            milder = [o.verdict for o in outcomes]
            milder[claim.grid.test] = "not supported"
            verdict = combine(milder, claim.combine)
    if claim.reference and (verdict in DECIDED or (robust and claim.reference.special)):
        own = outcomes[claim.reference.test]
        base = base_rate(claim.reference, claim.tests, own, dyad, as_of, holdings)
        if base and claim.reference.special and not base.unusual and verdict not in AGAINST:
            lowered = f"{base.sentence}: not special to these two"
            verdict = "partly supported" if verdict in FOR else verdict
    return _Decided(verdict, outcomes, robust, base, lowered)


def moved(then: Judgement, now: Judgement, holdings: Holdings | None = None) -> Judgement:
    """The later judgement with its movement: why the verdict differs from the earlier one's.

    Raises
    ------
    UsageError
        where the two are not of one claim.
    """
    if then.id != now.id:
        raise UsageError(f"{then.id} and {now.id} are two claims: compare one with itself")
    if then.verdict == now.verdict:
        return now
    claim = next((c for c in ledger() if c.id == now.id), None)
    tests = claim.tests if claim and now.dyad else []
    held = holdings or default_holdings()
    pair = now.dyad or THESE
    before = [run(t, pair, then.as_of, held) for t in tests]
    later = [run(t, pair, now.as_of, held) for t in tests]
    again = [run(t, pair, now.as_of, held, until=then.as_of.date) for t in tests]

    def together(outcomes: list[Outcome]) -> str:
        return combine([o.verdict for o in outcomes], claim.combine) if claim else ""

    why = movement.kind(
        movement.Verdicts(then.verdict, together(before)),
        movement.Verdicts(now.verdict, together(later)),
        together(again),
        before,
        again,
        decided=DECIDED,
    )
    return replace(now, movement=why)


def _unit(unit: str, names: Names) -> str:
    """The unit with the names of the states in it, and its kind as before."""
    text = names.said(unit)
    return unit if text == unit else unit.reworded(text) if isinstance(unit, Unit) else text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _why(claim: Claim, d: _Decided, needs: str) -> str:
    if d.lead is None:
        return f"Not measured; needed: {needs}"
    ranged = d.robust is not None and d.robust.default_is_extreme
    said = []
    for n, o in enumerate(d.outcomes):
        if o.value is not None and o.sentence:
            varied = ranged and claim.grid is not None and n == claim.grid.test
            said.append(f"{o.sentence}{_ranged(d.robust) if varied and d.robust else ''}")
    text = "; ".join(dict.fromkeys(said))
    missing = [
        _apart(t, claim.tests) for t, o in zip(claim.tests, d.outcomes, strict=True) if o.value is None
    ]
    if missing:
        text += f"; not measured: {', '.join(missing)}"
    if d.robust and d.robust.word in ("depends on the choice", NONE_SUPPORTS):
        text += f"; {d.robust.sentence}"
    return f"{text}; {d.lowered}" if d.lowered else text


def _apart(test: Test, tests: Sequence[Test]) -> str:
    """What a test asks; with its groups where another test asks the same of others."""
    alone = sum(t.what == test.what for t in tests) == 1
    return test.what if alone or test.form != "gap" else f"{test.what}, {test.group} against {test.minus}"


def _ranged(robust: Robustness) -> str:
    """Beside the figure that the grid varies, where that figure is the least or greatest of all choices."""
    return f" (over {len(robust.judged)} choices {robust.range})"


def _rule(claim: Claim, names: Names) -> str:
    if claim.how in ("published", "modelled"):
        return shown_rule(claim.tests, names, claim.how, claim.why, claim.set_after)
    return whole_rule(claim.tests, claim.combine, names, claim.why, claim.set_after, claim.cap)


def _legs(claim: Claim, outcomes: list[Outcome], names: Names) -> list[Leg]:
    """The tests with what they gave; of a claim that is not judged, the figures that are shown."""
    pairs = list(zip(claim.tests, outcomes, strict=True))
    if claim.how in ("published", "modelled"):
        return [_leg(shown_figure(t, names), t, o, names, NOT_JUDGED) for t, o in pairs]
    return [_leg(rule(t, names), t, o, names, o.verdict) for t, o in pairs]


def _leg(text: str, test: Test, o: Outcome, names: Names, verdict: str) -> Leg:
    return Leg(
        rule=text,
        verdict=verdict,
        sentence=o.sentence,
        value=o.value,
        low=o.low,
        high=o.high,
        interval=_interval(o),
        unit=str(_unit(o.unit, names)),
        period=o.period,
        data_to=o.data_to,
        decision=None if verdict == NOT_JUDGED else decision(test.named(names.dyad.a, names.dyad.b), o),
    )


def _interval(o: Outcome | None) -> str:
    if o is None:
        return ""
    return o.band.name if o.band else f"no interval: {o.no_band or o.missing}"


def _likelihood(claim: Claim, d: _Decided) -> tuple[str, float | None]:
    """The estimative word with its object, and the probability; of the leading test where one leads."""
    if claim.how != "measured" or d.lead is None:
        return f"not stated: nothing is {'measured' if d.lead is None else 'judged'}", None
    if claim.cap:
        return "not stated: what is tested is not the whole of the claim", None
    several = len(claim.tests) > 1
    if not several or claim.combine == "lead":
        o = d.outcomes[0]
        if o.probability is None:
            return f"not stated: {o.basis or o.missing}", None
        what = "the leading test" if several else "the test"
        return (
            f"{word(o.probability)} that the true figure of {what} is past its threshold for supported",
            o.probability,
        )
    known = [o.probability for o in d.outcomes if o.probability is not None]
    if len(known) < len(d.outcomes):
        return (
            f"not stated: {len(d.outcomes) - len(known)} of {len(d.outcomes)} tests give no probability",
            None,
        )
    all_of = (
        "the true figures of both tests" if len(known) == 2 else f"the true figures of all {len(known)} tests"
    )
    if claim.combine == "any":
        return (
            f"{word(max(known))} or more that the true figure of a test is past its threshold for supported",
            max(known),
        )
    return f"{word(min(known))} at best that {all_of} are past their thresholds for supported", min(known)


__all__ = ["CHAPTERS", "Rival", "judge", "judge_one", "moved"]
