# SPDX-License-Identifier: Apache-2.0
"""How one word may be another: the same, some edits away, cut short, a rendering of its sound in Han, a translation.

The same channel finds the listed words that a query's word may be and pairs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, LCSseq, Prefix

from bilat.parties.names.abjad import across, voiced
from bilat.parties.names.han import sound_of_pinyin, sound_of_token
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import NO_VOWELS, lexicon

NONE, SAME, EDIT, CUT, SOUND, MEANT = range(6)
#: Likeness of the sounds of a rendering and a word from which on one may be the other.
SOUNDS_ALIKE = 0.75
#: The same of its pinyin as it is spelled.
SPELLED_ALIKE = 0.75
#: Letters of the longest listed word that is one cut short.
ABBREVIATED = 5
_VOWELS = frozenset("aeiou")
Unit = tuple[str, str]  # a token and the word as written, '' where it is none


@cache
def translated() -> frozenset[str]:
    """Words of industry that mean nearly another one."""
    return frozenset(a for a, _ in lexicon()[1])


def letter_codes(strings: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the letters of all strings as numbers, and the string that each is of.

    Letters are 1 to 26 and digits 27 to 36; a 0 stands before, between and after the strings.
    """
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
    kind[cut] = CUT
    edits[cut] = np.where(words.begins[cut], 0, 1)
    near = words.misspelled(cut)
    kind[near] = EDIT
    edits[near] = words.distance[near]
    # Words of industry are themselves, and no misspellings of one another: aviation, navigation.
    kind[words.of_industry] = NONE
    translations = words.translations
    kind[translations] = MEANT
    edits[translations] = 0
    kind[words.shortest == 1] = NONE
    initials = words.initials
    kind[initials] = CUT
    edits[initials] = 2
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
        token = _LikeWords(self.asked, self.listed)
        word = _LikeWords(self.asked_written, self.listed_written)
        self.shortest = token.shorter
        #: Whether one of the tokens is two letters of a longer word (`jet` is compared as `et`).
        self.clipped = (token.shorter == 2) & (word.shorter > 2)
        self.within = token.within
        self.within_word = word.within
        self.by_word = word.edits
        self.long_word = word.longer
        #: Whether both words are known as they are written.
        self.both = word.shorter > 0
        nearer = np.minimum(token.edits, word.edits)
        self.distance = np.where(self.both, nearer, token.edits)
        short = np.maximum(token.shorter, word.shorter)
        self.at_least = np.where(self.both, short, token.shorter)
        long = np.maximum(token.longer, word.longer)
        self.at_most = np.where(self.both, long, token.longer)
        self.first = self._each(lambda x, y: x[0] == y[0])
        self.begins = self._where(self.first, lambda x, y: x.startswith(y) or y.startswith(x))
        self.same = self._where(self.first, lambda x, y: x == y)
        self.few = self._few_edits()

    def tokens(self, n: int) -> tuple[str, str]:
        """Return the words of a place, as they are compared."""
        return self.asked[n], self.listed[n]

    def _each(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair of words whether something holds."""
        return _each(holds, self.asked, self.listed)

    def _where(self, rows: np.ndarray, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair of words whether it is one of some rows and something holds."""
        out = np.zeros(len(self.asked), dtype=bool)
        for n in np.flatnonzero(rows).tolist():
            out[n] = holds(self.asked[n], self.listed[n])
        return out

    def _each_written(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return the same for the words as they are written."""
        return _each(holds, self.asked_written, self.listed_written)

    def _few_edits(self) -> np.ndarray:
        few = (self.at_least >= 4) & (self.distance <= np.maximum(1, self.at_most // 4))
        # A word without vowels that has two letters less than another is cut short.
        doubtful = few & self.within & self.first & (self.distance > 1)
        return few & ~self._where(doubtful, _has_no_vowels)

    def cut_short(self) -> np.ndarray:
        """Return which words are one cut short, at its end or by letters left out."""
        letters = (self.within & ~self.clipped) | (self.both & self.within_word)
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


def _each(
    holds: Callable[[str, str], bool], ours: Sequence[str], theirs: Sequence[str]
) -> np.ndarray:
    """Return for each pair of words whether something holds."""
    return np.asarray([*map(holds, ours, theirs)], dtype=bool)


def _voiced(asked: str, listed: str) -> tuple[int, int]:
    """Return how a word of a script without vowels is another one, and at how many edits."""
    slips = voiced(asked, listed)
    return (NONE, SAME, EDIT)[slips + 1], max(slips, 0)


def _has_no_vowels(one: str, other: str) -> bool:
    """Return whether the shorter of two words has no vowels."""
    short, _ = sorted((one, other), key=len)
    return _VOWELS.isdisjoint(short)


def contracted(one: str, other: str) -> bool:
    """Return whether the shorter of two words may be cut from the longer one.

    It has letters of the other one in their order. But for the letters that both begin with it has
    no vowel (``Intl``, ``Mgmt``), as ``Zvezda`` has beside ``Zvezdochka``.
    """
    short, long = sorted((one.lstrip("=#"), other.lstrip("=#")), key=len)
    if len(short) <= 2:
        return False
    begun = Prefix.similarity(short, long)
    return _VOWELS.isdisjoint(short[begun:])


def _in_meaning_alone(asked: Unit, listed: Unit) -> bool:
    """Return whether two unlike phrases with one English word are translations of one another.

    So are ``melli`` and ``nacional``. Of a name in another script than Latin its English
    translation is the name.
    """
    ours = asked[1]
    theirs = listed[1]
    if not {ours[0], theirs[0]} <= {"=", "#"}:
        return False
    if ours[1:5] == theirs[1:5]:  # forms of one word: `russia`, `russian federation`
        return False
    if ours[0] == theirs[0] == "=":
        return True
    return not (_is_in_english(asked) or _is_in_english(listed))


def _is_in_english(unit: Unit) -> bool:
    """Return whether a phrase has the English word that it is read as, in British spelling too."""
    token, written = unit
    keys = (skeleton(word) for word in written[1:].split())
    alike = (key for key in keys if len(key) == len(token))
    return any(OSA.distance(key, token) <= 1 for key in alike)


class _LikeWords:
    """How alike pairs of words are.

    Attributes
    ----------
    edits
        Edits between the two.
    shorter, longer
        Letters of the shorter one and of the longer one.
    within
        Whether all letters of the shorter one stand in the longer one, in their order.
    """

    def __init__(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
        sizes = np.asarray([[*map(len, ours)], [*map(len, theirs)]], dtype=np.int64)
        sizes = sizes.reshape(2, -1)
        self.shorter = sizes.min(0, initial=99)
        self.longer = sizes.max(0, initial=0)
        self.edits = process.cpdist(ours, theirs, scorer=OSA.distance, dtype=np.int32)
        common = process.cpdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.int32)
        self.within = (common == self.shorter) & (self.shorter < self.longer)


def _sounded(asked: str, listed: str) -> tuple[int, float]:
    """Return how a rendering in Han is a listed word: by pinyin as a spelling, or by its sound."""
    together = skeleton(asked[1:].replace(".", ""))
    if together == listed:
        return SOUND, 0.0
    if OSA.normalized_similarity(together, listed) >= SPELLED_ALIKE:
        return SOUND, 1.0
    theirs = "" if listed[0] == "~" else sound_of_token(listed)
    alike = Indel.normalized_similarity(sound_of(asked), theirs) if theirs else 0.0
    if alike < SOUNDS_ALIKE:
        return NONE, 0.0
    return SOUND, 1.0 + 8 * (1 - alike)


def sound_of(token: str) -> str:
    """Return the sound of a rendering in Han; none of a single consonant."""
    sound = sound_of_pinyin(tuple(token[1:].split(".")))
    return sound if len(sound.translate(NO_VOWELS)) > 2 else ""
