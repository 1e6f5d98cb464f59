# SPDX-License-Identifier: Apache-2.0
"""Commands that renew and check the stored records. They change files of this machine and are
offered by its command line alone."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from bilat.document import Block, Column, Document, Frame, Question, Say, Section, Table
from bilat.document.blocks import Progress
from bilat.document.fields import Written
from bilat.errors import DataError, UsageError, command
from bilat.units.notation import count_text

if TYPE_CHECKING:
    from bilat.catalog import Source
    from bilat.holdings import Store
    from bilat.holdings.acceptance import Pulled
    from bilat.holdings.pull import Watch

Names = Annotated[
    tuple[str, ...],
    Written(first=True, what="NAMES"),
    "Which sources; all if none is named.",
]
Accept = Annotated[
    str, Written(what="WHY"), "Accept a version that differs by more than allowed; give the reason."
]
Folder = Annotated[
    Path | None, Written(what="DIR"), "The folder of holdings; it is made if it does not exist."
]
#: What a pull may end with that a person has to look at.
_FAILED = ("refused", "quarantined", "silent", "unreadable")


class RecordsQuestion(Question):
    """A command on the stored records of this machine."""

    served = False
    options: ClassVar[tuple[str, ...]] = ("as_json",)

    def whole(self) -> bool:
        """Print every row of its tables: each says what happened to a file."""
        return True


@dataclass(frozen=True)
class PullQuestion(RecordsQuestion):
    """Download files from their publishers, or copy them from a mirror. Each file is added whole, or not at all.

    A version that the catalog does not know is compared with the stored one, and set aside if it
    differs by more than its source allows. `pull comtrade` carries out the plan of
    `sources plan comtrade` with your key.
    """

    verb = ("sources", "pull")
    title = "Download files from their publishers"
    examples = (
        command("sources", "pull"),
        command("sources", "pull", "ofac_sdn", mirror="FOLDER"),
    )
    names: Names = ()
    mirror: Annotated[Path | None, Written(what="PATH"), "Copy from this folder or file."] = None
    key: Annotated[
        str, Written(what="KEY"), "Your UN Comtrade key. If left out, $COMTRADE_API_KEY is used."
    ] = ""
    accept: Accept = ""
    holdings: Folder = None

    def answer(self, frame: Frame) -> Document:
        from bilat.holdings.pull import pull

        if self.names == ("comtrade",):
            return self._comtrade(frame)
        store = _store(self.holdings)
        watch = _watch(frame.progress)
        done = pull(_wanted(self.names), store, mirror=self.mirror, watch=watch, accept=self.accept)
        return _pulled(list(done), store)

    def _comtrade(self, frame: Frame) -> Document:
        from bilat.holdings.comtrade import plan, pull

        folder = _store(self.holdings).root / "comtrade"
        key = self.key or os.environ.get("COMTRADE_API_KEY", "")
        report = frame.progress
        progress = None if report is None else lambda done, total: report("queries", done, total)
        pulled = pull(plan(), folder, key, progress=progress)
        rows = tuple(
            (status, records, str(folder / query.file)) for query, status, records in pulled
        )
        data = [
            {"file": file, "status": status, "records": records} for status, records, file in rows
        ]
        columns = (Column("status"), Column("records", ",.0f"), Column("file"))
        return Document(
            "pull",
            count_text(len(rows), "queries"),
            ("Next: " + command("divert", f"{folder}/*.json", origin="COALITION", basket="chpl"),),
            (Table(columns, rows, listing=True),),
            data=data,
        )


@dataclass(frozen=True)
class UpdateQuestion(RecordsQuestion):
    """Download today's data from the publishers, lists first. Earlier versions are kept, and bilat
    reports what changed.

    `update trade` asks Eurostat, the US Census Bureau, HMRC, the IMF, China's customs and UN
    Comtrade about hubs and goods. If it is interrupted, the same command carries on; a publisher
    that refuses is named, and the others are asked.
    """

    verb = ("update",)
    title = "Download today's data"
    examples = (
        command("update"),
        command("update", check=True),
        command("update", "trade", hub="KGZ,KAZ,ARM", goods="chpl", dry_run=True),
    )
    names: Names = ()
    check: Annotated[
        bool,
        "Only check each address: count the rows of what it sends, store nothing, and report what "
        "has changed since the last check; exit code 1 if any does not answer with a file that "
        "bilat can read.",
    ] = False
    accept: Accept = ""
    hub: Annotated[
        tuple[str, ...],
        Written(what="STATE,..."),
        "With `trade`: download the trade of these transit countries.",
    ] = ()
    goods: Annotated[
        str, Written(what="NAME"), "With `trade`: chpl, eu-sanctioned, or a TOML file."
    ] = "chpl"
    since: Annotated[str, Written(what="MONTH"), "With `trade`: the first month."] = "2019-01"
    publisher: Annotated[
        tuple[str, ...],
        Written(what="NAME"),
        "With `trade`: comext, census, hmrc, imts, gacc or comtrade; by default all.",
    ] = ()
    dry_run: Annotated[bool, "With `trade`: only count the calls and the minutes."] = False
    holdings: Folder = None

    def answer(self, frame: Frame) -> Document:
        from bilat.holdings.canary import check
        from bilat.holdings.pull import update

        store = _store(self.holdings)
        if self.names == ("trade",):
            return self._trade(store, frame)
        # Lists of parties first: they are out of date soonest.
        wanted = sorted(_wanted(self.names), key=lambda source: "parties" not in source.tables)
        if not self.names:
            wanted = [source for source in wanted if source.current]
        if self.check:
            found = check(wanted, store, watch=_watch(frame.progress))
        else:
            found = update(wanted, store, watch=_watch(frame.progress), accept=self.accept)
        return _pulled(list(found), store)

    def _trade(self, store: Store, frame: Frame) -> Document:
        from bilat.holdings.trade_calls import PUBLISHERS
        from bilat.records.trade_update import plan_trade, plan_trade_update, update_trade

        hubs = [h.strip() for text in self.hub for h in text.split(",") if h.strip()]
        publishers = self.publisher or PUBLISHERS
        calls = plan_trade(hubs, self.goods, first=self.since, publishers=publishers)
        if self.dry_run:
            return plan_trade_update(calls)
        return update_trade(calls, store, self.goods, frame.progress)


@dataclass(frozen=True)
class RebuildQuestion(RecordsQuestion):
    """Read the stored files again with this version of bilat."""

    verb = ("sources", "rebuild")
    title = "Read the stored files again"
    examples = (command("sources", "rebuild"),)
    names: Names = ()
    holdings: Folder = None

    def answer(self, frame: Frame) -> Document:
        from bilat.holdings.rebuild import rebuild

        store = _store(self.holdings)
        return _pulled(list(rebuild(store, self.names)), store)


@dataclass(frozen=True)
class CheckQuestion(RecordsQuestion):
    """Check every stored file against its hash, and say how to mend a damaged one."""

    verb = ("sources", "check")
    title = "Check the stored files"
    examples = (command("sources", "check"),)
    options = ("as_json", "holdings")

    def answer(self, frame: Frame) -> Document:
        opened = frame.holdings
        wrong = [line for store in opened.stores for line in store.check()]
        if wrong:
            raise DataError("; ".join(wrong))
        title = f"{count_text(len(opened.entries()), 'snapshots')}, all as they were written"
        says = (f"Digest {opened.digest[:16]}.",)
        return Document("check", title, says, (), data={"digest": opened.digest})


@dataclass(frozen=True)
class BuildQuestion(RecordsQuestion):
    """Rebuild the embedded data from a mirror."""

    verb = ("sources", "build")
    title = "Rebuild the embedded data"
    examples = (command("sources", "build", mirror="FOLDER"),)
    needs = ("mirror",)
    mirror: Annotated[Path | None, Written(what="DIR"), "A full mirror of the catalog's files."] = (
        None
    )
    out: Annotated[
        Path | None, Written(what="DIR"), "Folder to write to; by default the package."
    ] = None

    def answer(self, frame: Frame) -> Document:
        from bilat.holdings import embedded_folder
        from bilat.holdings.build import build
        from bilat.verdicts.clause_check import check_clauses

        if self.mirror is None:
            raise UsageError("`mirror` is missing. Name a full mirror of the catalog's files")
        folder = self.out or embedded_folder()
        added = list(build(_wanted(()), self.mirror, folder, verify=check_clauses))
        rows = tuple((a.source, a.rows, a.path) for a in added)
        columns = (Column("source"), Column("rows", ",.0f"), Column("file"))
        table = Table(columns, rows, listing=True)
        return Document("build", count_text(len(rows), "files"), (), (table,), data=added)


@dataclass(frozen=True)
class DownloadQuestion(RecordsQuestion):
    """List the requests that `update` would make; with `comtrade`, those made with your UN Comtrade
    key.

    `update trade` with `dry_run` counts the calls about hubs and goods.
    """

    verb = ("sources", "plan")
    title = "Plan a download"
    examples = (command("sources", "plan"), command("sources", "plan", "comtrade"))
    service: Annotated[
        str, Written(first=True, what="SERVICE"), "update or comtrade; by default update."
    ] = "update"
    reporter: Annotated[
        tuple[str, ...], Written(what="STATE"), "Reporting state. May be given more than once."
    ] = ()
    partner: Annotated[
        tuple[str, ...], Written(what="STATE"), "Trading partner. May be given more than once."
    ] = ()
    basket: Annotated[
        str, Written(what="NAME"), "chpl, eu-sanctioned, civilian, or a TOML file."
    ] = "chpl"
    first: Annotated[str, Written(what="MONTH"), "First month."] = "2019-01"
    last: Annotated[str, Written(what="MONTH"), "Last month; by default the last full one."] = ""
    flow: Annotated[str, Written(what="X|M"), "X exports, M imports."] = "X"

    def answer(self, frame: Frame) -> Document:
        if self.service == "update":
            return _addresses()
        if self.service == "comtrade":
            return self._comtrade()
        trade = command("update", "trade", hub="KGZ", goods=self.basket, dry_run=True)
        raise UsageError(
            f"no plan for {self.service!r}: there is one for update and for comtrade; "
            f"for other publishers of trade: {trade}"
        )

    def _comtrade(self) -> Document:
        from bilat.holdings.comtrade import LACKING, plan

        # By default the states whose exports to Russia no other stored source has.
        queries = plan(
            self.reporter or LACKING,
            self.partner or ("RUS",),
            basket_name=self.basket,
            first=self.first,
            last=self.last or None,
            flow=self.flow,
        )
        rows = tuple(
            (q.reporter, q.partner, q.flow, len(q.codes), f"{q.periods[0]}-{q.periods[-1]}", q.url)
            for q in queries
        )
        names = ("reporter", "partner", "flow", "codes", "periods", "address")
        table = Table(tuple(map(Column, names)), rows, listing=True)
        data = [q.plain() for q in queries]
        return Document("plan", count_text(len(rows), "queries"), (), (table,), data=data)


def _addresses() -> Document:
    """Return every address that `update` asks, and the last day on which it answered."""
    catalog = _wanted(())
    rows = tuple(
        (source.name, file.path, str(file.answered or ""), url)
        for source in catalog
        for file in source.current
        for url in (file.addresses()[0], *file.more)
    )
    names = ("source", "file", "answered", "address")
    by_hand = [source.name for source in catalog if source.by_hand]
    says = (
        "No request was made. Where no day is given, we do not know whether the address answered.",
        f"By hand: {', '.join(by_hand)} ({command('update', by_hand[0])} says how).",
        "Trade of hubs: " + command("update", "trade", hub="KGZ", goods="chpl", dry_run=True) + ".",
    )
    table = Table(tuple(map(Column, names)), rows, listing=True)
    asked = {name for name, *_ in rows}
    title = f"{count_text(len(rows), 'addresses')} of {count_text(len(asked), 'sources')}"
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return Document("plan", title, says, (table,), data=data)


def _store(folder: Path | None) -> Store:
    from bilat.holdings import Store, default_folder

    return Store(folder or default_folder())


def _wanted(names: Sequence[str]) -> list[Source]:
    from bilat.catalog import source, sources

    return [source(n) for n in names] if names else list(sources().values())


def _watch(tell: Progress | None) -> Watch | None:
    """Return a watcher of a pull that reports each file by its source and path."""
    if tell is None:
        return None
    return lambda source, file, have, total: tell(f"{source.name} {file.path}", have, total)


def _pulled(done: Sequence[Pulled], store: Store) -> Document:
    """Report the outcome of each file, failures first, and what changed since its last edition."""
    count = Counter(d.status for d in done)
    ranked = sorted(done, key=lambda d: d.status not in _FAILED)
    rows = tuple((d.status, d.source, d.rows or None, d.why or d.path) for d in ranked)
    columns = (
        Column("what became"),
        Column("source"),
        Column("rows", ",.0f"),
        Column("file, or why"),
    )
    changes = tuple(Section(d.path, tuple(map(Say, d.changes))) for d in done if d.changes)
    title = ", ".join(f"{n} {status}" for status, n in count.items()) or "Nothing to do"
    blocks: tuple[Block, ...] = (Table(columns, rows, listing=True), *changes) if rows else ()
    failed = any(d.status in _FAILED for d in done)
    return Document(
        "pull",
        title,
        (f"Holdings: {store.root}.",),
        blocks,
        data=list(done),
        exit=int(failed),
    )
