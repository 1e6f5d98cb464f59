# SPDX-License-Identifier: Apache-2.0
"""OFAC's ``sdn_advanced.xml`` (and ``cons_advanced.xml``), by the schema that OFAC publishes.

Names in all scripts, documents, locations, dates of entry and relationships, each referred to by
number.
Schema: https://ofac.treasury.gov/media/11681/download (Advanced Sanctions List Standard). A part
  that it does not
know, a party without a name, and a part that none of a hundred parties has are refused: each is
what a renamed element leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from bilat.errors import DataError
from bilat.formats.parties.identifiers import canonical, identifier_kind
from bilat.formats.parties.record import (
    Address,
    Identifier,
    Link,
    ListedParty,
    Listing,
    name_tuple,
    refuse,
    unique,
)
from bilat.formats.parties.text import (
    child_text,
    elements,
    first_child,
    local,
    refuse_absent,
    refuse_renamed,
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
    "Sanctions": frozenset(
        {
            "DateOfIssue",
            "ReferenceValueSets",
            "Locations",
            "IDRegDocuments",
            "DistinctParties",
            "ProfileRelationships",
            "SanctionsEntries",
            "SanctionsEntryLinks",
        }
    ),
    "Locations": frozenset({"Location"}),
    "IDRegDocuments": frozenset({"IDRegDocument"}),
    "DistinctParties": frozenset({"DistinctParty"}),
    "ProfileRelationships": frozenset({"ProfileRelationship"}),
    "SanctionsEntries": frozenset({"SanctionsEntry"}),
}
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


def _date(element: Element | None) -> str:
    if element is None:
        return ""
    found = next((e for e in element.iter() if local(e.tag) == "Date"), None)
    if found is None:
        return ""
    y, m, d = (child_text(found, x) for x in ("Year", "Month", "Day"))
    return f"{int(y):04}-{int(m):02}-{int(d):02}" if y and m and d else ""


def _descend(element: Element, name: str) -> Iterator[Element]:
    return (e for e in element.iter() if local(e.tag) == name)


def parties(path: Path, list_name: str = "OFAC SDN") -> Iterator[ListedParty]:
    """Parse the distinct parties, with numbers, addresses, dates of entry and ties where the file
    has them.
    """
    file = _AdvancedFile(path, list_name)
    for element in elements(path, {"ReferenceValueSets", *file.readers}, AROUND):
        file.read(element)
    file.check()
    return file.parties()


class _AdvancedFile:
    """What has been read of a file; its parts refer to one another by number."""

    def __init__(self, path: Path, list_name: str) -> None:
        self.path = path
        self.list_name = list_name
        #: Name of a set -> number of a value -> the value.
        self.values: dict[str, dict[str, str]] = {}
        #: Number of a profile -> its party, the numbers of its places, and so on.
        self.listed: dict[str, ListedParty] = {}
        self.located: dict[str, list[str]] = {}
        self.listings: dict[str, list[Listing]] = {}
        #: Number of an identity -> number of its profile, and -> its documents.
        self.profile_of: dict[str, str] = {}
        self.documents: dict[str, list[Identifier]] = {}
        #: Number of a location -> the address.
        self.places: dict[str, Address] = {}
        #: (from, kind, to) by numbers of profiles.
        self.ties: list[tuple[str, str, str]] = []
        self.readers: dict[str, Callable[[Element], None]] = {
            "Location": self._location,
            "IDRegDocument": self._document,
            "DistinctParty": self._party,
            "ProfileRelationship": self._relationship,
            "SanctionsEntry": self._entry,
        }

    def read(self, element: Element) -> None:
        """Take in an element."""
        tag = local(element.tag)
        if tag == "ReferenceValueSets":
            self._sets(element)
            return
        row = f"{tag} {element.get('FixedRef') or element.get('ID') or '?'}"
        refuse_renamed(self.path, element, SCHEMA, row)
        self.readers[tag](element)

    def _refuse(self, row: str, what: str) -> DataError:
        return refuse(self.path.name, row, what, _AGAIN)

    def _value(self, name: str, number: str | None) -> str:
        """Return a value of a set by its number; empty where the set has none."""
        return self.values.get(name, {}).get(number or "", "")

    def _sets(self, element: Element) -> None:
        for name in _SETS:
            values = {}
            for value in _descend(element, name):
                number = value.get("ID", "")
                values[number] = (value.text or "").strip()
            if not values:
                raise self._refuse("ReferenceValueSets", f"has no {name}")
            self.values[name] = values

    def _location(self, element: Element) -> None:
        state = ""
        for country in _descend(element, "LocationCountry"):
            state = state or self._value("Country", country.get("CountryID"))
        parts = [*texts(element, "Value"), state]
        text = ", ".join(filter(None, parts))
        self.places[element.get("ID", "")] = Address(text, "", state)

    def _document(self, element: Element) -> None:
        label = self._value("IDRegDocType", element.get("IDRegDocTypeID"))
        issuer = self._value("Country", element.get("IssuedBy-CountryID"))
        kind = identifier_kind(f"{label} russia" if issuer == "Russia" else label)
        documents = self.documents.setdefault(element.get("IdentityID", ""), [])
        for number in texts(element, "IDRegistrationNo"):
            documents.append(Identifier(*canonical(kind, number), issuer))

    def _party(self, element: Element) -> None:
        profile = first_child(element, "Profile")
        if profile is None:
            raise self._refuse(f"DistinctParty {element.get('FixedRef')}", "has no Profile")
        number = profile.get("ID", "")
        reference = element.get("FixedRef") or number
        row = f"DistinctParty {reference}"
        names = []
        for identity in _descend(profile, "Identity"):
            self.profile_of[identity.get("ID", "")] = number
            for alias in _descend(identity, "Alias"):
                names += self._names(alias)
        names.sort(key=lambda n: n[1] != "primary")
        if not any(name for name, _ in names):
            raise self._refuse(row, "has no name")
        located = self.located.setdefault(number, [])
        for place in _descend(profile, "VersionLocation"):
            located.append(place.get("LocationID", ""))
        kind = self._value("PartySubType", profile.get("PartySubTypeID"))
        self.listed[number] = ListedParty(
            id=f"ofac-{reference}",
            schema=_schema(kind),
            names=name_tuple(*names),
            locator=row,
        )

    def _names(self, alias: Element) -> list[tuple[str, str]]:
        """Return the names written under an alias, each with its kind."""
        said = self._value("AliasType", alias.get("AliasTypeID")).lower()
        kind = _ALIASES.get(said, "alias")
        if alias.get("Primary") == "true":
            kind = "primary"
        if alias.get("LowQuality") == "true":
            kind = "weak"
        names = []
        for name in _descend(alias, "DocumentedName"):
            words = texts(name, "NamePartValue")
            names.append((" ".join(words), kind))
        return names

    def _relationship(self, element: Element) -> None:
        kind = self._value("RelationType", element.get("RelationTypeID")) or "linked"
        self.ties.append((element.get("From-ProfileID", ""), kind, element.get("To-ProfileID", "")))

    def _entry(self, element: Element) -> None:
        since = _date(next(_descend(element, "EntryEvent"), None))
        name = self._value("List", element.get("ListID")) or self.list_name
        programmes = []
        for measure in _descend(element, "SanctionsMeasure"):
            programme = child_text(measure, "Comment")
            if programme:
                programmes.append(programme)
        listings = self.listings.setdefault(element.get("ProfileID", ""), [])
        for programme in dict.fromkeys(programmes or [""]):
            listings.append(Listing(name, programme, since))

    def check(self) -> None:
        """Refuse a file of which a part is missing throughout."""
        entries = [x for listings in self.listings.values() for x in listings]
        refuse_absent(
            self.path,
            len(self.listed),
            {
                "entry": sum(number in self.listings for number in self.listed),
                "date of entry": sum(bool(x.listed_on) for x in entries),
                "address": sum(map(bool, self.located.values())),
                "programme": sum(bool(x.programme) for x in entries),
                "number of a document": sum(map(len, self.documents.values())),
            },
        )

    def parties(self) -> Iterator[ListedParty]:
        """Return the parties with what other parts of the file say of them."""
        numbers: dict[str, list[Identifier]] = {}
        for identity, documents in self.documents.items():
            profile = self.profile_of.get(identity, "")
            numbers.setdefault(profile, []).extend(documents)
        links: dict[str, list[Link]] = {}
        for one, kind, other in self.ties:
            if other in self.listed:
                tie = "owner" if "owned" in kind.lower() else "linked"
                links.setdefault(one, []).append(Link(tie, self.listed[other].id))
        for number, party in self.listed.items():
            addresses = []
            for place in self.located[number]:
                if place in self.places:
                    addresses.append(self.places[place])
            listings = self.listings.get(number) or [Listing(self.list_name)]
            yield replace(
                party,
                addresses=unique(tuple(addresses)),
                identifiers=unique(tuple(numbers.get(number, ()))),
                listings=unique(tuple(listings)),
                links=unique(tuple(links.get(number, ()))),
            )
