# SPDX-License-Identifier: Apache-2.0
"""Names in, ranked parties out: the whole way from a batch of query names to scored candidates.

A name field is taken apart first (:mod:`bilat.parties.names.segmentation`); each piece is read in several ways,
with words run together or split where the listed names have them so. What the best reading costs is a term of
the score (``piece``).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from bilat.parties.match.background import MANY_FIRMS, firms
from bilat.parties.match.candidates import Candidates, TokenSpace, candidates
from bilat.parties.match.chance import HAN_NAME, OTHER_NAME, PERSON_NAME, Chance, chance
from bilat.parties.match.index import ORGANISATION, PERSON, NameIndex, spoken
from bilat.parties.match.own_letters import OwnLetters
from bilat.parties.match.packed_texts import TextSet
from bilat.parties.match.pair_features import (
    EXACT_NAME,
    NAMES,
    NEAR_NAME,
    PART_NAME,
    SHORT_NAME,
    Aligned,
    align,
    lettered,
)
from bilat.parties.match.readings import Reading, readings
from bilat.parties.names.script import has_han

#: Queries compared in one go: bounds the memory (about 40 MB), and is large enough for the vector code.
BATCH = 600
#: Log-odds below which the nearest listed name is taken for another's, which spares the dear part of the comparison.
FAR = -7.0


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: it goes through the whole index each time, a fifth of all time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name to look for, what kind of party it is and the code of its state, where known."""

    name: str
    schema: str | None = None
    state: str = ""


@dataclass
class Pairs:
    """Scored pairs of a query and a reading of a listed name; arrays of equal length, in no special order."""

    query: np.ndarray  # number of the query in the batch
    form: np.ndarray  # number of the reading in the index
    party: np.ndarray  # number of the party in the index
    log_odds: np.ndarray
    features: np.ndarray  # shape (pairs, features)
    kind: np.ndarray  # class of the name, by which it is judged (:mod:`bilat.parties.match.chance`)
    cost: np.ndarray  # of the reading: a piece of the field, joined or split words
    agreement: np.ndarray  # how the names agree (:mod:`bilat.parties.match.pair_features`)
    reading: list[Reading]  # reading of the query, per pair

    def best_per_party(self) -> np.ndarray:
        """Positions of the best pair of each (query, party), ordered by query and falling log-odds."""
        best = self._first(-self.log_odds)
        return best[np.lexsort((self.party[best], -self.log_odds[best], self.query[best]))]

    def _first(self, *by: np.ndarray) -> np.ndarray:
        """Positions of the first pair of each (query, party), by query and party; sorted by the last key first."""
        order = np.lexsort((*by, self.party, self.query))
        q = self.query[order]
        p = self.party[order]
        return order[np.r_[True, (q[1:] != q[:-1]) | (p[1:] != p[:-1])]] if len(order) else order

    def surest(self, best: np.ndarray) -> np.ndarray:
        """Return, for the best pair of each party, the one that agrees most exactly.

        It is of all words of the field; where there is none, the best pair itself. A longer listed
        name is no more exact than a best pair that leaves no word over: read without its linking
        word, ``TIAN Y 8`` is in ``TIAN YU 8``.
        """
        agrees = np.where(self.cost > 0, np.maximum(self.agreement, NEAR_NAME), self.agreement)
        surest = self._first(-self.log_odds, agrees)
        pair = self.query * (self.party.max(initial=0) + 1) + self.party
        found = surest[np.searchsorted(pair[surest], pair[best])]
        explained = self.features[:, NAMES.index("both_explained")] > 0
        is_longer = (agrees[found] == SHORT_NAME) & ~explained[found] & explained[best]
        is_surer = (agrees[found] < NEAR_NAME) & (self.agreement[best] >= NEAR_NAME)
        return np.where(is_surer & ~is_longer, found, best)

    def whole(self, best: np.ndarray) -> np.ndarray:
        """For which of these pairs the whole field, as it stands, is a written name of its party, of the same kind."""
        part, other, same = (
            self.features[:, NAMES.index(name)]
            for name in ("part", "class_other", "identical_written")
        )
        pair = self.query * (self.party.max(initial=0) + 1) + self.party
        return np.isin(pair[best], pair[(part == 0) & (other == 0) & (self.cost == 0) & (same > 0)])


