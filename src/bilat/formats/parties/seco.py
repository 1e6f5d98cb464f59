# SPDX-License-Identifier: Apache-2.0
"""Switzerland's consolidated list (SECO), XML (swiss-sanctions-list).

A target without body, name or programme, a place or a set that is referred to and not there, and a
part that none of a hundred targets has are refused: each is what a renamed element leaves. An
optional part that is renamed in a file of fewer targets cannot be told from one that they lack.

A target's history stands in its modifications, with copies of the parts that were added and
removed, whole targets among them: only what stands outside them is in force. A target of which the
newest modification de-lists it is not. Places may stand behind the targets that refer to them, so
that a file is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    for element in _parts(path):
        tag = local(element.tag)
        if tag == "sanctions-program":
            file.add_programme(element)
        elif tag == "place":
            file.add_place(element)
    for element in _parts(path):
        if local(element.tag) == "target":
            party = file.target(element)
            if party is not None:
                yield party
    if not file.targets:
        raise refuse(path.name, "swiss-sanctions-list", "has no target", _AGAIN)
    refuse_absent(path, file.targets, file.seen)


def _parts(path: Path) -> Iterator[Element]:
    root = {"": frozenset({"swiss-sanctions-list"})}
    return elements(path, {"sanctions-program", "place", "target"}, root)


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

    def add_programme(self, element: Element) -> None:
        """Take in a programme with the numbers of its sets."""
        key = ""
        for one in _called(element, "program-key"):
            if one.get("lang") == "eng":
                key = one.text or ""
        if not key:
            raise self._refuse(f"sanctions-program {element.get('ssid')}", "has no program-key")
        for one in _called(element, "sanctions-set"):
            self.programmes[one.get("ssid", "")] = key

    def add_place(self, element: Element) -> None:
        """Take in a place."""
        country = first_child(element, "country")
        code = "" if country is None else country.get("iso-code", "")
        self.places[element.get("ssid", "")] = (", ".join(texts(element, "location", "area")), code)

    def target(self, element: Element) -> ListedParty | None:
        """Return the party of a target; None where it was de-listed."""
        self.targets += 1
        row = f"target {element.get('ssid')}"
        body = _body(element)
        if body is None:
            raise self._refuse(row, "has no individual, entity or object")
        changes = _called(element, "modification")
        if _newest(changes).get("modification-type") == "de-listed":
            return None
        entries = [c for c in changes if c.get("modification-type") == "listed"]
        since = _newest(entries).get("effective-date", "")
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
        schema = _schema(body)
        births = "; ".join(dict.fromkeys(map(_day, _called(parts, "day-month-year"))))
        return ListedParty(
            id=f"ch-{element.get('ssid')}",
            schema=schema,
            names=name_tuple(*names),
            locator=row,
            addresses=unique(tuple(self._addresses(parts, row))),
            identifiers=unique((*self._numbers(parts), *_numbers_in_words(body))),
            born=births if schema == "Person" else "",
            incorporated="" if schema == "Person" else births,
            countries=unique(tuple(self._nationalities(parts))),
            listings=tuple(self._listings(element, since, row)),
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

    def _listings(self, element: Element, since: str, row: str) -> Iterator[Listing]:
        sets = unique(
            (element.get("sanctions-set-id", ""), *_own_texts(element, "sanctions-set-id"))
        )
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


def _own_texts(element: Element, name: str) -> list[str]:
    """Return the texts of the children of that name: deeper ones are history."""
    return [(part.text or "").strip() for part in _called(element, name)]


def _newest(changes: Sequence[Element]) -> Element:
    """Return the newest modification; of one day the first, for they stand newest first."""
    blank = Element("modification")
    return max(changes, key=_day_of_change, default=blank)


def _day_of_change(change: Element) -> str:
    for name in ("effective-date", "enactment-date", "publication-date"):
        day = change.get(name)
        if day:
            return day
    return ""


def _day(element: Element) -> str:
    """Return a day, a month or a year as it is known."""
    known: list[str] = []
    for part in ("year", "month", "day"):
        number = element.get(part)
        if not number:
            break
        known.append(number.zfill(2))
    return "-".join(known)


#: A number with its label, as it stands among the other information on a target.
_LABELLED = re.compile(r"(?P<label>[^:]{3,60}?) ?: ?(?P<number>[0-9A-Za-z-]{5,25})[.]?")
#: What a number has, and a word that stands in its place has not.
_IS_NUMBER = re.compile(r"[0-9]{5}|^[A-Z]{8}")
#: Kinds that such a label may mean; a telephone number is none.
_IN_WORDS = ("imo", "inn", "ogrn", "registration", "tax", "swift", "lei")


def _numbers_in_words(body: Element) -> Iterator[Identifier]:
    for text in _own_texts(body, "other-information"):
        found = _LABELLED.fullmatch(text)
        if found is None:
            continue
        number = found["number"]
        kind = identifier_kind(found["label"])
        if kind in _IN_WORDS and _IS_NUMBER.search(number):
            yield Identifier(*canonical(kind, number))


def _names(identity: Element) -> list[tuple[str, str]]:
    """Return the names of an identity with their kinds, the primary first."""
    out = []
    for name in _called(identity, "name"):
        kind = _NAME_KINDS.get(name.get("name-type", ""), "alias")
        if name.get("quality") == "low":
            kind = "weak"
        parts = _called(name, "name-part")
        parts.sort(key=lambda part: int(part.get("order", "0") or 0))
        parts = list(filter(_is_no_title, parts)) or parts
        whole = " ".join(map(_value, parts))
        out.append((whole, kind))
        if kind != "weak":
            kind = "alias"
        for text in _variants(parts):
            out.append((text, kind))
    return sorted(out, key=lambda n: n[1] != "primary")


def _variants(parts: Sequence[Element]) -> Iterator[str]:
    """Yield the other spellings of a whole name, script by script.

    The first spellings of each part are one name, the second ones another. A part without a
    spelling in Latin letters keeps its own; in another script the name is left out unless every
    part has one.
    """
    spelt = [_spellings(part) for part in parts]
    scripts: dict[str, None] = {}
    for found in spelt:
        scripts |= dict.fromkeys(found)
    for script in scripts:
        own: tuple[str, ...] = ()
        if script.upper() == "LATN":
            own = tuple(map(_value, parts))
        whole = _in_script(spelt, script, own)
        if whole:
            most = max(map(len, whole))
            for n in range(most):
                yield " ".join(_nth(of, n) for of in whole)


def _in_script(
    spelt: Sequence[Mapping[str, list[str]]],
    script: str,
    own: Sequence[str],
) -> list[list[str]]:
    """Return the spellings of each part in a script; none where a part has none.

    ``own`` is what stands for a part that has none.
    """
    whole = []
    for n, found in enumerate(spelt):
        texts_of_part = found.get(script, [])
        if not texts_of_part and own:
            texts_of_part = [own[n]]
        if not texts_of_part:
            return []
        whole.append(texts_of_part)
    return whole


def _nth(texts_of_part: Sequence[str], n: int) -> str:
    """Return a spelling by its number, the last one where there are fewer."""
    last = len(texts_of_part) - 1
    return texts_of_part[min(n, last)]


def _value(part: Element) -> str:
    """Return a part of a name."""
    return child_text(part, "value")


def _is_no_title(part: Element) -> bool:
    """Return whether a part of a name is none such as Colonel."""
    kind = part.get("name-part-type")
    return kind != "title"


def _spellings(part: Element) -> dict[str, list[str]]:
    """Return the other spellings of a part of a name, by script."""
    found: dict[str, list[str]] = {}
    for variant in _called(part, "spelling-variant"):
        text = (variant.text or "").strip()
        if text:
            found.setdefault(variant.get("script", ""), []).append(text)
    return found
