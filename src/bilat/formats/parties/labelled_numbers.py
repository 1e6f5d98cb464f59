# SPDX-License-Identifier: Apache-2.0
"""Fields that name numbers of a party by labels: ``INN: 7719265496 OGRN: 1037719005873``."""

from __future__ import annotations

import re

from bilat.formats.parties.identifiers import canonical, fails_check

#: A label may run into the number before it or behind it (`INN7802830545OGRN - 10278...`), so
#: only a letter next to it makes it part of another word.
_WORD = r"(?<![^\W\d_])(?:{})(?![^\W\d_])"
_PATTERNS = {
    "inn": _WORD.format("INN|TIN|ИНН|tax(?:payer)?"),
    "ogrn": _WORD.format("OGRN(?:IP)?|PSRN|SRN|ОГРН|registration number"),
    "swift": _WORD.format("SWIFT|BIC"),
    "uscc": _WORD.format("USCC|unified social credit"),
    "lei": _WORD.format("LEI|legal entity identifier"),
    "bank": r"(?<![A-Z0-9])(?-i:[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Z0-9])",
    "china": r"(?<![A-Z0-9])(?=\d{8})[A-Z0-9]{18}(?![A-Z0-9])",
    "world": r"(?<![A-Z0-9])(?=\d)[A-Z0-9]{18}\d\d(?![A-Z0-9])",
    "russia": r"(?<!\d)\d{10,15}(?!\d)",
}
_LABELLED = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()), re.IGNORECASE
)
#: What a number of each form may be, by the label with it. Some call China's code a tax number.
_KINDS = {
    "bank": {"swift": "swift"},
    "china": {"uscc": "uscc", "inn": "uscc"},
    "world": {"lei": "lei"},
    "russia": {"inn": "inn", "ogrn": "ogrn"},
}


def labelled_numbers(kind: str, value: str) -> tuple[tuple[str, str], ...]:
    """Return the numbers that a field names by their labels, as (kind, value).

    A number counts as what its label says only if its check digits are right (the code of a bank
    has none). A field without such a number is one number of ``kind``.
    """
    found: list[tuple[str, str]] = []
    bare: list[tuple[str, str]] = []
    label = ""
    for match in _LABELLED.finditer(value):
        form = match.lastgroup or ""
        number = match[0].upper()
        if form not in _KINDS:
            label = form
        elif not label:
            bare.append((form, number))
        elif _is_right(form, label, number):
            found.append((_KINDS[form][label], number))
            label = ""
    if not found and label:
        # The label stands behind its number: `7813654490 - TIN`.
        found = [(_KINDS[form][label], n) for form, n in bare if _is_right(form, label, n)]
    return tuple(dict.fromkeys(found)) or (canonical(kind, value),)


def _is_right(form: str, label: str, number: str) -> bool:
    kind = _KINDS[form].get(label)
    return kind is not None and not fails_check(kind, number)
