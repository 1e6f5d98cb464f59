# SPDX-License-Identifier: Apache-2.0
"""A screening run: queries streamed through the screener into a file in bounded memory.

While it runs, rows go to ``OUT.part``, which takes the place of OUT at the end.
"""

from __future__ import annotations

import datetime as dt
import html
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bilat.document import wording
from bilat.errors import UsageError, command
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.parties.decide.decisions import DecisionLog
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.listed import Used, list_sources
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, chance
from bilat.parties.match.evidence import births
from bilat.parties.match.screener import BASE_RATE
from bilat.parties.match.states import parts, state_of
from bilat.parties.run.export import Writer, finish, suffix_of
from bilat.parties.run.headers import parse_map
from bilat.parties.run.opened import OpenedQueries, list_lines, open_screener, refuse_old
from bilat.parties.run.queries import FileTraits, Query, count_rows, read_queries
from bilat.parties.run.question import ScreenQuestion, least_of
from bilat.parties.run.question import typed as queries_of
from bilat.parties.run.rescreen import changed_since
from bilat.parties.run.rows import CLEARED, Batch, Cut, rows_of
from bilat.parties.run.workers import answered
from bilat.when import AsOf

#: Days after which a list is old.
OLD = 365
#: Rows without a name, values that cannot be read and names cleared that a note points to.
NAMED = 5
#: Characters of a value that a note shows.
SHOWN = 40
#: Share of typed names that are assumed to be listed: who types a name has a reason to. Of 10 to 30 in a hundred.
TYPED_RATE = 0.15
#: Names of a file from which on its own share of listed names is estimated, from a sample; and the least and greatest.
LARGE, RATE_SAMPLE, RATES = 2000, 1200, (0.0005, 0.3)
#: Names that are read and answered in one go: bounds the memory.
BATCH = 4800
#: Queries from which on several cores are used: starting the processes costs about a second.
SEVERAL_FROM = 3000
#: Kinds of names in words, where their name does not say it.
_KINDS = {"person": "people", "other": "firms of other states or none named", "han": "names in Han"}


