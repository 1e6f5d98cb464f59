# SPDX-License-Identifier: Apache-2.0
"""Words of a name that say where a body is, by which bodies of one kind are told apart: a town, a
province, a state, a point of the compass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise, product

from bilat.parties.match.bodies import INDUSTRY, states_of_places
from bilat.parties.match.identifying_words import (
    identifies,
    names_trade,
    of_kinds_in_chinese,
    places_in_chinese,
)
from bilat.parties.match.index import NameIndex
from bilat.parties.match.readings import Reading
from bilat.parties.match.word_pairs import align_words
from bilat.parties.names.legal import generic, kind_words, word_tokens
from bilat.parties.names.places import STATE, PlaceReading, are_one_place, folded, places_of
from bilat.parties.names.tagging import is_common

#: Points of the compass, in names of universities, railways and banks.
_COMPASS = """
    north south east west
    northern southern eastern western
    northwest northeast southwest southeast
    northwestern northeastern southwestern southeastern
"""
#: The ending of a Russian adjective of a town (``Ryazanskiy``).
_ADJECTIVE = re.compile("(?:s?sk)(?:[iy]{1,2}|ij|a[iy]a|o[iy]e|ogo|om|o[iy])$")
#: What the name of the town may have in its place.
_TOWN_ENDINGS = ("", "a", "l", "sk", "k")
#: Letters of the shortest town without such an ending.
_SHORTEST_STEM = 3
#: The size of the smallest town that a word is taken for.
_LEAST = 2
#: The same of a word of industry.
_LEAST_OF_INDUSTRY = 3
#: The mark before sounds in Han characters that are no word.
_SOUNDS = "~"


@cache
def _compass() -> frozenset[str]:
    return word_tokens(_COMPASS)


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a name.

    Attributes
    ----------
    token
        The word as it is compared.
    written
        The romanised word, with a mark before a word of industry; '' in a name in Han.
    """

    token: str
    written: str

    @property
    def spelled(self) -> str:
        """The word in small letters, without its mark."""
        return _spelled(self.token, self.written)

    @property
    def is_compass(self) -> bool:
        """Whether it is a point of the compass."""
        return self.token in _compass()

    @property
    def says_where(self) -> bool:
        """Whether it is a place or a point of the compass."""
        return _says_where(self.token, self.written)

    @property
    def says_what(self) -> bool:
        """Whether it is a kind of body or a trade."""
        of_trade = self.written.startswith(INDUSTRY)
        return of_trade or self.token in kind_words() or self.token in generic()

    @property
    def says_who(self) -> bool:
        """Whether it identifies a body: it is no place, and no word of many bodies."""
        if self.says_where or self.token in of_kinds_in_chinese():
            return False
        if not identifies(self.token, self.written):
            return False
        return not is_common(self.spelled)


def _spelled(token: str, written: str) -> str:
    for mark in INDUSTRY:
        written = written.removeprefix(mark)
    return folded(written) or token


@lru_cache(maxsize=1 << 13)
def _says_where(token: str, written: str) -> bool:
    if token in _compass():
        return True
    if written:
        of_industry = written.startswith(INDUSTRY)
        least = _LEAST_OF_INDUSTRY if of_industry else _LEAST
        return _is_town(_spelled(token, written), least)
    if token.startswith(_SOUNDS):
        syllables = token.removeprefix(_SOUNDS).split(".")
        return _is_town("".join(syllables), _LEAST)
    is_place = token in places_in_chinese()
    return is_place and not names_trade(token, written)


def _is_town(word: str, least: int = _LEAST) -> bool:
    """Return whether a word is a state or a large place, or a Russian adjective of one."""
    names = [word]
    stem = _ADJECTIVE.sub("", word)
    if stem != word and len(stem) >= _SHORTEST_STEM:
        names += [stem + ending for ending in _TOWN_ENDINGS]
    return any(_is_large(place, least) for name in names for place in places_of(name))


def _is_large(place: PlaceReading, least: int) -> bool:
    return place.size >= least or place.kind == STATE


