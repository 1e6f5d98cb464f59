# SPDX-License-Identifier: Apache-2.0
"""A document as paper has it: headings, paragraphs, tables, charts; what lies one click down comes
as an annex.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypedDict

from bilat.document.blocks import (
    Block,
    Column,
    Document,
    Facts,
    Finding,
    Next,
    Rows,
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.chart import NARROW, coloured, svg
from bilat.document.text import as_table
from bilat.document.words import cell, figure_text, is_number

#: Rows of a table that paper shows; the rest is counted.
MOST_ROWS = 40


class PaperBlock(TypedDict, total=False):
    """A block as document.typ sets it: ``kind`` says which of the others there are."""

    kind: str
    level: int
    topic: str
    title: str
    text: str
    so: str
    quiet: bool | str
    svg: str
    caption: str
    items: list[PaperBlock]
    heads: list[str]
    rows: list[list[str]]
    right: list[bool]
    widths: list[int]
    more: str


class Paper(TypedDict):
    """What the paper says, as document.typ takes it."""

    title: str
    summary: list[str]
    footer: str
    marking: str
    blocks: list[PaperBlock]


def day_of(document: Document) -> dt.date:
    """The date that a file of the document bears."""
    return document.as_of.date if document.as_of else dt.date.today()


def told(document: Document, *, annex: bool = False) -> Paper:
    """What the paper says, in the order of its pages; ``annex`` adds what lies one click down."""
    cited = "; ".join(f"{s.citation} [{s.grade}]" for s in document.sources)
    blocks = _gathered(x for b in document.blocks for x in _blocks(b, 2, annex))
    return {
        "title": document.title,
        "summary": list(document.summary),
        "footer": f"bilat, as of {day_of(document)}"
        + (f", holdings {document.holdings}" if document.holdings else ""),
        "marking": str(document.marking or ""),
        "blocks": [*blocks, *([_text(f"Sources: {cited}", quiet=True)] if cited else [])],
    }


def _gathered(blocks: Iterable[PaperBlock]) -> Iterator[PaperBlock]:
    """The blocks with topics that follow one another in one grid, as the first page of the site has
    them.
    """
    for topics, run in groupby(blocks, lambda b: b["kind"] == "topic"):
        if topics:
            yield {"kind": "topics", "items": [*run]}
        else:
            yield from run


def _topic(title: str, f: Finding, series: Series | None) -> PaperBlock:
    """A finding with its chart, for a column of a page."""
    drawn = svg(series, NARROW) if series else ""
    return {
        "kind": "topic",
        "topic": f.topic,
        "title": title,
        "text": f.sentence,
        "so": f.so_what,
        "svg": coloured(drawn),
        "caption": series.caption if series and drawn else "",
        "quiet": f.quiet,
    }


def _blocks(b: Block, level: int, annex: bool) -> Iterator[PaperBlock]:
    if isinstance(b, Section) and b.topic is not None:
        yield _topic(b.title, *b.topic)
    elif isinstance(b, Section):
        if not b.detail or annex:
            yield {"kind": "heading", "level": level, "text": b.title}
            for inner in b.blocks:
                yield from _blocks(inner, level + 1, annex)
    elif isinstance(b, Say):
        yield (
            {"kind": "paste", "text": b.text}
            if b.role == "paste"
            else _text(b.text, quiet=b.role == "note")
        )
    elif isinstance(b, Finding):
        yield _text(f"{b.topic}. {b.sentence}" if b.topic else b.sentence)
        figures = " → ".join(figure_text(f) for f in (b.then, b.now) if f)
        rest = " ".join(x for x in (figures, b.so_what, b.would_change, b.quiet) if x)
        if rest:
            yield _text(rest, quiet=True)
    elif isinstance(b, Facts):
        yield _table(Table((Column(""), Column("")), tuple((k, cell(v)) for k, v in b.facts)))
    elif isinstance(b, Next):
        yield _text(b.words, quiet=True)
    elif isinstance(b, Series) and not b.listing and (drawn := svg(b)):
        yield {
            "kind": "chart",
            "svg": coloured(drawn),
            "caption": b.caption,
        }
    elif isinstance(b, Table | Rows | Series):
        table = as_table(b)
        if not table.detail or annex:
            yield _table(table)


def _text(words: str, *, quiet: bool = False) -> PaperBlock:
    return {"kind": "text", "text": words, "quiet": quiet}


def _table(t: Table) -> PaperBlock:
    shown = t.rows[:MOST_ROWS]
    texts = [[cell(v, c) for v, c in zip(r, t.columns, strict=True)] for r in shown]
    longest = [max([len(c.name), *(len(r[i]) for r in texts)]) for i, c in enumerate(t.columns)]
    total = max(t.total, len(t.rows))
    return {
        "kind": "table",
        "title": t.title,
        "heads": [c.name for c in t.columns],
        "rows": texts,
        "right": [any(is_number(c, r[i]) for r in shown) for i, c in enumerate(t.columns)],
        "widths": [min(40, max(6, n)) for n in longest],
        "more": f"{len(shown):,} of {total:,} rows" if total > len(shown) else "",
    }
