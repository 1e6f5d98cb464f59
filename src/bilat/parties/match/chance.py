# SPDX-License-Identifier: Apache-2.0
"""The printed probability: is the name listed at all, and if so, which party is it.

Two models, fitted apart by ``benchmarks/fit_chance.py`` on labelled names and on names that are not listed,
for persons, for other parties, for names in Han, and for a single word without a legal form, a whole name or
what is left of one (``chance.json``):

* ``listed``: the log-odds that the name is listed, at even prior odds, from the best candidate's score, its
  distance to the second and what they agree in; shifted to the base rate, which is stated and may be set;
* ``shares``: how that chance divides among the candidates and "listed, but none of these".

A row's probability is the product. What is known beside the name (numbers, birth, state) multiplies a
candidate's odds (:mod:`bilat.parties.match.evidence`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np

from bilat.parties.match.matching import Pairs
from bilat.parties.match.pairing import NAMES
from bilat.parties.names.derived import ACRONYM, SHORT

PERSON_NAME, OTHER_NAME, HAN_NAME, ONE_WORD = range(4)
CLASSES = ("person", "other", "han", "word")
#: Candidates of a name among which its chance is divided.
CANDIDATES = 10
#: Ends of the straight pieces in which the best score enters.
KNOTS = (-8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.0, 9.0)
#: Greatest distance to the second candidate that says something.
FURTHEST = 6.0
#: Features of the best pair that enter beside its score.
BESIDE = (
    "one_word", "shared", "query_covered", "listed_covered", "identical_written", "short", "legal_same",
    "spelling", "query_rest", "listed_rest", "part", "initials", "respelled", "class_other", "identical",
)  # fmt: skip
#: Letters at which the weight of a single word bends.
LETTERS = (3, 6, 9, 12)
#: Greatest likeness to listed words that one listed name alone gives.
LIKE_OF_ONE = 1.5
#: Bands of a probability, the surest first: (name, least probability).
BANDS = (("match", 0.9), ("likely", 0.5), ("possible", 0.1), ("unlikely", 0.0))
DEFAULT_BAND = "possible"


def band_of(probability: float | None) -> str:
    """The band of a probability; of none (found by its address alone): possible."""
    if probability is None:
        return DEFAULT_BAND
    return next(name for name, least in BANDS if probability >= least)


@dataclass(frozen=True)
class Top:
    """The best pair of each name; arrays of equal length, shape (n,) but for the features."""

    best: np.ndarray  # its score, and
    second: np.ndarray  # that of the second party
    features: np.ndarray  # shape (n, features)
    like: np.ndarray  # likeness of the query's words to listed ones
    letters: np.ndarray  # of the query's words without its legal form
    no_form: np.ndarray  # the query has no legal form
    derived: np.ndarray  # the listed name is one that no list has: names.derived's ACRONYM or SHORT, else 0
    person: np.ndarray  # judged by the curves for persons
    run: np.ndarray  # a run of the words of a field: 1 beside words of papers, 2 beside other words

    def kinds(self, han: np.ndarray) -> np.ndarray:
        """The class of each name; ``han`` says which are in Han."""
        word = (self.features[:, NAMES.index("one_word")] > 0) & (self.no_form > 0)
        rest = np.where(word, ONE_WORD, np.where(self.person > 0, PERSON_NAME, OTHER_NAME))
        return np.where(han, HAN_NAME, rest)


def top(pairs: Pairs, at: np.ndarray, derived: np.ndarray, best: np.ndarray, second: np.ndarray) -> Top:
    """The best pairs (positions ``at`` in ``pairs``) with their scores; ``derived`` says so of the listed names."""
    read = [pairs.reading[n].form for n in at.tolist()]
    return Top(
        best,
        second,
        pairs.told(at),
        pairs.list_like[at],
        np.asarray([sum(map(len, f.tokens)) for f in read], dtype=float),
        np.asarray([not f.legal for f in read], dtype=float),
        derived.astype(float),
        pairs.person[at].astype(float),
        np.asarray([pairs.reading[n].run for n in at.tolist()], dtype=float),
    )


def _pieces(values: np.ndarray, knots: Sequence[float]) -> list[np.ndarray]:
    return [np.clip(values, low, high) - low for low, high in pairwise(knots)]


#: Columns after those of the score and of :data:`BESIDE`: how much a single word says by its letters and its likeness
#: to listed words, as a whole name and as a word of a longer one; and what a legal form says of names that agree.
WORDS = (
    "word identical 3", "word identical 6", "word identical 9", "legal same, identical", "legal same, word identical",
    "no form, identical", "word of more 3", "word of more 6", "word of more 9", "word of more, like",
    "word identical, like", "word found", "word an acronym", "word a short form", "word of a person",
    "word found, like",
)  # fmt: skip
#: Columns of a name found as a run of the words of a field: beside words of papers, beside others, and how rare it is.
RUNS = ("run", "run beside others", "run beside others, shared")
#: The columns' names.
COLUMNS = (*map(str, KNOTS[:-1]), "gap", "like", "like covered", *BESIDE, *WORDS, *RUNS)


def basis(t: Top) -> np.ndarray:
    """The columns of the best pairs, shape (n, columns)."""
    of = {name: t.features[:, NAMES.index(name)] for name in (*BESIDE, "query_covered")}
    same, word = of["identical"], of["one_word"]
    found = word * (of["query_covered"] > 0.999)
    more = found * (1 - same)
    like = np.clip(t.like, -5, LIKE_OF_ONE)
    letters = _pieces(t.letters, LETTERS)
    return np.stack(
        [
            *_pieces(t.best, KNOTS),
            np.clip(t.best - t.second, 0, FURTHEST),
            t.like,
            t.like * of["query_covered"] ** 4,
            *(of[name] for name in BESIDE),
            *(word * same * x for x in letters),
            same * of["legal_same"],
            word * same * of["legal_same"],
            same * t.no_form,
            *(more * x for x in letters),
            more * like,
            word * same * like,
            found,
            word * (t.derived == ACRONYM),
            word * (t.derived == SHORT),
            word * t.person,
            found * np.clip(t.like - LIKE_OF_ONE, 0, 5),
            t.run == 1,
            t.run == 2,
            (t.run == 2) * of["shared"],
        ],
        axis=1,
    )


#: Printed probabilities, at one listed name in a hundred, at which the last correction bends (:class:`Bend`).
BENDS = (0.01, 0.03, 0.07, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)


def bend_basis(value: np.ndarray) -> np.ndarray:
    """The straight pieces of log-odds at one name in a hundred, shape (n, len(BENDS) + 1)."""
    knots = np.log(np.asarray(BENDS) / (1 - np.asarray(BENDS)))
    below, above = np.minimum(value, knots[0]), np.maximum(value, knots[-1]) - knots[-1]
    return np.stack([below, *_pieces(value, knots.tolist()), above], axis=1)


@dataclass(frozen=True)
class Bend:
    """A rising curve from the fitted log-odds to those that names not fitted on bear out; for the classes of names in
    letters that are no single word.
    """

    intercept: float = 0.0
    slope: np.ndarray | None = None  # one per straight piece; None: as fitted

    def of(self, value: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Log-odds at even prior odds, bent."""
        if self.slope is None:
            return value
        shift = np.log(99.0)
        bent = self.intercept + bend_basis(value - shift) @ self.slope + shift
        return np.where(np.isin(kind, (PERSON_NAME, OTHER_NAME)), bent, value)


