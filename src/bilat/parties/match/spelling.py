# SPDX-License-Identifier: Apache-2.0
"""How one word may be another: the same, some edits away, cut short, a rendering of its sound in Han, a translation.

The same channel finds the listed words that a query's word may be and pairs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, LCSseq

from bilat.parties.names.abjad import across, voiced
from bilat.parties.names.han import sound_of_pinyin, sound_of_token
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import NO_VOWELS, lexicon

NONE, SAME, EDIT, CUT, SOUND, MEANT = range(6)
#: Likeness of the sounds of a rendering and a word from which on one may be the other.
SOUNDS_ALIKE = 0.75
#: Letters of the longest listed word that is one cut short.
ABBREVIATED = 5
_VOWELS = frozenset("aeiou")
Unit = tuple[str, str]  # a token and the word as written, '' where it is none


@cache
def translated() -> frozenset[str]:
    """Words of industry that mean nearly another one."""
    return frozenset(a for a, _ in lexicon()[1])


def letter_codes(strings: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(codes 1-37 of all strings with a 0 before, between and after, row of each position)."""
    text = "\n" + "\n".join(strings) + "\n"
    raw = np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8).astype(np.int32)
    codes = np.zeros_like(raw)
    letters = (raw >= 97) & (raw <= 122)
    digits = (raw >= 48) & (raw <= 57)
    codes[letters] = raw[letters] - 96
    codes[digits] = raw[digits] - 48 + 27
    newline = raw == 10
    rows = np.cumsum(newline) - 1
    return codes, rows


def spelled(asked: Sequence[Unit], listed: Sequence[Unit]) -> tuple[np.ndarray, np.ndarray]:
    """Return how each word asked may be the listed word beside it, and at how many edits.

    Edits are counted between the tokens, or between the words as written where these are nearer:
    ``Secihn`` is one slip from ``Sechin``.
    """
    words = _WordsBeside(asked, listed)
    kind = np.zeros(len(asked), dtype=np.int8)
    edits = np.zeros(len(asked), dtype=np.float32)
    cut = words.cut_short()
    near = words.misspelled(cut)
    kind[cut] = CUT
    edits[cut] = np.where(words.begins, 0, 1)[cut]
    kind[near] = EDIT
    edits[near] = words.distance[near]
    # Words of industry are themselves, and no misspellings of one another: aviation, navigation.
    kind[words.of_industry] = NONE
    kind[words.translations] = MEANT
    edits[words.translations] = 0
    initials = words.initials
    kind[words.shortest == 1] = NONE
    edits[initials] = 2
    kind[initials] = CUT
    kind[words.numeric] = NONE
    for n in words.renderings:
        kind[n], edits[n] = _sounded(*words.tokens(n))
    for n in words.across_scripts:
        kind[n], edits[n] = _voiced(*words.tokens(n))
    kind[words.same] = SAME
    edits[words.same] = 0
    for n in words.same_but_written_otherwise():
        if _in_meaning_alone(asked[n], listed[n]):
            kind[n] = MEANT
    return kind, edits


