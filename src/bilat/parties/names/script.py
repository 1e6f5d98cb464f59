# SPDX-License-Identifier: Apache-2.0
"""Characters: cleaning of hostile text, look-alike letters, and which script a word is written in.

Russian and Belarusian names in published lists often mix Latin letters into Cyrillic words (``Oбщество`` with
a Latin O), because they were typed on two keyboards. A word is therefore brought to one script before it is
romanised, whichever of the two can hold all of its letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: More than this is not a name; the rest is cut off, and the caller is told.
MAX_CHARACTERS = 400

# Latin letter -> the Cyrillic letter that looks the same in print (upper and lower case apart).
_LATIN_TO_CYRILLIC = dict(
    zip(
        "ABCEHIJKMOPTXYSaceijopxysgkĸɡuɩHh",
        "АВСЕНІЈКМОРТХУЅасеіјорхуѕгккгиінһ",
        strict=True,
    )
)
_CYRILLIC_TO_LATIN = dict(
    zip("АВСЕНІЈКМОРТХУЅасеіјорхуѕһԁԛԝӏг", "ABCEHIJKMOPTXYSaceijopxyshdqwlr", strict=True)
)

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WORD = re.compile(r"[^\W\d_]+")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def _kept(c: str) -> str:
    category = unicodedata.category(c)
    if category in ("Cf", "Cs", "Co", "Cn"):
        return ""
    return " " if category in ("Cc", "Zl", "Zp") else c


def clean(text: str) -> str:
    """Compatibility forms, no control or direction marks, single spaces; at most ``MAX_CHARACTERS``."""
    if text.isascii() and text.isprintable():
        return text.strip()[:MAX_CHARACTERS]
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_CHARACTERS])
    if not text.isprintable():
        # Format characters (direction marks, zero-width joiners), surrogates and unassigned ones go;
        # controls and separators become spaces.
        text = "".join(_kept(c) for c in text)
    return _SPACE.sub(" ", text).strip()[:MAX_CHARACTERS]


def has_han(text: str) -> bool:
    """Whether any letter is Han (Chinese characters, kanji, hanja)."""
    return _HAN.search(text) is not None


def is_latin(text: str) -> bool:
    """Whether no letter is of another script than Latin."""
    return text.isascii() or not any(c > "\u024f" and c.isalpha() for c in text)


def has_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return _CYRILLIC.search(text) is not None


def fold_homoglyphs(text: str, kept: frozenset[str] = frozenset()) -> str:
    """The same name with each word in one script: look-alike letters are replaced by the script's own.

    A word all of whose letters exist in both scripts (``PK``, ``AO``) takes the script of the name's
    majority; ``kept``: words in Latin capitals that stay as they are.
    """
    if text.isascii() or not _CYRILLIC.search(text):
        return text
    latin = len(_LATIN.findall(text))
    if not latin:
        return text
    mostly_cyrillic = len(_CYRILLIC.findall(text)) > latin

    def one_script(match: re.Match[str]) -> str:
        word = match[0]
        return word if word in kept else _in_one_script(word, mostly_cyrillic)

    return _WORD.sub(one_script, text)


def _in_one_script(word: str, mostly_cyrillic: bool) -> str:
    """Return a word with its look-alike letters replaced by those of one script, if one has all.

    Short words in capitals, such as initials, take the script of the name's majority.
    """
    cyrillic = _CYRILLIC.search(word) is not None
    latin = _LATIN.search(word) is not None
    mixed = cyrillic and (latin or not mostly_cyrillic)
    initials = not cyrillic and mostly_cyrillic and word.isupper() and len(word) <= 4
    if not (mixed or initials):
        return word
    as_cyrillic = all(c in _LATIN_TO_CYRILLIC or not _LATIN.match(c) for c in word)
    as_latin = all(c in _CYRILLIC_TO_LATIN or not _CYRILLIC.match(c) for c in word)
    if as_cyrillic and (mostly_cyrillic or not as_latin):
        return "".join(_LATIN_TO_CYRILLIC.get(c, c) for c in word)
    if as_latin:
        return "".join(_CYRILLIC_TO_LATIN.get(c, c) for c in word)
    return word


class _LettersAndDigits(dict[int, str]):
    """What stands for each character: itself if it is a letter or a digit, else a blank."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = found = character if character.isalnum() else " "
        return found


_LETTERS_AND_DIGITS = _LettersAndDigits()


def letters(name: str) -> str:
    """A name's letters and digits in lower case, words apart."""
    return " ".join(clean(name).casefold().translate(_LETTERS_AND_DIGITS).split())
