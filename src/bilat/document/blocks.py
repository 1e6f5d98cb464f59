# SPDX-License-Identifier: Apache-2.0
"""Questions, the blocks of an answer, and documents.

Blocks have values, units and lineage; renderers decide how they look. A question is a frozen
dataclass: its fields are the parameters, and its ``answer`` is a document::

    @dataclass(frozen=True)
    class ExposureQuestion(Question):
        \"""What China's exporters would lose to secondary sanctions.\"""

        verb = ("plan", "exposure")
        coalition: Annotated[str, "G7 (with the EU), EU27, COALITION, WIDE, or ISO codes"] = "G7"

        def answer(self, frame: Frame) -> Document: ...

The pair of states, the as-of date and the holdings are in the :class:`Frame`, which all questions
share.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    Self,
    TypeAlias,
    TypedDict,
    get_origin,
    get_type_hints,
)

from bilat.document.docstrings import docstring
from bilat.document.fields import Parameter, parameter_of, text_of
from bilat.document.wording import latest_evidence
from bilat.dyad import PAPER_PAIR, Dyad
from bilat.errors import DataError, UsageError
from bilat.handling import Marking
from bilat.subject import Subject, to_plain
from bilat.when import AsOf

if TYPE_CHECKING:
    from bilat.holdings import Holdings


def _holdings() -> Holdings:
    from bilat.holdings import Holdings

    return Holdings()


#: Called with the name of a task, the parts done so far, and the number of all or None.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Frame:
    """The frame of a question: two states, a date, the records, and the progress to report to."""

    pair: Dyad | None = None  #: the two states, None if none were named
    as_of: AsOf = field(default_factory=AsOf)
    holdings: Holdings = field(default_factory=_holdings)
    progress: Progress | None = None
    #: Adds a team's conclusions to our judgements, without those marked above ``limit``; None
    #: without a team.
    add_team: Callable[[list[Any]], list[Any]] | None = None
    limit: Marking | None = None  #: the marking of the answer, if it is to have one
    withheld: frozenset[str] = frozenset()  #: the claims that are marked above it

    @property
    def dyad(self) -> Dyad:
        """The two states that were named; Russia and China by default."""
        return self.pair or PAPER_PAIR


@dataclass(frozen=True)
class SitePage:
    """The page of the site of ``bilat brief`` that answers a question.

    Parameters
    ----------
    address, name
        the page without its ending, and its name in a menu.
    rank
        pages with a smaller one come first.
    fields
        parameters that the site sets, where they differ from the defaults.
    """

    address: str
    name: str
    rank: int
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Tool:
    """A tool of an assistant that asks a question.

    Parameters
    ----------
    fields
        parameters that the tool sets itself.
    needs
        fields that it requires, besides those that the question requires.
    """

    name: str
    fields: Mapping[str, object] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question(ABC):
    """A question. A subclass declares how every surface offers it, and answers it.

    It is registered under its verb (:mod:`bilat.registry`). The command line, the HTTP interface
    with its OpenAPI document, the pages, the tools of an assistant and docs/commands.md are made
    from it.
    """

    verb: ClassVar[tuple[str, ...]] = ()  #: the words of its command
    title: ClassVar[str] = ""  #: heads its form
    examples: ClassVar[tuple[str, ...]] = ()  #: commands that ask it, as they are typed
    heading: ClassVar[str] = ""  #: the group it is listed in; by default the first word of the verb
    pair: ClassVar[bool] = False  #: whether it is asked of two states
    team: ClassVar[bool] = False  #: whether the answer has a team's conclusions
    file: ClassVar[tuple[str, ...]] = ()  #: endings of a file that can be sent with it
    slow: ClassVar[bool] = False  #: whether it may take as long as a site
    needs: ClassVar[tuple[str, ...]] = ()  #: fields that are required
    private: ClassVar[bool] = False  #: whether its parameters must not appear in an address
    #: Whether pages and the HTTP interface offer it, at an address made of its verb. One that names
    #: ``tools`` is offered to an assistant even if it is not served.
    served: ClassVar[bool] = True
    #: The general options of the command line that it has; a field of the same name replaces one.
    options: ClassVar[tuple[str, ...]] = ("as_of", "why", "out", "marking", "as_json", "holdings")
    writes: ClassVar[str] = ""  #: the default file of its answer, if it is written to one
    #: The tools of an assistant that ask it; by default one, named by its verb.
    tools: ClassVar[tuple[Tool, ...]] = ()
    page: ClassVar[SitePage | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # The heading of a parent class is not inherited: its verb is another one.
        if not cls.__dict__.get("heading"):
            cls.heading = cls.verb[0] if cls.verb else ""

    @classmethod
    def about(cls) -> str:
        """Return what it answers in a sentence: the first paragraph of its docstring."""
        return " ".join(docstring(cls).split("\n\n")[0].split())

    @property
    def takes_pair(self) -> bool:
        """Whether the pair that is asked changes the answer to this very question."""
        return self.pair

    def take_words(self, words: Sequence[str]) -> tuple[Self, list[str]]:
        """Take parameters from words typed where a pair is expected.

        Returns
        -------
        question, rest
            the question with these parameters, and the words that are left.
        """
        return self, [*words]

    def whole(self) -> bool:
        """Return whether its answer is always printed whole."""
        return False

    @abstractmethod
    def answer(self, frame: Frame) -> Document:
        """Return the document that answers it.

        Raises
        ------
        UsageError
            where the question cannot be asked so.
        DataError
            where the records do not allow an answer.
        """

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Return the fields as parameters, with type, default, range and meaning."""
        return _parameters(cls)

    @classmethod
    def read(cls, given: Mapping[str, object]) -> Self:
        """Return the question with parameters parsed from texts or typed values.

        Raises
        ------
        UsageError
            naming the field, for one that does not exist or a value that is not allowed.
        """
        parameters = {p.name: p for p in cls.parameters()}
        unknown = sorted(set(given) - set(parameters))
        if unknown:
            raise UsageError(
                f"{' '.join(cls.verb)} has no parameter {unknown[0]!r}. Choose from: {', '.join(parameters) or 'none'}"
            )
        typed = {}
        for name, value in given.items():
            try:
                typed[name.replace("-", "_")] = parameters[name].value(value)
            except UsageError as e:
                raise type(e)(f"{name}: {e}") from None
        return cls(**typed)

    def but(self, **changes: Any) -> Self:
        """Return the question with some fields changed."""
        return replace(self, **changes)

    def written(self) -> dict[str, object]:
        """Return the fields that differ from their defaults, as a person writes them."""
        mine = ((p, getattr(self, p.name.replace("-", "_"))) for p in self.parameters())
        return {p.name: text_of(value) for p, value in mine if value != p.default}


