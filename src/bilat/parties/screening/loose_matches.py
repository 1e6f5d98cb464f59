# SPDX-License-Identifier: Apache-2.0
"""Typed names that agree loosely with a listed one: whether the listed one may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bilat.parties.match.bearers import bearers
from bilat.parties.match.chance import BANDS
from bilat.parties.match.index import ORGANISATION, PERSON, NameIndex
from bilat.parties.match.readings import Reading
from bilat.parties.match.spelling import contracted
from bilat.parties.match.word_pairs import SHORT, AlignedWords, align_words
from bilat.parties.names.script import has_han
from bilat.parties.names.tagging import is_common
from bilat.parties.screening.screener import Candidate

#: Least probability of a name that stands within another one, or agrees in meaning.
WITHIN = 0.1
#: Letters of the longest word in capitals that is taken for an acronym.
LONGEST_ACRONYM = 4
_MATCH, _LIKELY = (dict(BANDS)[band] for band in ("match", "likely"))


@dataclass(frozen=True, slots=True)
class LooseMatch:
    """A name that agrees with a listed one in some other way than word for word.

    Attributes
    ----------
    candidate
        The listed party.
    reading
        How the field was read.
    listed
        The words of the listed name.
    plain
        The listed name, romanised.
    person
        Whether the names are compared as those of people.
    aligned
        Which words agree.
    """

    candidate: Candidate
    reading: Reading
    listed: tuple[str, ...]
    plain: str
    person: bool
    aligned: AlignedWords

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the query."""
        return self.reading.form.tokens

    @property
    def is_acronym(self) -> bool:
        """Whether the query is a short word in capitals: it is right, or it is another one."""
        text = self.reading.text
        return " " not in text and text.isupper() and len(text) <= LONGEST_ACRONYM

    @property
    def is_likely(self) -> bool:
        """Whether it is likely enough, whatever differs."""
        least = _MATCH if self.candidate.agreement == "part" else _LIKELY
        return self.candidate.own >= least

    @property
    def stands_within(self) -> bool:
        """Whether the whole listed name stands in the field as it is written."""
        aligned = self.aligned
        whole = not aligned.other and not aligned.respelled
        return whole and not has_han(self.reading.text)

    @property
    def abbreviates(self) -> bool:
        """Whether a firm's name of several words shortens words of the listed one."""
        several = " " in self.reading.text and len(self.words) > 1
        return several and not self.person and abbreviates(self.reading.form.plain, self.plain)

    @property
    def has_initials(self) -> bool:
        """Whether all that differs are initials of the listed person."""
        respelled = self.aligned.respelled
        if not self.person or not respelled or self.aligned.other:
            return False
        return all(len(self.words[n]) == 1 for n in respelled)

    @property
    def has_other_initials(self) -> bool:
        """Whether a short word is in one of the names alone."""
        return any(len(word) < SHORT for word in {*self.words} ^ {*self.listed})

    @property
    def is_borne(self) -> bool:
        """Whether a firm or a person is known to have the name as it is written."""
        return any(bearers(self.words, kind).count for kind in (ORGANISATION, PERSON))

    @property
    def has_slips(self) -> bool:
        """Whether the words that differ do so by a slip or two.

        A slip in a word that many names have points to no one of them.
        """
        respelled = self.aligned.respelled
        return bool(respelled) and all(map(self._is_slip, respelled))

    def _is_slip(self, n: int) -> bool:
        word = self.words[n]
        written = (self.reading.form.written or self.words)[n]
        meant = nearest(written, self.plain.split())
        most = max(1, len(word) // 4)
        few = OSA.distance(written, meant) <= most
        return len(word) > SHORT and few and not is_common(meant)


def loose_match(
    index: NameIndex, reading: Reading, form: int, candidate: Candidate, *, person: bool
) -> LooseMatch:
    """Return a candidate beside the query that it agrees loosely with."""
    aligned = align_words(index, reading.form, form, person)
    listed = index.words_of_form(form)
    return LooseMatch(candidate, reading, listed, index.plain[form], person, aligned)


def is_meant(match: LooseMatch) -> bool:
    """Return whether a name that agrees loosely may be the one that is meant.

    It is if it is likely whatever differs, if it is one in whole translation or in abbreviations,
    if it stands whole within the field, if only a place stands behind it, or if it differs by
    slips. It is not if the name is that of another state's body.
    """
    candidate = match.candidate
    if candidate.is_another_states:
        return False
    enough = candidate.own >= WITHIN
    behind = candidate.but_for_a_place
    if match.is_likely or behind == "exact" or (behind and enough):
        return True
    if match.is_acronym:
        return False
    if candidate.translated:
        return enough and candidate.agreement == "near" and not match.aligned.other
    if match.abbreviates:
        return True
    if candidate.agreement == "part":
        return enough and match.stands_within
    if match.has_initials:
        return True
    if match.aligned.translates or match.has_other_initials:
        return False
    if enough or match.is_borne:
        return enough  # a name that somebody has is no slip in another
    return match.has_slips


def abbreviates(asked: str, listed: str) -> bool:
    """Return whether each plain word asked is, in order, a listed one, its beginning or its letters
    but for vowels.
    """
    words = iter(listed.split())
    return all(any(_shortens(word, whole) for whole in words) for word in asked.split())


def _shortens(word: str, whole: str) -> bool:
    letters = iter(whole)
    begun = whole.startswith(word) or (word[0] == whole[0] and contracted(word, whole))
    return begun and all(c in letters for c in word)


def nearest(word: str, others: Sequence[str]) -> str:
    """Return the word that another one is the fewest slips from."""
    return min(others, key=lambda other: int(OSA.distance(word, other)))
