# SPDX-License-Identifier: Apache-2.0
"""The blockade worked out: one typed answer with everything that is printed, written and drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from bilat.contingency.blockade.against import Published, against
from bilat.contingency.blockade.backtest import Backtest, backtest
from bilat.contingency.blockade.closed_form import Case, solve
from bilat.contingency.blockade.draws import Spread, draw
from bilat.contingency.blockade.gas import Gas, solve_gas
from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.monthly import TIERS, Months, solve_months
from bilat.contingency.blockade.relief import Relief, relief
from bilat.contingency.blockade.routes import closures, name_of, sources, spoken
from bilat.contingency.parameters import Parameters, load, with_user
from bilat.dyad import Dyad
from bilat.errors import DataError, UsageError
from bilat.holdings import Holdings
from bilat.measures import Ask, default_holdings
from bilat.when import AsOf

#: The closures shown beside the one asked for.
STANDARD = (
    "none", "malacca", "malacca,lombok,sunda", "malacca,lombok,sunda,australia",
    "malacca,lombok,sunda,australia,pacific", "hormuz", "sea",
)  # fmt: skip
#: The six closures of the draws.
SIX = STANDARD[1:]
PACKAGE = "bilat.contingency.blockade"


@dataclass(frozen=True)
class Blockade:
    """A closure of China's sea routes: what stops, how long stocks last, what Russian lines add.

    Rates in million barrels a day, stocks in million barrels, gas in bcm a year. ``months`` is how long the
    closure lasts; ``monthly`` the linear programme; ``spread`` the draws of the closure asked for.
    """

    closed: str
    months: int
    as_of: AsOf
    seed: int
    draws: int
    inputs: Inputs
    parameters: Parameters
    stock: float
    case: Case
    standard: list[Case]
    monthly: Months
    spread: Spread
    relief: list[Relief]
    gas: Gas
    published: list[Published]
    backtest: Backtest | None
    why_no_backtest: str
    later: list[str]  #: parameters whose source was public only after the as-of date

    @property
    def at_an_end(self) -> list[str]:
        """Drawn parameters that the case takes at an end of their range: the draws lie on one side of it."""
        return [
            n for n, q in self.parameters.items() if q.drawn and q.low < q.high and q.value in (q.low, q.high)
        ]

    @property
    def case_beside_draws(self) -> str:
        """A sentence where the case lies outside the middle 90% of the draws, by its days or by its shortage;
        else nothing."""
        by_days = -_side(self.case.days(self.stock), self.spread.days)
        by_shortage = _side(self.case.short, self.spread.short)
        if not by_days and not by_shortage:
            return ""
        lacks = f"lacks {'more' if by_shortage > 0 else 'less'} than 95%"
        if not by_days:
            words = lacks
        elif by_shortage == -by_days:
            words = f"lasts {'shorter' if by_days > 0 else 'longer'} than 95% of the draws and {lacks}"
        else:
            words = f"is {'harder' if by_days > 0 else 'milder'} than 95%"
        why = (
            f": it takes {', '.join(self.at_an_end)} at the end of the range drawn" if self.at_an_end else ""
        )
        return f"The case above {words} of the draws{why}."

    @property
    def spoken(self) -> str:
        """What is closed, as it is said in a sentence."""
        return spoken(self.case.closed)

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data; infinite days are null."""
        shown = {
            "closed": self.closed,
            "months": self.months,
            "as_of": str(self.as_of),
            "seed": self.seed,
            "draws": self.draws,
            "balance": {
                "imports": self.inputs.imports, "intake": self.inputs.intake, "output": self.inputs.output,
                "build": self.inputs.build, "build_of": self.inputs.build_of, "stock": self.inputs.stock,
                "stock_that_can_be_drawn": self.stock,
            },
            "flows": self.inputs.flows,
            "case": self._case(self.case),
            "standard": [self._case(c) for c in self.standard],
            "monthly": {
                **asdict(self.monthly),
                "unmet_total": self.monthly.unmet_total,
                "into_store": self.monthly.into_store,
            },
            "spread": {**asdict(self.spread), "closed": self.closed, "case_beside_draws": self.case_beside_draws},
            "russian_overland_oil": [asdict(r) for r in self.relief],
            "gas": {**asdict(self.gas), "closed": self.closed},
            "published": [asdict(p) for p in self.published],
            "backtest": None if self.backtest is None else asdict(self.backtest),
            "why_no_backtest": self.why_no_backtest,
            "parameters": self.parameters.plain(),
            "parameters_public_only_later": self.later,
            "inputs": self.inputs.used,
        }  # fmt: skip
        plain = finite(shown)
        assert isinstance(plain, dict)
        return plain

    def _case(self, case: Case) -> dict[str, Any]:
        return {
            **asdict(case),
            "closed": name_of(case.closed),
            "lost_share": 1 - case.imports / self.inputs.imports,
            "days": case.days(self.stock),
        }

    def to_arrow(self) -> pa.Table:
        """The closures as a table: closed, imports, lost_share, short, days, lift used and at hand."""
        rows = []
        for case in (self.case, *self.standard):
            plain = self._case(case)
            rows.append(
                {
                    k: plain[k]
                    for k in ("closed", "imports", "lost_share", "short", "unbuilt", "used", "fleet")
                }
                | {"days": None if math.isinf(plain["days"]) else plain["days"], "as_of": str(self.as_of)}
            )
        numbers = ("imports", "lost_share", "short", "unbuilt", "used", "fleet", "days")
        schema = pa.schema(
            [("closed", pa.string()), *((n, pa.float64()) for n in numbers), ("as_of", pa.string())]
        )
        return pa.Table.from_pylist(rows, schema=schema)


