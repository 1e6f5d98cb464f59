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
    Say,
    Section,
    Series,
    Table,
)
from bilat.document.chart import NARROW, coloured, svg
from bilat.document.text import as_table
from bilat.document.wording import day
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


def document_date(document: Document) -> dt.date:
    """The date that a file of the document bears."""
    return document.as_of.date if document.as_of else dt.date.today()


def paper_of(document: Document, *, annex: bool = False) -> Paper:
    """What the paper says, in the order of its pages; ``annex`` adds what lies one click down."""
    cited = "; ".join(f"{s.citation} [{s.grade}]" for s in document.sources)
    blocks = _group_topics(x for b in document.blocks for x in _blocks(b, 2, annex))
    return {
        "title": document.title,
        "summary": list(document.summary),
        "footer": f"bilat, as of {day(document_date(document))}"
        + (f", data version {document.holdings}" if document.holdings else ""),
        "marking": str(document.marking or ""),
        "blocks": [*blocks, *([_text(f"Sources: {cited}", quiet=True)] if cited else [])],
    }


def _group_topics(blocks: Iterable[PaperBlock]) -> Iterator[PaperBlock]:
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


def _blocks(block: Block, level: int, annex: bool) -> Iterator[PaperBlock]:
    """Yield what paper shows of a block, its headings at a level."""
    if isinstance(block, Section):
        yield from _section(block, level, annex)
    elif isinstance(block, Say):
        yield _say(block)
    elif isinstance(block, Finding):
        yield from _finding(block)
    elif isinstance(block, Facts):
        rows = tuple((name, cell(value)) for name, value in block.facts)
        yield _table(Table((Column(""), Column("")), rows))
    elif isinstance(block, Next):
        yield _text(block.words, quiet=True)
    else:
        drawing = svg(block) if isinstance(block, Series) and not block.listing else ""
        if isinstance(block, Series) and drawing:
            yield {"kind": "chart", "svg": coloured(drawing), "caption": block.caption}
            return
        table = as_table(block)
        if annex or not table.detail:
            yield _table(table)


def _section(section: Section, level: int, annex: bool) -> Iterator[PaperBlock]:
    """Yield a topic, or a heading and what stands below it; details belong to the annex."""
    if section.topic is not None:
        yield _topic(section.title, *section.topic)
        return
    if section.detail and not annex:
        return
    yield {"kind": "heading", "level": level, "text": section.title}
    for block in section.blocks:
        yield from _blocks(block, level + 1, annex)


def _say(say: Say) -> PaperBlock:
    if say.role == "paste":
        return {"kind": "paste", "text": say.text}
    return _text(say.text, quiet=say.role == "note")


def _finding(finding: Finding) -> Iterator[PaperBlock]:
    """Yield the sentence of a finding, and its figures and what follows in smaller type."""
    topic = f"{finding.topic}. " if finding.topic else ""
    yield _text(topic + finding.sentence)
    figures = " → ".join(figure_text(f) for f in (finding.then, finding.now) if f)
    parts = (figures, finding.so_what, finding.would_change, finding.quiet)
    if rest := " ".join(part for part in parts if part):
        yield _text(rest, quiet=True)


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
