# SPDX-License-Identifier: Apache-2.0
"""STIX 2.1: claims as notes, verdicts and dissents as opinions on them, states as locations,
parties as identities.

What STIX has no property for (as-of date, rule, the answer when written) stands in a property
extension that the bundle defines. Markings are the TLP 2.0 definitions of the OASIS CTI committee;
states to which a thing is releasable stand in a statement marking beside. Confidence is on the
scale of low, medium and high of STIX 2.1, appendix A.

Reference: OASIS, STIX Version 2.1 (2021); OASIS CTI TC, TLP 2.0 marking definitions (2022),
  extension
60a3c5c5-0d10-413e-aab3-9e08dde9e88d.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
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
#: Of every identifier that a bundle makes up: uuid5 under the project's name.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "bilat.exchange")
_CLASS = {"Person": "individual", "LegalEntity": "organization", "Company": "organization"}


def stable_id(*parts: str) -> str:
    """A UUID that is the same for the same parts."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


_EXTENSION = f"extension-definition--{stable_id('extension', '1.0.0')}"
_US = f"identity--{stable_id('identity', 'bilat')}"


def write(parcel: Parcel) -> dict[str, str]:
    """The file of a bundle, and its text."""
    day = parcel.as_of
    made: dict[str, JsonObject] = {}

    def put(things: Iterable[JsonObject]) -> None:
        for thing in things:
            made.setdefault(str(thing["id"]), thing)

    put(_frame(parcel))
    places = [_location(code, day) for code in parcel.pair]
    put(places)
    sources = {s.name: s for s in parcel.sources}
    for claim in parcel.claims:
        put(_claim(claim, sources, [str(p["id"]) for p in places]))
    for dissent in parcel.dissents:
        put(_dissent(dissent))
    known = {p.id for p in parcel.parties}
    for party in parcel.parties:
        put(_party(party, sources, known))
    bundle = {
        "type": "bundle",
        "id": f"bundle--{stable_id('bundle', *made)}",
        "objects": list(made.values()),
    }
    return {"bundle.json": json_text(bundle)}


def _frame(parcel: Parcel) -> Iterator[JsonObject]:
    """Who speaks, what the extension means, and the marking of the whole."""
    when = f"{parcel.as_of}T00:00:00.000Z"
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
        "object_marking_refs": [m["id"] for m in _marking_objects(parcel.marking)],
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
    """The definitions that a marking needs: its TLP level, and the states where there are any."""
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
        said = str(marking).partition(" ")[2]
        out.append(
            {
                "type": "marking-definition",
                "spec_version": "2.1",
                "id": f"marking-definition--{stable_id('releasable', said)}",
                "created": _TLP_MADE,
                "definition_type": "statement",
                "definition": {"statement": said},
            }
        )
    return out


def _location(code: str, day: str) -> JsonObject:
    short = alpha2(code)
    return {
        "type": "location",
        "spec_version": "2.1",
        "id": f"location--{stable_id('location', code)}",
        "created_by_ref": _US,
        "created": f"{day}T00:00:00.000Z",
        "modified": f"{day}T00:00:00.000Z",
        "name": country_name(code),
        **({"country": short} if short else {"region": "world"}),
    }


def _note(claim: str, text: str, day: str, places: list[str], marking: str) -> list[JsonObject]:
    """A claim's assertion as a note, with the definitions of its marking."""
    marks = _marking_objects(marked(marking))
    return [
        *marks,
        {
            "type": "note",
            "spec_version": "2.1",
            "id": f"note--{stable_id('claim', claim)}",
            "created_by_ref": _US,
            "created": f"{day}T00:00:00.000Z",
            "modified": f"{day}T00:00:00.000Z",
            "abstract": f"Claim {claim}",
            "content": text,
            "object_refs": list(dict.fromkeys(places)),
            "object_marking_refs": [m["id"] for m in marks],
        },
    ]


