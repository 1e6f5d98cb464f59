# SPDX-License-Identifier: Apache-2.0
"""Uploads that are worked on and their results: seen by who sent them, deleted when their time is over."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bilat.errors import BilatError, UsageError
from bilat.files.write import swap_folder, writable
from bilat.server.lanes import Task
from bilat.server.refused import Declined

#: Results of one reader that are there at once; the oldest that is done goes when one more comes.
MOST = 20
#: How the folders of results begin; the number of the process follows.
FOLDER = "bilat-serve-"


@dataclass(eq=False)
class Job:
    """One upload with what became of it."""

    id: str
    owner: str
    kind: str  #: screen or divert
    title: str  #: the file's name, or what was asked
    folder: Path
    asked: dict[str, Any]
    made: float = field(default_factory=time.monotonic)
    task: Task | None = None
    kept: str = ""  #: where it was kept, where a reader asked for that

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def status(self) -> str:
        """``waiting``, ``running``, ``done`` or ``failed``."""
        if self.task is None or not self.task.future.done():
            return "running" if self.task is not None and self.task.began is not None else "waiting"
        return "failed" if self.error is not None else "done"

    @property
    def error(self) -> BilatError | None:
        if self.task is None or not self.task.future.done():
            return None
        if self.task.future.cancelled():
            return Declined(503, "it was called off")
        found = self.task.future.exception()
        return found if isinstance(found, BilatError) else None

    @property
    def result(self) -> dict[str, Any]:
        """What the task gave; {} before it is done."""
        return self.task.future.result() if self.task is not None and self.status == "done" else {}

    @property
    def over(self) -> float | None:
        """When it was done; None before."""
        return self.task.ended if self.task is not None else None

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        t = self.task
        if t is None or t.began is None:
            return "waiting for a worker"
        if not t.what or not t.done:
            return t.what or "begun"
        return f"{t.done:,} of {t.of:,} {t.what}" if t.of else f"{t.done:,} {t.what}"


def swept() -> None:
    """Delete what servers left that were killed: folders of results whose process is no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        number = folder.name.removeprefix(FOLDER).split("-")[0]
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid() and not (number.isdecimal() and _runs(int(number))):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Jobs:
    """The results of one run of the server, in a temporary folder that goes with it."""

    def __init__(self, keep: Path | None, seconds: float) -> None:
        swept()
        self.root = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
        self.keep = keep
        self.seconds = seconds
        self._jobs: dict[str, Job] = {}

    def new(self, owner: str, kind: str, title: str, asked: dict[str, Any]) -> Job:
        """A job with an empty folder.

        Raises
        ------
        Declined
            429 where the reader has as many that are not done.
        """
        self.forget()
        own = [j for j in self._jobs.values() if j.owner == owner]
        if len(own) >= MOST:
            done = [j for j in own if j.over is not None]
            if not done:
                raise Declined(
                    429, f"{len(own)} of your files are worked on; send more when one is done", wait=60
                )
            self.delete(min(done, key=lambda j: j.over or 0.0))
        id = secrets.token_urlsafe(18)
        job = Job(id, owner, kind, title, self.root / id, asked)
        with writable(self.root):
            job.out.mkdir(parents=True)
        self._jobs[id] = job
        return job

    def get(self, id: str, owner: str) -> Job:
        """The job of a reader.

        Raises
        ------
        Declined
            404 where there is none, or it is another reader's.
        """
        self.forget()
        job = self._jobs.get(id)
        if job is None or job.owner != owner:
            raise Declined(
                404, "there is no such result; it was deleted when its time was over: send it again"
            )
        return job

    def delete(self, job: Job) -> None:
        """Take away a job with its folder; one that still runs is called off."""
        self._jobs.pop(job.id, None)
        if job.task is not None and not job.task.future.done():
            job.task.future.cancel()
        shutil.rmtree(job.folder, ignore_errors=True)

    @contextlib.contextmanager
    def or_none(self, job: Job) -> Iterator[None]:
        """What is done to a job while it is made: where it fails or is called off, the job is gone."""
        try:
            yield
        except BaseException:
            self.delete(job)
            raise

    def kept(self, job: Job) -> Path:
        """Keep a result in the folder named at the start.

        Raises
        ------
        UsageError
            where the server was started without one, or the job is not done.
        """
        if self.keep is None:
            raise UsageError("results cannot be kept here: start the server with `keep` DIR")
        if job.status != "done":
            raise UsageError("it is not done yet; keep it when it is")
        stem = re.sub(r"[^A-Za-z0-9]+", "-", job.title).strip("-")[:40] or job.kind
        place = self.keep / f"{job.kind}-{stem}-{job.id[:8]}"
        with writable(self.keep, "free space, or name another folder with `keep`"):
            self.keep.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=".keeping-", dir=self.keep))
            try:
                shutil.copytree(job.out, fresh / "out")
                swap_folder(fresh / "out", place)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        job.kept = str(place)
        return place

    def forget(self) -> None:
        """Delete what was done longer ago than its time; what waits or runs stays."""
        now = time.monotonic()
        old = [j for j in self._jobs.values() if j.over is not None and now - j.over > self.seconds]
        for job in old:
            self.delete(job)

    def close(self) -> None:
        """Delete everything."""
        for job in list(self._jobs.values()):
            self.delete(job)
        with contextlib.suppress(OSError):
            shutil.rmtree(self.root)
