# SPDX-License-Identifier: Apache-2.0
"""Names in, ranked parties out: the whole way from a batch of query names to scored candidates.

A name field is taken apart first (:mod:`bilat.parties.names.apart`); each piece is read in several ways,
with words run together or split where the listed names have them so. What the best reading costs is a term of
the score (``piece``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bilat.parties.candidates import Candidates, TokenSpace, among, candidates
from bilat.parties.index import PERSON, VESSEL, NameIndex, party_class
from bilat.parties.names.apart import LONGEST, Piece, taken_apart
from bilat.parties.names.derived import SHORT
from bilat.parties.names.forms import forms, is_firms
from bilat.parties.names.legal import legal_span, without_form
from bilat.parties.names.patronymic import swapped
from bilat.parties.names.script import clean, has_cyrillic, has_han
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import Form, form_of, legal_keys, words_of
from bilat.parties.pairing import NAMES, align
from bilat.parties.parameters import parameter
from bilat.parties.scores import Weights, weights
from bilat.parties.runs import word_runs

#: Queries compared in one go: bounds the memory (about 40 MB), and is large enough for the vector code.
BATCH = 600
#: What may stand between two names.
_AND = re.compile(r"\s+(?:and|und|et|и|та)\s+|\s*[&+]\s*", re.IGNORECASE)
#: Letters of the shortest word that is made by running words together, or that is split.
_SHORTEST_JOINED = 6


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name to look for, and what kind of party it is, where known."""

    name: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a name field: the form compared, as which class (-1: not known), and what it costs."""

    form: Form
    party_class: int
    cost: float
    text: str  # the piece of the field that was read
    respaced: bool = False  # a word is split
    run: int = 0  # a run of the words of a piece: 1 beside words of papers, 2 beside other words (runs.py)
    otherwise: bool = (
        False  # a whole listed name, written otherwise: counts as written where the bare name does
    )


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


def pieces_of(name: str, cls: int | None) -> tuple[Piece, ...]:
    """The pieces of a name field that are compared; a person's name is not cut at its commas."""
    found = taken_apart(name).pieces
    if cls == PERSON and found and found[0].kind == "whole":
        return found[:1]
    return found


def _plain(name: str) -> str:
    return " ".join(words_of(clean(name)))[:200]


def readings(
    name: str,
    schema: str | None,
    vocabulary: dict[str, int],
    towns: frozenset[str] = frozenset(),
    listed: frozenset[str] = frozenset(),
    more: Sequence[Piece] = (),
    wholes: frozenset[str] = frozenset(),
) -> tuple[Reading, ...]:
    """The readings of a name field (class -1 where the schema is not known); one that is, whole, a name of ``listed``
    (plain texts) is compared whole before it is taken apart; ``more`` are pieces that it has beside its own.
    ``wholes``: listed names without their legal forms, run together.
    """
    said = party_class(schema)
    vessel = said is None and taken_apart(name).vessel
    out: list[Reading] = []
    seen: set[tuple[tuple[str, ...], bool]] = set()
    pieces = pieces_of(name, said)
    if _plain(name) in listed:
        pieces = (Piece(" ".join(name.split())), *pieces)
    pieces = (*pieces, *more)
    for piece in pieces:
        # What a vessel's mark stands before is a vessel, but for a firm named beside it.
        cls = VESSEL if vessel and not legal_span(piece.text) else said
        cost = 0.0
        spaced: set[tuple[tuple[str, ...], bool]] = set()
        if piece.kind == "part":
            one = " " not in piece.text and not has_han(piece.text)
            cost = parameter("one_word_piece" if one else "piece")
        read: list[tuple[Form, float]] = []
        if cls is not None:
            read += [(f, cost) for f in forms(piece.text, cls == PERSON)]
        else:
            read += [(f, cost) for f in forms(piece.text, False)]
            if not is_firms(piece.text):
                read += [(f, cost) for f in forms(piece.text, True)]
        if read and not has_han(piece.text):
            extra = parameter("respaced") + cost
            if (anew := _read_anew(piece.text, vocabulary)) != piece.text:
                read += [(f, extra) for f in forms(anew, cls == PERSON)]
            anew_spaced = [(f, extra) for f in _respaced(read[0][0].plain, cls == PERSON, vocabulary)]
            many = len(read[0][0].plain.split())
            spaced = {(f.tokens, f.part) for f, _ in anew_spaced if len(f.plain.split()) > many}
            read += anew_spaced
            words = read[0][0].plain.split()
            if cls != PERSON and len(words) > 1 and skeleton(words[-1]) in towns:
                shorter = form_of(words[:-1], False)
                read += [(shorter, cost + parameter("piece"))] if shorter else []
        if cls != PERSON and (form := _otherwise(piece.text, wholes)):
            key = (form.tokens, form.part)
            if key not in seen and all(key != (f.tokens, f.part) for f, _ in read):
                seen.add(key)
                out.append(
                    Reading(
                        form,
                        -1 if cls is None else cls,
                        cost + parameter("respaced"),
                        piece.text,
                        otherwise=True,
                    )
                )
        for form, price in read:
            if (form.tokens, form.part) not in seen:
                seen.add((form.tokens, form.part))
                key = (form.tokens, form.part)
                out.append(Reading(form, -1 if cls is None else cls, price, piece.text, key in spaced))
    return tuple(out)


#: Kinds of companies that stand as initials before a Russian name: oil company; state corporation, group of companies.
_KIND = re.compile(r"(?<!\w)(?:НК|NK|ГК)(?!\w)")


