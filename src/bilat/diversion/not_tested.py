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
    past = _sold_before(legs)
    has_past = bool(past[goods].any())
    began = None
    direct = _direct(legs, goods)
    if not has_past:
        began, direct = _beginning(trade, legs, goods)
    return NotTested(
        codes=_by_purchases(legs, goods),
        began=began,
        direct=direct if legs.direct_held else None,
        bought=_bought(legs, goods),
        has_past=has_past,
    )


def _sold_before(legs: Legs) -> Array:
    """Return by product what the origins sold in the same months before the break."""
    size = len(legs.products)
    found = np.zeros(size)
    for leg in (legs.inward, legs.direct):
        product = leg["product"]
        before = leg["before"]
        found += np.bincount(product, before, size)
    return found


def _direct(legs: Legs, goods: Array) -> BeforeAndSince:
    """Return what the origins sold the targets of some goods."""
    leg = legs.direct
    rows = goods[leg["product"]]
    before = leg["before"][rows]
    since = leg["after"][rows]
    return BeforeAndSince(
        before=float(before.sum()),
        since=float(since.sum()),
    )


def _rows(legs: Legs, goods: Array) -> Array:
    """Return which purchases are of some goods and of the hubs that the question is about."""
    asked = legs.question.hubs
    leg = legs.inward
    is_meant = goods[leg["product"]]
    if asked is None:
        return np.asarray(is_meant)
    names = np.array(legs.hubs)
    is_counted = np.isin(names, sorted(asked))
    return np.asarray(is_meant & is_counted[leg["hub"]])


def _bought(legs: Legs, goods: Array) -> tuple[tuple[str, BeforeAndSince], ...]:
    """Return what each hub bought of some goods, the largest buyer since the break first."""
    leg = legs.inward
    rows = _rows(legs, goods)
    hub = leg["hub"][rows]
    size = len(legs.hubs)
    before = np.bincount(hub, leg["before"][rows], size)
    since = np.bincount(hub, leg["after"][rows], size)
    order = np.argsort(-since, kind="stable")
    found = []
    for n in order.tolist():
        if since[n] <= 0:
            break
        bought = BeforeAndSince(
            before=float(before[n]),
            since=float(since[n]),
        )
        found.append((legs.hubs[n], bought))
    return tuple(found)


def _by_purchases(legs: Legs, goods: Array) -> tuple[str, ...]:
    """Return the codes of some goods, those with the largest purchases since the break first."""
    leg = legs.inward
    rows = _rows(legs, goods)
    product = leg["product"][rows]
    value = np.bincount(product, leg["after"][rows], len(goods))
    order = np.argsort(-value, kind="stable")
    meant = order[goods[order]]
    return tuple(legs.products[n] for n in meant.tolist())


def _beginning(trade: Trade, legs: Legs, goods: Array) -> tuple[str | None, BeforeAndSince]:
    """Return the first period before the break with trade under some codes, and what the origins
    sold the targets before the break and since."""
    span = legs.span
    meant = np.flatnonzero(goods)
    codes = [legs.products[n] for n in meant.tolist()]
    terms = {
        "products": literals(codes),
        "targets": literals(legs.question.targets),
        "before": literals(span.pre),
        "since": literals(span.post),
    }
    query = sql("beginning").substitute(terms)
    rows = trade.engine.table(query)
    (row,) = rows.to_pylist()
    direct = BeforeAndSince(
        before=float(row["before"]),
        since=float(row["since"]),
    )
    return row["first"], direct