@cache
def _parameters(cls: type[Question]) -> tuple[Parameter, ...]:
    hints = get_type_hints(cls, include_extras=True)
    whose = f"question {' '.join(cls.verb) or cls.__name__}"
    made = []
    for f in fields(cls):
        if get_origin(hints[f.name]) is ClassVar:
            continue
        if f.default is MISSING:
            raise AssertionError(f"{whose}: field {f.name} has no default")
        name = f.name.replace("_", "-")
        parameter = parameter_of(name, hints[f.name], default=f.default, about="", whose=whose)
        if not parameter.about:
            raise AssertionError(f"{whose}: nothing says what {f.name} means")
        made.append(parameter)
    return tuple(made)


#: The four answers that anything asked can have.
Answered = Literal["yes", "no", "in part", "not known"]
#: How sure an answer is.
Sure = Literal["firm", "fair", "thin"]


@dataclass(frozen=True)
class Point:
    """One point of a series or of a measure's answer: a value in its unit, for a period and a group."""

    period: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "derived"  #: reported, estimated, derived or modelled
    group: str = ""
    note: str = ""  #: what a reader of this point must know, such as "revised later"
    revised: bool = False  #: a row behind it comes from an edition later than the as-of date
    open: bool = False  #: its period is not over at the as-of date: part of a year, not a year
    #: Its upper end is beyond the range that was computed; if it has no value, so is its middle.
    endless: bool = False
    #: Its zero only means that nothing is on record, which does not show that nothing happened.
    unrecorded: bool = False


@dataclass(frozen=True)
class Figure:
    """A value with its unit and, where there is one, its interval; also a cell of a table.

    ``text`` is printed in place of the number ("no end"), which stays in the data.
    """

    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    text: str = ""
    data_to: dt.date | None = None  #: the last day of the data behind it
    subject: Subject | None = field(default=None, metadata={"plain": to_plain})  #: whom it is about
    figure: str = ""  #: identifies it, so that it is the same wherever it is printed


@dataclass(frozen=True)
class RangedFigure(Figure):
    """A cell whose text contains its range, ``70 [26 to 138]``; a workbook has cells for both ends.

    An end that is None is beyond what was computed; ``endless`` is printed for it.
    """

    endless: str = "no end"


Cell: TypeAlias = str | float | int | bool | dt.date | Figure | None


@dataclass(frozen=True)
class Say:
    """A paragraph. Role ``answer`` is for the conclusion, ``paste`` for a text to be copied."""

    text: str
    role: Literal["plain", "answer", "note", "rule", "warning", "conflict", "paste"] = "plain"
    marking: Marking | None = None


