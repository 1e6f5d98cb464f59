# SPDX-License-Identifier: Apache-2.0
"""A screening run: queries streamed through the screener into a file, resumable, in bounded memory.

While it runs, rows go to ``OUT.part`` and a journal ``OUT.progress.json`` tells how many queries are done,
how long the part file then was, and what was asked of which data. A run that was cut off goes on where the
journal says, if everything it tells of is unchanged; otherwise it starts anew. At the end the part file
takes the place of OUT.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bilat.errors import UsageError
from bilat.holdings import Holdings
from bilat.parties.cluster import connect_cluster, mapped
from bilat.parties.decisions import DecisionLog
from bilat.parties.export import Writer, finish, suffix_of
from bilat.parties.listed import held_parties
from bilat.parties.matching import BATCH
from bilat.parties.queries import Query, count_rows, read_queries
from bilat.parties.screener import BASE_RATE, Screener, Threshold
from bilat.when import AsOf

#: Queries from which a threshold by alerts is set, spread evenly over the file.
SAMPLE = 5000
#: Query ids remembered to tell of repeated ones.
IDS_REMEMBERED = 2_000_000


@dataclass
class Run:
    """What a run was asked and what came of it."""

    queries: int = 0
    rows: int = 0
    resumed_at: int = 0
    repeated_ids: int = 0
    least_log_odds: float | None = None
    base_rate: float = BASE_RATE
    data_version: str = ""
    notes: list[str] = field(default_factory=list)


def make_screener(
    lists: Sequence[str] | None = None,
    as_of: AsOf | None = None,
    *,
    holdings: Holdings | None = None,
    base_rate: float = BASE_RATE,
    decisions: Path | None = None,
) -> tuple[Screener, list[str]]:
    """A screener over the lists asked for, and notes on which editions were used."""
    held, notes = held_parties(lists, as_of, holdings)
    log = DecisionLog(decisions).latest() if decisions is not None else {}
    return Screener(held, base_rate, high_priority(as_of, holdings), log), notes


def high_priority(as_of: AsOf | None, holdings: Holdings | None) -> frozenset[str]:
    """HS6 codes of the common high priority list that the holdings know, as of a date."""
    engine = (holdings or Holdings()).connect(as_of or AsOf())
    rows = engine.table("SELECT DISTINCT product FROM baskets WHERE high_priority").to_pylist()
    return frozenset(r["product"] for r in rows)


def _batches(queries: Iterator[Query], size: int) -> Iterator[list[Query]]:
    while batch := list(islice(queries, size)):
        yield batch


def least_log_odds(threshold: Threshold, screener: Screener, path: Path, total: int | None) -> float | None:
    """The least log-odds at even prior odds that a threshold means; None where all rows are wanted."""
    if threshold.probability is not None:
        p = min(max(threshold.probability, 1e-12), 1 - 1e-12)
        rate = screener.base_rate
        return float(np.log(p / (1 - p)) - np.log(rate / (1 - rate)))
    if threshold.alerts is None:
        return None
    step = max((total or SAMPLE) // SAMPLE, 1)
    sample = islice((q for q in read_queries(path) if q.row % step == 0), SAMPLE)
    tops = [screener.top_log_odds(batch) for batch in _batches(sample, BATCH)]
    scores = np.concatenate(tops) if tops else np.zeros(0)
    return float(np.quantile(scores, 1 - threshold.alerts / 1000)) if len(scores) else None


def screen(
    queries: Path,
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
    progress: Callable[[int, int | None], None] | None = None,
    resume: bool = True,
    emit: Callable[[dict[str, Any]], None] | None = None,
) -> Run:
    """Screen a file of names. Rows go to ``out`` (.jsonl, .csv, .parquet or .xlsx), or to ``emit``.

    ``progress`` is called with (queries done, queries in all or None) after each batch.

    Raises
    ------
    UsageError, DataError
        one line naming the file, row and cure.
    """
    if top < 1:
        raise UsageError(f"top {top}: ask for at least one party a query")
    if out is not None:
        suffix_of(out)  # refused before any work, as is a place that another run writes to
    writer = Writer(out) if out is not None else None
    with nullcontext() if writer is None else closing(writer):
        return _screened(
            queries, writer, lists, as_of, top, threshold, engine, holdings, base_rate, decisions, progress,
            resume, emit,
        )  # fmt: skip


def _screened(
    queries: Path,
    writer: Writer | None,
    lists: Sequence[str] | None,
    as_of: AsOf | None,
    top: int,
    threshold: str | float | None,
    engine: str,
    holdings: Holdings | None,
    base_rate: float,
    decisions: Path | None,
    progress: Callable[[int, int | None], None] | None,
    resume: bool,
    emit: Callable[[dict[str, Any]], None] | None,
) -> Run:
    wanted = Threshold.of(threshold)
    total = count_rows(queries) if queries.is_file() else None
    next(iter(read_queries(queries)), None)  # a wrong header is refused before the lists are read
    screener, notes = make_screener(lists, as_of, holdings=holdings, base_rate=base_rate, decisions=decisions)
    least = least_log_odds(wanted, screener, queries, total)
    run = Run(notes=notes, least_log_odds=least, base_rate=base_rate, data_version=screener.data_version)
    asked = _asked(queries, screener, top, least, decisions)
    done = writer.resume(asked) if writer is not None and resume else 0
    if writer is not None and done == 0:
        writer.begin(asked)
    run.resumed_at = done
    run.queries = done
    run.rows = writer.rows if writer is not None else 0
    seen: set[int] = set()

    def after(batch: list[Query], rows: list[dict[str, Any]]) -> None:
        if len(seen) < IDS_REMEMBERED:
            keys = [hash(q.id) for q in batch]
            run.repeated_ids += len(keys) - len(set(keys) - seen)
            seen.update(keys)
        run.queries += len(batch)
        run.rows += len(rows)
        if writer is not None:
            writer.write(rows, run.queries)
        if emit is not None:
            for row in rows:
                emit(row)
        if progress is not None:
            progress(run.queries, total)

    batches = _batches(read_queries(queries, done), BATCH)
    cluster = None if engine == "duckdb" else connect_cluster(engine)
    if cluster is None:
        for batch in batches:
            after(batch, screener.rows(batch, top, least))
    else:
        mapped(cluster, screener, batches, top, least, after)
    if writer is not None:
        finish(writer)
    if run.repeated_ids:
        run.notes.append(f"{run.repeated_ids} query ids repeat: each line was screened on its own")
    return run


def _asked(
    queries: Path, screener: Screener, top: int, least: float | None, decisions: Path | None
) -> dict[str, Any]:
    """What a run depends on; a journal with another content is not resumed."""
    stat = queries.stat()
    with queries.open("rb") as handle:
        head = hashlib.sha256(handle.read(1 << 20)).hexdigest()
    return {
        "queries": {"bytes": stat.st_size, "modified": int(stat.st_mtime), "head": head},
        "data_version": screener.data_version,
        "parties": len(screener.held),
        "top": top,
        "least": least,
        "base_rate": screener.base_rate,
        "decisions": hashlib.sha256(decisions.read_bytes()).hexdigest()
        if decisions and decisions.exists()
        else "",
    }


def journal_of(out: Path) -> Path:
    """Where a run keeps its journal."""
    return out.with_name(out.name + ".progress.json")


def explain(row: dict[str, Any]) -> list[tuple[str, float, float]]:
    """The waterfall of a row: (feature, its term, sum so far), from the intercept to the log-odds, greatest
    first.
    """
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
