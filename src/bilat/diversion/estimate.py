# SPDX-License-Identifier: Apache-2.0
"""One posterior probability per pair of hub and product that the origins' goods reach the target
through it.

Rounds of expectation and maximisation: controls clean of suspects, noise of both legs, the evidence
of a common amount, prior odds. See docs/diversion.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit

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
from bilat.diversion.own_goods import LostGoods, own_shares, without_own_goods
from bilat.diversion.parameters import parameter

ROUNDS = 3
STEPS = 40
#: The two windows of evidence and their weight: the whole, and its last part, in which late routes
#: stand out.
WHOLE = ""
WINDOWS = ((WHOLE, 0.6), ("late_", 0.4))
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
#: The same of a pair by its sales alone: both legs at their counterfactual say as much each.
BOUNDED_SALES = BOUNDED**0.5

#: What a Bayes factor is taken to be at least, so that it has a logarithm.
LEAST_FACTOR = 1e-300
#: By how much a hub's own log odds may differ from those of others: further down than up, so that
#: no hub with wild books of its own runs away with the flags.
HUB_EFFECTS = np.linspace(-3.0, 2.0, 11)
#: The most that one pair says of its hub, in logs: several must tell that a hub carries routes.
MOST_OF_ONE = 4.0
#: Change of the coefficients below which the prior odds have come to rest.
CONVERGED = 0.003


class Closed(NamedTuple):
    """Trade of hubs in which no route can be: with others than the origins, or than the targets.
    USD before and after."""

    hub: Array
    product: Array
    before: Array
    after: Array


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
    and ``p``; by hub ``maker``: how likely it sold its own goods in place of lost ones."""

    windows: tuple[LegWindow, ...]
    fall: Array
    fallen: Array
    gamma: Array
    factor: Array
    maker: Array
    p: Array


