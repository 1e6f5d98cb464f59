# SPDX-License-Identifier: Apache-2.0
"""Judge every claim of the ledger for a dyad as of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.places import country_name
from bilat.units import Unit
from bilat.verdicts.confidence import confidence
from bilat.verdicts.judgement import Judgement, Rival
from bilat.verdicts.ledger import CHAPTERS, Claim, ledger
from bilat.verdicts.likelihood import word
from bilat.verdicts.rules import Outcome, run
from bilat.when import AsOf

_ORDER = ["contradicted", "not supported", "partly supported", "supported"]


def judge(
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    as_of: AsOf | str | dt.date | None = None,
    holdings: Holdings | None = None,
    only: str | None = None,
) -> list[Judgement]:
    """Every claim of the ledger, judged.

    Parameters
    ----------
    only
        the id of one claim.

    Raises
    ------
    UsageError
        for an id that the ledger does not hold.
    """
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    if set(pair) == {"RUS", "CHN"}:  # the paper speaks of Russia and China in this order
        pair = Dyad("RUS", "CHN")
    when = AsOf(as_of)
    held = holdings or default_holdings()
    wanted = [c for c in ledger() if only is None or c.id == only]
    if not wanted:
        raise UsageError(f"no claim {only!r}: the ledger has {', '.join(c.id for c in ledger())}")
    return [judge_one(c, pair, when, held) for c in wanted]


def combine(verdicts: list[str], how: str) -> str:
    """One verdict of several tests.

    ``all``: supported only if every test is; contradicted if one is and none supports; else partly if any
    test supports, wholly or in part. ``any``: the best one. A test that cannot be measured as of the date
    leaves the others to decide, and keeps the whole from being more than partly supported.
    """
    measured = [v for v in verdicts if v in _ORDER]
    if not measured:
        return "not measurable"
    if how == "any":
        return max(measured, key=_ORDER.index)
    if all(v == "supported" for v in verdicts):
        return "supported"
    if any(v in ("supported", "partly supported") for v in measured):
        return "partly supported"
    return "contradicted" if "contradicted" in measured else "not supported"


def _reworded(unit: str, said: Callable[[str], str]) -> str:
    """The unit with the names of the states in it, and its kind as before."""
    text = said(unit)
    return unit if text == unit else unit.reworded(text) if isinstance(unit, Unit) else text


def judge_one(claim: Claim, dyad: Dyad, as_of: AsOf, holdings: Holdings) -> Judgement:
    """One claim as of a date."""

    def said(text: str) -> str:
        return text.replace("{A}", country_name(dyad.a)).replace("{B}", country_name(dyad.b))

    about_these = not claim.dyad_only or set(dyad) == {"RUS", "CHN"}
    outcomes = [run(t, dyad, as_of, holdings) for t in claim.tests] if about_these else []
    if claim.how == "measured" and about_these:
        verdict = combine([o.verdict for o in outcomes], claim.combine)
    elif claim.how == "published" and about_these:
        verdict = (
            "published figure only" if not outcomes or any(o.used for o in outcomes) else "not measurable"
        )
    else:
        verdict = "not measurable"
    if claim.cap and verdict == "supported":
        verdict = claim.cap
    lead = next((o for o in outcomes if o.value is not None), None)
    needs = claim.needs
    if not about_these:
        needs = "the paper makes this claim of Russia and China; a rule for this dyad"
    elif verdict == "not measurable" and outcomes:
        needs = "; ".join(dict.fromkeys(o.missing for o in outcomes if o.missing)) or claim.needs
    sentences = [o.sentence for o in outcomes if o.value is not None] or [o.sentence for o in outcomes]
    why = "; ".join(dict.fromkeys(sentences)) or needs
    if claim.cap and verdict == claim.cap and claim.cap_why:
        why = f"{why}; {claim.cap_why}"
    level, level_why = confidence([o for o in outcomes if o.value is not None])
    likely, probability = _likelihood(claim, [o for o in outcomes if o.value is not None])
    measurements = [o.measurement for o in outcomes if o.measurement is not None]
    rivals = [_rival(r, dyad, as_of, holdings, measurements) for r in claim.rivals] if about_these else []
    return Judgement(
        id=claim.id,
        section=claim.section,
        chapter=claim.chapter,
        footnote=claim.footnote,
        claim=said(claim.claim),
        verdict=verdict,
        why=said(why),
        rule=said(
            claim.rule + (f" Set after the figures were seen: {claim.set_after}" if claim.set_after else "")
        ),
        measure=lead.measurement.name
        if lead and lead.measurement
        else (claim.tests[0].measure if claim.tests else ""),
        params=dict(lead.measurement.params) if lead and lead.measurement else {},
        value=lead.value if lead else None,
        low=lead.low if lead else None,
        high=lead.high if lead else None,
        unit=_reworded(lead.unit, said) if lead else "",
        period=lead.period if lead else "",
        as_of=as_of,
        likelihood=likely,
        probability=probability,
        confidence=level if lead else "low",
        confidence_why=level_why,
        sources=sorted({s["name"] for m in measurements for s in m.sources}),
        rivals=rivals,
        needs=said(needs),
        limits=said(claim.limits),
        evidence=lead.measurement if lead else (measurements[0] if measurements else None),
        others=list({id(m): m for m in measurements if lead is None or m is not lead.measurement}.values()),
    )


def _likelihood(claim: Claim, outcomes: list[Outcome]) -> tuple[str, float | None]:
    """The estimative word, and its probability: of the weakest test where all must hold, else the best."""
    if claim.how != "measured" or not outcomes:
        return "not stated: nothing is measured", None
    known = [o.probability for o in outcomes if o.probability is not None]
    if not known:
        return f"not stated: {outcomes[0].basis}", None
    probability = min(known) if claim.combine == "all" else max(known)
    return word(probability), probability


def _rival(r, dyad: Dyad, as_of: AsOf, holdings: Holdings, measurements: list) -> Rival:  # type: ignore[no-untyped-def, type-arg]
    def said(text: str) -> str:
        return text.replace("{A}", country_name(dyad.a)).replace("{B}", country_name(dyad.b))

    if r.test is None:
        return Rival(said(r.reading), "not tested", said(r.untested), weakens=False)
    outcome: Outcome = run(r.test, dyad, as_of, holdings)
    if outcome.measurement is not None:
        measurements.append(outcome.measurement)
    if outcome.value is None:
        return Rival(
            said(r.reading), _words(r.test, dyad), f"not measurable: {outcome.missing}", weakens=False
        )
    passed = outcome.verdict == "supported"
    holds = passed if r.holds_if == "supported" else not passed
    return Rival(
        said(r.reading),
        _words(r.test, dyad),
        ("holds: " if holds else "does not hold: ") + outcome.sentence,
        weakens=holds,
    )


def _words(test, dyad: Dyad) -> str:  # type: ignore[no-untyped-def]
    group = test.group.format(a=dyad.a, b=dyad.b).replace("*", "")
    group = f" ({group})" if group else ""
    match test.form:
        case "change":
            return (
                f"{test.statistic} of {test.measure}{group}, {test.after[0]} to {test.after[1]} against "
                f"{test.before[0]} to {test.before[1]}"
            )
        case "trend":
            return (
                f"trend of {test.measure}{group}, {test.window[0]} to {test.window[1]}"
                if test.window
                else (f"trend of {test.measure}{group}")
            )
        case "gap":
            minus = test.minus.format(a=dyad.a, b=dyad.b)
            return f"{test.measure}:{group} against {minus}"
        case _:
            when = f", {test.window[0]} to {test.window[1]}" if test.window else ""
            return f"{test.statistic} of {test.measure}{group}{when}"


__all__ = ["CHAPTERS", "judge", "judge_one"]
