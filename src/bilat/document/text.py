# SPDX-License-Identifier: Apache-2.0
"""A document as text: 80 columns wide, and what a program reads separated by tabs where it is piped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from bilat.document.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Finding,
    Next,
    Point,
    Rows,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.commands import Writer
from bilat.document.wording import group
from bilat.document.words import NONE, cell, figure_text, is_number
from bilat.units.notation import interval

WIDTH = 80
#: Rows that a terminal shows of a listing; piped, all of them. Of what lies one click down, how much is named.
MOST_ROWS = 60
#: The least width to which a column of words is narrowed.
LEAST_WORDS = 8
NAMED = 5
_BARS = "▁▂▃▄▅▆▇█"
_ROLES = {
    "note": "",
    "warning": "! ",
    "conflict": "≠ ",
    "rule": "  ",
    "plain": "",
    "answer": "",
    "paste": "",
}

#: The columns of a series' table.
POINTS = (
    Column("period"),
    Column("group"),
    Column("value", number=True),
    Column("interval", number=True),
    Column("kind"),
    Column("note"),
)


def text(
    document: Document,
    *,
    why: bool = False,
    piped: bool = False,
    command: Writer | None = None,
    more: str = "More detail",
) -> str:
    """The document's text.

    Parameters
    ----------
    why
        with what lies one click down.
    piped
        whether a program reads it: listings are whole and separated by tabs.
    command
        writes a question as a command; without it ``Next`` shows its words alone.
    more
        what stands before the names of what lies one click down.
    """
    read_by_program = piped and getattr(next(iter(document.blocks), None), "listing", False)
    writer = _Writer(why, read_by_program, command)
    lines = [str(document.marking)] if document.marking else []
    if not read_by_program:
        lines += [*_wrap(document.title), *(line for s in document.summary for line in _wrap(s))]
    for b in document.blocks:
        lines += writer.lines(b)
    if document.left_out:
        lines += [
            "",
            f"{document.left_out} left out because they are marked above {document.marking}.",
        ]
    if titles := list(dict.fromkeys(writer.hidden)):
        left = f"; and {len(titles) - NAMED} more" if titles[NAMED:] else ""
        lines += ["", *_wrap(f"{more}: {'; '.join(titles[:NAMED])}{left}.")]
    return "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, why: bool, piped: bool, command: Writer | None) -> None:
        self.why = why
        self.piped = piped
        self.command = command
        self.hidden: list[str] = []

    def lines(self, b: Block, indent: str = "") -> Iterator[str]:
        """The lines of a block; details are counted and left out unless asked for."""
        if isinstance(b, Say):
            yield from self._say(b, indent)
        elif isinstance(b, Finding):
            yield from self._finding(b, indent)
        elif isinstance(b, Facts):
            for name, value in b.facts:
                line = f"{name}: {cell(value)}"
                yield from [line] if self.piped else _wrap(line, indent, indent + "  ")
        elif isinstance(b, Series) and not b.listing:
            yield from _sparks(b, indent + "  ")
        elif isinstance(b, Table | Rows | Series):
            yield from self._table(as_table(b))
        elif isinstance(b, Section):
            if b.detail and not self.why:
                self.hidden.append(b.title)
                return
            yield from ("", *_wrap(b.title))
            for inner in b.blocks:
                yield from self.lines(inner)
        elif isinstance(b, Next):
            asked = self.command(b.ask, b.pair) if b.ask and self.command else ""
            yield from _wrap(": ".join(x for x in (b.words, asked) if x), indent, indent + "  ")

    def _say(self, b: Say, indent: str) -> Iterator[str]:
        if b.role == "paste":
            yield from (indent + line for line in b.text.splitlines())
            return
        mark = _ROLES[b.role]
        yield from _wrap(mark + b.text, indent, indent + " " * len(mark))

    def _finding(self, b: Finding, indent: str) -> Iterator[str]:
        figures = " → ".join(figure_text(f) for f in (b.then, b.now) if f)
        yield from _wrap(b.sentence, indent, indent)
        for line in (figures, b.so_what, b.would_change, b.quiet):
            yield from _wrap(line, indent + "  ", indent + "  ") if line else ()

    def _table(self, t: Table) -> Iterator[str]:
        if t.detail and not self.why and not self.piped:
            self.hidden.append(t.title or "a table")
            return
        if self.piped and t.listing:
            yield "\t".join(c.name for c in t.columns)
            for row in t.rows:
                yield "\t".join(
                    " ".join(_bare(v, c).split()) for c, v in zip(t.columns, row, strict=True)
                )
            return
        if t.title:
            yield from ("", *_wrap(t.title))
        shown = t.rows[: t.first or MOST_ROWS] if t.listing and not self.why else t.rows
        yield from columns(t.columns, shown, most=3 if t.listing else MOST_ROWS)
        total = max(t.total, len(t.rows))
        if total > len(shown):
            yield f"{len(shown):,} of {total:,} rows."


def _bare(value: Cell, column: Column) -> str:
    return "" if value is None else cell(value, column)


def as_table(b: Table | Rows | Series) -> Table:
    """Rows and series as the table that shows them."""
    if isinstance(b, Table):
        return b
    if isinstance(b, Rows):
        first = tuple(tuple(v if v is None else str(v) for v in row) for row in b.first)
        return Table(
            tuple(Column(c) for c in b.columns), first, b.title, b.total, listing=b.listing
        )
    return Table(POINTS, tuple(point_row(p) for p in b.points), b.title, listing=b.listing)


def _sparks(b: Series, indent: str) -> Iterator[str]:
    """A line for each of the first groups: from when to when, and the shape between, on one scale."""
    yield from _wrap(b.title, indent, indent)
    groups = list(dict.fromkeys([*b.focus, *(p.group for p in b.points)]))
    drawn = [
        (p, p.value)
        for p in b.points
        if p.group in groups[:3] and p.value is not None and not p.open
    ]
    low, high = (end([0.0, *(v for _, v in drawn)]) for end in (min, max))
    for name in groups[:3]:
        if len(points := [(p.period, v) for p, v in drawn if p.group == name]) < 2:
            continue
        label = f" {group(name)}" if len(groups) > 1 else ""
        ends = len(f"{indent}{points[0][0]}  {points[-1][0]}{label}")
        points = points[-min(40, WIDTH - ends) :]
        steps = "".join(
            _BARS[round((len(_BARS) - 1) * (v - low) / ((high - low) or 1))] for _, v in points
        )
        yield f"{indent}{points[0][0]} {steps} {points[-1][0]}{label}"


def point_row(p: Point) -> tuple[str | float | None, ...]:
    """A point as a row of a series' table."""
    value = None if p.unrecorded else p.value
    return p.period, p.group, value, interval(p.low, p.high), p.kind, p.note


