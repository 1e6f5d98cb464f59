# SPDX-License-Identifier: Apache-2.0
"""The command line: one function a verb, no logic.

Heavy parts are imported inside the verbs, so that ``bilat --help`` stays quick.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bilat.dyad import BilatError, UsageError

app = typer.Typer(
    name="bilat",
    help="Two states' military ties, measured from public records: every claim judged as of any date.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="What is held: list, pull, check, build.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")

# typer carries click within it from 0.28 on and asks for it before: the class is found by what it is
_ClickException: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)

Pair = Annotated[
    list[str] | None, typer.Argument(help="Two states, as codes or names: RUS CHN.", show_default="RUS CHN")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Hide what the public could not know on YYYY-MM-DD."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HoldingsOption = Annotated[
    Path | None, typer.Option("--holdings", metavar="DIR", help="A folder made by `bilat sources pull`.")
]


def _dyad(pair: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.dyad import Dyad

    if not pair:
        return Dyad("RUS", "CHN")
    if len(pair) != 2:
        raise UsageError(f"a dyad is two states; {len(pair)} given: {' '.join(pair)}")
    return Dyad(pair[0], pair[1])


def _held(folder: Path | None):  # type: ignore[no-untyped-def]
    from bilat.holdings import Holdings

    return Holdings(folder)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def _version(wanted: bool) -> None:
    if wanted:
        from bilat import __version__

        typer.echo(f"bilat {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def brief(
    pair: Pair = None,
    as_of: AsOfOption = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the site here.")] = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """The picture: every claim then and now, in the terminal and as a site that opens from disk."""
    from bilat.dyad import AsOf
    from bilat.picture import brief as make

    picture = make(_dyad(pair), AsOf(as_of), out=out, holdings=_held(holdings))
    if as_json:
        _print_json(picture.to_json())
    else:
        picture.show()


@app.command()
def claims(
    pair: Pair = None,
    as_of: AsOfOption = None,
    only: Annotated[str | None, typer.Option("--only", metavar="ID", help="One claim.")] = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """The ledger: each claim of the paper with its verdict, rule, figure, likelihood and rivals."""
    from bilat.claims import judge
    from bilat.dyad import AsOf

    found = judge(_dyad(pair), AsOf(as_of), _held(holdings), only)
    if as_json:
        _print_json([j.to_json() for j in found])
    else:
        from bilat.picture.listing import show_claims

        show_claims(found)


@app.command()
def measure(
    name: Annotated[str | None, typer.Argument(help="Which measure; see --list.")] = None,
    pair: Pair = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="K=V", help="A parameter of the measure; repeatable."),
    ] = None,
    as_of: AsOfOption = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the measures with unit and parameters.")
    ] = False,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """One measure: its points, unit, interval, method and sources."""
    from bilat.dyad import AsOf

    if listing or name is None:
        from bilat.measures import measures

        if not listing:
            raise UsageError("name a measure, or see: bilat measure --list")
        rows = [
            {
                "name": m.name,
                "title": m.title,
                "unit": m.unit,
                "params": {k: [v, m.about[k]] for k, v in m.params.items()},
                "tables": list(m.tables),
                "method": m.method,
                "reference": m.reference,
                "interval": m.interval,
            }
            for m in measures().values()
        ]
        if as_json:
            _print_json(rows)
        else:
            from bilat.picture.listing import show_measures

            show_measures(rows)
        return
    found = _ask(name, pair, param, AsOf(as_of), holdings)
    if as_json:
        _print_json(found.to_json())
    else:
        from bilat.picture.listing import show_measurement

        show_measurement(found)


def _ask(name: str, pair: list[str] | None, param: list[str] | None, as_of: Any, holdings: Path | None):  # type: ignore[no-untyped-def]
    from bilat.measures import ask

    given: dict[str, Any] = {}
    for text in param or []:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"--param {text!r} is not of the form name=value")
        given[key] = value
    return ask(name, _dyad(pair), as_of=as_of, holdings=_held(holdings), **given)


@app.command()
def trace(
    name: Annotated[str, typer.Argument(help="Which measure.")],
    pair: Pair = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="P", help="One point's period: 2018, 2022-03.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="G", help="One group of the measure.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="K=V", help="A parameter.")
    ] = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """The rows behind a figure: source, snapshot, locator, known date and the publisher's columns."""
    from bilat.dyad import AsOf, DataError

    found = _ask(name, pair, param, AsOf(as_of), holdings)
    rows = found.rows(period, group)
    if not rows and period is not None:
        held = sorted({p.period for p in found.points})
        raise DataError(
            f"{name} has no rows for period {period} as of {found.as_of}; it has "
            + (f"{held[0]} to {held[-1]}" if held else f"no points ({found.note or 'nothing held'})")
        )
    if as_json:
        _print_json(rows)
    else:
        from bilat.picture.listing import show_rows

        show_rows(rows)


