# SPDX-License-Identifier: Apache-2.0
"""Handling markings: how far a thing may be passed on, and to which states.

The levels are those of the Traffic Light Protocol, version 2.0 (FIRST, 2022): CLEAR, GREEN, AMBER,
AMBER+STRICT, RED. Beside the level may stand the states to which a thing is releasable. A marking
is written ``TLP:AMBER REL EST POL``; ``REL NONE`` means to no other state. What bears no marking
counts as TLP:AMBER: who made it has not said that it may go further.

One thing may leave in an export when its level is not above the export's, and every state that the
export goes to may have it. An export without states goes to whomever its level allows, so a thing
with states never leaves in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from bilat.errors import UsageError
from bilat.places import country

#: The levels of TLP 2.0, from the widest audience to the narrowest.
TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
_NOBODY = "NONE"
_FORM = re.compile(r"(?:TLP:)?([A-Za-z+]+)(?:(?:\s+|\s*//\s*)REL(?:\s+TO)?\s+(.+))?", re.IGNORECASE)


@dataclass(frozen=True)
class Marking:
    """A level of TLP 2.0 and the states that may have the thing; ``states`` None where no list
    limits it.
    """

    tlp: str = "CLEAR"
    states: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.tlp not in TLP:
            raise UsageError(
                f"TLP:{self.tlp} is not a level of TLP 2.0. Write one of {', '.join(TLP)}"
            )
        if self.tlp == "CLEAR" and self.states is not None:
            raise UsageError(
                "TLP:CLEAR goes to everybody; with a list of states write TLP:GREEN or above"
            )

    @classmethod
    def parse(cls, text: str) -> Marking:
        """The marking that a text names: ``AMBER``, ``TLP:AMBER REL EST POL``, ``TLP:GREEN//REL TO
        EST, POL``.

        Raises
        ------
        UsageError
            for a level that TLP 2.0 does not have, or a state that no code or name means.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise UsageError(
                f"{text[:80]!r} is not a marking. Write TLP:AMBER or TLP:AMBER REL EST POL"
            )
        if not found[2]:
            return cls(found[1].upper())
        words = [w for w in re.split(r"[\s,;/]+", found[2].strip()) if w]
        states = frozenset() if words == [_NOBODY] else frozenset(country(w) for w in words)
        return cls(found[1].upper(), states)

    def __str__(self) -> str:
        level = f"TLP:{self.tlp}"
        if self.states is None:
            return level
        return f"{level} REL {' '.join(sorted(self.states)) or _NOBODY}"

    @property
    def level(self) -> int:
        """0 for CLEAR to 4 for RED."""
        return TLP.index(self.tlp)

    def may_leave_in(self, export: Marking) -> bool:
        """Whether a thing of this marking may stand in an export of that one."""
        if self.level > export.level:
            return False
        return self.states is None or (export.states is not None and export.states <= self.states)

    def joined(self, other: Marking) -> Marking:
        """The marking of something made from things of both: the higher level, the states common to
        both.
        """
        states = other.states if self.states is None else self.states
        if self.states is not None and other.states is not None:
            states = self.states & other.states
        return Marking(TLP[max(self.level, other.level)], states)


#: What anybody may have: the public record and what is computed from it.
PUBLIC = Marking("CLEAR")
#: What a thing without a marking counts as.
UNMARKED = Marking("AMBER")


def is_marking(text: str) -> bool:
    """Whether a text is a marking as this module writes it."""
    try:
        return str(Marking.parse(text)) == text
    except UsageError:
        return False


def marked(text: str) -> Marking:
    """The marking of a thing that bears ``text``; blank counts as :data:`UNMARKED`.

    Raises
    ------
    UsageError
        for a text that is not a marking.
    """
    return Marking.parse(text) if text.strip() else UNMARKED


def join(markings: Iterable[Marking]) -> Marking:
    """The marking of something made from all of these; of nothing it is :data:`PUBLIC`."""
    return reduce(Marking.joined, markings, PUBLIC)
