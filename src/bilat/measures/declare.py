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

A parameter's meaning is a line of the docstring, or the text in an ``Annotated`` that several
measures share. Only this module parses what a person types into the annotated type, or refuses it.
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
    from bilat.holdings import Holdings
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
    #: by table, the sources that it reads; of a table that is not named, all
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    interval: Interval = NO_INTERVAL  #: what low and high are
    groups: str = ""  #: what the groups are and how many points each has
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)  #: name -> the function's argument

    def rests_on(self, holdings: Holdings) -> Holdings:
        """Return the records that the measure may read: all, unless it declares its sources."""
        return holdings.only(self.tables, self.sources) if self.sources else holdings

    def answer(self, ask: Ask) -> Answer:
        """Call the function with ``ask.params``, which have their types already."""
        arguments = {self.arguments[name]: value for name, value in ask.params.items()}
        return self.function(ask, **arguments)

    @property
    def params(self) -> dict[str, object]:
        """The default of each parameter, as a person writes it."""
        return {k: text_of(p.default) for k, p in self.parameters.items()}

    @property
    def about(self) -> dict[str, str]:
        """The meaning of each parameter."""
        return {k: p.about for k, p in self.parameters.items()}

    def written(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return all parameters, with defaults, as a person writes them."""
        return {k: text_of(v) for k, v in self.typed(given).items()}

    def typed(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return all parameters, with defaults, each as a value of its type.

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
                # A subclass says more of what is wrong, so it is raised again as what it is.
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
    sources: Mapping[str, Iterable[str]] | None = None,
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
    sources
        by table, the sources that it reads (``vdem_*`` for all that begin so). It sees no row of
        others, so that new rows of others never change its answer. Of a table that is not named
        here, it sees all rows.
    interval
        what ``low`` and ``high`` are; an answer may have another, and so may one of its groups.

    Raises
    ------
    AssertionError
        for a measure without a subject, a parameter without a meaning, a default or a known type,
        or a name that is taken.
    """

    def declare(function: Callable[..., Answer]) -> Callable[..., Answer]:
        sections = _sections(function, name)
        parameters = {p.name: p for p in _parameters(function, sections, name)}
        defaults = {p.name: p.default for p in parameters.values()}
        names = tuple(tables)
        read = {table: tuple(of_table) for table, of_table in (sources or {}).items()}
        if stray := read.keys() - set(names):
            raise AssertionError(f"measure {name}: sources of {min(stray)}, which it does not read")
        spec = Measure(
            name=name,
            function=function,
            title=title or sections[_OPENING],
            unit=unit,
            tables=names,
            sources=read,
            reference=reference,
            method=method or sections.get("Method", ""),
            binding=binding_of(name, of, defaults),
            interval=interval,
            groups=sections.get("Groups", ""),
            parameters=parameters,
            arguments=_argument_names(function),
        )
        _register(spec)
        return function

    return declare


_HEADINGS = ("Method", "Groups")
#: The key of the text before the first label.
_OPENING = ""


def _argument_names(function: Callable[..., Any]) -> dict[str, str]:
    """Return the Python name of each parameter by its public name.

    They differ where the public name is a word of Python: ``from`` is ``from_``.
    """
    _, *names = inspect.signature(function).parameters  # the first is ``ask``
    return {name.rstrip("_"): name for name in names}


def _sections(function: Callable[..., Any], name: str) -> dict[str, str]:
    """Return the sections of a docstring: the text of each ``Label: text``, and the opening."""
    labels = "|".join([*_HEADINGS, *map(re.escape, _argument_names(function))])
    # With one group in the pattern, labels and texts alternate after the opening.
    opening, *rest = re.split(rf"(?m)^\s*({labels}): ", docstring(function))
    sections = {_OPENING: " ".join(opening.split())}
    for label, text in zip(rest[::2], rest[1::2], strict=True):
        if label in sections:
            raise AssertionError(f"measure {name}: its docstring says {label} twice")
        sections[label] = " ".join(text.split())
    return sections


def _parameters(
    function: Callable[..., Any], sections: Mapping[str, str], measure_name: str
) -> list[Parameter]:
    """Return the parameters in the signature of a measure's function."""
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    place = f"measure {measure_name}"
    parameters = []
    for name, argument in _argument_names(function).items():
        default = signature[argument].default
        if default is inspect.Parameter.empty:
            raise AssertionError(f"{place}: parameter {name} has no default")
        if argument not in hints:
            raise AssertionError(f"{place}: parameter {name} has no type")
        parameter = parameter_of(name, hints[argument], default, sections.get(name, ""), place)
        if not parameter.about:
            raise AssertionError(f"{place}: no line of its docstring says what {name} means")
        parameters.append(parameter)
    return parameters
