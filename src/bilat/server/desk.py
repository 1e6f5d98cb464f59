# SPDX-License-Identifier: Apache-2.0
"""The desk behind pages and interface: answers out of the cache, else from a worker; each made once at a time."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

from bilat.dyad import Dyad
from bilat.files.digest import code
from bilat.server.cache import Cache
from bilat.server.held import Watched
from bilat.server.jobs import Job, Jobs
from bilat.server.lanes import Lane, Task
from bilat.server.rates import Rates
from bilat.server.settings import Settings
from bilat.server.team import stands, told
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
        self._short, self._files, self._long = self._lanes = tuple(
            Lane(
                name,
                settings.holdings,
                temporary=self.jobs.root,
                queue=limits.queue,
                memory=limits.worker_bytes,
            )
            for name in ("questions", "uploads", "sites")
        )
        self._making: dict[tuple[str, str], asyncio.Future[bytes]] = {}
        self._sites: dict[Path, Task] = {}

    def start(self) -> None:
        """Begin to work; in the running loop."""
        for lane in self._lanes:
            lane.start()

    async def close(self) -> None:
        """Stop the workers and delete every result."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))
        self.jobs.close()

    async def digest(self) -> str:
        """The digest of the holdings as they are now, and of the code that answers from them."""
        held = await asyncio.to_thread(lambda: self._watched.now().digest)
        return hashlib.sha256(f"{held} {await asyncio.to_thread(code)}".encode()).hexdigest()

    async def answer(self, reader: str, task: str, /, **given: Any) -> bytes:
        """A short task's answer as JSON: out of the cache, else computed once for all who ask meanwhile."""
        digest = await self.digest()
        asked = [task, given]
        found = self.cache.answer(digest, asked)
        if found is not None:
            return found
        key = (digest, json.dumps(asked, sort_keys=True))
        making = self._making.get(key)
        if making is None:
            self.asks.take(reader)
            making = asyncio.ensure_future(self._made(digest, task, given))
            self._making[key] = making
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)

    async def _made(self, digest: str, name: str, given: dict[str, Any]) -> bytes:
        limits = self.settings.limits
        if name == "claims" and given["only"] is None:  # the whole ledger takes as long as a site
            task = self._long.put(name, given, limits.job_seconds)
        else:
            task = self._short.put(name, given, limits.ask_seconds)
        made = to_bytes(await task.future)
        self.cache.keep(digest, [name, given], made)
        return made

    async def ask(self, reader: str, task: str, /, **given: Any) -> Any:
        """A short task's answer that is never kept: it tells what a reader sent, or changes with each asking."""
        self.asks.take(reader)
        return await self._short.put(task, given, self.settings.limits.ask_seconds, reader).future

    async def place(self, pair: Dyad, as_of: AsOf) -> Path:
        """Where the site of a pair lies, or will: another one when the holdings, a dissent or a marking changes."""
        digest, adds = await self.digest(), await asyncio.to_thread(stands, self.settings)
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
            making = self._long.put("site", given, self.settings.limits.job_seconds)
            making.future.add_done_callback(lambda f: f.cancelled() or f.exception())
            self._sites[place] = making
        return place, making

    def before(self, task: Task) -> int:
        """How many tasks come first."""
        return max(lane.before(task) for lane in self._lanes)

    def begin(self, job: Job, name: str, given: dict[str, Any], upload: Path | None) -> None:
        """Queue a job; its upload is deleted as soon as it was read.

        Raises
        ------
        Declined
            where too many wait already; the job is then gone.
        """
        with self.jobs.or_none(job):
            job.task = self._files.put(name, given, self.settings.limits.job_seconds, job.owner)

        def over(future: asyncio.Future[Any]) -> None:
            if upload is not None:
                upload.unlink(missing_ok=True)
            if not future.cancelled():
                future.exception()  # looked at, so that the loop does not complain of it

        job.task.future.add_done_callback(over)


def to_bytes(value: Any) -> bytes:
    """Plain data as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str).encode() + b"\n"
