# SPDX-License-Identifier: Apache-2.0
"""What every state sent to every other as the reports have it, and sellers that fall silent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bilat.diversion.answer import Silence
from bilat.diversion.queries import sql
from bilat.diversion.window import Array, Span
from bilat.errors import DataError
from bilat.formats.trade.files import Trade

#: Rows a month to other markets from which on no row at all to the target is a partner left out.
MANY = 10
#: Money of two states in one period, in any currency, from which on a figure is taken for damage.
MOST = 1e18
#: The kind of who has not published the last months yet.
LATE = "reports late"


@dataclass(frozen=True)
class Totals:
    """What every state sent to every other in every period: aligned arrays of names, periods,
    money, rows; ``codes`` and ``stamps``: the file's own code of each state and period."""

    exporter: Array
    importer: Array
    period: Array
    value: Array
    entries: Array
    codes: dict[str, str | int]
    stamps: dict[str, str | int]


def read_totals(trade: Trade) -> Totals:
    """The sums of the file.

    Raises
    ------
    DataError
        if the file is empty, or a value is missing, negative or no number.
    """
    rows = trade.engine.table(sql("totals").template).to_pydict()
    if not rows["period"]:
        raise DataError("the file holds no rows of trade: nothing to compare")
    names = {c: trade.country(c) for c in {*rows["exporter"], *rows["importer"]}}
    dates = {p: trade.period(p) for p in set(rows["period"])}
    exporter, importer = (np.array([names[c] for c in rows[x]]) for x in ("exporter", "importer"))
    period = np.array([dates[p] for p in rows["period"]])
    value, entries, least = (np.array(rows[x], dtype=float) for x in ("value", "entries", "least"))
    sound = (value < MOST) & (least >= 0) & (np.array(rows["valued"]) == entries)
    if not sound.all():
        n = int(np.argmin(sound))
        raise DataError(
            f"among the values of {exporter[n]} to {importer[n]} in {period[n]} one is missing, "
            "negative, no number, or too large for any trade. Fix the file"
        )
    codes, stamps = ({name: code for code, name in named.items()} for named in (names, dates))
    return Totals(exporter, importer, period, value, entries, codes, stamps)


def silent_sellers(
    t: Totals,
    span: Span,
    targets: Collection[str],
    barred: Collection[str],
    sellers: Collection[str],
) -> list[Silence]:
    """Of the reporting ``sellers`` but the ``barred`` those that reported sales to the targets
    in most periods of the baseline and in next to none since, or never did: a zero that begins
    at the break is no zero."""
    out = []
    window = (*span.pre, *span.post)
    to_target = np.isin(t.importer, list(targets))
    reported = set(t.exporter[to_target].tolist())
    for who in sorted(reported & set(sellers) - set(barred)):
        mine = t.exporter == who
        there = mine & to_target & (t.value > 0)
        held = [p for p in window if (there & (t.period == p)).any()]
        before = [p for p in held if p in span.pre]
        since = [p for p in held if p not in span.pre]
        gone = span.monthly and not set(since) & set(span.late)  # a year that is late is no silence
        few = 5 * len(since) <= len(span.post)
        if 2 * len(before) < len(span.pre):
            continue
        # Compared are the periods after the last that was reported; of a few scattered ones the
        # whole window.
        last = before[-1] if few and not gone else held[-1]
        ends = [p for p in span.post if p > last]
        others = {p for p in ends if (mine & ~to_target & (t.period == p)).any()}
        kind = "suppressed partner" if 2 * len(others) >= len(ends) else "stopped reporting"
        if not (gone or few):  # the last months of who publishes late are no zeros either
            if not ends or others or not span.monthly or 10 * len(before) < 9 * len(span.pre):
                continue
            kind = LATE
        usual, now = (
            float(t.value[there & np.isin(t.period, part)].sum()) for part in (span.pre, ends)
        )
        out.append(
            Silence(kind, who, last, ends[0], ends[-1], usual * len(ends) / len(span.pre), now)
        )
    # Who reports sales of many goods to others in most months and to the target none at all has
    # left it out.
    if not (out or reported & set(sellers)):
        return out
    for who in sorted(set(sellers) - set(barred) - reported):
        mine = (t.exporter == who) & np.isin(t.period, window) & ~to_target
        months = len(np.unique(t.period[mine]))
        if 2 * months >= len(window) and t.entries[mine].sum() >= MANY * months:
            out.append(Silence("no partner", who, None, span.post[0], span.post[-1], 0.0, 0.0))
    return out
