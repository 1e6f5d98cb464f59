# SPDX-License-Identifier: Apache-2.0
"""The index over listed parties: vocabulary of tokens, weights by rarity, sparse matrices for retrieval."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from bilat.parties.match.background import informations
from bilat.parties.match.packed_texts import PackedTexts
from bilat.parties.match.spelling import letter_codes
from bilat.parties.names.forms import is_firms, listed_forms
from bilat.parties.names.tokens import Form

#: Classes of parties that are compared by rules of their own.
PERSON, ORGANISATION, VESSEL, AIRCRAFT, UNKNOWN = range(5)
#: Of what is asked: nothing is known, or that it is a person or a firm and so no ship.
NOT_KNOWN = -1
PERSON_OR_FIRM = -2
_CLASSES = {
    "person": PERSON, "individual": PERSON,
    "vessel": VESSEL, "ship": VESSEL,
    "airplane": AIRCRAFT, "aircraft": AIRCRAFT,
    "legalentity": ORGANISATION, "organization": ORGANISATION, "organisation": ORGANISATION,
    "company": ORGANISATION, "publicbody": ORGANISATION, "entity": ORGANISATION,
    "personorfirm": PERSON_OR_FIRM,
}  # fmt: skip


def party_class(schema: str | None) -> int | None:
    """The class of a schema name (FollowTheMoney's, OFAC's or the UN's); None where unknown or empty."""
    return _CLASSES.get((schema or "").strip().lower().replace("-", ""))


_LEGAL = {
    name: 1 << n
    for n, name in enumerate(
        ("limited", "stock", "corporation", "partnership", "state", "nonprofit", "person")
    )
}
#: The least and the most that a word counts in finding names: one that is rarer than the most may
#: as well be misspelled.
LEAST = 0.3
MOST = 10.0
#: What a token of one letter counts beside a word as rare.
_OF_ONE_LETTER = 0.35
#: Skeletons of patronymics: Vladimirovich, Ilyinichna.
_FATHERS = re.compile("..(?:[oe]v(?:iq|na)|iniqna)$")
_BASE = 38
#: Columns of groups of one size at most: longer groups share them, by their remainder.
_COLUMNS = (1 << 18) - 5
#: Words from which on a list tells how rare a group of letters is; a shorter list is taken to have as many.
_SMALL = 1000


#: Whether the names of a class are people's; None where that is not known.
_PERSONS = {PERSON: True, UNKNOWN: None}


def spoken(
    names: Sequence[Sequence[str]], persons: Sequence[bool | None], states: Sequence[str]
) -> np.ndarray:
    """What each word of names says of anybody's name, in nats, name after name in one array (as
    :func:`~bilat.parties.match.background.informations`).
    """
    parts = []
    for at in range(0, len(names), 5000):
        these = slice(at, at + 5000)
        table = informations(names[these], persons[these], states[these])
        sizes = np.asarray([len(n) for n in names[these]], dtype=np.int64)
        parts.append(table[np.arange(table.shape[1]) < sizes[:, None]].astype(np.float32))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def run_together(tokens: Iterable[str]) -> str:
    """The tokens of a name as one word, without renderings in Han."""
    return "".join(t for t in tokens if t[0] != "~")


def ngram_matrix(strings: Sequence[str], sizes: tuple[int, ...], edges: bool) -> sparse.csr_matrix:
    """Count the groups of letters of some strings.

    Parameters
    ----------
    strings
        words of letters a to z and digits.
    sizes
        letters of a group.
    edges
        whether the beginning and the end of a string count as letters of a group.

    Returns
    -------
    sparse.csr_matrix
        a row per string, a column per group; the columns of each size follow one another.
    """
    codes, row_of = letter_codes(strings)
    rows = []
    columns = []
    before = 0
    for size in sizes:
        value, whole = _groups(codes, size, edges=edges)
        rows.append(row_of[: len(value)][whole])
        columns.append(value[whole] % _COLUMNS + before)
        before += min(_BASE**size, _COLUMNS)
    row = np.concatenate(rows)
    column = np.concatenate(columns)
    ones = np.ones(len(row), dtype=np.float32)
    shape = (len(strings), before)
    matrix = sparse.csr_matrix((ones, (row, column)), shape=shape, dtype=np.float32)
    matrix.sum_duplicates()
    return matrix


def _groups(codes: np.ndarray, size: int, *, edges: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the group that begins at each place, and whether it lies in one string.

    Parameters
    ----------
    codes
        of all strings, with a nought between them (:func:`letter_codes`).
    """
    places = max(len(codes) - size + 1, 0)
    value = np.zeros(places, dtype=np.int64)
    noughts = np.zeros(places, dtype=np.int32)
    for n in range(size):
        letters = codes[n : n + places]
        value = value * _BASE + letters
        noughts += letters == 0
    if not edges:
        return value, noughts == 0
    begins = codes[:places] == 0
    ends = codes[size - 1 : size - 1 + places] == 0
    # One nought may begin a group or end it: with both it would be all of a string.
    return value, (noughts - begins - ends == 0) & ~(begins & ends)


def weigh_columns(matrix: sparse.csr_matrix, weights: np.ndarray) -> sparse.csr_matrix:
    """The matrix with its columns multiplied by weights, in place; rows then have length one."""
    matrix.data *= weights[matrix.indices]
    return unit_rows(matrix)


def _rarity(grams: sparse.csr_matrix, rows: int) -> np.ndarray:
    """How rare each group of letters is among so many rows."""
    having = np.bincount(grams.indices, minlength=grams.shape[1])
    return np.log((max(rows, _SMALL) + 1) / (having + 1)).astype(np.float32) + np.float32(0.1)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The matrix with rows of length one, in place."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    squares = np.bincount(
        rows, weights=matrix.data.astype(np.float64) ** 2, minlength=matrix.shape[0]
    )
    matrix.data /= np.sqrt(squares)[rows].astype(matrix.data.dtype)
    return matrix


def ragged(start: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the elements of rows of unlike lengths that lie one after another in a flat array.

    Parameters
    ----------
    start
        where each row begins, and at last where the array ends.
    rows
        the rows that are wanted.

    Returns
    -------
    place, owner : numpy.ndarray
        of each element its place in the flat array, and the place in ``rows`` of its row.
    """
    sizes = start[rows + 1] - start[rows]
    owner = np.repeat(np.arange(len(rows)), sizes)
    before = np.cumsum(sizes) - sizes
    within = np.arange(sizes.sum()) - np.repeat(before, sizes)
    return np.repeat(start[rows], sizes) + within, owner


@dataclass
class Party:
    """What the index needs of a listed party."""

    id: str
    schema: str
    names: tuple[str, ...]


class _Readings:
    """The readings of the names of parties, one after another, and the words that they are of."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.names: list[str] = []
        self.party: list[int] = []
        self.lead: list[int] = []
        #: Each token, and each token with a way to write it, with its number.
        self.tokens: dict[str, int] = {}
        self.units: dict[tuple[str, str], int] = {}
        #: Numbers of the tokens and units of all readings, and where each reading begins.
        self.token: list[int] = []
        self.unit: list[int] = []
        self.start = [0]

    def add_party(self, party: Party, number: int, class_: int) -> None:
        """Add the readings of a party's names, each once."""
        leads: dict[tuple[str, ...], int] = {}
        seen: set[tuple[tuple[str, ...], str, bool]] = set()
        for name in party.names:
            for form in _readings_of(name, class_):
                said = (form.tokens, form.plain, form.part)
                if said in seen:
                    continue
                seen.add(said)
                self.lead.append(leads.setdefault(form.tokens, len(self.forms)))
                self.party.append(number)
                self.names.append(name)
                self._add_words(form)

    def _add_words(self, form: Form) -> None:
        self.forms.append(form)
        written = form.written or ("",) * len(form.tokens)
        for token, word in zip(form.tokens, written, strict=True):
            self.token.append(self.tokens.setdefault(token, len(self.tokens)))
            self.unit.append(self.units.setdefault((token, word), len(self.units)))
        self.start.append(len(self.token))


def _readings_of(name: str, class_: int) -> Sequence[Form]:
    """Return the readings of a listed name: both as a person's and a firm's where it is not said."""
    readings = listed_forms(name, class_ == PERSON)
    return readings + listed_forms(name, True) if class_ == UNKNOWN else readings


def _class_of(party: Party) -> int:
    """Return the class of a listed party: one of an unknown schema is a firm unless it may be a person."""
    said = party_class(party.schema)
    if said is not None:
        return said
    unsaid = party.schema == "Unknown" and not any(map(is_firms, party.names))
    return UNKNOWN if unsaid else ORGANISATION


class NameIndex:
    """Parties' names, ready for retrieval and comparison.

    A *reading* is a way to read a name; several belong to one party. Names of a party that differ in
    nothing but their writing (``LUKOIL OAO``, ``LUKOIL``) are readings of the same tokens: the first
    leads, it alone is retrieved, and the others, its twins, are compared wherever it is. A *token* is
    a word as it is compared, a *unit* a token with the word as it is written.

    Attributes
    ----------
    ids, party_class
        of each party.
    names, plain, form_party, lead, legal, part
        of each reading: the name as listed and in Latin letters, its party, the reading that leads,
        its families of legal forms as bits, whether it is a part of the name.
    start, flat, unit, says
        the words of all readings, those of reading ``n`` from ``start[n]`` to ``start[n + 1]``:
        their tokens, their units, and what each says of anybody's name in nats.
    tokens, weight, first_letter, token_length, fathers, numeric
        of each token: itself, what it counts in retrieval, its first letter, its letters, whether
        it is a patronymic, whether a number.
    words, unit_token, first_written
        of each unit: the word as written, its token, its first letter.
    by_token, token_grams, whole_grams
        sparse matrices: readings by token, tokens by groups of letters, whole names by groups.
    """

    def __init__(self, parties: Iterable[Party]) -> None:
        self.ids: list[str] = []
        classes: list[int] = []
        readings = _Readings()
        for number, party in enumerate(parties):
            class_ = _class_of(party)
            self.ids.append(party.id)
            classes.append(class_)
            readings.add_party(party, number, class_)
        self.party_class = np.asarray(classes, dtype=np.int8)
        self.names: Sequence[str] = PackedTexts.of(readings.names)
        self.lead = np.asarray(readings.lead, dtype=np.int32)
        self.form_party = np.asarray(readings.party, dtype=np.int32)
        self.vocabulary = readings.tokens
        self.tokens = list(readings.tokens)
        self.flat = np.asarray(readings.token, dtype=np.int32)
        self.start = np.asarray(readings.start, dtype=np.int64)
        self.unit = np.asarray(readings.unit, dtype=np.int32)
        numbers = [readings.tokens[token] for token, _ in readings.units]
        self.unit_token = np.asarray(numbers, dtype=np.int32)
        self.words = [word for _, word in readings.units]
        self._describe_readings(readings.forms)
        self._describe_tokens()
        self._order_twins()
        self._index_readings()
        self._index_letters()

    def _describe_readings(self, forms: list[Form]) -> None:
        plain = [f.plain for f in forms]
        self.plain = PackedTexts.of(plain)
        self.legal = self.legal_bits(forms)
        self.part = np.asarray([f.part for f in forms], dtype=np.float32)
        words = {*" ".join(plain).split()}
        #: The words of all names as they are written.
        self.known = sorted(w for w in words if len(w) > 2 and w.isalpha())
        kinds = [_PERSONS.get(int(c), False) for c in self.party_class[self.form_party]]
        self.says = spoken([f.tokens for f in forms], kinds, [""] * len(forms))

    def _describe_tokens(self) -> None:
        count = len(self.tokens)
        weight = spoken([[t] for t in self.tokens], [None] * count, [""] * count)
        single = np.asarray([len(t) <= 1 for t in self.tokens], dtype=bool)
        weight[single] *= _OF_ONE_LETTER
        self.weight = np.clip(weight, LEAST, MOST)
        first = [t[1] if t[0] == "~" and len(t) > 1 else t[0] for t in self.tokens]
        self.first_letter = np.asarray([ord(c) for c in first], dtype=np.int32)
        self.first_written = np.asarray([ord(w[:1] or "~") for w in self.words], dtype=np.int32)
        self.token_length = np.asarray([len(t) for t in self.tokens], dtype=np.int32)
        self.fathers = np.asarray([_FATHERS.search(t) is not None for t in self.tokens], dtype=bool)
        self.numeric = np.asarray([t.isdigit() for t in self.tokens], dtype=bool)

    def _order_twins(self) -> None:
        self.twins = np.argsort(self.lead, kind="stable")
        places = np.arange(len(self.names) + 1)
        self.twin_start = np.searchsorted(self.lead[self.twins], places)

    def _index_readings(self) -> None:
        """Index the readings that lead by their tokens, the rare ones weighing most."""
        count = len(self.names)
        ones = np.ones(len(self.flat), dtype=np.float32)
        readings = sparse.csr_matrix(
            (ones, self.flat.copy(), self.start.copy()),
            shape=(count, max(len(self.tokens), 1)),
        )
        readings.sum_duplicates()
        leading = np.repeat(self._leads(), np.diff(readings.indptr))
        readings.data *= self.weight[readings.indices] * leading
        readings.eliminate_zeros()
        self.by_token = unit_rows(readings).T.tocsr()

    def _index_letters(self) -> None:
        """Index tokens by groups of two and three letters; whole names, run together, by four."""
        grams = ngram_matrix(self.tokens, (2, 3), edges=True)
        self.gram_weight = _rarity(grams, len(self.tokens))
        self.token_grams = weigh_columns(grams, self.gram_weight).T.tocsr()
        leads = self._leads().tolist()
        joined = [
            run_together(self.words_of_form(n)) if leading else ""
            for n, leading in enumerate(leads)
        ]
        self.joined = PackedTexts.of(joined)
        whole = ngram_matrix(joined, (4,), edges=False)
        self.whole_weight = _rarity(whole, sum(leads))
        self.whole_grams = weigh_columns(whole, self.whole_weight).T.tocsr()

    def _leads(self) -> np.ndarray:
        """Return whether each reading leads those of the same tokens and party."""
        leads: np.ndarray = self.lead == np.arange(len(self.names))
        return leads

    def with_twins(self, leading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return some leading readings with their twins, and the place in ``leading`` of each."""
        at, place = ragged(self.twin_start, leading)
        return self.twins[at], place

    def written_words(self, form: int) -> dict[str, str]:
        """The words of a listed name as they are written (romanised), by the tokens that they are read as."""
        units = self.unit[self.start[form] : self.start[form + 1]].tolist()
        return {
            self.tokens[self.unit_token[u]]: self.words[u] for u in units if self.words[u].isalnum()
        }

    def spellings_of_form(self, form: int) -> tuple[str, ...]:
        """Return the words of a listed name as they are written (romanised), '' where they are not;
        ``=`` or ``#`` before a word of industry.
        """
        units = self.unit[self.start[form] : self.start[form + 1]].tolist()
        return tuple(self.words[u] for u in units)

    def forms_of(self, party: int) -> list[str]:
        """Return the names of a party, romanised."""
        first, after = np.searchsorted(self.form_party, (party, party + 1)).tolist()
        return self.plain[first:after]

    def words_of_form(self, form: int) -> tuple[str, ...]:
        """The words of a listed name, as the index has it."""
        return tuple(
            self.tokens[t] for t in self.flat[self.start[form] : self.start[form + 1]].tolist()
        )

    @staticmethod
    def legal_bits(of: Sequence[Form]) -> np.ndarray:
        """Families of legal forms as bits, per form."""
        return np.asarray([sum(_LEGAL[x] for x in f.legal) for f in of], dtype=np.int64)

    def kept(self) -> dict[str, Any]:
        """Everything that a file must keep of the index: texts a line each, arrays, and sparse matrices."""
        return {name: value for name, value in vars(self).items() if name != "vocabulary"}

    @classmethod
    def from_kept(cls, found: dict[str, Any]) -> NameIndex:
        """The index out of what a file kept."""
        index = cls.__new__(cls)
        vars(index).update(found)
        index.vocabulary = {t: n for n, t in enumerate(index.tokens)}
        return index

    def __len__(self) -> int:
        return len(self.ids)
