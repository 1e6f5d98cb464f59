# SPDX-License-Identifier: Apache-2.0
"""How long until a force is back: every belief side by side, then all published figures together,
with drivers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.planning import Assumptions, Driver, Quantiles, quantiles_of, with_user
from bilat.planning import drivers as variance_shares
from bilat.planning.assumptions import split
from bilat.planning.choices import refusal
from bilat.planning.draws import RUNS
from bilat.planning.lineage import InputRow
from bilat.regeneration.recovery.backtest import RecoveryBacktest, backtest
from bilat.regeneration.recovery.beliefs import Beliefs, belief_numbers, chosen, side_by_side
from bilat.regeneration.recovery.class_fit import (
    ClassFit,
    Residual,
    at_ceasefire,
    fit_class,
    leave_one_out,
)
from bilat.regeneration.recovery.outlook import HELP, China, first_passage, peace_course
from bilat.regeneration.recovery.parameters import Changes, changed
from bilat.regeneration.recovery.peace import HORIZON, PeaceRuns, peace_runs
from bilat.regeneration.recovery.points import ForceClass, force_class
from bilat.regeneration.recovery.readiness import ReplayedStatement, replay, statements
from bilat.regeneration.recovery.records import RecoveryRecords, month_end, month_index, month_text
from bilat.when import AsOf, Period

#: Months after the ceasefire for which the share of draws that have recovered is given.
DATES = (12, 24, 36, 48, 60, 84, 120)
#: Month after the ceasefire at which drivers are measured.
DRIVEN_AT = 60
#: Smallest and largest number of draws that may be asked for.
LEAST_DRAWS = 200
MOST_DRAWS = 1_000_000
#: Words for the classes, beside their own names.
WORDS = {"tanks": "tank", "ifv": "ifv_apc", "apc": "ifv_apc", "artillery": "tube_artillery"}
#: Draws with which thresholds are looked for.
THRESHOLD_DRAWS = 1000
#: A share of draws whose stock is used up, above which the answer says so.
USED_UP = 0.02


@dataclass(frozen=True)
class Help:
    """Recovery under one kind of Chinese help: months from the ceasefire, infinite where not
    within the horizon.
    """

    china: China
    months: Quantiles
    never: float  #: share of draws not recovered within the horizon
    by: tuple[
        tuple[int, str, float], ...
    ]  #: (months after the ceasefire, date, share of draws recovered by it)
    active: tuple[Quantiles, ...]  #: active stock every sixth month from the ceasefire


@dataclass(frozen=True)
class Gain:
    """Months that more help saves, over the draws that recover with both."""

    less: China
    more: China
    months: Quantiles
    both: float  #: share of draws that recover with both


@dataclass(frozen=True)
class Recovery:
    """The answer for one class. Empty parts where nothing can be estimated."""

    klass: ForceClass
    ceasefire: str  #: the first month of peace
    as_of: AsOf
    draws: int
    seed: int
    record_to: str
    listed: Mapping[str, float]  #: losses listed by year
    carried: int  #: months of war carried on beyond the record
    before: float  #: active in February 2022, median
    active: Quantiles | None  #: at the ceasefire
    share: Quantiles | None  #: of February 2022
    used_up: float  #: share of draws with less than a hundredth of the stock left on the way
    helps: tuple[Help, ...]
    gains: tuple[Gain, ...]
    drivers: tuple[Driver, ...]
    beliefs: Beliefs | None
    said: tuple[ReplayedStatement, ...]  #: what services say of when Russia is ready, replayed
    residuals: tuple[Residual, ...]
    states: tuple[
        tuple[str, str, Quantiles], ...
    ]  #: (active or stored, month, vehicles) within the record
    numbers: Assumptions
    exposure: tuple[float, float] = (
        0.0,
        0.0,
    )  #: how losses follow the stock: power and standard deviation
    left_out: Mapping[str, bool] = field(
        default_factory=dict
    )  #: point -> whether the others foretell it
    backtest: RecoveryBacktest | None = None
    back_by: tuple[float, ...] = ()  #: share of draws back, by month after the ceasefire
    thresholds: tuple[
        tuple[int, float | None], ...
    ] = ()  #: (months, new ones a month that make it that many)
    lineage: tuple[InputRow, ...] = ()

    @property
    def headline(self) -> Help | None:
        """Help as today: components."""
        return next(
            (h for h in self.helps if h.china == "components"),
            self.helps[0] if self.helps else None,
        )

    @property
    def decided_by_one(self) -> bool:
        """Whether beliefs about one number lead from one answer to another, so that no likelihood
        can be told.
        """
        b = self.beliefs
        return b is not None and len(b.answers) > 1 and b.slowest.never - b.quickest.never > 0.5


def class_name(word: str) -> str:
    """The name of a class; raises UsageError for a word that is none."""
    return force_class(WORDS.get(word, word)).name


def recovery(
    klass: str = "tank",
    *,
    ceasefire: str | None = None,
    beliefs: Sequence[str] | None = None,
    china: China | None = None,
    draws: int = RUNS,
    seed: int = 1,
    changes: Changes | None = None,
    as_of: AsOf | None = None,
    holdings: Holdings | None = None,
    checks: bool = False,
    explained: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> Recovery:
    """Calibrate to what was public, carry the war on to a ceasefire, and count the months to
    recovery.

    Parameters
    ----------
    klass, china
        a class, and one kind of help; every kind by default.
    ceasefire
        YYYY-MM or a day in it: the first month of peace. By default the month after the as-of date.
    beliefs
        names of the beliefs set side by side; all by default, none where the list is empty.
    draws
        draws of the outlook; the fit itself uses 2,000.
    changes
        number -> a value, or "low:high".
    checks
        points left out one by one, and forecasts from earlier dates too (slower).
    explained
        which numbers decide, and how many new ones a month make it five years or ten.

    Raises
    ------
    UsageError
        for a class, date, belief, kind of help or number that cannot be asked.
    DataError
        if no losses are held.
    """
    when = as_of or AsOf()
    if china is not None and china not in HELP:
        raise UsageError(f"`china`: {refusal(china, 'a kind of help', HELP)}")
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError(f"`draws` {draws}: write a number from {LEAST_DRAWS:,} to {MOST_DRAWS:,}")
    if seed < 0:
        raise UsageError(f"`seed` {seed}: write a whole number from 0 on")
    name = class_name(klass)
    asked = [] if beliefs is not None and not beliefs else chosen(beliefs, name)
    own = belief_numbers(name, RecoveryRecords(holdings or Holdings(), when))
    with_user(own, [t for t in changed(changes) if "." in split(t)[0]])
    records = RecoveryRecords(holdings or Holdings(), when)
    month, text = first_month_of_peace(ceasefire, when)
    force = force_class(name)
    if force.standing == "not estimable":
        return _losses_only(force, records, text, when)
    progress("the fit")
    fitted = fit_class(name, records, seed=seed, changes=changes)
    check_ceasefire(month, fitted)
    helps: tuple[China, ...] = (china,) if china else HELP
    kind: China = "components" if "components" in helps else helps[0]
    answer, back, usual = outlook_of(fitted, month, draws, seed, helps)
    found = None
    if asked:
        progress(f"{len(asked)} beliefs")
        found = side_by_side(asked, records, month, china=kind, seed=seed, changes=changes)
    held = None
    left: dict[str, bool] = {}
    if asked or checks:
        progress("forecasts from earlier dates")
        held = backtest(name, records, seed=seed)
    if checks:
        progress("the checks")
        left = leave_one_out(fitted, seed=seed)
    return Recovery(
        force,
        text,
        when,
        draws,
        seed,
        month_text(fitted.months),
        _by_year(fitted),
        max(0, month - 1 - fitted.months),
        *answer,
        tuple(_drivers(fitted, usual)) if explained else (),
        found,
        _replayed(records, fitted, month, back),
        tuple(fitted.residuals()),
        states(fitted),
        fitted.steering.numbers(),
        (fitted.exposure.mean, fitted.exposure.sd),
        left,
        held,
        tuple(back),
        thresholds(fitted, month, seed, kind) if explained else (),
        tuple(records.lineage()),
    )


def _replayed(
    records: RecoveryRecords, fitted: ClassFit, month: int, back: Sequence[float]
) -> tuple[ReplayedStatement, ...]:
    """Return what services say, replayed against the record and set beside ours."""
    peace = month_end(month - 1)
    said = statements(records.known)
    ours = back if fitted.klass.name == "tank" else ()
    return tuple(replay(said, records.as_of.date, fitted.listed.last, ours, peace))


def thresholds(
    fitted: ClassFit, month: int, seed: int, kind: China
) -> tuple[tuple[int, float | None], ...]:
    """Return how many new ones a month bring the median to five and to ten years, None for none
    that could.
    """
    start, before, _ = at_ceasefire(fitted, month, THRESHOLD_DRAWS, seed)
    run = int(fitted.steering.setting("run"))
    goal = np.asarray(fitted.steering.setting("recovered") * before, np.float32)

    def median(new: float) -> float:
        at = replace(start, new=np.full_like(start.new, new))
        return float(np.median(first_passage(peace_course(at, kind, HORIZON + run), goal, run)))

    found: list[tuple[int, float | None]] = []
    for months in (60, 120):
        low, high = 0.0, 20 * float(np.median(start.new)) + 1.0
        if median(low) <= months or median(high) > months:
            found.append((months, None))
            continue
        for _ in range(9):
            middle = (low + high) / 2
            low, high = (low, middle) if median(middle) <= months else (middle, high)
        found.append((months, high))
    return tuple(found)


def first_month_of_peace(text: str | None, when: AsOf) -> tuple[int, str]:
    """(month index, YYYY-MM) of the first month of peace: as asked, else the month after the as-of
    date.

    Raises
    ------
    UsageError
        for a text that is not a month or day.
    """
    if not text:
        month = month_index(str(when)) + 1
        return month, month_text(month)
    span = Period(text)
    if len(text) < 7:
        raise UsageError(f"`ceasefire` {text}: names a year. Write a month as {text}-01")
    month = month_index(span.start.isoformat())
    return month, month_text(month)


def check_ceasefire(month: int, found: ClassFit) -> None:
    """Refuse a ceasefire in a month of war, or beyond what the model looks ahead.

    Raises
    ------
    UsageError
        for such a month.
    """
    if month <= found.months:
        raise UsageError(
            f"`ceasefire` {month_text(month)}: we have losses to {month_text(found.months)}; "
            "write a later month, or ask as of an earlier date"
        )
    if month > found.months + HORIZON:
        raise UsageError(
            f"`ceasefire` {month_text(month)}: is more than {HORIZON} months after the last "
            f"losses held; write a month up to {month_text(found.months + HORIZON)}"
        )


def _by_year(fitted: ClassFit) -> dict[str, float]:
    listed = fitted.listed
    return {
        str(y): float(
            listed.monthly[max(0, month_index(f"{y}-01") - 1) : month_index(f"{y}-12")].sum()
        )
        for y in range(2022, listed.last.year + 1)
        if month_index(f"{y}-01") - 1 < listed.months
    }


Outlook = tuple[float, Quantiles, Quantiles, float, tuple[Help, ...], tuple[Gain, ...]]


def outlook_of(
    fitted: ClassFit, month: int, draws: int, seed: int, helps: Sequence[China]
) -> tuple[Outlook, list[float], PeaceRuns]:
    """Return (before, active, share, used up, helps, gains) after a ceasefire, the share back by
    month, and the runs with help as today.
    """
    runs = {kind: peace_runs(fitted, month, kind, draws=draws, seed=seed) for kind in helps}
    usual = runs["components" if "components" in helps else helps[0]]
    gone = float(np.mean(usual.start.active < 0.01 * usual.before))
    found = (
        float(np.median(usual.before)),
        quantiles_of(usual.start.active),
        quantiles_of(usual.start.active / np.maximum(usual.before, 1e-9)),
        max(gone, fitted.floored()),
        tuple(_help(kind, of_kind) for kind, of_kind in runs.items()),
        tuple(_gains({kind: of_kind.passage for kind, of_kind in runs.items()})),
    )
    return found, usual.back, usual


def _drivers(fitted: ClassFit, runs: PeaceRuns) -> list[Driver]:
    """Return which numbers decide the stock five years after the ceasefire."""
    start = runs.start
    inputs = {
        "active at the ceasefire": start.active,
        "stored": start.good + start.medium + start.poor,
        "losses to the ceasefire": start.losses,
    }
    named = {p.name: start.rates[p.name] for p in fitted.steering.parameters}
    return variance_shares({**inputs, **named}, runs.active[DRIVEN_AT])


def _help(kind: China, runs: PeaceRuns) -> Help:
    late = runs.late
    last = runs.ceasefire - 1
    return Help(
        kind,
        quantiles_of(late),
        float(np.mean(np.isinf(late))),
        tuple((m, month_end(last + m).isoformat(), float(np.mean(late <= m))) for m in DATES),
        tuple(quantiles_of(runs.active[i]) for i in range(0, HORIZON + 1, 6)),
    )


def _gains(passages: Mapping[China, np.ndarray]) -> list[Gain]:
    found = []
    kinds = [k for k in HELP if k in passages]
    for less, more in pairwise(kinds):
        a = passages[less]
        b = passages[more]
        both = (a <= HORIZON) & (b <= HORIZON)
        if both.mean() >= 0.01:
            found.append(Gain(less, more, quantiles_of(a[both] - b[both]), float(both.mean())))
    return found


def states(found: ClassFit) -> tuple[tuple[str, str, Quantiles], ...]:
    """Active and stored vehicles at the ends of years and of the record."""
    return tuple(
        (q, text, quantiles_of(found.state(q, i)))
        for q in ("active", "stored")
        for text, i in year_ends(found).items()
    )


def year_ends(found: ClassFit) -> dict[str, int]:
    """Ends of years within the record, and its last month."""
    ends = {f"{y}-12": month_index(f"{y}-12") for y in range(2022, found.listed.last.year + 1)}
    ends = {text: i for text, i in ends.items() if i <= found.months}
    return {**ends, month_text(found.months): found.months}


def months_text(months: float) -> str:
    """``58``; ``over 120`` where it does not come within the horizon."""
    return f"over {HORIZON}" if math.isinf(months) else f"{months:.0f}"


def _losses_only(
    force: ForceClass, records: RecoveryRecords, ceasefire: str, when: AsOf
) -> Recovery:
    """A class whose recovery cannot be estimated: its losses, and why not."""
    listed = records.listed(force.oryx)
    records.figures(list(force.stock), f"{force.name}: published stock, shown")
    years = {str(y): 0.0 for y in range(2022, listed.last.year + 1)}
    for i, n in enumerate(listed.monthly, start=1):
        years[month_text(i)[:4]] += float(n)
    return Recovery(
        force,
        ceasefire,
        when,
        0,
        0,
        month_text(listed.months),
        years,
        0,
        0.0,
        None,
        None,
        0.0,
        (),
        (),
        (),
        None,
        (),
        (),
        (),
        Assumptions(),
        lineage=tuple(records.lineage()),
    )
