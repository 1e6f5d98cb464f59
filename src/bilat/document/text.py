# SPDX-License-Identifier: Apache-2.0
"""A document as text of 80 columns, or with tabs between cells for a program that reads it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
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
from bilat.document.typography import straight
from bilat.document.wording import group
from bilat.document.words import NONE, cell, figure_text, is_number
from bilat.units.notation import interval

WIDTH = 80
#: The most rows of a listing on a terminal; a program gets all of them.
MOST_ROWS = 60
#: The most lines of a cell of a listing.
MOST_LINES = 3
#: The least width to which a column of words is narrowed.
LEAST_WORDS = 8
#: A longer word may be broken when a column is narrowed.
LONGEST_WORD = 20
#: The most hidden parts that are named at the end.
NAMED = 5
#: The most groups of a series that are drawn.
MOST_GROUPS = 3
#: The most points of a series that are drawn.
MOST_POINTS = 40
_BARS = "▁▂▃▄▅▆▇█"
#: The mark before a text, by its role.
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
    """Return the text of a document.

    Parameters
    ----------
    why
        whether details are printed, and not only named at the end.
    piped
        whether a program reads it: a document that begins with a listing has all rows, with tabs
        between cells, and no title.
    command
        writes a question as a command; without it ``Next`` prints only its words.
    more
        the words before the names of the hidden details.
    """
    first = document.blocks[0] if document.blocks else None
    is_for_program = piped and getattr(first, "listing", False)
    writer = _Writer(why, is_for_program, command)
    lines = [str(document.marking)] if document.marking else []
    if not is_for_program:
        for paragraph in (document.title, *document.summary):
            lines += _wrap(paragraph)
    for block in document.blocks:
        lines += writer.lines(block)
    if document.left_out:
        omitted = f"{document.left_out} left out because they are marked above {document.marking}."
        lines += ["", omitted]
    if writer.hidden:
        lines += ["", *_wrap(f"{more}: {_first_named(writer.hidden)}.")]
    made = "\n".join(lines) + "\n"
    return made if is_for_program else straight(made)


def _first_named(titles: Iterable[str]) -> str:
    """Return the first titles, each once, and the number of the others."""
    distinct = list(dict.fromkeys(titles))
    named = "; ".join(distinct[:NAMED])
    others = len(distinct) - NAMED
    return f"{named}; and {others} more" if others > 0 else named


class _Writer:
    def __init__(self, why: bool, piped: bool, command: Writer | None) -> None:
        self.why = why
        self.piped = piped
        self.command = command
        self.hidden: list[str] = []

    def lines(self, block: Block, indent: str = "") -> Iterator[str]:
        """Yield the lines of a block; note the titles of details that are not printed."""
        if isinstance(block, Say):
            yield from self._say(block, indent)
        elif isinstance(block, Finding):
            yield from self._finding(block, indent)
        elif isinstance(block, Facts):
            for name, value in block.facts:
                line = f"{name}: {cell(value)}"
                if self.piped:
                    yield line
                else:
                    yield from _wrap(line, indent, indent + "  ")
        elif isinstance(block, Series) and not block.listing:
            yield from _sparks(block, indent + "  ")
        elif isinstance(block, Table | Rows | Series):
            yield from self._table(as_table(block))
        elif isinstance(block, Section):
            if block.detail and not self.why:
                self.hidden.append(block.title)
                return
            yield from ("", *_wrap(block.title))
            for inner in block.blocks:
                yield from self.lines(inner)
        elif isinstance(block, Next):
            command = self.command(block.ask, block.pair) if block.ask and self.command else ""
            words = f"{block.words.rstrip('.')}: {command}" if command else block.words
            yield from _wrap(words, indent, indent + "  ")

    def _say(self, say: Say, indent: str) -> Iterator[str]:
        if say.role == "paste":
            yield from (indent + line for line in say.text.splitlines())
            return
        mark = _ROLES[say.role]
        yield from _wrap(mark + say.text, indent, indent + " " * len(mark))

    def _finding(self, finding: Finding, indent: str) -> Iterator[str]:
        figures = " → ".join(figure_text(f) for f in (finding.then, finding.now) if f)
        yield from _wrap(finding.sentence, indent, indent)
        for line in filter(None, (figures, finding.so_what, finding.would_change, finding.quiet)):
            yield from _wrap(line, indent + "  ", indent + "  ")

    def _table(self, table: Table) -> Iterator[str]:
        if table.detail and not self.why and not self.piped:
            self.hidden.append(table.title or "a table")
            return
        if self.piped and table.listing:
            yield "\t".join(c.name for c in table.columns)
            for row in table.rows:
                cells = zip(row, table.columns, strict=True)
                yield "\t".join(_one_line(value, column) for value, column in cells)
            return
        if table.title:
            yield from ("", *_wrap(table.title))
        shown = (
            table.rows[: table.first or MOST_ROWS] if table.listing and not self.why else table.rows
        )
        yield from columns(table.columns, shown, most=MOST_LINES if table.listing else MOST_ROWS)
        total = max(table.total, len(table.rows))
        if total > len(shown):
            yield f"{len(shown):,} of {total:,} rows."


def _one_line(value: Cell, column: Column) -> str:
    """Return a cell for a program: on one line, and blank where there is no value."""
    return "" if value is None else " ".join(cell(value, column).split())


def as_table(b: Table | Rows | Series, *, named: bool = False) -> Table:
    """Return the table that shows rows or a series; ``named`` writes the groups of a series out."""
    if isinstance(b, Table):
        return b
    if isinstance(b, Series):
        points = [replace(p, group=group(p.group)) for p in b.points] if named else b.points
        return Table(POINTS, tuple(map(point_row, points)), b.title, listing=b.listing)
    rows = tuple(tuple(map(_as_written, row)) for row in b.first)
    return Table(tuple(map(Column, b.columns)), rows, b.title, b.total, listing=b.listing)


def _as_written(value: Cell) -> str | None:
    return None if value is None else str(value)


def _sparks(series: Series, indent: str) -> Iterator[str]:
    """Yield a line for each of the first groups: its first and last period, and bars between.

    All groups have one scale, which includes zero.
    """
    yield from _wrap(series.title, indent, indent)
    groups = list(dict.fromkeys([*series.focus, *(p.group for p in series.points)]))
    drawn: dict[str, list[tuple[str, float]]] = {name: [] for name in groups[:MOST_GROUPS]}
    for point in series.points:
        if point.group in drawn and point.value is not None and not point.open:
            drawn[point.group].append((point.period, point.value))
    values = [0.0]
    for points in drawn.values():
        values += [value for _, value in points]
    low = min(values)
    span = max(values) - low or 1.0
    highest = len(_BARS) - 1
    for name, points in drawn.items():
        if len(points) < 2:
            continue
        label = f" {group(name)}" if len(groups) > 1 else ""
        last = points[-1][0]
        room = WIDTH - len(f"{indent}{points[0][0]}  {last}{label}")
        points = points[-min(MOST_POINTS, room) :]
        bars = "".join(_BARS[round(highest * (value - low) / span)] for _, value in points)
        yield f"{indent}{points[0][0]} {bars} {last}{label}"


def point_row(point: Point) -> tuple[str | float | None, ...]:
    """Return a point as a row of a series' table."""
    value = None if point.unrecorded else point.value
    return point.period, point.group, value, interval(point.low, point.high), point.kind, point.note


