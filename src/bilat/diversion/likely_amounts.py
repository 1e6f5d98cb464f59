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
    hubs = {hub: _with_low_books(found, hub, likely) for hub, likely in booked.items()}
    # With books that are too low the sum may reach further by as much as those of its hubs.
    unbooked = sum(hubs[hub].amount.high - booked[hub].amount.high for hub in draws)
    nothing = Likely(
        amount=Amount(0.0, 0.0, 0.0),
        chance=0.0,
        q_value=1.0,
        stored=True,
    )
    hubs |= dict.fromkeys(_without_sales(found, list(draws)), nothing)
    with_books = [hub for hub in draws if hub in legs.books]
    without_books = [hub for hub in draws if hub not in legs.books]
    together = _amount(_together(draws, with_books))
    others = None
    if without_books:
        others = _amount(_together(draws, without_books))
    stored = [hub for hub, likely in hubs.items() if likely.stored]
    stand_out = _standing_out(hubs) if (found.q <= FLAG_Q).any() else []
    passed_on = PassedOn(
        hubs=tuple(sorted(stored)),
        named=_named(hubs, stand_out),
        amount=replace(together, high=together.high + unbooked),
        others=others,
        without_sales=tuple(hub for hub in stand_out if not hubs[hub].stored),
        stand_out=tuple(stand_out),
    )
    return hubs, passed_on


def _draws_by_hub(found: Screened) -> dict[str, Array]:
    """Return the draws of every hub that has a pair whose amount is added up."""
    usable = np.isin(found.judged.rests_on, BOTH_LEGS)
    draws = {}
    for hub in found.legs.hubs:
        rows = np.flatnonzero(usable & _rows_of(found, hub))
        if len(rows):
            draws[hub] = _draws(found, rows)
    return draws


def _likely(found: Screened, draws: dict[str, Array]) -> dict[str, Likely]:
    """Return by hub its amount and how likely it is one, with the rate of false ones among the
    hubs that are at least as likely."""
    chances = np.array([_chance(found, hub) for hub in draws])
    order = np.argsort(-chances, kind="stable")
    rates = np.ones(len(chances))
    rates[order] = running_q(chances[order])
    return {
        hub: Likely(
            amount=_amount(sums),
            chance=float(chances[place]),
            q_value=float(rates[place]),
            stored=hub in found.legs.books,
            own=_own_goods(found, hub),
        )
        for place, (hub, sums) in enumerate(draws.items())
    }


def _standing_out(hubs: dict[str, Likely]) -> list[str]:
    """Return the hubs that carry a route at the rate of the answer, largest amount first.

    A hub without sales is judged by others. So surer hubs do not make up for its doubt, as they do
    for that of a hub whose sales are stored: its own chance has to be large enough.
    """
    found = []
    for hub, likely in hubs.items():
        doubt = likely.q_value if likely.stored else 1.0 - likely.chance
        if doubt <= FLAG_Q:
            found.append(hub)
    found.sort(key=lambda hub: -hubs[hub].amount.middle)
    return found


def _named(hubs: dict[str, Likely], stand_out: list[str]) -> tuple[str, ...]:
    """Return the largest of the hubs that stand out and whose sales are stored."""
    stored = [hub for hub in stand_out if hubs[hub].stored]
    return tuple(_carrying(stored, [hubs[hub].amount.middle for hub in stored]))


def _carrying(names: list[str], amounts: list[float]) -> list[str]:
    """Return the first of some hubs that carry :data:`CARRYING` of what all of them do."""
    if not names:
        return names
    sums = np.cumsum(amounts)
    return names[: int(np.searchsorted(sums, CARRYING * sums[-1])) + 1]


def _rows_of(found: Screened, hub: str) -> Array:
    return np.asarray(found.hub == found.legs.hubs.index(hub))


