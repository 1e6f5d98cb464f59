# SPDX-License-Identifier: Apache-2.0
"""From the tables to a planning problem: what a crisis in the Pacific takes from Europe.

Each scenario is a year in which the crisis may begin, in July. What the United States withdraws is
missing from the month in which it leaves until the crisis ends. Every effect and every month has
the same weight, so that no price or conversion decides what matters; a planner may give effects
other weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from bilat.contingency.backfill.inputs import BackfillInputs, Option, number_or
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

#: Takes one value out of an assumed number: its central value, or one of a draw.
Pick = Callable[[Assumption], float]
#: A larger budget a year was probably written in millions.
MOST_BILLIONS = 1000.0
#: What an unlimited budget is for the solver, in billions a year.
UNLIMITED_BILLIONS = 1e4


@dataclass(frozen=True)
class Order:
    """What a planner asks for: a budget, a way to count tankers, and weights."""

    budget: float = 10.0  #: new money a year, $bn; inf: unlimited
    definition: str = "tankers"  #: how Europe's tankers are counted
    weights: Mapping[str, float] = field(default_factory=dict)  #: by effect; the others have 1


def money(text: str) -> float:
    """Parse a budget into $bn a year: ``10``, ``10bn``, ``800m``, ``unlimited``.

    Raises
    ------
    UsageError
        for another text, and for a budget that was probably written in millions.
    """
    if text.strip().lower() == "unlimited":
        return math.inf
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(bn|m)?\s*", text, re.IGNORECASE)
    if found is None:
        raise UsageError(
            f"`budget` {text!r}: write dollars a year, such as 10bn or 800m, or unlimited"
        )
    is_millions = (found[2] or "").lower() == "m"
    value = float(found[1]) / (1000 if is_millions else 1)
    if value > MOST_BILLIONS:
        raise UsageError(
            f"`budget` {text}: the unit is billions of dollars a year. Write 10 for ten billion"
        )
    return value


def weights(given: Iterable[str]) -> dict[str, float]:
    """Parse texts such as ``refuelling=2`` into weights by effect.

    Raises
    ------
    UsageError
        for a text of another form, and for a number below zero or without end.
    """
    found = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            raise UsageError(f"`weight` {text!r}: write CAPABILITY=NUMBER, refuelling=2") from None
        if not 0 <= weight < math.inf:
            raise UsageError(
                f"`weight` {text!r}: write CAPABILITY=NUMBER with a number of 0 or more, "
                "refuelling=2"
            )
        found[name.strip()] = weight
    return found


def central_value(number: Assumption) -> float:
    """Return the central value of an assumed number."""
    return number.value


@dataclass(frozen=True)
class OptionNumbers:
    """Numbers of the options, in the order of the options."""

    price: Floats  #: $bn a unit (I)
    lead: np.ndarray  #: years from order to delivery (I)
    per_year: np.ndarray  #: the most orders a year (I)
    gives: Floats  #: units of each effect that one order adds (I, C)


def assemble(inputs: BackfillInputs, order: Order, pick: Pick = central_value) -> Problem:
    """Return the planning problem with the values that ``pick`` takes out of the numbers.

    Raises
    ------
    UsageError
        for an unknown definition or effect, and for weights of which none is above zero.
    DataError
        for an effect that no option adds to.
    """
    numbers = {name: pick(number) for name, number in inputs.numbers.items()}
    keys = [effect.key for effect in inputs.effects]
    _check(inputs, order, keys)
    years = crisis_years(numbers)
    american = american_part(numbers, order.definition, keys)  # (C)
    share_that_leaves = np.array(
        [pick(number_or(inputs, f"{key}.gone", "gone")) for key in keys]
    )  # (C)
    # What Europe adds of its own is missed less; what it retires, American forces stand in for.
    own = own_changes(inputs, numbers, years)  # (C, H)
    leaves = np.maximum(0.0, american[:, None] - own) * share_that_leaves[:, None]
    months = months_missing(inputs, numbers, years)  # (C, H, S)
    need = np.where(months > 0, leaves[:, :, None], 0.0)
    crises = len(years.of_crisis)
    options = _options(inputs, pick, keys, american)
    return Problem(
        options=tuple(option.key for option in inputs.options),
        capabilities=tuple(keys),
        scenarios=tuple(f"crisis of {year}" for year in years.of_crisis),
        price=options.price,
        lead=options.lead,
        per_year=options.per_year,
        total=options.per_year * years.of_orders,
        gives=options.gives,
        held=np.zeros_like(own),  # Europe's own changes are in the need
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
    """Refuse an unknown definition, and weights of unknown effects."""
    if order.definition not in inputs.definitions:
        raise UsageError(
            f"`definition` {order.definition!r}: use one of {', '.join(inputs.definitions)}"
        )
    if wrong := set(order.weights) - set(keys):
        raise UsageError(f"`weight`: {refusal(min(wrong), 'a capability', keys)}")


def _lines(inputs: BackfillInputs, numbers: Mapping[str, float]) -> tuple[Line, ...]:
    """Return the production lines, each with the options that are built on it."""
    found = []
    for line in inputs.lines:
        members = tuple(i for i, option in enumerate(inputs.options) if option.line == line)
        found.append(Line(members, _rounded(numbers[f"line.{line}.per_year"])))
    return tuple(found)


def _requires(
    inputs: BackfillInputs, numbers: Mapping[str, float], order: Order, keys: list[str]
) -> tuple[Requires, ...]:
    """Return what bought units need of another effect, as fighters need tankers.

    European tankers beyond those that replace American ones serve some of the bought units.
    """
    more = more_tankers(numbers, order.definition)
    spare_tankers = max(0.0, more - numbers["refuelling.us_part"])
    found = []
    for need in inputs.dependencies:
        per_unit = numbers[f"dependency.{need.capability}.per_unit"]
        free = numbers[f"dependency.{need.capability}.free"]
        if need.provider == "refuelling":
            free += per_unit * spare_tankers
        capability = keys.index(need.capability)
        provider = keys.index(need.provider)
        found.append(Requires(capability, provider, per_unit, free))
    return tuple(found)


def _options(
    inputs: BackfillInputs, pick: Pick, keys: list[str], american: Floats
) -> OptionNumbers:
    gives = np.array([[option.gives.get(key, 0.0) for key in keys] for option in inputs.options])
    for key, needed, given in zip(keys, american, gives.T, strict=True):
        if needed > 0 and not (given > 0).any():
            raise DataError(f"{key}: no option of options.toml adds to it. Add one")
    price = []
    lead = []
    per_year = []
    for option, given in zip(inputs.options, gives, strict=True):
        price.append(pick(inputs.numbers[f"{option.key}.price"]))
        years = _rounded(pick(number_or(inputs, f"{option.key}.lead", "lead")))
        lead.append(max(0, years))
        per_year.append(_most_orders_a_year(inputs, option, pick, given, american))
    return OptionNumbers(np.array(price), np.array(lead), np.array(per_year), gives)


def _most_orders_a_year(
    inputs: BackfillInputs, option: Option, pick: Pick, given: Floats, american: Floats
) -> int:
    """Return the capacity of the option's production line, or its own, if the tables have one.

    Else it is a fixed share of the American part of the effect to which the option adds most.
    """
    numbers = inputs.numbers
    capacity = numbers.get(f"line.{option.line}.per_year")
    if capacity is None:
        capacity = numbers.get(f"{option.key}.per_year")
    if capacity is not None:
        return _rounded(pick(capacity))
    effect = int(np.argmax(given))
    if not given[effect]:
        return 0
    return math.ceil(pick(numbers["line_share"]) * american[effect] / given[effect])


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
    return np.full(years, min(billions, UNLIMITED_BILLIONS))


def _rounded(value: float) -> int:
    """Round to the nearest whole number, halves up."""
    return math.floor(value + 0.5)
