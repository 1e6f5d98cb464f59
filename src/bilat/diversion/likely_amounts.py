# SPDX-License-Identifier: Apache-2.0
"""Hubs by what their pairs come to: probabilities and amounts of pairs of hub and product, added
up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit, logit

from bilat.diversion.answer import Amount, Likely, PassedOn
from bilat.diversion.false_discoveries import FLAG_Q
from bilat.diversion.judge import CARRIED, OWN, REASONS, SHARE
from bilat.diversion.legs import Array
from bilat.diversion.pairs import Screened, running_q

DRAWS = 400
#: Pairs below this probability add their expected amount to every draw: they are many, and none
#: matters by itself.
DRAWN = 0.02
#: Pairs that count towards "at least one of the hub's goods is a route": more likely than not.
COUNTED = 0.5
#: What a probability must rest on for its amount to be added up: both legs, of the hub or of
#: others.
BOTH_LEGS = tuple(REASONS.index(reason) for reason in (OWN, CARRIED, SHARE))
#: Standard deviation of ln of what all amounts of one hub have in common.
HUB_SPREAD = 0.25
#: Hubs are named until they carry this part of what all that could be named do.
CARRYING = 0.95
#: Times the rise of sales that purchases must rise for books to be called low, over so many likely
#: routes at least.
LOW_BOOKS = 2.0
LOW_BOOKS_GOODS = 3
#: A standard normal variable lies within this of 0 in 80 of 100 cases.
HALF = 1.2816


def likely_by_hub(found: Screened) -> tuple[dict[str, Likely], PassedOn | None]:
    """What each hub's pairs come to, and all hubs together; nothing where no sale to the targets
    is stored."""
    legs = found.legs
    if not found.two.any() and not any(hub in legs.books for hub in legs.hubs):
        return {}, None
    usable = np.isin(found.judged.rests_on, BOTH_LEGS)
    names = [h for n, h in enumerate(legs.hubs) if (usable & (found.hub == n)).any()]
    cleared = _without_sales(found, names)
    draws = {h: _draws(found, np.flatnonzero(usable & _rows_of(found, h))) for h in names}
    stored = {h: h in legs.books for h in names}
    chances = np.array([_chance(found, h) for h in names])
    order = np.argsort(-chances, kind="stable")
    rates = np.ones(len(names))
    rates[order] = running_q(chances[order])
    hubs = {
        h: Likely(_amount(draws[h]), float(chances[n]), float(rates[n]), stored[h])
        for n, h in enumerate(names)
    }
    unbooked = 0.0
    for hub in names:
        if stored[hub] and (books := _low_books(found, hub)) is not None:
            booked = hubs[hub].amount.high
            hubs[hub] = _widened(hubs[hub], *books)
            unbooked += hubs[hub].amount.high - booked
    nothing = Likely(Amount(0.0, 0.0, 0.0), 0.0, 1.0, True)
    hubs |= dict.fromkeys(cleared, nothing)
    named = [h for h, of in hubs.items() if of.stored and of.q_value <= FLAG_Q]
    named.sort(key=lambda h: -hubs[h].amount.middle)
    named = _carrying(named, [hubs[h].amount.middle for h in named])
    mine = [h for h in names if stored[h]]
    others = [h for h in names if not stored[h]]
    together = _amount(_together(draws, mine))
    return hubs, PassedOn(
        hubs=tuple(sorted(h for h in hubs if hubs[h].stored)),
        named=tuple(named),
        amount=replace(together, high=together.high + unbooked),
        others=_amount(_together(draws, others)) if others else None,
    )


def _carrying(named: list[str], amounts: list[float]) -> list[str]:
    """The first of the ``named`` hubs that carry :data:`CARRYING` of what all of them do."""
    if not named:
        return named
    sums = np.cumsum(amounts)
    return named[: int(np.searchsorted(sums, CARRYING * sums[-1])) + 1]


def _rows_of(found: Screened, hub: str) -> Array:
    return np.asarray(found.hub == found.legs.hubs.index(hub))


def _without_sales(found: Screened, names: Sequence[str]) -> list[str]:
    """Hubs that bought from the origins and whose books show no sale to the targets at all."""
    legs = found.legs
    bought = np.bincount(legs.inward["hub"], legs.inward["after"], len(legs.hubs)) > 0
    barred = {*legs.question.origins, *legs.question.targets}
    only = legs.question.hubs
    return [
        h
        for n, h in enumerate(legs.hubs)
        if h in legs.books
        and bought[n]
        and h not in names
        and h not in barred
        and (only is None or h in only)
    ]


def _chance(found: Screened, hub: str) -> float:
    """How likely at least one of the hub's goods is a route."""
    p = found.judged.p[_rows_of(found, hub)]
    return float(1.0 - np.prod(1.0 - p[p >= COUNTED]))


def _low_books(found: Screened, hub: str) -> tuple[float, float] | None:
    """(times the rise of the hub's sales of its likely routes that its purchases of them rose,
    that rise in USD), where it is so much more that its books of sales may be too low; else the
    goods stayed there, which cannot be told."""
    rows = np.flatnonzero(_rows_of(found, hub) & found.two & (found.judged.p >= COUNTED))
    if found.second is None or len(rows) < LOW_BOOKS_GOODS:
        return None
    bought = np.maximum(found.first.after[rows] - found.first.expected[rows], 0.0).sum()
    sold = np.maximum(found.second.after[rows] - found.second.expected[rows], 0.0).sum()
    if not sold > 0 or bought < LOW_BOOKS * sold:
        return None
    return float(bought / sold), float(bought)


def _widened(likely: Likely, times: float, bought: float) -> Likely:
    """With books that may be too low the amount may reach what was bought more."""
    amount = likely.amount
    most = max(amount.high, bought)
    return replace(likely, amount=replace(amount, high=most), low_books=times)


def _draws(found: Screened, rows: Array) -> Array:
    """(1 + :data:`DRAWS`): the expected sum of some pairs of one hub, then sums in which each
    pair is a route or not."""
    judged = found.judged
    mean = np.nan_to_num(judged.mean[rows])
    p = judged.p[rows]
    expected = float((p * mean).sum())
    large = p >= DRAWN
    rest = float((p * mean)[~large].sum())
    kept = rows[large]
    random = np.random.default_rng(20220224)
    common = random.standard_normal(DRAWS)
    chance = _with_common(judged.low[kept], judged.p[kept], judged.high[kept], common)
    middle = np.log(np.maximum(np.nan_to_num(judged.quantiles[kept, 1]), 1.0))
    ends = np.log(np.maximum(np.nan_to_num(judged.quantiles[kept][:, [0, 2]]), 1.0))
    spread = np.maximum((ends[:, 1] - ends[:, 0]) / (2 * HALF), 0.0)
    is_route = random.random((DRAWS, len(kept))) < chance
    size = np.exp(middle + spread * random.standard_normal((DRAWS, len(kept))))
    sums = (is_route * size).sum(axis=1) + rest
    return np.concatenate([[expected], sums * np.exp(HUB_SPREAD * common)])


def _with_common(low: Array, p: Array, high: Array, common: Array) -> Array:
    """(draws, pairs): probabilities moved together between their ends, where an assumption about
    the hub moves them."""
    at = [logit(np.clip(x, 1e-6, 1 - 1e-6)) for x in (low, p, high)]
    down = (at[1] - at[0]) / HALF
    up = (at[2] - at[1]) / HALF
    z = common[:, None]
    return np.asarray(expit(at[1] + np.where(z > 0, up * z, down * z)))


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
