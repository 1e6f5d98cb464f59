# SPDX-License-Identifier: Apache-2.0
"""Figures whose unit changes from one period to the next: no trade, however large the leap.

Goods surge each by its own factor and in its own months; a unit changes for all goods of a state, or of a heading, at
once and alike. Where weights are held they decide: value per kg leaps where a unit changed, and does not where trade
did.
"""

from __future__ import annotations

from collections.abc import Sequence
from warnings import catch_warnings

import numpy as np

from bilat.diversion.answer import Silence
from bilat.diversion.queries import literals, replace_trade, sql
from bilat.diversion.reported import Totals
from bilat.diversion.window import Array
from bilat.formats.trade.files import Trade

#: Goods without and with weights of which a leap is read, the periods on either side of it (of each good two at least
#: hold a figure), the least leap, and how many usual steps of a good it must be.
GOODS, WEIGHED, AROUND, LEAST, STEPS = 5, 2, 3, np.log(3), 5
#: Without weights, of all goods of a state alone: how near a power of ten a good's leap must lie to be one, how far
#: below it nine in ten may stay, and from where on a leap is a change of unit whatever its factor (its middle, and nine
#: in ten of the goods).
NEAR, BELOW, LARGE, MOST = 0.35, 0.7, np.log(100), np.log(30)
EXPORTS, PURCHASES, SALES, WEIGHTS = (f"unit of {x}" for x in ("exports", "purchases", "sales", "weights"))
OWN, TARGETS = (f"SELECT code FROM parties WHERE {x} = 1" for x in ("own", "target"))
#: Kind -> (the state whose figures they are, and which rows of the trade).
LEGS = {
    EXPORTS: ("exporter", f"exporter IN ({OWN}) AND importer NOT IN ({TARGETS})"),
    PURCHASES: ("importer", f"exporter IN ({OWN})"),
    SALES: ("exporter", f"importer IN ({TARGETS}) AND exporter NOT IN ({OWN})"),
}


def unit_steps(trade: Trade, span: dict[str, str], monthly: bool, targets: tuple[str, ...]) -> list[Silence]:
    """The changes of unit of origins' exports, of states' purchases from them and of sales to the targets, with the
    ``factor`` that takes them back where it is known. ``span``: ``first`` and ``last`` of the file's own periods.

    Of reconciled figures (BACI) exports are not looked at, nor headings of yearly figures.
    """
    out: list[Silence] = []
    for kind, (who, rows) in LEGS.items():
        if trade.reporters is None and kind == EXPORTS:
            continue
        # Of an origin each buyer's goods stand for themselves: one that buys much more is no change of its unit.
        item = "importer || product" if kind == EXPORTS else "product"
        leg = (
            f"SELECT {who} AS who, product, {item} AS item, period, SUM(value) AS value, SUM(quantity) AS quantity "
            f"FROM trade WHERE {rows} AND period BETWEEN {span['first']} AND {span['last']} GROUP BY ALL"
        )
        if trade.reporters is None:
            kept = "inflow" if kind == PURCHASES else "outflow"
            leg = f"SELECT hub AS who, product, product AS item, period, value, NULL / 1.0 AS quantity FROM {kept}"
        for part, least in (("''", GOODS), ("SUBSTR(product, 1, 4)", 10**9))[: 1 + monthly]:
            terms = {"heading": part, "goods": least, "weighed": WEIGHED, "look": LEAST}
            found = _leaps(trade, kind, sql("steps").substitute(leg=leg, **terms), targets)
            out += [s for s in found if not any((s.hub, s.first) == (o.hub, o.first) for o in out)]
        if kind == EXPORTS and any(s.factor for s in out):
            return out  # what the origins' buyers have is looked at in one unit
    return out


def _leaps(trade: Trade, kind: str, looked: str, targets: tuple[str, ...]) -> list[Silence]:
    """The first change of unit of each state, or of each of its headings, among those that leap at all."""
    held: dict[tuple[str, str], list[tuple[str, str, float, float]]] = {}
    product: dict[str, str] = {}
    for who, part, code, *row in zip(*trade.engine.table(looked).to_pydict().values(), strict=True):
        held.setdefault((who, part), []).append((row[0], row[1], row[2], row[3] or np.nan))
        product[row[0]] = code
    out = []
    for (who, part), rows in sorted(held.items()):
        goods, names = sorted({r[0] for r in rows}), sorted({r[1] for r in rows})
        values, units = (np.full((len(goods), len(names)), np.nan) for _ in range(2))
        place = {g: n for n, g in enumerate(goods)}, {t: n for n, t in enumerate(names)}
        for good, period, value, weight in rows:
            at = place[0][good], place[1][period]
            values[at], units[at] = np.log(value), np.log(value / weight)
        around = AROUND if len(names[0]) == 7 else 1
        leaps = (np.nanmedian(np.abs(np.diff(x, axis=1)), axis=0) for x in (values, units))
        with catch_warnings(action="ignore", category=RuntimeWarning):  # of periods without a figure
            high = np.nan_to_num(np.vstack(list(leaps))).max(axis=0) > LEAST / 2
        for t in (np.flatnonzero(high) + 1).tolist():
            if (found := _step(values, units, t, around)) is None:
                continue
            weights, factor, alike, proved = found
            products = {product[goods[n]] for n in np.flatnonzero(alike)}
            if who in targets and not proved and (factor or 0.0) < 1:
                continue  # what the target bought falls alike where it is banned
            before, after = (float(np.nansum(np.exp(values[alike, n]))) for n in (t - 1, t))
            named = kind.replace("unit", WEIGHTS) if weights else kind
            if factor and not proved and _books_agree(trade, kind, who, names[t], factor, products):
                continue
            if factor or not part:
                since = names[t - 1], names[t], names[-1]
                out.append(Silence(named, who, *since, before, after, factor, part))
            break
    return out


