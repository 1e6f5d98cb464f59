# SPDX-License-Identifier: Apache-2.0
"""How often anybody's name has a word: registered firms by state, people by language, letters for words nobody has.

A word says as much as it is rare in the world, not on a list: 144 listed firms called Huawei make Huawei no commoner.
Firms: words, and words after words, of registered names (``names/background.npz``, made by
``benchmarks/background.py``, which names sources and licences). People: shares of given, family and father's names in
zones of one language (``name_shares.json``). States and zones weigh by the root of their size, so that no register of
one state speaks for the world.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bilat.parties.match import index_file
from bilat.parties.names.abjad import Voicings, unvowelled

#: Words of a name that are in no name counted; the least share of a word; that of a Han syllable.
UNSEEN = 0.35
LEAST = 1e-10
LEAST_HAN = 1e-4
#: Greatest share of a word that nobody is known to bear.
MOST_UNSEEN = 2e-6
#: Share of the names that a word after another one accounts for, beside the word alone.
FOLLOWS = 0.7
#: Share of the names that have a letter standing alone, any one.
INITIAL = 10.0**-1.5
#: Zones in which a given name of several syllables is one word.
SYLLABLES = ("zh", "ko")
#: Bearers from which a name is one of many: registered firms, people.
MANY_FIRMS = 20
MANY_PEOPLE = 2000


def keys_of(tokens: Sequence[str]) -> np.ndarray:
    """A number of 64 bits for each token by its first 64 bytes; of a million tokens two in thirty million share one."""
    parts = np.asarray([t.encode() for t in tokens], dtype="S64").view(np.uint64).reshape(-1, 8)
    out = np.full(len(tokens), 1469598103934665603, dtype=np.uint64)
    for n in range(8):
        out = (out ^ parts[:, n]) * np.uint64(0x9E3779B97F4A7C15)
        out ^= out >> np.uint64(29)
    return out


class _Words:
    """Shares and counts of one kind of words, by the sorted keys of their tokens."""

    def __init__(self, keys: np.ndarray, share: np.ndarray, names: np.ndarray) -> None:
        self.keys = keys
        self.share = share
        self.names = names

    def _of(self, values: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        asked = keys_of(tokens)
        found = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[found] == asked, values[found], 0)

    def shares(self, tokens: Sequence[str]) -> np.ndarray:
        """Share of the names that have each token, 0 where none is known."""
        return self._of(self.share, tokens).astype(np.float64)

    def count(self, token: str) -> int:
        """Names counted that have the token."""
        return int(self._of(self.names, [token])[0])


class Firms:
    """Words of registered firms' names."""

    def __init__(self) -> None:
        found = (
            index_file.read(
                Path(str(resources.files("bilat.parties.names").joinpath("background.npz")))
            )
            or {}
        )
        about = json.loads(found["about"][0])
        self.sources: dict[str, str] = about["sources"]
        counts = found["letters"] + 0.05
        self.letters = np.log(counts / counts.sum(axis=2, keepdims=True))
        rows = {
            of: _Words(*(found[part][first:end] for part in ("keys", "share", "names")))
            for of, (first, end) in about["places"].items()
        }
        self.words = rows["word"]
        self.pairs = rows["pair"]
        self.wholes = rows["whole"]
        self.syllables = rows["han CHN"]
        self.russians = rows["family RUS"]
        self._tokens: list[str] = found["words"]
        self.names = sum(about["sizes"].values())
        self.states: list[str] = about["states"]
        self.sizes = np.asarray(
            [max(about["sizes"].get(s, 1), 1) for s in self.states], dtype=float
        )
        self.weight = np.sqrt(self.sizes) / np.sqrt(self.sizes).sum()
        # words of states, by their keys, and of which state
        self.there = rows["there"]
        self.of = found["of"]

    @cached_property
    def voicings(self) -> Voicings:
        """The words, by their consonants."""
        return Voicings(self._tokens)

    def of_words(self, words: Sequence[str]) -> np.ndarray:
        """Share of each state's firms whose names have a word, for each word; shape (words, states)."""
        world = self.words.shares(words)
        new = np.flatnonzero(world == 0)
        world[new] = [self.unseen(words[n]) for n in new.tolist()]
        out = np.minimum(world[:, None], 1 / self.sizes)
        out[new] = world[new, None]
        asked = keys_of(words)
        low, high = (np.searchsorted(self.there.keys, asked, side) for side in ("left", "right"))
        at = np.arange((high - low).sum()) + np.repeat(
            low - np.cumsum(high - low) + high - low, high - low
        )
        row = np.repeat(np.arange(len(words)), high - low)
        out[row, self.of[at]] = self.there.share[at]
        for n in [n for n, word in enumerate(words) if unvowelled(word)]:
            out[n] = self.of_words(self.voicings.of(words[n])).sum(axis=0) + MOST_UNSEEN
        return out

    def shares(self, names: Sequence[Sequence[str]], states: Sequence[str]) -> np.ndarray:
        """Share of firms' names that have each word of each name, given the words before it: a Turkish word makes the
        next one likelier. ``states``: where each firm is said to be. Shape (names, most words).
        """
        zones = np.tile(self.weight, (len(names), 1))
        for n, state in enumerate(states):
            if state and state in self.states:
                zones[n] *= 0.3
                zones[n, self.states.index(state)] += 0.7
        out = _along(self.of_words, zones, names)
        after = [
            (n, k, f"{a} {b}")
            for n, of in enumerate(names)
            for k, (a, b) in enumerate(pairwise(of), 1)
        ]
        if after:
            row, column, pairs = zip(*after, strict=True)
            out[row, column] = np.maximum(out[row, column], FOLLOWS * self.pairs.shares(pairs))
        return out

    def unseen(self, word: str) -> float:
        """Share of names that have a word which none of those counted has, by its letters."""
        if unvowelled(word):
            return MOST_UNSEEN
        if word[0] == "~":
            of = np.maximum(
                self.syllables.shares(["~" + s for s in word[1:].split(".")]), LEAST_HAN
            )
            return max(float(np.prod(of)), LEAST)
        if len(word) == 1:
            return INITIAL
        if word.isdigit():
            return 10.0 ** -(1 + min(len(word), 4) / 2)
        return min(max(UNSEEN * math.exp(_by_letters(word)), LEAST), MOST_UNSEEN)

    def bearers(self, words: Sequence[str]) -> int:
        """Registered names counted that are of these words and no others; of a single word, that begin or end with it
        too.
        """
        whole = self.wholes.count(" ".join(words))
        return max(whole, self.words.count(words[0])) if len(words) == 1 else whole


