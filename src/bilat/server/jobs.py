# SPDX-License-Identifier: Apache-2.0
"""Jobs on disk: files and names that readers sent to be screened or ranked, and the results.

::

    <folder>/lock             held by the one server that uses the folder
    <folder>/<id>/job.json    owner, question and status
    <folder>/<id>/<upload>    the reader's file, until the job is done
    <folder>/<id>/out/        the result

A server that starts again continues with unfinished jobs. It deletes jobs that arrived only in part
and results that have expired.
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

#: The most jobs of one reader. The oldest result whose reader did not choose how long to keep it is
#: deleted for a new job.
MOST = 20
DAY = 86_400
#: In place of seconds: the result is never deleted.
FOREVER = -1
#: In place of seconds: the result is deleted a day after the last of its alerts was decided.
UNTIL_DECIDED = -2
#: How long after its end a reader may keep a result, by the words of the page: seconds or a code.
KEEP_CHOICES = {"an hour": 3600, "a day": DAY, "a month": 30 * DAY, "until I delete it": FOREVER}
#: The same for a screening whose alerts can be decided.
QUEUE_CHOICES = {"until all is decided, and a day": UNTIL_DECIDED, **KEEP_CHOICES}
#: How often a job is started; one that has stopped the server twice is not started again.
TRIES = 2
STATE = "job.json"
_CURE = "free space, or name another folder with `keep`"


@dataclass(eq=False)
class Job:
    """One job. ``job.json`` has all of its fields except ``id``, ``folder`` and ``task``."""

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
    tries: int = 0  #: how often it was started
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
        """The progress in words."""
        task = self.task
        if self.ended is not None:
            return self.status
        if task is None or task.began is None:
            return "waiting for a worker"
        done = f"{task.done:,} of {task.of:,} " if task.of and task.done else ""
        return done + (task.what or "begun")

    def write(self) -> None:
        """Write ``job.json``."""
        fields = {k: v for k, v in vars(self).items() if k not in ("id", "folder", "task")}
        write_text(self.folder / STATE, json.dumps(fields) + "\n", cure=_CURE)


class Jobs:
    """The jobs in a folder, which only one server at a time may use.

    Parameters
    ----------
    root
        the folder.
    seconds
        how long a result is kept if its reader does not choose.
    settled
        returns the time at which the last alert of a screening was decided, None while one is
        open. Without it alerts cannot be decided, and new screenings are kept like other results;
        those that an earlier server kept until they are decided stay.

    Raises
    ------
    DataError
        if another server uses the folder, or it cannot be written.
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
        self._jobs = {job.id: job for job in self._read()}
        self.forget()

    def _read(self) -> Iterator[Job]:
        """Yield the jobs on disk; delete each folder without a whole ``job.json``."""
        for folder in sorted(p for p in self.root.iterdir() if p.is_dir()):
            try:
                fields = json.loads((folder / STATE).read_text("utf-8"))
                fields["asked"] = [(str(name), str(value)) for name, value in fields["asked"]]
                yield Job(folder.name, folder, **fields)
            except (OSError, ValueError, TypeError, KeyError):
                shutil.rmtree(folder, ignore_errors=True)

    def unfinished(self) -> list[Job]:
        """Return the jobs that an earlier run did not finish, oldest first.

        A job that was started too often, or whose upload is gone, fails here.
        """
        found = []
        for job in self.open_jobs():
            has_lost_upload = job.upload is not None and not job.upload.is_file()
            if job.tries >= TRIES or has_lost_upload:
                stopped = "the server was stopped while it worked on this. Send it again"
                self.finish(job, Refusal(503, stopped))
            else:
                found.append(job)
        return found

    def open_jobs(self) -> list[Job]:
        """Return the jobs that wait or run, oldest first."""
        return sorted((j for j in self._jobs.values() if j.ended is None), key=lambda j: j.made)

    def replaced_by_next(self, owner: str) -> Job | None:
        """Return the result that is deleted when a reader sends one more; None if there is room.

        Raises
        ------
        Refusal
            429 if all of the reader's jobs wait, run, or are to be kept.
        """
        self.forget()
        own = self.of(owner)
        if len(own) < MOST:
            return None
        done = [j for j in own if self._makes_room(j)]
        if not done:
            problem = (
                f"{len(own)} of your files are being processed or kept, or have open alerts. "
                "Send more when one is done, decided or deleted"
            )
            raise Refusal(429, problem, wait=60)
        return min(done, key=lambda j: j.ended or 0.0)

    def _makes_room(self, job: Job) -> bool:
        """Return whether a result may be deleted when its reader sends more.

        It may if its alerts are decided, or if its reader did not choose how long to keep it.
        """
        if job.ended is None or job.keep == FOREVER:
            return False
        if job.keep == UNTIL_DECIDED:
            return self.deleted_at(job) is not None
        return job.keep in (0, self.seconds)

    def deleted_at(self, job: Job) -> float | None:
        """Return the time at which a result is deleted; None if that is not known yet, or never."""
        if job.ended is None or job.keep == FOREVER:
            return None
        if job.keep != UNTIL_DECIDED:
            return job.ended + job.keep
        if self._settled is None:
            return None
        settled = self._settled(job)
        return None if settled is None else max(job.ended, settled) + DAY

    def choices(self, job: Job) -> dict[str, int]:
        """Return the times for which a reader may keep a result, in seconds by their words."""
        return QUEUE_CHOICES if self._is_queue(job.kind) else KEEP_CHOICES

    def new(self, owner: str, kind: str, title: str, asked: list[tuple[str, str]]) -> Job:
        """Return a new job with an empty folder; the caller writes it.

        Raises
        ------
        Refusal
            as by :meth:`replaced_by_next`.
        """
        oldest = self.replaced_by_next(owner)
        if oldest is not None:
            self.delete(oldest)
        id = secrets.token_urlsafe(18)
        keep = UNTIL_DECIDED if self._is_queue(kind) else self.seconds
        job = Job(id, self.root / id, owner, kind, title, asked, keep=keep)
        with writable(self.root, _CURE):
            job.out.mkdir(parents=True, mode=0o700)
        self._jobs[id] = job
        return job

    def _is_queue(self, kind: str) -> bool:
        """Return whether the results of a kind are alerts that readers can decide."""
        return kind == "screen" and self._settled is not None

    def of(self, owner: str) -> list[Job]:
        """Return a reader's jobs, the newest first."""
        return sorted((j for j in self._jobs.values() if j.owner == owner), key=lambda j: -j.made)

    def get(self, id: str, owner: str) -> Job:
        """Return a job of a reader.

        Raises
        ------
        Refusal
            404 if there is no such job, or it is another reader's.
        """
        self.forget()
        job = self._jobs.get(id)
        if job is None or job.owner != owner:
            raise Refusal(
                404,
                "there is no such result. It was deleted when its time was up: send the file again",
            )
        return job

    def finish(self, job: Job, error: BilatError | None = None, says: Sequence[str] = ()) -> None:
        """Record that a job is done or has failed, and delete its upload."""
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
        """Delete a job with its folder; cancel it if it still runs."""
        self._jobs.pop(job.id, None)
        if job.task is not None and not job.task.future.done():
            job.task.future.cancel()
        shutil.rmtree(job.folder, ignore_errors=True)

    @contextlib.contextmanager
    def deleted_on_error(self, job: Job) -> Iterator[None]:
        """Delete a job if the block fails or is cancelled while the job is being made."""
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
            for words that are not one of the choices.
        """
        choices = self.choices(job)
        if words not in choices:
            raise UsageError(f"a result is kept for {', '.join(choices)}, not {words[:40]!r}")
        job.keep = choices[words]
        job.write()

    def forget(self) -> None:
        """Delete the results whose time is over."""
        now = time.time()
        for job in [*self._jobs.values()]:
            if self._has_expired(job, now):
                self.delete(job)

    def _has_expired(self, job: Job, now: float) -> bool:
        # Alerts can be decided for a day at least, so the log of decisions is not read before.
        age = now - job.ended if job.ended is not None else 0.0
        if job.keep == UNTIL_DECIDED and age <= DAY:
            return False
        deleted_at = self.deleted_at(job)
        return deleted_at is not None and now > deleted_at

    def close(self) -> None:
        """Release the folder; the jobs stay in it."""
        self._lock.release()


def plain(job: Job, deleted_at: float | None) -> JsonObject:
    """Return a job as JSON for the interface."""
    links: list[JsonObject] = [
        {"name": name, "href": f"/api/jobs/{job.id}/files/{name}"} for name in job.files
    ]
    return {
        "id": job.id,
        "kind": job.kind,
        "title": job.title,
        "status": job.status,
        "progress": job.progress,
        "made": job.made,
        "ended": job.ended,
        "error": job.error or None,
        "files": links,
        "deleted_at": deleted_at,
    }
