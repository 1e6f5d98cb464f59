# SPDX-License-Identifier: Apache-2.0
"""The desk behind pages and interface: answers out of the cache, else from a worker; each made once at a time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from starlette.requests import Request

from bilat.dyad import Dyad
from bilat.errors import as_error
from bilat.files.digest import code
from bilat.server.cache import Cache
from bilat.server.held import Watched
from bilat.server.jobs import Job, Jobs
from bilat.server.lanes import Lane, Task
from bilat.server.rates import Rates
from bilat.server.settings import Settings
from bilat.server.team import stands, told
from bilat.server.verbs import VERBS, Asked, read
from bilat.when import AsOf


class Desk:
    """Everything that the application shares between requests."""

    def __init__(self, settings: Settings) -> None:
        limits = settings.limits
        self.settings = settings
        self.cache = Cache(settings.cache, limits.cache_bytes)
        self.jobs = Jobs(settings.keep, limits.forget_seconds)
        self.uploads = Rates(limits.uploads_a_minute)
        self.asks = Rates(limits.asks_a_minute)
        self._watched = Watched(settings.holdings)
        spilled = self.jobs.root / ".workers"
        shutil.rmtree(spilled, ignore_errors=True)  # what the workers of a server that was killed left
        self._short, self._files, self._long = self._lanes = tuple(
            Lane(name, settings.holdings, temporary=spilled, queue=limits.queue, memory=limits.worker_bytes)
            for name in ("questions", "uploads", "sites")
        )
        self._making: dict[tuple[str, str], asyncio.Future[tuple[bytes, bytes]]] = {}
        self._sites: dict[Path, Task] = {}

    def start(self) -> None:
        """Begin to work, in the running loop; what an earlier run did not end is taken up."""
        for lane in self._lanes:
            lane.start()
        for job in self.jobs.unfinished():
            self.begin(job)

    async def close(self) -> None:
        """Stop the workers; jobs that are not done wait for the next start."""
        for job in self.jobs.standing():
            job.task, job.state.tries = None, job.state.tries - 1
            job.write()
        await asyncio.gather(*(lane.close() for lane in self._lanes))
        self.jobs.close()

    async def digest(self) -> str:
        """The digest of the holdings as they are now, and of the code that answers from them."""
        held = await asyncio.to_thread(lambda: self._watched.now().digest)
        return hashlib.sha256(f"{held} {await asyncio.to_thread(code)}".encode()).hexdigest()

    async def answer(self, reader: str, asked: Asked) -> tuple[bytes, bytes]:
        """The answer to a question as JSON and as HTML: out of the cache, else computed once for all who ask meanwhile.

        Names are never kept: they may be a client's.
        """
        verb = VERBS["/".join(asked.question.verb)]
        given = {"asked": asked, "decisions": self.settings.decided, **told(self.settings)}
        if verb.names:
            made, html = await self.ask(reader, "answer", **given)
            return made, html.encode()
        adds = await asyncio.to_thread(stands, self.settings, asked.as_of) if verb.question.team else ""
        limits = self.settings.limits
        slow = verb.slow and not (verb.path == "claims" and asked.key.get("only"))
        lane, seconds = (self._long, limits.job_seconds) if slow else (self._short, limits.ask_seconds)
        key = [asked.key, asked.dated, given["marking"], adds]
        return await self._kept(reader, key, lane, "answer", given, seconds)

    async def listing(self, reader: str, task: str, /, **given: Any) -> bytes:
        """A list that no question asks, as JSON; kept as an answer is."""
        return (
            await self._kept(
                reader, [task, given], self._short, task, given, self.settings.limits.ask_seconds
            )
        )[0]

    async def _kept(
        self, reader: str, asked: Any, lane: Lane, task: str, given: dict[str, Any], seconds: float
    ) -> tuple[bytes, bytes]:
        digest = await self.digest()
        found = [self.cache.answer(digest, [asked, form]) for form in ("json", "html")]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
        key = (digest, json.dumps(asked, sort_keys=True, default=str))
        making = self._making.get(key)
        if making is None:
            self.asks.take(reader)

            async def make() -> tuple[bytes, bytes]:
                made = await lane.put(task, given, seconds, reader).future
                parts = (made[0], made[1].encode()) if task == "answer" else (to_bytes(made), b"")
                for form, part in zip(("json", "html"), parts, strict=True):
                    self.cache.keep(digest, [asked, form], part)
                return parts

            making = self._making[key] = asyncio.ensure_future(make())
            making.add_done_callback(lambda f: (self._making.pop(key, None), f.cancelled() or f.exception()))
        return await asyncio.shield(making)

    async def ask(self, reader: str, task: str, /, **given: Any) -> Any:
        """A short task's answer that is never kept: it tells what a reader sent, or changes with each asking."""
        self.asks.take(reader)
        return await self._short.put(task, given, self.settings.limits.ask_seconds, reader).future

    async def place(self, pair: Dyad, as_of: AsOf) -> Path:
        """Where the site of a pair lies, or will: another one when holdings or code change, or a dissent or marking
        that it shows."""
        digest, adds = await self.digest(), await asyncio.to_thread(stands, self.settings, as_of)
        if adds:
            digest = hashlib.sha256(f"{digest} {adds}".encode()).hexdigest()
        return self.cache.site(digest, str(pair), str(as_of))

    async def site(self, reader: str, pair: Dyad, as_of: AsOf) -> tuple[Path, Task | None]:
        """(where the site of a pair lies, what makes it as long as it is not there).

        Raises
        ------
        BilatError
            where making it has just failed.
        """
        place = await self.place(pair, as_of)
        if self.cache.contents(place) is not None:
            return place, None
        making = self._sites.get(place)
        if making is not None and making.future.done():
            del self._sites[place]
            if (error := making.future.exception()) is not None:
                raise error
            making = None
        if making is None:
            self.asks.take(reader)
            self.cache.trim(keep=place)
            given = {"pair": str(pair), "as_of": str(as_of), "out": str(place), **told(self.settings)}
            making = self._long.put("site", given, self.settings.limits.job_seconds, reader)
            making.future.add_done_callback(lambda f: f.cancelled() or f.exception())
            self._sites[place] = making
        return place, making

    def before(self, task: Task) -> int:
        """How many tasks come first."""
        return max(lane.before(task) for lane in self._lanes)

    def begin(self, job: Job) -> None:
        """Queue a job.

        Raises
        ------
        BilatError
            where it cannot be written down, or too many wait already; the job is then gone.
        """
        state, settings = job.state, self.settings
        with self.jobs.or_none(job):
            asked = read(VERBS[state.kind], state.asked)
            given = {"asked": asked, "file": str(job.upload) if job.upload else None, "out": str(job.out)}
            given |= told(settings) | {"decisions": settings.decided} if state.kind == "screen" else {
                "marking": told(settings)["marking"]}  # fmt: skip
            state.tries += 1
            job.write()
            job.task = self._files.put(state.kind, given, settings.limits.job_seconds, state.owner)
        job.task.future.add_done_callback(lambda future: self._over(job, future))

    def _over(self, job: Job, future: asyncio.Future[Any]) -> None:
        if future.cancelled():  # called off by its reader, or the server stops: then it is taken up again
            return
        error = future.exception()
        if job.task is not None:
            said = future.result() if error is None else ()
            self.jobs.over(job, as_error(error) if isinstance(error, Exception) else None, said)


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk: Desk = request.app.state.desk
    return desk


def to_bytes(value: Any) -> bytes:
    """Plain data as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str).encode() + b"\n"
