# SPDX-License-Identifier: Apache-2.0
"""The United Kingdom's sanctions list (``UK-Sanctions-List.csv``): a row for each name and address
of a party.

It is the only list since 28 January 2026, when the consolidated list of financial sanctions targets
was closed. Format guide: https://www.gov.uk/guidance/format-guide-for-the-uk-sanctions-list
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
)
from bilat.formats.parties.text import list_file
from bilat.formats.table import fields

HEADER = (
    "Unique ID",
    "Name 6",
    "Name 1",
    "Name type",
    "Name non-latin script",
    "Regime Name",
    "Designation Type",
    "Sanctions Imposed",
    "Date Designated",
)
SCHEMAS = {"individual": "Person", "entity": "LegalEntity", "ship": "Vessel"}
_NUMBERS = {
    "National Identifier number": "national",
    "Passport number": "passport",
    "Business registration number (s)": "registration",
    "IMO number": "imo",
}


def parties(path: Path) -> Iterator[ListedParty]:
    """One party per Unique ID, of all its rows; the line of the report's date stands above the
    header.
    """
    groups: dict[str, PartyRows] = {}
    reader = fields(list_file(path))
    header = [c.strip() for c in next(reader, (1, []))[1]]
    if header and header[0].startswith("Report Date"):
        header = [c.strip() for c in next(reader, (2, []))[1]]
    if missing := [c for c in HEADER if c not in header]:
        raise refuse(
            path.name, 2, f"no column {missing[0]!r} in the header", "get UK-Sanctions-List.csv"
        )
    for line, record in reader:
        if len(record) != len(header):
            raise refuse(
                path.name, line, f"{len(record)} fields, not {len(header)}", "get the file again"
            )
        party = _party(line, dict(zip(header, (x.strip() for x in record), strict=True)))
        if party.id == "uk-":
            raise refuse(path.name, line, "has no Unique ID", "get the file again")
        if party.names and party.id in groups:
            groups[party.id].more.append(party)
        elif party.names:
            groups[party.id] = PartyRows(party)
    for group in groups.values():
        first = next(
            (p for p in (group.party, *group.more) if p.names[0].kind == "primary"), group.party
        )
        yield PartyRows(first, [group.party, *group.more]).joined()


def _party(line: int, r: dict[str, str]) -> ListedParty:
    kind = r["Name type"].lower()
    weak = "low" in r.get("Alias strength", "").lower()
    name = " ".join(filter(None, (r.get(f"Name {n}", "") for n in (1, 2, 3, 4, 5, 6))))
    country = r.get("Address Country", "")
    place = [
        *(r.get(f"Address Line {n}", "") for n in range(1, 7)),
        r.get("Address Postal Code", ""),
        country,
    ]
    freeze = "asset freeze" in r["Sanctions Imposed"].lower()
    return ListedParty(
        id=f"uk-{r['Unique ID']}",
        schema=SCHEMAS.get(r["Designation Type"].lower(), "LegalEntity"),
        names=name_tuple(
            (name, "primary" if kind == "primary name" else "weak" if weak else "alias"),
            (r["Name non-latin script"], "alias"),
        ),
        locator=f"line {line}",
        addresses=(Address(", ".join(filter(None, place)), "", country),) if any(place) else (),
        identifiers=tuple(
            Identifier(*number)
            for column, kind in _NUMBERS.items()
            if r.get(column)
            for number in labelled_numbers(kind, r[column])
        ),
        countries=tuple(filter(None, (r.get("Nationality(/ies)", ""),))),
        born=r.get("D.O.B", ""),
        listings=(
            Listing(
                "UK Sanctions List" if freeze else "UK Sanctions List, no asset freeze",
                r["Regime Name"],
                iso_date(r["Date Designated"]),
            ),
        ),
        remarks=r.get("Other Information", ""),
    )
