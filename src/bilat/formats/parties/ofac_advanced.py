# SPDX-License-Identifier: Apache-2.0
"""OFAC's ``sdn_advanced.xml`` (and ``cons_advanced.xml``), by the schema that OFAC publishes.

Names in all scripts, documents, locations, dates of entry and relationships, each referred to by number.
Schema: https://ofac.treasury.gov/media/11681/download (Advanced Sanctions List Standard). A part that it does not
know, a party without a name, and a part that none of a hundred parties has are refused: each is what a renamed
element leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import (
    Address,
    Identifier,
    Link,
    ListedParty,
    Listing,
    named,
    refuse,
    unique,
)
from bilat.formats.parties.text import (
    child,
    elements,
    local,
    refuse_absent,
    refuse_renamed,
    text_of,
    texts,
)

_SETS = ("AliasType", "PartySubType", "IDRegDocType", "Country", "RelationType", "List")
_ALIASES = {"a.k.a.": "alias", "f.k.a.": "former", "n.k.a.": "alias", "name": "primary"}
_AGAIN = "the schema has changed, or the file was altered: pull it again"
_REFERENCES = frozenset(
    {"FeatureVersionReference", "IDRegDocumentReference", "ProfileRelationshipReference"}
)
_DATE = frozenset({"Year", "Month", "Day"})
_DURATION = frozenset({"Years", "Months", "Days"})
_BOUNDARY = frozenset({"From", "To"})
#: What stands around the elements that are read -> their parts.
AROUND = {
    "": frozenset({"Sanctions"}),
    "Sanctions": frozenset({
        "DateOfIssue", "ReferenceValueSets", "Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships",
        "SanctionsEntries", "SanctionsEntryLinks",
    }),
    "Locations": frozenset({"Location"}), "IDRegDocuments": frozenset({"IDRegDocument"}),
    "DistinctParties": frozenset({"DistinctParty"}), "ProfileRelationships": frozenset({"ProfileRelationship"}),
    "SanctionsEntries": frozenset({"SanctionsEntry"}),
}  # fmt: skip
#: Element -> the parts that the schema knows of it.
SCHEMA = {
    "Location": frozenset({"Comment", "LocationAreaCode", "LocationCountry", "LocationPart"})
    | _REFERENCES,
    "LocationPart": frozenset({"LocationPartValue"}),
    "LocationPartValue": frozenset({"Comment", "Value"}),
    "IDRegDocument": _REFERENCES
    | {
        "Comment",
        "IDRegistrationNo",
        "IssuingAuthority",
        "DocumentDate",
        "IDRegDocumentMention",
        "DocumentedNameReference",
    },
    "DocumentDate": frozenset({"DatePeriod"}),
    "DatePeriod": frozenset({"Comment", "Start", "End", "DurationMinimum", "DurationMaximum"}),
    "DurationMinimum": _DURATION,
    "DurationMaximum": _DURATION,
    "Start": _BOUNDARY,
    "End": _BOUNDARY,
    "From": _DATE,
    "To": _DATE,
    "DistinctParty": frozenset({"Comment", "Profile"}),
    "Profile": frozenset(
        {"Comment", "Identity", "Feature", "SanctionsEntryReference", "ExternalReference"}
    ),
    "ExternalReference": frozenset({"Comment", "ExRefValue", "DirectURL", "SubLink"}),
    "SubLink": frozenset({"Description", "DirectURL"}),
    "Feature": frozenset({"FeatureVersion", "IdentityReference"}),
    "FeatureVersion": frozenset({"Comment", "DatePeriod", "VersionDetail", "VersionLocation"})
    | _REFERENCES,
    "Identity": frozenset({"Comment", "Alias", "NamePartGroups"}) | _REFERENCES,
    "NamePartGroups": frozenset({"MasterNamePartGroup"}),
    "MasterNamePartGroup": frozenset({"NamePartGroup"}),
    "Alias": frozenset({"Comment", "DatePeriod", "DocumentedName"}),
    "DocumentedName": frozenset({"Comment", "DocumentedNamePart", "DocumentedNameCountry"})
    | _REFERENCES,
    "DocumentedNamePart": frozenset({"NamePartValue"}),
    "DocumentedNameCountry": frozenset({"Comment"}),
    "ProfileRelationship": frozenset({"Comment", "DatePeriod"}) | _REFERENCES,
    "SanctionsEntry": _REFERENCES
    | {
        "Comment",
        "LimitationsToListing",
        "EntryEvent",
        "SanctionsMeasure",
        "SupportingInfo",
    },
    "EntryEvent": frozenset({"Comment", "Date"}),
    "Date": _DATE,
    "SanctionsMeasure": frozenset({"Comment", "DatePeriod"}),
    "SupportingInfo": frozenset({"Text", "DirectURL"}),
}


def _schema(sub_type: str) -> str:
    t = sub_type.lower()
    return {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}.get(
        t, "LegalEntity"
    )


def _date(element: ElementTree.Element | None) -> str:
    if element is None:
        return ""
    found = next((e for e in element.iter() if local(e.tag) == "Date"), None)
    if found is None:
        return ""
    y, m, d = (text_of(found, x) for x in ("Year", "Month", "Day"))
    return f"{int(y):04}-{int(m):02}-{int(d):02}" if y and m and d else ""


def _descend(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (e for e in element.iter() if local(e.tag) == name)


def parties(path: Path, list_name: str = "OFAC SDN") -> Iterator[ListedParty]:
    """The distinct parties, with numbers, addresses, dates of entry and ties where the file has them."""
    values: dict[str, dict[str, str]] = {}
    listed: dict[str, ListedParty] = {}
    identity_of: dict[str, str] = {}
    places: dict[str, Address] = {}
    located: dict[str, list[str]] = {}
    documents: list[tuple[str, Identifier]] = []
    entries: list[tuple[str, Listing]] = []
    ties: list[tuple[str, str, str]] = []
    wanted = {
        "ReferenceValueSets",
        "Location",
        "IDRegDocument",
        "DistinctParty",
        "ProfileRelationship",
        "SanctionsEntry",
    }
    for e in elements(path, wanted, AROUND):
        tag = local(e.tag)
        if tag != "ReferenceValueSets":
            refuse_renamed(path, e, SCHEMA, f"{tag} {e.get('FixedRef') or e.get('ID') or '?'}")
        if tag == "ReferenceValueSets":
            for name in _SETS:
                values[name] = {v.get("ID", ""): (v.text or "").strip() for v in _descend(e, name)}
                if not values[name]:
                    raise refuse(path.name, tag, f"has no {name}", _AGAIN)
        elif tag == "Location":
            country = next(_descend(e, "LocationCountry"), None)
            code = (
                values.get("Country", {}).get(country.get("CountryID", ""), "")
                if country is not None
                else ""
            )
            places[e.get("ID", "")] = Address(
                ", ".join([*texts(e, "Value"), *([code] if code else [])]), "", code
            )
        elif tag == "IDRegDocument":
            label = values.get("IDRegDocType", {}).get(e.get("IDRegDocTypeID", ""), "")
            country_name = values.get("Country", {}).get(e.get("IssuedBy-CountryID", ""), "")
            for number in texts(e, "IDRegistrationNo"):
                meant = kind_of(label + (" russia" if country_name == "Russia" else ""))
                documents.append(
                    (e.get("IdentityID", ""), Identifier(*canonical(meant, number), country_name))
                )
        elif tag == "DistinctParty":
            profile = child(e, "Profile")
            if profile is None:
                raise refuse(
                    path.name, f"DistinctParty {e.get('FixedRef')}", "has no Profile", _AGAIN
                )
            number = profile.get("ID", "")
            names = []
            for identity in _descend(profile, "Identity"):
                identity_of[identity.get("ID", "")] = number
                for alias in _descend(identity, "Alias"):
                    kind = _ALIASES.get(
                        values.get("AliasType", {}).get(alias.get("AliasTypeID", ""), "").lower(),
                        "alias",
                    )
                    if alias.get("Primary") == "true":
                        kind = "primary"
                    if alias.get("LowQuality") == "true":
                        kind = "weak"
                    for written in _descend(alias, "DocumentedName"):
                        names.append((" ".join(texts(written, "NamePartValue")), kind))
            located[number] = [
                v.get("LocationID", "") for v in _descend(profile, "VersionLocation")
            ]
            names.sort(key=lambda n: n[1] != "primary")
            if not any(n for n, _ in names):
                raise refuse(
                    path.name, f"DistinctParty {e.get('FixedRef') or number}", "has no name", _AGAIN
                )
            listed[number] = ListedParty(
                id=f"ofac-{e.get('FixedRef') or number}",
                schema=_schema(
                    values.get("PartySubType", {}).get(profile.get("PartySubTypeID", ""), "")
                ),
                names=named(*names),
                locator=f"DistinctParty {e.get('FixedRef') or number}",
            )
        elif tag == "ProfileRelationship":
            kind = values.get("RelationType", {}).get(e.get("RelationTypeID", ""), "linked")
            ties.append((e.get("From-ProfileID", ""), kind, e.get("To-ProfileID", "")))
        else:
            since = _date(next(_descend(e, "EntryEvent"), None))
            name = values.get("List", {}).get(e.get("ListID", ""), "") or list_name
            programmes = [
                text_of(m, "Comment")
                for m in _descend(e, "SanctionsMeasure")
                if text_of(m, "Comment")
            ]
            for programme in dict.fromkeys(programmes) or [""]:
                entries.append((e.get("ProfileID", ""), Listing(name, programme, since)))
    numbers: dict[str, list[Identifier]] = {}
    for identity_id, number_of in documents:
        numbers.setdefault(identity_of.get(identity_id, ""), []).append(number_of)
    listings: dict[str, list[Listing]] = {}
    for profile_id, listing in entries:
        listings.setdefault(profile_id, []).append(listing)
    refuse_absent(
        path,
        len(listed),
        {
            "entry": sum(number in listings for number in listed),
            "date of entry": sum(bool(x.listed_on) for _, x in entries),
            "address": sum(map(bool, located.values())),
            "programme": sum(bool(x.programme) for _, x in entries),
            "number of a document": len(documents),
        },
    )
    links: dict[str, list[Link]] = {}
    for from_id, kind, to_id in ties:
        if to_id in listed:
            owner = "owner" if "owned" in kind.lower() else "linked"
            links.setdefault(from_id, []).append(Link(owner, listed[to_id].id))
    for number, party in listed.items():
        yield replace(
            party,
            addresses=unique(tuple(places[p] for p in located.get(number, ()) if p in places)),
            identifiers=unique(tuple(numbers.get(number, ()))),
            listings=unique(tuple(listings.get(number, ()))) or (Listing(list_name),),
            links=unique(tuple(links.get(number, ()))),
        )
