# SPDX-License-Identifier: Apache-2.0
"""``bilat sources``: what is held: list, pull, check, rebuild, build, plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import HoldingsOption, JsonOption, held
from bilat.cli.questions import add as add_question
from bilat.cli.questions import show
from bilat.document import Block, Column, Document, Next, Say, Section, Table
from bilat.document.blocks import Progress
from bilat.errors import DataError, UsageError
from bilat.lookup.sources import SourcesQuestion
from bilat.measures.questions import MeasureQuestion
from bilat.units.written import counted

if TYPE_CHECKING:
    from bilat.holdings import Store
    from bilat.holdings.comtrade import PlannedQuery
    from bilat.holdings.pull import Pulled, Watch

NamesArgument = Annotated[
    list[str] | None, typer.Argument(help="Which sources; all if none is named.")
]
AcceptOption = Annotated[
    str,
    typer.Option(
        "--accept", metavar="WHY", help="Take in what differs by more than is declared; why."
    ),
]
sources_app = typer.Typer(
    help="Records: list, pull, check, rebuild, build, plan.", no_args_is_help=True
)


add_question(sources_app, SourcesQuestion)


def _wanted(names: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.catalog import source, sources

    return [source(n) for n in names] if names else list(sources().values())


@sources_app.command("pull")
def sources_pull(
    names: NamesArgument = None,
    mirror: Annotated[
        Path | None,
        typer.Option(
            "--mirror", metavar="PATH", help="Take the files from this folder, or this one file."
        ),
    ] = None,
    key: Annotated[
        str,
        typer.Option(
            "--key", envvar="COMTRADE_API_KEY", help="Your key to UN Comtrade.", show_default=False
        ),
    ] = "",
    accept: AcceptOption = "",
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Bring files from their publishers or a mirror, and take them in: each whole, or not at all.

    An edition that the catalog does not know is compared with the one held, and put aside where it differs by more
    than its source declares.

    `pull comtrade` carries out the plan of `sources plan comtrade` with your key.
    """
    if names == ["comtrade"]:
        from bilat.holdings.comtrade import plan

        _pull_comtrade(key, holdings, as_json, plan())
        return
    from bilat.holdings import Store, default_folder
    from bilat.holdings.pull import pull
    from bilat.terminal.progress import progress

    store = Store(holdings or default_folder())
    with progress(quiet=as_json) as tell:
        done = list(pull(_wanted(names), store, mirror=mirror, watch=_watch(tell), accept=accept))
    show(_pulled(done, store), why=True, as_json=as_json)


def _watch(tell: Progress | None) -> Watch | None:
    """The watcher of a pull, from one that is told what is being done."""
    return (
        None
        if tell is None
        else lambda s, file, have, total: tell(f"{s.name} {file.path}", have, total)
    )


def _pulled(done: Sequence[Pulled], store: Store) -> Document:
    """What became of each file, what failed first, and what each has against the edition held before."""
    wrong = ("refused", "quarantined", "silent")
    count = Counter(d.status for d in done)
    ranked = sorted(done, key=lambda d: d.status not in wrong)
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
    return Document(
        "pull",
        title,
        (f"Holdings: {store.root}.",),
        blocks,
        data=list(done),
        exit=int(any(d.status in wrong for d in done)),
    )


def update(
    names: NamesArgument = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only say which addresses do not answer; exit code 1 if any."),
    ] = False,
    accept: AcceptOption = "",
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Bring today's records from the publishers themselves: lists first. Editions held stay; what changed is said."""
    from bilat.holdings import Store, default_folder
    from bilat.holdings.pull import silent
    from bilat.holdings.pull import update as updated
    from bilat.terminal.progress import progress

    store = Store(holdings or default_folder())
    wanted = sorted(_wanted(names), key=lambda s: "parties" not in s.tables)  # lists first
    if not names:
        wanted = [s for s in wanted if s.current]
    with progress(quiet=as_json) as tell:
        found = (
            silent(wanted, store)
            if check
            else updated(wanted, store, watch=_watch(tell), accept=accept)
        )
        done = list(found)
    show(_pulled(done, store), why=True, as_json=as_json)


