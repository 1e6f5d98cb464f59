# SPDX-License-Identifier: Apache-2.0
"""How often anybody's name has a word: registered firms by state, people by language, letters for words nobody has.

A word says as much as it is rare in the world, not on a list: 144 listed firms called Huawei make Huawei no commoner.
Firms: words, and words after words, of registered names (``names/background.parquet``, made by
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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bilat.parties.names.unvowelled import Voicings, unvowelled

#: Words of a name that are in no name counted; the least share of a word; that of a Han syllable.
UNSEEN, LEAST, LEAST_HAN = 0.35, 1e-10, 1e-4
#: Greatest share of a word that nobody is known to bear.
MOST_UNSEEN = 2e-6
#: Share of the names that a word after another one accounts for, beside the word alone.
FOLLOWS = 0.7
#: Share of the names that have a letter standing alone, any one.
INITIAL = 10.0**-1.5
#: Zones in which a given name of several syllables is one word.
SYLLABLES = ("zh", "ko")
#: Bearers from which a name is one of many: registered firms, people.
MANY_FIRMS, MANY_PEOPLE = 20, 2000


def _keys(tokens: Sequence[str]) -> np.ndarray:
    """A number of 64 bits for each token of at most 64 bytes; of a million tokens two in thirty million share one."""
    written = np.asarray([t.encode("ascii", "replace") for t in tokens], dtype="S64")
    out = np.full(len(written), 1469598103934665603, dtype=np.uint64)
    for at in range(0, len(written), 1 << 15):
        parts = written[at : at + (1 << 15)].view(np.uint64).reshape(-1, 8)
        for n in range(8):
            out[at : at + len(parts)] = (out[at : at + len(parts)] ^ parts[:, n]) * np.uint64(_ODD)
            out[at : at + len(parts)] ^= out[at : at + len(parts)] >> np.uint64(29)
    return out


_ODD = 0x9E3779B97F4A7C15


def _table() -> pa.Table:
    """The table of words, read anew: it is large."""
    with resources.as_file(resources.files("bilat.parties.names").joinpath("background.parquet")) as file:
        return pq.ParquetFile(file).read()  # without the imports of data sets


class _Words:
    """Rows of one kind of the table: shares and counts by token, looked up in one go."""

    def __init__(self, table: pa.Table) -> None:
        # Arrow's own way to NumPy imports pandas where it is installed: 60 MB.
        tokens, share, names = (table.column(c).to_pylist() for c in ("token", "share", "names"))
        keys = _keys(tokens)
        order = np.argsort(keys)
        self.keys, self.share = keys[order], np.asarray(share)[order]
        self.names = np.asarray(names, dtype=np.int64)[order]

    def at(self, tokens: Sequence[str]) -> np.ndarray:
        """Row of each token, -1 where there is none."""
        if not len(self.share):
            return np.full(len(tokens), -1)
        asked = _keys(tokens)
        found = np.minimum(np.searchsorted(self.keys, asked), len(self.share) - 1)
        return np.where(self.keys[found] == asked, found, -1)

    def shares(self, tokens: Sequence[str]) -> np.ndarray:
        """Share of the names that have each token, 0 where none is known."""
        at = self.at(tokens)
        return np.where(at >= 0, self.share[at], 0.0) if len(self.share) else np.zeros(len(at))

    def counts(self, tokens: Sequence[str]) -> list[int]:
        """Names counted that have each token."""
        at = self.at(tokens)
        return np.where(at >= 0, self.names[at], 0).tolist() if len(self.names) else [0] * len(at)

    def count(self, token: str) -> int:
        """Names counted that have the token."""
        return self.counts([token])[0]


def _by_word(states: Sequence[_Words]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(key of a word, number of a state, share of its firms that have the word), sorted by the key."""
    keys = np.concatenate([w.keys for w in states])
    of = np.concatenate([np.full(len(w.share), n, dtype=np.int16) for n, w in enumerate(states)])
    order = np.argsort(keys, kind="stable")
    return keys[order], of[order], np.concatenate([w.share for w in states])[order]


