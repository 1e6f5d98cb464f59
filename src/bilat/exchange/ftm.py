# SPDX-License-Identifier: Apache-2.0
"""FollowTheMoney: listed parties as entities, and every value of theirs as a statement with its
provenance.

Two files: ``entities.ftm.json``, an entity a line, and ``statements.json``, a statement a line. In
a statement ``dataset`` is the list, ``origin`` the hash of the publisher's file and the place in
it, ``first_seen`` the date of the edition, ``last_seen`` the as-of date on which the value stood.

Reference: FollowTheMoney, https://followthemoney.tech/docs/ (schemata and statements).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TypedDict

from bilat.exchange.parcel import Parcel, PartyRecord
from bilat.files.json_types import JsonObject
from bilat.places import alpha2, country_or_none

ENTITIES = "entities.ftm.json"
STATEMENTS = "statements.json"
ABOUT = "about.json"
_NAMES = {"primary": "name", "alias": "alias", "former": "previousName", "weak": "weakAlias"}
#: Our kind of number -> the property, of the schemata that have it.
_NUMBERS = {
    "inn": "innCode",
    "ogrn": "ogrnCode",
    "lei": "leiCode",
    "uscc": "uscCode",
    "swift": "swiftBic",
    "registration": "registrationNumber",
    "tax": "taxNumber",
    "national": "idNumber",
    "passport": "passportNumber",
    "imo": "imoNumber",
    "mmsi": "mmsi",
}
#: A date as FollowTheMoney has it: a year, a month or a day.
_DATE = re.compile(r"[12]\d{3}(-\d{2}(-\d{2})?)?")
_HULL = {"imo", "mmsi"}
_OF_PERSON = {"passport"}


def write(parcel: Parcel) -> dict[str, str]:
    """The files of an export: name -> text."""
    lines: list[str] = []
    rows: list[JsonObject] = []
    exported = {party.id for party in parcel.parties}
    for party in parcel.parties:
        for entity in _entities(party, exported):
            lines.append(json.dumps(entity, ensure_ascii=False, sort_keys=True) + "\n")
            rows += _statements(entity, party)
    about = {
        "marking": str(parcel.marking),
        "as_of": parcel.as_of,
        "holdings": parcel.holdings,
        "datasets": [
            {
                "name": s.name,
                "title": s.title,
                "where": s.url,
                "publisher": {"name": s.producer},
                "license": s.licence,
            }
            for s in parcel.sources
        ],
    }
    return {
        ENTITIES: "".join(lines),
        STATEMENTS: "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows),
        ABOUT: json.dumps(about, ensure_ascii=False, indent=1) + "\n",
    }


def _entities(party: PartyRecord, exported: set[str]) -> Iterator[Entity]:
    """Yield a party, its listings, and its links to other parties of the export."""
    yield _entity(party, party.id, party.schema, _properties(party))
    for number, listing in enumerate(party.listings, 1):
        properties = _sanction(party, *listing)
        yield _entity(party, f"{party.id}-listing-{number}", "Sanction", properties)
    for number, (kind, other, low, high) in enumerate(party.links, 1):
        # A bare name, or a party outside the export, is no entity that a link could point to.
        if other not in exported:
            continue
        if kind == "owner":
            owned = {"owner": [other], "asset": [party.id], "percentage": [_share(low, high)]}
            yield _entity(party, f"{party.id}-owner-{number}", "Ownership", _filled(owned))
        else:
            tied = {"subject": [party.id], "object": [other], "role": [kind]}
            yield _entity(party, f"{party.id}-link-{number}", "UnknownLink", tied)


def _properties(party: PartyRecord) -> dict[str, list[str]]:
    """Return the properties of a party; values that its schema has no place for become notes."""
    properties: dict[str, list[str]] = {}
    notes: list[str] = []
    for text, kind in party.names:
        properties.setdefault(_NAMES.get(kind, "alias"), []).append(text)
    codes = []
    for text in party.countries:
        state = country_or_none(text)
        if code := alpha2(state) if state else None:
            codes.append(code.lower())
        else:
            notes.append(f"country: {text}")
    if codes:
        properties["country"] = list(dict.fromkeys(codes))
    for word, name, day in (
        ("born", "birthDate", party.born),
        ("incorporated", "incorporationDate", party.incorporated),
    ):
        if day and _DATE.fullmatch(day) and _may_have_date(party.schema, name):
            properties[name] = [day]
        elif day:
            notes.append(f"{word}: {day}")
    if party.addresses:
        properties["address"] = list(party.addresses)
    for kind, value in party.identifiers:
        if _has(party.schema, kind):
            properties.setdefault(_NUMBERS[kind], []).append(value)
        else:
            notes.append(f"{kind}: {value}")
    if notes:
        properties["notes"] = notes
    return properties


def _sanction(
    party: PartyRecord, authority: str, programme: str, since: str, until: str
) -> dict[str, list[str]]:
    """Return the properties of a listing.

    A date that is none, such as the year 17 by a slip of the pen, becomes a part of the summary.
    """
    properties = {"entity": [party.id], "authority": [authority], "program": [programme]}
    for name, day in (("listingDate", since), ("endDate", until)):
        if _DATE.fullmatch(day):
            properties[name] = [day]
        elif day:
            properties.setdefault("summary", []).append(f"{name}: {day}")
    return _filled(properties)


def _share(low: float | None, high: float | None) -> str:
    """Return a share in percent as text, blank if it is unknown."""
    if low is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _filled(properties: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the properties without those whose first value is blank."""
    return {name: values for name, values in properties.items() if values[0]}


def _may_have_date(schema: str, prop: str) -> bool:
    if prop == "birthDate":
        return schema == "Person"
    return schema not in ("Person", "Vessel", "Airplane")


def _has(schema: str, kind: str) -> bool:
    """Whether the schema has the property of a kind of number."""
    if kind not in _NUMBERS:
        return False
    if schema in ("Vessel", "Airplane"):
        return kind == "registration" or (schema == "Vessel" and kind in _HULL)
    return kind not in _HULL and (kind not in _OF_PERSON or schema == "Person")


class Entity(TypedDict):
    """An entity of FollowTheMoney."""

    id: str
    schema: str
    properties: dict[str, list[str]]
    datasets: list[str]
    first_seen: str
    last_seen: str


def _entity(record: PartyRecord, key: str, schema: str, props: dict[str, list[str]]) -> Entity:
    return {
        "id": key,
        "schema": schema,
        "properties": props,
        "datasets": [record.source],
        "first_seen": record.edition or record.as_of,
        "last_seen": record.as_of,
    }


def _statements(entity: Entity, record: PartyRecord) -> Iterator[JsonObject]:
    """Yield a statement for each value of each property."""
    properties = sorted(entity["properties"].items())
    for prop, value in ((prop, value) for prop, values in properties for value in values):
        key = f"{record.source}.{entity['id']}.{prop}.{value}"
        yield {
            "canonical_id": entity["id"],
            "entity_id": entity["id"],
            "prop": prop,
            "schema": entity["schema"],
            "value": value,
            "dataset": record.source,
            "first_seen": entity["first_seen"],
            "last_seen": entity["last_seen"],
            "external": False,
            "origin": f"{record.snapshot} {record.locator}",
            # the key that FollowTheMoney itself would give
            "id": hashlib.sha1(key.encode()).hexdigest(),
        }
