# SPDX-License-Identifier: Apache-2.0
"""Screening on Spark: the index is broadcast once, partitions of queries are mapped; the rows are the same.

Queries are numbered in the order of the file, so that the rows can be put in that order again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bilat.dyad import UsageError
from bilat.parties.matching import BATCH
from bilat.parties.queries import Query, read_queries
from bilat.parties.screening import Screener


def screen_on_spark(
    engine: Any,
    screener: Screener,
    queries: Path,
    top: int,
    least: float | None,
    out: Path | None,
    run: Any,
    emit: Callable[[dict[str, Any]], None] | None,
) -> Any:
    """Screen on a cluster; rows go to ``out`` or ``emit`` in the order of the queries."""
    from bilat.parties.export import Writer, finish

    session = getattr(engine, "session", None)
    if session is None:
        raise UsageError("this engine is no cluster: give --engine spark://host:port")
    context = session.sparkContext
    shared = context.broadcast(screener)
    asked = list(read_queries(queries))
    pieces = max(context.defaultParallelism, -(-len(asked) // (4 * BATCH)), 1)

    def rows_of(part: Iterator[Query]) -> Iterator[tuple[int, str]]:
        mine = shared.value
        batch: list[Query] = []

        def flush() -> Iterator[tuple[int, str]]:
            number = {q.id: q.row for q in batch}
            for row in mine.rows(batch, top, least):
                yield number[row["query_id"]], json.dumps(row, ensure_ascii=False)
            batch.clear()

        for query in part:
            # One id twice in a batch would lose its row number: it starts a new batch.
            if any(q.id == query.id for q in batch[-50:]) or len(batch) >= BATCH:
                yield from flush()
            batch.append(query)
        if batch:
            yield from flush()

    found = context.parallelize(asked, pieces).mapPartitions(rows_of)
    writer = Writer(out) if out is not None else None
    if writer is not None:
        writer.begin({})
    for _, text in sorted(found.toLocalIterator(), key=lambda pair: pair[0]):
        row = json.loads(text)
        run.rows += 1
        if writer is not None:
            writer.write([row], 0)
        if emit is not None:
            emit(row)
    run.queries = len(asked)
    if writer is not None:
        finish(writer)
    shared.destroy()
    engine.close()
    return run
