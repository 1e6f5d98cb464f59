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
import json
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
from bilat.parties.match.chance import BANDS, CLASSES, chance
from bilat.parties.match.matching import BATCH
from bilat.parties.match.screener import BASE_RATE, Screener
from bilat.parties.run.export import Writer, finish, suffix_of
from bilat.parties.run.opened import (
    OpenedQueries,
    index_file,
    list_lines,
    open_screener,
    refuse_old,
    temporary_folder,
)
from bilat.parties.run.queries import Query, Seen, count_rows, read_queries
from bilat.parties.run.rows import MARKED, Batch, Cut, rows_of
from bilat.parties.run.sheets import Sheets
from bilat.parties.run.threshold import Threshold
from bilat.parties.run.unread import Unread
from bilat.parties.run.workers import Asked, answered
from bilat.when import AsOf

#: Queries from which a threshold by alerts is set, spread evenly over the file.
SAMPLE = 5000
#: Rows without a name that the notes point to.
ROWS_NAMED = 5
#: Names held by longer listed ones that the notes tell.
HELD_NAMED = 3
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
    held: int = 0  # names without a row that stand whole in a longer listed name, and the first of them
    held_first: list[str] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)  # first rows of the file that hold no name
    without_name: int = 0
    unread: Unread = field(default_factory=Unread)
    notes: list[str] = field(default_factory=list)

    @property
    def age(self) -> str:
        """The age of the lists, in a line."""
        return next(list_lines(self.lists, self.day))

    def _repr_html_(self) -> str:
        return html_table(["screened", "names"], [["", line] for line in [self.age, *self.summary()]])

    def summary(self) -> list[str]:
        """Names in each band with what the band costs, then what was folded, read and left out."""
        counted = [f"{self.names[b]:,} {b}" for b, _ in BANDS if self.names.get(b)]
        counted += [f"{self.names['none']:,} without a row"] if self.names.get("none") else []
        out = [
            f"{counting(self.queries, 'name')}: {', '.join(counted) or 'none'}; {counting(self.rows, 'row')}"
        ]
        for name, low in BANDS:
            if low and self.names.get(name):
                out.append(f"{name}: {cost(low, self.base_rate)}")
        out.append(f"assumed: of the names asked 1 in {1 / self.base_rate:,.0f} is listed (`base_rate`)")
        if self.folded:
            out.append(f"cleared earlier and folded away: {counting(len(self.folded), 'row')}")
        return out


def counting(n: int, what: str) -> str:
    """A number of things in words: ``1 name``, ``2,000 names``."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def cost(least: float, base_rate: float) -> str:
    """What a least probability costs, in words: measured on names that nothing was fitted on, the listed ones as other
    lists write them and alone in the field.
    """
    costs = chance().costs(least, base_rate)
    words = {"person": "people", "other": "firms and ships", "han": "names in Han", "word": "single words"}
    told = [f"{words[c]} {costs[c][0]:.1f} and finds {costs[c][1]:.0%}" for c in CLASSES]
    return (
        f"{least:g} and more; false alerts in a thousand clean names, and the share found of listed names as other "
        f"lists write them, without noise in the field: {'; '.join(told)}"
    )


def screen(
    queries: Path | Sequence[Query],
    *,
    lists: Sequence[str] | None = None,
    as_of: AsOf | None = None,
    top: int = 5,
    threshold: str | float | None = None,
    out: Path | None = None,
    engine: str = "duckdb",
    holdings: Holdings | None = None,
    base_rate: float = BASE_RATE,
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
    with ExitStack() as stack:
        writer = (
            stack.enter_context(closing(Writer(out, marked=marking is not None))) if out is not None else None
        )
        total = _total(queries)
        seen = Seen()
        next(_queries(queries, 0, columns, seen), None)  # a wrong header is refused before the lists are read
        opened = opened or open_screener(lists, as_of, holdings, base_rate)
        day = (as_of or AsOf()).date
        refuse_old(opened.lists, day, max_age)
        log = DecisionLog(decisions).existing().latest(marking, marks) if decisions is not None else {}
        least = least_probability(
            wanted, opened.screener, lambda: _queries(queries, 0, columns, Seen()), total
        )
        cut, version = Cut(top, least), opened.screener.data_version
        run = Run(least=least, base_rate=base_rate, data_version=version, lists=opened.lists, day=day)
        if begin is not None:
            begin(run)
        asked = _asked(queries, opened, cut, decisions, columns, four_eyes) | {"chosen": chosen}
        if marking is not None:
            asked |= {"marking": str(marking), "marks": {k: str(m) for k, m in sorted(marks.items())}}
        _take_up(run, writer, asked, resume)
        told = Asked(cut, opened.high_priority, log, four_eyes, base_rate)
        batches = _batches(_queries(queries, run.resumed_at, columns, Seen()), BATCH)
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
        if run.held and isinstance(queries, Path):
            first = "; ".join(run.held_first) + (" ..." if run.held > len(run.held_first) else "")
            run.notes.append(
                f"{counting(run.held, 'name')} without a row, all of whose words a longer listed name has: "
                f"`threshold` 0 shows them ({first})"
            )
        if run.repeated_ids:
            run.notes.append(f"{run.repeated_ids} query ids repeat: each line was screened on its own")
        if writer is not None:
            lines = tuple(list_lines(run.lists, day))
            finish(
                writer,
                Sheets(
                    run.age, lines, tuple(run.summary()), tuple(run.notes), str(marking) if marking else ""
                ),
            )
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
            found = Batch(rows, names, found.folded, found.held)
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
            writer.write(found.rows, run.queries)
        if emit is not None:
            for row in found.rows:
                emit(row)
        progress(run.queries)


def _answers(
    opened: OpenedQueries,
    asked: Asked,
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
    return (
        (
            batch,
            rows_of(
                opened.screener, batch, asked.cut, high_priority=asked.high_priority, decisions=asked.decisions,
                four_eyes=asked.four_eyes,
            ),
        )
        for batch in batches
    )  # fmt: skip


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
    run.held += len(found.held)
    run.held_first += found.held[: HELD_NAMED - len(run.held_first)]
    for band, count in found.names.items():
        run.names[band] = run.names.get(band, 0) + count


def _queries(
    queries: Path | Sequence[Query], skip: int, columns: Mapping[str, str] | None, seen: Seen
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
    step = max((total or SAMPLE) // SAMPLE, 1)
    sample = islice((q for q in queries() if q.row % step == 0), SAMPLE)
    tops = [screener.tops(batch) for batch in _batches(sample, BATCH)]
    scores = np.concatenate(tops) if tops else np.zeros(0)
    return float(np.quantile(scores, 1 - threshold.alerts / 1000)) if len(scores) else 0.0


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
        "four_eyes": four_eyes,
        "decisions": hashlib.sha256(decisions.read_bytes()).hexdigest() if decisions else "",
    }


def journal_of(out: Path) -> Path:
    """Where a run keeps its journal."""
    return out.with_name(out.name + ".progress.json")


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


def to_json(row: dict[str, Any]) -> str:
    """One row as a JSON line."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False)
