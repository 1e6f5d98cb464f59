# SPDX-License-Identifier: Apache-2.0
"""Lists for the terminal: claims, measures, one measurement, rows, sources. Plain words when piped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bilat.terminal.shown import console
from bilat.units.written import counted, number

if TYPE_CHECKING:
    from bilat.holdings.pull import Pulled


def figure(value: float | None) -> str:
    """The value as the pages write it; a dash where there is none."""
    return "–" if value is None else number(value)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), title: str = ""
) -> None:
    """Print a table: ruled on a terminal, tab-separated when piped."""
    if not sys.stdout.isatty():
        sys.stdout.write("\t".join(headings) + "\n")
        for row in rows:
            sys.stdout.write("\t".join(" ".join(str(c).split()) for c in row) + "\n")
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for i, heading in enumerate(headings):
        made.add_column(heading, justify="right" if i in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(str(c)) for c in row))
    console(sys.stdout).print(made)


def show_sources(rows: Sequence[dict[str, Any]]) -> None:
    """The catalog, with the editions held."""
    table(
        ["source", "grade", "editions held", "rows", "licence", "what"],
        (
            [
                r["name"], r["grade"], ", ".join(dict.fromkeys(e["vintage"] for e in r["held"])) or "none",
                f"{sum(n for e in r['held'] for n in e['rows'].values()):,}", r["licence"], r["title"],
            ]
            for r in rows
        ),
        numbers=(3,),
    )  # fmt: skip


def show_pulled(pulled: Iterable[Pulled], root: Path) -> list[Pulled]:
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
