# SPDX-License-Identifier: Apache-2.0
"""The watch in sentences, one a thing that a reader may have to act on: for terminal, feed and page alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bilat.forecast.breaks import Break
from bilat.forecast.lines import Line, line_rule
from bilat.forecast.moves import Move
from bilat.forecast.reasons import Changed
from bilat.forecast.signals import Deal, Gap, NewListings, counted_against
from bilat.forecast.watch import Watch
from bilat.places import spoken_name
from bilat.units.written import bare, counted, figure, number


@dataclass(frozen=True)
class Item:
    """One thing that the watch tells."""

    kind: str  #: line, verdict, warning, break, gap or deal
    key: str  #: the same from run to run
    title: str
    text: str
    rows: tuple[str, ...]
    claim: str = ""
    url: str = ""


def move_line(m: Move) -> str:
    """One sentence about a figure that stands out."""
    if m.low is None or m.high is None or m.p is None:
        return f"{m.series} {m.period}: {figure(m.value, m.unit)}; not tested: {m.why_not}"
    expected = f"{number(m.low)} to {number(m.high)} expected"
    return f"{m.series} {m.period}: {figure(m.value, m.unit)}; {expected} at 95% ({m.method}; p {m.p:.2g})"


def change_line(c: Changed) -> str:
    """One sentence about an answer that changed."""
    return f"{c.before} -> {c.after}: {c.sentence} {'; '.join(c.reasons)}"


def cross_line(x: Line) -> str:
    """One sentence about a line: the figure, the line, and from what it was set."""
    now = "not measured" if x.after is None else f"{figure(x.after, x.unit)} in {x.period}"
    return f"{x.says}: {now}; {line_set(x)}" + (f". {HISTORY}" if x.history else "")


def line_set(x: Line) -> str:
    """Where a line lies, when and from what it was set, and how often chance crosses it."""
    side = "above" if x.toward == "up" else "below"
    return (
        f"line {side} {bare(x.line, x.unit)}, set as of {x.fixed} when {x.held_of} stood at {bare(x.held, x.unit)}; at "
        f"most {x.chance:.0%} of years cross it by chance"
    )


#: What is said of a line that was crossed before its rule was written.
HISTORY = f"The rule was written on {line_rule().set}: this is history and no test of the line"


def break_line(b: Break) -> str:
    """One sentence about a level that jumped."""
    level = "a new level" if b.new else "another level"
    return (
        f"{b.series}: {level} since {b.period}, {figure(b.after, b.unit)} on average after {number(b.before)} before "
        f"(p {b.p:.2g})"
    )


def gap_line(g: Gap) -> str:
    """One sentence about two reports of one flow that disagree."""
    return (
        f"{spoken_name(g.importer)} recorded {100 * g.recorded:.0f}% of what {spoken_name(g.exporter)} "
        f"reported as sent there in {g.period}; against the pair's own years the ln ratio moved by {g.change:.2f} "
        f"({g.low:.2f} to {g.high:.2f}, 90%)"
    )


def deal_line(d: Deal) -> str:
    """One sentence about a deal that the register lacks."""
    return (
        f"{d.supplier} to {d.recipient}: {d.item} ({d.status}), known on {d.known_on}; the register has none of "
        f"{', '.join(d.looked_for)} in that direction"
    )


def added_line(near: Sequence[NewListings], first: str) -> str:
    """How many entries the lists gained, and how many of them may be older than the first date."""
    said = f"{counted(sum(a.parties for a in near), 'entries')} of countries of interest"
    older = [a for a in near if a.against]
    if not older:
        return said
    editions = " and ".join(sorted({a.against for a in older}))
    n = sum(a.parties for a in older)
    which = "" if n == sum(a.parties for a in near) else f"{n:,} of them "
    dated = [a.dated for a in older if a.dated is not None]
    own = "bears a day of its own" if sum(dated) == 1 else "bear a day of their own"
    days = f"{sum(dated):,} of these {own} after {first}" if dated else "none bears a day of its own"
    return f"{said}, {which}{counted_against(editions, first)}; {days}"


def items(w: Watch) -> list[Item]:
    """What is new between the two dates, the most urgent first; standing gaps and levels are left out."""
    return list(_items(w))


def _items(w: Watch) -> Iterable[Item]:
    for c in w.verdicts:
        key = f"verdict:{c.claim}:{c.after}:{w.last}"
        yield Item("verdict", key, f"{c.claim}: {c.after}", change_line(c), c.rows, c.claim)
    for m in w.warnings:
        title, key = f"Unusual: {m.series} {m.period}", f"move:{m.series}:{m.period}"
        yield Item("warning", key, title, move_line(m), m.rows)
    for x in w.lines:
        if x.crossed:
            title, key = f"Line crossed: {x.says}", f"line:{x.id}:{x.fixed}"
            yield Item("line", key, title, cross_line(x), x.rows, x.claim)
    for b in w.breaks:
        if b.new:
            title, key = f"New level: {b.series} since {b.period}", f"break:{b.series}:{b.period}"
            yield Item("break", key, title, break_line(b), ())
    for g in w.gaps:
        if g.new:
            title = f"Mirror gap: {g.exporter} to {g.importer}, {g.period}"
            yield Item("gap", f"gap:{g.exporter}:{g.importer}:{g.period}", title, gap_line(g), g.rows)
    for d in w.deals:
        if d.new:
            yield Item(
                "deal", f"deal:{d.row}", f"Not in the register: {d.item}", deal_line(d), (d.row,), url=d.url
            )
