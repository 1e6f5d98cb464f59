# SPDX-License-Identifier: Apache-2.0
"""The desk behind pages and interface: answers from the cache, else from a worker, each made once."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from typing import Any

from starlette.requests import Request

from bilat.errors import BilatError, as_error
from bilat.files.cache import code_digest
from bilat.parties.output.decided_workbook import Decisions
from bilat.server.cache import Cache
from bilat.server.holdings_watch import HoldingsWatch
from bilat.server.jobs import Job, Jobs
from bilat.server.lanes import Lane
from bilat.server.queue import settled_at
from bilat.server.settings import Settings
from bilat.server.verbs import VERBS, AskedQuestion, Verb, read


class Desk:
    """Everything that the application shares between requests."""

    def __init__(self, settings: Settings) -> None:
        limits = settings.limits
        self.settings = settings
        self.cache = Cache(settings.cache, limits.cache_bytes)
        self._log: tuple[tuple[float, int], Decisions] | None = None
        settled = self._settled if settings.decisions is not None else None
        self.jobs = Jobs(settings.keep, limits.forget_seconds, settled)
        self._watched = HoldingsWatch(settings.holdings)
        spilled = self.jobs.root / ".workers"
        shutil.rmtree(
            spilled, ignore_errors=True
        )  # what the workers of a server that was killed left
        self._short, self._files, self._long = self._lanes = tuple(
            Lane(
                name,
                settings.holdings,
                temporary=spilled,
                queue=limits.queue,
                memory=limits.worker_bytes,
            )
            for name in ("questions", "uploads", "plans")
        )
        self._making: dict[tuple[str, str], asyncio.Future[bytes]] = {}

    def _settled(self, job: Job) -> float | None:
        """Return when the last alert of a job was decided; None while one is open."""
        try:
            return settled_at(job, self.decisions())
        except BilatError:
            return None  # a damaged log does not say that nothing is open

    def decisions(self) -> Decisions:
        """Return the decisions that may be shown, by name and party; read again if the log changed.

        Raises
        ------
        DataError
            for a damaged log.
        """
        handling = self.settings.handling
        log = handling.decided
        if log is None or handling.folder is not None:  # markings of a team change without the log
            return handling.latest()
        stat = log.stat()
        changed = (stat.st_mtime_ns, stat.st_size)
        if self._log is None or self._log[0] != changed:
            self._log = changed, handling.latest()
        return self._log[1]

    def start(self) -> None:
        """Begin to work, in the running loop; what an earlier run did not end is taken up."""
        for lane in self._lanes:
            lane.start()
        for job in self.jobs.unfinished():
            try:
                self.begin(job)
            except Exception as e:  # it can no longer be asked so
                self.jobs.finish(job, as_error(e))

    async def close(self) -> None:
        """Stop the workers; jobs that are not done wait for the next start."""
        for job in self.jobs.open_jobs():
            job.task = None
            job.tries = job.tries - 1
            job.write()
        await asyncio.gather(*(lane.close() for lane in self._lanes))
        self.jobs.close()

    async def digest(self) -> str:
        """The digest of the holdings as they are now, and of the code that answers from them."""
        held = await asyncio.to_thread(lambda: self._watched.now().digest)
        return hashlib.sha256(f"{held} {await asyncio.to_thread(code_digest)}".encode()).hexdigest()

    async def answer(self, reader: str, asked: AskedQuestion) -> tuple[bytes, bytes]:
        """Return the answer to a question as JSON and HTML: cached, or computed once for all who ask.

        Names are never kept: they may be a client's.
        """
        verb = VERBS["/".join(asked.question.verb)]
        if verb.is_private:
            made, html = await self.ask(
                reader, "answer", asked=asked, handling=self.settings.handling
            )
            return made, html.encode()
        adds = await asyncio.to_thread(self.settings.handling.stands, asked.as_of)
        digest = await self.digest()
        key = [asked.key, asked.has_date, adds]
        found = self.cache.answer(digest, key)
        if found is None:
            at = digest, json.dumps(key, sort_keys=True)
            if (making := self._making.get(at)) is None:
                making = self._making[at] = asyncio.ensure_future(
                    self._made(reader, verb, asked, digest, key)
                )
                making.add_done_callback(
                    lambda f: (self._making.pop(at, None), f.cancelled() or f.exception())
                )
            found = await asyncio.shield(making)
        made, _, html = found.partition(b"\n")
        return made + b"\n", html

    async def _made(
        self, reader: str, verb: Verb, asked: AskedQuestion, digest: str, key: Any
    ) -> bytes:
        """The answer out of a worker, kept: a line of JSON, then the HTML."""
        limits = self.settings.limits
        given = {"asked": asked, "handling": self.settings.handling}
        slow = verb.slow and not asked.key.get("only")  # one claim is quick
        lane, seconds = (
            (self._long, limits.job_seconds) if slow else (self._short, limits.ask_seconds)
        )
        made, html = await lane.put("answer", given, seconds, reader).future
        self.cache.keep(digest, key, made + html.encode())
        return bytes(made + html.encode())

    async def ask(self, reader: str, task: str, /, **given: Any) -> Any:
        """Return a short task's answer, which is never cached: it depends on what a reader sent."""
        return await self._short.put(task, given, self.settings.limits.ask_seconds, reader).future

    def begin(self, job: Job) -> None:
        """Queue a job.

        Raises
        ------
        BilatError
            where it cannot be written down, or too many wait already.
        """
        asked = read(VERBS[job.kind], job.asked)
        handling = self.settings.handling
        given = {"asked": asked, "file": job.upload, "out": job.out, "handling": handling}
        job.tries += 1
        job.write()
        job.task = self._files.put(job.kind, given, self.settings.limits.job_seconds, job.owner)
        job.task.future.add_done_callback(lambda future: self._over(job, future))

    def _over(self, job: Job, future: asyncio.Future[Any]) -> None:
        if (
            future.cancelled()
        ):  # called off by its reader, or the server stops: then it is taken up again
            return
        error = future.exception()
        if job.task is not None:
            said = future.result() if error is None else ()
            self.jobs.finish(job, as_error(error) if isinstance(error, Exception) else None, said)


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk: Desk = request.app.state.desk
    return desk


def to_bytes(value: Any) -> bytes:
    """Plain data as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str).encode() + b"\n"
