# SPDX-License-Identifier: Apache-2.0
"""Annexes of EU sanctions regulations as tables, and the Commission's financial sanctions list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from bilat.errors import DataError
from bilat.formats.json_text import Cells
from bilat.formats.parties.identifiers import canonical, identifier_kind
from bilat.formats.parties.json_lines import objects
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    Name,
    iso_date,
    name_tuple,
    refuse,
    split_names,
    unique,
)
from bilat.formats.parties.text import elements, local, refuse_absent, rows

HEADER = ("recordId", "programKey", "annex", "measure", "startDate", "schema", "name", "alias")
_NUMBERS = {
    "passportNumber": "passport",
    "registrationNumber": "registration",
    "taxNumber": "tax",
    "idNumber": "national",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "leiCode": "lei",
    "swiftBic": "swift",
    "imoNumber": "imo",
    "mmsi": "mmsi",
}
#: The Commission's codes for kinds of numbers.
_TYPES = {
    "fiscalcode": "tax",
    "taxid": "tax",
    "euvat": "tax",
    "regnumber": "registration",
    "tradelic": "registration",
    "passport": "passport",
    "id": "national",
    "ssn": "national",
    "swiftbic": "swift",
    "imo": "imo",
}
#: A number with the label that may follow it: ``123456789 (TAX ID)``.
_LABELLED = re.compile(r"([A-Z0-9][A-Z0-9\- ]{4,}[A-Z0-9])\s*(?:\(([^)]*)\))?")


def parties(path: Path) -> Iterator[ListedParty]:
    """Parse the entries of one regulation; ids are regulation, annex and entry."""
    for line, row in rows(path, HEADER, once=True):
        if "celex" not in row and "amendedCelex" not in row:
            raise DataError(
                "no column 'celex' or 'amendedCelex': not a table of an EU regulation",
                file=path.name,
                row=1,
                cure="check the download",
            )
        party = _annex_party(row, line, path.stem)
        if party.names:
            yield party


def _annex_party(row: Mapping[str, str], line: int, stem: str) -> ListedParty:
    """Read one entry; the file's name stands for a regulation that the row does not name."""
    regulation = row.get("amendedCelex") or row.get("celex") or stem
    address = row.get("address", "")
    states = [
        state
        for column in ("country", "nationality", "jurisdiction")
        for state in split_names(row.get(column, ""))
    ]
    listing = Listing(
        f"EU {regulation}", f"{row['programKey']} {row['annex']}", iso_date(row["startDate"])
    )
    return ListedParty(
        id=f"eu-{regulation}-{row['annex']}-{row['recordId']}",
        schema=row["schema"] or "LegalEntity",
        names=_annex_names(row),
        locator=f"line {line}",
        addresses=(Address(address, "", row.get("country", "")),) if address else (),
        identifiers=unique(tuple(_annex_numbers(row))),
        countries=unique(tuple(states)),
        born=row.get("birthDate", ""),
        incorporated=row.get("incorporationDate", ""),
        listings=(listing,),
        remarks=row.get("reason", ""),
    )


def _annex_names(row: Mapping[str, str]) -> tuple[Name, ...]:
    """Return the names of an entry; the first of its column ``name`` is the primary one."""
    names = []
    for place, text in enumerate(split_names(row["name"])):
        names.append((text, "alias" if place else "primary"))
    names += [(text, "alias") for text in split_names(row["alias"])]
    names += [(text, "weak") for text in split_names(row.get("weakAlias", ""))]
    names += [(text, "former") for text in split_names(row.get("previousName", ""))]
    return name_tuple(*names)


def _annex_numbers(row: Mapping[str, str]) -> Iterator[Identifier]:
    """Yield the numbers of an entry.

    The kind of a number is that of the label after it, or of its column if there is none.
    """
    for column, column_kind in _NUMBERS.items():
        for value, label in _LABELLED.findall(row.get(column, "").upper()):
            if not any(c.isdigit() for c in value):
                continue  # a word between numbers
            kind = identifier_kind(label) if label else column_kind
            if kind == "other":
                kind = column_kind
            yield Identifier(*canonical(kind, value))


def financial(path: Path) -> Iterator[ListedParty]:
    """Parse the consolidated list of persons under financial sanctions.

    The format is ``xmlFullSanctionsList_1_1``. A party is dated by its designation, or else by the
    oldest act that the file names with its details.
    """
    total = 0
    with_part = dict.fromkeys(("address", "identification", "citizenship"), 0)
    for entity in elements(path, {"sanctionEntity"}, {"": frozenset({"export"})}):
        total += 1
        tags = {local(part.tag) for part in entity}
        for name in with_part:
            if name in tags:
                with_part[name] += 1
        yield _subject(path, entity)
    if not total:
        raise refuse(path.name, "export", "has no sanctionEntity", "get the file again")
    refuse_absent(path, total, with_part)


#: The parts that every entity must have, each with an attribute.
_REQUIRED = {"nameAlias": "wholeName", "regulation": "programme", "subjectType": "code"}


