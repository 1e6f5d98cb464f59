# SPDX-License-Identifier: Apache-2.0
"""Listed names in letters without vowels, and which of them a name in Latin letters may be.

Many Latin words have the consonants of an Arabic one. Names are therefore compared by the
consonants of their words first, all at once; the words themselves are compared where a name shares
two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from bilat.parties.match.index import NameIndex
from bilat.parties.match.index_file import IndexValue
from bilat.parties.names.abjad import consonants, may_be, unvowelled
from bilat.parties.names.legal import generic

#: Share of the consonants of words that are not shared which agree by chance, at most.
_BY_CHANCE = 0.7


@dataclass(frozen=True)
class SharedWords:
    """Names asked beside listed ones that may have words of theirs: arrays of one row a pair.

    Attributes
    ----------
    asked, listed
        Numbers of the name asked and of the listed name.
    words
        How many words may be shared.
    says
        What these words say, in nats.
    latin
        How many words of the listed name are not in their own letters.
    other
        How many words of the listed name are not among those shared.
    left
        The least that these say, in nats.
    alike
        About the greatest likeness of the two names, by their consonants.
    """

    asked: np.ndarray
    listed: np.ndarray
    words: np.ndarray
    says: np.ndarray
    latin: np.ndarray
    other: np.ndarray
    left: np.ndarray
    alike: np.ndarray


@dataclass(frozen=True)
class _AskedWords:
    """Words of the names asked that a listed name may have: arrays of one row a word.

    Attributes
    ----------
    name
        Number of the name asked.
    sound
        Number of the word's consonants among those of the listed names.
    says
        What the word says, in nats.
    letters
        How many consonants it has.
    """

    name: np.ndarray
    sound: np.ndarray
    says: np.ndarray
    letters: np.ndarray


class OwnLetters:
    """The listed names with words in letters without vowels, by the consonants of these."""

    def __init__(self, index: NameIndex) -> None:
        self.index = index
        #: The consonants that words of the listed names may have, by number.
        self._sounds: dict[str, int] = {}
        self._names = np.zeros(0, dtype=np.int64)
        self._by_sound = sparse.csr_matrix((1, 1), dtype=np.float32)
        self._read_names()
        self._count_words()

    def kept(self) -> dict[str, IndexValue]:
        """Return what an index file keeps: texts, arrays and a sparse matrix."""
        return {
            "sounds": list(self._sounds),
            "names": self._names,
            "by_sound": self._by_sound,
            "several": self._several,
            "latin": self._latin,
            "least": self._least,
            "letters": self._letters,
        }

    @classmethod
    def from_kept(cls, index: NameIndex, stored: Mapping[str, IndexValue]) -> OwnLetters:
        """Return the listed names out of what an index file kept."""
        new = cls.__new__(cls)
        new.index = index
        new._sounds = {str(sound): n for n, sound in enumerate(stored["sounds"])}
        new._by_sound = sparse.csr_matrix(stored["by_sound"])
        new._names = np.asarray(stored["names"])
        new._several = np.asarray(stored["several"])
        new._latin = np.asarray(stored["latin"])
        new._least = np.asarray(stored["least"])
        new._letters = np.asarray(stored["letters"])
        return new

    def _read_names(self) -> None:
        """Note which listed names have words of which consonants."""
        index = self.index
        own = [unvowelled(token) and token.isalpha() for token in index.tokens]
        places = np.flatnonzero(np.asarray(own, dtype=bool)[index.flat])
        names = np.searchsorted(index.start, places, side="right") - 1
        self._names, rows = np.unique(names, return_inverse=True)
        cells: set[tuple[int, int]] = set()
        tokens = index.flat[places].tolist()
        for token, row in zip(tokens, rows.tolist(), strict=True):
            for sound in consonants(index.tokens[token]):
                column = self._sounds.setdefault(sound, len(self._sounds))
                cells.add((column, row))
        at = np.asarray(sorted(cells), dtype=np.int64)
        at = at.reshape(-1, 2).T
        self._by_sound = sparse.csr_matrix(
            (np.ones(at.shape[1], dtype=np.float32), (at[0], at[1])),
            shape=(max(len(self._sounds), 1), max(len(self._names), 1)),
        )

    def _count_words(self) -> None:
        """Count the telling words of each name, what the least telling one says, and letters."""
        index = self.index
        several = len(index.names)
        name = np.repeat(np.arange(several), np.diff(index.start))
        aside = np.asarray([token in generic() for token in index.tokens], dtype=bool)
        counted = ~aside[index.flat]
        self._several = np.bincount(name, weights=counted, minlength=several)
        in_latin = np.asarray([token.isascii() for token in index.tokens], dtype=bool)
        latin = in_latin[index.flat]
        self._latin = np.bincount(name, weights=latin, minlength=several)
        self._least = np.full(several, np.inf)
        np.minimum.at(self._least, name[counted], index.says[counted])
        length = np.asarray([_length_of(token) for token in index.tokens], dtype=np.float64)
        letters = length[index.flat]
        self._letters = np.bincount(name, weights=letters, minlength=several)

    def sharing(self, names: Sequence[Sequence[str]], says: Sequence[np.ndarray]) -> SharedWords:
        """Return the listed names that may have two of the words of a name.

        Of a name of one word, those that may have that: a name that shares one of several words by
        its consonants is nobody's.

        Parameters
        ----------
        names
            The words of each name.
        says
            What each word of each name says, in nats.

        Returns
        -------
        SharedWords
            The pairs of a name asked and a listed one, as far as consonants tell.
        """
        words = self._sounding_words(names, says)
        counts = np.ones(len(words.name))
        found = self._sums(counts, words, len(names))
        told = self._sums(words.says, words, len(names))
        common = self._sums(words.letters, words, len(names))
        asked = np.repeat(np.arange(len(names)), np.diff(found.indptr))
        least = np.asarray([min(len(set(of)), 2) for of in names], dtype=np.int64)
        kept = np.flatnonzero(found.data >= least[asked])
        asked = asked[kept]
        listed = self._names[found.indices[kept]]
        shared = found.data[kept]
        other = np.maximum(self._several[listed] - shared, 0)
        lengths = [sum(map(_length_of, of)) for of in names]
        mine = np.asarray(lengths, dtype=np.float64)[asked]
        return SharedWords(
            asked=asked,
            listed=listed,
            words=shared,
            says=told.data[kept],
            latin=self._latin[listed],
            other=other,
            left=np.where(other > 0, other * self._least[listed], 0),
            alike=_likeness(mine, self._letters[listed], common.data[kept]),
        )

    def _sounding_words(
        self, names: Sequence[Sequence[str]], says: Sequence[np.ndarray]
    ) -> _AskedWords:
        """Return the words of names whose consonants a listed name has.

        A word of vowels alone is none of them.
        """
        rows: list[tuple[int, int, float, int]] = []
        for n, (words, said) in enumerate(zip(names, says, strict=True)):
            for word, nats in zip(words, said.tolist(), strict=True):
                for sound in consonants(word):
                    column = self._sounds.get(sound)
                    if sound and column is not None:
                        rows.append((n, column, nats, len(sound)))
        table = np.asarray(rows, dtype=np.float64)
        table = table.reshape(-1, 4)
        return _AskedWords(
            name=table[:, 0].astype(np.int64),
            sound=table[:, 1].astype(np.int64),
            says=table[:, 2],
            letters=table[:, 3],
        )

    def _sums(self, values: np.ndarray, words: _AskedWords, names: int) -> sparse.csr_matrix:
        """Return the sums of values of the words that names asked share with listed ones."""
        asked = sparse.csr_matrix(
            (values.astype(np.float32), (words.name, words.sound)),
            shape=(names, self._by_sound.shape[0]),
        )
        out = asked @ self._by_sound
        out.sort_indices()
        return out

    def has_words(self, listed: int, words: Sequence[str]) -> bool:
        """Return whether a listed name may have two of some words within a slip.

        Of one word, whether it may have that.

        Parameters
        ----------
        listed
            Number of the listed name.
        words
            The words asked for.
        """
        own = [word for word in self.index.words_of_form(listed) if unvowelled(word)]
        least = min(len(words), 2)
        found: set[str] = set()
        for word in words:
            if any(may_be(other, word) for other in own):
                found.add(word)
            if len(found) >= least:
                return True
        return least == 0


def _likeness(mine: np.ndarray, theirs: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return about the greatest likeness of names by the numbers of their consonants."""
    shorter = np.minimum(mine, theirs)
    by_chance = _BY_CHANCE * np.maximum(shorter - same, 0)
    both = np.maximum(mine + theirs, 1)
    return np.minimum(2 * (same + by_chance) / both, 1)


@lru_cache(maxsize=1 << 16)
def _length_of(word: str) -> int:
    """Return the number of consonants of a word."""
    return len(min(consonants(word)))
