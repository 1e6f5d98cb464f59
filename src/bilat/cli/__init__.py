# SPDX-License-Identifier: Apache-2.0
"""The command line, made from the questions that are registered.

A command's room is imported when it is asked, its heavy parts when it answers.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Annotated, NoReturn

import typer
from typer._completion_classes import completion_init
from typer.core import TyperGroup

from bilat.cli.commands import add
from bilat.cli.groups import group, replace_old_words
from bilat.document.questions import FIRST_WORDS, question_named, question_names
from bilat.errors import as_error
from bilat.terminal.code_pages import fit
from bilat.terminal.output import CleanStream, as_options
from bilat.terminal.progress import announce_long_work

#: A shell sets it where it asks what may be completed.
_COMPLETE = "_BILAT_COMPLETE"
# typer carries click within it from 0.28 on and asks for it before: the class is found by what it
# is
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
        typer.Option(
            "--debug", help="Also print the traceback of an error. May be placed anywhere."
        ),
    ] = False,
) -> None:
    pass


def _by_hand(word: str) -> Callable[..., None] | None:
    """A command that is a function of its own: it asks a person, listens, or writes a site."""
    match word:
        case "brief":
            from bilat.cli.brief import brief

            return brief
        case "add":
            from bilat.cli.own_file import add as add_file

            return add_file
        case "serve":
            from bilat.cli.serve import serve

            return serve
        case "mcp":
            from bilat.cli.serve import mcp

            return mcp
    return None


def _first_words() -> list[str]:
    """The first words of all commands, in the order in which a reader meets them."""
    return list(dict.fromkeys([*FIRST_WORDS, *(n.split(".")[0] for n in question_names())]))


def _add(app: typer.Typer, first: str) -> None:
    """Add the commands that begin with a word: from the questions that are registered."""
    function = _by_hand(first)
    names = question_names(first)
    if function is not None:
        app.command(first)(function)
    elif names == [first]:
        add(app, question_named(first))
    else:
        about = "" if first in names else FIRST_WORDS.get(first, first)
        commands = group(app, first, about)
        for name in names:
            add(commands, question_named(name))


class _InOrder(TyperGroup):
    def list_commands(self, ctx):  # type: ignore[no-untyped-def]
        return [w for w in _first_words() if w in self.commands]


def application(word: str = "") -> typer.Typer:
    """Return the commands that begin with a word; all of them for a word that none begins with."""
    app = _empty()
    words = _first_words()
    for first in [word] if word in words else words:
        _add(app, first)
    return app


def contents() -> typer.Typer:
    """Return the first words alone, each with its line: no room loads for the first
    page of help.
    """
    app = _empty()
    for first in _first_words():
        about = FIRST_WORDS.get(first) or question_named(question_names(first)[0]).about()
        app.command(first, help=about)(_nothing)
    return app


def _nothing() -> None:
    pass


def _empty() -> typer.Typer:
    app = typer.Typer(
        name="bilat",
        cls=_InOrder,
        help="Measure two states' military ties from public records, and check each claim as of "
        "any date.",
        epilog="For options and an example: bilat COMMAND --help",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_main)
    return app


def main(argv: list[str] | None = None) -> None:
    """Entry point: whatever goes wrong is one clear line; exit code 2 for usage, 1 for data, 130
    when stopped.

    ``--debug``, anywhere, prints the traceback too.
    """
    atexit.register(gc.freeze)  # nor is it worth its time in what goes with the process
    gc.set_threshold(
        1_000_000, 20, 100
    )  # searching for cycles is a tenth of the time to the first answer
    given = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        fit(stream, is_json="--json" in given)
    if "--help" in given:  # the words of the code alone, in its colours
        _run(given)
    with redirect_stdout(CleanStream(sys.stdout)), redirect_stderr(CleanStream(sys.stderr)):
        announce_long_work()
        _run(given)


def _application(args: list[str]) -> typer.Typer:
    """The part of the command line that some words need, or what a shell asks to complete."""
    first = next(iter(args), "")
    if os.environ.get(_COMPLETE):
        completion_init()
        words = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
        first = next(iter(words.split()[1:]), "")
    return application(first) if first in _first_words() else contents()


def _run(given: list[str]) -> NoReturn:
    debug = "--debug" in given
    try:
        args = replace_old_words([a for a in given if a != "--debug"])
        code = _application(args)(args=args, prog_name="bilat", standalone_mode=False)
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
