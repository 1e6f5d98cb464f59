# SPDX-License-Identifier: Apache-2.0
"""Which periods stand before and after the break, who did not report in them, and what each
counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from bilat.diversion.parameters import parameter
from bilat.errors import DataError

Array = np.ndarray[Any, Any]
#: Part of its usual number of rows below which a country did not report in a period, and the usual
#: number from which on that is looked for.
NOT_REPORTED = 0.1
LEAST_ENTRIES = 20


@dataclass(frozen=True)
class Span:
    """The periods compared. ``gaps``: (country, side, period) that were not reported."""

    pre: tuple[str, ...]
    post: tuple[str, ...]
    gaps: tuple[tuple[str, str, str], ...] = ()

    @property
    def late(self) -> tuple[str, ...]:
        """The last part of the post-break window: a ban may come months after the break."""
        return self.post[-max(1, len(self.post) * 2 // 5) :]

    @property
    def then(self) -> tuple[str, ...]:
        """The last part of the baseline, to be set against the rest of it: a break where there
        was none."""
        length = min(len(self.post), len(self.pre) // 2)
        return self.pre[len(self.pre) - length :] if length else ()

    @property
    def holes(self) -> tuple[str, ...]:
        """Periods between the first and the last of which the file holds nothing."""
        held = {*self.pre, *self.post}
        empty = []
        period = min(self.pre)
        while period < max(self.post):
            period = self._next(period)
            if period not in held:
                empty.append(period)
        return tuple(empty)

    def _next(self, period: str) -> str:
        year = int(period[:4])
        if not self.monthly:
            return str(year + 1)
        month = int(period[5:])
        return f"{year + month // 12}-{month % 12 + 1:02d}"

    @property
    def monthly(self) -> bool:
        return len(self.post[0]) == 7

    @property
    def offset(self) -> float:
        """USD added to the value of one period in a log ratio: the parameter is per year."""
        return parameter("offset") / (12 if self.monthly else 1)

    def lacks(self, country: str, side: str) -> float:
        """Share of the periods since the break in which the country did not report."""
        return len(self.missing(country, side) & set(self.post)) / len(self.post)

    def missing(self, country: str, side: str) -> set[str]:
        """The periods that a country did not report, left out."""
        return {p for c, s, p in self.gaps if (c, s) == (country, side)}


def find_span(since: str, until: str | None, window: int, periods: list[str]) -> Span:
    """The baseline of ``window`` years before ``since``, and everything from it to ``until``.

    Raises
    ------
    DataError
        if one of the two is empty.
    """
    monthly = [p for p in periods if len(p) == 7]
    periods = monthly or periods
    until = until or periods[-1]
    if monthly:
        month = since if len(since) == 7 else f"{since}-01"
        first = f"{int(month[:4]) - window}{month[4:]}"
        pre = [p for p in periods if first <= p < month]
        post = [p for p in periods if month <= p <= (until if len(until) == 7 else f"{until}-12")]
    else:
        # A year counts as "after" when the break lies in its first seven months; otherwise it is
        # mixed.
        year = int(since[:4])
        number = int(since[5:7] or 1)
        start = year if number <= 7 else year + 1
        pre = [p for p in periods if year - window <= int(p) < year]
        post = [p for p in periods if start <= int(p) <= int(until[:4])]
    if not pre or not post:
        side = "before" if not pre else "since"
        raise DataError(
            f"these records cover {periods[0]} to {periods[-1]} and have nothing {side} {since}: "
            "give a file with the missing periods, or change `since`"
        )
    return Span(tuple(pre), tuple(post))


def with_gaps(span: Span, exporter: Array, importer: Array, period: Array, entries: Array) -> Span:
    """Return the span with its gaps: periods in which a country has far fewer rows than usual."""
    found: list[tuple[str, str, str]] = []
    window = (*span.pre, *span.post)
    column = {p: n for n, p in enumerate(window)}
    inside = np.isin(period, window)
    columns = np.array([column[p] for p in period[inside]], dtype=np.int64)
    for side, who in (("exporter", exporter), ("importer", importer)):
        names, rows = np.unique(who[inside], return_inverse=True)
        grid = np.zeros((len(names), len(window)))
        np.add.at(grid, (rows, columns), entries[inside])
        usual = np.median(grid, axis=1)[:, None]
        gaps = np.argwhere((grid < NOT_REPORTED * usual) & (usual >= LEAST_ENTRIES))
        found += [(str(names[row]), side, window[place]) for row, place in gaps.tolist()]
    return replace(span, gaps=tuple(sorted(found)))


def without(span: Span, silent: list[tuple[str, str, str]]) -> Span:
    """The span with all periods from ``first`` on left out of each silent (country, side,
    first)."""
    more = {(who, side, p) for who, side, first in silent for p in span.post if p >= first}
    return replace(span, gaps=tuple(sorted({*span.gaps, *more})))


class _Weights(NamedTuple):
    """What a value of one period counts; see :func:`weights`."""

    period: str
    pre: float
    post: float
    late_pre: float
    late_post: float
    then_pre: float
    then_post: float


def weights(span: Span, countries: list[str]) -> pa.Table:
    """Per country, side and period: what a value counts.

    ``pre`` and ``late_pre`` scale the baseline to the window and to its last part, ``then_pre`` its
    earlier part to its last (see :attr:`Span.then`).
    """
    reported_throughout = _weights_of_periods(span, set())
    gappy = {(who, side) for who, side, _ in span.gaps}
    rows = []
    for country in countries:
        for side in ("exporter", "importer"):
            by_period = reported_throughout
            if (country, side) in gappy:
                by_period = _weights_of_periods(span, span.missing(country, side))
            rows += [{"country": country, "side": side, **row._asdict()} for row in by_period]
    return pa.Table.from_pylist(rows)


def _weights_of_periods(span: Span, gap: set[str]) -> list[_Weights]:
    """Return by period the weights of a country that did not report in the periods of ``gap``."""
    early = tuple(p for p in span.pre if p not in span.then)
    whole = scaled(span, span.pre, span.post, gap)
    late = _by_period(scaled(span, span.pre, span.late, gap))
    if not late:
        # Of who stopped before the last part, as much of the whole.
        part = len(span.late) / len(span.post)
        late = {period: (before * part, after * part) for period, before, after in whole}
    then = _by_period(scaled(span, early, span.then, gap))
    rows = []
    for period, before, after in whole:
        late_before, late_after = late.get(period, (0.0, 0.0))
        then_before, then_after = then.get(period, (0.0, 0.0))
        rows.append(
            _Weights(
                period=period,
                pre=before,
                post=after,
                late_pre=late_before,
                late_post=late_after,
                then_pre=then_before,
                then_post=then_after,
            )
        )
    return rows


def _by_period(rows: list[tuple[str, float, float]]) -> dict[str, tuple[float, float]]:
    return {period: (before, after) for period, before, after in rows}


def scaled(
    span: Span, before: tuple[str, ...], after: tuple[str, ...], gap: set[str]
) -> list[tuple[str, float, float]]:
    """(period, weight before, weight after) that scale ``before``, season by season, to
    ``after``."""
    pre = [period for period in before if period not in gap]
    post = [period for period in after if period not in gap]
    if not pre or not post:
        return []
    held = Counter(_month(period) for period in pre)
    asked = Counter(_month(period) for period in after)
    seasonal = span.monthly and asked.keys() <= held.keys()
    rows = []
    for period in pre:
        weight = len(after) / len(pre)
        if seasonal:
            weight = asked[_month(period)] / held[_month(period)]
        rows.append((period, weight, 0.0))
    rows += [(period, 0.0, len(after) / len(post)) for period in post]
    return rows


def _month(period: str) -> str:
    """Return the month of ``2022-03``; blank of a year."""
    return period[5:]