def _side(value: float, quantiles: tuple[float, ...]) -> int:
    """1 above the middle 90% of the draws, -1 below, 0 within or at its edge but for rounding."""
    low, high = quantiles[0], quantiles[-1]
    if math.isclose(value, low, rel_tol=1e-9, abs_tol=1e-9) or math.isclose(
        value, high, rel_tol=1e-9, abs_tol=1e-9
    ):
        return 0
    return (value > high) - (value < low)


def finite(value: Any) -> Any:
    """Plain data for JSON: infinite numbers are None, sets are sorted lists."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value


def ask_for(as_of: AsOf, holdings: Holdings | None) -> Ask:
    """The as-of views of a date, for the dyad the model is about."""
    return Ask(Dyad("RUS", "CHN"), as_of, {}, holdings or default_holdings())


def blockade(
    close: str = "malacca,lombok,sunda",
    months: int = 12,
    *,
    as_of: AsOf | None = None,
    params: Iterable[str] = (),
    draws: int = 10_000,
    seed: int = 1,
    holdings: Holdings | None = None,
) -> Blockade:
    """China's oil and gas with some of its sea routes closed.

    Parameters
    ----------
    close
        names joined by commas: malacca, lombok, sunda, hormuz, australia, pacific, myanmar, sea; or none.
    months
        how long it lasts, 1 to 120.
    params
        ``name=value`` texts that replace parameters of the TOML table and are no longer drawn, or
        ``name=low:high``, which the draws use.

    Raises
    ------
    UsageError
        for an unknown closure or parameter, or a number out of range.
    DataError
        if China's crude balance was not public on the as-of date.
    """
    closed = closures(close)
    if not 1 <= months <= 120:
        raise UsageError(f"--months {months}: write a number from 1 to 120")
    p = with_user(load(PACKAGE), params)
    if p("flow_error"):
        raise UsageError(
            f"--param flow_error={p('flow_error'):g}: the case has none, the draws have it either way; "
            "write flow_error=0, or a range around 0 such as -0.1:0.1"
        )
    when = as_of or AsOf()
    ask = ask_for(when, holdings)
    inputs = read_inputs(ask, p)
    stock = inputs.stock * p("usable_stock")
    test, why = _tested(ask, p, seed)
    return Blockade(
        name_of(closed), months, when, seed, draws, inputs, p, stock, solve(inputs, closed, p),
        [solve(inputs, closures(c), p) for c in STANDARD], solve_months(inputs, closed, p, months),
        draw(inputs, [closed], p, draws, seed)[0], relief(inputs, closed, p, months, stock),
        solve_gas(inputs, closed, p), against(inputs, p), test, why, p.later_than(when.date),
    )  # fmt: skip


def _tested(ask: Ask, p: Parameters, seed: int) -> tuple[Backtest | None, str]:
    try:
        return backtest(ask, p, seed), ""
    except DataError as e:
        return None, str(e)


def explained(answer: Blockade) -> list[str]:
    """How the answer comes about, one sentence a line: figures as printed, for ``--explain``."""
    case, p = answer.case, answer.parameters
    shut = [n for n, v in answer.inputs.flows.items() if v > 0.005 and case.flows.get(n, 0.0) < 0.005]
    cut = [
        n for n, v in answer.inputs.flows.items()
        if n not in shut and case.flows.get(n, 0.0) < v - 0.005
    ]  # fmt: skip
    inside = sum(answer.inputs.flows.get(n, 0.0) for n, s in sources().items() if s.hormuz)
    return [
        f"Imports of {answer.inputs.imports:.2f} mb/d are split by supplier and port; "
        f"{inside:.2f} load inside Hormuz.",
        "Stopped: " + (", ".join(shut) or "no source") + ". Cut: " + (", ".join(cut) or "no source") + ".",
        f"The fleet lifts {case.fleet:.0f} million barrels of round trips ({100 * p('fleet_spare'):.0f}% spare); "
        f"{case.used:.0f} are used.",
        f"Refineries take {answer.inputs.intake:.2f} mb/d, wells give {answer.inputs.output:.2f}; "
        f"{case.imports:.2f} still arrives, so {case.short:.2f} is lacking.",
        f"{answer.stock:,.0f} of {answer.inputs.stock:,.0f} million barrels can be drawn: "
        + (f"{case.days(answer.stock):.0f} days." if case.short > 0 else "they are not needed."),
        f"Into store before the closure, {answer.inputs.build:.2f} mb/d: {answer.inputs.build_of}. A remainder of "
        "figures of different periods; what is left over is stored.",
        "The programme cuts, in this order: " + ", ".join(TIERS) + ".",
    ]
