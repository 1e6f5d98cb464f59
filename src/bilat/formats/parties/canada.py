# SPDX-License-Identifier: Apache-2.0
"""Canada's autonomous sanctions (``sema-lmes.xml``): a record for each party and schedule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bilat.formats.parties.identifiers import canonical
from bilat.formats.parties.record import (
    Identifier,
    ListedParty,
    Listing,
    iso_date,
    named,
    refuse,
    split_names,
)
from bilat.formats.parties.text import elements, refuse_absent, refuse_renamed, text_of

SCHEMA = {
    "record": frozenset(
        {
            "Aliases",
            "Country",
            "DateOfBirthOrShipBuildDate",
            "DateOfListing",
            "EntityOrShip",
            "GivenName",
            "Item",
            "LastName",
            "Schedule",
            "ShipIMONumber",
            "TitleOrShip",
        }
    )
}


def parties(path: Path) -> Iterator[ListedParty]:
    """Parse the list; a record without a last name is an entity, or a ship if it has a number."""
    seen: dict[str, int] = {}
    many = 0
    parts = dict.fromkeys(("GivenName", "EntityOrShip", "Schedule"), 0)
    for e in elements(path, {"record"}, {"": frozenset({"data-set"})}):
        many += 1
        row = f"record {many}"
        refuse_renamed(path, e, SCHEMA, row)
        for part in parts:
            parts[part] += bool(text_of(e, part))
        person = bool(text_of(e, "LastName") or text_of(e, "GivenName"))
        name = text_of(e, "EntityOrShip")
        if person:
            name = f"{text_of(e, 'GivenName')} {text_of(e, 'LastName')}".strip()
        regime = text_of(e, "Country").partition(" / ")[0]
        if not name or not regime:
            raise refuse(path.name, row, "has no name or no country", "get the file again")
        imo = text_of(e, "ShipIMONumber")
        key = "-".join((regime, text_of(e, "Schedule"), text_of(e, "Item"), name))
        if key in seen:
            raise refuse(path.name, row, f"repeats record {seen[key]}: {name}", "get it again")
        seen[key] = many
        aliases = [(a, "alias") for a in split_names(text_of(e, "Aliases").replace(", ", ";"))]
        yield ListedParty(
            id=f"ca-{key}",
            schema="Person" if person else "Vessel" if imo else "LegalEntity",
            names=named((name, "primary"), *aliases),
            locator=row,
            identifiers=(Identifier(*canonical("imo", imo)),) if imo else (),
            born=text_of(e, "DateOfBirthOrShipBuildDate") if person else "",
            listings=(Listing("Canada SEMA", regime, iso_date(text_of(e, "DateOfListing"))),),
        )
    if not many:
        raise refuse(path.name, "data-set", "has no record", "get the file again")
    refuse_absent(path, many, parts)
