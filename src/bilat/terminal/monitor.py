# SPDX-License-Identifier: Apache-2.0
"""The circumvention monitor in the terminal: routes, hits, verdicts, changes of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any

from bilat.places.coalitions import coalitions
from bilat.terminal.tables import figure, table


def show_diversion(rows: Sequence[dict[str, Any]], summary: dict[str, Any], out: Path | None) -> None:
    """The ranked list of hub and product, then what was asked and what the answer cannot show."""
    table(
        [
            "#",
            "hub",
            "product",
            "label",
            "tier",
            "diverted",
            "80% interval",
            "q",
            "legs",
            "break",
            "rivals that stand",
        ],
        (
            [
                str(n),
                r["hub"],
                r["product"],
                shorten(r["label"], 44, placeholder=" …"),
                str(r["tier"] or ""),
                figure(r["diverted"]),
                f"{figure(r['low'])} to {figure(r['high'])}",
                figure(r["q_value"]),
                r["legs"]["known"],
                r["break"] or "",
                ", ".join(v["name"] for v in r["rivals"] if v["verdict"] in ("holds", "in part")),
            ]
            for n, r in enumerate(rows, 1)
        ),
        numbers=(0, 5, 6, 7),
    )
    basket = summary.get("basket")
    asked = {
        "origin": _origins(summary["origin"]),
        "target": summary["target"],
        "since": f"{summary['since']}; {_between(summary['after'])} against {_between(summary['before'])}",
        "basket": basket["title"] if basket else None,
        "currency": summary["currency"],
        "as of": summary.get("as_of"),
        "flags": _flags(summary),
    }
    for key, value in asked.items():
        if value:
            print(f"{key}: {value}")
    for line in diversion_notes(summary):
        print(line)
    if out is not None:
        print(f"The cases lie in {out}")


def _flags(summary: Mapping[str, Any]) -> str:
    """How many pairs stand out, and what they are worth beside the fall of direct trade."""
    told = f"{summary['flags']:,} of {summary['pairs_tested']:,} pairs at q up to {summary['flag_q']:.2f}"
    if summary["hubs"]:
        low, high = (sum(h[end] for h in summary["hubs"].values()) for end in ("low", "high"))
        told += f"; {summary['worth_of']}: {figure(summary['worth'])} ({figure(low)} to {figure(high)})"
        if summary["substitution"] is not None:
            loss = figure(summary["direct_loss"])
            told += f", {summary['substitution']:.1%} of the {loss} by which direct trade fell"
    return told


def _between(ends: Sequence[str]) -> str:
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]} to {ends[-1]}"


def _origins(codes: Sequence[str]) -> str:
    """A coalition by its name, else the codes."""
    named = [name for name, members in coalitions().items() if members == set(codes)]
    return f"{named[0]} ({len(codes)} states)" if named else ", ".join(codes)


def diversion_notes(summary: dict[str, Any]) -> list[str]:
    """What the event study found, a line for each pair and leg, and the notes of the answer."""
    told = []
    for c in summary.get("confirmed", []):
        told.append(f"event study: {c['hub']} {c['product']}: {c['verdict']}")
        for name, e in (("leg one", c), ("leg two", c["out"])):
            if e is None or e["factor"] is None:
                told.append(f"  {name}: not estimated")
                continue
            placebo = (
                "" if e["placebo"] is None else f"; a made-up earlier break gives {figure(e['placebo'])}"
            )
            told.append(
                f"  {name}: {figure(e['factor'])} times (95%: {figure(e['boot_low'])} to {figure(e['boot_high'])} "
                f"by bootstrap of {e['controls']} control pairs, {figure(e['low'])} to {figure(e['high'])} "
                f"clustered){placebo}"
            )
    return told + [f"note: {note}" for note in summary.get("notes", [])]


def show_changes(changes: Sequence[dict[str, Any]]) -> None:
    """Who was added, removed or changed."""
    if not changes:
        print("no change")
        return
    headings = list(changes[0])
    table(headings, ([str(c[h]) if c[h] not in (None, []) else "" for h in headings] for c in changes))
