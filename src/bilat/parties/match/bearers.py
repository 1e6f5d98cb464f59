# SPDX-License-Identifier: Apache-2.0
"""Who else bears a name: registered firms, or people of the world."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bilat.parties.match.background import MANY_FIRMS, MANY_PEOPLE, firms, people
from bilat.parties.match.index import PERSON, UNKNOWN


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who bears a name beside the listed: ``count`` firms in the registers counted, or people of the world."""

    who: str  # "nobody known", "some", "many"
    count: int
    person: bool

    def says(self) -> str:
        """In words."""
        if not self.count:
            if self.person:  # a count has names as one spelling of them is written
                return "how many people have it is not known"
            return f"nobody else has it in {firms().names:,} registered names counted"
        if self.person:
            return f"about {self.count:,} people bear it, by counts of given and family names"
        has = "has" if self.count == 1 else "have"
        return f"{self.count:,} of {firms().names:,} registered names counted {has} it"


def bearers(words: Sequence[str], kind: int, states: Set[str] = frozenset()) -> Bearers:
    """Who else bears a name of these words; ``kind``: of the listed party, UNKNOWN where either is meant; ``states``:
    those that the query names.
    """
    count = people().bearers(words, frozenset(states)) if kind in (PERSON, UNKNOWN) else 0.0
    # A word that no people are known to bear, a person's alias (`Orion`), is what the firms of that name go by.
    word = len(words) == 1 and not people().bear(words[0]) and firms().bearers(words) > 0
    person = (kind == PERSON and not word) or count >= 1
    count = count if person else firms().bearers(words)
    many = MANY_PEOPLE if person else MANY_FIRMS
    if person and len(words) == 1:
        share = (
            float(people().weight @ people().of_words(words[:1])[0])
            if people().bear(words[0])
            else 0.0
        )
        count = share * sum(z.people for z in people().zones.values())
    count = float(f"{count:.2g}") if person else count
    return Bearers(
        "nobody known" if count < 1 else "some" if count < many else "many", int(count), person
    )