class _WordsBeside:
    """Words asked, each beside a listed word, and what tells whether one may be the other."""

    def __init__(self, asked: Sequence[Unit], listed: Sequence[Unit]) -> None:
        self.asked = [token for token, _ in asked]
        self.asked_written = [word for _, word in asked]
        self.listed = [token for token, _ in listed]
        self.listed_written = [word for _, word in listed]
        distance, self.shortest, longest, self.within = _compared(self.asked, self.listed)
        by_word, short, long, self.within_word = _compared(self.asked_written, self.listed_written)
        #: Whether both words are known as they are written.
        self.both = np.minimum(short, long) > 0
        self.by_word = by_word
        self.long_word = long
        self.distance = np.where(self.both, np.minimum(distance, by_word), distance)
        self.at_least = np.where(self.both, np.maximum(self.shortest, short), self.shortest)
        self.at_most = np.where(self.both, np.maximum(longest, long), longest)
        self.first = self._each(lambda x, y: x[0] == y[0])
        self.begins = self._where(self.first, lambda x, y: x.startswith(y) or y.startswith(x))
        self.same = self._where(self.first, lambda x, y: x == y)
        self.few = self._few_edits()

    def tokens(self, n: int) -> tuple[str, str]:
        """Return the words of a place, as they are compared."""
        return self.asked[n], self.listed[n]

    def _each(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair of words whether something holds."""
        pairs = zip(self.asked, self.listed, strict=True)
        return np.asarray([holds(x, y) for x, y in pairs], dtype=bool)

    def _where(self, rows: np.ndarray, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair of words whether it is one of some rows and something holds."""
        out = np.zeros(len(self.asked), dtype=bool)
        for n in np.flatnonzero(rows).tolist():
            out[n] = holds(self.asked[n], self.listed[n])
        return out

    def _each_written(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return the same for the words as they are written."""
        pairs = zip(self.asked_written, self.listed_written, strict=True)
        return np.asarray([holds(x, y) for x, y in pairs], dtype=bool)

    def _few_edits(self) -> np.ndarray:
        few = (self.at_least >= 4) & (self.distance <= np.maximum(1, self.at_most // 4))
        # A word without vowels that has two letters less than another is cut short.
        doubtful = few & self.within & self.first & (self.distance > 1)
        return few & ~self._where(doubtful, _has_no_vowels)

    def cut_short(self) -> np.ndarray:
        """Return which words are one cut short, at its end or by letters left out."""
        letters = self.within | (self.both & self.within_word)
        cut = letters & self.first & (self.at_least >= 2) & ~self.few
        # A listed word that is shorter is an abbreviation where it is short: Gazprombank is not
        # Gazprom.
        cut = self._where(cut, lambda x, y: len(y) > len(x) or len(y) <= ABBREVIATED)
        for n in np.flatnonzero(cut & ~self.begins).tolist():
            cut[n] = self._is_contracted(n)
        return cut

    def _is_contracted(self, n: int) -> bool:
        if contracted(self.asked[n], self.listed[n]):
            return True
        return bool(self.both[n] and contracted(self.asked_written[n], self.listed_written[n]))

    def misspelled(self, cut: np.ndarray) -> np.ndarray:
        """Return which words are a few edits from the other one; ``cut``: those cut short."""
        one_of_three = (self.at_least == 3) & (self.distance == 1)
        return self.few | (one_of_three & self.first & ~cut)

    @property
    def of_industry(self) -> np.ndarray:
        """Whether both words are of industry, which the lexicon knows."""
        return self._each_written(lambda x, y: bool(x and y) and {x[0], y[0]} <= {"=", "#"})

    @property
    def translations(self) -> np.ndarray:
        """Whether one word means the other."""
        meanings = lexicon()[1]
        return self._each(lambda x, y: (x, y) in meanings)

    @property
    def initials(self) -> np.ndarray:
        """Whether one is the other's initial: the letter that is written (`K.` is Khalid's, whose Kh
        is one sound).
        """
        written = self._each_written(lambda x, y: x[:1] == y[:1])
        return (self.shortest == 1) & (self.first | (self.both & written))

    @property
    def numeric(self) -> np.ndarray:
        """Whether either is a number."""
        return self._each(lambda x, y: x.isdigit() or y.isdigit())

    @property
    def renderings(self) -> list[int]:
        """Places of words that render a sound in Han."""
        return [n for n, word in enumerate(self.asked) if word[0] == "~"]

    @property
    def across_scripts(self) -> list[int]:
        """Places of words of which one is of a script without vowels."""
        pairs = enumerate(zip(self.asked, self.listed, strict=True))
        return [n for n, pair in pairs if across(*pair)]

    def same_but_written_otherwise(self) -> list[int]:
        """Return places of words that are the same and written quite otherwise."""
        far = self.by_word > np.maximum(1, self.long_word // 4)
        return [int(n) for n in np.flatnonzero(self.same & self.both & far)]


def _voiced(asked: str, listed: str) -> tuple[int, int]:
    """Return how a word of a script without vowels is another one, and at how many edits."""
    slips = voiced(asked, listed)
    return (NONE, SAME, EDIT)[slips + 1], max(slips, 0)


def _has_no_vowels(one: str, other: str) -> bool:
    """Return whether the shorter of two words has no vowels."""
    short, _ = sorted((one, other), key=len)
    return _VOWELS.isdisjoint(short)


def contracted(one: str, other: str) -> bool:
    """Whether the shorter of two words, that has the other's letters in their order, may be cut from it: but for the
    letters that both begin with it has no vowel (``Intl``, ``Mgmt``), as ``Zvezda`` has beside ``Zvezdochka``.
    """
    short, long = sorted((one.lstrip("=#"), other.lstrip("=#")), key=len)
    begun = next(
        (n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    return len(short) > 2 and _VOWELS.isdisjoint(short[begun:])


def _in_meaning_alone(asked: Unit, listed: Unit) -> bool:
    """Whether two unlike phrases that one English word stands for are a translation of one another (`melli`,
    `nacional`). Of a name in another script than Latin its English translation is the name.
    """
    if not {asked[1][0], listed[1][0]} <= {"=", "#"}:
        return False
    if asked[1][1:5] == listed[1][1:5]:  # forms of one word: `russia`, `russian federation`
        return False
    keys = [(skeleton(w), token) for token, written in (asked, listed) for w in written[1:].split()]
    english = any(
        len(key) == len(token) and OSA.distance(key, token) <= 1 for key, token in keys
    )  # or British
    return not english or asked[1][0] == listed[1][0] == "="


def _compared(a: Sequence[str], b: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Of pairs of words the edits, the lengths of the shorter and the longer, whether all letters of the shorter stand
    in the longer one in their order.
    """
    sizes = np.asarray([[len(x) for x in a], [len(y) for y in b]], dtype=np.int64).reshape(2, -1)
    shorter = sizes.min(0, initial=99)
    longer = sizes.max(0, initial=0)
    edits = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int32, workers=1)
    common = process.cpdist(a, b, scorer=LCSseq.similarity, dtype=np.int32, workers=1)
    return edits, shorter, longer, (common == shorter) & (shorter < longer)


def _sounded(asked: str, listed: str) -> tuple[int, float]:
    """A rendering in Han beside a listed word: by pinyin as a spelling, or by its sound."""
    together = skeleton(asked[1:].replace(".", ""))
    if together == listed:
        return SOUND, 0.0
    if OSA.normalized_similarity(together, listed) >= 0.75:
        return SOUND, 1.0
    theirs = "" if listed[0] == "~" else sound_of_token(listed)
    alike = Indel.normalized_similarity(sound_of(asked), theirs) if theirs else 0.0
    return (SOUND, 1.0 + 8 * (1 - alike)) if alike >= SOUNDS_ALIKE else (NONE, 0.0)


def sound_of(token: str) -> str:
    """The sound of a rendering in Han; none of a single consonant."""
    sound = sound_of_pinyin(tuple(token[1:].split(".")))
    return sound if len(sound.translate(NO_VOWELS)) > 2 else ""
