# SPDX-License-Identifier: Apache-2.0
"""A screening run: queries streamed through the screener into a file in bounded memory.

While it runs, rows go to ``OUT.part``, which takes the place of OUT at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from bilat.errors import UsageError
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.parties.answers.run import Run
from bilat.parties.decisions.log import Decided, DecisionLog
from bilat.parties.match.matcher import no_collection
from bilat.parties.output.export import Writer, finish
from bilat.parties.queries.headers import parse_map
from bilat.parties.queries.query import Query
from bilat.parties.queries.query_files import (
    FileTraits,
    count_rows,
    is_file_name,
    is_table,
    read_queries,
    table_queries,
)
from bilat.parties.screening.alerts import Row
from bilat.parties.screening.list_index import (
    ListScreener,
    changed_since,
    open_screener,
    refuse_old,
)
from bilat.parties.screening.request import Screening, least_of
from bilat.parties.screening.request import typed as queries_of
from bilat.parties.screening.rows import Cut, QueryRows, rows_of
from bilat.parties.screening.screener import BASE_RATE, Screener
from bilat.units.notation import count_text
from bilat.when import AsOf

if TYPE_CHECKING:
    import pandas as pd

#: Share of typed names that are assumed to be listed: who types a name has a reason to. Of 10 to 30 in a hundred.
TYPED_RATE = 0.15
#: Names of a file from which on its own share of listed names is estimated, from a sample; and the least and greatest.
LARGE = 2000
RATE_SAMPLE = 1200
RATES = (0.0005, 0.3)
#: Names that are read and answered in one go: bounds the memory.
BATCH = 4800
#: Queries from which on several cores are used: starting the processes costs about a second.
SEVERAL_FROM = 3000


def screen(
    queries: Path | str | Sequence[str | Query] | Sequence[Mapping[str, object]] | pd.DataFrame,
    *,
    typed: bool | None = None,
    as_of: AsOf | None = None,
    holdings: Holdings | None = None,
    out: Path | None = None,
    names_to: Path | None = None,
    emit: Callable[[Row], None] | None = None,
    each: Callable[[Sequence[Query], Sequence[QueryRows]], None] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    marking: Marking | None = None,
    marks: Mapping[str, Marking] = MappingProxyType({}),
    question: Screening | None = None,
    **asked: Any,
) -> Run:
    """Screen names against lists of sanctioned and restricted parties.

    Parameters
    ----------
    queries
        a file of names, one name, several names, or a table of consignments: a data frame, or a
        list of mappings from header to cell. Columns are read by their role, as those of a file
        (``Consignee``, ``Vessel``, ``Bank BIC``).
    typed
        whether the names were typed. Typed names get every party that agrees, and how exactly;
        they are taken as listed at a rate of 15 in 100. Names of a file get a calibrated
        probability, at a rate of 1 in 100, or at its own from two thousand names on. By default
        names given as text are typed.
    as_of
        a date that hides what the public could not know on it; today by default.
    holdings
        the records to use; those that come with the package and were added to it by default.
    out
        a file for the rows (.jsonl, .csv, .parquet or .xlsx).
    names_to
        where the names of a workbook are left as well, so that
        :func:`~bilat.parties.output.decided_workbook.write_decided_workbook` can write it again with
        later decisions.
    emit
        called with each row.
    each
        called with the names of each batch and what was found of each of them.
    progress
        called with (rows done, rows in all or None) after each batch.
    marking
        how far the rows may be passed on. It is written in each; decisions marked above it count
        as not made.
    marks
        markings given to decisions later, as for :meth:`DecisionLog.latest`.
    question
        the settings as one object.
    **asked
        fields of :class:`~bilat.parties.screening.request.Screening`: ``lists``, ``top``, ``threshold``,
        ``base_rate`` and others.

    Returns
    -------
    Run
        a summary, the matches of each name, and the editions of the lists.

    Raises
    ------
    UsageError, DataError
        one line that names the file, row and cure.

    Examples
    --------
    >>> from bilat import screen
    >>> run = screen("Huawei", lists=("us_1260h",))
    >>> run.queries
    1
    >>> run.rows > 0
    True
    """
    question = _with_settings(question or Screening(), asked)
    _check(question)
    names, typed = _names_of(queries, question, typed)
    with ExitStack() as stack:
        stack.enter_context(no_collection())
        writer = None
        if out is not None:
            writer = Writer(out, marked=marking is not None, names_to=names_to)
            stack.enter_context(closing(writer))
        next(names.read(), None)  # a wrong header is refused before the lists are read
        opened, changed, notes = _open(question, as_of, holdings)
        day = (as_of or AsOf()).date
        refuse_old(opened.lists, day, question.max_age)
        rate, estimated = _rate(question, names, opened.screener, typed)
        cut = Cut(
            question.top,
            least_of(question.threshold),
            typed and not question.threshold,
            rate,
            decisions=_decisions(question, marking, marks),
            four_eyes=question.four_eyes,
            changed=changed,
            marking=str(marking or ""),
            day=day,
        )
        run = Run(
            lists=opened.lists,
            day=day,
            typed=cut.typed,
            data_version=opened.screener.data_version,
            notes=notes,
            numbers=_numbers_in_words(opened.screener),
            base_rate=rate,
            estimated=estimated,
            four_eyes=question.four_eyes,
            whole=typed or not names.is_file,
        )
        for batch, found in _answers(opened, cut, names, question):
            run.add(batch, found)
            if writer is not None:
                writer.write(found, batch)
            if emit is not None:
                _emit(emit, found)
            if each is not None:
                each(batch, found)
            if progress is not None:
                progress(min(batch[-1].row, names.total or batch[-1].row), names.total)
        _describe_columns(run, names)
        if writer is not None:
            finish(writer, run, cut.marking, run.labels)
    return run


def _with_settings(question: Screening, asked: Mapping[str, Any]) -> Screening:
    """Return a question with the settings that were given one by one."""
    given = {name: value for name, value in asked.items() if value is not None}
    if "threshold" in given:
        given["threshold"] = str(given["threshold"])
    return replace(question, **given)


def _check(question: Screening) -> None:
    if question.top < 1:
        raise UsageError(f"top {question.top}: ask for at least one party a query")
    if question.threads < 0:
        raise UsageError(f"threads {question.threads}: use at least one, or 0 for all cores")
    if question.base_rate and not 0 < question.base_rate < 1:
        raise UsageError(f"base rate {question.base_rate}: must lie between 0 and 1")


def _names_of(queries: Any, question: Screening, typed: bool | None) -> tuple[_Names, bool]:
    """Return the names to be screened, and whether they were typed."""
    columns = parse_map(question.map)
    traits = FileTraits(columns)
    if isinstance(queries, str):
        queries = Path(queries) if is_file_name(queries) else [queries]
    if isinstance(queries, Path):
        return _Names(queries, columns, traits), bool(typed)
    if is_table(queries):
        return _Names(table_queries(queries, traits), columns, traits), False
    if typed is None:
        typed = bool(queries) and all(isinstance(q, str) for q in queries)
    return _Names(queries_of(queries), columns, traits), typed


def _open(
    question: Screening, as_of: AsOf | None, holdings: Holdings | None
) -> tuple[ListScreener, Mapping[str, dict[str, str]] | None, list[str]]:
    """Return the lists, what changed of them since an edition (None: all is asked), and notes."""
    lists = question.lists or None
    if question.since:
        return changed_since(question.since, lists, as_of, holdings)
    return open_screener(lists, as_of, holdings), None, []


def _decisions(
    question: Screening, marking: Marking | None, marks: Mapping[str, Marking]
) -> Mapping[tuple[str, str], Decided]:
    """Return the earlier decisions that apply."""
    if question.decisions is None:
        return {}
    return DecisionLog(question.decisions).existing().latest(marking, marks)


def _numbers_in_words(screener: Screener) -> str:
    parties = count_text(len(screener), "listed parties")
    return (
        f"{screener.numbered():,} of {parties} have a number on these lists, and "
        f"{screener.numbered('inn', 'ogrn'):,} an INN or OGRN. So a number that is not found "
        "clears nobody"
    )


def _emit(emit: Callable[[Row], None], found: Sequence[QueryRows]) -> None:
    for answer in found:
        for alert in answer.rows:
            emit(alert.cells())


def _describe_columns(run: Run, names: _Names) -> None:
    """Note in a run which columns of the file were used, and what could not be read."""
    run.notes += [*names.seen.notes(names.title), *run.left_out()]
    columns = names.seen.columns
    if columns is None:
        return
    run.labels = columns.labels
    if len(columns.names) > 1:
        run.columns = columns.names


class _Names:
    """The names of a file, or given, read as often as is needed."""

    def __init__(
        self, of: Path | Sequence[Query], columns: Sequence[tuple[str, str]], seen: FileTraits
    ) -> None:
        self.of = of
        self.is_file = isinstance(of, Path)
        self.columns = columns
        self.seen = seen
        self.title = of.name if isinstance(of, Path) else "names"
        self.total = (count_rows(of) if of.is_file() else None) if isinstance(of, Path) else len(of)

    def read(self) -> Iterator[Query]:
        """The names, one after another."""
        if not isinstance(self.of, Path):
            return iter(self.of)
        self.seen = FileTraits(self.columns)
        return read_queries(self.of, self.seen)

    def batches(self) -> Iterator[list[Query]]:
        """The names in batches."""
        batch: list[Query] = []
        for _, parties in groupby(self.read(), key=lambda q: q.row):
            batch += parties  # a consignment is never divided
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def sample(self, most: int) -> list[Query]:
        """Names spread evenly over the rows."""
        step = max((self.total or most) // most, 1)
        return [*islice((q for q in self.read() if q.row % step == 0), most)]


def _rate(
    question: Screening, names: _Names, screener: Screener, typed: bool
) -> tuple[float, bool]:
    """The share of the names that is taken to be listed, stated, assumed or estimated from the
    file; and whether it is estimated.
    """
    rate = screener.base_rate = question.base_rate or (TYPED_RATE if typed else BASE_RATE)
    if typed or question.base_rate or (names.total or 0) < LARGE:
        return rate, False
    return share_listed(screener.tops_of(names.sample(RATE_SAMPLE)), rate), True


def _answers(
    opened: ListScreener, cut: Cut, names: _Names, question: Screening
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Batches with their rows: here, in several processes, or on a cluster."""
    batches = names.batches()
    if question.engine != "duckdb":
        from bilat.parties.screening.workers import screen_on_cluster

        return screen_on_cluster(question.engine, opened.screener, cut, batches)
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    processes = question.threads or cores
    if processes > 1 and (question.threads or names.total is None or names.total >= SEVERAL_FROM):
        from bilat.parties.screening.workers import screen_in_processes

        return screen_in_processes(opened.screener, cut, batches, processes)
    return ((batch, rows_of(opened.screener, batch, cut)) for batch in batches)


def share_listed(probability: np.ndarray, base_rate: float) -> float:
    """The share of names that are listed, by maximum likelihood out of their probabilities at a
    base rate.
    """
    odds = probability / np.maximum(1 - probability, 1e-12) * (1 - base_rate) / base_rate
    share = base_rate
    for _ in range(200):
        share = float(np.mean(share * odds / (share * odds + 1 - share)))
    return min(max(share, RATES[0]), RATES[1])
