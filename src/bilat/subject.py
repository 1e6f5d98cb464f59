# SPDX-License-Identifier: Apache-2.0
"""Subjects: what a figure is about.

Every answer carries the subject that was answered, never the words in which somebody asked.
Titles, citations, JSON, file names and the next command are made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bilat.dyad import Dyad
from bilat.errors import UsageError
from bilat.places import country_name, country_or_none

#: Two states: the subject of what is measured between them.
Pair = Dyad
#: All states together, where a flow has no single reporter or partner.
EVERYONE = "WLD"


def _codes(given: str | Iterable[str]) -> tuple[str, ...]:
    codes = (given,) if isinstance(given, str) else tuple(given)
    return tuple(dict.fromkeys(country_or_none(code) or code for code in codes))


def _list(codes: Iterable[str]) -> str:
    """Return the English names of states as a list, ``Russia, China and Iran``."""
    names = [country_name(code) for code in codes]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


@dataclass(frozen=True)
class State:
    """One state, or several that are measured one by one."""

    codes: tuple[str, ...]

    def __init__(self, *codes: str) -> None:
        if not codes:
            raise UsageError("a subject of states names at least one. Write a code: RUS")
        object.__setattr__(self, "codes", _codes(codes))

    def __str__(self) -> str:
        return ",".join(self.codes)

    @property
    def states(self) -> tuple[str, ...]:
        """The states that it is about."""
        return self.codes

    @property
    def name(self) -> str:
        """``Russia``, or ``Russia and Ukraine``."""
        return _list(self.codes)


@dataclass(frozen=True)
class Flow:
    """What goes from reporters to partners: goods of one kind, or all where ``product``
    is blank.
    """

    reporters: tuple[str, ...]
    partners: tuple[str, ...]
    product: str = ""

    def __init__(
        self, reporters: str | Iterable[str], partners: str | Iterable[str], product: str = ""
    ) -> None:
        object.__setattr__(self, "reporters", _codes(reporters) or (EVERYONE,))
        object.__setattr__(self, "partners", _codes(partners) or (EVERYONE,))
        object.__setattr__(self, "product", product)

    def __str__(self) -> str:
        way = f"{','.join(self.reporters)}>{','.join(self.partners)}"
        return f"{way} {self.product}".rstrip()

    @property
    def states(self) -> tuple[str, ...]:
        """The states that it is about."""
        both = dict.fromkeys((*self.reporters, *self.partners))
        return tuple(code for code in both if code != EVERYONE)

    @property
    def name(self) -> str:
        """``Turkey to Russia``, or ``all exporters to Russia, chips``."""
        whose = "all exporters" if EVERYONE in self.reporters else _list(self.reporters)
        where = "all destinations" if EVERYONE in self.partners else _list(self.partners)
        return ", ".join(filter(None, (f"{whose} to {where}", self.product)))


class _Stateless:
    """A subject that is about no state."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states that it is about: none."""
        return ()

    @property
    def name(self) -> str:
        """``goods 854231``, ``party ofac-1234``, ``the world``."""
        return str(self)


@dataclass(frozen=True)
class Good(_Stateless):
    """A kind of goods, by its code in the Harmonized System."""

    code: str

    def __str__(self) -> str:
        return f"goods {self.code}"


@dataclass(frozen=True)
class PartySubject(_Stateless):
    """A listed person, firm or ship, by its id on a list."""

    id: str

    def __str__(self) -> str:
        return f"party {self.id}"


@dataclass(frozen=True)
class World(_Stateless):
    """No state in particular: a list, a record of all states, the votes of third ones."""

    def __str__(self) -> str:
        return "world"

    @property
    def name(self) -> str:
        """``the world``."""
        return "the world"


Subject: TypeAlias = Pair | State | Flow | Good | PartySubject | World

_KINDS: Mapping[type, str] = {
    Dyad: "pair",
    State: "state",
    Flow: "flow",
    Good: "good",
    PartySubject: "party",
    World: "world",
}


def heading(title: str, subject: Subject) -> str:
    """Return a title followed by whom it is about; the whole world adds nothing."""
    return title if isinstance(subject, World) else f"{title}: {subject.name}"


def key_of(subject: Subject) -> str:
    """Return the subject as part of a file name or a bibliography key: ``TUR_RUS``, ``world``."""
    words = "".join(c if c.isalnum() else " " for c in str(subject)).split()
    return "_".join(words)


def pair_of(subject: Subject | None) -> Pair | None:
    """Return the two states of a pair, or of a flow from one state to another."""
    if isinstance(subject, Dyad):
        return subject
    if not isinstance(subject, Flow) or len(subject.reporters) * len(subject.partners) != 1:
        return None
    two = subject.states
    return Dyad(*two) if len(two) == 2 else None


def names_of(subject: Subject) -> tuple[str, str] | None:
    """Return what ``{A}`` and ``{B}`` of a sentence stand for; None without two sides."""
    if isinstance(subject, Dyad):
        return subject.a, subject.b
    if isinstance(subject, Flow) and len(subject.reporters) * len(subject.partners) == 1:
        return subject.reporters[0], subject.partners[0]
    return None


def to_plain(subject: Subject) -> dict[str, object]:
    """Return the subject as plain data for JSON, with its kind first."""
    fields: dict[str, object] = {"kind": _KINDS[type(subject)]}
    match subject:
        case State():
            fields["states"] = list(subject.codes)
        case Flow():
            fields["reporters"] = list(subject.reporters)
            fields["partners"] = list(subject.partners)
            fields["product"] = subject.product
        case Good():
            fields["code"] = subject.code
        case PartySubject():
            fields["id"] = subject.id
        case Dyad():
            fields["states"] = [subject.a, subject.b]
        case World():
            pass
    return fields | {"name": subject.name}


def from_plain(fields: Mapping[str, Any]) -> Subject:
    """Return the subject that :func:`to_plain` wrote."""
    match fields["kind"]:
        case "pair":
            return Dyad(*fields["states"])
        case "state":
            return State(*fields["states"])
        case "flow":
            return Flow(fields["reporters"], fields["partners"], fields["product"])
        case "good":
            return Good(fields["code"])
        case "party":
            return PartySubject(fields["id"])
        case "world":
            return World()
    raise ValueError(f"no kind of subject is called {fields['kind']!r}")


def is_about(subject: Subject, pair: Pair) -> bool:
    """Whether a subject is a pair, one of its states, or what goes between the two."""
    if isinstance(subject, Flow) and EVERYONE in (*subject.reporters, *subject.partners):
        return False
    return bool(subject.states) and set(subject.states) <= set(pair.states)