@sources_app.command("list")
def sources_list(
    as_of: AsOfOption = None, as_json: JsonOption = False, holdings: HoldingsOption = None
) -> None:
    """Every source of the catalog, and which editions of it are held."""
    from bilat.catalog import sources
    from bilat.dyad import AsOf

    when = AsOf(as_of)
    entries = _held(holdings).entries()
    rows = [
        {
            "name": s.name,
            "title": s.title,
            "producer": s.producer,
            "licence": s.licence,
            "url": s.url,
            "cadence": s.cadence,
            "grade": s.grade,
            "tables": s.tables,
            "embedded": s.embed,
            "held": [
                {
                    "path": e["path"],
                    "snapshot": e["sha256"],
                    "vintage": e["vintage"],
                    "bytes": e["bytes"],
                    "rows": {k: t["rows"] for k, t in e["tables"].items()},
                }
                for e in entries
                if e["source"] == s.name and e["vintage"] <= str(when)
            ],
        }
        for s in sources().values()
    ]
    if as_json:
        _print_json(rows)
    else:
        from bilat.picture.listing import show_sources

        show_sources(rows)


def _wanted(names: list[str] | None):  # type: ignore[no-untyped-def]
    from bilat.catalog import source, sources

    return [source(n) for n in names] if names else list(sources().values())


@sources_app.command("pull")
def sources_pull(
    names: Annotated[list[str] | None, typer.Argument(help="Which sources; all if none is named.")] = None,
    mirror: Annotated[
        Path | None, typer.Option("--mirror", metavar="DIR", help="Take the files from this folder.")
    ] = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """Bring files from their publishers or a mirror, and take them in: each whole, or not at all."""
    from bilat.holdings import Store, default_folder
    from bilat.holdings.pull import pull
    from bilat.picture.progress import watching

    store = Store(holdings or default_folder())
    with watching(quiet=as_json) as watch:
        done = list(pull(_wanted(names), store, mirror=mirror, watch=watch))
    if as_json:
        _print_json([d.__dict__ for d in done])
    else:
        from bilat.picture.listing import show_pulled

        show_pulled(done, store.root)
    if any(d.status == "refused" for d in done):
        raise typer.Exit(1)


@sources_app.command("check")
def sources_check(as_json: JsonOption = False, holdings: HoldingsOption = None) -> None:
    """Check every file held against its hash."""
    held = _held(holdings)
    wrong = [line for store in held.stores for line in store.check()]
    if as_json:
        _print_json({"wrong": wrong, "digest": None if wrong else held.digest})
    else:
        for line in wrong:
            typer.echo(line, err=True)
        if not wrong:
            typer.echo(
                f"{len(held.entries())} snapshots, all as they were written; digest {held.digest[:16]}"
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
    """Write the embedded holdings anew from a mirror."""
    from bilat.holdings import embedded_folder
    from bilat.holdings.build import build

    for added in build(_wanted(None), mirror, out or embedded_folder()):
        typer.echo(f"{added.source:28} {added.rows:>9,} rows  {added.path}")


def main(argv: list[str] | None = None) -> None:
    """Entry point: errors are one clear line; exit code 2 for usage, 1 for data."""
    try:
        code = app(args=argv, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except BilatError as e:
        line = " ".join(str(e).split())
        print(f"bilat: {line}", file=sys.stderr)
        sys.exit(e.exit_code)
    except typer.Exit as e:
        sys.exit(e.exit_code)
    except typer.Abort:
        sys.exit(130)
    except _ClickException as e:
        print(f"bilat: {e.format_message()}", file=sys.stderr)  # type: ignore[attr-defined]
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