class Firms:
    """Words of registered firms' names."""

    def __init__(self) -> None:
        table = _table()
        meta = table.schema.metadata
        self.sources: dict[str, str] = json.loads(meta[b"sources"])
        counts = np.asarray(meta[b"letters"].split(), dtype=np.float64).reshape(27, 27, 27) + 0.05
        self.letters = np.log(counts / counts.sum(axis=2, keepdims=True))
        places = json.loads(meta[b"places"])
        rows = {of: _Words(table.slice(*place)) for of, place in places.items()}
        sizes: dict[str, int] = json.loads(meta[b"sizes"])
        self.names = sum(sizes.values())
        self.words, self.pairs, self.wholes = rows["word"], rows["pair"], rows["whole"]
        self.syllables, self.russians = rows["han CHN"], rows["family RUS"]
        self._known: dict[str, float] = {}
        self._after: dict[str, float] = {}
        self._met: dict[str, np.ndarray] = {}
        of_states = {k.partition(" ")[2]: w for k, w in rows.items() if k.startswith("word ")}
        self.states = list(of_states)
        self._by_word = _by_word([*of_states.values()])
        self.sizes = np.asarray([max(sizes.get(s, 1), 1) for s in self.states], dtype=float)
        self.weight = np.sqrt(self.sizes) / np.sqrt(self.sizes).sum()

    @cached_property
    def voicings(self) -> Voicings:
        """The words, by their consonants."""
        place = json.loads(_table().schema.metadata[b"places"])["word"]
        return Voicings(_table().slice(*place).column("token").to_pylist())

    def learn(self, names: Sequence[Sequence[str]]) -> None:
        """Look up the words of many names in one go; what was met is remembered."""
        if len(self._known) > 200_000:
            self._known.clear()
            self._after.clear()
        new = list({t for of in names for t in of if t not in self._known})
        self._known.update(zip(new, self.words.shares(new).tolist(), strict=True))
        pairs = {f"{a} {b}" for of in names for a, b in pairwise(of)} - self._after.keys()
        self._after.update(zip(pairs, self.pairs.shares(list(pairs)).tolist(), strict=True))

    def of_words(self, words: Sequence[str]) -> list[np.ndarray]:
        """Share of each state's firms whose names have a word, for each word."""
        if new := [w for w in dict.fromkeys(words) if w not in self._met]:
            if len(self._met) + len(new) > 20_000:
                self._met.clear()
                new = [*dict.fromkeys(words)]
            self.learn([[w] for w in new])
            keys, of, share = self._by_word
            asked = _keys(new)
            low, high = (np.searchsorted(keys, asked, side) for side in ("left", "right"))
            for word, a, b in zip(new, low.tolist(), high.tolist(), strict=True):
                if unvowelled(word):
                    may_be = self.of_words(self.voicings.of(word))
                    self._met[word] = sum(may_be, np.full(len(self.states), MOST_UNSEEN))
                    continue
                world = self._known[word] or self.unseen(word)
                out = np.minimum(world, 1 / self.sizes)
                out[of[a:b]] = share[a:b]
                self._met[word] = out if self._known[word] else np.maximum(out, world)
        return [self._met[w] for w in words]

    def shares(self, names: Sequence[Sequence[str]], states: Sequence[str]) -> np.ndarray:
        """Share of firms' names that have each word of each name, given the words before it: a Turkish word makes the
        next one likelier. ``states``: where each firm is said to be. Shape (names, most words).
        """
        self.learn(names)
        zones = np.tile(self.weight, (len(names), 1))
        for n, state in enumerate(states):
            if state in self.states:
                zones[n] *= 0.3
                zones[n, self.states.index(state)] += 0.7
        out = _along(self.of_words, zones, names)
        for n, words in enumerate(names):
            for k, (a, b) in enumerate(pairwise(words), 1):
                if after := self._after.get(f"{a} {b}", 0.0):
                    out[n, k] = max(out[n, k], FOLLOWS * after)
        return out

    def unseen(self, word: str) -> float:
        """Share of names that have a word which none of those counted has, by its letters."""
        if unvowelled(word):
            return MOST_UNSEEN
        if word[0] == "~":
            of = np.maximum(self.syllables.shares(["~" + s for s in word[1:].split(".")]), LEAST_HAN)
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
            return self.given.get("".join(words[1:]), 0.0) * self.family.get(words[0], 0.0) + self.given.get(
                "".join(words[:-1]), 0.0
            ) * self.family.get(words[-1], 0.0)
        total = 0.0
        for i, given in enumerate(words):
            for j, family in enumerate(words):
                if i != j and family in self.family and (both := self.family[family] * self.called(given)):
                    total += both * math.prod(self.any(w) for k, w in enumerate(words) if k not in (i, j))
        return total

    def called(self, word: str) -> float:
        """Share of people of a given name, in this spelling or one that is a letter away: Alexander for Aleksandr."""
        if word in self.given or len(word) < 5:
            return self.given.get(word, 0.0)
        near = process.extract_iter(word, [*self.given], scorer=OSA.distance, score_cutoff=1)
        return max((self.given[name] for name, *_ in near), default=0.0)

    def any(self, word: str) -> float:
        """Share of people who bear the word in any place."""
        return max(self.given.get(word, 0.0), self.family.get(word, 0.0), self.father.get(word, 0.0))


