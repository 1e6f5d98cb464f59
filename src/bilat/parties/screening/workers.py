# SPDX-License-Identifier: Apache-2.0
"""Screening on several cores, or on Spark: processes that share the listed parties and answer batches; the rows are the
same."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait

from bilat.errors import DataError
from bilat.parties.queries.query import Query
from bilat.parties.screening.rows import Cut, QueryRows, rows_of
from bilat.parties.screening.screener import Screener

#: Batches that may be out at a time, per process, and per core of a cluster: bounds the memory.
AHEAD = 3
WAVE = 8


#: What a process answers with, set as it begins.
_mine: list[tuple[Screener, Cut]] = []


def _begin(screener: Screener, cut: Cut) -> None:
    """Take the listed parties; end with the process that asked, however that one ends."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    _mine[:] = [(screener, cut)]


def _answer(batch: list[Query]) -> list[QueryRows]:
    screener, cut = _mine[0]
    return rows_of(screener, batch, cut)


def answered(
    screener: Screener, cut: Cut, batches: Iterator[list[Query]], processes: int
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Each batch with its rows, in the order of the batches.

    Raises
    ------
    DataError
        if a process ends before its answer.
    """
    forked = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forked else "spawn")
    pool = ProcessPoolExecutor(processes, context, _begin, (screener, cut))
    out: deque[tuple[list[Query], Future[list[QueryRows]]]] = deque()
    try:
        for batch in batches:
            out.append((batch, pool.submit(_answer, batch)))
            if len(out) >= processes * AHEAD:
                first, future = out.popleft()
                yield first, future.result()
        for batch, future in out:
            yield batch, future.result()
    except BrokenProcessPool:
        raise DataError(
            "a screening process ended before its answer (out of memory?). Ask with `threads` 1"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def on_cluster(
    where: str, screener: Screener, cut: Cut, batches: Iterator[list[Query]]
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Each batch with its rows, in the order of the batches, from a Spark cluster; its Python is this one unless
    PYSPARK_PYTHON names another.
    """
    from bilat.engine import Spark, connect

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    engine = connect(where)
    assert isinstance(engine, Spark)
    context = engine.session.sparkContext
    shared = context.broadcast(screener)

    def answered(part: Iterator[list[Query]]) -> Iterator[list[QueryRows]]:
        return (rows_of(shared.value, batch, cut) for batch in part)

    try:
        while wave := [*islice(batches, WAVE * context.defaultParallelism)]:
            found = context.parallelize(wave, len(wave)).mapPartitions(answered).collect()
            yield from zip(wave, found, strict=True)
    finally:
        shared.unpersist()
        engine.close()