@dataclass(repr=False)
class Run:
    """What a run was asked and what came of it."""

    queries: int = 0
    rows: int = 0
    lists: list[Used] = field(default_factory=list)
    day: dt.date = field(default_factory=dt.date.today)
    typed: bool = False
    data_version: str = ""
    numbers: str = ""  # how many listed parties have any
    base_rate: float = BASE_RATE
    estimated: bool = False  # the base rate is estimated from the file
    columns: tuple[str, ...] = ()  # of names, where a row has several
    names: Counter[str] = field(default_factory=Counter)  # names per band; cleared: folded away; none: no row
    folded: list[dict[str, str]] = field(default_factory=list)
    #: Of the names: person, other, han, or a state of firms.
    kinds: Counter[str] = field(default_factory=Counter)
    nameless: list[int] = field(default_factory=list)  # first rows of the file that hold no name
    without_name: int = 0
    #: Rows with what cannot be read, by kind; and the first such values with their rows.
    unread: Counter[str] = field(default_factory=Counter)
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)  # the rows of typed names

    @property
    def age(self) -> str:
        """The age of the lists, in a line."""
        return next(list_lines(self.lists, self.day))

    @property
    def known_to(self) -> str:
        """To which day each list is known, the oldest first, and whose lists are not held; '' where no list says."""
        dated = sorted((u for u in self.lists if u.content and u.parties), key=lambda u: u.content)
        each = ", ".join(f"{u.source} {u.content}{u.more and f' ({u.more})'}" for u in dated)
        if self._unseen:
            each += f". Not looked at, as no edition is held: {', '.join(self._unseen)}"
            each += f"; {command('update')} brings lists"
        return f" Each list is known to its own day and no further: {each}." if dated else ""

    @property
    def _unseen(self) -> list[str]:
        """Lists of publishers of whom none is held."""
        whose = {u.source.split("_")[0] for u in self.lists if u.parties}
        return [source for source in list_sources() if source.split("_")[0] not in whose]

    @property
    def blind(self) -> str:
        """Whose lists were not looked at, and which of those that were are old, in a line; '' for neither."""
        whose = wording.joined(list(dict.fromkeys(publisher(s.split("_")[0].upper()) for s in self._unseen)))
        old = [
            f"{u.source} after {u.content[:7]}"
            for u in self.lists
            if u.parties and (u.age(self.day) or 0) > OLD
        ]
        said = "; ".join(filter(None, (whose and f"the lists of {whose}", ", ".join(old))))
        return f"Not looked at: {said}." if said else ""

    def __repr__(self) -> str:
        found = (f"{r['query']}: {r['name']} ({r['agreement']}; {r['effect']})" for r in self.alerts)
        return "\n".join([self.summary()[0], *found, self.age])

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"

    def add(self, batch: Sequence[Query], found: Batch) -> None:
        """Count a batch and its rows."""
        nameless = [q.row for q in batch if not any(c.isalnum() for c in q.name)]
        self.nameless += nameless[: NAMED - len(self.nameless)]
        self.without_name += len(nameless)
        for q in batch:
            values = [*_unread(q)]
            self.unread.update({kind for kind, _ in values})
            for kind, text in values:
                first = self.values.setdefault(kind, {})
                if len(first) <= NAMED:  # one more says that there are more
                    first.setdefault(text if len(text) <= SHOWN else text[:SHOWN] + "…", q.row)
        self.queries += len(batch)
        self.rows += sum(len(a.rows) for a in found.answers)
        self.folded += [row for a in found.answers for row in a.folded]
        self.kinds += found.kinds
        self.alerts += found.rows if self.typed else []
        self.names += found.names

    def left_out(self) -> Iterator[str]:
        """What could not be screened or read, in words."""
        if self.without_name:
            first = ", ".join(map(str, self.nameless))
            more = " ..." if self.without_name > len(self.nameless) else ""
            yield (
                f"{counting(self.without_name, 'row')} without a letter or digit in the name: not screened by name, "
                f"and no sign that nobody is listed (row {first}{more})"
            )
        for kind, rows in self.unread.items():
            named = ", ".join(f"{value} (row {row})" for value, row in [*self.values[kind].items()][:NAMED])
            more = " ..." if len(self.values[kind]) > NAMED else ""
            yield f"{kind} not read in {counting(rows, 'row')}, and not used: {named}{more}"

    def summary(self) -> list[str]:
        """Names in each band with what the band costs, then what was folded, read and left out."""
        counted = [f"{self.names[b]:,} {b}" for b, _ in BANDS if self.names.get(b)]
        counted += [f"{self.names[CLEARED]:,} cleared earlier"] if self.names.get(CLEARED) else []
        counted += [f"{self.names['none']:,} without a row"] if self.names.get("none") else []
        under = f" under {wording.joined(list(self.columns))}" if self.columns else ""
        out = [
            f"{counting(self.queries, 'name')}{under}: {', '.join(counted) or 'none'}; {counting(self.rows, 'row')}"
        ]
        alone = [f for f in self.folded if f["agreement"] in ("exact", "number") and f["eyes"] == "one"]
        if alone:
            who = dict.fromkeys(f["query"] for f in alone)
            more = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
            out[0] += f". CLEARED BY ONE PERSON ALONE, though exact: {'; '.join([*who][:NAMED])}{more}"
        if not self.typed:
            for name, low in BANDS:
                if low and self.names.get(name):
                    out.append(f"{name}: {cost(low, self.base_rate, self.kinds)}")
        how = "estimated from the file" if self.estimated else "assumed"
        out.append(f"{how}: of the names asked 1 in {1 / self.base_rate:,.0f} is listed")
        if self.folded:
            out.append(f"cleared earlier and folded away: {counting(len(self.folded), 'row')}")
        return out


def _unread(q: Query) -> Iterator[tuple[str, str]]:
    """States and a date of birth that cannot be read, of which nothing is made."""
    for kind, text in (("country", q.country), ("nationality", q.nationality)):
        yield from ((kind, " ".join(t.split())) for t in parts(text) if state_of(t) is None)
    if q.born.strip() and not births(q.born):
        yield "date of birth", " ".join(q.born.split())


def counting(n: int, what: str, several: str = "") -> str:
    """A number of things in words: ``1 name``, ``2,000 names``."""
    return f"{n:,} {what if n == 1 else several or what + 's'}"


