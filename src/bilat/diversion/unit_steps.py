# SPDX-License-Identifier: Apache-2.0
"""Figures of a state whose unit changes from one period to the next: no trade, however large the
leap.

Goods surge each by its own factor and in its own months; a unit changes for all goods of a state at
once and alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from bilat.diversion.answer import Silence
from bilat.diversion.queries import sql
from bilat.errors import DataError
from bilat.formats.trade.files import Trade

#: Goods of which a leap is read; how many times the usual good leaps, and nine in ten of the goods.
GOODS = 10
USUAL = 50.0
NINE_IN_TEN = 20.0
PURCHASES, SALES = (f"unit of {x}" for x in ("purchases", "sales"))
OWN, TARGETS = (f"SELECT code FROM parties WHERE {x} = 1" for x in ("own", "target"))
#: Kind -> (the state whose figures they are, what leaps by itself, which rows of the trade). Of an
#: origin each buyer's goods stand for themselves: one that buys much more is no change of its unit.
LEGS = {
    "exports": (
        "exporter",
        "importer || product",
        f"exporter IN ({OWN}) AND importer NOT IN ({TARGETS})",
    ),
    PURCHASES: ("importer", "product", f"exporter IN ({OWN})"),
    SALES: ("exporter", "product", f"importer IN ({TARGETS}) AND exporter NOT IN ({OWN})"),
}


def times(before: float, after: float) -> str:
    """``some 400 times`` or ``a 1,000th of``."""
    ratio = after / before
    return (
        f"some {float(f'{ratio:.1g}'):,.0f} times"
        if ratio > 1
        else f"a {float(f'{1 / ratio:.1g}'):,.0f}th of"
    )


def unit_steps(
    trade: Trade, span: Mapping[str, str], last: str, targets: Collection[str]
) -> list[Silence]:
    """The first change of unit of each hub's purchases from the origins and of its sales to the
    targets; of reconciled figures (BACI) none is looked for. ``span``: ``first`` and ``last`` as
    the file writes them.

    Raises
    ------
    DataError
        if the unit of an origin or a target changes: without them nothing can be compared.
    """
    out: list[Silence] = []
    for kind, (who, item, rows) in LEGS.items() if trade.reporters is not None else ():
        terms = {"who": who, "item": item, "rows": rows, "goods": GOODS, **span}
        for r in trade.engine.table(sql("steps").substitute(terms)).to_pylist():
            way = 1 if r["leap"] > 0 else -1
            least = min(way * r["low"], way * r["high"])
            # Goods of which the two periods alone leap by less grow, and do not leap.
            if (
                way * r["leap"] < 0.6 * way * r["level"]
                or way * r["level"] < np.log(USUAL)
                or least < np.log(NINE_IN_TEN)
            ):
                continue
            of_target = r["who"] in targets
            if of_target and way < 0:
                continue  # what the target buys falls alike where it is banned
            if of_target or kind == "exports":
                raise DataError(
                    f"from {r['period']} on the figures of {r['who']} are "
                    f"{times(r['before'], r['after'])} those of {r['since']}, nearly all goods "
                    "at once and alike, as where their unit changes: give all in one"
                )
            if not any((s.kind, s.hub) == (kind, r["who"]) for s in out):
                out.append(
                    Silence(kind, r["who"], r["since"], r["period"], last, r["before"], r["after"])
                )
    return out