@dataclass(frozen=True)
class Finding:
    """A sentence that answers something, with its figure now and then, and what follows from it.

    ``so_what``, ``who`` (can act) and ``would_change`` are blank where the record supports none.
    """

    sentence: str
    topic: str = ""
    answer: Answered | None = None
    sure: Sure | None = None
    now: Figure | None = None
    then: Figure | None = None
    direction: Literal["", "up", "flat", "down"] = ""
    so_what: str = ""
    who: str = ""
    would_change: str = ""
    evidence_to: tuple[dt.date, ...] = ()  #: the last days of the evidence that it prints
    rests_on: str = ""  #: the sources that decide it, and what would change it
    ask: Question | None = None  #: the question with the whole answer
    marking: Marking | None = None
    subject: Subject | None = field(default=None, metadata={"plain": to_plain})  #: whom it is about

    @property
    def data_to(self) -> dt.date | None:
        """The earliest of the last days of its evidence."""
        return min(self.evidence_to, default=None)

    @property
    def quiet(self) -> str:
        """The small print: who can act, the last days of the evidence, what the answer rests on."""
        parts = (
            self.who and f"Who can act: {self.who}",
            evidence_to(self.evidence_to),
            self.rests_on,
        )
        return " ".join(part for part in parts if part)


def evidence_to(days: Sequence[dt.date]) -> str:
    """Return the dates of the evidence as a sentence; blank without a day."""
    latest = latest_evidence(days)
    return f"Latest evidence: {latest}." if latest else ""


@dataclass(frozen=True)
class Facts:
    """Values by name, one a line."""

    facts: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``form`` is the format of its numbers: ``,.1f`` or the like, ``%`` (a share as per cent),
    ``usd`` or ``eur``; by default three significant digits. ``site`` prints only the site of an
    address, where a page links to it. ``number`` aligns it to the right.
    """

    name: str
    form: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns.

    ``total`` is the number of all rows, if the table has only some. ``detail`` hides it until it is
    asked for. ``listing`` marks a table for programs, which get it whole, with tabs between cells.
    ``first`` is the number of rows of a listing on a terminal, if it is not the usual one.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    total: int = 0
    detail: bool = False
    listing: bool = False
    markings: tuple[Marking | None, ...] = ()  #: a marking for each row, or () where no row has one
    first: int = 0


@dataclass(frozen=True)
class Rows:
    """The first rows behind a figure, as published; ``ask`` has the others."""

    columns: tuple[str, ...]
    first: tuple[tuple[Cell, ...], ...]
    total: int
    ask: Question | None = None
    title: str = ""
    listing: bool = False


@dataclass(frozen=True)
class Series:
    """Points over time or by category: a chart with its table.

    ``marks`` are labelled dates; ``focus`` lists the groups drawn first. ``invasion`` adds a mark
    for the invasion of Ukraine; it is off for states that did not take part in the war. ``source``
    is the publisher of the figures, by default the sources of the document.
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    shape: Literal["line", "bar", "interval", "map", "flow"] = "line"
    subtitle: str = ""
    marks: tuple[tuple[dt.date, str], ...] = ()
    focus: tuple[str, ...] = ()
    foot: str = ""  #: what a reader must know about the figures
    source: str = ""
    listing: bool = False
    invasion: bool = True

    @property
    def notes(self) -> str:
        """A line with the foot and the source."""
        named = f"Source: {self.source}" if self.source else ""
        return ". ".join(x for x in (self.foot.rstrip("."), named) if x)

    @property
    def caption(self) -> str:
        """A line with the unit, the foot and the source."""
        return ". ".join(x for x in (self.subtitle or self.unit, self.notes) if x) + "."


@dataclass(frozen=True)
class Section:
    """Blocks under a heading; ``detail`` hides them until they are asked for."""

    title: str
    blocks: tuple[Block, ...]
    detail: bool = False
    marking: Marking | None = None

    @property
    def topic(self) -> tuple[Finding, Series | None] | None:
        """The finding of a topic and its chart; None for a section with any other blocks."""
        match self.blocks:
            case [Finding() as finding] if finding.topic:
                return finding, None
            case [Finding() as finding, Series() as chart] if finding.topic:
                return finding, chart
        return None


def is_topic(block: Block) -> bool:
    """Return whether a block is a topic; consecutive topics are shown in one grid."""
    return isinstance(block, Section) and block.topic is not None


@dataclass(frozen=True)
class Next:
    """A suggestion what to do or ask next; ``ask`` becomes a command, a link or a form."""

    words: str
    ask: Question | None = None
    who: str = ""
    pair: Dyad | None = None  #: the two states to ask about, if not those of the document


