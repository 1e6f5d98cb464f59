# SPDX-License-Identifier: Apache-2.0
"""What a query's name and a listed one say beside one another: features with names.

The words are aligned one to one (:mod:`bilat.parties.match.word_pairs`). What was found and what
was left over counts by how rare each word is in anybody's names
(:mod:`bilat.parties.match.background`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bilat.parties.match.candidates import Candidates
from bilat.parties.match.index import PERSON, UNKNOWN, NameIndex, ragged
from bilat.parties.match.spelling import CUT, EDIT, MEANT, NONE, SAME, SOUND
from bilat.parties.match.word_pairs import WordPairs, pair_words
from bilat.parties.names.abjad import across, in_classes
from bilat.parties.names.legal import generic, legal_words
from bilat.parties.names.script import has_han
from bilat.parties.names.tokens import NO_VOWELS, Form

#: What each feature means, in the order of the columns. What a word says is in nats.
FEATURES: dict[str, str] = {
    "found": "what all the words say that found their like",
    "same": "what the words say that are the same",
    "near": "what the words say that are spelled otherwise",
    "edits": "letters by which they differ",
    "cut": "what the words say of which one is cut short, or an initial",
    "contracted": "what the words say of which one has its vowels left out",
    "meant": "what the words say that are a translation of the listed word",
    "sound": "what the renderings in Han say that sound as the listed word",
    "left": "what the words of the query say that are left without their like",
    "left_words": "how many they are, 0 to 4",
    "first_left": "the first word of the query is one of them",
    "listed_left": "what the words of the listed name say that are left; `bank`, `group` and the like aside",
    "clash": "words left on both sides: the fewer of the two, 0 to 3",
    "both_explained": "no word of the query, of several but `bank` and the like, is left, and none of the listed name",
    "spelling": "similarity of the two names letter by letter, words run together",
    "written": "similarity of the two names as written (romanised, lower case, without legal form)",
    "identical_written": "identical as written (of a person: begun at any word)",
    "legal_same": "same legal form",
    "legal_other": "different legal forms",
    "numbers": "numbers that contradict each other",
    "one_word": "the query is one word, `bank`, `group` and the like aside",
    "order": "the shared words stand in the same order (of a person nearly so where they begin at another)",
    "part": "only a part of a written name (what stands in brackets, or before it) was compared",
    "class_other": "a person against an organisation, or a vessel against neither",
}  # fmt: skip
NAMES = tuple(FEATURES)
#: Those that compare letters, which cost the most to know.
LETTERS = ("spelling", "written", "identical_written")
#: How a name agrees, the surest first: the whole name but for its legal form; all its words in a longer listed name, or
#: an acronym or short form of one; another spelling; a listed name within a longer field.
EXACT_NAME, SHORT_NAME, NEAR_NAME, PART_NAME = range(4)
#: The most that a listed word left over says against a name, in nats.
MOST_LEFT = 10.0
#: What a step counts at which a person's name turns to its beginning: of two entries of one person,
#: the one that is written as the query comes first.
TURNED = 0.9
#: Likeness of two texts from which on they are the same in all but the order of their words.
_ALIKE = 0.9999


@dataclass(frozen=True)
class Aligned:
    """What the pairs of a batch say: arrays of one row a pair."""

    features: np.ndarray  # shape (pairs, len(NAMES))
    agreement: np.ndarray  # EXACT_NAME to PART_NAME
    generic: np.ndarray  # a word such as `bank` of the listed name was left aside
    persons: np.ndarray  # a person is named


class _Names:
    """The names of a batch of pairs as words one after another, on both sides.

    Attributes
    ----------
    asked_pair, listed_pair
        the pair of each word.
    asked_says, listed_says
        what each word says of anybody's name, in nats.
    asked_left, listed_left
        whether each word has no like on the other side.
    """

    def __init__(
        self, index: NameIndex, near: Candidates, says: np.ndarray, found: WordPairs
    ) -> None:
        self.pairs = len(near.query)
        asked, self.asked_pair = ragged(near.start, near.query)
        listed, self.listed_pair = ragged(index.start, near.form)
        self.asked_token = near.flat[asked]
        self.listed_token = index.flat[listed]
        self.asked_says = says[asked]
        self.listed_says = index.says[listed]
        self.asked_words = self.asked_sum()
        self.listed_words = self.listed_sum()
        self.found_asked = _first(self.asked_words)[found.pair] + found.asked
        self.found_listed = _first(self.listed_words)[found.pair] + found.listed
        self.asked_left = np.ones(len(asked), dtype=bool)
        self.listed_left = np.ones(len(listed), dtype=bool)
        self.asked_left[self.found_asked] = False
        self.listed_left[self.found_listed] = False

    def asked_sum(self, values: np.ndarray | None = None) -> np.ndarray:
        """Return the sum over the query's words of each pair; their number without values."""
        return np.bincount(self.asked_pair, weights=values, minlength=self.pairs)

    def listed_sum(self, values: np.ndarray | None = None) -> np.ndarray:
        """Return the sum over the listed words of each pair; their number without values."""
        return np.bincount(self.listed_pair, weights=values, minlength=self.pairs)


