# SPDX-License-Identifier: Apache-2.0
"""Parse lists of US agencies other than OFAC: CSL, denied persons, 1260H, 1286, MIEU."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bilat.formats.json_text import Cells
from bilat.formats.parties.identifiers import canonical, identifier_kind
from bilat.formats.parties.record import (
    Address,
    Identifier,
    Link,
    ListedParty,
    Listing,
    PartyRows,
    iso_date,
    name_tuple,
    refuse,
    unique,
    without_joiner,
)
from bilat.formats.parties.text import load_json, rows

CSL_HEADER = (
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "addresses",
    "start_date",
    "alt_names",
)
DPL_HEADER = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Effective_Date",
    "Expiration_Date",
)
H1260_HEADER = (
    "Name",
    "Clean Name",
    "Alias",
    "Previous Name",
    "Parent Name",
    "Start date",
    "End date",
)
S1286_HEADER = (
    "schema",
    "name",
    "aliases",
    "program",
    "report-date",
    "start-date",
    "end-date",
    "country",
)
MIEU_HEADER = ("Type", "Name", "Alias", "Country", "Program", "Date", "End date")
_SCHEMAS = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "LegalEntity",
}
_ABBREVIATION = re.compile(r"\(([A-Z][A-Z-]{1,5})(?: List)?\)")
#: Abbreviations of OFAC's lists, and the names of these lists in OFAC's own files.
_OFAC = {
    "SDN": "OFAC SDN",
    "SSI": "OFAC non-SDN",
    "PLC": "OFAC non-SDN",
    "CMIC": "OFAC non-SDN",
    "NS-MBS": "OFAC non-SDN",
    "CAP": "OFAC non-SDN",
    "FSE": "OFAC non-SDN",
    "MBS": "OFAC non-SDN",
}


def _listing_name(source: str) -> str:
    """Return ``US EL`` for ``Entity List (EL) - Bureau of Industry and Security``."""
    match = _ABBREVIATION.search(source)
    if match is None:
        return f"US {source.split(' - ')[0]}"
    return _OFAC.get(match[1], f"US {match[1]}")


def _csl_id(list_name: str, name: str, number: str) -> str:
    """Return OFAC's number, or a digest of list and name.

    The publisher's own ``_id`` is a digest of the whole record: it changes with every word of it,
    so two editions could not be compared by it.
    """
    if number:
        return f"ofac-{number}"
    words = "".join(c for c in name.casefold() if c.isalnum()) or name
    return f"csl-{hashlib.sha256(f'{list_name}|{words}'.encode()).hexdigest()[:12]}"


def _merged(path: Path, parties: Iterator[ListedParty]) -> Iterator[ListedParty]:
    """Merge rows with one id: a list has a row for each address or state of some parties.

    Raises
    ------
    DataError
        for a file whose rows are all there twice.
    """
    groups: dict[str, PartyRows] = {}
    count = 0
    different = set()
    for party in parties:
        count += 1
        different.add(replace(party, locator=""))
        if party.id in groups:
            groups[party.id].more.append(party)
        else:
            groups[party.id] = PartyRows(party)
    if count >= 2 * len(different) > 0:
        what = "every entry is there twice: the body was appended to itself"
        raise refuse(path.name, f"{count // 2 + 1} on", what, "get the file again")
    for group in groups.values():
        party = group.joined()
        yield replace(party, listings=tuple(_spans(party.listings)))


def _spans(listings: tuple[Listing, ...]) -> Iterator[Listing]:
    """Merge listings under one programme: from their first day to their last.

    If one of them has no end, the merged listing has none.
    """
    groups: dict[tuple[str, str], list[Listing]] = {}
    for listing in listings:
        groups.setdefault((listing.list, listing.programme), []).append(listing)
    for (list_name, programme), entries in groups.items():
        first = min((e.listed_on for e in entries if e.listed_on), default="")
        ends = [e.until for e in entries]
        yield Listing(list_name, programme, first, max(ends) if all(ends) else "")


def _number(text: str) -> Identifier | None:
    """Return passport 4117921 (PK) for ``PK, 2013-09-09, 2008-09-09, 4117921, Passport``.

    The value and its kind come last. None for a text without a number.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2:
        return None
    kind, value = canonical(identifier_kind(parts[-1]), parts[-2])
    if not any(c.isdigit() for c in value):
        return None
    return Identifier(kind, value, _state_code(parts[0]))


