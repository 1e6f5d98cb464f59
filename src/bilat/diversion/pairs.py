# SPDX-License-Identifier: Apache-2.0
"""All pairs of hub and product of one question, judged: arrays, before anything is explained or shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bilat.diversion import expected as cf
from bilat.diversion.chance import Judged, Windows, diverted, judge
from bilat.diversion.legs import WORLD, Array, Legs
from bilat.diversion.net_excess import net_by_hub
from bilat.diversion.odds import LEAST_PLACEBOS
from bilat.diversion.parameters import parameter
from bilat.places.coalitions import is_country


@dataclass(frozen=True)
class Screened:
    """Aligned arrays over the tested pairs, best first. ``second`` is None where leg two is not held.

    ``direct``: (log growth, before, after) of origin -> target by product; ``expected_growth`` its
    counterfactual's log growth; ``loss`` what the counterfactual has above the actual, by product. ``net``: see
    :func:`~bilat.diversion.net_excess.net_by_hub`; empty where leg two is held.
    """

    legs: Legs
    hub: Array
    product: Array
    first: cf.Leg
    second: cf.Leg | None
    judged: Judged
    excess_in: Array
    excess_out: Array
    diverted: Array
    low: Array
    high: Array
    score: Array
    row_in: Array
    row_out: Array
    direct: tuple[Array, Array, Array]
    expected_growth: Array
    loss: Array
    net: dict[str, dict[str, Any]]

    @cached_property
    def elsewhere(self) -> dict[tuple[int, int], tuple[float, float]]:
        """(hub, product) -> what the hub sold to the decoys before and after, for the first rows."""
        out, size = self.legs.outward, len(self.legs.products)
        key = out["hub"] * size + out["product"]
        rows = np.flatnonzero((out["target"] > 0) & np.isin(key, (self.hub * size + self.product)[:1000]))
        found: dict[tuple[int, int], tuple[float, float]] = {}
        for r in rows.tolist():
            pair = int(out["hub"][r]), int(out["product"][r])
            before, after = found.get(pair, (0.0, 0.0))
            found[pair] = before + float(out["before"][r]), after + float(out["after"][r])
        return found


def _match(keys: Array, wanted: Array) -> tuple[Array, Array]:
    """(row of each wanted key, whether it is there)."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    rows = order[at]
    return rows, keys[rows] == wanted


