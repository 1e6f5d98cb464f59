# SPDX-License-Identifier: Apache-2.0
"""A document for print: headings, paragraphs, tables and charts, with its details as an annex."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypedDict

from bilat.document.blocks import (
    Block,
    Cell,
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
from bilat.document.typography import typeset, typeset_number
from bilat.document.wording import day
from bilat.document.words import cell, figure_text, is_number

#: The most rows of a table in print; a line below it gives the number of all.
MOST_ROWS = 40
#: The least and the most characters of a column's width.
NARROWEST = 6
WIDEST = 40
#: Letters up to which a column beside longer ones is as wide as its texts.
SHORT = 14


class PaperBlock(TypedDict, total=False):
    """A block for the template document.typ; its ``kind`` decides which other fields it has."""

    kind: str
    level: int
    topic: str
    title: str
    text: str
    so: str
    quiet: bool | str  #: whether a text is in smaller type; of a topic, its remark in smaller type
    svg: str
    caption: str
    items: list[PaperBlock]
    heads: list[str]
    rows: list[list[str]]
    right: list[bool]
    widths: list[int]
    more: str


class Paper(TypedDict):
    """A printed document, as the template document.typ takes it."""

    title: str
    summary: list[str]
    footer: str
    marking: str
    blocks: list[PaperBlock]


def document_date(document: Document) -> dt.date:
    """Return the date of a document: its as-of date, or today."""
    return document.as_of.date if document.as_of else dt.date.today()


def paper_of(document: Document, *, annex: bool = False) -> Paper:
    """Return a document for print, with typographic marks; ``annex`` adds its details."""
    blocks: list[PaperBlock] = []
    for block in document.blocks:
        blocks += _blocks(block, 2, annex)
    printed = list(_group_topics(blocks))
    if document.sources:
        cited = "; ".join(f"{source.citation} [{source.grade}]" for source in document.sources)
        printed.append(_text(f"Sources: {cited}", quiet=True))
    footer = f"bilat, as of {day(document_date(document))}"
    if document.holdings:
        footer += f", data version {document.holdings}"
    return {
        "title": typeset(document.title),
        "summary": [typeset(sentence) for sentence in document.summary],
        "footer": footer,
        "marking": str(document.marking or ""),
        "blocks": printed,
    }


def with_note(paper: Paper, note: str) -> Paper:
    """Return a printed document with a quiet line at its end."""
    return {**paper, "blocks": [*paper["blocks"], _text(note, quiet=True)]}


def _group_topics(blocks: Iterable[PaperBlock]) -> Iterator[PaperBlock]:
    """Yield the blocks, with consecutive topics in one grid as on the first page of the site."""
    for is_topic, run in groupby(blocks, lambda block: block["kind"] == "topic"):
        if is_topic:
            yield {"kind": "topics", "items": [*run]}
        else:
            yield from run


def _topic(title: str, finding: Finding, series: Series | None) -> PaperBlock:
    """Return a finding with its chart, for a column of a page."""
    drawn = svg(series, NARROW) if series else ""
    return {
        "kind": "topic",
        "topic": typeset(finding.topic),
        "title": typeset(title),
        "text": typeset(finding.sentence),
        "so": typeset(finding.so_what),
        "svg": coloured(drawn),
        "caption": typeset(series.caption) if series and drawn else "",
        "quiet": typeset(finding.quiet),
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
    elif isinstance(block, Series) and not block.listing and (drawing := svg(block)):
        yield {"kind": "chart", "svg": coloured(drawing), "caption": typeset(block.caption)}
    else:
        table = as_table(block, named=True)
        if annex or not table.detail:
            yield _table(table)


def _section(section: Section, level: int, annex: bool) -> Iterator[PaperBlock]:
    """Yield a topic, or a heading and what stands below it; details belong to the annex."""
    if section.topic is not None:
        yield _topic(section.title, *section.topic)
        return
    if section.detail and not annex:
        return
    yield {"kind": "heading", "level": level, "text": typeset(section.title)}
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
    return {"kind": "text", "text": typeset(words), "quiet": quiet}


def _cells(table: Table, row: Sequence[Cell]) -> list[str]:
    """Return the texts of a row."""
    texts = []
    for value, column in zip(row, table.columns, strict=True):
        text = typeset(cell(value, column))
        texts.append(typeset_number(text) if is_number(column, value) else text)
    return texts


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the share of each column in the width of a table.

    Beside a column of longer texts, a short one is as wide as its texts: 0. A date that its share
    is too narrow for would run into the next column.
    """
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if max(longest) > SHORT:
        return [0 if width <= SHORT else min(WIDEST, width) for width in longest]
    return [max(NARROWEST, width) for width in longest]


def _table(table: Table) -> PaperBlock:
    shown = table.rows[:MOST_ROWS]
    texts = [_cells(table, row) for row in shown]
    total = max(table.total, len(table.rows))
    block: PaperBlock = {
        "kind": "table",
        "title": typeset(table.title),
        "heads": [typeset(column.name) for column in table.columns],
        "rows": texts,
        "right": [],
        "widths": [],
        "more": f"{len(shown):,} of {total:,} rows" if total > len(shown) else "",
    }
    block["widths"] = _widths([block["heads"], *texts])
    for place, column in enumerate(table.columns):
        block["right"].append(any(is_number(column, row[place]) for row in shown))
    return block
