# SPDX-License-Identifier: Apache-2.0
"""The chance that the window is open in a year, and which observation would narrow it most.

The window is open in a year when Russia's tanks are back while Europe has not replaced enough of
what America would
take away for a crisis in the Pacific. Beside it stands whether China's oil would last the crisis
with its sea lanes
shut. The three models are drawn together: publishers' beliefs count alike, and draws of the three
are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bilat.contingency.backfill.answer import covered_by_crisis
from bilat.contingency.backfill.answer import draw as draw_backfill
from bilat.contingency.backfill.crisis import Order, assemble
from bilat.contingency.backfill.inputs import BackfillInputs, rows_behind, tables_of
from bilat.contingency.backfill.program import solve
from bilat.contingency.blockade.answer import SEA, ask_for, numbers_of
from bilat.contingency.blockade.draws import drawn as draw_blockade
from bilat.contingency.blockade.inputs import read_inputs
from bilat.errors import DataError
from bilat.holdings import Holdings
from bilat.planning import Driver, Quantiles, drivers, quantiles_of, stream
from bilat.planning.figures import figures
from bilat.planning.lineage import InputRow
from bilat.regeneration.recovery.answer import first_month_of_peace
from bilat.regeneration.recovery.beliefs import BeliefCourse, beliefs, courses
from bilat.regeneration.recovery.outlook import China
from bilat.regeneration.recovery.records import RecoveryRecords, month_index
from bilat.when import AsOf

Array = npt.NDArray[np.float64]
#: Joint draws, draws of each belief, of the backfill and of the blockade.
JOINT = 4000
OF_A_BELIEF = 800
OF_BACKFILL = 150
OF_BLOCKADE = 2000
#: Months after the ceasefire that are looked at, and the days of one.
HORIZON = 120
MONTH = 30.44
JULY = 7


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
    oil: Quantiles  #: days that China's store lasts with everything by sea stopped
    decided: int  #: the year for which ``decides`` is told
    decides: tuple[Driver, ...]  #: share of the uncertainty that each observation would take away
    missing: tuple[str, ...]  #: plans that were not public, in words
    used: tuple[InputRow, ...] = ()  #: the rows behind the three plans

    @property
    def likeliest(self) -> WindowYear:
        """The year in which it is likeliest to be open."""
        return max(self.years, key=lambda y: (y.open, -y.year))


def window(
    *,
    as_of: AsOf,
    holdings: Holdings,
    ceasefire: str = "",
    enough: float = 0.5,
    months: int = 12,
    china: China = "components",
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

    Raises
    ------
    DataError
        where recovery or backfill cannot be told as of the date.
    """
    records = RecoveryRecords(holdings, as_of)
    tables = tables_of(figures(holdings, as_of))
    if not tables.enough:
        public = len(tables.public)
        raise DataError(
            f"the window needs the backfill, and {f'only {public}' if public else 'none'} of its "
            "capabilities had a public "
            f"figure by {as_of}; "
            "ask for a later date with `as_of`"
        )
    month, text = first_month_of_peace(ceasefire, as_of)
    progress("recovery by belief")
    found = courses(
        beliefs("tank"), records, month, china=china, months=HORIZON, draws=OF_A_BELIEF, seed=seed
    )
    if not found:
        raise DataError(f"no figure on new tanks was public by {as_of}")
    progress("backfill")
    first, numbers, replaced = _replaced(tables, seed)
    progress("China's oil")
    oil, oil_numbers, oil_used, missing = _oil(as_of, holdings, seed)
    rng = stream("window", seed)
    belief = rng.integers(0, len(found), JOINT)
    at = rng.integers(0, OF_A_BELIEF, JOINT)
    passage = np.array([found[b].passage[i] for b, i in zip(belief, at, strict=True)])
    plan = rng.integers(0, len(replaced), JOINT)
    store = rng.integers(0, len(oil), JOINT)
    lasts = oil[store] >= months * MONTH
    years = []
    opened = []
    for n in range(replaced.shape[1]):
        year = first + n
        since = month_index(f"{year}-{JULY:02d}") - month
        back = passage <= since
        lacking = replaced[plan, n] < enough
        both = back & lacking
        opened.append(both)
        years.append(
            WindowYear(
                year,
                float(back.mean()),
                float(lacking.mean()),
                float(both.mean()),
                float((both & lasts).mean()),
                quantiles_of(replaced[:, n]),
            )
        )
    undecided = int(np.argmin([abs(y.open - 0.5) for y in years]))
    observed = _observations(found, (belief, at), (numbers, plan), (oil_numbers, store))
    decides = drivers(observed, opened[undecided].astype(float), most=8)
    return ReadinessWindow(
        as_of,
        text,
        enough,
        months,
        tuple(years),
        tuple(found),
        quantiles_of(oil),
        years[undecided].year,
        tuple(decides),
        missing,
        (*records.lineage(), *rows_behind(tables), *oil_used),
    )


def _replaced(tables: BackfillInputs, seed: int) -> tuple[int, dict[str, Array], Array]:
    """Return the first year of the crisis, the numbers drawn, and the share replaced (draws,
    years).
    """
    order = Order()
    middle = tables.with_numbers(tables.numbers.medians())
    plan = solve(assemble(middle, order), whole=False)
    numbers, problems = draw_backfill(tables, order, OF_BACKFILL, seed)
    share = np.array([covered_by_crisis(p, plan.orders) for p in problems])
    return round(middle.numbers("crisis_from")), numbers, share


def _oil(
    as_of: AsOf, holdings: Holdings, seed: int
) -> tuple[Array, dict[str, Array], tuple[InputRow, ...], tuple[str, ...]]:
    """Return the days that the store lasts by draw, the numbers drawn, their rows, and what was not
    public.
    """
    ask = ask_for(as_of, holdings)
    try:
        p = numbers_of(ask)
        inputs = read_inputs(ask, p)
    except DataError as e:
        return np.zeros(1), {}, (), (f"China's oil: {e}",)
    numbers, (shut,) = draw_blockade(inputs, [SEA], p, OF_BLOCKADE, seed)
    return shut.days, numbers, tuple(inputs.used), ()


def _observations(
    found: Sequence[BeliefCourse],
    russia: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    europe: tuple[dict[str, Array], npt.NDArray[np.int64]],
    oil: tuple[dict[str, Array], npt.NDArray[np.int64]],
) -> dict[str, Array]:
    """Return what could be observed, as it lies in the joint draws."""
    belief, at = russia
    rates = {}
    for name in ("new_plateau", "wear", "active"):
        each = np.array([c.rates[name] for c in found])
        rates[name] = each[belief, at]
    numbers, plan = europe
    rates |= {n: np.asarray(x)[plan] for n, x in numbers.items() if n in EUROPE}
    drawn, store = oil
    return rates | {n: x[store] for n, x in drawn.items() if n in OIL}


#: Numbers of the backfill and the blockade that an observation could settle.
EUROPE = ("gone", "lead", "line_share", "refuelling.us_part", "fighters.gone", "drones.gone")
OIL = ("rationing", "usable_stock", "stock_drawn")
