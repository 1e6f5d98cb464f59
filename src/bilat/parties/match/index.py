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
#: The most that a word counts in finding names: a rarer one may as well be misspelled.
MOST = 10.0
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
    """Counts of character n-grams, one row per string (letters a-z and digits; edges count as a letter)."""
    codes, rows = letter_codes(strings)
    n = len(strings)
    parts_row = []
    parts_col = []
    offset = 0
    for size in sizes:
        m = len(codes) - size + 1
        if m > 0:
            value = np.zeros(m, dtype=np.int64)
            zeros = np.zeros(m, dtype=np.int32)
            for k in range(size):
                value = value * _BASE + codes[k : k + m]
                zeros += codes[k : k + m] == 0
            first_zero = codes[:m] == 0
            last_zero = codes[size - 1 : size - 1 + m] == 0
            inside = zeros - first_zero - last_zero
            keep = (inside == 0) & ~(first_zero & last_zero)
            if not edges:
                keep &= zeros == 0
            row = rows[:m]
            parts_row.append(row[keep])
            parts_col.append(value[keep] % _COLUMNS + offset)
        offset += min(_BASE**size, _COLUMNS)
    row = np.concatenate(parts_row) if parts_row else np.zeros(0, dtype=np.int64)
    col = np.concatenate(parts_col) if parts_col else np.zeros(0, dtype=np.int64)
    matrix = sparse.csr_matrix(
        (np.ones(len(row), dtype=np.float32), (row, col)), shape=(n, offset), dtype=np.float32
    )
    matrix.sum_duplicates()
    return matrix


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
    """(position in the flat array, which of ``rows``) of all elements of the given ragged rows."""
    sizes = start[rows + 1] - start[rows]
    owner = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(start[rows], sizes) + within, owner


@dataclass
class Party:
    """What the index needs of a listed party."""

    id: str
    schema: str
    names: tuple[str, ...]


class NameIndex:
    """Parties' names, ready for retrieval and comparison.

    ``forms`` are readings of names; several belong to one party. All arrays are indexed by form or by token. A party's
    names that differ in nothing but their writing (``LUKOIL OAO``, ``LUKOIL``) are readings of the same tokens: the
    first leads (``lead``), it alone is retrieved, and the others are compared wherever it is.
    """

    def __init__(self, parties: Iterable[Party]) -> None:
        self.ids: list[str] = []
        self.party_class: np.ndarray
        self.names: list[str] = []  # the name as listed, per form
        forms_: list[Form] = []
        form_party: list[int] = []
        lead: list[int] = []
        classes: list[int] = []
        vocabulary: dict[str, int] = {}
        units: dict[tuple[str, str], int] = {}
        unit: list[int] = []
        indptr = [0]
        indices = []
        for n, party in enumerate(parties):
            self.ids.append(party.id)
            cls = party_class(party.schema)
            if cls is None:
                unsaid = party.schema == "Unknown" and not any(map(is_firms, party.names))
                cls = UNKNOWN if unsaid else ORGANISATION
            classes.append(cls)
            leads: dict[tuple[str, ...], int] = {}
            seen: set[tuple[tuple[str, ...], str, bool]] = set()
            for name in party.names:
                read = listed_forms(name, cls == PERSON)
                if cls == UNKNOWN:
                    read = read + listed_forms(name, True)
                for form in read:
                    if (form.tokens, form.plain, form.part) in seen:
                        continue
                    seen.add((form.tokens, form.plain, form.part))
                    lead.append(leads.setdefault(form.tokens, len(forms_)))
                    self.names.append(name)
                    forms_.append(form)
                    form_party.append(n)
                    written = form.written or ("",) * len(form.tokens)
                    for token, word in zip(form.tokens, written, strict=True):
                        indices.append(vocabulary.setdefault(token, len(vocabulary)))
                        unit.append(units.setdefault((token, word), len(units)))
                    indptr.append(len(indices))
        self.lead = np.asarray(lead, dtype=np.int32)
        self.form_party = np.asarray(form_party, dtype=np.int32)
        self.party_class = np.asarray(classes, dtype=np.int8)
        self.vocabulary = vocabulary
        self.tokens = list(vocabulary)
        self.flat = np.asarray(indices, dtype=np.int32)
        self.start = np.asarray(indptr, dtype=np.int64)
        self.unit = np.asarray(unit, dtype=np.int32)
        self.unit_token = np.asarray([vocabulary[t] for t, _ in units], dtype=np.int32)
        self.words = [w for _, w in units]
        self._read(forms_)
        self._weigh()

    def _read(self, of: list[Form]) -> None:
        self.plain = [f.plain for f in of]
        self.legal = self.legal_bits(of)
        self.part = np.asarray([f.part for f in of], dtype=np.float32)
        words = {*" ".join(self.plain).split()}
        self.known = sorted(w for w in words if len(w) > 2 and w.isalpha())  # as they are written
        kinds = [_PERSONS.get(int(c), False) for c in self.party_class[self.form_party]]
        self.says = spoken([f.tokens for f in of], kinds, [""] * len(of))

    def _weigh(self) -> None:
        n_tokens = len(self.tokens)
        n_forms = len(self.names)
        self.weight = spoken([[t] for t in self.tokens], [None] * n_tokens, [""] * n_tokens)
        short = np.asarray([len(t) <= 1 for t in self.tokens], dtype=bool)
        self.weight[short] *= 0.35
        np.clip(self.weight, 0.3, MOST, out=self.weight)
        counts = sparse.csr_matrix(
            (np.ones(len(self.flat), dtype=np.float32), self.flat.copy(), self.start.copy()),
            shape=(n_forms, max(n_tokens, 1)),
        )
        counts.sum_duplicates()
        leads = self.lead == np.arange(n_forms)
        counts.data *= self.weight[counts.indices] * np.repeat(leads, np.diff(counts.indptr))
        counts.eliminate_zeros()
        counts = unit_rows(counts)
        self.by_token = counts.T.tocsr()
        # Tokens by their letters.
        grams = ngram_matrix(self.tokens, (2, 3), edges=True)
        self.gram_weight = _rarity(grams, n_tokens)
        self.token_grams = weigh_columns(grams, self.gram_weight).T.tocsr()
        # Whole names by their letters, words run together; of readings of the same tokens the first alone.
        self.joined = [
            run_together(self.words_of_form(n)) if leading else ""
            for n, leading in enumerate(leads.tolist())
        ]
        whole = ngram_matrix(self.joined, (4,), edges=False)
        self.whole_weight = _rarity(whole, int(leads.sum()))
        self.whole_grams = weigh_columns(whole, self.whole_weight).T.tocsr()
        first = [t[1] if t[0] == "~" and len(t) > 1 else t[0] for t in self.tokens]
        self.first_letter = np.asarray([ord(c) for c in first], dtype=np.int32)
        self.first_written = np.asarray([ord(w[:1] or "~") for w in self.words], dtype=np.int32)
        self.token_length = np.asarray([len(t) for t in self.tokens], dtype=np.int32)
        self.fathers = np.asarray([_FATHERS.search(t) is not None for t in self.tokens], dtype=bool)
        self.numeric = np.asarray([t.isdigit() for t in self.tokens], dtype=bool)
        self.twins = np.argsort(self.lead, kind="stable")
        self.twin_start = np.searchsorted(self.lead[self.twins], np.arange(len(self.names) + 1))

    def with_twins(self, forms_: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(leading readings and those of the same tokens and party, position in ``forms_`` from which each comes)."""
        at, of = ragged(self.twin_start, forms_)
        return self.twins[at], of

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