@dataclass(frozen=True)
class Chance:
    """The fitted models, per class of name."""

    intercept: np.ndarray  # shape (classes,)
    slope: np.ndarray  # shape (classes, columns of the basis)
    sharpness: np.ndarray  # of the division among candidates, per class
    none_of_these: np.ndarray  # score at which "none of these" takes part in it
    cost: dict[str, list[list[float]]]  # per class: [log-odds, share of clean names above, share found]
    bend: Bend = Bend()

    def listed(self, kind: np.ndarray, of: Top) -> np.ndarray:
        """Log-odds that each name is listed, at even prior odds."""
        return self.bend.of(self.intercept[kind] + np.sum(basis(of) * self.slope[kind], axis=1), kind)

    def shares(self, kind: int, scores: np.ndarray) -> np.ndarray:
        """How the chance of a listed name divides among its candidates; what is missing to 1 is none of these."""
        t = self.sharpness[kind]
        top = max(float(scores.max(initial=-np.inf)), float(self.none_of_these[kind]))
        e = np.exp(t * (scores - top))
        return e / (e.sum() + np.exp(t * (self.none_of_these[kind] - top)))

    def costs(self, probability: float, base_rate: float) -> dict[str, tuple[float, float]]:
        """Per class: (alerts a thousand clean names, share of listed names found) at a least probability.

        Measured on names that were not fitted on; of a name's chance of being listed.
        """
        p = min(max(probability, 1e-9), 1 - 1e-9)
        wanted = np.log(p / (1 - p)) - np.log(base_rate / (1 - base_rate))
        out = {}
        for name, points in self.cost.items():
            table = np.asarray(points)
            at = min(int(np.searchsorted(table[:, 0], wanted)), len(table) - 1)
            out[name] = (float(table[at, 1]) * 1000, float(table[at, 2]))
        return out


@cache
def chance() -> Chance:
    """The fitted models shipped with bilat."""
    table = json.loads(resources.files(__package__).joinpath("chance.json").read_text("utf-8"))
    return Chance(
        np.asarray(table["intercept"]),
        np.asarray(table["slope"]),
        np.asarray(table["sharpness"]),
        np.asarray(table["none_of_these"]),
        table["cost"],
        Bend(table["bend"]["intercept"], np.asarray(table["bend"]["slope"])),
    )
