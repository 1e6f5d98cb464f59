# SPDX-License-Identifier: Apache-2.0
"""``bilat watch``: what changed in the public record between two dates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bilat.cli.options import (
    HoldingsOption,
    JsonOption,
    MarkingOption,
    Pair,
    TeamOption,
    claims_handled,
    dyad_of,
    held,
    print_json,
    print_marked,
    print_marking,
)
from bilat.errors import UsageError
from bilat.units.written import counted

#: The exit code that says: there is something to read.
ALARMED = 3


def watch(
    pair: Pair = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The earlier date.")] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The later date; default: today.")
    ] = None,
    since_last: Annotated[
        Path | None,
        typer.Option(
            "--since-last", metavar="FILE", help="Begin where the run that wrote FILE ended; write it again."
        ),
    ] = None,
    atom: Annotated[Path | None, typer.Option("--atom", metavar="FILE", help="Write an Atom feed.")] = None,
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help="Write a page (HTML).")] = None,
    deals: Annotated[
        Path | None,
        typer.Option("--deals", metavar="FILE", help="Deals of your own (CSV) to look up in the register."),
    ] = None,
    row: Annotated[
        str | None,
        typer.Option("--row", metavar="ROW", help="Only what rests on one row: 'exercises line 119'."),
    ] = None,
    team: TeamOption = None,
    marking: MarkingOption = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What became known, what moved beyond its forecast, which verdicts changed. Exit code 3: read it."""
    from bilat.files.write import write_text
    from bilat.forecast.watch import watch as look
    from bilat.when import AsOf

    begin = first or _begin(since_last)
    if first is None and AsOf(begin).date >= AsOf(last).date:  # a scheduler that runs twice a day
        _nothing_newer(AsOf(begin), as_json)
    shared = claims_handled(team, marking, leaves=page is not None or atom is not None)
    mark = shared.marking if shared else None
    own = _own(deals, mark)
    found = look(begin, AsOf(last), dyad_of(pair), holdings=held(holdings), own=own)
    found = found.without(shared.withheld) if shared else found
    if atom is not None:
        from bilat.forecast.feed import atom as feed

        write_text(atom, feed(found, mark))
    if page is not None:
        from bilat.picture.watch_page import write_watch_page

        write_watch_page(found, page, mark)
    _print(found, row, as_json, mark)
    if since_last is not None:
        write_text(since_last, f"{found.last}\n")
    raise typer.Exit(ALARMED if found.alarmed else 0)


def _nothing_newer(watched, as_json: bool) -> NoReturn:  # type: ignore[no-untyped-def]
    """The record was watched to this day already: nothing to read, and the state stays as it is."""
    if as_json:
        print_json({"from": str(watched), "to": str(watched), "alarmed": False})
    else:
        typer.echo(f"watched to {watched} already; nothing is newer")
    raise typer.Exit(0)


def _own(deals: Path | None, mark: Any) -> Any:
    """The deals of a user's file; they bear no marking and count as marked TLP:AMBER."""
    if deals is None:
        return []
    from bilat.forecast.signals import read_deals
    from bilat.handling import UNMARKED

    found = read_deals(deals)
    if mark is not None and not UNMARKED.may_leave_in(mark):
        print(
            f"bilat: note: left out: {counted(len(found), 'deals')} of {deals}, {UNMARKED}", file=sys.stderr
        )
        return []
    return found


def _print(found, row: str | None, as_json: bool, mark: Any) -> None:  # type: ignore[no-untyped-def]
    from bilat.terminal.watch import show_resting, show_watch

    if as_json:
        print_marked(found.to_json() if row is None else {"row": row, "rests": found.resting_on(row)}, mark)
        return
    print_marking(mark)
    if row is None:
        show_watch(found)
    else:
        show_resting(found, row)


def _begin(since_last: Path | None) -> str:
    if since_last is None:
        raise UsageError("say from when: --from DATE, or --since-last FILE")
    if not since_last.exists():
        raise UsageError(f"{since_last} does not exist yet; give --from DATE the first time")
    try:
        return since_last.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{since_last} cannot be read; write a date such as 2026-11-01 into it") from None
