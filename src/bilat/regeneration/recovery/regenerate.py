# SPDX-License-Identifier: Apache-2.0
"""How long until a force is back: the whole answer of one question, as typed records with its lineage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.regeneration.recovery.backtest import Backtest, backtest
from bilat.regeneration.recovery.class_fit import (
    ClassFit,
    LeftOut,
    Reading,
    Residual,
    at_ceasefire,
    fit_class,
    leave_one_out,
    read_both_ways,
)
from bilat.regeneration.recovery.drivers import Driver, drivers
from bilat.regeneration.recovery.outlook import (
    HELP,
    China,
    StartOfOutlook,
    first_passage,
    peace_course,
    quantiles,
)
from bilat.regeneration.recovery.points import ForceClass, force_class, force_classes
from bilat.regeneration.recovery.records import Listed, RecoveryRecords, month_end, month_index, month_text
from bilat.when import AsOf, Period

#: Months after the ceasefire that are looked at; later is ">120".
HORIZON = 120
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
#: Months after the ceasefire for which the probability of having recovered is given.
DATES = (12, 24, 36, 48, 60, 84, 120)
#: Month after the ceasefire at which drivers are measured.
DRIVEN_AT = 60
#: Share of later figures that 80% intervals must have held; below it they are too narrow to be trusted.
HELD_LEAST = 0.7
#: Smallest and largest number of draws that may be asked for.
DRAWS = (200, 1_000_000)
#: Words for the classes, beside their own names.
WORDS = {"tanks": "tank", "ifv": "ifv_apc", "apc": "ifv_apc", "artillery": "tube_artillery"}


@dataclass(frozen=True)
class Scenario:
    """Recovery under one kind of help: months from the ceasefire, infinite where not within the horizon."""

    china: China
    months: tuple[float, ...]  #: at LEVELS
    never: float  #: share of draws not recovered within the horizon
    by: tuple[tuple[int, str, float], ...]  #: (months after the ceasefire, date, probability recovered by it)
    active: tuple[tuple[float, ...], ...]  #: 10, 50 and 90% of the active stock, every sixth month from 0


@dataclass(frozen=True)
class Gain:
    """Months that more help saves, over the draws that recover with both: median, 10% and 90%."""

    less: China
    more: China
    median: float
    low: float
    high: float
    both: float  #: share of draws that recover with both


@dataclass(frozen=True)
class ClassRecovery:
    """One class: how the fit stands, then what it says. Empty parts where nothing can be estimated."""

    klass: ForceClass
    record: dict[str, Any]
    fit: dict[str, Any]
    residuals: tuple[Residual, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    readings: tuple[Reading, ...] = ()
    states: tuple[dict[str, Any], ...] = ()
    at_ceasefire: dict[str, Any] | None = None
    scenarios: tuple[Scenario, ...] = ()
    gains: tuple[Gain, ...] = ()
    growth_alone: Gain | None = (
        None  #: none to components with no dependence on China: growth of production only
    )
    drivers: tuple[Driver, ...] = ()
    backtest: Backtest | None = None
    confidence: tuple[str, tuple[str, ...]] = ("none", ())
    parameters: tuple[dict[str, Any], ...] = ()
    stocks: tuple[dict[str, Any], ...] = ()

    @property
    def conflicts(self) -> list[Residual]:
        """Points of the fit that the rest contradicts."""
        return [r for r in self.residuals if r.conflict and not r.point.shown]


@dataclass(frozen=True)
class Recovery:
    """The answer: what was asked, every class, and the rows that were read."""

    asked: dict[str, Any]
    classes: tuple[ClassRecovery, ...]
    lineage: tuple[dict[str, Any], ...]


def class_names(words: Sequence[str] | None) -> list[str]:
    """Names of the classes asked for; every class where none is.

    Raises
    ------
    UsageError
        for a word that is not a class.
    """
    if not words:
        return list(force_classes())
    parts = [part.strip() for word in words for part in word.split(",") if part.strip()]
    return list(dict.fromkeys(force_class(WORDS.get(p, p)).name for p in parts))


def regenerate(
    *,
    classes: Sequence[str] | None = None,
    ceasefire: str | None = None,
    china: China | None = None,
    draws: int = 10_000,
    seed: int = 1,
    changes: Mapping[str, str] | None = None,
    as_of: AsOf | None = None,
    holdings: Holdings | None = None,
    checks: bool = True,
) -> Recovery:
    """Calibrate to what was public, carry the war on to a ceasefire, and count the months to recovery.

    Parameters
    ----------
    classes, china
        names or words of the classes, and one kind of help; all by default.
    ceasefire
        YYYY-MM or a day in it: the first month of peace. By default the month after the as-of date.
    draws
        draws of the outlook; the fit itself uses 2,000.
    changes
        parameter -> a value, or "low:high".
    checks
        leave-one-out, readings and backtest too (slower).

    Raises
    ------
    UsageError
        for a class, date, kind of help, parameter or number that cannot be asked.
    DataError
        if no losses are held.
    """
    when = as_of or AsOf()
    if china is not None and china not in HELP:
        raise UsageError(f"--china {china}: is not a kind of help; they are: {', '.join(HELP)}")
    if not DRAWS[0] <= draws <= DRAWS[1]:
        raise UsageError(f"--draws {draws}: write a number from {DRAWS[0]:,} to {DRAWS[1]:,}")
    if seed < 0:
        raise UsageError(f"--seed {seed}: write a whole number from 0 on")
    names = class_names(classes)
    records = RecoveryRecords(holdings or Holdings(), when)
    month, _ = first_month_of_peace(ceasefire, when)
    helps = (china,) if china else HELP
    found = []
    for name in names:
        klass = force_class(name)
        if klass.standing == "not estimable":
            found.append(_losses_only(klass, records))
            continue
        fitted = fit_class(name, records, seed=seed, changes=changes)
        answer = outlook_of(fitted, month, draws, seed, helps)
        found.append(checked(answer, fitted, records, month, seed) if checks else answer)
    return Recovery(
        asked={
            "classes": names, "ceasefire": month_text(month), "china": list(helps), "draws": draws, "seed": seed,
            "parameters": dict(changes or {}), "as_of": str(when), "horizon_months": HORIZON,
        },
        classes=tuple(found),
        lineage=tuple(records.lineage()),
    )  # fmt: skip


def first_month_of_peace(text: str | None, when: AsOf) -> tuple[int, str]:
    """(month index, YYYY-MM) of the first month of peace: as asked, else the month after the as-of date.

    Raises
    ------
    UsageError
        for a text that is not a month or day.
    """
    if text is None:
        month = month_index(str(when)) + 1
        return month, month_text(month)
    span = Period(text)
    if len(text) < 7:
        raise UsageError(f"--ceasefire {text}: names a year; write a month as {text}-01")
    month = month_index(span.start.isoformat())
    return month, month_text(month)


def _record(listed: Listed, month: int | None) -> dict[str, Any]:
    """What the record of losses covers, and how long it is carried on to the first month of peace."""
    years = {
        str(y): float(listed.monthly[max(0, month_index(f"{y}-01") - 1) : month_index(f"{y}-12")].sum())
        for y in range(2022, listed.last.year + 1)
        if month_index(f"{y}-01") - 1 < listed.months
    }
    return {
        "first_day": listed.first.isoformat(), "last_day": listed.last.isoformat(), "rows": listed.rows,
        "last_month": month_text(listed.months), "listed_total": listed.total, "claimed_total": listed.claimed,
        "listed_by_year": years, "longest_gap_days": listed.longest_gap,
        "months_carried": max(0, month - 1 - listed.months) if month else 0,
    }  # fmt: skip


def _check_ceasefire(month: int, found: ClassFit) -> None:
    if month <= found.months:
        raise UsageError(
            f"--ceasefire {month_text(month)}: losses are held to {month_text(found.months)}; write a later "
            "month, or ask as of an earlier date"
        )
    if month > found.months + HORIZON:
        raise UsageError(
            f"--ceasefire {month_text(month)}: is more than {HORIZON} months after the last losses held; "
            f"write a month up to {month_text(found.months + HORIZON)}"
        )


def outlook_of(
    fitted: ClassFit, month: int, draws: int, seed: int, helps: Sequence[China] = HELP
) -> ClassRecovery:
    """A calibrated class after a ceasefire, without the checks of its fit.

    Raises
    ------
    UsageError
        for a month that the record covers already, or one too far after it.
    """
    _check_ceasefire(month, fitted)
    start, before, _ = at_ceasefire(fitted, month, draws, seed)
    share, run = fitted.steering.setting("recovered"), int(fitted.steering.setting("run"))
    goal = np.asarray(share * before, np.float32)
    stored = start.good + start.medium + start.poor
    passages: dict[China, np.ndarray] = {}
    scenarios = []
    driven: list[Driver] = []
    for kind in helps:
        course = peace_course(start, kind, HORIZON + run)
        passages[kind] = first_passage(course.active, goal, run)
        if kind == ("components" if "components" in helps else helps[0]):
            inputs = {"active at ceasefire": start.active, "stored at ceasefire": stored}
            named = {p.name: start.rates[p.name] for p in fitted.steering.parameters}
            driven = drivers(
                {**inputs, "losses to ceasefire": start.losses, **named}, course.active[DRIVEN_AT]
            )
        scenarios.append(_scenario(kind, passages[kind], course.active, month))
    residuals = tuple(fitted.residuals())
    return ClassRecovery(
        klass=fitted.klass,
        record=_record(fitted.listed, month),
        fit=_fit_summary(fitted),
        residuals=residuals,
        states=_states(fitted),
        at_ceasefire=_at_ceasefire(start.active, before, stored),
        scenarios=tuple(scenarios),
        gains=tuple(_gains(passages)),
        growth_alone=_growth_alone(start, goal, run, passages),
        drivers=tuple(driven),
        confidence=confidence(fitted, residuals, None, driven, month),
        parameters=tuple(fitted.steering.table()),
    )


def _states(found: ClassFit) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"quantity": q, "at": text, "median": mid, "low": low, "high": high}
        for q in ("active", "stored")
        for text, i in year_ends(found).items()
        for low, mid, high in [np.quantile(found.state(q, i), (0.1, 0.5, 0.9)).tolist()]
    )


def checked(
    answer: ClassRecovery, found: ClassFit, records: RecoveryRecords, month: int, seed: int
) -> ClassRecovery:
    """The same class with its points left out one by one, the readings of its conflicts, and its backtest."""
    held = backtest(found.klass.name, records, seed=seed)
    return replace(
        answer,
        left_out=tuple(leave_one_out(found, seed=seed)),
        readings=tuple(read_both_ways(found, year_ends(found), seed=seed)),
        backtest=held,
        confidence=confidence(found, answer.residuals, held, answer.drivers, month),
    )


def year_ends(found: ClassFit) -> dict[str, int]:
    """Ends of years within the record, and its last month."""
    ends = {f"{y}-12": month_index(f"{y}-12") for y in range(2022, found.listed.last.year + 1)}
    ends = {text: i for text, i in ends.items() if i <= found.months}
    return {**ends, month_text(found.months): found.months}


def _fit_summary(found: ClassFit) -> dict[str, Any]:
    return {
        "points": len(found.outside.points),
        "log_evidence_outside": found.outside.posterior.log_evidence,
        "log_evidence_inside": found.inside.posterior.log_evidence,
        "inside_weight": found.inside_weight,
        "steps": found.outside.posterior.steps,
        "accepted": found.outside.posterior.accepted,
        "draws": len(found.outside.posterior.scores),
        "floored_share": found.floored(),
        "detection": _band(found, "detection"),
        "new_plateau": _band(found, "new_plateau"),
    }


def _band(found: ClassFit, name: str) -> list[float]:
    return [float(x) for x in np.quantile(found.outside.values[name], (0.1, 0.5, 0.9))]


def _at_ceasefire(active: np.ndarray, before: np.ndarray, stored: np.ndarray) -> dict[str, Any]:
    levels = (0.1, 0.5, 0.9)
    return {
        "active": np.quantile(active, levels).tolist(),
        "share": np.quantile(active / np.maximum(before, 1e-9), levels).tolist(),
        "stored": np.quantile(stored, levels).tolist(),
    }


def _scenario(kind: China, passage: np.ndarray, active: np.ndarray, month: int) -> Scenario:
    late = np.where(passage > HORIZON, np.inf, passage)
    return Scenario(
        china=kind,
        months=tuple(float(x) for x in quantiles(late.copy()[None], LEVELS)[:, 0]),
        never=float(np.mean(np.isinf(late))),
        by=tuple((m, month_end(month - 1 + m).isoformat(), float(np.mean(late <= m))) for m in DATES),
        active=tuple(
            tuple(float(x) for x in np.quantile(active[i], (0.1, 0.5, 0.9))) for i in range(0, HORIZON + 1, 6)
        ),
    )


def _growth_alone(
    start: StartOfOutlook, goal: np.ndarray, run: int, passages: Mapping[China, np.ndarray]
) -> Gain | None:
    """What components save where nothing depends on China: production grows after a ceasefire only with them."""
    if not {"none", "components"} <= set(passages):
        return None
    free = {"dependence_new": np.zeros(start.draws), "dependence_repair": np.zeros(start.draws)}
    alone = peace_course(replace(start, rates={**start.rates, **free}), "none", HORIZON + run)
    found = _gains({"none": first_passage(alone.active, goal, run), "components": passages["components"]})
    return found[0] if found else None


def _gains(passages: Mapping[China, np.ndarray]) -> list[Gain]:
    found = []
    kinds = [k for k in HELP if k in passages]
    for less, more in pairwise(kinds):
        a, b = passages[less], passages[more]
        both = (a <= HORIZON) & (b <= HORIZON)
        if both.mean() >= 0.01:
            low, mid, high = np.quantile(a[both] - b[both], (0.1, 0.5, 0.9))
            found.append(Gain(less, more, float(mid), float(low), float(high), float(both.mean())))
    return found


def confidence(
    fitted: ClassFit,
    residuals: Sequence[Residual],
    tested: Backtest | None,
    driven: Sequence[Driver],
    month: int,
) -> tuple[str, tuple[str, ...]]:
    """How far to trust the answer, apart from how likely it says things are: (word, reasons).

    Moderate at best, for nothing published tests the months after a ceasefire. Low when two or more of these
    hold: the last published count of active vehicles is over 24 months before the ceasefire; two published
    figures contradict each other; losses are carried on for over six months; half of the drivers rest on
    assumed ranges; fewer than eight points; the class is published with a warning only; the backtest does not beat
    the plain rule, or its 80% intervals hold under 70% of what came.
    """
    reasons = []
    counts = [p.last for p in fitted.outside.points if p.quantity == "active"]
    if not counts or month - max(counts) > 24:
        last = month_text(max(counts)) if counts else "never"
        reasons.append(
            f"active vehicles were last counted in {last}" if counts else "active vehicles were never counted"
        )
    conflicts = [r.point.name for r in residuals if r.conflict and not r.point.shown]
    if conflicts:
        reasons.append(f"published figures contradict each other ({'; '.join(conflicts)})")
    carried = month - 1 - fitted.months
    if carried > 6:
        reasons.append(f"losses are carried on for {carried} months")
    origin = {p.name: p.origin for p in fitted.steering.parameters}
    weak = [d.name for d in driven if d.share >= 0.05 and origin.get(d.name) in ("assumed", "wide")]
    strong = [d for d in driven if d.share >= 0.05]
    if strong and 2 * len(weak) >= len(strong):
        reasons.append(f"drivers rest on assumed ranges ({', '.join(weak)})")
    if len(fitted.outside.points) < 8:
        reasons.append(f"only {len(fitted.outside.points)} published points")
    if fitted.klass.standing != "published":
        reasons.append(
            f"published with a warning only: {fitted.klass.why[0].lower()}{fitted.klass.why[1:].rstrip('.')}"
        )
    if tested is not None and tested.held is not None and tested.held < HELD_LEAST:
        reasons.append(f"80% intervals held only {tested.held:.0%} of {len(tested.forecasts)} later figures")
    if tested is not None and tested.beats is None:
        reasons.append("no forecast from an earlier date can be compared yet")
    elif tested is not None and not tested.beats:
        reasons.append("the backtest does not beat the plain rule that things go on as they did")
    return ("low" if len(reasons) >= 2 else "moderate"), tuple(reasons)


def _losses_only(klass: ForceClass, records: RecoveryRecords) -> ClassRecovery:
    """A class whose recovery cannot be estimated: its losses, the stocks published, and why not."""
    listed = records.listed(klass.oryx, klass.claimed)
    rows = records.figures(list(klass.stock), f"{klass.name}: published stock, shown")
    return ClassRecovery(
        klass=klass,
        record=_record(listed, None),
        fit={},
        confidence=("none", (klass.why,)),
        stocks=tuple(
            {"item": r["item"], "period": r["when_text"], "value": r["value"], "originator": r["originator"]}
            for r in rows
        ),
    )  # fmt: skip
