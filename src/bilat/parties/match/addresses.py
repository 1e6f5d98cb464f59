# SPDX-License-Identifier: Apache-2.0
"""Addresses: when two written addresses are one place.

Words are brought to skeletons as names are, and words of streets and buildings to one form (``str``,
``ul.``, ``ulitsa`` -> street). Two addresses are one place when they agree on their numbers (house, floor,
room, postcode: at least one, none contradicted among the first two) and on most of the weight of their
words, by rarity among the listed addresses. A country or city alone is not an address.
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

_WORDS = {
    "street": "street str st ul ulitsa ulica vulica vulitsa strasse road rd avenue ave av "
    "prospekt prospect pr prosp "
    "boulevard blvd lane ln pereulok per highway shosse drive dr embankment nab naberezhnaya quay "
    "way place pl "
    "square lu jie dao dadao daodao",
    "building": "building bldg bld stroenie str-e korpus korp k house dom d tower plaza center "
    "centre mansion block "
    "blk complex estate park sooruzhenie court",
    "floor": "floor fl flr f etazh level",
    "room": "room rm office of offis kv kvartira apt apartment suite ste flat unit pom "
    "pomeshchenie komnata kom shop",
    "district": "district raion rayon oblast region province city gorod g town village county "
    "state area obl krai "
    "municipality township qu shi sheng republic respublika",
}
_ONE_FORM = {skeleton(w): kind for kind, words in _WORDS.items() for w in words.split()}
_EMPTY = {"the", "of", "and", "no", "n", "near", "po", "box", "p", "o"}
_NUMBER = re.compile(r"\d+[a-z]?")
_SPLIT = re.compile(r"[^a-z0-9]+")
#: Share of the lighter address's word weight that must be met.
AGREE = 0.6
_TWIN = 0.75
#: Letters of a word that is no street: the code of a state or region.
_SHORTEST_STREET = 2
_TOWN = "T"
#: Digits from which on a number says more than a house: of a postcode.
_POSTCODE = 5


@lru_cache(maxsize=1 << 16)
def address_tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words as skeletons, numbers) of a written address; kinds of places (street, floor) are left out."""
    text = fold_homoglyphs(clean(text)).lower()
    if has_han(text):
        text = "".join(" ".join(pinyin(c)) + " " if has_han(c) else c for c in text)
    words = []
    numbers = []
    for word in _SPLIT.split(romanise(text)):
        if not word or word in _EMPTY:
            continue
        if word[0].isdigit():
            numbers.append(word.lstrip("0") or "0")
            continue
        key = stem(skeleton(word))
        if key not in _ONE_FORM and skeleton(word) not in _ONE_FORM and len(key) > 1:
            words.append(key)
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(numbers))


@lru_cache(maxsize=1 << 12)
def _places_in(text: str) -> frozenset[str]:
    """Return the words of the states, regions and towns in a text: they say no street.

    The smallest towns stay: districts and streets have their names.
    """
    words = split_words(text)
    found = place_matches([w.key for w in words], [bool(w.mark) for w in words])
    large = [m for m in found if m.kinds != _TOWN or m.size > 1]
    largest = max((m.size for m in found), default=0)
    spans = [m for m in found if m in large or m.size == largest]
    texts = (text[words[m.first].start : words[m.after - 1].end] for m in spans)
    return frozenset(token for span in texts for token in address_tokens(span)[0])


def _is_building(streets: AbstractSet[str], numbers: Sequence[str]) -> bool:
    """Return whether words and numbers that two addresses share say more than a town and its
    postcode.
    """
    says_street = any(len(word) > _SHORTEST_STREET for word in streets)
    return says_street or (len(numbers) > 1 and any(map(_is_postcode, numbers)))


def _is_postcode(number: str) -> bool:
    return len(number) >= _POSTCODE and number.isdigit()


@dataclass(frozen=True, slots=True)
class AddressHit:
    """A listed address that is the place asked for."""

    address: int  # number in the index
    agreement: float  # share of the lighter address's word weight that both have, 0 to 1
    numbers: tuple[str, ...]  # numbers that both have


class AddressIndex:
    """Listed addresses with their words and numbers, ``text`` and ``read`` a line each, and whose each is."""

    def __init__(
        self, addresses: Sequence[str], owners: Sequence[int], read: Sequence[str] = ()
    ) -> None:
        self.text = addresses
        self.owner = list(owners)
        self.read = read or PackedTexts.of(
            " ".join((*words, *numbers)) for words, numbers in map(address_tokens, addresses)
        )

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """Addresses that have each word or number."""
        out: dict[str, list[int]] = {}
        for n, line in enumerate(self.read):
            for word in line.split():
                out.setdefault(word, []).append(n)
        return out

    def _weight(self, words: Iterable[str]) -> float:
        """What words say together, by their rarity among the listed addresses."""
        known = (len(self._by_word.get(w, ())) for w in words if not w[0].isdigit())
        return sum(
            float(np.log((len(self.text) + 1) / (n + 0.5 * (n > 0) or 1))) + 0.1 for n in known
        )

    def look_up(self, text: str, top: int = 5) -> list[AddressHit]:
        """The listed addresses that are the same place, best first."""
        words, numbers = address_tokens(text) if text.strip() else ((), ())
        if len(words) < 2 or not numbers:
            return []
        streets = {*words} - _places_in(text)
        shared = Counter(n for w in words for n in self._by_word.get(w, ()))
        numbered = {n for w in numbers for n in self._by_word.get(w, ())}
        hits = []
        for n in [n for n, count in shared.items() if count > 1 and n in numbered]:
            theirs = self.read[n].split()
            both = tuple(x for x in numbers if x in theirs)
            if not _is_building(streets & set(theirs), both):
                continue
            lighter = min(self._weight(words), self._weight(theirs))
            share = self._weight(set(words) & set(theirs)) / max(lighter, 1e-6)
            count = len(both) / min(len(numbers), sum(w[0].isdigit() for w in theirs))
            if share >= AGREE and (count >= 0.5 or (share >= _TWIN and len(both) >= 2)):
                hits.append(AddressHit(n, round(min(share, 1.0), 3), both))
        return sorted(hits, key=lambda h: (-h.agreement, -len(h.numbers), h.address))[:top]
