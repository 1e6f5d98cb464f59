# SPDX-License-Identifier: Apache-2.0
"""The states that an entry is connected with where its list names none: by its numbers and by its
programme.

Several lists (those of Canada, Australia and the United Kingdom among them) state no country for a
body, and put it on a programme that is named for one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from bilat.formats.parties import ListedParty
from bilat.package_files import read_package_text
from bilat.parties.names.states import state_of

#: The registers that give numbers of a kind belong to one state.
_REGISTERS = {"inn": "RUS", "ogrn": "RUS", "uscc": "CHN"}
#: A programme named for a state that was attacked lists those who attacked it.
_ATTACKED = frozenset({"UKR"})
#: The EU names its programmes by three letters: those of a state, or of a subject (`TAQA`, `HR`).
_CODE = re.compile(r"[A-Z]{3}")
_JOINTS = re.compile(r"[-_/]")


def connected_states(party: ListedParty) -> frozenset[str]:
    """Return the codes of the states that the numbers of an entry are from, else those that its
    programmes are named for.
    """
    kinds = {number.kind for number in party.identifiers}
    found = {state for kind, state in _REGISTERS.items() if kind in kinds}
    if not found:
        found = {state for x in party.listings for state in states_of_programme(x.programme)}
    return frozenset(found)


@lru_cache(maxsize=1 << 10)
def states_of_programme(programme: str) -> frozenset[str]:
    """Return the codes of the states that a programme is named for."""
    if not programme:
        return frozenset()
    known = _states_of_known_programmes().get(programme)
    return read_states(programme) if known is None else known


@cache
def _states_of_known_programmes() -> Mapping[str, frozenset[str]]:
    """Return what :func:`read_states` gives for the programmes of the stored lists.

    ``benchmarks/programme_states.py`` writes the file. To read even one name takes the gazetteer,
    which costs half a second.
    """
    lines = read_package_text("bilat.parties.lists", "programme_states.csv").splitlines()
    return {programme: frozenset(states.split()) for programme, states in csv.reader(lines[1:])}


def read_states(programme: str) -> frozenset[str]:
    """Return the codes of the states in the name of a programme, as they are read there."""
    from bilat.parties.match.bodies import states_in_name

    code = state_of(programme) if _CODE.fullmatch(programme) else None
    named = {code} if code else states_in_name(_JOINTS.sub(" ", programme))
    return frozenset(named - _ATTACKED)
