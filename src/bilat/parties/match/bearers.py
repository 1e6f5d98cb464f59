# SPDX-License-Identifier: Apache-2.0
"""Who else bears a name: registered firms, or people of the world."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

from bilat.parties.match.background import MANY_FIRMS, MANY_PEOPLE, firms, people
from bilat.parties.match.index import AIRCRAFT, PERSON, UNKNOWN, VESSEL
from bilat.parties.names.legal import kind_words, word_tokens
from bilat.places import country_name
from bilat.places.iso3166 import iso_states


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who bears a name beside the listed: ``count`` firms in the registers counted, or people of
    the world.
    """

    who: str  # "nobody known", "some", "many"
    count: int
    person: bool
    in_sample: bool = True  # whether the names counted have bearers of its kind at all

    def says(self) -> str:
        """Return it in words; nothing where no such bearer could be in the sample."""
        if not self.in_sample:
            return ""
        if not self.count:
            if self.person:  # a count has names as one spelling of them is written
                return "we do not know how many people have it"
            return f"no other company in our sample of {firms().names:,} has it"
        if self.person:
            return f"about {self.count:,} people have it, estimated from given and family names"
        companies, have = ("company", "has") if self.count == 1 else ("companies", "have")
        return f"{self.count:,} {companies} in our sample of {firms().names:,} {have} it"


#: Words of bodies that no register of companies has.
_PUBLIC = (
    "ministry government army navy forces guard service administration committee agency "
    "directorate embassy court police council federal republic parliament president military "
    "unit brigade command corps party front movement intelligence security customs treasury "
    "department institute academy university hospital central"
)


@cache
def public_words() -> frozenset[str]:
    """Return tokens of the words that bodies of states have in their names."""
    return word_tokens(_PUBLIC)


@cache
def _states_and_kinds() -> frozenset[str]:
    """Return tokens of states' names of one word, and of kinds of firms and bodies."""
    names = (word_tokens(country_name(code)) for code in iso_states())
    return kind_words().union(*(tokens for tokens in names if len(tokens) == 1))


def is_public_body(words: Sequence[str]) -> bool:
    """Return whether a name is a public body's, of which no register of companies has any: it has
    a word of such bodies, or is a state's bank (`Bank of Russia`).
    """
    named = {*words}
    if public_words() & named:
        return True
    return len(named) > 1 and word_tokens("bank") <= named <= _states_and_kinds()


def bearers(words: Sequence[str], kind: int, states: Set[str] = frozenset()) -> Bearers:
    """Who else bears a name of these words; ``kind``: of the listed party, UNKNOWN where either is
    meant; ``states``: those that the query names.
    """
    count = people().bearers(words, frozenset(states)) if kind in (PERSON, UNKNOWN) else 0.0
    # A word that no people are known to bear, a person's alias (`Orion`), is what the firms of
    # that name go by.
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
    who = "nobody known" if count < 1 else "some" if count < many else "many"
    craft = kind in (VESSEL, AIRCRAFT)
    in_sample = person or count >= 1 or not (craft or is_public_body(words))
    return Bearers(who, int(count), person, in_sample)
