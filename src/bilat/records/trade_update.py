# SPDX-License-Identifier: Apache-2.0
"""``bilat update trade``: what publishers are asked about hubs and goods, and what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bilat.document import Column, Document, Table
from bilat.document.blocks import Progress
from bilat.errors import command
from bilat.holdings.trade_calls import TradeCall, carry_out, plan_trade, take_in_comext
from bilat.units.notation import count_text

if TYPE_CHECKING:
    from bilat.holdings import Store


def plan_trade_update(calls: Sequence[TradeCall]) -> Document:
    """Return what would be asked, by publisher, with the minutes that it takes."""
    found = Counter(c.publisher for c in calls)
    minutes = {p: sum(c.seconds for c in calls if c.publisher == p) / 60 for p in found}
    rows = tuple((p, n, minutes[p]) for p, n in found.items())
    columns = (Column("publisher"), Column("calls", ",.0f"), Column("minutes", ",.0f"))
    total = f"{count_text(len(calls), 'calls')}, some {sum(minutes.values()):,.0f} minutes"
    plain = [{"publisher": c.publisher, "url": c.url, "file": c.file} for c in calls]
    table = Table(columns, rows, listing=True)
    return Document("trade", total, ("Nothing was asked.",), (table,), data=plain)


def update_trade(
    calls: Sequence[TradeCall], store: Store, goods: str, tell: Progress | None
) -> Document:
    """Make the calls, take in what Eurostat sent, and return what came."""
    folder = store.root / "trade"
    watch = None if tell is None else lambda done, total: tell("calls", done, total)
    found = Counter(
        (call.publisher, status) for call, status in carry_out(calls, folder, progress=watch)
    )
    rows = tuple((who, status, n) for (who, status), n in sorted(found.items()))
    columns = (Column("publisher"), Column("answer"), Column("calls", ",.0f"))
    said = [f"Answers: {folder}."]
    taken = take_in_comext(calls, folder, store)
    if taken is not None:
        said.append(f"Eurostat: {taken.status}, {count_text(taken.rows, 'rows')} of comext_goods.")
        said += taken.changes
    files = [f"{folder}/{c}-*" for c in ("comext", "preview")]
    said.append("Next: " + command("divert", *files, basket=goods))
    return Document(
        "trade",
        count_text(len(calls), "calls"),
        tuple(said),
        (Table(columns, rows, listing=True),),
        data=[{"publisher": who, "answer": status, "calls": n} for who, status, n in rows],
    )


__all__ = ["plan_trade", "plan_trade_update", "update_trade"]
