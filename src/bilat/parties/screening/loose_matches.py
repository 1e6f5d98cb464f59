# SPDX-License-Identifier: Apache-2.0
"""Typed names that agree loosely with a listed one: whether the listed one may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bilat.parties.match.bearers import bearers
from bilat.parties.match.bodies import INDUSTRY
from bilat.parties.match.chance import BANDS
from bilat.parties.match.identifying_words import identifies, identifying
from bilat.parties.match.index import ORGANISATION, PERSON, NameIndex
from bilat.parties.match.readings import Reading, is_acronym
from bilat.parties.match.spelling import contracted
from bilat.parties.match.word_pairs import SHORT, AlignedWords, align_words
from bilat.parties.names.script import has_han
from bilat.parties.names.tagging import is_common
from bilat.parties.screening.screener import Candidate

#: Least probability of a name that stands within another one, or agrees in meaning.
WITHIN = 0.1
#: The same of a longer name that has all the words asked. Of 510 longer names that have a word with
#: which a clean firm's name begins, 226 are less probable; of 142 right ones, 3.
WITHIN_LONGER = 0.01
#: Letters of the longest word in which another last letter is no slip.
SHORT_WORD = 5
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
    spellings
        These words as they are written, with a mark before a word of industry; none in Han.
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
    spellings: tuple[str, ...]
    plain: str
    person: bool
    aligned: AlignedWords

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the query."""
        return self.reading.form.tokens

    @property
    def is_other_acronym(self) -> bool:
        """Whether an acronym that was asked is spelled otherwise in the listed name: it is right,
        or it is another one (`ING Bank` is not Ingo Bank).
        """
        text = self.reading.text
        if " " in text and text.isupper():
            return False
        written = self.reading.form.written or self.words
        respelled = {written[n] for n in self.aligned.respelled}
        return any(is_acronym(word) and word.lower() in respelled for word in text.split())

    @property
    def is_sound_of_acronym(self) -> bool:
        """Whether an acronym that was asked alone is a word of the listed name by its sound and not
        by its letters (`ING` is no Jing).
        """
        plain = self.reading.form.plain
        return is_acronym(self.reading.text) and plain not in self.plain.split()

    @property
    def identifies(self) -> bool:
        """Whether a word that was asked identifies a party, or its state a body that every state
        has, or the listed name has no word besides that tells it from others of its kind.
        """
        if self.reading.is_body_of_its_state:
            return True
        if self.person or identifying(self.words, self.reading.form.written):
            return True
        return not self.other_words

    @property
    def other_words(self) -> list[str]:
        """The words of the listed name alone that say who a party is or in what trade."""
        written = self.spellings or ("",) * len(self.listed)
        return [
            self.listed[n]
            for n in self.aligned.other
            if identifies(self.listed[n], written[n]) or written[n][:1] in INDUSTRY
        ]

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
        plain = self.reading.form.plain
        if not several or self.person or not abbreviates(plain, self.plain):
            return False
        # A short form that the lexicon has (`Intl`, `Bk`) is no other spelling: then no word may be
        # missing, and one at least be shortened.
        words = plain.split()
        listed = self.plain.split()
        return bool(self.aligned.respelled) or (len(words) >= len(listed) and words != listed)

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

        A slip in a word that many names have points to no one of them, nor does one in the only
        word asked where the listed name has another one that identifies.
        """
        respelled = self.aligned.respelled
        if len(self.words) == 1 and not self.person and self._has_other_names:
            return False
        return bool(respelled) and all(map(self._is_slip, respelled))

    @property
    def _has_other_names(self) -> bool:
        written = self.spellings or ("",) * len(self.listed)
        return any(identifies(self.listed[n], written[n]) for n in self.aligned.other)

    def _is_slip(self, n: int) -> bool:
        word = self.words[n]
        written = (self.reading.form.written or self.words)[n]
        meant = nearest(written, self.plain.split())
        most = max(1, len(word) // 4)
        few = OSA.distance(written, meant) <= most
        if len(word) <= SHORT or not few or is_common(meant):
            return False
        # Another last letter makes another word of a short one, and of the only word asked where
        # the listed name has others.
        if self.person or len(self.words) > 1 or not (len(word) <= SHORT_WORD or self.other_words):
            return True
        return not _ends_otherwise(written, meant)


def loose_match(
    index: NameIndex, reading: Reading, form: int, candidate: Candidate, *, person: bool
) -> LooseMatch:
    """Return a candidate beside the query that it agrees loosely with."""
    aligned = align_words(index, reading.form, form, person)
    listed = index.words_of_form(form)
    spellings = tuple(index.spellings_of_form(form))
    return LooseMatch(candidate, reading, listed, spellings, index.plain[form], person, aligned)


def is_named_within(match: LooseMatch) -> bool:
    """Return whether a listed name that has all words asked, and others, may be the one meant.

    It is if it is likely enough and if the words asked identify somebody: `Air China` is not the
    China Air-to-Air Missile Research Institute.
    """
    own = match.candidate.own
    if match.is_sound_of_acronym:
        return False
    return own >= WITHIN or (own >= WITHIN_LONGER and match.identifies)


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
    if match.is_other_acronym:
        return False
    if match.abbreviates:
        return True
    if candidate.translated:
        return enough and candidate.agreement == "near" and not match.aligned.other
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
    same_ends = (word[0], word[-1]) == (whole[0], whole[-1])
    begun = whole.startswith(word) or (word[0] == whole[0] and contracted(word, whole))
    return (begun or (same_ends and len(word) == 2)) and all(c in letters for c in word)


def _ends_otherwise(one: str, other: str) -> bool:
    """Return whether two words differ in their last letter alone."""
    return len(one) == len(other) and one[:-1] == other[:-1]


def nearest(word: str, others: Sequence[str]) -> str:
    """Return the word that another one is the fewest slips from."""
    return min(others, key=lambda other: int(OSA.distance(word, other)))
