# SPDX-License-Identifier: Apache-2.0
"""Screening on Spark: the index is broadcast once, batches of queries are mapped; the rows are the same.

Queries go out in waves of the batches that one machine would make, so that memory on the driver is bounded, a
run can be resumed, and what is told of a batch (shared addresses) does not depend on the cluster.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bilat.engine import connect
from bilat.errors import UsageError
from bilat.parties.queries import Query
from bilat.parties.screener import Screener

#: Batches that are out at a time, per core of the cluster.
WAVE = 8


def connect_cluster(where: str) -> Any:
    """A Spark engine; its workers run this Python unless PYSPARK_PYTHON names another."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    engine = connect(where)
    if getattr(engine, "session", None) is None:
        raise UsageError(f"engine {where!r} is no cluster: use duckdb or spark://host:port")
    return engine


def mapped(
    engine: Any,
    screener: Screener,
    batches: Iterator[list[Query]],
    top: int,
    least: float | None,
    done: Callable[[list[Query], list[dict[str, Any]]], None],
) -> None:
    """Screen batches on the cluster; ``done`` gets each batch with its rows, in the order of the queries."""
    context = engine.session.sparkContext
    shared = context.broadcast(screener)

    def rows_of(part: Iterator[list[Query]]) -> Iterator[str]:
        for batch in part:
            yield json.dumps(shared.value.rows(batch, top, least), ensure_ascii=False)

    try:
        while wave := [b for _, b in zip(range(WAVE * context.defaultParallelism), batches, strict=False)]:
            found = context.parallelize(wave, len(wave)).mapPartitions(rows_of).collect()
            for batch, text in zip(wave, found, strict=True):
                done(batch, json.loads(text))
    finally:
        shared.unpersist()
        engine.close()
