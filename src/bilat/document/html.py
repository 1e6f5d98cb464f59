# SPDX-License-Identifier: Apache-2.0
"""A document as HTML: the body of a page, and what a notebook shows."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from itertools import groupby
from urllib.parse import quote

from bilat.document import chart
from bilat.document.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Finding,
    Next,
    Rows,
    Say,
    Section,
    Series,
    SourceRef,
    Table,
    is_topic,
)
from bilat.document.commands import Writer
from bilat.document.plot import points_csv
from bilat.document.strokes import Size
from bilat.document.text import as_table
from bilat.document.typography import typeset_number
from bilat.document.wording import day, slug, unit_name
from bilat.document.words import cell, figure_text, is_address, is_number, site
from bilat.subject import pair_of
from bilat.units.notation import count_text

#: Rows of a listing that a page shows; the rest is counted.
MOST_ROWS = 200


@dataclass(frozen=True)
class Surface:
    """What the place where a document is shown can do; ``link`` gives an address, or a command, for a question."""

    page: bool = True  #: a page gives the colours of charts, and room that is wide or narrow; a notebook does not
    link: Writer | None = None
    command: Writer | None = None
    marked: bool = False  #: the page around it shows the marking
    cite: str = (
        ""  #: what a chart is cited as, after its publishers; without it none can be taken away
    )
    source: str = ""  #: the publishers of the document, for a chart that names none itself
    leads: bool = False  #: the next topic is the lead, whose chart takes the whole width
    #: the address at which a chart stands alone, for another page to embed, by its key
    alone: Callable[[Series, str], str] | None = None

    def sourced(self, series: Series) -> Series:
        """The chart with its source: its own, or the publishers of the document around it."""
        return replace(series, source=series.source or self.source)

    def draw(self, series: Series, size: Size | None = None, wide: Size = chart.WIDE) -> str:
        """Return a chart of a size; without one for a wide and for a narrow screen."""
        if not self.page:
            return chart.coloured(chart.svg(series, size or chart.WIDE))
        drawn = chart.svg(series, size or wide)
        if size or not drawn:
            return drawn
        narrow = chart.svg(series, chart.NARROW)
        return f'<div class="plot wide">{drawn}</div><div class="plot narrow">{narrow}</div>'


#: A notebook: nothing can be followed, and no page gives the colours.
PLAIN = Surface(page=False)
#: A page on which nothing can be followed.
PAGE = Surface()
#: Pixels below a drawing for its title, unit and source.
CAPTION = 175


#: Signs that may stand in an address and in an attribute as they are.
_AS_IT_IS = " '()*,-./:;=?@_~!$+|"


def key_of(series: Series, topic: str = "") -> str:
    """Return the key of a chart in its document, which a new figure does not change."""
    return slug(topic or series.subtitle or series.title)


def frame_of(series: Series, address: str) -> str:
    """Return the line that embeds a chart, which shows its newest figures as long as it stands."""
    size = chart.SIZES["column"]
    return (
        f'<iframe src="{escape(address)}" title="{escape(series.title or series.subtitle)}" '
        f'width="{size.width}" height="{size.height + CAPTION}" loading="lazy"></iframe>'
    )


def take_away(series: Series, name: str, cite: str, address: str = "") -> str:
    """What a reader takes of a chart, without a script: SVG of 16:9 and square, figures as CSV, the
    line that embeds it from an address, and the citation of figure and publishers."""
    links = []
    source = f"{series.notes} · {cite}".strip(" ·")
    for words, size in (("16:9", "slide"), ("square", "square")):
        drawn = chart.standalone(series, chart.SIZES[size], cite=cite)
        data = quote(drawn.replace("'", "&#39;").replace('"', "'"), safe=_AS_IT_IS)
        links.append(
            f'<a class="svg" download="{name}-{size}.svg" href="data:image/svg+xml,{data}">SVG {words}</a>'
        )
    data = base64.b64encode(points_csv(series).encode()).decode()
    links.append(f'<a download="{name}.csv" href="data:text/csv;base64,{data}">CSV</a>')
    says = f"{series.title or series.subtitle}. {source}."
    line = escape(frame_of(series, address)) if address else ""
    embed = f'<p>Embed: <code class="embed">{line}</code></p>' if line else ""
    return (
        f'<details class="tools"><summary>Reuse</summary><p>{" ".join(links)}</p>'
        f"<p>Cite: {escape(says)}</p>{embed}</details>"
    )


def chart_in(page: str, key: str) -> tuple[str, str] | None:
    """Return the title and the HTML of a chart of a page by its key; None where it has none."""
    found = re.search(
        rf'<figure class="(?:chart|plot)" data-chart="{re.escape(key)}"'
        r'(?: data-title="([^"]*)")?>.*?</figure>',
        page,
        re.DOTALL,
    )
    return (unescape(found[1] or ""), found[0]) if found else None


def chart_alone(series: Series) -> str:
    """Return a chart with its title, unit, source and figures, for a page that holds it alone."""
    named = replace(series, title=series.title or series.subtitle)
    return "\n".join(_block(named, PAGE, 1))


def fragment(document: Document, surface: Surface = PLAIN, *, level: int = 1) -> str:
    """The document as HTML without a page around it; headings begin at ``level``."""
    return "\n".join(_document(document, surface, level))


def _document(d: Document, surface: Surface, level: int) -> Iterator[str]:
    if surface.cite:
        said = (
            f"from \u201c{d.title.rstrip('.')}\u201d",
            surface.cite,
            day(d.as_of.date) if d.as_of else "",
            f"data version {d.holdings}" if d.holdings else "",
            str(d.marking or ""),
        )
        surface = replace(surface, cite=", ".join(x for x in said if x))
    surface = replace(surface, source=source_line(d.sources) or surface.source)
    if d.marking and not surface.marked:
        yield f'<p class="marking" role="note">{escape(str(d.marking))}</p>'
    yield f'<section class="lead"><h{level}>{escape(d.title)}</h{level}>'
    for i, sentence in enumerate(d.summary):
        yield f'<p class="{"plain" if i else "answer"}">{escape(sentence)}</p>'
    yield "</section>"
    yield from _blocks(d.blocks, surface, level + 1)
    if d.left_out:
        yield f'<p class="note">{d.left_out} left out because they are marked above {escape(str(d.marking))}.</p>'
    if d.sources:
        yield '<details class="sources"><summary>Sources</summary><ul>'
        for s in d.sources:
            web = s.url.startswith(("https://", "http://"))
            link = (
                f' <a href="{escape(s.url)}" rel="noreferrer">{escape(s.url)}</a>'
                if web
                else f" {escape(s.url)}"
            )
            yield f"<li>{escape(s.citation)} [{escape(s.grade)}], {escape(s.licence)}{link}</li>"
        yield "</ul></details>"


#: Publishers that a source line names; the others are counted.
MOST_PUBLISHERS = 3


def source_line(refs: Sequence[SourceRef]) -> str:
    """Return the publishers in one short line; blank where there are none."""
    from bilat.catalog import sources  # here: the first page of help does without PyArrow

    known = sources()
    producers = [known[r.name].producer if r.name in known else r.title for r in refs]
    names = list(dict.fromkeys(p for p in producers if p))
    if not names:
        return ""
    rest = len(names) - MOST_PUBLISHERS
    more = f" and {count_text(rest, 'others')}" if rest > 0 else ""
    return f"{'; '.join(names[:MOST_PUBLISHERS])}{more}"


def _blocks(blocks: Sequence[Block], surface: Surface, level: int) -> Iterator[str]:
    """Topics in columns, what stands beside them in halves."""
    for topics, run in groupby(blocks, is_topic):
        kind = "topics" if topics else "halves" if any(map(is_topic, blocks)) else ""
        yield f'<div class="{kind}">' if kind else ""
        for place, block in enumerate(run):
            leads = topics and place == 0
            yield from _block(block, replace(surface, leads=leads), level)
        yield "</div>" if kind else ""


def _block(block: Block, surface: Surface, level: int) -> Iterator[str]:
    if isinstance(block, Say):
        yield _paragraph(block)
    elif isinstance(block, Finding):
        yield from _finding(block, surface, level)
    elif isinstance(block, Facts):
        yield (
            "<dl>"
            + "".join(f"<dt>{escape(k)}</dt><dd>{escape(cell(v))}</dd>" for k, v in block.facts)
            + "</dl>"
        )
    elif isinstance(block, Series):
        yield from _chart(surface.sourced(block), surface, level)
    elif isinstance(block, Table | Rows):
        yield from _table(as_table(block, named=True))
    elif isinstance(block, Section) and block.topic is not None:
        yield from _topic(block.title, *block.topic, surface, level)
    elif isinstance(block, Section):
        yield _section(block, surface, level)
    elif isinstance(block, Next):
        yield _next(block, surface)


def _chart(b: Series, surface: Surface, level: int) -> Iterator[str]:
    """A chart with its figures behind a click; the bare figures where nothing is drawn."""
    drawn = surface.draw(b, wide=chart.FULL)
    title = f"<h{level}>{escape(b.title)}</h{level}>" if b.title else ""
    yield (
        f'<figure class="chart" data-chart="{key_of(b)}"><figcaption>{title}'
        f'<p class="sub">{escape(b.subtitle or unit_name(b.unit))}</p></figcaption>{drawn}'
    )
    table = "".join(_table(as_table(b, named=True)))
    yield _figures(table) if drawn else table
    yield f'<p class="foot">{escape(b.notes)}</p>' if b.notes else ""
    name = slug(b.title or b.subtitle)
    yield _tools(b, name, key_of(b), surface) if drawn and surface.cite else ""
    yield "</figure>"


def _section(section: Section, surface: Surface, level: int) -> str:
    """A section under a heading; a detail is behind a click, and its charts are not to be taken."""
    if section.detail:
        # A summary is no heading: those below it are of its level.
        inner = "\n".join(_blocks(section.blocks, replace(surface, cite=""), level))
        return f"<details><summary>{escape(section.title)}</summary>{inner}</details>"
    inner = "\n".join(_blocks(section.blocks, surface, level + 1))
    return f"<section><h{level}>{escape(section.title)}</h{level}>{inner}</section>"


def _paragraph(say: Say) -> str:
    """Return a paragraph; a text to be copied keeps its lines, and scrolls by keyboard too."""
    if say.role == "paste":
        return f'<pre class="paste" tabindex="0">{escape(say.text)}</pre>'
    return f'<p class="{say.role}">{escape(say.text)}</p>'


def _topic(
    title: str, finding: Finding, series: Series | None, surface: Surface, level: int
) -> Iterator[str]:
    """A finding with its chart, in a column of a page; on a phone what follows is one touch down."""
    link = (
        surface.link(finding.ask, pair_of(finding.subject)) if finding.ask and surface.link else ""
    )
    head = f'<a href="{escape(link)}">{escape(title)}</a>' if link else escape(title)
    kind = "topic lead-topic" if surface.leads else "topic"
    yield f'<section class="{kind}"><p class="kicker">{escape(finding.topic)}</p>'
    yield f"<h{level}>{head}</h{level}>"
    yield f"<p>{escape(finding.sentence)}</p>" if finding.sentence else ""
    series = surface.sourced(series) if series else None
    size = None if surface.leads else chart.NARROW
    drawn = surface.draw(series, size, chart.LEAD) if series else ""
    if series and drawn:
        caption = f'<figcaption class="quiet">{escape(series.caption)}</figcaption>'
        key = key_of(series, finding.topic)
        named_as = f'data-chart="{key}" data-title="{escape(title)}"'
        yield f'<figure class="plot" {named_as}>{drawn}{caption}</figure>'
    yield '<details class="drawn" open><summary>More</summary>'
    yield f"<p>{escape(finding.so_what)}</p>" if finding.so_what else ""
    if series and drawn and surface.cite:
        named = replace(series, title=title)
        yield _figures("".join(_table(as_table(series, named=True))))
        yield _tools(named, slug(title), key_of(series, finding.topic), surface)
    yield f'<p class="quiet">{escape(finding.quiet)}</p></details></section>'


def _figures(table: str) -> str:
    return f'<details class="figures"><summary>Figures</summary>{table}</details>'


def _tools(series: Series, name: str, key: str, surface: Surface) -> str:
    """Return what a reader takes of a chart, with its address where it has one."""
    address = surface.alone(series, key) if surface.alone else ""
    return take_away(series, name, surface.cite, address)


def _finding(b: Finding, surface: Surface, level: int) -> Iterator[str]:
    answer = f'<span class="verdict">{escape(b.answer)}</span> ' if b.answer else ""
    topic = f'<p class="kicker">{escape(b.topic)}</p>' if b.topic else ""
    link = surface.link(b.ask, pair_of(b.subject)) if b.ask and surface.link else ""
    sentence = f'<a href="{escape(link)}">{escape(b.sentence)}</a>' if link else escape(b.sentence)
    yield f'<article class="finding">{topic}<h{level}>{answer}{sentence}</h{level}>'
    pairs = [("then", b.then), ("now", b.now)]
    figures = "".join(
        f"<div><dt>{k}</dt><dd>{escape(figure_text(f))}</dd></div>" for k, f in pairs if f
    )
    if figures:
        yield f'<dl class="then-now">{figures}</dl>'
    rest = " ".join(x for x in (b.so_what, b.would_change) if x)
    yield f"<p>{escape(rest)}</p>" if rest else ""
    yield f'<p class="quiet">{escape(b.quiet)}</p>' if b.quiet else ""
    yield "</article>"


#: Letters of a cell above which its column keeps a width that can be read on a phone.
_LONG_CELL = 80


def _class(column: Column, value: Cell) -> str:
    """Return the class of a cell: a number stands to the right, a sentence keeps its width."""
    if is_number(column, value):
        return _right(True)
    if is_address(value):
        return ""
    return ' class="long"' if len(str(cell(value, column))) > _LONG_CELL else ""


def _table(t: Table) -> Iterator[str]:
    heads = "".join(
        f'<th scope="col"{_right(any(is_number(c, r[i]) for r in t.rows))}>{escape(c.name)}</th>'
        if c.name
        else "<td></td>"
        for i, c in enumerate(t.columns)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_class(c, v)}>{_cell(c, v)}</td>" for c, v in zip(t.columns, row, strict=True)
        )
        + "</tr>"
        for row in t.rows[:MOST_ROWS]
    )
    name = escape(t.title or "By " + ", ".join(c.name for c in t.columns[:2] if c.name))
    kind = ' class="sortable filtered"' if len(t.rows) > 5 else ""
    made = (
        f'<div class="wide" role="group" aria-label="{name}" tabindex="0"><table{kind}>'
        f"<caption>{escape(t.title)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    total = max(t.total, len(t.rows))
    shown = min(len(t.rows), MOST_ROWS)
    made += f'<p class="quiet">{shown:,} of {total:,} rows</p>' if total > shown else ""
    yield f"<details><summary>{name} ({total:,})</summary>{made}</details>" if t.detail else made


def _cell(column: Column, value: Cell) -> str:
    """Return the content of a cell; an address is a link that is named by its site."""
    if not is_address(value):
        return escape(_text_of(column, value))
    return f'<a href="{escape(str(value))}" rel="noreferrer">{escape(site(str(value)))}</a>'


def _text_of(column: Column, value: Cell) -> str:
    """Return the text of a cell, whose number has a minus sign."""
    text = cell(value, column)
    return typeset_number(text) if is_number(column, value) else text


def _right(number: bool) -> str:
    return ' class="n"' if number else ""


def _next(b: Next, surface: Surface) -> str:
    link = surface.link(b.ask, b.pair) if b.ask and surface.link else ""
    command = surface.command(b.ask, b.pair) if b.ask and surface.command and not link else ""
    words = f'<a href="{escape(link)}">{escape(b.words)}</a>' if link else escape(b.words)
    return (
        f'<p class="next">{words}'
        + (f" <code>{escape(command)}</code>" if command else "")
        + "</p>"
    )
