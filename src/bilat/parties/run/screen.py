# SPDX-License-Identifier: Apache-2.0
"""A screening run: queries streamed through the screener into a file in bounded memory.

While it runs, rows go to ``OUT.part``, which takes the place of OUT at the end.
"""

from __future__ import annotations

import datetime as dt
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
from bilat.listing import html_table
from bilat.parties.decide.decisions import DecisionLog
from bilat.parties.lists.effects import publisher
from bilat.parties.lists.listed import Used, list_sources
from bilat.parties.match.chance import BANDS, DEFAULT_BAND, chance
from bilat.parties.match.screener import BASE_RATE
from bilat.parties.run.asked import Screening, least_of, typed_names
from bilat.parties.run.export import Writer, finish, suffix_of
from bilat.parties.run.headers import parse_map
from bilat.parties.run.opened import OpenedQueries, list_lines, open_screener, refuse_old
from bilat.parties.run.queries import FileTraits, Query, count_rows, read_queries
from bilat.parties.run.rescreen import changed_since
from bilat.parties.run.rows import Batch, Cut, rows_of
from bilat.parties.run.sheets import Sheets, effect_line
from bilat.parties.run.unread import Unread
from bilat.parties.run.workers import answered
from bilat.when import AsOf

#: Days after which a list is old.
OLD = 365
#: Rows without a name that the notes point to.
ROWS_NAMED = 5
#: Share of typed names that are assumed to be listed: who types a name has a reason to. Of 10 to 30 in a hundred.
TYPED_RATE = 0.15
#: Names of a file from which on its own share of listed names is estimated, from a sample; and the least and greatest.
LARGE, RATE_SAMPLE, RATES = 2000, 1200, (0.0005, 0.3)
#: Names that are read and answered in one go: bounds the memory.
BATCH = 4800
#: Queries from which on several cores are used: starting the processes costs about a second.
SEVERAL_FROM = 3000


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
    names: Counter[str] = field(default_factory=Counter)  # names per band; none: no row
    folded: list[dict[str, str]] = field(default_factory=list)
    #: Of the names: person, other, han, or a state of firms.
    kinds: Counter[str] = field(default_factory=Counter)
    nameless: list[int] = field(default_factory=list)  # first rows of the file that hold no name
    without_name: int = 0
    unread: Unread = field(default_factory=Unread)
    notes: list[str] = field(default_factory=list)
    other_names: tuple[str, ...] = ()  # columns of names that were not asked
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
        shown = [
            [
                *(r[c] for c in ("query", "agreement", "bearers_says", "name")),
                "; ".join(map(effect_line, r["effects"])),
            ]
            for r in self.alerts
        ]
        said = [[line, "", "", "", ""] for line in [*self.summary(), self.age]]
        return html_table(
            ["name", "agreement", "who else has the name", "listed party", "effect"], [*shown, *said]
        )

    def add(self, batch: Sequence[Query], found: Batch) -> None:
        """Count a batch and its rows."""
        nameless = [q.row for q in batch if not any(c.isalnum() for c in q.name)]
        self.nameless += nameless[: ROWS_NAMED - len(self.nameless)]
        self.without_name += len(nameless)
        self.unread.read(batch)
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
        yield from self.unread.notes()

    def summary(self) -> list[str]:
        """Names in each band with what the band costs, then what was folded, read and left out."""
        counted = [f"{self.names[b]:,} {b}" for b, _ in BANDS if self.names.get(b)]
        counted += [f"{self.names['none']:,} without a row"] if self.names.get("none") else []
        out = [
            f"{counting(self.queries, 'name')}: {', '.join(counted) or 'none'}; {counting(self.rows, 'row')}"
        ]
        if self.other_names:
            out[0] += (
                f"; not screened: the names under {', '.join(self.other_names)} (`map` name=HEADER asks for them)"
            )
        if not self.typed:
            for name, low in BANDS:
                if low and self.names.get(name):
                    out.append(f"{name}: {cost(low, self.base_rate, self.kinds)}")
        how = "estimated from the file" if self.estimated else "assumed"
        out.append(f"{how}: of the names asked 1 in {1 / self.base_rate:,.0f} is listed")
        if self.folded:
            out.append(f"cleared earlier and folded away: {counting(len(self.folded), 'row')}")
        return out


def counting(n: int, what: str, several: str = "") -> str:
    """A number of things in words: ``1 name``, ``2,000 names``."""
    return f"{n:,} {what if n == 1 else several or what + 's'}"


