# SPDX-License-Identifier: Apache-2.0
"""What the blockade model answers as measures: how exposed China is, how long it lasts, what
Russia adds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bilat.contingency.blockade.answer import SIX, numbers_of
from bilat.contingency.blockade.draws import draw
from bilat.contingency.blockade.gas import solve_gas
from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.relief import relief
from bilat.contingency.blockade.routes import closures, name_of
from bilat.errors import DataError
from bilat.measures import Answer, Ask, Interval, measure, states
from bilat.planning.assumptions import Assumptions
from bilat.planning.draws import two_figures
from bilat.units import quantity, share

REFERENCE = (
    "Statistical Review of World Energy (suppliers); China Customs and the statistics office, "
    "as cited in each row; assumed parameters: blockade/parameters.toml"
)
#: Of the many series by day and month, only the oil that passes Malacca is read.
SOURCES = {"series": ("energy_facts",)}
MODELLED = (
    "This is a model. Each supplier's crude takes the shortest open route for which there "
    "are enough tankers. Some parameters are assumed; `bilat plan blockade` lists them. "
)
INTERVAL = Interval(
    "model",
    "10% to 90% of the model runs",
    0.8,
    note="the value is their median",
)
STRAITS = frozenset({"malacca", "lombok", "sunda"})
HORMUZ = frozenset({"hormuz"})
#: Days beyond which no number is given: ten years.
ENDLESS = 3653.0


class OilBalance:
    """China's balance as of the date, and an answer to put points in, each with every row that was
    read.
    """

    def __init__(self, ask: Ask) -> None:
        self.p: Assumptions = numbers_of(ask)
        self.out: Answer = ask.answer()
        self.year = str(ask.as_of.date.year)
        self.inputs: Inputs | None = None
        if "CHN" not in tuple(ask.dyad):
            self.out.missing("the model is of China's supply: ask for a pair with China")
            return
        self.out.about("CHN")
        try:
            self.inputs = read_inputs(ask, self.p)
        except DataError as e:
            self.out.missing(str(e))
            return

    def add(self, group: str, value: float | None, *range_: float | None, note: str = "") -> None:
        """One modelled point for the year of the as-of date, with its range where there is one."""
        assert self.inputs is not None
        low, high = range_ or (None, None)
        self.out.point(
            self.year,
            value,
            group=group,
            low=low,
            high=high,
            kind="modelled",
            rows=self.inputs.rows,
            note=note,
        )


def _finite(values: Iterable[float]) -> list[float | None]:
    """Return days in two figures, as the plan prints them; None for more than ten years."""
    return [two_figures(v) if v <= ENDLESS else None for v in values]


@measure(
    "blockade.exposed",
    of=states(),
    title="China's crude oil imports that pass straits others can close",
    unit=share("crude imports"),
    tables=["flows", "estimates", "series"],
    sources=SOURCES,
    reference=REFERENCE,
    method=MODELLED
    + "'Usual way' is the crude shipped through Malacca, Lombok or Sunda when all straits "
    "are open. 'After detours' is what China loses if these three close and other routes "
    "stay open. 'Hormuz' is the crude loaded inside that strait, and 'after its lines' is "
    "what China loses if it closes and pipelines around it are used.",
    interval=INTERVAL,
)
def exposed(ask: Ask) -> Answer:
    """China's crude oil imports that pass straits others can close.

    Groups: ``straits, usual way``, ``straits, after detours``, ``Hormuz``, ``Hormuz, after its
    lines``; one
    point each, for the year of the as-of date.
    """
    balance = OilBalance(ask)
    inputs = balance.inputs
    if inputs is None:
        return balance.out
    detour, hormuz = (s.lost for s in draw(inputs, [STRAITS, HORMUZ], balance.p))
    balance.add("straits, usual way", inputs.sailing(STRAITS, balance.p("hormuz_now")))
    balance.add("straits, after detours", detour.median, detour.low, detour.high)
    balance.add("Hormuz", inputs.sailing(HORMUZ, balance.p("hormuz_now")))
    balance.add("Hormuz, after its lines", hormuz.median, hormuz.low, hormuz.high)
    return balance.out


@measure(
    "blockade.days",
    of=states(),
    title="How many days China's crude stocks would last during a closure",
    unit=quantity("days"),
    tables=["flows", "estimates", "series"],
    sources=SOURCES,
    reference=REFERENCE,
    method=MODELLED
    + "The shortage is what refineries process, minus domestic output and the oil that still "
    "arrives. We compare it with the part of the stock that can be used. Days are rounded "
    "to two figures, as in the plan. There is no figure if, in the median model run, "
    "nothing is short or stocks last more than ten years.",
    interval=INTERVAL,
)
def days(ask: Ask) -> Answer:
    """Return how many days China's crude stocks would last during a closure.

    Groups: six closures, one point each.
    """
    balance = OilBalance(ask)
    if balance.inputs is None:
        return balance.out
    for spread in draw(balance.inputs, map(closures, SIX), balance.p):
        low, middle, high = _finite((spread.days.low, spread.days.median, spread.days.high))
        note = f"no shortage in {100 * spread.covered:.0f}% of the draws" if spread.covered else ""
        if middle is None and low is not None:
            note += "; the median is beyond ten years"
        balance.add(name_of(spread.closed), middle, low, high, note=note.removeprefix("; "))
    return balance.out


def _is_built(assumptions: Assumptions, capacity: str, inputs: Inputs) -> bool:
    """Return whether a published capacity is of the year of the Russian gas flow or before."""
    flows = [u.period for u in inputs.used if u.input == "pipe of RUS"]
    return assumptions[capacity].period[:4] <= max(flows, default="")


@measure(
    "blockade.overland",
    of=states(),
    title="How much overland oil and gas from Russia would help China in a blockade",
    unit=share("the shortage"),
    tables=["flows", "estimates", "series"],
    sources=SOURCES,
    reference=REFERENCE,
    method=MODELLED
    + "The figure is the share of the shortage that Russian pipelines would cover. It is "
    "given for today's flows, with a new oil pipeline, and with every planned gas "
    "pipeline. 'More' is the share of the remaining shortage that today's lines would "
    "cover if they ran full. There is no such figure if the capacity was published for a "
    "later year than the flow, because the capacity did not exist yet.",
    interval=INTERVAL,
)
def overland(
    ask: Ask, close: Annotated[str, "what is closed: names joined by commas"] = "sea"
) -> Answer:
    """How much overland oil and gas from Russia would help China in a blockade.

    Groups: ``oil``, ``oil, with a new line``, ``more oil``, ``gas``, ``gas, with every line
    planned``, ``more gas``; left out where nothing is short.
    """
    closed = closures(close)
    balance = OilBalance(ask)
    inputs = balance.inputs
    p = balance.p
    if inputs is None:
        return balance.out
    oil = {r.state: r for r in relief(inputs, closed, p)}
    bare = oil["without"].short.median
    if bare > 0:
        for group, part in (
            ("oil", oil["as it is"].replaced),
            ("oil, with a new line", oil["today's flow and a new pipeline"].replaced),
            ("more oil", oil["today's pipelines, running full"].added),
        ):
            balance.add(group, part.median, part.low, part.high)
    gas = solve_gas(inputs, closed, p)
    lines = {n: rate for n, rate, _ in gas.lines}
    lost = gas.lost + inputs.gas.get("pipe RUS", 0.0)
    for group, state in (
        ("gas", "today's flow"),
        ("gas, with every line planned", "and with Power of Siberia 2"),
    ):
        if gas.lost > 0:
            balance.add(group, min(1.0, lines[state] / lost))
    if gas.lost > 0 and _is_built(p, "siberia_1", inputs):
        full = p("siberia_1")
        spare = max(0.0, full - lines["today's flow"])
        eased = spare / gas.lost
        balance.add("more gas", min(1.0, eased))
    if balance.out.points:
        return balance.out
    return balance.out.missing(
        f"with {name_of(closed)} closed nothing is short: there is nothing to add to"
    )
