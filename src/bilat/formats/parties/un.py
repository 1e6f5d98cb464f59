# SPDX-License-Identifier: Apache-2.0
"""The UN Security Council's consolidated list, XML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
    """Individuals and entities; names in their original script are kept as aliases."""
    for e in elements(path, {"INDIVIDUAL", "ENTITY"}):
        number = child_text(e, "DATAID")
        refuse_renamed(path, e, SCHEMA, f"DATAID {number}")
        for needed in ("DATAID", "FIRST_NAME", "LISTED_ON"):
            if not child_text(e, needed):
                raise refuse(
                    path.name, f"DATAID {number or '?'}", f"has no {needed}", "pull the file again"
                )
        person = local(e.tag) == "INDIVIDUAL"
        name = " ".join(
            filter(
                None, (child_text(e, f"{n}_NAME") for n in ("FIRST", "SECOND", "THIRD", "FOURTH"))
            )
        )
        aliases = []
        addresses = []
        numbers = []
        for part in e:
            tag = local(part.tag)
            if tag.endswith("_ALIAS"):
                kind = "weak" if child_text(part, "QUALITY").lower() == "low" else "alias"
                aliases.append((child_text(part, "ALIAS_NAME"), kind))
            elif tag.endswith("_ADDRESS"):
                words = [
                    child_text(part, w)
                    for w in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
                ]
                if any(words):
                    addresses.append(Address(", ".join(filter(None, words)), words[1], words[4]))
            elif tag.endswith("_DOCUMENT") and child_text(part, "NUMBER"):
                kind, value = canonical(
                    identifier_kind(child_text(part, "TYPE_OF_DOCUMENT")),
                    child_text(part, "NUMBER"),
                )
                numbers.append(Identifier(kind, value, child_text(part, "ISSUING_COUNTRY")))
        original = child_text(e, "NAME_ORIGINAL_SCRIPT")
        born = [
            child_text(p, "DATE") or child_text(p, "YEAR")
            for p in e
            if local(p.tag) == "INDIVIDUAL_DATE_OF_BIRTH"
        ]
        yield ListedParty(
            id=f"un-{number}",
            schema="Person" if person else "LegalEntity",
            names=name_tuple((name, "primary"), (original, "alias"), *aliases),
            locator=f"DATAID {number}",
            addresses=unique(tuple(addresses)),
            identifiers=unique(tuple(numbers)),
            countries=unique(
                tuple(v for p in e if local(p.tag) == "NATIONALITY" for v in texts(p, "VALUE"))
            ),
            born="; ".join(filter(None, born)),
            listings=(
                Listing(
                    "UN SC", child_text(e, "UN_LIST_TYPE"), iso_date(child_text(e, "LISTED_ON"))
                ),
            ),
            remarks=child_text(e, "COMMENTS1"),
        )
