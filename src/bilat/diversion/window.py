# SPDX-License-Identifier: Apache-2.0
"""Which periods stand before and after the break, who did not report in them, and what each
counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from bilat.diversion.parameters import parameter
from bilat.errors import DataError

Array = np.ndarray[Any, Any]


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
        out = []
        at = min(self.pre)
        while at < max(self.post):
            year = int(at[:4])
            month = int(at[5:] or 12)
            at = f"{year + month // 12}-{month % 12 + 1:02d}" if self.monthly else str(year + 1)
            out += [at] if at not in held else []
        return tuple(out)

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
            f"the file holds {periods[0]} to {periods[-1]}, nothing {side} {since}: "
            "add the missing periods or move `since`"
        )
    return Span(tuple(pre), tuple(post))


def with_gaps(span: Span, exporter: Array, importer: Array, period: Array, entries: Array) -> Span:
    """A country that falls below a tenth of its usual number of rows did not report in that
    period."""
    found: list[tuple[str, str, str]] = []
    window = (*span.pre, *span.post)
    column = {p: n for n, p in enumerate(window)}
    inside = np.isin(period, window)
    for side, who in (("exporter", exporter), ("importer", importer)):
        names, row = np.unique(who[inside], return_inverse=True)
        grid = np.zeros((len(names), len(window)))
        np.add.at(
            grid,
            (row, np.array([column[p] for p in period[inside]], dtype=np.int64)),
            entries[inside],
        )
        usual = np.median(grid, axis=1)[:, None]
        gaps = np.nonzero((grid < 0.1 * usual) & (usual >= 20))
        found += [(str(names[r]), side, window[c]) for r, c in zip(*gaps, strict=True)]
    return replace(span, gaps=tuple(sorted(found)))


def without(span: Span, silent: list[tuple[str, str, str]]) -> Span:
    """The span with all periods from ``first`` on left out of each silent (country, side,
    first)."""
    more = {(who, side, p) for who, side, first in silent for p in span.post if p >= first}
    return replace(span, gaps=tuple(sorted({*span.gaps, *more})))


def weights(span: Span, countries: list[str]) -> pa.Table:
    """Per country, side and period: what a value counts.

    ``pre`` and ``late_pre`` scale the baseline to the window and to its last part, ``then_pre`` its
    earlier part to its last (see :attr:`Span.then`).
    """
    early = tuple(p for p in span.pre if p not in span.then)
    part = len(span.late) / len(span.post)

    def weigh(gap: set[str]) -> list[tuple[Any, ...]]:
        whole = scaled(span, span.pre, span.post, gap)
        # Of who stopped before the last part, as much of the whole.
        late = scaled(span, span.pre, span.late, gap) or [
            (p, a * part, b * part) for p, a, b in whole
        ]
        parts = [{p: w for p, *w in rows} for rows in (late, scaled(span, early, span.then, gap))]
        return [(p, a, b, *(w for of in parts for w in of.get(p, (0.0, 0.0)))) for p, a, b in whole]

    plain = weigh(set())
    gappy = {(who, side) for who, side, _ in span.gaps}
    rows = [
        (who, side, *row)
        for who in countries
        for side in ("exporter", "importer")
        for row in (weigh(span.missing(who, side)) if (who, side) in gappy else plain)
    ]
    names = (
        "country",
        "side",
        "period",
        "pre",
        "post",
        "late_pre",
        "late_post",
        "then_pre",
        "then_post",
    )
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def scaled(
    span: Span, before: tuple[str, ...], after: tuple[str, ...], gap: set[str]
) -> list[tuple[str, float, float]]:
    """(period, weight before, weight after) that scale ``before``, season by season, to
    ``after``."""
    pre = [p for p in before if p not in gap]
    post = [p for p in after if p not in gap]
    if not pre or not post:
        return []
    held: dict[str, int] = {}
    asked: dict[str, int] = {}
    for p in pre:
        held[p[5:]] = held.get(p[5:], 0) + 1
    for p in after:
        asked[p[5:]] = asked.get(p[5:], 0) + 1
    seasonal = span.monthly and all(m in held for m in asked)
    rows = [
        (p, asked.get(p[5:], 0) / held[p[5:]] if seasonal else len(after) / len(pre), 0.0)
        for p in pre
    ]
    return rows + [(p, 0.0, len(after) / len(post)) for p in post]