def _subject(path: Path, entity: ElementTree.Element) -> ListedParty:
    """Read one ``sanctionEntity``."""
    row = f"entity {entity.get('logicalId')}"
    parts: dict[str, list[ElementTree.Element]] = {}
    for part in entity:
        parts.setdefault(local(part.tag), []).append(part)
    for tag, attribute in _REQUIRED.items():
        if not any(part.get(attribute) for part in parts.get(tag, ())):
            problem = f"has no {tag} with its {attribute}"
            raise refuse(path.name, row, problem, "get the file again")
    acts = [a.get("publicationDate", "") for a in entity.iter() if a.get("publicationDate")]
    listed_on = iso_date(entity.get("designationDate") or min(acts, default=""))
    born = (p.get("birthdate", "") or p.get("year", "") for p in parts.get("birthdate", ()))
    numbers = (_number(p) for p in parts.get("identification", ()) if _is_number(p))
    countries = filter(None, map(_state, parts.get("citizenship", ())))
    listings = (Listing("EU FSF", p.get("programme", ""), listed_on) for p in parts["regulation"])
    remarks = ((p.text or "").strip() for p in parts.get("remark", ()))
    return ListedParty(
        id=f"eu-fsf-{entity.get('logicalId')}",
        schema="Person" if parts["subjectType"][0].get("code") == "person" else "LegalEntity",
        names=_names(parts["nameAlias"]),
        locator=row,
        addresses=_addresses(parts.get("address", [])),
        identifiers=unique(tuple(numbers)),
        countries=unique(tuple(countries)),
        born="; ".join(filter(None, born)),
        listings=unique(tuple(listings)),
        remarks="; ".join(filter(None, remarks)),
    )


def _names(aliases: list[ElementTree.Element]) -> tuple[Name, ...]:
    """Return the names: first a strong name in English or in no stated language, as the primary."""
    ranked = sorted(aliases, key=lambda alias: (_is_weak(alias), _is_foreign(alias)))
    names = []
    for place, alias in enumerate(ranked):
        strength = "alias" if place else "primary"
        names.append((alias.get("wholeName", ""), "weak" if _is_weak(alias) else strength))
    return name_tuple(*names)


def _is_weak(alias: ElementTree.Element) -> bool:
    return alias.get("strong") == "false"


def _is_foreign(alias: ElementTree.Element) -> bool:
    return alias.get("nameLanguage", "") not in ("", "EN")


def _is_number(part: ElementTree.Element) -> bool:
    return bool(part.get("number")) and part.get("knownFalse") != "true"


def _number(part: ElementTree.Element) -> Identifier:
    kind = identifier_kind(part.get("identificationTypeDescription", ""))
    if kind == "other":
        kind = _TYPES.get(part.get("identificationTypeCode", ""), kind)
    return Identifier(*canonical(kind, part.get("number", "")), _state(part))


def _state(part: ElementTree.Element) -> str:
    """Return the code of a part's state; the Commission writes ``00`` for an unknown one."""
    code = part.get("countryIso2Code", "")
    return "" if code == "00" else code


def _addresses(parts: list[ElementTree.Element]) -> tuple[Address, ...]:
    """Return the addresses that have a text, each text once: as it is first written, where last."""
    by_text: dict[str, Address] = {}
    for address in map(_address, reversed(parts)):
        if address.text:
            by_text[address.text] = address
    return tuple(reversed(by_text.values()))


def _address(part: ElementTree.Element) -> Address:
    words = [part.get(k, "") for k in ("street", "poBox", "zipCode", "city", "place", "region")]
    country = part.get("countryDescription", "") if _state(part) else ""
    return Address(", ".join(filter(None, [*words, country])), part.get("city", ""), _state(part))


#: The parts of the XML by their names in a copy of the list as JSON lines.
_PARTS = {
    "regulations": "regulation",
    "name_aliases": "nameAlias",
    "addresses": "address",
    "birthdates": "birthdate",
    "citizenships": "citizenship",
    "identifications": "identification",
}


def financial_from_json(path: Path) -> Iterator[ListedParty]:
    """Parse the financial sanctions list as JSON lines, one object per subject or ship.

    Each object has the attributes of the XML's elements, written with underscores. Ships of annex
    XLII of Regulation 833/2014 have only a name, an IMO number and a date of application.
    """
    for line, record in objects(path):
        if "imo_number" in record:
            yield _parsed_ship(path, line, record)
        elif "name_aliases" in record:
            yield _parsed_subject(path, line, record)


def _parsed_ship(path: Path, line: int, record: Cells) -> ListedParty:
    number = str(record["imo_number"])
    name = str(record.get("vessel_name") or "")
    if not name:
        raise refuse(path.name, line, "has no vessel_name", "get the file again")
    return ListedParty(
        id=f"eu-ship-{number}",
        schema="Vessel",
        names=name_tuple((name, "primary")),
        locator=f"line {line}",
        identifiers=(Identifier(*canonical("imo", number)),),
        listings=(
            Listing(
                "EU 32014R0833", "EU-RUS XLII", iso_date(str(record.get("date_of_application")))
            ),
        ),
    )


def _parsed_subject(path: Path, line: int, record: Cells) -> ListedParty:
    """Read a record of JSON by writing it as the XML that it was made from."""
    entity = ElementTree.Element("sanctionEntity", logicalId=str(record.get("logical_id") or ""))
    kind = record.get("subject_type") or {}
    ElementTree.SubElement(entity, "subjectType", code=str(kind.get("code") or ""))
    for key, tag in _PARTS.items():
        for part in record.get(key) or ():
            attributes = {_camel(k): _word(v) for k, v in part.items() if not isinstance(v, list)}
            element = ElementTree.SubElement(entity, tag, attributes)
            for act in part.get("regulation_summaries") or ():
                day = str(act.get("publication_date") or "")
                ElementTree.SubElement(element, "regulationSummary", publicationDate=day)
    if not entity.get("logicalId"):
        raise refuse(path.name, line, "has no logical_id", "get the file again")
    return replace(_subject(path, entity), locator=f"line {line}")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
