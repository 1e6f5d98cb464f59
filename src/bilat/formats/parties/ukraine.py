# SPDX-License-Identifier: Apache-2.0
"""Ukraine's War and Sanctions portal, as the simple table of targets in which it is passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bilat.formats.parties.identifiers import canonical, is_imo
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    iso_date,
    name_tuple,
    refuse,
    unique,
)
from bilat.formats.parties.text import rows

HEADER = (
    "id",
    "schema",
    "name",
    "aliases",
    "countries",
    "addresses",
    "identifiers",
    "program_ids",
    "first_seen",
)


def parties(path: Path) -> Iterator[ListedParty]:
    """All targets; ``first_seen`` is when the table first carried them, not when the portal did."""
    for line, r in rows(path, HEADER):
        numbers = []
        for text in filter(None, r["identifiers"].split(";")):
            kind, value = canonical("imo" if re.match("IMO", text) else "other", text)
            numbers.append(Identifier(kind, value))
        programmes = [p for p in r["program_ids"].split(";") if p] or [""]
        yield ListedParty(
            id=f"ua-{r['id']}",
            schema=r["schema"] or "LegalEntity",
            names=name_tuple(
                (r["name"], "primary"), *((a, "alias") for a in r["aliases"].split(";"))
            ),
            locator=f"line {line}",
            addresses=tuple(Address(a.strip()) for a in r["addresses"].split(";") if a.strip(' "')),
            identifiers=unique(tuple(numbers)),
            countries=tuple(c.upper() for c in r["countries"].split(";") if c),
            born=r.get("birth_date", ""),
            listings=tuple(
                Listing("UA War&Sanctions", p, iso_date(r["first_seen"])) for p in programmes
            ),
        )


SHIPS_HEADER = ("gur_id", "name", "imo", "flag", "vessel_type", "former_names", "status")


def ships(path: Path) -> Iterator[ListedParty]:
    """Parse a table of the ships that the portal names; two of them have no IMO number."""
    for line, row in rows(path, SHIPS_HEADER, once=True):
        if row["status"] == "delisted_from_gur":
            continue
        if row["status"] != "listed":
            raise refuse(
                path.name, line, f"status {row['status']!r} is unknown", "get the file again"
            )
        former = (n.strip() for n in row["former_names"].split(" / "))
        numbers = (Identifier("imo", row["imo"]),) if is_imo(row["imo"]) else ()
        yield ListedParty(
            id=f"ua-ship-{row['gur_id']}",
            schema="Vessel",
            names=name_tuple((row["name"], "primary"), *((n, "former") for n in former)),
            locator=f"line {line}",
            identifiers=numbers,
            listings=(Listing("UA War&Sanctions", "ships"),),
        )
