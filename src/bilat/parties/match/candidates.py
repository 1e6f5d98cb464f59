# SPDX-License-Identifier: Apache-2.0
"""Candidates for a batch of query forms: tokens that resemble each other, then names that share such tokens.

Two ways are joined. (1) Every query token is expanded to the tokens of the vocabulary that resemble it
(character n-grams, then edit similarity; consonant sounds for renderings in Han), and names are ranked by
the weighted cosine of the expanded tokens: word order does not matter. (2) Names are ranked by 4-grams of
the words run together: split and joined words do not matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, repeat
from typing import TypeVar

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from bilat.parties.match.index import NameIndex, ngram_matrix, ragged, run_together, weigh_columns
from bilat.parties.match.own_letters import OwnLetters
from bilat.parties.match.spelling import SOUNDS_ALIKE, Unit, sound_of, spelled
from bilat.parties.names.abjad import Voicings, unvowelled
from bilat.parties.names.han import sound_of_token
from bilat.parties.names.skeleton import skeleton
from bilat.parties.names.tokens import Form, lexicon, without_vowels

_NEIGHBOURS = 24
_GRAM_FLOOR = 0.28
_CACHE = 40_000
#: Sounds of listed words that a rendering in Han is compared with.
_HEARD = 60
#: Names that are looked at by their words, and by their letters; of every name that is near at all.
_TOP = 24
_TOP_LETTERS = 8
_TOP_EVERY = 60
_TOP_LETTERS_EVERY = 16
#: Names that are looked at of which a rendering in Han may be the sound: it is like many words.
_TOP_SOUNDS = 120
#: Names that are looked at for a body without its state: many states' bodies are called so.
_TOP_WIDE = 240
#: Letters of the shortest word that may be a slip of another, and how like it is then.
_SHORTEST_SLIP = 4
_SLIP = 0.8
#: Share of the nearest listed name's nearness from which on another one is compared too.
_LEAST = 0.5


def likeness(kind: np.ndarray, edits: np.ndarray, length: np.ndarray) -> np.ndarray:
    """How much a listed word that a query's word may be counts, 0 to 1; by the letters of the shorter one."""
    slips = np.clip(1 - 1.5 * edits / np.maximum(length, 1), 0.3, 1)
    of = [
        np.zeros(len(kind)),
        np.ones(len(kind)),
        slips,
        np.where(edits > 0, 0.4, 0.6),
        0.95 - 0.15 * edits,
        np.full(len(kind), 0.7),
    ]
    return np.choose(kind, of).astype(np.float32)


Token = TypeVar("Token", bound=Hashable)
#: Vocabulary tokens that resemble one query token, and how much.
Neighbours = tuple[np.ndarray, np.ndarray]
#: A query token's place in its batch, a vocabulary token, and how much they sound alike.
Heard = tuple[int, int, float]


