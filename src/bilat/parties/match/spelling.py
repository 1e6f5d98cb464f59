# SPDX-License-Identifier: Apache-2.0
"""How a word of a query may be a listed word: same, misspelled, cut short, Han sounds, translated.

The index uses these rules to find the listed words for a query, and the alignment uses them to pair
the words of two names.
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

#: How one word may be another: not at all; the same; a few edits away; cut short; a Han rendering
#: of its sound; its translation.
NONE, SAME, EDIT, CUT, SOUND, MEANT = range(6)
#: The least similarity, 0 to 1, of the sounds of a Han rendering and of a word that it may be.
SOUNDS_ALIKE = 0.75
#: The least similarity, 0 to 1, of the letters of its pinyin and of a word that it may be.
SPELLED_ALIKE = 0.75
#: The most letters of a listed word that may be short for a longer word of the query.
ABBREVIATED = 5
#: The least letters of a word in which a slip is likelier than another word.
_LONG_ENOUGH = 4
_VOWELS = frozenset("aeiou")
#: A token, and the word as it was written; the second is blank where it is not known. The token of a
#: Han rendering begins with ``~``. The written form of a word that the lexicon of industry
#: translates begins with ``=``, or with ``#`` if the name was not written in Latin letters.
Unit = tuple[str, str]


@cache
def translated() -> frozenset[str]:
    """Return the words of industry that have another with nearly their meaning."""
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
    """Return how each word of a query may be the listed word at the same place.

    Later rules overrule earlier ones: the last one, that two words are the same, always wins.

    Parameters
    ----------
    asked, listed
        the words to compare, one pair a place; both have the same length n.

    Returns
    -------
    kind
        one of :data:`NONE` to :data:`MEANT` for each pair, shape (n,).
    edits
        how far the two are apart, in edits, shape (n,). They are counted between the tokens, or
        between the words as written where these are nearer: ``Secihn`` is one slip from ``Sechin``.
    """
    words = _ComparedWords(asked, listed)
    kind = np.zeros(len(asked), dtype=np.int8)
    edits = np.zeros(len(asked), dtype=np.float32)
    cut = words.cut_short()
    kind[cut] = CUT
    edits[cut] = np.where(words.one_begins_other[cut], 0, 1)
    near = words.misspelled(cut)
    kind[near] = EDIT
    edits[near] = words.distance[near]
    # A word of industry is no misspelling of another one: aviation, navigation.
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
        kind[n], edits[n] = _of_han_rendering(*words.tokens(n))
    for n in words.across_scripts:
        kind[n], edits[n] = _of_script_without_vowels(*words.tokens(n))
    kind[words.same] = SAME
    edits[words.same] = 0
    for n in words.same_but_written_otherwise():
        if _are_translations(asked[n], listed[n]):
            kind[n] = MEANT
    return kind, edits


class _ComparedWords:
    """Pairs of a word of a query and a listed word, with all comparisons of the two.

    Attributes
    ----------
    shortest
        letters of the shorter token of each pair.
    is_clipped
        whether one token is two letters of a longer word (``jet`` is compared as ``et``).
    token_within, word_within
        whether the letters of the shorter token, or word, are all in the longer one in this order.
    word_edits, longest_word
        edits between the words as written, and letters of the longer of them.
    both_written
        whether both words are known as they were written.
    distance
        edits between the tokens, or between the words as written if these are fewer.
    at_least, at_most
        letters of the shorter and of the longer one, as tokens or as words: whichever are more.
    same_first
        whether both tokens begin with the same letter.
    one_begins_other
        whether one token is the beginning of the other.
    same
        whether both tokens are equal.
    few_edits
        whether so few edits lie between the two that one may be a misspelling of the other.
    """

    def __init__(self, asked: Sequence[Unit], listed: Sequence[Unit]) -> None:
        self.asked = [token for token, _ in asked]
        self.asked_written = [word for _, word in asked]
        self.listed = [token for token, _ in listed]
        self.listed_written = [word for _, word in listed]
        token = _Similarity(self.asked, self.listed)
        word = _Similarity(self.asked_written, self.listed_written)
        self.shortest = token.shorter
        self.is_clipped = (token.shorter == 2) & (word.shorter > 2)
        self.token_within = token.within
        self.word_within = word.within
        self.word_edits = word.edits
        self.longest_word = word.longer
        self.both_written = word.shorter > 0
        nearer = np.minimum(token.edits, word.edits)
        self.distance = np.where(self.both_written, nearer, token.edits)
        short = np.maximum(token.shorter, word.shorter)
        self.at_least = np.where(self.both_written, short, token.shorter)
        long = np.maximum(token.longer, word.longer)
        self.at_most = np.where(self.both_written, long, token.longer)
        self.same_first = self._each(lambda x, y: x[0] == y[0])
        self.one_begins_other = self._where(
            self.same_first, lambda x, y: x.startswith(y) or y.startswith(x)
        )
        self.same = self._where(self.same_first, lambda x, y: x == y)
        self.few_edits = self._has_few_edits()

    def tokens(self, n: int) -> tuple[str, str]:
        """Return the two tokens of a pair."""
        return self.asked[n], self.listed[n]

    def _each(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair whether a test of its two tokens holds."""
        return _each(holds, self.asked, self.listed)

    def _where(self, rows: np.ndarray, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair whether it is one of ``rows`` and a test of its tokens holds."""
        out = np.zeros(len(self.asked), dtype=bool)
        for n in np.flatnonzero(rows).tolist():
            out[n] = holds(self.asked[n], self.listed[n])
        return out

    def _each_written(self, holds: Callable[[str, str], bool]) -> np.ndarray:
        """Return for each pair whether a test of its words as written holds."""
        return _each(holds, self.asked_written, self.listed_written)

    def _has_few_edits(self) -> np.ndarray:
        """Return for each pair of four or more letters whether at most a quarter of them differ.

        One edit is always few.
        """
        is_long = self.at_least >= _LONG_ENOUGH
        few = is_long & (self.distance <= np.maximum(1, self.at_most // 4))
        # Letters of a longer word without its vowels are no misspelling of it, but cut from it.
        may_be_cut = few & self.token_within & self.same_first & (self.distance > 1)
        return few & ~self._where(may_be_cut, _has_no_vowels)

    def cut_short(self) -> np.ndarray:
        """Return for each pair whether one word is the other without its end or some letters."""
        token_may_be = self.token_within & ~self.is_clipped
        word_may_be = self.both_written & self.word_within
        may_be = token_may_be | word_may_be
        cut = may_be & self.same_first & (self.at_least >= 2) & ~self.few_edits
        # Only a short listed word may be short for a longer word of the query: Gazprombank is not
        # Gazprom.
        cut = self._where(cut, lambda x, y: len(y) > len(x) or len(y) <= ABBREVIATED)
        for n in np.flatnonzero(cut & ~self.one_begins_other).tolist():
            cut[n] = self._is_contracted(n)
        return cut

    def _is_contracted(self, n: int) -> bool:
        if contracted(self.asked[n], self.listed[n]):
            return True
        return bool(
            self.both_written[n] and contracted(self.asked_written[n], self.listed_written[n])
        )

    def misspelled(self, cut: np.ndarray) -> np.ndarray:
        """Return for each pair whether one word may be a misspelling of the other.

        Of three letters one may differ, though not the first, and not in a word that is cut short.
        """
        one_of_three = (self.at_least == 3) & (self.distance == 1)
        return self.few_edits | (one_of_three & self.same_first & ~cut)

    @property
    def of_industry(self) -> np.ndarray:
        """Whether the lexicon of industry translates both words."""
        return self._each_written(lambda x, y: bool(x and y) and {x[0], y[0]} <= {"=", "#"})

    @property
    def translations(self) -> np.ndarray:
        """Whether one word means the other."""
        meanings = lexicon()[1]
        return self._each(lambda x, y: (x, y) in meanings)

    @property
    def initials(self) -> np.ndarray:
        """Whether one word is the other's initial, by its sound or as it is written.

        ``K.`` may be Khalid, although the sound that Khalid begins with is kh.
        """
        same_written = self._each_written(lambda x, y: x[:1] == y[:1])
        return (self.shortest == 1) & (self.same_first | (self.both_written & same_written))

    @property
    def numeric(self) -> np.ndarray:
        """Whether one of the two is a number."""
        return self._each(lambda x, y: x.isdigit() or y.isdigit())

    @property
    def renderings(self) -> list[int]:
        """Pairs, by number, whose word of the query renders a foreign sound in Han characters."""
        return [n for n, word in enumerate(self.asked) if word[0] == "~"]

    @property
    def across_scripts(self) -> list[int]:
        """Pairs, by number, in two scripts, of which at least one is written without vowels."""
        pairs = enumerate(zip(self.asked, self.listed, strict=True))
        return [n for n, pair in pairs if across(*pair)]

    def same_but_written_otherwise(self) -> list[int]:
        """Return pairs, by number, of one token that are written in very different ways."""
        far = self.word_edits > np.maximum(1, self.longest_word // 4)
        return [int(n) for n in np.flatnonzero(self.same & self.both_written & far)]


def _each(
    holds: Callable[[str, str], bool], ours: Sequence[str], theirs: Sequence[str]
) -> np.ndarray:
    """Return for each pair of words whether a test of the two holds, shape (n,)."""
    return np.asarray([*map(holds, ours, theirs)], dtype=bool)


def _of_script_without_vowels(asked: str, listed: str) -> tuple[int, int]:
    """Return how a word of a script without vowels may be another one, and at how many edits."""
    slips = voiced(asked, listed)
    if slips < 0:
        return NONE, 0
    return (EDIT if slips else SAME), slips


def _has_no_vowels(one: str, other: str) -> bool:
    """Return whether the shorter of two words has no vowels."""
    short, _ = sorted((one, other), key=len)
    return _VOWELS.isdisjoint(short)


def contracted(one: str, other: str) -> bool:
    """Return whether the shorter of two words is a contraction of the longer one.

    Callers test too that its letters are in the longer word in this order. After the beginning
    that both share, a contraction has no vowel: ``Intl`` and ``Mgmt`` are such, ``Zvezda`` is none of
    ``Zvezdochka``.
    """
    short, long = sorted((one.lstrip("=#"), other.lstrip("=#")), key=len)
    if len(short) <= 2:
        return False
    shared = Prefix.similarity(short, long)
    return _VOWELS.isdisjoint(short[shared:])


def _are_translations(asked: Unit, listed: Unit) -> bool:
    """Return whether two phrases that the lexicon gives one English word are of two languages.

    So are ``melli`` and ``nacional``. If one of them is in another script than Latin, and one in
    English, they are the same name: such a name is listed in English.
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


class _Similarity:
    """The similarity of pairs of words, one array of shape (n,) each.

    Attributes
    ----------
    edits
        edits between the two.
    shorter, longer
        letters of the shorter one and of the longer one.
    within
        whether all letters of the shorter one are in the longer one, in this order.
    """

    def __init__(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
        sizes = np.asarray([[*map(len, ours)], [*map(len, theirs)]], dtype=np.int64)
        sizes = sizes.reshape(2, -1)
        self.shorter = sizes.min(axis=0)
        self.longer = sizes.max(axis=0)
        self.edits = process.cpdist(ours, theirs, scorer=OSA.distance, dtype=np.int32)
        common = process.cpdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.int32)
        self.within = (common == self.shorter) & (self.shorter < self.longer)


def _of_han_rendering(asked: str, listed: str) -> tuple[int, float]:
    """Return how a Han rendering may be a listed word, and at how many edits.

    Its pinyin is compared with the listed word as a spelling (0 or 1 edits), then by its sound: 1
    edit if the sounds are equal, and up to 3 for the least alike that count.
    """
    pinyin = skeleton(asked[1:].replace(".", ""))
    if pinyin == listed:
        return SOUND, 0.0
    if OSA.normalized_similarity(pinyin, listed) >= SPELLED_ALIKE:
        return SOUND, 1.0
    their_sound = "" if listed[0] == "~" else sound_of_token(listed)
    alike = Indel.normalized_similarity(sound_of(asked), their_sound) if their_sound else 0.0
    if alike < SOUNDS_ALIKE:
        return NONE, 0.0
    return SOUND, 1.0 + 2.0 * (1 - alike) / (1 - SOUNDS_ALIKE)


def sound_of(token: str) -> str:
    """Return the sound of a Han rendering; blank if it has fewer than three consonants.

    Too many words sound like a shorter one.
    """
    sound = sound_of_pinyin(tuple(token[1:].split(".")))
    return sound if len(sound.translate(NO_VOWELS)) > 2 else ""
