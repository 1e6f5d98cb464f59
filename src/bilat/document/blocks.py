# SPDX-License-Identifier: Apache-2.0
"""A question, the blocks of an answer, and the document that holds them.

Blocks hold values, units and lineage; how each looks is a renderer's matter. A question is a frozen dataclass whose
fields are what may be asked, and whose ``answer`` is a document::

    @dataclass(frozen=True)
    class ExposureQuestion(Question):
        \"""What China's exporters would lose to secondary sanctions.\"""

        verb = ("plan", "exposure")
        coalition: Annotated[str, "G7 (with the EU), EU27, COALITION, WIDE, or ISO codes"] = "G7"

        def answer(self, frame: Frame) -> Document: ...

The pair of states, the as-of date and the holdings are the :class:`Frame`: they are asked of every question alike.
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
from bilat.document.wording import day
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


#: Called with what is being done, how much of it is done, and out of how much where that is known.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Frame:
    """What every question is asked within: two states, a date, the records, and who watches the progress."""

    pair: Dyad | None = None  #: the two states that somebody named; None where nobody did
    as_of: AsOf = field(default_factory=AsOf)
    holdings: Holdings = field(default_factory=_holdings)
    progress: Progress | None = None
    #: puts what a team concludes beside our judgements, as far as a marking lets it leave; None where no team is asked
    beside: Callable[[list[Any]], list[Any]] | None = None
    limit: Marking | None = None  #: how far the answer may be passed on, where that is asked
    withheld: frozenset[str] = frozenset()  #: the claims that are marked above it

    @property
    def dyad(self) -> Dyad:
        """The two states that were named; Russia and China where none were."""
        return self.pair or PAPER_PAIR


@dataclass(frozen=True)
class SitePage:
    """Where the site of ``bilat brief`` answers a question.

    Parameters
    ----------
    address, name
        the page without its ending, and its name in a menu.
    rank
        pages with a smaller one come first.
    fields
        what the site asks where it differs from the defaults.
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
        what it always asks.
    needs
        fields without which it means nothing, more than those of the question.
    """

    name: str
    fields: Mapping[str, object] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question(ABC):
    """What is asked. A subclass declares here how every surface offers it, and answers.

    It is registered under its verb (:mod:`bilat.registry`). The command line, the HTTP interface
    with its OpenAPI document, the pages, the tools of an assistant and docs/commands.md are made
    from it.
    """

    verb: ClassVar[tuple[str, ...]] = ()  #: the words of its command
    title: ClassVar[str] = ""  #: heads its form
    examples: ClassVar[tuple[str, ...]] = ()  #: commands that ask it, as they are typed
    heading: ClassVar[str] = ""  #: the group it is listed in; the first word of the verb
    pair: ClassVar[bool] = False  #: whether it is asked of two states
    team: ClassVar[bool] = False  #: whether a team's conclusions stand in the answer
    file: ClassVar[tuple[str, ...]] = ()  #: endings of a file that can be sent with it
    slow: ClassVar[bool] = False  #: whether it may take as long as a site
    needs: ClassVar[tuple[str, ...]] = ()  #: fields without which it means nothing
    private: ClassVar[bool] = False  #: whether what is asked may not be part of an address
    served: ClassVar[bool] = True  #: whether pages, tools and the HTTP interface offer it
    #: what the command line offers with any question, unless a field of its own has the name
    options: ClassVar[tuple[str, ...]] = ("as_of", "why", "out", "marking", "as_json", "holdings")
    writes: ClassVar[str] = ""  #: the file its answer is written to where the command names none
    #: the tools of an assistant that ask it; blank: one, of its verb
    tools: ClassVar[tuple[Tool, ...]] = ()
    page: ClassVar[SitePage | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.heading = cls.__dict__.get("heading", "") or next(iter(cls.verb), "")

    @classmethod
    def about(cls) -> str:
        """Return what it answers in a sentence: the first paragraph of its docstring."""
        return " ".join(docstring(cls).split("\n\n")[0].split())

    @property
    def takes_pair(self) -> bool:
        """Whether the pair that is asked changes the answer to this very question."""
        return self.pair

    def naming(self, words: Sequence[str]) -> tuple[Self, list[str]]:
        """The question with what it takes of the words in which a person names two states, and the other words."""
        return self, [*words]

    def whole(self) -> bool:
        """Return whether its answer is printed whole without being asked for that."""
        return False

    @abstractmethod
    def answer(self, frame: Frame) -> Document:
        """The document that answers it.

        Raises
        ------
        UsageError
            where the question cannot be asked so.
        DataError
            where the records do not allow an answer.
        """

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The fields as parameters: with type, default, range and meaning."""
        return _parameters(cls)

    @classmethod
    def read(cls, given: Mapping[str, object]) -> Self:
        """The question that texts (or typed values) ask; what is not given keeps its default.

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
        """The question with some of its fields changed."""
        return replace(self, **changes)

    def written(self) -> dict[str, object]:
        """The fields that differ from their defaults, each as a person writes it."""
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
        parameter = parameter_of(f.name.replace("_", "-"), hints[f.name], f.default, "", whose)
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
    note: str = ""  #: what a reader of this point must know, "revised later" among it
    revised: bool = False  #: a row behind it comes from an edition later than the as-of date
    open: bool = False  #: its period is not over at the as-of date: part of a year, not a year
    endless: bool = (
        False  #: its upper end lies beyond what was looked at; without a value, the middle does too
    )
    unrecorded: bool = False  #: its zero stands for a record that shows nothing, and counts nothing


@dataclass(frozen=True)
class Figure:
    """A value with its unit and, where there is one, its interval; also a cell of a table.

    ``text`` stands in for the number where words say it better ("no end"); the number stays in the data.
    """

    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    text: str = ""
    data_to: dt.date | None = None  #: the last day that the rows behind it speak of
    subject: Subject | None = field(default=None, metadata={"plain": to_plain})  #: whom it is about
    figure: str = ""  #: its name, where it is printed in several places


Cell: TypeAlias = str | float | int | bool | dt.date | Figure | None


@dataclass(frozen=True)
class Say:
    """A paragraph. ``answer`` is what a reader should take away, ``paste`` a text to be copied as it stands."""

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
    evidence_to: tuple[dt.date, ...] = ()  #: days to which the evidence it prints speaks
    rests_on: str = ""  #: who carries it, and what would turn it
    ask: Question | None = None  #: what gives the whole answer behind it
    marking: Marking | None = None
    subject: Subject | None = field(default=None, metadata={"plain": to_plain})  #: whom it is about

    @property
    def data_to(self) -> dt.date | None:
        """The earliest of the days to which the evidence speaks."""
        return min(self.evidence_to, default=None)

    @property
    def quiet(self) -> str:
        """Who can act on it, to when the evidence speaks and what it rests on, in a line."""
        parts = (
            self.who and f"Who can act: {self.who}",
            evidence_to(self.evidence_to),
            self.rests_on,
        )
        return " ".join(part for part in parts if part)


def evidence_to(days: Sequence[dt.date]) -> str:
    """Return ``Evidence to 31 December 2023 and 30 June 2025.``; blank where no day is known."""
    written = list(dict.fromkeys(day(d) for d in sorted(days)))
    if not written:
        return ""
    return f"Evidence to {' and '.join(written)}."


@dataclass(frozen=True)
class Facts:
    """Names with their values, a line each."""

    facts: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``form`` says how numbers are written: a format such as ``,.1f``, ``%`` (a share as per cent), ``usd``; blank for
    three digits that count. ``number`` sets it to the right.
    """

    name: str
    form: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns.

    ``total`` is how many rows there are where not all stand here; ``detail`` puts it one click down; ``listing`` marks
    the table that a program reads: piped, it comes whole and separated by tabs. ``first``: how many rows of a listing
    a terminal shows, where that is not the usual number.
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
    """The first rows behind a figure as publishers wrote them; ``ask`` gives the others."""

    columns: tuple[str, ...]
    first: tuple[tuple[Cell, ...], ...]
    total: int
    ask: Question | None = None
    title: str = ""
    listing: bool = False


