# SPDX-License-Identifier: Apache-2.0
"""How common a word is in the names of firms and people of the world.

The rarer a word is in the world, the more it says about a name; how often it is on a list does not
matter. Three sources give its share:

- firms: words, and pairs of words, of registered names by state (``names/background.npz``, made by
  ``benchmarks/background.py``, which names sources and licences);
- people: given, family and father's names by zone, the states of one language
  (``name_shares.json``);
- letters, for a word that is in neither.

States and zones are weighted by the square root of their size, so that the register of one state
does not dominate.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bilat.package_files import read_package_text
from bilat.parties.match import index_file
from bilat.parties.names.abjad import Voicings, unvowelled

#: The share of all words that are in no name counted.
UNSEEN = 0.35
#: The least share of a word.
LEAST = 1e-10
#: The least share of a Chinese syllable.
LEAST_HAN = 1e-4
#: The greatest share of a word that nobody is known to bear.
MOST_UNSEEN = 2e-6
#: How far the share of a pair of words is trusted, against that of the second word by itself.
FOLLOWS = 0.7
#: The share of names that have a given letter as an initial.
INITIAL = 10.0**-1.5
#: How probable it is that a firm is registered in the state that it is said to be in.
IN_STATED_STATE = 0.7
#: Added to each count of three letters, so that no word is impossible.
LETTERS_PRIOR = 0.05
#: A given name of fewer letters is looked up in its exact spelling only.
LEAST_LETTERS = 5
#: Zones in which a given name of several syllables is one word.
SYLLABLES = ("zh", "ko")
#: A name of a firm that so many registered firms bear is common.
MANY_FIRMS = 20
#: A name of a person that so many people bear is common.
MANY_PEOPLE = 2000
#: Words without vowels of which the shares are remembered; the lists have 2,300.
_MOST_HEARD = 1 << 12


def keys_of(tokens: Sequence[str]) -> np.ndarray:
    """Return a hash of 64 bits for the first 64 bytes of each token.

    Among a million tokens, the chance that any two share a hash is one in thirty million.
    """
    parts = np.asarray([t.encode() for t in tokens], dtype="S64").view(np.uint64).reshape(-1, 8)
    out = np.full(len(tokens), 1469598103934665603, dtype=np.uint64)
    for n in range(8):
        out = (out ^ parts[:, n]) * np.uint64(0x9E3779B97F4A7C15)
        out ^= out >> np.uint64(29)
    return out


class _Words:
    """Shares and counts of one kind of words.

    Parameters
    ----------
    keys
        the hashes of the words (:func:`keys_of`), sorted.
    share
        the share of the names that have each word.
    names
        the number of the names that have each word.
    """

    def __init__(self, keys: np.ndarray, share: np.ndarray, names: np.ndarray) -> None:
        self.keys = keys
        self.share = share
        self.names = names

    def _look_up(self, values: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        wanted = keys_of(tokens)
        position = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[position] == wanted, values[position], 0)

    def shares(self, tokens: Sequence[str]) -> np.ndarray:
        """Return the share of the names that have each token; 0 for an unknown one."""
        return self._look_up(self.share, tokens).astype(np.float64)

    def count(self, token: str) -> int:
        """Return the number of names that have the token."""
        return int(self._look_up(self.names, [token])[0])


class Firms:
    """Words of registered firms' names."""

    def __init__(self) -> None:
        path = resources.files("bilat.parties.names").joinpath("background.npz")
        stored = index_file.read(Path(str(path))) or {}
        about = json.loads(stored["about"][0])
        kinds = {}
        for kind, (first, end) in about["places"].items():
            kinds[kind] = _Words(
                keys=stored["keys"][first:end],
                share=stored["share"][first:end],
                names=stored["names"][first:end],
            )
        self.words = kinds["word"]
        self.pairs = kinds["pair"]
        self.wholes = kinds["whole"]
        self.syllables = kinds["han CHN"]
        self.russians = kinds["family RUS"]
        #: Words by state: a word has a row for each state that has it, and ``of`` says which.
        self.there = kinds["there"]
        self.of = stored["of"]
        self._tokens: list[str] = stored["words"]
        self.sources: dict[str, str] = about["sources"]
        self.names = sum(about["sizes"].values())
        self.states: list[str] = about["states"]
        sizes = [max(about["sizes"].get(state, 1), 1) for state in self.states]
        self.sizes = np.asarray(sizes, dtype=float)
        self.weight = np.sqrt(self.sizes) / np.sqrt(self.sizes).sum()
        #: Logarithm of the chance of a letter after two others.
        counts = stored["letters"] + LETTERS_PRIOR
        self.letters = np.log(counts / counts.sum(axis=2, keepdims=True))
        self._heard_as = lru_cache(maxsize=_MOST_HEARD)(self._of_all_it_may_be)

    @cached_property
    def voicings(self) -> Voicings:
        """The words, by their consonants."""
        return Voicings(self._tokens)

    def of_words(self, words: Sequence[str]) -> np.ndarray:
        """Return the share of each state's firms whose names have a word; shape (words, states).

        A state that does not have a word counts as one with less than a single name of it.
        """
        world = self.words.shares(words)
        unknown = np.flatnonzero(world == 0)
        world[unknown] = [self.unseen(words[n]) for n in unknown.tolist()]
        shares = np.minimum(world[:, None], 1 / self.sizes)
        shares[unknown] = world[unknown, None]
        word, entry = self._entries_by_state(words)
        shares[word, self.of[entry]] = self.there.share[entry]
        for n, text in enumerate(words):
            if unvowelled(text):
                shares[n] = self._heard_as(text)
        return shares

    def _of_all_it_may_be(self, text: str) -> np.ndarray:
        """Return the shares of a word without vowels: those of all words that it may be."""
        possible = self.of_words(self.voicings.of(text))
        return np.asarray(possible.sum(axis=0) + MOST_UNSEEN)

    def _entries_by_state(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return (word, row of ``there``) for each state that has a word."""
        keys = keys_of(words)
        first = np.searchsorted(self.there.keys, keys, "left")
        count = np.searchsorted(self.there.keys, keys, "right") - first
        word = np.repeat(np.arange(len(words)), count)
        # The rows of a word follow one another: its first row, and how far along this one is.
        before = np.cumsum(count) - count
        along = np.arange(count.sum()) - np.repeat(before, count)
        return word, np.repeat(first, count) + along

    def shares(self, names: Sequence[Sequence[str]], states: Sequence[str]) -> np.ndarray:
        """Return the share of firms' names that have each word, given the words before it.

        A Turkish word makes it likelier that the next one is Turkish.

        Parameters
        ----------
        names
            the words of each name.
        states
            where each firm is said to be; blank if that is unknown.

        Returns
        -------
        shape (names, most words of a name)
        """
        zones = np.tile(self.weight, (len(names), 1))
        for n, state in enumerate(states):
            if state and state in self.states:
                zones[n] *= 0.3
                zones[n, self.states.index(state)] += IN_STATED_STATE
        shares = _along(self.of_words, zones, names)
        rows = []
        columns = []
        pairs = []
        for n, words in enumerate(names):
            for k, (word, following) in enumerate(pairwise(words), 1):
                rows.append(n)
                columns.append(k)
                pairs.append(f"{word} {following}")
        if pairs:
            as_pair = FOLLOWS * self.pairs.shares(pairs)
            shares[rows, columns] = np.maximum(shares[rows, columns], as_pair)
        return shares

    def unseen(self, word: str) -> float:
        """Return the share of names that have a word that no name counted has, by its letters."""
        if unvowelled(word):
            return MOST_UNSEEN
        if word[0] == "~":  # Chinese syllables
            syllables = self.syllables.shares([f"~{text}" for text in word[1:].split(".")])
            return max(float(np.prod(np.maximum(syllables, LEAST_HAN))), LEAST)
        if len(word) == 1:
            return INITIAL
        if word.isdigit():
            return 10.0 ** -(1 + min(len(word), 4) / 2)
        return min(max(UNSEEN * math.exp(_by_letters(word)), LEAST), MOST_UNSEEN)

    def bearers(self, words: Sequence[str]) -> int:
        """Return the number of registered names that consist of these words.

        Names that begin or end with a single word count as its bearers too.
        """
        whole = self.wholes.count(" ".join(words))
        return max(whole, self.words.count(words[0])) if len(words) == 1 else whole


@cache
def firms() -> Firms:
    """The words of registered firms, read once."""
    return Firms()


@lru_cache(maxsize=1 << 16)
def _by_letters(word: str) -> float:
    """Return the logarithm of the chance of a word's letters, each after the two before it."""
    codes = [0, 0, *(ord(c) - 96 if "a" <= c <= "z" else 0 for c in word), 0]
    table = firms().letters
    return float(sum(table[a, b, c] for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)))