def _state_code(text: str) -> str:
    """Return a text that is a code of two letters, "" for any other."""
    return text if re.fullmatch("[A-Z]{2}", text) else ""


def _parts(text: str) -> list[str]:
    """Return the parts of a text between semicolons, without blank ones."""
    return [part.strip() for part in text.split(";") if part.strip()]


def csl(path: Path) -> Iterator[ListedParty]:
    """Parse the Consolidated Screening List, csv.

    See https://www.trade.gov/consolidated-screening-list.
    """
    yield from _merged(path, _csl_rows(path))


def _csl_rows(path: Path) -> Iterator[ListedParty]:
    for line, r in rows(path, CSL_HEADER):
        # An address ends with the code of its state.
        addresses = [
            Address(text, "", _state_code(text.rpartition(",")[2].strip()))
            for text in _parts(r["addresses"])
        ]
        numbers = (_number(n) for n in r.get("ids", "").split(";"))
        aliases = [(without_joiner(a.strip(" .")), "alias") for a in r["alt_names"].split(";")]
        list_name = _listing_name(r["source"])
        since = iso_date(r["start_date"])
        until = iso_date(r.get("end_date", ""))
        yield ListedParty(
            id=_csl_id(list_name, r["name"], r["entity_number"]),
            schema=_SCHEMAS.get(r["type"].lower(), "LegalEntity"),
            names=name_tuple((r["name"], "primary"), *aliases) or name_tuple(("?", "primary")),
            locator=f"line {line}",
            addresses=unique(tuple(addresses)),
            identifiers=unique(tuple(n for n in numbers if n)),
            countries=unique(tuple(_parts(r.get("nationalities", "")))),
            born=r.get("dates_of_birth", ""),
            listings=tuple(
                Listing(list_name, programme, since, until)
                for programme in _parts(r["programs"]) or [""]
            ),
            remarks=r.get("remarks", ""),
        )


def csl_from_json(path: Path) -> Iterator[ListedParty]:
    """Parse the Consolidated Screening List as one JSON object with short keys and shared tables.

    Of an entry it has the names, list, type, programmes, OFAC's number and the states of its
    addresses; no dates, no addresses and no identifiers.
    """
    try:
        found = load_json(path)
        tables = found["tables"]
        keys = found["fieldKey"]
        entries = list(enumerate(found["entries"], 1))
    except (ValueError, TypeError, KeyError) as wrong:
        raise refuse(path.name, 1, f"lacks {wrong} of the list", "get the file again") from None
    if keys.get("n") != "name" or keys.get("e") != "entity_number":
        raise refuse(path.name, 1, "its fieldKey names other fields", "get the file again")
    yield from _merged(path, (_csl_entry(path, n, e, tables) for n, e in entries))


def _csl_entry(path: Path, place: int, entry: Cells, tables: dict[str, list[str]]) -> ListedParty:
    try:
        name = entry["n"]
        list_name = _listing_name(tables["sources"][entry["s"]])
        programmes = tables["programmes"][entry["pg"]] if "pg" in entry else ""
    except (KeyError, IndexError, TypeError) as wrong:
        raise refuse(path.name, f"entry {place}", f"lacks {wrong}", "get the file again") from None
    aliases = [(a.strip(), "alias") for a in entry.get("a", ())]
    return ListedParty(
        id=_csl_id(list_name, name, entry.get("e", "")),
        schema=_SCHEMAS.get((entry.get("t") or "").lower(), "LegalEntity"),
        names=name_tuple((name, "primary"), *aliases) or name_tuple(("?", "primary")),
        locator=f"entry {place}",
        countries=unique(tuple(entry.get("c", ()))),
        listings=tuple(Listing(list_name, p) for p in _parts(programmes) or [""]),
    )


