# SPDX-License-Identifier: Apache-2.0
"""What every state sent to every other as the reports have it, and sellers that fall silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
    totals: Totals,
    span: Span,
    targets: Collection[str],
    barred: Collection[str],
    sellers: Collection[str],
) -> list[Silence]:
    """Return the reporting sellers that fell silent on the targets since the break, or always were.

    A zero that begins at the break is no zero.

    Parameters
    ----------
    barred
        states that are left out.
    sellers
        states that report their sales.
    """
    to_target = np.isin(totals.importer, list(targets))
    reported = set(totals.exporter[to_target].tolist())
    asked = set(sellers) - set(barred)
    found = []
    for seller in sorted(reported & asked):
        silence = _fell_silent(_Sales(totals, span, to_target, seller))
        if silence is not None:
            found.append(silence)
    # Where others report sales to the targets, a seller of many goods that reports none has left
    # them out.
    if found or reported & set(sellers):
        for seller in sorted(asked - reported):
            if _leaves_out(_Sales(totals, span, to_target, seller)):
                first = span.post[0]
                found.append(Silence("no partner", seller, None, first, span.post[-1], 0.0, 0.0))
    return found


class _Sales:
    """What one seller reported, in the window of a question."""

    def __init__(self, totals: Totals, span: Span, to_target: Array, seller: str) -> None:
        self.totals = totals
        self.span = span
        self.seller = seller
        mine = totals.exporter == seller
        #: Rows of sales to the targets, and rows of sales to others.
        self.to_targets = mine & to_target & (totals.value > 0)
        self.to_others = mine & ~to_target

    def periods(self, rows: Array, among: Sequence[str]) -> list[str]:
        """Return the periods of ``among`` in which some rows lie."""
        there = set(self.totals.period[rows].tolist())
        return [period for period in among if period in there]

    def value(self, rows: Array, among: Sequence[str]) -> float:
        """Return the sum of some rows in some periods."""
        return float(self.totals.value[rows & np.isin(self.totals.period, among)].sum())


def _fell_silent(sales: _Sales) -> Silence | None:
    """Return the silence of a seller that had reported sales in most periods before the break."""
    span = sales.span
    before = sales.periods(sales.to_targets, span.pre)
    since = sales.periods(sales.to_targets, span.post)
    if 2 * len(before) < len(span.pre):
        return None
    # A year that is late is no silence, nor are the last months of who publishes late.
    gone = span.monthly and not set(since) & set(span.late)
    few = 5 * len(since) <= len(span.post)
    # Compared are the periods after the last that was reported; of a few scattered ones the whole
    # window.
    last = before[-1] if few and not gone else (before + since)[-1]
    silent = [period for period in span.post if period > last]
    others = sales.periods(sales.to_others, silent)
    if gone or few:
        goes_on = 2 * len(others) >= len(silent)
        kind = "suppressed partner" if goes_on else "stopped reporting"
    else:
        regular = span.monthly and 10 * len(before) >= 9 * len(span.pre)
        if not silent or others or not regular:
            return None
        kind = LATE
    usual = sales.value(sales.to_targets, span.pre) * len(silent) / len(span.pre)
    now = sales.value(sales.to_targets, silent)
    return Silence(kind, sales.seller, last, silent[0], silent[-1], usual, now)


def _leaves_out(sales: _Sales) -> bool:
    """Return whether a seller reports many goods to others in most periods of the window."""
    window = (*sales.span.pre, *sales.span.post)
    rows = sales.to_others & np.isin(sales.totals.period, window)
    periods = len(sales.periods(rows, window))
    if 2 * periods < len(window):
        return False
    return bool(sales.totals.entries[rows].sum() >= MANY * periods)
