# SPDX-License-Identifier: Apache-2.0
"""The printed probability: is the name listed at all, and if so, which party is it.

Each word of the query that is a word of the best listed name, in the same or another spelling, speaks for the listed
party by how rare it is in anybody's names (:mod:`bilat.parties.match.background`); an edit, a cut word and a word left
over speak against it. The model is a sum of these, with the score by which the listed names were ranked; it is fitted
by ``benchmarks/fit_chance.py`` for people, for firms and ships, and for names in Han (``chance.json``):

* ``listed``: the log-odds that the name is listed, at even prior odds; shifted to the base rate;
* ``shares``: how that chance divides among the candidates and "listed, but none of these".

A row's probability is the product. What is known beside the name (numbers, birth, state) multiplies a candidate's odds
(:mod:`bilat.parties.match.evidence`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import OSA

from bilat.parties.match.background import MANY_FIRMS, firms, informations
from bilat.parties.match.index import PERSON, NameIndex
from bilat.parties.match.matching import Pairs
from bilat.parties.match.pairing import NAMES
from bilat.parties.names.han import sound_of_pinyin, sounds_of_token
from bilat.parties.names.legal import generic
from bilat.parties.names.script import has_han, is_latin
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import legal_keys, lexicon

PERSON_NAME, OTHER_NAME, HAN_NAME = range(3)
CLASSES = ("person", "other", "han")
#: Letters of a token up to which it may stand for other initials.
SHORT = 3
#: Candidates of a name among which its chance is divided.
CANDIDATES = 10
#: Ends of the straight pieces in which enter: what the words say that are the same (nats), and the ranking score.
SAME = (3.0, 6.0, 9.0, 12.0, 16.0, 22.0, 30.0)
SCORE = (-8.0, -5.0, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.0, 9.0)
#: Greatest distance to the second candidate that says something; greatest cost of a word left over, in nats.
FURTHEST, MOST_LEFT = 6.0, 10.0
#: Bands of a probability, the surest first: (name, least probability).
BANDS = (("match", 0.9), ("likely", 0.5), ("possible", 0.1), ("unlikely", 0.0))
DEFAULT_BAND = "possible"
#: How a name agrees, the surest first: an identity number; the whole name but for its legal form; all its words in a
#: longer listed name, or an acronym or short form of one; another spelling; a listed name within a longer field.
AGREEMENTS = ("number", "exact", "short", "near", "part")
#: How two words that are not the same may be one: edits, cut short, spoken alike.
EDIT, CUT, SOUND = "edit", "cut", "sound"
WORDS = ("near", "edits", "cut", "words cut", "sound", "words left", "listed left",
         "listed words left")  # fmt: skip
BESIDE = ("identical_written", "legal_same", "legal_other", "part", "class_other", "initials", "numbers",
          "order", "one_word")  # fmt: skip
COLUMNS = (
    *(f"same {k:g}" for k in SAME[:-1]), *WORDS, *BESIDE, *(f"score {k:g}" for k in SCORE[:-1]), "gap",
    "explained", "both explained",
)  # fmt: skip


def band_of(probability: float) -> str:
    """The band of a probability."""
    return next(name for name, least in BANDS if probability >= least)


@lru_cache(maxsize=1 << 16)
def spelled(asked: str, listed: str, as_written: str = "", listed_so: str = "") -> tuple[str, float] | None:
    """How a word asked may be a listed word in another spelling, and at how many edits; None where it may not.

    Edits are counted between the skeletons, or between the words as written where these are nearer: ``Secihn`` is one
    slip from ``Sechin``.
    """
    if asked[0] == "~":
        syllables = tuple(asked[1:].split("."))
        together = skeleton("".join(syllables))
        if together == listed:
            return SOUND, 0.0
        if OSA.normalized_similarity(together, listed) >= 0.75:
            return SOUND, 1.0
        return (SOUND, 2.0) if sound_of_pinyin(syllables) in sounds_of_token(listed) else None
    if asked.isdigit() or listed.isdigit():
        return None
    short, long = sorted((asked, listed), key=len)
    if len(short) == 1:
        return (CUT, 2.0) if short == long[0] else None
    if (asked, listed) in lexicon()[1]:
        return EDIT, 1.0
    edits = OSA.distance(asked, listed)
    if as_written and listed_so:
        edits = min(edits, OSA.distance(as_written, listed_so))
        short, long = max(short, min(as_written, listed_so, key=len), key=len), max(long, listed_so, key=len)
    if len(short) >= 4 and edits <= max(1, len(long) // 4):
        return EDIT, float(edits)
    if len(short) >= 2 and short[0] == long[0] and len(short) < len(long):
        rest = iter(long)
        if all(c in rest for c in short):
            return CUT, 0.0 if long.startswith(short) else 1.0
    return (EDIT, 1.0) if len(short) == 3 and edits == 1 and short[0] == long[0] else None


def written_words(plain: str) -> dict[str, str]:
    """Words as written (romanised) by the tokens that they are read as."""
    return {key: w for w in plain.split() for key in (stem(skeleton(w)), skeleton(w))}


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of a query beside those of a listed name, by their places."""

    same: list[int]  # in the query
    near: list[tuple[int, str, float]]  # in the query, another spelling: how, and at how many edits
    rest: list[int]  # in the query, without their like
    left: list[int]  # in the listed name, without theirs; `bank`, `group` and the like aside
    generic: bool  # whether any such word was left aside
    translated: bool = False  # two of the same words are one in meaning alone

    def agreement(self, words: Sequence[str]) -> str:
        """exact, short (all words in a longer name), near (another spelling, or in translation) or part; of a query of
        these words.
        """
        found = len(self.same) + len(self.near)
        if self.rest:
            return "part"
        if self.near or self.translated:
            return "near" if len(self.left) <= max(1, found) else "part"
        borne = self.generic and (
            len(words) > 1 or firms().bearers(words) >= MANY_FIRMS
        )  # `VTB` is `VTB Bank`
        return "short" if self.left or borne else "exact"


