# SPDX-License-Identifier: Apache-2.0
"""Named rules that correct how two names agree after they are scored, each with a switch and a
count.

A rule sees one pair, the best of a listed party, and either drops it or calls its agreement
something weaker. The order counts: the first rule that drops ends the list.
``benchmarks/screening.py`` prints how often each rule decided on the noise corpus and what
switching it off costs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA

from bilat.parties.match.background import firms
from bilat.parties.match.identifying_words import identifying, names_trade, places_in_chinese
from bilat.parties.match.index import AIRCRAFT, PERSON, PERSON_OR_FIRM, VESSEL, NameIndex
from bilat.parties.match.place_words import TwoBodies
from bilat.parties.match.readings import Reading
from bilat.parties.match.word_pairs import align_words
from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.han import han_words
from bilat.parties.names.legal import (
    generic,
    kind_words,
    legal_words,
    only_kind_and_place,
    word_tokens,
)
from bilat.parties.names.places import folded, places_of
from bilat.parties.names.script import clean, has_han, is_latin
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tagging import is_common
from bilat.parties.names.tokens import is_empty, words_of

_LATIN_WORD = re.compile("[a-z0-9]+")
_BRACKETED = re.compile(r"[(（]([^()（）]+)[)）]")
#: The outcome of a rule that drops a pair.
DROP = "drop"


@dataclass(slots=True)
class ScoredPair:
    """A query's reading beside a listed name, as the rules see it.

    Attributes
    ----------
    index
        The listed names.
    reading
        How the field was read.
    form, party
        The listed name and its party, by their numbers in the index.
    score
        Log-odds at even odds beforehand.
    agreement
        ``exact``, ``short``, ``near`` or ``part``; the rules change it.
    """

    index: NameIndex
    reading: Reading
    form: int
    party: int
    person: bool  # compared as a person's name
    whole: bool  # the whole field is, letter by letter, a name of the party
    score: float
    agreement: str
    of_many: bool  # the part of a listed name that agrees is a word of many firms' names
    translated: bool = False  # words agree in meaning alone

    @property
    def listed_name(self) -> str:
        """The listed name as it is written."""
        return self.index.names[self.form]

    @property
    def words(self) -> list[str]:
        """The words of both names."""
        return [*self.reading.form.tokens, *self.index.words_of_form(self.form)]

    @property
    def one_word(self) -> bool:
        """Whether the query's reading is one word."""
        return len(self.reading.form.tokens) == 1


def content_words(plain: str) -> list[str]:
    """Return the words of a romanised name without its legal form."""
    words = plain.split()
    kept = [w for w, legal in zip(words, legal_words(words), strict=True) if not legal]
    return kept or words


@lru_cache(maxsize=1 << 12)
def _says_little(word: str) -> bool:
    """Return whether a word links others, or is one such as bank or group."""
    return is_empty(word) or generic().issuperset(word_tokens(word))


def has_same_letters(pair: ScoredPair) -> bool:
    """Return whether two names in Latin letters are the same but for legal form, case, accents and
    spaces.

    Names of which one is in another script are the same if they are read alike, but for a firm's
    name of which a word has another ending (`Банк России`, Bank Rossiya).
    """
    text = pair.reading.text
    mine = [w for w in content_words(pair.reading.form.plain) if not _says_little(w)]
    plain = pair.index.plain[pair.form]
    if has_han(plain):  # its legal form alone may be in Han: `KGM株式会社`
        plain = " ".join(_LATIN_WORD.findall(plain.casefold()))
    theirs = [w for w in content_words(plain) if not _says_little(w)]
    listed = folded(pair.listed_name).replace(" ", "")
    if not is_latin(text) and not pair.person and not has_han(text):
        return not _have_other_endings(mine, theirs)
    if not is_latin(text) or not theirs or not all(w in listed for w in theirs):
        return True
    if pair.person and sorted(mine) == sorted(theirs):
        return True
    if "".join(mine) != "".join(theirs):
        return False
    # A name read anew, as if misread by a scanner, is written otherwise.
    written = "".join(words_of(clean(text)))
    return pair.reading.form.part or pair.reading.form.plain.replace(" ", "") == written


