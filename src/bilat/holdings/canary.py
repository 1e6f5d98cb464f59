# SPDX-License-Identifier: Apache-2.0
"""The canary: what each publisher answers today, how many rows it is, and what has changed.

Each address is asked once. An answer of up to :data:`READ_TO` bytes is read to its end by the
source's own reader, its rows are counted, and it is thrown away; a larger one is left after its
first kilobyte. What a publisher says has not changed since the last check or update is not sent
again, and has the rows of then.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from bilat.catalog import File, Source, read
from bilat.catalog.fetch import LONGEST, Probe, Refused, Reply, probe
from bilat.catalog.sources import Current
from bilat.errors import DataError
from bilat.files.archives import MOST
from bilat.holdings import request_log
from bilat.holdings.acceptance import Pulled
from bilat.holdings.addresses import FULL_PAGE, linked_address, validators
from bilat.holdings.packaging import take_out
from bilat.holdings.pull import Watch, by_hand, request_of
from bilat.holdings.request_log import LoggedRequest
from bilat.holdings.store import Store

#: Bytes up to which an answer is read to its end.
READ_TO = MOST
#: Growth of a file whose rows are not known that is worth a line.
NOTED_GROWTH = 0.1
#: Status by which a file is sent, or said not to have changed.
_SENT = (200, 206, 304)


def check(
    wanted: Iterable[Source], store: Store, *, watch: Watch | None = None
) -> Iterator[Pulled]:
    """Ask each address of the day, count its rows, log its answer, and take nothing in.

    Parameters
    ----------
    wanted
        the sources that are asked for.
    store
        the folder with the log.
    watch
        is told of each part that comes.

    Raises
    ------
    DataError
        if there is no room for an answer.
    """
    for source in wanted:
        for current in source.current:
            yield _Visit(source, current, store, watch).check()
        if not source.current:
            yield by_hand(source, store)


@dataclass(frozen=True)
class _Earlier:
    """What was seen of one address before."""

    request: LoggedRequest
    validator: str  #: "" where the rows are not known
    is_check: bool  #: whether a check saw it, not an update


@dataclass
class _Visit:
    """One file of the day, asked for at each of its addresses."""

    source: Source
    current: Current
    store: Store
    watch: Watch | None

    def __post_init__(self) -> None:
        self.file: File = self.current.file()
        past = [r for r in request_log.read(self.store.root) if r["path"] == self.file.path]
        self.checks = [r for r in past if r["answer"] in request_log.PROBED]
        self.updates = [r for r in past if r["rows"] and r["answer"] not in request_log.PROBED]
        self.changes: list[str] = []

    def check(self) -> Pulled:
        """Ask for the file, and return what came of it."""
        with tempfile.TemporaryDirectory(prefix="bilat-check-") as folder:
            done = self._ask(Path(folder) / Path(self.file.path).name)
        return replace(done, changes=tuple(self.changes))

    def _ask(self, into: Path) -> Pulled:
        """Ask for the page that links to the file, the file, and what belongs behind it."""
        # Where the address has the day in it the earliest is asked: today's file may not be out.
        url = self.current.addresses()[-1].replace("{offset}", "0")
        if self.current.link:
            page = self._probe(url, into)
            if page.why:
                return self._log(url, page, self._silent(page))
            self._log(url, page, self._answers())
            try:
                url = linked_address(self.file, into, url)
            except Refused as e:
                return replace(self._answers(), status="silent", why=str(e))
        before = self._before()
        first = self._probe(url, into, self._condition(before, url))
        if first.why:
            return self._log(url, first, self._silent(first))
        whole = first.is_whole
        silent = ""
        for address in self.current.more:
            rest = into.with_name(f"{into.name}.next")
            found = self._probe(address, rest)
            whole = whole and found.is_whole
            silent = silent or found.why
            self._log(address, found, self._silent(found) if found.why else self._answers())
            if found.is_whole:
                with into.open("ab") as out:
                    out.write(b"\n" + rest.read_bytes())
        if silent:
            return self._log(url, first, replace(self._answers(), status="silent", why=silent))
        if first.reply is not None and first.reply.unchanged and before:
            return self._log(url, first, replace(self._answers(), rows=before.request["rows"]))
        return self._log(url, first, self._count_rows(into) if whole else self._leave(first))

    def _condition(self, before: _Earlier | None, url: str) -> str:
        """Return the validator of an answer that is the whole file; "" where there is none."""
        one = self.current
        is_alone = not (one.more or one.page or one.grows)
        same = before is not None and before.request["address"] == url
        return before.validator if before is not None and same and is_alone else ""

    def _probe(self, url: str, into: Path, validator: str = "") -> Probe:
        watch = self.watch
        progress = None
        if watch is not None:
            progress = lambda have, total: watch(  # noqa: E731
                self.source, self.file, have, total
            )
        return probe(
            url,
            into,
            most=min(READ_TO, self.file.most_bytes),
            validator=validator,
            longest=LONGEST,
            hosts=self.file.hosts,
            plain_headers=self.file.headers,
            body=self.file.question(),
            progress=progress,
        )

    def _answers(self) -> Pulled:
        return Pulled(self.source.name, self.file.path, "answers")

    def _silent(self, found: Probe) -> Pulled:
        """Return that an address gives no file, and when it last did."""
        last = self.current.answered
        known = f"it did on {last}" if last else "no day is known on which it did"
        return replace(self._answers(), status="silent", why=f"{found.why} ({known})")

    def _count_rows(self, path: Path) -> Pulled:
        """Return the rows of what came, or why the source's reader refuses it."""
        file = self.file
        is_part = bool(file.page and FULL_PAGE.search(path.read_bytes()))
        if is_part:
            file = file.model_copy(update={"min_rows": 1})
        try:
            take_out(file, path)
            rows = sum(table.num_rows for _, table in read(self.source, file, path))
        except DataError as e:
            return replace(self._answers(), status="unreadable", why=str(e))
        why = ""
        if is_part:
            why = f"{file.path}: the first of several answers only{self._at_last_update()}"
        return replace(self._answers(), rows=rows, why=why)

    def _leave(self, found: Probe) -> Pulled:
        size = f"{found.reply.size:,} bytes" if found.reply and found.reply.size else "no end"
        most = min(READ_TO, self.file.most_bytes)
        why = (
            f"{self.file.path}: {size}, where a check reads {most:,}; rows not counted"
            f"{self._at_last_update()}"
        )
        return replace(self._answers(), why=why)

    def _at_last_update(self) -> str:
        if not self.updates:
            return ""
        last = self.updates[-1]
        return f" ({last['rows']:,} at the update of {last['day']})"

    def _before(self, address: str = "") -> _Earlier | None:
        """Return what was last seen of the file, or of another address that belongs to it.

        The address of the file may change with the day; those of a page that links to it and of
        what follows it do not.
        """
        beside = {*self.current.more, *([self.current.url] if self.current.link else [])}
        if address in beside:
            seen = [r for r in self.checks if r["address"] == address]
        else:
            seen = [r for r in self.checks if r["address"] not in beside]
        if seen:
            return _earlier(seen[-1], seen[-1].get("validator", ""), is_check=True)
        held = validators(self.store.root / "incoming").get(self.current.url, "")
        if address in beside or not self.updates or not held:
            return None
        return _earlier(self.updates[-1], held, is_check=False)

    def _log(self, url: str, found: Probe, done: Pulled) -> Pulled:
        """Log the answer of an address, and keep what is other than when it was last checked."""
        before = self._before(url)
        reply = found.reply
        now = request_of(self.source, self.file, reply, done)
        now["address"] = url
        if reply is not None and reply.unchanged and before:
            now["size"] = before.request["size"]
        if done.status != "silent":
            now["validator"] = _validator(reply, done, before)
        request_log.write(self.store.root, now)
        if before is not None and before.is_check:
            self.changes += _differences(before.request, now)
        return done


