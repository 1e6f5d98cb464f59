# SPDX-License-Identifier: Apache-2.0
"""Whose son: patronymics; and names with bin, ibn, ben or bint, where the order of words says who the person is."""

from __future__ import annotations

import re

from rapidfuzz.distance import Indel

#: Skeletons of East Slavic patronymics: -ovich, -evych, -ich, -ovna, -ivna, -ichna, Belarusian -auna.
PATRONYMIC = re.compile(r"[a-z]{2,}(?:[aeiou]viq|[lmk]iq|[aeiou]vna|auna|iqna)$")
_OF = re.compile(r"\s(?:bin|ibn|ben|bint)\s")
#: Likeness from which two spellings are one name.
_ALIKE = 0.75


def swapped(asked: str, listed: str) -> bool:
    """Whether two plain names (lower case) bear the given name and the father's name the other way round.

    >>> swapped("salman bin muhammad al rawi", "muhammad bin salman al rawi")
    True
    """
    a, b = _OF.split(asked), _OF.split(listed)
    if len(a) < 2 or len(b) < 2:
        return False
    own_a, own_b = a[0].split(), b[0].split()
    father_a, father_b = a[1].split()[:1], b[1].split()[:1]
    if not (own_a and own_b and father_a and father_b):
        return False

    def alike(x: str, y: str) -> bool:
        return Indel.normalized_similarity(x, y) >= _ALIKE

    return not alike(own_a[0], own_b[0]) and alike(own_a[0], father_b[0]) and alike(father_a[0], own_b[0])