def _otherwise(text: str, wholes: frozenset[str]) -> Form | None:
    """The text with a last ``тех`` of its words read as ``tec`` and without initials of its kind, where that is a
    listed name in whole.
    """
    words = words_of(clean(_KIND.sub(" ", text)))
    if has_cyrillic(text):
        words = [w[:-2] + "c" if w.endswith("tekh") else w for w in words]
    if not wholes or words == words_of(clean(text)):
        return None
    form = form_of(words, False)
    return form if form and "".join(form.tokens) in wholes else None


#: Letters that a reader of pages takes for digits.
_MISREAD = {"0": "o", "1": "li", "2": "z", "3": "e", "5": "s", "6": "b", "8": "b"}
_MISREAD_CYRILLIC = {"0": "о", "3": "з", "4": "ч", "6": "б", "8": "в"}


def _read_anew(text: str, vocabulary: dict[str, int]) -> str:
    """The text with digits inside its words read as the letters that they look like, where listed names have the words
    so (``ELECTR0NICS``), or in a long word; an l among capitals is an I. Else as it is.
    """
    text = _SMALL_L.sub("I", text)
    return _MIXED.sub(lambda m: _lettered(m[0], vocabulary), text) if _MIXED.search(text) else text


_SMALL_L = re.compile(r"(?<=[A-Z])l(?=[A-Z])|(?<=[A-Z]{2})l(?!\w)|(?<!\w)l(?=[A-Z]{2})")
_MIXED = re.compile(r"(?<!\w)(?=\w*[01234568])(?=(?:\d*[^\W\d_]){3})\w+(?!\w)")


def _lettered(word: str, vocabulary: dict[str, int]) -> str:
    found = [""]
    table = _MISREAD_CYRILLIC if has_cyrillic(word) else _MISREAD
    for letter in word.casefold():
        found = [head + c for head in found for c in table.get(letter, letter)][:16]
    for text in found:
        key = " ".join(words_of(clean(text))) if text.isalpha() else ""
        if key and (_known(key, vocabulary) or skeleton(key) in legal_keys()):
            return text
    inside = word.strip("0123456789")
    return found[0] if inside == word and sum(map(str.isalpha, word)) > 5 and found[0].isalpha() else word


def _respaced(plain: str, person: bool, vocabulary: dict[str, int]) -> Iterator[Form]:
    """Readings with words run together, or one split, where the listed names have the words so."""
    words = plain.split()
    if len(words) > 10:
        return
    at = 0
    merged: list[str] = []
    while at < len(words):
        for size in (3, 2):
            together = "".join(words[at : at + size])
            if (
                at + size <= len(words)
                and len(together) >= _SHORTEST_JOINED
                and together.isalpha()
                and _known(together, vocabulary)
            ):
                merged.append(together)
                at += size
                break
        else:
            merged.append(words[at])
            at += 1
    if len(merged) < len(words) and (form := form_of(merged, person)):
        yield form
    split: list[str] = []
    for word in words:
        split += _halves(word, vocabulary)
    if len(split) > len(words) and (form := form_of(split, person)):
        yield form


@lru_cache(maxsize=1 << 15)
def _key(word: str) -> str:
    return stem(skeleton(word))


def _known(word: str, vocabulary: dict[str, int]) -> bool:
    return _key(word) in vocabulary


#: Legal forms that are found run together with a name.
_GLUED = (  # noqa: SIM905
    "ooo oao zao pao llc ltd limited jsc ojsc cjsc pjsc gmbh inc fze srl too plc"
).split()


def _halves(word: str, vocabulary: dict[str, int]) -> list[str]:
    """A word that no listed name has, as two that listed names have; itself where there are none."""
    if len(word) < _SHORTEST_JOINED or not word.isalpha() or _known(word, vocabulary):
        return [word]
    for form in _GLUED:
        name = word.removesuffix(form)
        if len(name) > 3 and name != word and _known(name, vocabulary):
            return [name, form]
        name = word.removeprefix(form)
        if len(name) > 3 and name != word and _known(name, vocabulary):
            return [form, name]
    best: tuple[int, int] | None = None
    for cut in range(3, len(word) - 2):
        if _known(word[:cut], vocabulary) and _known(word[cut:], vocabulary):
            even = min(cut, len(word) - cut)
            if best is None or even > best[0]:
                best = (even, cut)
    return [word] if best is None else [word[: best[1]], word[best[1] :]]


def as_written(text: str, plain: str) -> str:
    """The words of a text that the romanised words ``plain`` are of; ``plain`` where they cannot be told."""
    wanted, out = plain.split(), []
    for word in text.split():
        parts = words_of(clean(word))
        if wanted and parts and parts == wanted[: len(parts)]:
            out.append(word)
            del wanted[: len(parts)]
    return plain if wanted else " ".join(out).strip(",;:|/ ")


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
        usable = np.asarray([not (r.respaced or r.otherwise) for r in read])
        found, of_pair, listed = word_runs(
            self.index, near, [r.form for r in read], usable, number, hits, first.features
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
    def _wholes(self) -> frozenset[str]:
        return frozenset(self.index.joined)

    def _sides(self, name: str) -> tuple[Piece, ...]:
        """The two sides of an ``and`` where each is, but for its legal form, a listed name."""
        sides = _AND.split(" ".join(name[:LONGEST].split()))
        if len(sides) != 2:
            return ()
        read = [forms(side, False) for side in sides]
        if all(r and "".join(r[0].tokens) in self._wholes for r in read):
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
