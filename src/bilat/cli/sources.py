# SPDX-License-Identifier: Apache-2.0
"""``bilat sources``: what is held: list, pull, check, rebuild, build, plan."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bilat.cli.options import AsOfOption, HoldingsOption, JsonOption, held, print_json
from bilat.cli.questions import show
from bilat.document import Column, Document, Table
from bilat.errors import UsageError
from bilat.units.written import counted

if TYPE_CHECKING:
    from bilat.holdings import Store
    from bilat.holdings.pull import Pulled

NamesArgument = Annotated[list[str] | None, typer.Argument(help="Which sources; all if none is named.")]
AcceptOption = Annotated[
    str, typer.Option("--accept", metavar="WHY", help="Take in what differs by more than is declared; why.")
]
sources_app = typer.Typer(help="Records: list, pull, check, rebuild, build, plan.", no_args_is_help=True)


@sources_app.command("list")
def sources_list(
    as_of: AsOfOption = None, as_json: JsonOption = False, holdings: HoldingsOption = None
) -> None:
    """Every source of the catalog, and which editions of it are held."""
    from bilat.catalog import sources
    from bilat.when import AsOf

    when = AsOf(as_of)
    entries = [e for e in held(holdings).entries() if e["vintage"] <= str(when)]
    data, rows = [], []
    for s in sources().values():
        editions = [e for e in entries if e["source"] == s.name]
        kept = [
            {"path": e["path"], "snapshot": e["sha256"], "vintage": e["vintage"], "bytes": e["bytes"],
             "rows": {k: t["rows"] for k, t in e["tables"].items()}} for e in editions
        ]  # fmt: skip
        data.append(
            {"name": s.name, "title": s.title, "producer": s.producer, "licence": s.licence, "url": s.url,
             "cadence": s.cadence, "grade": s.grade, "tables": s.tables, "embedded": s.embed, "held": kept}
        )  # fmt: skip
        count = sum(t["rows"] for e in editions for t in e["tables"].values())
        vintages = ", ".join(dict.fromkeys(e["vintage"] for e in editions)) or "none"
        rows.append((s.name, s.grade, vintages, count, s.licence, s.title))
    columns = [Column(c) for c in ("source", "grade", "editions", "rows", "licence", "what")]
    columns[3] = Column("rows", ",.0f")
    table = Table(tuple(columns), tuple(rows), listing=True)
    title = f"{counted(len(rows), 'sources')}, {sum(bool(d['held']) for d in data)} with rows here"
    show(Document("sources", title, (), (table,), data=data, as_of=when), why=True, as_json=as_json)


def _wanted(names: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.catalog import source, sources

    return [source(n) for n in names] if names else list(sources().values())


@sources_app.command("pull")
def sources_pull(
    names: NamesArgument = None,
    mirror: Annotated[
        Path | None,
        typer.Option("--mirror", metavar="PATH", help="Take the files from this folder, or this one file."),
    ] = None,
    key: Annotated[
        str,
        typer.Option("--key", envvar="COMTRADE_API_KEY", help="Your key to UN Comtrade.", show_default=False),
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
        _pull_comtrade(key, holdings, as_json)
        return
    from bilat.holdings import Store, default_folder
    from bilat.holdings.pull import pull
    from bilat.terminal.progress import watching

    store = Store(holdings or default_folder())
    with watching(quiet=as_json) as watch:
        _show(pull(_wanted(names), store, mirror=mirror, watch=watch, accept=accept), store, as_json)


def _show(pulled: Iterable[Pulled], store: Store, as_json: bool) -> None:
    if as_json:
        done = list(pulled)
        print_json([d.__dict__ for d in done])
    else:
        done = _print_pulled(pulled, store.root)
    if any(d.status in ("refused", "quarantined", "silent") for d in done):
        raise typer.Exit(1)


def _print_pulled(pulled: Iterable[Pulled], root: Path) -> list[Pulled]:
    """What became of each file, as it becomes so, and at the end which sources failed, on the error stream."""
    done = []
    for d in pulled:
        done.append(d)
        if d.why:
            print(
                f"{d.status:10} {d.source}: {d.why}",
                file=sys.stderr if d.status in ("refused", "quarantined", "dropped") else sys.stdout,
            )
        else:
            print(f"{d.status:10} {d.source}: {d.path}" + (f", {counted(d.rows, 'rows')}" if d.rows else ""))
        for line in d.changes:
            print(f"  {line}")
    count = Counter(d.status for d in done)
    print(", ".join(f"{n} {status}" for status, n in count.items()))
    failed = sorted({d.source for d in done if d.status in ("refused", "quarantined")})
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    print(f"holdings: {root}")
    return done


def update(
    names: NamesArgument = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say which addresses do not answer; exit code 1 if any.")
    ] = False,
    accept: AcceptOption = "",
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Bring today's records from the publishers themselves: lists first. Editions held stay; what changed is said."""
    from bilat.holdings import Store, default_folder
    from bilat.holdings.pull import silent
    from bilat.holdings.pull import update as updated
    from bilat.terminal.progress import watching

    store = Store(holdings or default_folder())
    wanted = sorted(_wanted(names), key=lambda s: "parties" not in s.tables)  # lists first
    if not names:
        wanted = [s for s in wanted if s.current]
    if check:
        _show(silent(wanted, store), store, as_json)
    else:
        with watching(quiet=as_json) as watch:
            _show(updated(wanted, store, watch=watch, accept=accept), store, as_json)