def screen(
    legs: Legs, products: frozenset[str] | None = None, own_growth: dict[str, float] | None = None
) -> Screened:
    """Judge every pair of ``legs`` whose product is in ``products`` (all by default)."""
    size = len(legs.products)
    direct = cf.direct_growth(legs)
    typical = cf.product_growth(legs)
    fell = np.nan_to_num(direct[0] - typical, nan=0.0) < parameter("fell")
    with ThreadPoolExecutor(2) as pool:  # sorts let go of the interpreter: two windows at once
        outward = pool.map(lambda late: cf.outward(legs, fell, late), (False, True))
        first, first_late = (cf.inward(legs, own_growth, late) for late in (False, True))
        second, second_late = outward
    country = np.array([h != WORLD for h in legs.hubs], dtype=bool)[legs.inward["hub"]]
    key1 = (legs.inward["hub"] * size + legs.inward["product"])[country]
    key2 = legs.outward["hub"] * size + legs.outward["product"]
    target = legs.outward["target"].astype(np.int64)
    asked = np.array([products is None or p in products for p in legs.products], dtype=bool)
    barred = {*legs.question.origins, legs.question.target}
    allowed = np.array(
        [
            h not in barred and is_country(h) and (legs.question.hubs is None or h in legs.question.hubs)
            for h in legs.hubs
        ],
        dtype=bool,
    )
    usual = _usual(legs, direct[1] * np.exp(typical), first)
    parts = (1.0, len(legs.span.late) / len(legs.span.post))

    two_legged = len(target) > 0 and bool((target == 0).any())
    if two_legged:
        rows1, there = _match(key1, key2)
        usable = there & (second.after > 0) & allowed[legs.outward["hub"]]
        usable &= (first.after[rows1] > 0) & _known_before(legs)[legs.outward["product"]]
        real = np.flatnonzero(usable & (target == 0) & asked[legs.outward["product"]])
        fake = np.flatnonzero(usable & (target > 0) & asked[legs.outward["product"]])

        def windows(rows: Array) -> Windows:
            at = rows1[rows]
            legs2 = [[first.take(at), second.take(rows)], [first_late.take(at), second_late.take(rows)]]
            worth = None if usual is None else usual[target[rows], second.product[rows]]
            return Windows(
                legs2, fell[second.product[rows]], None if worth is None else [worth * x for x in parts]
            )

        # The placebos are many times the pairs: their legs are let go before those of the pairs are taken.
        placebo = windows(fake).tested() if len(fake) else None
        row_in, row_out = rows1[real], real
        pairs = windows(real)
    else:
        real = np.flatnonzero(
            (first.after > 0) & allowed[first.hub] & asked[first.product] & _known_before(legs)[first.product]
        )
        worth = None if usual is None else usual[0, first.product[real]]
        pairs = Windows(
            [[first.take(real)], [first_late.take(real)]],
            fell[first.product[real]],
            None if worth is None else [worth * x for x in parts],
        )
        placebo = None
        row_in, row_out = real, np.full(len(real), -1)
    # Products whose direct trade did not fall show the noise of leg one with no route in it.
    traded = first.after > 0
    calm = traded & ~fell[first.product]
    everywhere = np.maximum(first.z, first_late.z)[calm if calm.sum() >= LEAST_PLACEBOS else traded]
    few = len(np.unique(first.hub)) < parameter("least_controls")
    judged = judge(pairs.tested(), placebo, cf.earlier(legs) if few else everywhere, within=not few)
    one = pairs.legs[0][0]
    two = pairs.legs[0][1] if two_legged else None
    pair = [one] if two is None else [one, two]
    point, low, high = diverted(pair)
    # With what fell to nothing, without codes that nobody traded before.
    whole = allowed[first.hub] & (asked & _known_before(legs))[first.product]
    net = (
        net_by_hub(first.hub[whole], (first.after - first.expected)[whole], legs.hubs) if two is None else {}
    )
    excess_in = one.after - one.expected
    excess_out = np.full(len(one.z), np.nan) if two is None else two.after - two.expected
    score = judged.statistic + judged.odds
    # Rounded, then by name: two engines add in another order, and the list must not depend on it.
    order = np.lexsort((one.product, one.hub, -np.round(score, 6)))
    return Screened(
        legs, one.hub[order], one.product[order], one.take(order), None if two is None else two.take(order),
        judged.take(order), excess_in[order], excess_out[order], point[order], low[order], high[order], score[order],
        row_in[order], row_out[order], direct, typical,
        np.maximum(direct[1] * np.exp(typical) - direct[2], 0.0), net,
    )  # fmt: skip


def _usual(legs: Legs, at_target: Array, first: cf.Leg) -> Array | None:
    """USD that each market (the target, then the decoys) would have bought of each product from the origins;
    None where the file holds no direct trade."""
    if not (at_target > 0).any():
        return None
    worth = np.zeros((len(legs.decoys) + 1, len(legs.products)))
    worth[0] = at_target
    place = {c: n for n, c in enumerate(legs.hubs)}
    for n, decoy in enumerate(legs.decoys, start=1):
        rows = np.flatnonzero(first.hub == place.get(decoy, -1))
        worth[n, first.product[rows]] = first.expected[rows]
    return worth + first.offset


def _known_before(legs: Legs) -> Array:
    """Per product: False for codes that nobody traded before the break: a new code is not a new flow."""
    size = len(legs.products)
    total = []
    for when in ("before", "after"):
        held = legs.inward[when] + legs.inward[f"rest_{when}"]
        total.append(
            np.bincount(legs.inward["product"], weights=held, minlength=size)
            + np.bincount(legs.direct["product"], weights=legs.direct[when], minlength=size)
        )
    return total[0] > 0.02 * total[1]