@dataclass(frozen=True)
class Zone:
    """States of one language, with the share of their people who bear each word."""

    states: dict[str, float]  #: people by state
    given: dict[str, float]  #: share by given name
    family: dict[str, float]  #: share by family name
    father: dict[str, float]  #: share by father's name; empty if names have none
    syllables: bool = False  #: a given name of several syllables is one word
    people: float = 0.0

    def share(self, words: Sequence[str]) -> float:
        """Return the share of the zone's people whose name consists of these words, in any order.

        It is 0 if a word is unknown.
        """
        if self.syllables and len(words) > 1:
            family_first = self.given.get("".join(words[1:]), 0.0) * self.family.get(words[0], 0.0)
            family_last = self.given.get("".join(words[:-1]), 0.0) * self.family.get(words[-1], 0.0)
            return family_first + family_last
        total = 0.0
        for given, family in permutations(range(len(words)), 2):
            if words[family] not in self.family:
                continue
            both = self.family[words[family]] * self._share_of_given(words[given])
            if both:
                others = (word for k, word in enumerate(words) if k not in (given, family))
                total += both * math.prod(map(self._share_in_any_place, others))
        return total

    def _share_of_given(self, word: str) -> float:
        """Return the share of people with a given name, in this spelling or one a letter away."""
        if word in self.given or len(word) < LEAST_LETTERS:
            return self.given.get(word, 0.0)
        near = process.extract_iter(word, [*self.given], scorer=OSA.distance, score_cutoff=1)
        return max((self.given[name] for name, *_ in near), default=0.0)

    def _share_in_any_place(self, word: str) -> float:
        """Return the share of people who bear a word as given, family or father's name."""
        return max(
            self.given.get(word, 0.0), self.family.get(word, 0.0), self.father.get(word, 0.0)
        )


