# SPDX-License-Identifier: Apache-2.0
"""The command line: one function a verb, no logic.

A verb's rooms are imported when it is asked, its heavy parts when it answers.
"""

from __future__ import annotations

import atexit
import gc
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from bilat.cli.groups import group, renamed
from bilat.cli.options import (
    AsOfOption,
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
    asked_team,
    dyad_of,
    held,
)
from bilat.cli.questions import WhyOption, add, show
from bilat.document.questions import FIRST_WORDS, question_named, question_names
from bilat.errors import as_error
from bilat.terminal.shown import Shown, as_options

# typer carries click within it from 0.28 on and asks for it before: the class is found by what it is
_ClickException: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)


def _version(wanted: bool) -> None:
    if wanted:
        from bilat import __version__

        typer.echo(f"bilat {__version__}")
        raise typer.Exit


def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Print the traceback of an error too; may stand anywhere."),
    ] = False,
) -> None:
    pass


def brief(
    pair: Pair = None,
    as_of: AsOfOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where the site goes; default: picture."),
    ] = None,
    why: WhyOption = False,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """The picture: what matters about two states first, in the terminal and as a site that opens from disk."""
    from bilat.handling import Marking
    from bilat.picture import brief as make
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    place = out or (None if as_json else Path("picture"))
    limit = marking or ("TLP:CLEAR" if place is not None else None)
    whose = asked_team(team, marking)
    with progress(quiet=as_json) as tell:
        picture = make(
            dyad_of(pair),
            AsOf(as_of),
            out=place,
            holdings=held(holdings),
            progress=tell,
            team=whose,
            marking=Marking.parse(limit) if whose and limit else None,
        )
    show(picture.document, why=why, as_json=as_json)
    if place is not None and not as_json:
        print(f"\nThe picture lies in {place / 'index.html'}")


def _ask(app: typer.Typer) -> None:
    from bilat.cli.compare import TakesPairs, compare

    ask = group(app, "ask")
    _questions(ask, "ask")
    ask.command(cls=TakesPairs)(compare)


def _questions(app: typer.Typer, first: str) -> None:
    """Add the registered questions whose command begins with a word."""
    for name in question_names(first):
        add(app, question_named(name))


def _claims(app: typer.Typer) -> None:
    _questions(app, "claims")


def _screen(app: typer.Typer) -> None:
    from bilat.cli.screening import RowsOption, decide, owners, screen

    screening = group(app, "screen")
    question = question_named("screen")
    add(screening, question, answered=screen, more={"out": (RowsOption, None)})
    screening.command()(decide)
    screening.command()(owners)


def _divert(app: typer.Typer) -> None:
    _questions(app, "divert")


def _plan(app: typer.Typer) -> None:
    from bilat.cli.plans import plan_app

    app.add_typer(plan_app, name="plan")


def _watch(app: typer.Typer) -> None:
    _questions(group(app, "watch"), "watch")


def _team(app: typer.Typer) -> None:
    from bilat.cli.exchange import take_in
    from bilat.cli.sharing import dissent, dissents, mark

    team = group(
        app, "team", "Several people, one picture: dissents, markings, what another team sends."
    )
    for command in (dissent, dissents, mark):
        team.command()(command)
    team.command("import")(take_in)


def _write(app: typer.Typer) -> None:
    from bilat.cli.exchange import export
    from bilat.cli.report import letter, report

    write = group(app, "write", "On paper, and for others' tools.")
    for command in (report, letter, export):
        write.command()(command)


def _lists(app: typer.Typer) -> None:
    from bilat.cli.screening import difference

    lists = group(app, "lists", FIRST_WORDS["lists"])
    lists.command("diff")(difference)
    _questions(lists, "lists")


def _sources(app: typer.Typer) -> None:
    from bilat.cli import sources

    app.add_typer(sources.sources_app, name="sources")
    app.command("add")(sources.add)
    app.command()(sources.update)


def _serve(app: typer.Typer) -> None:
    from bilat.cli.serve import mcp, serve

    app.command()(serve)
    app.command()(mcp)


#: The first word of a command, in the order in which a reader meets them: what adds it to an application.
_VERBS = {
    "brief": lambda app: app.command()(brief),
    "ask": _ask,
    "claims": _claims,
    "screen": _screen,
    "divert": _divert,
    "plan": _plan,
    "watch": _watch,
    "team": _team,
    "write": _write,
    "lists": _lists,
    "sources": _sources,
    "serve": _serve,
    "update": _sources,
    "add": _sources,
    "mcp": _serve,
}


class _InOrder(TyperGroup):
    def list_commands(self, ctx):  # type: ignore[no-untyped-def]
        return [w for w in _VERBS if w in self.commands]


def application(word: str = "") -> typer.Typer:
    """The commands that begin with a word; all of them where none does."""
    app = typer.Typer(
        name="bilat",
        cls=_InOrder,
        help="Two states' military ties, measured from public records: every claim judged as of any date.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_main)
    for adds in dict.fromkeys([_VERBS[word]] if word in _VERBS else _VERBS.values()):
        adds(app)
    return app


def main(argv: list[str] | None = None) -> None:
    """Entry point: whatever goes wrong is one clear line; exit code 2 for usage, 1 for data, 130 when stopped.

    ``--debug``, anywhere, prints the traceback too.
    """
    atexit.register(gc.freeze)  # nor is it worth its time in what goes with the process
    gc.set_threshold(
        1_000_000, 20, 100
    )  # searching for cycles is a tenth of the time to the first answer
    given = list(sys.argv[1:] if argv is None else argv)
    if "--help" in given:  # the words of the code alone, in its colours
        _run(given)
    with redirect_stdout(Shown(sys.stdout)), redirect_stderr(Shown(sys.stderr)):
        _run(given)


def _run(given: list[str]) -> NoReturn:
    debug = "--debug" in given
    try:
        args = renamed([a for a in given if a != "--debug"])
        code = application(next(iter(args), ""))(args=args, standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Exit as e:
        sys.exit(e.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except _ClickException as e:
        if said := e.format_message():  # type: ignore[attr-defined]
            print(f"bilat: {said}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as e:
        if debug:
            traceback.print_exc()
        error = as_error(e)
        print(f"bilat: {as_options(' '.join(str(error).split()))}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
