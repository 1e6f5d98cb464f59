# SPDX-License-Identifier: Apache-2.0
"""The whole answer: assumed numbers first, what the draws say, then one portfolio with its proof."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.contingency.backfill import tankers
from bilat.contingency.backfill.assemble import Question, assemble, changed
from bilat.contingency.backfill.inputs import Inputs, Quantity, shipped, withdrawals
from bilat.contingency.backfill.lineage import Traced, trace
from bilat.contingency.backfill.problem import Problem, missing, score, spent
from bilat.contingency.backfill.program import Effort, Solution
from bilat.contingency.backfill.questions import (
    Draws,
    alternatives,
    by_definition,
    draws,
    floor,
    floor_by_run_off,
    front,
    horizon_moved,
    levers,
    needed,
    price_list,
    relaxed,
    rule_of_thumb,
    scenario_regret,
    settled,
    without_the_others,
)
from bilat.contingency.backfill.search import plan
from bilat.holdings import Holdings
from bilat.when import AsOf

#: Budgets of the front, $bn a year.
BUDGETS = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
#: The capabilities of that list that an option here prices.
IISS_LIST = ("fighters", "destroyers", "ifv", "air_defence", "patrol", "drones")


@dataclass(frozen=True)
class Backfill:
    """What ``bilat backfill`` answers."""

    question: Question
    inputs: Inputs
    traced: list[Traced]
    problem: Problem
    best: Solution
    nothing: float
    floor: dict[str, float]
    floor_by_run_off: dict[str, float]
    front: list[dict[str, float]]
    draws: Draws
    levers: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    regret: list[dict[str, Any]]
    needed: list[dict[str, Any]]
    without_the_others: dict[str, float]  #: least gap with only what is needed, and the gap allowed
    alternatives: list[dict[str, Any]]
    definitions: list[dict[str, Any]]
    money: dict[str, float]
    checks: list[dict[str, Any]]
    orbit: dict[str, Any]
    seed: int
    as_of: str
    holdings: str

    def orders(self) -> list[dict[str, Any]]:
        """Orders of the portfolio by option and year: new orders, $bn."""
        new = np.rint(np.diff(self.best.orders, axis=1, prepend=0.0)).astype(int)
        first = int(self.inputs.settings["first_year"].value)
        return [
            {
                "option": o.key, "label": o.label, "year": first + t, "orders": int(new[i, t]),
                "bn": float(new[i, t] * self.problem.price[i]), "in_use": first + t + int(self.problem.lead[i]),
            }
            for i, o in enumerate(self.inputs.options)
            for t in range(self.problem.years)
            if new[i, t]
        ]  # fmt: skip

    def gaps(self) -> list[dict[str, Any]]:
        """By capability and year: expected units missing with nothing ordered, and with the portfolio."""
        none = missing(self.problem, np.zeros_like(self.best.orders)) @ self.problem.probability
        left = missing(self.problem, self.best.orders) @ self.problem.probability
        first = int(self.inputs.settings["first_year"].value)
        return [
            {
                "capability": c.key, "label": c.label, "unit": c.unit, "year": first + h,
                "nothing": float(none[k, h]), "portfolio": float(left[k, h]),
            }
            for k, c in enumerate(self.inputs.capabilities)
            for h in range(self.problem.need_years)
        ]  # fmt: skip

    def in_europe(self) -> list[dict[str, Any]]:
        """By capability: stationed in Europe now, the part in a war, and what Europe holds."""
        return [
            {
                "capability": c.key, "label": c.label, "unit": c.unit,
                "stationed": c.stationed.value if c.stationed else None, "wartime": c.us_part.value,
                "low": c.us_part.low, "high": c.us_part.high, "assumed": bool(c.us_part.assumed),
                "held": c.held.value if c.held else None,
            }
            for c in self.inputs.capabilities
        ]  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The answer as plain data."""
        asked = {
            **asdict(self.question),
            "budget": None if math.isinf(self.question.budget) else self.question.budget,
        }
        return {
            "assumed": [
                {"name": t.quantity.name, "value": t.quantity.value, "low": t.quantity.low, "high": t.quantity.high,
                 "unit": t.quantity.unit, "why": t.quantity.assumed}
                for t in self.traced if t.quantity.assumed
            ],
            "assumed_everywhere": ["scenario probabilities", "scenario shares"],
            "question": asked,
            "seed": self.seed,
            "as_of": self.as_of,
            "holdings": self.holdings,
            "score": {
                "unit": "points: expected, 100 = all of the American part missing in every year",
                "nothing": self.nothing, "portfolio": self.best.score, "bound": self.best.bound,
                "gap": self.best.gap, "gap_of_nothing": max(0.0, self.best.score - self.best.bound) / self.nothing
                if self.nothing else 0.0,
                "stopped": self.best.stopped, "spent_bn": spent(self.problem, self.best.orders),
                "charge": self.problem.cost_weight * spent(self.problem, self.best.orders),
            },
            "floor": self.floor,
            "floor_share_by_years_counted_after_the_last_order": self.floor_by_run_off,
            "draws": asdict(self.draws),
            "orders": self.orders(),
            "gaps": self.gaps(),
            "front": self.front,
            "money": self.money,
            "levers": self.levers,
            "price_list": self.prices,
            "scenarios": self.regret,
            "needed_within_2_percent": self.needed,
            "without_the_others": self.without_the_others,
            "alternatives": self.alternatives,
            "definitions": self.definitions,
            "in_europe": self.in_europe(),
            "stationed": {k: self.inputs.published[k].value for k in ("troops", "brigades", "aircraft")},
            "orbit": self.orbit,
            "ordered_since_2023": [
                {"option": k.removeprefix("ordered."), "orders": q.value, "unit": q.unit, "note": q.note}
                for k, q in self.inputs.published.items() if k.startswith("ordered.")
            ],
            "checks": self.checks,
            "inputs": [
                {"name": t.quantity.name, "value": t.quantity.value, "low": t.quantity.low, "high": t.quantity.high,
                 "unit": t.quantity.unit, "standing": t.standing, "assumed": t.quantity.assumed,
                 "note": t.quantity.note, "rows": list(t.rows)}
                for t in self.traced
            ],
            "kind": "modelled",
        }  # fmt: skip

    def to_arrow(self) -> dict[str, pa.Table]:
        """Tables: orders, gaps, early (draws), front, levers, inputs."""
        plain = self.to_json()
        inputs = [{**r, "rows": "; ".join(x["locator"] for x in r["rows"])} for r in plain["inputs"]]
        tables = {
            "orders": plain["orders"], "gaps": plain["gaps"], "early": self.draws.early, "front": self.front,
            "levers": self.levers, "inputs": inputs,
        }  # fmt: skip
        return {k: pa.Table.from_pylist(v) for k, v in tables.items() if v}