class People:
    """Words of people's names, by zone."""

    def __init__(self) -> None:
        table = json.loads(resources.files(__package__).joinpath("name_shares.json").read_text("utf-8"))

        def read(steps: dict[str, str]) -> dict[str, float]:
            return {w: 10 ** (int(k) * 0.1) for k, words in steps.items() for w in words.split()}

        self.zones = {
            name: Zone(
                z["states"], read(z["given"]), read(z["family"]), read(z.get("father", {})), name in SYLLABLES,
                float(sum(z["states"].values())),
            )
            for name, z in table["zones"].items()
        }  # fmt: skip
        roots = np.sqrt([z.people for z in self.zones.values()])
        self.weight = roots / roots.sum()
        self._met: dict[str, np.ndarray] = {}
        self.bearing: dict[str, dict[int, float]] = {}  # word -> number of a zone -> share of its people
        for n, z in enumerate(self.zones.values()):
            for shares in (z.given, z.family, z.father):
                for word, share in shares.items():
                    of = self.bearing.setdefault(word, {})
                    of[n] = max(share, of.get(n, 0.0))

    def of_words(self, words: Sequence[str]) -> list[np.ndarray]:
        """Share of each zone's people who bear a word, for each word; the same least share everywhere where nobody is
        known to.
        """
        if new := [w for w in dict.fromkeys(words) if w not in self._met]:
            if len(self._met) + len(new) > 50_000:
                self._met.clear()
                new = [*dict.fromkeys(words)]
            russians = firms().russians.shares(new).tolist()
            ru = list(self.zones).index("ru")
            for word, family in zip(new, russians, strict=True):
                if unvowelled(word):
                    may_be = self.of_words(self.voicings.of(word))
                    self._met[word] = sum(may_be, np.full(len(self.zones), MOST_UNSEEN))
                    continue
                shares = np.zeros(len(self.zones))
                for n, share in self.bearing.get(word, {}).items():
                    shares[n] = share
                if word.isalpha():
                    shares[ru] = max(shares[ru], family)
                self._met[word] = np.maximum(shares, firms().unseen(word))
        return [self._met[w] for w in words]

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
            (sum(n for s, n in z.states.items() if s in states) if states else z.people) * z.share(words)
            for z in self.zones.values()
        )


@cache
def people() -> People:
    """The words of people's names, read once."""
    return People()


def _along(
    of_words: Callable[[Sequence[str]], list[np.ndarray]], zones: np.ndarray, names: Sequence[Sequence[str]]
) -> np.ndarray:
    """Share of each word of each name, 1 beyond its end, where each name begins among zones of these weights and is
    sought, after each word, where that word is borne.
    """
    number: dict[str, int] = {}
    at = np.full((len(names), max(map(len, names), default=0)), -1)
    for n, words in enumerate(names):
        at[n, : len(words)] = [number.setdefault(w, len(number)) for w in words]
    borne = np.stack(of_words([*number])) if number else np.zeros((0, zones.shape[1]))
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
    firm, person = (np.asarray([p is not other for p in persons], dtype=bool) for other in (True, False))
    if rows := np.flatnonzero(firm).tolist():
        found = firms().shares([names[n] for n in rows], [states[n] for n in rows])
        of[rows, : found.shape[1]] = found
    if rows := np.flatnonzero(person).tolist():
        found = people().shares([names[n] for n in rows])
        of[rows, : found.shape[1]] = np.maximum(of[rows, : found.shape[1]], found)
    return -np.log(np.clip(of, LEAST, 1.0))