class Estimate:
    """The rounds over one question's legs. ``fitted`` is the state after the last."""

    def __init__(self, legs: Legs, others: Array | None = None) -> None:
        self.legs = legs
        #: log growth by hub of what the origins sold it of goods that the legs do not have
        self.others = others
        self.pairs: CandidatePairs = candidates(legs)
        self.one = {name: column[self.pairs.one] for name, column in legs.inward.items()}
        self.two = {name: column[self.pairs.two] for name, column in legs.outward.items()}
        size = "amount" if legs.direct_held else "share"
        middle = float(np.log(parameter(f"{size}_middle")))
        self.prior = Prior(middle, parameter(f"{size}_spread"))
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
        pairs = self.pairs
        weights = self._weights(p)
        calm = ~fallen & ~self.new
        purchases = {when: self._purchases(when, weights[0], calm) for when, _ in WINDOWS}
        _, _, gamma = purchases[WHOLE]
        fall, fallen = direct_fall(self.legs, pairs, gamma)
        windows = []
        for when, (rows, location, _) in purchases.items():
            first, slab = self._law(self.one, rows, when, location, fallen)
            first = first.take(pairs.at_one)
            second = None
            if pairs.held.any():
                second = self._second_leg(when, weights[1], fallen)
            usual = self._usual(first, gamma, ctl.offset_of(self.legs, late=bool(when)))
            windows.append(LegWindow(first, second, usual, slab))
        factor = self._factor(windows, ~pairs.cleared)
        terms = self._terms(windows[0], fall, fallen)
        seen = np.log(np.maximum(factor, LEAST_FACTOR))
        # Others sell more of what is banned too: sales that leap are many in such goods, whatever
        # the usual share of upheavals, and only the purchases tell which of them are routes.
        leapt = np.flatnonzero(terms[:, TERMS.index("leap")] > LIKELY_LOST)
        seen[leapt] = self._gain(windows[0], leapt)
        odds = terms @ _usual_odds()
        maker = np.zeros(len(self.legs.hubs))
        in_lost = self._lost_rows(fall, fallen)
        if own and len(in_lost):
            lost, shares = self._own_goods(windows, in_lost, factor, odds)
            maker = 1.0 - shares[0]
            other = ~np.isin(in_lost, leapt)
            seen[in_lost[other]] = without_own_goods(lost, shares)[other]
        if own:
            held = np.flatnonzero(pairs.held)
            odds[held] = fitted_odds(terms[held], pairs.hub[held], seen[held])
        return Fitted(
            windows=tuple(windows),
            fall=fall,
            fallen=fallen,
            gamma=gamma,
            factor=factor,
            maker=maker,
            p=expit(odds + seen),
        )

    def _lost_rows(self, fall: Array, fallen: Array) -> Array:
        """Return the pairs of two legs in goods that the target lost."""
        is_lost = self._lost(fall, fallen) > LIKELY_LOST
        return np.flatnonzero(is_lost[self.pairs.product] & self.pairs.held)

    def _own_goods(
        self, windows: Sequence[LegWindow], rows: Array, factor: Array, odds: Array
    ) -> tuple[LostGoods, Array]:
        """Return the evidence of the ``rows``, and how often their hubs sold their own goods."""
        seen = np.maximum(factor[rows], LEAST_FACTOR)
        lost = LostGoods(
            hub=self.pairs.hub[rows],
            both=np.log(seen),
            sales=self._sales_alone(windows, rows),
        )
        under_effects = odds[rows] + HUB_EFFECTS[:, None]
        routes = expit(under_effects)
        hubs = len(self.legs.hubs)
        shares = own_shares(lost, routes, _usual_effects(), hubs)
        return lost, shares

    def _weights(self, p: Array) -> tuple[Array, Array]:
        """Return 1 - ``p`` of the rows of each leg; 0 of goods whose code began since the break."""
        pairs = self.pairs
        one = np.ones(len(pairs.one))
        one[pairs.at_one] = 1 - np.where(pairs.cleared, 0.0, p)
        one[self.new[self.one["product"]]] = 0.0
        two = np.ones(len(pairs.two))
        two[pairs.at_two[pairs.held]] = 1 - p[pairs.held]
        two[self.new[self.two["product"]]] = 0.0
        return one, two

    def _purchases(
        self, when: str, weight: Array, calm: Array
    ) -> tuple[ctl.TradedRows, Array, Array]:
        """Return the rows of leg one in a window, their counterfactual, and that of goods."""
        leg = self.one
        closed = Closed(
            hub=leg["hub"],
            product=leg["product"],
            before=leg[f"rest_{when}before"],
            after=leg[f"rest_{when}after"],
        )
        rows = self._traded(leg, closed, when, weight)
        location, gamma = rows.counterfactual(calm, self.others)
        return rows, location, gamma

    def _second_leg(self, when: str, weight: Array, fallen: Array) -> LegFlows:
        """Return leg two of all pairs in a window."""
        sold = self.legs.sold
        closed = Closed(
            hub=sold["hub"],
            product=sold["product"],
            before=sold[f"{when}before"],
            after=sold[f"{when}after"],
        )
        rows = self._traded(self.two, closed, when, weight)
        location, _ = rows.counterfactual(~fallen & ~self.new)
        second, _ = self._law(self.two, rows, when, location, fallen)
        return second.take(np.where(self.pairs.held, self.pairs.at_two, 0))

    def _usual_route(self, offset: float, fallen: Array) -> float:
        """Return the USD of a usual route in a window that has this ``offset``."""
        route = offset
        if fallen.any():
            route = parameter("amount_middle") * float(np.median(self.pairs.before[fallen]))
        return max(route * (offset / ctl.offset_of(self.legs)), 5 * offset)

    def _terms(self, whole: LegWindow, fall: Array, fallen: Array) -> Array:
        """The columns of :data:`TERMS` over pairs."""
        pairs = self.pairs
        second = whole.second
        lost = self._lost(fall, fallen)[pairs.product]
        mine = (lost > LIKELY_LOST) & pairs.held
        leap = opening = np.zeros(len(lost), dtype=bool)
        if second is not None:
            core, slab = second.law.densities(second.y)
            upheaval = second.law.share * slab > (1 - second.law.share) * core
            opening = mine & (second.before <= 0)
            leap = mine & ~opening & upheaval & (second.surprise() > 0)
        terms = {
            "base": np.ones(len(lost)),
            "fall": np.clip(fall, 0.0, 2.5)[pairs.product],
            "calm": 1.0 - lost,
            "producer": pairs.producer,
            "exclusive": pairs.exclusive,
            "own": lost * mine,
            "leap": lost * leap,
            "opening": lost * opening,
        }
        return np.column_stack([terms[term] for term in TERMS])

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
        both = np.log(np.maximum(f.factor[rows], LEAST_FACTOR))
        terms = self._terms(f.windows[0], f.fall, f.fallen)[rows]
        new = (terms[:, TERMS.index("leap")] > 0) | (terms[:, TERMS.index("opening")] > 0)
        return np.where(new, np.minimum(both, self._gain(f.windows[0], rows)), both)

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
        logs = [np.log(np.maximum(factor, LEAST_FACTOR)) for factor in (both, alone)]
        return np.clip(logs[0] - logs[1], *MOST)

    def _sales_alone(self, windows: Sequence[LegWindow], rows: Array) -> Array:
        """Return the evidence (log Bayes factors) of leg two alone over both windows, for which any
        amount could have been bought."""
        total = np.zeros(len(rows))
        least = parameter("worth_a_look")
        for (_, weight), window in zip(WINDOWS, windows, strict=True):
            assert window.second is not None
            first = window.first.take(rows)
            second = window.second.take(rows)
            high = first.surprise() > least
            high |= second.surprise() > least
            looked = np.flatnonzero(high)
            sold = second.take(looked)
            usual = window.usual[rows[looked]]
            alone = evidence(None, sold, usual, self.prior)
            found = np.full(len(rows), BOUNDED_SALES)
            found[looked] = alone.factor
            total += weight * found
        return np.log(np.maximum(total, LEAST_FACTOR))

    def _factor(self, windows: Sequence[LegWindow], among: Array, alone: bool = False) -> Array:
        """The Bayes factor of the pairs ``among`` over both windows, of leg one if ``alone``.
        Pairs that no amount could make likely are bounded away; one leg's factor saturates at
        the odds of an upheaval."""
        total = np.zeros(len(among))
        least = parameter("worth_a_look")
        held = self.pairs.held & (not alone)
        for (_, weight), window in zip(WINDOWS, windows, strict=True):
            high = window.first.surprise() > least
            if window.second:
                high |= held & (window.second.surprise() > least)
            one = np.flatnonzero(~held & high & among)
            two = np.flatnonzero(held & high & among)
            factor = np.full(len(among), BOUNDED)
            found = self._evidence(window, one, False).factor
            factor[one] = found / (1 + windows[0].slab * found)
            factor[two] = self._evidence(window, two, True).factor
            total += weight * factor
        return total

    def _traded(
        self, leg: dict[str, Array], closed: Closed, when: str, weight: Array
    ) -> ctl.TradedRows:
        """The rows of a leg in a window with the ``closed`` trade of their hubs."""
        offset = ctl.offset_of(self.legs, late=bool(when))
        least = offset if leg is self.one else 0.0
        traded = (closed.before + closed.after > least) & ~self.new[closed.product]
        growth = ctl.growth(closed.before, closed.after, offset)
        return ctl.TradedRows(
            hub=leg["hub"],
            product=leg["product"],
            y=ctl.growth(leg[f"{when}before"], leg[f"{when}after"], offset),
            weight=weight,
            closed=ctl.ClosedTrade(closed.hub[traded], closed.product[traded], growth[traded]),
            hubs=len(self.legs.hubs),
            products=len(self.legs.products),
        )

    def _law(
        self,
        leg: dict[str, Array],
        rows: ctl.TradedRows,
        when: str,
        location: Array,
        fallen: Array,
    ) -> tuple[LegFlows, float]:
        """(a leg with its law, how often flows that traded before have an upheaval)."""
        offset = ctl.offset_of(self.legs, late=bool(when))
        before = leg[f"{when}before"]
        after = leg[f"{when}after"]
        sample = noise.Sample(
            before=before,
            after=after,
            fallen=fallen[rows.product],
            control=location,
            weight=rows.weight,
            possible=float(len(np.unique(rows.hub)) * len(np.unique(rows.product))),
        )
        law, slab = noise.fit(sample, offset, self._usual_route(offset, fallen))
        return LegFlows(before, after, offset, law), slab

    def _usual(self, first: LegFlows, gamma: Array, c: float) -> Array:
        """R per pair: what the targets lost of the product, at least a share of what they
        bought; where direct trade is not held, what the hub bought."""
        if not self.legs.direct_held:
            return np.maximum(first.after, c)
        pairs = self.pairs
        part = c / ctl.offset_of(self.legs)
        missing = pairs.before * np.exp(gamma) - pairs.after
        lost = np.maximum(missing, parameter("least_loss") * pairs.before)
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
        seen = np.log(np.maximum(factor, LEAST_FACTOR))
        return fitted_odds(self.purchase_terms(), self.pairs.hub, seen) + seen

    def purchase_terms(self) -> Array:
        """The columns of :data:`TERMS` that purchases alone know."""
        f = self.fitted
        return self._terms(f.windows[0], f.fall, f.fallen)[:, :3]