@cache
def firms() -> Firms:
    """The words of registered firms, read once."""
    return Firms()


@lru_cache(maxsize=1 << 16)
def _by_letters(word: str) -> float:
    """Logarithm of the chance of a word's letters, each after the two before it."""
    codes = [0, 0, *(ord(c) - 96 if "a" <= c <= "z" else 0 for c in word), 0]
    table = firms().letters
    return float(sum(table[a, b, c] for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)))


@dataclass(frozen=True)
class Zone:
    """States of one language: shares of their people who bear a word as given, family or father's name."""

    states: dict[str, float]  # people, per state
    given: dict[str, float]
    family: dict[str, float]
    father: dict[str, float]  # empty where names have none
    syllables: bool = False
    people: float = field(default=0.0)

    def share(self, words: Sequence[str]) -> float:
        """Share of the zone's people whose name is of these words, in any order; 0 where a word is not known."""
        if self.syllables and len(words) > 1:
            return self.given.get("".join(words[1:]), 0.0) * self.family.get(
                words[0], 0.0
            ) + self.given.get("".join(words[:-1]), 0.0) * self.family.get(words[-1], 0.0)
        total = 0.0
        for i, given in enumerate(words):
            for j, family in enumerate(words):
                if (
                    i != j
                    and family in self.family
                    and (both := self.family[family] * self.called(given))
                ):
                    total += both * math.prod(
                        self.any(w) for k, w in enumerate(words) if k not in (i, j)
                    )
        return total

    def called(self, word: str) -> float:
        """Share of people of a given name, in this spelling or one that is a letter away: Alexander for Aleksandr."""
        if word in self.given or len(word) < 5:
            return self.given.get(word, 0.0)
        near = process.extract_iter(word, [*self.given], scorer=OSA.distance, score_cutoff=1)
        return max((self.given[name] for name, *_ in near), default=0.0)

    def any(self, word: str) -> float:
        """Share of people who bear the word in any place."""
        return max(
            self.given.get(word, 0.0), self.family.get(word, 0.0), self.father.get(word, 0.0)
        )


