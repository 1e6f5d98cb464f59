# SPDX-License-Identifier: Apache-2.0
"""How near a name may come to a listed one, by what is cheap to know: which names need be read and aligned at all.

The words of the whole field are looked up as they stand, without their other spellings. The listed names with the most
in common, by words and by groups of letters, are judged by the curves that judge the whole comparison
(:mod:`bilat.parties.match.chance`): first with whatever costs time to know counted as if it spoke for the name, then,
of the few that are left, word beside word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel
from scipy import sparse

from bilat.parties.match.background import INITIAL
from bilat.parties.match.bodies import INDUSTRY
from bilat.parties.match.candidates import Candidates, nearest, numbered
from bilat.parties.match.chance import OTHER_NAME, PERSON_NAME
from bilat.parties.match.index import PERSON, NameIndex, ragged, run_together, spoken
from bilat.parties.match.matcher import Matcher
from bilat.parties.match.pair_features import NAMES, align, lettered
from bilat.parties.match.readings import field_segments, merged, read_anew, split_in_two
from bilat.parties.match.word_pairs import grid
from bilat.parties.names.script import clean
from bilat.parties.names.tokens import Form, form_of, words_of

#: Listed names that are looked at by their words, and by their letters.
_TOP = 4
_TOP_LETTERS = 6
#: How like these letters must be.
_LETTERS = 0.15
#: Nats of a word that no listed name has.
_UNKNOWN = 9.0
#: Likeness of two names from which on the words that are left may be other spellings.
_ALIKE = 0.8
#: Likeness from which on they are the same but for their spaces, which words beside one another do
#: not show.
_RESPACED = 0.95
#: A digit in a word, which may be read as a letter.
_DIGIT = re.compile(r"(?<=[^\W\d_])\d|\d(?=[^\W\d_])")
#: What cannot be judged so: a number of five digits, a bank's code, a legal form that a word runs into, a word without
#: vowels, a name that appears twice, letters other than Latin, Greek and Cyrillic ones.
_NOT_JUDGED = re.compile(
    r"(?:\d\W?){5}|swift|\bbic\b|свифт|\b(?:ooo|oao|zao|pao|p?jsc|llc)\w{4}|\w{4}(?:p?jsc|llc|ltd|gmbh)\b|"
    r"\b(?!gmbh|[poc]jsc|ltd)[b-df-hj-np-tv-z]{4,}\b|^(\w{3,})\W+\1\W*$|"
    r"[\u0530-\u1c7f\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufefe\U00010000-\U0003ffff]",
    re.IGNORECASE | re.DOTALL,
)
_NOTHING = Form((), frozenset(), "")
#: Initials that are run together, before or behind a family name.
_INITIALS = re.compile(
    r"^\W*(?:[^\W\d_]\.){2,3}\s*[^\W\d_]{3}|[^\W\d_]{3},? (?:[^\W\d_]\.){2,3}\W*$"
)
#: What the initial of a word says, in nats.
_INITIAL = -math.log(INITIAL)
#: Words from which on no person is named who is said to be none.
_LONGEST = 4


@dataclass(frozen=True)
class _Readings:
    """What the names asked may be read as; a name has one reading or more."""

    name: np.ndarray  #: number of the name of each reading
    forms: Sequence[Form]
    people: Sequence[bool | None]  #: whether a person is meant; None where nothing says so

    @property
    def tokens(self) -> list[Sequence[str]]:
        """The words of each reading."""
        return [form.tokens for form in self.forms]


def reach(
    matcher: Matcher, names: Sequence[str], persons: Sequence[bool], least: float
) -> np.ndarray:
    """Return about the greatest log-odds of each name, where they may be ``least``.

    Parameters
    ----------
    names, persons
        the names asked, and whether each is a person's.
    least
        log-odds below which a name need not be told apart.

    Returns
    -------
    numpy.ndarray
        log-odds at even odds beforehand; infinite where a name cannot be judged so.
    """
    not_judged = np.asarray([_NOT_JUDGED.search(name) is not None for name in names], dtype=bool)
    greatest = np.where(not_judged, np.inf, -np.inf)
    read = _readings_of(matcher, names, persons, np.flatnonzero(~not_judged))
    if not read.forms or not matcher.index.tokens:
        return greatest
    has_digit = np.asarray([_DIGIT.search(name) is not None for name in names], dtype=bool)
    query, odds = _by_latin_words(matcher, read, has_digit[read.name], least)
    np.maximum.at(greatest, read.name[query], odds)
    query, form = _in_own_letters(matcher, read.forms, least)
    odds = _word_by_word(matcher, read, query, form, least)
    np.maximum.at(greatest, read.name[query], odds)
    return greatest


def _readings_of(
    matcher: Matcher, names: Sequence[str], persons: Sequence[bool], judged: np.ndarray
) -> _Readings:
    """Return the readings of the names that are judged, each reading of a name once."""
    asked = [
        (n, form)
        for n in judged.tolist()
        for form in dict.fromkeys(_read(names[n], persons[n], matcher))
    ]
    return _Readings(
        name=np.asarray([n for n, _ in asked], dtype=np.int64),
        forms=[form for _, form in asked],
        people=[persons[n] or None for n, _ in asked],
    )


def _by_latin_words(
    matcher: Matcher, read: _Readings, has_digit: np.ndarray, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return readings with the log-odds of a near listed name, which are at most what they may be.

    Where they may be ``least``, the two are compared word by word; not where digits may be letters,
    or where the names are the same but for their spaces.
    """
    index = matcher.index
    start = np.r_[0, np.cumsum([len(tokens) for tokens in read.tokens], dtype=np.int64)]
    words = np.asarray(
        [index.vocabulary.get(token, -1) for tokens in read.tokens for token in tokens],
        dtype=np.int64,
    )
    query, form = _nearest(index, read, words, start)
    alike = _alike_run_together(index, read, query, form)
    flat = [token for tokens in read.tokens for token in tokens]
    initials = np.asarray([len(token) == 1 for token in flat], dtype=bool)
    at_best = _at_best(index, words, initials, start, query, form, alike)
    odds = matcher.fitted.log_odds(at_best, _kinds(index, form))
    at = np.flatnonzero((odds >= least) & (alike < _RESPACED) & ~has_digit[query])
    odds[at] = _word_by_word(matcher, read, query[at], form[at], least)
    return query, odds


