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

from bilat.exchange.parcel import CarriedParty, Parcel
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
    for party in parcel.parties:
        for entity in _entities(party, {p.id for p in parcel.parties}):
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


def _entities(p: CarriedParty, every: set[str]) -> Iterator[Entity]:
    props: dict[str, list[str]] = {}
    for text, kind in p.names:
        props.setdefault(_NAMES.get(kind, "alias"), []).append(text)
    codes = [(c, country_or_none(c)) for c in p.countries]
    known = [a.lower() for _, code in codes if code and (a := alpha2(code))]
    if known:
        props["country"] = list(dict.fromkeys(known))
    for text, code in codes:
        if not code or not alpha2(code):
            props.setdefault("notes", []).append(f"country: {text}")
    for word, prop, day in (
        ("born", "birthDate", p.born),
        ("incorporated", "incorporationDate", p.incorporated),
    ):
        if day and _DATE.fullmatch(day) and _dated(p.schema, prop):
            props[prop] = [day]
        elif day:
            props.setdefault("notes", []).append(f"{word}: {day}")
    if p.addresses:
        props["address"] = list(p.addresses)
    for kind, value in p.identifiers:
        if _has(p.schema, kind):
            props.setdefault(_NUMBERS[kind], []).append(value)
        else:
            props.setdefault("notes", []).append(f"{kind}: {value}")
    yield _entity(p, p.id, p.schema, props)
    for n, (name, programme, since, until) in enumerate(p.listings, 1):
        told = {"entity": [p.id], "authority": [name], "program": [programme]}
        for prop, day in (("listingDate", since), ("endDate", until)):
            # a list's slip of the pen, such as the year 17, is not a date to others
            if _DATE.fullmatch(day):
                told[prop] = [day]
            elif day:
                told.setdefault("summary", []).append(f"{prop}: {day}")
        yield _entity(p, f"{p.id}-listing-{n}", "Sanction", {k: v for k, v in told.items() if v[0]})
    for n, (kind, other, low, high) in enumerate(p.links, 1):
        if other not in every:  # a name, or a party that is not in the export: no entity to tie to
            continue
        if kind == "owner":
            share = "" if low is None else f"{low:g}" if low == high else f"{low:g}-{high:g}"
            told = {"owner": [other], "asset": [p.id], "percentage": [share]}
            yield _entity(
                p, f"{p.id}-owner-{n}", "Ownership", {k: v for k, v in told.items() if v[0]}
            )
        else:
            told = {"subject": [p.id], "object": [other], "role": [kind]}
            yield _entity(p, f"{p.id}-link-{n}", "UnknownLink", told)


def _dated(schema: str, prop: str) -> bool:
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


def _entity(p: CarriedParty, key: str, schema: str, props: dict[str, list[str]]) -> Entity:
    return {
        "id": key,
        "schema": schema,
        "properties": props,
        "datasets": [p.source],
        "first_seen": p.edition or p.as_of,
        "last_seen": p.as_of,
    }


def _statements(entity: Entity, p: CarriedParty) -> Iterator[JsonObject]:
    told = [
        (prop, value) for prop, values in sorted(entity["properties"].items()) for value in values
    ]
    for prop, value in told:
        yield {
            "canonical_id": entity["id"],
            "entity_id": entity["id"],
            "prop": prop,
            "schema": entity["schema"],
            "value": value,
            "dataset": p.source,
            "first_seen": entity["first_seen"],
            "last_seen": entity["last_seen"],
            "external": False,
            "origin": f"{p.snapshot} {p.locator}",
            # the key that FollowTheMoney itself would give
            "id": hashlib.sha1(f"{p.source}.{entity['id']}.{prop}.{value}".encode()).hexdigest(),
        }
