# SPDX-License-Identifier: Apache-2.0
"""How a measure says what it is about, and how the pair that is asked fills its parameters.

A measure declares ``of=``:

``Pair``
    two states, taken from the pair that is asked.
``states()``
    each of the two states by itself; the answer names those it covers: ``out.about("RUS")``.
    ``states("RUS")``, with codes, is always about these states.
``flow("reporter", "partner", "product")``
    goods from reporters to partners. Each text is the name of a parameter, or a code in capitals.
    Parameters that are both left blank are filled with the pair, in both directions. With
    ``blank="all"`` a blank parameter means every state, and no pair fills it.
``World``
    no state in particular.

A pair that would not change the answer is refused: see :meth:`Binding.check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bilat.document.fields import text_of
from bilat.dyad import Dyad
from bilat.errors import UsageError, command
from bilat.subject import Flow, State, Subject, World

#: What ``of=`` may be.
Declared: TypeAlias = "type[Dyad] | type[World] | States | FlowParameters | None"


@dataclass(frozen=True)
class States:
    """The states that a measure is always about; none where the pair that is asked names them."""

    codes: tuple[str, ...] = ()


def states(*codes: str) -> States:
    """Return a declaration of states measured one by one; see the head of this module."""
    return States(codes)


@dataclass(frozen=True)
class FlowParameters:
    """The parameters of a measure that name the two ends of a flow and what flows."""

    reporters: str
    partners: str
    product: str = ""
    blank: Literal["pair", "all"] = "pair"


def flow(
    reporters: str, partners: str, product: str = "", *, blank: Literal["pair", "all"] = "pair"
) -> FlowParameters:
    """Return a declaration of a flow; see the head of this module."""
    return FlowParameters(reporters, partners, product, blank)


@dataclass(frozen=True)
class Binding:
    """What a measure is about, by its parameters and the pair that is asked."""

    name: str  #: of the measure
    of: Any
    defaults: Mapping[str, object]

    @property
    def from_pair(self) -> bool:
        """Whether the pair that is asked changes the answer."""
        if isinstance(self.of, FlowParameters):
            return self.of.blank == "pair" and bool(self._ends)
        return self.of is Dyad or self.needs_states

    @property
    def needs_states(self) -> bool:
        """Whether an answer must say which states of the pair it covers."""
        return isinstance(self.of, States) and not self.of.codes

    @property
    def _ends(self) -> tuple[str, ...]:
        both = (self.of.reporters, self.of.partners)
        return tuple(end for end in both if not end.isupper())

    def bind(self, typed: Mapping[str, object], pair: Dyad) -> dict[str, object]:
        """Return the parameters with blank ends of a flow filled from a pair.

        Raises
        ------
        UsageError
            where one end is given and the other is blank.
        """
        bound = dict(typed)
        if not isinstance(self.of, FlowParameters) or not self.from_pair:
            return bound
        blank = [end for end in self._ends if not bound[end]]
        if blank and len(blank) < len(self._ends):
            given = next(end for end in self._ends if end not in blank)
            raise UsageError(
                f"measure {self.name}: {given} is given and {blank[0]} is blank; "
                "name both, or neither to ask of the pair in both directions"
            )
        return bound | {end: pair.states for end in blank}

    def subject(self, typed: Mapping[str, object], pair: Dyad) -> Subject:
        """Return what the answer is about; :meth:`bind` has filled the parameters."""
        of = self.of
        if isinstance(of, States) and of.codes:
            return State(*of.codes)
        if of is World:
            return World()
        if not isinstance(of, FlowParameters):
            return pair
        reporters = _end(of.reporters, typed)
        partners = _end(of.partners, typed)
        if reporters == partners == pair.states:
            return pair
        return Flow(reporters, partners, str(typed.get(of.product, of.product)))

    def check(self, typed: Mapping[str, object], pair: Dyad) -> None:
        """Refuse a pair that would not change the answer.

        Raises
        ------
        UsageError
            saying what the measure is about and how to ask it.
        """
        subject = self.subject(typed, pair)
        if self.from_pair or set(subject.states) == set(pair.states):
            return
        changed = [f"{k}={text_of(v)}" for k, v in typed.items() if v != self.defaults[k]]
        raise UsageError(
            f"measure {self.name} is about {subject.name}, not about {pair.name}; "
            f"ask it without states: {command('ask', self.name, param=changed)}"
        )


def _end(written: str, typed: Mapping[str, Any]) -> tuple[str, ...]:
    """One end of a flow as codes: a code in capitals, or the value of a parameter."""
    value = written if written.isupper() else typed[written]
    if isinstance(value, str):
        return tuple(code for code in value.split(",") if code)
    return tuple(value)


def binding_of(name: str, of: Declared, parameters: Mapping[str, object]) -> Binding:
    """Return the binding that a measure declares; ``parameters`` are its defaults by name.

    Raises
    ------
    AssertionError
        for a measure without a subject, or one that names a parameter it does not have.
    """
    if of is None:
        raise AssertionError(
            f"measure {name} does not say what it is about. Write of=Pair (two states), "
            'of=states() (each of them), of=flow("reporter", "partner") or of=World'
        )
    known = of in (Dyad, World) or isinstance(of, (States, FlowParameters))
    if not known:
        raise AssertionError(
            f"measure {name}: of={of!r} is not a subject. Write Pair, states(...), flow(...) or "
            "World"
        )
    if isinstance(of, FlowParameters):
        written = [end for end in (of.reporters, of.partners) if not end.isupper()]
        for end in written:
            if end not in parameters:
                raise AssertionError(
                    f"measure {name}: of= names the parameter {end}, which it does not have; "
                    f"it has: {', '.join(parameters) or 'none'}"
                )
    return Binding(name, of, dict(parameters))
