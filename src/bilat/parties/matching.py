# SPDX-License-Identifier: Apache-2.0
"""Names in, ranked parties out: the whole way from a batch of query names to scored candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bilat.parties.candidates import TokenSpace, candidates
from bilat.parties.index import PERSON, NameIndex, party_class
from bilat.parties.names.tokens import Form, forms
from bilat.parties.pairing import align
from bilat.parties.scores import Weights, weights

#: Queries compared in one go: bounds the memory (about 40 MB), and is large enough for the vector code.
BATCH = 600


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name to look for, and what kind of party it is, where known."""

    name: str
    schema: str | None = None


@dataclass
class Pairs:
    """Scored pairs of a query and a reading of a listed name; arrays of equal length, in no special order."""

    query: np.ndarray  # number of the query in the batch
    form: np.ndarray  # number of the reading in the index
    party: np.ndarray  # number of the party in the index
    log_odds: np.ndarray
    features: np.ndarray  # shape (pairs, features)
    person: np.ndarray  # judged by the curves for persons
    query_form: list[Form]  # reading of the query, per pair

    def best_per_party(self) -> np.ndarray:
        """Positions of the best pair of each (query, party), ordered by query and falling log-odds."""
        if not len(self.query):
            return np.zeros(0, dtype=np.int64)
        order = np.lexsort((-self.log_odds, self.party, self.query))
        q, p = self.query[order], self.party[order]
        first = np.r_[True, (q[1:] != q[:-1]) | (p[1:] != p[:-1])]
        best = order[first]
        return best[np.lexsort((self.party[best], -self.log_odds[best], self.query[best]))]


def readings(name: str, schema: str | None) -> tuple[tuple[Form, int], ...]:
    """The readings of a query name with the class each is compared as (-1 where the schema is not known)."""
    cls = party_class(schema)
    if cls is not None:
        return tuple((f, cls) for f in forms(name, cls == PERSON))
    both = [(f, -1) for f in forms(name, False)]
    seen = {f.tokens for f, _ in both}
    both += [(f, -1) for f in forms(name, True) if f.tokens not in seen]
    return tuple(both)


class Matcher:
    """An index with the memory of tokens met; thread-unsafe, cheap to make per process."""

    def __init__(self, index: NameIndex, fitted: Weights | None = None) -> None:
        self.index = index
        self.space = TokenSpace(index)
        self.weights = fitted

    def pairs(self, queries: Sequence[NameQuery]) -> Pairs:
        """All scored pairs of a batch (give at most ``BATCH`` queries at a time)."""
        of: list[int] = []
        read: list[Form] = []
        classes: list[int] = []
        for n, query in enumerate(queries):
            for form, cls in readings(query.name, query.schema):
                of.append(n)
                read.append(form)
                classes.append(cls)
        if not read or not self.index.forms:
            empty = np.zeros(0, dtype=np.int64)
            return Pairs(empty, empty, empty, empty.astype(float), np.zeros((0, 0)), empty.astype(bool), [])
        found = candidates(self.index, self.space, [f.tokens for f in read])
        cls_array = np.asarray(classes, dtype=np.int64)
        features, _ = align(self.index, found, read, cls_array)
        party = self.index.form_party[found.form]
        cls_query = cls_array[found.query]
        person = np.where(cls_query >= 0, cls_query == PERSON, self.index.party_class[party] == PERSON)
        log_odds = (self.weights or weights()).log_odds(features, person)
        return Pairs(
            np.asarray(of, dtype=np.int64)[found.query],
            found.form,
            party,
            log_odds,
            features,
            person,
            [read[i] for i in found.query.tolist()],
        )