def _first(sizes: np.ndarray) -> np.ndarray:
    """Return where each of several rows begins that follow one another."""
    starts: np.ndarray = np.cumsum(sizes) - sizes
    return starts


class _Table:
    """The features of a batch of pairs, a column each."""

    def __init__(self, pairs: int) -> None:
        self.values = np.zeros((pairs, len(NAMES)), dtype=np.float32)

    def __setitem__(self, name: str, values: np.ndarray | float) -> None:
        self.values[:, NAMES.index(name)] = values


def align(
    index: NameIndex, near: Candidates, forms: Sequence[Form], kinds: np.ndarray, says: np.ndarray
) -> Aligned:
    """Compare the words of each pair of names; letters count as the same until :func:`lettered`.

    Parameters
    ----------
    forms
        readings of the queries.
    kinds
        class of each reading, -1 where it is not known.
    says
        what each word of the readings says of anybody's name, in nats, reading after reading.
    """
    asked_class = kinds[near.query]
    listed_class = index.party_class[index.form_party[near.form]]
    persons = np.where(asked_class >= 0, asked_class == PERSON, listed_class == PERSON)
    found = pair_words(index, near, forms, persons)
    names = _Names(index, near, says, found)
    aside = _left_aside(index, names, persons)
    names.listed_left &= ~aside
    table = _Table(names.pairs)
    _put_found(table, names, found)
    _put_left(table, names)
    _put_numbers(table, index, near, names)
    _put_size(table, near, forms, names)
    table["order"] = _order(found, names.pairs, persons)
    for name in LETTERS:
        table[name] = 1.0
    _put_legal_forms(table, index, near, forms)
    parts = np.asarray([f.part for f in forms], dtype=np.float32)
    table["part"] = parts[near.query] + index.part[near.form]
    known = (asked_class >= 0) & (listed_class != UNKNOWN)
    table["class_other"] = known & (asked_class != listed_class)
    has_aside = names.listed_sum(aside) > 0
    return Aligned(table.values, _agreement(names, found, has_aside), has_aside, persons)


def _left_aside(index: NameIndex, names: _Names, persons: np.ndarray) -> np.ndarray:
    """Return which listed words a short name leaves out.

    They are `bank` or `group`, and of a person's name of three words the father's.
    """
    known = [index.vocabulary[t] for t in generic() if t in index.vocabulary]
    of_kind = np.isin(names.listed_token, known)
    long = persons & (names.listed_words > 2)
    of_father = long[names.listed_pair] & index.fathers[names.listed_token]
    aside: np.ndarray = names.listed_left & (of_kind | of_father)
    return aside


def _put_found(table: _Table, names: _Names, found: WordPairs) -> None:
    """Put what the words say that found their like: as much as the one that says less."""
    asked = names.asked_says[names.found_asked]
    listed = names.listed_says[names.found_listed]
    exact = np.isin(found.kind, (SAME, SOUND))
    says = np.where(exact, asked, np.minimum(asked, listed))
    cut = found.kind == CUT
    contracted = cut & (found.edits == 1)

    def of_pair(values: np.ndarray) -> np.ndarray:
        return np.bincount(found.pair, weights=values, minlength=names.pairs)

    table["found"] = of_pair(says * (found.kind != NONE))
    table["same"] = of_pair(says * (found.kind == SAME))
    table["near"] = of_pair(says * (found.kind == EDIT))
    table["cut"] = of_pair(says * (cut & ~contracted))
    table["contracted"] = of_pair(says * contracted)
    table["meant"] = of_pair(says * (found.kind == MEANT))
    table["sound"] = of_pair(says * (found.kind == SOUND))
    table["edits"] = of_pair(found.edits * ~cut)


