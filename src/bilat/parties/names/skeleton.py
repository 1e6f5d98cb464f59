# SPDX-License-Identifier: Apache-2.0
"""The skeleton of a word: one spelling for the many ways in which the same sounds are written in Latin.

``Sergey``, ``Sergei``, ``Sergej``, ``Sergueï`` -> ``sergei``; ``Yuriy``, ``Iurii``, ``Jurij`` -> ``iuri``;
``Khrushchev``, ``Chruschtschow`` -> ``hruwev``. The letters left over serve as signs: ``w`` is sh, ``x`` is
zh, ``q`` is ch, ``c`` is ts. Only letters a-z and digits remain.
"""

from __future__ import annotations

import re
from functools import lru_cache

# In order: longest spellings first. Each is a spelling in one of the schemes met in published lists.
# Each rule is tried only where its letter occurs.
_RULES: list[tuple[str, re.Pattern[str], str]] = [
    (letter, re.compile(p), r)
    for letter, p, r in [
        ("c", r"schtsch|chtch|shtch|stch|schch", "W"),
        ("h", r"shch", "W"),
        ("z", r"szcz", "W"),
        ("c", r"tsch|tch|cz", "Q"),
        ("s", r"sch|sh|sz", "W"),
        ("d", r"dzh|dsch|dj", "J"),
        ("h", r"zh", "X"),
        ("h", r"tech", "tekh"),
        ("c", r"tec$", "tekh"),
        ("h", r"arch", "arkh"),
        ("h", r"ch(?=r)", "kh"),
        ("h", r"ch", "Q"),
        ("h", r"kh", "H"),
        ("t", r"ts(?=[aeiouyvj]|$)|tz(?=[aeiouy]|$)", "C"),
        ("h", r"([gtdb])h", r"\1"),
        ("h", r"ph", "f"),
        ("x", r"x", "ks"),
        ("w", r"w", "v"),
        ("q", r"q(?=i[aeounq]|u[aen]|u$|i$)", "Q"),
        ("g", r"gue(?=[iy])", "ge"),
        ("q", r"qu(?=[aeio])", "kv"),
        ("q", r"q", "k"),
        ("c", r"ck", "k"),
        ("c", r"c(?=[eiy])", "C"),
        ("c", r"c", "k"),
        ("o", r"oo|ou(?!s$)", "u"),
        ("o", r"[yj]o", "e"),
        ("e", r"^(?:[yji]+e)", "e"),
        ("e", r"(?<=[aeiouy])[yij]+(?=e)", ""),
        ("", r"[yj]", "i"),
        ("i", r"(?<=[^aeiou])i+e(?=[^aeiou])", "e"),
        ("h", r"(?<=[aeiou])h$", ""),
        ("", r"(.)\1+", r"\1"),
        ("J", r"J", "x"),
    ]
]
_LOWER = str.maketrans("WQXCH", "wqxch")

_ENDINGS = re.compile(
    r"(?<=sk)(?:i|aia|oe|oie|ogo|oi|omu|ie|ih|im|o|a|ei|oiu|uiu)$"
    r"|(?<=[bcdfghklmnpqrstvwxz])(?:naia|noe|noie|nogo|noi|nie|nih|nim|no|ni|nei|nii)$"
    r"|(?<=[vtlrn])(?:aia|oe|oie|ogo|ie|ih)$"
)


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """The skeleton of one romanised lower-case word."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    if not word.isascii():
        return word
    for letter, pattern, replacement in _RULES:
        if letter in word:
            word = pattern.sub(replacement, word)
    return word.translate(_LOWER)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A skeleton without the ending of a Russian adjective (``qeliabinski`` -> ``qeliabinsk``)."""
    if len(word) < 6:
        return word
    match = _ENDINGS.search(word)
    if match is None:
        return word
    kept = word[: match.start()]
    return kept + "n" if match[0].startswith("n") and not kept.endswith("n") else kept
