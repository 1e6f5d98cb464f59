# SPDX-License-Identifier: Apache-2.0
"""One posterior probability per pair of hub and product that the origins' goods reach the target
through it.

Rounds of expectation and maximisation: controls clean of suspects, noise of both legs, the evidence
of a common amount, prior odds. See docs/diversion.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from bilat.diversion import controls as ctl
from bilat.diversion import noise
from bilat.diversion.amount import LegFlows, PairEvidence, Prior, blank, evidence
from bilat.diversion.candidates import (
    CandidatePairs,
    candidates,
    direct_fall,
    lost_probability,
    new_codes,
)
from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter

ROUNDS = 3
STEPS = 40
#: The two windows of evidence and their weight: the whole, and its last part, in which late routes
#: stand out.
WINDOWS = (("", 0.6), ("late_", 0.4))
#: What a route is likely by beforehand: a constant, fall of direct trade, direct trade did not
#: fall, the hub makes the good, it sells it to nobody else; and, held loosely, what the file itself
#: says of pairs of two legs in goods whose direct trade fell: of all, of those whose sales leapt
#: (leg two is an upheaval rather than noise), of first sales.
TERMS = ("base", "fall", "calm", "producer", "exclusive", "own", "leap", "opening")
LOOSE = {t: f"odds_{t}_precision" for t in ("own", "leap", "opening")}
#: Probability of a loss from which on what the file says of lost goods is said of a good.
LIKELY_LOST = 0.5
#: The most that purchases say of a pair whose sales leapt, in logs.
MOST = (-6.0, 12.0)
#: The Bayes factor of a pair that is bounded away: what a pair with both legs at their
#: counterfactual comes to.
BOUNDED = 0.3


@dataclass(frozen=True)
class LegWindow:
    """Both legs of all pairs in one window, ``usual`` (R in USD), and ``slab``: how often leg
    one alone has an upheaval of its own. Of ``second`` rows whose leg two is not held are not to
    be read."""

    first: LegFlows
    second: LegFlows | None
    usual: Array
    slab: float


@dataclass(frozen=True)
class Fitted:
    """The state after a round: the windows, the whole first; by product the ``fall`` of direct
    trade, whether it is ``fallen``, the growth ``gamma``; by pair the ``factor`` of its evidence
    and ``p``."""

    windows: tuple[LegWindow, ...]
    fall: Array
    fallen: Array
    gamma: Array
    factor: Array
    p: Array


class Estimate:
    """The rounds over one question's legs. ``fitted`` is the state after the last."""

    def __init__(self, legs: Legs, others: Array | None = None) -> None:
        self.legs = legs
        #: log growth by hub of what the origins sold it of goods that the legs do not have
        self.others = others
        self.pairs: CandidatePairs = candidates(legs)
        self.one, self.two = (
            {k: v[rows] for k, v in leg.items()}
            for leg, rows in ((legs.inward, self.pairs.one), (legs.outward, self.pairs.two))
        )
        middle, spread = (
            ("amount_middle", "amount_spread")
            if legs.direct_held
            else ("share_middle", "share_spread")
        )
        self.prior = Prior(float(np.log(parameter(middle))), parameter(spread))
        #: Codes that began after the break have no growth that could be a control.
        self.new = new_codes(legs)
        fallen = np.ones(len(legs.products), dtype=bool)
        p = np.zeros(len(self.pairs.hub))
        for n in range(ROUNDS):
            self.fitted = self._round(fallen, p, bool(n))
            fallen = self.fitted.fallen
            p = self.fitted.p

    def _round(self, fallen: Array, p: Array, own: bool) -> Fitted:
        """One round: controls and noise of rows that are weighed by 1 - ``p``, then the
        probability of each pair."""
        legs = self.legs
        pairs = self.pairs
        one = np.ones(len(pairs.one))
        two = np.ones(len(pairs.two))
        one[pairs.at_one] = 1 - np.where(pairs.cleared, 0.0, p)
        two[pairs.at_two[pairs.held]] = 1 - p[pairs.held]
        one[self.new[self.one["product"]]] = 0.0
        two[self.new[self.two["product"]]] = 0.0
        windows: list[LegWindow] = []
        fall = gamma = np.zeros(0)
        calm = ~fallen & ~self.new
        for when, _ in WINDOWS:
            c = ctl.offset_of(legs, late=bool(when))
            d = self.one
            sold = legs.sold
            others = tuple(d[f"rest_{when}{side}"] for side in ("before", "after"))
            rows = self._traded(d, (d["hub"], d["product"], *others), when, c, one)
            location, growing = rows.counterfactual(calm, self.others)
            if not windows:
                gamma = growing
                fall, fallen = direct_fall(legs, pairs, gamma)
            route = (
                parameter("amount_middle") * float(np.median(pairs.before[fallen]))
                if fallen.any()
                else c
            )
            route = max(route * (c / ctl.offset_of(legs)), 5 * c)
            first, slab = self._law(d, rows, when, c, location, fallen, route)
            first = first.take(pairs.at_one)
            second = None
            if pairs.held.any():
                closed = tuple(sold[k] for k in ("hub", "product", f"{when}before", f"{when}after"))
                rows = self._traded(self.two, closed, when, c, two)
                location = rows.counterfactual(~fallen & ~self.new)[0]
                second, _ = self._law(self.two, rows, when, c, location, fallen, route)
                second = second.take(np.where(pairs.held, pairs.at_two, 0))
            windows.append(LegWindow(first, second, self._usual(first, gamma, c), slab))
        factor = self._factor(windows, ~pairs.cleared)
        x = self._terms(windows[0], fall, fallen)
        seen = np.log(np.maximum(factor, 1e-300))
        # Others sell more of what is banned too: sales that leap are many in such goods, whatever
        # the usual share of upheavals, and only the purchases tell which of them are routes.
        leapt = np.flatnonzero(x[:, TERMS.index("leap")] > LIKELY_LOST)
        seen[leapt] = self._gain(windows[0], leapt)
        odds = x @ _usual_odds()
        if own:
            rows_two = np.flatnonzero(pairs.held)
            odds[rows_two] = fitted_odds(x[rows_two], pairs.hub[rows_two], seen[rows_two])
        return Fitted(tuple(windows), fall, fallen, gamma, factor, expit(odds + seen))

    def _terms(self, whole: LegWindow, fall: Array, fallen: Array) -> Array:
        """The columns of :data:`TERMS` over pairs."""
        p = self.pairs
        two = whole.second
        lost = self._lost(fall, fallen)[p.product]
        mine = (lost > LIKELY_LOST) & p.held
        leap = opening = np.zeros(len(lost), dtype=bool)
        if two is not None:
            core, slab = two.law.densities(two.y)
            opening = mine & (two.before <= 0)
            leap = (
                mine
                & ~opening
                & (two.law.share * slab > (1 - two.law.share) * core)
                & (two.surprise() > 0)
            )
        of_goods = (np.ones(len(lost)), np.clip(fall, 0.0, 2.5)[p.product], 1.0 - lost)
        of_file = (lost * mine, lost * leap, lost * opening)
        return np.column_stack([*of_goods, p.producer, p.exclusive, *of_file])

    def lost(self) -> Array:
        """By product the probability that its direct trade was lost, after the last round."""
        return self._lost(self.fitted.fall, self.fitted.fallen)

    def _lost(self, fall: Array, fallen: Array) -> Array:
        """By product the probability that its direct trade was lost; 1 where direct trade is not
        held."""
        if not self.legs.direct_held:
            return fallen.astype(float)
        traded = self.pairs.before > 5 * ctl.offset_of(self.legs)
        return lost_probability(fall, fallen, traded)

    def odds(self) -> Array:
        """Log odds of a route of every pair before the file itself says anything."""
        f = self.fitted
        return self._terms(f.windows[0], f.fall, f.fallen) @ _usual_odds()

    def purchases(self, rows: Array) -> Array:
        """The evidence (log Bayes factors) of some pairs of two legs in a file that cannot say
        how large first sales or leaps of sales are: of those no more than purchases say, of the
        others of both legs."""
        f = self.fitted
        both = np.log(np.maximum(f.factor[rows], 1e-300))
        opened = self._terms(f.windows[0], f.fall, f.fallen)[rows][:, TERMS.index("leap") :].any(
            axis=1
        )
        return np.where(opened, np.minimum(both, self._gain(f.windows[0], rows)), both)

    def _evidence(self, w: LegWindow, rows: Array, two: bool) -> PairEvidence:
        second = w.second.take(rows) if two and w.second else None
        return evidence(w.first.take(rows), second, w.usual[rows], self.prior)

    def _gain(self, w: LegWindow, rows: Array) -> Array:
        """What purchases say of pairs whose sales are taken as they are: the evidence of both
        legs over that of leg two alone, for which any amount could have been bought."""
        if w.second is None:
            return np.zeros(len(rows))
        both = self._evidence(w, rows, True).factor
        alone = evidence(None, w.second.take(rows), w.usual[rows], self.prior).factor
        return np.clip(np.log(np.maximum(both, 1e-300)) - np.log(np.maximum(alone, 1e-300)), *MOST)

    def _factor(self, windows: Sequence[LegWindow], among: Array, alone: bool = False) -> Array:
        """The Bayes factor of the pairs ``among`` over both windows, of leg one if ``alone``.
        Pairs that no amount could make likely are bounded away; one leg's factor saturates at
        the odds of an upheaval."""
        out = np.zeros(len(among))
        least = parameter("worth_a_look")
        held = self.pairs.held & (not alone)
        for (_, weight), w in zip(WINDOWS, windows, strict=True):
            high = w.first.surprise() > least
            high |= held & (w.second.surprise() > least) if w.second else False
            one, two = (np.flatnonzero(legs & high & among) for legs in (~held, held))
            factor = np.full(len(among), BOUNDED)
            found = self._evidence(w, one, False).factor
            factor[one] = found / (1 + windows[0].slab * found)
            factor[two] = self._evidence(w, two, True).factor
            out += weight * factor
        return out

    def _traded(
        self, leg: dict[str, Array], closed: tuple[Array, ...], when: str, c: float, weight: Array
    ) -> ctl.TradedRows:
        """The rows of a leg with the ``closed`` trade of their hubs: hub, product, USD before
        and after."""
        hub, product, before, after = closed
        traded = (before + after > (c if leg is self.one else 0.0)) & ~self.new[product]
        of_hubs = ctl.ClosedTrade(
            *(v[traded] for v in (hub, product, ctl.growth(before, after, c)))
        )
        y = ctl.growth(leg[f"{when}before"], leg[f"{when}after"], c)
        sizes = len(self.legs.hubs), len(self.legs.products)
        return ctl.TradedRows(leg["hub"], leg["product"], y, weight, of_hubs, *sizes)

    def _law(
        self,
        leg: dict[str, Array],
        rows: ctl.TradedRows,
        when: str,
        c: float,
        location: Array,
        fallen: Array,
        route: float,
    ) -> tuple[LegFlows, float]:
        """(a leg with its law, how often flows that traded before have an upheaval)."""
        before = leg[f"{when}before"]
        after = leg[f"{when}after"]
        possible = float(len(np.unique(rows.hub)) * len(np.unique(rows.product)))
        law, slab = noise.fit(
            noise.Sample(before, after, fallen[rows.product], location, rows.weight, possible),
            c,
            route,
        )
        return LegFlows(before, after, c, law), slab

    def _usual(self, first: LegFlows, gamma: Array, c: float) -> Array:
        """R per pair: what the targets lost of the product, at least a share of what they
        bought; where direct trade is not held, what the hub bought."""
        if not self.legs.direct_held:
            return np.maximum(first.after, c)
        pairs = self.pairs
        part = c / ctl.offset_of(self.legs)
        lost = np.maximum(
            pairs.before * np.exp(gamma) - pairs.after, parameter("least_loss") * pairs.before
        )
        return (np.maximum(lost, 0.0) * part + c)[pairs.product]

    def amounts(self, alone: bool = False) -> PairEvidence:
        """The evidence on the amount of every pair; ``alone``: of leg one, of pairs whose second
        leg is held."""
        whole = self.fitted.windows[0]
        held = self.pairs.held
        out = blank(len(held))
        for two in (True,) if alone else (True, False):
            rows = np.flatnonzero((held == two) & ~self.pairs.cleared)
            part = self._evidence(whole, rows, two and not alone)
            for name in out.__dataclass_fields__:
                getattr(out, name)[rows] = getattr(part, name)
        return out

    def alone(self) -> Array:
        """The log odds of every pair as leg one alone gives them, which knows of no sale; hubs
        differ in it as in both legs."""
        f = self.fitted
        factor = self._factor(f.windows, np.ones(len(f.p), dtype=bool), alone=True)
        seen = np.log(np.maximum(factor, 1e-300))
        terms = self._terms(f.windows[0], f.fall, f.fallen)[:, :3]
        return fitted_odds(terms, self.pairs.hub, seen) + seen


