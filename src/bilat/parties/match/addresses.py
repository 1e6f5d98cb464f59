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
from functools import cached_property, lru_cache

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
    """Listed addresses, asked in batches; they are read when the first one is asked for."""

    def __init__(self, addresses: Sequence[str], owners: Sequence[int]) -> None:
        self.text, self.owner = list(addresses), list(owners)

    @cached_property
    def _listed(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Words and numbers of each address."""
        return [address_tokens(text) for text in self.text]

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return {w: n for n, w in enumerate(dict.fromkeys(w for words, _ in self._listed for w in words))}

    @cached_property
    def _matrix(self) -> sparse.csr_matrix:
        """Weight, by rarity, of each word of each address."""
        rows = np.repeat(np.arange(len(self.text)), [len(words) for words, _ in self._listed])
        columns = np.asarray(
            [self._vocabulary[w] for words, _ in self._listed for w in words], dtype=np.int64
        )
        n = len(self._vocabulary)
        self._weight = np.log((len(self.text) + 1) / (np.bincount(columns, minlength=n) + 0.5)) + 0.1
        values = self._weight[columns].astype(np.float32)
        return sparse.csr_matrix((values, (rows, columns)), shape=(len(self.text), max(n, 1)))

    @cached_property
    def _by_word(self) -> sparse.csr_matrix:
        return unit_rows(self._matrix.copy())[0].T.tocsr()

    def look_up(self, texts: Sequence[str], top: int = 5) -> list[list[AddressHit]]:
        """Per text, the listed addresses that are the same place, best first."""
        out: list[list[AddressHit]] = [[] for _ in texts]
        read = [address_tokens(t) if t.strip() else ((), ()) for t in texts]
        asked = {n: of for n, of in enumerate(read) if len(of[0]) > 1 and of[1]}
        if not asked or not self.text:
            return out
        matrix, vocabulary = self._matrix, self._vocabulary
        known = {n: {vocabulary[w] for w in words if w in vocabulary} for n, (words, _) in asked.items()}
        rows, columns = [n for n in known for _ in known[n]], [k for of in known.values() for k in of]
        weights = self._weight[np.asarray(columns, dtype=np.int64)].astype(np.float32)
        query = sparse.csr_matrix((weights, (rows, columns)), shape=(len(texts), matrix.shape[1]))
        found = sp_matmul_topn(query, self._by_word, top_n=30, threshold=0.0, sort=True, n_threads=1)
        unknown = float(np.log(len(self.text) + 1) + 0.1)
        for n, (words, numbers) in asked.items():
            total = sum(float(self._weight[k]) for k in known[n]) + unknown * (len(words) - len(known[n]))
            hits = []
            for at in range(found.indptr[n], found.indptr[n + 1]):
                a = int(found.indices[at])
                theirs, their_numbers = self._listed[a]
                same = known[n] & {vocabulary[w] for w in theirs}
                both = tuple(x for x in numbers if x in their_numbers)
                if len(same) < 2 or not both:
                    continue
                lighter = min(total, float(matrix[a].sum()))
                share = sum(float(self._weight[k]) for k in same) / max(lighter, 1e-6)
                count = len(both) / min(len(numbers), len(their_numbers))
                if share >= AGREE and (count >= 0.5 or (share >= _TWIN and len(both) >= 2)):
                    hits.append(AddressHit(a, round(min(share, 1.0), 3), both))
            out[n] = sorted(hits, key=lambda h: (-h.agreement, -len(h.numbers), h.address))[:top]
        return out
