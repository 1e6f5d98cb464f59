# SPDX-License-Identifier: Apache-2.0
"""Names in, ranked parties out: the whole way from a batch of query names to scored candidates.

A name field is taken apart first (:mod:`bilat.parties.names.apart`); each piece is read in several ways,
with words run together or split where the listed names have them so. What the best reading costs is a term of
the score (``piece``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bilat.parties.match.candidates import Candidates, TokenSpace, among, candidates
from bilat.parties.match.index import PERSON, VESSEL, NameIndex
from bilat.parties.match.pairing import NAMES, align
from bilat.parties.match.parameters import parameter
from bilat.parties.match.readings import Reading, as_written, readings
from bilat.parties.match.runs import word_runs
from bilat.parties.match.scores import Weights, weights
from bilat.parties.names.apart import LONGEST
from bilat.parties.names.closed import Piece, says_something
from bilat.parties.names.derived import SHORT, generic
from bilat.parties.names.forms import forms
from bilat.parties.names.legal import without_form
from bilat.parties.names.patronymic import swapped

#: Queries compared in one go: bounds the memory (about 40 MB), and is large enough for the vector code.
BATCH = 600
#: What may stand between two names.
_AND = re.compile(r"\s+(?:and|und|et|и|та)\s+|\s*[&+]\s*", re.IGNORECASE)


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
    cost: (
        np.ndarray
    )  # what the reading costs: a piece of the field, joined or split words, swapped patronymics
    reading: list[Reading]  # reading of the query, per pair
    list_like: (
        np.ndarray
    )  # how much likelier the query's words are in listed names: greatest of the reading's words

    def and_(self, more: Pairs) -> Pairs:
        """These pairs and others of the same batch."""
        arrays = ("query", "form", "party", "log_odds", "features", "person", "cost", "list_like")
        of = {name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in arrays}
        return Pairs(reading=self.reading + more.reading, **of)

    def best_per_party(self) -> np.ndarray:
        """Positions of the best pair of each (query, party), ordered by query and falling log-odds."""
        if not len(self.query):
            return np.zeros(0, dtype=np.int64)
        order = np.lexsort((-self.log_odds, self.party, self.query))
        q, p = self.query[order], self.party[order]
        first = np.r_[True, (q[1:] != q[:-1]) | (p[1:] != p[:-1])]
        best = order[first]
        return best[np.lexsort((self.party[best], -self.log_odds[best], self.query[best]))]

    def as_listed(self, index: NameIndex) -> set[tuple[int, int]]:
        """(query, party) of the queries that are, whole and letter by letter, a name of the party as a list writes it,
        or its short form, or a single word that is such a name but for a legal form that does not contradict the
        list's; case, punctuation, script aside.
        """
        written, part, other, clash = (
            self.features[:, NAMES.index(name)]
            for name in ("identical_written", "part", "class_other", "legal_other")
        )
        short = (index.made[self.form] == SHORT) & (part == 1) & (self.cost == parameter("derived"))
        otherwise = np.asarray([r.otherwise for r in self.reading])
        whole = (part == 0) & ((self.cost == 0) | (otherwise & (self.cost == parameter("respaced"))))
        same = (written > 0) & (other == 0) & (whole | short)
        word = (
            (whole | short) & (other == 0) & (clash == 0) & (self.features[:, NAMES.index("identical")] > 0)
        )
        for n in np.flatnonzero(word & (self.features[:, NAMES.index("one_word")] > 0)).tolist():
            of = self.reading[n].form
            if of.legal and index.party_class[self.party[n]] in (PERSON, VESSEL):
                continue
            said = without_form(of.plain) if of.legal else of.plain
            same[n] |= bool(said) and said in index.plain[int(self.form[n])].split()
            same[n] &= not set(of.tokens) <= generic()
        return set(zip(self.query[same].tolist(), self.party[same].tolist(), strict=True))

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

    def __init__(
        self, index: NameIndex, fitted: Weights | None = None, towns: frozenset[str] = frozenset()
    ) -> None:
        self.index = index
        self.towns = towns  # skeletons of towns: at the end of a name they are often its branch's
        self.space = TokenSpace(index)
        self.listed = frozenset(index.plain)
        self.weights = fitted

    def pairs(self, queries: Sequence[NameQuery]) -> Pairs:
        """All scored pairs of a batch (give at most ``BATCH`` queries at a time)."""
        of: list[int] = []
        read: list[Reading] = []
        for n, query in enumerate(queries):
            for reading in self._read(query):
                of.append(n)
                read.append(reading)
        if not read or not len(self.index.form_party):
            none = np.zeros(0, dtype=np.int64)
            real = none.astype(float)
            return Pairs(none, none, none, real, np.zeros((0, 0)), none.astype(bool), real, [], real)
        near = candidates(self.index, self.space, [r.form.tokens for r in read])
        number = np.asarray(of, dtype=np.int64)
        first, hits = self._scored(near, read, number)
        usable = np.asarray([not (r.split or r.otherwise) for r in read])
        found, of_pair, listed = word_runs(
            self.index, near, [r.form for r in read], self._names, usable, number, hits, first.features
        )
        if not found:
            return first
        more = []
        for r in found:
            of_it = read[r.reading]
            text = as_written(of_it.text, r.text)
            more.append(Reading(r.form, of_it.party_class, r.cost + of_it.cost, text, run=1 + r.strange))
        again = among(self.space, [r.form.tokens for r in more], of_pair, listed)
        second, _ = self._scored(again, more, number[[r.reading for r in found]])
        return first.and_(second)

    def _scored(
        self, near: Candidates, read: Sequence[Reading], of: np.ndarray
    ) -> tuple[Pairs, dict[str, np.ndarray]]:
        """The pairs of readings and listed forms with their scores, and the words that agree; ``of``: the query of each
        reading.
        """
        cls_array = np.asarray([r.party_class for r in read], dtype=np.int64)
        features, hits = align(self.index, near, [r.form for r in read], cls_array)
        party = self.index.form_party[near.form]
        cls_query = cls_array[near.query]
        person = np.where(cls_query >= 0, cls_query == PERSON, self.index.party_class[party] == PERSON)
        cost = np.asarray([r.cost for r in read])[near.query]
        cost += self._swaps(read, near.query, near.form)
        cost += np.where(self.index.made[near.form] > 0, parameter("derived"), 0.0)
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
            self._list_like(read)[near.query],
        ), hits

    def _read(self, query: NameQuery) -> tuple[Reading, ...]:
        more = self._sides(query.name)
        return readings(
            query.name, query.schema, self.index.vocabulary, self.towns, self.listed, more, self._wholes
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """Words of the names of listed persons."""
        index = self.index
        of = np.repeat(index.party_class[index.form_party] == PERSON, np.diff(index.start))
        return frozenset(index.tokens[t] for t in np.unique(index.flat[of]).tolist())

    @cached_property
    def _wholes(self) -> frozenset[str]:
        return frozenset(self.index.joined)

    def _sides(self, name: str) -> tuple[Piece, ...]:
        """The two sides of an ``and`` where each is, but for its legal form, a listed name."""
        sides = _AND.split(" ".join(name[:LONGEST].split()))
        if len(sides) != 2:
            return ()
        read = [forms(side, False) for side in sides]
        if all(says_something(s) for s in sides) and all(
            r and "".join(r[0].tokens) in self._wholes for r in read
        ):
            return tuple(Piece(side, "part") for side in sides)
        return ()

    def _list_like(self, read: Sequence[Reading]) -> np.ndarray:
        out = np.zeros(len(read))
        for n, r in enumerate(read):
            at = [self.index.vocabulary[t] for t in r.form.tokens if t in self.index.vocabulary]
            out[n] = float(self.index.list_like[at].max()) if at else 0.0
        return out

    def _swaps(self, read: Sequence[Reading], query: np.ndarray, form: np.ndarray) -> np.ndarray:
        """What a name costs whose father's name stands where the listed one has its own, and the reverse."""
        out = np.zeros(len(query))
        marked = np.asarray([" bin " in r.form.plain or " ibn " in r.form.plain or " ben " in r.form.plain
                             or " bint " in r.form.plain for r in read])  # fmt: skip
        for n in np.flatnonzero(marked[query]).tolist():
            if swapped(read[int(query[n])].form.plain, self.index.plain[int(form[n])]):
                out[n] = parameter("patronymic_swapped")
        return out
