# SPDX-License-Identifier: Apache-2.0
"""Candidates for a batch of query forms: tokens that resemble each other, then names that share such tokens.

Two ways are joined. (1) Every query token is expanded to the tokens of the vocabulary that resemble it
(character n-grams, then edit similarity; consonant sounds for renderings in Han), and names are ranked by
the weighted cosine of the expanded tokens: word order does not matter. (2) Names are ranked by 4-grams of
the words run together: split and joined words do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from bilat.parties.match.index import NameIndex, ngram_matrix, weigh_columns
from bilat.parties.names.han import sound_of_pinyin, sounds_of_token
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import lexicon

_NEIGHBOURS = 24
_GRAM_FLOOR = 0.28
_CACHE = 40_000
#: Share of the nearest listed name's nearness from which on another one is compared too.
_LEAST = 0.6


def edit_similarity(a: Sequence[str], b: Sequence[str]) -> np.ndarray:
    """Pairwise similarity of tokens, 0 to 1: 0.6 of optimal string alignment and 0.4 of Jaro-Winkler."""
    osa = process.cpdist(a, b, scorer=OSA.normalized_similarity, dtype=np.float32, workers=1)
    jw = process.cpdist(a, b, scorer=JaroWinkler.normalized_similarity, dtype=np.float32, workers=1)
    return 0.6 * osa + 0.4 * jw


def token_similarity(edit: np.ndarray, len_a: np.ndarray, len_b: np.ndarray) -> np.ndarray:
    """Edit similarity stretched so that unrelated words give 0; short words must agree more closely."""
    shorter = np.minimum(len_a, len_b)
    floor = np.where(shorter <= 3, 0.80, np.where(shorter <= 5, 0.70, 0.62))
    return np.clip((edit - floor) / (1 - floor), 0, 1).astype(np.float32)


@dataclass
class Neighbours:
    """Vocabulary tokens that resemble one query token."""

    ids: np.ndarray
    similarity: np.ndarray


class TokenSpace:
    """Finds the vocabulary's tokens that resemble given tokens; remembers what it found."""

    def __init__(self, index: NameIndex) -> None:
        self.index = index
        self.cache: dict[str, Neighbours] = {}
        self._sounds: list[str] | None = None
        self._sounding: list[np.ndarray] = []
        self._near: dict[str, list[tuple[int, float]]] = {}
        for (a, b), similarity in lexicon()[1].items():
            if b in index.vocabulary:
                self._near.setdefault(a, []).append((index.vocabulary[b], similarity))

    def look_up(self, tokens: Sequence[str]) -> list[Neighbours]:
        """The neighbours of each token, itself first where it is in the vocabulary."""
        if len(self.cache) > _CACHE:
            self.cache.clear()
        missing = [t for t in dict.fromkeys(tokens) if t not in self.cache]
        plain = [t for t in missing if t[0] != "~"]
        if plain:
            self._spelled(plain)
        sounded = [t for t in missing if t[0] == "~"]
        if sounded:
            self._sounded(sounded)
        return [self.cache[t] for t in tokens]

    def _spelled(self, tokens: list[str], keys: list[str] | None = None) -> None:
        index = self.index
        grams = ngram_matrix(keys or tokens, (2, 3), edges=True)
        grams = weigh_columns(grams, index.gram_weight)
        nearest = sp_matmul_topn(
            grams, index.token_grams, top_n=_NEIGHBOURS, threshold=_GRAM_FLOOR, n_threads=1
        )
        rows = np.repeat(np.arange(len(tokens)), np.diff(nearest.indptr))
        cols = nearest.indices
        own = keys or tokens
        a = [own[r] for r in rows]
        b = [index.tokens[c] for c in cols]
        edit = edit_similarity(a, b) if len(a) else np.zeros(0, dtype=np.float32)
        len_a = np.fromiter(map(len, a), dtype=np.int32, count=len(a))
        similarity = token_similarity(edit, len_a, index.token_length[cols])
        # A word cut short (an abbreviation, a dropped ending) keeps its beginning.
        prefix = np.fromiter(
            (
                len(x) >= 4 and len(y) >= 4 and (x.startswith(y) or y.startswith(x))
                for x, y in zip(a, b, strict=True)
            ),
            dtype=bool,
            count=len(a),
        )
        similarity = np.where(prefix, np.maximum(similarity, 0.55), similarity)
        numeric = np.fromiter((x.isdigit() for x in a), dtype=bool, count=len(a)) | index.numeric[cols]
        similarity = np.where(numeric & (edit < 1), 0, similarity)
        similarity = np.where(edit >= 0.9999, 1, similarity)
        for n, token in enumerate(tokens):
            lo, hi = nearest.indptr[n], nearest.indptr[n + 1]
            sims = similarity[lo:hi]
            keep = sims > 0
            ids, sims = cols[lo:hi][keep], sims[keep]
            exact = index.vocabulary.get(token)
            extra = [] if exact is None or exact in ids else [(exact, 1.0)]
            extra += self._near.get(token, [])
            if extra:
                ids = np.concatenate([ids, np.asarray([i for i, _ in extra], dtype=ids.dtype)])
                sims = np.concatenate([sims, np.asarray([s for _, s in extra], dtype=np.float32)])
            # Sorted by token number, the greatest similarity of each: the alignment searches in this order.
            order = np.lexsort((-sims, ids))
            ids, sims = ids[order], sims[order]
            ids, first = np.unique(ids, return_index=True)
            sims = sims[first]
            self.cache[token] = Neighbours(ids.astype(np.int32), sims.astype(np.float32))

    def _sounded(self, tokens: list[str]) -> None:
        """Renderings of sounds: by pinyin as a spelling, and by consonants."""
        index = self.index
        if self._sounds is None:
            readings: dict[str, list[int]] = {}
            for n, t in enumerate(index.tokens):
                if t[0] in "~0123456789":
                    continue
                for sound in set(sounds_of_token(t)):
                    if len(sound) >= 2:
                        readings.setdefault(sound, []).append(n)
            self._sounds = list(readings)
            self._sounding = [np.asarray(v, dtype=np.int64) for v in readings.values()]
        pinyins = [tuple(t[1:].split(".")) for t in tokens]
        joined = [skeleton("".join(p)) for p in pinyins]
        self._spelled(tokens, joined)
        for token, syllables, spelled in zip(tokens, pinyins, joined, strict=True):
            best = np.zeros(len(index.tokens), dtype=np.float32)
            for sound in {sound_of_pinyin(syllables, True), sound_of_pinyin(syllables, False)}:
                if len(sound) < 2:
                    continue
                close = process.extract(
                    sound, self._sounds, scorer=Indel.normalized_similarity, score_cutoff=0.7, limit=150
                )
                for _, score, at in close:
                    of = self._sounding[at]
                    best[of] = np.maximum(best[of], score)
            ids = np.flatnonzero(best > 0.7)
            if len(ids) > 120:
                ids = ids[np.argsort(-best[ids], kind="stable")[:120]]
            spelling = (
                process.cdist(
                    [spelled], [index.tokens[i] for i in ids], scorer=Indel.normalized_similarity,
                    dtype=np.float32,
                )[0]
                if len(ids)
                else np.zeros(0, dtype=np.float32)
            )  # fmt: skip
            similarity = np.clip((0.6 * best[ids] + 0.4 * spelling - 0.5) / 0.4, 0, 0.95)
            old = self.cache[token]
            merged: dict[int, float] = dict(
                zip(old.ids.tolist(), (old.similarity * 0.97).tolist(), strict=True)
            )
            exact = index.vocabulary.get(token)
            if exact is not None:
                merged[exact] = 1.0
            for i, s in zip(ids.tolist(), similarity.tolist(), strict=True):
                if s > merged.get(i, 0):
                    merged[i] = s
            top = sorted(merged.items(), key=lambda x: -x[1])[:60]
            top.sort()
            self.cache[token] = Neighbours(
                np.asarray([i for i, _ in top], dtype=np.int32),
                np.asarray([s for _, s in top], dtype=np.float32),
            )