@dataclass(frozen=True)
class Series:
    """Points over time or over things: a chart with its table.

    ``marks`` are days with a word; ``focus`` the groups to be drawn first. ``invasion`` marks that of
    Ukraine, unless the chart is about states that did not take part in the war. ``source`` is who
    publishes the figures; a chart without it has the sources of its document.
    """

    title: str
    unit: str
    points: tuple[Point, ...]
    shape: Literal["line", "bar", "interval", "map", "flow"] = "line"
    subtitle: str = ""
    marks: tuple[tuple[dt.date, str], ...] = ()
    focus: tuple[str, ...] = ()
    foot: str = ""  #: what a reader must know of the figures
    source: str = ""
    listing: bool = False
    invasion: bool = True

    @property
    def notes(self) -> str:
        """The foot and the source, in a line."""
        named = f"Source: {self.source}" if self.source else ""
        return ". ".join(x for x in (self.foot.rstrip("."), named) if x)

    @property
    def caption(self) -> str:
        """Unit and publisher, in a line."""
        return ". ".join(x for x in (self.subtitle or self.unit, self.notes) if x) + "."


@dataclass(frozen=True)
class Section:
    """Blocks under a heading; ``detail`` puts them one click down."""

    title: str
    blocks: tuple[Block, ...]
    detail: bool = False
    marking: Marking | None = None

    @property
    def topic(self) -> tuple[Finding, Series | None] | None:
        """The finding of a section that is a finding on a topic and at most its chart; None for any other."""
        first, *rest = self.blocks or (None,)
        charts = [b for b in rest if isinstance(b, Series)]
        if not isinstance(first, Finding) or not first.topic or rest[1:] or len(charts) < len(rest):
            return None
        return first, charts[0] if charts else None