class People:
    """Words of people's names, by zone."""

    def __init__(self) -> None:
        table = json.loads(
            resources.files(__package__).joinpath("name_shares.json").read_text("utf-8")
        )

        def read(steps: dict[str, str]) -> dict[str, float]:
            return {w: 10 ** (int(k) * 0.1) for k, words in steps.items() for w in words.split()}

        self.zones = {
            name: Zone(
                z["states"],
                read(z["given"]),
                read(z["family"]),
                read(z.get("father", {})),
                name in SYLLABLES,
                float(sum(z["states"].values())),
            )
            for name, z in table["zones"].items()
        }
        roots = np.sqrt([z.people for z in self.zones.values()])
        self.weight = roots / roots.sum()
        self.bearing: dict[
            str, int
        ] = {}  # word -> its row of the shares of each zone's people who bear it
        for z in self.zones.values():
            for word in (*z.given, *z.family, *z.father):
                self.bearing.setdefault(word, len(self.bearing))
        self._borne = np.zeros((len(self.bearing) + 1, len(self.zones)))
        for n, z in enumerate(self.zones.values()):
            for shares in (z.given, z.family, z.father):
                rows = [self.bearing[word] for word in shares]
                self._borne[rows, n] = np.maximum(self._borne[rows, n], [*shares.values()])

    def of_words(self, words: Sequence[str]) -> np.ndarray:
        """Share of each zone's people who bear a word, for each word; the same least share everywhere where nobody is
        known to. Shape (words, zones).
        """
        out = self._borne[[self.bearing.get(w, -1) for w in words]]
        ru = [*self.zones].index("ru")
        alpha = np.asarray([w.isalpha() for w in words], dtype=bool)
        out[:, ru] = np.maximum(out[:, ru], firms().russians.shares(words) * alpha)
        out = np.maximum(out, np.asarray([firms().unseen(w) for w in words])[:, None])
        for n in [n for n, word in enumerate(words) if unvowelled(word)]:
            out[n] = self.of_words(self.voicings.of(words[n])).sum(axis=0) + MOST_UNSEEN
        return out

    @cached_property
    def voicings(self) -> Voicings:
        """The words, by their consonants."""
        return Voicings(self.bearing)

    def bear(self, word: str) -> bool:
        """Whether people of any zone are known to bear a word."""
        return word in self.bearing

    def shares(self, names: Sequence[Sequence[str]]) -> np.ndarray:
        """Share of people who bear each word of each name, given the words before it: a Russian given name makes a
        Russian family name likelier. Shape (names, most words).
        """
        return _along(self.of_words, np.tile(self.weight, (len(names), 1)), names)

    def bearers(
        self, words: Sequence[str], states: Mapping[str, object] | frozenset[str] = frozenset()
    ) -> float:
        """People of the world (of the states named, where any is) who bear the name by counts of its words."""
        if not 2 <= len(words) <= 5:
            return 0.0
        return sum(
            (sum(n for s, n in z.states.items() if s in states) if states else z.people)
            * z.share(words)
            for z in self.zones.values()
        )


@cache
def people() -> People:
    """The words of people's names, read once."""
    return People()


def _along(
    of_words: Callable[[Sequence[str]], np.ndarray],
    zones: np.ndarray,
    names: Sequence[Sequence[str]],
) -> np.ndarray:
    """Share of each word of each name, 1 beyond its end, where each name begins among zones of these weights and is
    sought, after each word, where that word is borne.
    """
    number: dict[str, int] = {}
    at = np.full((len(names), max(map(len, names), default=0)), -1)
    for n, words in enumerate(names):
        at[n, : len(words)] = [number.setdefault(w, len(number)) for w in words]
    borne = of_words([*number])
    out = np.ones(at.shape)
    for k in range(at.shape[1]):
        has = np.flatnonzero(at[:, k] >= 0)
        zones[has] *= borne[at[has, k]]
        out[has, k] = zones[has].sum(axis=1)
        zones[has] /= out[has, k][:, None]
    return out


def informations(
    names: Sequence[Sequence[str]], persons: Sequence[bool | None], states: Sequence[str]
) -> np.ndarray:
    """What each word of each name says, in nats: minus the logarithm of the share of anybody's names that have it,
    given the words before it; shape (names, most words). ``persons``: None where it is not known whether a person or
    a firm is named; ``states``: where the firm is said to be, or ''.
    """
    of = np.zeros((len(names), max(map(len, names), default=0)))
    firm, person = (
        np.asarray([p is not other for p in persons], dtype=bool) for other in (True, False)
    )
    if rows := np.flatnonzero(firm).tolist():
        found = firms().shares([names[n] for n in rows], [states[n] for n in rows])
        of[rows, : found.shape[1]] = found
    if rows := np.flatnonzero(person).tolist():
        found = people().shares([names[n] for n in rows])
        of[rows, : found.shape[1]] = np.maximum(of[rows, : found.shape[1]], found)
    return -np.log(np.clip(of, LEAST, 1.0))