def _put_left(table: _Table, names: _Names) -> None:
    """Put what the words say that are left on either side, and how many they are."""
    left = names.asked_sum(names.asked_left)
    listed_left = names.listed_sum(names.listed_left)
    asked_says = np.minimum(names.asked_says, MOST_LEFT)
    listed_says = np.minimum(names.listed_says, MOST_LEFT)
    begins = np.r_[-1, names.asked_pair[:-1]] != names.asked_pair
    table["left"] = names.asked_sum(asked_says * names.asked_left)
    table["left_words"] = np.minimum(left, 4)
    table["first_left"] = names.asked_sum(names.asked_left & begins)
    table["listed_left"] = names.listed_sum(listed_says * names.listed_left)
    table["clash"] = np.clip(np.minimum(left, listed_left), 0, 3)


def _put_numbers(table: _Table, index: NameIndex, near: Candidates, names: _Names) -> None:
    """Put whether both names have a number that the other has not."""
    numeric = np.asarray([t.isdigit() for t in near.tokens], dtype=bool)
    ours = names.asked_sum(numeric[names.asked_token] & names.asked_left)
    theirs = names.listed_sum(index.numeric[names.listed_token] & names.listed_left)
    table["numbers"] = np.minimum(ours, theirs) > 0


def _put_size(table: _Table, near: Candidates, forms: Sequence[Form], names: _Names) -> None:
    """Put whether the query is one word, or all of its several words are explained."""
    of_kind = np.asarray([t in generic() for t in near.tokens], dtype=bool)
    in_han = np.asarray([has_han(f.plain) for f in forms], dtype=bool)[near.query]
    named = names.asked_sum(~of_kind[names.asked_token] | in_han[names.asked_pair])
    none_left = names.asked_sum(names.asked_left) == 0
    none_listed_left = names.listed_sum(names.listed_left) == 0
    table["one_word"] = named <= 1
    table["both_explained"] = (named > 1) & none_left & none_listed_left


def _put_legal_forms(
    table: _Table, index: NameIndex, near: Candidates, forms: Sequence[Form]
) -> None:
    ours = index.legal_bits(forms)[near.query]
    theirs = index.legal[near.form]
    both = (ours > 0) & (theirs > 0)
    shared = (ours & theirs) > 0
    table["legal_same"] = both & shared
    table["legal_other"] = both & ~shared


def _agreement(names: _Names, found: WordPairs, has_aside: np.ndarray) -> np.ndarray:
    """Return how each name agrees: :data:`EXACT_NAME` to :data:`PART_NAME`.

    Parameters
    ----------
    has_aside
        whether a word of the listed name was left aside.
    """
    left = names.asked_sum(names.asked_left)
    listed_left = names.listed_sum(names.listed_left)
    alike = np.bincount(found.pair, minlength=names.pairs)
    respelled = np.bincount(found.pair, weights=found.kind != SAME, minlength=names.pairs)
    near = np.where(listed_left <= np.maximum(1, alike), NEAR_NAME, PART_NAME)
    longer = (listed_left > 0) | (has_aside & (names.asked_words > 1))
    of_same_words = np.where(longer, SHORT_NAME, EXACT_NAME)
    whole = np.where(respelled > 0, near, of_same_words)
    return np.where(left > 0, PART_NAME, whole).astype(np.int8)


def _order(found: WordPairs, pairs: int, persons: np.ndarray) -> np.ndarray:
    """Return the share of steps from one word found to the next that go forward in the listed name.

    It is a half where there is no step.
    """
    by_query = np.lexsort((found.asked, found.pair))
    pair = found.pair[by_query]
    place = found.listed[by_query]
    step = pair[1:] == pair[:-1]
    ahead = place[1:] > place[:-1]
    forward = np.bincount(pair[1:][step], weights=ahead[step], minlength=pairs)
    steps = np.bincount(pair[1:][step], minlength=pairs)
    # A person's family name stands first on one list and last on most papers: turned, the order is
    # nearly the same.
    first = np.zeros(pairs, dtype=np.int64)
    last = np.zeros(pairs, dtype=np.int64)
    first[pair[::-1]] = place[::-1]
    last[pair] = place
    turns = persons & (steps - forward == 1) & (last < first)
    forward = forward + TURNED * turns
    return np.where(steps > 0, forward / np.maximum(steps, 1), 0.5)


