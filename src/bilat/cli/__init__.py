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
from bilat.cli.exchange import export, take_in
from bilat.cli.groups import InOrder, group, renamed
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
from bilat.cli.report import letter, report
from bilat.cli.screening import decide, difference, owners, screen
from bilat.cli.serve import mcp, serve
from bilat.cli.sharing import dissent, dissents, mark
from bilat.cli.sources import add as add_own
from bilat.cli.sources import sources_app, update
from bilat.diversion.questions import DivertQuestion
from bilat.errors import as_error
from bilat.forecast.asking import (
    ForecastListQuestion,
    OneForecastQuestion,
    ScoresQuestion,
    WatchQuestion,
)
from bilat.measures.questions import MeasureQuestion
from bilat.parties.run.listed_first import ListsQuestion
from bilat.parties.run.question import ScreenQuestion
from bilat.server.questions import GoodsQuestion, PartyQuestion, StateQuestion
from bilat.terminal.shown import Shown, as_options
from bilat.verdicts.questions import ClaimsQuestion, ProfileQuestion

app = typer.Typer(
    name="bilat",
    cls=InOrder,
    help="Two states' military ties, measured from public records: every claim judged as of any date.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

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
    from bilat.terminal.progress import progress
    from bilat.when import AsOf

    place = out or (None if as_json else Path("picture"))
    limit = marking or ("TLP:CLEAR" if place is not None else None)
    whose = asked_team(team, marking)
    with progress(quiet=as_json) as tell:
        picture = make(
            dyad_of(pair), AsOf(as_of), out=place, holdings=held(holdings), progress=tell, team=whose,
            marking=Marking.parse(limit) if whose and limit else None,
        )  # fmt: skip
    show(picture.document, why=why, as_json=as_json)
    if place is not None and not as_json:
        print(f"\nThe picture lies in {place / 'index.html'}")


_ask = group(app, "ask")
add(_ask, MeasureQuestion)
for _question in (StateQuestion, GoodsQuestion, PartyQuestion, ProfileQuestion):
    add(_ask, _question)
_ask.command(cls=TakesPairs)(compare)
add(app, ClaimsQuestion)
_screen = group(app, "screen")
add(
    _screen, ScreenQuestion, answered=screen,
    example="bilat screen 'VTB Bank'; bilat screen consignments.xlsx --map name=Consignee --out alerts.xlsx",
)  # fmt: skip
_screen.command()(decide)
_screen.command()(owners)
add(
    app, DivertQuestion,
    example="bilat divert trade.csv --origin EU27 --since 2022-03 --basket chpl --out answer.html",
)  # fmt: skip
app.add_typer(plan_app, name="plan")
_watch = group(app, "watch")
for _asked in (
    WatchQuestion,
    ForecastListQuestion,
    OneForecastQuestion,
    ScoresQuestion,
):
    add(_watch, _asked)
_team = group(app, "team", "Several people, one picture: dissents, markings, what another team sends.")
_team.command()(dissent)
_team.command()(dissents)
_team.command()(mark)
_team.command("import")(take_in)
_write = group(app, "write", "On paper, and for others' tools.")
_write.command()(report)
_write.command()(letter)
_write.command()(export)
_lists = group(app, "lists", "What changed on the lists of parties, and which list is first.")
_lists.command("diff")(difference)
add(_lists, ListsQuestion, example="bilat lists compare 'OFAC SDN' 'US EL'")
app.add_typer(sources_app, name="sources")
app.command("add")(add_own)
app.command()(update)
app.command()(serve)
app.command()(mcp)


def main(argv: list[str] | None = None) -> None:
    """Entry point: whatever goes wrong is one clear line; exit code 2 for usage, 1 for data, 130 when stopped.

    ``--debug``, anywhere, prints the traceback too.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    if "--help" in given:  # the words of the code alone, in its colours
        _run(given)
    with redirect_stdout(Shown(sys.stdout)), redirect_stderr(Shown(sys.stderr)):
        _run(given)


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
