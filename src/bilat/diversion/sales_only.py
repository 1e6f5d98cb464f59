# SPDX-License-Identifier: Apache-2.0
"""Questions of which only the hubs' own books are held: origins that are anybody, and sales alone."""

from __future__ import annotations

from dataclasses import replace

from bilat.diversion.answer import OUTWARD, Diversion, LegTotals
from bilat.diversion.legs import WORLD, DiversionScope
from bilat.diversion.queries import literals, replace_trade
from bilat.diversion.reports import Totals, read_totals
from bilat.errors import UsageError
from bilat.formats.trade.files import Trade
from bilat.places.coalitions import coalitions

#: The origins that are whoever sells to the hubs.
ANYBODY = "ANY"


def anybody(trade: Trade, ask: DiversionScope) -> frozenset[str]:
    """Whoever sells and does not report: the origin of goods of which only the hubs' books are
    held."""
    if trade.reporters is None:
        raise UsageError(f"`origin` {ANYBODY} takes hubs' own reports; of BACI name the origins")
    return frozenset(_sellers(trade) - {who for _, who in trade.reporters} - {*ask.targets, WORLD})


def sales_alone(trade: Trade, ask: DiversionScope) -> tuple[Trade, DiversionScope, Totals | None]:
    """The trade and the question as they are; where no origin sells in the file, but hubs report
    sales to the targets, those sales turned about, with the sums of all that the file has: each
    hub against its own past, as if the target were the origin and the hub the buyer."""
    reports = trade.reporters
    if ask.origins and not coalitions()["EU27"] <= ask.origins:
        return trade, ask, None  # who names origins is told that the file has none of theirs
    sellers = _sellers(trade)
    if (
        reports is None
        or sellers & (ask.origins | {"EU27"})
        or not any(("X", s) in reports for s in sellers)
    ):
        return trade, ask, None
    whole = read_totals(trade)
    if not set(ask.targets) & set(whole.importer.tolist()):
        return trade, ask, None
    replace_trade(
        trade.engine,
        "sales",
        "SELECT importer AS exporter, exporter AS importer, product, period, value, quantity "
        f"FROM trade WHERE importer IN ({literals(ask.targets)})",
    )
    turned = frozenset(("M", who) for flow, who in reports if flow == "X")
    return (
        replace(trade, reporters=turned),
        replace(ask, origins=frozenset(ask.targets), targets=()),
        whole,
    )


def as_sales(found: Diversion, ask: DiversionScope) -> Diversion:
    """The answer on sales that were turned about, as sales: leg two, of goods whose origin is
    not held."""
    nothing = LegTotals(None, None, None)
    rows = tuple(
        replace(
            r,
            into=nothing,
            out=r.into,
            at_stake=max(0.0, (r.into.actual or 0.0) - (r.into.expected or 0.0)),
            months=r.months and replace(r.months, inward=(), outward=r.months.inward),
        )
        for r in found.rows
    )
    rows = tuple(
        replace(r, rank=n + 1) for n, r in enumerate(sorted(rows, key=lambda r: -r.at_stake))
    )
    held = tuple(replace(h, leg=OUTWARD, by="the seller") for h in found.held)
    return replace(
        found,
        sales=True,
        origins=(),
        targets=ask.targets,
        rows=rows,
        held=held,
    )


def _sellers(trade: Trade) -> set[str]:
    rows = trade.engine.table("SELECT DISTINCT exporter FROM trade").column("exporter").to_pylist()
    return set(map(trade.country, rows))