def _validator(reply: Reply | None, done: Pulled, before: _Earlier | None) -> str:
    """Return what makes the next check conditional; "" where the rows are not known."""
    if reply is None or not done.rows:
        return ""
    return reply.validator or (before.validator if before and reply.unchanged else "")


def _earlier(request: LoggedRequest, validator: str, *, is_check: bool) -> _Earlier:
    return _Earlier(request, validator if request["rows"] else "", is_check)


def _differences(before: LoggedRequest, now: LoggedRequest) -> Iterator[str]:
    """Yield what an address answers otherwise than when it was last checked."""
    name = _short(now["address"])
    since = before["day"]
    were_sent = (before["status"] in _SENT, now["status"] in _SENT)
    if before["status"] != now["status"] and were_sent != (True, True):
        yield f"{name}: status {now['status'] or 'none'}, {before['status'] or 'none'} on {since}"
    if before["host"] != now["host"]:
        yield f"{name}: host {now['host'] or 'none'}, {before['host'] or 'none'} on {since}"
    if before["rows"] and now["rows"]:
        if before["rows"] != now["rows"]:
            more = now["rows"] - before["rows"]
            yield f"{name}: {now['rows']:,} rows, {before['rows']:,} on {since} ({more:+,})"
    elif before["size"] and now["size"] and abs(now["size"] / before["size"] - 1) > NOTED_GROWTH:
        yield f"{name}: {now['size']:,} bytes, {before['size']:,} on {since}"


def _short(address: str) -> str:
    """Return an address without its question, which may be a page long."""
    return urlsplit(address)._replace(query="", fragment="").geturl()
