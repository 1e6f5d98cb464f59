# SPDX-License-Identifier: Apache-2.0
"""Goods of a question that cannot be tested: codes without a past, and goods whose direct sales did
not fall as far as those of banned goods."""

from __future__ import annotations

import numpy as np

from bilat.diversion.answer import BeforeAndSince, NotTested
from bilat.diversion.legs import Array, Legs
from bilat.diversion.queries import literals, sql
from bilat.formats.trade.files import Trade


def not_tested(trade: Trade, legs: Legs, goods: Array) -> NotTested | None:
    """Return what hubs bought and the origins sold the targets of some goods; None of none.

    Parameters
    ----------
    goods
        by product of ``legs``: whether it is meant.
    """
    if not goods.any():
        return None
    asked = legs.question.hubs
    is_counted = np.array([asked is None or hub in asked for hub in legs.hubs], dtype=bool)
    inward = legs.inward
    kept = goods[inward["product"]] & is_counted[inward["hub"]]
    hub = inward["hub"][kept]
    before = np.bincount(hub, inward["before"][kept], len(legs.hubs))
    since = np.bincount(hub, inward["after"][kept], len(legs.hubs))
    largest = np.argsort(-since, kind="stable").tolist()
    direct = BeforeAndSince(*(_sum(legs.direct, goods, side) for side in ("before", "after")))
    began = None
    has_past = bool((_sold_before(legs) > 0)[goods].any())
    if not has_past:
        began, direct = _beginning(trade, legs, goods)
    value = np.bincount(inward["product"][kept], inward["after"][kept], len(goods))
    by_value = np.argsort(-value, kind="stable").tolist()
    return NotTested(
        codes=tuple(legs.products[n] for n in by_value if goods[n]),
        began=began,
        direct=direct if legs.direct_held else None,
        bought=tuple(
            (legs.hubs[n], BeforeAndSince(float(before[n]), float(since[n])))
            for n in largest
            if since[n] > 0
        ),
        has_past=has_past,
    )


def _sold_before(legs: Legs) -> Array:
    """Return by product what the origins sold in the same months before the break."""
    found = np.zeros(len(legs.products))
    for leg in (legs.inward, legs.direct):
        found += np.bincount(leg["product"], leg["before"], len(found))
    return found


def _sum(leg: dict[str, Array], goods: Array, side: str) -> float:
    return float(leg[side][goods[leg["product"]]].sum())


def _beginning(trade: Trade, legs: Legs, goods: Array) -> tuple[str | None, BeforeAndSince]:
    """Return the first period before the break with trade under some codes, and what the origins
    sold the targets before the break and since."""
    terms = {
        "products": literals([legs.products[n] for n in np.flatnonzero(goods)]),
        "targets": literals(legs.question.targets),
        "before": literals(legs.span.pre),
        "since": literals(legs.span.post),
    }
    (row,) = trade.engine.table(sql("beginning").substitute(terms)).to_pylist()
    return row["first"], BeforeAndSince(float(row["before"]), float(row["since"]))
