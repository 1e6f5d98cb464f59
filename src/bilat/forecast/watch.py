# SPDX-License-Identifier: Apache-2.0
"""The watch between two dates: what became known, what moved, which verdicts changed and why, which lines are
crossed. Everything is as of the two dates: nothing that was known later enters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from typing import Any

from bilat.catalog import tables
from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.forecast.breaks import Break, jump, newly
from bilat.forecast.lines import Line, lines_between
from bilat.forecast.moves import Move, Viewed, moves_of, settings, viewed
from bilat.forecast.reasons import Changed, changed
from bilat.forecast.signals import Deal, Gap, NewListings, added, deals, gaps
from bilat.holdings import Holdings
from bilat.listing import html_table
from bilat.measures import Ask, default_holdings
from bilat.units.written import counted
from bilat.verdicts import judge
from bilat.when import AsOf


@dataclass(frozen=True)
class Known:
    """Rows of one table of one source that became known."""

    table: str
    source: str
    rows: int
    first: str  #: the earliest and the latest period that they speak of
    last: str
    known: str  #: the last day on which one of them became known


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
    unjudged: tuple[str, ...] = ()  #: lines that cannot be set, and pairs of reports that cannot be judged
    held_against: int = 0  #: lines that were set over the years between the dates
    by_chance: float = 0.0  #: at most so many of them are crossed if nothing but chance moves the figures

    @property
    def warnings(self) -> list[Move]:
        """The figures that stand out over all that were tested together."""
        return [m for m in self.moves if m.warns]

    @property
    def tested(self) -> int:
        """How many figures were held against a forecast."""
        return sum(m.p is not None for m in self.moves)

    @property
    def sources(self) -> int:
        """How many sources the rows that became known come from; one may feed several tables."""
        return len({k.source for k in self.known})

    @property
    def crossed(self) -> int:
        """How many lines were crossed, each year's line for itself."""
        return sum(x.crossed for x in self.lines)

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
        rows += [("verdict", f"{c.claim}: {c.says}", c.before, c.after, c.rows) for c in self.verdicts]
        rows += [
            ("unusual", f"{m.series} {m.period}", f"{m.low:,.4g} to {m.high:,.4g} expected", m.value, m.rows)
            for m in self.warnings
        ]
        rows += [("line crossed", x.says, x.before, x.after, x.rows) for x in self.lines if x.crossed]
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
            "sources": self.sources,
            "tested": self.tested,
            "warnings": [asdict(m) for m in self.warnings],
            "moves": [asdict(m) for m in self.moves],
            "verdicts": [asdict(c) for c in self.verdicts],
            "lines": [asdict(x) for x in self.lines],
            "lines_set": self.held_against,
            "lines_crossed_by_chance_at_most": self.by_chance,
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
    lines = lines_between(a, b, held, pair)
    # the pairs of signals.toml are ways round the controls on Russia
    open_gaps, unjudged = gaps(a, b, held) if "RUS" in tuple(pair) else ([], [])
    listed, untold = added(a, b, held, pair)
    return Watch(
        dyad=pair,
        first=a,
        last=b,
        known=tuple(_known(a, b, held, pair)),
        moves=tuple(moves_of(views)),
        verdicts=tuple(changed(judge(pair, a, held), judge(pair, b, held))),
        lines=lines.lines,
        failed=(*failed, *lines.failed, *(p.damage for p in held.damaged)),
        breaks=tuple(_breaks(views, a)),
        gaps=tuple(open_gaps),
        deals=tuple(deals(a, b, held, pair, own)),
        added=tuple(listed),
        untold=tuple(untold),
        unjudged=(*lines.none, *unjudged),
        held_against=lines.held_against,
        by_chance=lines.by_chance,
    )


def _breaks(views: Sequence[Viewed], first: AsOf) -> list[Break]:
    by = {v.series.name: v for v in views}
    cadence = settings().cadence
    old, new = (
        [b for v in views if (b := jump(v.series, known(v), cadence[v.series.cadence])) is not None]
        for known in (attrgetter("before"), attrgetter("after"))
    )
    # of a series that was not held on the first date, what lies before that date is no news either
    day = {"year": str(first.date.year), "month": str(first)[:7]}
    ended = {name: max(v.before, default=day[v.series.cadence]) for name, v in by.items()}
    found = newly(old, new, {name: v.series for name, v in by.items()}, ended)
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
