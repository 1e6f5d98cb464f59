# SPDX-License-Identifier: Apache-2.0
"""The United Kingdom's consolidated list of financial sanctions targets (``ConList.csv``), by its documented
columns.

Format guide: https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bilat.errors import DataError
from bilat.formats.parties.identifiers import canonical
from bilat.formats.parties.record import Address, Gathering, Identifier, ListedParty, Listing, iso_date, named
from bilat.formats.parties.text import place_of
from bilat.formats.table import fields

HEADER = (
    "Name 6",
    "Name 1",
    "Name Non-Latin Script",
    "Group Type",
    "Alias Type",
    "Regime",
    "Listed On",
    "Group ID",
)
_SCHEMAS = {"individual": "Person", "entity": "LegalEntity", "ship": "Vessel"}


def parties(path: Path) -> Iterator[ListedParty]:
    """One party per Group ID; its rows are its names."""
    groups: dict[str, Gathering] = {}
    reader = fields(place_of(path))
    first = next(reader, (1, []))[1]
    header = [
        c.strip()
        for c in (next(reader, (2, []))[1] if first and first[0].strip() == "Last Updated" else first)
    ]
    missing = [c for c in HEADER if c not in header]
    if missing:
        raise DataError(f"{path.name}: row 2: no column {missing[0]!r} in the header; is this ConList.csv?")
    for line, record in reader:
        if len(record) != len(header):
            raise DataError(f"{path.name}: row {line}: {len(record)} fields, not {len(header)}")
        r = dict(zip(header, (x.strip() for x in record), strict=True))
        name = " ".join(filter(None, (r.get(f"Name {n}", "") for n in (1, 2, 3, 4, 5, 6))))
        kind = r["Alias Type"].lower()
        weak = r.get("Alias Quality", "").lower() == "low quality"
        place = [r.get(f"Address {n}", "") for n in range(1, 7)] + [
            r.get("Post/Zip Code", ""),
            r.get("Country", ""),
        ]
        numbers = []
        for column, meant in (
            ("Passport Number", "passport"),
            ("National Identification Number", "national"),
        ):
            if r.get(column):
                numbers.append(Identifier(*canonical(meant, r[column])))
        party = ListedParty(
            id=f"uk-{r['Group ID']}",
            schema=_SCHEMAS.get(r["Group Type"].lower(), "LegalEntity"),
            names=named(
                (
                    name,
                    "primary"
                    if "primary" in kind
                    else "former"
                    if "f.k.a" in kind
                    else "weak"
                    if weak
                    else "alias",
                ),
                (r["Name Non-Latin Script"], "alias"),
            ),
            locator=f"line {line}",
            addresses=(Address(", ".join(filter(None, place)), "", r.get("Country", "")),)
            if any(place)
            else (),
            identifiers=tuple(numbers),
            countries=tuple(filter(None, (r.get("Nationality", ""),))),
            born=r.get("DOB", ""),
            listings=(Listing("UK ConList", r["Regime"], iso_date(r["Listed On"])),),
            remarks=r.get("Other Information", ""),
        )
        if not party.names:
            continue
        if party.id in groups:
            groups[party.id].more.append(party)
        else:
            groups[party.id] = Gathering(party)
    for group in groups.values():
        whole = group.joined()
        ordered = sorted(whole.names, key=lambda n: n.kind != "primary")
        yield ListedParty(**{**{f: getattr(whole, f) for f in whole.__slots__}, "names": tuple(ordered)})