class TokenSpace:
    """Finds the vocabulary's tokens that given tokens may be; remembers what it found."""

    def __init__(self, index: NameIndex, own_letters: OwnLetters | None = None) -> None:
        self.index = index
        self._own_letters = own_letters
        self.cache: dict[Unit, Neighbours] = {}
        self._meant: dict[str, list[int]] = {}
        for a, b in lexicon()[1]:
            if b in index.vocabulary:
                self._meant.setdefault(a, []).append(index.vocabulary[b])

    @cached_property
    def _sounding(self) -> dict[str, list[int]]:
        """Tokens of the vocabulary by their sounds."""
        out: dict[str, list[int]] = {}
        for n, t in enumerate(self.index.tokens):
            if t[0] not in "~0123456789":
                out.setdefault(sound_of_token(t), []).append(n)
        return out

    @cached_property
    def own_letters(self) -> OwnLetters:
        """The listed names in letters without vowels."""
        return self._own_letters or OwnLetters(self.index)

    @cached_property
    def _voicings(self) -> Voicings:
        return Voicings(self.index.tokens)

    @cached_property
    def unvowelled(self) -> Voicings:
        """Those of the vocabulary that are in their own letters."""
        return Voicings(filter(unvowelled, self.index.tokens))

    @cached_property
    def _by_consonants(self) -> dict[str, list[int]]:
        """Tokens of the vocabulary as they are written without their vowels."""
        out: dict[str, list[int]] = {}
        for n, t in enumerate(self.index.tokens):
            if len(short := without_vowels(t)) > 2 and short != t:
                out.setdefault(short, []).append(n)
        return out

    def look_up(self, units: Sequence[Unit], *, slips: bool) -> list[Neighbours]:
        """The neighbours of each token, by number; ``slips``: all that are a slip away, at some milliseconds each."""
        if len(self.cache) > _CACHE:
            self.cache.clear()
        missing = [u for u in units if u not in self.cache]
        if missing:
            self._find(missing)
        return [self._with_slips(u) if slips else self.cache[u] for u in units]

    def _find(self, units: Sequence[Unit]) -> None:
        """Remember the listed tokens that each of these may be, by letters, sound or meaning."""
        near = self._by_letters(units)
        heard: list[Heard] = []
        for n, (token, word) in enumerate(units):
            near[n] += self._other_spellings(token)
            heard += self._without_vowels(n, token, word)
            heard += self._by_sound(n, token)
        rows = np.repeat(np.arange(len(units)), [len(tokens) for tokens in near])
        ids = np.asarray([at for tokens in near for at in tokens], dtype=np.int64)
        like = self._likeness(units, rows, ids)
        if heard:
            more_rows, more_ids, more_like = zip(*heard, strict=True)
            rows = np.r_[rows, more_rows]
            ids = np.r_[ids, more_ids]
            like = np.r_[like, more_like]
        self._remember(units, rows, ids, like)

    def _by_letters(self, units: Sequence[Unit]) -> list[list[int]]:
        """Return for each token the listed ones that share most groups of letters with it."""
        index = self.index
        keys = [skeleton(t[1:].replace(".", "")) if t[0] == "~" else t for t, _ in units]
        grams = weigh_columns(ngram_matrix(keys, (2, 3), edges=True), index.gram_weight)
        found = sp_matmul_topn(
            grams, index.token_grams, top_n=_NEIGHBOURS, threshold=_GRAM_FLOOR, n_threads=1
        )
        return [found.indices[a:b].tolist() for a, b in pairwise(found.indptr.tolist())]

    def _other_spellings(self, token: str) -> list[int]:
        """Return listed tokens of the same meaning or consonants, and the token itself if listed."""
        index = self.index
        found = list(self._meant.get(token, []))
        voicings = self._voicings if unvowelled(token) else self.unvowelled
        found += [index.vocabulary[t] for t in voicings.of(token) or voicings.of(token, 1)]
        if token in index.vocabulary:
            found.append(index.vocabulary[token])
        return found

    def _without_vowels(self, n: int, token: str, word: str) -> list[Heard]:
        """Return the listed tokens that a word written without vowels may be."""
        if not _is_bare(word):
            return []
        return [(n, at, _SLIP) for at in self._by_consonants.get(without_vowels(token), [])]

    def _by_sound(self, n: int, token: str) -> list[Heard]:
        """Return the listed tokens that sound like a token in Han."""
        sound = sound_of(token) if token[0] == "~" else ""
        if not sound:
            return []
        close = process.extract(
            sound,
            self._sounding.keys(),
            scorer=Indel.normalized_similarity,
            score_cutoff=SOUNDS_ALIKE,
            limit=_HEARD,
        )
        return [(n, at, 0.9 * score**3) for like, score, _ in close for at in self._sounding[like]]

    def _likeness(self, units: Sequence[Unit], rows: np.ndarray, ids: np.ndarray) -> np.ndarray:
        """Return how alike the token of each row and the listed one beside it are spelled."""
        listed = [self.index.tokens[at] for at in ids.tolist()]
        asked = [units[n][0] for n in rows.tolist()]
        kind, edits = spelled([(t, "") for t in asked], [(t, "") for t in listed])
        shorter = np.asarray(
            [min(len(a), len(b)) for a, b in zip(asked, listed, strict=True)], dtype=np.int64
        )
        return likeness(kind, edits, shorter)

    def _remember(
        self, units: Sequence[Unit], rows: np.ndarray, ids: np.ndarray, like: np.ndarray
    ) -> None:
        """Keep what each token resembles, by the number of the listed one, at its greatest likeness."""
        cells = rows * len(self.index.tokens) + ids
        order = np.lexsort((-like, cells))
        order = order[like[order] > 0]
        _, first = np.unique(cells[order], return_index=True)
        order = order[first]
        ends = np.searchsorted(rows[order], np.arange(len(units) + 1))
        for unit, a, b in zip(units, ends[:-1], ends[1:], strict=True):
            self.cache[unit] = ids[order[a:b]].astype(np.int32), like[order[a:b]].astype(np.float32)

    def _with_slips(self, unit: Unit) -> Neighbours:
        """The neighbours of a token, and those that are a slip away, as they are read or as they are written."""
        index = self.index
        near = self.cache[unit]
        if unit[0] in index.vocabulary or len(unit[0]) < _SHORTEST_SLIP or unit[0][0] == "~":
            return near
        found = dict(zip(*(x.tolist() for x in near), strict=True))
        for word, among, ids in zip(
            unit, (index.tokens, index.words), (None, index.unit_token), strict=True
        ):
            most = max(1, len(word) // 4)
            slips = process.cdist(
                [word], among, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
            )[0]
            for n in np.flatnonzero(slips <= most).tolist():
                at = n if ids is None else int(ids[n])
                found[at] = max(found.get(at, 0.0), _SLIP)
        of = sorted(found)
        return np.asarray(of, dtype=np.int32), np.asarray([found[n] for n in of], dtype=np.float32)


def _is_bare(word: str) -> bool:
    """Whether a written word has no vowels."""
    return bool(word) and without_vowels(word) == word


@dataclass
class Candidates:
    """Pairs of a query form and an index form, and the query tokens (ragged, per query form)."""

    query: np.ndarray  # query form of each pair
    form: np.ndarray  # index form of each pair
    tokens: list[str]  # unique query tokens of the batch
    flat: np.ndarray  # their numbers, form after form
    start: np.ndarray


def candidates(
    index: NameIndex,
    space: TokenSpace,
    forms: Sequence[Form],
    *,
    every: bool = False,
    wide: Sequence[bool] | None = None,
) -> Candidates:
    """Return the index forms most like each query form: those about as near as the nearest.

    ``every``: whatever is near at all, by words that are a slip away too, which costs some
    milliseconds a word. ``wide``: the forms for which more names are looked at.
    """
    token_lists = [f.tokens for f in forms]
    top, top_letters = (_TOP_EVERY, _TOP_LETTERS_EVERY) if every else (_TOP, _TOP_LETTERS)
    # What a token may be depends on the word as written where it has no vowels, or may be a slip.
    units, flat_array, start_array = numbered(
        [
            tuple(
                (t, w if every or _is_bare(w) else "")
                for t, w in zip(f.tokens, f.written or repeat(""), strict=False)
            )
            for f in forms
        ]
    )
    neighbours = space.look_up(units, slips=every)
    n = len(token_lists)
    # Expanded query matrix.
    sizes = np.fromiter((len(ids) for ids, _ in neighbours), dtype=np.int64, count=len(neighbours))
    none = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))
    all_ids, all_sims = (np.concatenate(of) for of in zip(none, *neighbours, strict=True))
    offset = np.concatenate([[0], np.cumsum(sizes)])
    at, word = ragged(offset, flat_array)
    rows = np.repeat(np.arange(n), np.diff(start_array))[word]
    ids = all_ids[at]
    sims = all_sims[at]
    expanded = sparse.csr_matrix(
        (sims * index.weight[ids], (rows, ids)),
        shape=(n, max(len(index.tokens), 1)),
        dtype=np.float32,
    )
    expanded.sum_duplicates()
    sounds = np.asarray([any(t[0] == "~" for t in of) for of in token_lists], dtype=bool)
    many = np.asarray(wide if wide is not None else [False] * n, dtype=bool)
    parts = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    for these, most in (
        (np.flatnonzero(~sounds & ~many), top),
        (np.flatnonzero(sounds & ~many), max(top, _TOP_SOUNDS)),
        (np.flatnonzero(many), _TOP_WIDE),
    ):
        if len(these):
            some = [token_lists[n] for n in these.tolist()]
            of, found = nearest(
                index, expanded[these], some, most, top_letters, 0.3, 0.0 if every else _LEAST
            )
            parts.append((these[of], found))
    query, near = (np.concatenate(of) for of in zip(*parts, strict=True))
    form, of = index.with_twins(near)
    return Candidates(
        query[of], form.astype(np.int64), [t for t, _ in units], flat_array, start_array
    )