class Matcher:
    """An index with the memory of tokens met; thread-unsafe, cheap to make per process."""

    def __init__(
        self,
        index: NameIndex,
        fitted: Chance | None = None,
        own_letters: OwnLetters | None = None,
    ) -> None:
        self.index = index
        self.space = TokenSpace(index, own_letters)
        self.listed = TextSet(index.plain)
        self.words = frozenset(index.known)
        self.fitted = fitted or chance()

    def pairs(
        self, queries: Sequence[NameQuery], *, every: bool = False, least: np.ndarray | None = None
    ) -> Pairs:
        """Scored pairs of a batch (give at most ``BATCH`` queries at a time): with the nearest names, or ``every`` one
        that is near at all. Where a ``least`` log-odds is given for each query, none of those that agree with no name
        so much or exactly, and of the others none that are :data:`FAR`.
        """
        index = self.index
        asked = [
            (n, r)
            for n, query in enumerate(queries)
            for r in readings(query.name, query.schema, index.vocabulary, self.listed, self.words)
        ]
        read = [r for _, r in asked]
        forms = [r.form for r in read]
        kinds = np.asarray([r.party_class for r in read], dtype=np.int64)
        han = np.asarray([has_han(r.text) for r in read], dtype=bool)
        near = self._possible(read, kinds, han, every=every)
        persons = [None if r.party_class < 0 else r.party_class == PERSON for r in read]
        says = spoken([f.tokens for f in forms], persons, [queries[n].state for n, _ in asked])
        found = align(index, near, forms, kinds, says)
        query = np.asarray([n for n, _ in asked], dtype=np.int64)[near.query]
        kind = np.where(han[near.query], HAN_NAME, np.where(found.persons, PERSON_NAME, OTHER_NAME))
        cost = np.asarray([r.cost for r in read])[near.query]
        kindless = np.asarray([r.kindless for r in read], dtype=bool)[near.query]
        kept = _without_shortened(kindless, query, found.agreement)
        if least is not None:
            whole = np.asarray([f.plain in self.listed for f in forms], dtype=bool)[near.query]
            at_best = self.fitted.log_odds(found.features, kind) - cost
            can_tell = _can_tell(query, found.agreement, at_best, least, whole=whole)
            kept = kept[can_tell[kept]]
        near, found = lettered(index, near, forms, found, kept)
        kind = kind[kept]
        cost = cost[kept]
        _count_bearers(found, [forms[n].tokens for n in near.query.tolist()])
        return Pairs(
            query=query[kept],
            form=near.form,
            party=index.form_party[near.form].astype(np.int64),
            log_odds=self.fitted.log_odds(found.features, kind) - cost,
            features=found.features,
            kind=kind,
            cost=cost,
            agreement=found.agreement,
            reading=[read[n] for n in near.query.tolist()],
        )

    def _possible(
        self, read: Sequence[Reading], kinds: np.ndarray, han: np.ndarray, *, every: bool
    ) -> Candidates:
        """Return the listed names near each reading, without those that it cannot mean.

        Sounds make no firm a person; a place beside a name counts only if a listed name has it.
        """
        index = self.index
        forms = [r.form for r in read]
        wide = [r.stateless for r in read]
        near = candidates(index, self.space, forms, every=every, wide=wide)
        party = index.form_party[near.form].astype(np.int64)
        is_firm_in_han = han[near.query] & (kinds[near.query] == ORGANISATION)
        # Without their initials, all who have a family name are one.
        no_initials = np.asarray([r.without_initials for r in read], dtype=bool)[near.query]
        kept = ~((is_firm_in_han | no_initials) & (index.party_class[party] == PERSON))
        conditional = np.asarray([r.is_conditional for r in read], dtype=bool)[near.query]
        for n in np.flatnonzero(conditional).tolist():
            words = index.words_of_form(int(near.form[n]))
            kept[n] &= read[near.query[n]].fits(words)
        return replace(near, query=near.query[kept], form=near.form[kept])


def _can_tell(
    query: np.ndarray,
    agreement: np.ndarray,
    at_best: np.ndarray,
    least: np.ndarray,
    *,
    whole: np.ndarray,
) -> np.ndarray:
    """Return which pairs to score in full.

    They are of queries of which one pair at least is the whole listed name, agrees nearly or may
    reach the ``least`` log-odds, and are themselves not :data:`FAR`. ``at_best`` bounds the
    log-odds of each pair from above.
    """
    may_reach = whole | (agreement < NEAR_NAME) | (at_best >= least[query])
    told = np.zeros(len(least), dtype=bool)
    told[query[may_reach]] = True
    may_agree = whole | (agreement < PART_NAME) | (at_best >= FAR)
    return told[query] & may_agree


def _count_bearers(found: Aligned, words: Sequence[Sequence[str]]) -> None:
    """Mark exact names that many firms bear as short: ``VTB`` is ``VTB Bank``, ``Orion`` is many."""
    for n in np.flatnonzero((found.agreement == EXACT_NAME) & found.generic).tolist():
        if firms().bearers(words[n]) >= MANY_FIRMS:
            found.agreement[n] = SHORT_NAME


def _without_shortened(
    kindless: np.ndarray, query: np.ndarray, agreement: np.ndarray
) -> np.ndarray:
    """Return which pairs to keep: a name without its kind of body is read only where no listed name
    has the whole.
    """
    named = query[(agreement == EXACT_NAME) & ~kindless]
    return np.flatnonzero(~(kindless & np.isin(query, named)))
