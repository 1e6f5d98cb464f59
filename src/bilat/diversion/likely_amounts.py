# SPDX-License-Identifier: Apache-2.0
"""Hubs by what their pairs come to: probabilities and amounts of pairs of hub and product, added
up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit, logit

from bilat.diversion.amount import LegFlows
from bilat.diversion.answer import UNBOOKED, Amount, Likely, OwnGoods, PassedOn
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.judge import CARRIED, OWN, REASONS, SHARE
from bilat.diversion.legs import Array
from bilat.diversion.pairs import Screened, running_q

DRAWS = 400
#: Pairs below this probability add their expected amount to every draw: they are many, and none
#: matters by itself.
DRAWN = 0.02
#: Pairs that are more likely a route than not. Of a hub whose sales are not known they alone count
#: towards "at least one of its goods is a route".
COUNTED = 0.5
#: What a probability must rest on for its amount to be added up: both legs, of the hub or of
#: others, or both books of one.
BOTH_LEGS = tuple(REASONS.index(reason) for reason in (OWN, CARRIED, SHARE, UNBOOKED))
#: Standard deviation of ln of what all amounts of one hub have in common.
HUB_SPREAD = 0.25
#: Hubs are named until they carry this part of what all that could be named do.
CARRYING = 0.95
#: Times the rise of sales that purchases must rise for books to be called low, over so many likely
#: routes at least.
LOW_BOOKS = 2.0
LOW_BOOKS_GOODS = 3
#: How likely a hub must have sold its own goods for an answer to say so, and the largest part of
#: their rise that its purchases may have risen.
SURELY_OWN = 0.9
BOUGHT_MORE = 0.5
#: A standard normal variable lies within this of 0 in 80 of 100 cases.
HALF = 1.2816


def likely_by_hub(found: Screened) -> tuple[dict[str, Likely], PassedOn | None]:
    """What each hub's pairs come to, and all hubs together; nothing where no sale to the targets
    is stored."""
    legs = found.legs
    any_books = any(hub in legs.books for hub in legs.hubs)
    if not any_books and not found.two.any():
        return {}, None
    draws = _draws_by_hub(found)
    booked = _likely(found, draws)
    hubs = {}
    # With books that are too low the sum may reach further by as much as those of its hubs.
    unbooked = 0.0
    for hub, likely in booked.items():
        hubs[hub] = _with_low_books(found, hub, likely)
        unbooked += hubs[hub].amount.high - likely.amount.high
    nothing = Likely(
        amount=Amount(0.0, 0.0, 0.0),
        chance=0.0,
        q_value=1.0,
        stored=True,
    )
    silent = _without_sales(found, list(draws))
    hubs |= dict.fromkeys(silent, nothing)
    with_books: dict[str, Array] = {}
    without_books: dict[str, Array] = {}
    for hub, sums in draws.items():
        of_its_kind = with_books if hub in legs.books else without_books
        of_its_kind[hub] = sums
    together = _together(with_books)
    others = _together(without_books) if without_books else None
    stored = [hub for hub, likely in hubs.items() if likely.stored]
    any_flag = (found.q <= FLAG_Q).any()
    stand_out = _standing_out(hubs) if any_flag else []
    by_purchases = [hub for hub in stand_out if not hubs[hub].stored]
    passed_on = PassedOn(
        hubs=tuple(sorted(stored)),
        named=_named(hubs, stand_out),
        amount=replace(together, high=together.high + unbooked),
        others=others,
        without_sales=tuple(by_purchases),
        stand_out=tuple(stand_out),
    )
    return hubs, passed_on


def _draws_by_hub(found: Screened) -> dict[str, Array]:
    """Return the draws of every hub that has a pair whose amount is added up."""
    usable = _usable(found)
    draws = {}
    for hub in found.legs.hubs:
        mine = _rows_of(found, hub)
        rows = np.flatnonzero(usable & mine)
        if len(rows):
            draws[hub] = _draws(found, rows)
    return draws


def _usable(found: Screened) -> Array:
    """Return of which pairs the amounts are added up."""
    return np.isin(found.judged.rests_on, BOTH_LEGS)


def _likely(found: Screened, draws: dict[str, Array]) -> dict[str, Likely]:
    """Return by hub its amount and how likely it is one, with the rate of false ones among the
    hubs that are at least as likely."""
    chances = np.array([_chance(found, hub) for hub in draws])
    order = np.argsort(-chances, kind="stable")
    rates = np.ones(len(chances))
    rates[order] = running_q(chances[order])
    hubs = zip(
        draws,
        chances.tolist(),
        rates.tolist(),
        strict=True,
    )
    return {
        hub: Likely(
            amount=_amount(draws[hub]),
            chance=chance,
            q_value=rate,
            stored=hub in found.legs.books,
            own=_own_goods(found, hub),
        )
        for hub, chance, rate in hubs
    }


def _standing_out(hubs: dict[str, Likely]) -> list[str]:
    """Return the hubs that carry a route at the rate of the answer, largest amount first.

    A hub without sales is judged by others. So surer hubs do not make up for its doubt, as they do
    for that of a hub whose sales are stored: its own chance has to be large enough.
    """
    found = []
    for hub, likely in hubs.items():
        doubt = 1.0 - likely.chance
        if likely.stored:
            doubt = likely.q_value
        if doubt <= FLAG_Q:
            found.append(hub)
    found.sort(key=lambda hub: -hubs[hub].amount.middle)
    return found


def _named(hubs: dict[str, Likely], stand_out: list[str]) -> tuple[str, ...]:
    """Return the largest of the hubs that stand out and whose sales are stored."""
    stored = [hub for hub in stand_out if hubs[hub].stored]
    amounts = [hubs[hub].amount.middle for hub in stored]
    return tuple(_carrying(stored, amounts))


def _carrying(names: list[str], amounts: list[float]) -> list[str]:
    """Return the first of some hubs that carry :data:`CARRYING` of what all of them do."""
    if not names:
        return names
    sums = np.cumsum(amounts)
    wanted = CARRYING * sums[-1]
    last = int(np.searchsorted(sums, wanted))
    return names[: last + 1]


def _rows_of(found: Screened, hub: str) -> Array:
    place = found.legs.hubs.index(hub)
    return np.asarray(found.hub == place)


def _without_sales(found: Screened, names: Sequence[str]) -> list[str]:
    """Hubs that bought from the origins and whose books show no sale to the targets at all."""
    legs = found.legs
    question = legs.question
    inward = legs.inward
    bought = np.bincount(inward["hub"], inward["after"], len(legs.hubs))
    excluded = {
        *names,
        *question.origins,
        *question.targets,
    }
    asked = set(legs.hubs)
    if question.hubs is not None:
        asked &= set(question.hubs)
    possible = asked & set(legs.books) - excluded
    return [
        hub
        for hub, value in zip(legs.hubs, bought.tolist(), strict=True)
        if value > 0 and hub in possible
    ]


def _chance(found: Screened, hub: str) -> float:
    """How likely at least one of the hub's goods is a route.

    Many goods that are each unlikely may together leave little doubt. What is carried over to a hub
    without sales has one error for all its goods, so its unlikely ones prove nothing together.
    """
    rows = _usable(found) & _rows_of(found, hub)
    p = found.judged.p[rows]
    if hub not in found.legs.books:
        p = p[p >= COUNTED]
    none = np.prod(1.0 - p)
    return float(1.0 - none)


def _low_books(found: Screened, hub: str) -> tuple[float, float] | None:
    """Return by how much more purchases of a hub's likely routes rose than its sales of them.

    Where it is so much that the hub's books of sales may be too low: (times the rise of sales, the
    rise of purchases in USD). Else the goods stayed there, which cannot be told: None.
    """
    counted = found.judged.p >= COUNTED
    counted &= _rows_of(found, hub)
    rows = np.flatnonzero(counted & found.two)
    if found.second is None or len(rows) < LOW_BOOKS_GOODS:
        return None
    bought = _rise(found.first, rows)
    sold = _rise(found.second, rows)
    if not sold > 0 or bought < LOW_BOOKS * sold:
        return None
    return bought / sold, bought


def _own_goods(found: Screened, hub: str) -> OwnGoods | None:
    """Return by how much a hub's sales of lost goods rose, and its purchases of them, where it
    likely sold its own goods; None where not."""
    place = found.legs.hubs.index(hub)
    if found.maker[place] < SURELY_OWN or found.second is None:
        return None
    lost = found.fallen[found.product]
    lost &= _rows_of(found, hub)
    rows = np.flatnonzero(lost & found.two)
    sold = _beyond(found.second, rows)
    bought = _beyond(found.first, rows)
    if sold <= 0 or bought >= BOUGHT_MORE * sold:
        return None
    return OwnGoods(sold, bought)


def _beyond(leg: LegFlows, rows: Array) -> float:
    """Return how far the sum of some rows of a leg lies above expectation, USD; below 0 if it lies
    under it."""
    actual = leg.after[rows].sum()
    expected = leg.expected[rows].sum()
    return float(actual - expected)


def _rise(leg: LegFlows, rows: Array) -> float:
    """Return the sum of what some rows of a leg are above expectation, USD."""
    beyond = leg.after[rows] - leg.expected[rows]
    return float(np.maximum(beyond, 0.0).sum())


def _with_low_books(found: Screened, hub: str, likely: Likely) -> Likely:
    """Return what a hub comes to; with books that may be too low up to what it bought more."""
    books = _low_books(found, hub) if likely.stored else None
    if books is None:
        return likely
    times, bought = books
    high = max(likely.amount.high, bought)
    amount = replace(likely.amount, high=high)
    return replace(likely, amount=amount, low_books=times)


def _draws(found: Screened, rows: Array) -> Array:
    """(1 + :data:`DRAWS`): the expected sum of some pairs of one hub, then sums in which each
    pair is a route or not."""
    judged = found.judged
    p = judged.p[rows]
    amounts = p * np.nan_to_num(judged.mean[rows])
    large = p >= DRAWN
    small = float(amounts[~large].sum())
    drawn = judged.take(rows[large])
    random = np.random.default_rng(20220224)
    common = random.standard_normal(DRAWS)
    chance = _with_common(drawn.low, drawn.p, drawn.high, common)
    quantiles = np.nan_to_num(drawn.quantiles)
    low, middle, high = np.log(np.maximum(quantiles, 1.0)).T
    spread = (high - low) / (2 * HALF)
    spread = np.maximum(spread, 0.0)
    shape = (DRAWS, len(middle))
    is_route = random.random(shape) < chance
    error = random.standard_normal(shape)
    size = np.exp(middle + spread * error)
    sums = (is_route * size).sum(axis=1) + small
    sums *= np.exp(HUB_SPREAD * common)
    expected = float(amounts.sum())
    bought = float(found.first.after[rows].sum())
    most = max(expected, bought)  # it passed on what it bought
    within = np.minimum(sums, most)
    return np.concatenate([[expected], within])


def _with_common(low: Array, p: Array, high: Array, common: Array) -> Array:
    """(draws, pairs): probabilities moved together between their ends, where an assumption about
    the hub moves them."""
    middle = _log_odds(p)
    below = middle - _log_odds(low)
    above = _log_odds(high) - middle
    down = below / HALF
    up = above / HALF
    z = common[:, None]
    shift = np.where(z > 0, up * z, down * z)
    return np.asarray(expit(middle + shift))


def _log_odds(p: Array) -> Array:
    inside = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(logit(inside))


def _together(draws: dict[str, Array]) -> Amount:
    """Return what several hubs come to, their errors independent of one another."""
    random = np.random.default_rng(20220225)
    total = np.zeros(DRAWS + 1)
    for sums in draws.values():
        total[0] += sums[0]
        total[1:] += random.permutation(sums[1:])
    return _amount(total)


def _amount(draws: Array) -> Amount:
    expected = float(draws[0])
    low, high = np.quantile(draws[1:], (0.1, 0.9)).tolist()
    return Amount(
        low=min(low, expected),
        middle=expected,
        high=max(high, expected),
    )
