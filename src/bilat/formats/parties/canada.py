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
    name_tuple,
    refuse,
    split_names,
)
from bilat.formats.parties.text import child_text, elements, refuse_absent, refuse_renamed

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
            parts[part] += bool(child_text(e, part))
        person = bool(child_text(e, "LastName") or child_text(e, "GivenName"))
        name = child_text(e, "EntityOrShip")
        if person:
            name = f"{child_text(e, 'GivenName')} {child_text(e, 'LastName')}".strip()
        regime = child_text(e, "Country").partition(" / ")[0]
        if not name or not regime:
            raise refuse(path.name, row, "has no name or no country", "get the file again")
        imo = child_text(e, "ShipIMONumber")
        key = "-".join((regime, child_text(e, "Schedule"), child_text(e, "Item"), name))
        if key in seen:
            raise refuse(path.name, row, f"repeats record {seen[key]}: {name}", "get it again")
        seen[key] = many
        aliases = [(a, "alias") for a in split_names(child_text(e, "Aliases").replace(", ", ";"))]
        yield ListedParty(
            id=f"ca-{key}",
            schema="Person" if person else "Vessel" if imo else "LegalEntity",
            names=name_tuple((name, "primary"), *aliases),
            locator=row,
            identifiers=(Identifier(*canonical("imo", imo)),) if imo else (),
            born=child_text(e, "DateOfBirthOrShipBuildDate") if person else "",
            listings=(Listing("Canada SEMA", regime, iso_date(child_text(e, "DateOfListing"))),),
        )
    if not many:
        raise refuse(path.name, "data-set", "has no record", "get the file again")
    refuse_absent(path, many, parts)