def _wrap(words: str, first: str = "", after: str = "") -> list[str]:
    """A paragraph within the width."""
    return textwrap.wrap(
        " ".join(words.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )


def columns(
    headings: Sequence[Column], rows: Iterable[Sequence[Cell]], most: int = 3
) -> Iterator[str]:
    """A table within the width: numbers to the right; the widest columns of words are folded to fit, a cell to so many
    lines at the most."""
    given = list(rows)
    body = [[cell(v, c) for v, c in zip(r, headings, strict=True)] for r in given]
    kept = [i for i, _ in enumerate(headings) if not body or _says_something(body, i)]
    right = {i for i in kept if headings[i].number}
    right |= {i for i in kept if any(is_number(headings[i], r[i]) for r in given)}
    names = [c.name for c in headings]
    wide = _widths(names, body, kept, right)
    for n, line in enumerate((names, *body)):
        folded = {i: _folded(line[i], wide[i], most if n else MOST_ROWS) for i in kept}
        for row in zip_longest(*folded.values(), fillvalue=""):
            cells = [
                part.rjust(wide[i]) if i in right else part.ljust(wide[i])
                for i, part in zip(folded, row, strict=True)
            ]
            yield "  ".join(cells).rstrip()


def _says_something(body: Sequence[Sequence[str]], column: int) -> bool:
    """Whether any cell of a column holds more than a blank or a dash."""
    return any(row[column].strip() not in ("", NONE) for row in body)


def _widths(
    names: Sequence[str], body: Sequence[Sequence[str]], kept: Sequence[int], right: set[int]
) -> dict[int, int]:
    """The width of each column that is kept; the widest is narrowed until the table fits.

    Words stay whole as long as there is room for them. A number stays on its line, and a heading
    over numbers is folded.
    """
    longest = {i: max((len(row[i]) for row in body), default=0) for i in kept}
    wide = {i: max(len(names[i]), longest[i]) for i in kept}
    numbers = {i: max(_longest_word(names[i]), longest[i]) for i in right}
    words = [i for i in kept if i not in right]
    whole = {i: _longest_word(names[i], *(row[i] for row in body)) for i in words}
    room = WIDTH - 2 * (len(kept) - 1)
    for least in (whole | numbers, dict.fromkeys(words, LEAST_WORDS) | numbers):
        while sum(wide.values()) > room:
            able = [i for i in kept if wide[i] > least[i]]
            if not able:
                break
            wide[max(able, key=lambda i: wide[i])] -= 1
    return wide


def _longest_word(*texts: str) -> int:
    return min(20, max((len(w) for t in texts for w in t.split()), default=8))


def _folded(words: str, width: int, most: int) -> list[str]:
    """A cell's lines, the last cut off where there is more."""
    lines = textwrap.wrap(words, width) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]
