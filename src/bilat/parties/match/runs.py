# SPDX-License-Identifier: Apache-2.0
"""Runs of words inside a name field that a listed name is found in: ``Driver X``, ``X warehouse``, ``urgent X paid``.

What no mark sets apart from the name is found from the listed names themselves: where the words of a listed name stand
together in a field and other words stand before or after them, the run alone is compared as well. What the words left
out cost depends on what they are: words of papers (``paper_words.toml``: driver, warehouse, urgent) hardly anything,
since no party is told apart by them; any other word much, since it may be a part of another party's name.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from bilat.parties.match.background import people
from bilat.parties.match.candidates import Candidates
from bilat.parties.match.index import PERSON, NameIndex
from bilat.parties.match.pairing import NAMES
from bilat.parties.match.parameters import parameter
from bilat.parties.names.legal import legal_words
from bilat.parties.names.patronymic import PATRONYMIC
from bilat.parties.names.skeleton import skeleton, stem
from bilat.parties.names.tokens import Form, form_of, organisation_spans, paper_words, person_spans

#: Listed names of a field in which runs are looked for, those with the most in common with it first.
MOST = 8
#: Share of a listed name's weight that a run must have.
_LEAST = 0.6
#: Weight of a listed word not found (share of the greatest) down to which the listed name is whole: words that may be
#: another party's are left out beside a whole name only.
_WHOLE = 0.7
#: Words of a person's name from which on it may stand beside words that are neither of papers nor of names.
_FULL_NAME = 3
#: Endings of Turkic and Persian patronymics and family names.
_CHILD_OF = ("oglu", "ogly", "kyzy", "zade")
#: Similarity from which on a word of the field is one of the listed name.
_LIKE = 0.4
#: Words of papers that are counted.
_MOST_COUNTED = 4
#: Words at both ends that are left out at most.
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words of a reading that stand together: the form they make, and what leaving out the others costs."""

    reading: int
    form: Form
    cost: float
    text: str
    strange: bool  # other words than those of papers are left out: one may stand in place of a listed word
    names: bool  # one of them is a word of people's names


def _worth(features: np.ndarray) -> np.ndarray:
    """How much a run of the words may promise, per pair: the weight shared, where most of the listed name is found and
    something of the field is not; else 0.
    """
    listed, query, shared = (
        features[:, NAMES.index(x)] for x in ("listed_covered", "query_covered", "shared")
    )
    return np.where((listed >= _LEAST) & (query < 0.97), listed * shared, 0.0)


def word_runs(
    index: NameIndex,
    near: Candidates,
    forms: Sequence[Form],
    names: Set[str],
    usable: np.ndarray,
    of: np.ndarray,
    hits: dict[str, np.ndarray],
    features: np.ndarray,
) -> tuple[list[WordRun], np.ndarray, np.ndarray]:
    """(runs, which run of each new pair, the listed form of each new pair).

    ``names`` are words of persons' names on the lists, ``usable`` says in which readings runs are looked for, ``of`` is
    the query of each; ``features`` are those of each pair and ``hits`` the words that agree
    (:func:`bilat.parties.match.pairing.align`).
    """
    weight = np.expm1(features[:, NAMES.index("shared")])
    worth = _worth(features) * usable[near.query]
    pairs = len(near.query)
    alike = hits["similarity"] >= _LIKE
    pair, at, met = hits["pair"][alike], hits["query_at"][alike], hits["form_at"][alike]
    low = np.full(pairs, 1 << 20, dtype=np.int64)
    high = np.full(pairs, -1, dtype=np.int64)
    np.minimum.at(low, pair, at)
    np.maximum.at(high, pair, at)
    use = np.flatnonzero((worth > 0) & (high >= 0))
    if not len(use):
        return [], np.zeros(0, np.int64), np.zeros(0, np.int64)
    query = of[near.query[use]]
    order = np.lexsort((-worth[use], query))
    use, query = use[order], query[order]
    place = np.arange(len(use)) - np.searchsorted(query, query)
    use = use[place < MOST]
    begin = np.searchsorted(pair, np.arange(pairs + 1))
    out: list[WordRun] = []
    number: dict[tuple[int, int, int], int] = {}
    which, listed = [], []
    for n in use.tolist():
        key = (int(near.query[n]), int(low[n]), int(high[n]))
        if key not in number:
            new = _run(key, at[begin[n] : begin[n + 1]], forms[key[0]], float(weight[n]), names)
            number[key] = -1 if new is None else len(out)
            out += [] if new is None else [new]
        if number[key] < 0:
            continue
        form = int(near.form[n])
        run = out[number[key]]
        person = index.party_class[index.form_party[form]] == PERSON
        if person and (run.names or (run.strange and len(run.form.tokens) < _FULL_NAME)):
            continue  # another person's name
        if not run.strange or _missing(index, form, met[begin[n] : begin[n + 1]]) <= _WHOLE:
            which.append(number[key])
            listed.append(form)
    return out, np.asarray(which, dtype=np.int64), np.asarray(listed, dtype=np.int64)