def _usual_odds() -> Array:
    return np.array([parameter(f"odds_{t}") for t in TERMS])


def _usual_effects() -> Array:
    """Return the log weight of each of :data:`HUB_EFFECTS` beforehand."""
    return np.asarray(-0.5 * (HUB_EFFECTS / parameter("hub_spread")) ** 2)


def fitted_odds(x: Array, hub: Array, seen: Array) -> Array:
    """Log prior odds of pairs under which their evidence is likeliest, with an effect of each hub.

    A ridge logistic regression on ``x`` by expectation and maximisation, one Newton step at a time.
    What tells one pair from another is held by a strong ridge: a weak one drifts to routes too
    small to be seen. The effect of a hub is averaged over :data:`HUB_EFFECTS` as its pairs make
    each likely, and not set to the likeliest: most hubs carry no route at all, others many, and
    one value says too much where few pairs speak.

    Parameters
    ----------
    x
        (pairs, terms): the columns of :data:`TERMS`, all or the first of them.
    hub
        the number of each pair's hub.
    seen
        the evidence of each pair (log Bayes factor).
    """
    terms = TERMS[: x.shape[1]]
    usual = _usual_odds()[: len(terms)]
    firm = np.array([parameter(LOOSE.get(term, "odds_precision")) for term in terms])
    beta = usual
    for _ in range(STEPS):
        odds = x @ beta + HUB_EFFECTS[:, None]
        before = expit(odds)
        after = expit(odds + seen)
        weight = _weights_of_effects(before, hub, seen)
        left = (weight * (after - before)).sum(axis=0)
        curve = (weight * before * (1 - before)).sum(axis=0)
        information = (x * curve[:, None]).T @ x + np.diag(firm)
        step = np.linalg.solve(information, x.T @ left - firm * (beta - usual))
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < CONVERGED:
            break
    route = np.clip((weight * after).sum(axis=0), LEAST_FACTOR, 1 - 1e-15)
    return np.asarray(logit(route) - seen)


def _weights_of_effects(before: Array, hub: Array, seen: Array) -> Array:
    """(effects, pairs): how likely each of :data:`HUB_EFFECTS` is of the hub of a pair.

    Parameters
    ----------
    before
        (effects, pairs): the probability of a route under each effect, before the evidence.
    """
    factor = np.exp(np.minimum(seen, MOST_OF_ONE))
    says = np.log1p(before * (factor - 1.0))
    by_hub = np.stack([np.bincount(hub, weights=of_pairs) for of_pairs in says])
    logs = by_hub + _usual_effects()[:, None]
    weight = np.exp(logs - logs.max(axis=0))
    weight /= weight.sum(axis=0)
    return np.asarray(weight[:, hub])