def cost(least: float, base_rate: float, kinds: Mapping[str, int]) -> str:
    """What a least probability costs for names of these kinds, in words: false alerts measured on names that nothing
    was fitted on, of the same states and scripts.
    """
    costs = chance().costs(least, base_rate)
    mean = sum(costs[k][0] * n for k, n in kinds.items()) / max(sum(kinds.values()), 1)
    most = ""
    if worst := [k for k in kinds if costs[k][0] > 2 * mean and costs[k][0] >= 1]:
        kind = max(worst, key=lambda k: costs[k][0])
        most = f"; the most, {_KINDS.get(kind, kind)}: {costs[kind][0]:.1f}"
    exact = least == dict(BANDS)[DEFAULT_BAND]
    always = ", or a listed party's exact name or number whatever its chance" if exact else ""
    return (
        f"chance listed {least:g} and more{always}; of a thousand clean names like those of this file about {mean:.1f} "
        f"reach it{most}; of listed names as other lists write them {costs['other'][1]:.0%} of firms and "
        f"{costs['person'][1]:.0%} of people do"
    )


def screen(
    queries: Path | Sequence[str | Query],
    *,
    typed: bool | None = None,
    as_of: AsOf | None = None,
    holdings: Holdings | None = None,
    out: Path | None = None,
    emit: Callable[[dict[str, Any]], None] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    marking: Marking | None = None,
    marks: Mapping[str, Marking] = MappingProxyType({}),
    question: ScreenQuestion | None = None,
    **asked: Any,
) -> Run:
    """Screen a file of names, or names. Rows go to ``out`` (.jsonl, .csv, .parquet or .xlsx), or to ``emit``.

    Names given as text are ``typed``: answered by how exactly they agree, without a cut, at a share of listed names of
    15 in a hundred. A file is answered by a calibrated probability at one in a hundred, or at its own share, estimated
    where it has two thousand names and more. ``asked``: fields of
    :class:`~bilat.parties.run.question.ScreenQuestion` (``lists``, ``top``, ``threshold``, ``base_rate`` ...).
    ``progress`` is called with (rows done, rows in all or None) after each batch. ``marking`` is how far the rows
    may be passed on: it stands in each, and decisions marked above it are as if not made; ``marks`` as for
    :meth:`DecisionLog.latest`.

    Raises
    ------
    UsageError, DataError
        one line naming the file, row and cure.
    """
    given: dict[str, Any] = {k: str(v) if k == "threshold" else v for k, v in asked.items() if v is not None}
    question = replace(question or ScreenQuestion(), **given)
    if question.top < 1:
        raise UsageError(f"top {question.top}: ask for at least one party a query")
    if question.threads < 0:
        raise UsageError(f"threads {question.threads}: use at least one, or 0 for all cores")
    if question.base_rate and not 0 < question.base_rate < 1:
        raise UsageError(f"base rate {question.base_rate}: must lie between 0 and 1")
    if out is not None:
        suffix_of(out)  # refused before any work, as is a place that another run writes to
    if not isinstance(queries, Path):
        if typed is None:
            typed = bool(queries) and all(isinstance(q, str) for q in queries)
        queries = queries_of(queries)
    names = _Names(queries, parse_map(question.map))
    with ExitStack() as stack:
        writer = stack.enter_context(closing(Writer(out, marked=marking is not None))) if out else None
        next(names.read(), None)  # a wrong header is refused before the lists are read
        day = (as_of or AsOf()).date
        opened, changed, notes = _opened(question, as_of, holdings)
        refuse_old(opened.lists, day, question.max_age or None)
        log = DecisionLog(question.decisions).existing() if question.decisions is not None else None
        cut = Cut(
            question.top, typed=bool(typed) and not question.threshold,
            decisions=log.latest(marking, marks) if log is not None else {},
            four_eyes=question.four_eyes, changed=changed, marking=str(marking or ""),
        )  # fmt: skip
        listed = opened.screener
        run = Run(lists=opened.lists, day=day, typed=cut.typed, data_version=listed.data_version, notes=notes)
        run.numbers = (
            f"{listed.numbered():,} of {counting(len(listed), 'listed party', 'listed parties')} have a number on "
            f"these lists, {listed.numbered('inn', 'ogrn'):,} an INN or OGRN: a number not found clears nobody"
        )
        cut = _rated(cut, question, names, opened, run, bool(typed))
        for batch, found in _answers(opened, cut, names, question):
            names.complete(batch, found)
            run.add(batch, found)
            if writer is not None:
                writer.write(found, batch)
            for row in found.rows if emit is not None else ():
                emit(row)  # type: ignore[misc]
            if progress is not None:
                progress(batch[-1].row, names.total)
        run.notes += [*names.seen.notes(names.title), *run.left_out()]
        columns = names.seen.columns
        run.columns = columns.names if columns is not None and len(columns.names) > 1 else ()
        if writer is not None:
            finish(writer, run, cut.marking, columns.labels if columns is not None else ())
    return run


