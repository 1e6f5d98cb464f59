# SPDX-License-Identifier: Apache-2.0
"""Words of scripts that leave vowels to the reader: Arabic (Persian, Urdu), Hebrew, and Thai, whose vowels are spelled
in Latin letters in as many ways.

Such a word is no one word in Latin letters: ``محمد`` is Muhammad, Mohamed and Mehmed. It stays in its own letters, and
is compared with the skeleton of a Latin word by the sounds that each letter may be, vowels anywhere between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

#: What each letter may be in a skeleton (``w`` is sh, ``q`` ch, ``x`` zh, ``c`` ts, several vowels are any of them);
#: ``-`` is nothing.
_TABLE = """
ا aeo|ى aei|ب b|پ p|ت t|ط t|ث t s|ج i x g -|چ q|ح h|ه h -|خ h k q|د d|ذ d z|ض d z|ظ z d|ر r|ز z|ژ x|س s|ص s
ش w q|ع -|ء -|غ g k|ف f|ڤ v|ق k g|ك k|گ g|ل l|م m|ن n|و v ou -|ي ei|ة t h -|ں n|ٹ t|ڈ d|ڑ r|ۆ ou|ڕ r|ڵ l|ړ r|ښ w
ټ t|ډ d|ڼ n|א -|ב b v|ג g i x|ד d|ה h -|ו v ou -|ז z x|ח h q k|ט t|י ei|כ k h q|ך k h q|ל l|מ m|ם m|נ n|ן n|ס s
ע -|פ p f|ף p f|צ c z s ts q|ץ c z s ts q|ק k|ר r|ש w s q|ת t|ก k g|ข h k|ค h k|ฆ h k|ง ng|จ q i x t|ฉ q|ช q t w
ซ s t|ญ n ei|ฎ d t|ฏ t d|ฐ t|ฑ t d|ฒ t|ณ n|ด d t|ต t d|ถ t|ท t|ธ t|น n|บ b p|ป p b|ผ p f|ฝ f|พ p f|ฟ f p|ภ p f b
ม m|ย ei -|ร r n l -|ล l n|ว v ou -|ศ s t|ษ s t|ส s t|ห h -|ฬ l|อ -|ฮ h|ฤ ri r|ำ am
"""
SOUNDS = {x.split()[0]: tuple(x.split()[1:]) for x in _TABLE.strip().replace("\n", "|").split("|")}
_WORD = re.compile("[\u0591-\u05f2\u0621-\u065f\u0670-\u06d3\u0e01-\u0e4e]+")
_ONE_FORM = str.maketrans("أإآٱیېۍئؤکےۀہھەۃ", "اااا" + "يييي" + "وكي" + "هههه" + "ة")
_SILENT = re.compile(".\u0e4c")
#: The article, and what is run together with it, before a word of three letters and more.
_ARTICLE = re.compile(r"(?:و?ال|لل)(?=[^\W\d_]{3})")
_DOUBLE = re.compile(r"(.)\1+")
#: Consonants that may be one another, as one; the other letters are left out.
_CLASS = str.maketrans("bpftdzsxcwqkgrlnm", "bbbsssssssskknnnm", "aeiouvhy0123456789")
_MOST_KEYS = 64
#: Letters that a reader may add or leave out, and the most spellings without them.
_NO_VOICE = str.maketrans("", "", "aeiouvhy0123456789")
_MOST_CONSONANTS = 2048
_SHORTEST_NEAR = 3


def unvowelled(token: str) -> bool:
    """Whether a token is a word in its own letters."""
    return not token.isascii()


def across(token: str, other: str) -> bool:
    """Whether one of two tokens is a word in its own letters, and the other in Latin or in other letters of its own."""
    own = not token.isascii()
    others = not other.isascii()
    return own != others or (own and ord(token[0]) >> 8 != ord(other[0]) >> 8)


def own_words(text: str) -> str:
    """A lower-case text whose words of these scripts have each letter in one form, no signs of vowels, and the Arabic
    article as a word of its own, in Latin letters; letters of another script run into one are another word.
    """
    return _WORD.sub(lambda m: f" {_own(m[0])} ", text)


@lru_cache(maxsize=1 << 14)
def _own(word: str) -> str:
    article = _ARTICLE.match(word)
    word = _SILENT.sub("", word[article.end() :] if article else word).translate(_ONE_FORM)
    word = "".join(c for c in word if c in SOUNDS)
    return ("al " if article else "") + _DOUBLE.sub(r"\1", word)


#: The ending of those who belong to somebody or something (`حوثيون`).
_PLURAL = re.compile(r"(?<=\w\wي)(?:ون|ين)(?!\w)")


def names_many(text: str) -> bool:
    """Return whether an Arabic name is of several people: a group's, and no person's."""
    return _PLURAL.search(text) is not None


def run_together(text: str) -> Iterable[str]:
    """Yield other ways in which Arabic words are set.

    God's name, a servant's and the article stand apart from the word or not; those who belong to
    somebody are one of them.
    """
    for pattern, put in (
        (_PLURAL, ""),
        (r"\s+(?=الله)|(?<=عبد)\s+(?=ال)", ""),
        (r"(?<=\w\w)(?=الله)", " "),
        (r"(?<!\w)ا(?=ل\w\w\w)", "ٱ"),
    ):
        if (other := re.sub(pattern, put, text)) != text:
            yield other


def _sounds(word: str) -> list[tuple[str, ...]]:
    """What each letter of a word may be where it stands; several vowels are any of them."""
    out = []
    for n, letter in enumerate(word):
        sounds = SOUNDS[letter]
        last = n == len(word) - 1
        if letter == "ا":
            sounds = (
                ("aeiou",) if not n else ("aeiou", "-") if last or word[n + 1] == "ل" else sounds
            )
        elif letter == "ل" and 1 < n < len(word) - 2 and word[n - 1] == "ا":
            sounds = ("l", "-")  # Abdul Rahman is Abdurrahman
        out.append(sounds)
    return out


@dataclass(frozen=True, slots=True)
class _Place:
    """What may stand at one place of a word that is spelled in Latin letters.

    Attributes
    ----------
    letters
        One of these.
    groups
        Or one of these groups of letters.
    may_be_nothing
        Whether nothing may stand there.
    """

    letters: str
    groups: tuple[str, ...]
    may_be_nothing: bool

    def pattern(self) -> str:
        """Return the pattern; one class of letters, which is fast to compile."""
        parts = list(self.groups)
        if self.letters:
            parts.append(f"[{self.letters}]")
        text = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
        return f"(?:{text})?" if self.may_be_nothing else text


def _any_of(sounds: tuple[str, ...], vowels: bool) -> _Place:
    """Return what a letter may be; its vowels are nothing where only consonants are compared."""
    letters = ""
    groups: list[str] = []
    may_be_nothing = False
    for sound in sounds:
        is_vowel = not sound.strip("aeiou")
        if sound == "-" or (is_vowel and not vowels):
            may_be_nothing = True
        elif is_vowel or len(sound) == 1:
            letters += sound
        else:
            groups.append(sound)
    return _Place(letters, tuple(groups), may_be_nothing)


@dataclass(frozen=True, slots=True)
class LatinSpellings:
    """How a word in its own letters may be spelled in Latin ones.

    Attributes
    ----------
    places
        What may stand at each place.
    between
        The letters that may stand between two places, before the first and behind the last.
    most
        How many of them, at most.
    before_first
        Whether they may stand before the first place.
    """

    places: tuple[_Place, ...]
    between: str
    most: int
    before_first: bool

    def pattern(self) -> str:
        """Return the pattern of all spellings."""
        between = f"[{self.between}]{{0,{self.most}}}"
        parts = (place.pattern() for place in self.places)
        first = between if self.before_first else ""
        return first + between.join(parts) + between

    def has(self, other: str) -> bool:
        """Return whether a word in Latin letters is one of the spellings.

        Bit n of ``reached`` says whether the places so far may be the first n letters. One pattern
        a word would take longer to compile than all searches with it.
        """
        reached = 1
        if self.before_first:
            reached = self._after_between(reached, other)
        for place in self.places:
            after = reached if place.may_be_nothing else 0
            if place.letters:
                after |= (reached & _bits(other, place.letters)) << 1
            for group in place.groups:
                ends = reached
                for letter in group:
                    ends = (ends & _bits(other, letter)) << 1
                after |= ends
            reached = self._after_between(after, other)
            if not reached:
                return False
        return bool(reached >> len(other) & 1)

    def _after_between(self, reached: int, other: str) -> int:
        where = _bits(other, self.between)
        for _ in range(self.most):
            reached |= (reached & where) << 1
        return reached


@lru_cache(maxsize=1 << 12)
def _bits(word: str, letters: str) -> int:
    """Return a number whose bit n says whether letter n of a word is one of some letters."""
    return sum(1 << n for n, letter in enumerate(word) if letter in letters)


@lru_cache(maxsize=1 << 14)
def latin_spellings(word: str, vowels: bool) -> LatinSpellings:
    """Return the skeletons that a word may be; without its vowels, those with its consonants."""
    places = tuple(_any_of(sounds, vowels) for sounds in _sounds(word))
    if not vowels:
        return LatinSpellings(places, "aeiouvh", 3, before_first=True)
    most = 2 if word[0] > "ก" else 1  # Thai leaves out long vowels too
    return LatinSpellings(places, "aeiou", most, before_first="-" in SOUNDS[word[0]])


@lru_cache(maxsize=4096)
def _line_pattern(word: str) -> re.Pattern[str]:
    """Lines that a word may be, in a text of one word a line."""
    return re.compile(f"^(?:{latin_spellings(word, True).pattern()})$", re.MULTILINE)


@lru_cache(maxsize=1 << 16)
def keys(token: str) -> frozenset[str]:
    """The classes of consonants that a word may be."""
    if token.isascii():
        return frozenset({token.translate(_CLASS)})
    found = {""}
    for sounds in _sounds(token):
        found = {f + s.translate(_CLASS) for f, s in product(found, sounds) if s != "-"} | (
            found if "-" in sounds else set()
        )
        found = set(sorted(found)[:_MOST_KEYS])
    return frozenset(k.replace("-", "") for k in found)


@lru_cache(maxsize=1 << 16)
def consonants(token: str) -> frozenset[str]:
    """Return the consonants that a word may have, those left out that stand for vowels or nothing:
    a word in its own letters can be another one only if they share these.
    """
    if token.isascii():
        return frozenset({token.translate(_NO_VOICE)})
    found = {""}
    for sounds in _sounds(token):
        heard = {sound.strip("-").translate(_NO_VOICE) for sound in sounds}
        found = {f + sound for f, sound in product(found, heard)}
        if len(found) > _MOST_CONSONANTS:
            found = set(sorted(found)[:_MOST_CONSONANTS])
    return frozenset(found)


@lru_cache(maxsize=1 << 13)
def voiced(word: str, other: str) -> int:
    """Return the slips between a word in its own letters and another.

    0 where it may be it, 1 by its consonants, -1 else.
    """
    if not unvowelled(word):
        word, other = other, word
    if unvowelled(other):
        return 1 if any(len(k) >= _SHORTEST_NEAR for k in keys(word) & keys(other)) else -1
    heard = consonants(word)
    if other.translate(_NO_VOICE) not in heard and len(heard) < _MOST_CONSONANTS:
        return -1
    if latin_spellings(word, True).has(other):
        return 0
    longest = max(map(len, keys(word)))
    if longest < _SHORTEST_NEAR:
        return -1
    return 1 if latin_spellings(word, False).has(other) else -1


@lru_cache(maxsize=1 << 13)
def may_be(word: str, other: str) -> bool:
    """Return whether a word in its own letters may be another one, or has its consonants.

    So it is where :func:`voiced` finds a slip at most. What a word may be has its consonants too:
    where these tell words apart, a search by vowels as well would find nothing more.
    """
    if unvowelled(other):
        return voiced(word, other) >= 0
    heard = consonants(word)
    if other.translate(_NO_VOICE) not in heard and len(heard) < _MOST_CONSONANTS:
        return False
    by_vowels = max(map(len, keys(word))) < _SHORTEST_NEAR
    return latin_spellings(word, by_vowels).has(other)


def in_classes(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words of two names by their consonants, those of the first as the second has them where they may be."""
    theirs = [min(keys(w)) for w in others]
    return [min((k for k in keys(w) if k in theirs), default=min(keys(w))) for w in words], theirs


class Voicings:
    """Words by their consonants."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by: dict[str, list[str]] = {}
        words = [w for w in words if w.isalpha()]
        latin = [w for w in words if w.isascii()]
        found = [*zip("\n".join(latin).translate(_CLASS).split("\n"), latin, strict=False)]
        for key, word in (*found, *((key, w) for w in words if not w.isascii() for key in keys(w))):
            self._by.setdefault(key, []).append(word)
        #: The Latin words of each class, a line each, for one search through all of them.
        self._lines = {
            key: "\n".join(word for word in words if word.isascii())
            for key, words in self._by.items()
        }

    def of(self, word: str, slips: int = 0) -> list[str]:
        """The words that a word may be, within so many slips."""
        if unvowelled(word) and not slips:
            pattern = _line_pattern(word)
            lines = (self._lines.get(key, "") for key in sorted(keys(word)))
            return [*dict.fromkeys(found for text in lines for found in pattern.findall(text))]
        return [w for w in self.sounding(word) if 0 <= voiced(word, w) <= slips]

    def sounding(self, word: str) -> list[str]:
        """Return the words with the consonants of a word, by their classes."""
        near = (w for key in sorted(keys(word)) for w in self._by.get(key, ()))
        return [*dict.fromkeys(near)]
