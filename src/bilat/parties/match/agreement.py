# SPDX-License-Identifier: Apache-2.0
"""How a name that was asked agrees with a listed party: by which words, and what is left over.

Text, workbook, flags and letters of an alert are made from an :class:`Agreement`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bilat.parties.match.index import NameIndex
from bilat.parties.match.readings import Reading
from bilat.parties.match.spelling import CUT, EDIT, MEANT, SAME, SOUND
from bilat.parties.match.word_pairs import align_words

#: What is said of two words that agree.
HOW = {
    SAME: "same",
    EDIT: "spelled otherwise",
    CUT: "cut short",
    SOUND: "sounds alike",
    MEANT: "translated",
}
#: What the basis of an agreement in meaning alone says.
TRANSLATED = "in translation"
_SIGNS = {how: sign for how, sign in zip(HOW.values(), "=≈…~↔", strict=True)}


@dataclass(frozen=True, slots=True)
class WordPair:
    """A word that was asked, the listed word that it agrees with, and how (a value of :data:`HOW`).

    A word that is not written in letters, such as one of Chinese characters, is ''.
    """

    asked: str
    listed: str
    how: str

    def __str__(self) -> str:
        """Return the word, or both words with a sign between them where they differ."""
        if not self.asked or not self.listed:
            return self.asked or self.listed
        if self.how == HOW[SAME] or self.asked == self.listed:
            return self.asked
        return f"{self.asked} {_SIGNS[self.how]} {self.listed}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a name agrees with a listed party.

    Attributes
    ----------
    kind
        ``number``, ``exact``, ``short``, ``near``, ``part`` or ``address``.
    listed_name
        The listed name that agrees.
    basis
        By what the party was found: number, address, or name and what else agrees.
    words
        The words that agree. Legal forms and linking words are in no list.
    asked_left, listed_left
        The words of either name that have no like in the other one.
    translated
        Whether the names agree in meaning alone.
    rule
        The named rule that decided the kind (:mod:`bilat.parties.match.exceptions`), '' for none.
    numbers
        The numbers that agree.
    place
        The listed address that agrees.
    by_name
        Whether the names speak for the party.
    by_initials
        Whether the name asked is the initials of the listed one.
    """

    kind: str
    listed_name: str
    basis: str = "name"
    words: tuple[WordPair, ...] = ()
    asked_left: tuple[str, ...] = ()
    listed_left: tuple[str, ...] = ()
    translated: bool = False
    rule: str = ""
    numbers: tuple[str, ...] = ()
    place: str = ""
    by_name: bool = False
    by_initials: bool = False

    def words_in_text(self) -> str:
        """Return the words that agree and those left over, in a line; '' if no name was compared."""
        parts = [", ".join(map(str, self.words))]
        if self.asked_left:
            parts.append(f"not in the listed name: {', '.join(self.asked_left)}")
        if self.listed_left:
            parts.append(f"only in the listed name: {', '.join(self.listed_left)}")
        return "; ".join(filter(None, parts))


def words_agreeing(
    index: NameIndex, reading: Reading, form: int, *, person: bool
) -> tuple[tuple[WordPair, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the words of a query and a listed name that agree, and those left over on each side.

    The keys by which words are compared are none that a reader knows: where a word has no other
    form, only its like in the other name is given.
    """
    aligned = align_words(index, reading.form, form, person)
    asked = [word.lstrip("=#") for word in _written(reading)]
    listed = [word.lstrip("=#") for word in index.spellings_of_form(form)]
    pairs = tuple(
        WordPair(asked[mine], listed[theirs], HOW[kind])
        for mine, theirs, kind in aligned.pairs
        if asked[mine] or listed[theirs]
    )
    asked_left = (*_left(asked, aligned.asked), *reading.cut_off.split())
    return pairs, asked_left, _left(listed, aligned.listed)


def _written(reading: Reading) -> Sequence[str]:
    return reading.form.written or ("",) * len(reading.form.tokens)


def _left(words: Sequence[str], found: frozenset[int]) -> tuple[str, ...]:
    return tuple(word for n, word in enumerate(words) if word and n not in found)
