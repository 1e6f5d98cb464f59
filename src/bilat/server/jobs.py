# SPDX-License-Identifier: Apache-2.0
"""Jobs on disk: what readers sent to be screened or ranked, with its results.

::

    <folder>/lock             one server at a time keeps its jobs here
    <folder>/<id>/job.json    owner, what was asked, and how it stands
    <folder>/<id>/<upload>    until it was read
    <folder>/<id>/out/        the result

A server that starts again goes on with what was not done, and deletes what arrived in part or whose
time is over.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bilat.errors import BilatError, UsageError
from bilat.files.json_types import JsonObject
from bilat.files.lock import Lock
from bilat.files.write import writable, write_text
from bilat.server.lanes import Task
from bilat.server.refusals import Refusal
from bilat.server.work import INTERNAL

#: Results of one reader that are there at once; the oldest that is done goes when one more comes.
MOST = 20
DAY = 86_400
#: In place of seconds: never deleted, and a day after the last of its alerts was decided.
FOREVER = -1
UNTIL_DECIDED = -2
#: How long a result may be kept after it is done, in seconds, by what a reader says.
KEPT = {"an hour": 3600, "a day": DAY, "a month": 30 * DAY, "until I delete it": FOREVER}
#: The same for a screening whose alerts can be decided.
KEPT_QUEUE = {"until all is decided, and a day": UNTIL_DECIDED, **KEPT}
#: How often a job is begun: a server that it ends twice does not begin it again.
TRIES = 2
STATE = "job.json"
_CURE = "free space, or name another folder with `keep`"


@dataclass(eq=False)
class Job:
    """One job; all of it is stored but its folder and the task that works on it."""

    id: str
    folder: Path
    owner: str
    kind: str  #: screen or divert
    title: str  #: the file's name, or the name that was asked
    asked: list[tuple[str, str]]  #: the fields as they were sent
    sent: str = ""  #: the name of the upload in the job's folder; blank where names were typed
    made: float = field(default_factory=time.time)
    ended: float | None = None
    keep: float = 0  #: seconds after its end, or FOREVER, or UNTIL_DECIDED
    tries: int = 0
    error: str = ""
    says: list[str] = field(default_factory=list)  #: the result in sentences
    task: Task | None = None

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def upload(self) -> Path | None:
        return self.folder / self.sent if self.sent else None

    @property
    def status(self) -> str:
        """``waiting``, ``running``, ``done`` or ``failed``."""
        if self.ended is not None:
            return "failed" if self.error else "done"
        return "running" if self.task is not None and self.task.began is not None else "waiting"

    @property
    def files(self) -> list[str]:
        """The files of the result."""
        made = self.out.iterdir() if self.status == "done" else ()
        return sorted(p.name for p in made if p.name not in INTERNAL)

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        t = self.task
        if self.ended is not None:
            return self.status
        if t is None or t.began is None:
            return "waiting for a worker"
        done = f"{t.done:,} of {t.of:,} " if t.of and t.done else ""
        return done + (t.what or "begun")

    def write(self) -> None:
        """Write how it stands."""
        told = {k: v for k, v in vars(self).items() if k not in ("id", "folder", "task")}
        write_text(self.folder / STATE, json.dumps(told) + "\n", cure=_CURE)


class Jobs:
    """The jobs in a folder, which one server has at a time.

    ``settled`` returns when the last alert of a screening was decided, and None while one is open.
    Without it alerts cannot be decided, and a screening is kept for ``seconds`` like other results.

    Raises
    ------
    DataError
        where another server has the folder, or it cannot be written.
    """

    def __init__(
        self, root: Path, seconds: float, settled: Callable[[Job], float | None] | None = None
    ) -> None:
        with writable(root, _CURE):
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root = root
        self.seconds = seconds
        self._settled = settled
        self._lock = Lock(
            root / "lock",
            root,
            wait=0,
            cure="another server keeps its results there. Name another folder with `keep`",
        )
        self._lock.take()
        self._jobs = {job.id: job for job in self._swept()}
        self.forget()

    def _swept(self) -> Iterator[Job]:
        """The jobs that are whole; what else lies there is deleted."""
        for folder in sorted(p for p in self.root.iterdir() if p.is_dir()):
            try:
                told = json.loads((folder / STATE).read_text("utf-8"))
                told["asked"] = [(str(k), str(v)) for k, v in told["asked"]]
                yield Job(folder.name, folder, **told)
            except (OSError, ValueError, TypeError, KeyError):
                shutil.rmtree(folder, ignore_errors=True)

    def unfinished(self) -> list[Job]:
        """Return what an earlier run did not end, oldest first; what it began too often fails here."""
        found = []
        for job in self.standing():
            if job.tries >= TRIES or (job.upload is not None and not job.upload.is_file()):
                self.over(
                    job,
                    Refusal(503, "the server was stopped while it worked on this. Send it again"),
                )
            else:
                found.append(job)
        return found

    def standing(self) -> list[Job]:
        """What is not done, oldest first."""
        return sorted((j for j in self._jobs.values() if j.ended is None), key=lambda j: j.made)

    def room(self, owner: str) -> Job | None:
        """The result that goes when a reader sends one more; None where there is room beside all.

        Raises
        ------
        Refusal
            429 where the reader has as many that are not done, or are kept.
        """
        self.forget()
        own = self.of(owner)
        if len(own) < MOST:
            return None
        done = [j for j in own if self._makes_room(j)]
        if not done:
            line = (
                f"{len(own)} of your files are being processed or kept, or have open alerts. "
                "Send more when one is done, decided or deleted"
            )
            raise Refusal(429, line, wait=60)
        return min(done, key=lambda j: j.ended or 0.0)

    def _makes_room(self, job: Job) -> bool:
        """Return whether a result goes when its reader sends more."""
        if job.ended is None or job.keep == FOREVER:
            return False
        if job.keep == UNTIL_DECIDED:
            return self.deleted_at(job) is not None
        return job.keep in (0, self.seconds)

    def deleted_at(self, job: Job) -> float | None:
        """Return when a result is deleted; None if nobody knows yet, or never."""
        if job.ended is None or job.keep == FOREVER:
            return None
        if job.keep != UNTIL_DECIDED:
            return job.ended + job.keep
        settled = self._settled(job) if self._settled is not None else None
        return None if settled is None else max(job.ended, settled) + DAY

    def choices(self, job: Job) -> dict[str, int]:
        """Return for how long a reader may say that a result is kept."""
        return KEPT_QUEUE if job.kind == "screen" and self._settled is not None else KEPT

    def new(self, owner: str, kind: str, title: str, asked: list[tuple[str, str]]) -> Job:
        """Return a job with an empty folder, not yet stored; refused as by :meth:`room`."""
        if (oldest := self.room(owner)) is not None:
            self.delete(oldest)
        id = secrets.token_urlsafe(18)
        queued = kind == "screen" and self._settled is not None
        keep = UNTIL_DECIDED if queued else self.seconds
        job = Job(id, self.root / id, owner, kind, title, asked, keep=keep)
        with writable(self.root, _CURE):
            job.out.mkdir(parents=True, mode=0o700)
        self._jobs[id] = job
        return job

    def of(self, owner: str) -> list[Job]:
        """A reader's jobs, the newest first."""
        return sorted((j for j in self._jobs.values() if j.owner == owner), key=lambda j: -j.made)

    def get(self, id: str, owner: str) -> Job:
        """The job of a reader.

        Raises
        ------
        Refusal
            404 where there is none, or it is another reader's.
        """
        self.forget()
        job = self._jobs.get(id)
        if job is None or job.owner != owner:
            raise Refusal(
                404,
                "there is no such result. It was deleted when its time was up: send the file again",
            )
        return job

    def over(self, job: Job, error: BilatError | None = None, says: Sequence[str] = ()) -> None:
        """Write down that a job is done or failed; its upload goes."""
        job.ended = time.time()
        job.says = [*says]
        if error is not None:
            job.error = str(error).replace(f"{job.folder}/", "")
        if job.upload is not None:
            job.upload.unlink(missing_ok=True)
        if job.folder.is_dir():  # else it was deleted meanwhile
            with contextlib.suppress(BilatError):
                job.write()

    def delete(self, job: Job) -> None:
        """Take away a job with its folder; one that still runs is called off."""
        self._jobs.pop(job.id, None)
        if job.task is not None and not job.task.future.done():
            job.task.future.cancel()
        shutil.rmtree(job.folder, ignore_errors=True)

    @contextlib.contextmanager
    def or_none(self, job: Job) -> Iterator[None]:
        """Delete a job if what is done to it while it is made fails or is called off."""
        try:
            yield
        except BaseException:
            self.delete(job)
            raise

    def keep(self, job: Job, words: str) -> None:
        """Keep a result for as long as a reader says, from its end.

        Raises
        ------
        UsageError
            for a time that is none.
        """
        choices = self.choices(job)
        if words not in choices:
            raise UsageError(f"a result is kept for {', '.join(choices)}, not {words[:40]!r}")
        job.keep = choices[words]
        job.write()

    def forget(self) -> None:
        """Delete what was done longer ago than it is kept; what waits or runs stays."""
        now = time.time()
        for job in [*self._jobs.values()]:
            if self._is_over(job, now):
                self.delete(job)

    def _is_over(self, job: Job, now: float) -> bool:
        # A queue is never deleted within a day, so its log need not be read before.
        if job.keep == UNTIL_DECIDED and now - (job.ended or now) <= DAY:
            return False
        ends = self.deleted_at(job)
        return ends is not None and now > ends

    def close(self) -> None:
        """Let the folder go; what is in it stays."""
        self._lock.release()


def plain(job: Job, deleted_at: float | None) -> JsonObject:
    """A job as the interface has it."""
    links = [{"name": n, "href": f"/api/jobs/{job.id}/files/{n}"} for n in job.files]
    same = {
        k: getattr(job, k) for k in ("id", "kind", "title", "status", "progress", "made", "ended")
    }
    return {**same, "error": job.error or None, "files": links, "deleted_at": deleted_at}
