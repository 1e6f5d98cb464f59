# SPDX-License-Identifier: Apache-2.0
"""One posterior probability per pair of hub and product that the origins' goods reach the target through it.

Rounds of expectation and maximisation: controls clean of suspects, noise of both legs, the evidence of a common
amount, prior odds. See docs/diversion.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bilat.diversion import controls as ctl
from bilat.diversion import noise, prior_odds
from bilat.diversion.amount import LegFlows, PairEvidence, Prior, blank, evidence
from bilat.diversion.candidates import CandidatePairs, candidates, direct_fall
from bilat.diversion.legs import Array, Legs
from bilat.diversion.parameters import parameter
from bilat.diversion.prior_odds import expit

ROUNDS = 4
#: The two windows of evidence and their weight: the whole, and its last part, in which late routes stand out.
WINDOWS = (("", 0.6), ("late_", 0.4))
#: The Bayes factor of a pair that is bounded away: what a pair with both legs at their counterfactual comes to.
BOUNDED = 0.3

#: Of routes those of which the purchases lie above their counterfactual: noise hides the rest.
ABOVE = 2 / 3


def logit(p: Array) -> Array:
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return np.log(p / (1 - p))


@dataclass(frozen=True)
class LegWindow:
    """Both legs of all pairs in one window, and ``usual`` (R in USD)."""

    first: LegFlows
    second: LegFlows | None  #: of all pairs; rows whose leg two is not held are not to be read
    usual: Array


@dataclass(frozen=True)
class Fitted:
    """The state after a round: everything that scores a pair."""

    windows: tuple[LegWindow, ...]
    fall: Array  #: by product
    fallen: Array
    gamma: Array
    prior: Prior
    odds: prior_odds.Odds
    slab_one: float  #: how often leg one alone has an upheaval of its own
    factor: Array
    p: Array


def terms(fall: Array, fallen: Array, producer: Array, exclusive: Array, held: Array) -> Array:
    """The columns of :data:`bilat.diversion.prior_odds.TERMS` over pairs."""
    columns = (np.ones(len(fall)), np.clip(fall, 0.0, 2.5), ~fallen, producer, exclusive, fallen & held)
    return np.column_stack([np.asarray(c, dtype=float) for c in columns])


def combined(
    windows: tuple[LegWindow, ...], prior: Prior, held: Array, slab: float, among: Array
) -> tuple[Array, PairEvidence]:
    """(Bayes factor over both windows, the evidence of the whole one) of pairs; pairs that no amount could make
    likely are bounded away, and those not ``among`` the ones asked."""
    factors = []
    whole: PairEvidence | None = None
    for window, _ in zip(windows, WINDOWS, strict=True):
        size = len(window.usual)
        out = blank(size, BOUNDED)
        for two in (True, False):
            rows = np.flatnonzero((held == two) & among)
            if two and window.second is not None:
                rows = rows[_worth(window.first.take(rows)) | _worth(window.second.take(rows))]
            elif not two:
                rows = rows[_worth(window.first.take(rows))]
            if not len(rows):
                continue
            second = window.second.take(rows) if two and window.second is not None else None
            part = evidence(window.first.take(rows), second, window.usual[rows], prior)
            factor = part.factor if two else part.factor / (1 + slab * part.factor)
            for name in out.__dataclass_fields__:
                getattr(out, name)[rows] = factor if name == "factor" else getattr(part, name)
        factors.append(out.factor)
        whole = whole or out
    assert whole is not None
    return sum(w * f for (_, w), f in zip(WINDOWS, factors, strict=True)), whole  # type: ignore[return-value]


def _worth(side: LegFlows) -> Array:
    return side.surprise() > parameter("worth_a_look")


class Estimate:
    """The rounds over one question's legs. ``fitted`` is the state after the last."""

    def __init__(self, legs: Legs, own_growth: Mapping[str, float] | None = None) -> None:
        self.legs, self.own_growth = legs, own_growth
        self.pairs: CandidatePairs = candidates(legs)
        self.new_out = self._of_two("before") <= 0
        # Where a made-up break shows the noise, before any route was there.
        self.usual_noise = tuple(self._made_up(d) for d in (legs.inward, legs.outward))
        middle, spread = (("amount_middle", "amount_spread") if legs.direct_held
                          else ("share_middle", "share_spread"))  # fmt: skip
        self.start = Prior(float(np.log(parameter(middle))), parameter(spread))
        self.fitted = self._rounds()

    @property
    def _one(self) -> Array:
        return self.pairs.one[self.pairs.at_one]

    def _of_two(self, column: str) -> Array:
        p = self.pairs
        if not len(p.two):
            return np.zeros(len(p.hub))
        return np.where(p.held, self.legs.outward[column][p.two[p.at_two]], 0.0)

    def _made_up(self, d: dict[str, Array]) -> Array:
        """Coefficients of the scale about a break within the baseline."""
        span = self.legs.span
        usual = noise.usual_scale()
        rows = (
            np.flatnonzero((d["then_before"] > 0) & (d["then_after"] > 0))
            if span.then
            else np.zeros(0, np.int64)
        )
        if len(rows) < 20:
            return usual
        c = span.offset * len(span.then)
        before = d["then_before"][rows]
        y = ctl.growth(before, d["then_after"][rows], c)
        for key, size, weight in (
            ("product", len(self.legs.products), 5.0),
            ("hub", len(self.legs.hubs), 5.0),
        ):
            middle, total = ctl.grouped_median(d[key][rows], y, np.ones(len(rows)), size)
            y = y - ctl.shrunk(middle, total, float(np.median(y)), weight)[d[key][rows]]
        x = noise.features(before, c, d["swing"][rows], np.zeros(len(rows)))
        return noise.fit_scale(x, y, np.ones(len(rows)), usual)

    def _rounds(self) -> Fitted:
        legs, pairs = self.legs, self.pairs
        p = np.zeros(len(pairs.hub))
        prior, odds = self.start, prior_odds.start(len(legs.hubs))
        fallen = np.ones(len(legs.products), dtype=bool)
        state: Fitted | None = None
        open_ = ~pairs.cleared
        for n in range(ROUNDS):
            one = np.ones(len(pairs.one))
            one[pairs.at_one] = 1 - np.where(pairs.cleared, 0.0, p)
            two = np.ones(len(pairs.two))
            two[pairs.at_two[pairs.held]] = 1 - p[pairs.held]
            windows, fall, fallen, gamma, slab = self._windows(one, two, fallen if n else None)
            # After two rounds what is next to impossible stays so, and is not worked out again.
            among = open_ & (p > parameter("worth_again")) if n > 1 else open_
            factor, found = combined(windows, prior, pairs.held, slab, among)
            if n > 1 and state is not None:
                factor = np.where(among, factor, state.factor)
            x = self.terms(fall, fallen)
            seen = np.log(np.maximum(factor, 1e-300))
            if n:
                odds = prior_odds.fit(x[open_], pairs.hub[open_], seen[open_], ~pairs.held[open_], odds)
            p = expit(odds.of(x, pairs.hub) + seen)
            state = Fitted(windows, fall, fallen, gamma, prior, odds, slab, factor, p)
            if legs.direct_held:
                prior = self._amounts(p, found)
        assert state is not None
        return state

    def first_sales(self) -> tuple[Array, float]:
        """(pairs of fallen goods in which the hub began to sell the target, how many begin by themselves).

        How often a hub begins by itself is read where there is no route, in goods whose direct trade did not fall, and
        in fallen goods: routes have purchases above the expected in :data:`ABOVE` of cases, other first sales as often
        as pairs without one. The larger of the two.
        """
        pairs, f = self.pairs, self.fitted
        risk, began = (pairs.held & self.new_out) | pairs.cleared, pairs.held & self.new_out
        fell, high = f.fallen[pairs.product], f.windows[0].first.surprise() > 0
        n = [[float((s & c).sum()) for s in (risk, began)] for c in (~fell, fell & ~high, fell & high)]
        (calm, calm_began), (low, low_began), (top, top_began) = n
        share = 1 - ABOVE
        apart = ABOVE * low - share * top
        rate = (ABOVE * low_began - share * top_began) / apart if apart > 0 else 1.0
        rate = float(np.clip(max(rate, (calm_began + 1) / (calm + 2)), 0.0, 1.0))
        return np.flatnonzero(began & fell), rate * (low + top)

    def terms(self, fall: Array, fallen: Array) -> Array:
        p = self.pairs
        return terms(fall[p.product], fallen[p.product], p.producer, p.exclusive, p.held | p.cleared)

    def _amounts(self, p: Array, found: PairEvidence) -> Prior:
        """The prior of the amount after what the sure rows show, within bounds."""
        sure = (p > 0.8) & np.isfinite(found.share)
        weight = 20.0
        n = float(p[sure].sum())
        middle = (float((p * found.share)[sure].sum()) + weight * self.start.middle) / (n + weight)
        square = float((p * (found.square - 2 * middle * found.share + middle**2))[sure].sum())
        spread = np.sqrt((square + weight * self.start.spread**2) / (n + weight))
        bound = np.log(3.0)
        middle = float(np.clip(middle, self.start.middle - bound, self.start.middle + bound))
        return Prior(middle, float(np.clip(spread, 1.0, 2.0)))

    def _windows(
        self, one: Array, two: Array, calm_known: Array | None
    ) -> tuple[tuple[LegWindow, ...], Array, Array, Array, float]:
        """Both windows under weights of clean rows; the fall of direct trade is read in the whole one."""
        legs, pairs = self.legs, self.pairs
        windows: list[LegWindow] = []
        fall = fallen = gamma = np.zeros(0)
        slab = 0.0
        size = (len(legs.hubs), len(legs.products))
        for when, _ in WINDOWS:
            c = ctl.offset_of(legs, late=bool(when))
            d = {k: legs.inward[k][pairs.one] for k in ("hub", "product", "swing", f"{when}before", f"{when}after",
                                                        f"rest_{when}before", f"rest_{when}after")}  # fmt: skip
            rest_before, rest_after = d[f"rest_{when}before"], d[f"rest_{when}after"]
            rest = np.where(rest_before + rest_after > c, ctl.growth(rest_before, rest_after, c), np.nan)
            rows = ctl.Inward(
                d["hub"], d["product"], ctl.growth(d[f"{when}before"], d[f"{when}after"], c), rest, *size
            )
            calm = np.zeros(size[1], dtype=bool) if calm_known is None else ~calm_known
            location, growing = ctl.inward(legs, rows, when, c, one, calm, self.own_growth)
            if not windows:
                gamma = growing
                fall, fallen = direct_fall(legs, pairs, gamma)
            route = parameter("amount_middle") * float(np.median(pairs.before[fallen])) if fallen.any() else c
            route = max(route * (c / ctl.offset_of(legs)), 5 * c)
            first_law, slab_here = self._law(d, when, c, location, fall, fallen, one, 0, route)
            slab = slab_here if not windows else slab
            first = LegFlows(
                d[f"{when}before"][pairs.at_one],
                d[f"{when}after"][pairs.at_one],
                c,
                first_law.take(pairs.at_one),
            )
            second = self._second(when, c, fall, fallen, two, route)
            windows.append(LegWindow(first, second, self._usual(first, gamma, c)))
        return tuple(windows), fall, fallen, gamma, slab

    def _law(self, d: dict[str, Array], when: str, c: float, location: Array, fall: Array, fallen: Array,
             weight: Array, leg: int, route: float) -> tuple[noise.Law, float]:  # fmt: skip
        before, after = d[f"{when}before"], d[f"{when}after"]
        sizes = []
        for key, size in (("hub", len(self.legs.hubs)), ("product", len(self.legs.products))):
            total = np.log(np.bincount(d[key], weights=after * weight, minlength=size) + c)
            sizes.append((total - float(np.median(total[np.unique(d[key])])))[d[key]])
        sample = noise.Sample(
            before, after, d["swing"], fall[d["product"]], fallen[d["product"]], location, sizes[0], sizes[1], weight,
            float(len(np.unique(d["hub"])) * len(np.unique(d["product"]))),
        )  # fmt: skip
        return noise.fit(sample, c, self.usual_noise[leg], route)

    def _second(
        self, when: str, c: float, fall: Array, fallen: Array, weight: Array, route: float
    ) -> LegFlows | None:
        legs, pairs = self.legs, self.pairs
        if not pairs.held.any():
            return None
        d = {
            k: legs.outward[k][pairs.two]
            for k in ("hub", "product", "swing", f"{when}before", f"{when}after")
        }
        y = ctl.growth(d[f"{when}before"], d[f"{when}after"], c)
        s = {k: legs.sold[k] for k in ("hub", "product", f"{when}before", f"{when}after")}
        traded = s[f"{when}before"] + s[f"{when}after"] > 0
        others = ctl.growth(s[f"{when}before"], s[f"{when}after"], c)
        location = ctl.outward(
            d["hub"], d["product"], y, (len(legs.hubs), len(legs.products)), weight, ~fallen,
            (s["hub"][traded], s["product"][traded], others[traded]),
        )  # fmt: skip
        law, _ = self._law(d, when, c, location, fall, fallen, weight, 1, route)
        rows = np.where(pairs.held, pairs.at_two, 0)
        return LegFlows(d[f"{when}before"][rows], d[f"{when}after"][rows], c, law.take(rows))

    def _usual(self, first: LegFlows, gamma: Array, c: float) -> Array:
        """R per pair: what the targets lost of the product, at least a share of what they bought; where direct trade
        is not held, what the hub bought."""
        if not self.legs.direct_held:
            return np.maximum(first.after, c)
        pairs, part = self.pairs, c / ctl.offset_of(self.legs)
        expected = pairs.before * np.exp(gamma)
        lost = np.maximum(expected - pairs.after, parameter("least_loss") * pairs.before)
        return (np.maximum(lost, 0.0) * part + c)[pairs.product]

    def amounts(self, alone: bool = False) -> PairEvidence:
        """The evidence on the amount of every pair over the whole window; ``alone``: of leg one, whatever is held."""
        window, held = self.fitted.windows[0], self.pairs.held
        out = blank(len(held))
        for two in (True, False):
            rows = np.flatnonzero((held == two) & ~self.pairs.cleared)
            if not len(rows) or (alone and not two):
                continue
            both = two and not alone and window.second is not None
            second = window.second.take(rows) if both and window.second is not None else None
            part = evidence(window.first.take(rows), second, window.usual[rows], self.fitted.prior)
            for name in out.__dataclass_fields__:
                getattr(out, name)[rows] = getattr(part, name)
        return out

    def alone(self) -> Array:
        """The log odds of every pair as leg one alone gives them."""
        f, p = self.fitted, self.pairs
        none = np.zeros(len(p.hub), dtype=bool)
        windows = tuple(replace(w, second=None) for w in f.windows)
        factor, _ = combined(windows, f.prior, none, f.slab_one, p.held | p.cleared)
        factor = np.where(p.held | p.cleared, factor, f.factor)
        zero = np.zeros(len(none))
        x = terms(f.fall[p.product], f.fallen[p.product], zero, zero, none)
        # What hubs differ in is read from both legs: a silent hub has none of it.
        return f.odds.of(x, p.hub) - f.odds.hub[p.hub] + np.log(np.maximum(factor, 1e-300))