def add(
    file: Annotated[
        Path, typer.Argument(help="A CSV file with a header: a period, a value, perhaps a group.")
    ],
    publisher: Annotated[
        str, typer.Option("--publisher", help="Who published it; asked where it is not given.")
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="Of the value: %, million USD; asked likewise.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="What it is asked by; default: the file's name.")
    ] = "",
    public: Annotated[
        str,
        typer.Option("--public", metavar="DATE", help="Since when it is public; default: today."),
    ] = "",
    period: Annotated[
        str, typer.Option("--period", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    value: Annotated[
        str, typer.Option("--value", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="COLUMN", help="Instead of the guess.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Take in a file of your own: its columns are guessed, and `ask` answers from it beside the embedded rows."""
    from bilat.holdings.own import add as take
    from bilat.holdings.own import guess
    from bilat.when import AsOf

    found = guess(file, period=period, value=value, group=group)
    by = f", one line for each {found.group}" if found.group else ""
    read = f"{found.rows:,} rows: {found.value} by {found.period} ({found.kind}){by}."
    if found.absent:
        read += f" {counted(found.absent, 'rows')} without a value left out."
    publisher = publisher or typer.prompt(f"{read}\nWho published it")
    unit = unit or typer.prompt("What is its unit")
    done = take(
        file,
        found,
        publisher=publisher,
        unit=unit,
        name=name,
        public=AsOf(public).date if public else None,
    )
    following = Next("Next", MeasureQuestion(done.source))
    show(
        Document(
            "added",
            f"{done.source}: {counted(done.rows, 'rows')} taken in",
            (read,),
            (following,),
            data=done,
        ),
        as_json=as_json,
    )


@sources_app.command("rebuild")
def sources_rebuild(
    names: NamesArgument = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Read again, from the publisher's bytes held with it, what another version of bilat had read."""
    from bilat.holdings import Store, default_folder
    from bilat.holdings.rebuild import rebuild

    store = Store(holdings or default_folder())
    show(_pulled(list(rebuild(store, names or ())), store), why=True, as_json=as_json)


@sources_app.command("check")
def sources_check(as_json: JsonOption = False, holdings: HoldingsOption = None) -> None:
    """Check every file held against its hash."""
    opened = held(holdings)
    wrong = [line for store in opened.stores for line in store.check()]
    if wrong and not as_json:
        raise DataError("; ".join(wrong))
    digest = None if wrong else opened.digest
    title = (
        f"{counted(len(opened.entries()), 'snapshots')}, all as they were written"
        if digest
        else "Damaged"
    )
    says = (f"Digest {digest[:16]}.",) if digest else ()
    show(
        Document(
            "check", title, says, (), data={"wrong": wrong, "digest": digest}, exit=int(bool(wrong))
        ),
        as_json=as_json,
    )


@sources_app.command("build")
def sources_build(
    mirror: Annotated[
        Path, typer.Option("--mirror", metavar="DIR", help="A full mirror of the catalog's files.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where; default: into the package.")
    ] = None,
) -> None:
    """Write the embedded holdings again from a mirror."""
    from bilat.holdings import embedded_folder
    from bilat.holdings.build import build
    from bilat.verdicts.clause_check import check_clauses

    folder = out or embedded_folder()
    added = list(build(_wanted(None), mirror, folder, verify=check_clauses))
    rows = tuple((a.source, a.rows, a.path) for a in added)
    table = Table((Column("source"), Column("rows", ",.0f"), Column("file")), rows, listing=True)
    show(Document("build", counted(len(rows), "files"), (), (table,), data=added), why=True)


@sources_app.command("plan")
def sources_plan(
    service: Annotated[str, typer.Argument(help="comtrade.")],
    reporter: Annotated[
        list[str] | None, typer.Option("--reporter", help="Who reports; repeatable.")
    ] = None,
    partner: Annotated[
        list[str] | None, typer.Option("--partner", help="With whom; repeatable.")
    ] = None,
    basket: Annotated[
        str, typer.Option("--basket", help="chpl, eu-sanctioned, civilian, or a TOML file.")
    ] = "chpl",
    first: Annotated[str, typer.Option("--first", help="First month.")] = "2019-01",
    last: Annotated[
        str | None, typer.Option("--last", help="Last month; default: the last whole one.")
    ] = None,
    flow: Annotated[str, typer.Option("--flow", help="X exports, M imports.")] = "X",
    run: Annotated[bool, typer.Option("--run", help="Ask them now, with your key.")] = False,
    key: Annotated[
        str, typer.Option("--key", envvar="COMTRADE_API_KEY", help="Your key at Comtrade.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """The exact queries that would fill what is not held: reporters, partners, codes, periods."""
    from bilat.holdings.comtrade import LACKING, plan

    if service != "comtrade":
        raise UsageError(f"no plan for {service!r}: there is one for comtrade")
    queries = plan(
        reporter or LACKING,
        partner or ("RUS",),
        basket_name=basket,
        first=first,
        last=last,
        flow=flow,
    )
    if run:
        _pull_comtrade(key, None, as_json, queries)
        return
    rows = tuple(
        (q.reporter, q.partner, q.flow, len(q.codes), f"{q.periods[0]}-{q.periods[-1]}", q.url)
        for q in queries
    )
    columns = tuple(map(Column, ("reporter", "partner", "flow", "codes", "periods", "address")))
    table = Table(columns, rows, listing=True)
    data = [q.plain() for q in queries]
    show(
        Document("plan", counted(len(rows), "queries"), (), (table,), data=data),
        why=True,
        as_json=as_json,
    )


def _pull_comtrade(
    key: str, holdings: Path | None, as_json: bool, queries: Sequence[PlannedQuery]
) -> None:
    from bilat.holdings import default_folder
    from bilat.holdings.comtrade import pull
    from bilat.terminal.progress import progress

    folder = (holdings or default_folder()) / "comtrade"
    with progress(quiet=as_json) as tell:
        watch = None if tell is None else lambda done, total: tell("queries", done, total)
        rows = tuple(
            (s, n, str(folder / q.file)) for q, s, n in pull(queries, folder, key, progress=watch)
        )
    done = [{"file": file, "status": status, "records": n} for status, n, file in rows]
    table = Table((Column("status"), Column("records", ",.0f"), Column("file")), rows, listing=True)
    following = f"Next: bilat divert {folder}/*.json --origin COALITION --basket chpl"
    show(
        Document("pull", counted(len(rows), "queries"), (following,), (table,), data=done),
        why=True,
        as_json=as_json,
    )
