# SPDX-License-Identifier: Apache-2.0
"""``bilat update trade``: what publishers are asked about hubs and goods, and what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bilat.document import Column, Document, Table
from bilat.document.blocks import Progress
from bilat.errors import DataError, command
from bilat.holdings.trade_calls import (
    SERVICES,
    TradeCall,
    carry_out,
    plan_trade,
    take_in_trade,
)
from bilat.units.notation import count_text

if TYPE_CHECKING:
    from bilat.holdings import Store


def plan_trade_update(calls: Sequence[TradeCall]) -> Document:
    """Return what would be asked, by publisher, with the minutes that it takes."""
    found = Counter(c.publisher for c in calls)
    minutes = {p: sum(c.seconds for c in calls if c.publisher == p) / 60 for p in found}
    rows = tuple((p, SERVICES[p].about, n, minutes[p]) for p, n in found.items())
    columns = (
        Column("publisher"),
        Column("what it covers"),
        Column("calls", ",.0f"),
        Column("minutes", ",.0f"),
    )
    total = f"{count_text(len(calls), 'calls')}, some {sum(minutes.values()):,.0f} minutes"
    plain = [{"publisher": c.publisher, "url": c.url, "file": c.file} for c in calls]
    table = Table(columns, rows, listing=True)
    return Document("trade", total, ("No request was made.",), (table,), data=plain)


def update_trade(
    calls: Sequence[TradeCall], store: Store, goods: str, tell: Progress | None
) -> Document:
    """Make the calls, take in what each publisher sent, and return what came.

    A publisher that refuses does not stop the others; the exit code is 1 then.
    """
    folder = store.root / "trade"
    watch = None if tell is None else lambda done, total: tell("calls", done, total)
    found: Counter[tuple[str, str]] = Counter()
    refused: dict[str, str] = {}
    for call, came in carry_out(calls, folder, progress=watch):
        found[call.publisher, came.state] += 1
        if came.why:
            refused[call.publisher] = came.why
    rows = tuple((who, status, n) for (who, status), n in sorted(found.items()))
    columns = (Column("publisher"), Column("answer"), Column("calls", ",.0f"))
    asked = list(dict.fromkeys(call.publisher for call in calls))
    said = [f"Answers: {folder}."]
    files: list[Path] = []
    for who in asked:
        said += _taken(who, folder, store, refused, files)
    for who, why in refused.items():
        there = sum(n for (name, word), n in found.items() if name == who and word != "refused")
        of = sum(c.publisher == who for c in calls)
        said.append(
            f"{SERVICES[who].who}: {why}. {there} of {of} answers are stored, and the same "
            "command goes on from there."
        )
    if files:
        said.append("Next: " + command("divert", *map(str, files), basket=goods))
    return Document(
        "trade",
        count_text(len(calls), "calls"),
        tuple(said),
        (Table(columns, rows, listing=True),),
        data=[{"publisher": who, "answer": status, "calls": n} for who, status, n in rows],
        exit=int(bool(refused)),
    )


def _taken(
    who: str, folder: Path, store: Store, refused: dict[str, str], files: list[Path]
) -> list[str]:
    """Take in what a publisher answered; return what to say of it."""
    service = SERVICES[who]
    try:
        taken = take_in_trade(who, folder, store)
    except DataError as e:
        refused.setdefault(who, str(e))
        return []
    if taken is None:
        return []
    if service.by_good and service.currency != "GBP":
        files.append(folder / f"{service.source}.csv")
    rows = count_text(taken.rows, "rows")
    return [f"{service.who}: {taken.status}, {rows} of {service.source}.", *taken.changes]


__all__ = ["plan_trade", "plan_trade_update", "update_trade"]