#: Letters with which two words begin alike that may be one word with two endings.
_STEM = 4


def _have_other_endings(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Return whether two names have the same words in turn, one of them with another ending."""
    pairs = [*zip(mine, theirs, strict=False)]
    different = [(a, b) for a, b in pairs if skeleton(a) != skeleton(b)]
    same_stems = all(a[:_STEM] == b[:_STEM] and len(a) > _STEM for a, b in different)
    return len(mine) == len(theirs) and bool(different) and same_stems


def places_in_brackets(text: str) -> set[str]:
    """Return the places that stand in brackets in a name."""
    return {folded(part) for part in _BRACKETED.findall(text) if places_of(part)}


def has_another_place(pair: ScoredPair) -> bool:
    """Return whether both names have a place in brackets, in one script, and not the same."""
    asked = places_in_brackets(pair.reading.text)
    listed = places_in_brackets(pair.listed_name)
    in_one_script = len({has_han(text) for text in (*asked, *listed)}) == 1
    return bool(asked and listed) and asked.isdisjoint(listed) and in_one_script


def has_other_han_words(pair: ScoredPair) -> bool:
    """Return whether two names in Han agree by the English of their words alone: `工业大学` and
    `理工大学` are both a university of technology.
    """
    asked = han_words(pair.reading.text)
    listed = han_words(pair.listed_name)
    return bool(asked and listed) and asked != listed


def is_latin_for_han(pair: ScoredPair) -> bool:
    """Return whether a name of words of industry in Latin letters has the meaning of one in Han."""
    listed = pair.index.plain[pair.form]
    meant = all(word.startswith("=") for word in pair.reading.form.written)
    return meant and has_han(listed) and is_latin(pair.reading.text)


def is_written_alike(pair: ScoredPair) -> bool:
    """Return whether a name in another script than Latin stands in the listed name, word for word:
    how many firms have the word is counted in Latin letters (`ОАК` is not Oak).
    """
    text = folded(pair.reading.text)
    return not is_latin(text) and f" {text} " in f" {folded(pair.listed_name)} "


def is_spelled_otherwise(pair: ScoredPair) -> bool:
    """Return whether one word in Latin letters agrees with a word of a script without vowels that
    the party's own names in Latin letters spell otherwise.
    """
    (word,) = pair.reading.form.tokens
    listed = pair.index.words_of_form(pair.form)
    if not word.isascii() or word in listed or not any(map(unvowelled, listed)):
        return False
    written = pair.reading.form.plain
    spellings = [w for form in pair.index.forms_of(pair.party) for w in form.split()]
    latin = [w for w in spellings if w.isascii() and w.isalpha()]
    return bool(latin) and min(OSA.distance(written, w) for w in latin) > _slips(written)


def _slips(word: str) -> int:
    """Return by how many letters two spellings of a word differ at most."""
    return max(1, len(word) // 3)


def leaves_only_generic_words(pair: ScoredPair) -> bool:
    """Return whether the names differ only in words such as bank or group that a firm's short name
    leaves out.
    """
    mine = {*pair.reading.form.tokens}
    theirs = {*pair.index.words_of_form(pair.form)}
    left = mine ^ theirs
    return bool(left) and generic().issuperset(left)


def is_other_kind_of_body(pair: ScoredPair) -> bool:
    """Return whether a name has the listed one's words and a kind of body besides, where the listed
    name is made of words that many firms have.
    """
    listed = {*pair.index.words_of_form(pair.form)}
    left = {*pair.reading.form.tokens} - listed
    words = content_words(pair.index.plain[pair.form])
    return bool(left) and generic().issuperset(left) and all(map(is_common, words))


def is_firm_for_ship(pair: ScoredPair) -> bool:
    """Return whether what is asked is a person or a firm by its role in a consignment, by its legal
    form, or by a word such as bank that the ship's name lacks.
    """
    index = pair.index
    asked = pair.reading.party_class
    craft = (VESSEL, AIRCRAFT)
    if index.party_class[pair.party] not in craft or asked in craft:
        return False
    if asked == PERSON_OR_FIRM:
        return True
    if pair.whole:
        return False
    if pair.reading.form.legal - {"person"} and not index.legal[pair.form]:
        return True
    left = {*pair.reading.form.tokens} - {*index.words_of_form(pair.form)}
    return not generic().isdisjoint(left)


def is_part_of_ship_name(pair: ScoredPair) -> bool:
    """Return whether a name that is no ship's by its role has some of the words of a ship's name:
    one word that firms bear, or several where the ship's name has more than a number besides.
    """
    if pair.agreement != "short" or pair.index.party_class[pair.party] != VESSEL:
        return False
    if pair.reading.party_class == VESSEL:
        return False
    words = pair.reading.form.tokens
    if len(words) == 1:
        return firms().bearers(words) > 0
    listed = pair.index.words_of_form(pair.form)
    left = {*listed} - {*words}
    return len(listed) > len(words) and not all(word.isdigit() for word in left)


def has_another_number(pair: ScoredPair) -> bool:
    """Return whether both names have a number, and none that is the same: the 38th institute is not
    the 55th.
    """
    asked = {word for word in pair.reading.form.tokens if word.isdigit()}
    listed = {word for word in pair.index.words_of_form(pair.form) if word.isdigit()}
    return bool(asked and listed) and asked.isdisjoint(listed)


def _is_body_of_another_place(pair: ScoredPair, *, akin: bool) -> bool:
    """Return whether both names are of one kind of body or trade, each with a place of its own;
    ``akin``: whether they share a word that says who a body is.
    """
    if pair.whole or pair.person or pair.index.party_class[pair.party] in (PERSON, VESSEL):
        return False
    bodies = TwoBodies(pair.index, pair.reading, pair.form)
    if not bodies.has_places or not bodies.are_of_one_kind:
        return False
    return bodies.are_of_different_places and bodies.share_a_name == akin


def _differs_in_trade(asked: Sequence[str], listed: Sequence[str]) -> bool:
    """Return whether two names share a place and a kind of body, and one has a word besides: the
    ministries of defence and of energy of one state, a town's university and its technical one.
    """
    shared = {*asked} & {*listed}
    subjects = {*asked} ^ {*listed}
    said = kind_words() | generic() | places_in_chinese()
    return not subjects <= said and all(word in said or bool(places_of(word)) for word in shared)


def _is_in_another_order(pair: ScoredPair, pairs: Sequence[tuple[int, int, int]]) -> bool:
    """Return whether words of trade and place stand in another order and one of them is another
    word: Air China Cargo is not China Cargo Airlines.
    """
    asked = pair.reading.form
    if is_latin(asked.plain) != is_latin(pair.listed_name):
        return False  # another language has another order
    listed = pair.index.words_of_form(pair.form)
    order = [place for _, place, _ in pairs]
    is_reordered = order != sorted(order)
    return is_reordered and any(asked.tokens[n] != listed[k] for n, k, _ in pairs)


def _is_another_name(pair: ScoredPair) -> bool:
    """Return whether another name of the party has the same words, but for words such as bank."""
    asked = {*pair.reading.form.tokens} - generic()
    forms = np.flatnonzero(pair.index.form_party == pair.party).tolist()
    return any({*pair.index.words_of_form(form)} - generic() == asked for form in forms)


def agrees_in_place_and_trade_alone(pair: ScoredPair) -> bool:
    """Return whether all words that agree say where a firm is and what it trades in, where one of
    the names has a word besides that says who it is.
    """
    asked = pair.reading.form
    listed = pair.index.words_of_form(pair.form)
    is_person = pair.person or pair.index.party_class[pair.party] == PERSON
    if len(asked.tokens) < 2 or is_person:
        return False
    words = zip(asked.tokens, asked.written or [""] * len(asked.tokens), strict=False)
    if not any(names_trade(token, word) for token, word in words):
        return False
    mine = {asked.tokens[n] for n in identifying(asked.tokens, asked.written)}
    spellings = pair.index.spellings_of_form(pair.form)
    theirs = {listed[n] for n in identifying(listed, spellings)}
    if (mine | theirs) & {*asked.tokens} & {*listed}:
        return False  # a word that identifies in one language is a word of industry in another
    if _is_another_name(pair):
        return False
    if pair.reading.is_body_of_its_state:
        return False  # the state that was taken out of the name tells such bodies apart
    if not mine and theirs:
        return True
    if pair.reading.stateless:
        return False
    aligned = align_words(pair.index, asked, pair.form, pair.person)
    if not theirs:
        if _is_in_another_order(pair, aligned.pairs):
            return True
        return _differs_in_trade(asked.tokens, listed)
    return not any(asked.tokens[n] in mine and listed[k] in theirs for n, k, _ in aligned.pairs)


#: The rule that calls a name with one generic word more a longer one.
GENERIC_LEFT = "generic_word_left"
#: The rule that calls a name that is spelled otherwise near.
OTHER_LETTERS = "other_letters"
#: The rule about names that agree in a place and a trade and in nothing else.
PLACE_AND_TRADE = "place_and_trade_alone"
#: The rule about names that have different numbers.
ANOTHER_NUMBER = "another_number"
#: The rule about names in Han that have one translation.
OTHER_HAN_WORDS = "other_han_words"
#: The rules about bodies of one kind in different places, with a name of their own besides or not.
BODY_OF_ANOTHER_PLACE = "body_of_another_place"
BRANCH_OF_ANOTHER_PLACE = "branch_of_another_place"


def _exact(pair: ScoredPair) -> bool:
    return pair.agreement == "exact" and not pair.whole


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A named rule.

    Attributes
    ----------
    name
        By which it is switched off and counted.
    holds
        Whether it speaks about a pair.
    outcome
        What it makes of the agreement, or :data:`DROP`.
    why
        The reason, in a sentence.
    identifies
        Whether names that agree so may name one party; of others the chance is at most `possible`,
        or `unlikely` where the rule says so.
    """

    name: str
    holds: Callable[[ScoredPair], bool]
    outcome: str
    why: str
    identifies: bool = True


RULES: tuple[NamedRule, ...] = (
    NamedRule(
        "firm_is_no_person",
        lambda p: (
            bool(p.reading.form.legal - {"person"})
            and not p.reading.fragment
            and p.index.party_class[p.party] == PERSON
        ),
        DROP,
        "a name with a firm's legal form is no person's",
    ),
    NamedRule(
        "firm_is_no_ship",
        is_firm_for_ship,
        DROP,
        "who buys, sells or pays is no ship, nor is a bank or a name with a firm's legal form",
    ),
    NamedRule(
        "word_of_field",
        lambda p: (
            (p.reading.fragment or p.reading.respaced)
            and p.one_word
            and (
                p.agreement == "short"
                or (p.index.party_class[p.party] == VESSEL and p.reading.party_class != VESSEL)
            )
        ),
        DROP,
        "one word cut out of a field is no ship, and no word of a longer listed name",
    ),
    NamedRule(
        "firm_in_ship_name",
        is_part_of_ship_name,
        DROP,
        "a ship that is called after a firm (Maersk Phoenix) is not that firm",
    ),
    NamedRule(
        "ship_in_longer_name",
        lambda p: (
            bool(p.reading.cut_off)
            and p.index.party_class[p.party] == VESSEL
            and p.reading.party_class != VESSEL
        ),
        DROP,
        "a name with a place in it (Sparta Prague) is no ship's of one word less",
    ),
    NamedRule(
        "part_of_field",
        lambda p: (
            p.agreement in ("exact", "short")
            and (
                p.reading.fragment
                or p.reading.loose
                or p.reading.bracketed
                or (p.reading.respaced and p.agreement == "short")
            )
            and not p.whole
        ),
        "part",
        "a part of a field, or what is in its brackets, is not the whole name",
    ),
    NamedRule(
        "joint_venture",
        lambda p: _exact(p) and "/" in p.listed_name,
        "short",
        "one of two firms is not their joint venture",
    ),
    NamedRule(
        "bracket_of_many",
        lambda p: _exact(p) and p.of_many and not is_written_alike(p),
        "part",
        "what a listed name has in brackets is no name of its own if many firms have the word",
    ),
    NamedRule(
        OTHER_HAN_WORDS,
        lambda p: _exact(p) and not p.person and has_other_han_words(p),
        "near",
        "two names in Han with words of one meaning are two names: at most possible",
        identifies=False,
    ),
    NamedRule(
        OTHER_LETTERS,
        lambda p: _exact(p) and not has_same_letters(p),
        "near",
        "names in Latin letters that are spelled otherwise, or agree in meaning, are near",
    ),
    NamedRule(
        "another_place",
        lambda p: _exact(p) and has_another_place(p),
        "near",
        "the branch in one town (Inspur (Shandong)) is not that in another (Inspur (Hong Kong))",
    ),
    NamedRule(
        GENERIC_LEFT,
        lambda p: _exact(p) and leaves_only_generic_words(p),
        "short",
        "a listed name with one more word, such as bank or group, is a longer name",
    ),
    NamedRule(
        "spelled_otherwise",
        lambda p: p.agreement == "short" and p.one_word and is_spelled_otherwise(p),
        DROP,
        "a word with the consonants of a listed one (NATO, Nejat) is another if the list spells it",
    ),
    NamedRule(
        "in_meaning",
        lambda p: _exact(p) and (p.translated or is_latin_for_han(p)),
        "near",
        "a name that agrees in meaning alone (Commercial Bank, Trade Bank) is near",
    ),
    NamedRule(
        "consonants_only",
        lambda p: (
            p.agreement in ("exact", "short") and p.score < 0 and any(map(unvowelled, p.words))
        ),
        "near",
        "too many names have the same consonants",
    ),
    NamedRule(
        "generic_words_alone",
        lambda p: not p.whole and generic().issuperset(p.reading.form.tokens),
        DROP,
        "words such as bank or group alone name nobody",
    ),
    NamedRule(
        "other_kind_of_body",
        lambda p: p.agreement == "part" and not p.person and is_other_kind_of_body(p),
        DROP,
        "a name of common words is another body's if it has a kind more (Development Bank)",
    ),
    NamedRule(
        PLACE_AND_TRADE,
        lambda p: not p.whole and p.agreement != "exact" and agrees_in_place_and_trade_alone(p),
        "part",
        "a town and a trade (Shanghai Trading) identify nobody: at most possible",
        identifies=False,
    ),
    NamedRule(
        "kind_and_place",
        lambda p: (
            not p.person and p.agreement != "exact" and only_kind_and_place(p.reading.form.plain)
        ),
        DROP,
        "a kind of body and a state (Bank of Georgia) names no other body there",
    ),
    NamedRule(
        BRANCH_OF_ANOTHER_PLACE,
        lambda p: _is_body_of_another_place(p, akin=True),
        "part",
        "the plant of one name in two towns (Avangard) may be of one firm: at most possible",
        identifies=False,
    ),
    NamedRule(
        BODY_OF_ANOTHER_PLACE,
        lambda p: _is_body_of_another_place(p, akin=False),
        "part",
        "two universities, banks or works of two places are two bodies: at most unlikely",
        identifies=False,
    ),
    NamedRule(
        ANOTHER_NUMBER,
        lambda p: not p.whole and not p.person and has_another_number(p),
        "part",
        "two numbers (10th Institute, 38th Institute) are of two bodies: at most unlikely",
        identifies=False,
    ),
)


@dataclass
class ExceptionLog:
    """Which rules are switched off, and how often each of the others decided.

    Attributes
    ----------
    off
        Names of rules that are not applied.
    counts
        How often each rule changed an agreement or dropped a pair.
    """

    off: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)

    def apply(self, pair: ScoredPair, rules: Sequence[NamedRule] = RULES) -> tuple[str, str]:
        """Return the agreement after all rules, '' if one drops the pair, and the name of the last
        that decided.
        """
        decided = ""
        for rule in rules:
            if rule.name in self.off or not rule.holds(pair):
                continue
            if rule.outcome != pair.agreement or not rule.identifies:
                decided = rule.name
                self.counts[rule.name] += 1
            if rule.outcome == DROP:
                return "", decided
            pair.agreement = rule.outcome
        return pair.agreement, decided
