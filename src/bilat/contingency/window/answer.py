# SPDX-License-Identifier: Apache-2.0
"""The chance that the window is open in a year, and which observation would narrow it most.

The window is open in a year when Russia's tanks are back while Europe has not replaced enough of
what America would take away for a crisis in the Pacific. Each part is the result of its own plan,
from the same model runs, so that no two pages give one chance two values. The three plans depend
on different things, so the chance that two things hold is the product of their chances.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bilat.contingency.backfill.answer import BackfillRuns, backfill_runs
from bilat.contingency.backfill.crisis import Order
from bilat.contingency.backfill.inputs import rows_behind, tables_of
from bilat.contingency.blockade.answer import SEA, ask_for, numbers_of
from bilat.contingency.blockade.draws import drawn as draw_blockade
from bilat.contingency.blockade.inputs import read_inputs
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.planning import (
    Assumptions,
    Driver,
    Quantiles,
    drivers,
    quantiles_of,
    stream,
    with_user,
)
from bilat.planning.assumptions import split
from bilat.planning.blocks import chance
from bilat.planning.draws import RUNS
from bilat.planning.figures import figures
from bilat.planning.lineage import InputRow
from bilat.planning.plans import PlanHeadline
from bilat.regeneration.recovery.answer import check_ceasefire, first_month_of_peace
from bilat.regeneration.recovery.beliefs import BeliefCourse, beliefs, courses
from bilat.regeneration.recovery.class_fit import fit_class
from bilat.regeneration.recovery.outlook import China
from bilat.regeneration.recovery.peace import JULY, PeaceRuns, chance_by_july, peace_runs
from bilat.regeneration.recovery.records import RecoveryRecords, month_index
from bilat.when import AsOf

Array = npt.NDArray[np.float64]
#: Joint runs in which the observations are weighed.
JOINT = 4000
#: Days of a month.
MONTH = 30.44


@dataclass(frozen=True)
class WindowYear:
    """One year: the chance that Russia is back, that Europe has not replaced enough, and of both;
    with China's oil.
    """

    year: int
    back: float
    lacking: float
    open: float
    open_with_oil: float
    replaced: Quantiles


@dataclass(frozen=True)
class ReadinessWindow:
    """The answer: chances by year, the courses behind them, and what would narrow them."""

    as_of: AsOf
    ceasefire: str
    enough: float
    months: int
    years: tuple[WindowYear, ...]
    courses: tuple[BeliefCourse, ...]
    #: Median share of the tanks of February 2022 by month, on all published figures together.
    together: Array = field(metadata={"plain": np.ndarray.tolist})
    recovered: float  #: share of the tanks of February 2022 at which Russia is back
    oil: Quantiles  #: days that China's stocks last with everything by sea stopped
    oil_lasts: float  #: chance that they last ``months``
    decided: int  #: the year for which ``decides`` is told
    decides: tuple[Driver, ...]  #: share of the uncertainty that each observation would take away
    missing: tuple[str, ...]  #: plans that were not public, in words
    numbers: Assumptions  #: every number of the three plans, each named with its plan
    budget: float  #: new money for Europe a year, $bn
    used: tuple[InputRow, ...] = ()  #: the rows behind the three plans

    @property
    def likeliest(self) -> WindowYear:
        """The year in which it is likeliest to be open."""
        return max(self.years, key=lambda y: (y.open, -y.year))

    def back_by_publisher(self, year: int) -> list[tuple[float, BeliefCourse]]:
        """Return the chance that Russia is back by July of a year on each publisher's figures, the
        least first.
        """
        peace = month_index(self.ceasefire)
        found = [(chance_by_july(c.back, peace, year), c) for c in self.courses]
        return sorted(found, key=lambda pair: pair[0])


@dataclass(frozen=True)
class OilRuns:
    """How long China's stocks last with everything by sea stopped, by model run."""

    days: Array
    numbers: Mapping[str, Array]
    used: tuple[InputRow, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnNumbers:
    """The user's numbers for each of the three plans, as texts for ``param``."""

    recovery: tuple[str, ...] = ()
    backfill: tuple[str, ...] = ()
    blockade: tuple[str, ...] = ()


def window(
    *,
    as_of: AsOf,
    holdings: Holdings,
    ceasefire: str = "",
    enough: float = 0.5,
    months: int = 12,
    china: China = "components",
    order: Order | None = None,
    own: OwnNumbers | None = None,
    numbers: Assumptions | None = None,
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> ReadinessWindow:
    """Return the chances of the window by year.

    Parameters
    ----------
    enough
        share of what leaves that Europe must have replaced for the window to be shut.
    months
        length of the closure that China's oil must last.
    order
        what Europe spends, and how its tankers are counted.
    own
        numbers that the user sets in each plan.
    numbers
        every number of the three plans, for the answer to show.

    Raises
    ------
    DataError
        where recovery or backfill cannot be told as of the date.
    """
    own = own or OwnNumbers()
    order = order or Order()
    records = RecoveryRecords(holdings, as_of)
    tables = tables_of(figures(holdings, as_of))
    tables = tables.with_numbers(with_user(tables.numbers, own.backfill))
    if not tables.enough:
        raise DataError(f"{tables.too_few} by {as_of}; ask for a later date with `as_of`")
    month, text = first_month_of_peace(ceasefire, as_of)
    progress("recovery")
    for_all = [text for text in own.recovery if "." not in split(text)[0]]  # not a publisher's
    fitted = fit_class("tank", records, seed=seed, changes=for_all)
    check_ceasefire(month, fitted)
    russia = peace_runs(fitted, month, china, seed=seed)
    found = courses(beliefs("tank"), records, month, china=china, seed=seed, changes=own.recovery)
    progress("backfill")
    europe = backfill_runs(tables, order, seed=seed)
    progress("China's oil")
    oil = _oil(as_of, holdings, own.blockade, seed)
    lasts = float(np.mean(oil.days >= months * MONTH))
    years = _years(russia, europe, enough, lasts)
    undecided = min(years, key=lambda year: abs(year.open - 0.5)).year
    return ReadinessWindow(
        as_of,
        text,
        enough,
        months,
        years,
        tuple(found),
        np.median(russia.share(), axis=1),
        fitted.steering.setting("recovered"),
        quantiles_of(oil.days),
        lasts,
        undecided,
        tuple(_decides(russia, europe, enough, undecided, seed)),
        oil.missing,
        numbers if numbers is not None else Assumptions(),
        order.budget,
        (*records.lineage(), *rows_behind(tables), *oil.used),
    )


def _years(
    russia: PeaceRuns, europe: BackfillRuns, enough: float, lasts: float
) -> tuple[WindowYear, ...]:
    """Return the chances of each year in which the crisis may come."""
    replaced = dict(europe.by_crisis)
    lacking = dict(zip(replaced, (europe.replaced < enough).mean(axis=0), strict=True))
    years = []
    for year, share in replaced.items():
        back = chance_by_july(russia.back, russia.ceasefire, year)
        lacks = float(lacking[year])
        both = back * lacks
        years.append(WindowYear(year, back, lacks, both, both * lasts, share))
    return tuple(years)


def _oil(as_of: AsOf, holdings: Holdings, params: Sequence[str], seed: int) -> OilRuns:
    """Return how long China's stocks last, or what of it was not public."""
    ask = ask_for(as_of, holdings)
    try:
        p = numbers_of(ask, params)
        inputs = read_inputs(ask, p)
    except DataError as e:
        return OilRuns(np.zeros(1), {}, missing=(f"China's oil: {e}",))
    numbers, (shut,) = draw_blockade(inputs, [SEA], p, RUNS, seed)
    return OilRuns(shut.days, numbers, tuple(inputs.used))


def _decides(
    russia: PeaceRuns, europe: BackfillRuns, enough: float, year: int, seed: int
) -> list[Driver]:
    """Return which observations would take away most of the doubt whether a year is open."""
    rng = stream("window", seed)
    force = rng.integers(0, len(russia.passage), JOINT)
    plan = rng.integers(0, len(europe.replaced), JOINT)
    since = month_index(f"{year}-{JULY:02d}") - russia.ceasefire
    lacks = europe.replaced[plan, year - europe.first_crisis] < enough
    is_open = (russia.passage[force] <= since) & lacks
    observed = {"recovery.active": russia.start.active[force]}
    for name in RUSSIA:
        observed[f"recovery.{name}"] = russia.start.rates[name][force]
    for name in EUROPE:
        if name in europe.numbers:
            observed[f"backfill.{name}"] = np.asarray(europe.numbers[name])[plan]
    return drivers(observed, is_open.astype(float), most=8)


def headlines(found: ReadinessWindow) -> tuple[PlanHeadline, ...]:
    """Return what a book of one's own may move: the chance of each year, and that China's oil
    lasts.
    """
    made = [
        PlanHeadline(f"window open in {y.year}", "", _printed(y.open), ".0%") for y in found.years
    ]
    if not found.missing:
        lasts = f"China's oil lasts {found.months} months, everything by sea closed"
        made.append(PlanHeadline(lasts, "", _printed(found.oil_lasts), ".0%"))
    return tuple(made)


def _printed(p: float) -> Quantiles:
    """Return a chance as the window's page prints it; it has no range of its own."""
    said = chance(p)
    return Quantiles(said, said, said)


#: Numbers of recovery and backfill that an observation could settle.
RUSSIA = ("new_plateau", "wear")
EUROPE = ("gone", "lead", "line_share", "refuelling.us_part", "fighters.gone", "drones.gone")
