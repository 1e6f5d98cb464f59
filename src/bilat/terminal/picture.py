# SPDX-License-Identifier: Apache-2.0
"""The picture in a terminal: the bottom line and the ledger, in 80 columns; plain words elsewhere."""

from __future__ import annotations

import re
import sys
import textwrap
from typing import IO, TYPE_CHECKING

from bilat.document import wording as words
from bilat.picture.findings import watch
from bilat.picture.story import Entry, by_chapter, chapter_title
from bilat.terminal.shown import console
from bilat.verdicts.judgement import VERDICTS

if TYPE_CHECKING:
    from bilat.picture.compose import Picture

WIDTH = 80


def show(picture: Picture, file: IO[str] | None = None) -> None:
    """Print the picture: a table on a terminal, words when the output is kept in a file or piped."""
    out = file or sys.stdout
    if out.isatty():
        _table(picture, out)
    else:
        out.write(plain(picture))


def visible(text: str) -> str:
    """The text without the terminal's control sequences."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def plain(picture: Picture, width: int = WIDTH) -> str:
    """The bottom line and the ledger in words, no line longer than ``width``."""
    lines = [picture.title, f"As of {words.day(picture.as_of.date)}.", ""]
    lines += textwrap.wrap(picture.headline, width)
    for head, told in _first(picture):
        lines += ["", head.upper()]
        for i, text in enumerate(told, 1):
            lines += textwrap.wrap(f"{i}. {text}", width, subsequent_indent="   ", break_long_words=True)
    if picture.bottom_line:
        lines += ["", "BOTTOM LINE"]
    for i, line in enumerate(picture.bottom_line, 1):
        lines += textwrap.wrap(
            f"{i}. {line.topic}: {line.sentence}", width, subsequent_indent="   ", break_long_words=True
        )
        if line.entry.change:
            lines += textwrap.wrap(
                words.sentence(line.entry.change), width, initial_indent="   ", subsequent_indent="   "
            )
    for chapter, entries in by_chapter(picture.entries):
        lines += ["", chapter_title(chapter).upper()]
        for e in entries:
            verdict = e.now.marked
            if e.then:
                same = e.then.marked == e.now.marked
                verdict = f"{verdict}, then and now" if same else f"then {e.then.marked}, now {verdict}"
                verdict = f"{verdict} ({e.moved})" if e.moved else verdict
            verdict = f"{verdict}; {e.record}" if e.record else verdict
            lines += textwrap.wrap(
                f"{e.id}  {e.now.claim}", width, subsequent_indent="    ", break_long_words=True
            )
            lines += textwrap.wrap(
                f"{words.sentence(verdict)} {words.sentence(words.prose(e.now.why))}",
                width,
                initial_indent="    ",
                subsequent_indent="    ",
            )
            for d in e.now.dissents:
                lines += textwrap.wrap(
                    words.sentence(f"dissent by {d.who} as of {d.as_of} ({d.marking}): {d.verdict}; {d.why}"),
                    width, initial_indent="    ", subsequent_indent="    ", break_long_words=True,
                )  # fmt: skip
    if picture.out is not None:
        lines += ["", f"The picture lies in {picture.out / 'index.html'}"]
    return "\n".join(lines) + "\n"


def _first(picture: Picture) -> list[tuple[str, list[str]]]:
    """The first screen: what stands out, what to watch; a part without a line is left out."""
    parts = [
        (
            "What stands out",
            [" ".join(filter(None, (f"{f.sentence} ({f.entry.id})", f.but))) for f in picture.findings],
        ),
        (
            "What to watch",
            [f"{w.entry.id} {w.what}: {w.sentence} {w.distance}." for w in watch(picture.entries)],
        ),
    ]
    return [(head, told) for head, told in parts if told]


def _table(picture: Picture, out: IO[str]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    paper = console(out, highlight=False)
    paper.width = min(WIDTH, paper.width)
    paper.print(Text(picture.title, style="bold"))
    paper.print(f"As of {words.day(picture.as_of.date)}. {picture.headline}\n")
    for head, lines in _first(picture):
        paper.print(Text(head, style="bold"))
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=2, justify="right")
        grid.add_column()
        for i, said in enumerate(lines, 1):
            grid.add_row(f"{i}", Text(said))
        paper.print(grid)
        paper.print()
    for i, line in enumerate(picture.bottom_line, 1):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=2, justify="right")
        grid.add_column()
        told = Text(line.sentence)
        if line.entry.change:
            told.append(f" {words.sentence(line.entry.change)}", style="dim")
        grid.add_row(f"{i}", told)
        paper.print(grid)
    paper.print()
    since = f"Then ({picture.since})" if picture.since else "Then"
    for chapter, entries in by_chapter(picture.entries):
        table = Table(
            box=box.SIMPLE_HEAD,
            title=Text(chapter_title(chapter), style="bold"),
            title_justify="left",
            padding=(0, 1, 0, 0),
            expand=True,
        )
        table.add_column("Claim", ratio=5)
        table.add_column(since, width=12)
        table.add_column("Now", width=12)
        table.add_column("Why", ratio=6)
        for e in entries:
            table.add_row(
                Text(f"{e.id} {e.now.claim}"),
                _mark(e, now=False),
                _mark(e, now=True),
                Text(words.sentence(words.prose(e.now.why))),
            )
            for d in e.now.dissents:
                table.add_row(
                    "", "", f"{VERDICTS[d.verdict]} {d.verdict}", Text(f"{d.who} ({d.marking}): {d.why}")
                )
        paper.print(table)
    if picture.out is not None:
        paper.print(f"The picture lies in {picture.out / 'index.html'}", soft_wrap=True, markup=False)


def _mark(e: Entry, *, now: bool) -> str:
    j = e.now if now else e.then
    if j is None:
        return ""
    text = f"{VERDICTS.get(j.verdict, '?')} {j.verdict}"
    return f"[bold]{text}[/bold]" if now and e.moved else text
