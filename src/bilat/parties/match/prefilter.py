# SPDX-License-Identifier: Apache-2.0
"""How near a name may come to a listed one, by what is cheap to know: which names need be read and aligned at all.

The words of the whole field are looked up as they stand, without their other spellings. The listed names with the most
in common, by words and by groups of letters, are judged by the curves that judge the whole comparison
(:mod:`bilat.parties.match.chance`): what costs time to know counts as if it spoke for the name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel, LCSseq
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from bilat.parties.match.chance import HAN_NAME, OTHER_NAME, PERSON_NAME, Chance
from bilat.parties.match.index import PERSON, NameIndex, ngram_matrix, weigh_columns
from bilat.parties.match.pairing import MOST_LEFT, NAMES, grid, ragged
from bilat.parties.names.legal import generic
from bilat.parties.names.script import clean, has_han
from bilat.parties.names.tokens import Form, form_of, words_of

#: Listed names that are looked at by their words, and by their letters; how like these must be.
_TOP, _TOP_LETTERS, _LETTERS = 4, 6, 0.15
#: What a word says that no listed name has, in nats.
_UNKNOWN = 9.0
#: Likeness of two names, or share of the letters asked that a listed name has in their order, from which on the words
#: that are left may be other spellings.
_ALIKE, _WITHIN = 0.8, 0.99
_NOTHING = Form((), frozenset(), "")


class Prefilter:
    """Listed names, ready to be looked at."""

    def __init__(self, index: NameIndex, fitted: Chance) -> None:
        self.index, self.fitted = index, fitted
        by = index.by_token
        self.has = sparse.csr_matrix((np.ones_like(by.data), by.indices, by.indptr), shape=by.shape)
        aside = [index.vocabulary[t] for t in generic() if t in index.vocabulary]
        self.counts = ~np.isin(index.flat, aside)  # words of listed names that speak when they are left

    def reach(self, names: Sequence[str], persons: Sequence[bool]) -> np.ndarray:
        """About the greatest log-odds of each name, at even odds beforehand; names of several parties in one field,
        and of digits, are not meant.
        """
        index = self.index
        read = [form_of(words_of(clean(n)), p) or _NOTHING for n, p in zip(names, persons, strict=True)]
        sizes = np.asarray([len(f.tokens) for f in read], dtype=np.int64)
        start = np.r_[0, np.cumsum(sizes)]
        words = np.asarray([index.vocabulary.get(t, -1) for f in read for t in f.tokens], dtype=np.int64)
        says = np.where(words >= 0, index.weight[words], _UNKNOWN) if len(index.weight) else words
        joined = ["".join(t for t in f.tokens if t[0] != "~") for f in read]
        query, form = self._nearest(sizes, words, joined)
        out = np.full(len(names), -np.inf)
        if not len(query):
            return out
        asked, width = sizes[query], index.start[form + 1] - index.start[form]
        # The same words, by their places in all the names asked and in all those listed.
        pair, q_at, c_at = grid(asked, width)
        same = words[start[query][pair] + q_at] == index.flat[index.start[form][pair] + c_at]
        pair, q_at, c_at = pair[same], q_at[same], c_at[same]
        q_flat, q_owner = ragged(start, query)
        c_flat, c_owner = ragged(index.start, form)
        q_left, c_left = np.ones(len(q_flat), dtype=bool), self.counts[c_flat]
        q_left[(np.cumsum(asked) - asked)[pair] + q_at] = False
        c_left[(np.cumsum(width) - width)[pair] + c_at] = False

        def by_pair(of: np.ndarray, values: np.ndarray) -> np.ndarray:
            return np.bincount(of, weights=values, minlength=len(query))

        found, missing = (by_pair(q_owner, says[q_flat] * which) for which in (~q_left, q_left))
        left, listed_left = by_pair(q_owner, q_left), by_pair(c_owner, c_left)
        ours, theirs = [joined[n] for n in query.tolist()], [index.joined[n] for n in form.tolist()]
        alike = process.cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)
        within = process.cpdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.float32)
        within /= np.maximum([len(x) for x in ours], 1)
        plain = [read[n].plain for n in query.tolist()], [index.plain[n] for n in form.tolist()]
        written = process.cpdist(*plain, scorer=Indel.normalized_similarity, dtype=np.float32)
        respelled = (alike >= _ALIKE) | (within >= _WITHIN)
        left, near = np.where(respelled, 0, left), np.where(respelled, missing, 0)
        whole = (left == 0) & (respelled | (listed_left == 0))
        several = asked > 1
        persons_ = index.party_class[index.form_party[form]] == PERSON
        han = np.asarray([has_han(n) for n in names], dtype=bool)[query]
        known = {
            "same": found, "near": near, "covered": np.where(respelled, 1, found / (found + missing)),
            "left": missing - near, "left_words": np.minimum(left, 4),
            "listed_left": by_pair(c_owner, np.minimum(index.says[c_flat], MOST_LEFT) * c_left),
            "listed_left_words": np.minimum(listed_left, 4), "clash": np.clip(np.minimum(left, listed_left), 0, 3),
            "one_word": ~several, "explained": several & (left == 0), "both_explained": several & whole,
            "spelling": np.where(whole, np.maximum(alike, _ALIKE), alike),
            "written": np.where(whole, np.maximum(written, 0.9), written), "identical_written": written >= 0.9999,
            "order": 1,
        }  # fmt: skip
        features = np.zeros((len(query), len(NAMES)), dtype=np.float32)
        for name, values in known.items():
            features[:, NAMES.index(name)] = values
        kind = np.where(han, HAN_NAME, np.where(persons_, PERSON_NAME, OTHER_NAME))
        np.maximum.at(out, query, self.fitted.log_odds(features, kind))
        return out

    def _nearest(
        self, sizes: np.ndarray, words: np.ndarray, joined: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """(number of the name asked, reading of a listed name) of those with the most in common."""
        index = self.index
        owner, known = np.repeat(np.arange(len(sizes)), sizes), words >= 0
        asked = sparse.csr_matrix(
            (index.weight[words[known]], (owner[known], words[known])),
            shape=(len(sizes), self.has.shape[0]), dtype=np.float32,
        )  # fmt: skip
        letters = weigh_columns(ngram_matrix(joined, (4,), edges=False), index.whole_weight)
        pairs = []
        for mine, listed, top, least in (
            (asked, index.by_token, _TOP, 0.0), (asked, self.has, _TOP, 0.0),
            (letters, index.whole_grams, _TOP_LETTERS, _LETTERS),
        ):  # fmt: skip
            found = sp_matmul_topn(mine, listed, top_n=top, threshold=least, n_threads=1)
            pairs.append(
                np.repeat(np.arange(len(sizes)), np.diff(found.indptr)) * len(index.names) + found.indices
            )
        both = np.unique(np.concatenate(pairs))
        return (both // len(index.names), both % len(index.names)) if len(both) else (both, both)
