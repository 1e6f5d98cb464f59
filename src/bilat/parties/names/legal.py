# SPDX-License-Identifier: Apache-2.0
"""Where the legal form stands in a written name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.places import STATE, places_of
from bilat.parties.names.tokens import (
    ARTICLE,
    form_of,
    is_empty,
    legal_marks,
    may_be_of_form,
    words_of,
)
from bilat.places import country_or_none

#: Words that a firm's short name leaves out.
_FIRM = "group holding company corporation concern группа холдинг компания корпорация концерн"
_LEFT_OUT = f"bank банк {_FIRM}"


def word_tokens(words: str) -> frozenset[str]:
    """Return the tokens of words, as names have them."""
    return frozenset(
        t for w in words.split() if (f := form_of(words_of(w), False)) for t in f.tokens
    )


@cache
def generic() -> frozenset[str]:
    """Tokens of the words that a firm's short name leaves out (``bank``, ``group``)."""
    return word_tokens(_LEFT_OUT)


def left_out(word: str) -> bool:
    """Return whether a word in small letters is ``company``, ``group`` or the like."""
    return word in _FIRM.split()


#: Words that say what kind of firm or body one is, and no more.
_KINDS = (
    "university institute academy ministry insurance airline airlines industries fund trust central national state "
    "republic international embassy office agency bank group company the"
)


@cache
def kind_words() -> frozenset[str]:
    """Return tokens of the words that say what kind of firm or body one is, and no more."""
    return generic() | word_tokens(_KINDS)


@lru_cache(maxsize=1 << 10)
def only_kind_and_place(plain: str) -> bool:
    """Whether a plain name has no word that names anybody: kinds of firms, legal forms and states
    alone (``bank of georgia``).
    """
    every = plain.split()
    words = [
        w
        for w, legal, after in zip(every, legal_words(every), [*every, ""][1:], strict=True)
        if not (legal or is_empty(w) or (w == ARTICLE and unvowelled(after)))
    ]
    while words:
        form = form_of(words[:1], False)
        size = next((n for n in (3, 2, 1) if _is_state(" ".join(words[:n]))), 0)
        if not size and not (form and kind_words().issuperset(form.tokens)):
            return False
        words = words[size or 1 :]
    return True


def _is_state(text: str) -> bool:
    """Whether a text is a state's name; its code is none: DJI is a firm, and Djibouti."""
    if not text.isascii():
        # Of a text in other letters the Latin ones alone would be looked up: `حرس al ثورة` is no
        # Albania. The gazetteer has states with the article or without it.
        named = (*places_of(text), *places_of(f"ال{text}"))
        return any(place.kind == STATE for place in named)
    return len(text) > 3 and country_or_none(text) is not None


@lru_cache(maxsize=1 << 12)
def legal_span(text: str) -> tuple[int, int] | None:
    """(first, after the last) of the words that are the first legal form of a name; None where
    there is none.
    """
    parts = [(part, n) for n, word in enumerate(text.split()) for part in words_of(word)]
    spans, _ = legal_marks(tuple(part for part, _ in parts))
    return (parts[spans[0][0]][1], parts[spans[0][1] - 1][1] + 1) if spans else None


def legal_words(words: Sequence[str]) -> list[bool]:
    """Which romanised words are part of a legal form."""
    form = {n for a, b in legal_marks(tuple(words))[0] for n in range(a, b)}
    return [n in form for n in range(len(words))]


@lru_cache(maxsize=1 << 12)
def only_form(text: str) -> bool:
    """Whether a text has no word but legal forms and linking words (``a Limited``)."""
    words = words_of(text)
    if not all(is_empty(w) or may_be_of_form(w) for w in words):
        return False
    return all(legal or is_empty(w) for w, legal in zip(words, legal_words(words), strict=True))
