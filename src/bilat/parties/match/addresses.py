# SPDX-License-Identifier: Apache-2.0
"""Addresses: when two written addresses are one place.

Words are brought to skeletons as names are, and words of streets and buildings to one form (``str``,
``ul.``, ``ulitsa`` -> street). Two addresses are one place when they agree on their numbers (house, floor,
room, postcode: at least one, none contradicted among the first two) and on most of the weight of their
words, by rarity among the listed addresses. A country or city alone is not an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from bilat.parties.match.index import unit_rows
from bilat.parties.names.romanise import pinyin, romanise
from bilat.parties.names.script import clean, fold_homoglyphs, has_han
from bilat.parties.names.skeleton import skeleton, stem

_WORDS = {
    "street": "street str st ul ulitsa ulica vulica vulitsa strasse road rd avenue ave av "
    "prospekt prospect pr prosp "
    "boulevard blvd lane ln pereulok per highway shosse drive dr embankment nab naberezhnaya quay "
    "way place pl "
    "square lu jie dao dadao daodao",
    "building": "building bldg bld stroenie str-e korpus korp k house dom d tower plaza center "
    "centre mansion block "
    "blk complex estate park sooruzhenie court",
    "floor": "floor fl flr f etazh level",
    "room": "room rm office of offis kv kvartira apt apartment suite ste flat unit pom "
    "pomeshchenie komnata kom shop",
    "district": "district raion rayon oblast region province city gorod g town village county "
    "state area obl krai "
    "municipality township qu shi sheng republic respublika",
}
_ONE_FORM = {skeleton(w): kind for kind, words in _WORDS.items() for w in words.split()}
_EMPTY = {"the", "of", "and", "no", "n", "near", "po", "box", "p", "o"}
_NUMBER = re.compile(r"\d+[a-z]?")
_SPLIT = re.compile(r"[^a-z0-9]+")
#: Share of the lighter address's word weight that must be met.
AGREE = 0.6
_TWIN = 0.75


@lru_cache(maxsize=1 << 16)
def address_tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words as skeletons, numbers) of a written address; kinds of places (street, floor) are left out."""
    text = fold_homoglyphs(clean(text)).lower()
    if has_han(text):
        text = "".join(" ".join(pinyin(c)) + " " if has_han(c) else c for c in text)
    words, numbers = [], []
    for word in _SPLIT.split(romanise(text)):
        if not word or word in _EMPTY:
            continue
        if word[0].isdigit():
            numbers.append(word.lstrip("0") or "0")
            continue
        key = stem(skeleton(word))
        if key not in _ONE_FORM and skeleton(word) not in _ONE_FORM and len(key) > 1:
            words.append(key)
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(numbers))


@dataclass(frozen=True, slots=True)
class AddressHit:
    """A listed address that is the place asked for."""

    address: int  # number in the index
    agreement: float  # share of the lighter address's word weight that both have, 0 to 1
    numbers: tuple[str, ...]  # numbers that both have


class AddressIndex:
    """Listed addresses, asked in batches."""

    def __init__(self, addresses: Sequence[str], owners: Sequence[int]) -> None:
        self.text = list(addresses)
        self.owner = list(owners)
        self.numbers: list[str] = []  # of each address, blanks between
        vocabulary: dict[str, int] = {}
        indptr, indices = [0], []
        for text in self.text:
            words, numbers = address_tokens(text)
            self.numbers.append(" ".join(numbers))
            for w in words:
                indices.append(vocabulary.setdefault(w, len(vocabulary)))
            indptr.append(len(indices))
        self.vocabulary = vocabulary
        n = len(self.text)
        df = np.bincount(np.asarray(indices, dtype=np.int64), minlength=max(len(vocabulary), 1))
        self.weight = (np.log((n + 1) / (df + 0.5)) + 0.1).astype(np.float32)
        matrix = sparse.csr_matrix(
            (self.weight[np.asarray(indices, dtype=np.int64)], np.asarray(indices), np.asarray(indptr)),
            shape=(n, max(len(vocabulary), 1)),
            dtype=np.float32,
        )
        self.total = np.asarray(matrix.sum(axis=1)).ravel()
        self._take(matrix, vocabulary)

    def _take(self, matrix: sparse.csr_matrix, vocabulary: dict[str, int]) -> None:
        self.matrix = matrix
        self.vocabulary = vocabulary
        self.total = np.asarray(matrix.sum(axis=1)).ravel()
        self.by_word = unit_rows(matrix.copy())[0].T.tocsr() if len(self.text) else None

    def words(self, address: int) -> frozenset[int]:
        """The words of a listed address, as numbers."""
        return frozenset(
            self.matrix.indices[self.matrix.indptr[address] : self.matrix.indptr[address + 1]].tolist()
        )

    def kept(self) -> dict[str, Any]:
        """Everything that a file must keep of the index."""
        return {
            "text": self.text,
            "numbers": self.numbers,
            "words": list(self.vocabulary),
            "owner": np.asarray(self.owner, dtype=np.int64),
            "weight": self.weight,
            "matrix": self.matrix,
        }

    @classmethod
    def from_kept(cls, found: dict[str, Any]) -> AddressIndex:
        """The index out of what a file kept."""
        index = cls.__new__(cls)
        index.text = found["text"]
        index.owner = found["owner"].tolist()
        index.numbers = found["numbers"]
        index.weight = found["weight"]
        index._take(found["matrix"], {w: n for n, w in enumerate(found["words"])})
        return index

    def look_up(self, texts: Sequence[str], top: int = 5) -> list[list[AddressHit]]:
        """Per text, the listed addresses that are the same place, best first."""
        out: list[list[AddressHit]] = [[] for _ in texts]
        if self.by_word is None:
            return out
        rows, cols = [], []
        asked = [address_tokens(t) if t.strip() else ((), ()) for t in texts]
        for n, (words, numbers) in enumerate(asked):
            if len(words) < 2 or not numbers:
                continue
            for w in words:
                if (k := self.vocabulary.get(w)) is not None:
                    rows.append(n)
                    cols.append(k)
        if not rows:
            return out
        matrix = sparse.csr_matrix(
            (self.weight[np.asarray(cols)], (np.asarray(rows), np.asarray(cols))),
            shape=(len(texts), len(self.weight)),
            dtype=np.float32,
        )
        found = sp_matmul_topn(matrix, self.by_word, top_n=30, threshold=0.0, sort=True, n_threads=1)
        unknown = float(np.log(len(self.text) + 1) + 0.1)
        for n in sorted(set(rows)):
            words, numbers = asked[n]
            known = {self.vocabulary[w] for w in words if w in self.vocabulary}
            total = sum(float(self.weight[k]) for k in known) + unknown * (len(words) - len(known))
            hits = []
            for at in range(found.indptr[n], found.indptr[n + 1]):
                a = int(found.indices[at])
                same = known & self.words(a)
                if len(same) < 2:
                    continue
                theirs = self.numbers[a].split()
                both = tuple(x for x in numbers if x in theirs)
                if not both:
                    continue
                share = sum(float(self.weight[k]) for k in same) / max(min(total, float(self.total[a])), 1e-6)
                count = len(both) / min(len(numbers), len(theirs))
                if share >= AGREE and (count >= 0.5 or (share >= _TWIN and len(both) >= 2)):
                    hits.append(AddressHit(a, round(min(share, 1.0), 3), both))
            out[n] = sorted(hits, key=lambda h: (-h.agreement, -len(h.numbers), h.address))[:top]
        return out
