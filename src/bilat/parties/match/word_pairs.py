# SPDX-License-Identifier: Apache-2.0
"""One-to-one alignment of the words of queries with those of listed names.

A word is the same, another spelling of one (some edits away), cut short, or another rendering of
its sound. All pairs of a batch are aligned at once: the same words first, then the nearest; each
word is used once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

import numpy as np

from bilat.parties.match.candidates import Candidates
from bilat.parties.match.index import NameIndex
from bilat.parties.match.spelling import (
    CUT,
    EDIT,
    MEANT,
    NONE,
    SAME,
    SOUND,
    Unit,
    spelled,
    translated,
)
from bilat.parties.names.abjad import unvowelled
from bilat.parties.names.legal import generic
from bilat.parties.names.script import has_han
from bilat.parties.names.tokens import Form

#: Letters of a word up to which it may stand for other initials.
SHORT = 3
_VOWELS = frozenset("aeiouy")
#: Letters from which on a word that is read out of Han may have slips.
LONG = 9
#: What a pair of words costs that are the same, and of which one is the other's translation; of
#: any other pair it is the number of edits.
_COST_OF_SAME = -2.0
_COST_OF_MEANT = -1.0


@dataclass(frozen=True)
class WordPairs:
    """Words of queries beside words of listed names: arrays of one row a pair of words.

    Attributes
    ----------
    pair
        the pair of names.
    asked, listed
        places of the words in the query and in the listed name.
    kind, edits
        how the one may be the other (:data:`~bilat.parties.match.spelling.SAME` and so on), and at
        how many edits.
    """

    pair: np.ndarray
    asked: np.ndarray
    listed: np.ndarray
    kind: np.ndarray
    edits: np.ndarray

    def some(self, rows: np.ndarray) -> WordPairs:
        """Return some of the pairs of words, in the order given."""
        return WordPairs(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True)
class _Cells:
    """Each word of a query beside each word of a listed name.

    Attributes
    ----------
    pair, asked, listed
        as in :class:`WordPairs`.
    word, unit
        numbers of the query's word among all words asked, and of the listed one in the index.
    """

    pair: np.ndarray
    asked: np.ndarray
    listed: np.ndarray
    word: np.ndarray
    unit: np.ndarray

    def some(self, rows: np.ndarray) -> _Cells:
        return _Cells(*(getattr(self, f.name)[rows] for f in fields(self)))


class _WordsAsked:
    """The words of the readings of all queries, each once."""

    def __init__(self, forms: Sequence[Form]) -> None:
        numbers: dict[Unit, int] = {}
        self.flat = np.asarray(
            [numbers.setdefault(unit, len(numbers)) for form in forms for unit in _units(form)],
            dtype=np.int64,
        )
        self.units = list(numbers)
        tokens = [token for token, _ in self.units]
        written = [word[:1] or "~" for _, word in self.units]
        odd = [t[0] == "~" or unvowelled(t) or t in translated() for t in tokens]
        self.length = np.asarray([len(t) for t in tokens], dtype=np.int32)
        self.first = np.asarray([ord(t[0]) for t in tokens], dtype=np.int32)
        self.first_written = np.asarray([ord(letter) for letter in written], dtype=np.int32)
        #: Whether a word may be another one that is not like it in letters.
        self.odd = np.asarray(odd, dtype=bool)


def _units(form: Form) -> list[Unit]:
    written = form.written or ("",) * len(form.tokens)
    return list(zip(form.tokens, written, strict=False))


def pair_words(
    index: NameIndex, near: Candidates, forms: Sequence[Form], persons: np.ndarray
) -> WordPairs:
    """Align the words of each query one to one with those of each listed name.

    Parameters
    ----------
    index
        the listed names.
    near
        the pairs of names: a reading of a query and a listed name each.
    forms
        readings of the queries.
    persons
        of each pair of names, whether a person is named.

    Returns
    -------
    WordPairs
        pair of names after pair of names; a word without its like is in none.
    """
    asked = _WordsAsked(forms)
    cells = _worth_a_look(index, asked, _all_cells(index, near, asked))
    kind, edits = _compared(index, asked, cells, persons)
    length = np.maximum(asked.length[cells.word], index.token_length[index.unit_token[cells.unit]])
    # A word that is read out of Han, translated or in pinyin, is neither cut short nor
    # misspelled: Sina is not China.
    of_han = np.asarray([has_han(f.plain) for f in forms], dtype=bool)[near.query[cells.pair]]
    kind[of_han & np.isin(kind, (EDIT, CUT)) & (length < LONG)] = NONE
    found = WordPairs(cells.pair, cells.asked, cells.listed, kind, edits)
    return _one_to_one(found, len(near.query))


def _all_cells(index: NameIndex, near: Candidates, asked: _WordsAsked) -> _Cells:
    query_starts = near.start[near.query]
    form_starts = index.start[near.form]
    rows = near.start[near.query + 1] - query_starts
    columns = (index.start[near.form + 1] - form_starts).astype(np.int64)
    pair, row, column = grid(rows, columns)
    word = asked.flat[query_starts[pair] + row]
    unit = index.unit[form_starts[pair] + column].astype(np.int64)
    return _Cells(pair, row, column, word, unit)


def _worth_a_look(index: NameIndex, asked: _WordsAsked, cells: _Cells) -> _Cells:
    """Leave out words that cannot be one another.

    Words that begin otherwise are one by a slip alone: those of about one length are looked at.
    """
    token = index.unit_token[cells.unit]
    ours = asked.length[cells.word]
    theirs = index.token_length[token]
    shorter = np.minimum(ours, theirs)
    longer = np.maximum(ours, theirs)
    first = index.first_letter[token]
    alike = (shorter >= 4) & (longer - shorter <= np.maximum(1, longer // 4))
    alike |= asked.first[cells.word] == first
    written = asked.first_written[cells.word] == index.first_written[cells.unit]
    alike |= (shorter == 1) & written
    alike |= asked.odd[cells.word]
    alike |= first > ord("~")  # of a script without vowels
    return cells.some(alike)


def _compared(
    index: NameIndex, asked: _WordsAsked, cells: _Cells, persons: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how the one word of each cell may be the other, and at how many edits.

    Each two words are compared once, however often they stand beside one another.
    """
    # One number for both words.
    count = np.int64(max(len(index.unit_token), 1))
    unique, which = np.unique(cells.word * count + cells.unit, return_inverse=True)
    ours = [asked.units[n] for n in (unique // count).tolist()]
    units = (unique % count).tolist()
    tokens = [index.tokens[n] for n in index.unit_token[units].tolist()]
    theirs = list(zip(tokens, [index.words[n] for n in units], strict=True))
    kinds, edits_of = spelled(ours, theirs)
    both = zip((kinds == SAME).tolist(), ours, theirs, strict=True)
    initials = [same and _are_other_initials(mine, listed) for same, mine, listed in both]
    kind = kinds[which]
    edits = edits_of[which]
    other = np.asarray(initials, dtype=bool)[which]
    sounds_alike = (kind == SAME) & other & ~persons[cells.pair]
    kind = np.where(sounds_alike, EDIT, kind)
    return kind, np.where(sounds_alike, 1.0, edits)


def _are_other_initials(asked: Unit, listed: Unit) -> bool:
    """Return whether two words of one sound are a firm's short word that is written otherwise.

    Such a word is the same only as it is written: letters that sound alike are other initials. So
    is a longer one without vowels (`NSPCC` is not `NSPK`).
    """
    token, written = asked
    _, theirs = listed
    is_initials = len(token) <= SHORT or _VOWELS.isdisjoint(written)
    if not is_initials or written == theirs:
        return False
    return written.isascii() and written.isalnum() and theirs.isalnum()


def _one_to_one(found: WordPairs, pairs: int) -> WordPairs:
    """Use each word of a pair of names once: the same words first, then those of fewest edits.

    Among equals those come first that stand at places nearest to one another.
    """
    same = found.kind == SAME
    meant = found.kind == MEANT
    cost = np.where(meant, _COST_OF_MEANT, found.edits + (found.kind == CUT))
    cost = np.where(same, _COST_OF_SAME, cost)
    alike = np.flatnonzero(found.kind != NONE)
    apart = np.abs(found.asked - found.listed)
    order = np.lexsort((apart[alike], cost[alike], found.pair[alike]))
    ranked = found.some(alike[order])
    accepted: list[np.ndarray] = []
    alive = np.arange(len(ranked.pair))
    while len(alive):
        # The best that is left of each pair of names is taken, and what has a word of it goes.
        pair = ranked.pair[alive]
        taken = alive[np.r_[True, pair[1:] != pair[:-1]]]
        accepted.append(taken)
        best = np.zeros(pairs, dtype=np.int64)
        best[ranked.pair[taken]] = taken
        mine = best[pair]
        other_word = ranked.asked[alive] != ranked.asked[mine]
        other_listed = ranked.listed[alive] != ranked.listed[mine]
        alive = alive[other_word & other_listed]
    none = np.zeros(0, dtype=np.int64)
    return ranked.some(np.sort(np.concatenate(accepted)) if accepted else none)


@dataclass(frozen=True, slots=True)
class AlignedWords:
    """The words of a query beside those of a listed name, by their places.

    Attributes
    ----------
    pairs
        Place of the query's word, place of the listed word, and how the one may be the other.
    other
        Places of listed words without their like, ``bank``, ``group`` and the like aside.
    """

    pairs: tuple[tuple[int, int, int], ...]
    other: tuple[int, ...]

    @property
    def asked(self) -> frozenset[int]:
        """Places of the query's words that found their like."""
        return frozenset(mine for mine, _, _ in self.pairs)

    @property
    def listed(self) -> frozenset[int]:
        """Places of the listed words that found their like."""
        return frozenset(theirs for _, theirs, _ in self.pairs)

    @property
    def respelled(self) -> list[int]:
        """Places of the query's words that are another spelling of the listed ones."""
        return [mine for mine, _, kind in self.pairs if kind in (EDIT, CUT, SOUND)]

    @property
    def translates(self) -> bool:
        """Whether any word is a translation of the listed one."""
        return any(kind == MEANT for _, _, kind in self.pairs)


def align_words(index: NameIndex, asked: Form, form: int, person: bool) -> AlignedWords:
    """Align the words of one reading of a query with those of one listed name.

    Parameters
    ----------
    asked
        the reading.
    form
        number of the listed name in the index.
    person
        whether a person is named.
    """
    known = _alignments.setdefault(index, {})
    key = (asked, form, person)
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        found = known[key] = _align(index, asked, form, person)
    return found


#: Alignments that are remembered, of each index: several rules ask for the same one.
_MOST_KNOWN = 1 << 9
_alignments: WeakKeyDictionary[NameIndex, dict[tuple[Form, int, bool], AlignedWords]]
_alignments = WeakKeyDictionary()


def _align(index: NameIndex, asked: Form, form: int, person: bool) -> AlignedWords:
    n = len(asked.tokens)
    zero = np.zeros(1, dtype=np.int64)
    pair = Candidates(
        zero,
        zero + form,
        list(asked.tokens),
        np.arange(n),
        np.asarray([0, n]),
    )
    hits = pair_words(index, pair, [asked], np.asarray([person]))
    columns = (hits.asked.tolist(), hits.listed.tolist(), hits.kind.tolist())
    pairs = sorted(zip(*columns, strict=True))
    found = {theirs for _, theirs, _ in pairs}
    listed = index.words_of_form(form)
    other = tuple(k for k, word in enumerate(listed) if k not in found and word not in generic())
    return AlignedWords(tuple(pairs), other)


def grid(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pair, the row and the column of every cell of each pair's table.

    Parameters
    ----------
    rows, columns
        how many the table of each pair has.

    Returns
    -------
    pair, row, column : numpy.ndarray
        of each cell, table after table, row after row.
    """
    cells = rows * columns
    pair = np.repeat(np.arange(len(rows)), cells)
    before = np.cumsum(cells) - cells
    within = np.arange(cells.sum()) - np.repeat(before, cells)
    row = within // columns[pair]
    return pair, row, within - row * columns[pair]
