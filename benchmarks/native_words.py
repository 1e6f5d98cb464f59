# SPDX-License-Identifier: Apache-2.0
"""Counts which English words stand for the words of native names, out of the lists' own pairs.

Run: ``python benchmarks/native_words.py``. A body that lists name in Arabic, Persian or Korean letters and
in Latin ones says what its words mean: a native word and an English one that stand together oftener
than chance (likelihood ratio) mean the same. Words that sound alike need no meaning. Counted on two
thirds of the bodies; judged on the native names of the last third: how many of their words a name in Latin
letters explains by sound alone, with the counted words, and with the lexicon that is shipped (some of
whose words were found by such a count of all thirds). Prints the counted pairs that the lexicon lacks.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bilat.parties.names.abjad import unvowelled, voiced
from bilat.parties.names.script import clean
from bilat.parties.names.tokens import ARTICLE, form_of, words_apart, words_of
from bilat.parties.screening.list_index import open_screener

#: Letters of the scripts that are counted: Arabic and Korean.
_NATIVE = re.compile("[\u0621-\u06d3가-힣]")
#: The least likelihood ratio of a pair, and the fewest bodies that have it.
LEAST_RATIO = 8.0
FEWEST = 2
_CRAFT_AND_PEOPLE = frozenset(("Person", "Vessel", "Airplane"))


@dataclass(frozen=True)
class Body:
    """A listed body with the words of its native names and the English words of the others."""

    id: str
    native: tuple[tuple[str, ...], ...]
    english: frozenset[str]

    @property
    def is_kept_out(self) -> bool:
        """Whether it belongs to the third that is not counted."""
        return int(hashlib.sha1(self.id.encode()).hexdigest(), 16) % 3 == 0


def english_words(names: Iterable[str]) -> frozenset[str]:
    """Return the words of names in Latin letters, as they are compared."""
    read = (form_of(words_of(clean(name)), False) for name in names)
    return frozenset(token for form in read if form for token in form.tokens)


def native_words(name: str) -> tuple[str, ...]:
    """Return the words of a native name without the article."""
    words = words_of(words_apart(clean(name)))
    return tuple(word for word in words if len(word) > 1 and word != ARTICLE)


def bodies() -> list[Body]:
    """Return the listed bodies that have names in both kinds of letters."""
    screener = open_screener(None, None, None).screener
    out = []
    for n in range(len(screener)):
        record = screener.record(n)
        if record["schema"] in _CRAFT_AND_PEOPLE:
            continue
        names = [text for text, *_ in record["names"]]
        native = tuple(native_words(name) for name in names if _NATIVE.search(name))
        english = english_words(name for name in names if name.isascii())
        if native and english:
            out.append(Body(record["id"], native, english))
    return out


def sounds_alike(word: str, english: Iterable[str]) -> bool:
    """Return whether a native word may be one of some English words by its sound."""
    if not unvowelled(word):
        return word in english
    return any(len(other) > 3 and voiced(word, other) == 0 for other in english)


def likelihood_ratio(both: int, first: int, second: int, total: int) -> float:
    """Return how much likelier two words are that depend on each other (G squared).

    Examples
    --------
    >>> round(likelihood_ratio(5, 5, 5, 100), 1)
    39.7
    """
    table = (both, first - both, second - both, total - first - second + both)
    rows = (first, total - first)
    columns = (second, total - second)
    expected = [row * column / total for row in rows for column in columns]
    pairs = zip(table, expected, strict=True)
    return 2 * sum(seen * math.log(seen / due) for seen, due in pairs if seen and due)


def counted(known: Sequence[Body]) -> dict[str, tuple[str, float]]:
    """Return the English word that stands with each native word oftenest, and the ratio."""
    of_native: Counter[str] = Counter()
    of_english: Counter[str] = Counter()
    of_pair: Counter[tuple[str, str]] = Counter()
    for body in known:
        words = {word for name in body.native for word in name}
        words = {word for word in words if not sounds_alike(word, body.english)}
        of_native.update(words)
        of_english.update(body.english)
        of_pair.update((word, other) for word in words for other in body.english)
    best: dict[str, tuple[str, float]] = {}
    for (word, other), both in of_pair.items():
        due = of_native[word] * of_english[other] / len(known)
        if both < FEWEST or both <= due:
            continue
        ratio = likelihood_ratio(both, of_native[word], of_english[other], len(known))
        if ratio >= LEAST_RATIO and ratio > best.get(word, ("", 0.0))[1]:
            best[word] = other, ratio
    return best


def meanings(word: str) -> frozenset[str]:
    """Return the English words that the shipped lexicon has for a native one."""
    form = form_of([word], False)
    return frozenset(form.tokens) - {word} if form else frozenset()


def explained(known: Sequence[Body], lexicon: dict[str, tuple[str, float]], shipped: bool) -> float:
    """Return the share of the words of native names that a name in Latin letters explains."""
    right = every = 0
    for body in known:
        for word in (word for name in body.native for word in name):
            meant = {lexicon[word][0]} if word in lexicon else set[str]()
            meant |= meanings(word) if shipped else set()
            every += 1
            right += sounds_alike(word, body.english) or not meant.isdisjoint(body.english)
    return right / max(every, 1)


def main() -> None:
    every = bodies()
    known = [body for body in every if not body.is_kept_out]
    judged = [body for body in every if body.is_kept_out]
    lexicon = counted(known)
    names = sum(len(body.native) for body in judged)
    print(f"bodies counted {len(known)}, judged {len(judged)} with {names} native names")
    print(f"pairs counted {len(lexicon)}")
    print(f"words explained by sound alone      {explained(judged, {}, False):.3f}")
    print(f"               with counted words   {explained(judged, lexicon, False):.3f}")
    print(f"               with shipped lexicon {explained(judged, {}, True):.3f}")
    for word, (other, ratio) in sorted(lexicon.items(), key=lambda item: -item[1][1]):
        if other not in meanings(word):
            print(f"{ratio:6.1f} {word} {other}")


if __name__ == "__main__":
    main()
