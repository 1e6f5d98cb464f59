# SPDX-License-Identifier: Apache-2.0
"""A screening run: queries streamed through the screener into a file, resumable, in bounded memory.

While it runs, rows go to ``OUT.part`` and a journal ``OUT.progress.json`` tells how many queries are done,
how long the part file then was, and what was asked of which data. A run that was cut off goes on where the
journal says, if everything it tells of is unchanged; otherwise it starts again. At the end the part file
takes the place of OUT.
"""

from __future__ import annotations

import datetime as dt
import hashlib
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

from bilat.errors import UsageError
from bilat.handling import Marking
from bilat.holdings import Holdings
from bilat.listing import html_table
from bilat.parties.decide.decisions import DecisionLog
from bilat.parties.lists.listed import Used
from bilat.parties.match.chance import BANDS, chance
from bilat.parties.match.matching import BATCH
from bilat.parties.match.screener import BASE_RATE, Screener
from bilat.parties.run.export import Writer, finish, suffix_of
from bilat.parties.run.opened import (
    OpenedQueries,
    index_file,
    list_lines,
    open_screener,
    refuse_old,
    temporary_folder,  # fmt: skip
)
from bilat.parties.run.queries import FileTraits, Query, count_rows, read_queries
from bilat.parties.run.rows import MARKED, Batch, Cut
from bilat.parties.run.sheets import Sheets, effect_line
from bilat.parties.run.threshold import Threshold
from bilat.parties.run.typed import typed_names
from bilat.parties.run.unread import Unread
from bilat.parties.run.workers import WorkerTask, answered
from bilat.when import AsOf

#: Queries from which a threshold by alerts is set, spread evenly over the file.
SAMPLE = 5000
#: Rows without a name that the notes point to.
ROWS_NAMED = 5
#: Share of typed names that are assumed to be listed: who types a name has a reason to. Of 10 to 30 in a hundred.
TYPED_RATE = 0.15
#: Names of a file from which on its own share of listed names is estimated, from a sample; and the least and greatest.
LARGE, RATE_SAMPLE, RATES = 2000, 1200, (0.0005, 0.3)
#: Query ids remembered to tell of repeated ones.
IDS_REMEMBERED = 2_000_000
#: Queries from which on several cores are used: starting the processes costs about a second.
SEVERAL_FROM = 3000


@dataclass
class Run:
    """What a run was asked and what came of it."""

    queries: int = 0
    rows: int = 0
    resumed_at: int = 0
    repeated_ids: int = 0
    least: float = 0.0
    base_rate: float = BASE_RATE
    data_version: str = ""
    lists: list[Used] = field(default_factory=list)
    day: dt.date = field(default_factory=dt.date.today)
    names: dict[str, int] = field(default_factory=dict)  # names per band; none: no row
    folded: list[dict[str, str]] = field(default_factory=list)
    typed: bool = False
    #: Of the names: person, other, han, or a state of firms.
    kinds: Counter[str] = field(default_factory=Counter)
    estimated: bool = False  # the base rate is estimated from the file
    nameless: list[int] = field(default_factory=list)  # first rows of the file that hold no name
    without_name: int = 0
    unread: Unread = field(default_factory=Unread)
    notes: list[str] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)  # the rows of typed names

    @property
    def age(self) -> str:
        """The age of the lists, in a line."""
        return next(list_lines(self.lists, self.day))

    @property
    def known_to(self) -> str:
        """The last day to which each list is known, the oldest first; '' where none says."""
        dated = sorted((u.content, u.source) for u in self.lists if u.content and u.parties)
        return ", ".join(f"{source} {content}" for content, source in dated)

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
            ["name", "agreement", "who else bears it", "listed party", "effect"], [*shown, *said]
        )

    def summary(self) -> list[str]:
        """Names in each band with what the band costs, then what was folded, read and left out."""
        counted = [f"{self.names[b]:,} {b}" for b, _ in BANDS if self.names.get(b)]
        counted += [f"{self.names['none']:,} without a row"] if self.names.get("none") else []
        out = [
            f"{counting(self.queries, 'name')}: {', '.join(counted) or 'none'}; {counting(self.rows, 'row')}"
        ]
        if not self.typed:
            for name, low in BANDS:
                if low and self.names.get(name):
                    out.append(f"{name}: {cost(low, self.base_rate, self.kinds)}")
        how = "estimated from the file" if self.estimated else "assumed"
        out.append(f"{how}: of the names asked 1 in {1 / self.base_rate:,.0f} is listed")
        if self.folded:
            out.append(f"cleared earlier and folded away: {counting(len(self.folded), 'row')}")
        return out