def _usual_odds() -> Array:
    return np.array([parameter(f"odds_{t}") for t in TERMS])


def fitted_odds(x: Array, hub: Array, seen: Array) -> Array:
    """Log prior odds of pairs of two legs under which their evidence ``seen`` (log Bayes
    factors) is likeliest: a ridge logistic regression on ``x`` with an effect a hub. What tells
    one pair from another is held by a strong ridge: a weak one drifts to routes too small to be
    seen. Expectation and maximisation, one Newton step of either kind a time."""
    mean = beta = _usual_odds()[: x.shape[1]]
    firm = np.array([parameter(LOOSE.get(t, "odds_precision")) for t in TERMS])[: x.shape[1]]
    effect = np.zeros(int(hub.max(initial=0)) + 1)
    spread = parameter("hub_spread") ** -2

    def labels() -> tuple[Array, Array]:
        at = x @ beta + effect[hub]
        q = expit(at)
        return expit(at + seen) - q, q * (1 - q)

    for _ in range(STEPS):
        left, curve = labels()
        step = np.linalg.solve(
            (x * curve[:, None]).T @ x + np.diag(firm), x.T @ left - firm * (beta - mean)
        )
        beta = beta + np.clip(step, -1.0, 1.0)
        left, curve = labels()
        up, down = (np.bincount(hub, weights=v, minlength=len(effect)) for v in (left, curve))
        nudge = np.clip((up - spread * effect) / (down + spread), -1.0, 1.0)
        effect = effect + nudge
        if max(float(np.abs(step).max()), float(np.abs(nudge).max())) < 0.003:
            break
    return np.asarray(x @ beta + effect[hub])
