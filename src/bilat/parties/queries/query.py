# SPDX-License-Identifier: Apache-2.0
"""A name to screen with what is known besides it, and identity numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bilat.formats.parties import Identifier
from bilat.formats.parties.identifiers import canonical, identifier_kind, is_imo
from bilat.parties.queries.headers import Columns
from bilat.places.place_codes import by_alpha2

#: Kinds of numbers that may be written as they are.
KINDS = frozenset(
    "inn ogrn imo uscc lei mmsi swift passport tax registration national other".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Query:
    """One line to screen; two that ask the same are equal, wherever they stand."""

    id: str = field(compare=False)
    name: str
    row: int = field(compare=False)  # as a spreadsheet numbers it
    schema: str | None = None
    address: str = ""
    country: str = ""
    identifiers: tuple[Identifier, ...] = field(default=())
    born: str = ""
    nationality: str = ""
    place: str = ""
    cells: tuple[str, ...] = field(
        default=(), compare=False
    )  # the whole row of the user's file, as written
    column: str = field(default="", compare=False)  # header of the name, where a row has several
    columns: Columns | None = field(default=None, compare=False)  # of the file
    role: str = field(default="", compare=False)  # of the party in its consignment
    title: str = field(default="", compare=False)  # by what a party without a name goes
    share: str = field(default="", compare=False)  # of an owner in the firm, as the row has it

    @property
    def asked(self) -> str:
        """The name, or what stands for it."""
        return self.name or self.title

    @property
    def reference(self) -> str:
        """The user's own reference of the row; '' where the file gives none."""
        return "" if self.id == str(self.row) else self.id

    def row_fields(self) -> dict[str, str]:
        """What the row says of its consignment: HS code, value, goods."""
        return self.columns.row_fields(self.cells) if self.columns else {}

    def of_party(self) -> dict[str, str]:
        """What the row says of the party besides its name, by what it is."""
        return self.columns.of_party(self.column, self.cells) if self.columns else {}

    def of_nobody(self) -> dict[str, str]:
        """What the row says of none of its parties, by header."""
        return self.columns.of_nobody(self.cells) if self.columns else {}

    def beside(self) -> dict[str, str]:
        """What else the row says, by header."""
        return self.columns.beside(self.column, self.cells) if self.columns else {}


_LABELLED = re.compile(
    r"^([^\W\d_][^\W\d_/. ]*(?: (?:id|no\.?|number))?)\s*[:№#.\s]\s*(?=[A-Z]{0,6}\d)", re.IGNORECASE
)


def numbers_of(labelled: Iterable[tuple[str, str]]) -> tuple[Identifier, ...]:
    """Numbers with the labels that stand before them, in one spelling each."""
    out = []
    for label, value in labelled:
        kind, number = canonical(_kind(label), value[:64])
        out.append(Identifier(kind, number))
        if (
            kind == "swift" and len(number) == 11
        ):  # eleven characters name a branch: a list has its bank
            out.append(Identifier(kind, number[:8]))
    return tuple(dict.fromkeys(out))


def _kind(label: str) -> str:
    """The kind of number that a label names, whole or by one of its words (``SWIFT/BIC``,
    ``Steuernr. (INN)``).
    """
    words = [label, *re.findall(r"[^\W_]+", label)]
    kinds = (w if w in KINDS else identifier_kind(w) for w in words if w)
    return next((k for k in kinds if k != "other"), "other")


def identifiers(text: str, label: str = "") -> tuple[Identifier, ...]:
    """Numbers written ``inn:7703…; IMO 9187629; ИНН 7736…`` or bare; the kind of a bare one is told
    by the column's label or its check digits. A SWIFT code need hold no digit.
    """
    found = []
    for part in text.replace(",", ";").split(";") if text else ():
        part = part.strip()
        kind, colon, value = part.rpartition(":")
        if not colon and (match := _LABELLED.match(part)):
            kind = match[1]
            value = part[match.end() :]
        kind = kind.strip().lower() or label
        value = value.strip()
        if any(c.isdigit() for c in value) or (_kind(kind) == "swift" and len(value) in (8, 11)):
            found.append((kind, value))
    return numbers_of(found)


_LABEL_WORDS = re.compile(
    r"(?<![^\W_])(?:swift|bic|code|inn|ogrn|imo|lei|uscc|no|nr|number|инн|огрн|имо|tax|id|vessel|ship)(?![^\W_])[\s.:#№/]*",
    re.IGNORECASE,
)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def bare_numbers(text: str) -> tuple[Identifier, ...]:
    """Numbers that stand alone in a name field, with or without a label, however they are spaced:
    INN, OGRN, USCC and LEI by their check digits, an IMO number of seven digits, a BIC.
    """
    rest = re.sub(r"[\s.\-–/]+", "", _LABEL_WORDS.sub("", text)).upper()
    if not (7 <= len(rest) <= 20 and rest.isascii() and rest.isalnum()):
        return ()
    kind, value = canonical("other", rest)
    if kind != "other":
        return (Identifier(kind, value),)
    if is_imo(rest):
        return (Identifier("imo", rest),)
    return (
        numbers_of([("swift", rest)]) if _BIC.fullmatch(rest) and rest[4:6] in by_alpha2() else ()
    )
