# SPDX-License-Identifier: Apache-2.0
"""The readings of a written name: its parts, its scripts, its brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bilat.parties.names.abjad import run_together
from bilat.parties.names.han import han_forms, translated_syllables
from bilat.parties.names.legal import legal_words, only_form, only_kind_and_place
from bilat.parties.names.romanisation import korean, korean_of_russian
from bilat.parties.names.script import clean, has_cyrillic, has_han, is_latin
from bilat.parties.names.tokens import (
    Form,
    form_of,
    may_be_of_form,
    northern,
    words_apart,
    words_of,
)

_ALIASES = re.compile(
    r"\s*(?:\s/\s|(?<=[^\W\d_]{3})/\s?(?=[^\W\d_]{3})|\baka\b|\ba\.k\.a\.?|\balias\b|\bformerly\b|\bf\.k\.a\.?|\bтакже\b|\bonw\b)\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]?")
_OPENING = re.compile(r"[(\[（]")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z][^\W\d_A-Z])(?=[A-Z][A-Za-z])")
#: Readings of one name that are kept.
_MOST_READINGS = 5
#: A word that is spelled out: `S B E R B A N K`.
_SPELLED_OUT = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-][^\W\d_]){2,}(?![\w.])")
_HANGUL = re.compile("[가-힣 ]{2,8}")
#: A Korean name by its syllables, as Russian has it: `Ким Чен Ын`.
_KOREAN = re.compile(
    r"(?:(?:^|[ \-])[бгджклмнпрстхцчшй]{0,3}[аеёиоуыэюя]{1,2}[кмнлпр]?){3}", re.IGNORECASE
)
_UKRAINIAN = re.compile("[іїєґўІЇЄҐЎ]")


def without_marks(text: str) -> str:
    """Latin letters without their marks, as keyboards without them have it: ``Vučić`` -> ``Vucic``."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFD", c)[0] if unicodedata.name(c, "").startswith("LATIN") else c
        for c in text
    )


#: Words of legal forms, and of firms, that no person's name of OFAC's list has (`King of Zawarah` is no name).
_FIRM = re.compile(
    r"\b(?:ltd|limited|ll[cp]|inc|incorporated|gmbh|ooo|oao|zao|[poc]?jsc|plc|fze|fzco|company|corp|corporation|"
    r"s(?:h)?irketi|sti|obs(?:h?ch|h)estvo|aktsionern(?:oe|oye|o)|societe|sarl|srl|ltda|bhd|pte|pty|pvt|ead|eood|spolka|"
    r"zrt|kft|oy|of|bank)\b"
)


@lru_cache(maxsize=1 << 12)
def is_firms(name: str) -> bool:
    """Whether a name bears a legal form that can be nothing else: then nobody reads it as a person's."""
    text = clean(name)
    if has_han(text):
        return False
    words = words_of(text)
    if _FIRM.search(" ".join(words)):
        return True
    if not any(map(may_be_of_form, (*words[:1], *words[-1:]))):
        return False
    legal = legal_words(words)  # one of several words that is more than initials, at either end
    first = next((n for n, x in enumerate(legal) if not x), len(words))
    last = next((n for n, x in enumerate(reversed(legal)) if not x), len(words))
    return any(
        len(form) > 1 and sum(map(len, form)) > 4
        for form in (words[:first], words[len(words) - last :])
    )


@lru_cache(maxsize=1 << 12)
def forms(name: str, person: bool) -> tuple[Form, ...]:
    """The readings of a written name, whole first; empty when nothing comparable is in it."""
    return _forms(name, person)


@lru_cache(maxsize=1 << 18)
def listed_forms(name: str, person: bool) -> tuple[Form, ...]:
    """Return the same of a listed name, which several steps of making an index read, one after
    another: all names of all lists (130,000) must have room. Cleared when the index is made.
    """
    return _forms(name, person)


def _with_han(text: str, person: bool) -> tuple[Form, ...]:
    """The readings of a name with Han: whole; and, where it is written in Latin letters too, either alone."""
    found = han_forms(text, person)
    latin = " ".join(_BRACKETS.sub(lambda m: " " if has_han(m[0]) else m[0], text).split())
    if latin == text or has_han(latin) or sum(map(str.isalpha, latin)) < 4:
        return found
    han = next(m[1] for m in _BRACKETS.finditer(text) if has_han(m[1]))
    parts = [replace(f, part=True) for f in (*_forms(latin, person), *han_forms(han, person))]
    known = {f.tokens for f in found}
    return (*found, *(f for f in parts if f.tokens not in known))


def _forms(name: str, person: bool) -> tuple[Form, ...]:
    text = clean(name)
    if has_han(text):
        return _with_han(text, person)
    latin = is_latin(text)
    readings: dict[tuple[str, ...], Form] = {}
    for spelled in dict.fromkeys(_spellings(text, person)):
        form = form_of(words_of(spelled), person, False, latin)
        if form and form.tokens:
            readings.setdefault(form.tokens, form)
    for piece in _pieces(text, person):
        form = form_of(words_of(piece), person, True, latin)
        if form and form.tokens:
            readings.setdefault(form.tokens, form)
    return tuple(readings.values())[:_MOST_READINGS]


def _spellings(text: str, person: bool) -> Iterator[str]:
    """The ways in which a whole name may be written: as it stands first."""
    yield text
    if person:
        yield from _spellings_of_a_person(text)
    if has_cyrillic(text) and _UKRAINIAN.search(text):
        yield text.replace("г", "һ").replace("Г", "Һ")
    yield without_marks(text)
    if not is_latin(text):
        yield words_apart(text)
        if not person:
            yield northern(text)
        yield from run_together(text)
    yield _CAMEL.sub(" ", text)
    if not person:
        yield _SPELLED_OUT.sub(lambda m: re.sub(r"\W", "", m[0]), text)
        yield _with_joined_syllables(text)


def _with_joined_syllables(text: str) -> str:
    """Return a name with words run together that the Chinese lexicon has so (`Jiao Tong`)."""
    out: list[str] = []
    for word in text.split():
        if out and (out[-1] + word).lower() in translated_syllables():
            out[-1] += word.lower()
        else:
            out.append(word)
    return " ".join(out)


def _spellings_of_a_person(text: str) -> Iterator[str]:
    """``O.V.`` as two initials; a Korean name in the ways in which it is put into Latin letters."""
    if "." in text:
        yield text.replace(".", ". ")
    if _HANGUL.fullmatch(text):
        yield from korean(text)
    elif _KOREAN.fullmatch(text):
        yield korean_of_russian(text)


def _pieces(text: str, person: bool) -> Iterator[str]:
    """Parts of a field that are names by themselves: aliases, what is in brackets and the rest."""
    pieces = [p for p in _ALIASES.split(text) if len(p) > 2]
    if len(pieces) > 1:
        yield from pieces[:4]
    if not _OPENING.search(text):
        return
    rest = _BRACKETS.sub(" ", text).strip()
    if len(rest) > 2:
        yield rest
    for bracket in [*_BRACKETS.finditer(text)][:3]:
        after = _BRACKETS.sub(" ", text[bracket.end() :])
        if not person and not only_form(after):
            continue  # `North Industries (NORINCO) 617 Factory`: who is named so is another
        inner = bracket[1]
        if len(inner) > 3 and not only_kind_and_place(" ".join(words_of(inner))):
            yield inner
