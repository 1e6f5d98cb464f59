# SPDX-License-Identifier: Apache-2.0
"""Compare written addresses: which listed addresses are the same place as a given one.

An address is read as words and numbers. Words are reduced to skeletons, as those of names are. Words
for a kind of place (``str``, ``ul.``, ``floor``) are dropped, since each language has its own.

Two addresses are the same place if they share most of the weight of their words, enough of their
numbers (house, floor, room, postcode), and more than a town. The weight of a word is its rarity among
the listed addresses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bilat.parties.match.packed_texts import PackedTexts
from bilat.parties.names.places import place_matches
from bilat.parties.names.romanisation import pinyin, romanise
from bilat.parties.names.script import clean, fold_homoglyphs, has_han
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tagging import split_words

#: Words for a kind of place, in the languages of the lists.
_KINDS_OF_PLACE = {
    "street": (
        "street str st ul ulitsa ulica vulica vulitsa strasse road rd avenue ave av prospekt "
        "prospect pr prosp boulevard blvd lane ln pereulok per highway shosse drive dr embankment "
        "nab naberezhnaya quay way place pl square lu jie dao dadao daodao"
    ),
    "building": (
        "building bldg bld stroenie str-e korpus korp k house dom d tower plaza center centre "
        "mansion block blk complex estate park sooruzhenie court"
    ),
    "floor": "floor fl flr f etazh level",
    "room": (
        "room rm office of offis kv kvartira apt apartment suite ste flat unit pom pomeshchenie "
        "komnata kom shop"
    ),
    "district": (
        "district raion rayon oblast region province city gorod g town village county state area "
        "obl krai municipality township qu shi sheng republic respublika"
    ),
}
_DROPPED_SKELETONS = {
    skeleton(word) for words in _KINDS_OF_PLACE.values() for word in words.split()
}
_DROPPED_WORDS = {"the", "of", "and", "no", "n", "near", "po", "box", "p", "o"}
_SPLIT = re.compile(r"[^a-z0-9]+")
_LETTERS = re.compile("[a-z]+$")
#: Words from a street's name to the number of a house on it, at most.
_FARTHEST_HOUSE = 3
#: The least words of an address: the name of a town alone is none.
LEAST_WORDS = 2
#: The least share of the lighter address's word weight that both must have.
LEAST_SHARE = 0.6
#: The least share of the numbers of the address with fewer of them.
LEAST_SHARE_OF_NUMBERS = 0.5
#: With this share of the weight, two numbers are enough, however many the addresses have.
LARGE_SHARE = 0.75
ENOUGH_NUMBERS = 2
#: A word of this length or less may be the code of a state or region, and names no street.
_LONGEST_CODE = 2
#: A number of so many digits may be a postcode; numbers of houses have fewer.
_POSTCODE_DIGITS = 5
#: The kind of a place that can only be a town.
_TOWN = "T"


@lru_cache(maxsize=1 << 16)
def address_tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a written address as skeletons, and its numbers.

    Words for a kind of place (street, floor) are left out.
    """
    tokens = _in_order(text)
    words = (token for token in tokens if token and not token[0].isdigit())
    numbers = (token for token in tokens if token[:1].isdigit())
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(numbers))


