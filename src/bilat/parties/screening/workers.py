# SPDX-License-Identifier: Apache-2.0
"""Screen batches of names in several processes of this machine, or on a Spark cluster.

The rows are the same as those of one process.
"""

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

#: Batches that are handed out before the first is answered, for each process. More take more memory.
BATCHES_PER_PROCESS = 3
#: The same for each core of a cluster.
BATCHES_PER_CORE = 8

#: In a worker process: what it screens with. The process sets it as it begins.
_screener: Screener
_cut: Cut


def _begin(screener: Screener, cut: Cut) -> None:
    """Set up a worker process, which ends when its parent ends, even if that one was killed."""
    global _screener, _cut
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _screener = screener
    _cut = cut


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _rows(batch: list[Query]) -> list[QueryRows]:
    return rows_of(_screener, batch, _cut)


def screen_in_processes(
    screener: Screener, cut: Cut, batches: Iterator[list[Query]], processes: int
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Yield each batch with its rows, in the order of the batches.

    Raises
    ------
    DataError
        if a process ends before its answer.
    """
    # A forked process shares the memory of the lists; a spawned one has a copy of its own.
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    pool = ProcessPoolExecutor(processes, context, _begin, (screener, cut))
    pending: deque[tuple[list[Query], Future[list[QueryRows]]]] = deque()
    try:
        for batch in batches:
            pending.append((batch, pool.submit(_rows, batch)))
            if len(pending) >= processes * BATCHES_PER_PROCESS:
                oldest, future = pending.popleft()
                yield oldest, future.result()
        for batch, future in pending:
            yield batch, future.result()
    except BrokenProcessPool:
        raise DataError(
            "a screening process ended before its answer (out of memory?). Ask with `threads` 1"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def screen_on_cluster(
    address: str, screener: Screener, cut: Cut, batches: Iterator[list[Query]]
) -> Iterator[tuple[list[Query], list[QueryRows]]]:
    """Yield each batch with its rows, in the order of the batches, from a Spark cluster.

    The cluster runs the Python of this process, unless PYSPARK_PYTHON names another.
    """
    from bilat.engine import Spark, connect

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    engine = connect(address)
    assert isinstance(engine, Spark)
    context = engine.session.sparkContext
    shared = context.broadcast(screener)

    def rows_of_part(part: Iterator[list[Query]]) -> Iterator[list[QueryRows]]:
        return (rows_of(shared.value, batch, cut) for batch in part)

    at_a_time = BATCHES_PER_CORE * context.defaultParallelism
    try:
        while True:
            wave = list(islice(batches, at_a_time))
            if not wave:
                break
            found = context.parallelize(wave, len(wave)).mapPartitions(rows_of_part).collect()
            yield from zip(wave, found, strict=True)
    finally:
        shared.unpersist()
        engine.close()
