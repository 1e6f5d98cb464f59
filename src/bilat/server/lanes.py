# SPDX-License-Identifier: Apache-2.0
"""Workers: processes that do one task after another, each within its time and memory, or the process is ended.

A lane is one process and the queue before it. There are three, for questions, uploads and sites, so that what is short
never waits behind what is long. A worker that fell or was ended is replaced by a fresh one, and what it was doing ends
in one line; one that had nothing to do for a while is ended and leaves its memory to others.
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

#: Seconds between two looks at a worker's memory and at the clock.
LOOK = 0.25
#: Share of the memory allowed above which an idle worker is replaced: engines of many dates pile up in it.
TIRED = 0.6
#: Seconds without a task after which a worker is ended.
IDLE = 600


@dataclass(eq=False)
class Task:
    """One thing to do: a name of :data:`bilat.server.work.TASKS`, its arguments, and how it stands."""

    name: str
    given: Mapping[str, object]
    seconds: float
    future: asyncio.Future[Any]
    done: int = 0
    of: int | None = None
    what: str = ""
    owner: str = ""  #: whose it is: readers take turns
    began: float | None = None  #: monotonic; None while it waits

    @property
    def elapsed(self) -> float:
        return 0.0 if self.began is None else time.monotonic() - self.began


def turn(waiting: list[Task], served: dict[str, int]) -> Task:
    """Of the tasks of whose reader was served longest ago the one that came first; ``served``: when each last was."""
    return min(waiting, key=lambda t: served.get(t.owner, -1))


class Lane:
    """One worker process with its queue.

    Parameters
    ----------
    holdings
        the folder that the worker's holdings are opened from; None for the default.
    temporary
        where the worker puts what spills out of its memory; it goes with the worker.
    queue
        tasks of one owner that may wait; one more is refused with status 429.
    memory
        bytes that the worker may take.
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
        """Begin to work; the process starts with the first task."""
        self._loop = asyncio.create_task(self._work(), name=f"lane {self.name}")

    def put(self, name: str, given: Mapping[str, object], seconds: float, owner: str = "") -> Task:
        """Queue a task; its future has the result.

        Raises
        ------
        Refusal
            with status 429 where too many of the owner's wait already.
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
        """End the worker; what waits is refused."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        for task in [self._now, *self._waiting]:
            if task is not None and not task.future.done():
                task.future.set_exception(
                    Refusal(503, "the server is stopping. Ask again when it is running")
                )
        self._end()

    async def _next(self) -> Task:
        """The task whose turn it is, when there is one."""
        while not self._waiting:
            self._more.clear()
            try:
                await asyncio.wait_for(self._more.wait(), IDLE)
            except TimeoutError:
                self._end()
        task = turn(self._waiting, self._served)
        self._waiting.remove(task)
        self._served[task.owner] = max(self._served.values(), default=-1) + 1
        return task

    async def _work(self) -> None:
        while True:
            task = await self._next()
            if task.future.cancelled():
                continue
            self._now, task.began = task, time.monotonic()
            try:
                kind, value = await self._run(task)
            except Exception as e:
                kind = "failed"
                value = as_error(e)
            finally:
                self._now = None
            if not task.future.done():
                task.future.set_result(value) if kind == "done" else task.future.set_exception(
                    value
                )
            if self._size() > TIRED * self.memory:
                self._end()

    async def _run(self, task: Task) -> tuple[str, Any]:
        """("done", answer) or ("failed", error) of the worker, which is ended where it gives neither within bounds."""
        pipe = self._started()
        try:
            pipe.send((task.name, task.given))
            while True:
                if await asyncio.to_thread(pipe.poll, LOOK):
                    kind, value = await asyncio.to_thread(pipe.recv)
                    if kind != "progress":
                        return kind, value
                    task.done, task.of, task.what = value
                elif task.future.cancelled():
                    raise Refusal(503, "it was cancelled")
                if task.elapsed > task.seconds:
                    raise Refusal(
                        504,
                        f"took longer than {task.seconds:g} seconds and was ended. Ask for less",
                    )
                if self._size() > self.memory:
                    most = f"{self.memory >> 20:,} MB of memory"
                    raise Refusal(
                        413, f"needed more than {most} and was stopped. Send less at once"
                    )
        except (EOFError, OSError):
            self._end()
            raise Refusal(
                500, "the worker crashed while answering. Ask for less, or report it"
            ) from None
        except BaseException:
            self._end()
            raise

    def _started(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self._end()
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
        """Bytes of memory that the worker takes; 0 where the system does not tell."""
        if self._process is None:
            return 0
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            if self._process.pid and hasattr(os, "killpg"):  # what it started goes with it
                with contextlib.suppress(OSError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join(5)
        self._process = self._pipe = None
        shutil.rmtree(
            self.temporary, ignore_errors=True
        )  # an engine that was ended leaves what it spilled


def work_on(pipe: Connection, folder: Path | None, temporary: Path) -> None:
    """The worker: tasks in, progress and results out, until the pipe closes."""
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, to be ended whole
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a key press at the terminal stops the server, and it stops us
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
