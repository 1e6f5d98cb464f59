# SPDX-License-Identifier: Apache-2.0
"""Durability of a tie as a forecast: the open questions that hold it up, and what would have to fall."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bilat.errors import UsageError
from bilat.forecast.asked import NO, YES, Forecast, forecast
from bilat.forecast.questions import one, questions
from bilat.holdings import Holdings
from bilat.measures import default_holdings
from bilat.when import AsOf


class Pillar(BaseModel):
    """One thing that holds the tie up: an open question, and the answer that says that it fell."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    says: str
    question: str
    falls: Literal["yes", "no"]


@cache
def pillars() -> tuple[Pillar, ...]:
    """What holds the tie up."""
    raw = tomllib.loads(resources.files("bilat.forecast").joinpath("durability.toml").read_text("utf-8"))
    return tuple(Pillar(**p) for p in raw["pillar"])


@dataclass(frozen=True)
class Fall:
    """One pillar with its chance of falling and what would move that."""

    says: str
    asks: str
    closes: str
    probability: float  #: that it falls
    status: str
    movers: tuple[tuple[str, float], ...]  #: (event, the chance of falling then), largest first


@dataclass(frozen=True)
class Durability:
    """The tie as a forecast: what would have to fall."""

    as_of: AsOf
    pillars: tuple[Fall, ...]
    any_low: float  #: at least one falls: bounds over every dependence (Fréchet), and if independent
    any_independent: float
    any_high: float
    most_low: float  #: more than half fall
    most_independent: float
    most_high: float


def at_least(ps: Sequence[float], k: int) -> tuple[float, float, float]:
    """(least, independent, greatest) chance that at least ``k`` of the events come, whatever joins them.

    The bounds are sharp (Rüschendorf 1991; for one they are Fréchet's): the greatest is the least over m of the sum
    of the ps but the m largest over k - m; the least follows from the complement.
    """
    spread = [1.0]
    for p in ps:
        spread = [
            (spread[i] if i < len(spread) else 0.0) * (1 - p) + (spread[i - 1] * p if i else 0.0)
            for i in range(len(spread) + 1)
        ]

    def greatest(qs: Sequence[float], need: int) -> float:
        ordered = sorted(qs)
        return min(1.0, *(sum(ordered[: len(ordered) - m]) / (need - m) for m in range(need)))

    least = 1 - greatest([1 - p for p in ps], len(ps) - k + 1)
    return max(0.0, least), sum(spread[k:]), greatest(ps, k)


def durability(as_of: AsOf | str | None = None, holdings: Holdings | None = None) -> Durability:
    """The pillars of the tie, each with its chance of falling, and their joint chances with bounds.

    Raises
    ------
    UsageError
        for a date before the questions were opened.
    """
    when, held = AsOf(as_of), holdings or default_holdings()
    opened = max(one(questions(), p.question).opened for p in pillars())
    if when.date < opened:
        raise UsageError(f"the questions behind durability opened on {opened}; give that day or a later one")
    falls = [_fall(p, forecast(one(questions(), p.question), as_of=when, holdings=held))
             for p in pillars()]  # fmt: skip
    ps = [f.probability for f in falls]
    ordered = tuple(sorted(falls, key=lambda f: (-f.probability, f.says)))
    return Durability(when, ordered, *at_least(ps, 1), *at_least(ps, len(ps) // 2 + 1))


def _fall(pillar: Pillar, f: Forecast) -> Fall:
    def falls(p: float) -> float:
        return p if pillar.falls == "yes" else 1 - p

    settled = {YES: 1.0, NO: 0.0}.get(f.outcome.status)
    movers = sorted(((e, falls(p)) for e, _, p in f.movers()), key=lambda m: -m[1])
    return Fall(
        pillar.says, f.question.asks, str(f.question.closes), falls(f.probability if settled is None else settled),
        f.outcome.status, tuple(movers),
    )  # fmt: skip
