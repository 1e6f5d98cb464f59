# SPDX-License-Identifier: Apache-2.0
"""Copies of the United Kingdom's list that others made: JSON lines, and tables of
details by party.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bilat.formats.json_text import Cells
from bilat.formats.parties.identifiers import is_imo
from bilat.formats.parties.json_lines import objects
from bilat.formats.parties.labelled_numbers import labelled_numbers
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    PartyRows,
    iso_date,
    name_tuple,
    refuse,
    unique,
)
from bilat.formats.parties.text import rows
from bilat.formats.parties.uk import SCHEMAS

#: How a statement of reasons names its ship: "IMO 9286023", "IMO number: 9286023".
_IMO = re.compile(r"\bIMO(?:\s+(?:number|no\.?))?\s*:?\s*(\d{7})\b", re.IGNORECASE)


def parties_from_json(path: Path) -> Iterator[ListedParty]:
    """Parse the list as JSON lines, one object per party, with the fields of the publisher's XML.

    The first line may be an index and is skipped. A ship's IMO number has no field of its own in
    these copies: it is read from the statement of reasons, which begins with it, or from the name.
    """
    for line, record in objects(path):
        if "fetched_at" in record:
            continue
        try:
            yield _parsed_party(line, record)
        except (KeyError, TypeError, AttributeError) as wrong:
            raise refuse(
                path.name, line, f"lacks {wrong} of a British entry", "get the file again"
            ) from None


def _parsed_party(line: int, record: Cells) -> ListedParty:
    kinds = record["individual_entity_ship"].lower()
    names = [_parsed_name(n) for n in record["names"]["names"]]
    names.sort(key=lambda n: n[1] != "primary")
    scripts = record.get("non_latin_names", {}).get("names", ())
    names += [(n.get("name_non_latin_script", ""), "alias") for n in scripts]
    places = record.get("addresses", {}).get("addresses", ())
    addresses = [_parsed_address(a) for a in places]
    freeze = "asset freeze" in record["sanctions_imposed"].lower()
    texts = [record.get("uk_statement_of_reasons", ""), record.get("other_information", "")]
    texts += [text for text, _ in names]
    return ListedParty(
        id=f"uk-{record['unique_id']}",
        schema=SCHEMAS.get(kinds, "LegalEntity"),
        names=name_tuple(*names),
        locator=f"line {line}",
        addresses=unique(tuple(a for a in addresses if a.text)),
        identifiers=_ship_number(texts) if kinds == "ship" else (),
        listings=(
            Listing(
                "UK Sanctions List" if freeze else "UK Sanctions List, no asset freeze",
                record["regime_name"],
                iso_date(record["date_designated"]),
            ),
        ),
    )


def _parsed_name(name: dict[str, str]) -> tuple[str, str]:
    text = " ".join(filter(None, (name.get(f"name{n}", "") for n in (1, 2, 3, 4, 5, 6))))
    if name.get("name_type", "").lower() == "primary name":
        return text, "primary"
    weak = name.get("alias_strength", "").lower().startswith("low")
    return text, "weak" if weak else "alias"


def _parsed_address(place: dict[str, str]) -> Address:
    country = place.get("address_country", "")
    parts = [place.get(f"address_line{n}", "") for n in range(1, 7)]
    parts += [place.get("address_postal_code", ""), country]
    return Address(", ".join(filter(None, parts)), "", country)


def _ship_number(texts: list[str]) -> tuple[Identifier, ...]:
    found = (number for text in texts for number in _IMO.findall(text))
    return tuple(Identifier("imo", number) for number in found if is_imo(number))[:1]


NUMBERS_HEADER = ("id", "unique_id", "raw_value", "identifier_type")
BIRTHS_HEADER = ("dob_id", "unique_id", "year", "month", "day", "precision")
NATIONALITIES_HEADER = ("id", "unique_id", "raw_value", "country_type", "iso")
#: What tables of the list's details call a number, and what it is here.
_DETAILS = {
    "national": "national",
    "passport": "passport",
    "business_registration_numbers": "registration",
    "imo": "imo",
}


def numbers(path: Path) -> Iterator[ListedParty]:
    """Parse a table of the numbers of listed parties."""
    yield from _described(path, NUMBERS_HEADER)


def births(path: Path) -> Iterator[ListedParty]:
    """Parse a table of the dates of birth of listed persons."""
    yield from _described(path, BIRTHS_HEADER)


def nationalities(path: Path) -> Iterator[ListedParty]:
    """Parse a table of states of listed parties; nationalities are kept, places are not."""
    yield from _described(path, NATIONALITIES_HEADER)


def _described(path: Path, header: tuple[str, ...]) -> Iterator[ListedParty]:
    """Parse a table of one kind of detail.

    These parties have no listing: the table describes parties that stand in the list itself.
    """
    groups: dict[str, PartyRows] = {}
    for line, row in rows(path, header, once=True):
        party = f"uk-{row['unique_id']}"
        made = ListedParty(
            id=party,
            schema="Unknown",
            names=name_tuple((party, "primary")),
            locator=f"line {line}",
            identifiers=_detailed_number(path, line, row),
            countries=(row["iso"],) if row.get("country_type") == "nationality" else (),
            born=_detailed_birth(row),
        )
        if party in groups:
            groups[party].more.append(made)
        elif made.identifiers or made.countries or made.born:
            groups[party] = PartyRows(made)
    for group in groups.values():
        days = [p.born for p in (group.party, *group.more) if p.born]
        yield replace(group.joined(), born="; ".join(dict.fromkeys(days)))


def _detailed_number(path: Path, line: int, row: dict[str, str]) -> tuple[Identifier, ...]:
    if "identifier_type" not in row or not any(c.isdigit() for c in row["raw_value"]):
        return ()
    kind = _DETAILS.get(row["identifier_type"])
    if kind is None:
        raise refuse(
            path.name, line, f"{row['identifier_type']!r} is not a kind of number", "get it again"
        )
    return tuple(Identifier(*n) for n in labelled_numbers(kind, row["raw_value"]))


def _detailed_birth(row: dict[str, str]) -> str:
    if row.get("precision") == "exact":
        return f"{row['year']}-{row['month']}-{row['day']}"
    return row.get("year", "")
