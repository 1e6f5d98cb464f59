# SPDX-License-Identifier: Apache-2.0
"""China's own countermeasures, unreliable entities and export control lists, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bilat.formats.parties.record import (
    Address,
    ListedParty,
    Listing,
    iso_date,
    name_tuple,
    split_names,
)
from bilat.formats.parties.text import rows

HEADER = ("Type", "Name", "Alias", "Chinese name", "Country", "Body", "List", "Date", "End date")


def parties(path: Path) -> Iterator[ListedParty]:
    """One party per row: a party on two lists appears twice, as in the table."""
    for line, r in rows(path, HEADER, once=True):
        aliases = [(a, "alias") for a in split_names(r["Alias"])]
        yield ListedParty(
            id=f"cn-{line}",
            schema=r["Type"] or "LegalEntity",
            names=name_tuple(
                (r["Name"], "primary"),
                *((n, "alias") for n in split_names(r["Chinese name"])),
                *aliases,
            ),
            locator=f"line {line}",
            addresses=(Address(r["Address"], "", r["Country"]),) if r.get("Address") else (),
            countries=tuple(split_names(r["Country"])),
            listings=(
                Listing(f"CN {r['Body']}", r["List"], iso_date(r["Date"]), iso_date(r["End date"])),
            ),
            remarks=r.get("Summary", ""),
        )
