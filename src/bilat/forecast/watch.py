# SPDX-License-Identifier: Apache-2.0
"""The watch between two dates: what became known, what moved, which verdicts changed and why, which lines are
crossed. Everything is as of the two dates: nothing that was known later enters."""

from __future__ import annotations

import calendar
import datetime as dt
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bilat.catalog import tables
from bilat.dyad import Dyad
from bilat.errors import Damaged, UsageError
from bilat.forecast.breaks import Break, jump, newly
from bilat.forecast.moves import Move, Viewed, moves_of, settings, viewed
from bilat.forecast.questions import Record
from bilat.forecast.reasons import Changed, changed
from bilat.forecast.record import Seen, history
from bilat.forecast.signals import Deal, Gap, NewListings, added, deals, gaps
from bilat.holdings import Holdings
from bilat.listing import html_table
from bilat.measures import Ask, default_holdings
from bilat.units.written import counted
from bilat.verdicts import judge
from bilat.when import AsOf, Period


class Indicator(BaseModel):
    """A line fixed beforehand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    claim: str
    says: str
    form: Literal["newest", "count"]
    months: int = 0
    line: float
    record: Record


@cache
def indicators() -> tuple[Indicator, ...]:
    """What indicators.toml says."""
    text = resources.files("bilat.forecast").joinpath("indicators.toml").read_text("utf-8")
    return tuple(Indicator(**i) for i in tomllib.loads(text)["indicator"])


@dataclass(frozen=True)
class Known:
    """Rows of one source that became known."""

    table: str
    source: str
    rows: int
    first: str  #: the earliest and the latest period that they speak of
    last: str
    known: str  #: the last day on which one of them became known


@dataclass(frozen=True)
class Line:
    """An indicator on the two dates."""

    id: str
    claim: str
    says: str
    line: float
    before: float | None
    after: float | None
    crossed: bool  #: at or above the line on the second date and below it (or not measured) on the first
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Watch:
    """What the watch saw."""

    dyad: Dyad
    first: AsOf
    last: AsOf
    known: tuple[Known, ...]
    moves: tuple[Move, ...]
    verdicts: tuple[Changed, ...]
    lines: tuple[Line, ...]
    failed: tuple[str, ...]  #: what could not be asked, and why
    breaks: tuple[Break, ...] = ()  #: levels that jumped, as of the second date
    gaps: tuple[Gap, ...] = ()  #: years in which two reports of one flow disagree more than they used to
    deals: tuple[Deal, ...] = ()  #: reported by the press and absent from the register
    added: tuple[NewListings, ...] = ()  #: parties that the lists gained
    untold: tuple[str, ...] = ()  #: lists of which additions are not known, or not for all days
    unjudged: tuple[str, ...] = ()  #: pairs of which that cannot be told

    @property
    def warnings(self) -> list[Move]:
        """The figures that stand out over all that were tested together."""
        return [m for m in self.moves if m.warns]

    @property
    def tested(self) -> int:
        """How many figures were held against a forecast."""
        return sum(m.p is not None for m in self.moves)

    @property
    def alarmed(self) -> bool:
        """Whether there is anything that a reader must see: a warning, a verdict, a line crossed, a level that
        jumped, a gap that opened, a deal that the register lacks. Additions to lists alone are not alarm."""
        new = [*(b.new for b in self.breaks), *(g.new for g in self.gaps), *(d.new for d in self.deals)]
        return bool(any(new) or self.warnings or self.verdicts or any(x.crossed for x in self.lines))

    def resting_on(self, row: str) -> list[str]:
        """What in the watch rests on one row, ``source locator``: where a false row shows."""
        found = [f"warning: {m.series} {m.period}" for m in self.warnings if row in m.rows]
        found += [f"figure: {m.series} {m.period}" for m in self.moves if not m.warns and row in m.rows]
        found += [f"verdict: {c.claim} {c.before} -> {c.after}" for c in self.verdicts if row in c.rows]
        found += [
            f"line {'crossed' if x.crossed else 'not crossed'}: {x.id}" for x in self.lines if row in x.rows
        ]
        found += [f"gap: {g.exporter}>{g.importer} {g.period}" for g in self.gaps if row in g.rows]
        found += [f"deal: {d.item}" for d in self.deals if row == d.row]
        return found + [f"listing: {a.list} {a.country} {a.programme}" for a in self.added if row in a.rows]

    def _repr_html_(self) -> str:
        rows: list[tuple[Any, ...]] = []
        rows += [("line crossed", x.says, x.before, x.after, x.rows) for x in self.lines if x.crossed]
        rows += [("verdict", f"{c.claim}: {c.says}", c.before, c.after, c.rows) for c in self.verdicts]
        rows += [
            ("unusual", f"{m.series} {m.period}", f"{m.low:,.4g} to {m.high:,.4g} expected", m.value, m.rows)
            for m in self.warnings
        ]
        rows += [
            ("new level", f"{b.series} since {b.period}", b.before, b.after, ()) for b in self.breaks if b.new
        ]
        rows += [
            ("mirror gap", f"{g.exporter} to {g.importer} {g.period}", None, g.recorded, g.rows)
            for g in self.gaps
            if g.new
        ]
        rows += [("not in the register", d.item, None, None, [d.row]) for d in self.deals if d.new]
        tested = counted(self.tested, "figures")
        title = f"{self.dyad.name}, {self.first} to {self.last}: {len(rows)} to read, {tested} tested"
        return html_table(["what", "of", "before", "after", "rows"], rows, title=title)

    def without(self, claims: Collection[str]) -> Watch:
        """The watch without what it says of some claims: their verdicts and their lines."""
        return replace(
            self,
            verdicts=tuple(c for c in self.verdicts if c.claim not in claims),
            lines=tuple(x for x in self.lines if x.claim not in claims),
        )

    def to_json(self) -> dict[str, Any]:
        """The watch as plain data."""
        return {
            "dyad": [self.dyad.a, self.dyad.b],
            "from": str(self.first),
            "to": str(self.last),
            "alarmed": self.alarmed,
            "known": [asdict(k) for k in self.known],
            "tested": self.tested,
            "warnings": [asdict(m) for m in self.warnings],
            "moves": [asdict(m) for m in self.moves],
            "verdicts": [asdict(c) for c in self.verdicts],
            "lines": [asdict(x) for x in self.lines],
            "breaks": [asdict(x) for x in self.breaks],
            "gaps": [asdict(x) for x in self.gaps],
            "deals": [asdict(x) for x in self.deals],
            "added": [asdict(x) for x in self.added],
            "untold": list(self.untold),
            "unjudged": list(self.unjudged),
            "failed": list(self.failed),
        }


def watch(
    first: AsOf | str,
    last: AsOf | str,
    dyad: Dyad | tuple[str, str] = ("RUS", "CHN"),
    *,
    holdings: Holdings | None = None,
    own: Sequence[Deal] = (),
) -> Watch:
    """What changed in the public record between two dates.

    Parameters
    ----------
    own
        deals of a user's file, looked up in the register beside those of the press.

    Raises
    ------
    UsageError
        if the second date is not after the first.
    """
    a, b = AsOf(first), AsOf(last)
    if a.date >= b.date:
        raise UsageError(f"--from {a} is not before --to {b}; write the earlier date first")
    pair = dyad if isinstance(dyad, Dyad) else Dyad(*dyad)
    held = holdings or default_holdings()
    views, failed = viewed(a, b, held, pair)
    lines, failed_lines = lines_between(a, b, held, pair)
    # the pairs of signals.toml are ways round the controls on Russia
    open_gaps, unjudged = gaps(a, b, held) if "RUS" in tuple(pair) else ([], [])
    listed, untold = added(a, b, held, pair)
    return Watch(
        dyad=pair,
        first=a,
        last=b,
        known=tuple(_known(a, b, held, pair)),
        moves=tuple(moves_of(views)),
        verdicts=tuple(changed(judge(pair, a, held), judge(pair, b, held), held)),
        lines=tuple(lines),
        failed=(*failed, *failed_lines, *(p.damage for p in held.damaged)),
        breaks=tuple(_breaks(views)),
        gaps=tuple(open_gaps),
        deals=tuple(deals(a, b, held, pair, own)),
        added=tuple(listed),
        untold=tuple(untold),
        unjudged=(*unlined(pair), *unjudged),
    )


def _breaks(views: Sequence[Viewed]) -> list[Break]:
    by = {v.series.name: v for v in views}
    cadence = settings().cadence
    old, new = (
        [b for v in views if (b := jump(v.series, known(v), cadence[v.series.cadence])) is not None]
        for known in (lambda v: v.before, lambda v: v.after)
    )
    found = newly(old, new, {name: v.series for name, v in by.items()})
    return [replace(b, unit=str(by[b.series].later.unit)) for b in found]


def _known(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> list[Known]:
    asked = Ask(pair, last, {}, holdings)
    damaged = {p.table for p in holdings.damaged}
    out = []
    for table in sorted(set(tables()) - damaged):
        rows = asked.query(
            "SELECT source, count(*) AS n, min(period) AS first, max(period) AS last, "
            f'max(known_on) AS known FROM "{table}" WHERE known_on > ? GROUP BY source ORDER BY source',
            first.date,
        )
        out += [
            Known(table, r["source"], r["n"], r["first"], r["last"], str(r["known"]))
            for r in rows.to_pylist()
        ]
    return sorted(out, key=lambda k: (k.table, k.source))


def unlined(pair: Dyad) -> list[str]:
    """What is missing of a pair for which no line is fixed, in one sentence; nothing for Russia and China."""
    if set(pair) == {"RUS", "CHN"}:
        return []
    return [
        f"no line is fixed beforehand for {pair.a}-{pair.b}: the {len(indicators())} that there are rest on records of "
        "Russia and China alone"
    ]


def lines_between(first: AsOf, last: AsOf, holdings: Holdings, pair: Dyad) -> tuple[list[Line], list[str]]:
    """Every indicator on the two dates, and what could not be asked."""
    if set(pair) != {"RUS", "CHN"}:  # the lines speak of Russia and China
        return [], []
    out, failed = [], []
    for i in indicators():
        try:
            (before, _), (after, rows) = (_level(i, d, holdings, pair) for d in (first, last))
        except Damaged as e:
            failed.append(f"{i.id}: {e}")
            continue
        crossed = after is not None and after >= i.line and (before is None or before < i.line)
        out.append(
            Line(
                i.id, i.claim, i.says, i.line, before, after, crossed, tuple(s.where for s in reversed(rows))
            )
        )
    return out, failed


def _level(i: Indicator, on: AsOf, holdings: Holdings, pair: Dyad) -> tuple[float | None, list[Seen]]:
    seen = history(i.record, on, holdings, pair).seen
    if i.form == "newest":
        return (seen[-1].value, [seen[-1]]) if seen else (None, [])
    since = _months_before(on.date, i.months)
    inside = [s for s in seen if Period(s.period).end >= since]
    return float(len(inside)), inside


def _months_before(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