def cost(least: float, base_rate: float, kinds: Mapping[str, int]) -> str:
    """What a least probability costs for names of these kinds, in words: false alerts measured on names that nothing
    was fitted on, of the same states and scripts.
    """
    costs = chance().costs(least, base_rate)
    total = max(sum(kinds.values()), 1)
    mean = sum(costs[k][0] * n for k, n in kinds.items()) / total
    worst = sorted(
        (k for k in kinds if costs[k][0] > 2 * mean and costs[k][0] >= 1), key=lambda k: -costs[k][0]
    )
    words = {"person": "people", "other": "firms of other states or none named", "han": "names in Han"}
    exact = (
        ", or a listed party's exact name or number whatever its chance"
        if least == dict(BANDS)[DEFAULT_BAND]
        else ""
    )
    most = f"; the most, {words.get(worst[0], worst[0])}: {costs[worst[0]][0]:.1f}" if worst else ""
    return (
        f"chance listed {least:g} and more{exact}; of a thousand clean names like those of this file about {mean:.1f} "
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
    **asked: Any,
) -> Run:
    """Screen a file of names, or names. Rows go to ``out`` (.jsonl, .csv, .parquet or .xlsx), or to ``emit``.

    Names given as text are ``typed``: answered by how exactly they agree, without a cut, at a share of listed names of
    15 in a hundred. A file is answered by a calibrated probability at one in a hundred, or at its own share, estimated
    where it has two thousand names and more. ``asked``: the fields of
    :class:`~bilat.parties.run.asked.Screening` (``lists``, ``top``, ``threshold``, ``base_rate`` ...).
    ``progress`` is called with (queries done, queries in all or None) after each batch. ``marking`` is how far the rows
    may be passed on: it stands in each, and decisions marked above it are as if not made; ``marks`` as for
    :meth:`DecisionLog.latest`.

    Raises
    ------
    UsageError, DataError
        one line naming the file, row and cure.
    """
    given: Any = {k: v for k, v in asked.items() if v is not None}
    if "threshold" in given:
        given["threshold"] = str(given["threshold"])
    question = Screening(**given)
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
        queries = typed_names(queries)
    with ExitStack() as stack:
        writer = (
            stack.enter_context(closing(Writer(out, marked=marking is not None))) if out is not None else None
        )
        names = _Names(queries, parse_map(question.map))
        next(names.read(), None)  # a wrong header is refused before the lists are read
        day = (as_of or AsOf()).date
        if question.since:
            opened, changed, notes = changed_since(question.since, question.lists or None, as_of, holdings)
        else:
            opened, changed, notes = open_screener(question.lists or None, as_of, holdings), None, []
        refuse_old(opened.lists, day, question.max_age or None)
        log = question.decisions
        cut = Cut(
            question.top, typed=bool(typed) and not question.threshold,
            decisions=DecisionLog(log).existing().latest(marking, marks) if log is not None else {},
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
            run.add(batch, found)
            if (columns := names.seen.columns) is not None:
                for query, answer in zip(batch, found.answers, strict=True):
                    for row in answer.rows:
                        row["asked"] = row["asked"] | columns.others(query.cells)
            if writer is not None:
                writer.write(found, batch)
            for row in found.rows if emit is not None else ():
                emit(row)  # type: ignore[misc]
            if progress is not None:
                progress(run.queries, names.total)
        run.notes += [*names.seen.notes(names.title), *run.left_out()]
        run.other_names = names.seen.columns.other_names if names.seen.columns else ()
        if writer is not None:
            labels = names.seen.columns.labels if names.seen.columns else ()
            lines = tuple(list_lines(run.lists, day))
            finish(
                writer, Sheets(run.age, lines, tuple(run.summary()), tuple(run.notes), cut.marking, labels)
            )
    return run


class _Names:
    """The names of a file, or given, read as often as is needed."""

    def __init__(self, of: Path | Sequence[Query], columns: Mapping[str, str]) -> None:
        self.of, self.columns, self.seen = of, dict(columns), FileTraits()
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


def _rated(cut: Cut, question: Screening, names: _Names, opened: OpenedQueries, run: Run, typed: bool) -> Cut:
    """The cut with the base rate, stated, assumed or estimated from the file, and the least probability."""
    screener = opened.screener
    rate = screener.base_rate = question.base_rate or (TYPED_RATE if typed else BASE_RATE)
    if not typed and not question.base_rate and (names.total or 0) >= LARGE:
        rate = screener.base_rate = share_listed(screener.tops_of(names.sample(RATE_SAMPLE)), rate)
        run.estimated = True
    run.base_rate = rate
    return replace(cut, base_rate=rate, least=least_of(question.threshold))


def _answers(
    opened: OpenedQueries, cut: Cut, names: _Names, question: Screening
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