def _step(values: Array, units: Array, t: int, around: int) -> tuple[bool, float | None, Array, bool] | None:
    """(whether the weights changed, the factor if it is known, the goods that leapt alike, whether weights prove it) of
    a change of unit between two periods of ``values`` and ``units`` (goods, periods; logs); None where there is
    none."""
    size, unit = _leap(values, t, around), _leap(units, t, around)
    there, weighed = np.isfinite(size), np.isfinite(unit)
    steps, of_units = (np.abs(np.diff(x, axis=1)) for x in (values, units))
    if weighed.sum() >= WEIGHED and 2 * weighed.sum() >= there.sum():
        middle = float(np.median(unit[weighed]))
        alike = weighed & (np.abs(unit - middle) < np.abs(middle) / 2)
        if (
            abs(middle) < max(LEAST, STEPS * float(np.nanmedian(of_units)))
            or alike.sum() < 0.9 * weighed.sum()
        ):
            return None
        weights = abs(float(np.median(size[alike]))) < abs(middle) / 2
        power = round(middle / np.log(10)) * np.log(10)
        return weights, float(np.exp(power if abs(middle - power) < NEAR / 2 else middle)), alike, True
    if there.sum() < GOODS or abs(float(np.median(size[there]))) < STEPS * float(np.nanmedian(steps)):
        return None
    powers = np.array([n for n in range(-6, 7) if n]) * np.log(10)
    near = np.abs(size[there][:, None] - powers) < NEAR
    best = int(np.argmax(near.sum(axis=0)))
    up = float(np.sign(powers[best]))
    if near[:, best].mean() >= 1 / 3 and (size[there] * up > abs(powers[best]) - BELOW).mean() >= 0.9:
        return False, float(np.exp(powers[best])), there & (np.abs(size - powers[best]) < NEAR), False
    middle = float(np.median(size[there]))
    large = abs(middle) > LARGE and (size[there] * np.sign(middle) > MOST).mean() >= 0.9
    return (False, None, there, False) if large else None


def _leap(logs: Array, t: int, around: int) -> Array:
    """How far each good's level about ``t`` leaps, NaN where it does not all at once: goods of which the two periods
    alone leap by less than half as much grow, and do not leap."""
    sides = logs[:, max(0, t - around) : t], logs[:, t : t + around]
    with catch_warnings(action="ignore", category=RuntimeWarning):  # of goods without a figure
        level, here = np.nanmean(sides[1], axis=1) - np.nanmean(sides[0], axis=1), logs[:, t] - logs[:, t - 1]
    held = np.minimum(*((~np.isnan(side)).sum(axis=1) for side in sides)) >= min(2, around)
    both = np.isfinite(level) & np.isfinite(here) & held
    sudden = both.any() and 0.6 < np.median(here[both]) / (np.median(level[both]) or 1.0) < 1.6
    return np.where(both & sudden, level, np.nan)


def _books_agree(trade: Trade, kind: str, who: str, first: str, factor: float, goods: set[str]) -> bool:
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


def in_one_unit(trade: Trade, totals: Totals, steps: Sequence[Silence], name: str) -> None:
    """Make ``trade`` a view on which the figures after ``steps`` are divided by their factors. A state that reports its
    purchases or sales itself has all of them in its unit, else those of the leg alone."""
    divided: dict[str, list[str]] = {"value": [], "quantity": []}
    for s in steps:
        kind = s.kind.replace(WEIGHTS, "unit")
        who, rows = LEGS[kind]
        own = trade.reporters is not None and ("M" if kind == PURCHASES else "X", s.hub) in trade.reporters
        tests = [
            f"{who} = {literals([totals.codes[s.hub]])}",
            f"period >= {literals([totals.stamps[s.first]])}",
        ]
        tests += [] if own else [rows]
        tests += [f"product LIKE '{s.heading}%'"] if s.heading else []
        what, by = ("value", s.factor) if kind == s.kind else ("quantity", 1 / (s.factor or 1.0))
        divided[what].append(f"WHEN {' AND '.join(tests)} THEN {by!r}")
    terms = {c: f"{c} / CASE {' '.join(w)} ELSE 1.0 END AS {c}" if w else c for c, w in divided.items()}
    replace_trade(
        trade.engine,
        name,
        f"SELECT exporter, importer, product, period, {terms['value']}, {terms['quantity']} FROM trade",
    )