def counting(n: int, what: str) -> str:
    """A number of things in words: ``1 name``, ``2,000 names``."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")


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
    most = f"; the most, {words.get(worst[0], worst[0])}: {costs[worst[0]][0]:.1f}" if worst else ""
    return (
        f"probability {least:g} and more; of a thousand clean names like those of this file about {mean:.1f} reach it"
        f"{most}; of listed names as other lists write them {costs['other'][1]:.0%} of firms and "
        f"{costs['person'][1]:.0%} of people do"
    )


def screen(
    queries: Path | Sequence[str | Query],
    *,
    typed: bool | None = None,
    lists: Sequence[str] | None = None,
    as_of: AsOf | None = None,
    top: int = 5,
    threshold: str | float | None = None,
    out: Path | None = None,
    engine: str = "duckdb",
    holdings: Holdings | None = None,
    base_rate: float | None = None,
    decisions: Path | None = None,
    four_eyes: bool = False,
    columns: Mapping[str, str] | None = None,
    max_age: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    resume: bool = True,
    emit: Callable[[dict[str, Any]], None] | None = None,
    begin: Callable[[Run], None] | None = None,
    opened: OpenedQueries | None = None,
    choose: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] | None = None,
    chosen: str = "",
    marking: Marking | None = None,
    marks: Mapping[str, Marking] = MappingProxyType({}),
) -> Run:
    """Screen a file of names, or names. Rows go to ``out`` (.jsonl, .csv, .parquet or .xlsx), or to ``emit``.

    Names given as text are ``typed``: answered by how exactly they agree, without a cut, at a share of listed names of
    15 in a hundred. A file is answered by a calibrated probability at one in a hundred, or at its own share, estimated
    where it has two thousand names and more; ``base_rate`` states another share.
    ``threshold`` is a probability, alerts in a thousand queries (``5/1000``) or a band; none: ``possible``.
    ``columns`` says which column is what (field -> header). ``progress`` is called with (queries done, queries in all
    or None) after each batch, ``begin`` once the lists are read. ``opened`` is a screener made before; ``choose`` picks
    the rows that come out, and ``chosen`` says which those are. ``marking`` is how far the rows may be passed on: each
    bears it, and decisions marked above it are as if not made; ``marks`` as for :meth:`DecisionLog.latest`.

    Raises
    ------
    UsageError, DataError
        one line naming the file, row and cure.
    """
    if top < 1:
        raise UsageError(f"top {top}: ask for at least one party a query")
    if threads is not None and threads < 1:
        raise UsageError(f"threads {threads}: use at least one")
    if out is not None:
        suffix_of(out)  # refused before any work, as is a place that another run writes to
    wanted = Threshold.of(threshold)
    if not isinstance(queries, Path):
        if typed is None:
            typed = bool(queries) and all(isinstance(q, str) for q in queries)
        queries = typed_names(queries)
    with ExitStack() as stack:
        writer = (
            stack.enter_context(closing(Writer(out, marked=marking is not None))) if out is not None else None
        )
        total = _total(queries)
        seen = FileTraits()
        next(_queries(queries, 0, columns, seen), None)  # a wrong header is refused before the lists are read
        rate = (TYPED_RATE if typed else BASE_RATE) if base_rate is None else base_rate
        opened = opened or open_screener(lists, as_of, holdings, rate)
        opened.screener.base_rate = rate
        day = (as_of or AsOf()).date
        refuse_old(opened.lists, day, max_age)
        log = DecisionLog(decisions).existing().latest(marking, marks) if decisions is not None else {}
        estimated = not typed and base_rate is None and (total or 0) >= LARGE
        if estimated:
            sample = _sample(lambda: _queries(queries, 0, columns, FileTraits()), total, RATE_SAMPLE)
            rate = opened.screener.base_rate = share_listed(opened.screener.tops_of(sample), rate)
        least = least_probability(
            wanted, opened.screener, lambda: _queries(queries, 0, columns, FileTraits()), total
        )
        cut, version = Cut(top, least, bool(typed) and threshold is None), opened.screener.data_version
        run = Run(least=least, base_rate=rate, data_version=version, lists=opened.lists, day=day, typed=cut.typed,
                  estimated=estimated)  # fmt: skip
        if begin is not None:
            begin(run)
        asked = _asked(queries, opened, cut, decisions, columns, four_eyes) | {"chosen": chosen}
        if marking is not None:
            asked |= {"marking": str(marking), "marks": {k: str(m) for k, m in sorted(marks.items())}}
        _take_up(run, writer, asked, resume)
        told = WorkerTask(cut, opened.high_priority, log, four_eyes, rate)
        batches = _batches(_queries(queries, run.resumed_at, columns, FileTraits()), BATCH)
        answers = _answers(opened, told, batches, engine, threads, total, stack)
        _through(
            run,
            _marked(_chosen(answers, choose), marking),
            writer,
            emit,
            lambda done: progress(done, total) if progress else None,
        )
        run.notes += seen.notes(queries.name if isinstance(queries, Path) else "names")
        if run.without_name:
            first = ", ".join(map(str, run.nameless)) + (
                " ..." if run.without_name > len(run.nameless) else ""
            )
            run.notes.append(
                f"{counting(run.without_name, 'row')} without a letter or digit in the name: not screened by name, "
                f"and no sign that nobody is listed (row {first})"
            )
        run.notes += run.unread.notes()
        if run.repeated_ids:
            run.notes.append(f"{run.repeated_ids} query ids repeat: each line was screened on its own")
        if writer is not None:
            lines, labels = tuple(list_lines(run.lists, day)), seen.columns.labels if seen.columns else ()
            said = tuple(run.summary()), tuple(run.notes), str(marking) if marking else ""
            finish(writer, Sheets(run.age, lines, *said, labels))
    return run


def _take_up(run: Run, writer: Writer | None, asked: dict[str, Any], resume: bool) -> None:
    """Go on where a run with the same question was cut off, or start again."""
    if writer is None:
        return
    done = writer.resume(asked) if resume else 0
    if done == 0:
        writer.begin(asked)
    else:
        run.notes.append(f"went on after {done:,} names; the bands count those after them")
    run.resumed_at = run.queries = done
    run.rows = writer.rows


def _chosen(
    answers: Iterator[tuple[list[Query], Batch]],
    choose: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] | None,
) -> Iterator[tuple[list[Query], Batch]]:
    """The answers with the rows that are to come out; a name counts in the band of its first one."""
    for batch, found in answers:
        if choose is not None:
            rows = choose(found.rows)
            bands: dict[str, str] = {}
            for row in rows:
                bands.setdefault(row["query_id"], row["band"])
            names = dict(Counter(bands.values()))
            if len(batch) > len(bands):
                names["none"] = len(batch) - len(bands)
            place = {
                (r["query_id"], r["party"], r["rank"]): n
                for r, n in zip(found.rows, found.places, strict=True)
            }
            places = [place[r["query_id"], r["party"], r["rank"]] for r in rows]
            found = replace(found, rows=rows, names=names, places=places)
        yield batch, found


def _marked(
    answers: Iterator[tuple[list[Query], Batch]], marking: Marking | None
) -> Iterator[tuple[list[Query], Batch]]:
    """The answers with the marking on each row."""
    for batch, found in answers:
        if marking is not None:
            found = replace(found, rows=[{**r, MARKED: str(marking)} for r in found.rows])
        yield batch, found


def _through(
    run: Run,
    answers: Iterator[tuple[list[Query], Batch]],
    writer: Writer | None,
    emit: Callable[[dict[str, Any]], None] | None,
    progress: Callable[[int], None],
) -> None:
    """Take every batch with its rows to where they go."""
    known_ids: set[int] = set()
    for batch, found in answers:
        _count(run, batch, found, known_ids)
        if writer is not None:
            writer.write(found, batch, run.queries)
        if emit is not None:
            for row in found.rows:
                emit(row)
        progress(run.queries)


def _answers(
    opened: OpenedQueries,
    asked: WorkerTask,
    batches: Iterator[list[Query]],
    engine: str,
    threads: int | None,
    total: int | None,
    stack: ExitStack,
) -> Iterator[tuple[list[Query], Batch]]:
    """Batches with their rows: here, in several processes, or on a cluster."""
    if engine != "duckdb":
        from bilat.parties.run.cluster import connect_cluster, mapped

        return mapped(connect_cluster(engine), opened.screener, asked, batches)
    processes = threads or (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if processes > 1 and (threads is not None or total is None or total >= SEVERAL_FROM):
        folder = Path(stack.enter_context(temporary_folder()))
        return answered(index_file(opened, folder), asked, batches, processes)
    return ((batch, asked.rows(opened.screener, batch)) for batch in batches)


def _count(run: Run, batch: list[Query], found: Batch, known: set[int]) -> None:
    if len(known) < IDS_REMEMBERED:
        keys = [hash(q.id) for q in batch]
        run.repeated_ids += len(keys) - len(set(keys) - known)
        known.update(keys)
    nameless = [q.row for q in batch if not any(c.isalnum() for c in q.name)]
    run.nameless += nameless[: ROWS_NAMED - len(run.nameless)]
    run.without_name += len(nameless)
    run.unread.read(batch)
    run.queries += len(batch)
    run.rows += len(found.rows)
    run.folded += found.folded
    run.kinds += found.kinds
    run.alerts += found.rows if run.typed else []
    for band, count in found.names.items():
        run.names[band] = run.names.get(band, 0) + count


def _queries(
    queries: Path | Sequence[Query], skip: int, columns: Mapping[str, str] | None, seen: FileTraits
) -> Iterator[Query]:
    return read_queries(queries, skip, columns, seen) if isinstance(queries, Path) else iter(queries[skip:])


def _total(queries: Path | Sequence[Query]) -> int | None:
    if isinstance(queries, Path):
        return count_rows(queries) if queries.is_file() else None
    return len(queries)


def _batches(queries: Iterator[Query], size: int) -> Iterator[list[Query]]:
    while batch := list(islice(queries, size)):
        yield batch


def least_probability(
    threshold: Threshold, screener: Screener, queries: Callable[[], Iterator[Query]], total: int | None
) -> float:
    """The least probability that a threshold means."""
    if threshold.alerts is None:
        return threshold.probability
    sample = _sample(queries, total, SAMPLE)
    scores = screener.tops_of(sample)
    return float(np.quantile(scores, 1 - threshold.alerts / 1000)) if len(scores) else 0.0


def _sample(queries: Callable[[], Iterator[Query]], total: int | None, most: int) -> list[Query]:
    """Queries spread evenly over a file."""
    step = max((total or most) // most, 1)
    return list(islice((q for q in queries() if q.row % step == 0), most))


def share_listed(probability: np.ndarray, base_rate: float) -> float:
    """The share of names that are listed, by maximum likelihood out of their probabilities at a base rate."""
    odds = probability / np.maximum(1 - probability, 1e-12) * (1 - base_rate) / base_rate
    share = base_rate
    for _ in range(200):
        share = float(np.mean(share * odds / (share * odds + 1 - share)))
    return min(max(share, RATES[0]), RATES[1])


def _asked(
    queries: Path | Sequence[Query],
    opened: OpenedQueries,
    cut: Cut,
    decisions: Path | None,
    columns: Mapping[str, str] | None,
    four_eyes: bool,
) -> dict[str, Any]:
    """What a run depends on; a journal with another content is not resumed."""
    if isinstance(queries, Path):
        stat = queries.stat()
        with queries.open("rb") as handle:
            head = hashlib.sha256(handle.read(1 << 20)).hexdigest()
        of: dict[str, Any] = {"bytes": stat.st_size, "modified": int(stat.st_mtime), "head": head}
    else:
        of = {"names": hashlib.sha256(repr(queries).encode()).hexdigest()}
    return {
        "queries": of,
        "columns": dict(columns or {}),
        "data_version": opened.screener.data_version,
        "parties": len(opened.screener),
        "top": cut.top,
        "least": cut.least,
        "base_rate": opened.screener.base_rate,
        "typed": cut.typed,
        "four_eyes": four_eyes,
        "decisions": hashlib.sha256(decisions.read_bytes()).hexdigest() if decisions else "",
    }


def explain(row: dict[str, Any]) -> list[tuple[str, float, float]]:
    """The waterfall of the names' agreement: (feature, its term, sum so far), from the intercept on, greatest first."""
    terms = dict(row["features"])
    out: list[tuple[str, float, float]] = []
    total = terms.pop("intercept", 0.0)
    out.append(("intercept", total, total))
    for name, value in sorted(terms.items(), key=lambda kv: -abs(kv[1])):
        total += value
        out.append((name, value, total))
    return out