#: The texts of a name that are compared letter by letter: its tokens run together, as they stand
#: and sorted; the plain name, as it stands and its words sorted.
Texts: TypeAlias = tuple[str, str, str, str]


def lettered(
    index: NameIndex, near: Candidates, forms: Sequence[Form], found: Aligned, kept: np.ndarray
) -> tuple[Candidates, Aligned]:
    """Compare some of the pairs letter by letter.

    Names are compared as they stand and with the words sorted, whichever agrees better; where words
    are shortened by leaving vowels out, without vowels.

    Parameters
    ----------
    kept
        the pairs that are wanted.
    """
    near = replace(near, query=near.query[kept], form=near.form[kept])
    found = Aligned(
        found.features[kept], found.agreement[kept], found.generic[kept], found.persons[kept]
    )
    readings = [forms[n] for n in near.query.tolist()]
    listed = near.form.tolist()
    texts = _texts_of_pairs(index, near, forms)
    across_scripts = [k for k, (a, b) in enumerate(texts) if across(a[0] or "a", b[0] or "a")]
    for k in across_scripts:
        mine, theirs = in_classes(readings[k].tokens, index.words_of_form(listed[k]))
        texts[k] = _texts(mine, " ".join(mine)), _texts(theirs, " ".join(theirs))
    for k in np.flatnonzero(found.features[:, NAMES.index("contracted")]).tolist():
        ours, theirs_ = texts[k]
        texts[k] = _without_vowels(ours), _without_vowels(theirs_)
    joined, joined_sorted, stands, words_sorted = (_likeness(texts, n) for n in range(4))
    written = np.maximum(stands, words_sorted)
    plain = [index.plain[n] for n in listed]
    same = [form.plain == name for form, name in zip(readings, plain, strict=True)]
    identical = np.asarray(same, dtype=bool)
    for k in np.flatnonzero(found.persons & (written >= _ALIKE) & ~identical).tolist():
        identical[k] = turned(readings[k].plain, plain[k])
    identical[across_scripts] = False
    values = (np.maximum(joined, joined_sorted), written, identical)
    for name, column in zip(LETTERS, values, strict=True):
        found.features[:, NAMES.index(name)] = column
    return near, found


def _texts_of_pairs(
    index: NameIndex, near: Candidates, forms: Sequence[Form]
) -> list[tuple[Texts, Texts]]:
    """Return the texts of the query and of the listed name of each pair."""
    asked: dict[int, Texts] = {}
    for n in set(near.query.tolist()):
        form = forms[n]
        asked[n] = _texts(form.tokens, _named(form.plain, bool(form.legal)))
    listed: dict[int, Texts] = {}
    for n in set(near.form.tolist()):
        listed[n] = _texts(index.words_of_form(n), _named(index.plain[n], index.legal[n] > 0))
    pairs = zip(near.query.tolist(), near.form.tolist(), strict=True)
    return [(asked[query], listed[form]) for query, form in pairs]


def _likeness(texts: Sequence[tuple[Texts, Texts]], which: int) -> np.ndarray:
    """Return how alike one of the texts of each pair is, from 0 to 1."""
    ours = [a[which] for a, _ in texts]
    theirs = [b[which] for _, b in texts]
    alike: np.ndarray = process.cpdist(
        ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32
    )
    return alike


@lru_cache(maxsize=1 << 11)
def _named(plain: str, legal: bool) -> str:
    """Return a plain name without its legal form, if it has one."""
    if not legal:
        return plain
    words = plain.split()
    kept = [w for w, form in zip(words, legal_words(words), strict=True) if not form]
    return " ".join(kept)


def _texts(tokens: Sequence[str], plain: str) -> Texts:
    words = sorted(plain.split())
    return "".join(tokens), "".join(sorted(tokens)), plain, " ".join(words)


def _without_vowels(texts: Texts) -> Texts:
    a, b, c, d = (t.translate(NO_VOWELS) for t in texts)
    return a, b, c, d


def turned(asked: str, listed: str) -> bool:
    """Return whether one plain name is the other begun at another word.

    So are ``igor rotenberg`` and ``rotenberg igor``.
    """
    return len(asked) == len(listed) and f" {asked} " in f" {listed} {listed} "
