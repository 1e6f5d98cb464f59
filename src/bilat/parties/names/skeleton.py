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
_RULES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(p), r)
    for p, r in [
        (r"['’`]", ""),
        (r"schtsch|chtch|shtch|shch|stch|szcz|schch", "W"),
        (r"tsch|tch|cz", "Q"),
        (r"sch|sh|sz", "W"),
        (r"dzh|dsch|dj", "J"),
        (r"zh", "X"),
        (r"tech", "tekh"),
        (r"arch", "arkh"),
        (r"ch(?=r)", "kh"),
        (r"ch", "Q"),
        (r"kh", "H"),
        (r"ts(?=[aeiouyvj]|$)|tz(?=[aeiouy]|$)", "C"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"bh", "b"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"q(?=i[aeounq]|u[aen]|u$|i$)", "Q"),
        (r"gue(?=[iy])", "ge"),
        (r"qu(?=[aeio])", "kv"),
        (r"q", "k"),
        (r"ck", "k"),
        (r"c(?=[eiy])", "C"),
        (r"c", "k"),
        (r"oo|ou(?!s$)", "u"),
        (r"[yj]o", "e"),
        (r"^(?:[yji]+e)", "e"),
        (r"(?<=[aeiouy])[yij]+(?=e)", ""),
        (r"[yj]", "i"),
        (r"(?<=[^aeiou])i+e(?=[^aeiou])", "e"),
        (r"ii+", "i"),
        (r"(?<=[aeiou])h$", ""),
        (r"(.)\1+", r"\1"),
        (r"J", "x"),
    ]
]
_LOWER = str.maketrans("WQXCH", "wqxch")

_ENDINGS = re.compile(
    r"(?<=sk)(?:i|aia|oe|oie|ogo|oi|omu|ie|ih|im|o|a|ei|oiu|uiu)$"
    r"|(?<=[bcdfghklmnpqrstvwxz])(?:naia|noe|noie|nogo|noi|nie|nih|nim|no|ni|nei|nii)$"
    r"|(?<=[vtlrn])(?:aia|oe|oie|ogo|ie|ih)$"
)


@lru_cache(maxsize=1 << 18)
def skeleton(word: str) -> str:
    """The skeleton of one romanised lower-case word."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word.translate(_LOWER)


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """A skeleton without the ending of a Russian adjective (``qeliabinski`` -> ``qeliabinsk``)."""
    if len(word) < 6:
        return word
    match = _ENDINGS.search(word)
    if match is None:
        return word
    kept = word[: match.start()]
    return kept + "n" if match[0].startswith("n") and not kept.endswith("n") else kept