def add(
    file: Annotated[
        Path, typer.Argument(help="A CSV file with a header: a period, a value, perhaps a group.")
    ],
    publisher: Annotated[
        str, typer.Option("--publisher", help="Who published it; asked where it is not given.")
    ] = "",
    unit: Annotated[str, typer.Option("--unit", help="Of the value: %, million USD; asked likewise.")] = "",
    name: Annotated[str, typer.Option("--name", help="What it is asked by; default: the file's name.")] = "",
    public: Annotated[
        str, typer.Option("--public", metavar="DATE", help="Since when it is public; default: today.")
    ] = "",
    period: Annotated[str, typer.Option("--period", metavar="COLUMN", help="Instead of the guess.")] = "",
    value: Annotated[str, typer.Option("--value", metavar="COLUMN", help="Instead of the guess.")] = "",
    group: Annotated[str, typer.Option("--group", metavar="COLUMN", help="Instead of the guess.")] = "",
) -> None:
    """Take in a file of your own: its columns are guessed, and `ask` answers from it beside the embedded rows."""
    from bilat.holdings.own import add as take
    from bilat.holdings.own import guess
    from bilat.when import AsOf

    found = guess(file, period=period, value=value, group=group)
    by = f", one line for each {found.group}" if found.group else ""
    typer.echo(f"{found.rows:,} rows: {found.value} by {found.period} ({found.kind}){by}")
    publisher = publisher or typer.prompt("Who published it")
    unit = unit or typer.prompt("What is its unit")
    done = take(
        file, found, publisher=publisher, unit=unit, name=name, public=AsOf(public).date if public else None
    )
    typer.echo(f"{done.rows:,} rows; next: bilat ask {done.source}")


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
    _show(list(rebuild(store, names or ())), store, as_json)


@sources_app.command("check")
def sources_check(as_json: JsonOption = False, holdings: HoldingsOption = None) -> None:
    """Check every file held against its hash."""
    opened = held(holdings)
    wrong = [line for store in opened.stores for line in store.check()]
    if as_json:
        print_json({"wrong": wrong, "digest": None if wrong else opened.digest})
    else:
        for line in wrong:
            typer.echo(line, err=True)
        if not wrong:
            typer.echo(
                f"{len(opened.entries())} snapshots, all as they were written; digest {opened.digest[:16]}"
            )
    if wrong:
        raise typer.Exit(1)


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

    for added in build(_wanted(None), mirror, out or embedded_folder()):
        typer.echo(f"{added.source:28} {added.rows:>9,} rows  {added.path}")


@sources_app.command("plan")
def sources_plan(
    service: Annotated[str, typer.Argument(help="comtrade.")],
    reporter: Annotated[list[str] | None, typer.Option("--reporter", help="Who reports; repeatable.")] = None,
    partner: Annotated[list[str] | None, typer.Option("--partner", help="With whom; repeatable.")] = None,
    basket: Annotated[
        str, typer.Option("--basket", help="chpl, eu-sanctioned, civilian, or a TOML file.")
    ] = "chpl",
    first: Annotated[str, typer.Option("--first", help="First month.")] = "2019-01",
    last: Annotated[
        str | None, typer.Option("--last", help="Last month; default: the last whole one.")
    ] = None,
    flow: Annotated[str, typer.Option("--flow", help="X exports, M imports.")] = "X",
    as_json: JsonOption = False,
) -> None:
    """The exact queries that would fill what is not held: reporters, partners, codes, periods."""
    from bilat.holdings.comtrade import LACKING, plan

    if service != "comtrade":
        raise UsageError(f"no plan for {service!r}: there is one for comtrade")
    queries = plan(
        reporter or LACKING, partner or ("RUS",), basket_name=basket, first=first, last=last, flow=flow
    )
    rows = tuple(
        (q.reporter, q.partner, q.flow, len(q.codes), f"{q.periods[0]}-{q.periods[-1]}", q.url)
        for q in queries
    )
    columns = tuple(map(Column, ("reporter", "partner", "flow", "codes", "periods", "address")))
    table = Table(columns, rows, listing=True)
    data = [q.plain() for q in queries]
    show(Document("plan", counted(len(rows), "queries"), (), (table,), data=data), why=True, as_json=as_json)


def _pull_comtrade(key: str, holdings: Path | None, as_json: bool) -> None:
    from bilat.holdings import default_folder
    from bilat.holdings.comtrade import plan, pull
    from bilat.terminal.progress import counting

    folder = (holdings or default_folder()) / "comtrade"
    with counting("queries", quiet=as_json) as watch:
        done = [
            {"file": str(folder / q.file), "status": status, "records": n}
            for q, status, n in pull(plan(), folder, key, progress=watch)
        ]
    if as_json:
        print_json(done)
    else:
        for d in done:
            typer.echo(f"{d['status']:6} {d['records']:>9,} records  {d['file']}")
        typer.echo(f"next: bilat divert {folder}/*.json --origin COALITION --basket chpl")
