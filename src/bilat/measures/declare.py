# SPDX-License-Identifier: Apache-2.0
"""How a measure is declared: one decorated function whose signature is the measure's parameters.

::

    @measure("votes.side_prevailed", title="Whose side the General Assembly took", unit=percent("contested votes"),
             tables=["votes"], reference="…", method="…")
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

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bilat.errors import UsageError
from bilat.measures.interval import NO_INTERVAL, Interval
from bilat.places import country
from bilat.units import Unit
from bilat.when import Period, Window, Years

if TYPE_CHECKING:
    from bilat.measures.answer import Answer, Ask


@dataclass(frozen=True)
class Parse:
    """A type that reads its own text: ``read`` gives the value or raises UsageError."""

    read: Callable[[str], Any]
    says: str  #: what a value looks like


@dataclass(frozen=True)
class Choice:
    """Choices that are data and not written in the signature, as the kinds of exercise in a TOML table."""

    allowed: Callable[[], Iterable[str]]


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a day; write YYYY-MM-DD") from None


def _length(length: int, form: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            if len(text) == length:
                return Period(text).text
        except UsageError:
            pass
        raise UsageError(f"{text!r} is not a {form}")

    return read


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as e:
        raise UsageError(f"{text!r} is not a regular expression: {e}") from None
    return text


#: A state or group, by code or English name; the measure sees its code. Blank only where the default is.
State = Annotated[str, Parse(country, "a state: RUS, Russia")]
#: States joined by commas; the measure sees a tuple of codes, each once.
States = Annotated[tuple[str, ...], Parse(country, "states joined by commas: RUS,CHN,IRN")]
#: A day YYYY-MM-DD as text. Blank only where the default is.
Day = Annotated[str, Parse(_day, "a day: 2022-02-24")]

#: A year YYYY, a month YYYY-MM, as text. Blank only where the default is.
Year = Annotated[str, Parse(_length(4, "year; write 2022"), "a year: 2022")]
Month = Annotated[str, Parse(_length(7, "month; write 2022-03"), "a month: 2022-03")]
#: A regular expression.
Pattern = Annotated[str, Parse(_pattern, "a regular expression")]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a measure: its name, type, default, choices and meaning."""

    name: str
    kind: type  #: str, int, float, bool, Window or Years; of the members where ``many``
    default: Any
    about: str
    many: bool = False  #: a list joined by commas
    parse: Parse | None = None
    choice: Choice | None = None
    literal: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """What is allowed; () where anything is that has the type."""
        return self.literal or (tuple(self.choice.allowed()) if self.choice else ())

    @property
    def form(self) -> str:
        """What may be written, for help and documents."""
        if self.choices:
            return ", ".join(self.choices) + (" joined by commas" if self.many else "")
        if self.parse:
            return self.parse.says
        if issubclass(self.kind, Window):
            return "years: 2014-2021" if self.kind is Years else "a window: 2014-2021, 2022-03..2023-02"
        return {bool: "true or false", int: "a whole number", float: "a number"}.get(
            self.kind, "texts joined by commas" if self.many else "text"
        )

    def value(self, given: Any) -> Any:
        """The typed value of what was given.

        Raises
        ------
        UsageError
            saying what is allowed.
        """
        if self.many:
            parts = given.split(",") if isinstance(given, str) else given
            if not isinstance(parts, Iterable):
                raise UsageError(f"{given!r} is not a list; write {self.form}")
            return tuple(dict.fromkeys(self._one(str(p).strip()) for p in parts if str(p).strip()))
        return self._one(given)

    def _one(self, given: Any) -> Any:
        if given == self.default and type(given) is type(self.default):
            return given
        if isinstance(given, bool) and self.kind is not bool:
            raise UsageError(f"{given!r} is not allowed; write {self.form}")
        if issubclass(self.kind, Window):
            return self._window(given)
        if self.kind is bool:
            return self._truth(given)
        if self.kind in (int, float):
            try:
                number = self.kind(str(given))
            except ValueError:
                raise UsageError(f"{given!r} is not allowed; write {self.form}") from None
            if self.choices and str(number) not in self.choices:
                raise UsageError(f"{given!r} is not allowed; use {self.form}")
            return number
        text = str(given)
        if self.choices and text not in self.choices:
            raise UsageError(f"{text!r} is not allowed; use {self.form}")
        return self.parse.read(text) if self.parse else text

    def _window(self, given: Any) -> Window:
        window = given if isinstance(given, Window) else Window.parse(str(given))
        return Years(window.first, window.last) if self.kind is Years else window

    def _truth(self, given: Any) -> bool:
        if isinstance(given, bool):
            return given
        truth = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if str(given).lower() not in truth:
            raise UsageError(f"{given!r} is not allowed; write true or false")
        return truth[str(given).lower()]


