# SPDX-License-Identifier: Apache-2.0
"""How many people bear a name by chance, and what that leaves of the chance that its bearer is the listed one.

The fitted chance (:mod:`bilat.parties.match.chance`) was learnt on clean people of whom none is called Wang Wei: of a
common name it is no probability. Counts of names bound it. By Bayes' rule the odds that a name is listed are the prior
odds times the share of the listed persons who bear it, over the share of all people who do. The share of people is
that of the given name times that of the family name (and of the father's name, where there is one), within each zone
of one language, weighed by the people of its states: an assumption, that the words of a name are chosen apart from one
another and that those who are asked about come from the world at large. A name with a word that is not in the table
(``name_shares.json``, made by ``benchmarks/fit_bearers.py``) has no bound.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property, reduce
from importlib import resources
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bilat.parties.match.chance import BANDS
from bilat.parties.match.evidence import states
from bilat.parties.match.index import AIRCRAFT, PERSON, VESSEL, NameIndex
from bilat.parties.match.matching import Pairs
from bilat.parties.match.parameters import parameter
from bilat.parties.run.queries import Query

#: Zones in which a given name of several syllables is one word.
SYLLABLES = ("zh", "ko")
#: Words of a name that are looked at; no list of people has more.
MOST = 5
#: Likeness from which two words are one name in two spellings.
ALIKE = 0.8
#: Letters of a word that may be counted as another spelling of it, and how alike the two must be.
LONG, ONE_WORD = 7, 0.93
_STATES = re.compile(rb'"countries":(\[[^\]]*\])')


@dataclass(frozen=True)
class Zone:
    """States of one language: shares of their people who bear a word as given, family or father's name."""

    states: dict[str, float]  # share of the world's people, per state
    given: dict[str, float]
    family: dict[str, float]
    father: dict[str, float]  # empty where names have none
    syllables: bool = False
    spelled: dict[str, str] = field(default_factory=dict, compare=False)  # word asked -> word counted

    def counted_as(self, word: str) -> str:
        """The word, or the one counted here that differs in a letter of many (``aleksander``: ``aleksandr``)."""
        if word not in self.spelled:
            known = self.given.keys() | self.family.keys() | self.father.keys()
            found = None
            if len(word) >= LONG and word not in known and not self.syllables:
                found = process.extractOne(
                    word, sorted(known), scorer=Indel.normalized_similarity, score_cutoff=ONE_WORD
                )
            self.spelled[word] = found[0] if found else word
        return self.spelled[word]

    def share(self, words: Sequence[str]) -> float:
        """Share of the zone's people whose name is of these words, in any order; 0 where a word is not known."""
        words = [self.counted_as(w) for w in words]
        if self.syllables:
            first, last = words[0], words[-1]
            return self.given.get("".join(words[1:]), 0.0) * self.family.get(first, 0.0) + self.given.get(
                "".join(words[:-1]), 0.0
            ) * self.family.get(last, 0.0)
        total = 0.0
        for i, given in enumerate(words):
            for j, family in enumerate(words):
                if i != j and (both := self.given.get(given, 0.0) * self.family.get(family, 0.0)):
                    rest = (self._further(w) for k, w in enumerate(words) if k not in (i, j))
                    total += reduce(lambda x, y: x * y, rest, both)
        return total

    def _further(self, word: str) -> float:
        return self.father.get(word) or max(self.given.get(word, 0.0), self.family.get(word, 0.0))


@cache
def zones() -> dict[str, Zone]:
    """The zones of ``name_shares.json``."""
    table = json.loads(resources.files(__package__).joinpath("name_shares.json").read_text("utf-8"))

    def read(steps: dict[str, str]) -> dict[str, float]:
        return {w: 10 ** (int(k) * 0.1) for k, words in steps.items() for w in words.split()}

    return {
        name: Zone(
            {s: n / table["world"] for s, n in zone["states"].items()},
            read(zone["given"]),
            read(zone["family"]),
            read(zone.get("father", {})),
            name in SYLLABLES,
        )
        for name, zone in table["zones"].items()
    }


def share_of_people(words: Sequence[str], weight: Mapping[str, float] | None = None) -> float:
    """Share of people who bear these words (skeletons) as their name by chance, all zones together; 0 where no zone
    knows them all.

    ``weight`` is how many of the people are of each state, as a share; None: of the world's people.
    """
    if not 2 <= len(words) <= MOST:
        return 0.0
    total = 0.0
    for zone in zones().values():
        of = zone.states if weight is None else weight
        if people := sum(of.get(s, 0.0) for s in zone.states):
            total += people * zone.share(words)
    return total


