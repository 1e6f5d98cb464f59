# SPDX-License-Identifier: Apache-2.0
"""The UN Security Council's consolidated list, XML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from bilat.formats.parties.identifiers import canonical, identifier_kind
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
from bilat.formats.parties.text import child_text, elements, local, refuse_renamed, texts

_ADDRESS = frozenset({"CITY", "COUNTRY", "NOTE", "STATE_PROVINCE", "STREET", "ZIP_CODE"})
_ALIAS = frozenset(
    {"ALIAS_NAME", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "DATE_OF_BIRTH", "NOTE", "QUALITY"}
)
_VALUE = frozenset({"VALUE"})
_COMMON = frozenset(
    {
        "COMMENTS1",
        "DATAID",
        "FIRST_NAME",
        "HAS_INTERPOL_LINK",
        "INTERPOL_LINK",
        "LAST_DAY_UPDATED",
        "LISTED_ON",
        "LIST_TYPE",
        "NAME_ORIGINAL_SCRIPT",
        "REFERENCE_NUMBER",
        "SORT_KEY",
        "SORT_KEY_LAST_MOD",
        "UN_LIST_TYPE",
        "VERSIONNUM",
    }
)
#: Element -> the parts that the publisher's schema knows of it.
SCHEMA = {
    "INDIVIDUAL": _COMMON
    | {
        "DESIGNATION",
        "FOURTH_NAME",
        "GENDER",
        "INDIVIDUAL_ADDRESS",
        "INDIVIDUAL_ALIAS",
        "INDIVIDUAL_DATE_OF_BIRTH",
        "INDIVIDUAL_DOCUMENT",
        "INDIVIDUAL_PLACE_OF_BIRTH",
        "NATIONALITY",
        "SECOND_NAME",
        "THIRD_NAME",
        "TITLE",
    },
    "ENTITY": _COMMON | {"ENTITY_ADDRESS", "ENTITY_ALIAS"},
    "NATIONALITY": _VALUE,
    "LIST_TYPE": _VALUE,
    "LAST_DAY_UPDATED": _VALUE,
    "DESIGNATION": _VALUE,
    "TITLE": _VALUE,
    "INDIVIDUAL_ALIAS": _ALIAS,
    "ENTITY_ALIAS": _ALIAS,
    "INDIVIDUAL_ADDRESS": _ADDRESS,
    "ENTITY_ADDRESS": _ADDRESS,
    "INDIVIDUAL_PLACE_OF_BIRTH": _ADDRESS,
    "INDIVIDUAL_DATE_OF_BIRTH": frozenset(
        {"DATE", "FROM_YEAR", "NOTE", "TO_YEAR", "TYPE_OF_DATE", "YEAR"}
    ),
    "INDIVIDUAL_DOCUMENT": frozenset(
        {
            "CITY_OF_ISSUE",
            "COUNTRY_OF_ISSUE",
            "DATE_OF_EXPIRY",
            "DATE_OF_ISSUE",
            "ISSUING_COUNTRY",
            "NOTE",
            "NUMBER",
            "TYPE_OF_DOCUMENT",
            "TYPE_OF_DOCUMENT2",
        }
    ),
}


def parties(path: Path) -> Iterator[ListedParty]:
    """Yield individuals and entities; a name in its original script becomes an alias.

    Raises
    ------
    DataError
        for an entry with an unknown element, or without number, name or date.
    """
    for entry in elements(path, {"INDIVIDUAL", "ENTITY"}):
        number = child_text(entry, "DATAID")
        refuse_renamed(path, entry, SCHEMA, f"DATAID {number}")
        for needed in ("DATAID", "FIRST_NAME", "LISTED_ON"):
            if not child_text(entry, needed):
                row = f"DATAID {number or '?'}"
                raise refuse(path.name, row, what=f"has no {needed}", cure="pull the file again")
        yield _party(entry, number)


def _party(entry: Element, number: str) -> ListedParty:
    """Return the party of an entry."""
    is_person = local(entry.tag) == "INDIVIDUAL"
    original = child_text(entry, "NAME_ORIGINAL_SCRIPT")
    aliases = [_alias(part) for part in _children(entry, "_ALIAS")]
    documents = [p for p in _children(entry, "_DOCUMENT") if child_text(p, "NUMBER")]
    addresses = [_address(part) for part in _children(entry, "_ADDRESS")]
    births = [
        child_text(part, "DATE") or child_text(part, "YEAR")
        for part in _children(entry, "_DATE_OF_BIRTH")
    ]
    nationalities = [
        state for part in _children(entry, "NATIONALITY") for state in texts(part, "VALUE")
    ]
    programme = child_text(entry, "UN_LIST_TYPE")
    listed_on = iso_date(child_text(entry, "LISTED_ON"))
    return ListedParty(
        id=f"un-{number}",
        schema="Person" if is_person else "LegalEntity",
        names=name_tuple((_full_name(entry), "primary"), (original, "alias"), *aliases),
        locator=f"DATAID {number}",
        addresses=unique(tuple(address for address in addresses if address.text)),
        identifiers=unique(tuple(map(_identifier, documents))),
        countries=unique(tuple(nationalities)),
        born="; ".join(filter(None, births)),
        listings=(Listing("UN SC", programme, listed_on),),
        remarks=child_text(entry, "COMMENTS1"),
    )


def _children(entry: Element, ending: str) -> list[Element]:
    """Return the children of an entry whose tag ends so."""
    return [part for part in entry if local(part.tag).endswith(ending)]


def _full_name(entry: Element) -> str:
    parts = [child_text(entry, f"{n}_NAME") for n in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    return " ".join(filter(None, parts))


def _alias(part: Element) -> tuple[str, str]:
    """Return an alias with its kind."""
    is_weak = child_text(part, "QUALITY").lower() == "low"
    return child_text(part, "ALIAS_NAME"), "weak" if is_weak else "alias"


def _address(part: Element) -> Address:
    """Return an address; its text is blank if only a note is given."""
    names = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
    text = ", ".join(filter(None, (child_text(part, name) for name in names)))
    return Address(text, child_text(part, "CITY"), child_text(part, "COUNTRY"))


def _identifier(part: Element) -> Identifier:
    """Return the number of a document."""
    stated_kind = identifier_kind(child_text(part, "TYPE_OF_DOCUMENT"))
    kind, value = canonical(stated_kind, child_text(part, "NUMBER"))
    return Identifier(kind, value, child_text(part, "ISSUING_COUNTRY"))