def _claim(
    c: ClaimRecord, sources: dict[str, SourceRecord], places: list[str]
) -> Iterator[JsonObject]:
    note = _note(c.id, c.claim, c.as_of, places, c.marking)
    yield from note
    cited = [sources[s] for s in c.sources if s in sources]
    yield {
        "type": "opinion",
        "spec_version": "2.1",
        "id": f"opinion--{stable_id('verdict', c.id, c.as_of)}",
        "created_by_ref": _US,
        "created": f"{c.as_of}T00:00:00.000Z",
        "modified": f"{c.as_of}T00:00:00.000Z",
        "opinion": _OPINION.get(c.verdict, "neutral"),
        "explanation": f"{c.verdict}: {c.why} {c.rests_on}".rstrip(),
        "authors": ["bilat"],
        "object_refs": [note[-1]["id"]],
        "object_marking_refs": note[-1]["object_marking_refs"],
        **({"external_references": [_cited(s) for s in cited]} if cited else {}),
        **_record(asdict(c)),
    }


def _cited(s: SourceRecord) -> dict[str, str]:
    said = {
        "source_name": s.name,
        "description": f"{s.citation} Licence: {s.licence}. Grade {s.grade}.",
    }
    return {**said, "url": s.url} if is_address(s.url) else said


def _dissent(d: Dissent) -> Iterator[JsonObject]:
    marks = _marking_objects(d.handling)
    yield from marks
    when = d.when[:19] + ".000Z"
    told = {k: v for k, v in asdict(d).items() if k != "previous"}
    yield {
        "type": "opinion",
        "spec_version": "2.1",
        "id": f"opinion--{stable_id('dissent', *(str(v) for v in told.values()))}",
        "created_by_ref": _US,
        "created": when,
        "modified": when,
        "opinion": _OPINION.get(d.verdict, "neutral"),
        "explanation": f"{d.verdict}: {d.why}",
        "authors": [d.who],
        "object_refs": [f"note--{stable_id('claim', d.claim)}"],
        "object_marking_refs": [m["id"] for m in marks],
        **_record({**told, "dissents_from": d.claim}),
    }


def _party(
    p: PartyRecord, sources: dict[str, SourceRecord], known: set[str]
) -> Iterator[JsonObject]:
    mine = _party_id(p.source, p.id)
    when = f"{p.as_of}T00:00:00.000Z"
    base = {"spec_version": "2.1", "created_by_ref": _US, "created": when, "modified": when}
    marks = _marking_objects(Marking())
    yield from marks
    listed = ", ".join(
        dict.fromkeys(f"{name} {programme}".strip() for name, programme, *_ in p.listings)
    )
    cited = sources.get(p.source)
    reference = _cited(cited) if cited else {"source_name": p.source, "description": p.source}
    yield {
        **base,
        "type": "identity",
        "id": mine,
        "name": p.names[0][0],
        "identity_class": _CLASS.get(p.schema, "unspecified"),
        "description": f"Listed as of {p.as_of}: {listed or p.source}.",
        "external_references": [{**reference, "external_id": p.id}],
        "object_marking_refs": [m["id"] for m in marks],
        **_record({**asdict(p), "identifiers": [list(i) for i in p.identifiers]}),
    }
    for code in dict.fromkeys(c for c in map(country_or_none, p.countries) if c and alpha2(c)):
        place = _location(code, p.as_of)
        yield place
        yield {
            **base,
            "type": "relationship",
            "id": f"relationship--{stable_id('in', mine, code)}",
            "relationship_type": "located-at",
            "source_ref": mine,
            "target_ref": place["id"],
        }
    for kind, other, *_ in p.links:
        if other in known:
            yield {
                **base,
                "type": "relationship",
                "id": f"relationship--{stable_id(kind, mine, other)}",
                "relationship_type": "related-to",
                "source_ref": mine,
                "target_ref": _party_id(p.source, other),
                "description": kind,
            }


def _party_id(source: str, party: str) -> str:
    return f"identity--{stable_id('party', source, party)}"


def _record(told: JsonObject) -> JsonObject:
    """The extension that holds a record, without what is blank: STIX knows no null and no empty
    list.
    """
    kept = {
        k: _full(v) for k, v in told.items() if v is not None and v != "" and v != () and v != []
    }
    return {"extensions": {_EXTENSION: {"extension_type": "property-extension", "record": kept}}}


def _full(value: Any) -> Any:
    """Lists within lists as texts of JSON's kinds: a None within one becomes a blank."""
    if isinstance(value, (list, tuple)):
        return ["" if v is None else _full(v) for v in value]
    return value
