# SPDX-License-Identifier: Apache-2.0
"""Screening on several cores: processes that open the kept index and answer batches; the rows are the same.

Batches are numbered by the reader and come back in that order, whatever process answered them. The processes
are this Python with this module; they speak in lengths and pickles over their pipes, which no one else has.
"""

from __future__ import annotations

import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilat.errors import DataError
from bilat.parties.run.queries import Query
from bilat.parties.run.rows import Batch, Cut, rows_of

#: Batches that may be out at a time, per process: bounds the memory.
AHEAD = 3


@dataclass(frozen=True)
class Asked:
    """What every process must know."""

    cut: Cut
    high_priority: frozenset[str]
    decisions: dict[Any, Any]
    four_eyes: bool
    base_rate: float


def _send(pipe: Any, value: Any) -> None:
    raw = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(struct.pack(">Q", len(raw)) + raw)
    pipe.flush()


def _receive(pipe: Any) -> Any:
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    size = struct.unpack(">Q", head)[0]
    return pickle.loads(pipe.read(size))


def answered(
    index: Path, asked: Asked, batches: Iterator[list[Query]], processes: int
) -> Iterator[tuple[list[Query], Batch]]:
    """Each batch with its rows, in the order of the batches.

    Raises
    ------
    DataError
        if a process ends before its answer.
    """
    lock, ready = threading.Lock(), threading.Condition()
    state: dict[str, Any] = {"next": 0, "done": {}, "read": False, "error": None, "shown": 0}
    room = threading.Semaphore(processes * AHEAD)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "bilat.parties.run.workers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(processes)
    ]

    def take() -> tuple[int, list[Query]] | None:
        with lock:
            batch = None if state["read"] else next(batches, None)
            if batch is None:
                state["read"] = True
                return None
            state["next"] += 1
            return state["next"] - 1, batch

    def serve(worker: subprocess.Popen[bytes]) -> None:
        try:
            _send(worker.stdin, (str(index), asked))
            while state["error"] is None:
                room.acquire()
                taken = take()
                if taken is None:
                    room.release()
                    break
                n, batch = taken
                _send(worker.stdin, batch)
                answer = _receive(worker.stdout)
                with ready:
                    state["done"][n] = (batch, answer)
                    ready.notify_all()
        except BaseException as e:  # told to the caller, in its own thread
            state["error"] = e
        with ready:
            state["ended"] = state.get("ended", 0) + 1
            ready.notify_all()

    threads = [threading.Thread(target=serve, args=(w,), daemon=True) for w in workers]
    for t in threads:
        t.start()

    def ready_with(n: int) -> bool:
        return n in state["done"] or state["error"] is not None or state.get("ended", 0) == processes

    try:
        n = 0
        while True:
            with ready:
                while not ready_with(n):
                    ready.wait()
                if state["error"] is not None:
                    _raise(state["error"])
                if n not in state["done"]:
                    return
                batch, answer = state["done"].pop(n)
            room.release()
            yield batch, answer
            n += 1
    finally:
        state["error"] = state["error"] or StopIteration()
        for _ in workers:
            room.release()
        for w in workers:
            w.kill()
            w.wait()


def _raise(error: BaseException) -> None:
    if isinstance(error, (EOFError, BrokenPipeError, struct.error)):
        raise DataError(
            "a screening process ended before its answer (out of memory?); ask with `threads` 1"
        ) from None
    raise error


def _work(read: Any, write: Any) -> None:
    from bilat.parties.match import kept
    from bilat.parties.match.screener import Screener

    path, asked = _receive(read)
    found = kept.read(Path(path))
    if found is None:
        raise SystemExit(1)
    screener = Screener.from_kept(found, asked.base_rate)
    answer: Callable[[list[Query]], Batch] = lambda batch: rows_of(  # noqa: E731
        screener, batch, asked.cut, high_priority=asked.high_priority, decisions=asked.decisions,
        four_eyes=asked.four_eyes,
    )  # fmt: skip
    while True:
        try:
            batch = _receive(read)
        except EOFError:
            return
        _send(write, answer(batch))


if __name__ == "__main__":
    _work(sys.stdin.buffer, sys.stdout.buffer)