def aligned(
    asked: Sequence[str], listed: Sequence[str], plain: str = "", listed_plain: str = "", person: bool = False,
    latin: bool | None = True,
) -> Alignment:  # fmt: skip
    """Each word of a query with its like in a listed name: the same words first, then the nearest spellings. A firm's
    word of up to three sounds is the same only as it is written: letters that sound alike are other initials.
    ``latin``: both are written in Latin letters, where a translation is another name; None where one is in Han.
    """
    left = list(range(len(listed)))
    same, rest = [], []
    near: list[tuple[int, str, float]] = []
    ours, theirs = written_words(plain), written_words(listed_plain)
    for n, word in enumerate(asked):
        at = next((k for k in left if listed[k] == word), None)
        if at is None:
            rest.append(n)
            continue
        left.remove(at)
        a, b = ours.get(word, ""), theirs.get(word, "")
        if a and b and a != b and len(word) <= SHORT and not person:
            near.append((n, EDIT, 1.0))
        else:
            same.append(n)
    if rest and left:
        found = sorted(
            (how[1] + (how[0] == CUT), n, k, how)
            for n in rest
            for k in left
            if (how := spelled(asked[n], listed[k], ours.get(asked[n], ""), theirs.get(listed[k], "")))
            is not None
        )
        for _, n, k, how in found:
            if n in rest and k in left:
                near.append((n, *how))
                rest.remove(n)
                left.remove(k)
    said = [k for k in left if listed[k] not in generic()]
    meant = [w for n in same if (w := asked[n]) not in generic() and not (w in ours and w in theirs)]
    translated = (
        bool(meant and plain) and latin is not None and _translated(meant, plain, listed_plain, latin)
    )
    return Alignment(same, near, rest, said, len(said) < len(left), translated)


def _translated(words: Sequence[str], plain: str, listed_plain: str, latin: bool) -> bool:
    """Whether two names have one of these words in meaning alone: of ``Melli`` and ``Nacional`` neither writes the
    other, nor ``national``, the word that stands for both. Of a name in another script its translation is the name.
    """
    sides = [
        {k for w in text.split() if (k := stem(skeleton(w))) not in legal_keys()}
        for text in (plain, listed_plain)
    ]
    whole = [skeleton(text.replace(" ", "")) for text in (plain, listed_plain)]
    for word in words:
        mine, theirs = (
            word in text or any(k.startswith(word[:4]) for k in keys)
            for keys, text in zip(sides, whole, strict=True)
        )
        if (mine != theirs and latin) or not (mine or theirs or sides[0] & sides[1] - {*words}):
            return True
    return False


@dataclass(frozen=True)
class Top:
    """The best pair of each name; arrays of equal length."""

    words: np.ndarray  # shape (n, 1 + len(WORDS)): what the same words say, then the others
    features: np.ndarray  # shape (n, len(BESIDE))
    best: np.ndarray  # its score, and
    second: np.ndarray  # that of the second party
    of: np.ndarray  # class of the name
    agreement: list[str]  # exact, short, near or part
    translated: list[bool]  # agrees in meaning alone, in one script

    def basis(self) -> np.ndarray:
        """Columns, shape (n, len(COLUMNS))."""
        gap = np.clip(self.best - self.second, 0, FURTHEST)
        parts = (*_pieces(self.words[:, 0], SAME), self.words[:, 1:], self.features)
        several = self.features[:, BESIDE.index("one_word")] == 0
        explained = several & (self.words[:, 1 + WORDS.index("words left")] == 0)
        both = explained & (self.words[:, 1 + WORDS.index("listed words left")] == 0)
        return np.column_stack([*parts, *_pieces(self.best, SCORE), gap, explained, both])


