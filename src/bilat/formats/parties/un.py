# SPDX-License-Identifier: Apache-2.0
"""The UN Security Council's consolidated list, XML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import Address, Identifier, ListedParty, Listing, iso_date, named, unique
from bilat.formats.parties.text import elements, local, text_of, texts


def parties(path: Path) -> Iterator[ListedParty]:
    """Individuals and entities; names in their original script are kept as aliases."""
    for e in elements(path, {"INDIVIDUAL", "ENTITY"}):
        number = text_of(e, "DATAID")
        person = local(e.tag) == "INDIVIDUAL"
        name = " ".join(
            filter(None, (text_of(e, f"{n}_NAME") for n in ("FIRST", "SECOND", "THIRD", "FOURTH")))
        )
        aliases = []
        addresses = []
        numbers = []
        for part in e:
            tag = local(part.tag)
            if tag.endswith("_ALIAS"):
                kind = "weak" if text_of(part, "QUALITY").lower() == "low" else "alias"
                aliases.append((text_of(part, "ALIAS_NAME"), kind))
            elif tag.endswith("_ADDRESS"):
                words = [
                    text_of(part, w) for w in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
                ]
                if any(words):
                    addresses.append(Address(", ".join(filter(None, words)), words[1], words[4]))
            elif tag.endswith("_DOCUMENT") and text_of(part, "NUMBER"):
                kind, value = canonical(kind_of(text_of(part, "TYPE_OF_DOCUMENT")), text_of(part, "NUMBER"))
                numbers.append(Identifier(kind, value, text_of(part, "ISSUING_COUNTRY")))
        original = text_of(e, "NAME_ORIGINAL_SCRIPT")
        born = [
            text_of(p, "DATE") or text_of(p, "YEAR") for p in e if local(p.tag) == "INDIVIDUAL_DATE_OF_BIRTH"
        ]
        yield ListedParty(
            id=f"un-{number}",
            schema="Person" if person else "LegalEntity",
            names=named((name, "primary"), (original, "alias"), *aliases),
            locator=f"DATAID {number}",
            addresses=unique(tuple(addresses)),
            identifiers=unique(tuple(numbers)),
            countries=unique(tuple(v for p in e if local(p.tag) == "NATIONALITY" for v in texts(p, "VALUE"))),
            born="; ".join(filter(None, born)),
            listings=(Listing("UN SC", text_of(e, "UN_LIST_TYPE"), iso_date(text_of(e, "LISTED_ON"))),),
            remarks=text_of(e, "COMMENTS1"),
        )