def _missing(index: NameIndex, form: int, met: np.ndarray) -> float:
    """Weight of the rarest word of a listed name that is not among ``met``, as a share of the greatest weight."""
    tokens = index.flat[index.start[form] : index.start[form + 1]]
    left = np.delete(index.weight[tokens], met)
    return float(left.max(initial=0.0)) / index.top_weight


def _run(
    key: tuple[int, int, int], found: np.ndarray, form: Form, weight: float, names: Set[str]
) -> WordRun | None:
    """The run from one token to another of a reading; ``found``: tokens that agree, ``weight``: what they weigh."""
    reading, low, high = key
    words = form.plain.split()
    spans, person = _spans(words, form)
    if high >= len(spans):
        return None
    first, after = spans[low][0], spans[high][1]
    legal = [False] * len(words) if person else legal_words(words)
    while first > 0 and legal[first - 1]:
        first -= 1
    while after < len(words) and legal[after]:
        after += 1
    inside = {n for at in found.tolist() for n in range(*spans[at])}
    between = [n for n in range(first, after) if n not in inside and not legal[n]]
    between = [n for n in between if person and not _a_name(words[n], names)]
    kept = [w for n, w in enumerate(words[first:after], first) if n not in between]
    left = [w for n, w in enumerate(words) if (n in between or not first <= n < after) and not legal[n]]
    if not left or len(left) > _LONGEST:
        return None
    made = form_of(kept, person, form.part)
    if made is None or not made.tokens:
        return None
    strange = [w for w in left if not _of_papers(w)]
    others = len(strange)
    one = len(made.tokens) == 1
    if one and (person or others):
        return None
    cost = parameter("one_word_piece" if one else "piece")
    cost += min(len(left) - others, _MOST_COUNTED) * parameter("paper_word")
    cost += other_words(others, weight) * (
        parameter("other_word_person") if person and len(made.tokens) >= _FULL_NAME else 1
    )
    return WordRun(
        reading, made, cost, " ".join(kept), bool(strange), any(_a_name(w, names) for w in strange)
    )


def _spans(words: list[str], form: Form) -> tuple[list[tuple[int, int]], bool]:
    """The words of each token of a form, and whether it was read as a person's name."""
    tokens, spans, _ = organisation_spans(words)
    if tuple(tokens) == form.tokens:
        return spans, False
    person = person_spans(words)
    same = tuple(t for t, _ in person) == form.tokens
    return ([(n, n + 1) for _, n in person] if same else []), True


def other_words(count: int, weight: float) -> float:
    """What it costs to leave out words that may be a part of another party's name: the less, the more the words found
    weigh together, since names that hold a rare one by chance are rare themselves.
    """
    if not count:
        return 0.0
    one = max(
        parameter("other_word") - parameter("other_word_relief") * weight, parameter("other_word_least")
    )
    return one * (1 + min(count - 1, _MOST_COUNTED) / _MOST_COUNTED)


def _a_name(word: str, names: Set[str]) -> bool:
    """Whether people's names have the word (``names``: on the lists), or a father's name ends so."""
    key = skeleton(word)
    return not _of_papers(word) and (
        key in names
        or people().bear(key)
        or people().bear(stem(key))
        or PATRONYMIC.match(key) is not None
        or word.endswith(_CHILD_OF)
    )


def _of_papers(word: str) -> bool:
    return word.isdigit() or len(word) < 2 or skeleton(word) in paper_words()