def _without_sales(found: Screened, names: Sequence[str]) -> list[str]:
    """Hubs that bought from the origins and whose books show no sale to the targets at all."""
    legs = found.legs
    question = legs.question
    bought = np.bincount(legs.inward["hub"], legs.inward["after"], len(legs.hubs))
    excluded = {*names, *question.origins, *question.targets}
    return [
        hub
        for hub, value in zip(legs.hubs, bought.tolist(), strict=True)
        if value > 0
        and hub in legs.books
        and hub not in excluded
        and (question.hubs is None or hub in question.hubs)
    ]


def _chance(found: Screened, hub: str) -> float:
    """How likely at least one of the hub's goods is a route.

    Many goods that are each unlikely may together leave little doubt. What is carried over to a hub
    without sales has one error for all its goods, so its unlikely ones prove nothing together.
    """
    usable = np.isin(found.judged.rests_on, BOTH_LEGS)
    p = found.judged.p[usable & _rows_of(found, hub)]
    if hub not in found.legs.books:
        p = p[p >= COUNTED]
    return float(1.0 - np.prod(1.0 - p))


def _low_books(found: Screened, hub: str) -> tuple[float, float] | None:
    """Return by how much more purchases of a hub's likely routes rose than its sales of them.

    Where it is so much that the hub's books of sales may be too low: (times the rise of sales, the
    rise of purchases in USD). Else the goods stayed there, which cannot be told: None.
    """
    likely = _rows_of(found, hub) & found.two & (found.judged.p >= COUNTED)
    rows = np.flatnonzero(likely)
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
    chance = found.maker[found.legs.hubs.index(hub)]
    if chance < SURELY_OWN or found.second is None:
        return None
    lost = found.fallen[found.product]
    mine = _rows_of(found, hub)
    rows = np.flatnonzero(mine & found.two & lost)
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
    return replace(likely, amount=replace(likely.amount, high=high), low_books=times)


def _draws(found: Screened, rows: Array) -> Array:
    """(1 + :data:`DRAWS`): the expected sum of some pairs of one hub, then sums in which each
    pair is a route or not."""
    judged = found.judged
    amounts = judged.p[rows] * np.nan_to_num(judged.mean[rows])
    large = judged.p[rows] >= DRAWN
    small = float(amounts[~large].sum())
    drawn = judged.take(rows[large])
    random = np.random.default_rng(20220224)
    common = random.standard_normal(DRAWS)
    chance = _with_common(drawn.low, drawn.p, drawn.high, common)
    quantiles = np.maximum(np.nan_to_num(drawn.quantiles), 1.0)
    low, middle, high = np.log(quantiles).T
    spread = np.maximum((high - low) / (2 * HALF), 0.0)
    shape = (DRAWS, len(middle))
    is_route = random.random(shape) < chance
    size = np.exp(middle + spread * random.standard_normal(shape))
    sums = (is_route * size).sum(axis=1) + small
    expected = float(amounts.sum())
    most = max(expected, float(found.first.after[rows].sum()))  # it passed on what it bought
    return np.concatenate([[expected], np.minimum(sums * np.exp(HUB_SPREAD * common), most)])


def _with_common(low: Array, p: Array, high: Array, common: Array) -> Array:
    """(draws, pairs): probabilities moved together between their ends, where an assumption about
    the hub moves them."""
    middle = _log_odds(p)
    down = (middle - _log_odds(low)) / HALF
    up = (_log_odds(high) - middle) / HALF
    z = common[:, None]
    shift = np.where(z > 0, up * z, down * z)
    return np.asarray(expit(middle + shift))


def _log_odds(p: Array) -> Array:
    return np.asarray(logit(np.clip(p, 1e-6, 1 - 1e-6)))


def _together(draws: dict[str, Array], hubs: Sequence[str]) -> Array:
    """The draws of several hubs added up, their errors independent of one another."""
    random = np.random.default_rng(20220225)
    total = np.zeros(DRAWS + 1)
    for hub in hubs:
        total += np.concatenate([draws[hub][:1], random.permutation(draws[hub][1:])])
    return total


def _amount(draws: Array) -> Amount:
    expected = float(draws[0])
    low, high = np.quantile(draws[1:], (0.1, 0.9))
    return Amount(min(float(low), expected), expected, max(float(high), expected))
