# SPDX-License-Identifier: Apache-2.0
"""Entries of two lists whose names agree once the legal form is left out: one party where an address says so too.

Lists write one firm as ``Far-East Factory Zvezda`` and ``AO Dalnevostochnyy Zavod Zvezda``. The name without its
legal form, in one country, joins two entries only where nothing else on the lists bears it and one address of each
is the same place (house number and two words). Where one side has no address at all, a single word that no clean
name bears is enough (Rostec); otherwise the two stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bilat.formats.parties import ListedParty
from bilat.parties.match.addresses import address_tokens
from bilat.parties.match.background import firms
from bilat.parties.match.index import PERSON, party_class
from bilat.parties.names.forms import is_firms, listed_forms
from bilat.parties.names.script import clean, has_han

#: Letters of the shortest single word that may join without an address.
_LONG_WORD = 6
#: What tables of legal texts have in place of a name that is printed as a picture.
NO_NAMES = frozenset({"text of image"})
Core = tuple[tuple[str, ...], str]


def publisher_of(party: ListedParty) -> str:
    """Who numbers the entry: what its id begins with."""
    return party.id.partition("-")[0]


def _cores(party: ListedParty, countries: frozenset[str]) -> Iterator[Core]:
    """Tokens of a firm's names without the legal form, each with a country; what stands before a bracket too."""
    if party_class(party.schema) == PERSON:
        return
    for name in party.names:
        if name.kind in ("weak", "former", "none") or has_han(name.text) or name.text.casefold() in NO_NAMES:
            continue
        leading = name.text.partition("(")[0].strip() if "(" in name.text else ""
        for form in (
            *listed_forms(name.text, False)[:1],
            *(listed_forms(leading, False)[:1] if leading else ()),
        ):
            if sum(map(len, form.tokens)) >= 4:
                for country in countries:
                    yield (form.tokens, country)


def _one_place(a: Sequence[ListedParty], b: Sequence[ListedParty]) -> bool:
    """Whether an address of one is an address of the other: a number and two words agree."""
    theirs = [tuple(map(set, address_tokens(x.text))) for p in b for x in p.addresses]
    for party in a:
        for x in party.addresses:
            words, numbers = address_tokens(x.text)
            if any(len(w & set(words)) >= 2 and n & set(numbers) for w, n in theirs):
                return True
    return False


def _says_enough(core: Core, a: Sequence[ListedParty], b: Sequence[ListedParty]) -> bool:
    """One long word that no clean name bears, where one of the two has no address to compare."""
    (tokens, _) = core
    bare = not any(p.addresses for p in a) or not any(p.addresses for p in b)
    return bare and len(tokens) == 1 and len(tokens[0]) >= _LONG_WORD and firms().words.count(tokens[0]) < 2


def same_cores(
    parties: Sequence[tuple[ListedParty, frozenset[str]]], group: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """(entry, entry, why) of entries to be joined, by their numbers in ``parties``; ``group`` is the group each is in.

    Only a core that exactly two groups bear joins them.
    """
    bearers: dict[Core, dict[int, int]] = {}
    members: dict[int, list[ListedParty]] = {}
    for n, (party, countries) in enumerate(parties):
        members.setdefault(group[n], []).append(party)
        for core in _cores(party, countries):
            bearers.setdefault(core, {}).setdefault(group[n], n)
    for core, found in bearers.items():
        if len(found) != 2:
            continue
        (one, a), (two, b) = found.items()
        if set(map(publisher_of, members[one])) == set(map(publisher_of, members[two])):
            continue  # one publisher tells them apart
        if _one_place(members[one], members[two]):
            yield a, b, f"same name but for its legal form, and same address ({core[1]})"
        elif _says_enough(core, members[one], members[two]):
            yield a, b, f"same name but for its legal form, and country ({core[1]})"


#: Words of a full name, its legal form among them, that joins without a state.
_FEWEST = 3


def _whole(name: str) -> Iterator[str]:
    """Words of a name; and without a bracket at its end that repeats some of them: ``Alfa Trade Co., Ltd. (Alfa)``."""
    text, _, bracket = name.rstrip(" )").rpartition("(")
    inner, rest = _words(bracket), _words(text)
    for words in (_words(name), rest if set(inner) <= set(rest) else []):
        if len(words) >= _FEWEST:
            yield " ".join(words)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in clean(text).casefold()).split()


def same_stateless(
    parties: Sequence[tuple[ListedParty, frozenset[str]]], group: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """(entry, entry, why) of firms with one full name, legal form included, of which one has no state.

    Only a name that exactly two groups bear joins them; any name of a party, a former one too, makes it a bearer.
    """
    bearers: dict[str, dict[int, int]] = {}
    current: dict[str, set[int]] = {}
    states: dict[int, set[str]] = {}
    for n, (party, countries) in enumerate(parties):
        states.setdefault(group[n], set()).update(countries)
        for name in party.names:
            if name.kind == "none" or not is_firms(name.text):
                continue
            for key in _whole(name.text):
                bearers.setdefault(key, {}).setdefault(group[n], n)
                if name.kind not in ("weak", "former") and party_class(party.schema) != PERSON:
                    current.setdefault(key, set()).add(group[n])
    for key, found in bearers.items():
        if len(found) == 2 and current.get(key, set()) == found.keys():
            (one, a), (two, b) = found.items()
            if not (states[one] and states[two]):
                yield a, b, "same full name with its legal form, one entry without a state"