def nearest(
    index: NameIndex,
    words: sparse.csr_matrix,
    tokens: Sequence[Sequence[str]],
    top: int,
    top_letters: int,
    least_letters: float,
    share: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """(number of a name asked, leading reading of a listed name) of those most alike by words and by letters: at most
    so many, and at least a ``share`` as near as the nearest.
    """
    letters = weigh_columns(
        ngram_matrix([*map(run_together, tokens)], (4,), edges=False), index.whole_weight
    )
    pairs = []
    forms = np.int64(max(len(index.form_party), 1))
    for asked, listed, most, least in (
        (words, index.by_token, top, 0.0),
        (letters, index.whole_grams, top_letters, least_letters),
    ):
        found = sp_matmul_topn(asked, listed, top_n=most, threshold=least, n_threads=1)
        rows = np.repeat(np.arange(len(tokens)), np.diff(found.indptr))
        best = np.zeros(len(tokens), dtype=found.dtype)
        np.maximum.at(best, rows, found.data)
        keep = found.data >= share * best[rows]
        pairs.append(rows[keep] * forms + found.indices[keep])
    both = np.unique(np.concatenate(pairs))
    return both // forms, both % forms


def numbered(
    token_lists: Sequence[tuple[Token, ...]],
) -> tuple[list[Token], np.ndarray, np.ndarray]:
    """(each token once, their numbers form after form, where each form begins)."""
    number: dict[Token, int] = {}
    flat: list[int] = []
    start = [0]
    for tokens in token_lists:
        flat.extend(number.setdefault(t, len(number)) for t in tokens)
        start.append(len(flat))
    return list(number), np.asarray(flat, dtype=np.int64), np.asarray(start, dtype=np.int64)
