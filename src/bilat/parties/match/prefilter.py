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

from bilat.parties.match.candidates import nearest
from bilat.parties.match.chance import OTHER_NAME, PERSON_NAME, Chance
from bilat.parties.match.index import PERSON, NameIndex, ragged, run_together
from bilat.parties.match.pairing import NAMES, grid
from bilat.parties.names.script import clean
from bilat.parties.names.tokens import Form, form_of, words_of

#: Listed names that are looked at by their words, and by their letters; how like these must be. Nats of a word that no
#: listed name has.
_TOP, _TOP_LETTERS, _LETTERS, _UNKNOWN = 4, 6, 0.15, 9.0
#: Likeness of two names, or share of the letters asked that a listed name has in their order, from which on the words
#: that are left may be other spellings.
_ALIKE, _WITHIN = 0.8, 0.99
_NOTHING = Form((), frozenset(), "")
#: Least letters of each of two words that may have run together.
_PART = 4


def reach(index: NameIndex, fitted: Chance, names: Sequence[str], persons: Sequence[bool]) -> np.ndarray:
    """About the greatest log-odds of each name, at even odds beforehand; not of digits, and not of names in Han."""
    read = [form_of(words_of(clean(n)), p) or _NOTHING for n, p in zip(names, persons, strict=True)]
    sizes = np.asarray([len(f.tokens) for f in read], dtype=np.int64)
    start = np.r_[0, np.cumsum(sizes)]
    words = np.asarray([index.vocabulary.get(t, -1) for f in read for t in f.tokens], dtype=np.int64)
    says = np.where(words >= 0, index.weight[words], _UNKNOWN) if len(index.weight) else words
    known = words >= 0
    weights = index.weight[words[known]], (np.repeat(np.arange(len(read)), sizes)[known], words[known])
    listed = sparse.csr_matrix(weights, shape=(len(read), max(len(index.tokens), 1)), dtype=np.float32)
    query, form = nearest(index, listed, [f.tokens for f in read], _TOP, _TOP_LETTERS, _LETTERS)
    out = np.full(len(names), -np.inf)
    out[[n for n, f in enumerate(read) if any(_two(index, t) for t in f.tokens)]] = np.inf
    if not len(query):
        return out
    asked, width = sizes[query], index.start[form + 1] - index.start[form]
    # The same words, by their places in all the names asked and in all those listed.
    pair, q_at, c_at = grid(asked, width)
    same = words[start[query][pair] + q_at] == index.flat[index.start[form][pair] + c_at]
    pair, q_at, c_at = pair[same], q_at[same], c_at[same]
    q_flat, q_owner = ragged(start, query)
    c_owner = np.repeat(np.arange(len(form)), width)
    q_left, c_left = np.ones(len(q_flat), dtype=bool), np.ones(len(c_owner), dtype=bool)
    q_left[(np.cumsum(asked) - asked)[pair] + q_at] = False
    c_left[(np.cumsum(width) - width)[pair] + c_at] = False

    def by_pair(of: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.bincount(of, weights=values, minlength=len(query))

    found, missing = (by_pair(q_owner, says[q_flat] * which) for which in (~q_left, q_left))
    left, listed_left = by_pair(q_owner, q_left), by_pair(c_owner, c_left)
    joined = [run_together(f.tokens) for f in read]
    ours, theirs = [joined[n] for n in query.tolist()], [index.joined[n] for n in form.tolist()]
    alike = process.cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)
    within = process.cpdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.float32)
    within /= np.maximum([len(x) for x in ours], 1)
    respelled = (alike >= _ALIKE) | (within >= _WITHIN)
    left, near = np.where(respelled, 0, left), np.where(respelled, missing, 0)
    whole = (left == 0) & (respelled | (listed_left == 0))
    alike = np.where(whole, np.maximum(alike, _ALIKE), alike)
    features = {
        "same": found, "near": near, "covered": np.where(respelled, 1, found / (found + missing)),
        "left_words": np.minimum(left, 4), "clash": np.clip(np.minimum(left, listed_left), 0, 3),
        "one_word": asked == 1, "both_explained": (asked > 1) & whole, "spelling": alike, "written": alike,
        "order": 1,
    }  # fmt: skip
    table = np.zeros((len(query), len(NAMES)), dtype=np.float32)
    for name, values in features.items():
        table[:, NAMES.index(name)] = values
    kind = np.where(index.party_class[index.form_party[form]] == PERSON, PERSON_NAME, OTHER_NAME)
    np.maximum.at(out, query, fitted.log_odds(table, kind))
    return out


def _two(index: NameIndex, token: str) -> bool:
    """Whether a word that no listed name has is two that some have, run together."""
    known, cuts = index.vocabulary, range(_PART, len(token) - _PART + 1)
    return token not in known and any(token[:n] in known and token[n:] in known for n in cuts)