Block: TypeAlias = "Say | Finding | Facts | Table | Rows | Series | Section | Next"


@dataclass(frozen=True)
class SourceRef:
    """A source of a document."""

    name: str
    title: str
    citation: str
    licence: str
    url: str
    grade: str
    to: str = ""  #: the last day of its content, or the dates of the editions that were used


@dataclass(frozen=True)
class Document:
    """The answer to a question.

    ``data`` is the typed answer for JSON; ``blocks`` are for people. ``known_to`` is the last day of
    its data. ``exit`` is the exit code of the command. ``dyad`` is the pair that was asked, for
    further questions; ``subject`` is what was answered, if that is not the pair.
    """

    kind: str
    title: str
    summary: tuple[str, ...]
    blocks: tuple[Block, ...]
    data: Any = None
    question: Question | None = None
    dyad: Dyad | None = None
    subject: Subject | None = None
    as_of: AsOf | None = None
    known_to: dt.date | None = None
    holdings: str = ""  #: digest of the holdings, as printed
    sources: tuple[SourceRef, ...] = ()
    marking: Marking | None = None
    left_out: int = 0  #: parts withheld because their marking is above the document's
    exit: int = 0
    answer: str = ""  #: the sentence that answers, if it is not the first of the summary
    #: Returns the main figures as an Arrow table.
    table: Callable[[], Any] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.sources:
            return
        for block in self.walk():
            if isinstance(block, Series) and block.points and not block.source:
                raise DataError(
                    f"the chart {(block.title or block.subtitle)!r} of {self.kind} names no source",
                    cure="give the chart or its document a source",
                )

    @property
    def short_answer(self) -> str:
        """The answer in one sentence, for a page that only links to it."""
        return self.answer or next(iter(self.summary), self.title)

    @property
    def about(self) -> Subject | None:
        """What was answered: the subject, or the pair that was asked."""
        return self.subject or self.dyad

    def within(self, limit: Marking) -> Document:
        """Return the document marked ``limit``, without blocks and rows marked above it.

        ``left_out`` counts these. ``data`` is not changed: whoever makes a document leaves marked
        parts out of its data (``Frame.withheld``).
        """
        kept, dropped = _within(self.blocks, limit)
        return replace(self, blocks=kept, marking=limit, left_out=self.left_out + dropped)

    def walk(self) -> Iterator[Block]:
        """Yield every block; those of a section follow it."""
        yield from _walk(self.blocks)

    def _repr_html_(self) -> str:
        from bilat.document import fragment
        from bilat.document.typography import typeset_page

        return typeset_page(fragment(self))

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.title}. {' '.join(self.summary)}>"


def _rows_within(table: Table, limit: Marking) -> Table:
    """Return a table without the rows marked above a limit."""
    marked_rows = [
        (row, marking)
        for row, marking in zip(table.rows, table.markings, strict=True)
        if marking is None or marking.may_leave_in(limit)
    ]
    rows = tuple(row for row, _ in marked_rows)
    return replace(table, rows=rows, markings=tuple(marking for _, marking in marked_rows))


def _within(blocks: Iterable[Block], limit: Marking) -> tuple[tuple[Block, ...], int]:
    """Return the blocks without anything marked above a limit, and how much was left out."""
    kept: list[Block] = []
    dropped = 0
    for block in blocks:
        marking = getattr(block, "marking", None)
        if marking is not None and not marking.may_leave_in(limit):
            dropped += 1
            continue
        if isinstance(block, Section):
            inner, fewer = _within(block.blocks, limit)
            dropped += fewer
            block = replace(block, blocks=inner)
        elif isinstance(block, Table) and block.markings:
            shorter = _rows_within(block, limit)
            dropped += len(block.rows) - len(shorter.rows)
            block = shorter
        kept.append(block)
    return tuple(kept), dropped


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _walk(block.blocks)


class SourceUsed(TypedDict):
    """A source of a measurement, with the vintage of each snapshot that was used."""

    name: str
    title: str
    producer: str
    citation: str
    licence: str
    url: str
    grade: str
    side: str
    snapshots: dict[str, str]


def source_refs(used: Iterable[SourceUsed]) -> tuple[SourceRef, ...]:
    """Return the sources of measurements as those of a document, each once."""
    refs = {
        source["name"]: SourceRef(
            name=source["name"],
            title=source["title"],
            citation=source["citation"],
            licence=source["licence"],
            url=source["url"],
            grade=source["grade"],
            to=", ".join(source["snapshots"].values()),
        )
        for source in used
    }
    return tuple(refs.values())