def text_of(value: Any) -> Any:
    """A parameter's value as a person writes it: lists by commas, windows by their text."""
    if isinstance(value, (tuple, list)):
        return ",".join(str(v) for v in value)
    return str(value) if isinstance(value, Window) else value


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
    interval: Interval = NO_INTERVAL  #: what low and high are
    groups: str = ""  #: what the groups are and how many points each has
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)  #: name -> the function's argument

    def answer(self, ask: Ask) -> Answer:
        """What the function answers; ``ask.params`` are of their types already."""
        return self.function(ask, **{self.arguments[k]: v for k, v in ask.params.items()})

    @property
    def params(self) -> dict[str, Any]:
        """name -> default, as a person writes it."""
        return {k: text_of(p.default) for k, p in self.parameters.items()}

    @property
    def about(self) -> dict[str, str]:
        """name -> meaning."""
        return {k: p.about for k, p in self.parameters.items()}

    def written(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with their defaults filled in, each as a person writes it."""
        return {k: text_of(v) for k, v in self.typed(given).items()}

    def typed(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with their defaults filled in, each of its type.

        Raises
        ------
        UsageError
            for a parameter that the measure does not have, or a value that is not allowed.
        """
        unknown = set(given) - set(self.parameters)
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise UsageError(f"measure {self.name} has no parameter {min(unknown)!r}; it has: {known}")
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
    title, method
        blank to take them from the docstring: its first line, and its part ``Method: …``.
    unit, reference, method
        printed with every figure; ``method`` says in a sentence or two how it is made.
    interval
        what ``low`` and ``high`` are; an answer may have another, and so may one of its groups.

    Raises
    ------
    AssertionError
        for a parameter without a meaning, a default or a known type, or a name that is taken.
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
    parts = re.split(rf"(?m)^\s*({labels}): ", inspect.cleandoc(function.__doc__ or ""))
    said = {"": " ".join(parts[0].split())}
    for label, text in zip(parts[1::2], parts[2::2], strict=True):
        if label in said:
            raise AssertionError(f"measure {name}: its docstring says {label} twice")
        said[label] = " ".join(text.split())
    return said


def _parameters(function: Callable[..., Any], said: Mapping[str, str], name: str) -> list[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    out = []
    for asked, argument in _argument_names(function).items():
        default = signature[argument].default
        if default is inspect.Parameter.empty:
            raise AssertionError(f"measure {name}: parameter {asked} has no default")
        if argument not in hints:
            raise AssertionError(f"measure {name}: parameter {asked} has no type")
        parameter = _parameter(asked, hints[argument], default, said.get(asked, ""), name)
        if not parameter.about:
            raise AssertionError(f"measure {name}: no line of its docstring says what {asked} means")
        out.append(parameter)
    return out


def _parameter(asked: str, hint: Any, default: Any, about: str, name: str) -> Parameter:
    """A parameter from its annotation, unwrapped layer by layer."""
    parse: Parse | None = None
    choice: Choice | None = None
    literal: tuple[str, ...] = ()
    many = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *marks = get_args(hint)
            for mark in marks:
                if isinstance(mark, Parse):
                    parse = mark
                elif isinstance(mark, Choice):
                    choice = mark
                elif isinstance(mark, str):
                    about = about or mark
        elif origin is tuple and get_args(hint)[1:] == (...,):
            many, hint = True, get_args(hint)[0]
        elif origin is Literal:
            literal = tuple(str(v) for v in get_args(hint))
            hint = type(get_args(hint)[0])
        elif origin in (Union, UnionType) or not isinstance(hint, type):
            raise AssertionError(
                f"measure {name}: parameter {asked} has a type that no text can be turned into"
            )
        else:
            break
    if not issubclass(hint, (str, int, float, Window)):
        raise AssertionError(f"measure {name}: parameter {asked} has a type that no text can be turned into")
    return Parameter(asked, hint, default, about, many, parse, choice, literal)
