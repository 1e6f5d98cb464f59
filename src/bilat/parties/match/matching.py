# SPDX-License-Identifier: Apache-2.0
"""Names in, ranked parties out: the whole way from a batch of query names to scored candidates.

A name field is taken apart first (:mod:`bilat.parties.names.apart`); each piece is read in several ways,
with words run together or split where the listed names have them so. What the best reading costs is a term of
the score (``piece``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bilat.parties.match.candidates import Candidates, TokenSpace, candidates
from bilat.parties.match.index import PERSON, NameIndex
from bilat.parties.match.pairing import NAMES, align
from bilat.parties.match.readings import Reading, readings
from bilat.parties.match.scores import Weights, weights

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
    cost: np.ndarray  # of the reading: a piece of the field, joined or split words
    reading: list[Reading]  # reading of the query, per pair

    def best_per_party(self) -> np.ndarray:
        """Positions of the best pair of each (query, party), ordered by query and falling log-odds."""
        if not len(self.query):
            return np.zeros(0, dtype=np.int64)
        order = np.lexsort((-self.log_odds, self.party, self.query))
        q, p = self.query[order], self.party[order]
        first = np.r_[True, (q[1:] != q[:-1]) | (p[1:] != p[:-1])]
        best = order[first]
        return best[np.lexsort((self.party[best], -self.log_odds[best], self.query[best]))]

    def whole(self, at: np.ndarray) -> np.ndarray:
        """Which pairs compare the whole field, as it stands, with a whole listed name of a party of the same kind."""
        part, other = (self.features[at, NAMES.index(name)] for name in ("part", "class_other"))
        return (part == 0) & (other == 0) & (self.cost[at] == 0)

    def fullest(self, best: np.ndarray) -> list[list[int]]:
        """Of the query and party of each pair the other pairs that have all words of the field, the likeliest first."""
        full = np.flatnonzero((self.features[:, NAMES.index("query_covered")] > 0.999) & (self.cost == 0))
        found: dict[tuple[int, int], list[int]] = {}
        for n in full[np.argsort(-self.log_odds[full], kind="stable")].tolist():
            found.setdefault((int(self.query[n]), int(self.party[n])), []).append(n)
        keys = zip(self.query[best].tolist(), self.party[best].tolist(), strict=True)
        return [[n for n in found.get(key, ()) if n != b] for key, b in zip(keys, best.tolist(), strict=True)]

    def told(self, best: np.ndarray) -> np.ndarray:
        """Features of pairs, shape (pairs, features), in which ``identical_written`` says whether any of the party's
        names is written as the query: the reading that scores best may be another one.
        """
        out = self.features[best]
        column = NAMES.index("identical_written")
        same = self.features[:, column] > 0
        written = set(zip(self.query[same].tolist(), self.party[same].tolist(), strict=True))
        keys = zip(self.query[best].tolist(), self.party[best].tolist(), strict=True)
        out[:, column] = [key in written for key in keys]
        return out


class Matcher:
    """An index with the memory of tokens met; thread-unsafe, cheap to make per process."""

    def __init__(self, index: NameIndex, fitted: Weights | None = None) -> None:
        self.index = index
        self.space = TokenSpace(index)
        self.listed = frozenset(index.plain)
        self.words = frozenset(w for text in self.listed for w in text.split() if len(w) > 2 and w.isalpha())
        self.weights = fitted

    def pairs(self, queries: Sequence[NameQuery], *, every: bool = True) -> Pairs:
        """All scored pairs of a batch (give at most ``BATCH`` queries at a time); unless ``every``, of the nearest."""
        of: list[int] = []
        read: list[Reading] = []
        for n, query in enumerate(queries):
            for reading in self._read(query):
                of.append(n)
                read.append(reading)
        if not read or not len(self.index.form_party):
            none = np.zeros(0, dtype=np.int64)
            real = none.astype(float)
            return Pairs(none, none, none, real, np.zeros((0, 0)), none.astype(bool), real, [])
        near = candidates(self.index, self.space, [r.form.tokens for r in read], every=every)
        return self._scored(near, read, np.asarray(of, dtype=np.int64))

    def _scored(self, near: Candidates, read: Sequence[Reading], of: np.ndarray) -> Pairs:
        """The pairs of readings and listed forms with their scores; ``of``: the query of each reading."""
        cls_array = np.asarray([r.party_class for r in read], dtype=np.int64)
        features = align(self.index, near, [r.form for r in read], cls_array)
        party = self.index.form_party[near.form]
        cls_query = cls_array[near.query]
        person = np.where(cls_query >= 0, cls_query == PERSON, self.index.party_class[party] == PERSON)
        cost = np.asarray([r.cost for r in read])[near.query]
        log_odds = (self.weights or weights()).log_odds(features, person) - cost
        return Pairs(
            of[near.query],
            near.form,
            party,
            log_odds,
            features,
            person,
            cost,
            [read[i] for i in near.query.tolist()],
        )

    def _read(self, query: NameQuery) -> tuple[Reading, ...]:
        return readings(query.name, query.schema, self.index.vocabulary, self.listed, self.words)