def top(
    index: NameIndex,
    pairs: Pairs,
    at: np.ndarray,
    best: np.ndarray,
    second: np.ndarray,
    states: Sequence[str] = (),
) -> Top:
    """The best pairs (positions ``at`` in ``pairs``) with their scores; ``states``: where the party is said to be."""
    asked = [pairs.reading[n].form.tokens for n in at.tolist()]
    forms = pairs.form[at].tolist()
    listed = [index.words_of_form(f) for f in forms]
    kinds = [pairs.reading[n].party_class for n in at.tolist()]
    persons = [None if k == -1 else k == PERSON for k in kinds]
    there = informations(
        [*asked, *listed], [*persons, *persons], [*(states or [""] * len(at)), *[""] * len(at)]
    )
    words = np.zeros((len(at), 1 + len(WORDS)))
    agreements, translated = [], []
    for n, (q, of) in enumerate(zip(asked, listed, strict=True)):
        reading = pairs.reading[int(at[n])]
        texts = reading.text, index.names[forms[n]]
        latin = all(map(is_latin, texts)) if not any(map(has_han, texts)) else None
        found = aligned(q, of, reading.form.plain, index.plain[forms[n]], bool(pairs.person[at[n]]), latin)
        words[n] = _words(found, there[n].tolist(), there[len(at) + n].tolist())
        agreements.append(found.agreement(q))
        translated.append(found.translated)
    told = pairs.told(at)
    han = np.asarray([has_han(pairs.reading[n].text) for n in at.tolist()], dtype=bool)
    return Top(
        words,
        told[:, [NAMES.index(name) for name in BESIDE]],
        best,
        second,
        np.where(han, HAN_NAME, np.where(pairs.person[at], PERSON_NAME, OTHER_NAME)),
        agreements,
        translated,
    )


def _words(found: Alignment, says: Sequence[float], there: Sequence[float]) -> list[float]:
    """What the words of a query say for and against one listed name, in the order of :data:`WORDS` after the same;
    ``says``, ``there``: what each word of the query and of the listed name says of anybody's name.
    """
    out = dict.fromkeys(WORDS, 0.0)
    for n, how, edits in found.near:
        out["near" if how == EDIT else how] += says[n]
        out["words cut" if how == CUT else "edits"] += 1 + edits / 2 if how == CUT else edits
    out["words left"] = min(len(found.rest), 4)
    out["listed left"] = sum(min(there[n], MOST_LEFT) for n in found.left)
    out["listed words left"] = min(len(found.left), 4)
    return [sum(says[n] for n in found.same), *out.values()]


def _pieces(values: np.ndarray, knots: Sequence[float]) -> list[np.ndarray]:
    return [np.clip(values, low, high) - low for low, high in pairwise(knots)]


@dataclass(frozen=True)
class Chance:
    """The fitted models, per class of name."""

    intercept: np.ndarray  # shape (classes,)
    slope: np.ndarray  # shape (classes, columns)
    sharpness: np.ndarray  # of the division among candidates, per class
    none_of_these: np.ndarray  # score at which "none of these" takes part in it
    cost: dict[
        str, list[list[float]]
    ]  # per class or state: [log-odds, share of clean names above, share found]

    def listed(self, of: Top) -> np.ndarray:
        """Log-odds that each name is listed, at even prior odds."""
        return self.intercept[of.of] + np.sum(of.basis() * self.slope[of.of], axis=1)

    def shares(self, kind: int, scores: np.ndarray) -> np.ndarray:
        """How the chance of a listed name divides among its candidates; what is missing to 1 is none of these."""
        t = self.sharpness[kind]
        top = max(float(scores.max(initial=-np.inf)), float(self.none_of_these[kind]))
        e = np.exp(t * (scores - top))
        return e / (e.sum() + np.exp(t * (self.none_of_these[kind] - top)))

    def costs(self, probability: float, base_rate: float) -> dict[str, tuple[float, float]]:
        """Per class, and per state of firms: (alerts a thousand clean names, share of listed names found) at a least
        probability. Measured on names that were not fitted on; of a name's chance of being listed.
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
    intercept, slope, sharpness, none = (
        np.asarray(table[k]) for k in ("intercept", "slope", "sharpness", "none_of_these")
    )
    return Chance(intercept, slope, sharpness, none, table["cost"])
