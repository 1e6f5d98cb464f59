# SPDX-License-Identifier: Apache-2.0
"""Lists for the terminal: claims, measures, one measurement, rows, sources. Plain words when piped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bilat.terminal.shown import console
from bilat.units.written import counted, interval, number

if TYPE_CHECKING:
    from bilat.holdings.pull import Pulled
    from bilat.measures import Measurement
    from bilat.verdicts import Judgement

#: Rows behind a figure that a terminal shows; what is piped has all.
MOST_ROWS = 60


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


def show_claims(found: Sequence[Judgement]) -> None:
    """Each claim with its two answers and its sentence; dissents under their claim."""
    rows: list[list[str]] = []
    for j in found:
        rows.append([j.id, j.claim, j.when_written.answer, j.since.answer, j.confidence, j.why])
        rows += [
            [j.id, f"dissent, {d.who} as of {d.as_of}, {d.marking}", "", d.verdict, "", d.why]
            for d in j.dissents
        ]
    table(["id", "claim", "when written", "since", "sure", "sentence"], rows)


def show_measures(rows: Sequence[dict[str, Any]]) -> None:
    """Every measure with its unit and parameters."""
    table(
        ["measure", "unit", "parameters", "what"],
        (
            [r["name"], r["unit"], ", ".join(f"{k}={v[0]}" for k, v in r["params"].items()), r["title"]]
            for r in rows
        ),
    )


def show_measurement(m: Measurement) -> None:
    """Points, then unit, method, interval and sources."""
    table(
        ["period", "group", "value", "interval", "kind", "note"],
        ([p.period, p.group, figure(p.value), interval(p.low, p.high), p.kind, p.note] for p in m.points),
        numbers=(2, 3),
        title=f"{m.title}: {m.dyad.name}, as of {m.as_of}",
    )
    print(f"unit: {m.unit}")
    for label, text in (
        ("interval", m.interval),
        ("note", m.note),
        ("method", m.method),
        ("reference", m.reference),
    ):
        if text:
            print(f"{label}: {text}")
    for s in m.sources:
        print(f"source: {s['citation']} [{s['grade']}] {s['url']}")


def show_rows(rows: Sequence[dict[str, Any]]) -> None:
    """Rows behind a figure; the publisher's columns after where each row comes from."""
    if not rows:
        print("no rows")
        return
    headings = list(rows[0])
    shown = rows[:MOST_ROWS] if sys.stdout.isatty() else rows
    table(headings, (["" if r[h] is None else str(r[h]) for h in headings] for r in shown))
    if len(rows) > len(shown):
        print(
            f"{len(shown)} of {len(rows):,} rows: name a point by --period and --group, or take all by --json"
        )


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


def show_pulled(done: Sequence[Pulled], root: Path) -> None:
    """What became of each file, and at the end which sources failed; failures go to the error stream."""
    for d in done:
        if d.why:
            print(
                f"{d.status:10} {d.source}: {d.why}",
                file=sys.stderr if d.status in ("refused", "dropped") else sys.stdout,
            )
        else:
            print(f"{d.status:10} {d.source}: {d.path}" + (f", {counted(d.rows, 'rows')}" if d.rows else ""))
    count = Counter(d.status for d in done)
    print(", ".join(f"{n} {status}" for status, n in count.items()))
    failed = sorted({d.source for d in done if d.status == "refused"})
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    print(f"holdings: {root}")