def _nearest(
    index: NameIndex, read: _Readings, words: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of a reading and a listed name, those with most words or letters in common."""
    known = words >= 0
    rows = np.repeat(np.arange(len(read.forms)), np.diff(start))[known]
    weights = index.weight[words[known]]
    shape = (len(read.forms), max(len(index.tokens), 1))
    listed = sparse.csr_matrix((weights, (rows, words[known])), shape=shape, dtype=np.float32)
    return nearest(index, listed, read.tokens, _TOP, _TOP_LETTERS, _LETTERS)


def _alike_run_together(
    index: NameIndex, read: _Readings, query: np.ndarray, form: np.ndarray
) -> np.ndarray:
    """Return how alike the letters of each pair are, without spaces."""
    joined = [run_together(tokens) for tokens in read.tokens]
    listed, place = np.unique(form, return_inverse=True)
    texts = [index.joined[n] for n in listed.tolist()]
    ours = [joined[n] for n in query.tolist()]
    theirs = [texts[n] for n in place.tolist()]
    return process.cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)


def _kinds(index: NameIndex, form: np.ndarray) -> np.ndarray:
    """Return the class of name by which each listed name is judged."""
    persons = index.party_class[index.form_party[form]] == PERSON
    return np.where(persons, PERSON_NAME, OTHER_NAME)


def _word_by_word(
    matcher: Matcher, read: _Readings, query: np.ndarray, form: np.ndarray, least: float
) -> np.ndarray:
    """Return the log-odds of pairs of a name read and a listed one, compared word by word.

    Where they may be ``least``, letter by letter too.
    """
    index = matcher.index
    kind = _kinds(index, form)
    some, which = np.unique(query, return_inverse=True)
    forms = [read.forms[n] for n in some.tolist()]
    persons = [read.people[n] for n in some.tolist()]
    pairs = Candidates(which, form.astype(np.int64), *numbered([f.tokens for f in forms]))
    says = spoken([f.tokens for f in forms], persons, [""] * len(forms))
    classes = np.asarray([PERSON if p else -1 for p in persons], dtype=np.int64)
    aligned = align(index, pairs, forms, classes, says)
    odds = matcher.fitted.log_odds(aligned.features, kind)
    may = np.flatnonzero(odds >= least)
    aligned = lettered(index, pairs, forms, aligned, may)[1]
    odds[may] = matcher.fitted.log_odds(aligned.features, kind[may])
    return odds


def _in_own_letters(
    matcher: Matcher, read: Sequence[Form], least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of a name read and a listed one in its own letters that may be ``least``."""
    own = matcher.space.own_letters
    index = matcher.index
    telling = [[*_telling(f)] for f in read]
    numbers = [[index.vocabulary.get(t, -1) for t in words] for words in telling]
    weight = np.append(index.weight, np.float32(_UNKNOWN))
    shared = own.sharing(telling, [weight[of] for of in numbers])
    several = np.asarray([len(f.tokens) for f in read], dtype=np.float64)[shared.asked]
    left = np.maximum(several - shared.words - shared.latin, 0)
    features = {
        "found": shared.says,
        "same": shared.says,
        "left_words": np.minimum(left, 4),
        "listed_left": shared.left,
        "clash": np.clip(np.minimum(left, shared.other), 0, 3),
        "one_word": several == 1,
        "both_explained": (several > 1) & (left == 0) & (shared.other == 0),
        "spelling": shared.alike,
        "written": shared.alike,
        "order": 1,
    }
    odds = matcher.fitted.log_odds(_columns(features, len(left)), _kinds(index, shared.listed))
    may = [
        n
        for n in np.flatnonzero(odds >= least).tolist()
        if own.has_words(int(shared.listed[n]), telling[shared.asked[n]])
    ]
    return shared.asked[may], shared.listed[may]


def _columns(features: Mapping[str, np.ndarray | float], rows: int) -> np.ndarray:
    """Return named features as the columns of a table; the others are 0."""
    out = np.zeros((rows, len(NAMES)), dtype=np.float32)
    for name, values in features.items():
        out[:, NAMES.index(name)] = values
    return out


def _telling(form: Form) -> Sequence[str]:
    """Return the words of a name that are not of industry; all of them where no other is left."""
    written = zip_longest(form.tokens, form.written, fillvalue="")
    telling = [token for token, word in written if token and not word.startswith(INDUSTRY)]
    return telling or form.tokens


def _at_best(
    index: NameIndex,
    words: np.ndarray,
    initials: np.ndarray,
    start: np.ndarray,
    query: np.ndarray,
    form: np.ndarray,
    alike: np.ndarray,
) -> np.ndarray:
    """Features of each pair of names, where words that are left may be other spellings if the whole is ``alike``."""
    several = start[query + 1] - start[query]
    width = index.start[form + 1] - index.start[form]
    # The same words, by their places in all the names asked and in all those listed.
    pair, q_at, c_at = grid(several, width)
    same = words[start[query][pair] + q_at] == index.flat[index.start[form][pair] + c_at]
    pair = pair[same]
    q_at = q_at[same]
    c_at = c_at[same]
    q_flat, q_owner = ragged(start, query)
    c_owner = np.repeat(np.arange(len(form)), width)
    q_left = np.ones(len(q_flat), dtype=bool)
    c_left = np.ones(len(c_owner), dtype=bool)
    q_left[(np.cumsum(several) - several)[pair] + q_at] = False
    c_left[(np.cumsum(width) - width)[pair] + c_at] = False

    def by_pair(of: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.bincount(of, weights=values, minlength=len(query))

    says = np.where(words >= 0, index.weight[words], _UNKNOWN)
    found = by_pair(q_owner, says[q_flat] * ~q_left)
    # An initial may be that of a word which a listed person's name has besides.
    of_person = _kinds(index, form) == PERSON_NAME
    is_initial = initials[q_flat] & q_left & of_person[q_owner]
    q_left &= ~is_initial
    cut = by_pair(q_owner, _INITIAL * is_initial)
    missing = by_pair(q_owner, says[q_flat] * q_left)
    left = by_pair(q_owner, q_left)
    listed_left = np.maximum(by_pair(c_owner, c_left) - by_pair(q_owner, is_initial), 0)
    respelled = alike >= _ALIKE
    left = np.where(respelled, 0, left)
    near = np.where(respelled, missing, 0)
    whole = (left == 0) & (respelled | (listed_left == 0))
    alike = np.where(whole, np.maximum(alike, _ALIKE), alike)
    features = {
        "found": found + near + cut,
        "same": found,
        "near": near,
        "cut": cut,
        "left_words": np.minimum(left, 4),
        "clash": np.clip(np.minimum(left, listed_left), 0, 3),
        "one_word": several == 1,
        "both_explained": (several > 1) & whole,
        "spelling": alike,
        "written": alike,
        "order": 1,
    }
    return _columns(features, len(query))


def _read(name: str, person: bool, matcher: Matcher) -> Iterator[Form]:
    """Yield the readings of a name.

    It is read as it stands, with digits in its words as letters, and in the pieces that marks cut
    it into; each of these without what stands from a number on, too.
    """
    pieces = [piece.text for piece in field_segments(name).pieces]
    for text in dict.fromkeys((name, read_anew(name, matcher.index.vocabulary), *pieces)):
        words = words_of(clean(text))
        yield from _read_words(words, person, matcher)
        if _INITIALS.search(text):
            apart = words_of(clean(text.replace(".", ". ")))
            yield form_of(apart, True) or _NOTHING
        number = next((n for n, word in enumerate(words) if n and word.isdigit()), len(words))
        if number < len(words):
            yield from _read_words(words[:number], person, matcher)


def _read_words(words: list[str], person: bool, matcher: Matcher) -> Iterator[Form]:
    """Yield the readings of words: as they are, and run together or split as listed names have them.

    Where nothing says that they are a firm's name, and a person's would be read otherwise, as that
    too.
    """
    form = form_of(words, person) or _NOTHING
    yield form
    yield from merged(form.plain, person, matcher.words)
    split = split_in_two(form.plain, person, matcher.index.vocabulary, matcher.words)
    yield from (halved for halved, _ in split)
    if person or form.legal or len(words) > _LONGEST:
        return
    of_person = form_of(words, True)
    if of_person and of_person.tokens != form.tokens:
        yield of_person
