# SPDX-License-Identifier: Apache-2.0
"""Types of political regime by country and year, as spells of years of one type."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from bilat.catalog.sources import Opened
from bilat.catalog.tables import table
from bilat.formats.table import records
from bilat.places.cow import state

HEADER = [
    "gwf_cowcode",
    "year",
    "gwf_casename",
    "gwf_country",
    "gwf_regimetype",
    "gwf_next",
    "gwf_prior",
    "gwf_spell",
    "gwf_duration",
    "gwf_fail",
    "gwf_party",
    "gwf_military",
    "gwf_monarchy",
    "gwf_personal",
    "gwf_nonautocracy",
    "gwf_disagree",
    "extended_country_name",
    "GWn",
    "cown",
    "in_GW_system",
]
TYPES = {
    "party", "personal", "monarchy", "party-personal", "military", "military-personal",
    "party-military-personal", "party-military", "oligarchy", "indirect military",
    "democracy", "warlord", "provisional", "foreign-occupied", "warlord/foreign-occupied", "not-independent",
}  # fmt: skip


def read(opened: Opened) -> Iterator[tuple[str, pa.Table]]:
    """One row per spell: entity, variable ``regime:TYPE``, period its first year, value its last year."""
    years: dict[tuple[int, int], tuple[str, int]] = {}
    for r in records(opened.place(), HEADER):
        code, year = (r.integer_or_none(c) for c in ("gwf_cowcode", "year"))
        if code is None or year is None:
            raise r.refuse("year", "has no country or no year")
        kind = r["gwf_regimetype"] or r["gwf_nonautocracy"]
        if kind not in TYPES:
            raise opened.refuse(r.line, "gwf_regimetype", kind, "is not a type of regime of this data set")
        if (code, year) in years:
            raise opened.refuse(r.line, "year", year, f"stands twice for country {code}")
        years[code, year] = kind, r.line
    rows: list[dict[str, object]] = []
    spell: list[tuple[int, int, str, int]] = []

    def close() -> None:
        code, first, kind, at = spell[0]
        _, last, _, to = spell[-1]
        known_on, basis = opened.known(str(first))
        rows.append(
            {
                "entity": state(code),
                "variable": f"regime:{kind}",
                "value": float(last),
                "unit": "last year of the spell",
                "period": str(first),
                "kind": "estimated",
                "locator": f"line {at}" if at == to else f"lines {at}-{to}",
                "known_on": known_on,
                "known_basis": basis,
            }
        )

    for (code, year), (kind, line) in sorted(years.items()):
        if spell and (spell[-1][0], spell[-1][1] + 1, spell[-1][2]) != (code, year, kind):
            close()
            spell = []
        spell.append((code, year, kind, line))
    if spell:
        close()
    yield "series", table("series").arrow(rows)
