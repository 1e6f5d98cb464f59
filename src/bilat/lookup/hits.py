# SPDX-License-Identifier: Apache-2.0
"""Hits of a search: which texts contain the words that were typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from bilat.document import Question
from bilat.goods.descriptions import descriptions
from bilat.places import country_or_none
from bilat.places.coalitions import is_country

#: The length of a state's code; a longer word may be a state's name.
CODE_LENGTH = 2
#: A plural of fewer letters is not taken for one: ``gas``, ``TASS``.
SHORTEST_PLURAL = 5
#: The longest word of letters that is found only as a whole word: the S of ``Eagle S``.
LONGEST_WHOLE = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, a line on it, and the question or page that shows it.

    Parameters
    ----------
    id
        its id in the records; blank where a reader has no use for it.
    day
        when it was published or took place, or the period of its figure: YYYY-MM-DD or coarser.
        Blank if none of these is known: the day on which somebody read or entered it does not
        count.
    facets
        values by which hits of its kind can be narrowed.
    """

    id: str
    title: str
    text: str
    ask: Question | None = None
    url: str = ""
    day: str = ""
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchWords:
    """The parts of a search: a state, a code of goods, other words; blank where there is none."""

    state: str
    code: str
    rest: str


#: A text to be searched, and the hit that it stands for.
Entry = tuple[str, Hit]


def matching(words: Sequence[str], entries: Iterable[Entry]) -> tuple[Hit, ...]:
    """Return the hits whose text contains every word.

    First come hits whose id is the first word, then those whose id begins with it, then those
    that have it in their title; among equals the newest, then by id.

    Parameters
    ----------
    words
        what was typed; a word also finds what begins with it, and a plural its singular.
    """
    patterns = [_pattern(word) for word in words]
    found = []
    for text, hit in entries:
        searched = fold(text)
        if all(p.search(searched) for p in patterns):
            found.append(hit)
    return tuple(sorted(_newest(found), key=_rank(fold(words[0]))))


def _newest(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits by id, the newest first; a stable sort keeps this order among equals."""
    return sorted(sorted(hits, key=lambda hit: hit.id), key=lambda hit: hit.day, reverse=True)


def _rank(first: str) -> Callable[[Hit], tuple[bool, bool, bool]]:
    """Return the sort key of hits: how closely their ids and titles agree with the first word."""

    def rank(hit: Hit) -> tuple[bool, bool, bool]:
        # False sorts before True, so each part says what a worse hit lacks.
        id = fold(hit.id)
        return id != first, not id.startswith(first), first not in fold(hit.title)

    return rank


def fold(text: str) -> str:
    """Return a text in small letters without accents, its hyphens and full stops also left out.

    ``Su-35`` is found by ``su-35`` and by ``su35``.
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    closed = re.sub(r"(?<=\w)[-.](?=\w)", "", plain)
    return plain if closed == plain else f"{plain} {closed}"


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word: what begins with it, or the singular of a plural."""
    plain = fold(word).split(" ")[0]
    # Chinese and Japanese write words without spaces: a word may begin anywhere.
    start = r"(?<![^\W_])" if plain.isascii() else ""
    whole = start + re.escape(plain)
    if plain.isascii() and plain.isalpha() and len(plain) <= LONGEST_WHOLE:
        return re.compile(rf"{whole}(?![^\W_])")
    is_plural = plain.endswith("s") and not plain.endswith("ss") and len(plain) >= SHORTEST_PLURAL
    if not is_plural:
        return re.compile(whole)
    singular = start + re.escape(plain[:-1])
    return re.compile(rf"{whole}|{singular}(?!\w)")


def split_words(text: str) -> SearchWords:
    """Return the state and the code of goods that a text names, and its other words."""
    state, words = _without_state(text.split())
    for place, word in enumerate(words):
        if code := _code_of(word):
            rest = words[:place] + words[place + 1 :]
            return SearchWords(state, code, " ".join(rest))
    return SearchWords(state, "", " ".join(words))


def _without_state(words: list[str]) -> tuple[str, list[str]]:
    """Return the state with the longest name among the words, and the words without it."""
    is_only_word = len(words) == 1
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            run = " ".join(words[first : first + length])
            if len(run) <= CODE_LENGTH and not is_only_word:
                continue  # "in" is India's code, so a code counts only as the whole text
            state = country_or_none(run)
            if state and is_country(state):
                return state, words[:first] + words[first + length :]
    return "", words


def _code_of(word: str) -> str:
    """Return a word as a code of goods of four or six digits; "" for any other word."""
    digits = word.replace(".", "")
    if not digits.isdigit() or len(digits) not in (4, 6):
        return ""
    return digits if any(code.startswith(digits) for code in descriptions()) else ""
