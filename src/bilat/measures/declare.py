# SPDX-License-Identifier: Apache-2.0
"""How a measure is declared: one decorated function whose signature is the measure's parameters.

::

    @measure("votes.side_prevailed", of=Pair, title="Whose side the General Assembly took",
             unit=percent("contested votes"), tables=["votes"], reference="…", method="…")
    def side_prevailed(ask: Ask, opponent: State = "USA", years: Years = Years(1991, 2020),
                       rule: Literal["majority", "plurality"] = "majority") -> Answer:
        \"""Groups: ``RUS-CHN against USA``, one point for the window.

        opponent: the third state
        rule: how a side prevails
        \"""

A parameter's meaning is a line of the docstring, or the text in an ``Annotated`` that several measures
share. What a person types is turned into the annotated type, and refused, here and nowhere else.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_type_hints

from bilat.document.docstrings import docstring
from bilat.document.fields import Parameter, parameter_of, text_of
from bilat.document.interval import NO_INTERVAL, Interval
from bilat.errors import UsageError
from bilat.measures.subjects import Binding, Declared, binding_of
from bilat.units import Unit

if TYPE_CHECKING:
    from bilat.measures.answer import Answer, Ask


@dataclass(frozen=True)
class Measure:
    """A declared measure."""

    name: str
    function: Callable[..., Answer]
    title: str
    unit: Unit
    tables: tuple[str, ...]
    reference: str
    method: str
    binding: Binding  #: what it is about
    interval: Interval = NO_INTERVAL  #: what low and high are
    groups: str = ""  #: what the groups are and how many points each has
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)  #: name -> the function's argument

    def answer(self, ask: Ask) -> Answer:
        """What the function answers; ``ask.params`` are of their types already."""
        return self.function(ask, **{self.arguments[k]: v for k, v in ask.params.items()})

    @property
    def params(self) -> dict[str, object]:
        """name -> default, as a person writes it."""
        return {k: text_of(p.default) for k, p in self.parameters.items()}

    @property
    def about(self) -> dict[str, str]:
        """name -> meaning."""
        return {k: p.about for k, p in self.parameters.items()}

    def written(self, given: Mapping[str, object]) -> dict[str, object]:
        """The parameters with their defaults filled in, each as a person writes it."""
        return {k: text_of(v) for k, v in self.typed(given).items()}

    def typed(self, given: Mapping[str, object]) -> dict[str, object]:
        """The parameters with their defaults filled in, each of its type.

        Raises
        ------
        UsageError
            for a parameter that the measure does not have, or a value that is not allowed.
        """
        unknown = set(given) - set(self.parameters)
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise UsageError(
                f"measure {self.name} has no parameter {min(unknown)!r}; it has: {known}"
            )
        typed = {}
        for name, parameter in self.parameters.items():
            try:
                typed[name] = parameter.value(given.get(name, parameter.default))
            except UsageError as e:
                raise type(e)(f"measure {self.name}: {name}: {e}") from None
        return typed


#: Every measure declared so far, by name.
DECLARED: dict[str, Measure] = {}


def _register(spec: Measure) -> None:
    other = DECLARED.get(spec.name)
    if other is not None and other.function.__module__ != spec.function.__module__:
        raise AssertionError(f"measure {spec.name} is declared twice")
    DECLARED[spec.name] = spec


def measure(
    name: str,
    *,
    of: Declared = None,
    unit: Unit,
    tables: Iterable[str],
    reference: str,
    title: str = "",
    method: str = "",
    interval: Interval = NO_INTERVAL,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Declare a measure.

    Parameters
    ----------
    name
        ``room-word.thing``, as ``arms.tiv``.
    of
        what it is about: ``Pair``, ``states(...)``, ``flow(...)`` or ``World``
        (:mod:`bilat.measures.subjects`).
    title, method
        blank to take them from the docstring: its first line, and its part ``Method: …``.
    unit, reference, method
        printed with every figure; ``method`` says in a sentence or two how it is made.
    interval
        what ``low`` and ``high`` are; an answer may have another, and so may one of its groups.

    Raises
    ------
    AssertionError
        for a measure without a subject, a parameter without a meaning, a default or a known type,
        or a name that is taken.
    """

    def declare(function: Callable[..., Answer]) -> Callable[..., Answer]:
        said = _sections(function, name)
        parameters = {p.name: p for p in _parameters(function, said, name)}
        _register(
            Measure(
                name=name,
                function=function,
                title=title or said.get("", ""),
                unit=unit,
                tables=tuple(tables),
                reference=reference,
                method=method or said.get("Method", ""),
                binding=binding_of(name, of, {k: p.default for k, p in parameters.items()}),
                interval=interval,
                groups=said.get("Groups", ""),
                parameters=parameters,
                arguments=_argument_names(function),
            )
        )
        return function

    return declare


_HEADINGS = ("Method", "Groups")


def _argument_names(function: Callable[..., Any]) -> dict[str, str]:
    """The name as asked -> the name in Python: a trailing underscore keeps off a word such as ``from``."""
    return {n.rstrip("_"): n for n in list(inspect.signature(function).parameters)[1:]}


def _sections(function: Callable[..., Any], name: str) -> dict[str, str]:
    """The docstring's parts: its first paragraph under "", then each ``Label: text``."""
    labels = "|".join([*_HEADINGS, *map(re.escape, _argument_names(function))])
    parts = re.split(rf"(?m)^\s*({labels}): ", docstring(function))
    said = {"": " ".join(parts[0].split())}
    for label, text in zip(parts[1::2], parts[2::2], strict=True):
        if label in said:
            raise AssertionError(f"measure {name}: its docstring says {label} twice")
        said[label] = " ".join(text.split())
    return said


def _parameters(
    function: Callable[..., Any], said: Mapping[str, str], name: str
) -> list[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    out = []
    for asked, argument in _argument_names(function).items():
        default = signature[argument].default
        if default is inspect.Parameter.empty:
            raise AssertionError(f"measure {name}: parameter {asked} has no default")
        if argument not in hints:
            raise AssertionError(f"measure {name}: parameter {asked} has no type")
        parameter = parameter_of(
            asked, hints[argument], default, said.get(asked, ""), f"measure {name}"
        )
        if not parameter.about:
            raise AssertionError(
                f"measure {name}: no line of its docstring says what {asked} means"
            )
        out.append(parameter)
    return out