@dataclass(frozen=True, slots=True)
class Borne:
    """A name that others bear: how many in a million people, and the greatest log-odds at even prior odds."""

    per_million: float
    most: float

    def says(self) -> str:
        """For a row."""
        return f"by counts of names about {self.per_million:.2g} in a million people of the world bear it"


def words_of_form(index: NameIndex, form: int) -> list[str]:
    """The words of a listed name, as the index has it."""
    return [index.tokens[t] for t in index.flat[index.start[form] : index.start[form + 1]].tolist()]


def shared_words(pairs: Pairs, index: NameIndex, at: int) -> list[str]:
    """Words of the listed name of a pair that the query has too, spelled as the list's or nearly."""
    listed = words_of_form(index, int(pairs.form[at]))
    left = list(pairs.reading[at].form.tokens)
    out = []
    for word in listed:
        best = max(left, key=lambda w: Indel.normalized_similarity(w, word), default="")
        if best and Indel.normalized_similarity(best, word) >= ALIKE:
            left.remove(best)
            out.append(word)
    return out


class Bearers:
    """Who bears a name, on the lists and off them; ``records`` are those of the index's parties, as JSON."""

    def __init__(self, index: NameIndex, records: Sequence[Any], base_rate: float) -> None:
        self.index = index
        self.base_rate = base_rate
        self.records = records
        self.persons = int(np.sum(index.party_class == PERSON))

    def listed(self, words: Iterable[str]) -> int:
        """Listed persons one of whose names has all these words, each as the index has it, and other parties whose
        whole name they are: the Entity List does not say who is a person.
        """
        words = list(words)
        found: np.ndarray | None = None
        for word in words:
            row = self.index.by_token[self.index.vocabulary[word]].indices
            found = row if found is None else np.intersect1d(found, row)
        if found is None:
            return 0
        whole = np.diff(self.index.start)[found] == len(words)
        parties = self.index.form_party[found]
        return len(np.unique(parties[whole | (self.index.party_class[parties] == PERSON)]))

    @cached_property
    def asked(self) -> dict[str, float]:
        """Share of the people asked about who are of each state: in part as the world's people are, in part as the
        listed persons are (``asked_as_listed``).
        """
        listed = Counter(
            s for n in np.flatnonzero(self.index.party_class == PERSON) for s in self._states(int(n))
        )
        total = sum(listed.values())
        part = parameter("asked_as_listed") if total else 0.0
        out = {s: (1 - part) * n for zone in zones().values() for s, n in zone.states.items()}
        for s, n in listed.items():
            out[s] = out.get(s, 0.0) + part * n / total
        return out

    def _states(self, party: int) -> list[str]:
        found = _STATES.search(bytes(self.records[party]))
        return json.loads(found[1]) if found else []

    def borne(self, pairs: Pairs, at: int, asked: Set[str] = frozenset()) -> Borne | None:
        """What counts of names say of a pair; None where they say nothing. ``asked``: the states that the query names.

        Where the listed party is of one of these, the bearers there alone count, and the factor by which that agreement
        multiplies the odds afterwards (``nationality_same``) is taken off: the counts hold it.
        """
        party, read = int(pairs.party[at]), pairs.reading[at]
        kind = self.index.party_class[party]
        if kind in (VESSEL, AIRCRAFT) or read.party_class not in (PERSON, -1) or read.form.legal:
            return None
        words = shared_words(pairs, self.index, at)
        if kind != PERSON and len(words) < len(words_of_form(self.index, int(pairs.form[at]))):
            return None  # a list may not say who is a person: one where the whole name is a person's
        everywhere = share_of_people(words, self.asked)
        if not everywhere:
            return None
        share, off = everywhere, 0.0
        both = asked & set(self._states(party)) if asked else set()
        if there := share_of_people(words, {s: self.asked.get(s, 0.0) for s in both}):
            share, off = there, float(np.log(parameter("nationality_same")))
        listed = max(self.listed(words), 1)
        return Borne(
            share_of_people(words) * 1e6, float(np.log(listed / max(self.persons, listed) / share)) - off
        )

    def bounded(self, value: float, pairs: Pairs, at: int, query: Query) -> tuple[float, str]:
        """Log-odds (at even prior odds) that a query's name is listed, no greater than counts of names allow, and what
        they say where it is then no match; ``at`` is the query's best pair.
        """
        found = self.borne(pairs, at, states(query))
        if found is None or found.most >= value:
            return value, ""
        odds = self.base_rate / (1 - self.base_rate) * np.exp(found.most)
        return found.most, "" if odds / (1 + odds) >= dict(BANDS)["match"] else found.says()
