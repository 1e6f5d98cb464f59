# SPDX-License-Identifier: Apache-2.0
"""What stands beside a route: the notes of the records, what the event study says, who supplies the target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bilat.picture import words
from bilat.places import country_name

Row = Mapping[str, Any]

_STAMP = re.compile(r"\b(?:19|20)\d\d(?:-\d\d)?\b")
_REFUSED = "not confirmed: "


def notes(summary: Row) -> list[str]:
    """The notes on the records, those that differ by their period alone told as one."""
    grouped: dict[str, list[str]] = {}
    for note in summary["notes"]:
        if note.startswith(_REFUSED):
            continue
        stamps = _STAMP.findall(note)
        key = _STAMP.sub("@", note, count=1) if len(stamps) == 1 else note
        grouped.setdefault(key, []).extend(stamps if len(stamps) == 1 else [])
    made = []
    for key, stamps in grouped.items():
        told = key
        if stamps:
            first, last = stamps[0], stamps[-1]
            one = words.period(first)
            many = f"{one} to {words.period(last)} ({len(stamps)} periods)"
            told = key.replace("@", first if len(stamps) == 1 else many)
        made.append(words.sentence(told))
    return made


def refused(row: Row, summary: Row) -> list[str]:
    """Why a leg of this row could not be estimated: ``leg two: the hub sold the target none before the break``."""
    start = f"{_REFUSED}{row['hub']} {row['product']}, "
    return [n.removeprefix(start) for n in summary["notes"] if n.startswith(start)]


def study(summary: Row) -> str:
    """One sentence on the event study of the whole; blank where none was asked."""
    if "confirmed" not in summary:
        return ""
    by: dict[str, int] = {}
    for c in summary["confirmed"]:
        by[c["verdict"]] = by.get(c["verdict"], 0) + 1
    told = [f"{n} {verdict}" for verdict, n in by.items()]
    without = len({n.split(", leg ")[0] for n in summary["notes"] if n.startswith(_REFUSED)})
    if without:
        told.append(f"for {without} one or both legs could not be estimated")
    return words.sentence(f"Poisson event study of the first rows: {'; '.join(told)}" if told else "")


_VERDICTS = {
    "both legs": "confirms both legs",
    "leg one only": "confirms the first leg alone",
    "leg two only": "confirms the second leg alone",
    "not confirmed": "confirms neither leg",
}


def confirmation(row: Row, summary: Row) -> str:
    """What the Poisson event study says of a row, leg by leg; blank where none was asked of it."""
    why = refused(row, summary)
    unsettled = f"Not estimated: {'; '.join(why)}" if why else ""
    for c in summary.get("confirmed", []):
        if (c["hub"], c["product"]) == (row["hub"], row["product"]):
            legs = [
                _effect(f"trade into {row['hub_name']}", c),
                _effect(f"sales from {row['hub_name']} to {country_name(summary['target'])}", c["out"]),
            ]
            found = words.joined([text for text in legs if text])
            told = words.sentence(f"A Poisson event study {_VERDICTS[c['verdict']]}: {found}")
            return f"{told} {words.sentence(unsettled)}".strip()
    return words.sentence(f"A Poisson event study was asked for. {unsettled}") if unsettled else ""


def _effect(what: str, effect: Row | None) -> str:
    if effect is None or effect["factor"] is None:
        return ""
    told = (
        f"{what} {words.number(effect['factor'])} times what its controls would give (95% interval "
        f"{words.interval(effect['boot_low'], effect['boot_high'])} by bootstrap over control pairs, "
        f"{words.interval(effect['low'], effect['high'])} clustered"
    )
    if effect["placebo"] is not None:
        told += f"; a made-up earlier break gives {words.number(effect['placebo'])}"
    return told + ")"


def suppliers(row: Row, summary: Row) -> str:
    """China's share of what the target buys of the product, and how concentrated its suppliers are."""
    target = country_name(summary["target"])
    for s in summary["suppliers"]:
        if s["product"] == row["product"]:
            told = []
            if s["share_after"] is not None:
                before = (
                    words.bare(s["share_before"], "share") if s["share_before"] is not None else "no trade"
                )
                told.append(
                    f"China supplied {words.bare(s['share_after'], 'share')} of what {target} bought of it since the "
                    f"break, before {before}"
                )
            if s["concentration_after"] is not None:
                before = (
                    words.number(s["concentration_before"])
                    if s["concentration_before"] is not None
                    else "no trade"
                )
                told.append(
                    f"concentration of suppliers {words.number(s['concentration_after'])}, before {before} "
                    "(Herfindahl index; 1 is a single one)"
                )
            return words.sentence("; ".join(told)) if told else ""
    return ""
