# SPDX-License-Identifier: Apache-2.0
"""Numbers that name a party: which kind they are, one spelling for each, and their check digits.

Check digits: INN and OGRN by the orders of Russia's tax service, IMO ship numbers by IMO resolution
A.1117(30), USCC by GB 32100-2015, LEI by ISO 17442 (ISO 7064 MOD 97-10).
"""

from __future__ import annotations

import re

_SPACES = re.compile(r"[\s.\-–/]+")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: Kinds whose value alone names one party, whatever the country.
STRONG = frozenset({"inn", "ogrn", "imo", "uscc", "lei", "mmsi", "swift"})
#: Lengths of Russian numbers: of an organisation, then of a person.
INN_DIGITS = (10, 12)
OGRN_DIGITS = (13, 15)
_LABELS = [
    (re.compile(p, re.IGNORECASE), kind)
    for p, kind in [
        (r"\bimo\b", "imo"),
        (r"\bmmsi\b", "mmsi"),
        (r"\blei\b|legal entity (?:identifier|number)", "lei"),
        (r"\bogrn|registration number.*\brussia|government gazette", "ogrn"),
        (r"\binn\b|taxpayer identification|tax id", "inn"),
        (r"\buscc\b|unified social credit|社会信用", "uscc"),
        (r"passport", "passport"),
        (r"swift|\bbic\b", "swift"),
        (
            r"national id|identification number|identity card|\bid\b no|cedula|c\.u\.r\.p",
            "national",
        ),
        (r"tax|\brfc\b|\brif\b|\bvat\b|\bnit\b", "tax"),
        (
            r"regist|company number|commercial|enterprise number|organization code|license|licence",
            "registration",
        ),
        (r"aircraft.*(?:serial|tail)|tail number|construction number", "aircraft"),
    ]
]


def identifier_kind(label: str) -> str:
    """The kind that a list's own label for a number means; ``other`` where it is none of ours."""
    return next((kind for pattern, kind in _LABELS if pattern.search(label)), "other")


def canonical(kind: str, value: str) -> tuple[str, str]:
    """Return a number in one spelling, with its kind.

    A number with check digits shows its kind by itself, whatever the list calls it.
    """
    value = _SPACES.sub("", value).upper()
    if kind == "imo":
        value = value.removeprefix("IMO")
    if kind in _LABELS_OF_SHIPS_AND_FIRMS and _is_imo_with_prefix(value):
        return "imo", value.removeprefix("IMO")
    for shown, has_its_form, labels in _SHOWN_BY_FORM:
        if kind in labels and has_its_form(value):
            return shown, value
    if kind == "inn" and not _has_digits(value, INN_DIGITS):
        return "tax", value
    if kind == "ogrn" and not _has_digits(value, OGRN_DIGITS):
        return "registration", value
    return kind, value


def _has_digits(value: str, lengths: tuple[int, ...]) -> bool:
    return value.isdigit() and len(value) in lengths


def _is_imo_with_prefix(value: str) -> bool:
    return value.startswith("IMO") and _has_digits(value.removeprefix("IMO"), (7,))


def is_inn(value: str) -> bool:
    """Russian taxpayer number: 10 digits of an organisation or 12 of a person."""
    if not value.isdigit():
        return False
    d = [int(c) for c in value]

    def check(weights: tuple[int, ...]) -> int:
        return sum(w * x for w, x in zip(weights, d, strict=False)) % 11 % 10

    if len(d) == 10:
        return check((2, 4, 10, 3, 5, 9, 4, 6, 8)) == d[9]
    if len(d) == 12:
        return (
            check((7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == d[10]
            and check((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == d[11]
        )
    return False


def is_ogrn(value: str) -> bool:
    """Russian state registration number: 13 digits (organisation) or 15 (sole trader)."""
    if not _has_digits(value, OGRN_DIGITS):
        return False
    return int(value[:-1]) % (len(value) - 2) % 10 == int(value[-1])


def is_imo(value: str) -> bool:
    """IMO ship number: seven digits, the last a check digit."""
    if len(value) != 7 or not value.isdigit():
        return False
    return sum(int(c) * w for c, w in zip(value, range(7, 1, -1), strict=False)) % 10 == int(
        value[6]
    )


def has_form_of_bic(value: str) -> bool:
    """Return whether a value has the form of a bank's code: 8 or 11 characters, 6 letters first."""
    return len(value) in (8, 11) and value.isascii() and value.isalnum() and value[:6].isalpha()


def is_uscc(value: str) -> bool:
    """Chinese unified social credit code: 18 characters, the last a check character."""
    if len(value) != 18 or any(c not in _USCC_ALPHABET for c in value):
        return False
    total = sum(_USCC_ALPHABET.index(c) * pow(3, n, 31) for n, c in enumerate(value[:17]))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == value[17]


def is_lei(value: str) -> bool:
    """Legal entity identifier: 20 characters, ISO 7064 MOD 97-10."""
    if len(value) != 20 or not value.isascii() or not value.isalnum() or not value[18:].isdigit():
        return False
    return int("".join(str(int(c, 36)) for c in value)) % 97 == 1


def fails_check(kind: str, value: str) -> bool:
    """Whether a number of a kind with check digits is none of that kind."""
    tests = {"inn": is_inn, "ogrn": is_ogrn, "imo": is_imo, "uscc": is_uscc, "lei": is_lei}
    return kind in tests and not tests[kind](value)


#: Labels under which lists give numbers of ships and firms, of Russians, and of any firm.
_LABELS_OF_SHIPS_AND_FIRMS = frozenset({"imo", "other", "registration", "tax", "inn", "ogrn"})
_LABELS_OF_RUSSIANS = frozenset({"inn", "ogrn", "tax", "registration", "other", "national"})
_LABELS_OF_LEI = frozenset({"lei", "registration", "other"})
#: Kinds whose numbers are known by their form, in the order tried, and the labels to be tried.
_SHOWN_BY_FORM = (
    ("uscc", is_uscc, _LABELS_OF_SHIPS_AND_FIRMS),
    ("ogrn", is_ogrn, _LABELS_OF_RUSSIANS),
    ("inn", is_inn, _LABELS_OF_RUSSIANS),
    ("lei", is_lei, _LABELS_OF_LEI),
)
