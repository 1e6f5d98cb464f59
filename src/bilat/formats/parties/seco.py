# SPDX-License-Identifier: Apache-2.0
"""Switzerland's consolidated list (SECO), XML, by its published schema (swiss-sanctions-list)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bilat.formats.parties.identifiers import canonical, kind_of
from bilat.formats.parties.record import Address, Identifier, ListedParty, Listing, iso_date, named, unique
from bilat.formats.parties.text import child, elements, local, text_of, texts

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
            (e for e in name if local(e.tag) == "name-part"), key=lambda e: int(e.get("order", "0") or 0)
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
    for e in elements(path, {"sanctions-program", "place", "target"}):
        tag = local(e.tag)
        if tag == "sanctions-program":
            key = next(
                (x.text or "" for x in e if local(x.tag) == "program-key" and x.get("lang") == "eng"), ""
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
            changes = [x for x in e if local(x.tag) == "modification"]
            if changes and any(x.get("modification-type") == "de-listed" for x in changes):
                continue
            body = next((x for x in e if local(x.tag) in ("individual", "entity", "object")), None)
            if body is None:
                continue
            schema = _KINDS.get(
                local(body.tag), "Vessel" if body.get("object-type") == "vessel" else "LegalEntity"
            )
            names: list[tuple[str, str]] = []
            addresses, numbers, countries = [], [], []
            for identity in (x for x in body if local(x.tag) == "identity"):
                names += _names(identity)
                for part in identity:
                    if local(part.tag) == "address":
                        place, country_code = places.get(part.get("place-id", ""), ("", ""))
                        text = ", ".join([*texts(part, "address-details", "zip-code"), place, country_code])
                        addresses.append(Address(text.strip(", "), place, country_code))
                    elif local(part.tag) == "identification-document" and text_of(part, "number"):
                        kind = kind_of(part.get("document-type", ""))
                        numbers.append(Identifier(*canonical(kind, text_of(part, "number"))))
                    elif local(part.tag) == "nationality":
                        countries += [c.get("iso-code", "") for c in part if local(c.tag) == "country"]
            if not any(n for n, _ in names):
                continue
            since = next(
                (x.get("effective-date", "") for x in changes if x.get("modification-type") == "listed"), ""
            )
            sets = [e.get("sanctions-set-id", ""), *texts(e, "sanctions-set-id")]
            yield ListedParty(
                id=f"ch-{e.get('ssid')}",
                schema=schema,
                names=named(*names),
                locator=f"target {e.get('ssid')}",
                addresses=unique(tuple(addresses)),
                identifiers=unique(tuple(numbers)),
                countries=unique(tuple(filter(None, countries))),
                listings=tuple(
                    Listing("CH SECO", programmes.get(s, s), iso_date(since))
                    for s in dict.fromkeys(sets)
                    if s
                )
                or (Listing("CH SECO", "", iso_date(since)),),
            )
