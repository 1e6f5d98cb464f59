# SPDX-License-Identifier: Apache-2.0
"""Screening on Spark: the index is broadcast once, batches of queries are mapped; the rows are the same.

Queries go out in waves of the batches that one machine would make, so that memory on the driver is bounded
and what is told of a batch (shared addresses) does not depend on the cluster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from bilat.engine import connect
from bilat.errors import UsageError
from bilat.parties.match.screener import Screener
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import Cut, QueryRows, rows_of

#: Batches that are out at a time, per core of the cluster.
WAVE = 8


def connect_cluster(where: str) -> Any:
    """A Spark engine; its workers run this Python unless PYSPARK_PYTHON names another."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    engine = connect(where)
    if getattr(engine, "session", None) is None:
        raise UsageError(f"engine {where!r} is not a cluster: use duckdb or spark://host:port")
    return engine


def mapped(
    engine: Any, screener: Screener, cut: Cut, batches: Iterator[list[Query]]
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Screen batches on the cluster: each batch with its rows, in the order of the queries."""
    context = engine.session.sparkContext
    shared = context.broadcast(screener)

    def answered(part: Iterator[list[Query]]) -> Iterator[list[QueryRows]]:
        return (rows_of(shared.value, batch, cut) for batch in part)

    try:
        while wave := [b for _, b in zip(range(WAVE * context.defaultParallelism), batches, strict=False)]:
            found = context.parallelize(wave, len(wave)).mapPartitions(answered).collect()
            yield from zip(wave, found, strict=True)
    finally:
        shared.unpersist()
        engine.close()
