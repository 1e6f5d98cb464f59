# SPDX-License-Identifier: Apache-2.0
"""Switzerland's consolidated list (SECO), XML (swiss-sanctions-list).

A target without body, name or programme, a place or a set that is referred to and not there, and a part that none
of a hundred targets has are refused: each is what a renamed element leaves. An optional part that is renamed in a file
of fewer targets cannot be told from one that they lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import (
    Address,
    Identifier,
    ListedParty,
    Listing,
    iso_date,
    named,
    refuse,
    unique,
)
from bilat.formats.parties.text import child, elements, local, refuse_absent, text_of, texts

_AGAIN = "the schema has changed, or the file was altered: pull it again"
_KINDS = {"individual": "Person", "entity": "LegalEntity"}


def _names(identity: ElementTree.Element) -> list[tuple[str, str]]:
    out = []
    for name in (e for e in identity if local(e.tag) == "name"):
        kind = {"primary-name": "primary", "formerly-known-as": "former"}.get(
            name.get("name-type", ""), "alias"
        )
        if name.get("quality") == "low":
            kind = "weak"
        parts = sorted(
            (e for e in name if local(e.tag) == "name-part"),
            key=lambda e: int(e.get("order", "0") or 0),
        )
        out.append((" ".join(text_of(p, "value") for p in parts), kind))
        variants: dict[str, list[str]] = {}
        for p in parts:
            for v in (e for e in p if local(e.tag) == "spelling-variant" and e.text):
                variants.setdefault(v.get("script", ""), []).append((v.text or "").strip())
        out += [(" ".join(words), "alias") for words in variants.values()]
    return sorted(out, key=lambda n: n[1] != "primary")


def parties(path: Path) -> Iterator[ListedParty]:
    """The targets that are listed and not de-listed."""
    programmes: dict[str, str] = {}
    places: dict[str, tuple[str, str]] = {}
    seen = dict.fromkeys(
        ("modification", "nationality", "address", "document with its number", "spelling variant"),
        0,
    )
    targets = 0
    root = {"": frozenset({"swiss-sanctions-list"})}
    for e in elements(path, {"sanctions-program", "place", "target"}, root):
        tag = local(e.tag)
        if tag == "sanctions-program":
            key = next(
                (
                    x.text or ""
                    for x in e
                    if local(x.tag) == "program-key" and x.get("lang") == "eng"
                ),
                "",
            )
            if not key:
                raise refuse(
                    path.name, f"sanctions-program {e.get('ssid')}", "has no program-key", _AGAIN
                )
            for s in (x for x in e if local(x.tag) == "sanctions-set"):
                programmes[s.get("ssid", "")] = key
        elif tag == "place":
            country = child(e, "country")
            places[e.get("ssid", "")] = (
                ", ".join(texts(e, "location", "area")),
                country.get("iso-code", "") if country is not None else "",
            )
        else:
            targets += 1
            row = f"target {e.get('ssid')}"
            body = next((x for x in e if local(x.tag) in ("individual", "entity", "object")), None)
            if body is None:
                raise refuse(path.name, row, "has no individual, entity or object", _AGAIN)
            changes = [x for x in e if local(x.tag) == "modification"]
            if changes and any(x.get("modification-type") == "de-listed" for x in changes):
                continue
            seen["modification"] += bool(changes)
            schema = _KINDS.get(
                local(body.tag), "Vessel" if body.get("object-type") == "vessel" else "LegalEntity"
            )
            names: list[tuple[str, str]] = []
            addresses = []
            numbers = []
            countries = []
            for identity in (x for x in body if local(x.tag) == "identity"):
                names += _names(identity)
                for part in identity:
                    if local(part.tag) == "address":
                        seen["address"] += 1
                        if part.get("place-id") and part.get("place-id") not in places:
                            raise refuse(
                                path.name,
                                row,
                                f"place {part.get('place-id')!r} is not there",
                                _AGAIN,
                            )
                        place, country_code = places.get(part.get("place-id", ""), ("", ""))
                        text = ", ".join(
                            [*texts(part, "address-details", "zip-code"), place, country_code]
                        )
                        addresses.append(Address(text.strip(", "), place, country_code))
                    elif local(part.tag) == "identification-document" and text_of(part, "number"):
                        kind = kind_of(part.get("document-type", ""))
                        seen["document with its number"] += 1
                        numbers.append(Identifier(*canonical(kind, text_of(part, "number"))))
                    elif local(part.tag) == "nationality":
                        seen["nationality"] += 1
                        countries += [
                            c.get("iso-code", "") for c in part if local(c.tag) == "country"
                        ]
            if not names or not all(n.strip() for n, _ in names):
                raise refuse(path.name, row, "has no name", _AGAIN)
            seen["spelling variant"] += any(local(x.tag) == "spelling-variant" for x in body.iter())
            since = next(
                (
                    x.get("effective-date", "")
                    for x in changes
                    if x.get("modification-type") == "listed"
                ),
                "",
            )
            sets = [e.get("sanctions-set-id", ""), *texts(e, "sanctions-set-id")]
            lost = next((x for x in sets if x and x not in programmes), None)
            if lost is not None:
                raise refuse(path.name, row, f"sanctions set {lost!r} is in no programme", _AGAIN)
            if not any(sets):
                raise refuse(path.name, row, "has no sanctions-set-id", _AGAIN)
            yield ListedParty(
                id=f"ch-{e.get('ssid')}",
                schema=schema,
                names=named(*names),
                locator=f"target {e.get('ssid')}",
                addresses=unique(tuple(addresses)),
                identifiers=unique(tuple(numbers)),
                countries=unique(tuple(filter(None, countries))),
                listings=tuple(
                    Listing("CH SECO", programmes[s], iso_date(since))
                    for s in dict.fromkeys(sets)
                    if s
                ),
            )
    if not targets:
        raise refuse(path.name, "swiss-sanctions-list", "has no target", _AGAIN)
    refuse_absent(path, targets, seen)
