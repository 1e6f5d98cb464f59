# SPDX-License-Identifier: Apache-2.0
"""Screening on several cores: processes that share the listed parties and answer batches; the rows are the same."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from bilat.errors import DataError
from bilat.parties.match.screener import Screener
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import Cut, QueryRows, rows_of

#: Batches that may be out at a time, per process: bounds the memory.
AHEAD = 3


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
            "a screening process ended before its answer (out of memory?); ask with `threads` 1"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
