# SPDX-License-Identifier: Apache-2.0
"""What trade publishers call their partners, as codes: countries, groups, and what is not a
country.
"""

from __future__ import annotations

import re
from functools import cache

from bilat.places.countries import codes, country_or_none

#: "(incl. Namibia 'NA' -> 1989)" and the like: the label's history, no part of its name.
_HISTORY = re.compile(r"\s*\((?:incl\.|depuis|Eire|Siège).*$")
_BRACKET = re.compile(r"\s*\(.*$")


@cache
def _labels() -> tuple[dict[str, str], frozenset[str]]:
    """(label -> code, codes that are groups of others)."""
    raw = codes()["partners"]
    found = {
        label: code for part in raw.values() for code, labels in part.items() for label in labels
    }
    return found, frozenset(raw["groups"]) | {"ROW"}


@cache
def partner_code(label: str) -> tuple[str, bool]:
    """(code, whether it is a group of others) of a publisher's label.

    Countries come as ISO 3166-1 alpha-3, groups as the codes of ``codes.toml``; a label known
    nowhere comes back as published, as no group.
    """
    known, groups = _labels()
    label = label.strip()
    for text in (label, _HISTORY.sub("", label), _BRACKET.sub("", label)):
        code = known.get(text) or country_or_none(text)
        if code:
            return code, code in groups
    return label, False