def _places_among(words: Sequence[NameWord]) -> set[str]:
    """Return the places among words of a name, also those of two words (``Saint Petersburg``)."""
    single = {word.spelled for word in words if word.says_where}
    pairs = {f"{one.spelled} {other.spelled}" for one, other in pairwise(words)}
    return single | set(filter(_is_town, pairs))


def _may_be_one(one: str, other: str) -> bool:
    """Return whether two places are one, or the one is the state in which the other one is."""
    if one == other or are_one_place(one, other):
        return True
    both = (*places_of(one), *places_of(other))
    if not any(place.kind == STATE for place in both):
        return False
    return not states_of_places(one).isdisjoint(states_of_places(other))


def _are_two_places(one: NameWord, other: NameWord) -> bool:
    """Return whether two words that are compared as one are two places: Kursk is not Kurgan."""
    if one.token == other.token:
        return False
    if not one.says_where or not other.says_where:
        return False
    return not _may_be_one(one.spelled, other.spelled)


def asked_words(reading: Reading) -> list[NameWord]:
    """Return the words of a reading."""
    form = reading.form
    written = form.written or ("",) * len(form.tokens)
    return [*map(NameWord, form.tokens, written)]


def listed_words(index: NameIndex, form: int) -> list[NameWord]:
    """Return the words of a listed name."""
    tokens = index.words_of_form(form)
    return [*map(NameWord, tokens, index.spellings_of_form(form))]


@dataclass(frozen=True)
class TwoBodies:
    """A reading of a query beside a listed name, as names of bodies.

    Attributes
    ----------
    index
        The listed names.
    reading
        How the field was read.
    form
        The listed name, by its number in the index.
    """

    index: NameIndex
    reading: Reading
    form: int

    @cached_property
    def asked(self) -> list[NameWord]:
        """The words of the query."""
        return asked_words(self.reading)

    @cached_property
    def listed(self) -> list[NameWord]:
        """The words of the listed name."""
        return listed_words(self.index, self.form)

    @property
    def has_places(self) -> bool:
        """Whether any word, or one that was cut off, says where a body is."""
        if self.reading.before or self.reading.behind:
            return True
        return any(word.says_where for word in (*self.asked, *self.listed))

    @cached_property
    def agreeing(self) -> list[tuple[NameWord, NameWord]]:
        """The words that agree, each with its like; two towns spelled nearly alike do not."""
        aligned = align_words(self.index, self.reading.form, self.form, person=False)
        places = ((mine, theirs) for mine, theirs, _ in aligned.pairs)
        pairs = ((self.asked[mine], self.listed[theirs]) for mine, theirs in places)
        return [pair for pair in pairs if not _are_two_places(*pair)]

    @property
    def are_of_one_kind(self) -> bool:
        """Whether a word that agrees says what kind of body they are, or of what trade."""
        return any(word.says_what for pair in self.agreeing for word in pair)

    @property
    def share_a_name(self) -> bool:
        """Whether a word that agrees says who they are."""
        return any(mine.says_who and theirs.says_who for mine, theirs in self.agreeing)

    @property
    def are_of_different_places(self) -> bool:
        """Whether each has a place that the other one lacks, or one a point of the compass."""
        asked = _left(self.asked, (mine for mine, _ in self.agreeing), self.listed)
        listed = _left(self.listed, (theirs for _, theirs in self.agreeing), self.asked)
        if any(word.is_compass for word in (*asked, *listed)):
            return True
        beside = folded(f"{self.reading.before} {self.reading.behind}")
        mine = _places_among(asked) | set(filter(_is_town, beside.split()))
        theirs = _places_among(listed)
        if not mine or not theirs:
            return False
        return not any(_may_be_one(*places) for places in product(mine, theirs))


def _left(
    words: Sequence[NameWord], found: Iterable[NameWord], others: Sequence[NameWord]
) -> list[NameWord]:
    """Return the words of a name that the other one lacks; one that appears twice is not left."""
    known = {*found}
    tokens = {word.token for word in others}
    return [word for word in words if word not in known and word.token not in tokens]