class _Names:
    """The names of a file, or given, read as often as is needed."""

    def __init__(self, of: Path | Sequence[Query], columns: Sequence[tuple[str, str]]) -> None:
        self.of, self.columns, self.seen = of, columns, FileTraits()
        self.title = of.name if isinstance(of, Path) else "names"
        self.total = (count_rows(of) if of.is_file() else None) if isinstance(of, Path) else len(of)

    def read(self) -> Iterator[Query]:
        """The names, one after another."""
        if not isinstance(self.of, Path):
            return iter(self.of)
        self.seen = FileTraits()
        return read_queries(self.of, self.columns, self.seen)

    def batches(self) -> Iterator[list[Query]]:
        """The names in batches."""
        queries = self.read()
        while batch := list(islice(queries, BATCH)):
            yield batch

    def sample(self, most: int) -> list[Query]:
        """Names spread evenly."""
        step = max((self.total or most) // most, 1)
        return list(islice((q for q in self.read() if q.row % step == 0), most))

    def complete(self, batch: Sequence[Query], found: Batch) -> None:
        """Put what else a row of the file says beside each of its alerts."""
        if self.seen.columns is not None:
            for query, answer in zip(batch, found.answers, strict=True):
                for row in answer.rows:
                    row["asked"] = row["asked"] | self.seen.columns.beside(query.column, query.cells)


def _opened(
    question: ScreenQuestion, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[OpenedQueries, dict[str, dict[str, str]] | None, list[str]]:
    """The screener; where it is asked what changed, the flags of the parties that did, and notes."""
    if question.since:
        return changed_since(question.since, question.lists or None, as_of, holdings)
    return open_screener(question.lists or None, as_of, holdings), None, []


def _rated(
    cut: Cut, question: ScreenQuestion, names: _Names, opened: OpenedQueries, run: Run, typed: bool
) -> Cut:
    """The cut with the base rate, stated, assumed or estimated from the file, and the least probability."""
    screener = opened.screener
    rate = screener.base_rate = question.base_rate or (TYPED_RATE if typed else BASE_RATE)
    if not typed and not question.base_rate and (names.total or 0) >= LARGE:
        rate = screener.base_rate = share_listed(screener.tops_of(names.sample(RATE_SAMPLE)), rate)
        run.estimated = True
    run.base_rate = rate
    return replace(cut, base_rate=rate, least=least_of(question.threshold))


def _answers(
    opened: OpenedQueries, cut: Cut, names: _Names, question: ScreenQuestion
) -> Iterator[tuple[list[Query], Batch]]:
    """Batches with their rows: here, in several processes, or on a cluster."""
    batches = names.batches()
    if question.engine != "duckdb":
        from bilat.parties.run.cluster import connect_cluster, mapped

        return mapped(connect_cluster(question.engine), opened.screener, cut, batches)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    processes = question.threads or cores
    if processes > 1 and (question.threads or names.total is None or names.total >= SEVERAL_FROM):
        return answered(opened.screener, cut, batches, processes)
    return ((batch, rows_of(opened.screener, batch, cut)) for batch in batches)


def share_listed(probability: np.ndarray, base_rate: float) -> float:
    """The share of names that are listed, by maximum likelihood out of their probabilities at a base rate."""
    odds = probability / np.maximum(1 - probability, 1e-12) * (1 - base_rate) / base_rate
    share = base_rate
    for _ in range(200):
        share = float(np.mean(share * odds / (share * odds + 1 - share)))
    return min(max(share, RATES[0]), RATES[1])
