# SPDX-License-Identifier: Apache-2.0
"""What the prefilter counts of two names is what comparing their sets of words by hand gives."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilat.parties.match.index import ORGANISATION, PERSON
from bilat.parties.match.pair_features import NAMES
from bilat.parties.match.prefilter import _INITIAL, _UNKNOWN, _at_best

#: Words by number; -1 is a word that no listed name has.
asked_names = st.lists(
    st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4]), min_size=1, max_size=4, unique=True),
    min_size=1,
    max_size=5,
)
listed_names = st.lists(
    st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), min_size=1, max_size=5
)
#: The word that is an initial.
INITIAL = 4
WEIGHTS = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0], dtype=np.float32)


def flat(names: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return names one after another in an array, and where each begins."""
    start = np.r_[0, np.cumsum([len(name) for name in names])].astype(np.int64)
    return np.array([word for name in names for word in name], dtype=np.int64), start


@given(asked_names, listed_names, st.booleans(), st.booleans())
def test_each_pair_is_counted_by_itself(
    asked: list[list[int]], listed: list[list[int]], respelled: bool, people: bool
) -> None:
    words, start = flat(asked)
    listed_words, listed_start = flat(listed)
    index = SimpleNamespace(
        flat=listed_words,
        start=listed_start,
        weight=WEIGHTS,
        form_party=np.arange(len(listed)),
        party_class=np.full(len(listed), PERSON if people else ORGANISATION),
    )
    pairs = [(q, c) for q in range(len(asked)) for c in range(len(listed))]
    query = np.array([q for q, _ in pairs])
    form = np.array([c for _, c in pairs])
    alike = np.full(len(pairs), 0.99 if respelled else 0.1, dtype=np.float32)
    initials = words == INITIAL
    table = _at_best(index, words, initials, start, query, form, alike)  # type: ignore[arg-type]

    def column(name: str) -> list[float]:
        return table[:, NAMES.index(name)].tolist()

    for n, (q, c) in enumerate(pairs):
        same = {word for word in asked[q] if word in listed[c]}
        initial = {INITIAL} & {*asked[q]} - same if people else set()
        left = [word for word in asked[q] if word not in same | initial]
        listed_left = [word for word in listed[c] if word not in same]
        says = {word: float(WEIGHTS[word]) if word >= 0 else float(_UNKNOWN) for word in asked[q]}
        missing = sum(says[word] for word in left)
        found = sum(says[word] for word in same)
        assert column("same")[n] == pytest.approx(found)
        assert column("near")[n] == pytest.approx(missing if respelled else 0.0)
        cut = _INITIAL * len(initial)
        assert column("cut")[n] == pytest.approx(cut)
        assert column("found")[n] == pytest.approx(found + cut + (missing if respelled else 0.0))
        assert column("left_words")[n] == (0 if respelled else len(left))
        others = max(len(listed_left) - len(initial), 0)
        clash = 0 if respelled else min(len(left), others, 3)
        assert column("clash")[n] == clash
        assert column("one_word")[n] == (len(asked[q]) == 1)
        whole = respelled or not (left or others)
        assert column("both_explained")[n] == (len(asked[q]) > 1 and whole)
