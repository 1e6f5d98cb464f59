# SPDX-License-Identifier: Apache-2.0
"""From the tables to a planning problem: central values, changed ones, or one draw of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

import numpy as np

from bilat.contingency.backfill.inputs import Inputs, Quantity
from bilat.contingency.backfill.problem import Floats, Line, Problem, Requires, Tail
from bilat.errors import DataError, UsageError

Pick = Callable[[Quantity], float]

#: A budget of more than this a year, in billions, is a unit mistaken.
MOST_BILLIONS = 1000.0
#: Ends of the names of numbers that only make sense whole.
COUNTS = (".lead", ".per_year", ".total", "settings.first_year", "settings.run_off")


@dataclass(frozen=True)
class Question:
    """What is asked: the budget a year ($bn; inf: unlimited), order years, definition, and the rest."""

    budget: float = 10.0
    years: int = 15
    definition: str = "tankers"
    basis: str = "wartime"  #: wartime (the part in a war) or stationed (what stands in Europe)
    carry_over: bool = True
    tail: Tail = field(default_factory=Tail)

    def __post_init__(self) -> None:
        if not 3 <= self.years <= 40:
            raise UsageError(f"--years {self.years}: write 3 to 40")
        if self.basis not in ("wartime", "stationed"):
            raise UsageError(f"--basis {self.basis!r}: write wartime or stationed")
        if not 0 <= self.tail.share <= 1:
            raise UsageError(f"--tail {self.tail.share:g}: a share lies between 0 and 1")


def money(text: str) -> float:
    """$bn a year: ``10``, ``10bn``, ``800m``, ``unlimited``."""
    if text.strip().lower() == "unlimited":
        return math.inf
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(bn|m)?\s*", text, re.IGNORECASE)
    if found is None:
        raise UsageError(f"--budget {text!r}: write billions of dollars a year (10, 10bn, 800m) or unlimited")
    value = float(found[1]) / (1000 if (found[2] or "").lower() == "m" else 1)
    if value > MOST_BILLIONS:
        raise UsageError(f"--budget {text}: the unit is billions of dollars a year; write 10 for ten billion")
    return value


def changed(inputs: Inputs, params: Mapping[str, float]) -> Inputs:
    """The inputs with some numbers replaced; what a user sets is no longer varied."""
    known = {q.name: q for q in inputs.quantities()}
    for name, value in params.items():
        if name not in known:
            near = ", ".join(get_close_matches(name, known, 4, 0.5)) or "a name that --explain prints"
            raise UsageError(f"--param {name}: no such number; try {near}")
        if name.endswith(".held"):
            raise UsageError(
                f"--param {name}: is shown and not planned with; set {name.split('.')[0]}.us_part, net of it"
            )
        if name == "settings.weight":
            raise UsageError(
                f"--param {name}: the same weight for all changes nothing; it is varied by the draws alone"
            )
        q = known[name]
        if name.endswith(COUNTS) and value != math.floor(value):
            raise UsageError(f"--param {name}={value:g}: is counted; write a whole number of {q.unit}")
        if name == "settings.first_year" and not 2022 <= value <= 2060:
            raise UsageError(f"--param {name}={value:g}: is a calendar year; write one from 2022 to 2060")
        reach = max(abs(q.low), abs(q.high), 1.0 if q.value == 0 else 0.0)
        if value < min(0.0, q.low) or value > 20 * reach or not math.isfinite(value):
            raise UsageError(
                f"--param {name}={value:g}: out of range; the unit is {q.unit}, published or assumed "
                f"{q.low:g} to {q.high:g}"
            )

    def swap(q: Quantity | None) -> Quantity | None:
        if q is None or q.name not in params:
            return q
        v = params[q.name]
        return replace(q, value=v, low=v, high=v, assumed="set by the user", rows=())

    return _mapped(inputs, swap)


def _mapped(inputs: Inputs, swap: Callable[[Quantity | None], Quantity | None]) -> Inputs:
    def sure(q: Quantity) -> Quantity:
        return swap(q) or q

    return replace(
        inputs,
        settings={k: sure(q) for k, q in inputs.settings.items()},
        capabilities=tuple(
            replace(
                c, us_part=sure(c.us_part), stationed=swap(c.stationed), held=swap(c.held),
                changes=tuple((y, sure(q)) for y, q in c.changes),
            )
            for c in inputs.capabilities
        ),
        options=tuple(
            replace(o, price=sure(o.price), lead=sure(o.lead), per_year=sure(o.per_year), total=swap(o.total))
            for o in inputs.options
        ),
        lines={k: sure(q) for k, q in inputs.lines.items()},
        definitions={k: (label, sure(q)) for k, (label, q) in inputs.definitions.items()},
        dependencies=tuple(replace(d, per_unit=sure(d.per_unit), free=sure(d.free)) for d in inputs.dependencies),
    )  # fmt: skip


def centre(q: Quantity) -> float:
    """The central value."""
    return q.value


def drawn(rng: np.random.Generator) -> Pick:
    """One draw of each number that varies: triangular between low, value and high; kept within the draw."""
    kept: dict[str, float] = {}

    def pick(q: Quantity) -> float:
        if not q.varies:
            return q.value
        if q.name not in kept:
            kept[q.name] = float(rng.triangular(q.low, q.value, q.high))
        return kept[q.name]

    return pick


def surplus(inputs: Inputs, question: Question, pick: Pick = centre) -> float:
    """Tankers counted beyond the requirement, under the definition asked: they can serve bought fighters."""
    if question.basis == "stationed":
        return 0.0
    counted = inputs.definitions[question.definition][1].value - inputs.definitions["tankers"][1].value
    part = next((pick(c.us_part) for c in inputs.capabilities if c.key == "refuelling"), 0.0)
    return max(0.0, counted - part)


def parts(inputs: Inputs, question: Question, pick: Pick = centre) -> Floats:
    """The part to be replaced by capability (C), under the definition and basis asked."""
    if question.definition not in inputs.definitions:
        raise UsageError(f"--definition {question.definition!r}: use one of {', '.join(inputs.definitions)}")
    counted = inputs.definitions[question.definition][1].value - inputs.definitions["tankers"][1].value
    made = []
    for c in inputs.capabilities:
        if question.basis == "stationed":
            made.append(c.stationed.value if c.stationed else 0.0)
        else:
            made.append(max(0.0, pick(c.us_part) - (counted if c.key == "refuelling" else 0.0)))
    return np.asarray(made)


def assemble(
    inputs: Inputs, question: Question, pick: Pick = centre, rng: np.random.Generator | None = None
) -> Problem:
    """The planning problem. With ``rng`` scenario probabilities and weights are drawn too."""
    first, horizon = (
        int(pick(inputs.settings["first_year"])),
        question.years + round(pick(inputs.settings["run_off"])),
    )
    years = np.arange(first, first + horizon)
    keys = [c.key for c in inputs.capabilities]
    us, spare = parts(inputs, question, pick), surplus(inputs, question, pick)
    gives = np.array([[o.gives.get(k, 0.0) for k in keys] for o in inputs.options])
    price = np.array([pick(o.price) for o in inputs.options])
    gone = np.array(
        [[[s.gone(k, int(y)) for s in inputs.scenarios] for y in years] for k in keys]
    )  # (C, H, S)
    probability = _probabilities(inputs, rng)
    change = np.array(
        [[sum(pick(q) for year, q in c.changes if year <= y) for y in years] for c in inputs.capabilities]
    )
    if question.basis == "stationed":
        change = np.zeros_like(change)  # what is stationed leaves; Europe's own changes are another question
    # Europe's own retirements are covered by what the United States holds, as far as it stays
    need = np.maximum(0.0, us[:, None] - change)[:, :, None] * gone
    stock = np.zeros_like(change)
    per_year = np.array([_whole(pick(o.per_year)) for o in inputs.options])
    total = np.array(
        [
            _whole(pick(o.total)) if o.total else int(per_year[i]) * question.years
            for i, o in enumerate(inputs.options)
        ]
    )
    every = replace_cost(us, price, gives)
    money_limit = np.full(question.years, question.budget)
    if math.isinf(question.budget):
        money_limit = np.full(
            question.years, float(price @ np.minimum(total, per_year * question.years)) + 1.0
        )
    return Problem(
        tuple(o.key for o in inputs.options), tuple(keys), tuple(s.key for s in inputs.scenarios),
        price, np.array([max(0, _whole(pick(o.lead))) for o in inputs.options]), per_year, total, gives,
        stock, need, probability,
        _weights(inputs, us, every, horizon, pick, rng), money_limit, question.carry_over,
        tuple(
            Line(tuple(i for i, o in enumerate(inputs.options) if o.line == k), _whole(pick(q)))
            for k, q in inputs.lines.items()
        ),
        tuple(
            Requires(
                keys.index(d.capability),
                keys.index(d.provider),
                pick(d.per_unit),
                pick(d.free) + (pick(d.per_unit) * spare if d.provider == "refuelling" else 0.0),
            )
            for d in inputs.dependencies
        ),
        tuple(max(0, o.not_before - first) for o in inputs.options),
        question.tail, pick(inputs.settings["cost_weight"]),
    )  # fmt: skip


def _probabilities(inputs: Inputs, rng: np.random.Generator | None) -> Floats:
    """Of each scenario (S): as given, or drawn around it (Dirichlet)."""
    given = np.array([s.probability for s in inputs.scenarios])
    if rng is None or len(given) == 1:
        return given
    return rng.dirichlet(np.maximum(given * inputs.concentration, 1e-3))


def _whole(value: float) -> int:
    return math.floor(value + 0.5)


def replace_cost(us: Floats, price: Floats, gives: Floats) -> Floats:
    """$bn to replace the whole US part of each capability with the cheapest option a unit (C)."""
    unit = np.where(gives > 0, price[:, None] / np.where(gives > 0, gives, 1.0), np.inf).min(axis=0)
    if np.any(~np.isfinite(unit) & (us > 0)):
        raise DataError(
            "infeasible demand: a capability has no option that adds to it; add one to options.toml"
        )
    return np.asarray(np.where(us > 0, us * np.where(np.isfinite(unit), unit, 0.0), 0.0))


def _weights(
    inputs: Inputs, us: Floats, cost: Floats, horizon: int, pick: Pick, rng: np.random.Generator | None
) -> Floats:
    """Points for one unit missing in one year (C, H): 100 = all of the US part missing in every year."""
    q = inputs.settings["weight"]
    weight = np.full(len(us), q.value)
    if rng is not None and q.varies:
        weight = np.exp(rng.uniform(np.log(q.low), np.log(q.high), len(us)))
    some = (us > 0) & (cost > 0)
    size = np.where(some, np.where(some, cost, 1.0) ** pick(inputs.settings["size_exponent"]), 0.0) * weight
    years = pick(inputs.settings["discount"]) ** np.arange(horizon)
    if not some.any():
        return np.zeros((len(us), horizon))
    share = size / size.sum() / np.where(some, us, 1.0)
    return np.asarray(100.0 * share[:, None] * years[None, :] / years.sum())
