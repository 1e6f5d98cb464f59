# SPDX-License-Identifier: Apache-2.0
"""STIX 2.1: claims as notes, verdicts and dissents as opinions on them, states as locations,
parties as identities.

What STIX has no property for (as-of date, rule, the answer when written) goes into a property
extension that the bundle defines. Markings are the TLP 2.0 definitions of the OASIS CTI committee;
the states to which a thing is releasable go into a statement marking next to its TLP level.

References
----------
OASIS, STIX Version 2.1 (2021). OASIS CTI TC, TLP 2.0 marking definitions (2022), extension
60a3c5c5-0d10-413e-aab3-9e08dde9e88d.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bilat.exchange.parcel import ClaimRecord, Parcel, PartyRecord, SourceRecord
from bilat.exchange.text import is_address, json_text
from bilat.files.json_types import JsonObject
from bilat.handling import Marking, marked
from bilat.places import alpha2, country_name, country_or_none
from bilat.verdicts.dissents import Dissent

_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_IDS = {
    "CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
_TLP_MADE = "2022-10-01T00:00:00.000Z"
_OPINION = {"yes": "strongly-agree", "in part": "neutral", "no": "strongly-disagree"}
#: Every identifier that a bundle makes up is a UUID (version 5) in this name space.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "bilat.exchange")
_IDENTITY_CLASS = {"Person": "individual", "LegalEntity": "organization", "Company": "organization"}


def stable_id(*parts: str) -> str:
    """Return a UUID that is the same for the same parts."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


_EXTENSION = f"extension-definition--{stable_id('extension', '1.0.0')}"
_US = f"identity--{stable_id('identity', 'bilat')}"


def write(parcel: Parcel) -> dict[str, str]:
    """Return the name and the text of the bundle; of objects with one id the first stays."""
    made: dict[str, JsonObject] = {}
    for thing in _objects(parcel):
        made.setdefault(str(thing["id"]), thing)
    bundle = {
        "type": "bundle",
        "id": f"bundle--{stable_id('bundle', *made)}",
        "objects": list(made.values()),
    }
    return {"bundle.json": json_text(bundle)}


def _objects(parcel: Parcel) -> Iterator[JsonObject]:
    """Yield every object of a bundle; some are needed, and come, more than once."""
    yield from _frame(parcel)
    places = [_location(code, parcel.as_of) for code in parcel.pair]
    yield from places
    sources = {source.name: source for source in parcel.sources}
    for claim in parcel.claims:
        yield from _claim(claim, sources, [str(place["id"]) for place in places])
    for dissent in parcel.dissents:
        yield from _dissent(dissent)
    exported = {(party.source, party.id) for party in parcel.parties}
    for party in parcel.parties:
        yield from _party(party, sources, exported)


def _midnight(day: str) -> str:
    """Return the first moment of a day as STIX writes it."""
    return f"{day}T00:00:00.000Z"


