# SPDX-License-Identifier: Apache-2.0
"""Figures of a state whose unit changes from one period to the next: no trade, however large the leap.

Goods surge each by its own factor and in its own months; a unit changes for all goods of a state at once and alike.
Where weights are held they decide: value per kg leaps where the unit of money changed, and does not where trade did.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bilat.diversion.answer import Silence
from bilat.diversion.queries import literals, replace_trade, sql
from bilat.diversion.window import Array
from bilat.formats.trade.files import Trade

#: Goods of which a leap is read, the least leap, and how many usual steps it must be.
GOODS, LEAST, STEPS = 5, np.log(3), 5
#: Without weights: how near a power of ten a good's leap must lie to be one, how far below it nine in ten may stay, and
#: from where on a leap is a change of unit whatever its factor (its middle, and nine in ten of the goods).
NEAR, BELOW, LARGE, MOST = 0.35, 0.7, np.log(100), np.log(30)
EXPORTS, PURCHASES, SALES = (f"unit of {x}" for x in ("exports", "purchases", "sales"))
OWN, TARGETS = (f"SELECT code FROM parties WHERE {x} = 1" for x in ("own", "target"))
#: Kind -> (the state whose figures they are, what leaps by itself, which rows of the trade). Of an origin each buyer's
#: goods stand for themselves: one that buys much more is no change of its unit.
LEGS = {
    EXPORTS: ("exporter", "importer || product", f"exporter IN ({OWN}) AND importer NOT IN ({TARGETS})"),
    PURCHASES: ("importer", "product", f"exporter IN ({OWN})"),
    SALES: ("exporter", "product", f"importer IN ({TARGETS}) AND exporter NOT IN ({OWN})"),
}


def unit_steps(trade: Trade, span: Mapping[str, str], last: str, targets: Collection[str]) -> list[Silence]:
    """The first change of unit of each origin's exports, of each state's purchases from them and of its sales to the
    targets, with the ``factor`` that takes it back where it is known; of reconciled figures (BACI) none is looked for.
    ``span``: ``first`` and ``last`` as the file writes them.
    """
    out: list[Silence] = []
    if (reports := trade.reporters) is None:
        return out
    for kind, (who, item, rows) in LEGS.items():
        terms = {"who": who, "item": item, "rows": rows, "goods": GOODS, **span}
        found: dict[str, Silence] = {}
        for r in trade.engine.table(sql("steps").substitute(terms)).to_pylist():
            level, unit = (np.array(r[c], dtype=float) for c in ("level", "unit"))
            if r["who"] in found or not 0.6 < r["leap"] / (np.median(level) or 1.0) < 1.6:
                continue  # goods of which the two periods alone leap by less grow, and do not leap
            weighed = unit[np.isfinite(unit)]
            proved = 2 * len(weighed) >= len(level)
            factor = _by_weight(weighed, r["usual"]) if proved else _by_value(level, r["usual"])
            if factor is None or (not proved and kind == PURCHASES and r["who"] in targets and r["leap"] < 0):
                continue  # what the target buys falls alike where it is banned
            if np.isnan(factor):
                factor = None
            elif not proved:
                alike = {
                    p for p, x in zip(r["product"], level, strict=True) if abs(x - np.log(factor)) < NEAR
                }
                if _books_agree(trade, kind, r["who"], r["period"], factor, alike):
                    continue
            step = r["who"], r["since"], r["period"], last, r["before"], r["after"], factor
            found[r["who"]] = Silence(kind, *step)
        out += found.values()
        if kind == EXPORTS and any(s.factor for s in out):
            break  # what the origins' buyers have is looked at in one unit
    # Both books of who reports both are in one unit: a leap of the other in that period is as large.
    own = {(s.hub, s.first): s.factor for s in out if s.factor and {("M", s.hub), ("X", s.hub)} <= reports}
    return [replace(s, factor=s.factor or own.get((s.hub, s.first))) for s in out]


def _by_weight(unit: Array, usual: float) -> float | None:
    """The factor by which values per kg leap alike; None where they do not."""
    middle = float(np.median(unit))
    alike = np.abs(unit - middle) < abs(middle) / 2
    if abs(middle) < max(LEAST, STEPS * usual) or alike.mean() < 0.9:
        return None
    power = round(middle / np.log(10)) * np.log(10)
    return float(np.exp(power if abs(middle - power) < NEAR / 2 else middle))


def _by_value(level: Array, usual: float) -> float | None:
    """The factor by which values leap alike, NaN where it is none of the powers of ten; None where they do not."""
    middle = float(np.median(level))
    if abs(middle) < STEPS * usual:
        return None
    powers = np.array([n for n in range(-6, 7) if n]) * np.log(10)
    near = (np.abs(level[:, None] - powers) < NEAR).mean(axis=0)
    best = powers[int(np.argmax(near))]
    if near.max() >= 1 / 3 and (level * np.sign(best) > abs(best) - BELOW).mean() >= 0.9:
        return float(np.exp(best))
    return np.nan if abs(middle) > LARGE and (level * np.sign(middle) > MOST).mean() >= 0.9 else None


def _books_agree(
    trade: Trade, kind: str, who: str, first: str, factor: float, goods: Collection[str]
) -> bool:
    """Whether the other leg of a hub whose purchases (or sales) leap alike rose as much in the same goods, by other
    reports: two books that agree are trade."""
    if kind == EXPORTS or (trade.reporters is not None and ("M", who) in trade.reporters):
        return False
    leg, then = ("outflow" if kind == PURCHASES else "inflow"), f"period >= '{first}'"
    grown = trade.engine.table(
        f"SELECT AVG(CASE WHEN {then} THEN LN(value) END) - AVG(CASE WHEN NOT {then} THEN LN(value) END) AS grown "
        f"FROM {leg} WHERE hub = '{who}' AND value > 0 AND product IN ({literals(goods)}) GROUP BY product"
    ).column("grown").drop_null().to_numpy()  # fmt: skip
    return len(grown) > 0 and float(np.median(grown)) / np.log(factor) > 2 / 3


def in_one_unit(trade: Trade, steps: Sequence[Silence], name: str) -> None:
    """Make ``trade`` a view on which the figures after ``steps`` are divided by their factors. A state that reports its
    purchases or sales itself has all of them in its unit, else those of the leg alone."""
    divided = []
    for s in steps:
        who, _, rows = LEGS[s.kind]
        own = ("M" if s.kind == PURCHASES else "X", s.hub) in (trade.reporters or ())
        tests = [f"{who} = '{s.hub}'", f"period >= '{s.first}'", *([] if own else [rows])]
        divided.append(f"WHEN {' AND '.join(tests)} THEN {s.factor!r}")
    value = f"value / CASE {' '.join(divided)} ELSE 1.0 END AS value"
    replace_trade(
        trade.engine, name, f"SELECT exporter, importer, product, period, {value}, quantity FROM trade"
    )
