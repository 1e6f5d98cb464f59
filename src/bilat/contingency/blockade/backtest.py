# SPDX-License-Identifier: Apache-2.0
"""The closure of Hormuz in 2026 as a test: what a rule of earlier inputs says of China's imports by month.

Every number in the rule was public on 27 February 2026; the rule itself was written afterwards. It is given the
traffic through the strait (that is the closure itself) and nothing else that came after: imports = the year
before, less the part loaded inside Hormuz that no longer passes, plus China's part of the lines around it, a
voyage later, and no replacement from elsewhere. Observed imports, intake and output are read from the rows that
were public afterwards.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from bilat.contingency.blockade.draws import flows_of
from bilat.contingency.blockade.inputs import Inputs, read_inputs
from bilat.contingency.blockade.routes import sources
from bilat.contingency.lineage import record
from bilat.contingency.parameters import Parameters
from bilat.errors import DataError
from bilat.measures import Ask
from bilat.when import AsOf

BEFORE = AsOf("2026-02-27")
CLOSED_FROM = dt.date(2026, 2, 28)  #: the first day of the war; traffic fell on the next
QUARTER = ("2026-04", "2026-05", "2026-06")


@dataclass(frozen=True)
class Rule:
    """A rule with its forecast by month and for the second quarter (million barrels a day).

    ``error`` is forecast less observed for the quarter; ``mae`` the mean absolute error over the months.
    """

    name: str
    fixed_beforehand: bool
    months: dict[str, float]
    quarter: float
    error: float
    mae: float


@dataclass(frozen=True)
class Behaviour:
    """Something a cost-minimising flow lacks, with the error without it and with it (million barrels a day)."""

    name: str
    without: float
    within: float
    what: str


@dataclass(frozen=True)
class Backtest:
    """The test whole. ``band`` is 5, 50 and 95 per cent of the rule's draws for the second quarter;
    ``fall`` splits the fall of imports into what gave way, million barrels a day; ``fall_of`` says of which
    periods each part is the difference, as the figures before the closure are not of one year."""

    observed: dict[str, float]
    quarter: float
    transit: dict[str, float]
    lag_days: int
    rules: list[Rule]
    band: tuple[float, float, float]
    fall: dict[str, float]
    fall_of: dict[str, str]
    stock_draw: dict[str, float]
    behaviours: list[Behaviour]
    used: list[dict[str, Any]]


def backtest(ask: Ask, p: Parameters, seed: int = 1) -> Backtest:
    """The rule of 27 February 2026 against the months March to July.

    Raises
    ------
    DataError
        if the months observed were not public on the as-of date.
    """
    used: list[dict[str, Any]] = []
    observed = _months(ask, "customs_crude", p, used, since="2026-03")
    if not set(QUARTER) <= set(observed):
        raise DataError(
            f"imports of April to June 2026 were not public by {ask.as_of}: ask for 2026-08-20 or later"
        )
    transit = _months(ask, "hormuz_transit", p, used)
    before = read_inputs(Ask(ask.dyad, BEFORE, ask.params, ask.holdings), p)
    normal = _one(ask, "hormuz_flow", used)
    passing = {m: t / normal for m, t in transit.items()}
    gulf = next(r.miles for r in sources()["gulf_inside"].routes if r.name == "malacca")
    lag = round(gulf / (p("speed") * 24) + p("port_days") / 2)
    exposed = sum(before.flows.get(n, 0.0) for n, s in sources().items() if s.hormuz)
    around = p("bypass") * p("china_share_of_hormuz")
    base = before.imports

    def rule(name: str, loss: float, more: float, days: int, fixed: bool = False) -> Rule:
        months = {m: base - _late(m, days, passing, loss, more) for m in observed}
        quarter = _mean(months)
        miss = [abs(months[m] - observed[m]) for m in observed]
        return Rule(name, fixed, months, quarter, quarter - _mean(observed), float(np.mean(miss)))

    rules = [
        rule(
            "inputs fixed beforehand: no replacement, lines around the strait, a voyage",
            exposed,
            around,
            lag,
            True,
        ),
        rule("naive: as in the year before (free replacement says the same)", 0.0, 0.0, lag),
        rule("without the lines around the strait", exposed, 0.0, lag),
        rule("without the voyage", exposed, around, 0),
        rule("a quarter of the loss replaced from elsewhere", 0.75 * exposed, 0.75 * around, lag),
    ]
    intake, output = _months(ask, "intake_month", p, used), _months(ask, "output_month", p, used)
    fall, fall_of = _fall(before, _mean(intake), _mean(output), _mean(observed))
    shortfall = before.intake - before.output - rules[0].quarter
    days = sum(calendar.monthrange(2026, int(m[5:]))[1] for m in QUARTER)
    draw = {"refineries held at their intake": shortfall * days, "observed": fall["drawn from stock"] * days}
    return Backtest(
        observed, _mean(observed), transit, lag, rules, _band(before, p, passing, lag, seed), fall, fall_of, draw,
        _behaviours(rules, draw, days), before.used + used,
    )  # fmt: skip


def _fall(
    before: Inputs, intake: float, output: float, imports: float
) -> tuple[dict[str, float], dict[str, str]]:
    """The fall of imports in parts (million barrels a day), and what of which year each part compares."""
    was = {u["input"]: u["period"] for u in before.used}
    now = f"{QUARTER[0]} to {QUARTER[-1][5:]}"
    parts = {
        "refineries took less": (before.intake - intake, f"intake of {was['refinery intake']} less {now}"),
        "nothing was left over for store": (before.build, f"the remainder {before.build_of}"),
        "drawn from stock": (intake - output - imports, f"intake less output and imports, {now}"),
        "domestic output rose": (
            output - before.output,
            f"output of {now} less {was['domestic crude output']}",
        ),
    }
    return {n: v for n, (v, _) in parts.items()}, {n: of for n, (_, of) in parts.items()}


def _gone(month: str, lag: int, passing: dict[str, float]) -> list[float]:
    """By day of a month, the share of the strait's traffic that was missing when the day's arrivals loaded.

    Arrivals loaded ``lag`` days before; a loading month without traffic of its own takes the last one known.
    """
    year, number = int(month[:4]), int(month[5:])
    out = []
    for day in range(1, calendar.monthrange(year, number)[1] + 1):
        loaded = dt.date(year, number, day) - dt.timedelta(days=lag)
        key = max(f"{loaded:%Y-%m}", min(passing))
        out.append(0.0 if loaded < CLOSED_FROM else 1 - passing.get(key, passing[max(passing)]))
    return out


def _late(month: str, lag: int, passing: dict[str, float], loss: float, more: float) -> float:
    """Mean over a month's days of what does not arrive; the lines around never carry more than is missing."""
    gone = _gone(month, lag, passing)
    return sum(loss * g - min(more, loss * g) for g in gone) / len(gone)


