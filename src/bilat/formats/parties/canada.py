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
    """Parse the list.

    A record with a last or a given name is a person. Others are ships if they have an IMO number,
    and else entities.

    Raises
    ------
    DataError
        for a record without a name or country, a record that repeats another, an unknown or a
        missing element, and a file without records.
    """
    record_of_key: dict[str, int] = {}
    records = 0
    # How many records fill each of these: a column that none fills was renamed by the publisher.
    filled = dict.fromkeys(("GivenName", "EntityOrShip", "Schedule"), 0)
    for element in elements(path, {"record"}, {"": frozenset({"data-set"})}):
        records += 1
        row = f"record {records}"
        refuse_renamed(path, element, SCHEMA, row)
        for column in filled:
            filled[column] += bool(child_text(element, column))
        given_name = child_text(element, "GivenName")
        last_name = child_text(element, "LastName")
        imo = child_text(element, "ShipIMONumber")
        is_person = bool(last_name or given_name)
        if is_person:
            schema = "Person"
            name = f"{given_name} {last_name}".strip()
        else:
            schema = "Vessel" if imo else "LegalEntity"
            name = child_text(element, "EntityOrShip")
        regime = child_text(element, "Country").partition(" / ")[0]
        if not name or not regime:
            raise refuse(path.name, row, "has no name or no country", "get the file again")
        schedule = child_text(element, "Schedule")
        key = "-".join((regime, schedule, child_text(element, "Item"), name))
        if key in record_of_key:
            problem = f"repeats record {record_of_key[key]}: {name}"
            raise refuse(path.name, row, problem, "get it again")
        record_of_key[key] = records
        # Aliases are separated by commas or semicolons.
        aliases = split_names(child_text(element, "Aliases").replace(", ", ";"))
        listed_on = iso_date(child_text(element, "DateOfListing"))
        programme = _programme(regime, schedule)
        yield ListedParty(
            id=f"ca-{key}",
            schema=schema,
            names=name_tuple((name, "primary"), *((alias, "alias") for alias in aliases)),
            locator=row,
            identifiers=(Identifier(*canonical("imo", imo)),) if imo else (),
            born=child_text(element, "DateOfBirthOrShipBuildDate") if is_person else "",
            listings=(Listing("Canada SEMA", programme, listed_on),),
        )
    if not records:
        raise refuse(path.name, "data-set", "has no record", "get the file again")
    refuse_absent(path, records, filled)


def _programme(regime: str, schedule: str) -> str:
    """Return the regime, with the schedule where it is not the first, which freezes property.

    Regulations with one schedule give only its part, or nothing.
    """
    number = schedule.partition(",")[0].strip()
    if number in ("", "1") or number.startswith("Part"):
        return regime
    return f"{regime}, Schedule {number}"