def _wrap(words: str, first: str = "", after: str = "") -> list[str]:
    """Fold a paragraph to the width."""
    return textwrap.wrap(
        " ".join(words.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=after,
        break_on_hyphens=False,
    )


def columns(
    headings: Sequence[Column], rows: Iterable[Sequence[Cell]], most: int = MOST_LINES
) -> Iterator[str]:
    """Yield the lines of a table that fits the width, without its empty columns.

    Numbers are aligned to the right. The widest columns of words are folded; a cell has no more
    than ``most`` lines.
    """
    values = list(rows)
    body = [[cell(v, c) for v, c in zip(r, headings, strict=True)] for r in values]
    names = [heading.name for heading in headings]
    shown = [i for i in range(len(headings)) if not body or _has_content(body, i)]
    right = {i for i in shown if _is_of_numbers(headings[i], [row[i] for row in values])}
    widths = _widths(names, body, shown, right)
    yield from _table_lines(names, widths, right, MOST_ROWS)
    for line in body:
        yield from _table_lines(line, widths, right, most)


def _table_lines(
    cells: Sequence[str], widths: dict[int, int], right: set[int], most: int
) -> Iterator[str]:
    """Yield the lines of one row of a table."""
    folded = {i: _folded(cells[i], width, most) for i, width in widths.items()}
    for parts in zip_longest(*folded.values(), fillvalue=""):
        aligned = [
            part.rjust(widths[i]) if i in right else part.ljust(widths[i])
            for i, part in zip(folded, parts, strict=True)
        ]
        yield "  ".join(aligned).rstrip()


def _has_content(body: Sequence[Sequence[str]], column: int) -> bool:
    """Return whether any cell of a column is more than a blank or a dash."""
    return any(row[column].strip() not in ("", NONE) for row in body)


def _is_of_numbers(heading: Column, values: Sequence[Cell]) -> bool:
    """Return whether a column is declared to have numbers, or has one."""
    return bool(heading.number) or any(is_number(heading, value) for value in values)


def _widths(
    names: Sequence[str], body: Sequence[Sequence[str]], shown: Sequence[int], right: set[int]
) -> dict[int, int]:
    """Return the width of each column that is shown; the widest is narrowed until the table fits.

    Headings are folded first, then cells between their words, then words. A number stays on its
    line.
    """
    longest = {i: max((len(row[i]) for row in body), default=0) for i in shown}
    widths = {i: max(len(names[i]), longest[i]) for i in shown}
    numbers = {i: max(_longest_word(names[i]), longest[i]) for i in right}
    words = [i for i in shown if i not in right]
    whole_words = {i: _longest_word(names[i], *(row[i] for row in body)) for i in words}
    whole_cells = {i: max(_longest_word(names[i]), longest[i]) for i in words}
    broken_words = dict.fromkeys(words, LEAST_WORDS)
    room = WIDTH - 2 * (len(shown) - 1)
    _narrow(widths, whole_cells | numbers, room)
    _narrow(widths, whole_words | numbers, room)
    _narrow(widths, broken_words | numbers, room)
    return widths


def _narrow(widths: dict[int, int], least: dict[int, int], room: int) -> None:
    """Take the widest column in by one until all fit, or each has its least width."""
    while sum(widths.values()) > room:
        wider = [i for i in widths if widths[i] > least[i]]
        if not wider:
            return
        widths[max(wider, key=widths.__getitem__)] -= 1


def _longest_word(*texts: str) -> int:
    """Return the length of the longest word, up to ``LONGEST_WORD``."""
    lengths = [len(word) for text in texts for word in text.split()]
    return min(LONGEST_WORD, max(lengths, default=LEAST_WORDS))


def _folded(words: str, width: int, most: int) -> list[str]:
    """Return the lines of a cell, the last cut off where there is more."""
    lines = textwrap.wrap(words, width) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]
