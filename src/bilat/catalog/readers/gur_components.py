# SPDX-License-Identifier: Apache-2.0
"""Foreign components in weapons, as Ukraine's military intelligence (GUR) lists them: one row a component."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.json_text import parse_json
from bilat.formats.table import records
from bilat.places import country_or_none

HEADER = [
    "component_id",
    "name_marking",
    "category",
    "function",
    "manufacturer",
    "manufacturer_country",
    "oem_part_number",
    "production_date",
    "found_in_drones",
    "sanctions_status",
    "is_dual_use",
    "replaceable_with",
    "price_retail_usd",
    "source_url",
    "evidence_image",
    "last_verified",
    "notes",
]
#: How the file says that a maker, its country or a class is not known.
NOT_KNOWN = {"", "UNK", "unknown", "Not identified"}


def _weapons(opened: Opened, line: int, text: str) -> list[str]:
    try:
        found = parse_json(text)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(w, str) and w for w in found):
        raise opened.refuse(
            line, "found_in_drones", text, "is not a JSON list of weapons. Pull the file again"
        )
    return found


def _country(opened: Opened, line: int, text: str) -> str | None:
    if text in NOT_KNOWN:
        return None
    found = country_or_none(text)
    if found is None:
        raise opened.refuse(
            line, "manufacturer_country", text, "is not a country code. Pull the file again"
        )
    return found


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per component id; repeated lines are joined, and refused where they disagree."""
    merged: dict[str, dict[str, object]] = {}
    weapons: dict[str, list[str]] = {}
    lines: dict[str, list[int]] = {}
    for r in records(opened.place(), HEADER):
        known_on = r.day("last_verified")
        if not r["component_id"]:
            raise opened.refuse(r.line, "component_id", "", "is empty. Pull the file again")
        row: dict[str, object] = {
            "period": known_on.isoformat(),
            "component": r["component_id"],
            "name": r["name_marking"],
            "category": None if r["category"] in NOT_KNOWN else r["category"],
            "maker": None if r["manufacturer"] in NOT_KNOWN else r["manufacturer"],
            "maker_country": _country(opened, r.line, r["manufacturer_country"]),
            "price": r.number_or_none("price_retail_usd"),
            "url": r["source_url"] or None,
            "kind": "reported",
            "known_on": known_on,
            "known_basis": "published",
        }
        key = r["component_id"]
        if merged.setdefault(key, row) != row:
            column = next(c for c in row if row[c] != merged[key][c])
            raise opened.refuse(
                r.line,
                column,
                row[column],
                f"differs from {merged[key][column]!r}, which line {lines[key][0]} has for {key}",
            )
        found = weapons.setdefault(key, [])
        found += [w for w in _weapons(opened, r.line, r["found_in_drones"]) if w not in found]
        lines.setdefault(key, []).append(r.line)
    rows = [
        {
            **row,
            "weapons": ";".join(weapons[key]),
            "weapon_count": len(weapons[key]),
            "locator": f"line {lines[key][0]}"
            if len(lines[key]) == 1
            else "lines " + ";".join(map(str, lines[key])),
        }
        for key, row in merged.items()
    ]
    yield "components", table("components").arrow(rows)
