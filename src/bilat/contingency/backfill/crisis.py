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
from bilat.contingency.backfill.problem import Floats, Line, Problem, Requires
from bilat.errors import DataError, UsageError
from bilat.planning import Assumption
from bilat.planning.choices import refusal

Pick = Callable[[Assumption], float]
#: A budget of more than this a year, in billions, is a unit mistaken.
MOST_BILLIONS = 1000.0
#: The month of the year in which the crisis begins.
JULY = 7


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


def assemble(inputs: BackfillInputs, order: Order, pick: Pick = centre) -> Problem:
    """The planning problem with the numbers that ``pick`` takes.

    Raises
    ------
    UsageError
        for a definition or a weight that is none.
    DataError
        for an effect that no option adds to.
    """
    n = {k: pick(a) for k, a in inputs.numbers.items()}
    keys = [e.key for e in inputs.effects]
    if order.definition not in inputs.definitions:
        raise UsageError(
            f"`definition` {order.definition!r}: use one of {', '.join(inputs.definitions)}"
        )
    if wrong := set(order.weights) - set(keys):
        raise UsageError(f"`weight`: {refusal(min(wrong), 'an effect', keys)}")
    first = round(n["first_year"])
    start = round(n["crisis_from"])
    end = round(n["crisis_to"])
    if not first <= start <= end:
        raise UsageError(
            f"the crisis may come from {start} to {end} and orders begin in {first}: put them in "
            "order"
        )
    length = max(1, round(n["months"]))
    last = end + (JULY - 2 + length) // 12
    years = max(1, last - first)
    horizon = last - first + 1
    starts = np.arange(start, end + 1)
    counted = n[f"definition.{order.definition}"] - n["definition.tankers"]
    part = np.array(
        [max(0.0, n[f"{k}.us_part"] - (counted if k == "refuelling" else 0.0)) for k in keys]
    )
    gone = np.array([pick(number_or(inputs, f"{k}.gone", "gone")) for k in keys])
    held = np.array(
        [
            [sum(n[name] for year, name in e.changes if year <= y) for y in range(first, last + 1)]
            for e in inputs.effects
        ]
    )
    # Europe's own retirements are covered by what the United States holds, as far as it stays
    whole = np.maximum(0.0, part[:, None] - held)
    need = np.zeros((len(keys), horizon, len(starts)))
    months = np.zeros_like(need)
    after = (
        JULY - 2 + np.arange(1, length + 1)
    ) // 12  # years after that in which the crisis begins, by month
    lacking = np.array(
        [
            np.bincount(after[max(1, round(n[f"leaves_{e.by}"])) - 1 :], minlength=after[-1] + 1)
            for e in inputs.effects
        ]
    )
    for s, year in enumerate(starts):
        at = slice(int(year) - first, int(year) - first + lacking.shape[1])
        months[:, at, s] = lacking
        need[:, at, s] = np.where(lacking > 0, whole[:, at] * gone[:, None], 0.0)
    return Problem(
        tuple(o.key for o in inputs.options),
        tuple(keys),
        tuple(f"crisis of {y}" for y in starts),
        *_options(inputs, pick, keys, part, years),
        np.zeros_like(held),
        need,
        np.full(len(starts), 1 / len(starts)),
        _weights(order, keys, need, months),
        _budget(order.budget, years),
        True,
        tuple(
            Line(
                tuple(i for i, o in enumerate(inputs.options) if o.line == k),
                _whole(n[f"line.{k}.per_year"]),
            )
            for k in inputs.lines
        ),
        tuple(
            Requires(
                keys.index(d.capability),
                keys.index(d.provider),
                n[f"dependency.{d.capability}.per_unit"],
                n[f"dependency.{d.capability}.free"]
                + (
                    n[f"dependency.{d.capability}.per_unit"]
                    * max(0.0, counted - n["refuelling.us_part"])
                    if d.provider == "refuelling"
                    else 0.0
                ),
            )
            for d in inputs.dependencies
        ),
        (),
        n["cost_weight"],
    )


def _options(
    inputs: BackfillInputs, pick: Pick, keys: list[str], part: Floats, years: int
) -> tuple[Floats, np.ndarray, np.ndarray, np.ndarray, Floats]:
    """Return price, lead, orders a year, orders in all, what each gives."""
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
    return price, lead, most, most * years, gives


def _weights(order: Order, keys: list[str], need: Floats, months: Floats) -> Floats:
    """Points for one unit missing in one year of one crisis: a crisis in which nothing is replaced
    is 100.
    """
    weight = np.array([order.weights.get(k, 1.0) for k in keys])[:, None, None] * months
    weight = np.where(need > 0, weight, 0.0)
    if np.any(weight < 0) or not weight.any():
        raise UsageError("`weight`: write numbers of 0 or more, one of them above 0")
    share = weight / weight.sum(axis=(0, 1), keepdims=True)
    return np.asarray(np.where(need > 0, 100.0 * share / np.where(need > 0, need, 1.0), 0.0))


def _budget(billions: float, years: int) -> Floats:
    return np.full(years, min(billions, 1e4))


def _whole(value: float) -> int:
    return math.floor(value + 0.5)
