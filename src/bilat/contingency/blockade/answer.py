# SPDX-License-Identifier: Apache-2.0
"""The blockade worked out: medians of the draws with their ranges, closures beside one another,
the test of 2026.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from bilat.contingency.blockade.against import OwnResults, Published, against
from bilat.contingency.blockade.backtest import BlockadeBacktest, backtest, fitted
from bilat.contingency.blockade.closed_form import Array, Case, solve, tanker_days
from bilat.contingency.blockade.draws import (
    RUSSIAN,
    Drawn,
    Spread,
    can_be_drawn,
    drawn,
    in_stock,
    spread_of,
)
from bilat.contingency.blockade.gas import Gas, solve_gas
from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.relief import Relief, relief
from bilat.contingency.blockade.routes import closures, spoken
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.measures import Ask, default_holdings
from bilat.planning import (
    Assumption,
    Assumptions,
    Driver,
    Quantiles,
    drivers,
    load,
    quantiles_of,
    with_user,
)
from bilat.planning.draws import RUNS
from bilat.planning.figures import Figures, figures
from bilat.when import AsOf

#: The closures shown beside the one asked for.
STANDARD = (
    "none",
    "malacca",
    "malacca,lombok,sunda",
    "malacca,lombok,sunda,australia",
    "malacca,lombok,sunda,australia,pacific",
    "hormuz",
    "sea",
)
#: The six closures of the draws.
SIX = STANDARD[1:]
SEA = frozenset({"sea"})
#: Sources of crude whose tankers come out of the Gulf.
GULF = ("gulf_inside", "iran", "gulf_outside")
#: Months of a closure that the course of the store covers, and days in one.
MONTHS = 24
MONTH = 30.4
PACKAGE = "bilat.contingency.blockade"


@dataclass(frozen=True)
class Blockade:
    """A closure of China's sea routes: what stops, how long stocks last, what Russian lines add.

    Rates in million barrels a day, stocks in million barrels, gas in bcm a year. The headline is
    the median of
    ``spread``; ``case`` says which way each source sails, with each number at the middle of its
    range.
    """

    closed: frozenset[str]
    as_of: AsOf
    seed: int
    draws: int
    inputs: Inputs
    parameters: Assumptions
    case: Case
    spread: Spread
    standard: tuple[Spread, ...]
    detour: float  #: tanker time more by Lombok, as a share, for the Gulf's crude
    relief_all: tuple[Relief, ...]  #: with everything by sea stopped
    relief_held: tuple[Relief, ...]  #: the same if refineries cut no runs
    gas: Gas
    published: tuple[Published, ...]
    stock: Quantiles  #: crude in stock on the date, million barrels
    backtest: BlockadeBacktest | None
    why_no_backtest: str
    decides: tuple[
        Driver, ...
    ] = ()  #: of the days in store, or of what is lost where no store is drawn on
    decided: str = ""  #: what ``decides`` is of
    store: tuple[
        Quantiles, ...
    ] = ()  #: what can still be drawn by month of the closure, million barrels
    store_bare: tuple[Quantiles, ...] = ()  #: the same without Russian oil by pipe
    store_by_count: tuple[tuple[str, tuple[Quantiles, ...]], ...] = ()  #: by whose count of it
    published_by: Figures | None = field(default=None, metadata={"plain": False})

    @property
    def spoken(self) -> str:
        """What is closed, as it is said in a sentence."""
        return spoken(self.closed)


def ask_for(as_of: AsOf, holdings: Holdings | None) -> Ask:
    """The as-of views of a date, for the dyad the model is about."""
    return Ask(Dyad("RUS", "CHN"), as_of, {}, holdings or default_holdings())


def numbers_of(ask: Ask, params: Iterable[str] = ()) -> Assumptions:
    """The numbers as of a date: the table, what 2026 showed where it was public, and what the user
    sets.

    Raises
    ------
    UsageError
        for a number that cannot be.
    """
    p = with_user(load(PACKAGE, figures(ask.holdings, ask.as_of)), params)
    if p("flow_error"):
        raise UsageError(
            f"`param` flow_error={p('flow_error'):g}: the central run has none, and the model "
            "runs have it in both directions; write flow_error=0, or a range around 0 such as "
            "-0.1:0.1"
        )
    return fitted(ask, p)


def blockade(
    close: str = "malacca,lombok,sunda",
    *,
    as_of: AsOf | None = None,
    params: Iterable[str] = (),
    draws: int = RUNS,
    seed: int = 1,
    holdings: Holdings | None = None,
) -> Blockade:
    """China's oil and gas with some of its sea routes closed.

    Parameters
    ----------
    close
        names joined by commas: malacca, lombok, sunda, hormuz, australia, pacific, myanmar, sea; or
        none.
    params
        ``name=value`` texts that replace numbers of the TOML table and are no longer drawn, or
        ``name=low:high``, which the draws use.

    Raises
    ------
    UsageError
        for an unknown closure or number, or a number out of range.
    DataError
        if China's crude balance was not public on the as-of date.
    """
    closed = closures(close)
    when = as_of or AsOf()
    ask = ask_for(when, holdings)
    p = numbers_of(ask, params)
    inputs = read_inputs(ask, p)
    middle = p.medians()
    test, why = _tested(ask, p)
    every = [frozenset[str](), closed, *map(closures, STANDARD)]
    numbers, (now, *made) = drawn(inputs, every, p, draws, seed)
    _, (bare,) = drawn(inputs, [closed], p, draws, seed, minus=RUSSIAN)
    asked, *standard = [spread_of(now, d) for d in made]
    lasts = asked.covered < 0.5
    outcome = made[0].days if lasts else made[0].imports
    held = Assumptions({**p, "rationing": p["rationing"].at(0.0)})
    pipes = tuple(relief(inputs, SEA, p, draws, seed))
    ours = OwnResults(
        {spread.closed: spread for spread in standard},
        quantiles_of(can_be_drawn(numbers)),
        next(state.gained for state in pipes if state.state == "as it is"),
    )
    return Blockade(
        closed,
        when,
        seed,
        draws,
        inputs,
        p,
        solve(inputs, closed, middle),
        asked,
        tuple(standard),
        way_round(inputs, middle),
        pipes,
        tuple(relief(inputs, SEA, held, draws, seed)),
        solve_gas(inputs, closed, middle),
        tuple(x for x in against(inputs, middle, ours) if x.known <= when.date),
        quantiles_of(in_stock(numbers)),
        test,
        why,
        tuple(drivers(numbers, outcome)),
        "how long stocks last" if lasts else "what still arrives",
        _emptied(numbers, made[0]),
        _emptied(numbers, bare),
        _emptied_by_count(numbers, made[0], p["stock"], figures(ask.holdings, when)),
        figures(ask.holdings, when),
    )


def _emptied(numbers: dict[str, Array], closed: Drawn) -> tuple[Quantiles, ...]:
    """Return what of the usable store is left at the end of each month of a closure."""
    left = can_be_drawn(numbers)
    return tuple(
        quantiles_of(np.maximum(0.0, left - closed.short * MONTH * m)) for m in range(MONTHS + 1)
    )


def _emptied_by_count(
    numbers: dict[str, Array], closed: Drawn, stock: Assumption, known: Figures
) -> tuple[tuple[str, tuple[Quantiles, ...]], ...]:
    """Return the course of the store on each published count of it: each row behind the number that
    says the whole of it.
    """
    found = []
    for key, text in stock.rows:
        count = float(text)
        if not stock.low <= count <= stock.high:
            continue
        whose = known.rows[key].who.partition(" (")[0]
        counted = {**numbers, "stock": np.full_like(numbers["stock"], count)}
        found.append((f"{whose}: {count:,.0f}", _emptied(counted, closed)))
    return tuple(found)


def way_round(inputs: Inputs, assumptions: Assumptions) -> float:
    """Return how much more tanker time the Gulf's crude takes by Lombok than by Malacca."""
    usual = tanker_days(frozenset(), assumptions)
    longer = tanker_days(frozenset({"malacca"}), assumptions)
    takes = {name: inputs.flows.get(name, 0.0) for name in GULF}
    before = sum(flow * usual[n] for n, flow in takes.items())
    return sum(flow * longer[n] for n, flow in takes.items()) / before - 1 if before else 0.0


def _tested(ask: Ask, assumptions: Assumptions) -> tuple[BlockadeBacktest | None, str]:
    try:
        return backtest(ask, assumptions), ""
    except DataError as e:
        return None, str(e)
