# SPDX-License-Identifier: Apache-2.0
"""How one word may be another: the same, some edits away, cut short, a rendering of its sound in Han, a translation.

The same channel finds the listed words that a query's word may be and pairs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, LCSseq

from bilat.parties.names.han import sound_of_pinyin, sound_of_token
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import NO_VOWELS, lexicon
from bilat.parties.names.unvowelled import across, voiced

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
    """How each word asked may be the listed word beside it, and at how many edits.

    Edits are counted between the tokens, or between the words as written where these are nearer: ``Secihn`` is one slip
    from ``Sechin``.
    """
    kind = np.zeros(len(asked), dtype=np.int8)
    edits = np.zeros(len(asked), dtype=np.float32)
    a, a_written, b, b_written = (
        [unit[n] for unit in of] for of in (asked, listed) for n in (0, 1)
    )
    same = np.asarray([x == y for x, y in zip(a, b, strict=True)], dtype=bool)
    meant = np.asarray([pair in lexicon()[1] for pair in zip(a, b, strict=True)], dtype=bool)
    distance, shortest, longest, within = _compared(a, b)
    by_word, short_word, long_word, within_word = _compared(a_written, b_written)
    both = np.minimum(short_word, long_word) > 0
    distance = np.where(both, np.minimum(distance, by_word), distance)
    at_least = np.where(both, np.maximum(shortest, short_word), shortest)
    at_most = np.where(both, np.maximum(longest, long_word), longest)
    first = np.asarray([x[0] == y[0] for x, y in zip(a, b, strict=True)], dtype=bool)
    near = (at_least >= 4) & (distance <= np.maximum(1, at_most // 4))
    # A word without vowels that has two letters less than another is cut short, not misspelled.
    without = np.asarray([_has_no_vowels(x, y) for x, y in zip(a, b, strict=True)], dtype=bool)
    near &= ~(without & within & first & (distance > 1))
    shorter = (within | (both & within_word)) & first & (at_least >= 2) & ~near
    # A listed word that is shorter is an abbreviation where it is short: Gazprombank is not Gazprom.
    shorter &= np.asarray(
        [len(y) > len(x) or len(y) <= ABBREVIATED for x, y in zip(a, b, strict=True)], dtype=bool
    )
    begins = np.asarray(
        [x.startswith(y) or y.startswith(x) for x, y in zip(a, b, strict=True)], dtype=bool
    )
    for n in np.flatnonzero(shorter & ~begins).tolist():
        shorter[n] = contracted(a[n], b[n]) or bool(
            both[n] and contracted(a_written[n], b_written[n])
        )
    near |= (at_least == 3) & (distance == 1) & first & ~shorter
    kind[shorter], edits[shorter] = CUT, np.where(begins, 0, 1)[shorter]
    kind[near], edits[near] = EDIT, distance[near]
    # Two words of industry are themselves, and no misspellings of one another: `aviation`, `navigation`.
    known = [
        bool(x) and bool(y) and {x[0], y[0]} <= {"=", "#"}
        for x, y in zip(a_written, b_written, strict=True)
    ]
    kind[known] = NONE
    kind[meant], edits[meant] = MEANT, 0
    # An initial is the letter that is written: `K.` is Khalid's, whose Kh is one sound.
    written = np.asarray(
        [x[:1] == y[:1] for x, y in zip(a_written, b_written, strict=True)], dtype=bool
    )
    initial = (shortest == 1) & (first | (both & written))
    kind[shortest == 1], edits[initial] = NONE, 2
    kind[initial] = CUT
    kind[
        np.asarray([x.isdigit() or y.isdigit() for x, y in zip(a, b, strict=True)], dtype=bool)
    ] = NONE
    for n in [n for n, x in enumerate(a) if x[0] == "~"]:
        kind[n], edits[n] = _sounded(a[n], b[n])
    for n in [n for n, pair in enumerate(zip(a, b, strict=True)) if across(*pair)]:
        slips = voiced(a[n], b[n])
        kind[n], edits[n] = (NONE, SAME, EDIT)[slips + 1], max(slips, 0)
    kind[same], edits[same] = SAME, 0
    apart = same & both & (by_word > np.maximum(1, long_word // 4))
    for n in np.flatnonzero(apart).tolist():
        if _in_meaning_alone(asked[n], listed[n]):
            kind[n] = MEANT
    return kind, edits


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