@lru_cache(maxsize=1 << 12)
def _in_order(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a written address in order; '' for a kind of place."""
    text = fold_homoglyphs(clean(text)).lower()
    if has_han(text):
        text = "".join(" ".join(pinyin(c)) + " " if has_han(c) else c for c in text)
    tokens = []
    for word in _SPLIT.split(romanise(text)):
        if not word or word in _DROPPED_WORDS:
            continue
        if word[0].isdigit():
            tokens.append(word.lstrip("0") or "0")
            continue
        whole = skeleton(word)
        stemmed = stem(whole)
        names_a_place = len(stemmed) > 1 and _DROPPED_SKELETONS.isdisjoint((whole, stemmed))
        tokens.append(stemmed if names_a_place else "")
    return tuple(tokens)


def _small_numbers(text: str, streets: AbstractSet[str] = frozenset()) -> set[str]:
    """Return the numbers of an address that are no postcodes, without letters behind them; with
    ``streets``, only those next to a word of these.
    """
    tokens = [*filter(None, _in_order(text))]
    at_street = [n for n, token in enumerate(tokens) if token in streets]
    return {
        _LETTERS.sub("", token)
        for n, token in enumerate(tokens)
        if token[0].isdigit()
        and not _is_postcode(token)
        and (not streets or any(abs(n - at) <= _FARTHEST_HOUSE for at in at_street))
    }


@lru_cache(maxsize=1 << 12)
def _words_of_places(text: str) -> frozenset[str]:
    """Return the words of the states, regions and towns in a text.

    A small town counts only if no larger place is named: next to a larger one, its name is more
    likely that of a district or street.
    """
    words = split_words(text)
    matches = place_matches([w.key for w in words], [bool(w.mark) for w in words])
    largest = max((match.size for match in matches), default=0)
    found: set[str] = set()
    for match in matches:
        is_small_town = match.kinds == _TOWN and match.size <= 1
        if not is_small_town or match.size == largest:
            span = text[words[match.first].start : words[match.after - 1].end]
            found.update(address_tokens(span)[0])
    return frozenset(found)


def _is_more_than_a_town(shared_words: AbstractSet[str], shared_numbers: Sequence[str]) -> bool:
    """Return whether what two addresses share says more than a town and its postcode.

    A street does, and so do a postcode and another number: that of a house or a post box.
    """
    has_street = any(len(word) > _LONGEST_CODE for word in shared_words)
    has_postcode = any(map(_is_postcode, shared_numbers))
    return has_street or (has_postcode and len(shared_numbers) > 1)


def _are_other_houses(one: str, other: str, street: AbstractSet[str]) -> bool:
    """Return whether two addresses are of two houses of one street: each has a number next to the
    street that the other one lacks altogether.
    """
    if not street:
        return False
    ours = _small_numbers(one, street)
    theirs = _small_numbers(other, street)
    if not ours or not theirs:
        return False
    return ours.isdisjoint(_small_numbers(other)) and theirs.isdisjoint(_small_numbers(one))


def _is_postcode(number: str) -> bool:
    return len(number) >= _POSTCODE_DIGITS and number.isdigit()


@dataclass(frozen=True, slots=True)
class AddressHit:
    """A listed address that is the same place as the one looked up."""

    address: int  #: its position in the index
    agreement: float  #: share of the lighter address's word weight that both have, 0 to 1
    numbers: tuple[str, ...]  #: numbers that both have


class AddressIndex:
    """Listed addresses, and the words and numbers of each.

    Parameters
    ----------
    addresses
        the addresses as they are written.
    owners
        the number of the party that each address belongs to.
    read
        the words and numbers of each address, separated by blanks, if they are stored.
    """

    def __init__(
        self, addresses: Sequence[str], owners: Sequence[int], read: Sequence[str] = ()
    ) -> None:
        self.text = addresses
        self.owner = list(owners)
        self.read = read or PackedTexts.of(
            " ".join((*words, *numbers)) for words, numbers in map(address_tokens, addresses)
        )

    @cached_property
    def _by_token(self) -> dict[str, list[int]]:
        """Return the positions of the addresses that have each word or number."""
        found: dict[str, list[int]] = {}
        for position, line in enumerate(self.read):
            for token in line.split():
                found.setdefault(token, []).append(position)
        return found

    def _weight(self, tokens: Iterable[str]) -> float:
        """Return the sum of the weights of words: the rarer among the addresses, the heavier."""
        weight = 0.0
        for token in tokens:
            if not token[0].isdigit():
                times_listed = len(self._by_token.get(token, ()))
                rarity = (len(self.text) + 1) / (times_listed + 0.5 if times_listed else 1)
                weight += float(np.log(rarity)) + 0.1
        return weight

    def look_up(self, text: str, top: int = 5) -> list[AddressHit]:
        """Return the listed addresses that are the same place, the best first."""
        words, numbers = address_tokens(text) if text.strip() else ((), ())
        if len(words) < LEAST_WORDS or not numbers:
            return []
        streets = set(words) - _words_of_places(text)
        hits = []
        for position in self._candidates(words, numbers):
            listed = self.read[position].split()
            both = tuple(number for number in numbers if number in listed)
            street = streets.intersection(listed)
            if not _is_more_than_a_town(street, both):
                continue
            if _are_other_houses(text, self.text[position], street):
                continue
            lighter = min(self._weight(words), self._weight(listed))
            share = self._weight(set(words).intersection(listed)) / max(lighter, 1e-6)
            fewer_numbers = min(len(numbers), sum(token[0].isdigit() for token in listed))
            has_numbers = len(both) >= LEAST_SHARE_OF_NUMBERS * fewer_numbers
            if share >= LARGE_SHARE and len(both) >= ENOUGH_NUMBERS:
                has_numbers = True
            if share >= LEAST_SHARE and has_numbers:
                hits.append(AddressHit(position, round(min(share, 1.0), 3), both))
        return sorted(hits, key=lambda hit: (-hit.agreement, -len(hit.numbers), hit.address))[:top]

    def _candidates(self, words: Sequence[str], numbers: Sequence[str]) -> list[int]:
        """Return the positions of the addresses that share two words and a number."""
        shared = Counter(n for word in words for n in self._by_token.get(word, ()))
        with_number = {n for number in numbers for n in self._by_token.get(number, ())}
        return [
            position
            for position, count in shared.items()
            if count >= LEAST_WORDS and position in with_number
        ]
