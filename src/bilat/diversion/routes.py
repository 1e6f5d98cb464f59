# SPDX-License-Identifier: Apache-2.0
"""The rows of an answer: each a route, a product that may reach the target through a hub."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bilat.diversion.amount import LegFlows
from bilat.diversion.answer import (
    LegTotals,
    Route,
)
from bilat.diversion.explanations import compared
from bilat.diversion.judge import REASONS
from bilat.diversion.legs import Array
from bilat.diversion.months import flag, monthly, suppliers
from bilat.diversion.pairs import Screened
from bilat.diversion.queries import literals
from bilat.diversion.unit_values import TradedWeights, weigh
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import Basket, basket, successors
from bilat.goods.descriptions import description
from bilat.goods.short_names import short_name

#: Rows beside which stands what else could explain them: beyond them the list is a ranking.
EXPLAINED = 100


def routes(
    trade: Trade,
    found: Screened,
    given: Array,
    cases: int,
    labels: Basket,
    surging: frozenset[str],
) -> tuple[Route, ...]:
    """The ``given`` rows in their order: the first with what else could explain them, ``cases``
    of these with months."""
    explained = given[: max(EXPLAINED, cases)].tolist()
    legs = found.legs
    pairs = {n: found.pair(n) for n in explained}
    first, last = (literals([legs.totals.stamps[legs.span.post[n]]]) for n in (0, -1))
    products = flag(trade.engine, list(pairs.values()))
    weights = weigh(trade, products)
    sellers = suppliers(trade, {"products": products, "first": first, "last": last})
    series = monthly(trade, legs, [pairs[n] for n in explained[:cases]])
    rows = []
    for place, n in enumerate(given.tolist()):
        row = _row(found, n, place + 1, labels, surging)
        if n in pairs:
            weighed = weights.get(pairs[n], TradedWeights())
            row = replace(
                row,
                compared=compared(found, n, weighed, surging),
                months=series.get(pairs[n]),
                supplied_by=sellers.get(pairs[n], ()),
                unit_value_z=_number(weighed.z),
            )
        rows.append(row)
    return tuple(rows)


def _row(screened: Screened, n: int, rank: int, chosen: Basket, surging: frozenset[str]) -> Route:
    legs = screened.legs
    judged = screened.judged
    k = int(screened.product[n])
    hub, product = screened.pair(n)
    before, after = screened.direct
    label = label_of(chosen, product)
    surge = float(judged.surge[n])
    reason = int(judged.rests_on[n])
    low, diverted, high = map(_number, judged.quantiles[n])
    return Route(
        rank=rank,
        hub=hub,
        product=product,
        label=label,
        name=short_name(product, label),
        tier=chosen.tier(product) or basket("chpl").tier(product),
        probability=_p(judged.p[n]),
        probability_low=_p(judged.low[n]),
        probability_high=_p(judged.high[n]),
        rests_on=REASONS[reason] if reason else "",
        surge=None if np.isnan(surge) else _p(surge),
        q_value=_p(screened.q[n]),
        low=low,
        diverted=diverted,
        high=high,
        at_stake=float(round(screened.worth(np.array([n]), surging)[0])),
        into=_side(screened.first, n, legs.span.lacks(hub, "importer")),
        out=_sold(screened, n),
        direct=_leg(before[k], before[k] * np.exp(screened.gamma[k]), after[k])
        if legs.direct_held and before[k] + after[k] > 0
        else None,
    )


def _sold(screened: Screened, n: int) -> LegTotals | None:
    """Return what the hub sold the targets, None where its sales are not held; none at all where
    its books are held and show no sale."""
    legs = screened.legs
    hub, _ = screened.pair(n)
    if screened.two[n] and screened.second is not None:
        return _side(screened.second, n, legs.span.lacks(hub, "exporter"))
    return LegTotals(None, None, 0.0) if hub in legs.books else None


def label_of(chosen: Basket, product: str) -> str:
    """The basket's label of a code; of a spliced code, those of its successors in the basket;
    outside the basket the Harmonized System's own description; ``HS 123456`` where there is
    none."""
    known = [
        chosen.labels[p]
        for p in (product[:6], *successors().get(product[:6], ()))
        if p in chosen.labels
    ]
    return "; ".join(dict.fromkeys(known)) or description(product) or f"HS {product}"


def _side(side: LegFlows, n: int, lacks: float) -> LegTotals:
    """One leg in the periods that were reported: what the estimate scales up to the whole window
    is scaled back."""
    return _leg(*((1 - lacks) * x[n] for x in (side.before, side.expected, side.after)))


def _leg(before: Any, expected: Any, after: Any) -> LegTotals:
    return LegTotals(_number(before), _number(expected), _number(after))


def _number(value: Any) -> float | None:
    v = np.nan if value is None else float(value)
    return None if not np.isfinite(v) else round(v, 4) if abs(v) < 100 else round(v)


def _p(value: Any) -> float:
    return float(f"{float(value):.4g}")