def backfill(
    question: Question | None = None,
    *,
    withdraw: str | None = None,
    params: Mapping[str, float] | None = None,
    count: int = 40,
    seed: int = 0,
    effort: Effort | None = None,
    holdings: Holdings | None = None,
    as_of: AsOf | None = None,
) -> Backfill:
    """What Europe would order to replace what the United States takes away.

    Parameters
    ----------
    question
        budget in billions of dollars a year, order years, definition of tankers, basis, tail.
    withdraw
        a share from 0 to 1, or the path of a TOML file of scenarios; None: the shipped scenarios.
    params
        numbers to set by name (``p8.price``); a number set is no longer varied.
    count, seed
        draws, and the seed that makes them again.

    Raises
    ------
    UsageError
        for a budget, share, definition or number out of range.
    """
    question, effort = question or Question(), effort or Effort(nodes=300)
    records, when = holdings or Holdings(None), as_of or AsOf(None)
    inputs = changed(withdrawals(shipped(), withdraw), params or {})
    problem = assemble(inputs, question)
    nothing = score(problem, np.zeros((len(problem.options), problem.years)))
    small = Effort(effort.gap, 1e-3 * nothing, effort.nodes, effort.seconds, effort.seed)
    best = plan(problem, small)
    price = relaxed(problem)
    flat = settled(problem)
    flat_best = replace(best, score=score(flat, best.orders))
    quick = Effort(0.02, 1e-3 * nothing, 200, seed=effort.seed)
    must = needed(flat, flat_best.score)
    return Backfill(
        question, inputs, trace(_all_numbers(inputs), records, when), problem, best,
        nothing, floor(problem), floor_by_run_off(inputs, question), front(inputs, question, BUDGETS, quick),
        draws(inputs, question, count, seed, quick), levers(flat), price_list(problem),
        scenario_regret(problem, best.orders), must,
        {"gap_at_least": without_the_others(flat, must), "within_2_percent": 1.02 * flat_best.score},
        alternatives(flat, flat_best, 2, Effort(nodes=20)), by_definition(inputs, question, quick),
        {"once": price.once, "every_year": price.every_year, "relaxed": price.value,
         "horizon_moved": horizon_moved(inputs, question),
         "rule_of_thumb": score(problem, rule_of_thumb(problem))},
        checks(inputs, problem, question), orbit(seed), seed, str(when), records.digest,
    )  # fmt: skip


def _all_numbers(inputs: Inputs) -> list[Quantity]:
    return [*inputs.quantities(), *tankers.numbers().values(), *inputs.published.values()]


def orbit(seed: int, asked: tankers.Orbit | None = None) -> dict[str, Any]:
    """One orbit: tankers by formula and by simulation, with receivers at random and in waves of four hours."""
    asked, tanker = asked or tankers.Orbit(1000.0, 4.0, 10.0), tankers.a330()
    found = tankers.count(tanker, asked)
    steady, ratio = tankers.simulated(tanker, asked, seed)
    waves, worse = tankers.simulated(tanker, asked, seed, wave=4.0)
    return {
        **asdict(asked), **asdict(found), "needed": found.needed, "binds": found.binds, "simulated": steady,
        "ratio": ratio, "in_waves": waves, "ratio_in_waves": worse,
    }  # fmt: skip


def checks(inputs: Inputs, problem: Problem, question: Question) -> list[dict[str, Any]]:
    """Published figures beside what the tables give."""
    cheapest = {
        c.key: min(o.price.value / o.gives[c.key] for o in inputs.options if o.gives.get(c.key, 0) > 0)
        for c in inputs.capabilities
    }
    price = {c.key: cheapest[c.key] * c.us_part.value for c in inputs.capabilities}
    # the list as published is priced with whole batteries, as the publisher writes 'missiles'
    battery = next(o for o in inputs.options if o.key == "patriot_battery")
    part = next(c for c in inputs.capabilities if c.key == "air_defence")
    listed = sum(price[k] for k in IISS_LIST if k != "air_defence") + battery.price.value * part.us_part.value
    whole = sum(price.values()) - price["air_defence"] + battery.price.value * part.us_part.value
    published = inputs.published["one_off"]
    low, high = published.low, published.high
    said = f"{low:g} to {high:g} bn USD, one-off"
    return [
        {
            "figure": "PF29",
            "published": said,
            "here": listed,
            "inside": low <= listed <= high,
            "note": "six of the list's items that a row prices; tanks, submarines, helicopters have no price row",
        },
        {
            "figure": "PF29",
            "published": said,
            "here": whole,
            "inside": low <= whole <= high,
            "note": "all thirteen capabilities here: another list, with assumed quantities; no confirmation",
        },
    ]
