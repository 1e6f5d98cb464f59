# SPDX-License-Identifier: Apache-2.0
"""From the tables to a planning problem: what a crisis in the Pacific takes from Europe, month by
month.

A scenario is the year in which the crisis comes (July). From the month in which a capability leaves
until American
forces are back, its share is missing. Each effect counts alike and each month counts alike, so that
neither a price
nor a conversion decides what matters; a planner may give effects other weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from bilat.contingency.backfill.inputs import BackfillInputs, number_or
from bilat.contingency.backfill.need import (
    american_part,
    crisis_years,
    months_missing,
    more_tankers,
    own_changes,
)
from bilat.contingency.backfill.problem import Floats, Line, Problem, Requires
from bilat.errors import DataError, UsageError
from bilat.planning import Assumption
from bilat.planning.choices import refusal

Pick = Callable[[Assumption], float]
#: A budget of more than this a year, in billions, is a unit mistaken.
MOST_BILLIONS = 1000.0


@dataclass(frozen=True)
class Order:
    """What is asked: new money a year ($bn; inf: unlimited), how Europe's tankers are counted,
    weights of effects.
    """

    budget: float = 10.0
    definition: str = "tankers"
    weights: Mapping[str, float] = field(default_factory=dict)  #: by effect; 1 where none is given


def money(text: str) -> float:
    """$bn a year: ``10``, ``10bn``, ``800m``, ``unlimited``."""
    if text.strip().lower() == "unlimited":
        return math.inf
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(bn|m)?\s*", text, re.IGNORECASE)
    if found is None:
        raise UsageError(
            f"`budget` {text!r}: write billions of dollars a year (10, 10bn, 800m) or unlimited"
        )
    value = float(found[1]) / (1000 if (found[2] or "").lower() == "m" else 1)
    if value > MOST_BILLIONS:
        raise UsageError(
            f"`budget` {text}: the unit is billions of dollars a year. Write 10 for ten billion"
        )
    return value


def weights(given: Iterable[str]) -> dict[str, float]:
    """``refuelling=2`` texts as weights by effect."""
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise UsageError(f"`weight` {text!r}: write EFFECT=NUMBER, refuelling=2") from None
        if not sign or not 0 <= found[name.strip()] < math.inf:
            raise UsageError(
                f"`weight` {text!r}: write EFFECT=NUMBER with a number of 0 or more, refuelling=2"
            )
    return found


def centre(a: Assumption) -> float:
    """The central value."""
    return a.value


@dataclass(frozen=True)
class OptionNumbers:
    """The numbers of the options, an array each, in their order."""

    price: Floats
    lead: np.ndarray
    per_year: np.ndarray
    gives: Floats


def assemble(inputs: BackfillInputs, order: Order, pick: Pick = centre) -> Problem:
    """The planning problem with the numbers that ``pick`` takes.

    Raises
    ------
    UsageError
        for a definition or a weight that is none.
    DataError
        for an effect that no option adds to.
    """
    numbers = {name: pick(number) for name, number in inputs.numbers.items()}
    keys = [effect.key for effect in inputs.effects]
    _check(inputs, order, keys)
    years = crisis_years(numbers)
    part = american_part(numbers, order.definition, keys)
    gone = np.array([pick(number_or(inputs, f"{key}.gone", "gone")) for key in keys])
    # Europe's own retirements are covered by what the United States holds, as far as it stays
    own = own_changes(inputs, numbers, years)
    leaves = np.maximum(0.0, part[:, None] - own) * gone[:, None]
    months = months_missing(inputs, numbers, years)
    need = np.where(months > 0, leaves[:, :, None], 0.0)
    crises = len(years.of_crisis)
    options = _options(inputs, pick, keys, part)
    return Problem(
        options=tuple(option.key for option in inputs.options),
        capabilities=tuple(keys),
        scenarios=tuple(f"crisis of {year}" for year in years.of_crisis),
        price=options.price,
        lead=options.lead,
        per_year=options.per_year,
        total=options.per_year * years.of_orders,
        gives=options.gives,
        held=np.zeros_like(own),
        need=need,
        probability=np.full(crises, 1 / crises),
        weight=_weights(order, keys, need, months),
        budget=_budget(order.budget, years.of_orders),
        carry_over=True,
        lines=_lines(inputs, numbers),
        requires=_requires(inputs, numbers, order, keys),
        cost_weight=numbers["cost_weight"],
    )


def _check(inputs: BackfillInputs, order: Order, keys: list[str]) -> None:
    """Refuse a definition or a weight that is none."""
    if order.definition not in inputs.definitions:
        raise UsageError(
            f"`definition` {order.definition!r}: use one of {', '.join(inputs.definitions)}"
        )
    if wrong := set(order.weights) - set(keys):
        raise UsageError(f"`weight`: {refusal(min(wrong), 'an effect', keys)}")


def _lines(inputs: BackfillInputs, numbers: Mapping[str, float]) -> tuple[Line, ...]:
    """Return the production lines that options share."""
    found = []
    for line in inputs.lines:
        members = tuple(i for i, option in enumerate(inputs.options) if option.line == line)
        found.append(Line(members, _whole(numbers[f"line.{line}.per_year"])))
    return tuple(found)


def _requires(
    inputs: BackfillInputs, numbers: Mapping[str, float], order: Order, keys: list[str]
) -> tuple[Requires, ...]:
    """Return what bought units need of another effect; further European tankers serve some of
    them.
    """
    further = max(0.0, more_tankers(numbers, order.definition) - numbers["refuelling.us_part"])
    found = []
    for need in inputs.dependencies:
        per_unit = numbers[f"dependency.{need.capability}.per_unit"]
        free = numbers[f"dependency.{need.capability}.free"]
        if need.provider == "refuelling":
            free += per_unit * further
        at = keys.index(need.capability)
        found.append(Requires(at, keys.index(need.provider), per_unit, free))
    return tuple(found)


def _options(inputs: BackfillInputs, pick: Pick, keys: list[str], part: Floats) -> OptionNumbers:
    """Return price, lead, orders a year, and what each option gives."""
    gives = np.array([[o.gives.get(k, 0.0) for k in keys] for o in inputs.options])
    for c, k in enumerate(keys):
        if part[c] > 0 and not (gives[:, c] > 0).any():
            raise DataError(f"{k}: no option of options.toml adds to it. Add one")
    share = pick(inputs.numbers["line_share"])
    numbers = inputs.numbers
    per_year = []
    for o, given in zip(inputs.options, gives, strict=True):
        own = numbers.get(f"line.{o.line}.per_year") or numbers.get(f"{o.key}.per_year")
        if own is not None:
            per_year.append(_whole(pick(own)))
            continue
        c = int(np.argmax(given))
        per_year.append(math.ceil(share * part[c] / given[c]) if given[c] else 0)
    price = np.array([pick(numbers[f"{o.key}.price"]) for o in inputs.options])
    lead = np.array(
        [max(0, _whole(pick(number_or(inputs, f"{o.key}.lead", "lead")))) for o in inputs.options]
    )
    most = np.array(per_year)
    return OptionNumbers(price, lead, most, gives)


def _weights(order: Order, keys: list[str], need: Floats, months: Floats) -> Floats:
    """Return the points that one missing unit costs, by effect, year and crisis.

    A crisis in which nothing is replaced costs 100 points in all; one in which no effect with a
    weight is missing costs none.
    """
    is_missing = need > 0
    weight = np.array([order.weights.get(key, 1.0) for key in keys])[:, None, None] * months
    weight = np.where(is_missing, weight, 0.0)
    if np.any(weight < 0) or not weight.any():
        raise UsageError("`weight`: write numbers of 0 or more, one of them above 0")
    whole = weight.sum(axis=(0, 1), keepdims=True)
    share = weight / np.where(whole > 0, whole, 1.0)
    return np.asarray(100.0 * share / np.where(is_missing, need, 1.0))


def _budget(billions: float, years: int) -> Floats:
    return np.full(years, min(billions, 1e4))


def _whole(value: float) -> int:
    return math.floor(value + 0.5)