def dpl(path: Path) -> Iterator[ListedParty]:
    """Parse the persons denied export privileges by BIS, tab-delimited (``dpl.txt``)."""
    for line, r in rows(path, DPL_HEADER, delimiter="\t"):
        name = " ".join(r["Name"].split())
        postal_code = r.get("Postal_Code", "")
        parts = (r["Street_Address"], r["City"], r["State"], postal_code, r["Country"])
        address = ", ".join(filter(None, parts))
        key = hashlib.sha256(f"{name}|{r['Effective_Date']}|{address}".encode()).hexdigest()[:12]
        yield ListedParty(
            id=f"dpl-{key}",
            schema="LegalEntity",
            names=name_tuple((name, "primary")),
            locator=f"line {line}",
            addresses=(Address(address, r["City"], r["Country"]),) if address else (),
            listings=(
                Listing(
                    "US DPL",
                    r.get("FR_Citation", ""),
                    iso_date(r["Effective_Date"], month_first=True),
                    iso_date(r["Expiration_Date"], month_first=True),
                ),
            ),
            remarks=r.get("Action", ""),
        )


def _split(text: str) -> list[str]:
    return [p.strip() for p in re.split(r";|\n", text) if p.strip()]


def section_1260h(path: Path) -> Iterator[ListedParty]:
    """Parse a table of Chinese military companies under section 1260H."""
    for line, r in rows(path, H1260_HEADER, once=True):
        aliases = [(a, "alias") for a in _split(r["Alias"])]
        aliases += [(a, "former") for a in _split(r["Previous Name"])]
        name = r["Clean Name"] or r["Name"].rstrip("*")
        yield ListedParty(
            id=f"1260h-{line}",
            schema="Company",
            names=name_tuple((name, "primary"), (r["Name"].rstrip("*"), "alias"), *aliases),
            locator=f"line {line}",
            countries=("CN",),
            listings=(Listing("US 1260H", "", iso_date(r["Start date"]), iso_date(r["End date"])),),
            links=tuple(Link("parent", p) for p in _split(r["Parent Name"])),
        )


def section_1286(path: Path) -> Iterator[ListedParty]:
    """Parse a table of institutions under section 1286 of the NDAA for 2019.

    It may have persons under section 353 too.
    """
    for line, r in rows(path, S1286_HEADER, once=True):
        since = iso_date(r["start-date"])
        if not since and r["report-date"].isdigit():
            since = f"{r['report-date']}-12-31"  # listed in the report of a year, at the latest
        section = "353" if "353" in r["program"] else "1286"
        yield ListedParty(
            id=f"s{section}-{line}",
            schema=r["schema"] or "Organization",
            names=name_tuple((r["name"], "primary"), *((a, "alias") for a in _split(r["aliases"]))),
            locator=f"line {line}",
            countries=tuple(_split(r["country"])),
            listings=(Listing(f"US {section}", r["program"], since, iso_date(r["end-date"])),),
        )


def mieu(path: Path) -> Iterator[ListedParty]:
    """Parse a table of military-intelligence end users (section 744.22 of the EAR)."""
    for line, r in rows(path, MIEU_HEADER, once=True):
        yield ListedParty(
            id=f"mieu-{line}",
            schema=r["Type"] or "Organization",
            names=name_tuple((r["Name"], "primary"), *((a, "alias") for a in _split(r["Alias"]))),
            locator=f"line {line}",
            countries=tuple(_split(r["Country"])),
            listings=(
                Listing("US MIEU", r["Program"], iso_date(r["Date"]), iso_date(r["End date"])),
            ),
        )
