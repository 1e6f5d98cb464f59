# SPDX-License-Identifier: Apache-2.0
"""Worker processes: each does one task after another, with limits on time and memory.

A lane is one process with its queue. There are three, for questions, uploads and sites, so that
short tasks never wait behind long ones. A worker that crashed, or was stopped at a limit, is
replaced by a new one, and its task fails with one line. A worker that is idle for long is stopped,
so that its memory is free for others.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bilat.errors import as_error
from bilat.files.write import writable
from bilat.server.refusals import Refusal

#: Seconds between two checks of a worker's limits.
CHECK = 0.25
#: Share of its memory above which a worker is replaced after a task: it keeps an engine for each
#: date that was asked.
WORN_OUT = 0.6
#: Seconds without a task after which a worker is stopped.
IDLE = 600


@dataclass(eq=False)
class Task:
    """A task: a name of :data:`bilat.server.work.TASKS`, its arguments, and its progress."""

    name: str
    given: Mapping[str, object]
    seconds: float  #: that it may take
    future: asyncio.Future[Any]
    done: int = 0  #: parts that are done
    of: int | None = None  #: parts in all; None if unknown
    what: str = ""  #: what is being done, in words
    owner: str = ""  #: the reader who asked
    began: float | None = None  #: its start by the monotonic clock; None while it waits

    @property
    def elapsed(self) -> float:
        return 0.0 if self.began is None else time.monotonic() - self.began


def turn(waiting: list[Task], served: dict[str, int]) -> Task:
    """Return the next task: readers take turns, and each reader's tasks keep their order.

    Parameters
    ----------
    waiting
        the tasks in the order in which they came.
    served
        the number of each reader's last turn; a reader without one comes first.
    """
    return min(waiting, key=lambda task: served.get(task.owner, -1))


class Lane:
    """One worker process with its queue.

    Parameters
    ----------
    holdings
        the folder that the worker's holdings are opened from; None for the default.
    temporary
        the folder of the worker's temporary files, which is deleted with the worker.
    queue
        the most tasks of one owner that wait; one more is refused with status 429.
    memory
        the most bytes of memory of the worker.
    """

    def __init__(
        self, name: str, holdings: Path | None, *, temporary: Path, queue: int, memory: int
    ) -> None:
        self.name = name
        self.holdings = holdings
        self.temporary = temporary / name
        self.memory = memory
        self.most = queue
        self._waiting: list[Task] = []
        self._served: dict[str, int] = {}
        self._more = asyncio.Event()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._now: Task | None = None
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to take tasks; the process starts with the first one."""
        self._loop = asyncio.create_task(self._work(), name=f"lane {self.name}")

    def put(self, name: str, given: Mapping[str, object], seconds: float, owner: str = "") -> Task:
        """Queue a task; its future has the result.

        Raises
        ------
        Refusal
            with status 429 if too many of the owner's tasks wait already.
        """
        task = Task(name, given, seconds, asyncio.get_running_loop().create_future(), owner=owner)
        if sum(t.owner == owner for t in self._waiting) >= self.most:
            raise Refusal(
                429,
                f"{self.most} of your questions are already waiting. Ask again in a minute",
                wait=60,
            )
        self._waiting.append(task)
        self._more.set()
        return task

    async def close(self) -> None:
        """Stop the worker and refuse the tasks that wait."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        for task in [self._now, *self._waiting]:
            if task is not None and not task.future.done():
                stopping = Refusal(503, "the server is stopping. Ask again when it is running")
                task.future.set_exception(stopping)
        self._stop()

    async def _next(self) -> Task:
        """Wait for a task and take it off the queue; stop a worker that waits too long."""
        while not self._waiting:
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), IDLE)
            except TimeoutError:
                self._stop()
        task = turn(self._waiting, self._served)
        self._waiting.remove(task)
        last_turn = max(self._served.values(), default=-1)
        self._served[task.owner] = last_turn + 1
        return task

    async def _work(self) -> None:
        while True:
            task = await self._next()
            if task.future.cancelled():
                continue
            task.began = time.monotonic()
            self._now = task
            try:
                kind, value = await self._run(task)
            except Exception as e:
                kind = "failed"
                value = as_error(e)
            finally:
                self._now = None
            if not task.future.done():
                if kind == "done":
                    task.future.set_result(value)
                else:
                    task.future.set_exception(value)
            if self._size() > WORN_OUT * self.memory:
                self._stop()

    async def _run(self, task: Task) -> tuple[str, Any]:
        """Return ("done", answer) or ("failed", error) from the worker.

        Raises
        ------
        Refusal
            if the task is cancelled or exceeds a limit, or the worker crashes; the worker is
            stopped.
        """
        pipe = self._running_worker()
        try:
            pipe.send((task.name, task.given))
            while True:
                if await asyncio.to_thread(pipe.poll, CHECK):
                    kind, value = await asyncio.to_thread(pipe.recv)
                    if kind != "progress":
                        return kind, value
                    task.done, task.of, task.what = value
                elif task.future.cancelled():
                    raise Refusal(503, "it was cancelled")
                if task.elapsed > task.seconds:
                    limit = f"{task.seconds:g} seconds"
                    raise Refusal(504, f"took longer than {limit} and was ended. Ask for less")
                if self._size() > self.memory:
                    limit = f"{self.memory >> 20:,} MB of memory"
                    raise Refusal(
                        413, f"needed more than {limit} and was stopped. Send less at once"
                    )
        except (EOFError, OSError):
            self._stop()
            raise Refusal(
                500, "the worker crashed while answering. Ask for less, or report it"
            ) from None
        except BaseException:
            self._stop()
            raise

    def _running_worker(self) -> Connection:
        """Return the pipe to the worker; start a worker if none runs."""
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self._stop()
            with writable(self.temporary):
                self.temporary.mkdir(parents=True, exist_ok=True)
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=work_on,
                args=(theirs, self.holdings, self.temporary),
                name=f"bilat-{self.name}",
                daemon=True,
            )
            self._process.start()
            theirs.close()
        return self._pipe

    def _size(self) -> int:
        """Return the worker's memory in bytes; 0 if the system does not report it."""
        if self._process is None:
            return 0
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _stop(self) -> None:
        """Stop the worker and delete its temporary files."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            if self._process.pid and hasattr(os, "killpg"):
                # Processes that the worker started are in its group.
                with contextlib.suppress(OSError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join(5)
        self._process = None
        self._pipe = None
        # An engine that was stopped leaves the files that it moved out of its memory.
        shutil.rmtree(self.temporary, ignore_errors=True)


def work_on(pipe: Connection, folder: Path | None, temporary: Path) -> None:
    """Run a worker: take tasks from the pipe and send progress and results, until it closes."""
    if hasattr(os, "setsid"):
        os.setsid()  # a process group of its own, so that it can be stopped as a whole
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
    # Ctrl-C at the terminal stops the server, which stops its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from bilat.server.holdings_watch import HoldingsWatch
    from bilat.server.work import TASKS

    watched = HoldingsWatch(folder)

    def tell(done: int, of: int | None, what: str) -> None:
        pipe.send(("progress", (done, of, what)))

    with contextlib.suppress(EOFError, OSError):  # the pipe is closed
        while True:
            name, given = pipe.recv()
            try:
                answer = ("done", TASKS[name](watched.now(), tell, **given))
            except Exception as e:
                answer = ("failed", as_error(e))
            pipe.send(answer)
