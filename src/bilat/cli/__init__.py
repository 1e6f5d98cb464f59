# SPDX-License-Identifier: Apache-2.0
"""The command line: one function a verb, no logic.

Heavy parts are imported inside the verbs, so that ``bilat --help`` stays quick.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bilat.cli.compare import TakesPairs, compare
from bilat.cli.exchange import add_exchange
from bilat.cli.forecast import forecast_app
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
from bilat.cli.plans import plan_app
from bilat.cli.questions import WhyOption, add, show
from bilat.cli.report import add_report
from bilat.cli.screening import add_screening, watchlist_app
from bilat.cli.serve import mcp, serve
from bilat.cli.sharing import add_sharing
from bilat.cli.sources import add as add_own
from bilat.cli.sources import sources_app, update
from bilat.cli.watch import watch
from bilat.diversion.questions import DivertQuestion
from bilat.errors import as_error
from bilat.measures.questions import MeasureQuestion
from bilat.terminal.shown import Shown, as_options
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion

app = typer.Typer(
    name="bilat",
    help="Two states' military ties, measured from public records: every claim judged as of any date.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(sources_app, name="sources")
app.add_typer(watchlist_app, name="watchlist")
app.add_typer(forecast_app, name="forecast")
app.add_typer(plan_app, name="plan")

# typer carries click within it from 0.28 on and asks for it before: the class is found by what it is
_ClickException: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)


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
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the traceback of an error too; may stand anywhere.")
    ] = False,
) -> None:
    pass


@app.command()
def brief(
    pair: Pair = None,
    as_of: AsOfOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the site goes; default: picture.")
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
    from bilat.terminal.progress import steps
    from bilat.when import AsOf

    place = out or (None if as_json else Path("picture"))
    limit = marking or ("TLP:CLEAR" if place is not None else None)
    whose = asked_team(team, marking)
    with steps(quiet=as_json) as tell:
        picture = make(
            dyad_of(pair), AsOf(as_of), out=place, holdings=held(holdings), progress=tell, team=whose,
            marking=Marking.parse(limit) if whose and limit else None,
        )  # fmt: skip
    show(picture.document, why=why, as_json=as_json)
    if place is not None and not as_json:
        print(f"\nThe picture lies in {place / 'index.html'}")


add(app, ClaimsQuestion)
add(app, ProfileQuestion)
add(app, MeasureQuestion)
add(
    app, DivertQuestion,
    example="bilat divert trade.csv --origin EU27 --since 2022-03 --basket chpl --out answer.html",
)  # fmt: skip
add_screening(app)
add_sharing(app)
add_exchange(app)
add_report(app)
app.command()(watch)
app.command(cls=TakesPairs)(compare)
app.command()(serve)
app.command()(mcp)
app.command()(update)
app.command("add")(add_own)


def main(argv: list[str] | None = None) -> None:
    """Entry point: whatever goes wrong is one clear line; exit code 2 for usage, 1 for data, 130 when stopped.

    ``--debug``, anywhere, prints the traceback too.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    if "--help" in given:  # the words of the code alone, in its colours
        _run(given)
    with redirect_stdout(Shown(sys.stdout)), redirect_stderr(Shown(sys.stderr)):
        _run(given)


#: The verbs of earlier versions, and what each is now.
RENAMED = {
    "measure": ("ask",),
    "trace": ("ask", "--rows"),
    "regenerate": ("plan", "recovery"),
    "backfill": ("plan", "backfill"),
    "blockade": ("plan", "blockade"),
    "exposure": ("plan", "exposure"),
}


def renamed(given: list[str]) -> list[str]:
    """The words of a command with an old verb replaced; the new one is named on the error stream."""
    verb = next((i for i, word in enumerate(given) if not word.startswith("-")), None)
    now = RENAMED.get(given[verb]) if verb is not None else None
    if verb is None or now is None:
        return given
    print(f"bilat: note: {given[verb]} is now: bilat {' '.join(now)}", file=sys.stderr)
    return [*given[:verb], *now, *given[verb + 1 :]]


def _run(given: list[str]) -> NoReturn:
    debug = "--debug" in given
    try:
        code = app(args=renamed([a for a in given if a != "--debug"]), standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Exit as e:
        sys.exit(e.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except _ClickException as e:
        print(f"bilat: {e.format_message()}", file=sys.stderr)  # type: ignore[attr-defined]
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