def _frame(parcel: Parcel) -> Iterator[JsonObject]:
    """Yield who speaks, what the extension means, and the marking of the whole."""
    when = _midnight(parcel.as_of)
    yield {
        "type": "identity",
        "spec_version": "2.1",
        "id": _US,
        "created": _TLP_MADE,
        "modified": _TLP_MADE,
        "name": "bilat",
        "identity_class": "system",
        "description": "Two states' military ties, measured from public records.",
    }
    yield {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": _EXTENSION,
        "created_by_ref": _US,
        "created": _TLP_MADE,
        "modified": _TLP_MADE,
        "name": "bilat record",
        "description": "The record that an object was made from.",
        "schema": "Object 'record': every field of the claim, dissent or party as bilat has it, "
        "blank ones left out; as_of is "
        "the date that hides what was not public yet, low and high bound the figure value.",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
    yield from _marking_objects(parcel.marking)
    yield {
        "type": "grouping",
        "spec_version": "2.1",
        "id": f"grouping--{stable_id('grouping', parcel.as_of, *parcel.pair)}",
        "created_by_ref": _US,
        "created": when,
        "modified": when,
        "context": "unspecified",
        "name": f"{parcel.pair[0]}-{parcel.pair[1]} as of {parcel.as_of}",
        "object_refs": [_location(code, parcel.as_of)["id"] for code in dict.fromkeys(parcel.pair)],
        "object_marking_refs": _references(_marking_objects(parcel.marking)),
        **_record(
            {
                "as_of": parcel.as_of,
                "holdings": parcel.holdings,
                "version": parcel.version,
                "pair": list(parcel.pair),
                "marking": str(parcel.marking),
            }
        ),
    }


def _marking_objects(marking: Marking) -> list[JsonObject]:
    """Return the definitions that a marking needs: its TLP level, and its states if it has any."""
    out: list[JsonObject] = [
        {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": _TLP_IDS[marking.tlp],
            "created": _TLP_MADE,
            "name": f"TLP:{marking.tlp}",
            "extensions": {
                _TLP_EXTENSION: {
                    "extension_type": "property-extension",
                    "tlp_2_0": marking.tlp.lower(),
                }
            },
        }
    ]
    if marking.states is not None:
        releasable = str(marking).partition(" ")[2]  # REL EST POL
        out.append(
            {
                "type": "marking-definition",
                "spec_version": "2.1",
                "id": f"marking-definition--{stable_id('releasable', releasable)}",
                "created": _TLP_MADE,
                "definition_type": "statement",
                "definition": {"statement": releasable},
            }
        )
    return out


def _references(marks: list[JsonObject]) -> list[Any]:
    """Return the ids of marking definitions."""
    return [mark["id"] for mark in marks]


def _location(code: str, day: str) -> JsonObject:
    """Return a state as a location; one without a code of ISO 3166 gets the region "world"."""
    short = alpha2(code)
    return {
        "type": "location",
        "spec_version": "2.1",
        "id": f"location--{stable_id('location', code)}",
        "created_by_ref": _US,
        "created": _midnight(day),
        "modified": _midnight(day),
        "name": country_name(code),
        **({"country": short} if short else {"region": "world"}),
    }


def _note(claim: ClaimRecord, places: list[str], marks: list[JsonObject]) -> JsonObject:
    """Return what a claim asserts, as a note on its states."""
    return {
        "type": "note",
        "spec_version": "2.1",
        "id": _note_id(claim.id),
        "created_by_ref": _US,
        "created": _midnight(claim.as_of),
        "modified": _midnight(claim.as_of),
        "abstract": f"Claim {claim.id}",
        "content": claim.claim,
        "object_refs": list(dict.fromkeys(places)),
        "object_marking_refs": _references(marks),
    }


def _note_id(claim: str) -> str:
    return f"note--{stable_id('claim', claim)}"


def _claim(
    claim: ClaimRecord, sources: dict[str, SourceRecord], places: list[str]
) -> Iterator[JsonObject]:
    """Yield the markings of a claim, its note, and our verdict as an opinion on the note."""
    marks = _marking_objects(marked(claim.marking))
    yield from marks
    yield _note(claim, places, marks)
    citations = [_citation(sources[name]) for name in claim.sources if name in sources]
    yield {
        "type": "opinion",
        "spec_version": "2.1",
        "id": f"opinion--{stable_id('verdict', claim.id, claim.as_of)}",
        "created_by_ref": _US,
        "created": _midnight(claim.as_of),
        "modified": _midnight(claim.as_of),
        "opinion": _OPINION.get(claim.verdict, "neutral"),
        "explanation": f"{claim.verdict}: {claim.why} {claim.rests_on}".rstrip(),
        "authors": ["bilat"],
        "object_refs": [_note_id(claim.id)],
        "object_marking_refs": _references(marks),
        **({"external_references": citations} if citations else {}),
        **_record(asdict(claim)),
    }


def _citation(source: SourceRecord) -> dict[str, str]:
    """Return a source as an external reference."""
    citation = {
        "source_name": source.name,
        "description": f"{source.citation} Licence: {source.licence}. Grade {source.grade}.",
    }
    if is_address(source.url):
        citation["url"] = source.url
    return citation


def _dissent(dissent: Dissent) -> Iterator[JsonObject]:
    """Yield the markings of a dissent, and the dissent as an opinion on the note of its claim."""
    marks = _marking_objects(dissent.handling)
    yield from marks
    when = dissent.when[:19] + ".000Z"
    record = {name: value for name, value in asdict(dissent).items() if name != "previous"}
    parts = [str(value) for value in record.values()]
    yield {
        "type": "opinion",
        "spec_version": "2.1",
        "id": f"opinion--{stable_id('dissent', *parts)}",
        "created_by_ref": _US,
        "created": when,
        "modified": when,
        "opinion": _OPINION.get(dissent.verdict, "neutral"),
        "explanation": f"{dissent.verdict}: {dissent.why}",
        "authors": [dissent.who],
        "object_refs": [_note_id(dissent.claim)],
        "object_marking_refs": _references(marks),
        **_record({**record, "dissents_from": dissent.claim}),
    }


def _party(
    party: PartyRecord, sources: dict[str, SourceRecord], exported: set[tuple[str, str]]
) -> Iterator[JsonObject]:
    """Yield a listed party, its states, and its links to parties of the same list.

    ``exported`` has the list and the id of each party of the bundle; a link to any other party
    would point to nothing.
    """
    identity = _party_id(party.source, party.id)
    when = _midnight(party.as_of)
    base = {"spec_version": "2.1", "created_by_ref": _US, "created": when, "modified": when}
    marks = _marking_objects(Marking())
    yield from marks
    listings = [f"{name} {programme}".strip() for name, programme, _, _ in party.listings]
    listed = ", ".join(dict.fromkeys(listings))
    reference = {"source_name": party.source, "description": party.source}
    if party.source in sources:
        reference = _citation(sources[party.source])
    yield {
        **base,
        "type": "identity",
        "id": identity,
        "name": party.names[0][0],
        "identity_class": _IDENTITY_CLASS.get(party.schema, "unspecified"),
        "description": f"Listed as of {party.as_of}: {listed or party.source}.",
        "external_references": [{**reference, "external_id": party.id}],
        "object_marking_refs": _references(marks),
        **_record({**asdict(party), "identifiers": [list(pair) for pair in party.identifiers]}),
    }
    for code in _states(party):
        place = _location(code, party.as_of)
        yield place
        yield {
            **base,
            "type": "relationship",
            "id": f"relationship--{stable_id('in', identity, code)}",
            "relationship_type": "located-at",
            "source_ref": identity,
            "target_ref": place["id"],
        }
    for kind, other, _, _ in party.links:
        if (party.source, other) in exported:
            yield {
                **base,
                "type": "relationship",
                "id": f"relationship--{stable_id(kind, identity, other)}",
                "relationship_type": "related-to",
                "source_ref": identity,
                "target_ref": _party_id(party.source, other),
                "description": kind,
            }


def _states(party: PartyRecord) -> list[str]:
    """Return the codes of a party's states that have one in ISO 3166, each once."""
    codes = map(country_or_none, party.countries)
    return list(dict.fromkeys(code for code in codes if code and alpha2(code)))


def _party_id(source: str, party: str) -> str:
    return f"identity--{stable_id('party', source, party)}"


def _record(fields: JsonObject) -> JsonObject:
    """Return the extension that contains a record, without blank fields: STIX has no null and no
    empty list."""
    filled = {}
    for name, value in fields.items():
        if value is not None and value not in ("", (), []):
            filled[name] = _without_null(value)
    return {"extensions": {_EXTENSION: {"extension_type": "property-extension", "record": filled}}}


def _without_null(value: Any) -> Any:
    """Return a value with its lists as lists of JSON, and a blank for each null in them."""
    if isinstance(value, (list, tuple)):
        return ["" if part is None else _without_null(part) for part in value]
    return value
