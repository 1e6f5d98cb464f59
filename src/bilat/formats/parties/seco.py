# SPDX-License-Identifier: Apache-2.0
"""Switzerland's consolidated list (SECO), XML (swiss-sanctions-list).

A target without body, name or programme, a place or a set that is referred to and not there, and a
part that none of a hundred targets has are refused: each is what a renamed element leaves. An
optional part that is renamed in a file of fewer targets cannot be told from one that they lack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from bilat.errors import DataError
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
from bilat.formats.parties.text import (
    child_text,
    elements,
    first_child,
    local,
    refuse_absent,
    texts,
)

_AGAIN = "the schema has changed, or the file was altered: pull it again"
_KINDS = {"individual": "Person", "entity": "LegalEntity"}
_NAME_KINDS = {"primary-name": "primary", "formerly-known-as": "former"}
_OPTIONAL = (
    "modification",
    "nationality",
    "address",
    "document with its number",
    "spelling variant",
)


def parties(path: Path) -> Iterator[ListedParty]:
    """Parse the targets that are listed and not de-listed."""
    file = _SwissFile(path)
    root = {"": frozenset({"swiss-sanctions-list"})}
    for element in elements(path, {"sanctions-program", "place", "target"}, root):
        tag = local(element.tag)
        if tag == "sanctions-program":
            file.add_programme(element)
        elif tag == "place":
            file.add_place(element)
        else:
            party = file.target(element)
            if party is not None:
                yield party
    if not file.targets:
        raise refuse(path.name, "swiss-sanctions-list", "has no target", _AGAIN)
    refuse_absent(path, file.targets, file.seen)


class _SwissFile:
    """What has been read of a file; targets name programmes and places by number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.programmes: dict[str, str] = {}
        #: Number -> (place, ISO code of the state).
        self.places: dict[str, tuple[str, str]] = {}
        self.targets = 0
        #: Optional part -> how often it was met.
        self.seen = dict.fromkeys(_OPTIONAL, 0)

    def _refuse(self, row: str, what: str) -> DataError:
        return refuse(self.path.name, row, what, _AGAIN)

    def add_programme(self, e: Element) -> None:
        """Take in a programme with the numbers of its sets."""
        key = ""
        for one in _called(e, "program-key"):
            if one.get("lang") == "eng":
                key = one.text or ""
        if not key:
            raise self._refuse(f"sanctions-program {e.get('ssid')}", "has no program-key")
        for one in _called(e, "sanctions-set"):
            self.programmes[one.get("ssid", "")] = key

    def add_place(self, e: Element) -> None:
        """Take in a place."""
        country = first_child(e, "country")
        code = "" if country is None else country.get("iso-code", "")
        self.places[e.get("ssid", "")] = (", ".join(texts(e, "location", "area")), code)

    def target(self, e: Element) -> ListedParty | None:
        """Return the party of a target; None where it was de-listed."""
        self.targets += 1
        row = f"target {e.get('ssid')}"
        body = _body(e)
        if body is None:
            raise self._refuse(row, "has no individual, entity or object")
        since = ""
        changes = _called(e, "modification")
        for change in changes:
            what = change.get("modification-type")
            if what == "de-listed":
                return None
            if what == "listed":
                since = since or change.get("effective-date", "")
        if changes:
            self.seen["modification"] += 1
        if _called(body.iter(), "spelling-variant"):
            self.seen["spelling variant"] += 1
        names: list[tuple[str, str]] = []
        parts: list[Element] = []
        for identity in _called(body, "identity"):
            names += _names(identity)
            parts += identity
        if not names or not all(text.strip() for text, _ in names):
            raise self._refuse(row, "has no name")
        return ListedParty(
            id=f"ch-{e.get('ssid')}",
            schema=_schema(body),
            names=name_tuple(*names),
            locator=row,
            addresses=unique(tuple(self._addresses(parts, row))),
            identifiers=unique(tuple(self._numbers(parts))),
            countries=unique(tuple(self._nationalities(parts))),
            listings=tuple(self._listings(e, since, row)),
        )

    def _addresses(self, parts: Sequence[Element], row: str) -> Iterator[Address]:
        for part in _called(parts, "address"):
            self.seen["address"] += 1
            number = part.get("place-id", "")
            if number and number not in self.places:
                raise self._refuse(row, f"place {number!r} is not there")
            place, state = self.places.get(number, ("", ""))
            text = ", ".join([*texts(part, "address-details", "zip-code"), place, state])
            yield Address(text.strip(", "), place, state)

    def _numbers(self, parts: Sequence[Element]) -> Iterator[Identifier]:
        for part in _called(parts, "identification-document"):
            number = child_text(part, "number")
            if number:
                self.seen["document with its number"] += 1
                yield Identifier(*canonical(identifier_kind(part.get("document-type", "")), number))

    def _nationalities(self, parts: Sequence[Element]) -> Iterator[str]:
        for part in _called(parts, "nationality"):
            self.seen["nationality"] += 1
            for country in _called(part, "country"):
                code = country.get("iso-code", "")
                if code:
                    yield code

    def _listings(self, e: Element, since: str, row: str) -> Iterator[Listing]:
        sets = unique((e.get("sanctions-set-id", ""), *texts(e, "sanctions-set-id")))
        if not any(sets):
            raise self._refuse(row, "has no sanctions-set-id")
        for one in filter(None, sets):
            programme = self.programmes.get(one)
            if programme is None:
                raise self._refuse(row, f"sanctions set {one!r} is in no programme")
            yield Listing("CH SECO", programme, iso_date(since))


def _body(target: Element) -> Element | None:
    for part in target:
        if local(part.tag) in ("individual", "entity", "object"):
            return part
    return None


def _called(elements: Iterable[Element], name: str) -> list[Element]:
    return [e for e in elements if local(e.tag) == name]


def _schema(body: Element) -> str:
    if body.get("object-type") == "vessel":
        return "Vessel"
    return _KINDS.get(local(body.tag), "LegalEntity")


def _names(identity: Element) -> list[tuple[str, str]]:
    """Return the names of an identity with their kinds, the primary first."""
    out = []
    for name in _called(identity, "name"):
        kind = _NAME_KINDS.get(name.get("name-type", ""), "alias")
        if name.get("quality") == "low":
            kind = "weak"
        parts = _called(name, "name-part")
        parts.sort(key=lambda part: int(part.get("order", "0") or 0))
        out.append((" ".join(child_text(part, "value") for part in parts), kind))
        out += [(" ".join(words), "alias") for words in _variants(parts)]
    return sorted(out, key=lambda n: n[1] != "primary")


def _variants(parts: Sequence[Element]) -> Iterable[list[str]]:
    """Return the words of a name in each other script."""
    variants: dict[str, list[str]] = {}
    for part in parts:
        for variant in _called(part, "spelling-variant"):
            if variant.text:
                variants.setdefault(variant.get("script", ""), []).append(variant.text.strip())
    return variants.values()
