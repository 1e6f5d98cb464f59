# SPDX-License-Identifier: Apache-2.0
"""``bilat watch``: what changed in the public record between two dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bilat.cli.options import HoldingsOption, JsonOption, Pair, dyad_of, held, print_json
from bilat.errors import UsageError

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
            "--since-last", metavar="FILE", help="Begin where the run that wrote FILE ended; write it anew."
        ),
    ] = None,
    atom: Annotated[Path | None, typer.Option("--atom", metavar="FILE", help="Write an Atom feed.")] = None,
    as_json: JsonOption = False,
    holdings: HoldingsOption = None,
) -> None:
    """What became known, what moved beyond its forecast, which verdicts changed. Exit code 3: read it."""
    from bilat.files.write import write_text
    from bilat.forecast.watch import watch as look
    from bilat.when import AsOf

    begin = first or _begin(since_last)
    found = look(begin, AsOf(last), dyad_of(pair), holdings=held(holdings))
    if atom is not None:
        from bilat.forecast.feed import atom as feed

        write_text(atom, feed(found))
    if as_json:
        print_json(found.to_json())
    else:
        from bilat.terminal.watch import show_watch

        show_watch(found)
    if since_last is not None:
        write_text(since_last, f"{found.last}\n")
    raise typer.Exit(ALARMED if found.alarmed else 0)


def _begin(since_last: Path | None) -> str:
    if since_last is None:
        raise UsageError("say from when: --from DATE, or --since-last FILE")
    if not since_last.exists():
        raise UsageError(f"{since_last} does not exist yet; give --from DATE the first time")
    try:
        return since_last.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{since_last} cannot be read; write a date such as 2026-11-01 into it") from None
