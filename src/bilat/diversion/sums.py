# SPDX-License-Identifier: Apache-2.0
"""Sums of p D over the pairs of one answer: by hub, by hub and heading, and of the goods that stand in front."""

from __future__ import annotations

from typing import Any

import numpy as np

from bilat.diversion.legs import Array
from bilat.diversion.pairs import Screened
from bilat.goods.baskets import Basket, basket
from bilat.goods.short_names import heading_name

#: The list that an office asks for first: its goods stand in front where no other basket was asked.
FRONT = "chpl"
#: Headings of the table of amounts.
HEADINGS = 15


def by_hub(found: Screened, flag_q: float, rows: Array | None = None) -> dict[str, dict[str, Any]]:
    """Hub -> its sum of p D, largest first; hubs whose sum is nothing to speak of are left out."""
    chosen = np.arange(len(found.hub)) if rows is None else rows
    if not len(chosen):
        return {}
    order = chosen[np.argsort(found.hub[chosen], kind="stable")]
    codes, starts = np.unique(found.hub[order], return_index=True)
    totals = {
        found.legs.hubs[code]: found.total(part, flag_q)
        for code, part in zip(codes.tolist(), np.split(order, starts[1:]), strict=True)
    }
    named = sorted(totals.items(), key=lambda kv: (-kv[1].diverted, kv[0]))
    return {hub: t.plain() for hub, t in named if t.diverted >= 1}


def by_heading(found: Screened, rows: Array) -> list[dict[str, Any]]:
    """The headings (four digits) with the largest sums of p D, each with its hubs: ``heading, name, codes, total,
    hubs`` (hub -> sum), largest first; sums below one unit are left out."""
    legs, worth = found.legs, found.worth(rows)
    made: dict[str, dict[str, float]] = {}
    codes: dict[str, set[str]] = {}
    for row, value in zip(rows.tolist(), worth.tolist(), strict=True):
        product = legs.products[int(found.product[row])]
        if np.isfinite(value) and value > 0:
            at = made.setdefault(product[:4], {})
            hub = legs.hubs[int(found.hub[row])]
            at[hub] = at.get(hub, 0.0) + value
            codes.setdefault(product[:4], set()).add(product)
    totals = {h: sum(at.values()) for h, at in made.items()}
    first = sorted((h for h in totals if totals[h] >= 1), key=lambda h: (-totals[h], h))[:HEADINGS]
    return [
        {
            "heading": h,
            "name": heading_name(h),
            "codes": len(codes[h]),
            "total": round(totals[h]),
            "hubs": {
                hub: round(v)
                for hub, v in sorted(made[h].items(), key=lambda kv: (-kv[1], kv[0]))
                if v >= 0.5
            },
        }
        for h in first
    ]


def in_front(found: Screened) -> tuple[Basket, Array]:
    """(the common high priority list, its rows in rank order)."""
    chosen = basket(FRONT)
    held = np.array([chosen.holds(p) for p in found.legs.products], dtype=bool)
    return chosen, np.flatnonzero(held[found.product]) if len(found.product) else np.zeros(0, np.int64)


def front(found: Screened, flag_q: float) -> dict[str, Any] | None:
    """What the goods in front come to; None where the answer has none of them, or nothing else."""
    chosen, rows = in_front(found)
    if not len(rows) or len(rows) == len(found.hub):
        return None
    every = found.total(rows, flag_q)
    return {
        "name": chosen.name,
        "title": chosen.title,
        "edition": chosen.edition,
        "pairs": len(rows),
        "flags": every.flags,
        "routes_expected": round(every.routes, 1),
        "worth": round(every.diverted),
        "worth_low": round(every.low),
        "worth_high": round(every.high),
        "hubs": by_hub(found, flag_q, rows),
        "headings": by_heading(found, rows),
    }