def is_topic(block: Block) -> bool:
    """Whether a block is a topic: those that follow one another stand in one grid."""
    return isinstance(block, Section) and block.topic is not None


@dataclass(frozen=True)
class Next:
    """Something to do or to ask next; ``ask`` becomes a command, a link or a form."""

    words: str
    ask: Question | None = None
    who: str = ""
    pair: Dyad | None = (
        None  #: the two states to ask it of, where they are others than the document's
    )


Block: TypeAlias = "Say | Finding | Facts | Table | Rows | Series | Section | Next"


@dataclass(frozen=True)
class SourceRef:
    """A source that a document rests on."""

    name: str
    title: str
    citation: str
    licence: str
    url: str
    grade: str
    to: str = ""  #: until when what was used of it reaches, or its vintage


@dataclass(frozen=True)
class Document:
    """The answer to a question.

    ``data`` is the typed answer, written to JSON as it is; ``blocks`` are for people. ``known_to`` is the last day that
    anything in it speaks of. ``exit`` is the exit code of a command that gives it. ``dyad`` is the
    pair that was asked, with which the question is asked again; ``subject`` is what was answered,
    blank where that is the pair.
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
    answer: str = ""  #: the sentence that answers, where the summary begins with another
    table: Callable[[], Any] | None = field(
        default=None, compare=False
    )  #: the main figures as an Arrow table

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
        """The document without what is marked above ``limit``, which becomes its marking; says how much is left out."""
        kept, dropped = _within(self.blocks, limit)
        return replace(self, blocks=kept, marking=limit, left_out=self.left_out + dropped)

    def walk(self) -> Iterator[Block]:
        """Every block, those in sections after their section."""
        yield from _walk(self.blocks)

    def _repr_html_(self) -> str:
        from bilat.document import fragment

        return fragment(self)

    def __repr__(self) -> str:
        return f"<{self.kind}: {self.title}. {' '.join(self.summary)}>"


def _within(blocks: Iterable[Block], limit: Marking) -> tuple[tuple[Block, ...], int]:
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
            pairs = [
                (row, m)
                for row, m in zip(block.rows, block.markings, strict=True)
                if m is None or m.may_leave_in(limit)
            ]
            dropped += len(block.rows) - len(pairs)
            block = replace(
                block, rows=tuple(r for r, _ in pairs), markings=tuple(m for _, m in pairs)
            )
        kept.append(block)
    return tuple(kept), dropped


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _walk(block.blocks)


class SourceUsed(TypedDict):
    """A source as a measurement lists it, with the snapshots used and the vintage of each."""

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
    """Sources as a measurement lists them, each once."""
    refs = {
        s["name"]: SourceRef(
            s["name"],
            s["title"],
            s["citation"],
            s["licence"],
            s["url"],
            s["grade"],
            ", ".join(s["snapshots"].values()),
        )
        for s in used
    }
    return tuple(refs.values())