@dataclass
class Candidates:
    """Pairs of a query form and an index form, and the query tokens (ragged, per query form)."""

    query: np.ndarray  # query form of each pair
    form: np.ndarray  # index form of each pair
    tokens: list[str]  # unique query tokens of the batch
    flat: np.ndarray  # their numbers, form after form
    start: np.ndarray
    neighbours: list[Neighbours]  # per unique query token


def candidates(
    index: NameIndex,
    space: TokenSpace,
    token_lists: Sequence[tuple[str, ...]],
    top: int = 24,
    top_letters: int = 8,
    *,
    every: bool = True,
) -> Candidates:
    """The index forms most like each query form; unless ``every``, those about as near as the nearest."""
    unique_tokens, flat_array, start_array = _numbered(token_lists)
    neighbours = space.look_up(unique_tokens)
    n = len(token_lists)
    # Expanded query matrix.
    sizes = np.fromiter((len(nb.ids) for nb in neighbours), dtype=np.int64, count=len(neighbours))
    all_ids = np.concatenate([nb.ids for nb in neighbours]) if neighbours else np.zeros(0, dtype=np.int32)
    all_sims = (
        np.concatenate([nb.similarity for nb in neighbours]) if neighbours else np.zeros(0, dtype=np.float32)
    )
    offset = np.concatenate([[0], np.cumsum(sizes)])
    per = sizes[flat_array]
    form_of = np.repeat(np.arange(n), np.diff(start_array))
    rows = np.repeat(form_of, per)
    within = np.arange(per.sum()) - np.repeat(np.cumsum(per) - per, per)
    at = np.repeat(offset[flat_array], per) + within
    ids, sims = all_ids[at], all_sims[at]
    expanded = sparse.csr_matrix(
        (sims * index.weight[ids], (rows, ids)), shape=(n, max(len(index.tokens), 1)), dtype=np.float32
    )
    expanded.sum_duplicates()
    found = sp_matmul_topn(expanded, index.by_token, top_n=top, threshold=0.0, n_threads=1)
    q1, near = _near(found, every)
    joined = ["".join(t for t in ts if t[0] != "~") for ts in token_lists]
    whole = weigh_columns(ngram_matrix(joined, (4,), edges=False), index.whole_weight)
    lettered = sp_matmul_topn(whole, index.whole_grams, top_n=top_letters, threshold=0.3, n_threads=1)
    q2, alike = _near(lettered, every)
    n_forms = np.int64(max(len(index.form_party), 1))
    keys = np.concatenate([q1 * n_forms + near, q2 * n_forms + alike])
    unique = np.unique(keys)
    form, of = index.with_twins((unique % n_forms).astype(np.int64))
    return Candidates(
        (unique // n_forms).astype(np.int64)[of],
        form.astype(np.int64),
        unique_tokens,
        flat_array,
        start_array,
        neighbours,
    )


def _near(found: sparse.csr_matrix, every: bool) -> tuple[np.ndarray, np.ndarray]:
    """(row, column) of what is found; unless ``every``, at least :data:`_LEAST` as near as the nearest of its row."""
    sizes = np.diff(found.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    nearest = np.zeros(len(sizes), dtype=found.dtype)
    np.maximum.at(nearest, rows, found.data)
    keep = found.data >= (0.0 if every else _LEAST) * nearest[rows]
    return rows[keep], found.indices[keep]


def _numbered(token_lists: Sequence[tuple[str, ...]]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """(each token once, their numbers form after form, where each form begins)."""
    number: dict[str, int] = {}
    flat: list[int] = []
    start = [0]
    for tokens in token_lists:
        flat.extend(number.setdefault(t, len(number)) for t in tokens)
        start.append(len(flat))
    return list(number), np.asarray(flat, dtype=np.int64), np.asarray(start, dtype=np.int64)