def _mean(months: dict[str, float]) -> float:
    """Mean of the second quarter, by days."""
    weight = {m: calendar.monthrange(2026, int(m[5:]))[1] for m in QUARTER}
    return sum(months[m] * w for m, w in weight.items()) / sum(weight.values())


def _band(
    before: Inputs, p: Parameters, passing: dict[str, float], lag: int, seed: int
) -> tuple[float, float, float]:
    """5, 50 and 95 per cent of the rule for the quarter over what was uncertain beforehand."""
    rng = np.random.default_rng(seed)
    names = list(sources())
    drawn = {n: rng.uniform(q.low, q.high, 10_000) for n, q in p.items() if q.drawn and n != "flow_error"}
    flows = flows_of(before, p, drawn, rng)
    inside = flows[:, [i for i, n in enumerate(names) if sources()[n].hormuz]].sum(axis=1)
    around = drawn["bypass"] * drawn["china_share_of_hormuz"]
    gone = [g for m in QUARTER for g in _gone(m, lag, passing)]
    short = sum((inside * g - np.minimum(around, inside * g)) * gone.count(g) for g in set(gone)) / len(gone)
    low, middle, high = np.quantile(flows.sum(axis=1) - short, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def _behaviours(rules: list[Rule], draw: dict[str, float], days: int) -> list[Behaviour]:
    fixed, naive, bare, prompt = rules[:4]
    kept_on, seen = (draw[k] / days for k in ("refineries held at their intake", "observed"))
    return [
        Behaviour(
            "no replacement", naive.error, fixed.error,
            "all buyers lost the same oil, so nothing was to be had elsewhere: a cost-minimising flow that may "
            "buy elsewhere says nothing changes",
        ),
        Behaviour("lines around the strait", bare.error, fixed.error, "error of the quarter without and with them"),
        Behaviour("voyage lag", prompt.mae, fixed.mae, "mean absolute error of the months without and with it"),
        Behaviour(
            "demand", kept_on, seen,
            "draw on stocks a day with intake held, and observed: refineries cut instead; not in the rule",
        ),
        Behaviour(
            "stock policy", kept_on, seen,
            "the same two figures read as policy: stocks were hardly drawn, no release was announced; not in the rule",
        ),
    ]  # fmt: skip


def _months(
    ask: Ask, metric: str, p: Parameters, used: list[dict[str, Any]], since: str = ""
) -> dict[str, float]:
    rows = ask.rows(
        "SELECT *, period AS point, metric AS grp FROM estimates WHERE source = 'blockade_facts' "
        "AND metric = ? AND period >= ? ORDER BY period",
        metric,
        since,
    ).to_pylist()
    out = {}
    for r in rows:
        value, days = r["value"], calendar.monthrange(int(r["period"][:4]), int(r["period"][5:7]))[1]
        out[r["period"]] = value * p("barrels_per_tonne") / days if r["unit"] == "million tonnes" else value
        used.append(record(f"{metric} {r['period']}", out[r["period"]], "million barrels a day", r))
    return out


def _one(ask: Ask, metric: str, used: list[dict[str, Any]]) -> float:
    rows = ask.rows(
        "SELECT *, period AS point, metric AS grp FROM estimates WHERE source = 'blockade_facts' "
        "AND metric = ? ORDER BY period DESC LIMIT 1",
        metric,
    ).to_pylist()
    if not rows:
        raise DataError(f"no {metric} was public by {ask.as_of}")
    used.append(record(metric, rows[0]["value"], rows[0]["unit"], rows[0]))
    return float(rows[0]["value"])
