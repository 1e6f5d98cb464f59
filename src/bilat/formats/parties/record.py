# SPDX-License-Identifier: Apache-2.0
"""What every list of parties is read into: one typed record per party."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bilat.errors import DataError


@dataclass(frozen=True, slots=True)
class Name:
    """A name as listed. ``kind``: primary, alias, weak (the list itself doubts it), former."""

    text: str
    kind: str = "primary"


@dataclass(frozen=True, slots=True)
class Address:
    """An address as listed; ``country`` is the list's own word for it."""

    text: str
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names the party: ``kind`` inn, ogrn, imo, uscc, lei, passport, tax,
    registration, …
    """

    kind: str
    value: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry on a list; dates are YYYY-MM-DD, or empty where the list gives none."""

    list: str
    programme: str = ""
    listed_on: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another party: ``kind`` owner (of this party), linked, parent; share in percent, as
    an interval.
    """

    kind: str
    other: str  # id or name
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One party of one list."""

    id: str
    schema: str  # Person, LegalEntity, Company, Organization, Vessel, Airplane
    names: tuple[Name, ...]
    locator: str
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    countries: tuple[str, ...] = ()
    born: str = ""
    incorporated: str = ""
    listings: tuple[Listing, ...] = ()
    links: tuple[Link, ...] = ()
    remarks: str = ""

    @property
    def name(self) -> str:
        """The primary name."""
        return self.names[0].text


@dataclass
class PartyRows:
    """Rows of one party that a list spreads over several lines."""

    party: ListedParty
    more: list[ListedParty] = field(default_factory=list)

    def joined(self) -> ListedParty:
        """One party with the names, addresses, numbers and listings of all its rows, in order, once
        each.
        """
        p = self.party
        for q in self.more:
            p = replace(
                p,
                names=unique(p.names + q.names),
                addresses=unique(p.addresses + q.addresses),
                identifiers=unique(p.identifiers + q.identifiers),
                countries=unique(p.countries + q.countries),
                listings=unique(p.listings + q.listings),
                links=unique(p.links + q.links),
            )
        return p


def unique(items: tuple) -> tuple:  # type: ignore[type-arg]
    """The items once each, in order."""
    return tuple(dict.fromkeys(items))


def name_tuple(*pairs: tuple[str, str]) -> tuple[Name, ...]:
    """Names from (text, kind), without empty and repeated ones; the first kind met stands."""
    seen: dict[str, Name] = {}
    for text, kind in pairs:
        text = " ".join(text.split())
        if text and text not in seen:
            seen[text] = Name(text, kind)
    return tuple(seen.values())


_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})$")


def iso_date(text: str, *, month_first: bool = False) -> str:
    """YYYY-MM-DD of a day written 17.3.2014, 17/03/2014 or 2014-03-17[T…]; '' for a partial one."""
    text = text.strip()
    match = _DATE.match(text)
    try:
        if match:
            day = int(match[1])
            month = int(match[2])
            year = int(match[3])
            if month_first:
                day, month = month, day
            return dt.date(year + 2000 if year < 100 else year, month, day).isoformat()
        return dt.date.fromisoformat(text[:10]).isoformat() if len(text) >= 10 else ""
    except ValueError:
        return ""


def without_joiner(name: str) -> str:
    """A name without the ``and`` that a list of names, cut at its semicolons, leaves before the
    last one.
    """
    head, _, rest = name.partition(" ")
    return rest.strip() if head == "and" and rest.strip() else name


#: A language that a publisher writes before a name in it: ``Russian: Росгвардия``.
_LANGUAGE = re.compile(
    r"[\s,.(\[]*(?:\b(?:previously listed as)[,.]?\s*)?\b(?:in\s+)?"
    r"(?:arabic|armenian|belarus+ian|burmese|chinese|dari|farsi|georgian|hebrew|japanese|korean"
    r"|pashto|persian|russian|serbian|turkish|ukrainian|urdu)\s*:\s*",
    re.IGNORECASE,
)


def names_by_language(text: str) -> list[str]:
    """Names that a list writes one after the other, with the language before the second.

    ``Gulf Bank Arabic: بنك الخليج`` is two names, ``Chinese: AEE`` is one, and ``Korean:`` is none.
    A text without a language is returned as it is.
    """
    parts = _LANGUAGE.split(text) if ":" in text else [text]
    if len(parts) == 1:
        return [text]
    return [name for part in parts if (name := _closed(part.strip(" .,")))]


def separate_names(names: Iterable[Name]) -> tuple[Name, ...]:
    """Return each name once, those of a text with a language apart; the later ones are aliases."""
    found = []
    for name in names:
        first, *others = names_by_language(name.text) or [""]
        if first:
            found.append(Name(without_joiner(first), name.kind))
        found += [Name(other, "alias") for other in others]
    return unique(tuple(found))


def _closed(name: str) -> str:
    """Return a name without the bracket that was opened in another part."""
    if name.endswith(")") and "(" not in name:
        return name.removesuffix(")").strip()
    return name


def split_names(text: str) -> list[str]:
    """Names that a list runs together with ``;``, ``/`` or line breaks."""
    return [p.strip(" .,") for p in re.split(r"\s*;\s*|\s+/\s+|\n", text) if p.strip(" .,")]


def refuse(path: object, row: object, what: str, cure: str) -> DataError:
    """The error for a row that cannot be read; raise what it returns."""
    return DataError(f"{path}: row {row}: {what}; {cure}")
