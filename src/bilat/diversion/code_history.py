# SPDX-License-Identifier: Apache-2.0
"""What became of a code elsewhere: the other destinations of a flagged product, neither its hub nor the target.

A code that was born, or that took in the goods of another, rises everywhere alike and at a turn of year; a
route does not show at other destinations. Both are told apart by looking there, not at the hub itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.diversion.legs import WORLD, Array, Legs, literals, sql
from bilat.diversion.parameters import parameter
from bilat.formats.trade.files import Trade
from bilat.goods.baskets import splices, successors
from bilat.statistics import break_date


@dataclass(frozen=True)
class Elsewhere:
    """A product at the destinations other than one hub and the target.

    ``destinations`` traded it at all; ``change`` is the median log growth of their purchases (of the weight,
    where ``weighed``), before to after; ``born`` of them bought it first after the break, ``ended`` only
    before; ``step`` is the period in which their sum changed level.
    """

    destinations: int
    change: float
    born: int
    ended: int
    step: str | None
    weighed: bool = False


@dataclass(frozen=True)
class CodeHistory:
    """Yearly or monthly purchases of each destination, by product: ``held[product][importer]`` over ``periods``."""

    periods: tuple[str, ...] = ()
    before: Array = field(default_factory=lambda: np.zeros(0, dtype=bool))
    held: dict[str, dict[str, Array]] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()  #: every code of the file
    joined: dict[str, str] = field(
        default_factory=dict
    )  #: later code -> earlier code, as joined in this file
    #: (hub, product) -> importer -> what the hub itself sold there: no witness of its own trade.
    own: dict[tuple[str, str], dict[str, Array]] = field(default_factory=dict)

    def elsewhere(
        self, hub: str, product: str, weights: dict[str, tuple[float, float]] | None = None
    ) -> Elsewhere | None:
        """The product at all destinations but ``hub``, what ``hub`` sold them left out; None where the file holds
        none: of one reporter's file it never does.

        ``weights``: importer -> (kg before, kg after) where known; with at least half of the destinations
        weighed, the weights are compared, so that a price that rose everywhere is not a change of code.
        """
        own = self.own.get((hub, product), {})
        bought = {c: v - own.get(c, 0.0) for c, v in self.held.get(product, {}).items() if c != hub}
        # Sums of two scans: what is left of a rounding is not trade.
        bought = {c: np.where(v > 1e-6 * self.held[product][c], v, 0.0) for c, v in bought.items()}
        found = {c: v for c, v in bought.items() if v.sum() > 0}
        if not found:
            return None
        c = parameter("offset") / (12 if len(self.periods[0]) == 7 else 1)
        levels = {
            who: (float(v[self.before].mean()), float(v[~self.before].mean())) for who, v in found.items()
        }
        # Consignments below the offset say nothing of a code.
        counted = {who: at for who, at in levels.items() if max(at) > c} or levels
        logs = {who: float(np.log((after + c) / (before + c))) for who, (before, after) in counted.items()}
        weighed = {who: w for who, w in (weights or {}).items() if who in logs and min(w) > 0}
        use = len(weighed) * 2 >= len(logs)
        if use:
            logs |= {who: float(np.log(after / before)) for who, (before, after) in weighed.items()}
        total = np.sum(list(found.values()), axis=0)
        return Elsewhere(
            destinations=len(counted),
            change=float(np.median(list(logs.values()))),
            born=sum(a <= 0 < b for a, b in counted.values()),
            ended=sum(b <= 0 < a for a, b in counted.values()),
            step=break_date(self.periods, total.tolist(), c),
            weighed=use,
        )

    def splice(self, product: str) -> str:
        """What the revision of 2022 did with the code, and whether both sides are joined in this file."""
        code = product[:6]
        became = successors().get(code, ())
        if became:
            there = [later for later in became if self.joined.get(later) == code]
            other = [x for x in became if x not in there]
            if there:
                rest = f"; {', '.join(other)} not in this file" if other else ""
                return (
                    f"{code} became {', '.join(became)} in HS2022; both sides are joined under {code}{rest}"
                )
            return f"{code} became {', '.join(became)} in HS2022, not in this file: not joined"
        came = splices().get(code)
        if came:
            return f"{code} came out of {came} in HS2022, which is not in this file: not joined"
        return ""


def code_history(trade: Trade, legs: Legs, joined: dict[str, str]) -> CodeHistory:
    """Read the history of the products in ``flagged``, which must be registered (see ``series.flag``)."""
    native = {trade.country(x): x for x in _column(trade, "importer", "totals")}
    barred = [native[x] for x in (*legs.question.targets, WORLD) if x in native]
    rows = trade.engine.table(sql("code_history").substitute(barred=literals(barred)))
    periods = (*legs.span.pre, *legs.span.post)
    at = {p: n for n, p in enumerate(periods)}
    held: dict[str, dict[str, Array]] = {}
    for product, importer, period, value in _columns(rows, "product", "importer", "period", "value"):
        n = at.get(trade.period(period))
        if n is not None:
            by = held.setdefault(trade.product(product), {})
            by.setdefault(trade.country(importer), np.zeros(len(periods)))[n] += float(value)
    listed = frozenset(trade.product(p) for p in _column(trade, "product", "inflow"))
    before = np.array([p in set(legs.span.pre) for p in periods])
    return CodeHistory(periods, before, held, listed, dict(joined), _own_sales(trade, legs, barred, at))


def _own_sales(
    trade: Trade, legs: Legs, barred: list[object], at: dict[str, int]
) -> dict[tuple[str, str], dict[str, Array]]:
    """(hub, product) -> importer -> what the hub sold there in each period; ``at``: place of a period."""
    flagged = {trade.product(p) for p in _column(trade, "product", "flagged")}
    codes = [p for p in _column(trade, "product", "inflow") if trade.product(p) in flagged]
    codes += [
        s["later"]
        for s in trade.engine.table("SELECT later, earlier FROM splices").to_pylist()
        if trade.product(s["earlier"]) in flagged
    ]
    stamp = {trade.period(p): p for p in _column(trade, "period", "totals")}
    window = [stamp[p] for p in at if p in stamp]
    rows = trade.engine.table(
        sql("own_customers").substitute(
            products=literals(sorted(set(codes), key=str)),
            barred=literals(barred),
            first=literals([min(window)]),  # type: ignore[type-var]
            last=literals([max(window)]),  # type: ignore[type-var]
        )
    )
    own: dict[tuple[str, str], dict[str, Array]] = {}
    for hub, product, importer, period, value in _columns(
        rows, "hub", "product", "importer", "period", "value"
    ):
        n = at.get(trade.period(period))
        if n is not None:
            by = own.setdefault((trade.country(hub), trade.product(product)), {})
            by.setdefault(trade.country(importer), np.zeros(len(at)))[n] += float(value)
    return own


def _columns(rows: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows.column(c).to_pylist() for c in names), strict=True)


def _column(trade: Trade, column: str, table: str) -> list[object]:
    return trade.engine.table(f"SELECT DISTINCT {column} FROM {table}").column(column).to_pylist()
