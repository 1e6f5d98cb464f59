# SPDX-License-Identifier: Apache-2.0
"""Goods that the origins declared for a hub and that its own books of purchases lack.

If papers name a hub that the goods never reach, the origins' books rise and the hub's do not. The
amount D is then in the first and not in the second: the likelihood of what was declared, given the
past, and of what was booked, given what was declared, with D taken away and without. How far the
two books differ by themselves is read from goods that still go to the target directly, of which
nobody needs to make a secret.

Goods that a hub handed on to a third state may be missing from its purchases too. Its sales of them
to others then rise by as much. That is no route of this hub, and stands as a rival against one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.special import expit

from bilat.diversion import controls as ctl
from bilat.diversion import noise
from bilat.diversion.amount import (
    CHUNK,
    STEPS,
    LegFlows,
    PairEvidence,
    Prior,
    blank,
    summary,
)
from bilat.diversion.candidates import lookup
from bilat.diversion.estimate import LEAST_FACTOR, Estimate, fitted_odds
from bilat.diversion.legs import Array
from bilat.diversion.parameters import parameter

#: Likelihoods of some pairs over a grid of amounts, against that of no amount.
_Ratio: TypeAlias = Callable[[Array, Array], Array]
#: The whole amount is in what was declared, but for the noise of two books.
IN_EDGES = np.array([0.97, 1.03])
ALL = np.array([1.0])
#: What a third state pays for goods that were handed on, as a multiple of what they cost.
ON_EDGES = np.array([0.8, 1.0, 1.2, 1.55])
ON_WEIGHTS = np.array([0.3, 0.4, 0.3])


@dataclass(frozen=True)
class Unbooked:
    """Over all pairs of an estimate: the probability ``p`` that goods declared for the hub went on
    without entering its books, and the ``amounts`` if they did."""

    p: Array
    amounts: PairEvidence


def unbooked(e: Estimate) -> Unbooked | None:
    """Return what the hubs' books of purchases say of every pair.

    Returns
    -------
    Unbooked | None
        None where no file has both sides of a purchase.
    """
    books = e.legs.both_books
    if books is None:
        return None
    gap = _gap(e, books)
    rows = gap.pairs
    if not len(rows):
        return None
    whole = e.fitted.windows[0]
    declared = _Declared(
        leg=whole.first.take(rows),
        usual=whole.usual[rows],
        prior=e.prior,
    )
    found = declared.evidence(gap.ratio)
    seen = _log(found.factor)
    odds = fitted_odds(
        e.purchase_terms()[rows],
        e.pairs.hub[rows],
        seen,
    )
    rival = _handed_on(e, gap, declared)
    against = np.logaddexp(0.0, odds + _log(rival))
    p = np.zeros(len(e.pairs.hub))
    p[rows] = expit(odds + seen - against)
    amounts = blank(len(p))
    amounts.put(rows, found)
    return Unbooked(p, amounts)


def _log(factor: Array) -> Array:
    """Return the logarithm of Bayes factors, which may be 0."""
    positive = np.maximum(factor, LEAST_FACTOR)
    return np.asarray(np.log(positive))


def _keys(e: Estimate, hub: Array, product: Array) -> Array:
    """Return a number for each pair of hub and product."""
    size = len(e.legs.products)
    return hub * size + product


def _against_hub(e: Estimate, hub: Array, before: Array, after: Array, calm: Array) -> LegFlows:
    """Return flows with their usual noise, each about the median of its hub.

    Parameters
    ----------
    hub, before, after
        the number of each flow's hub, what is expected of it and what it came to.
    calm
        whether it is one of those from which the noise is read.
    """
    offset = ctl.offset_of(e.legs)
    weight = calm.astype(float)
    middle, total = ctl.grouped_median(
        hub,
        ctl.growth(before, after, offset),
        weight,
        len(e.legs.hubs),
    )
    location = ctl.shrunk(
        middle,
        total,
        0.0,
        parameter("hub_control_prior"),
    )
    sample = noise.Sample(
        before=before,
        after=after,
        fallen=np.zeros(len(hub), dtype=bool),
        control=location[hub],
        weight=weight,
        possible=float(len(hub)),
    )
    law, _ = noise.fit(sample, offset, offset)
    return LegFlows(before, after, offset, law)


@dataclass(frozen=True)
class _Declared:
    """What the origins declared for some pairs, and the ``usual`` size of a route of each."""

    leg: LegFlows
    usual: Array
    prior: Prior

    def take(self, rows: Array) -> _Declared:
        return replace(
            self,
            leg=self.leg.take(rows),
            usual=self.usual[rows],
        )

    def evidence(self, *others: _Ratio) -> PairEvidence:
        """Return the evidence of an amount in what was declared, times that of ``others``."""
        size = len(self.usual)
        out = blank(size)
        for start in range(0, size, CHUNK):
            rows = np.arange(start, min(size, start + CHUNK))
            part = self.take(rows)
            top = np.maximum(part.leg.after / IN_EDGES[0], 1.0)
            amount = top[:, None] * np.exp(STEPS)
            likely = part.leg.ratio(amount, IN_EDGES, ALL)
            for other in others:
                likely = likely * other(rows, amount)
            found = summary(amount, likely, part.usual, self.prior)
            out.put(rows, found)
        return out


@dataclass(frozen=True)
class _Gap:
    """By how much what was declared for a hub exceeds what it booked.

    ``pairs``: rows of the estimate's pairs; ``leg``: what is expected from what the hub booked, and
    what was declared; ``part``: the part of the window in which the hub booked.
    """

    pairs: Array
    leg: LegFlows
    part: Array

    def ratio(self, rows: Array, amount: Array) -> Array:
        """Return the likelihood of what hubs booked if ``amount`` never came, over that if it did.

        ``amount``: pairs x grid, USD of what was declared.
        """
        leg = self.leg.take(rows)
        missing = amount * self.part[rows][:, None]
        left = leg.after[:, None] - missing
        base = (leg.before + leg.offset)[:, None]
        came = np.maximum(left, 0.0) + leg.offset
        lack = leg.law.density(np.log(came / base))
        nothing = leg.law.density(leg.y)
        nothing = np.maximum(nothing, LEAST_FACTOR)[:, None]
        return np.where(left >= 0, lack / nothing, 0.0)


def _gap(e: Estimate, books: dict[str, Array]) -> _Gap:
    """Return the gap of all pairs of which both books are stored."""
    c = ctl.offset_of(e.legs)
    usual = (books["sent_before"] + c) / (books["came_before"] + c)
    expected = (books["came"] + c) * usual - c
    sent = books["sent"]
    calm = ~e.fitted.fallen[books["product"]]
    if not calm.any():
        calm = np.ones(len(calm), dtype=bool)
    leg = _against_hub(
        e,
        hub=books["hub"],
        before=np.maximum(expected, 0.0),
        after=sent,
        calm=calm & (sent > 0),
    )
    rows, there = lookup(
        _keys(e, books["hub"], books["product"]),
        _keys(e, e.pairs.hub, e.pairs.product),
    )
    pairs = np.flatnonzero(there & (sent[rows] > 0))
    rows = rows[pairs]
    return _Gap(
        pairs=pairs,
        leg=leg.take(rows),
        part=np.minimum(books["part"][rows], 1.0),
    )


def _handed_on(e: Estimate, gap: _Gap, declared: _Declared) -> Array:
    """Return the evidence (Bayes factors) that what is missing went to others than the targets.

    It is 0 where no such sales are known.
    """
    sold = e.legs.sold
    found = np.zeros(len(gap.pairs))
    if not len(sold["hub"]):
        return found
    leg = _against_hub(
        e,
        hub=sold["hub"],
        before=sold["before"],
        after=sold["after"],
        calm=np.ones(len(sold["hub"]), dtype=bool),
    )
    hub = e.pairs.hub[gap.pairs]
    product = e.pairs.product[gap.pairs]
    rows, there = lookup(
        _keys(e, sold["hub"], sold["product"]),
        _keys(e, hub, product),
    )
    known = np.flatnonzero(there)
    onward = leg.take(rows[known])

    def booked(rows: Array, amount: Array) -> Array:
        return gap.ratio(known[rows], amount)

    def sales(rows: Array, amount: Array) -> Array:
        some = onward.take(rows)
        return some.ratio(amount, ON_EDGES, ON_WEIGHTS)

    both = declared.take(known).evidence(booked, sales)
    found[known] = both.factor
    return found