class People:
    """Words of people's names, by zone."""

    def __init__(self) -> None:
        table = json.loads(read_package_text(__package__, "name_shares.json"))
        self.zones = {}
        for name, stored in table["zones"].items():
            self.zones[name] = Zone(
                states=stored["states"],
                given=_shares_by_word(stored["given"]),
                family=_shares_by_word(stored["family"]),
                father=_shares_by_word(stored.get("father", {})),
                syllables=name in SYLLABLES,
                people=float(sum(stored["states"].values())),
            )
        roots = np.sqrt([zone.people for zone in self.zones.values()])
        self.weight = roots / roots.sum()
        #: The row of each word in the shares by zone; the last row is that of unknown words.
        self._row_of: dict[str, int] = {}
        for zone in self.zones.values():
            for word in (*zone.given, *zone.family, *zone.father):
                self._row_of.setdefault(word, len(self._row_of))
        self._shares = np.zeros((len(self._row_of) + 1, len(self.zones)))
        for column, zone in enumerate(self.zones.values()):
            for shares in (zone.given, zone.family, zone.father):
                rows = [self._row_of[word] for word in shares]
                self._shares[rows, column] = np.maximum(
                    self._shares[rows, column], [*shares.values()]
                )
        self._heard_as = lru_cache(maxsize=_MOST_HEARD)(self._of_all_it_may_be)

    def of_words(self, words: Sequence[str]) -> np.ndarray:
        """Return the share of each zone's people who bear a word; shape (words, zones).

        A word that nobody is known to bear has the same small share in every zone.
        """
        shares = self._shares[[self._row_of.get(word, -1) for word in words]]
        russian = list(self.zones).index("ru")
        # Family names that are in the register of Russian firms.
        is_word = np.asarray([word.isalpha() for word in words], dtype=bool)
        registered = firms().russians.shares(words) * is_word
        shares[:, russian] = np.maximum(shares[:, russian], registered)
        least = np.asarray([firms().unseen(word) for word in words])
        shares = np.maximum(shares, least[:, None])
        for n, text in enumerate(words):
            if unvowelled(text):
                shares[n] = self._heard_as(text)
        return shares

    def _of_all_it_may_be(self, text: str) -> np.ndarray:
        """Return the shares of a word without vowels: those of all words that it may be."""
        possible = self.of_words(self.voicings.of(text))
        return np.asarray(possible.sum(axis=0) + MOST_UNSEEN)

    @cached_property
    def voicings(self) -> Voicings:
        """The words, by their consonants."""
        return Voicings(self._row_of)

    def bear(self, word: str) -> bool:
        """Return whether people of any zone are known to bear a word."""
        return word in self._row_of

    def shares(self, names: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the share of people who bear each word of each name, given the words before it.

        A Russian given name makes a Russian family name likelier. Shape (names, most words).
        """
        return _along(self.of_words, np.tile(self.weight, (len(names), 1)), names)

    def bearers(
        self, words: Sequence[str], states: Mapping[str, object] | frozenset[str] = frozenset()
    ) -> float:
        """Return how many people bear a name of two to five words, estimated from its words.

        Parameters
        ----------
        words
            the words of the name.
        states
            the states whose people count; by default all.
        """
        if not 2 <= len(words) <= 5:
            return 0.0
        bearers = 0.0
        for zone in self.zones.values():
            people = zone.people
            if states:
                people = sum(size for state, size in zone.states.items() if state in states)
            bearers += people * zone.share(words)
        return bearers


def _shares_by_word(steps: Mapping[str, str]) -> dict[str, float]:
    """Return the share of each word; stored are the words of a share of 10 ** (step / 10), by step."""
    shares = {}
    for step, words in steps.items():
        for word in words.split():
            shares[word] = 10 ** (int(step) * 0.1)
    return shares


@cache
def people() -> People:
    """The words of people's names, read once."""
    return People()


def _along(
    of_words: Callable[[Sequence[str]], np.ndarray],
    zones: np.ndarray,
    names: Sequence[Sequence[str]],
) -> np.ndarray:
    """Return the share of each word of each name, given the words before it.

    Each word updates how probable each zone is, by Bayes' rule.

    Parameters
    ----------
    of_words
        returns the share of each word in each zone, shape (words, zones).
    zones
        how probable each zone is for each name, shape (names, zones). It is changed.
    names
        the words of each name.

    Returns
    -------
    shape (names, most words of a name), 1 after the last word of a name
    """
    number_of: dict[str, int] = {}
    numbers = np.full((len(names), max(map(len, names), default=0)), -1)
    for n, words in enumerate(names):
        numbers[n, : len(words)] = [number_of.setdefault(word, len(number_of)) for word in words]
    in_zones = of_words(list(number_of))
    shares = np.ones(numbers.shape)
    for k in range(numbers.shape[1]):
        rows = np.flatnonzero(numbers[:, k] >= 0)
        zones[rows] *= in_zones[numbers[rows, k]]
        shares[rows, k] = zones[rows].sum(axis=1)
        zones[rows] /= shares[rows, k][:, None]
    return shares


def informations(
    names: Sequence[Sequence[str]], persons: Sequence[bool | None], states: Sequence[str]
) -> np.ndarray:
    """Return the information of each word of each name, given the words before it, in nats.

    It is minus the logarithm of the share of names that have the word: of firms, of people, or the
    greater of both where either may be named.

    Parameters
    ----------
    names
        the words of each name.
    persons
        whether each name is that of a person; None if that is unknown.
    states
        where the firm is said to be; blank if that is unknown.

    Returns
    -------
    shape (names, most words of a name)
    """
    shares = np.zeros((len(names), max(map(len, names), default=0)))
    rows = [n for n, is_person in enumerate(persons) if is_person is not True]
    if rows:
        found = firms().shares([names[n] for n in rows], [states[n] for n in rows])
        shares[rows, : found.shape[1]] = found
    rows = [n for n, is_person in enumerate(persons) if is_person is not False]
    if rows:
        found = people().shares([names[n] for n in rows])
        width = found.shape[1]
        shares[rows, :width] = np.maximum(shares[rows, :width], found)
    return -np.log(np.clip(shares, LEAST, 1.0))
