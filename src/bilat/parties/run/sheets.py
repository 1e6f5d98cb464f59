# SPDX-License-Identifier: Apache-2.0
"""What a written screening says: a row with its nested cells as texts, and what stands beside the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sheets:
    """What a workbook says beside the rows: the age of the lists, each list, the summary, the notes, its marking."""

    age: str = ""
    lists: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marking: str = ""
    columns: tuple[str, ...] = ()  # of the user's file


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose nested cells are texts, joined by ``; ``."""
    return {
        **row,
        "asked": "; ".join(f"{k} {v}" for k, v in row["asked"].items()),
        "effects": "; ".join(effect_line(e) for e in row["effects"]),
        "flags": "; ".join(f"{f['flag']}: {f['says']} [{f['rule']}]" for f in row["flags"]),
        "listings": "; ".join(_listing(x) for x in row["listings"]),
        **{c: "; ".join(map(str, row[c])) for c in ("identifiers", "countries", "born", "aliases", "joined")},
    }


def effect_line(effect: dict[str, str]) -> str:
    """One effect with its own date and list: ``blocked since 2022-04-06 (OFAC SDN, RUSSIA-EO14024)``."""
    day = (
        f"since {effect['since']}"
        if effect["since"]
        else f"by {effect['by']}"
        if effect["by"]
        else "date not stated"
    )
    return f"{effect['effect']} {day} ({', '.join(filter(None, (effect['list'], effect['programme'])))})"


def _listing(entry: dict[str, str]) -> str:
    since = entry["listed_on"] or (f"by {entry['listed_by']}" if entry["listed_by"] else "")
    named = " ".join(filter(None, (entry["list"], entry["programme"])))
    edition = f"edition {entry['edition']}" if entry["edition"] else ""
    return f"{named} ({', '.join(filter(None, (entry['effect'], since, edition, entry['party'])))})"
